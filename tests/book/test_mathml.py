"""The formulas of figures and exercises look alike on all systems: their font comes with the book."""

from unicodedata import normalize

import pytest
from backprop_book.mathml import FONT, ITALIC, characters
from fontTools.ttLib import TTFont

from tests.book.test_page_contract import FIGURES

PAGES = [*FIGURES.values(), "chapters/00-primer.html"]
MOST_HIGH = 735  # px: a window of 800, less the theme's bar
SIGNS = "() => [...document.querySelectorAll('.xp math')].map((math) => math.textContent).join('')"
ALIVE = "() => document.querySelector('figure.xp[data-live]')"
LOADED = "() => [...document.fonts].some((font) => /STIX/.test(font.family) && font.status === 'loaded')"


def test_what_is_written_as_an_entity_or_escaped_is_shown() -> None:
    assert {ord(sign) for sign in "⊙∂σ"} <= characters(["&#x02299;", r"\u2202", "σ"])
    assert 0x1D70E in characters(["σ"])
    assert 0x210E in characters(["h"])


@pytest.mark.site
@pytest.mark.parametrize("path", PAGES)
def test_the_font_has_all_that_a_page_shows(open_page, site, path):
    held = set(TTFont(site / "_static" / "mathematics" / FONT).getBestCmap())
    page = open_page(path).page
    page.wait_for_function(ALIVE)
    shown = set(page.evaluate(SIGNS)) - {" ", "\n", "\u2061"}
    assert len(shown) > 15
    assert {sign for sign in shown if ord(sign) not in held} == set()
    italic = {normalize("NFKD", chr(code)) for code in ITALIC}
    assert shown & italic <= {normalize("NFKD", chr(code)) for code in held & set(ITALIC)}
    page.wait_for_function(LOADED)


@pytest.mark.site
@pytest.mark.parametrize("width", [1280, 1265])
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_no_higher_than_a_screen(open_page, name, width):
    """Also where a scrollbar takes a few pixels of the window's width."""
    page = open_page(FIGURES[name], width=width).page
    page.wait_for_function(ALIVE)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    figure = page.locator(f'figure.xp[data-explorable="{name}"]')
    figure.scroll_into_view_if_needed()
    assert figure.bounding_box()["height"] <= MOST_HIGH
