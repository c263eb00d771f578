import numpy as np
import pytest
import sympy as sp

import nnlib as nn

z = sp.Symbol("z", real=True)


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_prime_is_the_derivative_of_the_value(activation):
    at = np.array([[z]], dtype=object)
    claimed = activation.prime(at, activation(at))[0, 0]
    assert nn.symbolic.prove(sp.diff(activation.symbolic(z), z), claimed)


def test_sigmoid_is_the_one_that_rises_from_0_to_1():
    """f′ = f(1 − f) alone would leave it open: 1/(1 + C exp(−z)) has it for every C."""
    assert nn.sigmoid.symbolic(sp.Integer(0)) == sp.Rational(1, 2)
    assert sp.limit(nn.sigmoid.symbolic(z), z, sp.oo) == 1
    assert sp.limit(nn.sigmoid.symbolic(z), z, -sp.oo) == 0


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_numbers_and_symbols_agree(activation):
    values = np.array([[-3.0, -0.5, 0.0], [0.25, 1.0, 7.0]])
    exact = np.array([[float(activation.symbolic(sp.Rational(v))) for v in row] for row in values])
    np.testing.assert_allclose(activation(values), exact, rtol=1e-15)


def test_sigmoid_far_from_zero_is_finite_right_and_silent():
    far = np.array([[-1e4, -745.0, -40.0, 40.0, 1e4]])
    value = nn.sigmoid(far)
    slope = nn.sigmoid.prime(far, value)
    tail = np.exp(-40.0)
    np.testing.assert_allclose(value[0, [0, 3, 4]], [0, 1, 1], atol=1e-15)
    np.testing.assert_allclose(slope[0, [0, 2, 3, 4]], [0, tail, tail, 0], rtol=1e-12)


def test_the_complex_step_passes_through():
    at = np.array([[0.3 + 1e-30j]])
    np.testing.assert_allclose(
        nn.sigmoid(at).imag / 1e-30, nn.sigmoid.prime(at.real, nn.sigmoid(at.real)), rtol=1e-15
    )
