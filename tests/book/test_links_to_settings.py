"""A link that holds a figure's setting: taken when it is right, refused with a word when it is not."""

import pytest

from tests.book.figures import INPUTS, READ, SCRIPT
from tests.book.visit import Visit

pytestmark = pytest.mark.site

PAGE, NAME = "chapters/02-two-layers.html", "two-layers"
FIGURE = f'[data-explorable="{NAME}"]'
HOSTILE = [
    "W1.1.1=<script>document.title='x'</script>",
    "W1.1.1=javascript:alert(1)",
    "W1.1.1=1e99",
    "W1.1.1=NaN",
    "W1.1.1=",
    "W1.1.1=0x10",
    "W9.9.9=1",
    "__proto__=1",
    "constructor=1",
    "variant=nosuch",
    "W1.1.1=0.5&W1.1.2=" + "9" * 5000,
    "%3Cimg%20src=x%20onerror=alert(1)%3E=1",
]


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


@pytest.mark.parametrize("part", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_link_changes_nothing_and_says_so(visit, figure, part):
    start, title = figure.evaluate(INPUTS), visit.page.title()
    visit.page.evaluate("hash => { location.hash = hash; }", f"{NAME}&{part}")
    figure.locator(".xp-said", has_text="was not taken").wait_for()
    assert figure.evaluate(INPUTS) == start
    assert visit.page.title() == title
    visit.page.evaluate("hash => { location.hash = hash; }", f"{NAME}&variant=sigmoid")
    figure.locator(".xp-said:empty").wait_for(state="attached")


def test_a_page_that_is_opened_with_a_hostile_link_says_so_too(visit_with):
    plain, hostile = visit_with(""), visit_with(f"{NAME}&{HOSTILE[0]}")
    assert "was not taken" in figure_of(hostile).locator(".xp-said").inner_text()
    assert figure_of(hostile).evaluate(INPUTS) == figure_of(plain).evaluate(INPUTS)
    hostile.assert_quiet()


def test_the_links_to_headings_are_left_alone(visit_with):
    visit = visit_with("exercises")
    assert figure_of(visit).locator(".xp-said").inner_text() == ""
    assert visit.page.evaluate("scrollY") > 1000
