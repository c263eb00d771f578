"""Row vectors on the built page: the explorable's numbers, its 26 parameters, their paths, its descent."""

import random

import pytest

from tests.book.figures import (
    INPUTS,
    READ,
    TRY_ALL,
    TYPE,
    assert_it_fits,
    assert_native_controls,
    at_width,
    on_paper,
    without_javascript,
)
from tests.explore.by_nnlib import assert_agree, row_vectors

pytestmark = pytest.mark.site

PAGE = "chapters/05-row-vectors.html"
FIGURE = '[data-explorable="row-vectors"]'
SHOWN = ("z1", "a1", "z2", "a2", "z3", "a3", "delta1", "delta2", "delta3", "loss")
GRADIENTS = tuple(f"d{stem}{layer}" for stem in "Wb" for layer in (1, 2, 3))
MODEL = "root => root.explorableModel.get('inputs')"
LIT = """root => Object.fromEntries(["data-chosen", "data-path"].map(mark => [mark,
    [...root.querySelectorAll(`.xp-net [data-parameter][${mark}]`)].map(e => e.dataset.parameter)]))"""


@pytest.fixture
def figure(figure):
    """With one entry chosen."""
    choose(figure, "W1[1][1]")
    return figure


def choose(root, name):
    root.locator(f'input[type=number][data-input="{name}"]').focus()


def on_the_page(named):
    """Of all quantities, those that the page always shows."""
    return {name: value for name, value in named.items() if name.split("[")[0] in SHOWN + GRADIENTS}


def numbers(rng, names):
    """A setting: anywhere within ±2, the target from 0 to 1."""
    setting = {name: rng.randint(-200, 200) / 100 for name in names}
    return {**setting, "y[1]": rng.randint(0, 100) / 100, "eta": rng.randint(0, 50) / 10}


def test_every_shown_number_is_nnlibs_at_random_settings(figure):
    rng = random.Random(12)
    names = list(figure.evaluate(INPUTS))
    assert len(names) == 26 + 4 + 1 + 1
    settings = [numbers(rng, names) for _ in range(100)]
    for setting, (typed, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
        assert typed == setting
        everything = row_vectors(setting)
        assert len(on_the_page(everything)) == 6 + 6 + 6 + 26 + 1
        assert_agree(shown, on_the_page(everything))
        assert shown["next"] == pytest.approx(everything["newW1[1][1]"], rel=1e-12, abs=1e-14)
        assert shown["chain_result[4]"] == shown["dW1[1][1]"]


def test_each_input_changes_what_it_should_and_nothing_else(figure):
    for name in figure.evaluate(INPUTS):
        before, setting = figure.evaluate(READ), figure.evaluate(MODEL)
        if name[0] in "Wb":
            choose(figure, name)
        # x, y and the rate have sliders of their own, the parameters share the one of the chosen one
        slider = figure.locator(f'input[type=range][data-input="{name}"]')
        slider.press("ArrowLeft")
        after, moved = figure.evaluate(READ), figure.evaluate(MODEL)
        step = 0.1 if name == "eta" else 0.01
        assert moved == {**setting, name: pytest.approx(setting[name] - step)}
        old, new = (on_the_page(row_vectors(values)) for values in (setting, moved))
        assert {k for k in old if before[k] != after[k]} == {k for k in old if old[k] != new[k]}
        assert any(before[k] != after[k] for k in old) == (name != "eta")


def test_the_chosen_parameter_shows_its_paths_and_its_factors(figure):
    everything = row_vectors(figure.evaluate(INPUTS))
    choose(figure, "W1[2][3]")
    lit, shown = figure.evaluate(LIT), figure.evaluate(READ)
    assert lit["data-chosen"] == ["W1[2][3]"]
    assert lit["data-path"] == ["W2[3][1]", "W2[3][2]", "W3[1][1]", "W3[2][1]"]
    for k in (1, 2):
        assert shown[f"chain_result[{k}]"] == pytest.approx(everything[f"p2[3][{k}]"], rel=1e-12)
    assert shown["chain_left[3]"] == pytest.approx(everything["da1[3]"], rel=1e-12)
    assert shown["chain_result[3]"] == shown["delta1[3]"]
    assert shown["chain_left[4]"] == figure.evaluate(INPUTS)["x[2]"]
    assert shown["chain_result[4]"] == shown["dW1[2][3]"]

    choose(figure, "W2[1][2]")
    assert figure.evaluate(LIT) == {"data-chosen": ["W2[1][2]"], "data-path": ["W3[2][1]"]}
    assert figure.evaluate(READ)["chain_result[3]"] == shown["dW2[1][2]"]

    choose(figure, "b3[1]")
    assert figure.evaluate(LIT) == {"data-chosen": ["b3[1]"], "data-path": []}
    shown = figure.evaluate(READ)
    assert shown["chain_result[2]"] == shown["db3[1]"] == shown["delta3[1]"]


def test_an_edge_and_a_dot_of_the_diagram_choose_too(figure):
    for name in ("W3[1][1]", "b2[2]"):
        figure.locator(f'.xp-net [data-parameter="{name}"] .xp-hit').click()
        assert figure.evaluate(LIT)["data-chosen"] == [name]
        assert figure.locator(f'input[type=range][data-input="{name}"]').count() == 1


def test_steps_of_descent_are_those_of_nnlib(figure):
    figure.evaluate(TYPE, {"eta": 0.7})
    values, losses = figure.evaluate(MODEL), []
    for _ in range(26):
        expected = row_vectors(values)
        losses.append(expected["loss"])
        values = {**values, **{name[3:]: v for name, v in expected.items() if name.startswith("new")}}
    figure.get_by_role("button", name="One step").click()
    figure.get_by_role("button", name="25 steps").first.click()
    assert figure.evaluate(MODEL) == pytest.approx(values, rel=1e-11)
    shown = figure.evaluate(READ)
    assert shown["steps"] == 26
    assert shown["loss_first"] == pytest.approx(losses[0], rel=1e-12)
    assert shown["loss_now"] == shown["loss"] == pytest.approx(row_vectors(values)["loss"], rel=1e-10)
    points = figure.locator(".xp-plot polyline").get_attribute("points").split()
    assert len(points) == 27

    figure.evaluate(TYPE, {"eta": 0.2})  # another rate goes on; another input begins anew
    assert figure.evaluate(READ)["steps"] == 26
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert figure.evaluate(READ)["steps"] == 0


def test_the_experiments_do_what_they_say_and_reset_undoes_them(figure):
    start = figure.evaluate(MODEL)
    figure.locator(".xp-do").first.click()
    assert figure.evaluate(MODEL) == {**start, "W2[1][2]": 0}
    shown = figure.evaluate(READ)
    assert shown["chain_result[2]"] == 0 != shown["chain_result[1]"]
    figure.locator(".xp-do").last.click()
    assert figure.evaluate(MODEL)["W2[1][2]"] != 0
    assert figure.evaluate(READ)["loss"] < shown["loss"]
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate(MODEL) == start


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_a_box_that_is_left_empty_or_out_of_range_takes_an_allowed_value(figure):
    box = figure.locator('input[type=number][data-input="W2[1][1]"]')
    box.fill("")
    box.press("Tab")
    assert box.input_value() == "0.90"
    box.fill("42")
    box.press("Tab")
    assert figure.evaluate(MODEL)["W2[1][1]"] == float(box.input_value()) == 9


def test_the_table_for_paper_shows_the_present_values(figure):
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert_agree(on_paper(figure), row_vectors(figure.evaluate(INPUTS)))


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    assert_agree(cells, row_vectors(state["inputs"]))


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    assert_it_fits(at_width(open_page, PAGE, FIGURE, width), width)
