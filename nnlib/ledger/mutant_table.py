"""Mutants as text: every one on a line, or a line a formula with the counts by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnlib.ledger.mutants import Mutant

KINDS = ("sign", "double", "factor", "summand", "transpose", "index", "layer", "slope", "sum")


def overview(found: Iterable[Mutant]) -> str:
    """A line a formula: how many errors of each kind were killed.

    ``+n`` are n changes that are no errors, ``n!`` n errors alive; a dot is a kind that has no place there.
    """
    head = f"{'claim':<34}" + "".join(f"{kind:>10}" for kind in KINDS) + "   formula"
    lines = []
    for (name, formula), group in groupby(found, key=lambda mutant: (mutant.id, mutant.formula)):
        mutants = list(group)
        counts = "".join(f"{_count(mutants, kind):>10}" for kind in KINDS)
        lines.append(f"{name:<34}{counts}   {formula if len(formula) < 60 else formula[:57] + '…'}")
    return "\n".join([head, *lines])


def _count(mutants: Sequence[Mutant], kind: str) -> str:
    outcomes = Counter(mutant.outcome for mutant in mutants if mutant.kind == kind)
    if not outcomes:
        return "·"
    none = f"+{outcomes['equivalent']}" if outcomes["equivalent"] else ""
    alive = f" {outcomes['alive']}!" if outcomes["alive"] else ""
    return f"{outcomes['killed']}{none}{alive}"


def table(found: Iterable[Mutant]) -> str:
    """Claim by claim and formula by formula, one line a mutant."""
    lines, heading = [], ""
    for mutant in found:
        if heading != (heading := f"{mutant.id}   {mutant.formula}"):
            lines += ["", heading]
        lines.append(f"    {mutant.outcome:<10}  {mutant.kind:<9}  {mutant.change:<75}  {mutant.reason}")
    return "\n".join(lines[1:])


def summary(name: str, found: Iterable[Mutant]) -> str:
    """Such as ``01-single-layer: 310 mutants, 306 killed, 4 equivalent, 0 alive``."""
    counts = Counter(mutant.outcome for mutant in found)
    parts = [f"{counts[outcome]} {outcome}" for outcome in ("killed", "equivalent", "alive")]
    return f"{name}: {counts.total()} mutants, {', '.join(parts)}"
