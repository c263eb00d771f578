# ruff: noqa: ARG005  a backward pass takes all its arguments, whatever it does with them
"""Backward passes with a line that a reader has written: right, wrong in typical ways, and broken."""

import re
from inspect import getclosurevars
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

import nnlib as nn
from nnlib.exercises import lines as lines_module
from nnlib.exercises.chapters import programs
from nnlib.exercises.chapters.lines import LINES
from nnlib.exercises.line_page import said_html, static_html
from nnlib.exercises.lines import Line

from .line_answers import RIGHT, WRONG

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGES = {
    "single-layer": "01-single-layer",
    "two-layers": "02-two-layers",
    "shared-weights": "03-shared-weights",
    "row-vectors": "05-row-vectors",
    "general-proof": "06-general-proof",
    "input-gradient": "07-input-gradient",
}
MAKERS = [value for value in vars(programs).values() if getattr(value, "__module__", "") == programs.__name__]


def filled(name, line):
    """The program of that exercise with a line, as if the reader had written it."""
    for make in MAKERS:
        backward = make(lambda values: line(*(values[n] for n in line.__code__.co_varnames)))
        if backward.__code__ is nn.exercises.line(name).backward.__code__:
            return backward
    raise AssertionError(name)


def test_each_exercise_has_its_table():
    assert LINES.keys() == RIGHT.keys() == WRONG.keys()
    assert min(map(len, RIGHT.values())) >= 3
    assert min(map(len, WRONG.values())) >= 5
    assert {name.partition(".")[0] for name in LINES} == PAGES.keys()


@pytest.mark.parametrize(("name", "line"), [(n, line) for n, lines in RIGHT.items() for line in lines])
def test_a_right_line_is_right_however_it_is_written(name, line):
    found = nn.exercises.check(filled(name, line), name)
    assert (found.verdict, found.kind) == ("right", "right"), found
    assert bool(found)


@pytest.mark.parametrize(
    ("name", "kind", "line"), [(name, *pair) for name, pairs in WRONG.items() for pair in pairs]
)
def test_a_wrong_line_gets_the_help_that_fits(name, kind, line):
    exercise = nn.exercises.line(name)
    found = exercise.check(filled(name, line))
    assert (found.verdict, found.kind) == ("wrong", kind), found.help
    assert not found
    assert found.help[0] == found.message
    if kind in {"transposed", "shape"}:
        assert re.search(r"\d × \d|a single number|\d \(1-D\)", found.message)
    if kind not in {"shape", "transposed", "stopped", "not-filled", "no-value", "missing-sum"}:
        yours, truth = re.search(r"yours is (\S+), but \S+ is (\S+)\.$", found.help[1]).groups()
        assert yours != truth
    if kind != "not-filled":
        assert found.help[-len(exercise.hints) :] == exercise.hints


def test_no_help_gives_the_line_away():
    for name, pairs in WRONG.items():
        exercise = nn.exercises.line(name)
        for _, line in pairs:
            assert exercise.formula not in exercise.check(filled(name, line)).more()


def test_the_sizes_of_the_networks_all_differ_where_they_can():
    for name in LINES:
        for trial in nn.exercises.line(name).trials:
            numbers = [int(number) for number in re.findall(r"\d+", trial.words)]
            assert len(set(numbers)) == len(numbers) or name.startswith("shared-weights."), trial.words
        assert len(nn.exercises.line(name).trials) == 3


# ---- what a reader hands over ------------------------------------------------------------------------------


def test_what_stops_is_told_with_its_line_and_its_shapes():
    def my_backward(x, y, W, b):
        z = W @ x + b
        a = np.tanh(z)
        delta = (a - y) * (1 - a**2)
        dW = delta @ x  # mine
        return {"dW": dW, "db": delta}

    found = nn.exercises.check(my_backward, "single-layer.line-dW")
    assert found.message == (
        "Line 5 of your function, dW = delta @ x, stops: the shapes do not fit for a product of matrices. "
        "There delta is 2 × 1 and x is 3 × 1."
    )
    assert found.help[1] == "dW should be 2 × 3 in a network of sizes 3, 2."


def test_a_name_that_there_is_not_is_told():
    def my_backward(x, y, W, b):
        return {"dW": deltas @ x.T, "db": b}  # noqa: F821

    found = nn.exercises.check(my_backward, "single-layer.line-dW")
    assert found.kind == "stopped"
    assert "Line 2 of your function" in found.message
    assert "name 'deltas' is not defined" in found.message


def test_what_stops_behind_a_line_of_the_wrong_shape_is_told_by_the_shape():
    def my_backward(x, y, W1, b1, W2, b2):
        a1 = np.tanh(W1 @ x + b1)
        a2 = np.tanh(W2 @ a1 + b2)
        delta2 = (a2 - y) * (1 - a2**2)
        delta1 = delta2.T @ W2 * (1 - a1**2).T
        dW1, dW2 = delta1 @ x.T, delta2 @ a1.T
        return {"delta1": delta1, "dW1": dW1, "dW2": dW2}

    found = nn.exercises.check(my_backward, "two-layers.line-delta1")
    assert found.message == (
        "The shapes clash: your delta1 is 1 × 3, but should be 3 × 1. Yours is the transpose."
    )


def test_other_lines_should_stay():
    def my_backward(x, y, W, b):
        delta = (np.tanh(W @ x + b) - y) * (1 - np.tanh(W @ x + b) ** 2)
        return {"dW": delta @ x.T, "db": 2 * delta}

    found = nn.exercises.check(my_backward, "single-layer.line-dW")
    assert (found.kind, found.message) == (
        "other-line",
        "Your dW is right, but db is not. Leave the other lines as they were.",
    )
    assert "no db" in nn.exercises.check(lambda x, y, W, b: {"dW": W}, "single-layer.line-dW").message


@pytest.mark.parametrize(
    ("handed", "said"),
    [
        ({"dW": 1}, "Hand over the function itself"),
        ("single-layer.line-dW", "Hand over the function itself"),
        (None, "That is a NoneType."),
        (lambda x, y: {}, "Your function takes x, y. It should take x, y, W, b, as it did."),
        (lambda x, y, W, b: None, "It gives back nothing."),
        (lambda x, y, W, b: W, "It gives back a ndarray."),
    ],
)
def test_what_is_no_backward_pass_is_told(handed, said):
    found = nn.exercises.check(handed, "single-layer.line-dW")
    assert found.kind == "stopped"
    assert said in found.message


def test_a_program_may_write_into_what_it_is_given():
    def my_backward(x, y, W, b):
        W @= np.eye(len(x))
        W += 1
        W -= 1
        b += W @ x
        a = np.tanh(b)
        delta = (a - y) * (1 - a**2)
        x *= 1
        y[:] = 0
        return {"dW": delta @ x.T, "db": delta}

    for _ in range(2):
        assert nn.exercises.check(my_backward, "single-layer.line-dW").kind == "right"


def test_a_line_that_is_right_on_one_network_alone_is_not_right():
    def my_backward(x, y, W, b):
        delta = (np.tanh(W @ x + b) - y) * (1 - np.tanh(W @ x + b) ** 2)
        return {"dW": len(x) / 3 * delta @ x.T, "db": delta}

    found = nn.exercises.check(my_backward, "single-layer.line-dW")
    assert found.message == (
        "The shape fits, 5 × 2. It is right up to a factor, but not always the same one: 1, 0.6667, 2."
    )


def test_an_interruption_is_not_swallowed():
    def my_backward(x, y, W, b):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nn.exercises.check(my_backward, "single-layer.line-dW")


# ---- the exercise itself -----------------------------------------------------------------------------------


def made(solution, slips=()):
    exercise = nn.exercises.line("single-layer.line-dW")
    return Line("x.y", "?", programs.one_layer, solution, lambda: exercise.trials, gap="dW", slips=slips)


def test_a_solution_that_nnlib_does_not_confirm_makes_no_exercise():
    with pytest.raises(ValueError, match="does not give what nnlib gives"):
        made(lambda delta, x: 1.001 * delta @ x.T)
    with pytest.raises(ValueError, match="the solution stops"):
        made(lambda delta, x: delta @ x)
    with pytest.raises(ValueError, match="the slip 'odd' is right"):
        made(lambda delta, x: delta @ x.T, [("odd", "?", lambda delta, x: delta * x.T)])
    with pytest.raises(ValueError, match="the slip 'odd' stops"):
        made(lambda delta, x: delta @ x.T, [("odd", "?", lambda delta, x: delta @ x)])
    with pytest.raises(KeyError, match=r"there is no line 'x\.y'"):
        nn.exercises.line("x.y")


def test_nothing_is_run_from_text():
    source = "".join(
        Path(lines_module.__file__).parent.joinpath(f"{name}.py").read_text(encoding="utf-8")
        for name in (
            "lines",
            "trial",
            "fault",
            "quantities",
            "line_page",
            "chapters/lines",
            "chapters/programs",
        )
    )
    assert not re.search(r"(?<!\.)\b(eval|exec|compile|__import__|import_module|Thread|Process)\(", source)
    assert getclosurevars(nn.exercises.check).unbound == set()


@pytest.mark.parametrize("name", LINES)
def test_the_chapter_shows_the_program_with_its_gap_and_hands_it_over(name):
    text = (CHAPTERS / f"{PAGES[name.partition('.')[0]]}.md").read_text(encoding="utf-8")
    exercise = nn.exercises.line(name)
    card = f'```{{code-cell}} ipython3\n:tags: [remove-input]\nnn.exercises.line("{name}")\n```'
    cell = f"```{{code-cell}} ipython3\nimport numpy as np\n\n{exercise.program}\n```"
    own = exercise.backward.__name__
    check = f'```{{code-cell}} ipython3\nimport nnlib as nn\n\nnn.exercises.check({own}, "{name}")\n```'
    assert f"{card}\n\n{cell}\n\n{check}\n" in text


@pytest.mark.parametrize("name", LINES)
def test_the_solution_as_it_is_shown_runs_and_is_right(name):
    exercise = nn.exercises.line(name)
    assert exercise.program.count("...  # your line") == 1
    assert exercise.solved == exercise.program.replace("...  # your line", exercise.formula)
    space = {"np": np}
    exec(dedent(exercise.solved), space)  # the page's own text
    assert exercise.check(space[exercise.backward.__name__]).kind == "right"
    exec(dedent(exercise.program), space)
    assert exercise.check(space[exercise.backward.__name__]).kind == "not-filled"


def test_the_card_folds_hints_and_solution():
    html = static_html(nn.exercises.line("two-layers.line-delta1"))
    assert html.startswith(
        '<div class="xp ex" data-exercise="two-layers.line-delta1" data-kind="line" '
        'id="exercise-two-layers.line-delta1" role="group"'
    )
    before, hint, solution = html.split("<details")
    assert "<summary>Hint</summary>" in hint
    assert "<summary>Solution</summary>" in solution
    assert "<strong>delta1 = (W2.T @ delta2) * (1 - a1**2)</strong>" in solution
    assert "1 - a1**2" not in before + hint
    assert "<code>delta1</code>" in before


def test_the_answer_in_a_notebook_folds_each_further_step():
    found = nn.exercises.line("two-layers.line-delta1").check(
        filled("two-layers.line-delta1", lambda W2, delta2: W2.T @ delta2)
    )
    html = said_html(found)
    assert html.count("<details>") == len(found.help) - 1 == 3
    assert html.count("</details></details></details></div>") == 1
    assert repr(found).splitlines() == [found.message, "For more, print(_.more()) in the next cell."]
    assert said_html(nn.exercises.check(lambda x, y, W, b: "<b>", "single-layer.line-dW")).count("<b>") == 0
