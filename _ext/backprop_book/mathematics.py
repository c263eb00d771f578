"""Formulas are typeset while the book is built: a page shows them at once, and runs no script for it.

MathJax does the work, in the engine of a browser without a browser. What it makes is text, with a MathML twin
for assistive technology; its glyphs come from fonts cut down to those that the book uses.
"""

import html
import json
import re
import zlib
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from .fonts import subset
from .policy import pages as pages_of

STYLE = "mathematics.css"
FONTS = "mathematics"
SCRIPT = "mathematics.js"
ZERO = "MathJax_Zero"
"""The font without height, named first everywhere: until it is there, that of another makes lines jump."""
AT_ONCE = """/* A font from a file comes after the page's first picture; this one has to be there before. */
const zero = Uint8Array.from(atob("%s"), (letter) => letter.charCodeAt(0));
document.fonts.add(new FontFace("MJXZERO", zero));
"""
PARTS = (
    "startup.js", "core.js", "adaptors/liteDOM.js", "input/tex-full.js",
    "output/chtml.js", "output/chtml/fonts/tex.js", "a11y/assistive-mml.js",
)  # fmt: skip
CONFIG: dict[str, Any] = {
    "loader": {"load": [], "versionWarnings": False},
    "startup": {"typeset": False, "input": ["tex"], "output": "chtml", "adaptor": "liteDOM", "handler": None},
    "options": {"enableMenu": False},
    "tex": {"packages": ["base", "ams", "newcommand", "boldsymbol"]},
    "chtml": {"fontURL": FONTS, "adaptiveCSS": False},
}
QUIET = "MathJax.startup.ready = () => {}; globalThis.console = {log() {}, info() {}, warn() {}, error() {}};"
TYPESET = "(tex, display) => MathJax.startup.adaptor.outerHTML(MathJax.tex2chtml(tex, {display}))"
SIZE = """(tex, display) => {
  const { document } = MathJax.startup, { outputJax, inputJax, options } = document;
  const item = new options.MathItem(tex, inputJax[0], display);
  item.setMetrics(16, 8, 1e6, Infinity, 1);
  item.compile(document);
  item.root.setTeXclass(null);
  Object.assign(outputJax, { math: item, nodeMap: new Map() }).setDocument(document);
  const { w, h, d } = outputJax.factory.wrap(item.root).getOuterBBox();
  return `--wide: ${w.toFixed(3)}em; --high: ${(h + d).toFixed(3)}em;`;
}"""
LARGE = 40
"""A formula of so many elements can be drawn when it comes near the window, if it stands by itself."""
SHEET = "MathJax.startup.adaptor.textContent(MathJax.chtmlStylesheet())"

FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
OPAQUE = re.compile(r"(<(script|style|pre|code|textarea)\b.*?</\2>|<[^>]+>)", re.DOTALL)
"""What holds no formulas: tags with their attributes, scripts, code."""
FAILED = re.compile(r'data-mjx-error="([^"]*)"')

GLYPH = re.compile(r'class="(mjx-c[0-9A-F]+(?: TEX-[A-Z0-9]+)?)"')
"""The class of an element that shows a glyph: its code, and its font where that is not the main one."""
RULE = re.compile(r'(?:[^{}"]|"[^"]*")+\{(?:[^{}"]|"[^"]*")*\}')
SELECTED = re.compile(r"\.(mjx-c[0-9A-F]+)(?:\.(TEX-[A-Z0-9]+))?")
CONTENT = re.compile(r'content: "((?:[^"\\]|\\.)*)"')
ESCAPED = re.compile(r"\\([0-9A-F]{2,6}) ?|\\(.)")
EMPTY = 0xEFFC
"""All that the font of height zero holds, which stands before every other."""
NAMED = re.compile(rf"_static/({re.escape(STYLE)}|{re.escape(SCRIPT)})(?:\?v=[0-9a-f]*)?\"")
"""Where a page names a file that is written after it."""
FONT = re.compile(r'url\("[^"]*?([\w-]+)\.woff"\) format\("woff"\)')


@cache
def folder() -> Path:
    """Return MathJax's folder in the package that carries it (whose name no import statement can spell)."""
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise SphinxError("sphinx-mathjax-offline is not installed in this environment: see the README")
    return Path(spec.origin).parent / "static" / "mathjax"


class Typesetter:
    """MathJax, with everything that it has typeset so far; to be closed."""

    def __init__(self) -> None:
        self._engine = MiniRacer()
        self._engine.eval(f"globalThis.MathJax = {json.dumps(CONFIG)}; {QUIET}")
        for part in PARTS:
            self._engine.eval((folder() / part).read_text(encoding="utf-8"))
        self._engine.eval("MathJax.startup.getComponents(); MathJax.startup.makeMethods();")
        self._call: Callable[[str, bool], str] = self._engine.eval(TYPESET)  # type: ignore[assignment]
        self._size: Callable[[str, bool], str] = self._engine.eval(SIZE)  # type: ignore[assignment]
        self._made: dict[tuple[str, bool], str] = {}

    def typeset(self, tex: str, display: bool) -> str:
        """Return a formula as HTML; TeX that MathJax cannot read stops the build."""
        key = (tex, display)
        if key not in self._made:
            made = self._call(tex, display)
            if failed := FAILED.search(made):
                raise SphinxError(f"no formula: {tex!r}: {html.unescape(failed[1])}")
            self._made[key] = made if made.count("</") < LARGE else self._sized(made, *key)
        return self._made[key]

    def _sized(self, made: str, tex: str, display: bool) -> str:
        """Return a formula that knows its width and height before it is laid out."""
        size = self._size(tex, display)
        return made.replace('"MathJax"', '"MathJax large"', 1).replace("relative;", f"relative; {size}", 1)

    def style_sheet(self) -> str:
        """Return MathJax's style sheet for every glyph that it knows."""
        self.typeset("x", False)
        return str(self._engine.eval(SHEET))

    def close(self) -> None:
        """Stop the engine."""
        self._engine.close()


def typeset_text(page: str, typesetter: Typesetter) -> str:
    r"""Return a page with each ``\(...\)`` and ``\[...\]`` of its text typeset; code and scripts stay."""

    def made(match: re.Match[str]) -> str:
        inline, displayed = match.groups()
        return typesetter.typeset(html.unescape(inline or displayed).strip(), inline is None)

    parts, end = [], 0
    for opaque in OPAQUE.finditer(page):
        parts += [FORMULA.sub(made, page[end : opaque.start()]), opaque[0]]
        end = opaque.end()
    return "".join([*parts, FORMULA.sub(made, page[end:])])


def typeset_pages(app: Sphinx, error: Exception | None) -> None:
    """Typeset what this build has written, and give the site the style and the fonts that it needs."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    pages = {path: path.read_text(encoding="utf-8") for path in pages_of(Path(app.outdir))}
    waiting = [path for path, page in pages.items() if FORMULA.search(OPAQUE.sub("", page))]
    if not waiting and (static / SCRIPT).exists():
        return
    with closing(Typesetter()) as typesetter:
        for path in waiting:
            pages[path] = _typeset_page(path, pages[path], typesetter)
        glyphs = {glyph for page in pages.values() for glyph in GLYPH.findall(page)}
        _write_style(static, typesetter.style_sheet(), glyphs)
    _stamp(static, pages)


def _typeset_page(path: Path, page: str, typesetter: Typesetter) -> str:
    """Write a page with its formulas typeset."""
    try:
        made = typeset_text(page, typesetter)
    except SphinxError as problem:
        raise SphinxError(f"{path.name}: {problem}") from problem
    path.write_text(made, encoding="utf-8")
    return made


def _write_style(static: Path, sheet: str, glyphs: set[str]) -> None:
    """Write the rules of the style sheet that the site needs, and its fonts with no more than these show."""
    rules = [rule for rule in RULE.findall(sheet) if _is_needed(rule, glyphs)]
    wanted = "".join(rules)
    for font in FONT.findall(wanted):
        source = folder() / "output" / "chtml" / "fonts" / "woff-v2" / f"{font}.woff"
        subset(source, static / FONTS / f"{font}.woff2", _characters(wanted))
    text = FONT.sub(rf'url("{FONTS}/\1.woff2") format("woff2")', wanted)
    zero = b64encode((static / FONTS / f"{ZERO}.woff2").read_bytes()).decode()
    (static / SCRIPT).write_text(AT_ONCE % zero, encoding="utf-8")
    (static / STYLE).write_text(text, encoding="utf-8")


def _stamp(static: Path, pages: dict[Path, str]) -> None:
    """Name the written files by their checksums: Sphinx saw those of the build before, or none."""
    sums = {name: checksum((static / name).read_bytes()) for name in (STYLE, SCRIPT)}
    for path, page in pages.items():
        new = NAMED.sub(lambda name: f'_static/{name[1]}?v={sums[name[1]]}"', page)
        if new != page:
            path.write_text(new, encoding="utf-8")


def checksum(content: bytes) -> str:
    """Return what Sphinx puts behind the name of a file, so that browsers fetch it when it changes.

    >>> checksum(b"p {}") == checksum(b"p {" + bytes([13]) + b"}")  # how a system ends lines does not count
    True
    """
    return f"{zlib.crc32(content.translate(None, delete=bytes([13]))):08x}"


def _is_needed(rule: str, glyphs: set[str]) -> bool:
    """Tell whether a rule is about elements in general, or about a glyph that a page shows."""
    selected = SELECTED.search(rule.partition("{")[0])
    return selected is None or " ".join(filter(None, selected.groups())) in glyphs


def _characters(sheet: str) -> set[int]:
    """Return the code points that a style sheet puts on the page."""
    texts = "\n".join(CONTENT.findall(sheet))
    plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], texts)
    return {EMPTY, *map(ord, plain)}


def connect(app: Sphinx) -> None:
    """Connect the step that comes after every page is written."""
    app.add_css_file(STYLE)
    app.add_js_file(SCRIPT)  # neither deferred nor async: before the page is drawn
    app.connect("build-finished", typeset_pages, priority=400)
