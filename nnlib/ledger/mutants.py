"""Mutants: the formulas of claims with small errors put in. A checker worth its name refutes them all.

``python -m nnlib.ledger.mutants chapters/*.md`` runs the chapters' cells in this process, makes the mutants
of every claim found there, judges each against the claim's other side at all sizes of the claim, and prints a
table.

A mutant is *killed* by a counterexample or by shapes that clash; *equivalent* when it is proved equal and the
second checker confirms it; and *alive* otherwise, which is a hole in the net.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import sympy as sp

from nnlib.activations import Array
from nnlib.ledger.cells import execute
from nnlib.ledger.comparison import ClaimFailed, decide, known_value, refute, siblings, value_of
from nnlib.ledger.general_mutants import general_mutants, general_stands
from nnlib.ledger.mutant_table import summary, table
from nnlib.ledger.mutations import Clash, Mutation, Scope, mutations
from nnlib.ledger.recording import Recorded, recording
from nnlib.shapes import ShapeError
from nnlib.symbolic.counterexample import Counterexample
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.general.instance import AtSizes
from nnlib.symbolic.letters import Entry, letters, partial
from nnlib.symbolic.prove import Proof, Undecided
from nnlib.symbolic.python import python

_WIDTH = 44  # of the part that a mutant changes, in the table

Sides = list[tuple[ForwardPass, Array]]


@dataclass(frozen=True)
class Mutant:
    """One error in one formula of a claim, and what became of it.

    Attributes
    ----------
    id : str
        The claim's.
    formula : str
        The right formula, as Python.
    kind, change : str
        ``sign``, ``transpose``, …; and the part before and after.
    outcome, reason : str
        ``killed``, ``equivalent`` or ``alive``; and by what.
    """

    id: str
    formula: str
    kind: str
    change: str
    outcome: str
    reason: str


def mutants(record: Recorded) -> Iterator[Mutant]:
    """The mutants of a claim's formulas, judged.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import *
    >>> L, W, x, z = letters("L W x z")
    >>> forward = ForwardPass(network((2, 2)))
    >>> with recording() as records:
    ...     _ = nn.claim("book.example", forward.diff(L, x), Formula(partial(L, x), W.T * partial(L, z)))
    >>> found = list(mutants(records[0]))
    >>> {mutant.outcome for mutant in found}, len(found)
    ({'killed'}, 7)
    >>> found[-2].change, found[-2].reason
    ('W.T  →  W', 'counterexample at 2-2')
    """
    if isinstance(record.passes[0], AtSizes):
        for formula, kind, change, outcome, reason in general_mutants(record):
            yield Mutant(record.claim.id, formula, kind, change, outcome, reason)
        return
    for formula, sides in _targets(record):
        for mutation in _of_formula(formula, sides[0][0]):
            outcome, reason = _judge(mutation.whole, sides)
            change = f"{_short(mutation.before)}  →  {_short(mutation.after)}"
            yield Mutant(record.claim.id, _text(formula), mutation.kind, change, outcome, reason)


def _targets(record: Recorded) -> Iterator[tuple[Any, Sides]]:
    """Every formula of a claim, with what it must be equal to at each size."""
    if record.claim.verdict == "definition":
        (formula,) = record.steps
        found = [(p, known_value(formula.lhs, p)) for p in siblings(record.steps, record.passes[0])]
        if known := [(p, value) for p, value in found if value is not None]:
            yield formula, known
        return
    begin, *steps = record.steps
    truth = [(forward, value_of(begin, forward)) for forward in record.passes]
    for step in steps:
        yield step, truth
    if record.mended is not None:
        letter = getattr(record.mended.lhs, "letter", record.mended.lhs)
        yield record.mended, [(forward, forward.value(letter)) for forward in record.passes]


def _of_formula(step: Any, forward: ForwardPass) -> Iterator[Mutation]:
    """Mutations of a formula and of those it rests on; of an expression."""
    scope = Scope(
        names=forward.names,
        computed=forward.names,
        functions=_functions(forward),
        layers=len(forward.sizes) - 1,
        convention=forward.convention,
    )
    if not isinstance(step, Formula):
        yield from mutations(step, scope)
        return
    given = list(step.given.values())
    errors = [error for error in _errors(forward) if error.lhs.name not in step.given]
    indices = frozenset(chain.from_iterable(_free(entry) for entry in _entries(step.lhs)))
    names = (*scope.names, *step.given, *(error.lhs.name for error in errors))
    for mutation in mutations(step.rhs, replace(scope, names=names, indices=indices)):
        yield _within(mutation, functools.partial(Formula, step.lhs, given=[*given, *errors]))
    for formula in given:
        others = [other for other in given if other is not formula]
        for mutation in _of_formula(formula, forward):
            yield _within(mutation, functools.partial(_with_given, step, others))


def _errors(forward: ForwardPass) -> list[Formula]:
    """δ of every layer, so that one can stand for another's."""
    names = " ".join(name for name in forward.names if re.fullmatch(r"z[1-9]", name))
    L, *all_z = letters(f"L {names}", forward.convention)
    deltas = letters(names.replace("z", "delta"), forward.convention)
    if "L" not in forward.names:
        return []
    return [Formula(delta, partial(L, z)) for delta, z in zip(deltas, all_z, strict=True)]


def _with_given(step: Formula, others: list[Formula], changed: Formula) -> Formula:
    return Formula(step.lhs, step.rhs, [*others, changed])


def _within(mutation: Mutation, put: Callable[[Any], Any]) -> Mutation:
    return mutation if isinstance(mutation.whole, Clash) else replace(mutation, whole=put(mutation.whole))


def _entries(lhs: Any) -> list[Entry]:
    return [e for e in sp.preorder_traversal(lhs) if isinstance(e, Entry)]


def _free(entry: Entry) -> list[sp.Symbol]:
    return [index for index in entry.index if index.is_Symbol]


def _functions(forward: ForwardPass) -> frozenset[str]:
    """The activations that can be told apart by name: sigma1, sigma2, …, where layers have different ones."""
    layers = forward.network.layers if forward.network else []
    if len({layer.activation.name for layer in layers}) < len(layers):
        return frozenset()
    return frozenset(f"sigma{l}" for l in range(1, len(layers) + 1))


def _judge(mutant: Any, sides: Sides) -> tuple[str, str]:
    """Outcome and reason, the first size that tells deciding."""
    if isinstance(mutant, Clash):
        return "killed", "clash: no such expression"
    equal = []
    for forward, truth in sides:
        at = "-".join(map(str, forward.sizes))
        try:
            outcome = decide(truth, value_of(mutant, forward))
        except (ShapeError, IndexError):  # an index beyond the last entry
            return "killed", f"clash at {at}"
        except (Undecided, ClaimFailed) as doubt:
            return "alive", f"at {at}: {doubt}"
        if not isinstance(outcome, Proof):
            kind = "counterexample" if isinstance(outcome, Counterexample) else "clash"
            return "killed", f"{kind} at {at}"
        equal.append(f"at {at}")
    return "equivalent", f"both checkers find it equal {' and '.join(equal)}"


def corrected_stands(record: Recorded) -> bool:
    """Whether a corrected claim would fail with its corrected form in the place of the as-written one."""
    begin, last, forward = record.steps[0], record.steps[-1], record.passes[0]
    if isinstance(forward, AtSizes):
        return general_stands(record)
    try:
        refute(record.mended if _mends(record) else last, begin, forward, "as written")
    except ClaimFailed as failure:
        return "there is nothing to mend" in str(failure)
    return False


def _mends(record: Recorded) -> bool:
    """Whether the statement is the definition that was mended, and not what follows from it."""
    return record.mended is not None and getattr(record.as_written, "lhs", None) == record.mended.lhs


def _text(thing: Any) -> str:
    if isinstance(thing, Clash):
        return thing.message
    if isinstance(thing, Formula):
        return f"{python(thing.lhs)} = {python(thing.rhs)}"
    return thing if isinstance(thing, str) else python(thing)


def _short(thing: Any) -> str:
    text = _text(thing)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH // 2]} … {text[3 - _WIDTH // 2 :]}"


# ---- chapters ----------------------------------------------------------------------------------------------


def claims_of(chapter: Path) -> list[Recorded]:
    """Run a chapter, and return its claims and definitions."""
    with recording() as records:
        execute(chapter)
    return records


def main(chapters: list[str]) -> int:
    """Print the mutants of chapters; 1 if one is alive."""
    alive = 0
    for chapter in map(Path, chapters):
        found = [mutant for record in claims_of(chapter.resolve()) for mutant in mutants(record)]
        alive += sum(mutant.outcome == "alive" for mutant in found)
        print(table(found), summary(chapter.stem, found), "", sep="\n\n")
    return min(alive, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
