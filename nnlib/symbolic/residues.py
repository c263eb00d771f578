"""An expression's residue at a random point modulo a large prime, by exact arithmetic.

Symbols and calls of undefined functions get random residues; sums, products and whole powers are arithmetic.

exp turns sums into products, and so does exp(u) = g^u modulo a prime p, where u is a residue modulo a prime q
that divides p − 1 and g is an element of order q. So there is a ladder of primes, from 2⁶¹ − 1 up, and an
exponent is computed one rung below its exponential: exp(u + v) = exp(u) exp(v) and exp(u/2)² = exp(u) hold
by themselves, nested exponentials need further rungs, and no exponent is ever expanded.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from nnlib.symbolic.undefined import Undefined


class NoResidue(Exception):
    """An expression that has no residue; the message says which part of it."""


class Pole(Exception):
    """A denominator is 0 at this point: draw another."""


def nesting(e: sp.Basic, known: dict[sp.Basic, int]) -> int:
    """How deep exponentials are nested: how many rungs an expression needs below its own.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> nesting(1 + sp.exp(2 * x + sp.exp(x)), {})
    2
    """
    if e not in known:
        inner = max((nesting(part, known) for part in e.args), default=0)
        known[e] = inner + (isinstance(e, sp.exp | sp.tanh) or e is sp.E)
    return known[e]


@cache
def rung(number: int) -> tuple[int, int]:
    """A prime p, and an element whose order modulo p is the prime one rung below (on the lowest: none).

    Examples
    --------
    >>> (q, _), (p, g) = rung(0), rung(1)
    >>> q == 2**61 - 1, pow(g, q, p), (p - 1) % q
    (True, 1, 0)
    """
    if number == 0:
        return 2**61 - 1, 1
    q, _ = rung(number - 1)
    p = next(p for k in range(2, 10**6, 2) if sp.isprime(p := k * q + 1))
    return p, next(g for h in range(2, 100) if (g := pow(h, (p - 1) // q, p)) != 1)


class Point:
    """Residues of symbols and calls, drawn when they are met; each part is computed once a rung.

    Parameters
    ----------
    top : int
        The rung that the values asked for stand on: the depth to which exponentials are nested, or higher.
    rng : random.Random
        Draws the residues.
    sign : callable
        The sign (1, 0 or −1) of a quantity on which a case distinction turns; asked once for u and −u.
    """

    def __init__(self, top: int, rng: random.Random, sign: Callable[[], int]) -> None:
        self._top, self._rng, self._choose = top, rng, sign
        self._known: list[dict[sp.Basic, int]] = [{} for _ in range(top + 1)]
        self._calls: dict[Any, int] = {}
        self._signs: dict[int, int] = {}
        self._held: dict[sp.Basic, bool] = {}

    def value(self, e: sp.Basic) -> int:
        """The residue of an expression.

        Raises
        ------
        Pole
            Where a denominator is 0.
        NoResidue
            For what is no sum, product, whole power, known call, case distinction or rational number.
        """
        return self._at(e, self._top)

    def _at(self, e: Any, level: int) -> int:
        known = self._known[level]
        if e not in known:
            known[e] = self._compute(e, level)
        return known[e]

    def _compute(self, e: Any, level: int) -> int:
        p, _ = rung(level)
        if e.is_Rational:
            return int(e.p) * pow(int(e.q), -1, p) % p
        if e.is_Symbol:
            return self._rng.randrange(p)
        if e.is_Add:
            return sum(self._at(term, level) for term in e.args) % p
        if e.is_Mul:
            product = 1
            for factor in e.args:
                product = product * self._at(factor, level) % p
            return product
        if e.is_Pow and e.exp.is_Integer:
            return self._power(e, level, p)
        if isinstance(e, sp.Piecewise):
            return self._at(self._branch(e), level)
        return self._call(e, level)

    def _power(self, e: sp.Pow, level: int, p: int) -> int:
        base = self._at(e.base, level)
        if e.exp < 0 and base == 0:
            raise Pole(str(e.base))
        return pow(base, int(e.exp), p)

    def _call(self, e: Any, level: int) -> int:
        p, g = rung(level)
        if e is sp.E:
            return g
        if isinstance(e, sp.exp):
            return pow(g, self._at(e.args[0], level - 1), p)
        if isinstance(e, sp.tanh):
            square = pow(g, 2 * self._at(e.args[0], level - 1), p)  # exp(2u); no p − 1: its order is odd
            return (square - 1) * pow(square + 1, -1, p) % p
        if isinstance(e, Undefined | sp.log):
            key = (level, e.func, *(self._at(argument, level) for argument in e.args))
            if key not in self._calls:
                self._calls[key] = self._rng.randrange(p)
            return self._calls[key]
        raise NoResidue(f"no residue is known for {e.func.__name__}, in {e}")

    # ---- case distinctions -----------------------------------------------------------------------------

    def _branch(self, e: sp.Piecewise) -> sp.Expr:
        for branch, condition in e.args:
            if self._holds(condition):
                return branch
        raise NoResidue(f"{e} has no branch in a case of its conditions")

    def _holds(self, condition: Any) -> bool:
        if condition not in self._held:
            self._held[condition] = self._judge(condition)
        return self._held[condition]

    def _judge(self, condition: Any) -> bool:
        """A condition; only those of its parts are asked about that it takes to know."""
        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.ITE):
            return self._holds(condition.args[1 if self._holds(condition.args[0]) else 2])
        if isinstance(condition, sp.Not):
            return not self._holds(condition.args[0])
        if isinstance(condition, sp.And):
            return all(self._holds(part) for part in condition.args)
        if isinstance(condition, sp.Or):
            return any(self._holds(part) for part in condition.args)
        if isinstance(condition, Relational):
            return self._compare(condition)
        raise NoResidue(f"the condition {condition} is no inequality")

    def _compare(self, condition: Relational) -> bool:
        """Decide lhs > rhs, lhs = rhs … by the sign of lhs − rhs."""
        p, _ = rung(self._top)
        sign = self._sign((self._at(condition.lhs, self._top) - self._at(condition.rhs, self._top)) % p, p)
        return bool(condition.func(sign, 0))

    def _sign(self, residue: int, p: int) -> int:
        """The sign chosen for u: −u has the other one, so a condition and its mirror are at one."""
        if residue == 0:
            return 0
        if p - residue in self._signs:
            return -self._signs[p - residue]
        if residue not in self._signs:
            self._signs[residue] = self._choose()
        return self._signs[residue]
