"""The module of the page: what it weighs, and what it may never do."""

import gzip
import json
import re
import sys
from pathlib import Path

import pytest

from nnlib.exercises import names
from nnlib.exercises.page import asset, module_text, program_source, state
from nnlib.exercises.samples import outer_product
from nnlib.exercises.widget import ExerciseWidget, static_html

from .catalogue import exercise
from .page import judged

sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))
from backprop_book.assets import exercises_scripts
from backprop_book.lean import lean_style

STYLE = lean_style(asset("exercise.css"))
OWN = (
    "exercise.js",
    "exercise_view.js",
    "exercise_host.js",
    "exercise_widget.js",
    "cards.js",
    "progress.js",
    "progress_store.js",
)


def weight(text):
    return len(gzip.compress(text.encode(), 9))


def test_a_page_that_is_opened_loads_little():
    assert weight(exercises_scripts()["exercises.js"]) + weight(STYLE) <= 2_800


def test_all_that_exercises_load_weighs_little_too():
    assert sum(map(weight, [*exercises_scripts().values(), STYLE])) <= 20_000


def test_an_exercise_adds_little_to_its_page():
    assert weight("".join(static_html(exercise(name)) for name in names())) <= 600 * len(names())


@pytest.mark.parametrize("name", OWN)
def test_the_module_runs_no_text_and_makes_no_markup_of_it(name):
    code = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", asset(name), flags=re.S | re.M)
    never = r"\beval\b|\bFunction\b|(inner|outer|Adjacent)HTML|document\.write|setTimeout|\.src\b|srcdoc"
    assert re.search(never, code) is None


@pytest.mark.parametrize("name", OWN)
def test_the_module_has_no_activation_of_its_own(name):
    """exp, log, tanh and σ come from the compiled program, as the truth and the slips do."""
    assert set(re.findall(r"\bMath\.(\w+)", asset(name))) <= {
        "abs",
        "max",
        "min",
        "floor",
        "ceil",
        "round",
        "imul",
    }


def test_the_page_cannot_be_left_early_by_a_text_in_its_state():
    text = json.dumps(state(outer_product()), ensure_ascii=False)
    html = static_html(outer_product())
    inner = re.search(r'class="ex-state">(.*?)</script>', html, re.S)[1]
    assert json.loads(inner)["question"] == json.loads(text)
    assert json.loads(inner)["program"] == program_source(outer_product())


def test_without_a_script_the_statement_and_the_folded_solution_stay():
    html = static_html(outer_product())
    assert '<div class="xp ex" data-exercise="outer-product"' in html
    assert "three inputs" in html
    assert "<details" in html
    assert outer_product().formula.mathml in html


def test_a_widget_says_what_python_proves():
    widget = ExerciseWidget(outer_product())
    widget.answer = "x delta^T + 0"
    assert widget.report["kind"] == "transposed"
    widget.answer = "2 delta x^T"
    assert widget.report["said"].startswith("A counterexample that is certain")
    widget.answer = "delta x'"
    assert widget.report["said"] == "Proved: it holds for all values."
    assert "mountWidget" in widget._esm


def test_a_notebook_gets_the_widget_and_the_page_its_element():
    data, _ = outer_product()._repr_mimebundle_()
    assert set(data) >= {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}


def test_a_text_that_is_not_bounded_is_still_judged_at_once():
    answers = judged({"dW": exercise("dW")}, {"dW": ["x" * 1_000_000, "(" * 100_000]})["dW"]
    assert {answer["verdict"] for answer in answers} == {"unreadable"}
    assert max(answer["time"] for answer in answers) < 500


def test_the_module_says_the_same_every_time():
    assert module_text() == module_text()
