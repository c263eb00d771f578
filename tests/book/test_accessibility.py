"""axe finds no violation on any page: as it opens, in the dark, on a narrow screen, with all unfolded."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.book.visit import Visit, until

pytestmark = pytest.mark.site

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"(?:file|root): (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [f"{name}.html" for name in [*NAMED, "genindex", "search"]]
UNFOLDED = ("chapters/01-single-layer.html", "chapters/04-computational-graph.html")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OTHER = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "scrollable-region-focusable", "region", "heading-order"],
}
"""What colours and room can change: no need to ask everything again in the dark, on a narrow screen."""

EXCEPTIONS: dict[str, str] = {}
"""Rule and selector, as axe writes them, of what cannot be mended → why."""

RUN = """async (rules) => {
    const options = {runOnly: rules, resultTypes: ["violations"], preload: false, elementRef: false};
    const {violations} = await axe.run(document, options);
    return violations.flatMap(({id, help, nodes}) =>
        nodes.map(({target, html}) => [`${id}: ${target.join(" ")}`, help, html.slice(0, 200)]));
}"""
UNFOLD = """() => document.querySelectorAll("main details").forEach((one) => { one.open = true; })"""


def violations(page, rules):
    found = page.evaluate(RUN, rules)
    return [one for one in found if one[0] not in EXCEPTIONS]


def dark_and_narrow(page):
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("html[data-theme=dark]", state="attached")
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(600)  # as above
    return page


@pytest.fixture
def at(browser, served):
    """``at("index.html")`` is that page, ready for axe; figures are live."""
    contexts = []

    def open_(path, width=1280):
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, color_scheme="light"))
        visit = Visit(contexts[-1].new_page())
        assert visit.page.goto(f"{served}/{path}").ok
        live = "() => [...document.querySelectorAll('[data-explorable]')].every((e) => 'live' in e.dataset)"
        until(visit.page, live)
        visit.page.evaluate(AXE)
        return visit.page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_violation_wide_in_the_light_and_narrow_in_the_dark(at, path):
    page = at(path)
    assert violations(page, ALL) == []
    assert violations(dark_and_narrow(page), OTHER) == []


@pytest.mark.parametrize("path", UNFOLDED)
def test_what_is_unfolded_has_none_either(at, path):
    page = at(path)
    page.evaluate(UNFOLD)
    page.wait_for_timeout(600)  # what can be scrolled is marked once it is laid out
    assert violations(page, ALL) == []
    assert violations(dark_and_narrow(page), OTHER) == []


def test_an_open_badge_has_none(at):
    page = at("chapters/01-single-layer.html")
    badge = page.locator(".xp-badge").first
    badge.get_by_role("button", name="proved", expanded=False).click()
    assert badge.locator("dl").is_visible()
    assert violations(page, ALL) == []


def test_a_narrow_screens_contents_and_search_have_none(at):
    page = at("index.html", width=390)
    page.locator(".primary-toggle").click()
    page.locator("#pst-primary-sidebar-modal[open]").wait_for()
    assert violations(page, ALL) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog[open]").wait_for()
    assert violations(page, ALL) == []


def test_axe_would_find_them(at):
    page = at("index.html")
    page.evaluate(
        """() => document.querySelector("main article, main section").insertAdjacentHTML("beforeend",
            '<input type="range"><p style="color: #bbb; background: #fff">pale</p><img src="data:,">')"""
    )
    assert {one[0].split(":")[0] for one in violations(page, ALL)} >= {"label", "color-contrast", "image-alt"}
