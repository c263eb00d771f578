"""An explorable on its page: opened once, read and typed into from the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.book.conftest import Visit

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
