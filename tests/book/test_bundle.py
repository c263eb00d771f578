"""A page is drawn as soon as one style sheet is there: no other, and no script, stands in its way."""

import re
from pathlib import Path

import pytest

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
