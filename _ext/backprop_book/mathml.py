"""Formulas in figures and exercises are MathML, drawn by the reader's browser: everywhere with the same font.

Systems have different fonts for mathematics, and many have none: fractions then touch their bars, and
brackets do not grow. So the book brings STIX Two Math along, with no more than its pages and scripts hold.
"""

import html
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from unicodedata import normalize

from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from .finishing import is_due
from .fonts import subset
from .mathematics import FONTS
from .policy import pages

FONT = "STIXTwoMath.woff2"
SHOWS = re.compile(r"data-(?:explorable|exercise)=")
"""What a page with MathML has."""
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
ITALIC = (0x210E, *range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))
"""Italic letters, Latin and Greek: a browser takes them for the name of a single letter."""


def source() -> Path:
    """Return the whole font, in the package that carries it."""
    spec = find_spec("ziamath")
    if spec is None or spec.origin is None:
        raise SphinxError("ziamath is not installed in this environment: see the README")
    return Path(spec.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def characters(texts: Iterable[str]) -> set[int]:
    r"""Return the code points that texts of pages and scripts can show, with their letters in italics, too.

    >>> sorted(map(chr, characters([r"&#x02299; \u2202"])))
    [' ', '∂', '⊙', '𝜕']
    """
    plain = set()
    for text in texts:
        plain |= set(ESCAPED.sub(lambda code: chr(int(code[1], 16)), html.unescape(text)))
    return {ord(sign) for sign in plain} | {code for code in ITALIC if normalize("NFKD", chr(code)) in plain}


def write_font(app: Sphinx, error: Exception | None) -> None:
    """Cut the font down to what figures and exercises show."""
    if app.builder.format != "html" or not is_due(app, error):
        return
    static = Path(app.outdir, "_static")
    written = (page.read_text(encoding="utf-8") for page in pages(Path(app.outdir)))
    shown = [page for page in written if SHOWS.search(page)]
    scripts = [*static.glob("explorables/*.js"), *static.glob("e[xp]*.js")]
    if shown:
        texts = [*shown, *(script.read_text(encoding="utf-8") for script in scripts)]
        subset(source(), static / FONTS / FONT, characters(texts))


def connect(app: Sphinx) -> None:
    """Connect the step that comes after every page is written."""
    app.connect("build-finished", write_font, priority=410)
