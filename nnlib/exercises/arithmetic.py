"""Two arithmetics for entries: floats that know how far rounding may have led them astray, and symbols."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sympy as sp

Rounded = tuple[float, float]
Function = Callable[[float], tuple[float, ...]]


class Numbers:
    """Floats, each with a bound on its error in units of the last place; the page computes the same.

    Parameters
    ----------
    functions : mapping
        Name → a function from a number to its value and its first three derivatives.

    Examples
    --------
    >>> numbers = Numbers({})
    >>> third = numbers.number(1, 3)
    >>> numbers.add(third, numbers.negative(third))
    (0.0, 0.6666666666666666)
    """

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions

    def number(self, top: int, bottom: int) -> Rounded:
        """A rational number; whole ones are exact."""
        value = top / bottom
        return value, 0.0 if value == int(value) else abs(value)

    def add(self, a: Rounded, b: Rounded) -> Rounded:
        """A + b."""
        value = a[0] + b[0]
        return value, a[1] + b[1] + abs(value)

    def negative(self, a: Rounded) -> Rounded:
        """−a."""
        return -a[0], a[1]

    def times(self, a: Rounded, b: Rounded) -> Rounded:
        """Their product."""
        value = a[0] * b[0]
        return value, abs(a[0]) * b[1] + abs(b[0]) * a[1] + abs(value)

    def over(self, a: Rounded, b: Rounded) -> Rounded:
        """Their quotient; no number where it divides by 0."""
        if b[0] == 0:
            return math.nan, math.nan
        value = a[0] / b[0]
        return value, (a[1] + abs(value) * b[1]) / abs(b[0]) + abs(value)

    def power(self, a: Rounded, top: int, bottom: int) -> Rounded:
        """A power; no number for a root of what is negative, or a negative power of 0."""
        exponent = top / bottom
        if (a[0] < 0 and exponent != int(exponent)) or (a[0] == 0 and exponent < 0):
            return math.nan, math.nan
        value = _power(a[0], exponent)
        slope = 0.0 if exponent == 0 else abs(exponent * _power(a[0], exponent - 1))
        return value, slope * a[1] + abs(value)

    def call(self, name: str, primes: int, a: Rounded) -> Rounded:
        """A function of one entry, or one of its derivatives."""
        found = self._functions[name](a[0])
        return found[primes], abs(found[primes + 1]) * a[1] + abs(found[primes])


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.nan


class Symbols:
    """SymPy expressions, for a proof.

    Parameters
    ----------
    functions : mapping
        Name → what gives its derivatives, from the number of primes and a symbol.

    Examples
    --------
    >>> u = sp.Symbol("u", real=True)
    >>> Symbols({"exp": lambda primes, u: sp.exp(u)}).call("exp", 1, 2 * u)
    exp(2*u)
    """

    def __init__(self, functions: Mapping[str, Callable[[int, Any], Any]]) -> None:
        self._functions = functions

    def number(self, top: int, bottom: int) -> Any:
        """A rational number."""
        return sp.Rational(top, bottom)

    def add(self, a: Any, b: Any) -> Any:
        """A + b."""
        return a + b

    def negative(self, a: Any) -> Any:
        """−a."""
        return -a

    def times(self, a: Any, b: Any) -> Any:
        """Their product."""
        return a * b

    def over(self, a: Any, b: Any) -> Any:
        """Their quotient."""
        return a / b

    def power(self, a: Any, top: int, bottom: int) -> Any:
        """A power."""
        return a ** sp.Rational(top, bottom)

    def call(self, name: str, primes: int, a: Any) -> Any:
        """A function of one entry, or one of its derivatives."""
        u = sp.Symbol("u", real=True)
        return self._derivative(name, primes, u).xreplace({u: a})

    @cache  # noqa: B019  an arithmetic lives as long as its exercise
    def _derivative(self, name: str, primes: int, u: sp.Symbol) -> Any:
        return sp.sympify(self._functions[name](primes, u))
