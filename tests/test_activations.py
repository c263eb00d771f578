import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import prove, symbols

z = sp.Symbol("z", real=True)
ELEMENTWISE = [nn.identity, nn.sigmoid, nn.tanh, nn.relu, nn.softplus]
SMOOTH = [nn.identity, nn.sigmoid, nn.tanh, nn.softplus]
FAR = [0.0, 1e-300, 1e-9, 0.3, 2.0, 17.0, 36.5, 40.0, 350.0, 709.0, 720.0, 744.0, 746.0, 1e3, 9999.5, 1e4]
FAR = np.array([[-v for v in FAR[::-1]] + FAR])


def exact(function, z):
    """The function at 50 digits, rounded to a float."""
    with mp.workdps(50):
        return np.vectorize(lambda v: float(function(mp.mpf(float(v)))))(z)


def close(ours, theirs, rtol=1e-15):
    """Relative to each value, tails included; below 1e-300 floats lose digits."""
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-322)


# ---- symbols ----


@pytest.mark.parametrize("activation", SMOOTH, ids=lambda f: f.name)
def test_prime_is_the_derivative_of_the_value(activation):
    at = np.array([[z]], dtype=object)
    claimed = activation.prime(at, activation(at))[0, 0]
    by_diff = sp.diff(activation.symbolic(z), z).rewrite(sp.exp)  # tanh as exponentials
    assert prove(by_diff, claimed)
    assert not prove(by_diff, 2 * claimed)


@pytest.mark.parametrize(("sign", "value"), [(-1, 0), (0, 0), (1, 1)])
def test_prime_of_relu_on_each_branch(sign, value):
    at = np.array([[z]], dtype=object)
    claimed, by_diff = nn.relu.prime(at, nn.relu(at))[0, 0], sp.diff(nn.relu.symbolic(z), z)
    assert claimed == sp.Piecewise((1, z > 0), (0, True))
    assert claimed.subs(z, sign) == by_diff.subs(z, sign) == value
    assert nn.relu.prime(np.array([[float(sign)]]), None).item() == value
    assert nn.relu.symbolic(z).subs(z, 3 * sign) == max(3 * sign, 0)


def test_sigmoid_is_the_one_that_rises_from_0_to_1():
    """f′ = f(1 − f) alone would leave it open: 1/(1 + C exp(−z)) has it for every C."""
    assert nn.sigmoid.symbolic(sp.Integer(0)) == sp.Rational(1, 2)
    assert sp.limit(nn.sigmoid.symbolic(z), z, sp.oo) == 1
    assert sp.limit(nn.sigmoid.symbolic(z), z, -sp.oo) == 0


def test_tanh_and_softplus_are_the_ones_that_start_right():
    assert nn.tanh.symbolic(sp.Integer(0)) == 0
    assert nn.softplus.symbolic(sp.Integer(0)) == sp.log(2)


def test_softmax_pulls_back_by_its_jacobian():
    Z, Delta = symbols("z", (3, 2)), symbols("d", (3, 2))
    A = nn.softmax(Z)
    assert prove(A.sum(axis=0), np.ones(2, dtype=int))
    by_diff = [[sp.diff((Delta * A).sum(), entry) for entry in row] for row in Z]
    assert prove(by_diff, nn.softmax.pull_back(Delta, Z, A))


def test_softmax_has_no_prime():
    with pytest.raises(TypeError, match="softmax is not element-wise"):
        nn.softmax.prime(np.ones((2, 1)), np.ones((2, 1)))


# ---- numbers ----


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=lambda f: f.name)
def test_numbers_and_symbols_agree(activation):
    values = np.array([[-3.0, -0.5, 0.0], [0.25, 1.0, 7.0]])
    lifted = np.frompyfunc(sp.Rational, 1, 1)(values)
    close(activation(values), activation(lifted).astype(float))
    slopes = activation.prime(lifted, activation(lifted)).astype(float)
    close(activation.prime(values, activation(values)), slopes)


@pytest.mark.parametrize(
    ("activation", "value", "slope"),
    [
        (nn.identity, lambda v: v, lambda _: mp.mpf(1)),
        (nn.sigmoid, lambda v: 1 / (1 + mp.exp(-v)), lambda v: 1 / (1 + mp.exp(-v)) / (1 + mp.exp(v))),
        (nn.tanh, mp.tanh, lambda v: mp.sech(v) ** 2),
        (nn.relu, lambda v: max(v, mp.mpf(0)), lambda v: mp.mpf(int(v > 0))),
        (nn.softplus, lambda v: max(v, 0) + mp.log1p(mp.exp(-abs(v))), lambda v: 1 / (1 + mp.exp(-v))),
    ],
    ids=lambda f: getattr(f, "name", ""),
)
def test_far_from_0_they_are_finite_right_and_silent(activation, value, slope):
    """pytest turns warnings into errors."""
    ours = activation(FAR)
    close(ours, exact(value, FAR))
    close(activation.prime(FAR, ours), exact(slope, FAR), rtol=3e-15)


COLUMNS = np.array([[0.0, 1e4, -1e4, 40.0, 3.0], [0.0, -1e4, -1e4, 0.0, 2.0], [0.0, 9.0, -9990.0, -1.0, 1.0]])


def exact_softmax(Z):
    with mp.workdps(50):
        exps = [[mp.exp(mp.mpf(float(v))) for v in row] for row in Z]
        sums = [sum(column) for column in zip(*exps, strict=True)]
        return [[e / s for e, s in zip(row, sums, strict=True)] for row in exps]


def test_softmax_far_from_0_is_finite_right_and_silent():
    theirs = np.array([[float(v) for v in row] for row in exact_softmax(COLUMNS)])
    close(nn.softmax(COLUMNS), theirs)
    close(nn.softmax(COLUMNS + 512.0), theirs)  # a common shift changes nothing


def test_softmax_pulls_back_rightly_where_one_output_is_almost_1():
    da = np.array([[1.0] * 5, [0.0] * 5, [0.5] * 5])
    a = exact_softmax(COLUMNS)
    with mp.workdps(50):
        mean = [sum(a[i][n] * mp.mpf(da[i, n]) for i in range(3)) for n in range(5)]
        theirs = [[float(a[i][n] * (mp.mpf(da[i, n]) - mean[n])) for n in range(5)] for i in range(3)]
    close(nn.softmax.pull_back(da, COLUMNS, nn.softmax(COLUMNS)), np.array(theirs))


def test_softmax_acts_on_each_column():
    together = nn.softmax(COLUMNS)
    for n in range(5):
        np.testing.assert_array_equal(together[:, [n]], nn.softmax(COLUMNS[:, [n]]))


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=lambda f: f.name)
def test_the_complex_step_passes_through(activation):
    at = FAR[FAR != 0] if activation is nn.relu else FAR  # at its kink there is no slope to step along
    stepped = activation(at + 1e-30j)
    slope = activation.prime(at, activation(at))
    np.testing.assert_allclose(stepped.imag / 1e-30, slope, rtol=1e-14, atol=1e-290)


def test_the_complex_step_passes_through_softmax():
    for i, unit in enumerate(np.eye(3)):
        by_step = nn.softmax(COLUMNS + 1e-30j * unit[:, None]).imag / 1e-30
        a = nn.softmax(COLUMNS)
        np.testing.assert_allclose(by_step, a * (unit[:, None] - a[i]), rtol=0, atol=1e-15)


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=lambda f: f.name)
def test_scalars_integers_and_single_precision(activation):
    assert activation(2) == activation(2.0) == activation(np.array([[2.0]])).item()
    assert activation(np.array([[2]])).dtype == np.float64
    single = np.array([[-2.0, 2.0]], dtype=np.float32)
    assert activation(single).dtype == np.float32
    assert activation.prime(single, activation(single)).dtype == np.float32


@pytest.mark.parametrize("activation", ELEMENTWISE, ids=lambda f: f.name)
def test_a_list_is_a_matrix_of_numbers(activation):
    values = np.array([[0.0, 2.0], [1.0, -3.0], [4.0, 0.5]])
    a, da = activation(values), np.ones((3, 2))
    for z in (values.tolist(), values[0].tolist()):
        np.testing.assert_array_equal(activation(z), activation(np.array(z)))
        np.testing.assert_array_equal(activation.prime(z, None), activation.prime(np.array(z), None))
    ours = activation.pull_back(da.tolist(), values.tolist(), a.tolist())
    np.testing.assert_array_equal(ours, activation.pull_back(da, values, a))


@pytest.mark.parametrize("activation", [*ELEMENTWISE, nn.softmax], ids=lambda f: f.name)
def test_of_one_data_point_several_errors_are_pulled_back_side_by_side(activation):
    z, da = np.array([[-1.0], [2.0], [0.5]]), np.arange(12.0).reshape(3, 4)
    apart = [activation.pull_back(da[:, [k]], z, activation(z)) for k in range(4)]
    np.testing.assert_array_equal(activation.pull_back(da, z, activation(z)), np.hstack(apart))


@pytest.mark.parametrize("activation", [*ELEMENTWISE, nn.softmax], ids=lambda f: f.name)
def test_nothing_is_broadcast(activation):
    row, column = np.ones((1, 3)), np.ones((3, 1))
    for matrices in ((row, column, column), (column, row, column), (column, column, row)):
        with pytest.raises(
            nn.ShapeError, match=r"has shape . × ., but .* has shape . × .; both should be of one"
        ):
            activation.pull_back(*matrices)
    for da in (np.ones(3), np.ones((4, 2))):
        with pytest.raises(nn.ShapeError, match=r"da has shape .*, but z has shape 3 × 1"):
            activation.pull_back(da, column, column)
    if activation is not nn.softmax:
        with pytest.raises(nn.ShapeError, match="a has shape 1 × 3, but z has shape 3 × 1"):
            activation.prime(column, row)


@pytest.mark.parametrize("activation", [*ELEMENTWISE, nn.softmax], ids=lambda f: f.name)
@pytest.mark.parametrize(("z", "type_"), [([True], "bool"), (["x"], "<U1"), ([b"x"], r"\|S1")])
def test_what_is_no_number_is_refused(activation, z, type_):
    with pytest.raises(TypeError, match=f"z has entries of type {type_}; nnlib takes numbers"):
        activation(z)
    with pytest.raises(TypeError):
        activation.prime(z, None)


@pytest.mark.parametrize(("z", "shape"), [(np.zeros((0, 2)), "0 × 2"), (2.0, "a single number")])
def test_softmax_takes_columns_with_entries(z, shape):
    with pytest.raises(nn.ShapeError, match=f"z has shape {shape}, but softmax takes S_l × N"):
        nn.softmax(z)


def test_pull_back_is_the_hadamard_product_with_the_slope():
    at, da = np.array([[-1.0, 2.0]]), np.array([[3.0, 5.0]])
    for f in ELEMENTWISE:
        np.testing.assert_array_equal(f.pull_back(da, at, f(at)), da * f.prime(at, f(at)))
