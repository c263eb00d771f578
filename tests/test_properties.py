"""What holds of every network and every input, tried on what hypothesis makes up."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import nnlib as nn

SMOOTH = ("identity", "sigmoid", "tanh", "softplus", "softmax")  # ReLU has a kink, where a check cannot judge
LOSSES = ("squared_error", "mean_squared_error", "cross_entropy", "categorical_cross_entropy")
LAST = {"cross_entropy": "sigmoid", "categorical_cross_entropy": "softmax"}
numbers = st.floats(-3, 3)
often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@st.composite
def networks(draw):
    """A network of one to three layers, shared or not, in either convention."""
    loss, depth = draw(st.sampled_from(LOSSES)), draw(st.integers(1, 3))
    shared, convention = draw(st.booleans()), draw(st.sampled_from(("column", "row")))
    sizes = draw(st.lists(st.integers(1, 4), min_size=depth + 1, max_size=depth + 1))
    layers = []
    for l in range(depth):
        m, n = (sizes[0], sizes[0]) if shared else sizes[l : l + 2]
        last = l == depth - 1 or shared
        activation = LAST.get(loss) if last and loss in LAST else draw(st.sampled_from(SMOOTH))
        layer = nn.Dense(
            draw(arrays(float, (n, m), elements=numbers)),
            draw(arrays(float, (n, 1), elements=numbers)),
            activation,
        )
        layers.append(layers[-1] if shared and l else layer if convention == "column" else layer.T)
    return nn.Network(layers, loss, convention)


@st.composite
def cases(draw):
    """A network with an input and a target that fit."""
    net, N = draw(networks()), draw(st.integers(1, 4))
    least, greatest = max(net.loss.targets[0], -3), min(net.loss.targets[1], 3)
    x = draw(arrays(float, (net.sizes[0], N), elements=numbers))
    y = draw(arrays(float, (net.sizes[-1], N), elements=st.floats(least, greatest)))
    return (net, x, y) if net.convention == "column" else (net, x.T, y.T)


def all_of(grads):
    return [matrices[l] for matrices in (grads.W, grads.b, grads.z, grads.a) for l in matrices]


@often
@given(cases())
def test_what_is_accepted_gives_gradients_that_pass_the_check(case):
    net, x, y = case
    report = nn.check_gradients(net, x, y, method="complex")
    assert report.ok, str(report)


@often
@given(cases())
def test_calling_backward_twice_gives_the_same_and_writes_into_nothing(case):
    net, x, y = case
    before = x.copy(), y.copy(), [(layer.W.copy(), layer.b.copy()) for layer in net.layers]
    trace = net.forward(x)
    kept = [trace.z[l].copy() for l in trace.z]
    with np.errstate(divide="ignore"):
        first, second = (all_of(net.backward(trace, y, wrt_input=True)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
    assert all(np.array_equal(trace.z[l], z) for l, z in zip(trace.z, kept, strict=True))
    assert np.array_equal(x, before[0])
    assert np.array_equal(y, before[1])
    for layer, (W, b) in zip(net.layers, before[2], strict=True):
        assert np.array_equal(layer.W, W)
        assert np.array_equal(layer.b, b)


@often
@given(cases())
def test_the_pair_is_that_of_the_single_calls_and_of_the_other_convention(case):
    net, x, y = case
    loss, grads = net.value_and_gradients(x, y)
    single = net.backward(net.forward(x), y)
    turned = {layer: layer.T for layer in set(net.layers)}
    other = "row" if net.convention == "column" else "column"
    mirror = nn.Network([turned[layer] for layer in net.layers], net.loss, other)
    mirrored, mirrored_grads = mirror.value_and_gradients(x.T, y.T)
    assert loss == net.loss_value(x, y) == mirrored
    for l in grads.W:
        assert np.array_equal(grads.W[l], single.W[l])
        assert np.array_equal(grads.W[l], mirrored_grads.W[l].T)
        assert np.array_equal(grads.b[l], mirrored_grads.b[l].T)


anything = st.one_of(
    arrays(
        st.sampled_from((np.float64, np.float32, np.int64, np.complex128, np.bool_)),
        array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    ),
    arrays(float, array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.floats(width=64)),
    st.lists(
        st.lists(st.one_of(numbers, st.booleans(), st.none(), st.text(max_size=2)), max_size=3), max_size=3
    ),
    st.none(),
    st.text(max_size=3),
    numbers,
)


@settings(often, max_examples=400)
@given(networks(), anything, anything)
def test_any_input_gives_finite_gradients_of_the_right_shape_or_a_clear_error(net, x, y):
    """No other exception, no silent broadcasting."""
    with np.errstate(all="ignore"):
        try:
            loss, grads = net.value_and_gradients(x, y)
        except (nn.ShapeError, TypeError, ValueError) as error:
            assert str(error).startswith(("x ", "target "))  # noqa: PT017
            return
    x, y = np.asarray(x), np.asarray(y)
    column = net.convention == "column"
    assert x.ndim == y.ndim == 2
    assert x.shape[0 if column else 1] == net.sizes[0]
    assert y.shape == ((net.sizes[-1], x.shape[1]) if column else (x.shape[0], net.sizes[-1]))
    assert np.ndim(loss) == 0
    for l, layer in enumerate(net.layers, start=1):
        assert grads.W[l].shape == layer.W.shape
        assert grads.b[l].shape == layer.b.shape


@often
@given(cases(), st.sampled_from(("x", "y")), st.data())
def test_a_matrix_that_does_not_fit_is_named(case, which, data):
    net, x, y = case
    wrong = {"x": x, "y": y}[which]
    axis = data.draw(st.integers(0, 1)) if which == "y" else (0 if net.convention == "column" else 1)
    longer = np.concatenate([wrong, wrong.take([0], axis=axis)], axis=axis)
    name = "x" if which == "x" else "target"
    with pytest.raises(nn.ShapeError, match=f"{name} has shape {longer.shape[0]} × {longer.shape[1]}"):
        net.value_and_gradients(*((longer, y) if which == "x" else (x, longer)))
