"""Nothing jumps as a figure comes alive: its place is kept from the start."""

import pytest

from tests.book.test_page_contract import FIGURES, selector

pytestmark = pytest.mark.site

WATCH = """
window.shifted = 0;
window.moved = [];
const unasked = (list) => list.getEntries().filter((entry) => !entry.hadRecentInput);
new PerformanceObserver((list) => unasked(list).forEach((entry) => {
    window.shifted += entry.value;
    window.moved.push(...entry.sources.map(({node, previousRect: old, currentRect: now}) =>
        `${(node?.outerHTML ?? node?.textContent ?? "?").slice(0, 90)}: ${old.y} → ${now.y}`));
})).observe({type: "layout-shift", buffered: true});
document.addEventListener("readystatechange", () => {          // before any deferred script
    if (document.readyState !== "interactive") return;
    document.querySelector(%r).scrollIntoView({behavior: "instant"});
});
"""
SETTLED = "() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 400))"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_in_sight_moves_nothing_as_it_comes_alive(browser, served, name, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(WATCH % selector(name))
        page.goto(f"{served}/{FIGURES[name]}")
        page.locator(f"{selector(name)}[data-live]").wait_for()
        page.evaluate(SETTLED)
        assert page.evaluate("shifted") <= 0.02, page.evaluate("moved")
    finally:
        context.close()
