"""Whether values agree at every point: a bound on the difference that knows what rounding may have done."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nnlib.exercises.values import Value

_CLOSE, _ROUNDING = 1e-11, 16 * 2.0**-52
_ROUGH = 1e-7  # where rounding may have done more than this, two formulas are not told apart
_SEEN = 1e-10  # of what a number changes, when it grows by a thousandth
_CLEAR = 1e-2  # a difference that a reader sees


def compare(values: Sequence[Value], truths: Sequence[Value]) -> str:
    """``equal`` at every point, ``different``, or ``rough`` where rounding hides which.

    The bound is a hundred-billionth of the number, and what the typed formula may have lost by rounding.

    Examples
    --------
    >>> one, other = Value(1, 1, ((1.0, 0.0),)), Value(1, 1, ((1.0 + 1e-9, 0.0),))
    >>> compare([one], [one]), compare([one], [other])
    ('equal', 'different')
    """
    rough = False
    for value, truth in zip(values, truths, strict=True):
        if value.shape != truth.shape:
            return "different"
        size = max(abs(t) for t, _ in truth.entries)
        for (u, error), (t, _) in zip(value.entries, truth.entries, strict=True):
            lost = _ROUNDING * error
            bound = _CLOSE * max(abs(u), abs(t)) + 1e-13 * size + lost
            if not abs(u - t) <= bound:  # also where there is no number
                return "different"
            rough = rough or lost > _ROUGH * (size + 1e-3)
    return "rough" if rough else "equal"


def proportion(values: Sequence[Value], truths: Sequence[Value]) -> float:
    """The one constant that the values are of the truth at every point, or 0.

    Examples
    --------
    >>> one, two = Value(1, 1, ((1.0, 0.0),)), Value(1, 1, ((2.0, 0.0),))
    >>> proportion([two], [one])
    2.0
    """
    if values[0].shape != truths[0].shape:
        return 0.0
    mine, true = values[0].entries, truths[0].entries
    square = sum(t * t for t, _ in true)
    if square == 0 or not math.isfinite(square):
        return 0.0
    factor = sum(u * t for (u, _), (t, _) in zip(mine, true, strict=True)) / square
    if not math.isfinite(factor) or abs(factor) < 1e-9:
        return 0.0
    if abs(factor + 1) < 1e-9:
        factor = -1.0
    scaled = [truth.map(lambda entry: (factor * entry[0], entry[1])) for truth in truths]
    return factor if compare(values, scaled) == "equal" else 0.0


def moved(value: Value, before: Value, truth: Value) -> bool:
    """Whether a change of a thousandth somewhere in a formula has changed its value."""
    size = max(abs(t) for t, _ in truth.entries)
    pairs = zip(value.entries, before.entries, strict=True)
    return any(not abs(u - v) <= _SEEN * size for (u, _), (v, _) in pairs)


def finite(value: Value) -> bool:
    """Whether every entry has a value."""
    return all(math.isfinite(number) and math.isfinite(error) for number, error in value.entries)


def apart(value: Value, truth: Value, clearly: bool) -> bool:
    """Whether two matrices of one shape have values, and differ (clearly: so that four digits show it)."""
    if not (finite(value) and finite(truth)):
        return False
    if not clearly:
        return compare([value], [truth]) == "different"
    pairs = zip(value.entries, truth.entries, strict=True)
    return any(abs(u - t) > _CLEAR * max(abs(u), abs(t), 1.0) for (u, _), (t, _) in pairs)
