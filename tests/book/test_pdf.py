"""The book on paper: nothing is cut off or waits for a click; numbers and links are true."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

pytestmark = pytest.mark.site
ROOT = Path(__file__).parents[2]
SINGLE = ROOT / "_build" / "singlehtml" / "index.html"
BUILD = [str(Path(sys.executable).with_name("jupyter-book")), "build", "--builder", "singlehtml", str(ROOT)]
PRINT = [sys.executable, "-m", "backprop_book.pdf", str(SINGLE)]

MARGIN = 21 * 72 / 25.4  # of a page, in points: as in the style sheet
STRETCHED = "⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠⎧⎨⎩⎪⎫⎬⎭∣∥\ue154"  # brackets: pypdf mistakes where stretched glyphs stand
SCREEN_ONLY = (
    "Copy as LaTeX",
    "Link to this",
    "Hide code",
    "Back to top",
    "Search the ledger",
)


HANDS = re.compile(
    r"\b(click|drag|hover|rocket|scroll|sliders|arrow keys|as you type|type it|to try:|step through|"
    r"open (it|a badge|the badges)|move something|choose one of them|watch it)",
    re.IGNORECASE,
)
"""What only somebody with a screen can do."""

ABOUT_THE_SITE = {"lecturers", "progress", "run"}
FOR_THE_SCREEN = re.compile(r"^(:{3,})\{div\} on-screen\n(.*?)^\1\n", re.MULTILINE | re.DOTALL)
MARKUP = re.compile(r"[$`*{}\[\]<>|]+|\n\d\. |\n: ")


@dataclass
class Book:
    """A PDF, read once: each page's text, and where each piece of text begins."""

    reader: PdfReader

    def __post_init__(self) -> None:
        self.seen: dict[int, tuple[str, list[tuple[float, float, str]]]] = {}

    def page(self, number: int) -> tuple[str, list[tuple[float, float, str]]]:
        if number not in self.seen:
            self.seen[number] = read(self.reader.pages[number - 1])
        return self.seen[number]

    def some(self) -> Iterator[tuple[int, str, list[tuple[float, float, str]]]]:
        """Every fifth page: to read them all would take longer than to print them."""
        for number in range(1, len(self.reader.pages) + 1, 5):
            yield number, *self.page(number)

    def text(self, first: int, following: int) -> str:
        """The text of the pages from one up to another, counted from 1."""
        return "\n".join(self.page(number)[0] for number in range(first, following))

    def links(self, page: int) -> Iterator[dict]:
        for entry in self.reader.pages[page - 1].get("/Annots", []):
            if (link := entry.get_object())["/Subtype"] == "/Link":
                yield link

    def target(self, link: dict) -> int:
        """The page, counted from 1, that a link within the book leads to."""
        name = link["/Dest"] if "/Dest" in link else link["/A"]["/D"]
        return self.reader.get_destination_page_number(self.reader.named_destinations[str(name)]) + 1

    @property
    def contents(self) -> list[int]:
        """The pages of the contents, counted from 1."""
        return list(range(self.outline["Contents"], self.outline["Preface"]))

    @cached_property
    def outline(self) -> dict[str, int]:
        """The bookmarks of the chapters, and the page that each leads to."""
        entries = [entry for entry in self.reader.outline if not isinstance(entry, list)]
        return {str(entry.title): self.reader.get_destination_page_number(entry) + 1 for entry in entries}


def read(page) -> tuple[str, list[tuple[float, float, str]]]:
    pieces: list[tuple[float, float, str]] = []

    def visit(text, matrix, own, font, size) -> None:
        if text.strip() and text.strip() not in STRETCHED:
            a, b, c, d, e, f = matrix
            x, y = own[4], own[5]
            pieces.append((a * x + c * y + e, b * x + d * y + f, text.strip()))

    return page.extract_text(visitor_text=visit), pieces


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The printed book: the one that BOOK_PDF names, or one printed now."""
    pdf = Path(os.environ.get("BOOK_PDF", tmp_path_factory.mktemp("pdf") / "book.pdf"))
    if not pdf.exists():
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext")}
        for command in (BUILD, [*PRINT, str(pdf)]):
            done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return Book(PdfReader(pdf))


def chapters() -> list[str]:
    """The titles of the pages that the contents name, one below the other."""
    on_the_site = "chapters/progress"  # what a reader has solved: a browser knows it, paper does not
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    files = [ROOT / f"{chapter['file']}.md" for part in parts for chapter in part["chapters"]]
    files.remove(ROOT / f"{on_the_site}.md")
    return [re.search(r"^# (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)[1] for file in files]


def plain(text: str) -> str:
    """Letters and digits alone, each by itself: on paper an f and an i are one glyph."""
    return re.sub(r"\W+", "", text.replace("ﬁ", "fi").replace("ﬂ", "fl"))


def prose(page: Path) -> str:
    """What a page says on paper in words of its own: no code, no pictures, nothing that is for the screen."""
    text = re.sub(r"^```.*?^```\n", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return FOR_THE_SCREEN.sub("", text)


def for_the_screen(page: Path) -> list[str]:
    """The words for the screen on a page, in pieces without markup that are long enough to be no other's."""
    blocks = FOR_THE_SCREEN.findall(page.read_text(encoding="utf-8"))
    pieces = [plain(piece) for _, block in blocks for piece in MARKUP.split(block)]
    return [piece for piece in pieces if len(piece) > 25]


def test_it_is_tagged_and_says_what_it_is(book: Book) -> None:
    root = book.reader.trailer["/Root"]
    assert book.reader.metadata.title == "Backpropagation, Executed"
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_each_chapter_has_a_bookmark_that_leads_to_it(book: Book) -> None:
    titles = [re.sub(r"^\d+ +", "", title) for title in book.outline]
    assert titles == ["Contents", "Preface", *chapters()]
    for title, page in book.outline.items():
        assert plain(title) in plain(book.page(page)[0]), title


def test_the_contents_name_the_right_pages(book: Book) -> None:
    for page in book.contents:
        own, *shown = re.findall(r"(\d+)[ \t]*$", book.page(page)[0], re.MULTILINE)
        assert int(own) == page  # the number at the page's foot, which is drawn first
        links = [link for link in book.links(page) if link["/Rect"][3] - link["/Rect"][1] > 4]  # no seams
        assert [int(number) for number in shown] == [book.target(link) for link in links]


def test_links_lead_somewhere(book: Book) -> None:
    addresses = set()
    for page in range(1, len(book.reader.pages) + 1):
        for link in book.links(page):
            if "/URI" in link.get("/A", {}):
                addresses.add(link["/A"]["/URI"])
            else:
                assert 0 < book.target(link) <= len(book.reader.pages)
    assert addresses
    assert not [address for address in addresses if not address.startswith(("https://", "http://"))]


def test_nothing_stands_outside_the_margins(book: Book) -> None:
    outside = []
    for number, _, pieces in book.some():
        box = book.reader.pages[number - 1].cropbox
        outside += [
            (number, text)
            for x, y, text in pieces
            if not (MARGIN - 2 <= x <= box.width - MARGIN and 0 <= y <= box.height)
        ]
    assert not outside


def test_the_type_is_as_large_as_the_style_says(book: Book) -> None:
    """Chromium makes the whole book smaller if one line is wider than the page."""
    sizes: Counter[float] = Counter()

    def visit(text, matrix, own, font, size) -> None:
        sizes[round(abs(matrix[0] * own[0]) * size, 1)] += len(text.strip())

    book.reader.pages[book.outline["Preface"] - 1].extract_text(visitor_text=visit)
    style = (ROOT / "_ext" / "backprop_book" / "pdf" / "book.css").read_text(encoding="utf-8")
    assert sizes.most_common(1)[0][0] == pytest.approx(
        float(re.search(r"html { font-size: ([\d.]+)pt", style)[1]), abs=0.11
    )


def test_a_title_stands_with_its_exercise(book: Book) -> None:
    first, last = book.outline["0 Primer"], book.outline["4 The computational graph"]
    alone = [
        (number, lines[-1])
        for number in range(first, last)
        if (lines := book.page(number)[0].strip().splitlines()) and re.match(r"[A-Z]\. [A-Z]", lines[-1])
    ]
    assert not alone


def test_a_figure_for_a_lecture_is_a_link_into_the_book(book: Book) -> None:
    first, last = book.outline["For lecturers"], book.outline["Run it yourself"]
    page = next(number for number in range(first, last) if "a saturated unit" in book.page(number)[0])
    figures = [book.target(link) for link in book.links(page) if "/URI" not in link.get("/A", {})]
    assert any(book.outline["1 A single layer"] < target < book.outline["2 Two layers"] for target in figures)


def test_no_page_is_empty(book: Book) -> None:
    assert not [number for number, text, _ in book.some() if len(text.strip()) < 30]


def test_a_tall_table_leaves_no_half_page_empty(book: Book) -> None:
    first, last = book.outline["9 Training on real data"], book.outline["10 Many machines"] - 1
    for number in range(first, last):  # a chapter's last page may end anywhere
        text = [y for _, y, _ in book.page(number)[1] if y > MARGIN]
        assert min(text) < 0.35 * book.reader.pages[number - 1].cropbox.height, number


def test_a_figure_shows_the_values_that_it_starts_with(book: Book) -> None:
    text, _ = book.page(book.outline["Preface"])
    assert all(value in text for value in ("0.8000", "−0.5000", "1.7000", "0.2084"))


def test_nothing_of_the_screen_is_printed(book: Book) -> None:
    text = "\n".join(text for _, text, _ in book.some())
    assert not [words for words in SCREEN_ONLY if words in text]
    assert "Solution" in text  # which is folded on the page
    assert "proved" in text


PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem not in ABOUT_THE_SITE], ids=lambda page: page.stem
)
def test_what_needs_a_screen_says_so(page: Path) -> None:
    sentences = re.split(r"(?<=[.?!])\s+|\n\n", prose(page))
    assert not [words for words in sentences if HANDS.search(words) and "screen" not in words]


@pytest.mark.parametrize(
    ("source", "title", "following"),
    [
        ("index", "Preface", "0 Primer"),
        ("chapters/01-single-layer", "1 A single layer", "2 Two layers"),
        ("chapters/09-training", "9 Training on real data", "10 Many machines"),
    ],
)
def test_words_for_the_screen_are_not_printed(book: Book, source: str, title: str, following: str) -> None:
    pieces = for_the_screen(ROOT / f"{source}.md")
    printed = plain(book.text(book.outline[title], book.outline[following]))
    assert len(pieces) > 1
    assert not [piece for piece in pieces if piece in printed]
    assert plain("The rocket at the top of the page opens it") not in printed  # on a card of a missing line
    assert plain("On the screen a figure stands here") in printed


def test_what_a_step_makes_has_a_symbol(book: Book) -> None:
    """In the table of the figure: its 37 parameters after a step, W with a small *new*, as in formulas."""
    printed = book.text(book.outline["9 Training on real data"], book.outline["10 Many machines"])
    assert len(re.findall(r"\(\d\)new,\d", printed)) == 37


def test_a_statement_shows_no_tex_without_a_word(book: Book) -> None:
    sources = book.text(book.outline["The sources, statement by statement"], book.outline["Notation"])
    assert "source line 240 (" in sources
    assert "(g^{[1w]})" not in sources
    broken = sum(
        bool(re.search(r"\\(frac|begin)\b", text)) for text in re.split(r"(?=The TeX is broken)", sources)[1:]
    )
    assert broken == sources.count("The TeX is broken: this is its source.") > 1
    assert "\\frac" not in sources.partition("The TeX is broken")[0]


def test_a_page_of_the_site_prints_no_words_for_the_screen(open_page) -> None:
    page = open_page("chapters/01-single-layer.html").page
    words = page.locator(".on-screen, [data-kind=line] > .ex-letters")
    assert words.count() > 4
    assert words.first.is_visible()
    page.emulate_media(media="print")
    assert not [one for one in words.all() if one.is_visible()]
