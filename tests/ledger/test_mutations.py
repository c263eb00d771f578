"""Small errors in formulas are made as announced."""

import pytest
import sympy as sp

from nnlib.ledger.mutations import Clash, Scope, mutations
from nnlib.symbolic import (
    ActivationLetter,
    ForwardPass,
    Letter,
    SquaredNorm,
    hadamard,
    letters,
    network,
    partial,
    sigma,
    size,
    undefined_activation,
    undefined_loss,
)  # fmt: skip
from nnlib.symbolic.python import python

W, b, x, y, z, a, c, delta, L = letters("W b x y z a c delta L")
W1, W2, z1, z2, a1, a2, delta1, delta2 = letters("W1 W2 z1 z2 a1 a2 delta1 delta2")
i, j, k = sp.symbols("i j k", integer=True)
sigma1, sigma2 = ActivationLetter("sigma1"), ActivationLetter("sigma2")
pair = ForwardPass(
    network((2, 2, 2), [undefined_activation(f"sigma{n}") for n in (1, 2)], undefined_loss("l"))
)
sizes = [partial(L, z2(k)) * W2(k, i), (k, 1, size(2))]
by_index = sp.Sum(*sizes) * sigma1.prime(z1(i)) * x(j)


def made(e, **scope):
    everything = {"names": pair.names, "computed": pair.names, "layers": 2, **scope}
    return [(m.kind, text(m.whole)) for m in mutations(e, Scope(**everything))]


def text(e):
    """Its Python: SymPy tells σ(z) from σ(z) by the name of the variable inside."""
    return e if isinstance(e, Clash) else python(e)


@pytest.mark.parametrize(
    ("e", "mutation"),
    [
        (W * x + b, ("sign", W * x - b)),
        (W * x + b, ("sign", -W * x + b)),
        (W * x + b, ("summand", W * x)),
        (delta * x.T, ("sign", -delta * x.T)),
        (delta * x.T, ("double", 2 * delta * x.T)),
        (delta * x.T, ("factor", delta)),
        (delta * x.T, ("transpose", delta * x)),
        (W.T * delta, ("transpose", W * delta)),
        (W * delta, ("transpose", W.T * delta)),
        (partial(c, z) * partial(L, c), ("transpose", partial(c, z).T * partial(L, c))),
        (hadamard(a, z), ("factor", z)),
        (hadamard(a, sigma.prime(z)), ("slope", hadamard(a, sigma(z)))),
        (sigma(z(1)), ("slope", sigma.prime(z(1)))),
        (sigma(z(1)), ("sign", sigma(-z(1)))),
        (1 / (1 + sp.exp(-z(1))), ("sign", 1 / (1 + sp.exp(z(1))))),
        (a(1) * (1 - a(1)), ("factor", a(1))),
        (a(1) * (1 - a(1)), ("sign", a(1) * (1 + a(1)))),
        (W(1, 2) * x(2), ("index", W(1, 2) * x(1))),
        (W(1, 2) * x(2), ("index", W(2, 1) * x(2))),
        (W2.T * delta2, ("layer", W1.T * delta2)),
        (W2(1, 2), ("layer", W1(1, 2))),
        (delta2 * a1.T, ("layer", delta2 * a2.T)),
        (delta2 * a1.T, ("layer", delta2 * x.T)),
        (partial(L, z2), ("layer", partial(L, z1))),
        (partial(z2, z1), ("layer", None)),
        (sp.Rational(1, 2) * SquaredNorm(c), ("sign", -sp.Rational(1, 2) * SquaredNorm(c))),
    ],
)
def test_the_error_is_made(e, mutation):
    kind, whole = mutation
    if whole is None:
        assert kind not in dict(made(e))
    else:
        assert (kind, text(whole)) in made(e)


def test_indices_are_confused_with_those_at_hand():
    found = [whole for kind, whole in made(W(i, j) * x(j), indices=frozenset({i, j})) if kind == "index"]
    assert {text(e) for e in (W(j, i) * x(j), W(i, j) * x(i), W(i, i) * x(j), W(i, 1) * x(j))} <= set(found)
    found = made(sp.Sum(*sizes), indices=frozenset({i}))
    assert ("index", text(sp.Sum(partial(L, z2(i)) * W2(k, i), sizes[1]))) in found
    assert ("index", text(sp.Sum(partial(L, z2(k)) * W2(i, k), sizes[1]))) in found
    assert ("sum", text(partial(L, z2(1)) * W2(1, i))) in found
    assert ("sum", text(sp.Sum(sizes[0], (k, 1, size(1))))) in found


def test_layers_have_functions_of_their_own():
    other = ("layer", text(sigma1.prime(z2)))
    assert other in made(sigma2.prime(z2), functions=frozenset({"sigma1", "sigma2"}))
    assert other not in made(sigma2.prime(z2))


def test_lists_have_each_entry_changed_and_rows_made_columns():
    found = made([[z1(1), z1(2)]])
    assert ("sign", text([[z1(1), -z1(2)]])) in found
    assert ("index", text([[z1(1), z1(1)]])) in found
    assert ("transpose", text([[z1(1)], [z1(2)]])) in found


def test_no_mutant_is_the_formula_itself_and_none_comes_twice():
    for e in (W * x + b, W.T * delta, a(1) * (1 - a(1)), delta * x.T, by_index, [[z1(1), z1(1)]]):
        wholes = [whole for _, whole in made(e, indices=frozenset({i, j}))]
        assert text(e) not in wholes
        assert all(wholes.count(whole) == 1 for whole in wholes)


def test_what_sympy_refuses_is_a_clash():
    A, B, C = Letter("A", 2, 3), Letter("B", 3, 4), Letter("C", 4, 4)
    found = made(A * B * C, names=("A", "B", "C"))
    assert sum(kind == "factor" and isinstance(whole, Clash) for kind, whole in found) == 1
    assert sum(kind == "transpose" and isinstance(whole, Clash) for kind, whole in found) == 2
