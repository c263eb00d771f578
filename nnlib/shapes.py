"""What nnlib takes as a matrix, and the one clear error for what it does not take.

NumPy broadcasts a 1-D array or a vector of the wrong orientation into *some* answer. Here both are errors.
"""

from __future__ import annotations

import cmath
from numbers import Complex, Number, Rational
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, int]


class ShapeError(ValueError):
    """A matrix of the wrong shape: the message names it, both shapes and the convention.

    Examples
    --------
    >>> import nnlib as nn
    >>> nn.Network([nn.Dense([[1, 2]], [[0]])]).forward([[3, 4]])
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: x has shape 1 × 2, but this network takes 2 × N, one column ...
    """


def show(shape: tuple[int, ...]) -> str:
    """``(2, 1)`` as ``2 × 1``; a 1-D shape says that it is one."""
    return f"{shape[0]} (1-D)" if len(shape) == 1 else " × ".join(map(str, shape)) or "a single number"


def place(index: tuple[int, ...]) -> str:
    """``(0, 1)`` as ``row 1, column 2``, the way the text counts."""
    return f"row {index[0] + 1}, column {index[1] + 1}"


def require_convention(convention: str) -> None:
    """Raise ValueError unless nnlib knows the convention."""
    if convention not in {"column", "row"}:
        raise ValueError(
            f'unknown convention {convention!r}; nnlib knows "column" (data points are columns) '
            'and "row" (data points are rows)'
        )


def as_matrix(value: Any, name: str, hint: str) -> Array:
    """A copy of ``value`` as a 2-D array of floats, complex numbers or SymPy expressions, all finite.

    Parameters
    ----------
    value : array_like
        Integers become float64; float32, complex and object arrays stay as they are.
    name, hint : str
        What the error calls it, and the shape it should have.

    Raises
    ------
    ShapeError
        For a 1-D array, a scalar, rows of different lengths, three dimensions and more, or an empty matrix.
    TypeError
        For entries that are neither numbers nor SymPy expressions; booleans are no numbers.
    ValueError
        For NaN or infinity, masked entries, and a whole number in a list that is too large for a float.

    Examples
    --------
    >>> as_matrix([[1, 2]], "W of layer 1", "2 × 1").dtype
    dtype('float64')
    >>> as_matrix([1.0, 2.0], "x", "2 × N, one column a data point")
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: x has shape 2 (1-D), but should be 2 × N, one column a data point. ...
    """
    if is_finite_matrix(value):
        return value.copy()
    matrix = _as_array(value, name, hint)
    if matrix.ndim != 2:
        way_out = "Write a column as [[1.0], [2.0]], a row as [[1.0, 2.0]]."
        raise ShapeError(f"{name} has shape {show(matrix.shape)}, but should be {hint}. {way_out}")
    if matrix.size == 0:
        raise ShapeError(f"{name} is empty (shape {show(matrix.shape)}), but should be {hint}.")
    _check_entries(matrix, name)
    return np.array(matrix, dtype=np.float64 if matrix.dtype.kind in "iu" else None, order="C")


def is_finite_matrix(value: Any) -> bool:
    """Whether it is an array that ``as_matrix`` takes as it is, told at a glance.

    A yes is sure. What it says no to may still be a matrix of finite entries, to be looked at one by one.

    >>> is_finite_matrix(np.array([[1.0, 2.0]])), is_finite_matrix([[1.0, 2.0]])
    (True, False)
    """
    return (
        type(value) is np.ndarray
        and value.dtype.char in "fdFD"
        and value.ndim == 2
        and value.size > 0
        and cmath.isfinite(np.vdot(value, value))  # a sum of squares: infinite or NaN if one entry is
    )


def _as_array(value: Any, name: str, hint: str) -> Array:
    if np.ma.is_masked(value):
        raise ValueError(f"{name} has masked entries; fill or drop them first, as nnlib would use them.")
    try:
        array = np.asarray(value)
    except ValueError:  # NumPy's for lists of different lengths
        raise ShapeError(f"{name} has rows of different lengths, but should be {hint}.") from None
    if isinstance(value, list | tuple) and array.ndim == 2 and array.dtype.kind in "fiuO":
        # In a list NumPy would take True for 1.0 as soon as another entry is a number.
        _check_entries(entries := np.asarray(value, dtype=object), name)
        if array.dtype == object and all(isinstance(entry, int | float) for entry in entries.flat):
            return _as_floats(array, name)  # a whole number beyond 64 bits is no symbol
    return array


def as_numbers(value: Any, name: str) -> Array:
    """An array of any shape, integers as float64; TypeError for what is neither number nor expression.

    >>> as_numbers([1, 2], "z").tolist()
    [1.0, 2.0]
    """
    array = np.asarray(value)
    if array.dtype.kind in "fcO":
        return array
    _require_numbers(array, name)
    return array.astype(np.float64)


def _as_floats(array: Array, name: str) -> Array:
    try:
        return array.astype(np.float64)
    except OverflowError:
        raise ValueError(f"{name} holds a whole number that is too large for a float.") from None


def _check_entries(matrix: Array, name: str) -> None:
    _require_numbers(matrix, name)
    if matrix.dtype != object and np.isfinite(matrix).all():
        return
    for index, entry in np.ndenumerate(matrix):
        if not _is_number_or_expression(entry):
            raise TypeError(
                f"{name} holds {entry!r} at {place(index)}; nnlib takes numbers and SymPy expressions."
            )
        if not _is_finite(entry):
            raise ValueError(f"{name} holds {entry} at {place(index)}; every entry must be finite.")


def _require_numbers(array: Array, name: str) -> None:
    if array.dtype.kind not in "fciuO":
        raise TypeError(
            f"{name} has entries of type {array.dtype}; nnlib takes numbers and SymPy expressions."
        )


def _is_number_or_expression(entry: Any) -> bool:
    # An expression is what can be differentiated: nnlib's numeric floor need not import SymPy to know one.
    # A Decimal is no Complex: it does not mix with floats.
    number = isinstance(entry, Complex) and not isinstance(entry, bool | np.bool_)
    return number or callable(getattr(entry, "diff", None))


def _is_finite(entry: Any) -> bool:
    if isinstance(entry, Number):
        return isinstance(entry, Rational) or cmath.isfinite(entry)  # type: ignore[arg-type]
    return getattr(entry, "is_finite", None) is not False


def require_shape(matrix: Array, expected: Shape, name: str, convention: str) -> None:
    """Raise ShapeError unless ``matrix`` has the ``expected`` shape; says so when it is the transpose."""
    if matrix.shape == expected:
        return
    shapes = f"{name} has shape {show(matrix.shape)}, but should be {show(expected)}"
    message = f"{shapes} in the {convention} convention."
    if matrix.shape == expected[::-1]:
        message += " It is the transpose of what is meant: hand in its .T."
    raise ShapeError(message)


def as_data(value: Any, size: int, convention: str) -> Array:
    """The input x as a matrix: S₀ × N in the column convention, N × S₀ in the row convention.

    It may be the very array that was handed in.

    Raises
    ------
    ShapeError, TypeError, ValueError
        For what is no finite matrix of that shape.

    Examples
    --------
    >>> as_data([[1, 2]], 2, "row").tolist()
    [[1.0, 2.0]]
    """
    side = 0 if convention == "column" else 1
    if is_finite_matrix(value) and value.shape[side] == size:
        return value
    shape = f"{size} × N" if convention == "column" else f"N × {size}"
    hint = f"{shape}, one {convention} a data point"
    matrix = as_matrix(value, "x", hint)
    if matrix.shape[side] != size:
        way_out = " Did you mean its transpose, x.T?" if matrix.shape[1 - side] == size else ""
        raise ShapeError(
            f"x has shape {show(matrix.shape)}, but this network takes {hint}, in the {convention} "
            f"convention.{way_out}"
        )
    return matrix


def as_target(value: Any, shape: Shape, convention: str) -> Array:
    """The target y as a matrix of the output's shape.

    Raises
    ------
    ShapeError, TypeError, ValueError
        For what is no finite matrix of that shape.

    Examples
    --------
    >>> as_target([[1, 2]], (1, 2), "row").tolist()
    [[1.0, 2.0]]
    """
    if is_finite_matrix(value) and value.shape == shape:
        return value.copy()
    hint = f"{show(shape)}, the shape of the output in the {convention} convention"
    matrix = as_matrix(value, "target", hint)
    require_shape(matrix, shape, "target", convention)
    return matrix
