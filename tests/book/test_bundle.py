"""A page is drawn as soon as one style sheet is there: no other, and no script, stands in its way."""

import gzip
import re
from pathlib import Path

import pytest
from backprop_book.bundle import ORDER, ROOT, WAITS

pytestmark = pytest.mark.site

SHEET = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>')
LOADED = re.compile(r"<script\b[^>]*\bsrc=[^>]*>")
FOR_ALL = re.compile(r"<style[^>]*>\s*\*")


def pages(site: Path) -> list[Path]:
    """All but those that stand alone."""
    alone = ("_static", "lite", "404.html")
    return [page for page in site.rglob("*.html") if page.relative_to(site).parts[0] not in alone]


def test_a_page_waits_for_one_style_sheet_alone(site: Path) -> None:
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert [sheet for sheet in SHEET.findall(text) if "site.css" not in sheet] == [], page
        assert len(SHEET.findall(text)) == 1, page
        waiting = [tag for tag in LOADED.findall(text) if not re.search(r"\s(defer|async)\b", tag)]
        assert waiting == [] or page.name == "search.html", page


def test_no_style_in_a_page_is_for_all_its_elements(site: Path) -> None:
    assert [page for page in pages(site) if FOR_ALL.search(page.read_text(encoding="utf-8"))] == []


def test_the_theme_measures_nothing_that_is_folded(site: Path) -> None:
    assert '"pre",' not in (site / "_static" / "site.js").read_text(encoding="utf-8")


def test_the_mode_is_there_before_the_text(browser, served: str) -> None:
    """It does not change while the page starts: a change is one of every element."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.add_init_script("""
        window.modes = [];
        new MutationObserver(() => window.modes.push(document.documentElement.dataset.theme))
            .observe(document, {attributes: true, subtree: true, attributeFilter: ["data-theme"]});""")
    page.goto(f"{served}/chapters/00-primer.html")
    page.wait_for_load_state("load")
    assert set(page.evaluate("modes")) == {"dark"}
    context.close()


def test_no_page_names_its_script_twice(site: Path) -> None:
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        if ROOT in text and page.name != WAITS:
            assert sum("/site.js" in tag for tag in LOADED.findall(text)) == 1, page
            assert not any(f"/{name}" in tag for name in ORDER for tag in LOADED.findall(text)), page


OWN = ("book", "mathematics", "explorables", "exercises", "claims", "reach", "buttons", "clicks")


def test_a_chapter_weighs_little(site: Path) -> None:
    """Packed as a server packs it: all that a chapter loads, and of that what is the book's own."""

    def weight(*files: Path) -> int:
        return sum(len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in files)

    static = site / "_static"
    own = weight(*(file for name in OWN for file in static.glob(f"{name}.*s")))
    fonts = weight(
        *static.glob("mathematics/*.woff2"), static / "vendor/fontawesome/webfonts/fa-solid-900.woff2"
    )
    for page in sorted((site / "chapters").glob("[0-9]*.html")):
        loaded = re.findall(
            r'(?:href|src)="\.\./_static/([^"?]+\.(?:css|js))', page.read_text(encoding="utf-8")
        )
        figures = weight(*(static / name for name in set(loaded) if name.startswith("explorables/")))
        assert own + figures <= 60_000, page.name
        assert weight(page, *(static / name for name in set(loaded))) + fonts <= 450_000, page.name
