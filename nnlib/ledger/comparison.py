"""Comparing the steps of a claim: on its forward pass, at rectangular sizes, and with nnlib's backward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array
from nnlib.ledger.independence import NotAClaim, require_independent
from nnlib.ledger.opaque import OpaquePass
from nnlib.shapes import ShapeError
from nnlib.symbolic.counterexample import Counterexample
from nnlib.symbolic.evaluate import Environment, evaluate
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass, Side
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Entry, Jacobian, Letter, Partial, PartialEntry
from nnlib.symbolic.prove import Proof, ShapeClash, prove
from nnlib.symbolic.residues import NoResidue
from nnlib.symbolic.second_checker import agree

Refutation = Counterexample | ShapeClash


class ClaimFailed(Exception):
    """A claim that does not hold; the message names it, the sizes and a counterexample.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import *
    >>> L, W, x, z = letters("L W x z")
    >>> forward = ForwardPass(network((2, 2)))
    >>> nn.claim("book.example", forward.diff(L, x), Formula(partial(L, x), -W.T * partial(L, z)))
    Traceback (most recent call last):
    nnlib.ledger.comparison.ClaimFailed: claim book.example fails: ...
    """


def decide(left: Any, right: Any) -> Proof | Refutation:
    """``prove``, with every proof confirmed by a second checker that shares no code with it.

    Raises
    ------
    ClaimFailed
        When the two disagree, or the second cannot judge.
    Undecided
        As ``prove`` does.
    """
    outcome = prove(left, right)
    if isinstance(outcome, Proof):
        try:
            opinion = agree(left, right)
        except NoResidue as refusal:
            raise ClaimFailed(f"proved ({outcome.how}), but not confirmed: {refusal}") from None
        if not opinion:
            raise ClaimFailed(
                f"the two checkers disagree: {outcome.how} says the one, {opinion} says the other"
            )
    return outcome


@dataclass
class Comparison:
    """A chain of equalities on one forward pass and its rectangular sibling."""

    steps: list[Any]
    forward: ForwardPass
    compared: list[Array] = field(default_factory=list)
    passes: list[ForwardPass] = field(default_factory=list)
    from_diff: bool = True
    with_nnlib: bool = False

    def prove(self) -> Proof:
        """Each step equal to its neighbour, on each pass; nnlib's backward pass too, where it has a say."""
        for left, right in pairwise(self.steps):
            require_independent(left, right)
        if self.from_diff:
            require_diff(self.steps[0], self.steps[1], self.forward)
        entries, nonzero = 0, set()
        for forward in siblings(self.steps, self.forward):
            self.passes.append(forward)
            values = [value_of(step, forward) for step in self.steps]
            for k, (left, right) in enumerate(pairwise(values)):
                outcome = decide(left, right)
                if not isinstance(outcome, Proof):
                    raise ClaimFailed(f"{equation(self.steps[k : k + 2])} at {_sizes(forward)}: {outcome}")
                entries += outcome.entries
                nonzero |= set(outcome.nonzero)
            self.compared += values
            self._compare_names(forward, values)
            self._compare_with_nnlib(forward, values[-1])
        return Proof(entries, tuple(sorted(nonzero, key=str)))

    def how(self) -> str:
        """How it was decided, in a few words."""
        entries = sum(values.size for values in self.compared) - sum(
            values.size for values in self.compared[:: len(self.steps)]
        )
        counted = "1 entry" if entries == 1 else f"{entries} entries"
        text = f"diff of the forward pass = formula, {counted}, equal normal forms over ℚ"
        text += ", confirmed at random points modulo primes ≥ 2⁶¹ − 1"
        return text + ("; nnlib's backward agrees" if self.with_nnlib else "")

    def _compare_names(self, forward: ForwardPass, values: Sequence[Array]) -> None:
        """What a formula calls its right side must be that: the printed equation is the one proved."""
        for step, value in zip(self.steps, values, strict=True):
            named = known_value(step.lhs, forward) if isinstance(step, Formula) else None
            if named is not None and not (outcome := decide(named, value)):
                raise ClaimFailed(f"{step.latex} at {_sizes(forward)}: {outcome}")

    def _compare_with_nnlib(self, forward: ForwardPass, value: Array) -> None:
        begin = self.steps[0]
        if not isinstance(begin, Partial) or forward.network is None or forward.steps:
            return
        theirs = _backward(forward).get(begin.args[1].name)
        if theirs is None:
            return
        if not (outcome := decide(theirs, value)):
            raise ClaimFailed(
                f"nnlib's backward disagrees about {latex(begin)} at {_sizes(forward)}: {outcome}"
            )
        self.with_nnlib = True


def require_diff(begin: Any, right: Any, forward: ForwardPass) -> None:
    """Refuse two sides that are equal before any derivative is carried out.

    Raises
    ------
    NotAClaim
        The message shows both.
    """
    opaque = OpaquePass(forward)
    try:
        same = agree(value_of(begin, opaque), value_of(right, opaque))
    except (ShapeError, NoResidue):
        return  # then they are not one expression in two forms
    if same:
        both = equation([begin, right])
        raise NotAClaim(f"{both} holds before any derivative is carried out: it shows nothing")


def siblings(steps: Sequence[Any], forward: ForwardPass) -> Iterator[ForwardPass]:
    """The pass, and where all its sizes are one, a second one; not where a step lists its entries.

    The second is rectangular; where one layer stands in every place, W is square, and it is one size larger.
    """
    yield forward
    fixed = any(isinstance(getattr(step, "rhs", None), list) for step in steps)
    if not fixed and len(set(forward.sizes)) == 1 and forward.sizes[0] > 1:
        yield forward.resized([n + (1 if forward.shared else l) for l, n in enumerate(forward.sizes)])


def refute(written: Any, begin: Any, forward: ForwardPass, which: str) -> Refutation:
    """What shows that a statement is wrong as written; ClaimFailed when nothing does.

    A formula that names a quantity of the pass (z, a, L) is compared with that one, others with ``begin``.
    """
    lhs, rhs = written if isinstance(written, tuple) else (_named(written, forward) or begin, written)
    if isinstance(lhs, Side):
        lhs, forward = lhs.expression, lhs.forward
    try:
        outcome = decide(value_of(lhs, forward), value_of(rhs, forward))
    except ShapeError as clash:
        return ShapeClash(str(clash))
    if isinstance(outcome, Proof):
        raise ClaimFailed(f"{equation([lhs, rhs])} holds {which}: there is nothing to mend")
    return outcome


def _named(written: Any, forward: ForwardPass) -> Letter | Entry | None:
    """The quantity of the pass, or the one entry of it, that a formula is about, if it is."""
    lhs = getattr(written, "lhs", None)
    letter = getattr(lhs, "letter", lhs)
    if not isinstance(letter, Letter) or letter.name not in forward.names:
        return None
    one = isinstance(lhs, Entry) and all(i.is_Integer for i in lhs.index)
    return lhs if one else letter


def require_carried_out(formula: Formula, forward: ForwardPass) -> None:
    """Refuse a definition that the forward pass does not carry out.

    Raises
    ------
    ClaimFailed
        When the pass has something else, or nothing, under that name.
    """
    letter = getattr(formula.lhs, "letter", formula.lhs)
    if letter.name not in forward.names:
        raise ClaimFailed(f"{formula.latex} is no step of the forward pass")
    if not (outcome := decide(forward.value(letter), formula.evaluate(forward))):
        raise ClaimFailed(f"{formula.latex} is not what the forward pass carries out: {outcome}")


def known_value(lhs: Any, forward: ForwardPass) -> Array | None:
    """What the pass, or nnlib's backward pass, has under a name; None if it has nothing."""
    if isinstance(lhs, Partial | PartialEntry | Jacobian):
        return value_of(lhs, forward)
    if isinstance(lhs, Entry) and any(i.is_Integer for i in lhs.index):
        return value_of(lhs, forward) if lhs.letter.name in forward.names else None
    letter = getattr(lhs, "letter", lhs)
    if isinstance(letter, Letter) and letter.stem == "delta" and forward.network and not forward.steps:
        return _backward(forward).get(letter.name.replace("delta", "z"))
    own = {getattr(step.lhs, "letter", step.lhs) for step in forward.steps}
    if isinstance(letter, Letter) and letter not in own and letter.name in forward.names:
        return forward.value(letter)
    return None


def value_of(step: Any, forward: Environment) -> Array:
    """The entries of a step, a Formula or an expression, on a pass."""
    if isinstance(step, Formula):
        return step.evaluate(forward)
    if isinstance(step, PartialEntry | Entry):
        return Formula(step, step).evaluate(forward)
    value = evaluate(step, forward)
    return value if isinstance(step, sp.MatrixExpr) else np.array([[value]], dtype=object)


def _backward(forward: ForwardPass) -> dict[str, Array]:
    """The gradients of nnlib on the same symbols, by the names of what they are taken by."""
    net = forward.network
    assert net is not None  # noqa: S101  for the type checker: callers have asked
    grads = net.backward(net.forward(forward.leaves["x"]), forward.leaves["y"], wrt_input=True)
    gradients = {"x": grads.a[0]}
    for l in range(1, len(net.layers) + 1):
        number = "" if len(net.layers) == 1 else str(l)
        gradients |= {f"{stem}{number}": getattr(grads, stem)[l] for stem in "Wbza"}
    if forward.shared:  # there is one W: its gradient is the sum over all uses
        gradients |= dict(zip("Wb", grads.of(net.layers[0]), strict=True))
    return gradients


def equation(steps: Sequence[Any]) -> str:
    """A chain of equalities in LaTeX."""
    return " = ".join(latex(step.rhs if isinstance(step, Formula) else step) for step in steps)


def _sizes(forward: ForwardPass) -> str:
    return "-".join(map(str, forward.sizes))
