import re
from itertools import pairwise

import numpy as np
import pytest

import nnlib as nn
from nnlib.explore.graph import (
    Edge,
    Graph,
    derivative_name,
    in_text,
    matrix_graph,
    network_graph,
    parts,
    quantities,
)
from nnlib.explore.graph_blocks import blocks, heads
from nnlib.explore.graph_picture import HEIGHT, WIDTH, GraphPicture, arrow, between, layout

POINT, TARGET = np.array([[1.5], [-0.8]]), np.array([[0.2], [1.0]])
LAYER = nn.Dense([[0.8, -0.5], [-1.2, 0.6]], [[0.1], [-0.3]], nn.sigmoid)
NETWORKS = {
    "one layer": nn.Network([LAYER]),
    "two layers": nn.Network.random((2, 2, 2), nn.tanh, nn.squared_error, seed=1),
    "shared": nn.Network([LAYER, LAYER]),
    "one shared of three": nn.Network([LAYER, nn.Dense([[1, 2], [3, 4]], [[0], [1]], nn.softplus), LAYER]),
    "uneven": nn.Network.random((2, 3, 1, 2), nn.sigmoid, nn.mean_squared_error, seed=2),
}


@pytest.fixture(params=NETWORKS, ids=str)
def net(request):
    return NETWORKS[request.param]


def values_when(net, node, h):
    """Every number of the forward pass, with one node's number pushed by h."""
    letter, layer, index = parts(node)
    first = {id(used): l for l, used in reversed(list(enumerate(net.layers, start=1)))}
    shared = len({id(used) for used in net.layers}) == 1

    def number(stem, l):
        if stem in "Wb":
            l = None if shared else first[id(net.layers[l - 1])]
        return None if len(net.layers) == 1 else l

    def pushed(stem, l, matrix):
        matrix = matrix.astype(complex)
        if (stem, number(stem, l) if l else None) == (letter, layer):
            matrix[tuple(n - 1 for n in (*index, 1)[:2])] += h
        return matrix

    found, a = {}, pushed("x", None, POINT)
    for l, used in enumerate(net.layers, start=1):
        z = pushed("z", l, pushed("W", l, used.W) @ a + pushed("b", l, used.b))
        a = pushed("a", l, used.activation(z))
        for stem, column in (("z", z), ("a", a)):
            name = f"{stem}{number(stem, l) or ''}"
            found |= {f"{name}[{i}]": value for i, value in enumerate(column[:, 0], start=1)}
    return found | {"loss": net.loss(a, TARGET)}


def slopes(net, node):
    """The derivatives of everything behind a node by its number, by a complex step."""
    return {name: value.imag / 1e-30 for name, value in values_when(net, node, 1e-30j).items()}


def sweep(graph, number):
    derivative = dict.fromkeys(graph.nodes, 0.0) | {"loss": 1.0}
    for node in reversed(graph.nodes):
        for edge in graph.into(node):
            derivative[edge.source] += derivative[node] * number[edge.local]
    return derivative


def test_derivatives_are_what_a_complex_step_measures_at_every_node(net):
    number = quantities(net, POINT, TARGET)
    for node in network_graph(net).nodes[:-1]:
        assert number[derivative_name(node)] == pytest.approx(slopes(net, node)["loss"], rel=1e-12), node


def test_values_are_those_of_the_forward_pass(net):
    number = quantities(net, POINT, TARGET)
    for name, value in values_when(net, "x[1]", 0).items():
        assert number[name] == pytest.approx(value.real, rel=1e-14)


def test_a_sweep_over_the_graph_finds_every_derivative(net):
    graph, number = network_graph(net), quantities(net, POINT, TARGET)
    found = sweep(graph, number)
    for node in graph.nodes:
        assert found[node] == pytest.approx(number[derivative_name(node)], rel=1e-12), node


def test_a_share_is_the_derivative_behind_times_the_local_one(net):
    number = quantities(net, POINT, TARGET)
    for edge in network_graph(net).edges:
        behind = number[derivative_name(edge.target)]
        assert number[edge.share] == pytest.approx(behind * number[edge.local], rel=1e-13), edge


def test_a_unit_is_made_of_its_weights_its_inputs_and_its_bias(net):
    graph = network_graph(net)
    for l, layer in enumerate(net.layers, start=1):
        number = "" if len(net.layers) == 1 else l
        for i in range(1, layer.W.shape[0] + 1):
            assert len(graph.into(f"z{number}[{i}]")) == 2 * layer.W.shape[1] + 1
            assert len(graph.into(f"a{number}[{i}]")) == 1


def test_a_shared_weight_is_one_node_with_two_edges():
    graph = network_graph(NETWORKS["shared"])
    assert [edge.target for edge in graph.out_of("W[2][1]")] == ["z1[2]", "z2[2]"]
    assert [edge.local for edge in graph.out_of("W[2][1]")] == ["x[1]", "a1[1]"]
    assert set(graph.forks) == {*graph.leaves, "a1[1]", "a1[2]"}
    assert network_graph(NETWORKS["two layers"]).forks == ("x[1]", "x[2]", "a1[1]", "a1[2]")


def test_paths_double_with_every_layer_of_two():
    for n in range(1, 6):
        graph = network_graph(nn.symbolic.network((2,) * (n + 1)), parameters=False)
        assert len(list(graph.paths("x[1]", "loss"))) == 2**n
        assert len(graph.edges) == 6 * n + 2


def test_a_path_is_made_of_edges_that_follow_each_other():
    graph = network_graph(NETWORKS["two layers"])
    for path in graph.paths("W1[1][1]", "loss"):
        assert path[0].source == "W1[1][1]"
        assert path[-1].target == "loss"
        assert all(one.target == next_.source for one, next_ in pairwise(path))


def test_the_sum_over_paths_is_the_sweep():
    net = NETWORKS["two layers"]
    graph, number = network_graph(net), quantities(net, POINT, TARGET)
    found = sweep(graph, number)
    for leaf in graph.leaves:
        total = sum(np.prod([number[edge.local] for edge in path]) for path in graph.paths(leaf, "loss"))
        assert total == pytest.approx(found[leaf], rel=1e-12)


def test_graphs_refuse_edges_that_run_backward_or_nowhere():
    for edge in (Edge("b", "a"), Edge("a", "a"), Edge("a", "c"), Edge("c", "a")):
        with pytest.raises(ValueError, match="no edge from a node to a later one"):
            Graph("ab", [edge])


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="column convention"):
        network_graph(nn.symbolic.network((2, 2), convention="row"))
    softmax = nn.Network.random((2, 2), "softmax", "categorical_cross_entropy", seed=1)
    with pytest.raises(ValueError, match="softmax"):
        matrix_graph(softmax)
    with pytest.raises(ValueError, match="up to two units"):
        layout(network_graph(NETWORKS["uneven"]))
    with pytest.raises(nn.ShapeError, match="one data point"):
        quantities(NETWORKS["one layer"], np.ones((2, 3)), np.ones((2, 3)))


def test_one_node_a_matrix():
    graph = matrix_graph(NETWORKS["shared"])
    assert graph.nodes == ("x", "W", "b", "z1", "a1", "z2", "a2", "loss")
    assert [(edge.target, edge.local) for edge in graph.out_of("W")] == [("z1", "x⊤"), ("z2", "a⁽¹⁾⊤")]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("kind", ["one layer", "two layers", "shared"])
def test_no_two_nodes_overlap(kind, down):
    places = list(layout(network_graph(NETWORKS[kind]), down).values())
    for k, (x1, y1) in enumerate(places):
        assert min(x1, y1) > 20
        assert all(abs(x1 - x2) >= WIDTH or abs(y1 - y2) >= HEIGHT for x2, y2 in places[:k])
    assert max(x for x, _ in places) + WIDTH / 2 <= (345 if down else 760)


def test_a_picture_has_a_label_and_a_line_for_each_edge():
    net = NETWORKS["shared"]
    graph, number = network_graph(net), quantities(net, POINT, TARGET)
    derivatives = {node: number[derivative_name(node)] for node in graph.nodes}
    picture = GraphPicture(
        graph, 'A layer, "twice".', values=number, derivatives=derivatives, with_locals=True
    )
    assert 'role="img" aria-label="A layer, &quot;twice&quot;."' in picture.svg
    assert picture.svg.count("<path") == len(graph.edges)
    assert picture.svg.count("<rect") == len(graph.nodes)
    texts = re.findall(r"<text[^>]*>([^<]*)", picture.svg)
    assert len(texts) == 3 * len(graph.nodes) + len(graph.edges)
    assert "0.800" in texts
    numbers = [text for text in texts if re.fullmatch(r"−?[\d.]+(e−?\d+)?", text)]
    assert len(numbers) >= 2 * len(graph.nodes)
    assert max(map(len, numbers)) <= 6
    assert not re.search(r"#[0-9a-f]{6}(?!\))", picture.svg)  # every colour is the page's


def test_marked_edges_stand_out():
    graph = network_graph(NETWORKS["one layer"], parameters=False)
    path = next(graph.paths("x[1]", "loss"))
    svg = GraphPicture(graph, "One path.", marked=path).svg
    assert svg.count("--book-gradient") == 2 * len(path)


def test_arrows_go_from_border_to_border():
    (x1, y1), (x2, y2) = between((0, 0), (0, 100))
    assert (x1, x2) == (0, 0)
    assert (y1, y2) == (HEIGHT / 2 + 1, 100 - HEIGHT / 2 - 1)
    assert arrow((0, 0), (0, 50)).startswith("M0.00 0.00 L0.00 50.00")


def test_names_in_text():
    assert [in_text(name) for name in ("W[1][2]", "b2[1]", "delta1[2]", "1")] == [
        "W₁₂",
        "b⁽²⁾₁",
        "δ⁽¹⁾₂",
        "1",
    ]


def test_a_narrow_page_gets_a_drawing_that_runs_downward():
    picture = GraphPicture(network_graph(NETWORKS["two layers"]), "Two layers.")
    sizes = [re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups() for svg in (picture.svg, picture.narrow)]
    (wide, low), (narrow, high) = ([float(n) for n in size] for size in sizes)
    assert narrow < 360 < wide
    assert low < high
    assert picture._repr_html_().count("<svg") == 2
    placed = GraphPicture(Graph("ab", [Edge("a", "b")]), "By hand.", {"a": (30, 30), "b": (130, 30)})
    assert placed._repr_html_().count("<svg") == 1


@pytest.mark.parametrize("sizes", [(2, 3, 1), (4, 3, 2, 1), (5, 1), (1, 4, 3)])
def test_blocks_have_room_for_every_node_and_arrows_run_forward(sizes):
    graph = network_graph(nn.Network.random(sizes, nn.sigmoid, nn.squared_error, seed=1))
    places = blocks(graph)
    assert places.keys() == set(graph.nodes)
    boxes = list(places.items())
    for k, (one, (x, y, wide, high)) in enumerate(boxes):
        for other, (u, v, wide2, high2) in boxes[:k]:
            apart = abs(x - u) >= (wide + wide2) / 2 or abs(y - v) >= (high + high2) / 2
            assert apart, (one, other)
    for edge in graph.edges:
        (x, y, *_), (u, v, *_) = places[edge.source], places[edge.target]
        assert u > x or (u == x and v > y), edge
    assert len(heads(graph, places)) == len(sizes) - 1


def test_a_shared_layer_has_no_blocks():
    with pytest.raises(ValueError, match="several uses"):
        blocks(network_graph(NETWORKS["shared"]))
