"""Every claim of the book: small errors in its formula are found, and its proof is proof twice over.

The table of all mutants is written to _build/mutants/, one file a chapter.
"""

import re
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from nnlib.ledger.comparison import value_of
from nnlib.ledger.mutant_table import overview, summary, table
from nnlib.ledger.mutants import claims_of, corrected_stands, mutants
from nnlib.symbolic.second_checker import agree

ROOT = Path(__file__).parents[2]
TABLES = ROOT / "_build" / "mutants"
PAGES = [ROOT / "index.md", *sorted((ROOT / "chapters").rglob("*.md"))]
CHAPTERS = [page for page in PAGES if "nn.claim(" in page.read_text(encoding="utf-8")]
NEEDED = 3

claims = cache(claims_of)


@cache
def mutants_of(chapter):
    return [mutant for record in claims(chapter) for mutant in mutants(record)]


def proofs_of(chapter):
    return [record for record in claims(chapter) if record.claim.proof is not None]


def by_formula(chapter):
    """Claim and formula → its mutants."""
    groups = groupby(mutants_of(chapter), key=lambda mutant: (mutant.id, mutant.formula))
    return {": ".join(name): list(group) for name, group in groups}


chapters = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda page: page.stem)


@chapters
def test_no_mutant_is_alive(chapter, capsys):
    found = mutants_of(chapter)
    TABLES.mkdir(parents=True, exist_ok=True)
    path = TABLES / f"{chapter.stem}.txt"
    path.write_text(f"{table(found)}\n\n{summary(chapter.stem, found)}\n", encoding="utf-8")
    with capsys.disabled():
        print(f"\n\n{summary(chapter.stem, found)}; one by one in {path.relative_to(ROOT)}\n")
        print(overview(found))
    alive = [mutant for mutant in found if mutant.outcome == "alive"]
    assert not alive, table(alive)


@chapters
def test_every_formula_has_killed_mutants(chapter):
    """Three at least; or all, where fewer errors can be made."""
    few = [
        name
        for name, found in by_formula(chapter).items()
        if sum(mutant.outcome == "killed" for mutant in found) < min(NEEDED, len(found))
    ]
    assert not few, f"fewer than {NEEDED} errors are found in {few}"


@chapters
@pytest.mark.parametrize("kind", ["transpose", "factor", "index"])
def test_where_an_error_can_be_made_one_is_found(chapter, kind):
    """But for numbers, which are their own transposes and have one index, and losses, which only add up.

    And but for what is still to be differentiated: the part of it that stays constant may be anything.
    """
    blind = [
        name
        for name, found in by_formula(chapter).items()
        if (same := [mutant for mutant in found if mutant.kind == kind])
        and all(mutant.outcome == "equivalent" for mutant in same)
        and not (kind == "transpose" and all(is_number(mutant) for mutant in same))
        and not (kind == "index" and all(is_of_one_unit(mutant) for mutant in same))
        and not same[0].formula.startswith("Diff(")
    ]
    assert not blind, f"no {kind} would be missed in {blind}"


def is_number(mutant):
    """A loss, or what has the shape of an output of one unit, at all sizes of the claim."""
    return mutant.formula.startswith("L = ") or not re.search(r"-[2-9]( |$)", mutant.reason)


def is_of_one_unit(mutant):
    """An entry of a layer that has no other."""
    entry = re.match(r"(y|[a-z]+(?P<layer>\d))\([a-z]\)  →", mutant.change)
    sizes = re.search(r"at ([\d-]+)$", mutant.reason)
    return bool(entry and sizes) and sizes[1].split("-")[int(entry["layer"] or -1)] == "1"


@chapters
def test_a_corrected_form_cannot_be_refuted(chapter):
    """In the place of the as-written one it must make the claim fail: nothing but the error refutes."""
    for record in proofs_of(chapter):
        if record.claim.verdict == "corrected":
            assert corrected_stands(record), record.claim.id


@chapters
def test_the_second_checker_confirms_every_proof(chapter):
    for record in proofs_of(chapter):
        assert "confirmed at random points" in record.claim.how
        for forward in record.passes:
            begin, *steps = (value_of(step, forward) for step in record.steps)
            assert all(agree(begin, step) for step in steps), record.claim.id


@chapters
def test_square_claims_are_proved_at_rectangular_sizes_too(chapter):
    """But for those that write out each entry: they are about one size."""
    for record in proofs_of(chapter):
        sizes = [forward.sizes for forward in record.passes]
        written_out = any(isinstance(getattr(step, "rhs", None), list) for step in record.steps)
        if len(set(sizes[0])) == 1 and sizes[0][0] > 1 and not written_out:
            assert len(sizes) == 2, record.claim.id
            if record.passes[0].shared:  # one W in every place is square: a larger one then
                assert set(sizes[1]) == {sizes[0][0] + 1}, record.claim.id
            else:
                assert len(set(sizes[1])) == len(sizes[1]), record.claim.id
