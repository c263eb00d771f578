"""A dense layer, and how the layers of a network follow from its sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnlib.activations import Activation, Array, identity, relu, sigmoid, softplus, tanh
from nnlib.shapes import ShapeError, as_matrix, require_shape, show
from nnlib.softmax import softmax

_ACTIVATIONS = {f.name: f for f in (identity, sigmoid, tanh, relu, softplus, softmax)}


def as_activation(activation: Activation | str) -> Activation:
    """An activation, or the one of that name.

    Raises
    ------
    ValueError
        For an unknown name; the message lists the known ones.
    TypeError
        For what is neither an activation nor a name.

    Examples
    --------
    >>> as_activation("tanh").name
    'tanh'
    >>> as_activation("tan")
    Traceback (most recent call last):
    ValueError: unknown activation 'tan'; nnlib knows identity, sigmoid, tanh, relu, softplus, softmax
    """
    if isinstance(activation, Activation):
        return activation
    if not isinstance(activation, str):
        raise TypeError(f"{activation!r} is no activation; take nn.sigmoid, say, or its name")
    if activation not in _ACTIVATIONS:
        raise ValueError(f"unknown activation {activation!r}; nnlib knows {', '.join(_ACTIVATIONS)}")
    return _ACTIVATIONS[activation]


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Dense:
    """One layer: a = f(z) with z = W a⁻ + b in the column convention, z = a⁻ W + b in the row convention.

    It holds read-only copies of W and b. One layer may stand in a network several times: its parameters are
    then shared. Two layers are the same only if they are one object.

    Parameters
    ----------
    W : array_like
        Weights. Columns: Sₗ × Sₗ₋₁, row i holds what unit i listens with. Rows: Sₗ₋₁ × Sₗ.
    b : array_like
        Bias. Columns: Sₗ × 1. Rows: 1 × Sₗ. Its shape tells which convention the layer is made for.
    activation : Activation or str
        f, or its name.

    Raises
    ------
    ShapeError, TypeError, ValueError
        For what is no finite matrix, or a bias that does not fit the weights (see ``nnlib.shapes``).

    Examples
    --------
    >>> import nnlib as nn
    >>> layer = nn.Dense(W=[[1, 2, 3], [4, 5, 6]], b=[[0], [1]], activation=nn.sigmoid)
    >>> layer
    Dense(3 → 2, sigmoid)
    >>> layer.T.W.shape, layer.T.b.shape  # the same layer, for rows
    ((3, 2), (1, 2))
    """

    W: Array
    b: Array
    activation: Activation

    def __init__(self, W: Any, b: Any, activation: Activation | str = identity) -> None:
        W = as_matrix(W, "W", "S_l × S_{l−1} (column convention) or S_{l−1} × S_l (row convention)")
        rows, columns = W.shape
        fitting = f"{rows} × 1 (column convention) or 1 × {columns} (row convention)"
        b = as_matrix(b, "b", fitting)
        if b.shape not in {(rows, 1), (1, columns)}:
            raise ShapeError(
                f"b has shape {show(b.shape)}, but beside W of shape {show(W.shape)} it should be {fitting}."
            )
        for matrix in (W, b):
            matrix.setflags(write=False)
        for name, value in {"W": W, "b": b, "activation": as_activation(activation)}.items():
            object.__setattr__(self, name, value)

    @property
    def T(self) -> Dense:  # noqa: N802  as NumPy's
        """The same layer for the other convention."""
        return Dense(self.W.T, self.b.T, self.activation)

    def fits(self, convention: str) -> bool:
        """Whether it is made for that convention; a layer with one input and one unit is for both."""
        rows, columns = self.W.shape
        return self.b.shape == ((rows, 1) if convention == "column" else (1, columns))

    def __reduce__(self) -> tuple[Any, ...]:
        # Made anew when it is copied or pickled: NumPy's own copies could be written to.
        return Dense, (self.W, self.b, self.activation)

    def __repr__(self) -> str:
        inputs, units = self.W.shape[::-1] if self.fits("column") else self.W.shape
        return f"Dense({inputs} → {units}, {self.activation.name})"


def plan(
    sizes: Sequence[int],
    activation: Activation | str | Sequence[Activation | str],
    output_activation: Activation | str | None = None,
) -> list[tuple[int, int, Activation]]:
    """(S_{l−1}, S_l, f) for each layer l.

    Parameters
    ----------
    sizes : sequence of int
        (S₀, S₁, …, S_L), input first.
    activation : Activation, name, or a sequence of one a layer
        For all layers, or layer by layer.
    output_activation : Activation or name, optional
        For the last layer, in the place of ``activation``.

    Raises
    ------
    TypeError, ValueError
        For sizes that are no whole numbers from 1, fewer than two of them, or too many or few activations.

    Examples
    --------
    >>> [(m, n, f.name) for m, n, f in plan((4, 3, 2), "tanh", output_activation="identity")]
    [(4, 3, 'tanh'), (3, 2, 'identity')]
    """
    if not isinstance(sizes, Iterable):
        raise TypeError(f"sizes is {sizes!r}, but should be those of the input and of every layer, as (3, 2)")
    sizes = tuple(sizes)
    for l, size in enumerate(sizes):
        if not isinstance(size, int | np.integer) or isinstance(size, bool) or size < 1:
            raise ValueError(f"size S_{l} is {size!r}; every size is a whole number from 1")
    L = len(sizes) - 1
    if L < 1:
        raise ValueError(f"{list(sizes)} gives no layer: sizes are those of the input and of every layer")
    if isinstance(activation, Iterable) and not isinstance(activation, str):
        activations = list(activation)
    else:
        activations = [activation] * L
    if len(activations) != L:
        raise ValueError(f"{L} layers need {L} activations, not {len(activations)}")
    if output_activation is not None:
        activations[-1] = output_activation
    return [(m, n, as_activation(f)) for (m, n), f in zip(pairwise(sizes), activations, strict=True)]


def require_chain(layers: Sequence[Dense], convention: str) -> None:
    """Raise a clear error unless each layer is made for the convention and fits the layer before it.

    Raises
    ------
    TypeError, ValueError
        For what is no layer, or no layer at all.
    ShapeError
        For a layer made for the other convention, or weights that do not fit the layer before.
    """
    if not layers:
        raise ValueError("a network needs at least one layer")
    for l, layer in enumerate(layers, start=1):
        if not isinstance(layer, Dense):
            raise TypeError(f"layer {l} is {layer!r}, which is no nn.Dense")
        if not layer.fits(convention):
            rows, columns = layer.W.shape
            bias = f"{rows} × 1" if convention == "column" else f"1 × {columns}"
            raise ShapeError(
                f"b of layer {l} has shape {show(layer.b.shape)}, but beside W of shape {rows} × {columns} "
                f"it should be {bias} in the {convention} convention. The layer is made for the other "
                "convention: hand in its .T."
            )
    for l, (before, layer) in enumerate(pairwise(layers), start=2):
        (rows, columns), (n, m) = layer.W.shape, before.W.shape
        fitting = (rows, n) if convention == "column" else (m, columns)
        require_shape(
            layer.W, fitting, f"W of layer {l} (behind layer {l - 1} of shape {n} × {m})", convention
        )
