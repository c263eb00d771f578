"""What the theme leaves in the way of readers who listen, or who use the keyboard alone, is mended here."""

import re
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

TEMPLATES = Path(__file__).parent / "templates"

EMPTY_HEADER = re.compile(r'<th class="(head[^"]*)">\s*(?:<p>\s*</p>)?\s*</th>')
"""The corner of a table whose rows have headers, too: it heads nothing."""

CITATION = re.compile(r'<div [^>]*\bclass="citation[^>]*>')
ROLE = re.compile(r' role="[^"]*"')
UNFOLD = re.compile(r"(?P<title>[^<>]+)(?P<before></a>\s*<details[^>]*>\s*<summary)>")
"""A page's title in the sidebar, and after it the sign that unfolds the pages below it."""


def mend_body(body: str) -> str:
    """Take headers that head nothing out of tables, and roles that ARIA has given up out of bibliographies.

    >>> mend_body('<tr><th class="head"><p></p></th><th class="head"><p>rows</p></th></tr>')
    '<tr><td class="head"></td><th class="head"><p>rows</p></th></tr>'
    >>> mend_body('<div class="citation" id="id3" role="doc-biblioentry">')
    '<div class="citation" id="id3">'
    """
    body = EMPTY_HEADER.sub(r'<td class="\1"></td>', body)
    return CITATION.sub(lambda tag: ROLE.sub("", tag[0]), body)


def name_toggles(contents: str) -> str:
    """Say what each sign of the sidebar unfolds: it is a picture alone.

    >>> name_toggles('<a href="notes.html">Notes</a><details><summary><span></span></summary>')
    '<a href="notes.html">Notes</a><details><summary aria-label="Pages of Notes"><span></span></summary>'
    """

    def named(match: re.Match[str]) -> str:
        title = escape(unescape(match["title"].strip()))
        return f'{match["title"]}{match["before"]} aria-label="Pages of {title}">'

    return UNFOLD.sub(named, contents)


def mend(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Mend what the page's template is about to write."""
    if "body" in context:
        context["body"] = mend_body(context["body"])
    contents: Callable[..., Any] | None = context.get("generate_toctree_html")
    if contents is not None:
        context["generate_toctree_html"] = lambda *args, **options: name_toggles(
            str(contents(*args, **options))
        )


HELD = {
    "holds-claims": 'class="claim',
    "holds-figure": '<figure class="xp',
    "holds-exercise": '<div class="xp ex"',
}
"""What a cell shows, by the class that it gets for it. A style sheet could ask too, at every change anew."""


def name_cells(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark each cell that shows claims, or a figure to play with.

    >>> cell = nodes.container("", nodes.raw("", '<figure class="xp" id="f">'), classes=["cell"])
    >>> page = nodes.document(None, None)
    >>> page += cell
    >>> name_cells(None, page, "chapters/a")
    >>> cell["classes"]
    ['cell', 'holds-figure']
    """
    for cell in doctree.findall(nodes.container):
        if "cell" in cell["classes"]:
            shown = "".join(raw.astext() for raw in cell.findall(nodes.raw))
            cell["classes"] += [name for name, mark in HELD.items() if mark in shown]


def add_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let the keyboard reach what can be scrolled, and clicks be cheap, on every page of text."""
    if doctree is not None:
        app.add_js_file("reach.js", loading_method="defer")
        app.add_js_file("clicks.js", loading_method="defer")  # the theme's own script comes after it


def add_templates(app: Sphinx, config: Config) -> None:
    """Look for a template in the book's own folder first."""
    config.templates_path.insert(0, str(TEMPLATES))


def connect(app: Sphinx) -> None:
    """Connect the steps; a page is mended after the theme has made its contents."""
    app.connect("config-inited", add_templates)
    app.connect("doctree-resolved", name_cells)
    app.connect("html-page-context", add_scripts, priority=850)  # before a page's assets are chosen
    app.connect("html-page-context", mend, priority=950)
