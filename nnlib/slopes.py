"""Slopes of a function of arrays, measured by differences, each with the error that it may have.

Two central differences with steps h and h/2 are combined so that the error falls with h⁴ (Richardson). Where
they disagree, or where the slopes to the left and to the right do, the step is made smaller; where that does
not help, the function has a kink there, and the slope is not sure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.activations import Array

_SMALLER = (1, 0.1, 0.01, 0.001)  # the steps, as parts of the first
_RELATIVE = 1e-6  # of the largest slope of an array: what is nearer than that counts as equal
_ROUGH = 1e-5  # of the largest slope: by how much the two steps may disagree
_ROUNDING = 8  # units in the last place of the loss, over the step


@dataclass(frozen=True)
class Slopes:
    """The derivatives of a function by the entries of one array.

    Attributes
    ----------
    value : array
        The slopes, of the array's shape.
    allowed : array
        How far each may be from the truth, and what is looked over besides: 1e-6 of the largest slope.
    sure : array of bool
        Whether there is a slope at all: False near a kink.
    scale : float
        The largest slope, or what rounding leaves of none.

    Examples
    --------
    >>> (slopes,) = measure(lambda point: float((point[0] ** 3).sum()), [np.array([1.0, 2.0])])
    >>> slopes.value.round(9).tolist(), slopes.sure.all()
    ([3.0, 12.0], np.True_)
    """

    value: Array
    allowed: Array
    sure: Array
    scale: float

    def agrees(self, other: Array) -> bool:
        """Whether another array of slopes is equal, within what is allowed, where these are sure."""
        return bool((abs(other - self.value) <= self.allowed)[self.sure].all())


def measure(function: Callable[[list[Array]], Any], point: Sequence[Array]) -> list[Slopes]:
    """The slopes of a function at a point, array by array. The function is called with copies.

    Raises
    ------
    TypeError
        When it does not give one real number.
    ValueError
        When that number is not finite at the point itself.
    """
    middle, precision = _number(function([array.copy() for array in point]))
    if not np.isfinite(middle):
        raise ValueError(f"the loss of these parameters is {middle}: there is nothing to measure")
    return [_of_array(_Line(function, point, k, middle, precision)) for k in range(len(point))]


def _number(value: Any) -> tuple[float, float]:
    """A function's value as a float, and the relative precision that it was computed with."""
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf":
        raise TypeError(f"the loss should be one real number, not {value!r}")
    return float(array.ravel()[0]), float(np.finfo(array.dtype if array.dtype.kind == "f" else float).eps)


@dataclass(frozen=True)
class _Line:
    """The function along one entry of one array."""

    function: Callable[[list[Array]], Any]
    point: Sequence[Array]
    number: int
    middle: float
    precision: float

    def at(self, index: tuple[int, ...], distance: float) -> float:
        moved = [array.copy() for array in self.point]
        moved[self.number][index] += distance
        return _number(self.function(moved))[0]


def _of_array(line: _Line) -> Slopes:
    array = line.point[line.number]
    value, error, sure = np.zeros(array.shape), np.zeros(array.shape), np.zeros(array.shape, bool)
    scale = 0.0
    first = max(1e-3, line.precision**0.25)
    for step in (first * part for part in _SMALLER):
        for index in map(tuple, np.argwhere(~sure)):
            value[index], error[index], sure[index] = _slope(line, index, step, scale)
        finite = abs(value[np.isfinite(value)])
        scale = float(finite.max(initial=0.0))
        rough = error > _ROUGH * scale + 2 * _rounding(line, step)
        sure &= ~rough
        if sure.all():
            break
    scale = max(scale, _rounding(line, first))
    return Slopes(value, _RELATIVE * scale + error, sure, scale)


def _slope(line: _Line, index: tuple[int, ...], step: float, scale: float) -> tuple[float, float, bool]:
    """A slope, the error that it may have, and whether the function is smooth there."""
    h = step * max(1.0, abs(float(line.point[line.number][index])))
    far, near = ([line.at(index, sign * d) for sign in (1, -1)] for d in (h, h / 2))
    if not np.isfinite([*far, *near]).all():
        return 0.0, np.inf, False
    wide, narrow = (far[0] - far[1]) / (2 * h), (near[0] - near[1]) / h
    rounding = _rounding(line, h)
    bends = [abs(up - 2 * line.middle + down) / d for (up, down), d in ((far, h), (near, h / 2))]
    kink = bends[1] > 0.75 * bends[0] and bends[1] > max(8 * rounding, _RELATIVE * max(scale, abs(narrow)))
    return (4 * narrow - wide) / 3, abs(narrow - wide) + rounding, not kink


def _rounding(line: _Line, step: float) -> float:
    return _ROUNDING * line.precision * max(abs(line.middle), 1e-300) / step
