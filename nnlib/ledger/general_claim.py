"""Claims about the general network: any number of layers, of any sizes, with any number of data points."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sympy as sp

from nnlib.ledger.claim import Claim, failed
from nnlib.ledger.comparison import ClaimFailed, Refutation
from nnlib.ledger.independence import CAUSES, NotAClaim
from nnlib.ledger.recording import Recorded, record
from nnlib.ledger.statements import statement
from nnlib.symbolic.forward_pass import Side
from nnlib.symbolic.general.deciding import CheckersDisagree, at_sizes, decide, function_name
from nnlib.symbolic.general.formula import GeneralFormula
from nnlib.symbolic.general.instance import AtSizes
from nnlib.symbolic.general.letters import Diff, J, Layered, Through, is_letter, l
from nnlib.symbolic.general.matrix_route import agrees
from nnlib.symbolic.general.network import General
from nnlib.symbolic.general.normal import same
from nnlib.symbolic.general.printing import latex, plain, python
from nnlib.symbolic.general.shapes import ranges_among
from nnlib.symbolic.letters import Partial, PartialEntry
from nnlib.symbolic.prove import Proof, ShapeClash, Undecided
from nnlib.symbolic.survey import survey
from nnlib.symbolic.undefined import Undefined


def general_claim(
    id: str,  # noqa: A002  the field's name in the ledger
    lhs: Side | Claim,
    rhs: Any,
    *,
    as_written: Any = None,
    condition: tuple[str, Side] | None = None,
    cause: str | None = None,
    note: str | None = None,
) -> Claim:
    """``claim`` for a side that is taken from a general network.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, General, GeneralFormula, H, J, W, by_matrix, l
    >>> general = General(l - 1, l)
    >>> gradient = GeneralFormula(by_matrix(W(l)), H(l) * A(l - 1).T)
    >>> made = general_claim("W4.1a", general.diff(J, W(l)), gradient)
    >>> made.verdict, made.quantifiers
    ('proved', 'every l; all sizes, every N; all W, A, b; every differentiable J and σ')
    """
    begun = time.perf_counter()
    about = statement(id)
    begin, general = _begin(lhs)
    steps = [begin, *map(_formula, rhs if isinstance(rhs, list) else [rhs])]
    _require_well_formed(lhs, steps, general, as_written, condition, cause)
    refutation: Refutation | None = None
    try:
        proofs = [_proved(general, *pair, begin) for pair in pairwise(steps)]
        for step in steps:
            _require_its_name(general, step, begin)
        if as_written is not None:
            refutation = refute(as_written, begin, general, "as written")
        if condition is not None:
            side = condition[1]
            refutation = refute(
                (side.expression, steps[-1]), begin, _network(side), f"without {condition[0]}"
            )
    except ClaimFailed as failure:
        return failed(id, failure, steps[-1], general)  # type: ignore[arg-type]
    made_at = at_sizes(general, *(step.rhs for step in steps))
    verdict = "corrected" if as_written is not None else "conditional" if condition else "proved"
    made = Claim(
        statement=about,
        verdict=verdict,
        rhs=steps[-1],
        forward=general,
        proof=Proof(sum(proof.entries for proof in proofs), proofs[-1].nonzero, proofs[0].how),
        counterexample=refutation,
        corrected=_right_form(steps) if verdict == "corrected" else None,
        condition=condition[0] if condition else None,
        cause=cause,
        note=note,
        quantifiers=quantifiers(steps, made_at),
        how=_how(general, steps, made_at),
        equation=" = ".join(latex(step.rhs) for step in steps),
        python=_python(id, steps),
        seconds=time.perf_counter() - begun,
    )
    record(Recorded(made, tuple(steps), (made_at,), as_written))  # type: ignore[arg-type]
    return made


def general_define(id: str, general: General, formula: Any, note: str | None = None) -> Claim:  # noqa: A002
    """``define`` for a general network: the object is built, and where the network knows its name, it agrees.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, Each, General, GeneralFormula, W, Z, b, l
    >>> general_define("W1.4", General(l - 1, l), GeneralFormula(Z(l), W(l) * A(l - 1) + Each(b(l))))
    W1.4: definition; S_l × N
    """
    begun = time.perf_counter()
    if isinstance(formula.lhs, Layered) and formula.lhs in formula.letters():
        raise NotAClaim(f"{id}: {plain(formula.lhs)} is defined by itself")
    try:
        _require_its_name(general, formula)
    except ClaimFailed as failure:
        return failed(id, failure, formula, general)  # type: ignore[arg-type]
    shape = formula.rhs.shape if isinstance(formula.rhs, sp.MatrixExpr) else (1, 1)
    made = Claim(
        statement=statement(id),
        verdict="definition",
        rhs=formula,
        forward=general,
        note=note,
        how="a number" if shape == (1, 1) else " × ".join(map(plain, shape)),
        equation=formula.latex,
        python=f'nn.define("{id}", general, {formula.python})',
        seconds=time.perf_counter() - begun,
    )
    record(Recorded(made, (formula,), (at_sizes(general, formula.rhs),)))  # type: ignore[arg-type]
    return made


def refute(written: Any, begin: Any, general: General, which: str) -> Refutation:
    """What shows that a statement is wrong as written; ClaimFailed when nothing does."""
    if isinstance(written, tuple):
        left, right = written
    elif isinstance(written, GeneralFormula) and written.lhs != written.rhs:
        left, right = written.lhs, written
    else:
        left, right = begin, written
    left, right = (getattr(side, "rhs", getattr(side, "expression", side)) for side in (left, right))
    outcome = _decide(general, left, right, begin.rhs)
    if isinstance(outcome, Proof):
        raise ClaimFailed(f"{latex(left)} = {latex(right)} holds {which}: there is nothing to mend")
    return outcome


def quantifiers(steps: Sequence[GeneralFormula], at: AtSizes) -> str:
    """Words such as "every l; all sizes, every N; all W, A, b; every differentiable J and σ".

    Letters and functions are those that occur in the entries compared.
    """
    entries = (entry for step in steps for entry in at.array(step.rhs).ravel())
    seen = survey(entry for entry in entries if isinstance(entry, sp.Basic))
    names = {name for s in seen.symbols if is_letter(name := s.name.rpartition("_")[0])}
    order = ["W", "A", "T", "X", "b"]
    stems = [stem for stem in order if stem in {name.partition("^")[0] for name in names}]
    called = {call.func.base.__name__ for call in seen.calls if isinstance(call, Undefined)}
    functions = sorted({function_name(name).partition("_")[0] for name in called})
    number = "l" if any(layer.has(l) for layer in at.general.layers) else "L"
    parts = [f"every {number}", "all sizes, every N"]
    if stems:
        parts.append(f"all {', '.join(stems)}")
    if functions:
        parts.append(f"every differentiable {' and '.join(functions)}")
    return "; ".join(parts)


def _right_form(steps: Sequence[GeneralFormula]) -> str:
    """What the note should have said: the last formula, or the last expression with what it is equal to."""
    last = steps[-1]
    return last.latex if last.lhs != last.rhs else f"{latex(steps[0].rhs)} = {latex(last.rhs)}"


def _how(general: General, steps: Sequence[GeneralFormula], at: AtSizes) -> str:
    text = "diff of sums over indices with symbolic sizes = formula, equal normal forms"
    text += (
        f"; confirmed at random points modulo primes ≥ 2⁶¹ − 1, every entry written out at {at.instance.said}"
    )
    begin, last = steps[0].rhs, steps[-1].rhs
    plain_loss = general.loss is None and not general.softmax and isinstance(last, sp.MatrixExpr)
    if plain_loss and isinstance(begin, Partial) and agrees(general.top, begin.args[1], last):
        text += "; SymPy's matrix calculus of tr(Δᵀσ(Z)) agrees"
    return text


def _begin(lhs: Side | Claim) -> tuple[GeneralFormula, General]:
    if isinstance(lhs, Claim):
        if lhs.proof is None:
            raise NotAClaim(
                f"{lhs.id} proves nothing ({lhs.verdict}), so no step can begin at its right side"
            )
        return lhs.rhs, lhs.forward
    return _formula(lhs.expression), _network(lhs)


def _network(side: Side) -> General:
    return side.forward  # type: ignore[return-value]


def _formula(step: Any) -> GeneralFormula:
    return step if isinstance(step, GeneralFormula) else GeneralFormula(step, step)


def _require_well_formed(
    lhs: Any,
    steps: Sequence[GeneralFormula],
    general: General,
    as_written: Any,
    condition: Any,
    cause: str | None,
) -> None:
    if as_written is not None and condition is not None:
        raise NotAClaim("a statement is either wrong as written or right on a condition, not both")
    if as_written is None and cause is not None:
        raise NotAClaim("a cause belongs to what is wrong as written: say as_written=… too")
    if cause not in (None, *CAUSES):
        raise NotAClaim(f"the cause is one of {', '.join(CAUSES)}, not {cause!r}")
    begin = steps[0].rhs
    if isinstance(lhs, Side) and not begin.has(PartialEntry, Partial, Diff, Through):
        raise NotAClaim(f"{latex(begin)} holds no derivative, so it is no route of its own")
    for left, right in pairwise(steps):
        if left.rhs == right.rhs:
            raise NotAClaim(f"{latex(left.rhs)} = {latex(right.rhs)}: both sides are one expression")
    if isinstance(lhs, Side):
        if isinstance(begin, PartialEntry | Partial) and steps[1].rhs.has(begin):
            raise NotAClaim(
                f"{latex(begin)} stands on the right side too: it would be proved equal to itself"
            )
        if _holds_before(general, begin, steps[1].rhs):
            both = f"{latex(begin)} = {latex(steps[1].rhs)}"
            raise NotAClaim(f"{both} holds before any derivative is carried out: it shows nothing")


def _holds_before(general: General, left: Any, right: Any) -> bool:
    """Whether two sides are one expression in two forms, no derivative carried out."""
    try:
        ranges = ranges_among(left, right)
        return same(*(general.normal(side, ranges, opaque=True) for side in (left, right)))
    except (ValueError, KeyError, Undecided):
        return False


def _proved(general: General, left: GeneralFormula, right: GeneralFormula, begin: GeneralFormula) -> Proof:
    outcome = _decide(general, left.rhs, right.rhs, begin.rhs)
    if not isinstance(outcome, Proof):
        raise ClaimFailed(f"{latex(left.rhs)} = {latex(right.rhs)}: {outcome}")
    return outcome


def _decide(general: General, left: Any, right: Any, *context: Any) -> Proof | Refutation:
    try:
        return decide(general, left, right, *context)
    except CheckersDisagree as quarrel:
        raise ClaimFailed(str(quarrel)) from None


def _require_its_name(general: General, step: GeneralFormula, *begin: GeneralFormula) -> None:
    """What a formula calls its right side must be that, where the network knows the name."""
    if step.lhs == step.rhs or (step.lhs == J and general.loss is None):
        return
    outcome = _decide(general, step.lhs, step.rhs, *(formula.rhs for formula in begin))
    unknown = isinstance(outcome, ShapeClash) and "has no quantity" in str(outcome)
    if not isinstance(outcome, Proof) and not unknown:
        raise ClaimFailed(f"{step.latex}: {outcome}")


def _python(id: str, steps: Sequence[GeneralFormula]) -> str:  # noqa: A002
    begin, *rest = steps
    texts = [step.python if step.lhs != step.rhs else python(step.rhs) for step in rest]
    right = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    side = begin.rhs
    if isinstance(side, PartialEntry | Partial):
        left = f"general.diff({', '.join(map(python, side.args))})"
    else:
        left = f"general.of({python(side)})"
    return f'nn.claim("{id}", {left}, {right})'
