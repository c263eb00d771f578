"""A network written apart, with loops and the cmath module: what the tests compare nnlib with.

It imports nothing from nnlib. Its gradients come from the complex step, not from any backward pass.
"""

import cmath

ACTIVATIONS = {"identity": lambda z: z, "sigmoid": lambda z: 1 / (1 + cmath.exp(-z))}


def loss(layers, x, y):
    """½ Σ (a − y)² over components and data points; a layer is (W, b, activation's name), nested lists."""
    total = 0
    for n in range(len(x[0])):
        a = [row[n] for row in x]
        for W, b, name in layers:
            products = [sum(w * v for w, v in zip(row, a, strict=True)) for row in W]
            z = [p + c[0] for p, c in zip(products, b, strict=True)]
            a = [ACTIVATIONS[name](value) for value in z]
        total += sum((value - row[n]) ** 2 for value, row in zip(a, y, strict=True)) / 2
    return total


def complex_step(function, matrix, step=1e-30):
    """∂function/∂matrix, entry by entry; ``function`` takes no argument and reads the matrix anew."""
    gradient = [[0.0] * len(row) for row in matrix]
    for i, row in enumerate(matrix):
        for j, value in enumerate(row):
            row[j] = value + 1j * step
            gradient[i][j] = function().imag / step
            row[j] = value
    return gradient
