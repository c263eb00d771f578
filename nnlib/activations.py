"""Activations: σ and σ′, for floats and for symbols.

An activation acts entry by entry, ``a = f(z)``. Its value has two bodies, one for NumPy numbers and one for a
single SymPy expression. Its derivative ``f.prime(z, a)`` is one line for both wherever it can be; the book
proves each of them against ``diff`` of the value.

The bodies for numbers are right for every z from −1e4 to 1e4, relative to their value, tails included, and
never warn. They take complex numbers too, as the complex step needs: a sign is that of the real part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from nnlib.alike import Prime, hadamard, require_given
from nnlib.shapes import Array as Array  # noqa: PLC0414  who takes an activation takes it from here, too
from nnlib.shapes import as_numbers


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

    Raises
    ------
    ShapeError
        When called: for matrices that are not of one shape, and for what ``numeric`` or ``prime`` gives of
        another shape than that of z.
    TypeError
        When called: for entries that are neither numbers nor SymPy expressions.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> z = np.array([[0.0], [2.0]])
    >>> a = nn.sigmoid(z)
    >>> nn.sigmoid.prime(z, a).round(4).tolist()
    [[0.25], [0.105]]
    >>> nn.relu(np.array([[-3.0, 0.0, 3.0]])).tolist()
    [[0.0, 0.0, 3.0]]
    >>> nn.tanh(nn.symbolic.symbols("z", (2, 1))).tolist()
    [[tanh(z_1)], [tanh(z_2)]]
    """

    name: str
    numeric: Callable[[Array], Array]
    symbolic: Callable[[Any], Any]
    prime: Callable[[Array, Array], Array]
    latex: str = r"\sigma"
    _lifted: Callable[[Array], Array] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lifted", np.frompyfunc(self.symbolic, 1, 1))
        object.__setattr__(self, "prime", Prime(self.prime, "za", "prime of activation", self.name))

    def __reduce__(self) -> str:
        return self.name  # copied and pickled by name, as a function is: nnlib's own stay themselves

    def __call__(self, z: Any) -> Array:
        """Value at ``z``: numbers by ``numeric``, an object array entry by entry by ``symbolic``."""
        z = as_numbers(z, "z")
        a = self._lifted(z) if z.dtype.hasobject else self.numeric(z)
        require_given(a, "z", z, "activation", self.name)
        return a

    def pull_back(self, da: Array, z: Array, a: Array) -> Array:
        """From ∂L/∂a to ∂L/∂z: δ = Δ ⊙ f′(z). The backward pass asks every activation for its δ here.

        Parameters
        ----------
        da, z, a : array
            Δ = ∂L/∂a, z and a = f(z), each Sₗ × N.

        Raises
        ------
        ShapeError
            Unless all are of one shape. Of one data point, several Δ may stand side by side.

        Examples
        --------
        >>> import numpy as np, nnlib as nn
        >>> z, da = np.array([[-1.0], [1.0]]), np.array([[5.0], [7.0]])
        >>> nn.relu.pull_back(da, z, nn.relu(z)).tolist()
        [[0.0], [7.0]]
        """
        return hadamard(da, self.prime(z, a))


# ---- bodies ------------------------------------------------------------------------------------------------


def _magnitude(z: Array) -> Array:
    """|z| for real z; in the complex plane z or −z, whichever is on the right (on the axis: −z)."""
    return np.abs(z) if z.dtype.kind == "f" else np.where(z.real > 0, z, -z)


def _in_blocks(body: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """The same element-wise function; a large array goes through it in blocks that stay in the cache."""

    def value(z: Array) -> Array:
        if z.size <= _BLOCK:
            return body(z)
        values = np.empty(z.shape, z.dtype)
        given, found = z.reshape(-1), values.reshape(-1)
        for start in range(0, z.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            found[block] = body(given[block])
        return values

    return value


_BLOCK = 2**14  # entries; a body holds up to four blocks at a time


@_in_blocks
def _sigmoid(z: Array) -> Array:
    if z.dtype.char in "fd" and z.size and z.item(z.argmin()) > -80:  # the usual case: no overflow is near
        return 1.0 / (1.0 + np.exp(-z))
    e = np.exp(-_magnitude(z))  # at most 1: it never overflows
    return np.where(z.real > 0, 1, e) / (1 + e)


def _relu_prime(z: Array, a: Array) -> Array:  # noqa: ARG001  every prime takes z and a
    z = as_numbers(z, "z")
    return _relu_case(z) if z.dtype == object else (z.real > 0).astype(z.dtype)


_relu_case = np.frompyfunc(lambda z: sp.Piecewise((1, z > 0), (0, True)), 1, 1)


@_in_blocks
def _softplus(z: Array) -> Array:
    return relu.numeric(z) + np.log1p(np.exp(-_magnitude(z)))


@_in_blocks
def _bell_of_numbers(z: Array) -> Array:
    e = np.exp(-_magnitude(z))  # the bell is even
    s = 1.0 + e
    return e / (s * s)


# σ(z) σ(−z), the slope of the sigmoid. Not a(1 − a): in the tail 1 − a rounds to 0 long before σ(−z) does.
_bell = Activation(
    name="bell",
    numeric=_bell_of_numbers,
    symbolic=lambda z: sigmoid.symbolic(z) * sigmoid.symbolic(-z),
    prime=lambda z, a: a * (sigmoid(-z) - sigmoid(z)),
)


# ---- the activations ---------------------------------------------------------------------------------------

#: f(z) = z.
identity = Activation(
    name="identity",
    numeric=lambda z: z,
    symbolic=lambda z: z,
    prime=lambda z, a: np.ones(z.shape, z.dtype),  # noqa: ARG005  every prime takes z and a
    latex=r"\operatorname{id}",
)

#: σ(z) = 1/(1 + exp(−z)), from 0 to 1.
sigmoid: Activation = Activation(
    name="sigmoid",
    numeric=_sigmoid,
    symbolic=lambda z: 1 / (1 + sp.exp(-z)),
    prime=lambda z, a: _bell(z),  # noqa: ARG005
)

#: tanh(z) = 2σ(2z) − 1, from −1 to 1.
tanh = Activation(
    name="tanh",
    numeric=np.tanh,
    symbolic=sp.tanh,
    # Not 1 − a²: it would round to 0 in the tail, too.
    prime=lambda z, a: 4 * _bell(2 * z),  # noqa: ARG005
    latex=r"\tanh",
)

#: z where z > 0, else 0; its derivative at 0 is taken to be 0.
relu = Activation(
    name="relu",
    numeric=lambda z: np.maximum(z, 0.0) if z.dtype.kind == "f" else np.where(z.real > 0, z, 0),
    symbolic=lambda z: sp.Piecewise((z, z > 0), (0, True)),
    prime=_relu_prime,
    latex=r"\operatorname{ReLU}",
)

#: log(1 + exp(z)), a smooth ReLU; its derivative is the sigmoid.
softplus = Activation(
    name="softplus",
    numeric=_softplus,
    symbolic=lambda z: sp.log(1 + sp.exp(z)),
    prime=lambda z, a: sigmoid(z),  # noqa: ARG005
    latex=r"\operatorname{softplus}",
)
