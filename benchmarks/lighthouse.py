"""What Lighthouse finds on every page of the built book: performance, accessibility, best practices, SEO.

    make book
    .venv/bin/python benchmarks/lighthouse.py                   # each page once, as on a phone
    .venv/bin/python benchmarks/lighthouse.py index chapters/0  # the pages whose addresses begin so
    .venv/bin/python benchmarks/lighthouse.py --desktop --runs 3 --why

It needs Node 18.20 or newer: npm fetches Lighthouse when it is first asked. The browser is the one that
prints the book.

The site is served as GitHub Pages does: text is sent compressed, and may be kept for ten minutes. Lighthouse
simulates a slow network and a slow phone; what it measures there depends on this machine, so let it be quiet.
Of several runs of a page it is the median that counts. Misses are marked, and make the run a failure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]
from backprop_book.pdf.chromium import FLAGS, find_chromium  # noqa: E402  it lies in the book's extension

from tests.serving import QuietHandler, serving  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"
SCORES = {"performance": "perf", "accessibility": "access", "best-practices": "practice", "seo": "SEO"}
TIMES = {
    "first-contentful-paint": "FCP s",
    "largest-contentful-paint": "LCP s",
    "total-blocking-time": "TBT ms",
    "cumulative-layout-shift": "CLS",
}
GOAL = 0.95
LISTS = ("chapters/sources/", "chapters/ledger.html", "chapters/errata.html")
LISTS_GOAL = 0.85
"""What suffices in performance for the pages that list the sources' statements: they are long by nature."""

COMPRESSED = ("text/", "application/javascript", "application/json", "image/svg+xml", "font/ttf")
SKIPPED = ("_static", "lite")
"""Folders that hold no pages of the book: the theme's parts, and a program of its own."""


# ---- the site, as a host of static pages serves it ---------------------------------------------------------


@cache
def compressed(file: Path) -> bytes:
    """Return a file's content as it travels."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)


class Host(QuietHandler):
    """A server that compresses text, lets pages be kept for ten minutes, and says nothing."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send the headers; return what is to follow them."""
        file = Path(self.translate_path(self.path))
        kind = self.guess_type(str(file))
        if not (file.is_file() and kind.startswith(COMPRESSED)):
            return super().send_head()
        body = compressed(file)
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self) -> None:
        """Add what every answer has."""
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()


def pages(site: Path, beginnings: list[str]) -> list[str]:
    """Return the addresses of the book's pages."""
    found = sorted(file.relative_to(site) for file in site.rglob("*.html"))
    names = [page.as_posix() for page in found if page.parts[0] not in SKIPPED]
    return [name for name in names if not beginnings or name.startswith(tuple(beginnings))]


# ---- Lighthouse --------------------------------------------------------------------------------------------


class FailedError(Exception):
    """Lighthouse could not judge a page: most often because this machine was too busy."""


def command() -> list[str]:
    """Return the words that start Lighthouse; without npm, say what is missing."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(
            "Lighthouse comes from npm, and npm is not here: install Node 18.20 or newer (https://nodejs.org)"
        )
    start = [npm, "exec", "--yes", f"--package={LIGHTHOUSE}", "--", "lighthouse"]
    done = subprocess.run([*start, "--version"], check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"npm could not fetch or start {LIGHTHOUSE}:\n{done.stderr.strip()}")
    return start


def report(start: list[str], address: str, *, desktop: bool) -> dict[str, Any]:
    """Run Lighthouse on a page once; return its report."""
    flags = " ".join(["--headless=new", "--no-sandbox", *(flag for flag in FLAGS if " " not in flag)])
    options = ["--quiet", "--output=json", f"--chrome-flags={flags}", f"--only-categories={','.join(SCORES)}"]
    if chrome := find_chromium():
        options.append(f"--chrome-path={chrome}")
    if desktop:
        options.append("--preset=desktop")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "report.json")
        words = [*start, address, *options, f"--output-path={target}"]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode or not target.exists():
            raise FailedError(done.stderr.strip()[-2000:])
        found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    if error := found.get("runtimeError"):
        raise FailedError(error["message"])
    return found


def median(reports: list[dict[str, Any]], part: str, name: str, value: str) -> float:
    """Return the median of a number of some runs."""
    return statistics.median(float(one[part][name][value] or 0) for one in reports)


def row(reports: list[dict[str, Any]]) -> dict[str, float]:
    """Return a page's numbers, by their column."""
    scores = {column: median(reports, "categories", name, "score") for name, column in SCORES.items()}
    times = {column: median(reports, "audits", name, "numericValue") for name, column in TIMES.items()}
    return scores | {column: time / 1000 if column.endswith(" s") else time for column, time in times.items()}


def goal(page: str, column: str) -> float:
    """Return what a page should score."""
    return LISTS_GOAL if column == "perf" and page.startswith(LISTS) else GOAL


def misses(page: str, numbers: dict[str, float]) -> list[str]:
    """Return the columns in which a page scores less than it should."""
    return [column for column in SCORES.values() if numbers[column] < goal(page, column)]


def faults(found: dict[str, Any]) -> Iterator[str]:
    """Say what cost a page its points, the heaviest first."""
    for name, column in SCORES.items():
        refs = sorted(found["categories"][name]["auditRefs"], key=lambda ref: -ref["weight"])
        for ref in refs:
            audit = found["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                places = [_place(item) for item in audit.get("details", {}).get("items", [])]
                shown = "; ".join(place for place in places[:3] if place)
                score = f"{audit['score']:.2f}, weight {ref['weight']}"
                yield f"{column}: {ref['id']} ({score}) {audit.get('displayValue', '')} {shown}".rstrip()


def _place(item: dict[str, Any]) -> str:
    """Return where a fault is, if it is at an element, or what the console said."""
    node = item.get("node") or {}
    return str(node.get("selector") or item.get("description") or "")


# ---- the table ---------------------------------------------------------------------------------------------


def line(page: str, numbers: dict[str, float]) -> str:
    """Return a page's line of the table; a score with a star is too low."""
    low = misses(page, numbers)
    scores = "".join(f"{numbers[c]:8.2f}{'*' if c in low else ' '}" for c in SCORES.values())
    digits = {"TBT ms": 0, "CLS": 3}
    return f"{page:36}{scores}" + "".join(f"{numbers[c]:9.{digits.get(c, 2)}f}" for c in TIMES.values())


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Lighthouse on every page of the built book.")
    parser.add_argument("pages", nargs="*", help="beginnings of addresses; without any: every page")
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--runs", type=int, default=1, help="runs of each page; the median counts")
    parser.add_argument("--desktop", action="store_true", help="a desktop computer rather than a phone")
    parser.add_argument("--why", action="store_true", help="say what cost a page its points")
    return parser.parse_args()


def main() -> None:
    """Measure, and print."""
    asked = arguments()
    names = pages(asked.site, asked.pages)
    if not names:
        sys.exit(f"no such page in {asked.site}: run make book first")
    start, low = command(), []
    head = "".join(f"{c:>8} " for c in SCORES.values()) + "".join(f"{c:>9}" for c in TIMES.values())
    print(f"{'desktop' if asked.desktop else 'phone':36}{head}", flush=True)
    with serving(partial(Host, directory=asked.site)) as address:
        for page in names:
            try:
                reports = [
                    report(start, f"{address}/{page}", desktop=asked.desktop) for _ in range(asked.runs)
                ]
            except FailedError as error:
                print(f"{page:36}  failed: {error}", flush=True)
                low.append(page)
                continue
            numbers = row(reports)
            print(line(page, numbers), flush=True)
            if asked.why:
                print("".join(f"    {fault}\n" for fault in faults(reports[-1])), end="", flush=True)
            low += [page] if misses(page, numbers) else []
    print(
        f"{len(names) - len(low)} of {len(names)} pages reach {GOAL} (the lists: {LISTS_GOAL} in performance)"
    )
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
