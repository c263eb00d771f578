"""Where a Chromium or a Chrome is, and how it is started: for the PDF and for the tests of the pages."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

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
HINT = f"""\
No browser could be started. Install a Chromium or a Chrome:
  Debian: sudo apt-get install chromium
  anywhere: {sys.executable} -m playwright install chromium
If you have one in an unusual place, give its path: CHROME=/path/to/chrome, before the command"""


class NoBrowserError(Exception):
    """No browser could be started."""


def find_chromium() -> str | None:
    """Return the path of an installed browser; None means the one that Playwright may have installed."""
    named = [os.environ.get("CHROME"), *map(shutil.which, NAMES)]
    return next((path for path in [*named, *PLACES] if path and Path(path).exists()), None)


def flags() -> list[str]:
    """Return what a browser is started with; for the super-user it has no sandbox."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*FLAGS, "--no-sandbox"] if root else FLAGS


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser that can reach no other machine, and close it in the end."""
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags())
        except Error as error:
            raise NoBrowserError(f"{HINT}\n\n{error}") from error
        yield browser
        browser.close()
