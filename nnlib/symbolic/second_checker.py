"""Equality, judged a second time: exact arithmetic at random points modulo large primes.

Nothing is shared with ``prove`` and its normal forms, so that an error there does not pass unseen. Where two
expressions differ, a random point shows it, but for one case in about 10¹⁶.

A condition, as ReLU has one, holds or does not: every case is visited, u > 0, u < 0 and u = 0 of each u that
is compared with 0, whatever the value of u.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array
from nnlib.symbolic.residues import NoResidue, Point, Pole, nesting

_POINTS = 3
_MANY = 100  # cases visited one by one at each point; where there are more, so many again are drawn
_REDRAWS = 20
_SIGNS = (1, -1, 0)


@dataclass(frozen=True)
class Opinion:
    """Whether two sides agree; it is falsy where they do not.

    Attributes
    ----------
    agree : bool
    index : tuple of int, or None
        The first entry that differs, from 1; None for scalars, and where shapes differ.
    """

    agree: bool
    index: tuple[int, ...] | None = None

    def __bool__(self) -> bool:
        return self.agree

    def __str__(self) -> str:
        if self.agree:
            return f"equal at {_POINTS} random points modulo primes from 2⁶¹ − 1 up"
        where = f" in entry ({', '.join(map(str, self.index))})" if self.index else ""
        return f"different{where} at a random point modulo a prime from 2⁶¹ − 1 up"


def agree(lhs: Any, rhs: Any, seed: int = 0) -> Opinion:
    """Judge whether two scalars or matrices of expressions are equal, entry by entry.

    Parameters
    ----------
    lhs, rhs : number, expression or array_like of them
        Rational numbers, symbols, sums, products, integer powers, exp, tanh, log, undefined functions and
        case distinctions by inequalities. Of log nothing is known but that it is a function.
    seed : int
        For the random points.

    Raises
    ------
    NoResidue
        For anything else, and where denominators vanish at every point.

    Examples
    --------
    >>> x, y = sp.symbols("x y")
    >>> bool(agree(1 / (1 + sp.exp(-x)), sp.exp(x) / (1 + sp.exp(x))))
    True
    >>> print(agree([[x, x * y]], [[x, x + y]]))
    different in entry (1, 2) at a random point modulo a prime from 2⁶¹ − 1 up
    """
    left, right = np.asarray(lhs, dtype=object), np.asarray(rhs, dtype=object)
    if left.shape != right.shape:
        return Opinion(False)
    sides = [_expression(e) for e in (*left.ravel(), *right.ravel())]
    known: dict[sp.Basic, int] = {}
    rung = max((nesting(e, known) for e in sides), default=0)
    rng = random.Random(seed)  # noqa: S311  nothing secret here
    for _ in range(_POINTS):
        for residues in _cases(sides, rung, rng):
            if different := _first_difference(residues, left):
                return different[0]
    return Opinion(True)


def _expression(value: Any) -> sp.Expr:
    if isinstance(value, str):  # SymPy would evaluate the text as a program
        raise NoResidue(f"{value!r} is text")
    e = sp.sympify(value)
    if not isinstance(e, sp.Expr):
        raise NoResidue(f"{value!r} is no expression")
    return e


def _first_difference(residues: Sequence[int], array: Array) -> list[Opinion]:
    """The first half against the second, which are the entries of two arrays: a list of one, or of none."""
    for k, (one, other) in enumerate(zip(residues[: array.size], residues[array.size :], strict=True)):
        if one != other:
            place = tuple(int(n) + 1 for n in np.unravel_index(k, array.shape))
            return [Opinion(False, place or None)]
    return []


# ---- the cases of conditions -------------------------------------------------------------------------------


class _Signs:
    """The sign of every u that a condition asks about, in one case after the other."""

    def __init__(self) -> None:
        self._case: list[int] = []
        self._asked = 0

    def begin(self) -> None:
        """Start to answer, for the present case."""
        self._asked = 0

    def answer(self) -> int:
        """The sign of a u not asked about before."""
        if self._asked == len(self._case):
            self._case.append(0)
        self._asked += 1
        return _SIGNS[self._case[self._asked - 1]]

    def advance(self) -> bool:
        """Go to the next case; False after the last one."""
        del self._case[self._asked :]
        while self._case and self._case[-1] == len(_SIGNS) - 1:
            self._case.pop()
        if self._case:
            self._case[-1] += 1
        return bool(self._case)

    def shuffle(self, rng: random.Random) -> None:
        """Go to a case drawn at random."""
        self._case = [rng.randrange(len(_SIGNS)) for _ in range(_MANY)]


def _cases(sides: Sequence[sp.Expr], rung: int, rng: random.Random) -> Iterator[list[int]]:
    """The residues of all sides in every case; in many of them, where there are too many."""
    signs = _Signs()
    for _ in range(_MANY):
        yield _residues(sides, rung, rng, signs)
        if not signs.advance():
            return
    for _ in range(_MANY):
        signs.shuffle(rng)
        yield _residues(sides, rung, rng, signs)


def _residues(sides: Sequence[sp.Expr], rung: int, rng: random.Random, signs: _Signs) -> list[int]:
    for _ in range(_REDRAWS):
        signs.begin()
        point = Point(rung, rng, signs.answer)
        try:
            return [point.value(e) for e in sides]
        except Pole as pole:
            vanishes = pole
    raise NoResidue(f"{vanishes} is 0 at every point, and stands in a denominator")
