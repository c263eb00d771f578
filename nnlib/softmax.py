"""The softmax: the one activation that acts on a whole data point, not entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array
from nnlib.alike import as_alike, require_deltas
from nnlib.shapes import ShapeError, show


@dataclass(frozen=True)
class Softmax(Activation):
    """A function of a whole data point: each output depends on every entry of the column.

    Called by itself it takes S_l × N, one column a data point; a network in the row convention turns its
    matrices first. ``numeric`` and ``symbolic`` take arrays.

    Raises
    ------
    ShapeError
        When called with a z of no row, or that has no rows.
    TypeError
        When asked for ``prime``: there is none.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> z = np.array([[1e4, 0.0], [1e4, np.log(3)]])
    >>> nn.softmax(z).round(2).tolist()  # columns sum to 1
    [[0.5, 0.25], [0.5, 0.75]]
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lifted", self.symbolic)

    def __call__(self, z: Any) -> Array:
        """Value at ``z``, S_l × N, column by column."""
        if not (shape := np.shape(z)) or not shape[0]:
            raise ShapeError(
                f"z has shape {show(shape)}, but softmax takes S_l × N, one column a data point."
            )
        return super().__call__(z)

    def pull_back(self, da: Array, z: Array, a: Array) -> Array:
        """From ∂L/∂a to ∂L/∂z: δ = a ⊙ (Δ − Σ a ⊙ Δ), the sum over each column.

        Examples
        --------
        >>> import numpy as np, nnlib as nn
        >>> z, da = np.array([[0.0], [0.0]]), np.array([[1.0], [0.0]])
        >>> nn.softmax.pull_back(da, z, nn.softmax(z)).tolist()
        [[0.25], [-0.25]]
        """
        z, a = as_alike("za", z, a)
        require_deltas(da := np.asarray(da), z)
        if a.dtype != object:
            # A constant added to Δ changes nothing. With the Δ of the largest output at 0, nothing cancels.
            da = da - np.take_along_axis(da, a.real.argmax(axis=0, keepdims=True), axis=0)
        return a * (da - (a * da).sum(axis=0, keepdims=True))


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.real.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def _softmax_of_symbols(z: Array) -> Array:
    e = np.frompyfunc(sp.exp, 1, 1)(z)
    return e / e.sum(axis=0, keepdims=True)


def log_softmax(z: Array) -> Array:
    """Logarithm of the softmax of numbers: finite, and right where an output is almost 1.

    >>> import numpy as np
    >>> log_softmax(np.array([[0.0], [50.0], [-1e4]])).tolist()
    [[-50.0], [-1.9287498479639178e-22], [-10050.0]]
    """
    top = z.real.argmax(axis=0, keepdims=True)
    shifted = z - np.take_along_axis(z, top, axis=0)
    others = np.exp(shifted)
    np.put_along_axis(others, top, 0, axis=0)  # log1p adds the largest, 1, without rounding the others away
    return shifted - np.log1p(others.sum(axis=0, keepdims=True))


def _no_prime(z: Array, a: Array) -> Array:  # noqa: ARG001
    raise TypeError(
        "softmax is not element-wise, so it has no prime(z, a): each output depends on every entry of its "
        "data point. softmax.pull_back(da, z, a) gives ∂L/∂z from ∂L/∂a."
    )


#: exp(zᵢ)/Σⱼ exp(zⱼ) in each column. The entries are positive and sum to 1.
softmax = Softmax(
    name="softmax",
    numeric=_softmax,
    symbolic=_softmax_of_symbols,
    prime=_no_prime,
    latex=r"\operatorname{softmax}",
)
