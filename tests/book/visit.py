"""An open page of the book, and all that was said or asked while it was open."""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

LOCAL = {"localhost", "127.0.0.1"}


def until(page: Page, script: str, arg: Any = None, seconds: float = 30) -> None:
    """Wait until a script gives true. (Playwright would run an eval in the page, whose policy forbids it.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        assert time.monotonic() < end, f"not true within {seconds} s: {script}"
        page.wait_for_timeout(20)


CELLS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter((cell) => cell.type === "code")
  .map((cell) => ({
    ran: cell.executionCount !== null || cell.sharedModel.getSource().trim() === "",
    failed: cell.outputs.toJSON().filter((one) => one.output_type === "error").map((one) => one.evalue),
  }))"""


def ran(page: Page, seconds: int = 180) -> list[str]:
    """What failed in the notebook that is open in JupyterLab, once all cells have run or one has failed."""
    for _ in range(seconds):
        cells = page.evaluate(CELLS)
        failed = [name for cell in cells for name in cell["failed"]]
        if failed or (cells and all(cell["ran"] for cell in cells)):
            return failed
        page.wait_for_timeout(1000)
    waiting = sum(not cell["ran"] for cell in cells)
    raise AssertionError(f"after {seconds} seconds, {waiting} cells have not run")


@dataclass
class Visit:
    """An open page and all that was said or asked while it was open."""

    page: Page
    noise: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("requestfailed", self.on_failure)
        self.page.on("request", self.on_request)
        self.page.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        self.noise.append(f"console {message.type}: {message.text}")

    def on_failure(self, request: Request) -> None:
        cut_off = request.failure == "net::ERR_ABORTED" and request.url.endswith("/favicon.svg")
        if not cut_off:  # the icon comes last: who goes on at once may be too quick for it
            self.noise.append(f"failed: {request.url}: {request.failure}")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"file", "data", "blob"} and parts.hostname not in LOCAL:
            self.noise.append(f"another host: {request.url}")

    def on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.noise.append(f"{response.status}: {response.url}")

    def assert_quiet(self) -> None:
        """No word on the console, no error, no missing file, no request to another host."""
        assert self.noise == []
