"""Each exercise of a formula stands in the chapter that its name tells, once, under a letter of its own."""

import re
from pathlib import Path

import pytest

from nnlib.exercises.chapters import CHAPTERS, find

FOLDER = Path(__file__).parents[2] / "chapters"
ENTRY = re.compile(
    r"^\*\*([A-Z])\. [^*\n]+\*\*\n\n```\{code-cell\} ipython3\n:tags: \[remove-input\]\n"
    r'nn\.exercises\.find\("([\w.-]+)"\)\n```$',
    re.MULTILINE,
)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_holds_its_exercises_from_a_on(chapter):
    (page,) = FOLDER.glob(f"[0-9][0-9]-{chapter}.md")
    text = page.read_text(encoding="utf-8")
    part = text.split("\n### Type your formula\n")[1].split("\n### On paper\n")[0]
    entries = ENTRY.findall(part)
    assert {name for _, name in entries} == {f"{chapter}.{own}" for own in CHAPTERS[chapter]}
    letters = [letter for letter, _ in entries]
    assert letters == sorted(set(letters))
    assert letters[0] == "A"
    assert len(entries) == text.count("nn.exercises.find(") >= 6


def test_every_chapter_has_some():
    numbered = {page.stem[3:] for page in FOLDER.glob("[0-9][0-9]-*.md")}
    assert numbered == set(CHAPTERS)


@pytest.mark.parametrize("name", ["single-layer.dw", "nowhere.dW", "dW", "", None, ["single-layer.dW"]])
def test_an_exercise_that_there_is_not_is_named_with_those_that_there_are(name):
    with pytest.raises(KeyError, match=f"no exercise {re.escape(repr(name))}; there are primer.slope, "):
        find(name)


def test_an_exercise_is_made_once():
    assert find("primer.slope") is find("primer.slope")
