"""What nnlib computes on floats, by the names that pages use: the numbers that an explorable must show."""

import numpy as np

import nnlib as nn


def single_layer(inputs, activation):
    """Every output of the explorable *A single layer* for inputs by name."""
    W = np.array([[inputs[f"W[{i}][{j}]"] for j in (1, 2)] for i in (1, 2)])
    b, x, y = (np.array([[inputs[f"{name}[{i}]"]] for i in (1, 2)]) for name in "bxy")
    net = nn.Network([nn.Dense(W, b, activation)])
    trace = net.forward(x)
    grads = net.backward(trace, y, wrt_input=True)
    columns = {
        "z": trace.z[1],
        "a": trace.a[1],
        "slope": activation.prime(trace.z[1], trace.a[1]),
        "delta": grads.z[1],
        "db": grads.b[1],
        "dx": grads.a[0],
    }
    named = {f"{name}[{i + 1}]": float(m[i, 0]) for name, m in columns.items() for i in range(2)}
    named |= {f"dW[{i + 1}][{j + 1}]": float(grads.W[1][i, j]) for i in range(2) for j in range(2)}
    return named | {"loss": float(net.loss_value(x, y))}


def assert_agree(shown, expected):
    """Equal to 1e-12 of the largest entry of each quantity."""
    assert shown.keys() >= expected.keys()
    for name, value in expected.items():
        quantity = name.split("[")[0]
        scale = max(abs(v) for k, v in expected.items() if k.split("[")[0] == quantity)
        assert abs(shown[name] - value) <= 1e-12 * scale, (name, shown[name], value)
