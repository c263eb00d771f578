"""Small errors in formulas of the general network, and what becomes of them.

A flipped sign, a doubled or dropped factor, a dropped summand, a dropped or added transpose, a wrong index, a
neighbouring layer, σ for σ′, a sum cut to its first term or run to another size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.matrices.exceptions import ShapeError as SympyShapeError

from nnlib.ledger.comparison import ClaimFailed
from nnlib.ledger.general_claim import refute
from nnlib.ledger.recording import Recorded
from nnlib.shapes import ShapeError
from nnlib.symbolic.general import letters as g
from nnlib.symbolic.general.deciding import at_sizes, shape_clash
from nnlib.symbolic.general.instance import AtSizes, free_indices
from nnlib.symbolic.general.network import General
from nnlib.symbolic.general.normal import same
from nnlib.symbolic.general.printing import python
from nnlib.symbolic.general.shapes import ranges_among
from nnlib.symbolic.letters import Partial, PartialEntry
from nnlib.symbolic.prove import Undecided
from nnlib.symbolic.residues import NoResidue
from nnlib.symbolic.second_checker import agree

_WIDTH = 44

Change = tuple[str, Any, Any, Any]  # kind, before, after, whole


def general_mutants(record: Recorded) -> Iterator[tuple[str, str, str, str, str]]:
    """Formula, kind, change, outcome and reason of each mutant of a claim about the general network.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.ledger.recording import recording
    >>> from nnlib.symbolic.general import H, N, General, J, b, i, l, n, total
    >>> general = General(l - 1, l)
    >>> with recording() as records:
    ...     _ = nn.claim("book.example", general.diff(J, b(l)(i)), total(H(l)(i, n), (n, N)))
    >>> for _, kind, change, outcome, _ in general_mutants(records[0]):
    ...     print(outcome, kind, change)
    killed sign total(H(l)(i, n), (n, N))  →  -total(H(l)(i, n), (n, N))
    killed double total(H(l)(i, n), (n, N))  →  2*total(H(l)(i, n), (n, N))
    killed sum total(H(l)(i, n), (n, N))  →  H(l)(i, 1)
    killed sum total(H(l)(i, n), (n, N))  →  total(H(l)(i, n), (n, S(l-1)))
    killed sum total(H(l)(i, n), (n, N))  →  total(H(l)(i, n), (n, S(l)))
    killed index H(l)(i, n)  →  H(l)(n, i)
    killed index H(l)(i, n)  →  H(l)(n, n)
    killed index H(l)(i, n)  →  H(l)(1, n)
    killed index H(l)(i, n)  →  H(l)(i, i)
    killed index H(l)(i, n)  →  H(l)(i, 1)
    killed layer H(l)(i, n)  →  H(l-1)(i, n)
    killed slope H(l)(i, n)  →  Delta(l)(i, n)
    """
    at: Any = record.passes[0]
    for step, truth in _targets(record, at):
        formula = python(step.rhs) if step.lhs == step.rhs else f"{python(step.lhs)} = {python(step.rhs)}"
        judge = _Judge(at.general, truth)
        indices = set(free_indices(step.rhs, truth))
        seen = [step.rhs]
        for kind, before, after, whole in _everywhere(step.rhs, at.general, indices, alone=True):
            if whole not in seen:
                seen.append(whole)
                change = f"{_short(before)}  →  {_short(after)}"
                yield (formula, kind, change, *judge(whole))


def general_stands(record: Recorded) -> bool:
    """Whether a corrected claim would fail with its corrected form in the place of the as-written one."""
    at: Any = record.passes[0]
    try:
        refute((record.steps[0], record.steps[-1]), record.steps[0], at.general, "as written")
    except ClaimFailed as failure:
        return "there is nothing to mend" in str(failure)
    return False


def _targets(record: Recorded, at: AtSizes) -> Iterator[tuple[Any, Any]]:
    """Each formula with what it must be equal to."""
    if record.claim.verdict != "definition":
        for step in record.steps[1:]:
            yield step, record.steps[0].rhs
        return
    (formula,) = record.steps
    try:
        at.general.normal(formula.lhs)
    except (KeyError, Undecided, AttributeError, TypeError):
        return  # a name that the network does not know: there is nothing to compare with
    yield formula, formula.lhs


class _Judge:
    """Tells killed from equivalent and alive, by the same two checkers as claims."""

    def __init__(self, general: General, truth: Any) -> None:
        self._general, self._truth = general, truth

    def __call__(self, mutant: Any) -> tuple[str, str]:
        general, truth = self._general, self._truth
        if isinstance(mutant, str):
            return "killed", "clash: no such expression"
        try:
            if (clash := shape_clash(general, truth, mutant, with_point=False)) is not None:
                return "killed", f"clash: {clash}"
            ranges = ranges_among(truth, mutant)
            equal = same(general.normal(truth, ranges), general.normal(mutant, ranges))
        except (ShapeError, KeyError, Undecided) as misfit:
            if not isinstance(misfit, Undecided):
                return "killed", f"clash: {misfit}"
            equal = False
        return self._at_sizes(mutant, equal)

    def _at_sizes(self, mutant: Any, equal: bool) -> tuple[str, str]:
        at = at_sizes(self._general, self._truth, mutant)
        said = at.instance.said
        try:
            if not equal and not _agree_on_some(at, self._truth, mutant):
                return "killed", f"counterexample at {said}"
            opinion = agree(at.array(self._truth), at.instance.array(mutant, at.ranges))
        except (KeyError, IndexError, ShapeError):
            return "killed", f"clash at {said}"
        except (NoResidue, TypeError, ValueError) as doubt:
            return "alive", f"at {said}: {doubt}"
        if equal and opinion:
            return "equivalent", f"both checkers find it equal, at all sizes and at {said}"
        if equal or opinion:
            return "alive", f"normal forms {'equal' if equal else 'differ'}, but {opinion} at {said}"
        return "killed", f"counterexample at {said}"


def _agree_on_some(at: AtSizes, truth: Any, mutant: Any) -> bool:
    """Whether a few entries agree: most errors show in any of them."""
    if isinstance(truth, sp.MatrixExpr):
        return True  # a matrix is computed as a whole
    ours, theirs = ([at.instance.some(side, at.ranges)] for side in (truth, mutant))
    return bool(agree(ours, theirs))


# ---- the errors --------------------------------------------------------------------------------------------


def _everywhere(e: Any, general: General, indices: set[Any], alone: bool, by: Any = None) -> Iterator[Change]:
    """Errors in an expression and in its parts; ``alone``: a sign or a factor in front changes a value.

    What a derivative by ``by`` drops anyway is left alone.
    """
    if by is not None and by not in e.atoms(g.Layered):
        return
    for kind, after in _here(e, general, indices, alone):
        yield kind, e, after, after
    inner = indices | {limit[0] for limit in e.limits} if isinstance(e, sp.Sum) else indices
    for place in _parts(e):
        spreads = isinstance(e, sp.Add | sp.MatAdd | g.Act | sp.log)
        taken = e.args[1].letter if isinstance(e, g.Diff) and place == 0 else by
        for kind, before, after, part in _everywhere(e.args[place], general, inner, spreads, taken):
            yield kind, before, after, _built(e.func, (*e.args[:place], part, *e.args[place + 1 :]))


def _here(e: Any, general: General, indices: set[Any], alone: bool) -> Iterator[tuple[str, Any]]:
    if alone:
        yield "sign", -e
        yield "double", 2 * e
    if isinstance(e, sp.MatrixExpr) and not isinstance(e, Partial | g.Through | g.Each | g.Act | g.Columns):
        yield "transpose", e.arg if isinstance(e, sp.Transpose) else sp.Transpose(e)
    if isinstance(e, sp.Mul | sp.Add | sp.MatMul | sp.MatAdd | sp.HadamardProduct):
        yield from _dropped(e)
    if isinstance(e, sp.Sum):
        yield from _cut(e, general)
    if isinstance(e, g.Cell):
        yield from _indices(e, indices)
    if isinstance(e, sp.KroneckerDelta | g.At):
        fixed, places = (e.args[:1], e.args[1:]) if isinstance(e, g.At) else ((), e.args)
        yield from (("index", e.func(*fixed, *wrong)) for wrong in _wrong(places, indices))
    if isinstance(e, g.Cell | g.Layered):
        yield from _neighbours(e, general)
    if isinstance(e, g.Through):
        matrix, of, by = e.args
        yield from ((kind, g.Through(matrix, other, by)) for kind, other in _neighbours(of, general))
        yield from ((kind, g.Through(matrix, of, other)) for kind, other in _neighbours(by, general))


def _parts(e: Any) -> list[int]:
    if isinstance(e, g.Cell | g.Layered | sp.KroneckerDelta):
        return []
    if isinstance(e, PartialEntry | g.Diff):
        return [
            place for place, part in enumerate(e.args) if isinstance(part, g.Cell) or isinstance(e, g.Diff)
        ]
    if isinstance(e, g.Act):
        return [1]
    if isinstance(e, Partial):
        return [1]
    if isinstance(e, sp.Sum | sp.Pow | g.At | g.Through):
        return [0]
    return [place for place, part in enumerate(e.args) if isinstance(part, sp.Expr) and not part.is_number]


def _built(function: Any, arguments: tuple[Any, ...]) -> Any:
    """The changed whole; text where SymPy refuses to build it, or a part could not be built."""
    if any(isinstance(argument, str) for argument in arguments):
        return next(argument for argument in arguments if isinstance(argument, str))
    try:
        built = function(*arguments)
    except (SympyShapeError, ValueError, TypeError, AttributeError) as clash:
        return f"{clash}"
    return built.doit(deep=False) if isinstance(built, sp.Transpose) else built


def _dropped(e: Any) -> Iterator[tuple[str, Any]]:
    kind = "summand" if isinstance(e, sp.Add | sp.MatAdd) else "factor"
    for place in range(len(e.args)):
        rest = (*e.args[:place], *e.args[place + 1 :])
        if not all(part.is_number for part in rest):
            yield kind, rest[0] if len(rest) == 1 else _built(e.func, rest)


def _cut(e: sp.Sum, general: General) -> Iterator[tuple[str, Any]]:
    """The first term alone, and a sum up to another size."""
    for place, (index, low, high) in enumerate(e.limits):
        others = (*e.limits[:place], *e.limits[place + 1 :])
        first = e.function.xreplace({index: low})
        yield "sum", e.func(first, *others) if others else first
        for size in (*map(g.S, general.layers), g.N):
            if size != high:
                yield "sum", e.func(e.function, *e.limits[:place], (index, low, size), *e.limits[place + 1 :])


def _indices(e: g.Cell, indices: set[Any]) -> Iterator[tuple[str, Any]]:
    for wrong in _wrong(e.index, indices):
        yield "index", g.Cell(e.letter, *wrong)


def _wrong(places: tuple[Any, ...], indices: set[Any]) -> Iterator[tuple[Any, ...]]:
    """Both swapped, and another index in each place."""
    if len(places) == 2:
        yield tuple(reversed(places))
    for place, own in enumerate(places):
        for other in (*sorted(indices - {own}, key=str), sp.S.One):
            yield (*places[:place], other, *places[place + 1 :])


def _neighbours(e: Any, general: General) -> Iterator[tuple[str, Any]]:
    """The same quantity one layer on or back; Δ for H, σ for σ′."""
    letter, index = (e.letter, e.index) if isinstance(e, g.Cell) else (e, ())
    make: Any = {"W": g.W, "b": g.b, "Z": g.Z, "A": g.A, "Delta": g.Delta, "H": g.H, "slope": g.slope}
    if letter.stem not in make:
        return
    for layer in (letter.layer - 1, letter.layer + 1):
        if layer in general.layers:
            yield "layer", make[letter.stem](layer)(*index) if index else make[letter.stem](layer)
    other = {"H": g.Delta, "slope": g.A}.get(letter.stem)
    if other is not None:
        yield "slope", other(letter.layer)(*index) if index else other(letter.layer)


def _short(e: Any) -> str:
    text = e if isinstance(e, str) else python(e)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH // 2]} … {text[3 - _WIDTH // 2 :]}"
