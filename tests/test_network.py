import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import network, prove, symbols, undefined_activation, undefined_loss

CONVENTIONS = ("column", "row")


def points(name, size, N, convention):
    return symbols(name, (size, N) if convention == "column" else (N, size))


def by_diff(value, matrix):
    return [[sp.diff(value, entry) for entry in row] for row in matrix]


def test_delta_is_the_derivative_by_z_and_the_trace_numbers_layers_as_the_text_does():
    net = network((3, 2, 1), nn.sigmoid)
    x, y = symbols("x", (3, 1)), symbols("y", (1, 1))
    trace = net.forward(x)
    grads = net.backward(trace, y)
    assert (trace.a[0] == x).all()
    assert prove(trace.z[2], net.layers[1].W @ trace.a[1] + net.layers[1].b)
    assert prove(grads.b[2], grads.z[2])
    assert trace.output is trace.a[2]


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(
    ("activations", "loss"),
    [
        (("sigmoid", "sigmoid"), "cross_entropy"),
        (("identity", "softmax"), "categorical_cross_entropy"),  # exp of a quotient is beyond the normal form
        (("sigmoid", "identity"), "mean_squared_error"),
    ],
)
def test_backward_is_the_derivative_of_the_loss_on_symbols(convention, activations, loss):
    net = network((2, 1, 2), activations, loss, convention)
    x, y = points("x", 2, 2, convention), points("y", 2, 2, convention)
    value, grads = net.loss_value(x, y), net.backward(net.forward(x), y, wrt_input=True)
    assert prove(by_diff(value, net.layers[1].W), grads.W[2])
    assert prove(by_diff(value, net.layers[1].b), grads.b[2])
    assert prove(by_diff(value, net.layers[0].W), grads.W[1])
    assert prove(by_diff(value, x), grads.a[0])


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_backward_is_the_derivative_for_every_activation_and_every_loss(convention):
    net = network((2, 3, 1), undefined_activation("f"), undefined_loss("l"), convention)
    x, y = points("x", 2, 1, convention), points("y", 1, 1, convention)
    value, grads = net.loss_value(x, y), net.backward(net.forward(x), y, wrt_input=True)
    for l, layer in enumerate(net.layers, start=1):
        assert prove(by_diff(value, layer.W), grads.W[l])
        assert prove(by_diff(value, layer.b), grads.b[l])
    assert prove(by_diff(value, x), grads.a[0])


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("activations", [("identity", "softmax"), ("sigmoid", undefined_activation("f"))])
def test_the_jacobian_is_the_derivative_of_the_output(convention, activations):
    net = network((2, 3, 2), activations, convention=convention)
    x = points("x", 2, 1, convention)
    output = net.predict(x).ravel()
    assert prove([[sp.diff(a, entry) for entry in x.ravel()] for a in output], net.jacobian(x))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_jacobian_takes_one_data_point(convention):
    net = nn.Network.random((3, 2), "tanh", "squared_error", convention)
    two = np.ones((3, 2) if convention == "column" else (2, 3))
    one = "3 × 1" if convention == "column" else "1 × 3"
    with pytest.raises(nn.ShapeError, match=f"one data point, {one} in the {convention} convention"):
        net.jacobian(two)


def test_symbols_are_named_by_their_place_in_the_array():
    rows = network((2, 3), convention="row").layers[0]
    assert (rows.W.shape, rows.b.shape) == ((2, 3), (1, 3))
    assert str(rows.W[0, 1]) == str(network((2, 3)).layers[0].W[0, 1]) == "W_{12}"
    deep = network((2, 3, 1), "tanh", "cross_entropy", "row", "sigmoid")
    assert str(deep.layers[1].W[2, 0]) == "W^{(2)}_{31}"
    assert [layer.activation for layer in deep.layers] == [nn.tanh, nn.sigmoid]


def test_value_and_gradients_are_those_of_the_single_calls():
    net = nn.Network.random((3, 2), "tanh", "squared_error", seed=1)
    x, y = np.ones((3, 2)), np.zeros((2, 2))
    value, grads = net.value_and_gradients(x, y)
    assert value == net.loss_value(x, y)
    assert (grads.W[1] == net.backward(net.forward(x), y).W[1]).all()
    assert (net.predict(x) == net.forward(x).output).all()


def test_calling_backward_twice_changes_nothing():
    net = nn.Network.random((3, 2, 2), "tanh", "squared_error", seed=1)
    x, y = np.ones((3, 2)), np.zeros((2, 2))
    trace = net.forward(x)
    first, second = net.backward(trace, y), net.backward(trace, y)
    assert all((first.W[l] == second.W[l]).all() for l in (1, 2))


def test_data_points_add_up():
    rng = np.random.default_rng(3)
    net = nn.Network([nn.Dense(rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), nn.sigmoid)])
    x, y = rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
    together = net.backward(net.forward(x), y)
    apart = [net.backward(net.forward(x[:, [n]]), y[:, [n]]) for n in range(5)]
    np.testing.assert_allclose(together.W[1], sum(g.W[1] for g in apart), rtol=1e-13)
    np.testing.assert_allclose(together.b[1], sum(g.b[1] for g in apart), rtol=1e-13)


def of_sizes(*sizes, convention="column"):
    return nn.Network.random(sizes, "tanh", "squared_error", convention, seed=1)


def test_a_trace_of_another_network_is_refused():
    net, x, y = of_sizes(3, 2), np.ones((3, 4)), np.ones((2, 4))
    moved = nn.gradient_descent(net, x, y, rate=0.1, steps=1).network
    for other in (of_sizes(3, 5, 2), of_sizes(3, 2), of_sizes(3, 5), moved):
        with pytest.raises(
            ValueError, match=r"another network: Network\(3-2, .* takes one of its own forward"
        ):
            net.backward(other.forward(x), y)


def test_a_trace_of_the_other_convention_is_refused():
    """Layers of one number fit both: then the layers alone would not tell."""
    layer = nn.Dense([[2]], [[1]])
    columns, rows = nn.Network([layer]), nn.Network([layer], convention="row")
    trace = rows.forward([[1], [2], [3]])
    with pytest.raises(ValueError, match="trace is in the row convention, but the network is in the column"):
        columns.backward(trace, [[0, 0, 0]])
    assert columns.backward(trace.T, [[0, 0, 0]]).W[1].item() == 1 * 3 + 2 * 5 + 3 * 7


def test_a_trace_serves_every_network_of_the_same_layers():
    net, x, y = of_sizes(3, 2), np.ones((3, 4)), np.ones((2, 4))
    mean = nn.Network(net.layers, "mean_squared_error")
    assert (mean.backward(net.forward(x), y).W[1] == mean.value_and_gradients(x, y)[1].W[1]).all()


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("trace", [np.ones((2, 2)), None, [[1.0]]])
def test_what_is_no_trace_is_refused(trace, convention):
    net = of_sizes(3, 2, convention=convention)
    with pytest.raises(TypeError, match=r"but should be what forward returned: net\.backward\(net\.forward"):
        net.backward(trace, np.ones((2, 2)))


# ---- activations and losses of one's own ----


def own_activation(numeric=np.tanh, prime=lambda z, a: 1 - np.tanh(z) * a):
    return nn.Activation("mine", numeric, sp.tanh, prime)


def own_loss(value=lambda a, y: ((a - y) ** 2).sum(), prime=lambda a, y: 2 * (a - y)):
    return nn.Loss("mine", value, prime)


def squeezed(function):
    """Of one row: NumPy would broadcast it."""
    return lambda *matrices: function(*matrices).mean(axis=0, keepdims=True)


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize(
    ("activation", "loss", "words"),
    [
        (own_activation(squeezed(np.tanh)), own_loss(), "activation 'mine' gave 1 × 4 for z of 2 × 4"),
        (
            own_activation(prime=squeezed(nn.tanh.prime)),
            own_loss(),
            "prime of activation 'mine' gave 1 × 4 for z of 2 × 4",
        ),
        (own_activation(prime=lambda *_: 1.0), own_loss(), "mine' gave a single number for z of 2 × 4"),
        (
            own_activation(),
            own_loss(prime=squeezed(lambda a, y: 2 * (a - y))),
            "prime of loss 'mine' gave 1 × 4 for a of 2 × 4",
        ),
        (
            own_activation(),
            own_loss(squeezed(lambda a, y: (a - y) ** 2)),
            "loss 'mine' gave 1 × 4 for a of 2 × 4; a loss is a single number",
        ),
    ],
)
def test_an_activation_or_a_loss_that_gives_another_shape_is_refused(activation, loss, words, convention):
    net = nn.Network.random((3, 2), activation, loss, convention)
    x, y = np.ones((3, 4)), np.ones((2, 4))
    with pytest.raises(nn.ShapeError, match=words):
        net.value_and_gradients(*((x, y) if convention == "column" else (x.T, y.T)))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_an_activation_and_a_loss_of_ones_own_serve_as_nnlibs_do(convention):
    net = nn.Network.random((3, 5, 2), own_activation(), own_loss(), convention, seed=1)
    x, y = np.ones((3, 4)), np.ones((2, 4))
    assert nn.check_gradients(net, *((x, y) if convention == "column" else (x.T, y.T)), "complex").ok


def test_integers_and_complex_numbers_are_taken():
    net = nn.Network([nn.Dense([[1, 2]], [[0]])])
    assert net.forward([[1], [1]]).z[1].dtype == np.float64
    assert net.loss_value([[1j], [0]], [[0]]) == -0.5
