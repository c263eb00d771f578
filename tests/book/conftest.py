"""A real browser, the built site over http and as files, and pages that must stay quiet."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))
from backprop_book.pdf.chromium import NoBrowserError, chromium

from tests.book.figures import opened
from tests.book.visit import Visit
from tests.serving import serving_folder

ROOT = Path(__file__).parents[2]
HTML = Path(os.environ.get("BOOK_HTML", ROOT / "_build" / "html"))  # another build, where one is named


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with contextlib.ExitStack() as stack:
        try:
            started = stack.enter_context(chromium())
        except NoBrowserError as error:
            pytest.exit(str(error), returncode=1)
        yield started


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book."""
    if not (HTML / "index.html").exists():
        pytest.fail("the book is not built: run make book first", pytrace=False)
    return HTML


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of a server of the built book on this machine."""
    with serving_folder(site) as address:
        yield address


@pytest.fixture(scope="session", params=["http", "file"])
def base_url(request: pytest.FixtureRequest, site: Path) -> str:
    """The book's address without a slash at its end: once from a server, once as files."""
    return request.getfixturevalue("served") if request.param == "http" else site.as_uri()


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


# ---- an explorable, for modules that say where it is: PAGE and FIGURE --------------------------------------


@pytest.fixture(scope="module")
def visit(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Visit]:
    """The module's page, opened once for all its tests."""
    with opened(browser, f"{base_url}/{request.module.PAGE}", request.module.FIGURE) as visit:
        yield visit


@pytest.fixture
def figure(request: pytest.FixtureRequest, visit: Visit) -> Iterator[Locator]:
    """The module's explorable as it starts; nothing may be said or asked while a test moves it."""
    root = visit.page.locator(f"{request.module.FIGURE}[data-live]")
    root.get_by_role("button", name="Reset").click()
    yield root
    visit.assert_quiet()
