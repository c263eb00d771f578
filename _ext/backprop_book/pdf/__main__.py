"""Print the book: ``python -m backprop_book.pdf _build/singlehtml/index.html book.pdf``."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
from playwright.sync_api import Page

from .chromium import NoBrowserError, chromium
from .pages import finish, numbers

HERE = Path(__file__).parent
WIDTH = 794
"""The width of the sheet, A4, in CSS pixels; book.css makes the text as narrow as between the margins."""

FONTS = {
    ("Book", 400, "normal"): "STIXGeneral",
    ("Book", 700, "normal"): "STIXGeneralBol",
    ("Book", 400, "italic"): "STIXGeneralItalic",
    ("Book", 700, "italic"): "STIXGeneralBolIta",
    ("BookMono", 400, "normal"): "DejaVuSansMono",
    ("BookMono", 700, "normal"): "DejaVuSansMono-Bold",
    ("BookMono", 400, "italic"): "DejaVuSansMono-Oblique",
}
"""The fonts that Matplotlib carries: the book looks the same on every machine."""

LOAD_FONTS = "async () => { await Promise.allSettled([...document.fonts].map(font => font.load())); }"
FILL_IN = """numbers => {
  for (const [id, number] of Object.entries(numbers)) document.getElementById(id).textContent = number;
}"""
ABOUT = """() => [
  document.title, document.querySelector('.book-author')?.textContent ?? '', document.documentElement.lang,
]"""


def font_faces() -> str:
    """Return the rules that name the book's fonts."""
    folder = Path(mpl.get_data_path(), "fonts", "ttf")
    rule = '@font-face {{ font-family: {}; font-weight: {}; font-style: {}; src: url("{}"); }}'
    return "\n".join(rule.format(*face, (folder / f"{name}.ttf").as_uri()) for face, name in FONTS.items())


class Steps:
    """Says what is being done, and how long it took."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def __call__(self, what: str) -> None:
        """Begin a step."""
        print(f"pdf: {time.perf_counter() - self._start:5.1f} s  {what}", flush=True)


def arrange(page: Page, html: Path) -> list[tuple[str, str]]:
    """Open the book and make pages of it; return the lines of its contents."""
    page.goto(html.resolve().as_uri())
    page.emulate_media(media="print", color_scheme="light")
    lines = page.evaluate((HERE / "arrange.js").read_text(encoding="utf-8"))
    page.add_style_tag(content=font_faces() + (HERE / "book.css").read_text(encoding="utf-8"))
    page.evaluate(LOAD_FONTS)  # before the first layout, which takes long
    return [(section, place) for section, place in lines]


def paginate(page: Page, lines: list[tuple[str, str]], draft: Path) -> dict[str, str]:
    """Print the book once, to see on which page each section begins."""
    page.pdf(path=draft, prefer_css_page_size=True)
    return numbers(draft, lines)


def make(html: Path, target: Path, say: Callable[[str], Any]) -> None:
    """Print a book that Sphinx has written as one page."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.route("**/*.js*", lambda route: route.abort())  # paper has no use for the page's own scripts
        page.set_default_timeout(600_000)
        say("arranging the pages")
        lines = arrange(page, html)
        say("fitting what is wide")
        scales = page.evaluate((HERE / "fit.js").read_text(encoding="utf-8"))
        say(f"counting pages, for the contents (smallest type: {scales})")
        found = paginate(page, lines, Path(folder, "draft.pdf"))
        page.evaluate(FILL_IN, found)
        say("printing")
        printed = Path(folder, "printed.pdf")
        page.pdf(path=printed, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
        if numbers(printed, lines) != found:
            raise AssertionError("the contents' numbers moved the pages that they name")
        count = finish(printed, target, *page.evaluate(ABOUT))
    say(f"{target}: {count} pages")


def main() -> None:
    """Read the command line."""
    html, target = map(Path, sys.argv[1:])
    try:
        make(html, target, Steps())
    except NoBrowserError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
