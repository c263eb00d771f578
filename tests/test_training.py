import numpy as np
import pytest

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


@pytest.mark.parametrize("rate", [0, -0.1, np.inf, np.nan])
def test_a_rate_that_is_none(rate):
    with pytest.raises(ValueError, match=f"rate is {rate}"):
        nn.gradient_descent(nn.Network([nn.Dense([[1]], [[0]])]), [[1]], [[1]], rate, 1)


@pytest.mark.parametrize("steps", [-1, 1.5, True, "3"])
def test_a_number_of_steps_that_is_none(steps):
    with pytest.raises(ValueError, match=f"steps is {steps!r}"):
        nn.gradient_descent(nn.Network([nn.Dense([[1]], [[0]])]), [[1]], [[1]], 0.1, steps)


def test_symbols_are_not_trained():
    with pytest.raises(TypeError):
        nn.gradient_descent(nn.symbolic.network((1, 1)), [[1.0]], [[1.0]], 0.1, 1)
