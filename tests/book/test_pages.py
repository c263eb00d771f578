"""Every page of the built book, in a real browser: quiet, narrow enough for a phone, its formulas typeset."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.book.conftest import HTML

pytestmark = pytest.mark.site

OpenPage = Callable[..., Any]
LEDGER = "chapters/ledger.html"
ROLE = re.compile(r"\{[a-z][\w:-]*\}`")


def pages() -> list[str]:
    found = (file.relative_to(HTML) for file in sorted(HTML.rglob("*.html")))
    others = ("_", "lite")  # the theme's templates, and JupyterLite, which is no page of the book
    return [path.as_posix() for path in found if not path.parts[0].startswith(others)] or ["index.html"]


@pytest.fixture(scope="session")
def record(site: Path) -> list[dict[str, Any]]:
    path = site / "ledger.json"
    assert path.exists(), "there is no ledger.json: the last build failed, or was a draft"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", pages())
def test_a_page_is_quiet_and_fits_a_phone(open_page: OpenPage, path: str) -> None:
    visit = open_page(path, width=390, height=844)
    page = visit.page
    widths = "() => [document.documentElement.scrollWidth, document.body.scrollWidth, innerWidth]"
    root, body, window = page.evaluate(widths)
    assert max(root, body) <= window
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert page.locator(".math").count() == page.locator(".math:has(mjx-container)").count()
    assert page.locator(".system-message, .problematic").count() == 0
    prose = page.evaluate(
        "() => [...document.querySelectorAll('article p, article li')].map((e) => e.innerText)"
    )
    assert [text for text in prose if ROLE.search(text)] == []
    visit.assert_quiet()


CUT_OFF = """() => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    const end = (one) => one.getBoundingClientRect().right;
    const cuts = (one) => getComputedStyle(one).overflowX === "clip" && one.firstElementChild;
    return [...document.querySelectorAll("span.math")]
        .filter((one) => cuts(one) && end(one.firstElementChild) > end(one) + 2).map((e) => e.textContent);
}"""


@pytest.mark.parametrize("path", pages())
def test_no_formula_is_cut_off_on_a_phone(open_page: OpenPage, path: str) -> None:
    assert open_page(path, width=360).page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("path", pages())
def test_no_name_stands_twice_on_a_page(site: Path, path: str) -> None:
    text = re.sub(r"<script\b.*?</script>", "", (site / path).read_text(encoding="utf-8"), flags=re.DOTALL)
    names = Counter(re.findall(r'<[^>]*?\sid="([^"]+)"', text))
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("path", pages())
def test_links_within_the_book_lead_somewhere(site: Path, path: str) -> None:
    text = (site / path).read_text(encoding="utf-8")
    for address in set(re.findall(r'<a\b[^>]*\shref="([^"]*)"', text)):
        if re.match(r"[a-z]+:", address):
            continue
        target, _, anchor = address.partition("#")
        file = (site / path).parent / target.partition("?")[0] if target else site / path
        assert file.exists(), address
        if anchor and file.suffix == ".html":
            there = file.read_text(encoding="utf-8")
            name, *setting = anchor.split("&amp;")  # a link with a setting begins with a figure's name
            ids = re.findall(r'\b(?:id|name)="([^"]*)"', there)
            assert anchor in ids or (setting and f'data-explorable="{name}"' in there), address


def test_the_ledger_page_agrees_with_the_record(
    site: Path, open_page: OpenPage, record: list[dict[str, Any]]
) -> None:
    visit = open_page(LEDGER)
    read_rows = """() => [...document.querySelectorAll(".ledger-claim")].map((row) => ({
        id: row.id, link: row.querySelector("th a").getAttribute("href"),
        verdict: row.querySelector(".verdict").className.replace("verdict verdict-", "")}))"""
    rows = {row["id"]: row for row in visit.page.evaluate(read_rows)}
    assert record
    for entry in record:
        row = rows[entry["id"]]
        assert row["verdict"] == entry["verdict"]
        target = (site / LEDGER).parent / row["link"]
        assert target.resolve() == (site / entry["page"]).resolve()
    shown = visit.page.locator(".ledger-summary li").all_inner_texts()
    counts = Counter(entry["verdict"] for entry in record)
    for line in shown:
        count, _, verdict = line.split()[:3]
        assert int(count) == counts[verdict]
    assert f"{len(record)} of 319 statements judged" in visit.page.inner_text(".ledger-summary")


def test_the_ledger_is_found_by_words_and_by_keyboard(
    open_page: OpenPage, record: list[dict[str, Any]]
) -> None:
    visit = open_page(LEDGER)
    page, some = visit.page, record[-1]
    box, shown = page.get_by_label("Search the ledger"), page.locator(".ledger-claim:visible")
    everything = shown.count()
    box.focus()
    page.keyboard.type(some["id"])
    words = """(word) => [...document.querySelectorAll(".ledger-claim")]
        .filter((row) => row.dataset.words.includes(word)).length"""
    assert 0 < shown.count() == page.evaluate(words, some["id"].lower())
    assert page.locator(f"[id='{some['id']}']").is_visible()
    assert page.inner_text("#ledger-count") == f"{shown.count()} of {everything} rows match."
    box.fill("no such words anywhere")
    assert shown.count() == 0
    page.evaluate("(id) => { location.hash = id }", some["id"])  # a link to a row clears the search
    page.locator(f"[id='{some['id']}']").wait_for(state="visible")
    assert shown.count() == everything
    visit.assert_quiet()


def test_the_ledger_prints_all_rows(open_page: OpenPage, record: list[dict[str, Any]]) -> None:
    visit = open_page(LEDGER)
    visit.page.get_by_label("Search the ledger").fill("no such words anywhere")
    visit.page.emulate_media(media="print")
    assert visit.page.locator(".ledger-claim:visible").count() >= len(record)
    assert not visit.page.locator("#ledger-search").is_visible()


def test_a_claim_can_be_copied_as_latex_and_as_python(open_page):
    visit = open_page("chapters/01-single-layer.html")
    if visit.page.url.startswith("http"):
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    claim = visit.page.locator("#M14")
    claim.locator("summary").click()
    buttons = claim.locator(".claim-copy")
    assert buttons.all_inner_texts() == ["Copy LaTeX", "Copy Python"]
    for k, begins in enumerate((r"\frac{\partial L}{\partial W} = ", 'nn.claim("M14", ')):
        button = buttons.nth(k)
        assert button.get_attribute("data-copy").startswith(begins)
        button.click()
        expect(button).to_have_text("Copied")
        if visit.page.url.startswith("http"):
            assert visit.page.evaluate("navigator.clipboard.readText()").startswith(begins)
    visit.assert_quiet()


def test_every_equation_reaches_a_screen_reader(open_page):
    """Each formula has a MathML twin for assistive technology."""
    visit = open_page("chapters/01-single-layer.html")
    drawn, twins = (visit.page.locator(name).count() for name in ("mjx-container", "mjx-assistive-mml math"))
    assert drawn == twins > 50
    visit.assert_quiet()
