import json
import re
from importlib.resources import files

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import Letter, diag, letters, sigma, size
from tests.explore.by_nnlib import assert_agree
from tests.explore.landscape import landscape

W1, z1, a1, W2, z2, a2 = letters("W1 z1 a1 W2 z2 a2")
D1, D2 = (Letter(f"D{l}", size(l), size(l)) for l in (1, 2))
H, J, g = Letter("H", 1, 1), Letter("J", size(2), size(0)), Letter("g", size(0), 1)
p = Letter("p", size(1), size(0))
i, j = sp.symbols("i j", integer=True)


def formulas():
    slopes = [nn.Formula(D1, diag(sigma.prime(z1))), nn.Formula(D2, diag(sigma.prime(z2)))]
    row = nn.Formula(J, D2 * W2 * D1 * W1, given=slopes)
    share = nn.Formula(p(i, j), sigma.prime(z2(1)) * W2(1, i) * sigma.prime(z1(i)) * W1(i, j))
    return [nn.Formula(H, a2), *slopes, row, nn.Formula(g, J.T, given=[row]), share]


@pytest.fixture(scope="module")
def widget():
    return nn.explore.input_gradient(formulas())


@pytest.mark.parametrize("activation", [nn.sigmoid, nn.tanh])
def test_outputs_are_nnlibs_at_random_inputs(widget, activation):
    rng = np.random.default_rng(7)
    widget.variant = activation.name
    assert len(widget.inputs) == 15
    for _ in range(100):
        widget.inputs = {name: rng.uniform(-2, 2) for name in widget.inputs}
        expected = landscape(widget.inputs, activation)
        assert widget.outputs.keys() == expected.keys()
        assert_agree(widget.outputs, expected)


def test_the_gradient_is_the_slope_of_the_output_itself(widget):
    widget.inputs = widget.start["inputs"]
    at, slope = dict(widget.inputs), dict(widget.outputs)
    for n in (1, 2):
        ends = []
        for step in (1e-5, -1e-5):
            widget.inputs = {**at, f"x[{n}]": at[f"x[{n}]"] + step}
            ends.append(widget.outputs["H[1]"])
        assert slope[f"g[{n}]"] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-7)


def test_the_shares_of_the_units_add_up(widget):
    for n in (1, 2):
        shares = sum(widget.outputs[f"p[{unit}][{n}]"] for unit in (1, 2, 3))
        assert widget.outputs[f"J[1][{n}]"] == pytest.approx(shares, rel=1e-12)


def test_one_unit_alone_points_along_its_own_weights(widget):
    rng = np.random.default_rng(3)
    for _ in range(10):
        x = {f"x[{n}]": rng.uniform(-2, 2) for n in (1, 2)}
        widget.inputs = {**widget.start["inputs"], "W2[1][2]": 0, "W2[1][3]": 0, **x}
        across = (
            widget.outputs["g[1]"] * widget.inputs["W1[1][2]"]
            - widget.outputs["g[2]"] * widget.inputs["W1[1][1]"]
        )
        assert abs(across) < 1e-15


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_output_compiled_alone_is_the_output(widget, name):
    rng = np.random.default_rng(5)
    widget.variant = name
    for _ in range(100):
        widget.inputs = {key: rng.uniform(-2, 2) for key in widget.inputs}
        alone = widget._heights[name](widget.inputs)
        assert alone == pytest.approx({"H[1]": widget.outputs["H[1]"]}, rel=1e-14)


def test_a_missing_formula_is_named():
    some = [formula for formula in formulas() if formula.name not in {"g", "D1"}]
    with pytest.raises(ValueError, match="formulas for D1, g too"):
        nn.explore.input_gradient(some)


def test_there_is_no_target_among_the_inputs(widget):
    assert not [name for name in widget.inputs if name.startswith("y")]


def test_the_static_table_has_the_same_numbers(widget):
    html = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    assert state["inputs"] == widget.inputs
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))
    assert {k: float(v) for k, v in table.items()} == {**widget.inputs, **widget.outputs}


def test_every_shown_quantity_has_a_formula(widget):
    assert {name.split("[")[0] for name in widget.outputs} == set(widget.math)


def test_the_module_computes_places_in_the_picture_and_nothing_else():
    code = (files("nnlib.explore") / "input_gradient.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)
    arrow, meshes = {"atan2", "hypot", "PI"}, {"min", "max", "floor", "ceil", "round"}
    assert set(re.findall(r"Math\.(\w+)", code)) <= arrow | meshes
    assert not re.search(r"\bsigmoid\s*\(|\btanh\s*\(", code)
    assert not re.search(r"\bvalues\[[^\]]*\]+\s*[*/+-]|[*/+-]\s*values\[", code)
