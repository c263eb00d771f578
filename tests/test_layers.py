import copy
import pickle

import numpy as np
import pytest

import nnlib as nn
from nnlib.layers import plan

W, b = np.arange(6.0).reshape(2, 3), np.zeros((2, 1))


def test_a_layer_keeps_a_copy_that_cannot_be_written_to():
    mine = W.copy()
    layer = nn.Dense(mine, b)
    mine[0, 0] = 99
    assert layer.W[0, 0] == 0
    for matrix in (layer.W, layer.b):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 1
    with pytest.raises(AttributeError):
        layer.W = mine


def test_a_layer_tells_its_convention_by_its_bias():
    column, row = nn.Dense(W, b), nn.Dense(W.T, b.T)
    assert (column.fits("column"), column.fits("row")) == (True, False)
    assert (row.fits("column"), row.fits("row")) == (False, True)
    assert repr(column) == repr(row) == repr(column.T) == "Dense(3 → 2, identity)"
    assert (row.T.W == column.W).all()
    one = nn.Dense([[2]], [[1]])
    assert one.fits("column")
    assert one.fits("row")


def test_layers_are_the_same_only_if_they_are_one():
    assert nn.Dense(W, b) != nn.Dense(W, b)


def test_activations_by_name():
    for f in (nn.identity, nn.sigmoid, nn.tanh, nn.relu, nn.softplus, nn.softmax):
        assert nn.Dense(W, b, f.name).activation is f
    known = "identity, sigmoid, tanh, relu, softplus, softmax"
    with pytest.raises(ValueError, match=f"unknown activation 'Tanh'; nnlib knows {known}"):
        nn.Dense(W, b, "Tanh")
    with pytest.raises(TypeError, match="is no activation"):
        nn.Dense(W, b, np.tanh)


def test_a_plan_gives_each_layer_its_sizes_and_its_activation():
    planned = plan((4, 3, 2, 1), ["tanh", nn.relu, "identity"], "sigmoid")
    assert planned == [(4, 3, nn.tanh), (3, 2, nn.relu), (2, 1, nn.sigmoid)]


@pytest.mark.parametrize(
    ("sizes", "activation", "words"),
    [
        ((3,), "tanh", "gives no layer"),
        ((), "tanh", "gives no layer"),
        ((3, 0), "tanh", "size S_1 is 0"),
        ((3, 2.0), "tanh", r"size S_1 is 2\.0"),
        ((True, 2), "tanh", "size S_0 is True"),
        (("3", 2), "tanh", "size S_0 is '3'"),
        ((3, 2), ["tanh"] * 2, "1 layers need 1 activations, not 2"),
        ((3, 2), "tan", "unknown activation 'tan'"),
    ],
)
def test_sizes_that_make_no_network_are_refused(sizes, activation, words):
    with pytest.raises(ValueError, match=words):
        plan(sizes, activation)


def test_sizes_may_come_one_by_one_and_must_come_as_several():
    assert plan((n for n in (4, 3, 2)), "tanh") == [(4, 3, nn.tanh), (3, 2, nn.tanh)]
    with pytest.raises(TypeError, match="sizes is 5, but should be those of the input and of every layer"):
        plan(5, "tanh")


@pytest.mark.parametrize("activation", [None, 5])
def test_what_is_no_activation_is_refused(activation):
    with pytest.raises(TypeError, match=f"{activation} is no activation; take nn.sigmoid"):
        plan((4, 3, 2), activation)


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))]
)
def test_a_copy_cannot_be_written_to_either(copied):
    layer = copied(nn.Dense(W, b, nn.softplus))
    assert (layer.W == W).all()
    assert layer.activation is nn.softplus
    for matrix in (layer.W, layer.b):
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 1
