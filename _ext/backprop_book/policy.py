"""What a page may load and run, said in the page itself: its own files, and nothing of another host.

A content security policy stands in the head of every page, before the first script. Scripts that are
written into a page run by their hashes, so one that somebody smuggles in does not; ``eval`` is off, and
programs in attributes are, too: what the theme's buttons do is in ``buttons.js``. Two sources look odd.
``blob:`` is where a figure's module comes from: a page that is opened as a file may import no other. And
``file:`` is for readers who open the book as files: a browser may take ``'self'`` for nothing there. (A
page from a server cannot load a file, whatever its policy says.) Styles in the page stay allowed: formulas
are set with thousands of style attributes, and a style can neither run nor, under this policy, ask another
host.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from sphinx.application import Sphinx

OTHERS = ("lite",)
"""Folders of the site whose pages are not the book's."""

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
DATA = re.compile(r'\stype="(?!module"|text/javascript")', re.IGNORECASE)
"""A script element with another type than these holds data: nothing runs it."""
LOADED = re.compile(r"\ssrc=", re.IGNORECASE)
BUTTON = re.compile(r'(<button\b[^<>]*?\s)onclick="(toggleFullScreen|window\.print)\(\)"')
"""The theme's buttons with a program in an attribute."""
AHEAD = re.compile(r'\s*<link rel="next"[^>]*>')
"""Firefox would load that page ahead: nobody has asked for it, and the policy forbids it."""
META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\s*')
FIRST = re.compile(r"<meta charset=[^>]*>\s*", re.IGNORECASE)


def _hashes(texts: set[str]) -> list[str]:
    """Return texts as a policy names them, in an order that does not change."""
    digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return sorted(f"'sha256-{digest}'" for digest in digests)


def policy(page: str) -> str:
    """Return the policy for a page: what its own scripts need, and no more.

    >>> directives = policy('<script src="a.js"></script><script>go()</script>').split("; ")
    >>> directives[0]
    "default-src 'none'"
    >>> directives[1]
    "script-src 'self' file: blob: 'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"
    """
    found = SCRIPT.findall(page)
    scripts = {text for tag, text in found if not LOADED.search(tag) and not DATA.search(tag)}
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self' file: blob:", *_hashes(scripts)]),
            "style-src 'self' file: 'unsafe-inline'",
            "img-src 'self' file: data:",
            "font-src 'self' file:",
            "connect-src 'self'",  # the search reads the pages that it has found
            "form-action 'self' file:",  # and is a form
            "base-uri 'none'",
        ]
    )


def with_policy(page: str) -> str:
    """Return a page with its policy, in the place of any older one, and with buttons that it lets work.

    >>> page = '<head><meta charset="utf-8" /></head><button onclick="window.print()">Print</button>'
    >>> with_policy(page)[:80]
    '<head><meta charset="utf-8" /><meta http-equiv="Content-Security-Policy" content'
    >>> with_policy(page)[-48:]
    '<button data-click="window.print">Print</button>'
    >>> with_policy(with_policy(page)) == with_policy(page)
    True
    """
    bare = BUTTON.sub(r'\1data-click="\2"', AHEAD.sub("", META.sub("", page)))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(bare)}">\n'
    return FIRST.sub(lambda first: first[0].rstrip() + meta, bare, count=1)


def pages(outdir: Path) -> Iterator[Path]:
    """Return the pages of the book in the folder of its site."""
    for path in sorted(outdir.rglob("*.html")):
        if path.relative_to(outdir).parts[0] not in (*OTHERS, "_static", "_sources"):
            yield path


def write_policies(app: Sphinx, error: Exception | None) -> None:
    """Give each page its policy, once nothing else changes its scripts; drop the theme's stray templates."""
    if error is not None or app.builder.name != "html":
        return
    for stray in Path(app.outdir, "_static").glob("*webpack-macros.html"):
        stray.unlink()
    for path in pages(Path(app.outdir)):
        old = path.read_text(encoding="utf-8")
        if (new := with_policy(old)) != old:
            path.write_text(new, encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Connect the step that comes after every other one that writes pages."""
    app.add_js_file("buttons.js", loading_method="defer")
    app.connect("build-finished", write_policies, priority=800)
