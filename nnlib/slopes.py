"""Slopes of a function of arrays, measured by differences, each with the error that it may have.

Two central differences with steps h and h/2 are combined so that the error falls with h⁴ (Richardson). The
error that is left is judged by two things that vanish where the function is smooth: how far the two, and a
third from close by, differ; and how much bend is left when the step goes to 0. At a kink the second stays.
Where either is too large the step is made smaller; where that does not help, there is no slope to speak of,
and it is not sure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import factorial, isfinite
from typing import Any

import numpy as np

from nnlib.activations import Array

_SMALLER = (1, 0.1, 0.01, 0.001)  # the steps, as parts of the first
_COARSEST = 1e-5  # of its value: a function that is known to fewer digits is taken as if it had so many
_RELATIVE = 1e-6  # of the largest slope of an array: what is nearer than that counts as equal
_ROUGH = 1e-5  # of the largest slope: an error above that sends to a smaller step
_ROUNDING = 8  # times the noise of the function, over the step
_CLOSE = 32  # parts of the step: from there the function is looked at once more, closely
_ORDER = 5  # differences of this order hold nothing of a smooth function, only its noise
_CHANGES = 1e-6  # of its value: a function that changes by more from call to call draws random numbers


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

    @property
    def clear(self) -> Array:
        """Which slopes are surely not 0."""
        return self.sure & (abs(self.value) > self.allowed)

    def agrees(self, other: Array) -> bool:
        """Whether another array of slopes is equal, within what is allowed, where these are sure."""
        return bool((abs(other - self.value) <= self.allowed)[self.sure].all())


def measure(
    function: Callable[[list[Array]], Any], point: Sequence[Array], expected: Sequence[Array] | None = None
) -> list[Slopes]:
    """The slopes of a function at a point, array by array. The function is called with copies.

    Where they differ from what was expected, the function is looked at once more, from closer by; if that
    agrees with what was expected, the slope is not sure.

    Raises
    ------
    TypeError
        When it does not give one real number.
    ValueError
        When that number is not finite at the point itself, or another one at each call.
    """
    with np.errstate(all="ignore"):  # a step may leave the function's domain: its slope is not sure then
        middle, again = (_number(function([array.copy() for array in point])) for _ in range(2))
        if not isfinite(middle[0]):
            raise ValueError(f"the loss of these parameters is {middle[0]}: there is nothing to measure")
        if not abs(middle[0] - again[0]) <= _CHANGES * abs(middle[0]):
            raise ValueError(
                f"the loss of the same parameters is {middle[0]:.6g}, and then {again[0]:.6g}: does it draw "
                "random numbers, for dropout, say, or write into its data? Draw them once, outside of it"
            )
        shaken, size = _noise(function, point)
        size = max(size, abs(middle[0]), np.finfo(float).tiny)
        noise = max(shaken, middle[1] * size)
        precision = min(noise / size, _COARSEST)
        lines = [_Line(function, point, k, middle[0], noise, precision) for k in range(len(point))]
        guesses = point if expected is None else expected
        return [
            _of_array(line, guess if expected is not None and guess.shape == line.shape else None)
            for line, guess in zip(lines, guesses, strict=True)
        ]


def _number(value: Any) -> tuple[float, float]:
    """A function's value as a float, and the relative precision of its type."""
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf":
        raise TypeError(f"the loss should be one real number, not {value!r}")
    return float(array.ravel()[0]), float(np.finfo(array.dtype if array.dtype.kind == "f" else float).eps)


def _noise(function: Callable[[list[Array]], Any], point: Sequence[Array]) -> tuple[float, float]:
    """By how much rounding shakes the function, and its size.

    The first is large if it computes in single precision and hides it. High differences along a few tiny
    walks hold this noise alone (Moré and Wild, 2011).
    """
    rng = np.random.default_rng(0)
    found, sizes = [], []
    for _ in range(5):  # one or the other may cross a kink
        way = [1e-7 * rng.uniform(0.5, 1.5, a.shape) * np.maximum(1, abs(a)) for a in point]
        walk = range(2 * _ORDER)
        values = [_number(function([a + k * d for a, d in zip(point, way, strict=True)]))[0] for k in walk]
        sizes.append(max(map(abs, values)))
        share = factorial(_ORDER) ** 2 / factorial(2 * _ORDER)
        found.append(float(np.sqrt(share * np.mean(np.diff(values, _ORDER) ** 2))))
    middle = float(np.median(found))
    size = float(np.median(sizes))
    return (middle, size) if isfinite(middle) and isfinite(size) else (0.0, 0.0)


@dataclass(frozen=True)
class _Line:
    """The function along one entry of one array."""

    function: Callable[[list[Array]], Any]
    point: Sequence[Array]
    number: int
    middle: float
    noise: float
    precision: float

    @property
    def shape(self) -> tuple[int, ...]:
        return self.point[self.number].shape

    def at(self, index: tuple[int, ...], distance: float) -> float:
        moved = [array.copy() for array in self.point]
        moved[self.number][index] += distance
        return _number(self.function(moved))[0]


def _of_array(line: _Line, expected: Array | None) -> Slopes:
    array = line.point[line.number]
    value, error = np.zeros(array.shape), np.full(array.shape, np.inf)
    sure = np.zeros(array.shape, bool)
    first = line.precision**0.3
    rough = max(_ROUGH, 30 * line.precision ** (2 / 3))
    scale = 0.0
    for step in (first * part for part in _SMALLER):
        for index in map(tuple, np.argwhere(~sure)):
            slope, its_error = _slope(line, index, step)
            if its_error < error[index]:
                value[index], error[index] = slope, its_error
        scale = float(abs(value[np.isfinite(error)]).max(initial=0.0))
        sure = np.asarray(error <= rough * scale + 2 * _rounding(line, step))
        if sure.all():
            break
    scale = max(scale, _rounding(line, first))
    coarse = line.precision > 1e-12  # rounding is then all that is left, and it has no even spread
    allowed = _RELATIVE * scale + (3 if coarse else 1) * error
    if expected is not None:
        for index in map(tuple, np.argwhere(sure & (abs(value - expected) > allowed))):
            sure[index] = not _agrees_closer_by(line, index, first, value[index], expected[index], scale)
    return Slopes(value, allowed, sure, scale)


def _agrees_closer_by(
    line: _Line, index: tuple[int, ...], first: float, value: float, expected: float, scale: float
) -> bool:
    """Whether some smaller step, known well enough to tell, gives the expected slope and not the measured."""
    for part in (0.3, 0.1, 0.03, 0.01, 0.003, 0.001):
        step = first * part * max(1.0, abs(float(line.point[line.number][index])))
        slope = (line.at(index, step) - line.at(index, -step)) / (2 * step)
        near = _rounding(line, step) + _RELATIVE * scale
        if abs(slope - expected) <= near < abs(value - expected) / 2:
            return True
    return False


def _slope(line: _Line, index: tuple[int, ...], step: float) -> tuple[float, float]:
    """A slope, and the error that it may have: infinite where the function has no value."""
    h = step * max(1.0, abs(float(line.point[line.number][index])))
    steps = h, h / 2, h / _CLOSE
    pairs = [[line.at(index, sign * d) for sign in (1, -1)] for d in steps]
    if not np.isfinite(pairs).all():
        return 0.0, np.inf
    wide, narrow, close = ((up - down) / (2 * d) for (up, down), d in zip(pairs, steps, strict=True))
    slope = (4 * narrow - wide) / 3
    # The bend of a smooth function is in proportion to the step; at a kink one stays.
    far, near, nearest = (
        (up - 2 * line.middle + down) / d for (up, down), d in zip(pairs, steps, strict=True)
    )
    kinks = abs(2 * near - far), abs(nearest - 2 * near / _CLOSE) - _rounding(line, steps[2])
    unlike = 2 * abs(narrow - wide), abs(slope - close) - _rounding(line, steps[2])
    return slope, 1.5 * (max(*unlike, 0.0) + max(*kinks, 0.0)) + _rounding(line, h)


def _rounding(line: _Line, step: float) -> float:
    return _ROUNDING * line.noise / step
