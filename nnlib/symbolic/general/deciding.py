"""Equality at all sizes: a proof, a counterexample at sizes that are numbers, or a loud ``Undecided``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import sympy as sp

from nnlib.shapes import ShapeError
from nnlib.symbolic.counterexample import Counterexample
from nnlib.symbolic.general.instance import AtSizes, Instance, free_indices
from nnlib.symbolic.general.letters import Layered, S, is_letter
from nnlib.symbolic.general.network import General
from nnlib.symbolic.general.normal import same
from nnlib.symbolic.general.printing import plain
from nnlib.symbolic.general.shapes import ranges_among, ranges_of, require_shapes
from nnlib.symbolic.prove import Proof, ShapeClash, Undecided, prove
from nnlib.symbolic.residues import NoResidue
from nnlib.symbolic.second_checker import agree


@dataclass(frozen=True)
class AtAPoint(Counterexample):
    """A counterexample that says its sizes, and its point matrix by matrix."""

    sizes: str = ""
    entry: str = ""

    def __str__(self) -> str:
        where = f", entry {self.entry}" if self.entry else ""
        point = "; ".join(_readable(self.point))
        return f"{self.lhs:.6g} on the left, {self.rhs:.6g} on the right, at {self.sizes}{where}; {point}"


class CheckersDisagree(Exception):
    """A normal form that the second checker does not confirm."""


def decide(general: General, left: Any, right: Any, *context: Any) -> Proof | Counterexample | ShapeClash:
    """Whether two expressions are equal for all sizes; ``context`` tells how far indices run, if need be.

    Raises
    ------
    Undecided
        When the normal forms differ, and no point at small sizes tells the two apart.
    CheckersDisagree
        When they are equal, and the second checker says otherwise.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, General, H, W, by_matrix, l
    >>> general = General(l - 1, l)
    >>> bool(decide(general, by_matrix(W(l)), H(l) * A(l - 1).T))
    True
    >>> print(decide(general, by_matrix(W(l)), A(l - 1) * H(l).T))
    the left side is S_l × S_{l-1}, the right side S_{l-1} × S_l
    """
    clash = shape_clash(general, left, right)
    if clash is not None:
        return clash
    try:
        ranges = ranges_among(left, right, *context)
        equal = same(general.normal(left, ranges), general.normal(right, ranges))
    except KeyError as unknown:
        return ShapeClash(str(unknown.args[0]))
    except ShapeError as misfit:
        return ShapeClash(str(misfit))
    except Undecided:
        equal = False
    at = at_sizes(general, left, right, *context)
    one, other = at.array(left), at.array(right)
    if equal:
        try:
            opinion = agree(one, other)
        except NoResidue as refusal:
            raise CheckersDisagree(f"equal normal forms, but not confirmed: {refusal}") from None
        if not opinion:
            raise CheckersDisagree(f"equal normal forms, but {opinion}, at {at.instance.said}")
        nonzero = () if isinstance(left, sp.MatrixExpr) else general.denominators(right)
        return Proof(one.size, nonzero, how="equal normal forms of sums over indices")
    if _agree(one, other):
        raise Undecided(
            f"{left} =?= {right}: the normal forms differ, and no point was found that tells them apart"
        )
    return _point(at, one, other)


def shape_clash(general: General, left: Any, right: Any, with_point: bool = True) -> ShapeClash | None:
    """What does not fit, for general sizes; with a counterexample where the sizes happen to fit."""
    try:
        for side in (left, right):
            if isinstance(side, sp.MatrixExpr):
                require_shapes(side)
            ranges_of(side)
        matrices = [isinstance(side, sp.MatrixExpr) and side.shape != (1, 1) for side in (left, right)]
        if matrices[0] != matrices[1]:
            which = [
                f"a matrix, {_shape(s)}" if m else "a single entry"
                for s, m in zip((left, right), matrices, strict=True)
            ]
            return ShapeClash(f"the left side is {which[0]}, the right side {which[1]}")
        if all(matrices) and left.shape != right.shape:
            return ShapeClash(f"the left side is {_shape(left)}, the right side {_shape(right)}")
        ranges_of(left, right)
    except ShapeError as clash:
        return _with_point(general, left, right, str(clash)) if with_point else ShapeClash(str(clash))
    return None


def at_sizes(general: General, *sides: Any) -> AtSizes:
    """The network at small sizes, with the free indices of the sides."""
    return AtSizes(_instance(general), *sides)


@cache
def _instance(general: General) -> Instance:
    return Instance(general)


def _with_point(general: General, left: Any, right: Any, message: str) -> ShapeClash:
    """A clash of sizes, and what goes wrong where all layers happen to have the same size."""
    at = AtSizes(Instance(general, (2,) * len(general.layers), points=2))
    at.ranges = dict.fromkeys(free_indices(left, right), S(general.top))  # all run to 2
    try:
        outcome = _point(at, at.array(left), at.array(right))
    except (ShapeError, KeyError, TypeError, ValueError, IndexError, Undecided):
        return ShapeClash(message)
    if isinstance(outcome, Counterexample):
        return ShapeClash(f"{message}. And where the sizes are equal by chance: {outcome}")
    return ShapeClash(message)


def _point(at: AtSizes, one: Any, other: Any) -> Any:
    if one.shape != other.shape:
        return ShapeClash(f"{one.shape} and {other.shape}")
    for place in np.ndindex(*one.shape):
        if _agree(one[place], other[place]):
            continue
        outcome = prove(one[place], other[place])
        if isinstance(outcome, Counterexample):
            found = outcome.point, outcome.lhs, outcome.rhs
            return AtAPoint(*found, sizes=at.instance.said, entry=_named_place(at, place))
    raise Undecided("no point was found that tells the two sides apart")


def _agree(one: Any, other: Any) -> bool:
    try:
        return bool(agree(one, other))
    except NoResidue as refusal:
        raise Undecided(f"the normal forms differ, and {refusal}") from None


def _named_place(at: AtSizes, place: tuple[int, ...]) -> str:
    """``i = 1, n = 2`` where the sides have free indices, ``(1, 2)`` where they are matrices."""
    numbers = [str(number + 1) for number in place]
    if at.ranges:
        return ", ".join(f"{index} = {number}" for index, number in zip(at.ranges, numbers, strict=False))
    return f"({', '.join(numbers)})"


def _shape(e: Any) -> str:
    return f"{plain(e.shape[0])} × {plain(e.shape[1])}"


def _readable(point: dict[Any, Any]) -> list[str]:
    """Matrix by matrix, row by row: ``W⁽ˡ⁾ = (1, 2 | −1, 3)``; functions by their polynomial."""
    rows: dict[str, dict[str, list[str]]] = {}
    functions = []
    for key, chosen in point.items():
        if isinstance(key, type):
            functions.append(f"{function_name(key.__name__)} = {_polynomial(chosen)}")
            continue
        name, _, index = str(key).rpartition("_")
        head = plain(Layered(name, 1, 1)) if is_letter(name) else name
        rows.setdefault(head, {}).setdefault(index.strip("{}")[0], []).append(str(chosen))
    matrices = [
        f"{head} = ({' | '.join(', '.join(row) for row in found.values())})" for head, found in rows.items()
    ]
    return [*matrices, *functions]


def function_name(name: str) -> str:
    """``sigma_l-1`` as ``σ_{l-1}``.

    >>> function_name("sigma_l-1"), function_name("J")
    ('σ_{l-1}', 'J')
    """
    head, _, layer = name.partition("_")
    return head.replace("sigma", "σ") + (
        "" if not layer else f"_{layer}" if len(layer) == 1 else f"_{{{layer}}}"
    )


def _polynomial(function: sp.Lambda) -> str:
    if len(function.variables) == 1:
        return (
            str(function.expr).replace("u_1", "u").replace("**2", "²").replace("**3", "³").replace("*", " ")
        )
    squares = sum(rank * u**2 for rank, u in enumerate(function.variables, start=1))
    return "Σ k u_k², over the entries of its argument" if function.expr == squares else str(function.expr)
