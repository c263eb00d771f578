import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    MapLetter,
    SquaredNorm,
    diag,
    hadamard,
    l,
    letters,
    network,
    partial,
    prove,
    sigma,
    size,
    undefined_activation,
    undefined_loss,
)

W, b, x, y, z, a, delta, L = letters("W b x y z a delta L")
i, j = sp.symbols("i j", integer=True)
NAMES = {letter.name: letter for letter in (W, b, x, y, z, a, delta, L)}
NAMES |= {"i": i, "j": j, "nn": nn, "sp": sp, "l": l, "partial": partial}
NAMES |= {"sigma": sigma, "size": size, "SquaredNorm": SquaredNorm, "diag": diag, "MapLetter": MapLetter}
forward = ForwardPass(network((3, 2), undefined_activation("sigma"), undefined_loss("l")))


@pytest.mark.parametrize(
    "formula",
    [
        Formula(z, W * x + b),
        Formula(partial(L, W), delta * x.T, given=[Formula(delta, hadamard(l.gradient(a), sigma.prime(z)))]),
        Formula(partial(L, x), W.T * partial(L, z)),
        Formula(partial(L, x(j)), sp.Sum(partial(L, z(i)) * partial(z(i), x(j)), (i, 1, size(1)))),
        Formula(partial(L, x), (partial(z, x)).T * partial(L, z)),
        Formula(L, sp.Rational(1, 2) * SquaredNorm(a - y)),
        Formula(a(i), 1 / (1 + sp.exp(-z(i)))),
        Formula(partial(a(i), z(i)), sigma(z(i)) * sigma(-z(i)) - 3 * sigma.prime(z(i))),
        Formula(z, [[W(1, 1) * x(1) + b(1)], [-W(2, 1) / 2]]),
        Formula(L, l(a)),
        Formula(z, diag(a) * MapLetter("f", size(1))(x)),
        Formula(L, MapLetter("f")(a)),
    ],
)
def test_the_python_of_a_formula_makes_it_again(formula):
    again = eval(formula.python, NAMES)
    assert again.latex == formula.latex
    assert prove(formula.evaluate(forward), again.evaluate(forward))
