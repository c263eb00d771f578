"""Which two sides may be compared: routes of their own. Nothing is proved equal to itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import sympy as sp

from nnlib.symbolic.formula import Formula
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Entry, Jacobian, Letter, Partial, PartialEntry


class NotAClaim(Exception):
    """Two sides that are not independent, so that their equality would show nothing.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import *
    >>> L, W, x, z = letters("L W x z")
    >>> forward = ForwardPass(network((2, 2)))
    >>> nn.claim("book.example", forward.diff(L, x), partial(L, x))
    Traceback (most recent call last):
    nnlib.ledger.independence.NotAClaim: ...: both sides are one expression
    """


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
    if isinstance(left, Partial | Jacobian | PartialEntry):
        (taken,) = derivatives(left)
        if taken in derivatives(*_parts(right)):
            raise NotAClaim(f"{latex(left)} stands on the right side too: it would be proved equal to itself")


CAUSES = ("slip", "scan", "unclear")


def require_well_formed(
    steps: Sequence[Any], as_written: Any, condition: Any, mended: Any, cause: str | None
) -> None:
    """Refuse a claim whose parts do not fit together.

    Raises
    ------
    NotAClaim
        The message says which part, and why.
    """
    if len(steps) < 2 or not all(isinstance(step, Formula | sp.Basic) for step in steps):
        raise NotAClaim(
            f"the right side should be a Formula, an expression or a list of them, not {steps[1:]}"
        )
    if as_written is not None and condition is not None:
        raise NotAClaim("a statement is either wrong as written or right on a condition, not both")
    if as_written is None and (mended is not None or cause is not None):
        raise NotAClaim("mended and cause belong to what is wrong as written: say as_written=… too")
    if cause not in (None, *CAUSES):
        raise NotAClaim(f"the cause is one of {', '.join(CAUSES)}, not {cause!r}")
    if condition is not None and condition[1].expression != steps[0]:
        raise NotAClaim("without its condition the claim must be about the same left side, on another pass")
    about = {_about(step) for step in (*steps, mended)}
    if isinstance(as_written, Formula) and _about(as_written) not in about:
        raise NotAClaim(f"{as_written.latex} is about something else than the claim")


def _about(step: Any) -> Any:
    """What a step names: (of, by) for a derivative, the letter's name otherwise, None for an expression."""
    lhs = getattr(step, "lhs", step)
    if isinstance(lhs, Partial | PartialEntry | Jacobian):
        return tuple(getattr(e, "letter", e).name for e in lhs.args)
    letter = getattr(lhs, "letter", lhs)
    return letter.name if isinstance(letter, Letter) else None


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
