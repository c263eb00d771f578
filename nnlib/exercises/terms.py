"""How long an expression is when it is multiplied out, without doing it."""

from __future__ import annotations

from functools import lru_cache
from math import comb, prod
from typing import Any

import sympy as sp


def terms(e: Any) -> int:
    """A bound on the number of terms above the line, or below it, whichever is more.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> terms((x + y) ** 12 * (x - 1)), terms(sp.exp(x + y) / (x + y) ** 2), terms(8 * x**7 + 1 / (x + 1))
    (26, 3, 3)
    """
    return max(_above_and_below(sp.sympify(e)))


@lru_cache(maxsize=20_000)  # a power of a matrix holds the same parts again and again
def _above_and_below(e: Any) -> tuple[int, int]:
    if isinstance(e, sp.Add | sp.Mul):
        parts = [_above_and_below(arg) for arg in e.args]
        below = prod(bottom for _, bottom in parts)
        if isinstance(e, sp.Mul):
            return prod(top for top, _ in parts), below
        return sum(top * (below // bottom) for top, bottom in parts), below
    if isinstance(e, sp.Pow) and e.exp.is_Integer:
        power = abs(int(e.exp))
        top, bottom = (comb(count + power - 1, power) for count in _above_and_below(e.base))
        return (top, bottom) if e.exp > 0 else (bottom, top)
    return 1, 1
