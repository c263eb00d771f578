"""Equality, decided: a proof, a counterexample, or a loud ``Undecided``. Never an answer by silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array
from nnlib.shapes import show
from nnlib.symbolic.counterexample import Counterexample, find_counterexample
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.networks import network
from nnlib.symbolic.normal_form import NormalForms, NoRule
from nnlib.symbolic.survey import survey
from nnlib.symbolic.undefined import undefined_activation, undefined_loss


class Undecided(Exception):
    """Neither a proof nor a counterexample was found; the message holds both sides.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> prove(sp.sin(x) ** 2 + sp.cos(x) ** 2, 1)
    Traceback (most recent call last):
    nnlib.symbolic.prove.Undecided: sin(x)**2 + cos(x)**2  =?=  1: no rule for ...
    """


@dataclass(frozen=True)
class Proof:
    """Both sides are equal, entry by entry, for all values of the symbols.

    Attributes
    ----------
    entries : int
        How many entries were compared.
    nonzero : tuple
        The denominators that the proof takes to be non-zero, without those that cannot vanish.
    how : str
        By what it was decided.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> prove(x / x**2, 1 / x)
    Proof(entries=1, nonzero=(x,), how='equal normal forms over ℚ')
    """

    entries: int
    nonzero: tuple[sp.Expr, ...] = ()
    how: str = "equal normal forms over ℚ"


@dataclass(frozen=True)
class ShapeClash:
    """The two sides have different shapes, or one of them has none; it is falsy.

    Examples
    --------
    >>> print(prove([[1], [2]], [[1, 2]]))
    the left side is 2 × 1, the right side 1 × 2
    """

    message: str
    point: dict[Any, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return self.message


def prove(lhs: Any, rhs: Any) -> Proof | Counterexample | ShapeClash:
    """Decide whether two scalars, matrices of expressions or formulas are equal, entry by entry.

    Parameters
    ----------
    lhs, rhs : number, expression, array_like of them, or Formula
        Symbols, rational numbers, sums, products, integer powers, exp, log, tanh, case distinctions and
        undefined functions. Formulas are compared on a network of symbols with layers of different sizes, an
        undefined activation and an undefined loss.

    Raises
    ------
    Undecided
        When neither a proof nor a counterexample is found.

    Examples
    --------
    >>> from nnlib.symbolic import symbols
    >>> w, x = symbols("w", (2, 1)), symbols("x", (2, 1))
    >>> prove((w + x) ** 2, w**2 + 2 * w * x + x**2)
    Proof(entries=2, nonzero=(), how='equal normal forms over ℚ')
    >>> print(prove(w[0, 0] * x[0, 0], w[0, 0] + x[0, 0]))
    2 on the left, 3 on the right, at w_1 = 1, x_1 = 2
    >>> print(prove(w @ x.T, w))
    the left side is 2 × 2, the right side 2 × 1
    >>> from nnlib.symbolic import Formula, letters
    >>> W, x, y = letters("W x y")
    >>> bool(prove(Formula(y, W * x + y), Formula(y, y + W * x)))
    True
    """
    left, right = map(_as_array, _on_a_network(lhs, rhs))
    if left.size == right.size == 0:
        raise Undecided("there is nothing to compare: both sides are empty")
    if left.shape != right.shape:
        return ShapeClash(f"the left side is {show(left.shape)}, the right side {show(right.shape)}")
    pairs = {
        index: (_expression(left[index]), _expression(right[index])) for index in np.ndindex(*left.shape)
    }
    together = NormalForms(*chain.from_iterable(pairs.values()))
    nonzero: set[sp.Expr] = set()
    for index, (one, other) in pairs.items():
        outcome = _decide(one, other, together)
        if isinstance(outcome, Counterexample):
            place = (index[0] + 1, index[1] + 1) if len(index) == 2 else None
            return Counterexample(outcome.point, outcome.lhs, outcome.rhs, place)
        nonzero |= outcome
    return Proof(left.size, tuple(sorted(nonzero, key=str)))


def _as_array(side: Any) -> Array:
    array = np.empty((), dtype=object)
    if isinstance(side, sp.MatrixExpr):  # NumPy would try to take it apart
        array[()] = side
        return array
    return np.asarray(side, dtype=object)


def _on_a_network(*sides: Any) -> tuple[Any, ...]:
    """Formulas by their entries on a network that is as general as can be; other sides as they are."""
    found = set().union(*(side.letters() for side in sides if isinstance(side, Formula)))
    depth = max((letter.layer or 1 for letter in found), default=1)
    general = network(range(2, depth + 3), undefined_activation("sigma"), undefined_loss("l"))
    known = ForwardPass(general).names
    forward = ForwardPass(general, free=[letter for letter in found if letter.name not in known])
    return tuple(side.evaluate(forward) if isinstance(side, Formula) else side for side in sides)


def _expression(value: Any) -> sp.Expr:
    if isinstance(value, str):  # SymPy would evaluate the text as a program
        raise Undecided(f"{value!r} is text; hand in an expression")
    try:
        e = sp.sympify(value)
    except sp.SympifyError:
        raise Undecided(f"{value!r} is no expression") from None
    if not isinstance(e, sp.Basic) or isinstance(e, sp.MatrixExpr) or not e.is_commutative:
        raise Undecided(f"{value!r} is no scalar; hand in entries, or a Formula")
    numbers = survey([e]).numbers if isinstance(e, sp.Expr) else {sp.nan}
    if any(isinstance(n, sp.Float) for n in numbers):
        raise Undecided(f"{e} holds a float; write a fraction, as in sp.Rational(1, 2), to have it decided")
    if any(n.is_real is False or n.is_finite is False or n is sp.nan for n in numbers):
        raise Undecided(f"{value!r} is no finite real expression")
    return e


def _decide(lhs: sp.Expr, rhs: sp.Expr, together: NormalForms) -> set[sp.Expr] | Counterexample:
    """The denominators of a proof, or a counterexample; ``together`` remembers what other entries share."""
    reason = "their normal forms differ"
    try:
        if denominators := _equal(lhs, rhs, together):
            return denominators[0]
    except NoRule as refusal:
        reason = str(refusal)
    if counterexample := find_counterexample(lhs, rhs):
        return counterexample[0]
    raise Undecided(f"{lhs}  =?=  {rhs}: {reason}, and no point was found that tells them apart")


def _equal(lhs: sp.Expr, rhs: sp.Expr, forms: NormalForms) -> list[set[sp.Expr]]:
    """The denominators of a proof (a list of one), or no proof: case by case, each by the normal form."""
    condition = _a_condition(lhs, rhs)
    if condition is None:
        apart = forms if forms.equal(lhs, rhs) else NormalForms(lhs, rhs, split=True)
        return [apart.denominators] if apart.equal(lhs, rhs) else []
    found: set[sp.Expr] = set()
    for holds in (sp.true, sp.false):
        one, other = (side.xreplace({condition: holds}) for side in (lhs, rhs))
        denominators = _equal(one, other, NormalForms(one, other))
        if not denominators:
            return []
        found |= denominators[0]
    return [found]


def _a_condition(*sides: sp.Expr) -> Any:
    """A condition on which a case distinction turns, and inside which no further one lies; or None."""
    innermost = [c for c in survey(sides).conditions if not survey(c.args).conditions]
    return min(innermost, key=str, default=None)
