"""The backward passes of which the reader writes one line.

Each is made from its line: ``line`` stands for the gap, and is called with all names that there are by then.
The page shows the inner function as it stands here, with dots in the place of that call.
"""
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="var-annotated"
# ruff: noqa: ARG001, F841  what seems unused is there for the line, which takes it from vars()

from __future__ import annotations

import numpy as np

from nnlib.exercises.lines import Backward, Gap


def one_layer(line: Gap) -> Backward:
    """∂L/∂W of a layer with tanh."""

    def my_backward(x, y, W, b):
        z = W @ x + b
        a = np.tanh(z)
        delta = (a - y) * (1 - a**2)
        dW = line(vars())
        return {"dW": dW, "db": delta}

    return my_backward


def one_error(line: Gap) -> Backward:
    """δ of a layer of sigmoids."""

    def my_backward(x, y, W, b):
        z = W @ x + b
        a = 1 / (1 + np.exp(-z))
        delta = line(vars())
        return {"delta": delta, "dW": delta @ x.T, "db": delta}

    return my_backward


def two_layers(line: Gap) -> Backward:
    """δ⁽¹⁾ of two layers with tanh."""

    def my_backward(x, y, W1, b1, W2, b2):
        a1 = np.tanh(W1 @ x + b1)
        a2 = np.tanh(W2 @ a1 + b2)
        delta2 = (a2 - y) * (1 - a2**2)
        delta1 = line(vars())
        dW1, dW2 = delta1 @ x.T, delta2 @ a1.T
        return {"delta1": delta1, "dW1": dW1, "dW2": dW2}

    return my_backward


def used_twice(line: Gap) -> Backward:
    """∂L/∂W of one layer that is used twice."""

    def my_backward(x, y, W, b):
        a1 = np.tanh(W @ x + b)
        a2 = np.tanh(W @ a1 + b)
        delta2 = (a2 - y) * (1 - a2**2)
        delta1 = (W.T @ delta2) * (1 - a1**2)
        dW = line(vars())
        return {"dW": dW, "db": delta1 + delta2}

    return my_backward


def two_layers_in_rows(line: Gap) -> Backward:
    """δ⁽¹⁾ of two layers of sigmoids, with rows."""

    def my_backward(x, y, W1, b1, W2, b2):
        a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
        a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        delta2 = a2 - y
        delta1 = line(vars())
        dW1, dW2 = x.T @ delta1, a1.T @ delta2
        return {"delta1": delta1, "dW1": dW1, "dW2": dW2}

    return my_backward


def many_points(line: Gap) -> Backward:
    """∂L/∂b⁽¹⁾ for a table of data points."""

    def my_backward(X, T, W1, b1, W2, b2):
        A1 = np.tanh(W1 @ X + b1)
        A2 = np.tanh(W2 @ A1 + b2)
        H2 = (A2 - T) * (1 - A2**2)
        H1 = (W2.T @ H2) * (1 - A1**2)
        dW1, dW2 = H1 @ X.T, H2 @ A1.T
        db1 = line(vars())
        return {"dW1": dW1, "dW2": dW2, "db1": db1}

    return my_backward


def any_layers(line: Gap) -> Backward:
    """H⁽ˡ⁾, in a loop over the layers."""

    def my_backward(As, T, Ws):
        Delta, found = As[3] - T, {}
        for l in (3, 2, 1):
            H = line(vars())
            found |= {f"dW{l}": H @ As[l - 1].T, f"db{l}": H.sum(axis=1, keepdims=True)}
            Delta = Ws[l].T @ H
        return found | {"H1": H}

    return my_backward


def to_the_input(line: Gap) -> Backward:
    """∂L/∂x through two layers with tanh."""

    def my_backward(x, y, W1, b1, W2, b2):
        a1 = np.tanh(W1 @ x + b1)
        a2 = np.tanh(W2 @ a1 + b2)
        delta2 = (a2 - y) * (1 - a2**2)
        delta1 = (W2.T @ delta2) * (1 - a1**2)
        dx = line(vars())
        return {"dx": dx}

    return my_backward


def jacobian(line: Gap) -> Backward:
    """∂a⁽²⁾/∂x of two layers with tanh, in the forward direction."""

    def my_jacobian(x, W1, b1, W2, b2):
        a1 = np.tanh(W1 @ x + b1)
        a2 = np.tanh(W2 @ a1 + b2)
        J1 = (1 - a1**2) * W1
        J = line(vars())
        return {"J": J}

    return my_jacobian
