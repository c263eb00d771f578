"""An exercise that asks for shapes: each is computed by nnlib from the network, and never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from nnlib.exercises.exercise import Checked
from nnlib.exercises.slips import plain_name
from nnlib.shapes import show
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Letter, Partial

Shape = tuple[int, int]
_ANY = Letter("t", 1, 1)  # what a product is called does not matter


class Shapes:
    r"""Matrices and vectors whose shapes are to be chosen.

    Parameters
    ----------
    name : str
        Its id, for links: ``single-layer.shapes``.
    statement : str
        What is asked; mathematics between dollar signs.
    asked : sequence of Letter, partial(…) or product
        What has the shapes.
    forward : ForwardPass
        What gives them: the convention and the sizes are its.
    why : mapping
        What is asked → a reason for its shape, shown as help. A gradient has one of its own.
    given : sequence of Formula
        What letters in a product stand for, where the network does not say (δ, for one).
    hints : sequence of str
        Given last.
    because : str
        A remark for the solution; mathematics between dollar signs.

    Examples
    --------
    >>> from nnlib.symbolic import letters, network, partial
    >>> W, x, L = letters("W x L")
    >>> exercise = Shapes("shapes", "Which shapes?", [W, partial(L, x)], ForwardPass(network((3, 2))))
    >>> exercise.options
    ('1 × 3', '2 × 3', '3 × 1', '3 × 2')
    >>> exercise.answer
    '2 × 3; 3 × 1'
    >>> print(exercise.check("2 × 3; 3 × 1"))
    Right.
    >>> print(*exercise.check("2x3, 1x3").help, sep="\n")
    1 of 2 is right.
    ∂L/∂x is not 1 × 3: that is its transpose.
    A gradient has the shape of what it is taken by.
    >>> print(exercise.check("2 × 3"))
    Choose a shape for each of the 2.
    """

    def __init__(
        self,
        name: str,
        statement: str,
        asked: Sequence[Any],
        forward: ForwardPass,
        *,
        why: Mapping[Any, str] | None = None,
        given: Sequence[Formula] = (),
        hints: Sequence[str] = (),
        because: str = "",
    ) -> None:
        self.name, self.statement, self.asked = name, statement, tuple(asked)
        self.hints, self.because = tuple(hints), because
        self.shapes: tuple[Shape, ...] = tuple(_shape(one, forward, given) for one in asked)
        self.why = tuple((why or {}).get(one, "") or _reason(one) for one in asked)

    @property
    def options(self) -> tuple[str, ...]:
        """What can be chosen: every shape that is right for one of them, and the transposes."""
        both = {*self.shapes, *((columns, rows) for rows, columns in self.shapes)}
        return tuple(show(shape) for shape in sorted(both))

    @property
    def names(self) -> tuple[str, ...]:
        """What is asked for, in plain text."""
        return tuple(_plain(one) for one in self.asked)

    @property
    def shown(self) -> str:
        """What is asked, for readers who listen."""
        return "choose the shapes"

    @property
    def answer(self) -> str:
        """The right shapes, in the order asked."""
        return "; ".join(map(show, self.shapes))

    @property
    def solution(self) -> str:
        """The right shapes in a sentence."""
        pairs = zip(self.names, self.shapes, strict=True)
        return "; ".join(f"{name} is {show(shape)}" for name, shape in pairs) + "."

    @property
    def latex(self) -> tuple[str, ...]:
        """What is asked for, in LaTeX."""
        return tuple(latex(one) for one in self.asked)

    def check(self, text: str) -> Checked:
        """What is to be said of a choice.

        Parameters
        ----------
        text : str
            The shapes in the order asked: ``2 × 3; 3 × 1``, or ``2x3, 3x1``.
        """
        chosen = [" × ".join(part.replace("x", "×").replace(" ", "").split("×")) for part in _parts(text)]
        if len(chosen) != len(self.asked) or not set(chosen) <= set(self.options):
            message = f"Choose a shape for each of the {len(self.asked)}."
            return Checked("unreadable", "open", message, (message,))
        right = [show(shape) for shape in self.shapes]
        wrong = [k for k, (mine, true) in enumerate(zip(chosen, right, strict=True)) if mine != true]
        if not wrong:
            return Checked("right", "right", "Right.")
        k, many = wrong[0], len(right) - len(wrong)
        turned = chosen[k] == show((self.shapes[k][1], self.shapes[k][0]))
        message = f"{many} of {len(right)} {'is' if many == 1 else 'are'} right."
        clash = f"{self.names[k]} is not {chosen[k]}{': that is its transpose' if turned else ''}."
        steps = (message, clash, self.why[k], *self.hints)
        kind = "transposed" if turned else "shape"
        return Checked("wrong", kind, message, tuple(step for step in steps if step))

    def state(self) -> dict[str, Any]:
        """What the page needs to know."""
        options = self.options
        return {
            "kind": "shapes",
            "name": self.name,
            "options": list(options),
            "asked": list(self.names),
            "truth": [options.index(show(shape)) for shape in self.shapes],
            "turned": [options.index(show((columns, rows))) for rows, columns in self.shapes],
            "why": list(self.why),
            "hints": list(self.hints),
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from nnlib.exercises.cards import mimebundle  # noqa: PLC0415  the widget is made of exercises

        return mimebundle(self, **kwargs)


def _parts(text: str) -> list[str]:
    return [part for part in text.replace(",", ";").split(";") if part.strip()]


def _shape(asked: Any, forward: ForwardPass, given: Sequence[Formula]) -> Shape:
    """The shape that nnlib gives it: of its entries on the forward pass."""
    if isinstance(asked, Letter):
        rows, columns = forward.shape(asked)
    elif isinstance(asked, Partial):
        rows, columns = forward.shape(asked.args[1])
    else:
        rows, columns = Formula(_ANY, asked, given).evaluate(forward).shape
    return int(rows), int(columns)


def _reason(asked: Any) -> str:
    if isinstance(asked, Partial):
        return "A gradient has the shape of what it is taken by."
    return "" if isinstance(asked, Letter) else "Rows of the first factor, columns of the last one."


def _plain(asked: Any) -> str:
    """In plain text: a product's factors one after the other."""
    if isinstance(asked, sp.MatMul):
        return " ".join(map(_plain, asked.args))
    if isinstance(asked, sp.Transpose):
        return f"{_plain(asked.arg)}ᵀ"
    return plain_name(asked)
