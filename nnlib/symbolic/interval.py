"""An expression's value in interval arithmetic: bounds that are certain, or no value at all."""

from __future__ import annotations

from collections.abc import Mapping
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
    if e.is_Rational:
        return iv.mpf(int(e.p)) / int(e.q)
    if e.is_Symbol:
        if e not in point:
            raise NoValue(f"{e} is bound")
        return enclose(point[e], point, choice)
    if isinstance(e, sp.Piecewise):
        return enclose(_branch(e, point, choice), point, choice)
    if isinstance(e, Undefined):
        return enclose(_chosen(e, choice), point, choice)
    values = [enclose(argument, point, choice) for argument in e.args]
    if e.is_Add:
        return sum(values, iv.mpf(0))
    if e.is_Mul:
        product = iv.mpf(1)
        for value in values:
            product = product * value
        return product
    if e.is_Pow:
        return _power(e, *values)
    return _function(e, values)


def _branch(e: sp.Piecewise, point: Point, choice: Choice) -> sp.Expr:
    for branch, condition in e.args:
        if _holds(condition, point, choice):
            return branch
    raise NoValue(f"{e} has no branch here")


def _holds(condition: Any, point: Point, choice: Choice) -> bool:
    """Whether a condition surely holds; NoValue where it is too close to call."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.ITE):
        chosen = condition.args[1] if _holds(condition.args[0], point, choice) else condition.args[2]
        return _holds(chosen, point, choice)
    if not isinstance(condition, sp.StrictGreaterThan | sp.StrictLessThan):
        raise NoValue(f"{condition} is no strict inequality")
    gap = enclose(condition.gts - condition.lts, point, choice)
    if not (gap.a > 0 or gap.b <= 0):
        raise NoValue(f"{condition} is too close to call")
    return bool(gap.a > 0)


def _chosen(e: Undefined, choice: Choice) -> sp.Expr:
    polynomial = choice[e.func.base]
    body = polynomial.expr
    for k in e.func.by:
        body = sp.diff(body, polynomial.variables[k - 1])
    return body.xreplace(dict(zip(polynomial.variables, e.args, strict=True)))


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
