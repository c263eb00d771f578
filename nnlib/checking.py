"""Back-propagation checked by numbers: central differences, and the complex step.

Both move one parameter at a time and look at the loss; neither knows anything of a backward pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.activations import Array, relu
from nnlib.demands import require_real
from nnlib.layers import Dense
from nnlib.network import Network
from nnlib.shapes import show
from nnlib.tables import html_table, text_table


@dataclass(frozen=True)
class Method:
    """How a derivative is taken from values of the loss.

    Attributes
    ----------
    step : float
        How far a parameter is moved.
    tolerance : float
        The error up to which a gradient is taken for right.
    slope : callable
        ``slope(loss, step)``: the derivative at 0 of ``loss``, a function of how far the parameter is moved.
    """

    name: str
    step: float
    tolerance: float
    slope: Callable[[Callable[[complex], Any], float], Any]


_METHODS = {
    # Error: step² from the curvature, 1e-16/step from rounding; this step makes both small.
    "central": Method("central differences", 1e-5, 1e-6, lambda loss, h: (loss(h) - loss(-h)) / (2 * h)),
    # No difference is taken, so the step may be tiny and the error is that of rounding alone.
    "complex": Method("the complex step", 1e-20, 1e-10, lambda loss, h: loss(1j * h).imag / h),
}
# Below this part of the loss, or this number, a gradient is lost in rounding when differences are taken.
_FLOOR_OF_LOSS, _FLOOR = 1e-4, 1e-8


@dataclass(frozen=True)
class Row:
    """One parameter of a gradient check.

    Attributes
    ----------
    parameter : str
        ``W[2]``, or ``W[1] = W[3]`` for the weights that layers 1 and 3 share.
    shape : (int, int)
        Its shape.
    error : float
        The largest difference between the two gradients, relative to the largest entry.
    ok : bool
        Whether it is within the tolerance.
    """

    parameter: str
    shape: tuple[int, int]
    error: float
    ok: bool


@dataclass(frozen=True)
class GradientCheck:
    """What a gradient check found; prints itself as a table.

    Attributes
    ----------
    rows : tuple of Row
        One for each distinct parameter: shared ones once.
    method : Method
        How the derivatives were taken.
    cautions : tuple of str
        What makes the check itself doubtful.

    Examples
    --------
    >>> import nnlib as nn
    >>> print(nn.check_gradients(nn.Network([nn.Dense([[2, 1]], [[0]])]), [[1], [2]], [[3]], "complex"))
    parameter  shape  error
    W[1]       1 × 2  0.0e+00  ✓
    b[1]       1 × 1  0.0e+00  ✓
    All gradients are right, by the complex step (error up to 1e-10 allowed).
    """

    rows: tuple[Row, ...]
    method: Method
    cautions: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every gradient is right."""
        return all(row.ok for row in self.rows)

    @property
    def max_error(self) -> float:
        """The largest error of all parameters."""
        return max(row.error for row in self.rows)

    def __str__(self) -> str:
        return text_table(("parameter", "shape", "error", ""), self._cells(), self._remarks())

    def _repr_html_(self) -> str:
        return html_table(("parameter", "shape", "error", "right"), self._cells(), self._remarks())

    def _remarks(self) -> list[str]:
        return [self._summary(), *self.cautions]

    def _cells(self) -> list[tuple[str, str, str, str]]:
        return [
            (row.parameter, show(row.shape), f"{row.error:.1e}", "✓" if row.ok else "✗ wrong")
            for row in self.rows
        ]

    def _summary(self) -> str:
        verdict = "All gradients are right" if self.ok else "Some gradients are wrong"
        return f"{verdict}, by {self.method.name} (error up to {self.method.tolerance:.0e} allowed)."


def check_gradients(net: Network, x: Any, target: Any, method: str = "central") -> GradientCheck:
    """Compare back-propagation with derivatives taken from the loss alone, parameter by parameter.

    The error of a gradient is the largest difference of an entry, relative to the largest entry (or to 1e-4
    of the loss, or to 1e-8, if that is larger).

    Parameters
    ----------
    net : Network
        Of real numbers; the check runs in double precision.
    x, target : array_like
        Input and target, S₀ × N and S_L × N (columns) or N × S₀ and N × S_L (rows).
    method : str
        ``"central"``: (L(w + h) − L(w − h))/2h; ``"complex"``: the imaginary part of L(w + ih)/h.

    Raises
    ------
    ValueError
        For an unknown method, or a loss that is not finite.
    TypeError
        For a network, input or target of symbols or complex numbers.
    ShapeError
        As ``net.forward`` and ``net.backward``.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = nn.Network([nn.Dense([[0.5, -1], [2, 1]], [[0], [1]], nn.tanh), nn.Dense([[1, 3]], [[0]])])
    >>> report = nn.check_gradients(net, x=[[1], [2]], target=[[0]], method="complex")
    >>> report.ok, [row.parameter for row in report.rows]
    (True, ['W[1]', 'b[1]', 'W[2]', 'b[2]'])
    """
    if method not in _METHODS:
        raise ValueError(f"unknown method {method!r}; nnlib knows {', '.join(_METHODS)}")
    require_real(net.layers, x=x, target=target)
    with np.errstate(all="ignore"):  # what overflows is told
        net.loss_value(x, target)  # tells what is wrong with them, if anything is
        net, x, target = _in_double(net), np.asarray(x, np.float64), np.asarray(target, np.float64)
        loss, grads = net.value_and_gradients(x, target)
    if not np.isfinite(loss):
        raise ValueError(f"the loss is {loss}: there is nothing to compare. Take smaller parameters or data.")
    rows = []
    for layer in dict.fromkeys(net.layers):
        for stem, ours in zip("Wb", grads.of(layer), strict=True):
            slopes = _slopes(net, layer, stem, x, target, _METHODS[method])
            error = _error(ours, slopes, abs(loss))
            name = " = ".join(f"{stem}[{l}]" for l, used in enumerate(net.layers, start=1) if used is layer)
            rows.append(Row(name, ours.shape, error, error <= _METHODS[method].tolerance))
    return GradientCheck(tuple(rows), _METHODS[method], tuple(_near_kinks(net, x, _METHODS[method].step)))


def _in_double(net: Network) -> Network:
    """The network in double precision."""
    return net.with_layers(
        {
            layer: Dense(layer.W.astype(np.float64), layer.b.astype(np.float64), layer.activation)
            for layer in set(net.layers)
        }
    )


def _slopes(net: Network, layer: Dense, stem: str, x: Array, target: Array, method: Method) -> Array:
    """The derivatives of the loss by the entries of one parameter, each from values of the loss."""
    slopes = np.empty(getattr(layer, stem).shape)
    for index in np.ndindex(*slopes.shape):

        def loss(step: complex, index: tuple[int, ...] = index) -> Any:
            return net.with_layers({layer: _moved(layer, stem, index, step)}).loss_value(x, target)

        slopes[index] = method.slope(loss, method.step)
    return slopes


def _moved(layer: Dense, stem: str, index: tuple[int, ...], step: complex) -> Dense:
    parameters = {"W": layer.W, "b": layer.b}
    moved = parameters[stem].astype(np.result_type(np.float64, type(step)))
    moved[index] += step
    return Dense(**{**parameters, stem: moved}, activation=layer.activation)


def _error(ours: Array, theirs: Array, loss: float) -> float:
    scale = max(float(np.abs(theirs).max()), _FLOOR_OF_LOSS * float(loss), _FLOOR)
    return float(np.abs(ours - theirs).max()) / scale


def _near_kinks(net: Network, x: Array, step: float) -> list[str]:
    """A caution for each layer in which a ReLU stands so near to 0 that the step may take it across."""
    trace, cautions = net.forward(x), []
    for l, layer in enumerate(net.layers, start=1):
        distance = np.abs(trace.z[l]).min()
        if layer.activation == relu and distance <= 10 * step * (1 + np.abs(trace.a[l - 1]).max()):
            cautions.append(
                f"Caution: a ReLU of layer {l} has z = ±{distance:.1e}, so near to its kink at 0 that the "
                "check may err there. ReLU has no derivative at 0; nnlib takes 0."
            )
    return cautions
