"""A sheet has every exercise, with numbers of its own, and a key that is right."""

import re
import subprocess
import sys

import numpy as np
import pytest

from nnlib.exercises import Ordering, card, find, names
from nnlib.exercises.chapters.cards import CARDS
from nnlib.exercises.parser import parse
from nnlib.exercises.sheet import drawn, sheet
from nnlib.exercises.values import Evaluation

from .answers import RIGHT


def test_a_seed_always_gives_the_same_sheet_and_another_seed_another():
    assert sheet(7) == sheet(7)
    assert sheet(7) != sheet(8)


def test_each_exercise_stands_on_the_sheet_and_in_the_key():
    tasks, key = sheet(3).split("# Key to sheet 3")
    for number, name in enumerate(names(), start=1):
        assert f"**{number}.** {find(name).statement}" in tasks
        formulas = ", with ".join(f"${one.latex}$" for one in (find(name).formula, *find(name).beside))
        assert f"**{number}.** {formulas}." in key


def test_steps_are_dealt_anew_and_the_key_goes_with_them():
    (name, first), *others = [(n, card(n)) for n in CARDS if isinstance(card(n), Ordering)]
    assert others
    seen = set()
    for seed in range(5):
        tasks, key = sheet(seed, chapter=name.partition(".")[0]).split("# Key to sheet")
        steps = dict(re.findall(r"^- \((\w)\) \$(.*)\$$", tasks, re.M))
        assert sorted(steps) == list("abcde")
        order = re.search(r"right orders?: ([\w, ]+)\.", key)[1].split(", ")
        assert [steps[letter] for letter in order] == [step.formula.latex for step in first.steps]
        seen.add(" ".join(order))
    assert len(seen) > 1


def test_shapes_stand_on_the_sheet_and_in_the_key():
    exercise = card("row-vectors.shapes")
    tasks, key = sheet(7, chapter="row-vectors").split("# Key to sheet")
    assert "each is one of 1 × 2, 1 × 3, 2 × 1" in tasks
    assert exercise.solution in key
    assert exercise.solution not in tasks


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("seed", [1, 7, 2016])
def test_the_key_is_what_a_right_answer_gives_and_can_be_computed_by_hand(name, seed):
    exercise, sample = find(name), drawn(find(name), seed)
    answer = RIGHT[name][0].rpartition("=")[2]
    tree = parse(answer, exercise.question.names)
    found = Evaluation(answer, sample.letters, exercise.question.program.arithmetic).of(tree)
    numbers, truth = ([number for number, _ in value.entries] for value in (found, sample.truth))
    np.testing.assert_allclose(numbers, truth, rtol=1e-10)
    assert all(1e-3 < abs(number) < 1e3 for number in truth)


def test_a_sheet_can_be_short_or_of_one_chapter():
    assert sheet(7, count=3).count("**3.**") == 2
    assert "**4.**" not in sheet(7, count=3)
    own = [name for name in names() if name.startswith("single-layer.")]
    assert sheet(7, chapter="single-layer").count("Write it as a formula") == len(own) < len(names())
    with pytest.raises(ValueError, match="no exercises for 'nothing'"):
        sheet(7, chapter="nothing")


def test_the_command_prints_it():
    command = [sys.executable, "-m", "nnlib.exercises", "--seed", "7", "--count", "2"]
    run = subprocess.run(
        command, capture_output=True, text=True, check=True, encoding="utf-8", env={"PYTHONUTF8": "1"}
    )
    assert run.stdout == sheet(7, count=2)
    refused = subprocess.run([*command, "--chapter", "x"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
