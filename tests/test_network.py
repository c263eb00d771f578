import random

import numpy as np
import pytest

import nnlib as nn
from nnlib.symbolic import network, prove, symbols
from tests import reference


def random_layers(rng):
    """One to four layers, all sizes different, so that a lost transpose cannot hide."""
    sizes = rng.sample(range(1, 8), rng.randint(2, 5))
    matrix = lambda rows, columns: [[rng.gauss(0, 1) for _ in range(columns)] for _ in range(rows)]
    names = rng.choices(["identity", "sigmoid"], k=len(sizes) - 1)
    layers = [(matrix(n, m), matrix(n, 1), f) for m, n, f in zip(sizes, sizes[1:], names, strict=False)]
    points = rng.choice([n for n in range(1, 9) if n not in sizes])
    return layers, matrix(sizes[0], points), matrix(sizes[-1], points)


@pytest.mark.parametrize("seed", range(60))
def test_gradients_agree_with_the_complex_step_of_a_reference(seed):
    layers, x, y = random_layers(random.Random(seed))
    loss = lambda: reference.loss(layers, x, y)
    net = nn.Network([nn.Dense(W, b, getattr(nn, name)) for W, b, name in layers])
    grads = net.backward(net.forward(x), y, wrt_input=True)
    pairs = [(grads.a[0], x)]
    for l, (W, b, _) in enumerate(layers, start=1):
        pairs += [(grads.W[l], W), (grads.b[l], b)]
    for ours, matrix in pairs:
        theirs = np.array(reference.complex_step(loss, matrix))
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12 * max(1e-300, np.abs(theirs).max()))
    assert net.loss_value(x, y) == pytest.approx(loss().real, rel=1e-12)


def test_delta_is_the_derivative_by_z_and_the_trace_numbers_layers_as_the_text_does():
    net = network((3, 2, 1), nn.sigmoid)
    x, y = symbols("x", (3, 1)), symbols("y", (1, 1))
    trace = net.forward(x)
    grads = net.backward(trace, y)
    assert trace.a[0] is not trace.z[1]
    assert (trace.a[0] == x).all()
    assert prove(trace.z[2], net.layers[1].W @ trace.a[1] + net.layers[1].b)
    assert prove(grads.b[2], grads.z[2])
    assert trace.output is trace.a[2]


@pytest.mark.parametrize(("what", "layer"), [("z", 0), ("z", 3), ("a", -1), ("W", 0), ("b", 3)])
def test_a_layer_that_there_is_not_is_an_error_that_names_the_range(what, layer):
    net = network((3, 2, 1))
    trace = net.forward(np.ones((3, 1)))
    grads = net.backward(trace, np.ones((1, 1)))
    owner = trace if what in "za" else grads
    with pytest.raises(IndexError, match=rf"{what}\[{layer}\]: the layers of {what} are [01]\.\.2"):
        getattr(owner, what)[layer]


def test_the_input_gradient_is_there_only_when_asked_for():
    net = network((3, 2))
    trace = net.forward(np.ones((3, 1)))
    with pytest.raises(IndexError, match=r"a\[0\]: the layers of a are 1\.\.1"):
        net.backward(trace, np.ones((2, 1))).a[0]
    assert net.backward(trace, np.ones((2, 1)), wrt_input=True).a[0].shape == (3, 1)


def test_data_points_add_up():
    rng = np.random.default_rng(3)
    net = nn.Network([nn.Dense(rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), nn.sigmoid)])
    x, y = rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
    together = net.backward(net.forward(x), y)
    apart = [net.backward(net.forward(x[:, [n]]), y[:, [n]]) for n in range(5)]
    np.testing.assert_allclose(together.W[1], sum(g.W[1] for g in apart), rtol=1e-13)
    np.testing.assert_allclose(together.b[1], sum(g.b[1] for g in apart), rtol=1e-13)
