"""What nnlib computes of a network with two inputs, three units and one output, by page names."""

import numpy as np

import nnlib as nn

SIZES = (2, 3, 1)


def landscape(inputs, activation):
    """Every output of the explorable *The gradient by the input* for inputs by name."""
    layers = []
    for l, (rows, columns) in enumerate(zip(SIZES[1:], SIZES, strict=False), start=1):
        W = [[inputs[f"W{l}[{i}][{j}]"] for j in range(1, columns + 1)] for i in range(1, rows + 1)]
        layers.append(nn.Dense(W, [[inputs[f"b{l}[{i}]"]] for i in range(1, rows + 1)], activation))
    net = nn.Network(layers)
    x = np.array([[inputs["x[1]"]], [inputs["x[2]"]]])
    trace, jacobian = net.forward(x), net.jacobian(x)
    slope1, slope2 = (activation.prime(trace.z[l], trace.a[l])[:, 0] for l in (1, 2))
    shares = slope2[0] * layers[1].W.T * slope1[:, None] * layers[0].W
    matrices = {"D1": np.diag(slope1), "J": jacobian, "p": shares}
    named = {"H[1]": trace.output.item(), "D2[1]": slope2.item()}
    named |= {f"g[{n}]": jacobian[0, n - 1].item() for n in (1, 2)}
    for name, entries in matrices.items():
        named |= {f"{name}[{i + 1}][{j + 1}]": float(e) for (i, j), e in np.ndenumerate(entries)}
    return named
