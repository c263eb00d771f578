import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import prove, symbols

ANY = [nn.squared_error, nn.mean_squared_error]
LOGIT = [(nn.cross_entropy, nn.sigmoid), (nn.categorical_cross_entropy, nn.softmax)]
every = [(loss, f) for loss in ANY for f in (nn.identity, nn.sigmoid, nn.softmax)] + LOGIT


def names(pair):
    return getattr(pair, "name", None)


# ---- symbols ----


@pytest.mark.parametrize("loss", [*ANY, *(loss for loss, _ in LOGIT)], ids=names)
def test_prime_is_the_derivative_of_the_value(loss):
    a, y = symbols("a", (2, 3)), symbols("y", (2, 3))
    by_diff = [[sp.diff(loss(a, y), entry) for entry in row] for row in a]
    assert prove(by_diff, loss.prime(a, y))
    assert not prove(by_diff, 2 * loss.prime(a, y))


@pytest.mark.parametrize(("loss", "activation"), every, ids=names)
def test_delta_is_the_derivative_of_the_value_by_z(loss, activation):
    """The value goes through a; delta of a cross-entropy does not: two routes."""
    z, y = symbols("z", (2, 2)), symbols("y", (2, 2))
    a = activation(z)
    by_diff = [[sp.diff(loss.at(z, a, y), entry) for entry in row] for row in z]
    assert prove(by_diff, loss.delta(activation, z, a, y))


def test_delta_of_the_cross_entropies_is_a_minus_y():
    z, y = symbols("z", (2, 2)), symbols("y", (2, 2))
    a = nn.sigmoid(z)
    assert prove(nn.cross_entropy.delta(nn.sigmoid, z, a, y), a - y)
    a, s = nn.softmax(z), y.sum(axis=0, keepdims=True)
    assert prove(nn.categorical_cross_entropy.delta(nn.softmax, z, a, y), s * a - y)


def test_the_values_by_hand():
    A, Y = symbols("A", (2, 3)), symbols("Y", (2, 3))
    squares = sum((A[i, n] - Y[i, n]) ** 2 for i in range(2) for n in range(3))
    assert prove(nn.squared_error(A, Y), squares / 2)
    assert prove(nn.mean_squared_error(A, Y), squares / 6)
    a, y = np.array([[0.25, 0.5]]), np.array([[1.0, 0.0]])
    assert nn.cross_entropy(a, y) == pytest.approx(np.log(4) + np.log(2))
    assert nn.categorical_cross_entropy(a, y) == pytest.approx(np.log(4))


# ---- numbers, far out ----

FAR = np.array([-1e4, -746.0, -700.0, -40.0, -1.0, 0.0, 2.0, 36.0, 40.0, 700.0, 746.0, 1e4])


@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("z", FAR)
def test_cross_entropy_far_from_0_is_finite_right_and_silent(z, target):
    """pytest turns warnings into errors."""
    Z, Y = np.array([[z]]), np.array([[target]])
    A = nn.sigmoid(Z)
    with mp.workdps(9000):  # so that a − y keeps digits where it is 1e-4343
        t = mp.mpf(target)
        soft = lambda v: max(v, 0) + mp.log1p(mp.exp(-abs(v)))
        value = float(t * soft(mp.mpf(-z)) + (1 - t) * soft(mp.mpf(z)))
        slope = float(1 / (1 + mp.exp(mp.mpf(-z))) - t)
    np.testing.assert_allclose(nn.cross_entropy.at(Z, A, Y), value, rtol=1e-15, atol=1e-322)
    ours = nn.cross_entropy.delta(nn.sigmoid, Z, A, Y).item()
    np.testing.assert_allclose(ours, slope, rtol=2e-15, atol=1e-322)


@pytest.mark.parametrize("target", [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.2, 0.3, 0.5), (2.0, 1.0, 0.0)])
@pytest.mark.parametrize("z", [(1e4, 0, -1e4), (0, 0, 0), (40, 0, -1), (800, 0, -1), (-1, 2, 1e4), (1, 2, 3)])
def test_categorical_cross_entropy_far_from_0_is_finite_right_and_silent(z, target):
    Z, Y = np.array([z], dtype=float).T, np.array([target]).T
    A = nn.softmax(Z)
    with mp.workdps(9000):
        exps = [mp.exp(mp.mpf(v)) for v in z]
        a = [e / sum(exps) for e in exps]
        value = float(-sum(mp.mpf(t) * mp.log(p) for t, p in zip(target, a, strict=True)))
        slope = [float(sum(map(mp.mpf, target)) * p - mp.mpf(t)) for t, p in zip(target, a, strict=True)]
    ours = nn.categorical_cross_entropy.at(Z, A, Y)
    np.testing.assert_allclose(ours, value, rtol=1e-15, atol=1e-322)
    delta = nn.categorical_cross_entropy.delta(nn.softmax, Z, A, Y).ravel()
    np.testing.assert_allclose(delta, slope, rtol=4e-15, atol=4e-16 * np.abs(slope).max())


def saturated(loss, activation):
    """The right and the wrong end of both outputs: a is 0 or 1 to the last bit."""
    net = nn.Network([nn.Dense([[1.0, 0.0], [0.0, 1.0]], [[0.0], [0.0]], activation)], loss)
    x, y = np.array([[1e4, -1e4, 1e4, -1e4], [-1e4, 1e4, -1e4, 1e4]]), np.array([[1, 1, 0, 0], [0, 0, 1, 1]])
    return net, x, y.astype(float)


@pytest.mark.parametrize(("loss", "activation"), LOGIT, ids=names)
def test_gradients_at_saturation_are_finite_and_by_the_output_on_request(loss, activation):
    net, x, y = saturated(loss, activation)
    value, grads = net.value_and_gradients(x, y)
    assert grads.z[1].tolist() == [[0, -1, 1, 0], [0, 1, -1, 0]]
    assert grads.W[1].tolist() == [[2e4, -2e4], [-2e4, 2e4]]
    assert value == 4e4
    by_output = grads.a[1]
    assert np.isinf(by_output[:, 1:3]).any()
    assert not np.isnan(by_output).any()


def test_by_the_output_is_computed_only_on_request():
    asked = []

    def prime(a, y):
        asked.append(a)
        return nn.cross_entropy.prime(a, y)

    fields = {name: getattr(nn.cross_entropy, name) for name in nn.cross_entropy.__dataclass_fields__}
    loss = type(nn.cross_entropy)(**{**fields, "prime": prime})
    grads = nn.Network([nn.Dense([[1]], [[0]], "sigmoid")], loss).value_and_gradients([[2]], [[1]])[1]
    assert (asked, list(grads.a)) == ([], [1])
    assert grads.a[1] is grads.a[1]
    assert len(asked) == 1


def test_the_complex_step_passes_through_the_values_by_z():
    for loss, activation in LOGIT:
        z, y = np.array([[-50.0, 3.0], [2.0, 1.0]]), np.array([[0.3, 1.0], [0.7, 0.0]])
        for index in np.ndindex(2, 2):
            stepped = z.astype(complex)
            stepped[index] += 1e-30j
            slope = loss.at(stepped, activation(stepped), y).imag / 1e-30
            assert slope == pytest.approx(loss.delta(activation, z, activation(z), y)[index], rel=1e-14)


# ---- what does not fit ----


@pytest.mark.parametrize(
    ("loss", "activation", "needed"),
    [
        (nn.cross_entropy, nn.identity, "sigmoid"),
        (nn.cross_entropy, nn.softmax, "sigmoid"),
        (nn.categorical_cross_entropy, nn.sigmoid, "softmax"),
    ],
    ids=names,
)
def test_a_loss_that_does_not_fit_the_last_activation_is_refused(loss, activation, needed):
    message = f"{loss.name} needs {needed} as the last layer's activation, not {activation.name}"
    with pytest.raises(ValueError, match=message):
        nn.Network([nn.Dense([[1]], [[0]], nn.sigmoid), nn.Dense([[1]], [[0]], activation)], loss)


@pytest.mark.parametrize(
    ("loss", "target", "words"),
    [
        ("cross_entropy", [[0, 1], [0.5, 1.5]], r"1\.5 at row 2, column 2; cross_entropy .* from 0 to 1"),
        ("cross_entropy", [[0, -0.1], [0, 1]], r"-0\.1 at row 1, column 2"),
        ("categorical_cross_entropy", [[3, 1], [-1, 1]], r"-1\.0 at row 2, column 1; .* from 0 up"),
    ],
)
@pytest.mark.parametrize("convention", ["column", "row"])
def test_a_target_out_of_range_is_refused_by_value_and_place(loss, target, words, convention):
    last = "sigmoid" if loss == "cross_entropy" else "softmax"
    net = nn.Network.random((2, 2), last, loss, convention)
    for call in (net.loss_value, net.value_and_gradients):
        with pytest.raises(ValueError, match=words):
            call(np.ones((2, 2)), target)


def test_losses_by_name():
    assert nn.Network([nn.Dense([[1]], [[0]])], "mean_squared_error").loss is nn.mean_squared_error
    known = "squared_error, mean_squared_error, cross_entropy, categorical_cross_entropy"
    with pytest.raises(ValueError, match=f"unknown loss 'mse'; nnlib knows {known}"):
        nn.Network([nn.Dense([[1]], [[0]])], "mse")
    with pytest.raises(TypeError, match="is no loss"):
        nn.Network([nn.Dense([[1]], [[0]])], nn.sigmoid)


def test_a_loss_called_by_itself_insists_on_one_shape():
    assert float(nn.squared_error([[3], [1]], [[1], [1]])) == 2
    with pytest.raises(nn.ShapeError, match="target has shape 1 × 2, but should be 2 × 1"):
        nn.squared_error(np.ones((2, 1)), np.ones((1, 2)))
    with pytest.raises(nn.ShapeError, match="1-D"):
        nn.mean_squared_error([1.0, 2.0], [1.0, 2.0])


@pytest.mark.parametrize(("loss", "activation"), every, ids=names)
def test_nothing_is_broadcast(loss, activation):
    row, column = np.full((1, 3), 0.5), np.full((3, 1), 0.5)
    calls = [
        lambda: loss.prime(row, column),
        lambda: loss.at(None if type(loss) is nn.Loss else row, row, column),
        lambda: loss.delta(activation, row, row, column),
        lambda: loss.delta(activation, row, column, row),
        lambda: loss.delta(activation, column, row, row),
    ]
    for call in calls:
        with pytest.raises(
            nn.ShapeError, match=r"has shape . × ., but . has shape . × .; both should be of one"
        ):
            call()


@pytest.mark.parametrize(("loss", "activation"), every, ids=names)
def test_lists_are_matrices(loss, activation):
    z, y = np.array([[0.5, -1.0], [2.0, 0.1], [3.0, 0.2]]), np.array([[0.0, 1.0], [0.5, 0.0], [1.0, 0.25]])
    a = activation(z)
    lists = [matrix.tolist() for matrix in (z, a, y)]
    assert loss.at(*lists) == loss.at(z, a, y)
    np.testing.assert_array_equal(loss.delta(activation, *lists), loss.delta(activation, z, a, y))
    if type(loss) is nn.Loss:
        np.testing.assert_array_equal(loss.prime(*lists[1:]), loss.prime(a, y))


@pytest.mark.parametrize(
    ("loss", "a", "target", "words"),
    [
        (nn.cross_entropy, [[0.5]], [[2.0]], "target holds 2.0 at row 1, column 1; .* targets from 0 to 1"),
        (
            nn.cross_entropy,
            [[0.5, 1.5]],
            [[0.5, 1]],
            "a holds 1.5 at row 1, column 2; .* outputs from 0 to 1",
        ),
        (
            nn.categorical_cross_entropy,
            [[0.5], [-1]],
            [[0], [1]],
            "a holds -1.0 at row 2.* outputs from 0 up",
        ),
        (nn.squared_error, [[1.0]], None, "target has shape a single number, but should be 1 × 1"),
    ],
    ids=names,
)
def test_a_loss_called_by_itself_insists_on_its_range(loss, a, target, words):
    with pytest.raises(ValueError, match=words):
        loss(a, target)


def test_what_delta_by_z_gives_is_of_the_shape_of_z():
    fields = {name: getattr(nn.cross_entropy, name) for name in nn.cross_entropy.__dataclass_fields__}
    squeezed = lambda z, a, y: (a - y + 0 * z).sum(axis=0, keepdims=True)
    mine = {"name": "mine", "delta_by_z": squeezed}
    net = nn.Network.random((2, 3), "sigmoid", type(nn.cross_entropy)(**{**fields, **mine}))
    with pytest.raises(nn.ShapeError, match="delta_by_z of loss 'mine' gave 1 × 4 for z of 3 × 4"):
        net.value_and_gradients(np.ones((2, 4)), np.ones((3, 4)))
