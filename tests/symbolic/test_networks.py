"""The library's gradients on symbols against ``sympy.diff`` of its loss: every activation and loss."""

import numpy as np
import pytest
import sympy as sp

from nnlib.symbolic import Proof, network, prove, symbols

LOSSES = [
    ("squared_error", None),
    ("mean_squared_error", None),
    ("cross_entropy", "sigmoid"),
    ("categorical_cross_entropy", "softmax"),
]


@pytest.mark.parametrize("activation", ["identity", "sigmoid", "tanh", "relu", "softplus"])
@pytest.mark.parametrize(("loss", "last"), LOSSES, ids=[name for name, _ in LOSSES])
def test_backward_is_proved_for_every_pair(activation, loss, last):
    net = network((3, 1, 2), activation, loss, output_activation=last)
    x, y = symbols("x", (3, 1)), symbols("y", (2, 1))
    grads, value = net.backward(net.forward(x), y), net.loss_value(x, y)
    for l, layer in enumerate(net.layers, start=1):
        for parameter, ours in ((layer.W, grads.W[l]), (layer.b, grads.b[l])):
            by_diff = np.array([[sp.diff(value, p) for p in row] for row in parameter], dtype=object)
            assert isinstance(prove(by_diff, ours), Proof)
            assert not prove(by_diff, -ours)
