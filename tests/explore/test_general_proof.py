import html
import itertools
import json
import re

import numpy as np
import pytest
import sympy as sp
import traitlets

import nnlib as nn
from nnlib.explore.explorable import files
from nnlib.explore.general_proof import MOST, as_written, at_layer, backward_steps
from nnlib.symbolic.general import GeneralFormula, H, Layered, W, l
from nnlib.symbolic.general.letters import Delta
from tests.explore.general_formulas import general_formulas

SLIPS = ("wrong-transpose", "swapped")
KINDS = dict(zip(("H", "Delta", "dW", "db"), general_formulas(), strict=True))
STEPS = {layers: backward_steps(KINDS, layers) for layers in range(1, MOST + 1)}


def number(e, values):
    """A product of two factors in numbers, or None where NumPy has no such product."""
    if isinstance(e, Layered):
        return values[e.stem if e.layer is None else f"{e.stem}{e.layer}"]
    if isinstance(e, sp.Transpose):
        return number(e.arg, values).T
    left, right = (number(factor, values) for factor in e.args)
    if isinstance(e, sp.HadamardProduct):
        return left * right if left.shape == right.shape else None
    return left @ right if left.shape[1] == right.shape[0] else None


def passed(sizes, points, seed=3):
    """One pass of nnlib on random numbers, every array of it by the letters of the chapter."""
    rng = np.random.default_rng(seed + 1)  # not the draws that the weights are made of
    net = nn.Network.random(sizes, nn.tanh, nn.squared_error, seed=seed)
    x, y = rng.normal(size=(sizes[0], points)), rng.normal(size=(sizes[-1], points))
    trace = net.forward(x)
    grads = net.backward(trace, y)
    values = {"A0": x, "ones": np.ones((points, 1))}
    for n, layer in enumerate(net.layers, start=1):
        values |= {f"W{n}": layer.W, f"b{n}": layer.b, f"Z{n}": trace.z[n], f"A{n}": trace.a[n]}
        values |= {f"Delta{n}": grads.a[n], f"H{n}": grads.z[n], f"dW{n}": grads.W[n], f"db{n}": grads.b[n]}
        values[f"slope{n}"] = nn.tanh.prime(trace.z[n], trace.a[n])
    return values


def start(sizes, points):
    return {"L": len(sizes) - 1, "N": points} | {f"S{k}": n for k, n in enumerate(sizes)}


@pytest.fixture(scope="module")
def widget():
    return nn.explore.general_proof(general_formulas())


def some_sizes(count):
    rng = np.random.default_rng(8)
    layers = rng.integers(1, MOST + 1, size=count)
    return [(tuple(map(int, rng.integers(1, 7, size=n + 1))), int(rng.integers(1, 7))) for n in layers]


@pytest.mark.parametrize(("sizes", "points"), some_sizes(12))
def test_every_step_gives_what_nnlib_computes_backward(sizes, points):
    values = passed(sizes, points)
    for name, formula in STEPS[len(sizes) - 1].items():
        found = number(formula.rhs, values)
        np.testing.assert_allclose(found, values[name], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("sizes", "points"), some_sizes(12))
def test_every_shape_is_that_of_nnlibs_array(widget, sizes, points):
    widget.inputs = start(sizes, points)
    for name, array in passed(sizes, points).items():
        if name != "ones" and not name.startswith("slope"):
            assert (widget.outputs[f"{name}.rows"], widget.outputs[f"{name}.columns"]) == array.shape
    widget.variant = "as-proved"
    for name in STEPS[len(sizes) - 1]:
        assert widget.outputs[f"{name}.meets"] == widget.outputs[f"{name}.fits"] == 1


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_judged_as_the_numbers_judge_it(widget, slip):
    """All sizes from 1 to 3: does NumPy multiply, is the shape right, are the numbers?"""
    widget.variant = slip
    seen = set()
    for *sizes, points in itertools.product((1, 2, 3), repeat=4):
        values = passed(tuple(sizes), points)
        widget.inputs = start(sizes, points)
        for name, formula in STEPS[2].items():
            found = number(as_written(formula.rhs, slip)[0], values)
            meets = found is not None
            fits = meets and found.shape == values[name].shape
            harmless = fits and np.allclose(found, values[name], rtol=1e-9, atol=0)
            judged = tuple(bool(widget.outputs[f"{name}.{flag}"]) for flag in ("meets", "fits", "harmless"))
            assert judged == (meets, fits, harmless), (name, sizes, points)
            seen.add(judged)
    cases = {(False, False, False), (True, False, False), (True, True, False), (True, True, True)}
    assert seen == (cases if slip == "swapped" else cases - {(True, False, False)})


class Counting(float):
    """A number that counts how often it is multiplied."""

    times = 0

    def __mul__(self, other):
        Counting.times += 1
        return Counting(float(self) * float(other))

    def __add__(self, other):
        return Counting(float(self) + float(other))


def multiplications(run, *arrays):
    Counting.times = 0
    run(*(np.vectorize(Counting, otypes=[object])(array) for array in arrays))
    return Counting.times


@pytest.mark.parametrize(("sizes", "points"), some_sizes(6))
def test_multiplications_are_those_that_numpy_makes(widget, sizes, points):
    widget.inputs = start(sizes, points)
    values, outputs = passed(sizes, points), widget.outputs
    forward = backward = 0
    for n in range(1, len(sizes)):
        weights, fed, errors = (values[name] for name in (f"W{n}", f"A{n - 1}", f"H{n}"))
        on = multiplications(np.matmul, weights, fed)
        back = multiplications(np.multiply, errors, errors) + multiplications(np.matmul, errors, fed.T)
        back += multiplications(np.matmul, weights.T, errors) if n > 1 else 0
        assert outputs[f"forward{n}.multiplications"] == on
        assert outputs[f"backward{n}.multiplications"] == back
        forward, backward = forward + on, backward + back
    assert outputs["forward.multiplications"] == forward
    assert outputs["backward.multiplications"] == backward
    assert outputs["steps"] == 1 + len(STEPS[len(sizes) - 1])


def test_a_formula_may_name_any_layer_by_the_symbol():
    later = GeneralFormula(Delta(l), W(l + 1).T * H(l + 1))
    assert at_layer(later, 2).latex == at_layer(KINDS["Delta"], 2).latex


def test_a_missing_formula_is_named():
    with pytest.raises(ValueError, match="formulas for Delta, dW, db too"):
        nn.explore.general_proof(general_formulas()[:1])


def test_sizes_are_whole_numbers_within_their_ranges(widget):
    before = dict(widget.inputs)
    refused = [({"S1": 2.5}, "whole number"), ({"N": 7}, "from 1.0 to 6.0"), ({"L": 0}, "from 1.0 to 5.0")]
    for bad, words in refused:
        with pytest.raises(traitlets.TraitError, match=words):
            widget.inputs = bad
    assert widget.inputs == before


def test_the_static_table_shows_the_layers_there_are_with_their_shapes():
    widget = nn.explore.general_proof(general_formulas())
    widget.inputs = {"L": 2, "S1": 6}
    page = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', page, re.S)[1])
    assert state["inputs"] == widget.inputs
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', page))
    assert len(table) > 30
    for name, value in table.items():
        assert float(value) == widget.outputs[name]
    hidden = [bool(word) for word in re.findall(r'<tr data-layer="\d"( hidden)?>', page)]
    assert hidden == [False, False, True, True, True]


def test_what_is_printed_is_the_formulas(widget):
    for name, formula in STEPS[MOST].items():
        numbers = {letter.layer for letter in formula.rhs.atoms(Layered) if letter.layer is not None}
        found = re.findall(r"<mn>(\d)</mn>", widget.math[f"{name}.step"])
        assert set(map(int, found)) >= numbers
    assert text(widget.math["Delta1.step"]) == "Δ(1)=W(2)⊤H(2)"
    assert text(widget.math["Delta1.wrong-transpose"]) == "W(2)H(2)"
    assert text(widget.math["db1.swapped"]) == "1H(1)"


def text(mathml):
    """Its signs alone."""
    return html.unescape(re.sub(r"<[^>]+>", "", mathml))


def test_the_module_makes_no_shape_of_its_own():
    code = (files("nnlib.explore") / "general_proof.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code.split("`;", 1)[1], flags=re.S)
    assert not re.search(r"\bvalues(\.\w+|\[[^\]]*\]+)\s*[*/+-]|[*/+-]\s*values[.\[]", code)
    assert not re.search(r"Math\.(?!min)\w+|\bvalues\[[^\]]*\]\s*[!=]==", code)
