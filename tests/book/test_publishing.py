"""What other programs read of the site: cards, a map, a word for robots, a page for wrong addresses."""

import json
import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from backprop_book.description import LONGEST, SHORTEST, description
from backprop_book.policy import pages
from backprop_book.publishing import (
    CARD,
    CARD_SIZE,
    OWN,
    WITHOUT_TEXT,
    card,
    not_found,
    robots,
    site_address,
    site_map,
)
from docutils import nodes
from PIL import Image

from tests.book.conftest import HTML

TITLE = "Backpropagation, Executed"
ADDRESS = "https://ada.github.io/engine/"
PATHS = [path.relative_to(HTML).as_posix() for path in pages(HTML)]
DEBRIS = re.compile(r"[\\$^{}<>\0]|\[\w+\]|\s[,.]")


class Head(HTMLParser):
    """The meta elements of a page by name, and its links by kind."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "meta" and (name := about.get("name") or about.get("property")):
            self.meta.setdefault(name, []).append(about["content"] or "")
        if tag == "link":
            self.links.setdefault(about.get("rel") or "", []).append(about.get("href") or "")


# ---- the address -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/Ada/engine", ADDRESS),
        ("https://github.com/ada/engine/", ADDRESS),
        ("https://github.com/ada/engine.git", ADDRESS),
        ("https://github.com/ada/Ada.GitHub.io", "https://ada.github.io/"),
        ("https://git.example.org/ada/engine", ""),
        ("https://github.com/ada", ""),
        ("", ""),
    ],
)
def test_the_site_stands_where_pages_puts_it(repository: str, address: str) -> None:
    assert site_address(repository) == address


def test_the_map_and_the_robots_name_the_address_or_nothing() -> None:
    tree = ET.fromstring(site_map(ADDRESS, ["index.html", "a & b.html"]))
    assert [place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == [
        f"{ADDRESS}index.html",
        f"{ADDRESS}a%20%26%20b.html",
    ]
    assert robots(ADDRESS).splitlines()[-1] == f"Sitemap: {ADDRESS}sitemap.xml"
    assert "Sitemap" not in robots("")


def test_a_card_has_a_picture_where_the_address_is_known() -> None:
    known = Head(card('A & "B"', "About it.", "Book", ADDRESS, "a.html")).meta
    assert known["og:title"] == ['A & "B"']
    assert known["og:url"] == [f"{ADDRESS}a.html"]
    assert known["og:image"] == known["twitter:image"] == [f"{ADDRESS}_static/{CARD}"]
    assert known["twitter:card"] == ["summary_large_image"]
    unknown = Head(card("A", "About it.", "Book", "", "a.html")).meta
    assert unknown["description"] == unknown["og:description"] == ["About it."]
    assert not {"og:url", "og:image", "twitter:image"} & unknown.keys()


def test_the_picture_is_one_that_previews_take() -> None:
    picture = (OWN / CARD).read_bytes()
    assert Image.open(BytesIO(picture)).size == CARD_SIZE
    assert len(picture) < 100_000


# ---- descriptions ------------------------------------------------------------------------------------------


def page_of(*texts: str) -> nodes.document:
    page = nodes.document(None, None)
    for text in texts:
        paragraph = nodes.paragraph()
        for k, part in enumerate(text.split("$")):
            paragraph += nodes.math("", part) if k % 2 else nodes.Text(part)
        page += paragraph
    return page


def test_a_description_leaves_out_what_is_no_plain_text() -> None:
    page = page_of(
        "Where $z = W x$, all is lost. A weight $w_1$ and an error $\\delta$ meet [HH19] , and part."
    )
    assert description(page) == "A weight w₁ and an error δ meet, and part."
    page[0].parent = nodes.note()  # a box is no text of the page
    assert description(page) == ""


def test_a_description_is_neither_short_nor_long() -> None:
    assert description(
        page_of("Short. Also short.", "And one more sentence that makes it long enough, at last.")
    ) == ("Short. Also short. And one more sentence that makes it long enough, at last.")
    long = description(page_of(f"A sentence {'that goes on ' * 20}for ever."))
    assert SHORTEST < len(long) <= LONGEST
    assert long.endswith(("on…", "that…", "goes…"))


# ---- the page for a wrong address --------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_the_page_for_a_wrong_address_has_no_relative_link(address: str) -> None:
    page = not_found("Book & Co", address)
    named = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert all(name.startswith(("data:", ADDRESS)) for name in named)
    assert len(named) == (3 if address else 1)
    assert "Book &amp; Co" in page
    assert "{{" not in page


@pytest.mark.site
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_page_for_a_wrong_address_asks_for_nothing(served: str, browser, site: Path, mode: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=mode)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    text = (site / "404.html").read_text(encoding="utf-8")
    page.route("**/*", lambda route: route.fulfill(status=404, content_type="text/html", body=text))
    wrong = f"{served}/no/such/page/at/all"
    page.goto(wrong)
    page.wait_for_timeout(300)
    assert page.locator("h1").inner_text() == "No page at this address"
    assert [address for address in asked if not address.startswith("data:")] == [wrong]
    assert [line for line in said if "404" not in line] == []
    colours = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (colours[1] == "rgb(255, 255, 255)") is (mode == "light")
    context.close()


# ---- the site ----------------------------------------------------------------------------------------------


@pytest.mark.site
def test_every_page_has_a_description_of_its_own(site: Path) -> None:
    seen: dict[str, str] = {}
    for path in PATHS:
        meta = Head((site / path).read_text(encoding="utf-8")).meta
        (text,) = meta["description"]
        assert SHORTEST <= len(text) <= LONGEST, f"{path}: {text}"
        assert not DEBRIS.search(text), f"{path}: {text}"
        assert text not in seen, f"{path} and {seen.get(text)}: {text}"
        seen[text] = path
        if path == "404.html":
            assert f"<p>{TITLE}</p>" in (site / path).read_text(encoding="utf-8")
        else:
            assert meta["og:site_name"] == [TITLE], path
            assert meta["og:description"] == [text], path
            assert meta["og:title"][0] in unescape((site / path).read_text(encoding="utf-8")), path


@pytest.mark.site
def test_every_page_has_an_icon(site: Path) -> None:
    for path in PATHS:
        (icon,) = Head((site / path).read_text(encoding="utf-8")).links["icon"]
        assert icon.startswith("data:image/svg") or ((site / path).parent / icon).is_file(), path


@pytest.mark.site
def test_the_site_says_where_it_is_only_if_it_knows(site: Path) -> None:
    """The same address in all places, or none anywhere."""
    heads = {path: Head((site / path).read_text(encoding="utf-8")) for path in PATHS if path != "404.html"}
    places = {path: head.links["canonical"][0] for path, head in heads.items() if "canonical" in head.links}
    addresses = {place.removesuffix(path) for path, place in places.items()}
    assert len(addresses) <= 1
    known = bool(addresses)
    assert (site / "sitemap.xml").exists() is known
    assert ("Sitemap:" in (site / "robots.txt").read_text(encoding="utf-8")) is known
    for path, head in heads.items():
        said = ["canonical" in head.links, "og:url" in head.meta, "og:image" in head.meta]
        assert said == [known] * 3, path


# ---- a book with an address --------------------------------------------------------------------------------

CONF = """\
import sys
sys.path.insert(0, {ext!r})
extensions = ["myst_nb", "backprop_book"]
project = "A book"
"""
PROJECT = '[project]\nname = "book"\n[project.urls]\nRepository = "{repository}"\n'


def build(folder: Path, repository: str) -> Path:
    (folder / "part").mkdir(exist_ok=True)
    (folder / "conf.py").write_text(CONF.format(ext=str(Path(__file__).parents[2] / "_ext")))
    (folder / "pyproject.toml").write_text(PROJECT.format(repository=repository))
    (folder / "index.md").write_text("# Title\n\nA first page.\n\n```{toctree}\npart/two\n```\n")
    (folder / "part" / "two.md").write_text("# Two\n\nA second page with $x$ in it.\n")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", ".", "_build/html"]
    done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


@pytest.mark.build
def test_an_address_that_is_set_reaches_every_place_and_goes_again(tmp_path: Path) -> None:
    html = build(tmp_path, "https://github.com/Ada/engine")
    for path in ("index.html", "part/two.html"):
        head = Head((html / path).read_text(encoding="utf-8"))
        assert head.links["canonical"] == head.meta["og:url"] == [ADDRESS + path]
        assert head.meta["og:image"] == [f"{ADDRESS}_static/{CARD}"]
    assert f"<loc>{ADDRESS}part/two.html</loc>" in (html / "sitemap.xml").read_text()
    assert f"{ADDRESS}search.html" in (html / "404.html").read_text()
    assert (html / "_static" / CARD).exists()
    html = build(tmp_path, "https://github.com/OWNER/engine")
    texts = [file.read_text(encoding="utf-8") for file in html.rglob("*.html")]
    assert not any("github.io" in text for text in texts)
    assert not (html / "sitemap.xml").exists()
    assert json.dumps(robots("")) == json.dumps((html / "robots.txt").read_text())
    assert set(WITHOUT_TEXT) <= {file.stem for file in html.glob("*.html")}
