"""The identity test errs on none of some thousand pairs; who is right is said by ``prove``."""

from collections import Counter

from nnlib.exercises.parser import parse
from nnlib.exercises.tokens import Unreadable
from nnlib.exercises.values import Clash
from nnlib.symbolic import Undecided, prove

from .page import judged
from .pairs import all_mutants, all_nearly_right, all_right, cunning, exercise


def by_page(pairs):
    """The page's verdict on each pair."""
    texts = {}
    for name, text in pairs:
        texts.setdefault(name, []).append(text)
    found = judged({name: exercise(name) for name in texts}, texts)
    return {
        (n, text): (answer["verdict"], answer["kind"])
        for n in texts
        for text, answer in zip(texts[n], found[n], strict=True)
    }


def in_python(name, text):
    found = exercise(name).question.judge(text)
    return found.verdict, found.kind


def test_right_formulas_are_right():
    pairs = all_right()
    assert len(pairs) >= 300
    page = by_page(pairs)
    assert [pair for pair in pairs if {in_python(*pair), page[pair]} != {("right", "right")}] == []


def test_nearly_right_formulas_are_wrong():
    pairs = all_nearly_right()
    assert len(pairs) >= 300
    page = by_page(pairs)
    assert [pair for pair in pairs if in_python(*pair)[0] != "wrong" or page[pair] != in_python(*pair)] == []


def test_cunning_formulas_are_told_apart():
    right, wrong = cunning("+"), cunning("-")
    assert len(right) >= 90
    assert len(wrong) >= 280
    page = by_page([*right, *wrong])
    assert [pair for pair in right if {in_python(*pair), page[pair]} != {("right", "right")}] == []
    assert [pair for pair in wrong if in_python(*pair)[0] == "right" or page[pair] != in_python(*pair)] == []


def proved(name, text):
    """What a proof says, without a number: right, wrong, or nothing."""
    one = exercise(name)
    try:
        entries = one.symbols_of(text, parse(text, one.question.names))
    except Unreadable:
        return "unreadable"
    except Clash:
        return "wrong"
    try:
        return "right" if prove(entries, one.truth) else "wrong"
    except Undecided:
        return None


def test_numbers_and_proofs_never_disagree():
    pairs = all_mutants()
    page = by_page(pairs)
    judgements = Counter()
    for pair in pairs:
        expected = proved(*pair)
        mine = in_python(*pair)
        assert mine == page[pair], pair
        if expected is not None and mine[1] != "no-value":
            assert mine[0] == expected, pair
            judgements[expected] += 1
    assert judgements["wrong"] >= 300
    assert judgements["right"] >= 1
