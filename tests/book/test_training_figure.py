"""Learning, live: the figure of *Training on real data* on its page. It never shows what is no number."""

import random
import re

import pytest

import nnlib as nn
from nnlib.explore.training import two_moons
from tests.book.figures import (
    INPUTS,
    READ,
    SCRIPT,
    assert_it_fits,
    assert_native_controls,
    at_width,
    choose,
    on_paper,
    without_javascript,
)
from tests.book.visit import until
from tests.explore.by_nnlib import assert_agree
from tests.explore.test_training_figure import by_nnlib, network_of

pytestmark = pytest.mark.site

PAGE = "chapters/09-training.html"
FIGURE = '[data-explorable="training"]'
MODEL = "root => root.explorableModel.get('inputs')"
STEPS = "root => Number(root.querySelector('[data-output=steps]').dataset.value)"
SHOWN = ("loss", "eta", "r1", "r2", "r3")
SHOWN_AT = """(root, settings) => settings.map(values => {
    root.explorableModel.set("inputs", values);
    return shown(root);
})"""
DEEPEST = """root => {
    const all = [...root.querySelector("canvas").getContext("2d").getImageData(0, 0, 48, 32).data];
    const opacities = all.filter((_, k) => k % 4 === 3), at = 4 * opacities.indexOf(Math.max(...opacities));
    return all.slice(at, at + 4);
}"""
LINE = "root => root.querySelector('.tr-map path').getAttribute('d')"
WORDS = "root => root.querySelector('.xp-in').textContent"
WARNING = ".tr-note[data-warns]"
SPAN = (4.8 / 360, 3.2 / 240)  # the plane's size for a unit of the map


def press(figure, name):
    figure.get_by_role("button", name=name, exact=True).click()


def set_rate(figure, value):
    figure.locator('input[type=number][data-input="logeta"]').fill(str(value))


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.relu, nn.tanh])
def test_every_shown_number_is_nnlibs_at_random_settings(figure, activation):
    rng = random.Random(7)
    choose(figure, activation)
    names = list(figure.evaluate(MODEL))
    settings = [
        {name: rng.randint(-300, 300) / 100 for name in names} | {"logeta": rng.randint(-30, 10) / 10}
        for _ in range(100)
    ]
    for setting, shown in zip(settings, figure.evaluate(SHOWN_AT, settings), strict=True):
        expected = by_nnlib(setting, activation)
        assert_agree(shown, {name: expected[name] for name in SHOWN})


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.tanh])
def test_steps_are_those_of_gradient_descent(figure, activation):
    choose(figure, activation)
    net, rate = network_of(figure.evaluate(MODEL), activation), 10**-1.5
    for name, count in (("One step", 1), ("One step", 2), ("100 steps", 102)):
        press(figure, name)
        learned = nn.gradient_descent(net, *two_moons(), rate, steps=count)
        shown = figure.evaluate(READ)
        assert (figure.evaluate(STEPS), shown["steps"]) == (count, count)
        assert shown["loss_first"] == pytest.approx(learned.losses[0], rel=1e-12)
        assert shown["loss"] == pytest.approx(learned.losses[-1], rel=1e-6)  # rounding has had 102 steps


def test_on_the_line_the_output_is_one_half(figure):
    press(figure, "100 steps")
    net, line = network_of(figure.evaluate(MODEL), nn.tanh), figure.evaluate(LINE)
    ends = [(float(u), float(v)) for u, v in re.findall(r"([\d.]+) ([\d.]+)", line)]
    assert len(ends) > 60
    for u, v in ends:
        place = [[u * SPAN[0] - 2.4, 1.6 - v * SPAN[1]]]
        assert net.predict(place).item() == pytest.approx(0.5, abs=0.12)


def test_play_learns_and_pause_stops(figure, visit):
    press(figure, "Play")
    far = "root => root.querySelector('[data-output=steps]').dataset.value >= 50"
    until(figure.page, far, figure.element_handle())
    press(figure, "Pause")
    steps, shown = figure.evaluate(STEPS), figure.evaluate(READ)
    assert shown["loss"] < shown["loss_first"] / 2
    visit.page.wait_for_timeout(300)
    assert figure.evaluate(STEPS) == steps


@pytest.mark.parametrize(
    ("activation", "rate"), [(nn.sigmoid, 0.3), (nn.tanh, 0.3), (nn.sigmoid, 1), (nn.relu, 1), (nn.tanh, 1)]
)
def test_a_rate_that_is_too_high_is_told_in_words_and_nothing_is_no_number(figure, activation, rate):
    choose(figure, activation)
    set_rate(figure, rate)
    assert figure.locator(WARNING).count() == 0
    for _ in range(5):
        press(figure, "100 steps")
        assert "NaN" not in figure.evaluate(WORDS)
        assert "Infinity" not in figure.evaluate(WORDS)
        assert all(abs(value) <= 1e6 for value in figure.evaluate(MODEL).values())
    assert "diverge" in figure.locator(WARNING).text_content()
    press(figure, "Reset")
    assert figure.locator(WARNING).count() == 0


def test_play_stops_when_it_diverges(figure):
    set_rate(figure, 0.5)
    press(figure, "Play")
    figure.locator(WARNING).wait_for()
    assert figure.get_by_role("button", name="Play", exact=True).is_visible()


def test_a_step_out_of_all_bounds_is_not_taken(figure):
    choose(figure, nn.relu)
    far = {name: 9e5 for name in figure.evaluate(MODEL) if name != "logeta"} | {"logeta": 1}
    figure.evaluate("(root, inputs) => root.explorableModel.set('inputs', inputs)", far)
    press(figure, "One step")
    assert figure.evaluate(MODEL) == far
    assert "out of all bounds" in figure.locator(WARNING).text_content()


def test_the_experiments_do_what_they_say_and_reset_undoes_them(figure):
    start = figure.evaluate(MODEL)
    press(figure, "raise the rate")
    assert figure.evaluate(MODEL)["logeta"] > 0
    press(figure, "Reset")
    press(figure, "all weights alike")
    press(figure, "100 steps")
    inputs = figure.evaluate(MODEL)
    assert len({inputs[f"W1[1][{k}]"] for k in (1, 2, 3, 4)}) == 1
    press(figure, "saturated units")
    assert figure.evaluate(STEPS) == 0
    shown = figure.evaluate(READ)
    assert shown["r1"] < shown["r2"] / 1000
    press(figure, "Random start")
    assert figure.evaluate(MODEL) != start
    press(figure, "Reset")
    assert figure.evaluate(MODEL) == start


def test_the_rate_alone_leaves_map_and_curve(figure):
    press(figure, "100 steps")
    line, shown = figure.evaluate(LINE), figure.evaluate(READ)
    figure.locator('input[type=range][data-input="logeta"]').press("ArrowRight")
    now = figure.evaluate(READ)
    assert (figure.evaluate(LINE), now["steps"], now["loss"]) == (line, shown["steps"], shown["loss"])
    assert now["eta"] > shown["eta"]
    assert figure.evaluate(INPUTS)["logeta"] == -1.4


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_the_table_for_paper_shows_the_present_values(figure):
    press(figure, "100 steps")
    inputs, table = figure.evaluate(MODEL), on_paper(figure)
    assert_agree(table, by_nnlib(inputs, nn.tanh))
    assert {name: table[name] for name in inputs} == inputs


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    assert_agree(cells, by_nnlib(state["inputs"], nn.tanh))


def test_the_map_takes_the_pages_colour(open_page):
    tints = [
        at_width(open_page, PAGE, FIGURE, 1280, color_scheme=mode).evaluate(DEEPEST)
        for mode in ("light", "dark")
    ]
    light, dark = tints
    assert light[2] > 150  # blue
    assert dark[1] > light[1] + 40  # the lighter blue


def test_without_motion_play_makes_its_steps_at_once(open_page):
    root = at_width(open_page, PAGE, FIGURE, 1280, reduced_motion="reduce")
    root.page.evaluate(f"() => {{ {SCRIPT} }}")
    press(root, "Play")
    assert root.evaluate(STEPS) == 200
    assert root.get_by_role("button", name="Play", exact=True).is_visible()


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    assert_it_fits(at_width(open_page, PAGE, FIGURE, width), width, apart=".xp-badge, svg")
