"""Losses: a scalar of the output a and the target y, and its derivatives by the output and by z.

Losses take columns, S_L × N; a network in the row convention turns its matrices first. At saturation ∂L/∂a is
infinite while ∂L/∂z is not, so a loss that belongs to one activation, as cross-entropy does to the sigmoid,
is computed from that activation's argument z.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array, sigmoid
from nnlib.alike import Prime, as_alike, require_given
from nnlib.shapes import ShapeError, as_matrix, place, require_shape, show
from nnlib.softmax import log_softmax, softmax


@dataclass(frozen=True)
class Loss:
    """A loss with its derivative by the output; it fits any activation.

    Parameters
    ----------
    name : str
        Its name, as ``nn.Network.random`` and error messages use it.
    value : callable
        ``value(a, y)``: a scalar, from output and target of one shape, S_L × N.
    prime : callable
        ``prime(a, y)``: ∂L/∂a, of the shape of ``a``.
    targets, outputs : (float, float)
        The least and the greatest target, and output.

    Raises
    ------
    ShapeError
        When called: for output and target that are not of one shape, for a ``value`` that gives no single
        number, and a ``prime`` that gives another shape than that of ``a``.
    TypeError, ValueError
        When called: for what is no finite matrix, or out of the range that the loss takes.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> a, y = np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]])
    >>> float(nn.squared_error(a, y)), float(nn.mean_squared_error(a, y))
    (2.0, 1.0)
    >>> nn.squared_error.prime(a, y).tolist()
    [[2.0, 0.0]]
    """

    name: str
    value: Callable[[Array, Array], Any]
    prime: Callable[[Array, Array], Array]
    targets: tuple[float, float] = (-inf, inf)
    outputs: tuple[float, float] = (-inf, inf)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prime", Prime(self.prime, "ay", "prime of loss", self.name))

    def __reduce__(self) -> str:
        return self.name  # copied and pickled by name, as a function is: nnlib's own stay themselves

    def __call__(self, a: Any, target: Any) -> Any:
        """Loss of output ``a`` against ``target``, both S_L × N; ShapeError where they differ."""
        a = as_matrix(a, "a", "S_L × N, one column a data point")
        self._require_range(a, "a", "outputs")
        if target is not None or not a.dtype.hasobject:  # an undefined loss holds its target inside
            target = as_matrix(target, "target", f"{show(a.shape)}, as a")
            require_shape(target, a.shape, "target", "column")
            self.check_target(target)
        return self._single(self.value(a, target), a)

    def at(self, z: Array, a: Array, y: Array) -> Any:  # noqa: ARG002  some losses are computed from z
        """Loss of a last layer that has computed ``a`` from ``z``."""
        a, y = as_alike("ay", a, y)
        return self._single(self.value(a, y), a)

    def delta(self, activation: Activation, z: Array, a: Array, y: Array) -> Array:
        """∂L/∂z of a last layer that has computed ``a`` from ``z`` by ``activation``; all S_L × N.

        Examples
        --------
        >>> import numpy as np, nnlib as nn
        >>> z, y = np.array([[-1e4, 0.0, 1e4]]), np.array([[1.0, 1.0, 0.0]])
        >>> nn.cross_entropy.delta(nn.sigmoid, z, nn.sigmoid(z), y).tolist()
        [[-1.0, -0.5, 1.0]]
        """
        return activation.pull_back(self.prime(a, y), z, a)

    def require_fit(self, activation: Activation) -> None:
        """Raise ValueError unless the loss makes sense after that activation."""

    def check_target(self, y: Array) -> None:
        """Raise ValueError for a number outside of ``targets``; the message names it and its place."""
        self._require_range(y, "target", "targets")

    def _require_range(self, matrix: Array, name: str, which: str) -> None:
        least, greatest = getattr(self, which)
        if (least, greatest) == (-inf, inf) or matrix.dtype.hasobject:
            return
        numbers = matrix.real
        if least <= numbers.item(numbers.argmin()) and numbers.item(numbers.argmax()) <= greatest:
            return
        index = tuple(map(int, np.argwhere((numbers < least) | (numbers > greatest))[0]))
        range_ = f"from {least:g} to {greatest:g}" if greatest < inf else f"from {least:g} up"
        raise ValueError(
            f"{name} holds {matrix[index]} at {place(index)}; {self.name} takes {which} {range_}."
        )

    def _single(self, value: Any, a: Array) -> Any:
        if np.shape(value):
            raise ShapeError(
                f"loss {self.name!r} gave {show(np.shape(value))} for a of {show(a.shape)}; a loss is a "
                "single number: take the sum or the mean of all entries."
            )
        return value


@dataclass(frozen=True, kw_only=True)
class LogitLoss(Loss):
    """A loss that belongs to one activation, and is computed from the argument z of that activation.

    Parameters
    ----------
    last : Activation
        What the last layer must have.
    value_by_z : callable
        ``value_by_z(z, y)``: the loss of numbers. On symbols ``value`` is taken, so that ``diff`` of the loss
        and ``delta_by_z`` are two routes.
    delta_by_z : callable
        ``delta_by_z(z, a, y)``: ∂L/∂z, of numbers and symbols alike.

    Examples
    --------
    >>> import nnlib as nn
    >>> nn.Network([nn.Dense([[1.0]], [[0.0]], nn.tanh)], nn.cross_entropy)
    Traceback (most recent call last):
    ValueError: cross_entropy needs sigmoid as the last layer's activation, not tanh
    """

    last: Activation
    value_by_z: Callable[[Array, Array], Any]
    delta_by_z: Callable[[Array, Array, Array], Array]

    def at(self, z: Array, a: Array, y: Array) -> Any:
        """Loss of a last layer that has computed ``a`` from ``z``."""
        z, a, y = as_alike("zay", z, a, y)
        symbols = z.dtype.hasobject or y.dtype.hasobject
        return self._single(self.value(a, y) if symbols else self.value_by_z(z, y), a)

    def delta(self, activation: Activation, z: Array, a: Array, y: Array) -> Array:  # noqa: ARG002
        """∂L/∂z of a last layer that has computed ``a`` from ``z`` by ``last``."""
        z, a, y = as_alike("zay", z, a, y)
        delta = self.delta_by_z(z, a, y)
        require_given(delta, "z", z, "delta_by_z of loss", self.name)
        return delta

    def require_fit(self, activation: Activation) -> None:
        """Raise ValueError unless ``activation`` is ``last``."""
        if activation != self.last:
            raise ValueError(
                f"{self.name} needs {self.last.name} as the last layer's activation, not {activation.name}"
            )


def as_loss(loss: Loss | str) -> Loss:
    """A loss, or the one of that name.

    Raises
    ------
    ValueError
        For an unknown name; the message lists the known ones.
    TypeError
        For what is neither a loss nor a name.

    Examples
    --------
    >>> as_loss("squared_error").name
    'squared_error'
    """
    known = {l.name: l for l in (squared_error, mean_squared_error, cross_entropy, categorical_cross_entropy)}
    if isinstance(loss, Loss):
        return loss
    if not isinstance(loss, str):
        raise TypeError(f"{loss!r} is no loss; take nn.squared_error, say, or its name")
    if loss not in known:
        raise ValueError(f"unknown loss {loss!r}; nnlib knows {', '.join(known)}")
    return known[loss]


# ---- bodies ------------------------------------------------------------------------------------------------


def _times_log(y: Array, a: Array) -> Array:
    """The product y log a, and 0 where y is 0."""
    if object in (a.dtype, y.dtype):
        return y * np.frompyfunc(sp.log, 1, 1)(a)
    with np.errstate(divide="ignore"):  # log 0 = −infinity is the right value
        return y * np.log(np.where(y == 0, 1, a))


def _ratio(y: Array, a: Array) -> Array:
    """The quotient y/a, and 0 where y is 0."""
    if object in (a.dtype, y.dtype):
        return y / a
    with np.errstate(divide="ignore"):  # infinite where the output is as wrong as can be
        return y / np.where(y == 0, 1, a)


def _logistic_loss(z: Array, y: Array) -> Any:
    """It is Σ y softplus(−z) + (1 − y) softplus(z), with the logarithm that both share taken once."""
    below = np.minimum(z, 0.0)
    above = z - below
    return ((1.0 - y) * above - y * below + np.log1p(np.exp(below - above))).sum()


def _softmax_delta(z: Array, a: Array, y: Array) -> Array:
    """It is s a − y with s = Σ y, written so that nothing cancels where a is almost 1."""
    rest = 1 - a if z.dtype == object else -np.expm1(log_softmax(z))
    return (y.sum(axis=0, keepdims=True) - y) * a - y * rest


# ---- the losses --------------------------------------------------------------------------------------------

#: ½ Σ (a − y)², summed over components and data points.
squared_error = Loss(
    name="squared_error",
    value=lambda a, y: ((a - y) ** 2).sum() / 2,
    prime=lambda a, y: a - y,
)

#: 1/(2N) Σ ‖a − y‖², the mean over the N data points.
mean_squared_error = Loss(
    name="mean_squared_error",
    value=lambda a, y: ((a - y) ** 2).sum() / (2 * a.shape[1]),
    prime=lambda a, y: (a - y) / a.shape[1],
)

#: −Σ [y log a + (1 − y) log(1 − a)] behind a sigmoid; targets from 0 to 1.
cross_entropy = LogitLoss(
    name="cross_entropy",
    last=sigmoid,
    targets=(0, 1),
    outputs=(0, 1),
    value=lambda a, y: -(_times_log(y, a) + _times_log(1 - y, 1 - a)).sum(),
    prime=lambda a, y: _ratio(1 - y, 1 - a) - _ratio(y, a),
    value_by_z=_logistic_loss,
    # It is a − y, with σ(−z) for 1 − a, which would round to 0 in the tail.
    delta_by_z=lambda z, a, y: (1 - y) * a - y * sigmoid(-z),
)

#: −Σ y log a behind a softmax; targets from 0 up, usually with columns that sum to 1.
categorical_cross_entropy = LogitLoss(
    name="categorical_cross_entropy",
    last=softmax,
    targets=(0, inf),
    outputs=(0, inf),
    value=lambda a, y: -_times_log(y, a).sum(),
    prime=lambda a, y: -_ratio(y, a),
    value_by_z=lambda z, y: -(y * log_softmax(z)).sum(),
    delta_by_z=_softmax_delta,
)
