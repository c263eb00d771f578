"""The explorable of two layers on the built page: its numbers, its sliders, its paths, its keys."""

import random

import pytest

import nnlib as nn
from tests.book.figures import (
    INPUTS,
    READ,
    TRY_ALL,
    TYPE,
    assert_it_fits,
    assert_native_controls,
    at_width,
    choose,
    on_paper,
    without_javascript,
)
from tests.book.visit import until
from tests.explore.by_nnlib import assert_agree, two_layers

pytestmark = pytest.mark.site

PAGE = "chapters/02-two-layers.html"
FIGURE = '[data-explorable="two-layers"]'
SHOWN = ("z1", "a1", "slope1", "z2", "a2", "slope2", "delta2", "delta1", "dW2", "db2", "dW1", "db1", "loss")


@pytest.fixture
def figure(figure):
    """With one entry chosen."""
    figure.locator('[data-output="delta1[1]"]').click()
    return figure


def on_the_page(named):
    """Of all quantities, those that the page shows whole: p2 and da1 appear path by path."""
    return {name: value for name, value in named.items() if name.split("[")[0] in SHOWN}


def assert_copies(shown, setting, everything):
    """The transpose and the second δ⁽²⁾ repeat what stands elsewhere; the paths are those of one entry."""
    for i in (1, 2):
        assert shown[f"delta2_again[{i}]"] == shown[f"delta2[{i}]"] == shown[f"path_error[{i}]"]
        assert shown[f"path_weight[{i}]"] == setting[f"W2[{i}][1]"]
        for j in (1, 2):
            assert shown[f"W2T[{j}][{i}]"] == setting[f"W2[{i}][{j}]"]
    paths = {name: everything[name] for name in ("p2[1][1]", "p2[2][1]", "da1[1]")}
    found = {"p2[1][1]": shown["path[1]"], "p2[2][1]": shown["path[2]"], "da1[1]": shown["path_sum"]}
    assert_agree(found, paths)
    assert shown["product"] == shown["delta1[1]"]
    assert shown["factor_slope"] == shown["slope1[1]"]


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_every_shown_number_is_nnlibs_at_random_settings(figure, activation):
    rng = random.Random(11)
    choose(figure, activation)
    names = list(figure.evaluate(INPUTS))
    assert len(names) == 16
    settings = [{name: rng.randint(-200, 200) / 100 for name in names} for _ in range(100)]
    for setting, (typed, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
        assert typed == setting
        everything = two_layers(setting, activation)
        assert_agree(shown, on_the_page(everything))
        assert_copies(shown, setting, everything)


def test_each_slider_changes_what_it_should_and_nothing_else(figure):
    for name in figure.evaluate(INPUTS):
        slider = figure.locator(f'input[type=range][data-input="{name}"]')
        before, setting = figure.evaluate(READ), figure.evaluate(INPUTS)
        slider.press("ArrowRight")
        after, moved = figure.evaluate(READ), figure.evaluate(INPUTS)
        assert moved == {**setting, name: pytest.approx(setting[name] + 0.01)}
        old, new = (on_the_page(two_layers(values, nn.sigmoid)) for values in (setting, moved))
        assert {k for k in old if before[k] != after[k]} == {k for k in old if old[k] != new[k]}
        assert any(before[k] != after[k] for k in old)


# What each step makes, and what it uses, beside the read-out; what is made later is an empty place.
STEPS = [
    ({"z1", "a1"}, {"W1", "x", "b1"}),
    ({"z2", "a2"}, {"W2", "a1", "b2"}),
    ({"loss"}, {"a2", "y"}),
    ({"delta2"}, {"a2", "y", "slope2"}),
    (set(), {"W2T", "delta2_again"}),
    ({"delta1"}, {"slope1"}),
    ({"dW2", "dW1", "db2", "db1"}, {"x", "a1", "delta2", "delta1"}),
    (set(), set()),
]
ALL = {*SHOWN, "W2T", "delta2_again"}
MARKED = """(root, mark) => [...root.querySelectorAll(`.xp-mx[data-${mark}], .xp-end [data-${mark}]`)]
    .flatMap(place => [place, ...place.querySelectorAll("[data-output], [data-input]")])
    .map(e => (e.dataset.output ?? e.dataset.input ?? "").split("[")[0])"""
SEEN = """root => [...root.querySelectorAll("[data-output]")]
    .filter(e => getComputedStyle(e).visibility === "visible").map(e => e.dataset.output)"""


def go_to(figure, step):
    figure.locator('input[data-input="step"]').evaluate(
        "(e, n) => { e.value = n; e.dispatchEvent(new Event('input', { bubbles: true })); }", step
    )


def marked(figure, mark):
    return set(figure.evaluate(MARKED, mark)) - {""}


def seen(figure):
    """The quantities whose numbers can be seen, beside the read-out."""
    return {name.split("[")[0] for name in figure.evaluate(SEEN)} & ALL


def test_each_step_marks_what_it_makes_and_rings_what_it_uses(figure):
    there = set()
    for n, (makes, uses) in enumerate(STEPS, start=1):
        go_to(figure, n)
        assert marked(figure, "made") == makes
        assert marked(figure, "used") == uses
        there |= (makes | uses) & ALL
        assert seen(figure) == there


def test_the_paths_come_with_the_step_back_and_the_error_with_the_next(figure):
    paths, product = (figure.locator(f'[data-output="{name}"]') for name in ("path[1]", "product"))
    for n, (path_is_there, product_is_there) in {4: (0, 0), 5: (1, 0), 6: (1, 1)}.items():
        go_to(figure, n)
        assert (paths.is_visible(), product.is_visible()) == (path_is_there, product_is_there)


def test_at_the_start_all_is_there_and_one_click_begins(figure):
    assert seen(figure) == ALL
    figure.get_by_role("button", name="Step through").click()
    assert seen(figure) == {"z1", "a1"}
    assert figure.locator(".xp-words").inner_text().startswith("Layer 1, forward")
    figure.get_by_role("button", name="Reset").click()
    assert seen(figure) == ALL


def test_steps_go_by_button_and_by_arrow_key_and_end_at_both_ends(figure):
    slider = figure.locator('input[data-input="step"]')
    back, ahead = (figure.get_by_role("button", name=name) for name in ("Back", "Next"))
    assert ahead.get_attribute("aria-disabled") == "true"
    back.press("Enter")
    assert slider.input_value() == "7"
    slider.press("ArrowLeft")
    assert slider.input_value() == "6"
    assert slider.get_attribute("aria-valuetext") == figure.locator(".xp-words").inner_text()
    slider.press("Home")
    back.press("Enter")
    assert slider.input_value() == "1"
    ahead.press("Space")
    assert slider.input_value() == "2"


def test_a_step_changes_no_number(figure):
    before = figure.evaluate(READ)
    for n in range(1, len(STEPS) + 1):
        go_to(figure, n)
        assert figure.evaluate(READ) == before


def test_the_marks_of_the_chosen_entry_give_way_to_those_of_a_step(figure):
    assert figure.locator(".xp-in [data-mark]").count() > 0
    go_to(figure, 5)
    assert figure.locator(".xp-in [data-mark]").count() == 0


def test_play_goes_through_the_steps_and_pauses(figure):
    figure.get_by_role("button", name="Play").click()
    until(figure.page, "() => document.querySelector('[data-input=step]').value === '1'")
    figure.get_by_role("button", name="Pause").click()
    assert figure.locator('input[data-input="step"]').input_value() == "1"


def test_a_link_holds_the_step_and_the_chosen_entry(figure):
    go_to(figure, 6)
    figure.locator('[data-output="delta1[2]"]').click()
    figure.get_by_role("button", name="Link").click()
    address = figure.page.evaluate("location.hash")
    assert {"step=6", "chosen=delta1.2"} <= set(address.split("&"))
    figure.get_by_role("button", name="Reset").click()
    figure.page.mouse.move(0, 0)  # what is hovered would be shown
    figure.page.evaluate("hash => { location.hash = ''; location.hash = hash; }", address)
    until(figure.page, "() => document.querySelector('[data-input=step]').value === '6'")
    shown = figure.evaluate(READ)
    assert shown["product"] == shown["delta1[2]"]


def test_a_chosen_entry_shows_its_column_and_its_paths(figure):
    everything = two_layers(figure.evaluate(INPUTS), nn.sigmoid)
    marked = """root => [...root.querySelectorAll(".xp-slider[data-mark] input[type=range]")]
        .map(e => e.dataset.input)"""
    for j in (2, 1):
        figure.locator(f'[data-output="delta1[{j}]"]').click()
        shown = figure.evaluate(READ)
        assert figure.evaluate(marked) == [f"W2[1][{j}]", f"W2[2][{j}]"]
        for i in (1, 2):
            assert shown[f"path[{i}]"] == pytest.approx(everything[f"p2[{i}][{j}]"], rel=1e-12)
        assert shown["path_sum"] == pytest.approx(everything[f"da1[{j}]"], rel=1e-12)
        assert shown["product"] == shown[f"delta1[{j}]"]


def test_the_entry_is_chosen_by_keyboard_and_is_one_tab_stop(figure):
    first, second = (figure.locator(f'[data-output="delta1[{j}]"]') for j in (1, 2))
    first.focus()
    first.press("ArrowDown")
    assert second.evaluate("e => e === document.activeElement")
    assert [cell.get_attribute("tabindex") for cell in (first, second)] == ["-1", "0"]
    assert second.get_attribute("aria-label").startswith("δ of layer 1, entry 2: ")
    assert figure.evaluate(READ)["product"] == figure.evaluate(READ)["delta1[2]"]


def test_the_experiments_do_what_they_say_and_reset_undoes_them(figure):
    start = figure.evaluate(INPUTS)
    figure.locator(".xp-do").first.click()
    shown = figure.evaluate(READ)
    assert shown["delta1[1]"] == shown["dW1[1][1]"] == shown["dW1[1][2]"] == 0
    assert shown["dW2[1][1]"] != 0
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate(INPUTS) == start
    figure.get_by_role("button", name="saturate unit 1").click()
    shown = figure.evaluate(READ)
    assert 0 < shown["slope1[1]"] < 1e-3
    assert abs(shown["delta1[1]"]) < 1e-3 * abs(shown["path_sum"])


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_the_table_for_paper_shows_the_present_values(figure):
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert_agree(on_paper(figure), two_layers(figure.evaluate(INPUTS), nn.sigmoid))


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    assert_agree(cells, two_layers(state["inputs"], nn.sigmoid))


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    assert_it_fits(at_width(open_page, PAGE, FIGURE, width), width)
