"""The points at which formulas are compared: the same in Python and in the page, and the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: How many random points a right formula has to agree at.
POINTS = 12
#: How many points with small numbers are tried when a difference is to be shown.
READABLE = 7
_SEED, _SCALES = 2016, (1.0, 0.5, 2.0, 3.0)
_SMALL = (1.0, 2.0, -1.0, 3.0, -2.0, 0.5, -3.0)

Range = tuple[float, float] | None


def random_numbers(seed: int) -> Iterator[float]:
    """Numbers from 0 to 1, by the generator mulberry32.

    Examples
    --------
    >>> [round(number, 6) for number, _ in zip(random_numbers(2016), range(3))]
    [0.15009, 0.147125, 0.294539]
    """
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        t = _multiply(state ^ (state >> 15), state | 1)
        t ^= (t + _multiply(t ^ (t >> 7), t | 61)) & 0xFFFFFFFF
        yield ((t ^ (t >> 14)) & 0xFFFFFFFF) / 4294967296


def _multiply(a: int, b: int) -> int:
    """``Math.imul``, without its sign."""
    return (a * b) & 0xFFFFFFFF


def random_points(ranges: Sequence[Range]) -> list[list[float]]:
    """Points of several scales; an input that has a range stays within it.

    Examples
    --------
    >>> len(random_points([None, (0, 1)])), len(random_points([None])[0])
    (12, 1)
    """
    draw = random_numbers(_SEED)
    points = []
    for k in range(POINTS):
        scale = _SCALES[k % len(_SCALES)]
        bounds = [(-scale, scale) if limits is None else limits for limits in ranges]
        points.append([low + (high - low) * next(draw) for low, high in bounds])
    return points


def readable_points(ranges: Sequence[Range]) -> list[list[float]]:
    """Points of small numbers, to be shown to a reader.

    Examples
    --------
    >>> readable_points([None, None, (0, 1)])[0]
    [1.0, 2.0, 0.75]
    """
    return [
        [
            _SMALL[(k + turn) % len(_SMALL)]
            if limits is None
            else limits[0] + (limits[1] - limits[0]) * (1 + (k + turn) % 3) / 4
            for k, limits in enumerate(ranges)
        ]
        for turn in range(READABLE)
    ]
