import sympy as sp

import nnlib as nn
from nnlib.symbolic import prove, symbols


def test_the_derivative_of_the_squared_error_is_that_of_its_value():
    a, y = symbols("a", (3, 1)), symbols("y", (3, 1))
    by_diff = [[sp.diff(nn.squared_error(a, y), entry)] for entry in a.ravel()]
    assert prove(by_diff, nn.squared_error.prime(a, y))


def test_the_squared_error_sums_over_components_and_data():
    A, Y = symbols("A", (2, 3)), symbols("Y", (2, 3))
    by_hand = sum((A[i, n] - Y[i, n]) ** 2 for i in range(2) for n in range(3)) * sp.Rational(1, 2)
    assert prove(nn.squared_error(A, Y), by_hand)
