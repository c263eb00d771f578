import re

import numpy as np
import pytest
import sympy as sp

import nnlib as nn

rng = np.random.default_rng(4)


@pytest.mark.parametrize("convention", ["column", "row"])
def test_one_step_goes_against_the_gradient(convention):
    net = nn.Network.random((3, 4, 2), "tanh", "mean_squared_error", convention, seed=1)
    turn = (lambda m: m) if convention == "column" else np.transpose
    x, y = turn(rng.normal(size=(3, 5))), turn(rng.normal(size=(2, 5)))
    history = nn.gradient_descent(net, x, y, rate=0.25, steps=1)
    grads = net.value_and_gradients(x, y)[1]
    for l, (old, new) in enumerate(zip(net.layers, history.network.layers, strict=True), start=1):
        assert (old.W - 0.25 * grads.W[l] == new.W).all()
        assert (new.b == old.b - 0.25 * grads.b[l]).all()
    assert history.losses == (net.loss_value(x, y), history.network.loss_value(x, y))
    assert (history.network.convention, history.network.loss) == (convention, net.loss)


def test_it_learns_xor():
    x, y = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 0]])
    net = nn.Network.random((2, 4, 1), "tanh", "cross_entropy", seed=2, output_activation="sigmoid")
    history = nn.gradient_descent(net, x, y, rate=0.5, steps=800)
    assert len(history.losses) == 801
    assert history.losses[0] > 2
    assert history.losses[-1] < 0.1
    assert (history.network.predict(x).round() == y).all()


def test_shared_layers_stay_shared_and_move_by_every_use():
    A = nn.Dense(rng.normal(size=(2, 2)), np.zeros((2, 1)), "tanh")
    net, x, y = nn.Network([A, A, A]), rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    before = A.W.copy()
    new = nn.gradient_descent(net, x, y, rate=0.1, steps=1).network
    assert len(set(new.layers)) == 1
    np.testing.assert_array_equal(new.layers[0].W, A.W - 0.1 * net.value_and_gradients(x, y)[1].of(A)[0])
    assert (before == A.W).all()


def test_no_steps_change_nothing():
    net = nn.Network([nn.Dense([[2.0]], [[1.0]])])
    history = nn.gradient_descent(net, [[1.0]], [[1.0]], rate=1, steps=0)
    assert history.losses == (2.0,)
    assert history.network is net
    assert repr(history) == "History(0 steps, loss 2 → 2)"


@pytest.mark.parametrize(("activation", "rate"), [("identity", 1.0), ("relu", 1e200), ("softplus", 1e305)])
def test_a_rate_that_is_too_large_is_told_with_the_step(activation, rate):
    net = nn.Network([nn.Dense([[1.0]], [[0.0]], activation), nn.Dense([[1.0]], [[0.0]])])
    with pytest.raises(FloatingPointError, match=r"after step \d+ .* smaller rate, say \d"):
        nn.gradient_descent(net, [[10.0]], [[1.0]], rate, steps=1000)


@pytest.mark.parametrize(
    "rate", [0, -0.1, np.inf, np.nan, None, "0.1", True, 1j, [0.1], np.array([0.1, 0.2])], ids=str
)
def test_a_rate_that_is_none(rate):
    with pytest.raises(ValueError, match=re.escape(f"rate is {rate!r}; it should be a positive number")):
        nn.gradient_descent(nn.Network([nn.Dense([[1]], [[0]])]), [[1]], [[1]], rate, 1)


@pytest.mark.parametrize("rate", [1, 0.5, np.float32(0.5), np.int64(1)], ids=repr)
def test_a_rate_may_be_any_number(rate):
    net = nn.Network([nn.Dense([[1.0]], [[0.0]])])
    assert len(nn.gradient_descent(net, [[1.0]], [[1.0]], rate, 1).losses) == 2


@pytest.mark.parametrize("steps", [-1, 1.5, True, "3"])
def test_a_number_of_steps_that_is_none(steps):
    with pytest.raises(ValueError, match=f"steps is {steps!r}"):
        nn.gradient_descent(nn.Network([nn.Dense([[1]], [[0]])]), [[1]], [[1]], 0.1, steps)


REAL = nn.Network([nn.Dense([[1.0]], [[0.0]])])
NOT_REAL = {
    "W of layer 2 is of type complex128, with (1+1j) at row 1, column 1": (
        nn.Network([nn.Dense([[1.0]], [[0.0]]), nn.Dense([[1 + 1j]], [[0]])]),
        [[1.0]],
        [[3.0]],
    ),
    "W of layer 1 is of type object, with W_{11} at": (nn.symbolic.network((1, 1)), [[1.0]], [[3.0]]),
    "b of layer 1 is of type object, with 2.0 at row 1, column 1; this takes real numbers only: hand in": (
        nn.Network([nn.Dense([[1.0]], np.array([[2.0]], object))]),
        [[1.0]],
        [[3.0]],
    ),
    "x is of type complex128, with (2+0j) at row 1, column 1": (REAL, [[2, 1j]], [[3.0, 4.0]]),
    "target is of type object, with y at row 1, column 2": (REAL, [[2.0, 1.0]], [[3.0, sp.Symbol("y")]]),
}


@pytest.mark.parametrize("message", NOT_REAL, ids=lambda message: message[:24])
@pytest.mark.parametrize(
    "train",
    [
        lambda net, x, y: nn.gradient_descent(net, x, y, 0.1, 2),
        lambda net, x, y: nn.stochastic_gradient_descent(net, x, y, 0.1, 2, 1),
        lambda net, x, y: nn.distributed.Parts([(x, y)]).value_and_gradients(net),
        lambda net, x, y: nn.distributed.Parts([(x, y)]).gradient_descent(net, 0.1, 2),
    ],
    ids=["all", "batches", "parts", "parts' descent"],
)
def test_symbols_and_complex_numbers_are_not_trained(train, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        train(*NOT_REAL[message])


@pytest.mark.parametrize(
    "train",
    [
        lambda net, x, y: nn.gradient_descent(net, x, y, 0.1, 2),
        lambda net, x, y: nn.stochastic_gradient_descent(net, x, y, 0.1, 2, 1),
        lambda net, x, y: nn.distributed.Parts([(x, y)]).gradient_descent(net, 0.1, 2),
    ],
    ids=["all", "batches", "parts"],
)
def test_a_start_of_infinite_loss_blames_no_step(train):
    net = nn.Network([nn.Dense([[1e200]], [[0.0]])])
    with pytest.raises(FloatingPointError, match="loss is inf at the start, before any step: begin with"):
        train(net, [[1e200]], [[3.0]])


def data(convention, points=7):
    net = nn.Network.random((3, 4, 2), "tanh", "mean_squared_error", convention, seed=1)
    turn = (lambda m: m) if convention == "column" else np.transpose
    return net, turn(rng.normal(size=(3, points))), turn(rng.normal(size=(2, points)))


def parameters(net):
    return np.concatenate([part.ravel() for layer in net.layers for part in (layer.W, layer.b)])


@pytest.mark.parametrize("convention", ["column", "row"])
def test_one_batch_of_all_points_is_a_step_of_gradient_descent(convention):
    net, x, y = data(convention)
    in_batches = nn.stochastic_gradient_descent(net, x, y, rate=0.1, epochs=5, batch_size=100, seed=0)
    at_once = nn.gradient_descent(net, x, y, rate=0.1, steps=5)
    np.testing.assert_allclose(in_batches.losses, at_once.losses, rtol=1e-13)
    np.testing.assert_allclose(parameters(in_batches.network), parameters(at_once.network), rtol=1e-12)


@pytest.mark.parametrize("convention", ["column", "row"])
@pytest.mark.parametrize("size", [1, 3])
def test_an_epoch_steps_through_every_point_once_in_the_order_drawn(convention, size):
    net, x, y = data(convention)
    history = nn.stochastic_gradient_descent(net, x, y, rate=0.1, epochs=2, batch_size=size, seed=5)
    order, points = np.random.default_rng(5), 0 if convention == "row" else 1
    by_hand = net
    for drawn in (order.permutation(7), order.permutation(7)):
        for batch in np.split(drawn, range(size, 7, size)):  # the last of them is smaller
            part = [np.take(m, batch, axis=points) for m in (x, y)]
            by_hand = nn.gradient_descent(by_hand, *part, rate=0.1, steps=1).network
    np.testing.assert_array_equal(parameters(history.network), parameters(by_hand))
    assert len(history.losses) == 3
    assert history.losses[0] == net.loss_value(x, y)
    assert history.losses[-1] == by_hand.loss_value(x, y)
    assert repr(history).startswith("History(2 epochs, loss ")


def test_a_seed_fixes_the_order():
    net, x, y = data("row")

    def last(seed):
        return nn.stochastic_gradient_descent(net, x, y, 0.1, epochs=3, batch_size=2, seed=seed).losses[-1]

    assert last(1) == last(1) == last(np.random.default_rng(1))
    assert last(1) != last(2)


@pytest.mark.parametrize("seed", ["a", -1, 1.5])
def test_a_seed_that_is_none(seed):
    net, x, y = data("row")
    with pytest.raises(ValueError, match=f"seed is {seed!r}; it should be a whole number from 0, or a numpy"):
        nn.stochastic_gradient_descent(net, x, y, 0.1, epochs=1, batch_size=2, seed=seed)


def test_batches_of_a_rate_that_is_too_large_are_told_with_the_step():
    net = nn.Network([nn.Dense([[1.0]], [[0.0]])])
    with pytest.raises(FloatingPointError, match=r"after step \d+ .* at rate 1.0: .* smaller rate, say 0.1"):
        nn.stochastic_gradient_descent(net, [[10.0, 20]], [[1.0, 1]], 1.0, epochs=500, batch_size=1, seed=0)


@pytest.mark.parametrize(
    ("name", "value"), [("epochs", -1), ("epochs", 0.5), ("batch_size", 0), ("batch_size", True), ("rate", 0)]
)
def test_what_stochastic_descent_refuses(name, value):
    net, x, y = data("row")
    settings = {"rate": 0.1, "epochs": 1, "batch_size": 2, name: value}
    with pytest.raises(ValueError, match=f"{name} is {value!r}"):
        nn.stochastic_gradient_descent(net, x, y, **settings)


def test_a_target_of_another_number_of_points_is_refused():
    net, x, y = data("row")
    with pytest.raises(nn.ShapeError):
        nn.stochastic_gradient_descent(net, x, y[:-1], 0.1, epochs=1, batch_size=2)


def test_the_bar_is_shown_when_it_is_wanted_and_else_only_on_a_terminal(capsys):
    net, x, y = data("row")
    nn.stochastic_gradient_descent(net, x, y, 0.1, epochs=3, batch_size=2)
    nn.gradient_descent(net, x, y, 0.1, steps=3, progress=False)
    assert capsys.readouterr().err == ""
    nn.stochastic_gradient_descent(net, x, y, 0.1, epochs=3, batch_size=2, progress=True)
    assert "3/3" in capsys.readouterr().err
    nn.gradient_descent(net, x, y, 0.1, steps=4, progress=True)
    assert "4/4" in capsys.readouterr().err


def test_the_network_of_four_three_two_and_one_tells_irises_apart():
    """Versicolor against virginica, in rows; each flower is held out once, as in the chapter."""
    datasets = pytest.importorskip("sklearn.datasets")
    flowers, kind = datasets.load_iris(return_X_y=True)
    flowers, kind = flowers[kind > 0], kind[kind > 0, None] - 1.0
    order, right = np.random.default_rng(0).permutation(100), 0
    net = nn.Network.random((4, 3, 2, 1), "sigmoid", "cross_entropy", "row", seed=1)
    for k in range(5):
        held, learned = order[k::5], np.setdiff1d(order, order[k::5])
        x = (flowers - flowers[learned].mean(axis=0)) / flowers[learned].std(axis=0)
        history = nn.stochastic_gradient_descent(net, x[learned], kind[learned], 0.1, 60, 10, seed=1)
        right += (history.network.predict(x[held]).round() == kind[held]).sum()
    assert right >= 93


def test_a_deeper_network_reads_digits():
    datasets = pytest.importorskip("sklearn.datasets")
    pixels, digit = datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(digit))
    learned, held = order[:1437], order[1437:]
    sizes, loss = (64, 64, 32, 10), "categorical_cross_entropy"
    net = nn.Network.random(sizes, "relu", loss, "row", seed=1, output_activation="softmax")
    history = nn.stochastic_gradient_descent(
        net, pixels[learned] / 16, np.eye(10)[digit[learned]], 0.01, epochs=10, batch_size=32, seed=1
    )
    assert (history.network.predict(pixels[held] / 16).argmax(axis=1) == digit[held]).mean() >= 0.95
