"""The chapter *Shared weights* in a real browser: its explorable."""

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
from tests.explore.by_nnlib import assert_agree, shared_weights

pytestmark = pytest.mark.site

PAGE = "chapters/03-shared-weights.html"
FIGURE = '[data-explorable="shared-weights"]'
NOT_WHOLE = ("p", "da1")  # these appear route by route


@pytest.fixture
def figure(figure):
    """With one entry chosen."""
    figure.locator('[data-output="dW[1][1]"]').click()
    return figure


def on_the_page(named):
    return {name: value for name, value in named.items() if name.split("[")[0] not in NOT_WHOLE}


def routes(shown):
    """The read-out, line by line: left, right, result."""
    return [[shown[f"route[{n}][{part}]"] for part in (1, 2, 3)] for n in range(1, 6)]


def expected_routes(values, i, j):
    names = [
        (f"delta2[{i}]", f"a1[{j}]", f"G2[{i}][{j}]"),
        (f"W[1][{i}]", "delta2[1]", f"p[1][{i}]"),
        (f"W[2][{i}]", "delta2[2]", f"p[2][{i}]"),
        (f"da1[{i}]", f"slope1[{i}]", f"delta1[{i}]"),
        (f"delta1[{i}]", f"x[{j}]", f"G1[{i}][{j}]"),
    ]
    return [[pytest.approx(values[name], rel=1e-12, abs=1e-15) for name in line] for line in names]


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_every_shown_number_is_nnlibs_at_random_settings(figure, activation):
    rng = random.Random(17)
    choose(figure, activation)
    names = list(figure.evaluate(INPUTS))
    assert len(names) == 10
    settings = [{name: rng.randint(-200, 200) / 100 for name in names} for _ in range(100)]
    for setting, (typed, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
        assert typed == setting
        everything = shared_weights(setting, activation)
        assert_agree(shown, on_the_page(everything))
        assert routes(shown) == expected_routes({**setting, **everything}, 1, 1)


def test_the_copies_are_the_one_matrix(figure):
    figure.evaluate(TYPE, {"W[1][2]": 1.23, "W[2][1]": -0.7, "b[2]": 0.44})
    shown, setting = figure.evaluate(READ), figure.evaluate(INPUTS)
    for i in (1, 2):
        assert shown[f"b_again[{i}]"] == setting[f"b[{i}]"]
        assert shown[f"delta2_again[{i}]"] == shown[f"delta2[{i}]"]
        for j in (1, 2):
            assert shown[f"W_again[{i}][{j}]"] == shown[f"WT[{j}][{i}]"] == setting[f"W[{i}][{j}]"]


def test_each_slider_changes_what_it_should_and_nothing_else(figure):
    for name in figure.evaluate(INPUTS):
        slider = figure.locator(f'input[type=range][data-input="{name}"]')
        before, setting = figure.evaluate(READ), figure.evaluate(INPUTS)
        slider.press("ArrowRight")
        after, moved = figure.evaluate(READ), figure.evaluate(INPUTS)
        assert moved == {**setting, name: pytest.approx(setting[name] + 0.01)}
        old, new = (on_the_page(shared_weights(values, nn.sigmoid)) for values in (setting, moved))
        changed = {key for key in old if before[key] != after[key]}
        assert changed == {key for key in old if old[key] != new[key]}
        assert changed


@pytest.mark.parametrize(("i", "j"), [(1, 2), (2, 1), (2, 2)])
def test_a_chosen_entry_shows_its_routes_and_marks_its_weight(figure, i, j):
    setting = figure.evaluate(INPUTS)
    figure.locator(f'[data-output="dW[{i}][{j}]"]').click()
    everything = {**setting, **shared_weights(setting, nn.sigmoid)}
    assert routes(figure.evaluate(READ)) == expected_routes(everything, i, j)
    marked = """root => [...root.querySelectorAll(".xp-slider[data-mark] input[type=range]")]
        .map(e => e.dataset.input)"""
    assert figure.evaluate(marked) == [f"W[{i}][{j}]", f"x[{j}]"]


BARS = """root => Object.fromEntries([...root.querySelectorAll("button.xp-stacked")].map(cell => {
    const lies = e => {
        const [right, left = right] = [...e.style.clipPath.matchAll(/[\\d.-]+(?=%)/g)].map(Number);
        return [left, 100 - right - left, e.hasAttribute("data-negative")];
    };
    const [direct, indirect] = [...cell.querySelectorAll("i")].map(lies);
    const [from, wide] = lies(cell.querySelector("b")), sum = from + wide / 2;
    return [cell.dataset.output.slice(2), {direct, indirect, sum}];
}))"""


def ends(bar):
    """Where a bar begins and ends, from zero in the middle, the way it goes."""
    left, width, negative = bar
    return (left + width - 50, left - 50) if negative else (left - 50, left + width - 50)


@pytest.mark.parametrize("setting", [{}, {"x[1]": -1.5}, {"W[1][1]": -2, "x[2]": 2}, {"y[1]": 2}])
def test_each_entry_is_the_stack_of_its_two_uses(figure, setting):
    figure.evaluate(TYPE, setting)
    shown = figure.evaluate(READ)
    for place, bars in figure.evaluate(BARS).items():
        (first, last), (begin, end) = ends(bars["direct"]), ends(bars["indirect"])
        direct, indirect = shown[f"G2{place}"], shown[f"G1{place}"]
        unit = 50 / (abs(direct) + abs(indirect) + 0.05)
        assert (first, last) == pytest.approx((0, unit * direct), abs=0.02)
        assert begin == pytest.approx(unit * direct if direct * indirect > 0 else 0, abs=0.02)
        assert end - begin == pytest.approx(unit * indirect, abs=0.02)
        assert bars["sum"] - 50 == pytest.approx(unit * shown[f"dW{place}"], abs=0.02)
        assert (bars["direct"][2], bars["indirect"][2]) == (direct < 0, indirect < 0)
        assert max(map(abs, (first, last, begin, end))) < 50


def test_a_use_that_leaves_nothing_has_no_bar(figure):
    figure.locator(".xp-do").first.click()  # x = 0
    assert all(bars["indirect"][1] < 0.01 < bars["direct"][1] for bars in figure.evaluate(BARS).values())


def test_a_link_holds_the_chosen_entry(figure):
    figure.locator('[data-output="dW[1][1]"]').press("ArrowRight")
    figure.get_by_role("button", name="Link").click()
    address = figure.page.evaluate("location.hash")
    assert "chosen=dW.1.2" in address.split("&")
    figure.get_by_role("button", name="Reset").click()
    figure.page.mouse.move(0, 0)  # what is hovered would be shown
    assert routes(figure.evaluate(READ))[-1][-1] == figure.evaluate(READ)["G1[1][1]"]
    figure.page.evaluate("hash => { location.hash = ''; location.hash = hash; }", address)
    figure.locator('[data-output="dW[1][2]"][aria-pressed=true]').wait_for()
    assert routes(figure.evaluate(READ))[-1][-1] == figure.evaluate(READ)["G1[1][2]"]


def test_the_entry_is_chosen_by_keyboard_and_is_one_tab_stop(figure):
    first, below = (figure.locator(f'[data-output="dW[{i}][1]"]') for i in (1, 2))
    first.focus()
    first.press("ArrowDown")
    assert below.evaluate("e => e === document.activeElement")
    assert [cell.get_attribute("tabindex") for cell in (first, below)] == ["-1", "0"]
    assert figure.locator('.xp-in button[data-output][tabindex="0"]').count() == 1


def test_the_experiments_do_what_they_say_and_reset_undoes_them(figure):
    start = figure.evaluate(INPUTS)
    figure.locator(".xp-do").first.click()
    shown = figure.evaluate(READ)
    assert all(shown[f"G1[{i}][{j}]"] == 0 != shown[f"G2[{i}][{j}]"] for i in (1, 2) for j in (1, 2))
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate(INPUTS) == start
    figure.locator(".xp-do").nth(1).click()
    shown = figure.evaluate(READ)
    assert shown["delta1[1]"] == shown["delta1[2]"] == 0
    assert all(shown[f"dW[{i}][{j}]"] == shown[f"G2[{i}][{j}]"] for i in (1, 2) for j in (1, 2))


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_the_table_for_paper_shows_the_present_values(figure):
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert_agree(on_paper(figure), shared_weights(figure.evaluate(INPUTS), nn.sigmoid))


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    assert_agree(cells, shared_weights(state["inputs"], nn.sigmoid))


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    assert_it_fits(at_width(open_page, PAGE, FIGURE, width), width)
