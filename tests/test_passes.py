import gc
import re
import weakref

import numpy as np
import pytest

import nnlib as nn
from nnlib.passes import ByLayer
from nnlib.symbolic import network


@pytest.mark.parametrize(
    ("what", "layer"),
    [("z", 0), ("z", 3), ("a", -1), ("W", 0), ("b", 3), ("W", "1"), ("z", slice(1, 2)), ("a", [1])],
)
@pytest.mark.parametrize("convention", ["column", "row"])
def test_a_layer_that_there_is_not_is_an_error_that_names_the_range(what, layer, convention):
    net = network((3, 2, 1), convention=convention)
    x = np.ones((3, 1) if convention == "column" else (1, 3))
    trace = net.forward(x)
    grads = net.backward(trace, np.ones((1, 1)))
    owner = trace if what in "za" else grads
    with pytest.raises(
        IndexError, match=rf"{re.escape(f'{what}[{layer!r}]')}: the layers of {what} are [01]\.\.2"
    ):
        getattr(owner, what)[layer]


def test_the_layers_can_be_gone_through():
    z = ByLayer("z", {2: np.ones((1, 1)), 1: np.zeros((2, 1))})
    assert (list(z), len(z), 1 in z, 0 in z, repr(z)) == ([1, 2], 2, True, False, "z[1..2]")


def test_for_a_layer_that_there_is_not_get_gives_the_default():
    z = ByLayer("z", {1: np.ones((2, 1)), 2: lambda: np.zeros((1, 1))})
    nothing = object()
    assert z.get(3, nothing) is nothing
    assert z.get(3) is None
    assert z.get(1, nothing) is z[1]
    assert z.get(2, nothing).tolist() == [[0]]


def test_they_are_equal_if_all_entries_are():
    of = lambda *matrices: ByLayer("z", dict(enumerate(matrices, start=1)))
    one, zero = np.ones((2, 1)), np.zeros((1, 3))
    assert of(one, zero) == of(one.copy(), lambda: zero)
    for other in (of(one), of(one, zero + 1), of(one, zero.T), of(zero, one), None, 3):
        assert of(one, zero) != other


def test_the_input_gradient_is_there_only_when_asked_for():
    net = network((3, 2))
    trace = net.forward(np.ones((3, 1)))
    with pytest.raises(IndexError, match=r"a\[0\]: the layers of a are 1\.\.1"):
        net.backward(trace, np.ones((2, 1))).a[0]
    assert net.backward(trace, np.ones((2, 1)), wrt_input=True).a[0].shape == (3, 1)


@pytest.mark.parametrize("convention", ["column", "row"])
def test_gradients_do_not_hold_the_trace(convention):
    """In training the old gradients live until the new ones are there: a trace would double the memory."""
    net = nn.Network.random((3, 4, 2), "sigmoid", "squared_error", convention, seed=1)
    x, y = (np.ones(shape if convention == "column" else shape[::-1]) for shape in ((3, 5), (2, 5)))
    trace = net.forward(x)
    hidden = weakref.ref(trace.z[1])
    grads = net.backward(trace, y)
    del trace
    gc.collect()
    assert hidden() is None
    assert grads.a[2].shape == y.shape


@pytest.mark.parametrize("convention", ["column", "row"])
def test_of_a_shared_layer_the_uses_add_up(convention):
    rng = np.random.default_rng(5)
    A = nn.Dense(rng.normal(size=(3, 2)), rng.normal(size=(3, 1)), nn.tanh)
    B = nn.Dense(rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), nn.sigmoid)
    layers = [A, B, A, B, A]
    x, y = rng.normal(size=(2, 4)), rng.normal(size=(3, 4))
    if convention == "row":
        turned = {layer: layer.T for layer in (A, B)}
        layers, x, y = [turned[layer] for layer in layers], x.T, y.T
    apart = [nn.Dense(layer.W, layer.b, layer.activation) for layer in layers]
    shared = nn.Network(layers, convention=convention)
    _, grads = shared.value_and_gradients(x, y)
    _, unshared = nn.Network(apart, convention=convention).value_and_gradients(x, y)
    for l in range(1, 6):
        assert (grads.W[l] == unshared.W[l]).all()  # the share of use l
    for layer, uses in ((layers[0], (1, 3, 5)), (layers[1], (2, 4))):
        dW, db = grads.of(layer)
        assert dW.shape == layer.W.shape
        np.testing.assert_allclose(dW, sum(unshared.W[l] for l in uses), rtol=1e-14)
        np.testing.assert_allclose(db, sum(unshared.b[l] for l in uses), rtol=1e-14)


def test_what_grads_of_returns_may_be_written_to():
    net = nn.Network([nn.Dense([[2]], [[0]])])
    grads = net.value_and_gradients([[1]], [[0]])[1]
    dW, _ = grads.of(net.layers[0])
    dW[:] = 0
    assert grads.W[1].item() == 2


def test_a_layer_of_another_network_is_an_error():
    layer, like = nn.Dense([[2]], [[0]]), nn.Dense([[2]], [[0]])
    grads = nn.Network([layer]).value_and_gradients([[1]], [[0]])[1]
    with pytest.raises(ValueError, match=r"Dense\(1 → 1, identity\) is not in this network"):
        grads.of(like)
