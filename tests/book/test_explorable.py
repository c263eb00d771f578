"""The explorable on the built page: no kernel, no server of its own, every other host blocked."""

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
from tests.explore.by_nnlib import assert_agree, central_differences, single_layer

pytestmark = pytest.mark.site

PAGE = "chapters/01-single-layer.html"
FIGURE = '[data-explorable="single-layer"]'


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_every_shown_number_is_nnlibs_at_random_settings(figure, activation):
    rng = random.Random(11)
    choose(figure, activation)
    names = list(figure.evaluate(INPUTS))
    assert len(names) == 11
    settings = [
        {name: rng.randint(-200, 200) / 100 for name in names} | {"logh": rng.randint(-12, -1)}
        for _ in range(100)
    ]
    for setting, (inputs, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
        assert inputs == setting
        expected = single_layer(setting, activation)
        assert_agree(shown, expected)
        assert shown["exact"] == shown["product"] == shown["dW[1][2]"]
        slope, rounded, off = central_differences(setting, activation)["[1][2]"]
        assert abs(shown["difference[1][2]"] - slope) <= rounded
        assert shown["gap[1][2]"] == pytest.approx(abs(shown["difference[1][2]"] - shown["exact"]), abs=1e-15)
        assert shown["gap[1][2]"] <= off
        copies = {"xT[1]": setting["x[1]"], "xT[2]": setting["x[2]"]}
        assert {name: shown[name] for name in copies} == copies


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_each_slider_changes_what_it_should_and_nothing_else(figure, activation):
    choose(figure, activation)
    for name in figure.evaluate(INPUTS):
        slider = figure.locator(f'input[type=range][data-input="{name}"]')
        before, setting = figure.evaluate(READ), figure.evaluate(INPUTS)
        slider.focus()
        slider.press("ArrowRight")
        after, moved = figure.evaluate(READ), figure.evaluate(INPUTS)
        if name == "logh":
            assert moved == {**setting, name: setting[name] + 1}
            assert {k for k in after if before[k] != after[k]} == {"difference[1][2]", "gap[1][2]"}
            continue
        assert moved == {**setting, name: pytest.approx(setting[name] + 0.01)}
        old, new = single_layer(setting, activation), single_layer(moved, activation)
        assert {k for k in old if before[k] != after[k]} == {k for k in old if old[k] != new[k]}
        assert any(before[k] != after[k] for k in old)


def test_the_bars_show_the_gap_at_every_step_and_mark_the_present_one(figure):
    tall = """root => [...root.querySelectorAll(".xp-bars i")]
        .map(e => [parseFloat(e.style.backgroundSize.split(' ')[1]), e.hasAttribute("data-shown")])"""
    figure.evaluate(TYPE, {"logh": -2})
    bars = figure.evaluate(tall)
    assert [shown for _, shown in bars] == [k == -2 for k in range(-12, 0)]
    least = min(bars)[0]
    assert bars[0][0] > least + 20 < bars[-1][0]
    name = figure.locator(".xp-bars").get_attribute("aria-label")
    assert name.startswith("Gap at each step h: smallest, ")


def test_random_leaves_the_step_alone(figure):
    figure.evaluate(TYPE, {"logh": -7})
    figure.get_by_role("button", name="Random").click()
    assert figure.evaluate(INPUTS)["logh"] == -7


def test_the_keyboard_chooses_an_entry_and_the_link_holds_it(figure):
    figure.locator('[data-output="dW[1][2]"]').focus()
    figure.page.keyboard.press("ArrowDown")
    shown = figure.evaluate(READ)
    assert shown["exact"] == shown["product"] == shown["dW[2][2]"]
    assert "difference[2][2]" in shown
    figure.get_by_role("button", name="Link").click()
    assert "chosen=dW.2.2" in figure.page.evaluate("location.hash")
    figure.page.mouse.move(0, 0)  # what is hovered would be shown
    figure.page.evaluate("() => { location.hash = '#single-layer&chosen=dW.1.1&logh=-3&variant=identity'; }")
    figure.locator('[data-output="difference[1][1]"]').wait_for()
    assert figure.evaluate(INPUTS)["logh"] == -3
    assert figure.evaluate(READ)["product"] == figure.evaluate(READ)["dW[1][1]"]


def test_the_chosen_entry_is_the_product_of_its_two_factors(figure):
    setting = figure.evaluate(INPUTS)
    expected = single_layer(setting, nn.sigmoid)
    for i in (1, 2):
        for j in (1, 2):
            figure.locator(f'[data-output="dW[{i}][{j}]"]').click()
            shown = figure.evaluate(READ)
            assert shown["factor_delta"] == pytest.approx(expected[f"delta[{i}]"], rel=1e-12)
            assert shown["factor_x"] == setting[f"x[{j}]"]
            assert shown["product"] == shown[f"dW[{i}][{j}]"]


def test_reset_goes_back_and_random_stays_in_range(figure):
    start = figure.evaluate(INPUTS)
    figure.get_by_role("button", name="Random").click()
    drawn = figure.evaluate(INPUTS)
    assert drawn != start
    assert all(-2 <= value <= 2 for name, value in drawn.items() if name != "logh")
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate(INPUTS) == start


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_the_table_for_paper_shows_the_present_values(figure):
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert_agree(on_paper(figure), single_layer(figure.evaluate(INPUTS), nn.sigmoid))


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    assert_agree(cells, single_layer(state["inputs"], nn.sigmoid))


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    assert_it_fits(at_width(open_page, PAGE, FIGURE, width), width)
