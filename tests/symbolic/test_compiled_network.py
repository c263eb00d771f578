"""``net.compile()`` against ``backward``, which the book proves and the other tests check."""

import random

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import activation_of, network, undefined_activation
from nnlib.symbolic.write_out import CannotCompile

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "softplus")
LOSSES = ("squared_error", "mean_squared_error")


def random_network(seed):
    rng, normal = random.Random(seed), np.random.default_rng(seed).normal
    convention = ("column", "row")[seed % 2]
    shared, depth = seed % 3 == 0, rng.randint(1, 3)
    sizes = [rng.randint(1, 3)] * (depth + 1) if shared else rng.sample(range(1, 5), depth + 1)
    layers = []
    for l in range(depth):
        m, n = sizes[l], sizes[l + 1]
        layer = nn.Dense(normal(size=(n, m)), normal(size=(n, 1)), rng.choice(ACTIVATIONS))
        layers.append(layers[-1] if shared and l else layer if convention == "column" else layer.T)
    sigmoid = layers[-1].activation is nn.sigmoid
    loss = "cross_entropy" if sigmoid and seed % 4 < 2 else LOSSES[seed % 2]
    return nn.Network(layers, loss, convention)


def data(net, N, seed=0, scale=1.0):
    rng = np.random.default_rng(seed)
    x, y = scale * rng.normal(size=(net.sizes[0], N)), rng.uniform(size=(net.sizes[-1], N))
    return (x, y) if net.convention == "column" else (x.T, y.T)


def agree(compiled, backward, rtol=1e-12):
    (loss, grads), (wanted, theirs) = compiled, backward
    assert loss == pytest.approx(wanted, rel=rtol)
    assert loss.dtype == wanted.dtype
    for name in ("W", "b", "z"):
        ours, others = getattr(grads, name), getattr(theirs, name)
        assert list(ours) == list(others)
        for l in ours:
            assert ours[l].shape == others[l].shape
            assert ours[l].dtype == others[l].dtype
            np.testing.assert_allclose(ours[l], others[l], rtol=0, atol=rtol * np.abs(others[l]).max())
    for layer, like in zip(dict.fromkeys(grads.layers), dict.fromkeys(theirs.layers), strict=True):
        for one, other in zip(grads.of(layer), theirs.of(like), strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=rtol * np.abs(other).max())


@pytest.mark.parametrize("seed", range(24))
def test_a_compiled_network_gives_what_backward_gives(seed):
    net = random_network(seed)
    compiled = net.compile()
    for N in (1, 4):
        x, y = data(net, N, seed)
        agree(compiled(x, y), net.value_and_gradients(x, y))
    turned = {layer: nn.Dense(2 * layer.W, layer.b + 1, layer.activation) for layer in set(net.layers)}
    other = net.with_layers(turned)
    parameters = [m for layer in dict.fromkeys(other.layers) for m in (layer.W, layer.b)]
    for N in (1, 4):
        x, y = data(net, N, seed)
        agree(compiled(x, y, *parameters), other.value_and_gradients(x, y))
    lists = [m.tolist() for m in parameters]
    agree(compiled(x.tolist(), y.tolist(), *lists), other.value_and_gradients(x, y))


@pytest.mark.parametrize("N", [1, 3])
@pytest.mark.parametrize(
    ("activation", "loss"), [("sigmoid", "cross_entropy"), ("softplus", "squared_error")]
)
def test_far_from_0_the_network_itself_is_asked(activation, loss, N):
    """pytest turns warnings into errors."""
    net = nn.Network.random((2, 2, 1), activation, loss, seed=3)
    x, y = data(net, N, scale=3000)
    agree(net.compile()(x, y), net.value_and_gradients(x, y))


@pytest.mark.parametrize("N", [1, 3])
def test_single_precision_stays_single(N):
    net = nn.Network.random((2, 2, 1), "tanh", "squared_error", seed=3)
    single = {k: nn.Dense(k.W.astype("f"), k.b.astype("f"), k.activation) for k in net.layers}
    net = net.with_layers(single)
    x, y = (m.astype("f") for m in data(net, N))
    agree(net.compile()(x, y), net.value_and_gradients(x, y), rtol=1e-5)


def test_it_is_proved_and_can_be_read():
    compiled = nn.Network.random((2, 1, 1), "sigmoid", "cross_entropy", seed=1).compile()
    assert [proof.entries for proof in compiled.proofs] == [5, 1, 1]
    assert "x0 = W1_1_1*x_1 + W1_1_2*x_2 + b1_1" in compiled.python


def test_a_wrong_slope_is_not_compiled():
    wrong = nn.Activation("wrong", np.tanh, nn.tanh.symbolic, lambda z, a: 2 * nn.tanh.prime(z, a))
    net = nn.Network([nn.Dense([[1.0]], [[0.0]], wrong)])
    with pytest.raises(CannotCompile, match="the slope of wrong is not the derivative"):
        net.compile()


@pytest.mark.parametrize(
    ("net", "why"),
    [
        (
            lambda: nn.Network.random((784, 300, 10), "tanh", "squared_error"),
            "238510 parameters, .* up to 64",
        ),
        (lambda: nn.Network.random((2, 4, 4, 4, 2), "tanh", "squared_error"), "256 paths .* up to 128"),
        (lambda: nn.Network.random((2, 2), "softmax", "categorical_cross_entropy"), "softmax loses digits"),
        (lambda: network((2, 1)), "no plain real numbers"),
        (lambda: nn.Network([nn.Dense([[1j]], [[0]])]), "no plain real numbers"),
        (lambda: nn.Network([nn.Dense([[1.0]], [[0.0]], undefined_activation("f"))]), "undefined"),
    ],
)
def test_why_a_network_has_no_compiled_form(net, why):
    with pytest.raises(CannotCompile, match=why):
        net().compile()


def test_the_errors_are_those_of_the_network():
    net = nn.Network.random((2, 3, 1), "sigmoid", "cross_entropy", seed=1)
    compiled, (x, y) = net.compile(), data(net, 1)
    parameters = [m for layer in net.layers for m in (layer.W, layer.b)]
    for error, words, call in (
        (nn.ShapeError, r"x has shape 1 × 2", lambda: compiled(x.T, y)),
        (nn.ShapeError, r"2 \(1-D\)", lambda: compiled(x[:, 0], y)),
        (nn.ShapeError, "target has shape 2 × 1", lambda: compiled(x, x)),
        (ValueError, "x holds nan at row 1, column 1", lambda: compiled(x * np.nan, y)),
        (ValueError, "target holds inf", lambda: compiled(x, y + np.inf)),
        (ValueError, "takes targets from 0 to 1", lambda: compiled(x, y + 1)),
        (TypeError, "real numbers", lambda: compiled(x * 1j, y)),
        (TypeError, "takes 4 parameters .* not 3", lambda: compiled(x, y, *parameters[:3])),
        (
            nn.ShapeError,
            "W of distinct layer 1 .* transpose",
            lambda: compiled(x, y, parameters[0].T, *parameters[1:]),
        ),
        (ValueError, "b of distinct layer 2 holds nan", lambda: compiled(x, y, *parameters[:3], [[np.nan]])),
    ):
        with pytest.raises(error, match=words):
            call()
    with pytest.raises(AttributeError, match="no a; those of backward may"):
        _ = compiled(x, y)[1].a
    assert repr(compiled(x, y)[1]).startswith("CompiledGradients(W=")


def test_where_a_function_has_no_value_the_loss_is_that_of_the_network():
    u = sp.Symbol("u")
    net = nn.Network([nn.Dense([[1.0]], [[0.0]], activation_of("logarithm", sp.log(u)))])
    x, y = np.array([[-1.0]]), np.array([[0.0]])
    with pytest.warns(RuntimeWarning, match="invalid value"):
        loss, grads = net.compile()(x, y)
    assert np.isnan(loss)
    assert np.isnan(grads.W[1]).all()
