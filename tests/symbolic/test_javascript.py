import json
import subprocess

import numpy as np
import pytest
import sympy as sp
from playwright._impl._driver import compute_driver_executable

from nnlib.symbolic.javascript import compile_expressions

NODE = compute_driver_executable()[0]  # the one that Playwright carries: readers need not have their own
u, v = sp.symbols("u v", real=True)
EXPRESSIONS = {
    "p[1]": u**2 / 3 - v,
    "p[2]": 1 / (1 + sp.exp(-u)) / (1 + sp.exp(u)),
    "p[3]": (u - v) ** 3 * (u - v) ** -2,
    "p[4]": sp.Integer(2),
    "p[5]": -sp.Rational(1, 7) * u,
}


def test_python_gives_the_numbers_of_the_expressions():
    compiled = compile_expressions({"a": u, "b": v}, EXPRESSIONS)
    for a, b in [(0.3, -1.2), (-2.0, 5.0), (800.0, 1.0), (-800.0, 1.0)]:
        values = compiled({"a": a, "b": b})
        for name, e in EXPRESSIONS.items():
            exact = float(e.subs({u: sp.Rational(a), v: sp.Rational(b)}).evalf(30))
            assert values[name] == pytest.approx(exact, rel=1e-13, abs=1e-300)


def test_javascript_gives_the_numbers_of_python():
    compiled = compile_expressions({"a": u, "b": v}, EXPRESSIONS)
    points = np.random.default_rng(1).normal(size=(50, 2)).tolist()
    script = f"console.log(JSON.stringify({json.dumps(points)}.map({compiled.js})))"
    ours = json.loads(subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True).stdout)
    for (a, b), row in zip(points, ours, strict=True):
        assert row == pytest.approx(list(compiled({"a": a, "b": b}).values()), rel=1e-13)


def test_a_cross_entropy_is_right_far_out_and_holds_every_digit():
    """−log σ(u) = log(1 + exp(−u)) in Python and JavaScript: no overflow, and no cancellation near 0."""
    loss = v * sp.log(1 + sp.exp(-u)) + (1 - v) * sp.log(1 + sp.exp(u))
    compiled = compile_expressions({"u": u, "v": v}, {"loss": loss})
    points = [
        [z, y] for z in (-1e4, -800.0, -40.0, -1.5, 0.0, 2.0, 30.0, 800.0, 1e4) for y in (0.0, 0.3, 1.0)
    ]
    script = f"console.log(JSON.stringify({json.dumps(points)}.map({compiled.js})))"
    ours = json.loads(subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True).stdout)
    for (z, y), [shown] in zip(points, ours, strict=True):
        exact = float(loss.subs({u: sp.Rational(z), v: sp.Rational(y)}).evalf(30, maxn=20000))
        assert compiled({"u": z, "v": y})["loss"] == pytest.approx(exact, rel=1e-14, abs=1e-300)
        assert shown == pytest.approx(exact, rel=1e-14, abs=1e-300)


def test_no_name_of_a_symbol_reaches_the_code():
    awkward = sp.Symbol("W_{11}^[1]; alert(1)", real=True)
    assert compile_expressions({"w": awkward}, {"p": awkward + 1}).js == "v => {return [v[0] + 1];}"


def test_a_symbol_that_is_no_input_is_an_error():
    with pytest.raises(ValueError, match=r"p depends on \['v'\]"):
        compile_expressions({"a": u}, {"p": u * v})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "no a, b among the inputs; there is none"),
        ({"a": 1, "B": 2}, "no b among the inputs; there is a, B"),
    ],
)
def test_an_input_that_is_missing_or_misspelled_is_named(values, words):
    with pytest.raises(KeyError, match=words):
        compile_expressions({"a": u, "b": v}, EXPRESSIONS)(values)
