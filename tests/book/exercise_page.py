"""A page of its own with some exercises, opened in a real browser once they are live."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.book.visit import Visit

OpenAt = Callable[..., Visit]


@pytest.fixture
def open_at(browser: Browser, address: str) -> Iterator[OpenAt]:
    """``open_at(width=360, color_scheme="dark")`` opens the page at the module's ``address``."""
    with ExitStack() as contexts:

        def open_(width: int = 1280, **options: Any) -> Visit:
            context = browser.new_context(viewport={"width": width, "height": 900}, **options)
            contexts.callback(context.close)
            visit = Visit(context.new_page())
            visit.listen()
            visit.page.goto(address)
            if options.get("java_script_enabled", True):
                visit.page.locator("[data-exercise]:has(.ex-state)").first.scroll_into_view_if_needed()
                visit.page.wait_for_selector("[data-exercise][data-live]")
            return visit

        yield open_
