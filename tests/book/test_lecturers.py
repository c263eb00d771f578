"""The page for lecturers: each link into a figure is taken as it stands, and shows what it is there for."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.book.figures import READ, SCRIPT
from tests.book.visit import Visit

pytestmark = pytest.mark.site

SOURCE = (Path(__file__).parents[2] / "chapters" / "lecturers.md").read_text(encoding="utf-8")
LINKS = [link.replace("&amp;", "&") for link in re.findall(r'<a href="([^"]*#[^"]*)"', SOURCE)]
STATE = """root => Object.fromEntries(["inputs", "variant", "view", "start"]
    .map(key => [key, root.explorableModel.get(key)]))"""


def name_of(key):
    """As the link's script reads it: W1.1.2 is W1[1][2]."""
    return re.sub(r"\.(\d+)", r"[\1]", key)


def wanted(parts):
    """What a link asks for: inputs by name, the other parts as text."""
    pairs = dict(unquote(part).split("=") for part in parts)
    views = {key: name_of(pairs.pop(key)) for key in ("step", "chosen") if key in pairs}
    variant = pairs.pop("variant")
    return {name_of(key): float(value) for key, value in pairs.items()}, variant, views


@pytest.fixture
def follow(browser, served):
    contexts = []

    def open_(link):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.listen()
        visit.page.add_init_script(SCRIPT)
        visit.page.goto(f"{served}/chapters/{link}")
        name = link.split("#")[1].split("&")[0]
        figure = visit.page.locator(f'[data-explorable="{name}"][data-live]')
        figure.wait_for()
        return visit, figure

    yield open_
    for context in contexts:
        context.close()


def test_there_is_a_link_into_each_figure():
    assert {link.split("#")[1].split("&")[0] for link in LINKS} == {
        *("single-layer", "two-layers", "shared-weights", "computational-graph"),
        *("row-vectors", "general-proof", "input-gradient", "training"),
    }


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_taken_without_a_complaint(follow, link):
    visit, figure = follow(link)
    inputs, variant, views = wanted(link.split("#")[1].split("&")[1:])
    state = figure.evaluate(STATE)
    assert figure.locator(".xp-said").inner_text() == ""
    assert state["inputs"] == {**state["start"]["inputs"], **inputs}
    assert state["variant"] == variant
    assert {key: str(state["view"][key]) for key in views} == views
    assert figure.evaluate("root => root.getBoundingClientRect().top < innerHeight")
    visit.assert_quiet()


def shown_by(follow, words):
    """The numbers of the figure that the link with these words opens."""
    link = re.search(rf'<a href="([^"]*)">{re.escape(words)}</a>', SOURCE)[1].replace("&amp;", "&")
    return follow(link)[1].evaluate(READ)


def test_a_question_of_the_page_has_the_answer_that_it_gives(follow):
    silent = shown_by(follow, "an input of 0")
    assert silent["dW[1][2]"] == silent["dW[2][2]"] == 0
    assert silent["db[1]"] != 0
    flat = shown_by(follow, "a saturated unit")
    assert flat["a[1]"] > 0.999
    assert abs(flat["dW[1][1]"]) < 0.001
    torn = shown_by(follow, "two errors that cancel")
    assert [torn[f"delta2[{i}]"] for i in (1, 2)] == pytest.approx([1, -1])
    assert torn["delta1[1]"] == pytest.approx(0, abs=1e-12)
    apart = shown_by(follow, "two uses that disagree")
    entries = [f"{i}[{j}]" for i, j in (("[1]", 1), ("[1]", 2), ("[2]", 1), ("[2]", 2))]
    assert [e for e in entries if apart[f"G2{e}"] * apart[f"dW{e}"] < 0] == ["[1][2]"]
    sure = shown_by(follow, "wrong, and sure of it")
    assert sure["delta3[1]"] > 0.999
