"""Losses: a scalar of the output a and the target y, and its derivative by the output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnlib.activations import Array


@dataclass(frozen=True)
class Loss:
    """A loss with its derivative by the output.

    Parameters
    ----------
    name : str
        Its name in error messages.
    value : callable
        ``value(a, y)``: a scalar, from output and target of one shape (S_L × N in the column convention).
    prime : callable
        ``prime(a, y)``: ∂L/∂a, of the shape of ``a``.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> a, y = np.array([[3.0], [1.0]]), np.array([[1.0], [1.0]])
    >>> float(nn.squared_error(a, y))
    2.0
    >>> nn.squared_error.prime(a, y).tolist()
    [[2.0], [0.0]]
    """

    name: str
    value: Callable[[Array, Array], Any]
    prime: Callable[[Array, Array], Array]

    def __call__(self, a: Array, target: Array) -> Any:
        """Loss of output ``a`` against ``target``."""
        return self.value(a, target)


#: ½ Σ (a − y)², summed over components and data points.
squared_error = Loss(
    name="squared_error",
    value=lambda a, y: ((a - y) ** 2).sum() / 2,
    prime=lambda a, y: a - y,
)
