"""Nothing jumps: neither as a figure comes alive, for its place is kept, nor while a page is coming in."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from backprop_book.pdf.chromium import find_chromium, flags
from playwright.sync_api import Browser

from tests.book.test_page_contract import FIGURES, selector
from tests.serving import QuietHandler, serving

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
"""
SHOW = """
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
        page.add_init_script(WATCH + SHOW % selector(name))
        page.goto(f"{served}/{FIGURES[name]}")
        page.locator(f"{selector(name)}[data-live]").wait_for()
        page.evaluate(SETTLED)
        assert page.evaluate("shifted") <= 0.02, page.evaluate("moved")
    finally:
        context.close()


# ---- a page in two pieces ----------------------------------------------------------------------------------


class HaltingHandler(QuietHandler):
    """A slow network: a page stops where its text begins, until that has been seen."""

    seen: threading.Event

    def do_GET(self) -> None:
        if self.path.endswith(".html"):
            self.send_in_two(Path(self.translate_path(self.path)).read_bytes())
        else:
            super().do_GET()

    def send_in_two(self, page: bytes) -> None:
        """Send a page's first paragraph with what stands above it, and the rest when that has been seen."""
        middle = page.index(b"</p>", page.index(b"</h1>", page.index(b"<article")))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page[:middle])
        self.wfile.flush()
        self.seen.wait(20)
        self.wfile.write(page[middle:])


@pytest.fixture
def halting(site) -> Iterator[tuple[str, threading.Event]]:
    """The address of the book on that network, and what lets a page go on."""
    handler = type("Handler", (HaltingHandler,), {"seen": threading.Event()})
    with serving(partial(handler, directory=site)) as address:
        yield address, handler.seen
        handler.seen.set()


@pytest.fixture(scope="module")
def browser_with_scrollbars(browser: Browser) -> Iterator[Browser]:
    """A reader's browser on a desktop; the one of the other tests hides scrollbars, as on a phone."""
    visible = {"ignore_default_args": ["--hide-scrollbars"]}
    other = browser.browser_type.launch(executable_path=find_chromium(), args=flags(), **visible)
    yield other
    other.close()


@pytest.mark.parametrize("page_name", ["chapters/00-primer.html", "chapters/05-row-vectors.html"])
def test_the_rest_of_a_page_moves_nothing_that_is_there(browser_with_scrollbars, halting, page_name):
    address, seen = halting
    page = browser_with_scrollbars.new_page(viewport={"width": 1350, "height": 940})
    try:
        page.add_init_script(WATCH)
        page.goto(f"{address}/{page_name}", wait_until="commit")
        page.locator("article h1").wait_for()
        page.evaluate(SETTLED)
        assert page.evaluate("document.readyState") == "loading"
        seen.set()
        page.wait_for_load_state()
        page.evaluate(SETTLED)
        assert page.evaluate("shifted") <= 0.02, page.evaluate("moved")
    finally:
        page.close()
