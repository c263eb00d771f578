"""What nnlib computes of a network, by the names that a program on the page gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlib.network import Network


def quantities(net: Network, x: Any, y: Any) -> dict[str, Any]:
    """Forward values, errors and derivatives: ``z1``, ``a1``, ``delta1``, ``dW1``, …, and ``dx``.

    Capital letters are the same with several data points: ``Z1``, ``A1``, ``H1``, and ``X`` and ``T`` for
    ``x`` and ``y``. ``Ws`` and ``As`` are lists of all layers, with their numbers as indices. Without a
    number stands what there is one of.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = nn.Network([nn.Dense([[1, 2]], [[0]])])
    >>> found = quantities(net, [[3], [1]], [[4]])
    >>> found["delta"].tolist(), found["dW"].tolist(), found["dx"].tolist(), found["A1"].tolist()
    ([[1.0]], [[3.0, 1.0]], [[1.0], [2.0]], [[5.0]])
    """
    trace = net.forward(x)
    grads = net.backward(trace, y, wrt_input=True)
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    found: dict[str, Any] = {"x": x, "y": y, "X": x, "T": y, "dx": grads.a[0]}
    for number, layer in enumerate(net.layers, start=1):
        z, a, delta = trace.z[number], trace.a[number], grads.z[number]
        of_layer = {"W": layer.W, "b": layer.b, "dW": grads.W[number], "db": grads.b[number]}
        of_layer |= {"z": z, "Z": z, "a": a, "A": a, "delta": delta, "H": delta}
        found |= {f"{name}{number}": value for name, value in of_layer.items()}
        if len(net.layers) == 1:
            found |= of_layer
    found |= {
        "Ws": [None, *(layer.W for layer in net.layers)],
        "As": [trace.a[k] for k in range(len(trace.a))],
    }
    if len(net.layers) > 1 and len({id(layer) for layer in net.layers}) == 1:
        dW, db = grads.of(net.layers[0])
        found |= {"W": net.layers[0].W, "b": net.layers[0].b, "dW": dW, "db": db}
    if x.shape[net.convention == "column"] == 1:
        found["J"] = net.jacobian(x)
    return found


def described(sizes: Sequence[int], points: int) -> str:
    """A network in words.

    >>> described((3, 5, 2), 1), described((4, 3), 7)
    ('a network of sizes 3, 5, 2', 'a network of sizes 4, 3, with 7 data points')
    """
    many = f", with {points} data points" if points > 1 else ""
    return f"a network of sizes {', '.join(map(str, sizes))}{many}"
