"""What every page loads is one style sheet, with the rules that the book uses, and one script, after it.

A page is drawn when its last style sheet is there. The theme brings ten, and most of their rules are for
things that the book does not have. Here a rule stays if each class that it asks for occurs, as a word, in
some page or script. (The book's own style sheets stay whole.) The files themselves stay where they are: the
next build starts from them.

A page of formulas has tens of thousands of elements, so a browser is also spared what has it look at all of
them a second time while the page starts (see ``LATE_MODE``, ``FOR_ALL``, ``MEASURED``).
"""

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath

from sphinx.application import Sphinx

from .finishing import is_due
from .lean import lean_script, lean_style
from .mathml import FONT, SHOWS

STYLE, SCRIPT = "site.css", "site.js"

OTHERS = ("_static", "lite")
"""Folders of the site that hold no pages of the book."""

FROM = "/* %s */"
"""The first line of the style sheet: what it is made of."""

LINK = re.compile(r'\s*<link\b[^>]*?href="(?:\.{1,2}/)*_static/([^"?]+\.css)[^"]*"[^>]*>')
SOURCE = re.compile(r'\s*<script\b[^>]*?\bsrc="((?:\.{1,2}/)*)_static/([^"?]+)(\?[^"]*)?"[^>]*></script>')
DEFERRED = re.compile(r"\s(?:defer|async|type=)")
END = re.compile(r"\s*</body>")
PRELOAD = re.compile(r'\s*<link rel="preload" as="script"[^>]*>')

ROOT = 'data-content_root="'
"""What the theme's pages say at their head: the way to the site's folder. A page without it stands alone."""

ORDER = (
    "doctools.js", "sphinx_highlight.js", "clipboard.min.js", "copybutton.js", "scripts/sphinx-book-theme.js",
    "design-tabs.js", "reach.js", "buttons.js", "clicks.js", "scripts/bootstrap.js",
    "scripts/pydata-sphinx-theme.js",
)  # fmt: skip
"""The scripts of every page, in the order in which they run: ``clicks.js`` comes before the theme's own."""

AT_ONCE = ("documentation_options.js", "mathematics.js")
"""Short scripts that run before the page is drawn: they are written into it."""

EMPTY = ("scripts/fontawesome.js",)

WHOLE = ("book.css", "mathematics.css", "explorables.css", "exercises.css")
"""The book's own style sheets: they have no rules to spare, and scripts put their classes together."""

COMPOSED = ("bs-",)
"""How the names of classes begin that the theme's library puts together."""

WAITS = "search.html"
"""The page whose own scripts build on those of every page, and so keep their places."""

LATE_MODE = re.compile(
    r'<script data-cfasync="false">\s*document\.documentElement\.dataset\.mode.*?</script>', re.DOTALL
)
MODE = """<script>
    (() => {
      const {dataset} = document.documentElement;
      dataset.mode = localStorage.getItem("mode") || "auto";
      const night = matchMedia("(prefers-color-scheme: dark)").matches;
      const dark = dataset.mode === "auto" ? night : dataset.mode === "dark";
      dataset.theme = dark ? "dark" : "light";
    })();
  </script>"""
"""The theme says ``auto`` first, and ``light`` or ``dark`` when all is there; that changes every element."""

TEXT = ("MathJax_Main-Regular.woff2", "MathJax_Math-Italic.woff2")
"""The fonts of formulas in the text."""

EARLY = """<script>
    if (location.protocol !== "file:") for (const font of [%s]) {
      const link = document.createElement("link");
      Object.assign(link, {rel: "preload", as: "font", type: "font/woff2", crossOrigin: ""});
      link.href = `${document.documentElement.dataset.content_root}_static/mathematics/${font}`;
      document.head.append(link);
    }
  </script>"""
"""Without it the fonts of formulas are asked for when the page is laid out, and it is laid out again. From
files a browser lends no fonts ahead, and says so on its console."""

FOR_ALL = re.compile(
    r'<style type="text/css">\*\{stroke-linejoin: round; stroke-linecap: butt\}</style>'
    r'|<style>body\[data-jp-theme-light="false"\] \.picture \{[^}]*\}</style>'
)
"""What Matplotlib says to all elements of the page, and pictures to JupyterLab: ``book.css`` says it once."""

MEASURED = re.compile(r'\["pre",[^\]]*\]\.join\(", "\)')
"""What the theme measures to see if it can be scrolled, folded or not; ``reach.js`` waits for that."""

PART = re.compile(r'/\*.*?\*/|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|url\([^"\')]*\)|[{};]', re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
GROUPS = ("@media", "@supports", "@layer", "@container")
"""What holds rules."""
CONDITION = re.compile(r":[\w-]+\((?:[^()]|\([^()]*(?:\([^()]*\)[^()]*)*\))*\)")
"""``:not(...)``, ``:is(...)`` and their like: the classes in them need not occur."""
ASKED = re.compile(r"[.#]((?:[\w-]|\\.)+)")
WORDS = re.compile(r"[\w-]+")
MARKS = re.compile(r'\s(?:class|id)="([^"]*)"')
IMPORT = re.compile(r'@import\s+(?:url\()?["\']([^"\']+)["\']\)?\s*;')
ADDRESS = re.compile(r'url\((["\']?)(?!data:|#)([^"\')]+)\1\)')


def rules(style: str) -> Iterator[tuple[str, str | None]]:
    """Give the rules of a style sheet: what stands before the braces, and in them.

    >>> list(rules('@import "a.css"; p { color: red } @media print { p { margin: 0 } }'))
    [('@import "a.css"', None), ('p', ' color: red '), ('@media print', ' p { margin: 0 } ')]
    """
    depth = start = opened = 0
    for part in PART.finditer(style):
        sign = part[0]
        if sign == "{":
            depth += 1
            opened = part.end() if depth == 1 else opened
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield _bare(style[start : opened - 1]), style[opened : part.start()]
                start = part.end()
        elif sign == ";" and depth == 0:
            yield _bare(style[start : part.start()]), None
            start = part.end()


def _bare(text: str) -> str:
    """Return what stands before the braces without comments."""
    return COMMENT.sub("", text).strip()


def used(style: str, words: set[str]) -> str:
    r"""Return a style sheet with the rules that may apply where no other classes and ids occur.

    >>> used(".a, .b { top: 0 } .b { left: 0 } p:not(.b) { right: 0 }", {"a"})
    '.a{ top: 0 }\np:not(.b){ right: 0 }'
    """
    kept = []
    for before, inside in rules(style):
        if inside is None:
            kept.append(f"{before};")
        elif before.startswith(GROUPS):
            if rest := used(inside, words):
                kept.append(f"{before}{{\n{rest}\n}}")
        elif before.startswith("@"):
            kept.append(f"{before}{{{inside}}}")
        elif selectors := [one for one in _alternatives(before) if _may_apply(one, words)]:
            kept.append(f"{','.join(selectors)}{{{inside}}}")
    return "\n".join(kept)


def _alternatives(selectors: str) -> Iterator[str]:
    """Give the selectors that commas part, but for the commas in brackets."""
    depth = start = 0
    for place, sign in enumerate(selectors):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            yield selectors[start:place].strip()
            start = place + 1
    yield selectors[start:].strip()


def _may_apply(selector: str, words: set[str]) -> bool:
    """Tell whether all classes and ids that a selector asks for occur."""
    names = (name.replace("\\", "") for name in ASKED.findall(CONDITION.sub("", selector)))
    return all(name in words or name.startswith(COMPOSED) for name in names)


@cache
def _moved(static: Path, name: str, _when: int) -> str:
    """Return a style sheet with what it imports, and its addresses as seen from the folder ``_static``."""
    folder = dirname(name)
    text = (static / name).read_text(encoding="utf-8")
    text = ADDRESS.sub(lambda found: f'url("{normpath(join(folder, found[2]))}")', text)
    return IMPORT.sub(lambda found: _read(static, normpath(join(folder, found[1]))), text)


def _read(static: Path, name: str) -> str:
    """Return a style sheet, read again where it has changed."""
    return _moved(static, name, (static / name).stat().st_mtime_ns)


def sheets(static: Path, pages: list[str]) -> list[str]:
    """Return the style sheets that pages ask for, or asked for before an earlier build bundled them."""
    asked = [name for page in pages for name in LINK.findall(page)]
    before: list[str] = []
    if STYLE in asked:
        before = (static / STYLE).read_text(encoding="utf-8").partition("\n")[0].strip("/* ").split()
    names = dict.fromkeys([*before, *asked])
    return [name for name in names if name != STYLE and (static / name).exists()]


def style(static: Path, names: list[str], pages: list[str]) -> str:
    """Return the one style sheet of all pages."""
    files = (file for file in sorted(static.rglob("*.js")) if file.name != SCRIPT)
    scripts = [file.read_text(encoding="utf-8") for file in files]
    words = {word for page in pages for marks in set(MARKS.findall(page)) for word in marks.split()}
    words |= {word for script in scripts for word in WORDS.findall(script)}
    texts = ((name, _read(static, name)) for name in names)
    parts = (text if name in WHOLE else used(text, words) for name, text in texts)
    return "\n".join([FROM % " ".join(names), lean_style("\n".join(parts))])


def script(static: Path) -> str:
    """Return the one script of all pages; a semicolon first, since not all of them are strict."""
    texts = [file.read_text(encoding="utf-8") for name in ORDER if (file := static / name).exists()]
    return lean_script(MEASURED.sub('"none-of-these"', ";\n" + "\n;\n".join(texts)))


def lighter(page: str) -> str:
    """Return a page that a browser need not lay out twice; one that is so already stays."""
    fonts = [*(TEXT if "<mjx-container" in page else ()), *((FONT,) if SHOWS.search(page) else ())]
    early = EARLY % str(fonts)[1:-1] if fonts else ""
    return FOR_ALL.sub("", LATE_MODE.sub(lambda _: MODE + early, page, count=1))


def with_style(page: str, address: str) -> str:
    """Return a page with one style sheet, in the place of its first."""
    links = list(LINK.finditer(page))
    if not links:
        return page
    one = f'\n<link rel="stylesheet" href="{_root(page)}_static/{address}">'
    return page[: links[0].start()] + one + LINK.sub("", page[links[0].start() :])


def _root(page: str) -> str:
    """Return the way from a page to the site's folder."""
    return page.partition(ROOT)[2].partition('"')[0]


def with_script(page: str, address: str, static: Path) -> str:
    """Return a page with one script, which runs last, beside those of its own."""

    def kept(found: re.Match[str]) -> str:
        root, name, version = found.groups()
        if name in (*ORDER, *EMPTY, SCRIPT):
            return ""
        if name in AT_ONCE:
            return f"\n<script>{(static / name).read_text(encoding='utf-8')}</script>"
        if DEFERRED.search(found[0]):
            return found[0]
        return f'\n<script defer src="{root}_static/{name}{version or ""}"></script>'

    one = f'\n<script defer src="{_root(page)}_static/{address}"></script>\n</body>'
    return END.sub(lambda _: one, PRELOAD.sub("", SOURCE.sub(kept, page)))


def write_bundles(outdir: Path) -> None:
    """Write the one style sheet and the one script, and let every page load these."""
    static = outdir / "_static"
    files = [
        file for file in sorted(outdir.rglob("*.html")) if file.relative_to(outdir).parts[0] not in OTHERS
    ]
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    pages = {file: page for file, page in texts.items() if ROOT in page}
    bundles = {STYLE: style(static, sheets(static, list(pages.values())), list(pages.values()))}
    bundles[SCRIPT] = script(static)
    addresses = {}
    for name, text in bundles.items():
        (static / name).write_text(text, encoding="utf-8")
        addresses[name] = f"{name}?v={sha256(text.encode()).hexdigest()[:8]}"
    for file, page in pages.items():
        if all(f"_static/{address}" in page for address in addresses.values()):
            continue  # the last build wrote it so
        new = with_style(lighter(page), addresses[STYLE])
        if file.name != WAITS:
            new = with_script(new, addresses[SCRIPT], static)
        if new != page:
            file.write_text(new, encoding="utf-8")


def bundle(app: Sphinx, error: Exception | None) -> None:
    """Bundle what the build has written."""
    if is_due(app, error) and app.builder.name == "html":
        write_bundles(Path(app.outdir))


def connect(app: Sphinx) -> None:
    """Connect the step: formulas are typeset and the theme is trimmed, but pages have no policies yet."""
    app.connect("build-finished", bundle, priority=600)
