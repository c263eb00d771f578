"""The appendices: every statement once, every error in the errata, every public name in the reference."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import nnlib as nn
from nnlib.ledger.statements import statements
from tests.book.visit import until

pytestmark = pytest.mark.site
ROOT = Path(__file__).parents[2]
OpenPage = Callable[..., Any]
SOURCES = ("math-of-nn", "row-vector", "wichmann", "higham-notes")

CARD = re.compile(
    r'<div id="([^"]+)" class="statement statement-(\w+)">(.*?)(?=<div id="[^"]+" class="statement|\Z)', re.S
)


def cards(site: Path, page: str) -> list[tuple[str, str, str]]:
    """Id, verdict and HTML of each card on a page."""
    return CARD.findall((site / "chapters" / f"{page}.html").read_text(encoding="utf-8"))


def links(html: str, page: Path) -> list[tuple[Path, str]]:
    """The links of a card that lead to another page, as file and anchor."""
    found = re.findall(r'href="([^"#]+)#([^"]+)"', html)
    return [((page.parent / name).resolve(), anchor) for name, anchor in found]


@pytest.fixture(scope="session")
def record(site: Path) -> dict[str, dict[str, Any]]:
    path = site / "ledger.json"
    assert path.exists(), "there is no ledger.json: the last build failed, or was a draft"
    return {entry["id"]: entry for entry in json.loads(path.read_text(encoding="utf-8"))}


def test_each_statement_stands_once_in_its_source_and_in_order(site: Path) -> None:
    shown = [id_ for source in SOURCES for id_, _, _ in cards(site, f"sources/{source}")]
    assert shown == list(statements())
    for source in SOURCES:
        assert {statements()[id_].source for id_, _, _ in cards(site, f"sources/{source}")} == {source}


@pytest.mark.parametrize("source", SOURCES)
def test_a_statement_shows_the_verdict_of_the_record_and_leads_to_its_cell(
    site: Path, record: dict[str, dict[str, Any]], source: str
) -> None:
    page = site / "chapters" / "sources" / f"{source}.html"
    for id_, verdict, html in cards(site, f"sources/{source}"):
        entry = record.get(id_)
        if entry is None:
            assert verdict == "open"
            assert "not judged yet" in html
            continue
        assert verdict == entry["verdict"]
        file, _, anchor = entry["page"].partition("#")
        assert ((site / file).resolve(), anchor) in links(html, page), id_


@pytest.mark.parametrize("source", SOURCES)
def test_the_counts_of_a_source_add_up(open_page: OpenPage, source: str) -> None:
    for page in (f"chapters/sources/{source}.html", "chapters/sources.html"):
        lines = open_page(page).page.locator(".statement-counts").all_inner_texts()
        own = [line for line in lines if int(line.split()[0]) == total(source)]
        assert own
        numbers = [int(number) for number in re.findall(r"\d+", own[0])]
        assert numbers[0] == sum(numbers[1:])


def total(source: str) -> int:
    return sum(about.source == source for about in statements().values())


def test_the_errata_are_what_the_record_calls_wrong(site: Path, record: dict[str, dict[str, Any]]) -> None:
    shown = [(id_, verdict) for id_, verdict, _ in cards(site, "errata")]
    wrong = [(i, e["verdict"]) for i, e in record.items() if e["verdict"] in {"corrected", "conditional"}]
    assert shown == wrong
    assert wrong


def test_each_erratum_says_why_and_what_is_right(site: Path, record: dict[str, dict[str, Any]]) -> None:
    for id_, verdict, html in cards(site, "errata"):
        facts = dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.S))
        why, mended = {"corrected": ("but then", "right is"), "conditional": ("without that", "true if")}[
            verdict
        ]
        assert facts.get(why), f"{id_} shows no counterexample"
        assert facts.get(mended), id_
        assert {"the note writes", "proved by", "shown in"} <= facts.keys()
        file, _, anchor = record[id_]["page"].partition("#")
        assert ((site / file).resolve(), anchor) in links(html, site / "chapters" / "errata.html")


def test_the_errata_are_counted_by_cause(open_page: OpenPage, record: dict[str, dict[str, Any]]) -> None:
    lines = " ".join(open_page("chapters/errata.html").page.locator(".errata-counts").all_inner_texts())
    causes = Counter(entry["cause"] for entry in record.values() if entry["verdict"] == "corrected")
    for cause, words in {"slip": "by a slip", "scan": "by damage", "unclear": "by either"}.items():
        assert sum(map(int, re.findall(rf"(\d+) {words}", lines))) == causes[cause]


def test_every_formula_of_a_source_is_typeset(open_page: OpenPage) -> None:
    page = open_page("chapters/sources/row-vector.html", width=390)
    formulas = page.page.locator(".tex")
    assert formulas.count() == page.page.locator(".tex:has(mjx-container)").count() > total("row-vector")
    page.assert_quiet()


def test_a_statement_that_fits_cannot_be_scrolled(open_page: OpenPage) -> None:
    """What is said of its formulas to those who listen takes no room, not even where it is nothing to see."""
    statement = open_page("chapters/ledger.html", width=390).page.locator("#M51 .ledger-formula")
    statement.scroll_into_view_if_needed()
    seen = "checkVisibility({ contentVisibilityAuto: true })"
    until(statement.page, f"() => document.querySelector('#M51 math:last-of-type').{seen}")
    wide, room = statement.evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide == room


def test_broken_tex_stands_as_source_text(site: Path) -> None:
    broken = {
        id_
        for source in SOURCES
        for id_, _, html in cards(site, f"sources/{source}")
        if '<div class="statement-formula"><code class="tex-source"' in html
    }
    assert broken == {"M50", "M64", "R71", "R77", "R97", "R109"}


def test_every_public_name_is_in_the_reference(site: Path) -> None:
    html = (site / "chapters" / "reference.html").read_text(encoding="utf-8")
    ids = set(re.findall(r'<dt class="sig[^"]*" id="([\w.]+)"', html))
    names = {id_.rpartition(".")[2] for id_ in ids}
    public = [name for module in (nn, nn.symbolic) for name in module.__all__ if not is_module(module, name)]
    assert [name for name in public if name not in names] == []


def is_module(package: ModuleType, name: str) -> bool:
    return isinstance(getattr(package, name), ModuleType)


def test_the_bibliography_holds_every_entry(site: Path) -> None:
    entries = re.findall(r"^@\w+\{", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M)
    html = (site / "chapters" / "bibliography.html").read_text(encoding="utf-8")
    labels = [
        re.sub(r"<[^>]*>", "", label)
        for label in re.findall(
            r'<span class="label">(.*?)</span>(?=\s*(?:<span class="backrefs">|<p>))', html, re.S
        )
    ]
    assert len(labels) == len(set(labels)) == len(entries)


def test_the_ledger_says_how_long_all_claims_took(
    open_page: OpenPage, record: dict[str, dict[str, Any]]
) -> None:
    words = open_page("chapters/ledger.html").page.inner_text(".ledger-summary")
    claims, seconds = re.search(r"All (\d+) claims, .* were decided in ([\d.]+) s", words).groups()
    assert int(claims) >= len(record)
    assert float(seconds) >= sum(entry["seconds"] for entry in record.values()) - 0.1
