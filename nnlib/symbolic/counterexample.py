"""A point at which two expressions certainly differ."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, cycle
from typing import Any

import sympy as sp

from nnlib.symbolic.interval import Enclosure, NoValue
from nnlib.symbolic.letters import with_raised_layer
from nnlib.symbolic.undefined import Undefined

_TRIES = 40
# Small, and no period that a small matrix shares: a lost transpose must show.
_READABLE = tuple(map(sp.Rational, (1, 2, -1, 3, -2, "1/2", -3)))


@dataclass(frozen=True)
class Counterexample:
    """A point at which the two sides are certainly apart (by interval arithmetic); it is falsy.

    Attributes
    ----------
    point : dict
        Symbol → rational number; undefined function → the polynomial chosen for it.
    lhs : float
        The left side there.
    rhs : float
        The right side there.
    index : tuple of int, or None
        The entry that differs, from 1; None for scalars.

    Examples
    --------
    >>> from nnlib.symbolic import prove
    >>> x = sp.Symbol("x")
    >>> outcome = prove(2 * x, x)
    >>> bool(outcome), outcome.lhs, outcome.rhs, outcome.point
    (False, 2.0, 1.0, {x: 1})
    """

    point: dict[Any, Any]
    lhs: float
    rhs: float
    index: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        where = "" if self.index is None else f"entry ({self.index[0]}, {self.index[1]}): "
        at = ", ".join(f"{_plain(key)} = {_plain(value)}" for key, value in self.point.items())
        return f"{where}{self.lhs:.6g} on the left, {self.rhs:.6g} on the right, at {at or 'every point'}"


def find_counterexample(lhs: sp.Expr, rhs: sp.Expr, seed: int = 0) -> list[Counterexample]:
    """A point at which two expressions certainly differ: a list of one, or of none.

    Readers will look at it, so the first try is a few small numbers, with squares for undefined functions;
    then come random fractions and polynomials of degree three. The derivatives are those of the polynomials.
    """
    symbols = sorted(lhs.free_symbols | rhs.free_symbols, key=str)
    functions = sorted({c.func.base for e in (lhs, rhs) for c in e.atoms(Undefined)}, key=str)
    rng = random.Random(seed)  # noqa: S311  nothing secret here
    for attempt in range(_TRIES):
        numbers = _fractions(rng, top=3 if attempt < _TRIES // 2 else 9) if attempt else cycle(_READABLE)
        polynomial = _cubic if attempt else _squares
        point = {symbol: _allowed(symbol, sp.Rational(next(numbers))) for symbol in symbols}
        if any(symbol.is_zero for symbol in symbols):
            return []  # a symbol that is 0 by its assumptions: no point tells anything
        choice = {f: polynomial(f.arity, numbers) for f in functions}
        try:
            at = Enclosure(point, choice)
            left, right = at.of(lhs), at.of(rhs)
        except NoValue:
            continue
        if 0 not in left - right:
            return [Counterexample({**point, **choice}, float(left.mid), float(right.mid))]
    return []


def _fractions(rng: random.Random, top: int) -> Iterator[sp.Rational]:
    while True:
        yield sp.Rational(rng.choice([-1, 1]) * rng.randint(1, top), rng.randint(1, top // 3))


def _allowed(symbol: sp.Symbol, number: sp.Rational) -> sp.Rational:
    if symbol.is_integer:
        number = sp.Integer(number.p)
    if symbol.is_nonpositive:
        return -abs(number)
    return abs(number) if symbol.is_nonnegative else number


def _squares(arity: int, numbers: Iterator[sp.Rational]) -> sp.Lambda:  # noqa: ARG001  as _cubic
    """u₁² + 2u₂² + …: simple to read, and no two arguments alike."""
    variables = sp.symbols(f"u_1:{arity + 1}", seq=True)
    return sp.Lambda(variables, sum(k * u**2 for k, u in enumerate(variables, start=1)))


def _cubic(arity: int, numbers: Iterator[sp.Rational]) -> sp.Lambda:
    variables = sp.symbols(f"u_1:{arity + 1}", seq=True)
    monomials = (c for d in range(4) for c in combinations_with_replacement(variables, d))
    return sp.Lambda(variables, sum(next(numbers) * sp.prod(c) for c in monomials))


def _plain(thing: Any) -> str:
    if isinstance(thing, type):
        return thing.__name__
    return str(thing.expr) if isinstance(thing, sp.Lambda) else with_raised_layer(str(thing))
