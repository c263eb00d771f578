"""What readers type: several hundred forms of right answers, and the message for what cannot be read."""

from pathlib import Path

import pytest

from .catalogue import exercise
from .page import judged

_HERE = Path(__file__).parent


def forms():
    """Exercise → the forms of its right answer."""
    found, name = {}, ""
    for line in (_HERE / "forms.txt").read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("    "):
            found[name].append(line.removeprefix("    "))
        elif line:
            name = line
            found[name] = []
    return found


def refused():
    """Exercise, text, place and message of what is not read."""
    lines = (_HERE / "refused.txt").read_text(encoding="utf-8").splitlines()[2:]
    return [tuple(line.split(" | ")) for line in lines]


def test_right_answers_are_read_in_every_form():
    texts = forms()
    assert sum(map(len, texts.values())) >= 600
    page = judged({name: exercise(name) for name in texts}, texts)
    for name, answers in page.items():
        for text, answer in zip(texts[name], answers, strict=True):
            assert exercise(name).question.judge(text).message == "Right.", (name, text)
            assert answer["message"] == "Right.", (name, text)


@pytest.mark.parametrize(("name", "text", "place", "message"), refused())
def test_what_is_not_read_is_marked_and_explained(name, text, place, message):
    found = exercise(name).question.judge(text)
    assert found.verdict == "unreadable"
    assert found.message.startswith(message)
    assert text[slice(*found.place)] == place
