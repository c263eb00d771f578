"""Asks every address of another host that a built site links to.

Run it as ``python .github/scripts/links.py _build/html``. It prints the addresses that do not answer, with
the pages that link to them, and ends with 1 if there are any. A host that answers "forbidden" or "too many
requests" is there, and only shuts robots out: such links are listed, and do not count.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urldefrag
from urllib.request import Request, urlopen

SHUT = {401, 403, 405, 418, 429, 999}  # somebody answers, and wants no robots
AGENT = "Mozilla/5.0 (link check of an online book)"


class Anchors(HTMLParser):
    """The addresses of other hosts in the anchors of one page, without their fragments."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where an anchor leads."""
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith(("http://", "https://")):
            self.found.add(urldefrag(address).url)


def gather(site: Path) -> dict[str, list[str]]:
    """Address → the pages of the site that link to it."""
    where: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        anchors = Anchors()
        anchors.feed(page.read_text(encoding="utf-8"))
        for address in anchors.found:
            where.setdefault(address, []).append(page.relative_to(site).as_posix())
    return dict(sorted(where.items()))


def ask(address: str, tries: int = 3, pause: float = 5) -> tuple[str, str]:
    """What comes of an address: ``fine``, ``shut`` or ``broken``, and what was said."""
    said = ""
    for attempt in range(tries):
        time.sleep(pause * attempt)
        try:
            with urlopen(Request(address, headers={"User-Agent": AGENT}), timeout=30) as answer:  # noqa: S310
                return "fine", str(answer.status)
        except HTTPError as error:
            said = f"{error.code} {error.reason}"
            if error.code in SHUT:
                return "shut", said
        except (OSError, HTTPException, ValueError) as error:
            said = str(error)
    return "broken", said


def main(site: Path) -> int:
    """Ask all, and say what did not answer."""
    where = gather(site)
    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(where, pool.map(ask, where), strict=True))
    for address, (outcome, said) in answers.items():
        if outcome != "fine":
            print(f"{outcome}: {address} ({said}) on {', '.join(where[address])}")
    broken = sum(outcome == "broken" for outcome, _ in answers.values())
    print(f"{len(where)} addresses, {broken} broken")
    return int(broken > 0 or not where)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
