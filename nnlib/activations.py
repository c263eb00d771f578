"""Activations: σ and σ′, for floats and for symbols.

An activation acts entry by entry: ``a = f(z)``. Only its value needs two bodies, one for NumPy numbers and
one for a single SymPy expression. Its derivative ``f.prime(z, a)`` is plain arithmetic, so that one line
serves both; the book proves each of them against ``diff`` of the value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Activation:
    """An element-wise function with its derivative.

    Parameters
    ----------
    name : str
        Its name, as ``nn.Network.random`` and error messages use it.
    numeric : callable
        The value on an array of floats or complex numbers, of any shape.
    symbolic : callable
        The value on one SymPy expression.
    prime : callable
        ``prime(z, a)``: the derivative at ``z``, where ``a = f(z)`` is known already; arrays of one shape.
    latex : str
        How the book prints it.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> z = np.array([[0.0], [2.0]])
    >>> a = nn.sigmoid(z)
    >>> nn.sigmoid.prime(z, a).round(4).tolist()
    [[0.25], [0.105]]
    """

    name: str
    numeric: Callable[[Array], Array]
    symbolic: Callable[[Any], Any]
    prime: Callable[[Array, Array], Array]
    latex: str = r"\sigma"
    _lifted: Callable[[Array], Array] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lifted", np.frompyfunc(self.symbolic, 1, 1))

    def __call__(self, z: Array) -> Array:
        """Value at ``z``: floats by ``numeric``, an object array entry by entry by ``symbolic``."""
        return self._lifted(z) if z.dtype == object else self.numeric(z)


def _sigmoid(z: Array) -> Array:
    # exp(1e4) overflows to infinity, and 1/(1 + infinity) = 0 is the right value: no warning is due.
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def _sigmoid_of(z: Array) -> Array:
    return sigmoid(z)


identity = Activation(
    name="identity",
    numeric=lambda z: z,
    symbolic=lambda z: z,
    prime=lambda z, a: np.ones_like(z),  # noqa: ARG005  every prime takes z and a
    latex=r"\operatorname{id}",
)

sigmoid = Activation(
    name="sigmoid",
    numeric=_sigmoid,
    symbolic=lambda z: 1 / (1 + sp.exp(-z)),
    # σ(z)σ(−z), not a(1 − a): in the tail 1 − a rounds to 0 long before σ(−z) does.
    prime=lambda z, a: a * _sigmoid_of(-z),
)
