"""The map of an output on the built page: its numbers, its point, its lines, its keys."""

import random
import re

import pytest

import nnlib as nn
from tests.book.figures import (
    INPUTS,
    READ,
    SCRIPT,
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
LINES = """root => [...root.querySelectorAll(".ig-lines path")].map(e => e.getAttribute("d"))"""
UNIT = 80.5  # pixels of the map for 1


def place(figure):
    """Where the point stands."""
    inputs = figure.evaluate(INPUTS)
    return inputs["x[1]"], inputs["x[2]"]


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.tanh])
def test_every_shown_number_is_nnlibs_at_random_settings(figure, activation):
    rng = random.Random(11)
    choose(figure, activation)
    names = list(figure.evaluate(INPUTS))
    assert len(names) == 15
    settings = [{name: rng.randint(-200, 200) / 100 for name in names} for _ in range(100)]
    for setting, (typed, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
        assert typed == setting
        assert_agree(shown, landscape(setting, activation))
        assert {name: shown[name] for name in setting if name.startswith("W")} == {
            name: value for name, value in setting.items() if name.startswith("W")
        }


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.tanh])
def test_along_each_line_the_output_is_the_same(figure, activation):
    choose(figure, activation)
    apart = 0.05 if activation is nn.sigmoid else 0.1
    for _ in range(3):
        weights, lines = figure.evaluate(MODEL), figure.evaluate(LINES)
        assert sum(map(bool, lines)) > 2
        for n, line in enumerate(lines, start=-19):
            for u, v in re.findall(r"(\d+) (\d+)", line)[:: len(line) // 400 + 1]:
                point = {"x[1]": (int(u) / 10 - 171) / UNIT, "x[2]": (171 - int(v) / 10) / UNIT}
                assert landscape({**weights, **point}, activation)["H[1]"] == pytest.approx(
                    n * apart, abs=0.04
                )
        figure.get_by_role("button", name="Random").click()


def test_the_lines_follow_the_network(figure):
    figure.get_by_text("Change the network").click()
    before, numbers = figure.evaluate(LINES), figure.evaluate(READ)
    figure.locator('input[type=range][data-input="b2[1]"]').press("ArrowRight")
    assert figure.evaluate(LINES) != before
    assert figure.evaluate(READ)["H[1]"] != numbers["H[1]"]
    figure.get_by_text("Change the network").click()


def test_each_slider_moves_the_point_and_not_the_lines(figure):
    lines = figure.evaluate(LINES)
    assert len([line for line in lines if line]) > 10
    for name, place in (("x[1]", "cx"), ("x[2]", "cy")):
        point, before = figure.locator("[data-point]"), figure.evaluate(READ)
        at = float(point.get_attribute(place))
        figure.locator(f'input[type=range][data-input="{name}"]').press("ArrowRight")
        assert abs(float(point.get_attribute(place)) - at) == pytest.approx(UNIT / 100, abs=1e-6)
        assert figure.evaluate(READ)["H[1]"] != before["H[1]"]
    assert figure.evaluate(LINES) == lines


def test_the_point_is_moved_by_keys_and_is_one_tab_stop(figure):
    figure.evaluate(TYPE, {"x[1]": 0.3, "x[2]": 1.9})
    point = figure.locator("[data-point]")
    assert point.get_attribute("tabindex") == "0"
    point.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowRight"):
        point.press(key)
    assert place(figure) == (0.45, 1.85)
    for _ in range(5):
        point.press("ArrowUp")
    assert place(figure) == (0.45, 2)  # and not beyond
    assert point.get_attribute("aria-label").startswith("x at 0.45, 2.00; output ")


def test_the_point_is_dragged(figure, visit):
    figure.locator(".ig-map").scroll_into_view_if_needed()
    box = figure.locator(".ig-map").bounding_box()
    spot = lambda u, v: (box["x"] + u * box["width"], box["y"] + v * box["height"])
    mouse = visit.page.mouse
    mouse.move(*spot(0.5, 0.5))
    mouse.down()
    mouse.move(*spot(0.75, 0.25))
    dragged = place(figure)
    mouse.move(*spot(1.5, 0.25))
    mouse.up()
    assert dragged == pytest.approx((1.07, 1.07), abs=0.02)
    assert place(figure)[0] == 2
    assert_agree(figure.evaluate(READ), landscape(figure.evaluate(MODEL), nn.tanh))


def test_a_finger_on_the_map_moves_the_point_and_beside_it_the_page(open_page):
    root = at_width(open_page, PAGE, FIGURE, 390, has_touch=True, is_mobile=True)
    root.page.evaluate(f"() => {{ {SCRIPT} }}")
    finger = root.page.context.new_cdp_session(root.page)

    def touch(kind, *points):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(where):
        root.locator(where).evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
        box = root.locator(where).bounding_box()
        x, y = box["x"] + 0.4 * box["width"], box["y"] + 0.6 * box["height"]
        before = root.page.evaluate("scrollY"), root.evaluate(INPUTS)
        touch("touchStart", {"x": x, "y": y})
        for up in range(10, 100, 10):
            touch("touchMove", {"x": x, "y": y - up})
            root.page.wait_for_timeout(20)
        touch("touchEnd")
        root.page.wait_for_timeout(100)
        after = root.page.evaluate("scrollY"), root.evaluate(INPUTS)
        return after[0] != before[0], after[1] != before[1]

    assert drag(".ig-map") == (False, True)
    assert drag(".xp-hint") == (True, False)


def test_the_arrow_goes_uphill_and_is_as_long_as_the_gradient(figure):
    shown = figure.evaluate(READ)
    ends = """root => root.querySelector(".ig-arrow path").getAttribute("d")
        .match(/-?[\\d.]+/g).map(Number)"""
    u, v, u2, v2 = figure.evaluate(ends)
    assert [(u2 - u) / UNIT, (v - v2) / UNIT] == pytest.approx(
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
