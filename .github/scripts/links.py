"""Asks every address of another host that a built site links to.

Run it as ``python .github/scripts/links.py _build/html``. It prints the addresses that do not answer, with
the pages that link to them, and ends with 1 if there are any. A host that answers "forbidden" or "too many
requests" is there, and only shuts robots out: such links are listed, and do not count. With ``--list`` behind
it, it asks nobody, and prints the addresses.
"""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

SHUT = {401, 403, 405, 418, 429, 999}  # somebody answers, and wants no robots
AGENT = "Mozilla/5.0 (link check of an online book)"
OTHERS = ("lite", "_static", "_sources")  # folders whose pages are not the book's
WITHOUT_TLS = {"http://neuralnetworksanddeeplearning.com"}  # hosts that have no certificate of their own


class Anchors(HTMLParser):
    """The addresses of other hosts in the anchors of one page, without their fragments."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where an anchor leads."""
        address = dict(attrs).get("href") or ""
        if tag == "a" and re.match("[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE):
            self.found.add(urldefrag(address).url)


def gather(site: Path) -> dict[str, list[str]]:
    """Address → the pages of the site that link to it."""
    where: dict[str, list[str]] = {}
    for page in sorted(site.rglob("*.html")):
        if page.relative_to(site).parts[0] in OTHERS:
            continue
        anchors = Anchors()
        anchors.feed(page.read_text(encoding="utf-8"))
        for address in anchors.found:
            where.setdefault(address, []).append(page.relative_to(site).as_posix())
    return dict(sorted(where.items()))


def malformed(address: str) -> str:
    """What keeps an address from being one that a reader can follow safely; nothing where it is fine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and address not in WITHOUT_TLS:
        return "it does not begin with https"
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc):
        return "it names no host"
    if not re.fullmatch(r"(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*", parts.path + parts.query, re.ASCII):
        return "it has signs that must be written otherwise"
    return "it ends like a sentence" if address.endswith((".", ",", ")", ";")) else ""


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


def main(arguments: list[str]) -> int:
    """Ask all, and say what did not answer; or say whom the run would ask."""
    where = gather(Path(arguments[0]))
    if "--list" in arguments:
        print("\n".join(where))
        return 0
    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(where, pool.map(ask, where), strict=True))
    for address, (outcome, said) in answers.items():
        if outcome != "fine":
            print(f"{outcome}: {address} ({said}) on {', '.join(where[address])}")
    broken = sum(outcome == "broken" for outcome, _ in answers.values())
    print(f"{len(where)} addresses, {broken} broken")
    return int(broken > 0 or not where)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
