"""Row vectors on the built page: the explorable's numbers, its 26 parameters, their paths, its descent."""

import math
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
# one model for all settings: what is typed is tested by itself
SHOWN_AT = """(root, settings) => settings.map(values => {
    root.explorableModel.set("inputs", values);
    return shown(root);
})"""
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


def assert_shown(shown, setting):
    everything = row_vectors(setting)
    always = on_the_page(everything)
    assert len(always) == 6 + 6 + 6 + 26 + 1
    assert_agree(shown, always)
    name = "newW1[1][1]"
    assert_agree({name: shown["next"]}, {name: everything[name]})
    assert shown["chain_result[4]"] == shown["dW1[1][1]"]


def test_every_shown_number_is_nnlibs_at_random_settings(figure):
    rng = random.Random(12)
    names = list(figure.evaluate(INPUTS))
    assert len(names) == 26 + 4 + 1 + 1
    settings = [numbers(rng, names) for _ in range(100)]
    for setting, shown in zip(settings, figure.evaluate(SHOWN_AT, settings), strict=True):
        assert_shown(shown, setting)


def test_what_is_typed_arrives(figure):
    rng = random.Random(13)
    settings = [numbers(rng, figure.evaluate(INPUTS)) for _ in range(5)]
    for setting, (typed, shown) in zip(settings, figure.evaluate(TRY_ALL, settings), strict=True):
        assert typed == setting
        assert_shown(shown, setting)


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


def press(figure, name):
    figure.get_by_role("button", name=name).first.click()


def stepped(values):
    """The parameters after one step by nnlib."""
    return {name[3:]: value for name, value in row_vectors(values).items() if name.startswith("new")}


def test_steps_of_descent_are_those_of_nnlib(figure):
    """One at a time, so that no rounding adds up; then many at once are the same as many."""
    figure.evaluate(TYPE, {"eta": 0.7})
    start, losses = figure.evaluate(MODEL), []
    for _ in range(26):
        values = figure.evaluate(MODEL)
        losses.append(row_vectors(values)["loss"])
        press(figure, "One step")
        anew = figure.evaluate(MODEL)
        assert_agree(anew, stepped(values))
        assert {name: anew[name] for name in ("x[1]", "y[1]", "eta")} == {
            name: values[name] for name in ("x[1]", "y[1]", "eta")
        }
    after, shown = figure.evaluate(MODEL), figure.evaluate(READ)
    assert shown["steps"] == 26
    assert shown["loss_first"] == pytest.approx(losses[0], rel=1e-12)
    assert shown["loss_now"] == shown["loss"] == pytest.approx(row_vectors(after)["loss"], rel=1e-12)
    points = figure.locator(".xp-plot polyline").get_attribute("points").split()
    assert len(points) == 27
    label = figure.locator(".xp-plot").get_attribute("aria-label")
    assert label.startswith("loss against steps: 26 steps, from ")

    figure.evaluate(TYPE, {"eta": 0.2})  # another rate goes on; another input begins anew
    assert figure.evaluate(READ)["steps"] == 26
    figure.evaluate(TYPE, {"x[1]": 0.25})
    assert figure.evaluate(READ)["steps"] == 0
    figure.get_by_role("button", name="Reset").click()
    figure.evaluate(TYPE, {"eta": 0.7})
    assert figure.evaluate(MODEL) == start
    press(figure, "25 steps")
    press(figure, "One step")
    assert figure.evaluate(MODEL) == after


def test_play_descends_and_pause_and_reset_stop_it(figure):
    start = figure.evaluate(MODEL)
    press(figure, "Play")
    figure.locator('[data-output="steps"]', has_text="4").wait_for()
    press(figure, "Pause")
    shown = figure.evaluate(READ)
    figure.page.wait_for_timeout(400)
    assert figure.evaluate(READ) == shown
    assert shown["loss_now"] < shown["loss_first"]
    press(figure, "Play")
    figure.get_by_role("button", name="Reset").click()
    figure.page.wait_for_timeout(400)
    assert figure.evaluate(MODEL) == start
    assert figure.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"


def test_what_runs_away_stops_and_says_so(figure):
    figure.evaluate(TYPE, {"W3[1][1]": 9, "eta": 5})
    press(figure, "Play")
    warning = figure.locator("[data-warns]")
    warning.wait_for()
    assert "run to the end of the range, −9 to 9" in warning.text_content()
    assert figure.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"
    assert figure.evaluate(MODEL)["W3[1][1]"] == 9
    figure.evaluate(TYPE, {"W3[1][1]": 1})
    assert warning.count() == 0


def test_a_loss_that_rises_is_called_so(figure):
    setting = {f"x[{k}]": 3 for k in range(1, 5)} | {"y[1]": 0.5, "eta": 5, "W3[1][1]": 0.7, "W3[2][1]": 0.7}
    figure.evaluate(TYPE, setting)
    before = figure.evaluate(READ)["loss"]
    press(figure, "One step")
    risen = figure.evaluate(READ)["loss"] > before
    assert risen
    assert "The loss has risen" in figure.locator("[data-warns]").text_content()


def test_far_out_no_number_is_lost(figure):
    for end in (-9, 9):
        far = {name: end for name in figure.evaluate(INPUTS) if name[0] in "Wb"}
        figure.evaluate(TYPE, {**far, "eta": 5, "y[1]": 0 if end > 0 else 1})
        press(figure, "25 steps")
        shown = figure.evaluate(READ)
        assert all(math.isfinite(value) for value in shown.values())
        assert "NaN" not in figure.locator(".xp-in").inner_text()


def test_who_wants_no_motion_gets_25_steps_at_once(open_page):
    root = open_page(PAGE, reduced_motion="reduce").page.locator(f"{FIGURE}[data-live]")
    press(root, "Play")
    assert root.locator('[data-output="steps"]').get_attribute("data-value") == "25"
    assert root.get_by_role("button", name="Play").get_attribute("aria-pressed") == "false"


def test_after_many_steps_the_curve_stays_small(figure):
    for _ in range(40):
        press(figure, "25 steps")
    assert figure.evaluate(READ)["steps"] == 1000
    points = figure.locator(".xp-plot polyline").get_attribute("points").split()
    assert len(points) <= 401
    assert points[-1].startswith("242.0,")  # the last step is at the end


def test_the_list_chooses_by_keyboard_and_the_link_holds_the_choice(figure, visit):
    choices = figure.locator('select[data-input="chosen"]')
    assert choices.locator("option").count() == 26
    choices.select_option("b2[1]")
    assert figure.evaluate(LIT)["data-chosen"] == ["b2[1]"]
    figure.get_by_role("button", name="Link").click()
    assert visit.page.evaluate("location.hash") == "#row-vectors&chosen=b2.1&variant=sigmoid"
    visit.page.evaluate("location.hash = '#row-vectors&chosen=W1.4.3'")
    figure.locator('.xp-net [data-chosen][data-parameter="W1[4][3]"]').wait_for(state="attached")
    assert choices.input_value() == "W1[4][3]"
    assert figure.locator('input[type=range][data-input="W1[4][3]"]').count() == 1
    visit.page.evaluate("location.hash = '#row-vectors&chosen=W7.4.3'")
    figure.locator(".xp-said", has_text="was not taken").wait_for()
    assert choices.input_value() == "W1[4][3]"
    visit.page.evaluate("location.hash = '#row-vectors&variant=sigmoid'")


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
