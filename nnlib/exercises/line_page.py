"""How an exercise with a missing line looks: its card on the page, and what is said below a cell."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from nnlib.exercises.lines import Line, LineChecked
from nnlib.exercises.widget import with_mathml

_MARKS = {"right": "✓", "wrong": "✗"}


def static_html(line: Line) -> str:
    """The card: what is asked, how to run it, and the hints and the solution, both folded.

    Examples
    --------
    >>> import nnlib as nn
    >>> static_html(nn.exercises.line("single-layer.line-dW"))[:80]
    '<div class="xp ex" data-exercise="single-layer.line-dW" data-kind="line" id="exe'
    """
    name, gap = html.escape(line.name), html.escape(line.gap)
    hints = "".join(f"<p>{_text(hint)}</p>" for hint in line.hints)
    return (
        f'<div class="xp ex" data-exercise="{name}" data-kind="line" id="exercise-{name}" role="group" '
        f'aria-label="Exercise: the line {gap} = …">'
        f'<p class="ex-statement">{_text(line.statement)}</p>'
        '<p class="ex-letters">In a notebook, write the line in the cell below, and run both cells. The '
        "rocket at the top of the page opens it as one.</p>"
        f'<details class="ex-solution"><summary>Hint</summary>{hints}</details>'
        f'<details class="ex-solution"><summary>Solution</summary>{solution(line)}</details>'
        "</div>"
    )


def solution(line: Line) -> str:
    """The whole program with its line, why, and how far it is from nnlib's own gradients."""
    code = html.escape(line.solved, quote=False)
    own = re.escape(html.escape(f"{line.gap} = {line.formula}", quote=False))
    code = re.sub(rf"^( *)({own})$", r"\1<strong>\2</strong>", code, flags=re.MULTILINE)
    because = f"<p>{_text(line.because)}</p>" if line.because else ""
    count = len(line.trials)
    run = f"Run on {count} networks: as nnlib's gradients, up to {line.error:.0e} of the largest entry."
    small = f'<p class="ex-letters">{html.escape(run)}</p>'
    return f'<pre class="ex-program" tabindex="0"><code>{code}</code></pre>{because}{small}'


def _text(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", with_mathml(text))


def said_html(checked: LineChecked) -> str:
    """The verdict; each further step of help is folded into the one before.

    Examples
    --------
    >>> said_html(LineChecked("right", "right", "Right."))
    '<div class="ex-said" data-verdict="right" data-kind="right"><p><strong>✓ Right.</strong></p></div>'
    """
    if checked.kind == "not-filled":
        verdict, first = "", html.escape(checked.message)
    else:
        verdict = checked.verdict
        first = f"<strong>{_MARKS[verdict]} {html.escape(checked.message)}</strong>"
    return (
        f'<div class="ex-said" data-verdict="{verdict}" data-kind="{checked.kind}"><p>{first}</p>'
        f"{_folded(checked.help[1:])}</div>"
    )


def _folded(steps: Sequence[str]) -> str:
    if not steps:
        return ""
    first, *rest = steps
    return f"<details><summary>More help</summary><p>{html.escape(first)}</p>{_folded(rest)}</details>"
