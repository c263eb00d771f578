"""A link that holds a figure's setting: taken when it is right, refused with a word when it is not."""

import re

import pytest

from tests.book.figures import INPUTS, READ, SCRIPT, opened
from tests.book.visit import Visit

pytestmark = pytest.mark.site

PAGE, NAME = "chapters/02-two-layers.html", "two-layers"
FIGURE = f'[data-explorable="{NAME}"]'
FIGURES = {
    "single-layer": "01-single-layer",
    "two-layers": "02-two-layers",
    "shared-weights": "03-shared-weights",
    "computational-graph": "04-computational-graph",
    "row-vectors": "05-row-vectors",
    "general-proof": "06-general-proof",
    "input-gradient": "07-input-gradient",
    "training": "09-training",
}
HOSTILE = [
    "<script>document.title='x'</script>",
    "javascript:alert(1)",
    "1e99",
    "-1e99",
    "NaN",
    "Infinity",
    "",
    "0x10",
    "1.2.3",
    "--1",
    "__proto__",
    "%00",
    "9" * 5000,
]
STRANGE = [
    "W9.9.9=1",
    "__proto__=1",
    "constructor=1",
    "toString=1",
    "view=1",
    "inputs=1",
    "variant=nosuch",
    "variant=__proto__",
    "variant=",
    "%3Cimg%20src=x%20onerror=alert(1)%3E=1",
]
STATE = """root => ["inputs", "variant", "view"].map(key => root.explorableModel.get(key))"""
MAY = """root => ["ranges", "views", "variants"].map(key => root.explorableModel.get(key))"""
GO = "hash => { location.hash = hash; }"


@pytest.fixture
def visit_with(browser, base_url):
    contexts = []

    def open_(fragment):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        visit = Visit(context.new_page())
        visit.listen()
        visit.page.add_init_script(SCRIPT)
        visit.page.goto(f"{base_url}/{PAGE}#{fragment}")
        visit.page.locator(f"{FIGURE}[data-live]").wait_for()
        return visit

    yield open_
    for context in contexts:
        context.close()


def figure_of(visit):
    return visit.page.locator(FIGURE)


def test_the_setting_of_a_link_is_taken_and_the_rest_is_as_at_the_start(visit_with):
    plain, linked = visit_with(""), visit_with(f"{NAME}&W1.1.2=1.25&b2.1=-0.5&variant=identity")
    start = figure_of(plain).evaluate(INPUTS)
    assert figure_of(linked).evaluate(INPUTS) == {**start, "W1[1][2]": 1.25, "b2[1]": -0.5}
    assert figure_of(linked).locator('input[value="identity"]').is_checked()
    linked.assert_quiet()


def test_the_button_makes_the_link_that_brings_the_setting_back(visit_with):
    visit = visit_with("")
    figure = figure_of(visit)
    figure.get_by_role("button", name="Random").click()
    figure.get_by_role("button", name="Link").click()
    figure.get_by_role("status").filter(has_text="The link to this setting is").wait_for()
    fragment = visit.page.evaluate("location.hash").removeprefix("#")
    again = figure_of(visit_with(fragment))
    assert again.evaluate(INPUTS) == figure.evaluate(INPUTS)
    assert again.evaluate(READ) == figure.evaluate(READ)


@pytest.fixture(params=FIGURES)
def anywhere(request, browser, served):
    """Each figure of the book, on a page of its own."""
    name = request.param
    with opened(browser, f"{served}/chapters/{FIGURES[name]}.html", f'[data-explorable="{name}"]') as visit:
        yield visit, visit.page.locator(f'[data-explorable="{name}"][data-live]'), name
        visit.assert_quiet()


def hostile_parts(figure):
    """What no link may ask for: strange names, and strange values of the names that there are."""
    ranges, views, variants = figure.evaluate(MAY)
    first, (least, greatest, _) = next(iter(ranges.items()))
    key, fine = first.replace("[", ".").replace("]", ""), least
    radios = figure.locator("input[type=radio]").evaluate_all("all => all.map(radio => radio.value)")
    yield from STRANGE
    yield from (f"variant={value}" for value in radios if value not in variants)
    yield from (f"{name}={value}" for name in (key, *views) for value in HOSTILE)
    yield from (f"{key}={value}" for value in (least - 1, greatest + 1))
    yield from (f"{key}={fine}&{part}" for part in ("variant=nosuch", "W9.9.9=1", f"{key}=NaN"))
    for name, allowed in views.items():
        if isinstance(allowed[0], int):
            yield from (f"{name}={value}" for value in (allowed[0] - 1, allowed[1] + 1, allowed[0] + 0.5))
        else:
            yield f"{name}=1"


def test_a_hostile_link_changes_nothing_and_says_so(anywhere):
    visit, figure, name = anywhere
    start, title, shown = figure.evaluate(STATE), visit.page.title(), figure.evaluate(READ)
    for part in hostile_parts(figure):
        visit.page.evaluate(GO, f"{name}&{part}")
        said = figure.locator(".xp-said", has_text="was not taken")
        said.wait_for()
        assert re.fullmatch(r"The link's setting was not taken: [\w\s.,\[\]-]{10,90}\.", said.inner_text())
        assert figure.evaluate(STATE) == start
        visit.page.evaluate(GO, f"{name}&variant={start[1]}")
        figure.locator(".xp-said:empty").wait_for(state="attached")
    assert figure.evaluate(READ) == shown
    assert visit.page.title() == title


def test_every_figures_link_brings_its_setting_back(anywhere):
    visit, figure, _ = anywhere
    _, views, variants = figure.evaluate(MAY)
    stand = {
        key: allowed[0] + 1 if isinstance(allowed[0], int) else allowed[-1] for key, allowed in views.items()
    }
    figure.evaluate("(root, to) => root.explorableModel.set(to)", {"variant": variants[0], "view": stand})
    figure.get_by_role("button", name="Random").click()
    figure.get_by_role("button", name="Link").click()
    figure.locator(".xp-said", has_text="The link to this setting is").wait_for()
    state, shown = figure.evaluate(STATE), figure.evaluate(READ)
    assert state[1:] == [variants[0], stand]
    assert "&variant=" in visit.page.evaluate("location.hash")
    visit.page.reload()
    figure.wait_for()
    assert figure.evaluate(STATE) == state
    assert figure.evaluate(READ) == shown


def test_a_page_that_is_opened_with_a_hostile_link_says_so_too(visit_with):
    part = "W1.1.1=<script>document.title='x'</script>"
    plain, hostile = visit_with(""), visit_with(f"{NAME}&{part}")
    assert "was not taken" in figure_of(hostile).locator(".xp-said").inner_text()
    assert figure_of(hostile).evaluate(INPUTS) == figure_of(plain).evaluate(INPUTS)
    hostile.assert_quiet()


def test_the_links_to_headings_are_left_alone(visit_with):
    visit = visit_with("exercises")
    assert figure_of(visit).locator(".xp-said").inner_text() == ""
    assert visit.page.evaluate("scrollY") > 1000
