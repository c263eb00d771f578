"""A claim: two independent routes to one quantity, compared; the verdict is what the comparison finds.

One side is ``diff`` of a forward pass (or what the step before has proved), the other a Formula. Nothing
is proved equal to itself: a claim without such a side is refused, and so are two sides that are one
expression. What only gives a name goes through ``define``.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Any

from nnlib.ledger.badge import badge_html
from nnlib.ledger.comparison import (
    ClaimFailed,
    Comparison,
    Refutation,
    equation,
    refute,
    require_carried_out,
)
from nnlib.ledger.independence import NotAClaim, derivatives, require_well_formed
from nnlib.ledger.recording import Recorded, record
from nnlib.ledger.source_text import claim_text
from nnlib.ledger.statements import Statement, statement
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass, Side
from nnlib.symbolic.general.network import General
from nnlib.symbolic.general.printing import latex as general_latex
from nnlib.symbolic.latex import latex
from nnlib.symbolic.prove import Proof
from nnlib.symbolic.quantifiers import quantifiers


@dataclass(frozen=True)
class Claim:
    r"""A statement with the verdict that was computed for it. It shows itself as a badge.

    Attributes
    ----------
    verdict : str
        ``definition``, ``proved``, ``corrected``, ``conditional``; or ``unchecked`` in a draft.
    proof : Proof or None
    counterexample : Counterexample, ShapeClash or None
        What refutes the statement as written, or without its condition.
    rhs : Formula or expression
        The right side as proved, where a next step may begin.
    equation : str
        The claim in LaTeX.
    python : str
        The line of Python that makes it.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import *
    >>> L, W, x, z = letters("L W x z")
    >>> forward = ForwardPass(network((2, 2)))
    >>> made = nn.claim("book.example", forward.diff(L, x), Formula(partial(L, x), W.T * partial(L, z)))
    >>> made.verdict, made.equation
    ('proved', '\\frac{\\partial L}{\\partial x} = W^{\\top} \\, \\frac{\\partial L}{\\partial z}')
    """

    statement: Statement
    verdict: str
    rhs: Any
    forward: Any  # the ForwardPass; None where a statement was only read
    proof: Proof | None = None
    counterexample: Refutation | None = None
    corrected: str | None = None
    condition: str | None = None
    cause: str | None = None
    note: str | None = None
    quantifiers: str | None = None
    how: str = ""
    equation: str | None = None
    python: str | None = None
    seconds: float = 0.0

    @property
    def id(self) -> str:
        """The statement's id."""
        return self.statement.id

    @property
    def record(self) -> dict[str, Any]:
        """What the ledger keeps."""
        return {
            "id": self.id,
            "source": self.statement.source,
            "section": self.statement.section,
            "verdict": self.verdict,
            "cause": self.cause,
            "as_written": self.statement.as_written or self.equation,
            "corrected": self.corrected,
            "condition": self.condition,
            "note": self.note,
            "quantifiers": self.quantifiers,
            "how": self.how,
            "counterexample": None if self.counterexample is None else str(self.counterexample),
            "seconds": round(self.seconds, 3),
        }

    def _repr_html_(self) -> str:
        written = general_latex if isinstance(self.forward, General) else latex
        nonzero = [written(e) for e in self.proof.nonzero] if self.proof else []
        return badge_html(self.record, nonzero, {"LaTeX": self.equation, "Python": self.python})

    def __repr__(self) -> str:
        return f"{self.id}: {self.verdict}; {self.quantifiers or self.how}"


def claim(
    id: str,  # noqa: A002  the field's name in the ledger
    lhs: Side | Claim,
    rhs: Any,
    *,
    as_written: Any = None,
    condition: tuple[str, Side] | None = None,
    mended: Formula | None = None,
    cause: str | None = None,
    note: str | None = None,
) -> Claim:
    """Compare two routes to one quantity, at the sizes of the forward pass and at rectangular ones.

    Parameters
    ----------
    id : str
        The statement of the notes, or ``book.…`` for a claim of the book's own.
    lhs : Side or Claim
        ``forward.diff(L, W)`` or ``forward.of(expression)``; or an earlier claim, whose right side is
        where this step begins.
    rhs : Formula, expression, or a list of them
        The closed form. A list is a chain of equalities, each proved from its neighbour.
    as_written : Formula or expression, or (lhs, rhs), optional
        What the note writes instead of ``rhs``; it must be refuted, or the claim fails.
    condition : (str, Side), optional
        The condition under which the note is right, and the left side without it, which must be refuted.
    mended : Formula, optional
        What the note should have defined, where the error is in a definition and shows only in what follows
        from it; the forward pass of ``lhs`` must carry it out.
    cause : str, optional
        Why the note is wrong: ``slip``, ``scan`` or ``unclear``.
    note : str, optional
        Which reading was taken.

    Raises
    ------
    ClaimFailed
        When the comparison finds a difference, or the statement as written is right after all.
    NotAClaim
        When neither side is taken by ``diff``, both are one expression, or the words do not fit together.
    Undecided
        When the comparison finds neither proof nor counterexample.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import *
    >>> W, x, delta, z, L = letters("W x delta z L")
    >>> forward = ForwardPass(network((2, 2), loss=undefined_loss("l")))
    >>> error = nn.Formula(delta, partial(L, z))
    >>> nn.claim("M14", forward.diff(L, W), nn.Formula(partial(L, W), delta * x.T, given=[error]))
    M14: proved; all W, b, x; every differentiable l; at 2 × 2 and 3 × 2
    """
    if isinstance(getattr(lhs, "forward", None), General):
        from nnlib.ledger.general_claim import general_claim  # noqa: PLC0415  it builds on this module

        return general_claim(id, lhs, rhs, as_written=as_written, condition=condition, cause=cause, note=note)
    begun = time.perf_counter()
    about = statement(id)
    begin, forward = _begin(lhs)
    steps = [begin, *(rhs if isinstance(rhs, list) else [rhs])]
    require_well_formed(steps, as_written, condition, mended, cause)
    comparison = Comparison(steps, forward, from_diff=isinstance(lhs, Side))
    refutation = None
    try:
        proof = comparison.prove()
        if mended is not None:
            require_carried_out(mended, forward)
        if as_written is not None:
            refutation = refute(as_written, begin, forward, "as written")
        if condition is not None:
            refutation = refute(
                (condition[1], steps[-1]), begin, forward, f"without the condition ({condition[0]})"
            )
    except ClaimFailed as failure:
        return failed(id, failure, steps[-1], forward)
    verdict = "corrected" if as_written is not None else "conditional" if condition else "proved"
    made = Claim(
        statement=about,
        verdict=verdict,
        rhs=steps[-1],
        forward=forward,
        proof=proof,
        counterexample=refutation,
        corrected=_right_form(steps, mended) if verdict == "corrected" else None,
        condition=condition[0] if condition else None,
        cause=cause,
        note=note,
        quantifiers=quantifiers(comparison.compared, comparison.passes),
        how=comparison.how(),
        equation=equation(steps),
        python=claim_text(id, steps),
        seconds=time.perf_counter() - begun,
    )
    record(Recorded(made, tuple(steps), tuple(comparison.passes), as_written, mended))
    return made


def failed(id: str, failure: ClaimFailed, rhs: Any, forward: ForwardPass) -> Claim:  # noqa: A002
    """A claim that fails: stop the build; or, in a draft (BOOK_UNCHECKED=1), show it loudly as unchecked."""
    message = f"claim {id} fails: {failure}"
    if os.environ.get("BOOK_UNCHECKED") != "1":
        raise ClaimFailed(message) from None
    return Claim(statement(id), "unchecked", rhs, forward, how=message)


def _right_form(steps: list[Any], mended: Formula | None) -> str:
    """What the note should have said: the mended definition, or the last formula as it prints itself."""
    last = mended or steps[-1]
    return last.latex if isinstance(last, Formula) else equation(steps)


def _begin(lhs: Side | Claim) -> tuple[Any, ForwardPass]:
    if isinstance(lhs, Claim):
        if lhs.proof is None:
            raise NotAClaim(
                f"{lhs.id} proves nothing ({lhs.verdict}), so no step can begin at its right side"
            )
        return lhs.rhs, lhs.forward
    if not isinstance(lhs, Side):
        raise NotAClaim(
            "the left side must be taken by diff: forward.diff(L, W), forward.of(…), or an earlier claim. "
            "What only gives a name goes through nn.define."
        )
    expression = lhs.expression.rhs if isinstance(lhs.expression, Formula) else lhs.expression
    if not derivatives(expression):
        raise NotAClaim(f"{latex(expression)} holds no derivative, so it is no route of its own")
    return lhs.expression, lhs.forward
