"""An explorable on its page: opened once, read and typed into from the tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.book.visit import Visit

SCRIPT = """
window.shown = root => Object.fromEntries([...root.querySelectorAll("[data-output]")]
    .map(e => [e.dataset.output, Number(e.dataset.value)]));
window.inputs = root => Object.fromEntries([...root.querySelectorAll("input[type=number]")]
    .map(e => [e.dataset.input, e.valueAsNumber]));
window.type = (root, values) => {
    for (const [name, value] of Object.entries(values)) {
        const field = root.querySelector(`input[type=number][data-input="${name}"]`);
        field.value = value;
        field.dispatchEvent(new Event("input", {bubbles: true}));
        field.dispatchEvent(new Event("change", {bubbles: true}));
    }
};
"""
READ = "root => shown(root)"
INPUTS = "root => inputs(root)"
TYPE = "(root, values) => type(root, values)"
TRY_ALL = "(root, list) => list.map(values => { type(root, values); return [inputs(root), shown(root)]; })"


@contextmanager
def opened(browser: Browser, address: str, figure: str) -> Iterator[Visit]:
    """A page whose figure is live."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    visit = Visit(context.new_page())
    visit.listen()
    visit.page.add_init_script(SCRIPT)
    visit.page.goto(address)
    visit.page.locator(f"{figure}[data-live]").wait_for()
    yield visit
    context.close()


def choose(root, activation):
    root.locator(f'input[data-input="activation"][value="{activation.name}"]').check(force=True)


def assert_native_controls(figure):
    """Each control is a native input that has a label and the name of what it sets."""
    for control in figure.locator("input").all():
        assert control.evaluate("e => e.labels.length > 0 || e.ariaLabel")
        assert control.get_attribute("data-input")


def on_paper(figure):
    """The values of the table that stands in the figure's place on paper, by name."""
    cells = '[...root.querySelectorAll(".xp-static td")].map(e => [e.dataset.quantity, +e.dataset.value])'
    return dict(figure.evaluate(f"root => {cells}"))


def without_javascript(open_page, page, figure):
    """The values of the table that stands in its place without JavaScript, and the figure's state."""
    root = open_page(page, java_script_enabled=False).page.locator(figure)
    assert root.locator(".xp-static").is_visible()
    rows = root.locator(".xp-static td").all()
    cells = {cell.get_attribute("data-quantity"): float(cell.get_attribute("data-value")) for cell in rows}
    return cells, json.loads(root.locator(".xp-state").text_content())


def at_width(open_page, page, figure, width, **options):
    """The live figure in a window of that width."""
    root = open_page(page, width=width, **options).page.locator(f"{figure}[data-live]")
    root.wait_for()
    return root


WIDER_THAN_ITS_PLACE = """root => [...root.querySelectorAll(".xp-num > .xp-digits")].filter((digits) => {
    const range = document.createRange();
    range.selectNodeContents(digits);
    return range.getBoundingClientRect().width > digits.parentElement.getBoundingClientRect().width + 1;
}).map((digits) => `${digits.parentElement.dataset.output}: ${digits.textContent}`)"""


def assert_it_fits(root, width, apart=".xp-badge"):
    """Nothing sticks out, but what lies over the page; on a wide screen the figure is seen whole."""
    assert root.evaluate(WIDER_THAN_ITS_PLACE) == []
    assert root.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert root.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    edges = f"""root => [...root.querySelectorAll('.xp-in *')].filter((e) => !e.closest('{apart}'))
        .map((e) => e.getBoundingClientRect().right)"""
    assert max(root.evaluate(edges)) <= root.evaluate("e => e.getBoundingClientRect().right")
    if width == 1280:
        assert root.bounding_box()["height"] <= 720
