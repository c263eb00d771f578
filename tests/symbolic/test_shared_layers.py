"""One layer in every place: its names, its derivatives, and nnlib's sum over all uses as a further route."""

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.ledger.claim import claim
from nnlib.ledger.comparison import ClaimFailed, known_value, siblings
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    letters,
    network,
    partial,
    prove,
    symbols,
    undefined_activation,
    undefined_loss,
)

L, x, W, b, z1, a1, z2, delta1, delta2 = letters("L x W b z1 a1 z2 delta1 delta2")
given = [Formula(delta1, partial(L, z1)), Formula(delta2, partial(L, z2))]


def twice(n=2, activation="identity"):
    return ForwardPass(network((n, n, n), activation, undefined_loss("l"), shared=True))


def test_one_layer_stands_in_every_place_and_its_parameters_have_no_number():
    net = network((2, 2, 2, 2), shared=True)
    assert len(net.layers) == 3
    assert net.layers[0] is net.layers[1] is net.layers[2]
    names = ("W", "b", "x", "y", "z1", "a1", "z2", "a2", "z3", "a3", "L")
    assert ForwardPass(net).names == names
    assert net.layers[0].W.tolist() == symbols("W", (2, 2)).tolist()


def test_layers_of_their_own_keep_their_numbers():
    forward = ForwardPass(network((2, 2, 2)))
    assert not forward.shared
    assert forward.names[:4] == ("W1", "b1", "W2", "b2")
    assert not ForwardPass(network((2, 2), shared=True)).shared  # used once, nothing is shared


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sizes": (2, 3, 2)}, r"sizes \[2, 3, 2\] are not all equal"),
        ({"sizes": (2, 2, 2), "activation": ["sigmoid", "tanh"]}, "one activation, not sigmoid, tanh"),
        ({"sizes": (2, 2, 2), "output_activation": "sigmoid"}, "one activation, not identity, sigmoid"),
    ],
)
def test_what_cannot_be_one_layer_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        network(**arguments, shared=True)


def test_the_derivative_by_W_counts_every_use():
    forward = twice(1)
    (value,) = forward.value(z2).ravel()
    w, shift, point = sp.symbols("W_{11} b_1 x_1", real=True)
    assert sp.expand(value - (w * (w * point + shift) + shift)) == 0
    slope = forward.partial(z2, W)[0, 0, 0, 0]
    assert sp.expand(slope - (2 * w * point + shift)) == 0


def test_the_derivative_by_the_first_output_counts_the_second_use_alone():
    jacobian = twice().partial(z2, z1)[:, 0, :, 0]
    assert jacobian.tolist() == symbols("W", (2, 2)).tolist()


def test_the_second_size_is_square_too():
    first, second = siblings([], twice())
    assert (first.sizes, second.sizes) == ((2, 2, 2), (3, 3, 3))
    assert second.shared


def test_a_lost_transpose_is_found_though_W_is_square():
    with pytest.raises(ClaimFailed, match="at 2-2-2"):
        claim("book.shared", twice().diff(L, z1), Formula(delta1, W * delta2, given=given[1:]))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", undefined_activation("sigma")])
def test_the_gradient_is_the_sum_over_the_uses_and_nnlib_agrees(activation):
    forward = twice(2, activation)
    both = Formula(partial(L, W), delta2 * a1.T + delta1 * x.T, given=given)
    made = claim("book.shared", forward.diff(L, W), both)
    assert made.how.endswith("nnlib's backward agrees")
    assert made.quantifiers.endswith("at 2-2-2 and 3-3-3")
    for one in (delta2 * a1.T, delta1 * x.T):
        with pytest.raises(ClaimFailed):
            claim("book.shared", forward.diff(L, W), Formula(partial(L, W), one, given=given))


def test_nnlib_is_asked_for_the_whole_gradient_and_not_for_one_use(monkeypatch):
    forgetful = lambda grads, layer: (grads.W[2], grads.b[2])  # noqa: ARG005
    monkeypatch.setattr(nn.Gradients, "of", forgetful)
    with pytest.raises(ClaimFailed, match="nnlib's backward disagrees"):
        claim("book.shared", twice().diff(L, b), Formula(partial(L, b), delta2 + delta1, given=given))


def test_known_values_are_those_of_backward_on_symbols():
    forward = twice()
    grads = forward.network.backward(
        forward.network.forward(symbols("x", (2, 1))), symbols("y", (2, 1)), wrt_input=True
    )
    assert prove(known_value(delta1, forward), grads.z[1])
    assert prove(forward.partial(L, W)[0, 0], grads.of(forward.network.layers[0])[0])
    assert not prove(forward.partial(L, W)[0, 0], grads.W[1])


def test_numbers_agree_with_the_complex_step():
    rng = np.random.default_rng(5)
    layer = nn.Dense(rng.normal(size=(2, 2)), rng.normal(size=(2, 1)), nn.tanh)
    net = nn.Network([layer, layer], nn.squared_error)
    point, target = rng.normal(size=(2, 1)), rng.normal(size=(2, 1))
    assert nn.check_gradients(net, point, target, method="complex").ok
