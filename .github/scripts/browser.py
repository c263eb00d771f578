"""Says where Playwright has put its Chromium, as a line for $GITHUB_ENV: the tests read CHROME."""

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    print(f"CHROME={playwright.chromium.executable_path}")
