"""A definition: a statement that only gives a name, and asserts nothing."""

from __future__ import annotations

import time

from nnlib.ledger.claim import Claim, failed
from nnlib.ledger.comparison import ClaimFailed, decide, known_value
from nnlib.ledger.general_claim import general_define
from nnlib.ledger.independence import NotAClaim
from nnlib.ledger.recording import Recorded, record
from nnlib.ledger.source_text import definition_text
from nnlib.ledger.statements import statement
from nnlib.shapes import show
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.general.network import General
from nnlib.symbolic.latex import latex


def define(id: str, forward: ForwardPass | General, formula: Formula, *, note: str | None = None) -> Claim:  # noqa: A002
    """A statement that only gives a name: build the object, at the sizes of the forward pass.

    Where the pass knows the name already (z, a, L, ∂L/∂W), what is built must agree with it.

    Raises
    ------
    NotAClaim
        When the name occurs in what it is to stand for.
    ClaimFailed
        When the pass knows the name for something else.

    Examples
    --------
    >>> from nnlib.symbolic import *
    >>> W, x, b, z = letters("W x b z")
    >>> define("M1", ForwardPass(network((2, 2))), Formula(z, W * x + b))
    M1: definition; 2 × 1, as nnlib computes it
    """
    if isinstance(forward, General):
        return general_define(id, forward, formula, note)
    begun = time.perf_counter()
    if formula.lhs in formula.letters():
        raise NotAClaim(f"{id}: {latex(formula.lhs)} is defined by itself")
    built = formula.evaluate(forward)
    how = show(built.shape)
    named = known_value(formula.lhs, forward)
    if named is not None:
        try:
            outcome = decide(named, built)
        except ClaimFailed as failure:
            return failed(id, failure, formula, forward)
        if not outcome:
            return failed(id, ClaimFailed(f"{formula.latex}: {outcome}"), formula, forward)
        how += ", as nnlib computes it"
    made = Claim(
        statement=statement(id),
        verdict="definition",
        rhs=formula,
        forward=forward,
        note=note,
        how=how,
        equation=formula.latex,
        python=definition_text(id, formula),
        seconds=time.perf_counter() - begun,
    )
    record(Recorded(made, (formula,), (forward,)))
    return made
