"""The map of an output on the built page: its numbers, its point, its lines, its keys."""

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
from tests.explore.by_nnlib import assert_agree
from tests.explore.landscape import landscape

pytestmark = pytest.mark.site

PAGE = "chapters/07-input-gradient.html"
FIGURE = '[data-explorable="input-gradient"]'
MODEL = "root => root.explorableModel.get('inputs')"
LINES = """root => [...root.querySelectorAll("svg g[fill=none] path")].map(e => e.getAttribute("d"))"""


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.tanh])
def test_every_shown_number_is_nnlibs_at_random_settings(figure, activation):
    rng = random.Random(11)
    choose(figure, activation)
    assert set(figure.evaluate(INPUTS)) == {"x[1]", "x[2]"}
    for _ in range(5):
        figure.get_by_role("button", name="Random").click()
        weights = figure.evaluate(MODEL)
        settings = [{f"x[{n}]": rng.randint(-200, 200) / 100 for n in (1, 2)} for _ in range(20)]
        for setting, (typed, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
            assert typed == setting
            assert_agree(shown, landscape({**weights, **setting}, activation))
            assert {name: shown[name] for name in weights if name.startswith("W")} == {
                name: value for name, value in weights.items() if name.startswith("W")
            }


def test_each_slider_moves_the_point_and_not_the_lines(figure):
    lines = figure.evaluate(LINES)
    assert len([line for line in lines if line]) > 10
    for name, place in (("x[1]", "cx"), ("x[2]", "cy")):
        point, before = figure.locator("[data-point]"), figure.evaluate(READ)
        at = float(point.get_attribute(place))
        figure.locator(f'input[type=range][data-input="{name}"]').press("ArrowRight")
        assert abs(float(point.get_attribute(place)) - at) == pytest.approx(0.75, abs=1e-6)
        assert figure.evaluate(READ)["H[1]"] != before["H[1]"]
    assert figure.evaluate(LINES) == lines


def test_the_point_is_moved_by_keys_and_is_one_tab_stop(figure):
    figure.evaluate(TYPE, {"x[1]": 0.3, "x[2]": 1.9})
    point = figure.locator("[data-point]")
    assert point.get_attribute("tabindex") == "0"
    point.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowRight"):
        point.press(key)
    assert figure.evaluate(INPUTS) == {"x[1]": 0.45, "x[2]": 1.85}
    for _ in range(5):
        point.press("ArrowUp")
    assert figure.evaluate(INPUTS)["x[2]"] == 2  # and not beyond
    assert point.get_attribute("aria-label").startswith("x at 0.45, 2.00; output ")


def test_the_point_is_dragged(figure, visit):
    figure.locator("svg[role=group]").scroll_into_view_if_needed()
    box = figure.locator("svg[role=group]").bounding_box()
    place = lambda u, v: (box["x"] + u * box["width"], box["y"] + v * box["height"])
    mouse = visit.page.mouse
    mouse.move(*place(0.5, 0.5))
    mouse.down()
    mouse.move(*place(0.75, 0.25))
    dragged = figure.evaluate(INPUTS)
    mouse.move(*place(1.5, 0.25))
    mouse.up()
    assert dragged == pytest.approx({"x[1]": 1.07, "x[2]": 1.07}, abs=0.02)
    assert figure.evaluate(INPUTS)["x[1]"] == 2
    assert_agree(figure.evaluate(READ), landscape(figure.evaluate(MODEL), nn.tanh))


def test_the_arrow_goes_uphill_and_is_as_long_as_the_gradient(figure):
    shown = figure.evaluate(READ)
    ends = """root => root.querySelector("svg g[stroke*=grad] path").getAttribute("d")
        .match(/-?[\\d.]+/g).map(Number)"""
    u, v, u2, v2 = figure.evaluate(ends)
    assert [(u2 - u) / 75, (v - v2) / 75] == pytest.approx(
        [1.2 * shown["g[1]"], 1.2 * shown["g[2]"]], rel=1e-9
    )


def test_the_experiments_do_what_they_say_and_reset_undoes_them(figure):
    start = figure.evaluate(MODEL)
    figure.get_by_role("button", name="unit 1 speak alone").click()
    inputs, shown = figure.evaluate(MODEL), figure.evaluate(READ)
    assert shown["p[2][1]"] == shown["p[3][2]"] == 0
    assert shown["g[1]"] * inputs["W1[1][2]"] == pytest.approx(shown["g[2]"] * inputs["W1[1][1]"], rel=1e-12)
    figure.get_by_role("button", name="saturate all units").click()
    assert 0 < abs(figure.evaluate(READ)["g[1]"]) < 1e-4
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate(MODEL) == start


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_the_table_for_paper_shows_the_present_values(figure):
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert_agree(on_paper(figure), landscape(figure.evaluate(MODEL), nn.tanh))


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    assert_agree(cells, landscape(state["inputs"], nn.tanh))


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    assert_it_fits(at_width(open_page, PAGE, FIGURE, width), width, apart=".xp-badge, svg")
