"""Which two sides may be compared: routes of their own. Nothing is proved equal to itself."""

from __future__ import annotations

from itertools import chain
from typing import Any

import sympy as sp

from nnlib.symbolic.formula import Formula
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Entry, Jacobian, Partial, PartialEntry


class NotAClaim(Exception):
    """Two sides that are not independent, so that their equality would show nothing."""


def require_independent(left: Any, right: Any) -> None:
    """Refuse two sides that are one expression, or of which the second holds the first.

    Raises
    ------
    NotAClaim
        The message shows both.
    """
    ours, theirs = getattr(left, "rhs", left), getattr(right, "rhs", right)
    if ours == theirs or (_flat(left) is not None and _flat(left) == _flat(right)):
        raise NotAClaim(f"{latex(ours)} = {latex(theirs)}: both sides are one expression")
    if isinstance(left, Partial | Jacobian):
        (taken,) = derivatives(left)
        if taken in derivatives(*_parts(right)):
            raise NotAClaim(f"{latex(left)} stands on the right side too: it would be proved equal to itself")


def derivatives(*expressions: Any) -> set[tuple[str, str]]:
    """(of, by) of every derivative in the expressions, by the letters' names."""
    found = set()
    for expression in expressions:
        parts = list(chain.from_iterable(expression)) if isinstance(expression, list) else [expression]
        for part in parts:
            for atom in part.atoms(Partial, PartialEntry, Jacobian):
                found.add(tuple(getattr(e, "letter", e).name for e in atom.args))
    return found


def _parts(step: Any) -> list[sp.Basic]:
    """The expressions that a step consists of, those of the formulas given included."""
    if not isinstance(step, Formula):
        return [step]
    own = list(chain.from_iterable(step.rhs)) if isinstance(step.rhs, list) else [step.rhs]
    return [*own, *(part for formula in step.given.values() for part in _parts(formula))]


def _flat(step: Any) -> Any:
    """A matrix expression with the formulas given put in; None where entries are named one by one."""
    if not isinstance(step, Formula):
        return step
    if not isinstance(step.rhs, sp.MatrixExpr) or step.rhs.has(Entry):
        return None
    return step.rhs.xreplace({f.lhs: _flat(f) for f in step.given.values() if _flat(f) is not None})
