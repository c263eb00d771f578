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
from tests.book.visit import until
from tests.explore.by_nnlib import assert_agree

pytestmark = pytest.mark.site

PAGE = "chapters/04-computational-graph.html"
FIGURE = '[data-explorable="computational-graph"]'
SIZES = {
    "single layer": (2, 2),
    "shared layer": (2, 2, 2),
    "two layers": (2, 2, 2),
    "2-3-1": (2, 3, 1),
    "4-3-2-1": (4, 3, 2, 1),
}
KINDS = tuple(SIZES)
KNOWN = """root => [...root.querySelectorAll(".xp-graph [data-output]")]
    .filter(e => e.textContent).map(e => [e.dataset.output, +e.dataset.value])"""
# one model for all settings: what is typed is tested by itself
SHOWN_AT = f"""(root, settings) => settings.map(values => {{
    const model = root.explorableModel;
    model.set("inputs", {{...model.get("inputs"), ...values}});
    return Object.fromEntries(({KNOWN})(root));
}})"""
MOVING = "root => root.querySelector('[aria-pressed=true]') !== null"


def choose(figure, kind):
    figure.locator(f'input[data-input="network"][value="{kind}"]').check(force=True)


def step(figure):
    return figure.locator('input[data-input="step"]')


def to_the_end(figure):
    step(figure).press("End")


def expected(kind, inputs):
    """The graph and all its numbers, by nnlib on floats."""
    sizes, shared = SIZES[kind], kind == "shared layer"
    numbers = [""] if shared or len(sizes) == 2 else list(map(str, range(1, len(sizes))))
    to = lambda n: range(1, n + 1)
    column = lambda name, rows: np.array([[inputs[f"{name}[{i}]"]] for i in to(rows)])
    matrix = lambda n, rows, columns: np.array(
        [[inputs[f"W{n}[{i}][{j}]"] for j in to(columns)] for i in to(rows)]
    )
    layers = [
        nn.Dense(matrix(n, rows, columns), column(f"b{n}", rows), nn.sigmoid)
        for n, columns, rows in zip(numbers, sizes, sizes[1:], strict=False)
    ]
    net = nn.Network(layers * 2 if shared else layers)
    return network_graph(net), quantities(net, column("x", sizes[0]), column("y", sizes[-1]))


def near(value):
    return pytest.approx(float(value), rel=1e-11, abs=1e-14)


def settings(names, count, seed=5):
    rng = np.random.default_rng(seed)
    return [
        {
            name: int(rng.integers(0 if name[0] == "y" else -200, 101 if name[0] == "y" else 201)) / 100
            for name in names
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_end_every_value_and_every_derivative_is_nnlibs(figure, kind):
    choose(figure, kind)
    to_the_end(figure)
    tried = settings(figure.evaluate(INPUTS), 100)
    for setting, known in zip(tried, figure.evaluate(SHOWN_AT, tried), strict=True):
        graph, number = expected(kind, setting)
        wanted = {*graph.nodes, *map(derivative_name, graph.nodes)} - {"1"}
        assert known.keys() == wanted
        assert_agree(known, {name: float(number[name]) for name in wanted})


@pytest.mark.parametrize("kind", KINDS)
def test_each_typed_number_arrives(figure, kind):
    choose(figure, kind)
    to_the_end(figure)
    names = list(figure.evaluate(INPUTS))
    (typed,) = settings(names, 1, seed=8)
    figure.evaluate(TYPE, typed)
    assert figure.evaluate(INPUTS) == typed
    graph, number = expected(kind, typed)
    known = dict(figure.evaluate(KNOWN))
    assert_agree(known, {node: float(number[node]) for node in graph.nodes})


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
    for k, (kind, shares) in enumerate({"shared layer": 2, "two layers": 2, "4-3-2-1": 3}.items()):
        figure.locator(".xp-do").nth(k).click()
        assert figure.locator(f'input[data-input="network"][value="{kind}"]').is_checked()
        shown = figure.evaluate(READ)
        assert {"via_sum", f"via[{shares}]"} <= shown.keys()
        assert f"via[{shares + 1}]" not in shown
    figure.locator(".xp-do").first.click()
    assert figure.locator(".xp-graph .now[data-node]").get_attribute("data-node").startswith("W")


def test_play_goes_to_the_end_and_pause_stops_it(figure):
    choose(figure, "single layer")
    last = step(figure).get_attribute("max")
    figure.get_by_role("button", name="Play").click()
    until(figure.page, "root => +root.querySelector('[data-input=step]').value >= 2", figure.element_handle())
    figure.get_by_role("button", name="Pause").click()
    stood = step(figure).input_value()
    figure.page.wait_for_timeout(1500)
    assert step(figure).input_value() == stood
    assert not figure.evaluate(MOVING)
    step(figure).fill(str(int(last) - 1))
    figure.get_by_role("button", name="Play").click()
    figure.get_by_role("button", name="Play").wait_for()  # it has stopped by itself
    assert step(figure).input_value() == last


def test_what_plays_is_not_read_aloud_until_it_rests(figure):
    said = figure.locator("[role=status]").first
    figure.get_by_role("button", name="Play").click()
    figure.page.wait_for_timeout(1400)
    assert said.text_content() == ""
    figure.get_by_role("button", name="Pause").click()
    figure.page.wait_for_timeout(1300)
    assert f"Step {step(figure).input_value()}, forward" in said.text_content()


def test_another_network_another_step_and_reset_end_the_play(figure):
    for act in (
        lambda: choose(figure, "single layer"),
        lambda: step(figure).press("ArrowRight"),
        lambda: figure.get_by_role("button", name="Reset").click(),
    ):
        figure.get_by_role("button", name="Play").click()
        assert figure.evaluate(MOVING)
        act()
        assert not figure.evaluate(MOVING)


def test_who_wants_no_motion_sees_the_end_at_once(open_page):
    root = open_page(PAGE, reduced_motion="reduce").page.locator(f"{FIGURE}[data-live]")
    root.get_by_role("button", name="Play").click()
    assert step(root).input_value() == step(root).get_attribute("max")
    assert not root.evaluate(MOVING)


def test_the_link_holds_network_and_step(figure, visit):
    choose(figure, "4-3-2-1")
    step(figure).fill("31")
    figure.get_by_role("button", name="Link").click()
    assert visit.page.evaluate("location.hash") == "#computational-graph&step=31&variant=4-3-2-1"
    figure.get_by_role("button", name="Reset").click()
    visit.page.evaluate("location.hash = '#computational-graph&step=7&variant=2-3-1'")
    figure.locator('input[value="2-3-1"]:checked').wait_for(state="attached")
    assert step(figure).input_value() == "7"
    visit.page.evaluate("location.hash = '#computational-graph&step=99'")
    figure.locator(".xp-said", has_text="step should be a whole number from 0 to 56").wait_for()
    visit.page.evaluate("location.hash = '#computational-graph&step=50&variant=single layer'")  # has fewer
    figure.locator(".xp-said:empty").wait_for(state="attached")


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
            assert_it_fits(root, width, apart=".xp-badge, .xp-scroll")
            to_the_end(root)


def test_on_a_narrow_screen_the_drawing_scrolls_to_the_present_step(open_page):
    root = at_width(open_page, PAGE, FIGURE, 390)
    choose(root, "4-3-2-1")
    for wanted in ("14", "56"):
        step(root).fill(wanted)
        drawing, now = (root.locator(part).bounding_box() for part in (".xp-scroll", ".xp-graph g.now"))
        assert drawing["x"] <= now["x"]
        assert now["x"] + now["width"] <= drawing["x"] + drawing["width"]
