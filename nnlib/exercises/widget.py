"""The exercise as a page element without a kernel, and as an ipywidget where there is one."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import anywidget
import traitlets as t

from nnlib.exercises.exercise import Checked, Exercise
from nnlib.exercises.page import asset, module_text, program_source, state
from nnlib.shapes import show
from nnlib.symbolic.mathml import mathml

_TAIL = (
    "export default {{ render: ({{ model, el }}) => mountWidget({{ model, el, program: {program} }}) }};\n"
)


class ExerciseWidget(anywidget.AnyWidget):
    """The field, the verdict and the help of an exercise; what is entered is proved in Python.

    Parameters
    ----------
    exercise : Exercise
        What is asked.

    Examples
    --------
    >>> from nnlib.exercises.samples import outer_product
    >>> widget = ExerciseWidget(outer_product())
    >>> widget.answer = "delta x^T"
    >>> widget.report["verdict"], widget.report["said"]
    ('right', 'Proved: it holds for all values.')
    """

    question = t.Dict().tag(sync=True)
    statement = t.Unicode().tag(sync=True)
    answer = t.Unicode().tag(sync=True)
    report = t.Dict().tag(sync=True)

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        tail = _TAIL.format(program=program_source(exercise))
        self._esm = "\n".join([module_text(), asset("exercise_view.js"), asset("exercise_widget.js"), tail])
        self._css = f"{tokens_css()}\n{asset('exercise.css')}"
        super().__init__(question=state(exercise), statement=plain(exercise.statement))

    @t.observe("answer")
    def _check(self, change: Any) -> None:
        found = self._exercise.check(change["new"])
        self.report = {
            "verdict": found.verdict, "kind": found.kind, "message": found.message, "said": said(found),
        }  # fmt: skip


def said(found: Checked) -> str:
    """What Python adds to the numbers' verdict.

    Examples
    --------
    >>> from nnlib.exercises.samples import outer_product
    >>> said(outer_product().check("2 delta x^T"))[:44]
    'A counterexample that is certain: entry (1, '
    """
    if found.proof is not None:
        return "Proved: it holds for all values."
    if found.counterexample is not None:
        return f"A counterexample that is certain: {found.counterexample}."
    return ""


def static_html(exercise: Exercise) -> str:
    """The exercise for a page: the statement and the folded solution, and what brings it to life.

    Examples
    --------
    >>> from nnlib.exercises.samples import outer_product
    >>> static_html(outer_product())[:72]
    '<div class="xp ex" data-exercise="outer-product" id="exercise-outer-prod'
    """
    name, asked = html.escape(exercise.name), html.escape(exercise.question.asked)
    data = {"question": state(exercise), "program": program_source(exercise)}
    script = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    letters = ", ".join(f"{d.shown} ({show((d.rows, d.columns))})" for d in exercise.declared)
    return (
        f'<div class="xp ex" data-exercise="{name}" id="exercise-{name}" role="group" '
        f'aria-label="Exercise: {asked}">'
        f'<p class="ex-statement">{with_mathml(exercise.statement)}</p>'
        f'<p class="ex-letters">Letters: {html.escape(letters)}</p>'
        f'<script type="application/json" class="ex-state">{script}</script>'
        '<div class="ex-live"></div>'
        f'<details class="ex-solution"><summary>Solution</summary>{solution(exercise)}</details>'
        "</div>"
    )


def solution(exercise: Exercise) -> str:
    """The answer, what it rests on, why, and that it has been proved.

    >>> from nnlib.exercises.samples import outer_product
    >>> solution(outer_product())[-96:]
    '<p class="ex-letters">Proved against the forward pass: entries 6, equal normal forms over ℚ.</p>'
    """
    proof = f"Proved against the forward pass: entries {exercise.proof.entries}, {exercise.proof.how}."
    formulas = "".join(f"<div>{formula.mathml}</div>" for formula in (exercise.formula, *exercise.beside))
    because = f"<p>{with_mathml(exercise.because)}</p>" if exercise.because else ""
    return f'{formulas}{because}<p class="ex-letters">{html.escape(proof)}</p>'


def mimebundle(exercise: Exercise, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Jupyter shows: the widget where a kernel runs, the page element elsewhere."""
    data, metadata = ExerciseWidget(exercise)._repr_mimebundle_(**kwargs) or ({}, {})
    return {**data, "text/html": static_html(exercise), "text/plain": plain(exercise.statement)}, metadata


_MATH = re.compile(r"\$([^$]+)\$")


def with_mathml(text: str) -> str:
    """HTML of a text with mathematics between dollar signs and ``**bold**`` words.

    >>> with_mathml("**1.** Is $a < b$?")[:42]
    '<strong>1.</strong> Is <math xmlns="http:/'
    """
    parts = _MATH.split(text)
    words = [re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(part)) for part in parts[::2]]
    formulas = [mathml(part) for part in parts[1::2]]
    pairs = zip(words, [*formulas, ""], strict=True)
    return "".join(word + formula for word, formula in pairs)


def plain(text: str) -> str:
    """The text without dollar signs and stars.

    >>> plain("**1.** Is $a < b$?")
    '1. Is a < b?'
    """
    return text.replace("$", "").replace("**", "")


def tokens_css() -> str:
    """The colours and the buttons of the explorables, which exercises share."""
    from nnlib.explore.explorable import _asset  # noqa: PLC0415  one style sheet for both

    return _asset("explorable.css")
