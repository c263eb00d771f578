import pytest
import sympy as sp

from nnlib.symbolic import (
    Counterexample,
    Formula,
    Proof,
    ShapeClash,
    Undecided,
    letters,
    partial,
    prove,
    symbols,
    undefined_function,
)

x, y, u = sp.symbols("x y u", real=True)
f = undefined_function("f")
g = undefined_function("g", 2)


def relu(z):
    return sp.Piecewise((z, z > 0), (0, True))


def step(z):
    return sp.Piecewise((1, z > 0), (0, True))


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        ((x + y) ** 3, x**3 + 3 * x**2 * y + 3 * x * y**2 + y**3),
        (1 / (1 + sp.exp(-x)), sp.exp(x) / (1 + sp.exp(x))),
        (sp.diff(1 / (1 + sp.exp(-x)), x), 1 / (1 + sp.exp(-x)) / (1 + sp.exp(x))),
        (sp.exp(x) * sp.exp(y) * sp.exp(-x), sp.exp(y)),
        ((1 + sp.exp(x)) * (1 + sp.exp(y)), 1 + sp.exp(x) + sp.exp(y) + sp.exp(x + y)),
        (sp.exp(2 * x) - 1, (sp.exp(x) - 1) * (sp.exp(x) + 1)),
        (sp.diff(f(x * y), x), y * f(x * y).fdiff()),
        (sp.diff(g(x, x), x), g(x, x).fdiff(1) + g(x, x).fdiff(2)),
        (f((x + y) ** 2), f(x**2 + 2 * x * y + y**2)),
        (sp.diff(relu(x * y), x), y * step(x * y)),
        (sp.diff(sp.tanh(x), x), 4 / (1 + sp.exp(-2 * x)) / (1 + sp.exp(2 * x))),
        (sp.tanh(x), 2 / (1 + sp.exp(-2 * x)) - 1),
        (sp.exp(2 * x / (1 + y**2)), sp.exp(x / (1 + y**2)) ** 2),
        (sp.diff(sp.log(1 + sp.exp(x)), x), 1 / (1 + sp.exp(-x))),
        (sp.diff(x * sp.log(1 + x**2), x), sp.log(x**2 + 1) + 2 * x**2 / (x**2 + 1)),
        (sp.diff(relu(y * relu(x)), x), step(y * relu(x)) * y * step(x)),
    ],
)
def test_true_identities_are_proved(lhs, rhs):
    assert isinstance(prove(lhs, rhs), Proof)
    assert isinstance(prove(lhs, rhs + sp.Rational(1, 7)), Counterexample)
    assert isinstance(prove(lhs, -rhs), Counterexample)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (f(x), f(y)),
        (sp.diff(f(x), x), f(x)),
        (g(x, y), g(y, x)),
        (g(x, y).fdiff(1), g(x, y).fdiff(2)),
        (f(x) ** 2, f(x**2)),
        (sp.exp(x), 1 + x),
        (relu(x), x),
        (relu(x), 0 * x),
        (step(x), step(-x)),
        (relu(x) * relu(y), relu(x * y)),
        (x, x + sp.Rational(1, 10**15)),
    ],
)
def test_false_identities_get_a_point_that_tells_them_apart(lhs, rhs):
    outcome = prove(lhs, rhs)
    assert isinstance(outcome, Counterexample)
    assert not outcome
    exact = [e for e in (lhs, rhs) if not e.atoms(sp.Function)]
    for side, value in zip((lhs, rhs), (outcome.lhs, outcome.rhs), strict=True):
        if side in exact:
            assert float(side.subs(outcome.point)) == pytest.approx(value)


def test_the_counterexample_names_entry_and_point():
    W = symbols("W", (2, 3))
    wrong = W.copy()
    wrong[1, 2] = -wrong[1, 2]
    outcome = prove(W, wrong)
    assert outcome.index == (2, 3)
    assert "entry (2, 3)" in str(outcome)
    assert "W_{23} = " in str(outcome)


def test_shapes_that_differ_are_never_broadcast():
    column, row = symbols("x", (3, 1)), symbols("y", (1, 3))
    assert isinstance(prove(column, column.T), ShapeClash)
    assert isinstance(prove(column, row), ShapeClash)
    assert isinstance(prove(column, x), ShapeClash)
    assert "3 × 1" in str(prove(column, column.T))


def test_denominators_taken_to_be_nonzero_are_named_and_others_are_not():
    assert prove((x**2 - 1) / (x - 1), x + 1).nonzero == (x - 1,)
    assert prove(1 / (1 + sp.exp(x)) * (1 + sp.exp(x)), sp.Integer(1)).nonzero == ()
    assert prove(1 / (1 + sp.exp(x)), sp.exp(-x) / (1 + sp.exp(-x))).nonzero == ()


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (sp.sin(x) ** 2 + sp.cos(x) ** 2, sp.Integer(1)),
        (sp.log(x**2), 2 * sp.log(sp.Abs(x))),
        (sp.Max(x, y), (x + y + sp.Abs(x - y)) / 2),
        (sp.sqrt(x**2), sp.Abs(x)),
        (x * 0.5, x / 2),
        (x / sp.Integer(0), x),
        (sp.nan, x),
        (sp.I * x, x),
        (sp.Piecewise((x, x > 0), (0, True)), sp.Max(x, 0)),
        (relu(x) - relu(-x), x),  # true, but at 0 only by x = 0 itself
        (x**y, sp.exp(y * sp.log(x))),
    ],
)
def test_what_is_beyond_it_is_undecided_and_loud(lhs, rhs):
    with pytest.raises(Undecided):
        prove(lhs, rhs)


@pytest.mark.parametrize("bad", ["x", "__import__('os')", None, object(), x > 0])
def test_what_is_no_expression_never_passes(bad):
    with pytest.raises((Undecided, sp.SympifyError, TypeError)):
        prove(bad, x)


def test_formulas_are_compared_on_a_general_network():
    W, W2, b, x, delta, L = letters("W W2 b x delta L")
    i, j = sp.symbols("i j", integer=True)
    outer = Formula(partial(L, W), delta * x.T)
    assert isinstance(prove(outer, Formula(partial(L, W(i, j)), delta(i) * x(j))), Proof)
    assert isinstance(prove(outer, Formula(partial(L, W), -delta * x.T)), Counterexample)
    assert isinstance(prove(outer, Formula(partial(L, W), x * delta.T)), ShapeClash)
    assert isinstance(prove(Formula(b, W2.T * W2 * b), Formula(b, W2.T * (W2 * b))), Proof)
