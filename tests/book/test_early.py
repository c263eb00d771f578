"""A figure is alive before the rest of its page has come: the server holds the rest back."""

import threading
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.serving import QuietHandler, serving

pytestmark = pytest.mark.site

PAGE = "chapters/02-two-layers.html"
FIGURE = 'figure.xp[data-explorable="two-layers"]'
BEGIN, END = b'<figure class="xp"', b"</figure>"


class SlowHandler(QuietHandler):
    """Sends the page as far as its figure goes, and a little more; the rest when it is told to."""

    site: Path
    goes_on: threading.Event

    def do_GET(self):
        if not self.path.endswith(PAGE):
            return super().do_GET()
        text = (self.site / PAGE).read_bytes()
        half = text.index(END, text.index(BEGIN)) + 100
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[:half])
        self.wfile.flush()
        self.goes_on.wait(60)
        self.wfile.write(text[half:])
        return None


@pytest.fixture
def slow(site):
    handler = type("Handler", (SlowHandler,), {"site": site, "goes_on": threading.Event()})
    with serving(partial(handler, directory=site)) as address:
        yield address, handler.goes_on
        handler.goes_on.set()


def test_a_figure_can_be_played_with_while_the_rest_of_the_page_comes_in(browser, slow):
    address, goes_on = slow
    page = browser.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/{PAGE}", wait_until="commit")
    expect(page.locator(f"{FIGURE}[data-live]")).to_be_visible()
    assert page.evaluate("document.readyState") == "loading"
    number = page.locator(f'{FIGURE} [data-output="z1[1]"]').first
    before = number.get_attribute("data-value")
    page.locator(f'{FIGURE} input[type=number][data-input="x[1]"]').fill("0.5")
    assert number.get_attribute("data-value") != before
    goes_on.set()
    page.wait_for_load_state("load")
    assert page.locator(f"{FIGURE} .xp-in").count() == 1, "it is started once"
    assert said == []
    page.close()
