"""A real browser, the built site over http and as files, and pages that must stay quiet."""

import contextlib
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, Response, sync_playwright

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
LOCAL = {"localhost", "127.0.0.1"}

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def find_chromium() -> str | None:
    """The path of an installed browser; None means the one that Playwright may have installed."""
    named = [os.environ.get("CHROME"), *map(shutil.which, NAMES)]
    return next((path for path in [*named, *PLACES] if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, "--no-sandbox"] if root else FLAGS
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        except Error as error:
            hint = (
                f"install a Chromium: the README says how ({sys.executable} -m playwright install chromium)"
            )
            pytest.exit(f"no browser could be started: {hint}\n{error}", returncode=1)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book."""
    if not (HTML / "index.html").exists():
        pytest.fail("the book is not built: run make book first", pytrace=False)
    return HTML


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the tests look at what the browser gets."""


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of a server of the built book on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=site))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session", params=["http", "file"])
def base_url(request: pytest.FixtureRequest, site: Path) -> str:
    """The book's address without a slash at its end: once from a server, once as files."""
    return request.getfixturevalue("served") if request.param == "http" else site.as_uri()


@dataclass
class Visit:
    """An open page and all that was said or asked while it was open."""

    page: Page
    noise: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("requestfailed", lambda request: self.noise.append(f"failed: {request.url}"))
        self.page.on("request", self.on_request)
        self.page.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        self.noise.append(f"console {message.type}: {message.text}")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"file", "data", "blob"} and parts.hostname not in LOCAL:
            self.noise.append(f"another host: {request.url}")

    def on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.noise.append(f"{response.status}: {response.url}")

    def wait_for_mathjax(self) -> None:
        """Wait until every formula is typeset; pages with hundreds of them do it bit by bit."""
        if self.page.locator("script[src*='tex-chtml']").count():
            self.page.wait_for_function("() => window.MathJax?.startup?.promise")
            self.page.evaluate("() => MathJax.startup.promise.then(() => true)")
        if self.page.locator("html[data-typeset]").count():
            self.page.wait_for_selector("html[data-typeset=done]", state="attached", timeout=120_000)

    def assert_quiet(self) -> None:
        """No word on the console, no error, no missing file, no request to another host."""
        assert self.noise == []


OpenPage = Callable[..., Visit]


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[OpenPage]:
    """``open_page("index.html", width=390)`` opens a page of the book in a browser of its own."""
    with contextlib.ExitStack() as contexts:

        def open_(path: str, *, width: int = 1280, height: int = 800, **options: Any) -> Visit:
            context = browser.new_context(viewport={"width": width, "height": height}, **options)
            contexts.callback(context.close)
            visit = Visit(context.new_page())
            visit.listen()
            visit.page.goto(f"{base_url}/{path}")
            return visit

        yield open_
