"""Every address in the built book leads somewhere: inside the book by looking, outside by the weekly run."""

import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urldefrag, urlsplit

import pytest
from backprop_book.policy import pages

from tests.book.conftest import HTML, ROOT

NAMING = {"href", "src", "action", "xlink:href", "poster", "data", "formaction", "background"}
"""Attributes that hold one address."""
PLACE = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
STATE = re.compile(r'<script type="application/json" class="xp-state">(.*?)</script>', re.DOTALL)


class Addresses(HTMLParser):
    """The places of a page, and all that it points to."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []
        self.found: set[tuple[str, str]] = set()
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self.places.append(value)
            elif name in NAMING and not (tag == "object" and name != "data"):
                self.found.add((f"{tag} {name}", value))
            elif name in {"srcset", "imagesrcset"}:
                self.found |= {(f"{tag} {name}", part.split()[0]) for part in value.split(",")}
            elif "url(" in value:
                self.found |= {(f"{tag} {name}", place) for place in PLACE.findall(value)}

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.found |= {("style", place) for place in PLACE.findall(data)}


@cache
def read(page: Path) -> Addresses:
    addresses = Addresses()
    addresses.feed(page.read_text(encoding="utf-8"))
    return addresses


def inside(address: str) -> bool:
    return not re.match(r"[a-z][a-z0-9+.-]*:|//", address, re.IGNORECASE)


def missing(page: Path, address: str, root: Path) -> str | None:
    """What is wrong with an address within the book."""
    target, anchor = urldefrag(address)
    path = unquote(urlsplit(target).path)
    file = (page.parent / path).resolve() if path else page
    if file.is_dir():
        file /= "index.html"
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        return "no such file"
    if not anchor or file.suffix != ".html" or unquote(anchor) in read(file).places:
        return None
    name, *parts = unquote(anchor).split("&")
    return unknown(file, name, parts) if parts else "no such place"


def unknown(page: Path, name: str, parts: list[str]) -> str | None:
    """What a link into a figure's setting asks for, and the figure has not."""
    states = [json.loads(state) for state in STATE.findall(page.read_text(encoding="utf-8"))]
    for state in states:
        if state["name"] == name:
            for key, value in parse_qsl("&".join(parts), strict_parsing=True):
                inputs = {known.replace("[", ".").replace("]", "") for known in state["inputs"]}
                if key not in inputs | set(state["view"]) | {"variant"}:
                    return f"no {key}"
                if key in inputs:
                    float(value)
            return None
    return f"no figure {name}"


def every_page() -> Iterator[tuple[str, Path]]:
    for page in pages(HTML):
        yield page.relative_to(HTML).as_posix(), page


# ---- what the check itself can see -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("b.html", None),
        ("b.html#here", None),
        ("b.html?q=1#here", None),
        ("#top", None),
        ("folder/", None),
        ("b%20c.html", None),
        ("b.html#toy&W.1.2=0.5&variant=tanh", None),
        ("b.html#toy&step=1", None),
        ("b.html#toy&W.1.3=0.5", "no W.1.3"),
        ("b.html#boy&W.1.2=0.5", "no figure boy"),
        ("b.html#there", "no such place"),
        ("#here", "no such place"),
        ("c.html", "no such file"),
        ("../outside.html", "no such file"),
        ("other/", "no such file"),
    ],
)
def test_an_address_is_followed(tmp_path: Path, address: str, wrong: str | None) -> None:
    root = tmp_path / "site"
    (root / "folder").mkdir(parents=True)
    (root / "other").mkdir()
    state = json.dumps({"name": "toy", "inputs": {"W[1][2]": 1}, "view": {"step": 1}})
    script = f'<script type="application/json" class="xp-state">{state}</script>'
    (root / "b.html").write_text(f'<p id="here">{script}</p>')
    for name in ("b c.html", "folder/index.html", "../outside.html"):
        (root / name).write_text("")
    page = root / "a.html"
    page.write_text('<p id="top">')
    assert missing(page, address, root) == wrong


def test_every_kind_of_address_is_read() -> None:
    page = """<a href=1></a><img src=2 srcset="3 1x, 4 2x"><p style="background: url('5')"><path
        fill="url(#6)"/>
        <style>p { background: url(7) }</style><form action=8></form><use xlink:href="#9"/><link href=10>
        <code>url(no)</code><input value=no data-x=no>"""
    addresses = Addresses()
    addresses.feed(page)
    found = {address.strip("#") for _, address in addresses.found}
    assert found == set(map(str, range(1, 11)))


# ---- the book ----------------------------------------------------------------------------------------------


@pytest.mark.site
def test_every_address_within_the_book_leads_somewhere(site: Path) -> None:
    wrong, count = [], 0
    for name, page in every_page():
        for where, address in sorted(read(page).found):
            if inside(address) and address not in {"#", "?"}:
                count += 1
                if said := missing(page, address, site):
                    wrong.append(f"{name}: {where}: {address}: {said}")
    assert wrong == []
    assert count > 1000


@pytest.mark.site
def test_a_place_that_a_link_leads_to_is_there_once(site: Path) -> None:
    for _, page in every_page():
        for where, address in read(page).found:
            if where == "a href" and inside(address) and "#" in address:
                target, anchor = urldefrag(address)
                file = (page.parent / unquote(target)).resolve() if target else page
                if file.suffix == ".html":
                    assert read(file).places.count(unquote(anchor)) <= 1, address


@pytest.mark.site
def test_what_style_sheets_show_is_there(site: Path) -> None:
    for sheet in sorted((site / "_static").rglob("*.css")):
        for address in PLACE.findall(sheet.read_text(encoding="utf-8")):
            if not address.startswith(("data:", "#")):
                assert missing(sheet, address, site) is None, f"{sheet.name}: {address}"


@pytest.mark.site
def test_what_comes_from_elsewhere_is_an_anchor_and_nothing_else(site: Path) -> None:
    """A page loads nothing of another host: it may only lead there. Its own address stands in its head."""
    for name, page in every_page():
        own = re.findall(r'<link rel="canonical" href="([^"]*)"', page.read_text("utf-8"))
        for where, address in read(page).found:
            if not inside(address) and not address.startswith("data:") and address not in own:
                assert where == "a href", f"{name}: {address}"


@pytest.fixture(scope="module")
def links():
    spec = importlib.util.spec_from_file_location("links", ROOT / ".github" / "scripts" / "links.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def listed(site: Path, links) -> dict[str, list[str]]:
    return links.gather(site)


@pytest.mark.site
def test_every_link_to_another_place_is_on_the_list_of_the_weekly_run(site: Path, listed) -> None:
    found = {
        urldefrag(address).url: name
        for name, page in every_page()
        for where, address in read(page).found
        if where == "a href" and not inside(address)
    }
    assert set(listed) == set(found)
    assert len(listed) >= 10


@pytest.mark.site
def test_every_link_to_another_place_is_well_formed(links, listed) -> None:
    assert {address: said for address in listed if (said := links.malformed(address))} == {}


def test_the_weekly_run_can_say_whom_it_asks(links, tmp_path: Path, capsys) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="https://x.test/b#c">b</a><a href="https://a.test">a</a><a href="#c">'
    )
    assert links.main([str(tmp_path), "--list"]) == 0
    assert capsys.readouterr().out.split() == ["https://a.test", "https://x.test/b"]


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://doi.org/10.1002/9781119541219", True),
        ("https://x.test/a_(b)?c=d%20e", True),
        ("http://neuralnetworksanddeeplearning.com", True),
        ("http://x.test", False),
        ("mailto:a@x.test", False),
        ("//x.test/a", False),
        ("https://localhost/a", False),
        ("https://me:secret@x.test/a", False),
        ("https://x.test/a b", False),
        ("https://x.test/50%", False),
        ("https://x.test/a.", False),
    ],
)
def test_an_address_is_well_formed_or_not(links, address: str, fine: bool) -> None:
    assert (links.malformed(address) == "") is fine
