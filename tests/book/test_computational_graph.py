"""The explorable of the computational graph on the built page: steps, numbers, networks, keys."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.explore.graph import derivative_name, network_graph, quantities
from tests.book.figures import (
    INPUTS,
    READ,
    TYPE,
    assert_it_fits,
    assert_native_controls,
    at_width,
    without_javascript,
)

pytestmark = pytest.mark.site

PAGE = "chapters/04-computational-graph.html"
FIGURE = '[data-explorable="computational-graph"]'
KINDS = ("single layer", "shared layer", "two layers")
KNOWN = """root => [...root.querySelectorAll(".xp-graph [data-output]")]
    .filter(e => e.textContent).map(e => [e.dataset.output, +e.dataset.value])"""


def choose(figure, kind):
    figure.locator(f'input[data-input="network"][value="{kind}"]').check(force=True)


def step(figure):
    return figure.locator('input[data-input="step"]')


def to_the_end(figure):
    step(figure).press("End")


def expected(kind, inputs):
    """The graph and all its numbers, by nnlib on floats."""
    numbers = ["1", "2"] if kind == "two layers" else [""]
    column = lambda name: np.array([[inputs[f"{name}[{i}]"]] for i in (1, 2)])
    square = lambda n: np.array([[inputs[f"W{n}[{i}][{j}]"] for j in (1, 2)] for i in (1, 2)])
    layers = [nn.Dense(square(n), column(f"b{n}"), nn.sigmoid) for n in numbers]
    net = nn.Network(layers * 2 if kind == "shared layer" else layers)
    return network_graph(net), quantities(net, column("x"), column("y"))


def near(value):
    return pytest.approx(float(value), rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_end_every_value_and_every_derivative_is_nnlibs(figure, kind):
    choose(figure, kind)
    to_the_end(figure)
    rng = np.random.default_rng(5)
    for _ in range(25):
        names = list(figure.evaluate(INPUTS))
        figure.evaluate(TYPE, {name: int(rng.integers(-200, 200)) / 100 for name in names})
        graph, number = expected(kind, figure.evaluate(INPUTS))
        wanted = {*graph.nodes, *map(derivative_name, graph.nodes)} - {"1"}
        known = dict(figure.evaluate(KNOWN))
        assert known.keys() == wanted
        for name in wanted:
            assert known[name] == near(number[name]), name


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_computes_one_node_values_first(figure, kind):
    choose(figure, kind)
    graph, _ = expected(kind, figure.evaluate(INPUTS))
    order = [node for node in graph.nodes if node not in graph.leaves]
    order += [derivative_name(node) for node in reversed(graph.nodes)]
    known = set(graph.leaves)
    assert set(dict(figure.evaluate(KNOWN))) == known
    for name in order:
        step(figure).press("ArrowRight")
        known |= {name} - {"1"}
        assert set(dict(figure.evaluate(KNOWN))) == known
    assert step(figure).get_attribute("max") == str(len(order))


@pytest.mark.parametrize("kind", KINDS)
def test_the_read_out_shows_the_shares_and_they_are_nnlibs(figure, kind):
    choose(figure, kind)
    graph, number = expected(kind, figure.evaluate(INPUTS))
    to_the_end(figure)
    for node in graph.nodes[:-1]:
        shown, edges = figure.evaluate(READ), graph.out_of(node)
        assert figure.locator(".xp-graph .now[data-node]").get_attribute("data-node") == node
        for k, edge in enumerate(edges, start=1):
            assert shown[f"via[{k}]"] == near(number[edge.share])
            if edge.local != "1":
                assert shown[f"via_local[{k}]"] == near(number[edge.local])
            if edge.target != "loss":
                assert shown[f"via_error[{k}]"] == near(number[derivative_name(edge.target)])
        assert ("via_sum" in shown) == (len(edges) > 1)
        if len(edges) > 1:
            assert shown["via_sum"] == near(number[derivative_name(node)])
        assert figure.locator(".xp-graph path.now").count() == len(edges)
        figure.get_by_role("button", name="Back").click()


def test_forward_steps_show_what_a_value_is_made_of(figure):
    graph, number = expected("two layers", figure.evaluate(INPUTS))
    figure.get_by_role("button", name="Next").click()
    shown = figure.evaluate(READ)
    sources = [edge.source for edge in graph.into("z1[1]")]
    assert [shown[f"from[{k}]"] for k in range(1, 6)] == [near(number[source]) for source in sources]
    assert shown["result"] == near(number["z1[1]"])


def test_a_click_on_a_node_leads_to_its_step(figure):
    figure.locator('[data-node="a1[1]"]').click()
    assert figure.locator(".xp-graph .now[data-node]").get_attribute("data-node") == "a1[1]"
    assert "forward" in figure.locator(".xp-words").text_content()
    to_the_end(figure)
    figure.locator('[data-node="a1[1]"]').click()
    assert "backward" in figure.locator(".xp-words").text_content()
    assert {"via[1]", "via[2]", "via_sum"} <= figure.evaluate(READ).keys()


def test_the_experiments_lead_to_forks(figure):
    for k, kind in enumerate(KINDS):
        figure.locator(".xp-do").nth(k).click()
        assert figure.locator(f'input[data-input="network"][value="{kind}"]').is_checked()
        assert "via_sum" in figure.evaluate(READ)
    figure.locator(".xp-do").nth(1).click()
    assert figure.locator(".xp-graph .now[data-node]").get_attribute("data-node").startswith("W")


def test_an_arrow_that_carries_nothing_back(figure):
    to_the_end(figure)
    figure.evaluate(TYPE, {"W2[1][1]": 0, "W2[2][1]": 0})
    known = dict(figure.evaluate(KNOWN))
    assert known["da1[1]"] == known["delta1[1]"] == known["dW1[1][1]"] == known["db1[1]"] == 0
    assert 0 not in {known["da1[2]"], known["dx[1]"], known["dW2[1][1]"]}


def test_reset_undoes_everything(figure):
    start = figure.evaluate(INPUTS)
    choose(figure, "shared layer")
    to_the_end(figure)
    figure.get_by_role("button", name="Random").click()
    assert figure.evaluate(INPUTS) != start
    figure.get_by_role("button", name="Reset").click()
    assert figure.evaluate(INPUTS) == start
    assert step(figure).input_value() == "0"


def test_controls_are_native_labelled_inputs_and_the_drawing_has_a_label(figure):
    assert_native_controls(figure)
    assert "two layers as a graph of 23 nodes, step 0 of 32" in figure.locator(".xp-graph").get_attribute(
        "aria-label"
    )
    step(figure).press("ArrowRight")
    assert step(figure).get_attribute("aria-valuetext") == "1 of 32, forward: z⁽¹⁾₁"


def test_without_javascript_the_table_stands_in_its_place(open_page):
    cells, state = without_javascript(open_page, PAGE, FIGURE)
    _, number = expected(state["variant"], state["inputs"])
    for name, value in cells.items():
        assert value == near({**number, **state["inputs"]}[name]), name


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    root = at_width(open_page, PAGE, FIGURE, width)
    for kind in KINDS:
        choose(root, kind)
        for _ in range(2):
            assert_it_fits(root, width)
            to_the_end(root)
