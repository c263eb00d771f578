import json
import re

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.explore.explorable import files, readable
from nnlib.symbolic import Letter, SquaredNorm, letters, partial, sigma, size
from tests.explore.by_nnlib import assert_agree, two_layers

x, y, L, W1, b1, z1, a1, slope1, delta1 = letters("x y L W1 b1 z1 a1 slope1 delta1")
W2, b2, z2, a2, slope2, delta2 = letters("W2 b2 z2 a2 slope2 delta2")
p2 = Letter("p2", size(2), size(1))
i, j = sp.symbols("i j", integer=True)


def formulas():
    last = nn.Formula(delta2, nn.hadamard(a2 - y, sigma.prime(z2)))
    first = nn.Formula(delta1, nn.hadamard(W2.T * delta2, sigma.prime(z1)), given=[last])
    return [
        nn.Formula(z1, W1 * x + b1), nn.Formula(a1, sigma(z1)), nn.Formula(slope1, sigma.prime(z1)),
        nn.Formula(z2, W2 * a1 + b2), nn.Formula(a2, sigma(z2)), nn.Formula(slope2, sigma.prime(z2)),
        nn.Formula(L, sp.Rational(1, 2) * SquaredNorm(a2 - y)), last, first,
        nn.Formula(p2(i, j), W2(i, j) * delta2(i), given=[last]),
        nn.Formula(partial(L, a1), W2.T * delta2, given=[last]),
        nn.Formula(partial(L, W2), delta2 * a1.T, given=[last]),
        nn.Formula(partial(L, b2), delta2, given=[last]),
        nn.Formula(partial(L, W1), delta1 * x.T, given=[first]),
        nn.Formula(partial(L, b1), delta1, given=[first]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def widget():
    return nn.explore.two_layers(formulas())


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_outputs_are_nnlibs_at_random_inputs(widget, activation):
    rng = np.random.default_rng(7)
    widget.variant = activation.name
    assert len(widget.inputs) == 16
    for _ in range(100):
        widget.inputs = {name: rng.uniform(-2, 2) for name in widget.inputs}
        expected = two_layers(widget.inputs, activation)
        assert widget.outputs.keys() == expected.keys()
        assert_agree(widget.outputs, expected)


def test_the_shares_of_the_paths_add_up(widget):
    for n in (1, 2):
        shares = widget.outputs[f"p2[1][{n}]"] + widget.outputs[f"p2[2][{n}]"]
        assert widget.outputs[f"da1[{n}]"] == pytest.approx(shares, rel=1e-12, abs=1e-15)


def test_a_unit_that_nobody_listens_to_hears_of_no_error(widget):
    widget.inputs = {"W2[1][1]": 0, "W2[2][1]": 0}
    assert widget.outputs["delta1[1]"] == widget.outputs["dW1[1][1]"] == widget.outputs["db1[1]"] == 0
    assert widget.outputs["dW2[1][1]"] != 0


def test_the_steps_begin_at_the_last_where_all_is_shown(widget):
    assert widget.view == {"step": 8, "chosen": "delta1[1]"}
    assert widget.views == {"step": [1, 8], "chosen": ["delta1[1]", "delta1[2]"]}
    code = (files("nnlib.explore") / "two_layers.js").read_text(encoding="utf-8")
    assert code.count("makes: [") == 8


def test_a_missing_formula_is_named():
    some = [formula for formula in formulas() if formula.name not in {"p2", "da1"}]
    with pytest.raises(ValueError, match="formulas for da1, p2 too"):
        nn.explore.two_layers(some)


def test_the_static_table_has_the_same_numbers(widget):
    html = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    assert state["inputs"] == widget.inputs
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))
    assert {k: float(v) for k, v in table.items()} == {**widget.inputs, **widget.outputs}


def test_names_with_layers_are_readable():
    assert readable("dW2[1][2]") == "∂L/∂W<sup>(2)</sup><sub>12</sub>"
    assert readable("delta1[2]") == "δ<sup>(1)</sup><sub>2</sub>"


def test_every_shown_quantity_has_a_formula(widget):
    assert {name.split("[")[0] for name in widget.outputs} == set(widget.math)


def test_the_module_computes_nothing_but_by_its_program():
    code = (files("nnlib.explore") / "two_layers.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)
    assert not re.search(r"Math\.(?!floor)\w+|\bsigmoid\s*\(|\brelu\b", code)
    assert not re.search(r"\bvalues\[[^\]]*\]+\s*[*/+-]|[*/+-]\s*values\[", code)
