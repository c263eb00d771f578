"""An expression's value in interval arithmetic: bounds that are certain, or no value at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sympy as sp
from mpmath import iv

from nnlib.symbolic.undefined import Undefined

Point = Mapping[sp.Symbol, sp.Rational]
Choice = Mapping[type[Undefined], sp.Lambda]

iv.dps = 30


class NoValue(Exception):
    """The expression has no (certain) value at this point: a division by 0, the logarithm of a negative."""


def enclose(e: sp.Expr, point: Point, choice: Choice) -> Any:
    """An interval that surely holds the value of ``e`` at a point.

    Parameters
    ----------
    e : expression
        Of rational numbers, symbols, + · and powers, exp, log, tanh and undefined functions.
    point : mapping
        A rational number for each symbol.
    choice : mapping
        A polynomial for each undefined function; its derivatives follow from it.

    Raises
    ------
    NoValue
        Where the expression is not defined, or holds a function not known here.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> enclose(sp.exp(x) - 1, {x: sp.Integer(0)}, {})
    mpi('0.0', '0.0')
    """
    return Enclosure(point, choice).of(e)


class Enclosure:
    """The intervals at one point; what stands in several places is enclosed once."""

    def __init__(self, point: Mapping[sp.Symbol, Any], choice: Choice) -> None:
        self._point, self._choice = point, choice
        self._found: dict[sp.Basic, Any] = {}

    def of(self, e: sp.Expr) -> Any:
        """As `enclose`, at this point."""
        if e not in self._found:
            self._found[e] = self._value(e)
        return self._found[e]

    def _value(self, e: sp.Expr) -> Any:
        if e.is_Rational:
            return iv.mpf(int(e.p)) / int(e.q)
        if e.is_Symbol:
            return self._number(e)
        if isinstance(e, sp.Piecewise):
            return self.of(self._branch(e))
        values = [self.of(argument) for argument in e.args]
        if isinstance(e, Undefined):
            return self._chosen(e, values)
        if e.is_Add:
            return sum(values, iv.mpf(0))
        if e.is_Mul:
            return _product(values)
        return _power(e, *values) if e.is_Pow else _function(e, values)

    def _number(self, symbol: sp.Symbol) -> Any:
        if symbol not in self._point:
            raise NoValue(f"{symbol} is bound")
        number = self._point[symbol]
        return self.of(number) if isinstance(number, sp.Expr) else number

    def _chosen(self, e: Undefined, values: list[Any]) -> Any:
        """The value of the polynomial that stands for an undefined function, or of its derivative."""
        variables, body = _derivative(self._choice[e.func.base], tuple(e.func.by))
        return Enclosure(dict(zip(variables, values, strict=True)), {}).of(body)

    def _branch(self, e: sp.Piecewise) -> sp.Expr:
        for branch, condition in e.args:
            if self._holds(condition):
                return branch
        raise NoValue(f"{e} has no branch here")

    def _holds(self, condition: Any) -> bool:
        """Whether a condition surely holds; NoValue where it is too close to call."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.ITE):
            return self._holds(condition.args[1] if self._holds(condition.args[0]) else condition.args[2])
        if not isinstance(condition, sp.StrictGreaterThan | sp.StrictLessThan):
            raise NoValue(f"{condition} is no strict inequality")
        gap = self.of(condition.gts - condition.lts)
        if not (gap.a > 0 or gap.b <= 0):
            raise NoValue(f"{condition} is too close to call")
        return bool(gap.a > 0)


@cache
def _derivative(polynomial: sp.Lambda, by: tuple[int, ...]) -> tuple[tuple[sp.Symbol, ...], sp.Expr]:
    body = polynomial.expr
    for k in by:
        body = sp.diff(body, polynomial.variables[k - 1])
    return tuple(polynomial.variables), body


def _product(values: list[Any]) -> Any:
    product = iv.mpf(1)
    for value in values:
        product = product * value
    return product


def _power(e: sp.Expr, base: Any, exponent: Any) -> Any:
    if e.exp.is_Integer:
        if e.exp < 0 and 0 in base:
            raise NoValue(f"division by {e.base} = 0")
        return base ** int(e.exp)
    if not base.a > 0:
        raise NoValue(f"{e.base} is not positive")
    return iv.exp(exponent * iv.log(base))


def _function(e: sp.Expr, values: list[Any]) -> Any:
    if isinstance(e, sp.exp):
        return iv.exp(values[0])
    if isinstance(e, sp.tanh):
        return 1 - 2 / (iv.exp(2 * values[0]) + 1)
    if isinstance(e, sp.log) and values[0].a > 0:
        return iv.log(values[0])
    raise NoValue(f"{e.func.__name__} has no value here")
