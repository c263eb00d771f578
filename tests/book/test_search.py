"""The search finds words, symbols and derivatives, however a reader types them."""

import json
from collections.abc import Iterator

import pytest
from backprop_book.search import Words, derivatives, words
from playwright.sync_api import Page
from py_mini_racer import MiniRacer

from tests.book.visit import until

NOTATION = "chapters/notation.html"
FIRST = "chapters/01-single-layer.html"


@pytest.fixture(scope="module")
def split() -> Iterator[object]:
    """The function that cuts queries, as the browser has it."""
    engine = MiniRacer()
    engine.eval(Words.js_splitter_code)
    yield lambda query: list(json.loads(engine.eval(f"JSON.stringify(splitQuery({json.dumps(query)}))")))
    engine.close()


# ---- words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["δ", r"\delta", "delta", "W_{ij}", "W", "⊙", r"\odot", "chain rule", "check_gradients", "η σ",
     "x_1 2026", "naïve Jacobian's", r"\constructor __proto__", "δ_l", r"\sigma_l", "∇L"],
)  # fmt: skip
def test_queries_are_cut_as_pages_are(split, text: str) -> None:
    assert split(text) == words(text)
    assert split(text) != []


@pytest.mark.parametrize(
    "typed",
    ["∂L/∂W", "∂l/∂w", "∂ L / ∂ W", r"\frac{\partial L}{\partial W}", r"\partial L/\partial W_{ij}", "dL/dW",
     "∂L/∂W^(2)"],
)  # fmt: skip
def test_a_derivative_is_one_word_in_a_query_and_in_the_index(split, typed: str) -> None:
    assert split(typed)[0] == "by_l_w_"
    assert derivatives(typed) == ["by_l_w_"]


def test_a_derivative_in_a_page_leaves_its_letters_in_the_index() -> None:
    assert {"by_l_delta_", "L", "delta", "partial"} <= set(
        Words({}).split(r"\frac{\partial L}{\partial \delta}")
    )


def test_no_number_is_a_word(split) -> None:
    text = "0.019 s, 319 statements, W12"
    assert words(text) == split(text) == ["s", "statements", "W12"]


# ---- the search page ---------------------------------------------------------------------------------------

SUMMARY = "document.querySelector('.search-summary')?.innerText"
LINKS = "(links) => links.map((link) => link.getAttribute('href'))"


def found(page: Page) -> list[str]:
    until(page, SUMMARY)
    return page.locator("#search-results li > a:first-child").evaluate_all(LINKS)


@pytest.mark.site
@pytest.mark.parametrize(
    ("query", "first", "among"),
    [
        ("delta", NOTATION, FIRST),
        ("δ", NOTATION, FIRST),
        ("W", NOTATION, FIRST),
        ("σ", NOTATION, FIRST),
        ("⊙", NOTATION, FIRST),
        ("Hadamard", NOTATION, FIRST),
        ("∂L/∂W", NOTATION, FIRST),
        ("softmax", "chapters/reference.html#nnlib.softmax.softmax", "chapters/06-general-proof.html"),
        ("chain rule", "chapters/04-computational-graph.html", "chapters/00-primer.html"),
    ],
)
def test_the_search_finds_symbols_and_words(open_page, query: str, first: str, among: str) -> None:
    visit = open_page("index.html")
    visit.page.keyboard.press("Control+k")  # as a reader does it
    visit.page.locator("input[name=q]:focus").fill(query)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/search.html?*")
    results = found(visit.page)
    assert results[0] == first
    assert among in results
    assert len(set(results)) == len(results)
    if visit.page.url.startswith("file:"):
        assert visit.page.locator("#search-results p.context").count() == 0
    visit.assert_quiet()


@pytest.mark.site
def test_one_letter_is_no_part_of_a_name_and_is_not_marked_everywhere(open_page) -> None:
    visit = open_page("search.html?q=W")
    results = found(visit.page)
    assert not any("#nnlib." in result for result in results)
    visit.page.wait_for_load_state("networkidle")  # the pages of which it shows a part
    visit.page.locator(f"#search-results a[href='{FIRST}']").click()
    assert visit.page.title().startswith("A single layer")
    assert visit.page.locator("article .highlighted").count() == 0
    visit.assert_quiet()


@pytest.mark.site
def test_what_no_page_has_is_not_found(open_page) -> None:
    visit = open_page("search.html?q=∂L/∂quux")
    assert found(visit.page) == []
    visit.assert_quiet()


@pytest.mark.site
def test_what_is_typed_stands_beside_the_icon(open_page) -> None:
    page = open_page("search.html").page
    field, icon = page.locator(".bd-search input:visible"), page.locator(".bd-search i:visible")
    padding = float(field.evaluate("(field) => parseFloat(getComputedStyle(field).paddingLeft)"))
    box = icon.bounding_box()
    assert field.bounding_box()["x"] + padding >= box["x"] + box["width"] + 4
