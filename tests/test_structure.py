import copy
import pickle

import numpy as np
import pytest

import nnlib as nn

rng = np.random.default_rng(11)


def test_random_networks_are_the_same_for_one_seed_in_both_conventions():
    make = lambda *more: nn.Network.random((4, 3, 2), "tanh", "squared_error", *more)
    one, again, other, rows = make("column", 7), make("column", 7), make("column", 8), make("row", 7)
    for l in range(2):
        assert (one.layers[l].W == again.layers[l].W).all()
        assert (one.layers[l].W != other.layers[l].W).all()
        assert (one.layers[l].W == rows.layers[l].W.T).all()
    assert (make().layers[0].W != make().layers[0].W).all()
    assert one.sizes == rows.sizes == (4, 3, 2)
    assert [layer.W.shape for layer in rows.layers] == [(4, 3), (3, 2)]
    assert [layer.b.shape for layer in rows.layers] == [(1, 3), (1, 2)]


def test_random_weights_keep_z_of_the_size_of_the_input():
    net = nn.Network.random((500, 400, 300), nn.identity, nn.squared_error, seed=0)
    z = net.forward(rng.normal(size=(500, 200))).z
    assert 0.8 < z[1].std() < 1.2
    assert 0.8 < z[2].std() < 1.2


def test_random_takes_objects_and_names_and_another_last_activation():
    net = nn.Network.random((3, 3, 2), nn.relu, nn.categorical_cross_entropy, output_activation="softmax")
    assert [layer.activation for layer in net.layers] == [nn.relu, nn.softmax]
    with pytest.raises(ValueError, match="unknown convention 'diagonal'"):
        nn.Network.random((3, 2), "relu", "squared_error", convention="diagonal")


def test_a_network_never_changes():
    W, b = rng.normal(size=(2, 3)), np.zeros((2, 1))
    x, y = rng.normal(size=(3, 4)), rng.normal(size=(2, 4))
    layers = [nn.Dense(W, b, nn.sigmoid)]
    net = nn.Network(layers)
    trace = net.forward(x)
    grads = net.backward(trace, y)
    before, slopes = net.loss_value(x, y), grads.W[1].copy()
    given = x.copy()
    W[:], b[:], x[:], layers[0] = 9, 9, 9, None
    assert net.loss_value(given, y) == before
    assert (net.backward(trace, y).W[1] == slopes).all()  # the trace holds a copy of x
    for name in ("layers", "loss", "convention"):
        with pytest.raises(AttributeError):
            setattr(net, name, None)


@pytest.mark.parametrize("convention", ["column", "row"])
def test_nothing_is_written_into_what_is_handed_in(convention):
    turn = (lambda m: m) if convention == "column" else np.transpose
    given = [np.ones((2, 3)), np.zeros((2, 1)), np.ones((3, 4)), np.zeros((2, 4))]
    for matrix in given:
        matrix.setflags(write=False)
    W, b, x, y = map(turn, given)
    net = nn.Network([nn.Dense(W, b, nn.sigmoid)], convention=convention)
    net.backward(net.forward(x), y, wrt_input=True)
    net.jacobian(turn(given[2][:, :1]))
    nn.check_gradients(net, x, y)
    nn.gradient_descent(net, x, y, rate=0.1, steps=2)


def test_other_layers_in_the_place_of_some():
    A, B = nn.Dense([[2]], [[0]]), nn.Dense([[3]], [[0]])
    net = nn.Network([A, B, A])
    new = net.with_layers({A: nn.Dense([[5]], [[0]])})
    assert [layer.W.item() for layer in new.layers] == [5, 3, 5]
    assert new.layers[0] is new.layers[2]
    assert net.layers == (A, B, A)
    with pytest.raises(ValueError, match="is not in this network"):
        net.with_layers({nn.Dense([[2]], [[0]]): B})


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (
            TypeError,
            r"layers is Dense\(1 → 1.* a list of nn\.Dense",
            lambda: nn.Network(nn.Dense([[1]], [[0]])),
        ),
        (TypeError, "layers is None", lambda: nn.Network(None)),
        (TypeError, "None is no activation", lambda: nn.Network.random((2, 1), None, "squared_error")),
        (TypeError, "5 is no activation", lambda: nn.Network.random((2, 1), 5, "squared_error")),
        (
            TypeError,
            "sizes is 5, but should be those of",
            lambda: nn.Network.random(5, "tanh", "squared_error"),
        ),
        (ValueError, "seed is 'a'", lambda: nn.Network.random((2, 1), "tanh", "squared_error", seed="a")),
        (
            ValueError,
            "seed is -1; it should be a whole number from 0",
            lambda: nn.Network.random((2, 1), "tanh", "squared_error", seed=-1),
        ),
    ],
)
def test_what_makes_no_network_is_refused(error, words, call):
    with pytest.raises(error, match=words):
        call()


def test_sizes_may_come_one_by_one():
    assert nn.Network.random((n for n in (4, 3, 2)), "tanh", "squared_error").sizes == (4, 3, 2)


@pytest.mark.parametrize("convention", ["column", "row"])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_a_copy_of_a_network_computes_the_same_and_never_changes(copied, convention):
    shared = nn.Dense([[2.0]], [[1.0]], nn.tanh)
    net = nn.Network([shared, shared, nn.Dense([[3.0]], [[0.5]], "softmax")], "squared_error", convention)
    x, y = [[0.3]], [[0.2]]
    twin, trace = copied((net, net.forward(x)))
    assert twin.loss_value(x, y) == net.loss_value(x, y)
    assert twin.layers[0] is twin.layers[1] is not shared
    assert [layer.activation for layer in twin.layers] == [nn.tanh, nn.tanh, nn.softmax]
    assert twin.layers[0].activation is nn.tanh
    assert twin.loss is nn.squared_error
    assert twin.backward(trace, y).W[1] == net.backward(net.forward(x), y).W[1]
    for layer in twin.layers:
        for matrix in (layer.W, layer.b):
            with pytest.raises(ValueError, match="read-only"):
                matrix[0, 0] = 1
