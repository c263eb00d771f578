"""The figure of *Training on real data*: its program adds up over the points, and stays finite."""

import json
import subprocess
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from playwright._impl._driver import compute_driver_executable

import nnlib as nn
from nnlib.explore.explorable import readable
from nnlib.explore.training import two_moons
from nnlib.symbolic import ActivationLetter, Letter, SquaredNorm, letters, partial, size
from tests.explore.by_nnlib import assert_agree

NODE = compute_driver_executable()[0]
LAYERS, SIZES = (1, 2, 3), (2, 4, 4, 1)
L, x = letters("L x", convention="row")
W, b, z, a, delta = (
    [None, *letters(" ".join(f"{stem}{l}" for l in LAYERS), convention="row")]
    for stem in ("W", "b", "z", "a", "delta")
)
a[0], y, eta, logeta = x, Letter("y", 1, size(3)), Letter("eta", 1, 1), Letter("logeta", 1, 1)
sigma = [None, *(ActivationLetter(f"sigma{l}") for l in LAYERS)]
j = sp.Symbol("j", integer=True)


def formulas():
    loss = y(1) * sp.log(1 + sp.exp(-z[3](1))) + (1 - y(1)) * sp.log(1 + sp.exp(z[3](1)))
    errors = {3: nn.Formula(delta[3](j), (1 - y(j)) * a[3](j) - y(j) * sigma[3](-z[3](j)))}
    for l in (2, 1):
        back = nn.hadamard(delta[l + 1] * W[l + 1].T, sigma[l].prime(z[l]))
        errors[l] = nn.Formula(delta[l], back, given=[errors[l + 1]])
    rate = nn.Formula(eta, [[sp.Integer(10) ** logeta()]])
    made = [nn.Formula(a[3], sigma[3](z[3])), nn.Formula(L, loss), rate]
    for l in LAYERS:
        given, s = [errors[l]], Letter(f"s{l}", 1, 1)
        made += [
            nn.Formula(partial(L, W[l]), a[l - 1].T * delta[l], given=given),
            nn.Formula(partial(L, b[l]), delta[l], given=given),
            nn.Formula(s, SquaredNorm(delta[l]), given=given),
            nn.Formula(Letter(f"r{l}", 1, 1), [[sp.sqrt(s())]]),
        ]
        for stem, old in (("W", W[l]), ("b", b[l])):
            step = old - eta() * partial(L, old)
            made.append(nn.Formula(Letter(f"new{stem}{l}", *old.shape), step, given=[rate]))
    return made


def network_of(inputs, activation):
    """The network that the inputs of the figure name."""
    layers = []
    for l, (m, n) in enumerate(pairwise(SIZES), start=1):
        weights = [[inputs[f"W{l}[{r + 1}][{c + 1}]"] for c in range(n)] for r in range(m)]
        biases = [[inputs[f"b{l}[{c + 1}]"] for c in range(n)]]
        layers.append(nn.Dense(weights, biases, activation if l < 3 else nn.sigmoid))
    return nn.Network(layers, nn.cross_entropy, "row")


def by_nnlib(inputs, activation):
    """Every output of the figure, by nnlib."""
    loss, grads = network_of(inputs, activation).value_and_gradients(*two_moons())
    rate = 10 ** inputs["logeta"]
    named = {"loss": float(loss), "eta": rate}
    for l in LAYERS:
        named[f"s{l}"] = float((grads.z[l] ** 2).sum())
        named[f"r{l}"] = float(np.linalg.norm(grads.z[l]))
        for (r, c), value in np.ndenumerate(grads.W[l]):
            name = f"W{l}[{r + 1}][{c + 1}]"
            named |= {f"d{name}": float(value), f"new{name}": float(inputs[name] - rate * value)}
        for c, value in enumerate(grads.b[l][0], start=1):
            name = f"b{l}[{c}]"
            named |= {f"d{name}": float(value), f"new{name}": float(inputs[name] - rate * value)}
    return named


def settings(count, names):
    rng = np.random.default_rng(11)
    for k in range(count):
        scale = 1.5 if k % 10 else 8.0  # some where most units are saturated
        yield {name: scale * rng.normal() for name in names} | {"logeta": rng.uniform(-3, 1)}


@pytest.fixture(scope="module")
def widget():
    return nn.explore.training(formulas())


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.relu, nn.tanh])
def test_outputs_are_nnlibs_at_random_inputs(widget, activation):
    widget.variant = activation.name
    assert len(widget.inputs) == 37 + 1
    for setting in settings(100, widget.inputs):
        widget.inputs = setting
        expected = by_nnlib(widget.inputs, activation)
        assert widget.outputs.keys() == expected.keys()
        assert_agree(widget.outputs, expected)


def run(script):
    return json.loads(subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True).stdout)


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.relu, nn.tanh])
def test_javascript_gives_the_numbers_of_nnlib_and_the_output_anywhere(widget, activation):
    program = widget._programs[activation.name]
    points, places = list(settings(10, program.inputs)), np.random.default_rng(1).uniform(-2, 2, (10, 2))
    rows = [[point[name] for name in program.inputs] for point in points]
    at = [[*row, *place] for row, place in zip(rows, places.tolist(), strict=True)]
    script = f"""const program = {program.js};
        console.log(JSON.stringify([{rows}.map(program), {at}.map(program.at), program.points]))"""
    found, outputs, data = run(script)
    for point, row, place, output in zip(points, found, places, outputs, strict=True):
        assert_agree(dict(zip(program.outputs, row, strict=True)), by_nnlib(point, activation))
        expected = network_of(point, activation).predict(place[None]).item()
        assert output == [pytest.approx(expected, rel=1e-10, abs=1e-300)]
    np.testing.assert_array_equal(data, np.hstack(two_moons()))


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.relu, nn.tanh])
def test_steps_are_those_of_gradient_descent(widget, activation):
    widget.variant, widget.inputs = activation.name, {**widget.start["inputs"], "logeta": -2}
    before = network_of(widget.inputs, activation)
    for _ in range(5):
        widget.inputs = {name[3:]: value for name, value in widget.outputs.items() if name.startswith("new")}
    history = nn.gradient_descent(before, *two_moons(), rate=0.01, steps=5)
    assert widget.outputs["loss"] == pytest.approx(history.losses[-1], rel=1e-11)


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "tanh"])
@pytest.mark.parametrize("size", [1e3, 1e6])
def test_at_the_end_of_every_range_every_number_is_finite(widget, activation, size):
    widget.variant = activation
    for sign in (1, -1):
        far = {name: sign * size for name in widget.inputs if name != "logeta"}
        widget.inputs = {**far, "logeta": 1.0}
        assert np.isfinite(list(widget.outputs.values())).all()


def test_the_start_learns_with_each_activation(widget):
    for activation in (nn.sigmoid, nn.relu, nn.tanh):
        net = network_of(widget.start["inputs"], activation)
        learned = nn.gradient_descent(net, *two_moons(), rate=10**-1.5, steps=600)
        assert learned.losses[-1] < 6


def test_the_data_are_what_the_chapter_says():
    points, kind = two_moons()
    assert (points.shape, kind.shape, set(kind.ravel())) == ((40, 2), (40, 1), {0.0, 1.0})
    assert (abs(points) < [2.4, 1.6]).all()  # all of them on the map


def test_a_missing_formula_is_named():
    some = [formula for formula in formulas() if formula.name not in {"s2", "newb3"}]
    with pytest.raises(ValueError, match="formulas for newb3, s2 too"):
        nn.explore.training(some)


def test_every_number_has_a_name_that_can_be_read(widget):
    assert readable("logeta") == "log₁₀ η"
    assert {readable(name) for name in ("r1", "newW2[1][3]")} == {
        "r<sup>(1)</sup>", "W<sup>(2)</sup><sub>new,13</sub>"
    }  # fmt: skip
