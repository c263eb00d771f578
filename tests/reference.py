"""A network written apart: what the tests compare nnlib with.

It imports nothing from nnlib. Its gradients come from the complex step, not from any backward pass: as many
copies of a parameter as it has entries, each with one entry moved, go through the forward pass at once.
Data points are columns. A layer is (W, b, activation's name); shared layers are one tuple.
"""

import numpy as np

ACTIVATIONS = {
    "identity": lambda z: z + 0,
    "sigmoid": lambda z: np.exp(z) / (np.exp(z) + 1),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "relu": lambda z: z * (z.real > 0),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softmax": lambda z: np.exp(z) / np.einsum("...in->...n", np.exp(z))[..., None, :],
}

LOSSES = {
    "squared_error": lambda a, y: np.einsum("...in,...in->...", a - y, a - y) / 2,
    "mean_squared_error": lambda a, y: np.einsum("...in,...in->...", a - y, a - y) / (2 * y.shape[-1]),
    "cross_entropy": lambda a, y: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=(-2, -1)),
    "categorical_cross_entropy": lambda a, y: -(y * np.log(a)).sum(axis=(-2, -1)),
}


def output(layers, x):
    """The output for x; any parameter, or x, may have a further axis in front."""
    a = x
    for W, b, name in layers:
        a = ACTIVATIONS[name](np.einsum("...ij,...jn->...in", W, a) + b)
    return a


def loss(layers, name, x, y):
    return LOSSES[name](output(layers, x), y)


def moved(matrix, step=1e-30):
    """One copy of the matrix for each entry, with that entry moved by i·step."""
    return matrix + 1j * step * np.eye(matrix.size).reshape(matrix.size, *matrix.shape)


def complex_step(function, matrix, step=1e-30):
    """∂function/∂matrix; the function takes a stack of matrices to one number, or one array, for each."""
    slopes = function(moved(matrix, step)).imag / step
    return slopes.reshape(matrix.shape + slopes.shape[1:])


def gradients(layers, name, x, y):
    """∂L/∂W and ∂L/∂b for each distinct layer, by its place in the list of distinct layers, and ∂L/∂x."""
    distinct = list({id(layer): layer for layer in layers}.values())
    found = []
    for layer in distinct:
        W, b, f = layer
        put = lambda *new, layer=layer: loss([new if use is layer else use for use in layers], name, x, y)
        found.append(
            (complex_step(lambda W, p=put, b=b, f=f: p(W, b, f), W),
             complex_step(lambda b, p=put, W=W, f=f: p(W, b, f), b))
        )  # fmt: skip
    return found, complex_step(lambda x: loss(layers, name, x, y), x)
