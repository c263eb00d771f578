"""Matrices of one shape: where NumPy would broadcast one over another, one clear error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.shapes import Array, ShapeError, as_numbers, show


def are_alike(one: Any, other: Any) -> bool:
    """Whether both are arrays of one shape, told at a glance: no function of NumPy's is called.

    A yes is sure. What it says no to may still be lists, to be looked at again.

    >>> are_alike(np.ones((2, 3)), np.zeros((2, 3))), are_alike([[1, 2]], [[3, 4]])
    (True, False)
    """
    return getattr(one, "shape", 0) == getattr(other, "shape", None)


def as_alike(names: Sequence[str], *matrices: Any) -> Sequence[Any]:
    """Arrays of one shape, whatever it is. None stays: an undefined loss, say, needs no target.

    Parameters
    ----------
    names : sequence of str
        What errors call the matrices.
    *matrices : array_like or None
        The first is none; all are of its shape.

    Raises
    ------
    ShapeError
        For one of another shape than the first.
    TypeError
        For entries that are neither numbers nor SymPy expressions.

    Examples
    --------
    >>> a, y = as_alike("ay", [[1, 2]], [[3, 5]])
    >>> (a - y).tolist()
    [[-2.0, -3.0]]
    >>> as_alike("ay", [[1, 2]], [[3], [5]])
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: y has shape 2 × 1, but a has shape 1 × 2; both should be of one shape.
    """
    if all(map(are_alike, matrices, matrices[1:])):
        return matrices
    arrays: list[Any] = [
        m if m is None else as_numbers(m, name) for name, m in zip(names, matrices, strict=True)
    ]
    first = arrays[0]
    for name, array in zip(names, arrays, strict=True):
        if array is not None and array.shape != first.shape:
            raise ShapeError(
                f"{name} has shape {show(array.shape)}, but {names[0]} has shape {show(first.shape)}; "
                "both should be of one shape."
            )
    return arrays


def require_deltas(da: Any, z: Array) -> None:
    """Raise ShapeError unless Δ is of the shape of z; of one data point, several Δ may stand side by side."""
    if not are_alike(da, z) and (np.ndim(da) != 2 or z.shape != (len(da), 1)):
        as_alike(("z", "da"), z, da)


def hadamard(da: Any, slope: Array) -> Array:
    """Δ ⊙ f′(z), entry by entry, and nothing else broadcast than one data point's slopes over several Δ.

    >>> hadamard([[5.0, 7.0]], np.array([[0.0, 1.0]])).tolist()
    [[0.0, 7.0]]
    """
    require_deltas(da, slope)
    return da * slope


def require_given(given: Any, letter: str, matrix: Array, giver: str, name: str) -> None:
    """Raise ShapeError unless what was given for a matrix is of its shape; errors call it by that letter."""
    if not are_alike(given, matrix) and np.shape(given) != matrix.shape:
        raise ShapeError(
            f"{giver} {name!r} gave {show(np.shape(given))} for {letter} of {show(matrix.shape)}; both "
            "should be of one shape."
        )


@dataclass(frozen=True)
class Prime:
    """A derivative that takes two matrices of one shape, and gives a third of it; ShapeError otherwise.

    Parameters
    ----------
    function : callable
        What computes it.
    letters : sequence of str
        What errors call the two matrices.
    owner, name : str
        Whose it is, for errors.

    Examples
    --------
    >>> prime = Prime(lambda a, y: (a - y).sum(axis=0, keepdims=True), "ay", "prime of loss", "mine")
    >>> prime([[1], [2]], [[3], [5]])
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: prime of loss 'mine' gave 1 × 1 for a of 2 × 1; both should be of one shape.
    """

    function: Callable[[Array, Array], Array]
    letters: Sequence[str]
    owner: str
    name: str

    def __call__(self, first: Any, second: Any) -> Array:
        """The derivative, as ``function`` gives it."""
        if not are_alike(first, second):
            first, second = as_alike(self.letters, first, second)
        given = self.function(first, second)
        require_given(given, self.letters[0], first, self.owner, self.name)
        return given
