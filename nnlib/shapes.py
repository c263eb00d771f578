"""What nnlib takes as a matrix, and the one clear error for what it does not take.

NumPy broadcasts a 1-D array or a vector of the wrong orientation into *some* answer. Here both are errors.
"""

from __future__ import annotations

from numbers import Number
from typing import Any

import numpy as np

from nnlib.activations import Array

Shape = tuple[int, int]


class ShapeError(ValueError):
    """A matrix of the wrong shape: the message names it, both shapes and the convention."""


def show(shape: tuple[int, ...]) -> str:
    """``(2, 1)`` as ``2 × 1``; a 1-D shape says that it is one."""
    return f"{shape[0]} (1-D)" if len(shape) == 1 else " × ".join(map(str, shape)) or "a single number"


def as_matrix(value: Any, name: str, hint: str) -> Array:
    """``value`` as a 2-D array of floats, complex numbers or SymPy expressions, all finite.

    Parameters
    ----------
    value : array_like
        Integers become float64; float32, complex and object arrays stay as they are.
    name, hint : str
        What the error calls it, and the shape it should have.

    Raises
    ------
    ShapeError
        For a 1-D array, a scalar, three dimensions and more, or an empty matrix.
    TypeError
        For entries that are neither numbers nor SymPy expressions.
    ValueError
        For NaN or infinity.

    Examples
    --------
    >>> as_matrix([[1, 2]], "W of layer 1", "2 × 1").dtype
    dtype('float64')
    >>> as_matrix([1.0, 2.0], "x", "2 × N, one column a data point")
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: x has shape 2 (1-D), but should be 2 × N, one column a data point. ...
    """
    matrix = np.asarray(value)
    if matrix.ndim != 2:
        way_out = "Write a column as [[1.0], [2.0]], or use x.reshape(-1, 1)."
        raise ShapeError(f"{name} has shape {show(matrix.shape)}, but should be {hint}. {way_out}")
    if matrix.size == 0:
        raise ShapeError(f"{name} is empty (shape {show(matrix.shape)}), but should be {hint}.")
    if matrix.dtype.kind in "iu":
        matrix = matrix.astype(np.float64)
    _check_entries(matrix, name)
    return matrix


def _check_entries(matrix: Array, name: str) -> None:
    if matrix.dtype == object:
        for index, entry in np.ndenumerate(matrix):
            if not _is_number_or_expression(entry):
                raise TypeError(
                    f"{name} holds {entry!r} at {_place(index)}; nnlib takes numbers and SymPy expressions."
                )
    elif matrix.dtype.kind not in "fc":
        raise TypeError(
            f"{name} has entries of type {matrix.dtype}; nnlib takes numbers and SymPy expressions."
        )
    elif not np.isfinite(matrix).all():
        index = tuple(map(int, np.argwhere(~np.isfinite(matrix))[0]))
        raise ValueError(f"{name} holds {matrix[index]} at {_place(index)}; every entry must be finite.")


def _is_number_or_expression(entry: Any) -> bool:
    # An expression is what can be differentiated: nnlib's numeric floor need not import SymPy to know one.
    return isinstance(entry, Number) or callable(getattr(entry, "diff", None))


def _place(index: tuple[int, ...]) -> str:
    return f"row {index[0] + 1}, column {index[1] + 1}"


def require_shape(matrix: Array, expected: tuple[int, int], name: str, convention: str) -> None:
    """Raise ShapeError unless ``matrix`` has the ``expected`` shape; says so when it is the transpose."""
    if matrix.shape == expected:
        return
    shapes = f"{name} has shape {show(matrix.shape)}, but should be {show(expected)}"
    message = f"{shapes} in the {convention} convention."
    if matrix.shape == expected[::-1]:
        message += " It is the transpose of what is meant: hand in its .T."
    raise ShapeError(message)
