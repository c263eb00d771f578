"""No string brings the parser down, in Python or in the page, and both say the same of each.

NNLIB_STRINGS says how many; benchmarks/parser.py takes 100 000 and measures the time a string.
"""

import os

from .catalogue import MAKERS, exercise
from .page import judged
from .strings import hostile

COUNT = int(os.environ.get("NNLIB_STRINGS", "6000"))


def test_every_string_gets_a_verdict_and_both_sides_agree():
    texts = {name: [] for name in MAKERS}
    for number, text in enumerate(hostile(COUNT)):
        texts[list(MAKERS)[number % len(MAKERS)]].append(text)
    page = judged({name: exercise(name) for name in MAKERS}, texts)
    readable = 0
    for name, answers in page.items():
        for text, answer in zip(texts[name], answers, strict=True):
            found = exercise(name).question.judge(text)
            place = list(found.place) if found.place else None
            mine = (found.verdict, found.kind, place)
            assert mine == (answer["verdict"], answer["kind"], answer["place"]), (name, text)
            readable += found.verdict != "unreadable"
            if found.verdict == "unreadable":
                assert found.message
                assert found.place
                assert 0 <= found.place[0] <= found.place[1] <= len(text)
    assert readable > COUNT / 50  # else the strings test nothing behind the first character
