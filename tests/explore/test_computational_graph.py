import json
import re
from functools import cache

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.explore.explorable import files
from nnlib.explore.graph import network_graph, quantities
from nnlib.symbolic import Letter, SquaredNorm, letters, network, partial, sigma, size
from tests.explore.by_nnlib import assert_agree

(L,) = letters("L")
i, j = sp.symbols("i j", integer=True)
SHAPES = {
    "single layer": ((2, 2), False),
    "shared layer": ((2, 2, 2), True),
    "2-3-1": ((2, 3, 1), False),
    "4-3-2-1": ((4, 3, 2, 1), False),
    "two layers": ((2, 2, 2), False),
}


def lines(layers, x, y):
    """The formulas of a graph, for (W, b, z, a, slope, delta, p) of each layer."""
    forward, fed = [], [x]
    for W, b, z, a, slope, _, _ in layers:
        forward += [
            nn.Formula(z, W * fed[-1] + b),
            nn.Formula(a, sigma(z)),
            nn.Formula(slope, sigma.prime(z)),
        ]
        fed.append(a)
    backward, known, da = [], [], fed[-1] - y
    for (W, b, z, a, _, delta, p), into in zip(reversed(layers), fed[-2::-1], strict=True):
        error = nn.Formula(delta, nn.hadamard(da, sigma.prime(z)), given=known)
        backward += [nn.Formula(partial(L, a), da, given=known), error]
        known, da = [error], W.T * delta
        backward += [
            nn.Formula(partial(L, W), delta * into.T, given=known),
            nn.Formula(partial(L, b), delta, given=known),
        ]
        backward.append(nn.Formula(p(i, j), W(i, j) * delta(i), given=known))
    loss = nn.Formula(L, sp.Rational(1, 2) * SquaredNorm(fed[-1] - y))
    return [*forward, loss, *backward, nn.Formula(partial(L, x), da, given=known)]


def layer(number, l, shared=False):
    rows, columns = (size(1), size(1)) if shared else (size(l), size(l - 1))
    stems = [("W" if shared else f"W{number}", rows, columns), ("b" if shared else f"b{number}", rows, 1)]
    stems += [(f"{stem}{number}", rows, 1) for stem in ("z", "a", "slope", "delta")] + [
        (f"p{number}", rows, columns)
    ]
    return tuple(Letter(*stem) for stem in stems)


def formulas(kind):
    depth = len(SHAPES[kind][0]) - 1
    if not SHAPES[kind][1]:
        numbered = [layer("" if depth == 1 else str(l), l) for l in range(1, depth + 1)]
        return lines(numbered, Letter("x", size(0), 1), Letter("y", size(depth), 1))
    x, one, two = Letter("x", size(1), 1), layer("1", 1, shared=True), layer("2", 2, shared=True)
    found = [f for f in lines([one, two], x, Letter("y", size(1), 1)) if f.name not in {"dW", "db"}]
    errors = [f for name in ("delta1", "delta2") for f in found if f.name == name]
    shares = [one[5] * x.T, two[5] * one[3].T]
    for number, share in enumerate(shares, start=1):
        found.append(nn.Formula(Letter(f"q{number}", size(1), size(1)), share, given=errors))
    found.append(nn.Formula(partial(L, one[0]), shares[0] + shares[1], given=errors))
    return [*found, nn.Formula(partial(L, one[1]), one[5] + two[5], given=errors)]


@cache
def made():
    networks = {
        kind: (network(sizes, nn.sigmoid, nn.squared_error, shared=shared), formulas(kind))
        for kind, (sizes, shared) in SHAPES.items()
    }
    return nn.explore.computational_graph(networks)


@pytest.fixture(params=SHAPES, ids=str)
def widget(request):
    made().variant = request.param
    return made()


def numbers(kind, inputs):
    """A network with these numbers, and every number of its graph as nnlib computes it on floats."""
    sizes, shared = SHAPES[kind]
    names = [""] if shared or len(sizes) == 2 else list(map(str, range(1, len(sizes))))
    to = lambda n: range(1, n + 1)
    matrix = lambda n, rows, columns: [[inputs[f"W{n}[{i}][{j}]"] for j in to(columns)] for i in to(rows)]
    column = lambda name, rows: [[inputs[f"{name}[{i}]"]] for i in to(rows)]
    made_of = [
        nn.Dense(matrix(n, rows, columns), column(f"b{n}", rows), nn.sigmoid)
        for n, columns, rows in zip(names, sizes, sizes[1:], strict=False)
    ]
    net = nn.Network(made_of * 2 if shared else made_of)
    return net, quantities(net, column("x", sizes[0]), column("y", sizes[-1]))


def test_outputs_are_nnlibs_at_random_inputs(widget):
    rng = np.random.default_rng(7)
    for _ in range(100):
        widget.inputs = {name: rng.uniform(*limits[:2]) for name, limits in widget.ranges.items()}
        net, expected = numbers(widget.variant, widget.inputs)
        assert_agree(widget.outputs, {name: float(expected[name]) for name in widget.outputs})
        graph = network_graph(net)
        shown = {
            *graph.nodes,
            *(edge.share for edge in graph.edges),
            *(edge.local for edge in graph.edges),
        } - {"1"}
        assert shown <= {*widget.outputs, *widget.inputs}


def test_a_reader_may_stand_at_every_step_of_the_longest_sweep(widget):
    graph = network_graph(network((4, 3, 2, 1), nn.sigmoid))
    assert widget.views == {"step": [0, 2 * len(graph.nodes) - len(graph.leaves)]}
    assert len(graph.nodes) == 4 + 26 + 12 + 1


def test_the_shares_at_a_fork_add_up(widget):
    out = widget.outputs
    p = "p" if widget.variant == "single layer" else "p1"
    shares = [value for name, value in out.items() if name.startswith(f"{p}[") and name.endswith("[1]")]
    assert len(shares) == SHAPES[widget.variant][0][1]
    assert out["dx[1]"] == pytest.approx(sum(shares), rel=1e-12)
    if widget.variant == "shared layer":
        assert out["dW[1][2]"] == pytest.approx(out["q1[1][2]"] + out["q2[1][2]"], rel=1e-12)


def test_what_is_missing_is_named():
    some = [formula for formula in formulas("two layers") if formula.name not in {"p1", "dW2"}]
    with pytest.raises(ValueError, match="graph of deep needs formulas for dW2, p1 too"):
        nn.explore.computational_graph({"deep": (network((2, 2, 2), nn.sigmoid), some)})


def test_the_static_table_has_the_numbers_of_the_network_that_is_shown(widget):
    html = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))
    own = {name: widget.inputs[name] for name in table if name in widget.inputs}
    assert {k: float(v) for k, v in table.items()} == {**own, **widget.outputs}
    assert ("W2[1][1]" in own) == (len(SHAPES[widget.variant][0]) > 2 and not SHAPES[widget.variant][1])
    assert state["variant"] == widget.variant


def test_every_formula_is_printed_under_its_network(widget):
    names = {f"{widget.variant}:{name.split('[')[0]}" for name in widget.outputs}
    assert names <= set(widget.math)


def test_the_module_computes_nothing_but_by_its_program():
    code = (files("nnlib.explore") / "computational_graph.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)
    assert set(re.findall(r"Math\.(\w+)", code)) <= {"hypot", "min", "max", "abs"}  # where lines are drawn
    assert not re.search(r"\bvalues\[[^\]]*\]+\s*[*/+-]|[*/+-]\s*values\[|\bsigmoid\s*\(", code)
