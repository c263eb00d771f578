"""Gradient descent: a step against the gradient, again and again."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np

from nnlib.layers import Dense
from nnlib.network import Network
from nnlib.passes import Gradients


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """What gradient descent leaves behind.

    Attributes
    ----------
    losses : tuple of float
        ``losses[k]`` is the loss after k steps: one more than there were steps.
    network : Network
        The trained network, a new one; ``losses[-1]`` is its loss.

    Examples
    --------
    >>> import nnlib as nn
    >>> history = nn.gradient_descent(nn.Network([nn.Dense([[1]], [[0]])]), [[1]], [[3]], rate=0.5, steps=2)
    >>> history
    History(2 steps, loss 2 → 0)
    """

    losses: tuple[float, ...]
    network: Network

    def __repr__(self) -> str:
        return f"History({len(self.losses) - 1} steps, loss {self.losses[0]:.4g} → {self.losses[-1]:.4g})"


def gradient_descent(net: Network, x: Any, target: Any, rate: float, steps: int) -> History:
    """Take ``steps`` steps W ← W − rate · ∂L/∂W and b ← b − rate · ∂L/∂b.

    The network handed in stays as it is. Layers that it shares stay shared: they move by the sum over every
    use.

    Parameters
    ----------
    net : Network
        Where to begin; of numbers.
    x, target : array_like
        All data points, S₀ × N and S_L × N (columns) or N × S₀ and N × S_L (rows).
    rate : float
        The learning rate, greater than 0.
    steps : int
        How many steps.

    Raises
    ------
    ValueError
        For a rate that is not positive and finite, or a number of steps that is none.
    FloatingPointError
        When the loss or a parameter becomes infinite or NaN; the message names the step.
    ShapeError, TypeError
        As ``net.forward`` and ``net.backward``.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = nn.Network([nn.Dense([[0.0]], [[0.0]])])
    >>> history = nn.gradient_descent(net, x=[[1, 2]], target=[[2, 4]], rate=0.1, steps=100)
    >>> history.losses[0], round(history.losses[-1], 3)
    (10.0, 0.004)
    >>> history.network.predict([[3]]).round(1).tolist()
    [[5.8]]
    """
    if not 0 < rate < inf:
        raise ValueError(f"rate is {rate!r}; it should be a positive number")
    if not isinstance(steps, int | np.integer) or isinstance(steps, bool) or steps < 0:
        raise ValueError(f"steps is {steps!r}; it should be a whole number from 0")
    losses = []
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is told with its step
        for step in range(1, steps + 1):
            loss, grads = net.value_and_gradients(x, target)
            losses.append(_finite(float(loss), "loss", step - 1, rate))
            net = net.with_layers({layer: _moved(layer, grads, rate, step) for layer in set(net.layers)})
        losses.append(_finite(float(net.loss_value(x, target)), "loss", steps, rate))
    return History(tuple(losses), net)


def _moved(layer: Dense, grads: Gradients, rate: float, step: int) -> Dense:
    dW, db = grads.of(layer)
    W = _finite(layer.W - rate * dW, "W", step, rate)
    b = _finite(layer.b - rate * db, "b", step, rate)
    return Dense(W, b, layer.activation)


def _finite(value: Any, name: str, step: int, rate: float) -> Any:
    if not np.isfinite(value).all():
        raise FloatingPointError(
            f"{name} is no longer finite after step {step} of gradient descent at rate {rate}: the steps "
            f"overshoot. Try a smaller rate, say {rate / 10:g}."
        )
    return value
