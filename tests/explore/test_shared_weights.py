import json
import re

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.explore.explorable import files
from nnlib.symbolic import Letter, SquaredNorm, letters, partial, sigma, size
from tests.explore.by_nnlib import assert_agree, shared_weights

x, y, L, W, b, z1, a1, slope1, delta1 = letters("x y L W b z1 a1 slope1 delta1")
z2, a2, slope2, delta2 = letters("z2 a2 slope2 delta2")
G1, G2 = Letter("G1", size(1), size(0)), Letter("G2", size(2), size(1))
p = Letter("p", size(2), size(1))
k, i = sp.symbols("k i", integer=True)


def formulas():
    last = nn.Formula(delta2, nn.hadamard(a2 - y, sigma.prime(z2)))
    first = nn.Formula(delta1, nn.hadamard(W.T * delta2, sigma.prime(z1)), given=[last])
    shares = [nn.Formula(G1, delta1 * x.T, given=[first]), nn.Formula(G2, delta2 * a1.T, given=[last])]
    return [
        nn.Formula(z1, W * x + b), nn.Formula(a1, sigma(z1)), nn.Formula(slope1, sigma.prime(z1)),
        nn.Formula(z2, W * a1 + b), nn.Formula(a2, sigma(z2)), nn.Formula(slope2, sigma.prime(z2)),
        nn.Formula(L, sp.Rational(1, 2) * SquaredNorm(a2 - y)), last, first, *shares,
        nn.Formula(p(k, i), W(k, i) * delta2(k), given=[last]),
        nn.Formula(partial(L, a1), W.T * delta2, given=[last]),
        nn.Formula(partial(L, W), G2 + G1, given=shares),
        nn.Formula(partial(L, b), delta2 + delta1, given=[last, first]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def widget():
    return nn.explore.shared_weights(formulas())


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_outputs_are_nnlibs_at_random_inputs(widget, activation):
    rng = np.random.default_rng(3)
    widget.variant = activation.name
    assert len(widget.inputs) == 10
    for _ in range(100):
        widget.inputs = {name: rng.uniform(-2, 2) for name in widget.inputs}
        expected = shared_weights(widget.inputs, activation)
        assert widget.outputs.keys() == expected.keys()
        assert_agree(widget.outputs, expected)


def test_the_routes_add_up(widget):
    out = widget.outputs
    for n, m in np.ndindex(2, 2):
        place = f"[{n + 1}][{m + 1}]"
        assert out[f"dW{place}"] == pytest.approx(out[f"G1{place}"] + out[f"G2{place}"], rel=1e-12, abs=1e-15)
    for unit in (1, 2):
        both = out[f"p[1][{unit}]"] + out[f"p[2][{unit}]"]
        assert out[f"da1[{unit}]"] == pytest.approx(both, rel=1e-12, abs=1e-15)


def test_without_input_the_first_use_leaves_nothing(widget):
    widget.inputs = {"x[1]": 0, "x[2]": 0}
    shares = {name: value for name, value in widget.outputs.items() if name[0] == "G"}
    assert all(value == 0 for name, value in shares.items() if name.startswith("G1"))
    assert all(value != 0 for name, value in shares.items() if name.startswith("G2"))


def test_any_entry_of_the_sum_can_be_chosen(widget):
    assert widget.view == {"chosen": "dW[1][1]"}
    assert widget.views == {"chosen": ["dW[1][1]", "dW[1][2]", "dW[2][1]", "dW[2][2]"]}


def test_a_missing_formula_is_named():
    some = [formula for formula in formulas() if formula.name not in {"G1", "p"}]
    with pytest.raises(ValueError, match="formulas for G1, p too"):
        nn.explore.shared_weights(some)


def test_the_static_table_has_the_same_numbers(widget):
    html = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    assert state["inputs"] == widget.inputs
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))
    assert {key: float(v) for key, v in table.items()} == {**widget.inputs, **widget.outputs}


def test_the_module_computes_nothing_but_by_its_program():
    code = (files("nnlib.explore") / "shared_weights.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)
    assert not re.search(r"Math\.(?!floor|abs|min|max)\w+|\bsigmoid\s*\(|\brelu\b", code)
    assert not re.search(r"\bvalues\[[^\]]*\]+\s*[*/+-]|[*/+-]\s*values\[", code)
