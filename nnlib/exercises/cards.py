"""Steps to be ordered and shapes to be chosen, as the page and a notebook show them.

All that is seen and used stands in the HTML; the module only listens. So nothing jumps when it comes.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

import anywidget
import traitlets as t

from nnlib.exercises.ordering import LETTERS, Ordering
from nnlib.exercises.page import asset, lean
from nnlib.exercises.shaping import Shapes
from nnlib.exercises.widget import plain, tokens_css, with_mathml
from nnlib.symbolic.mathml import mathml

Cards = Ordering | Shapes

_TAIL = "export default { render: mountCardsWidget };\n"
_TOOLS = (
    '<span class="ex-tools"><button type="button" class="xp-btn" aria-label="Move {0} up">↑</button>'
    '<button type="button" class="xp-btn" aria-label="Move {0} down">↓</button>'
    '<span class="ex-grip" aria-hidden="true">⠿</span></span>'
)


class CardsWidget(anywidget.AnyWidget):
    """The cards of an exercise in a notebook; what is handed in is checked by the exercise itself.

    Parameters
    ----------
    exercise : Ordering or Shapes
        What is asked.

    Examples
    --------
    >>> from nnlib.exercises import card
    >>> widget = CardsWidget(card("single-layer.shapes"))
    >>> widget.answer = card("single-layer.shapes").answer
    >>> widget.report["verdict"]
    'right'
    """

    markup = t.Unicode().tag(sync=True)
    answer = t.Unicode().tag(sync=True)
    report = t.Dict().tag(sync=True)

    def __init__(self, exercise: Cards) -> None:
        self._exercise = exercise
        parts = [asset("exercise_view.js"), asset("cards.js"), asset("exercise_widget.js"), _TAIL]
        self._esm = "\n".join(map(lean, parts))
        self._css = f"{tokens_css()}\n{asset('exercise.css')}"
        super().__init__(markup=static_html(exercise))

    @t.observe("answer")
    def _check(self, change: Any) -> None:
        found = self._exercise.check(change["new"])
        self.report = {"verdict": found.verdict, "kind": found.kind, "message": found.message}


def static_html(exercise: Cards) -> str:
    """The exercise for a page: the cards with their buttons, and the folded solution.

    Examples
    --------
    >>> from nnlib.exercises import card
    >>> static_html(card("single-layer.shapes"))[:70]
    '<div class="xp ex" data-exercise="single-layer.shapes" id="exercise-si'
    """
    name = html.escape(exercise.name)
    data = json.dumps({"question": exercise.state()}, ensure_ascii=False, separators=(",", ":"))
    script = data.replace("</", "<\\/")
    because = f"<p>{with_mathml(exercise.because)}</p>" if exercise.because else ""
    ordered = isinstance(exercise, Ordering)
    proof = "Each step has been proved." if ordered else "Computed by nnlib from the network."
    return (
        f'<div class="xp ex" data-exercise="{name}" id="exercise-{name}" role="group" '
        f'aria-label="Exercise: {exercise.shown}">'
        f'<p class="ex-statement">{with_mathml(exercise.statement)}</p>'
        f'<script type="application/json" class="ex-state">{script}</script>'
        f'<ol class="ex-cards">{"".join(_cards(exercise))}</ol>'
        '<div class="ex-live is-short"></div>'
        f'<details class="ex-solution"><summary>Solution</summary><p>{html.escape(exercise.solution)}</p>'
        f'{because}<p class="ex-letters">{proof}</p></details></div>'
    )


def _cards(exercise: Cards) -> Iterator[str]:
    if isinstance(exercise, Ordering):
        for letter, number in zip(LETTERS, exercise.cards, strict=False):
            yield f"<li><b>{letter}</b>{exercise.steps[number].formula.mathml}{_TOOLS.format(letter)}</li>"
        return
    for k, (shown, name) in enumerate(zip(exercise.latex, exercise.names, strict=True)):
        group = f"{html.escape(exercise.name)}-{k}"
        radios = "".join(
            f'<label><input type="radio" name="{group}"><span>{option}</span></label>'
            for option in exercise.options
        )
        label = f"Shape of {html.escape(name)}"
        yield (
            f'<li>{mathml(shown)}<fieldset class="xp-seg many" aria-label="{label}">{radios}</fieldset></li>'
        )


def mimebundle(exercise: Cards, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Jupyter shows: the widget where a kernel runs, the page element elsewhere."""
    data, metadata = CardsWidget(exercise)._repr_mimebundle_(**kwargs) or ({}, {})
    return {**data, "text/html": static_html(exercise), "text/plain": plain(exercise.statement)}, metadata
