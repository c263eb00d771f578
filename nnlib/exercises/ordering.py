"""An exercise whose steps are to be put in order: every step is proved, and what it rests on is computed.

A step is an equation. It rests on another one if that one says what stands on its right side: then it must
come later. So there may be several right orders, and each of them is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from random import Random
from typing import Any

import numpy as np
import sympy as sp

from nnlib.exercises.exercise import Checked
from nnlib.exercises.slips import as_matrix, plain_name
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.general import General
from nnlib.symbolic.general.deciding import decide
from nnlib.symbolic.letters import Jacobian, Partial, PartialEntry
from nnlib.symbolic.prove import Proof, prove

LETTERS = "abcdefghijkl"
"""What the cards are called, in the order in which they lie on the page."""


@dataclass(frozen=True)
class Step:
    """An equation of a derivation.

    Parameters
    ----------
    formula : Formula
        What the step says.
    after : tuple of int, optional
        The numbers, from 1, of the steps that it rests on. Where it is left out they are computed: a step
        rests on each one that defines something on its right side.
    gives : str
        What the step gives, in words for a message; the name of its left side where it is left out.
    asked : partial(…), optional
        What the left side stands for (a δ stands for a derivative).
    """

    formula: Formula
    after: tuple[int, ...] | None = None
    gives: str = ""
    asked: Any = None

    @property
    def name(self) -> str:
        """What the step gives."""
        return self.gives or plain_name(self.formula.lhs)

    def mentions(self, other: Step) -> bool:
        """Whether the other one's left side is needed to say or to compute this step."""
        right, left = self.formula.rhs, self.formula.lhs
        parts = list(chain.from_iterable(right)) if isinstance(right, list) else [right]
        if isinstance(left, Partial | PartialEntry | Jacobian):
            parts.append(left.args[0])
        return any(sp.sympify(part).has(other.formula.lhs) for part in parts)


class Ordering:
    r"""Steps of a derivation, to be put in order.

    Parameters
    ----------
    name : str
        Its id, for links: ``two-layers.order``.
    statement : str
        What is asked; mathematics between dollar signs.
    steps : sequence of Step
        In an order that is right. At most twelve.
    world : ForwardPass or General
        What the steps are about; each of them must be proved there.
    hints : sequence of str
        Given one after the other, when the order is wrong.
    because : str
        A remark for the solution; mathematics between dollar signs.

    Raises
    ------
    ValueError
        When a step is not proved, or stands before one that it rests on, or no step rests on another.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import letters, network, partial
    >>> W, b, x, y, z, a, L = letters("W b x y z a L")
    >>> steps = [
    ...     Step(nn.Formula(a, W * x + b)), Step(nn.Formula(partial(L, a), a - y)),
    ...     Step(nn.Formula(partial(L, W), partial(L, a) * x.T)),
    ... ]
    >>> exercise = Ordering("order", "Put them in order.", steps, ForwardPass(network((3, 2))))
    >>> exercise.uses
    ((), (0,), (1,))
    >>> exercise.order, exercise.count
    ('a c b', 1)
    >>> print(exercise.check("a c b"))
    Right.
    >>> print(*exercise.check("a, b, c").help, sep="\n")
    The first step can stay. Step b comes too early.
    Step b uses ∂L/∂a, which no step before it gives.
    >>> print(exercise.check("a b"))
    Name each of the steps a to c once.
    """

    def __init__(
        self,
        name: str,
        statement: str,
        steps: Sequence[Step],
        world: ForwardPass | General,
        *,
        hints: Sequence[str] = (),
        because: str = "",
    ) -> None:
        self.name, self.statement, self.steps = name, statement, tuple(steps)
        self.hints, self.because = tuple(hints), because
        self.proofs = tuple(_proved(step, world, name) for step in steps)
        for number, uses in enumerate(self.uses):
            if any(other >= number for other in uses):
                raise ValueError(f"{name}: step {number + 1} rests on a step that does not come before it")
        if not any(self.uses):
            raise ValueError(f"{name}: no step rests on another, so every order is right")

    @cached_property
    def uses(self) -> tuple[tuple[int, ...], ...]:
        """For each step, which of the others it rests on; from 0, in the order of ``steps``.

        What one of these rests on in turn is left out: a message names what is nearest.
        """
        direct: list[set[int]] = []
        for step in self.steps:
            rests = {n for n, other in enumerate(self.steps) if other is not step and step.mentions(other)}
            direct.append(rests if step.after is None else {number - 1 for number in step.after})
        return tuple(tuple(sorted(rests - _behind(rests, direct))) for rests in direct)

    @cached_property
    def cards(self) -> tuple[int, ...]:
        """The steps' numbers as they lie on the page: always the same disorder."""
        return self.dealt(self.name)

    def dealt(self, seed: str) -> tuple[int, ...]:
        """The steps' numbers in a disorder that the seed draws, which is never a right order.

        Parameters
        ----------
        seed : str
            Whatever should always give the same.
        """
        numbers, dice = list(range(len(self.steps))), Random(seed)  # noqa: S311  nothing secret here
        while True:
            dice.shuffle(numbers)
            if self._too_early(numbers) is not None:
                return tuple(numbers)

    @property
    def shown(self) -> str:
        """What is asked, for readers who listen."""
        return f"put {len(self.steps)} steps in order"

    @property
    def order(self) -> str:
        """One right order, as the cards are called."""
        return " ".join(LETTERS[self.cards.index(number)] for number in range(len(self.steps)))

    def solved(self, cards: Sequence[int]) -> str:
        """A right order in a sentence, for cards dealt like this."""
        letters = (LETTERS[cards.index(number)] for number in range(len(self.steps)))
        several = "The only right order" if self.count == 1 else f"One of {self.count} right orders"
        return f"{several}: {', '.join(letters)}."

    @property
    def count(self) -> int:
        """How many orders are right."""
        needed = [sum(1 << other for other in uses) for uses in self.uses]

        @cache
        def ways(done: int) -> int:
            free = (n for n, needs in enumerate(needed) if not done >> n & 1 and needs & ~done == 0)
            return sum((ways(done | 1 << n) for n in free), start=int(done == (1 << len(needed)) - 1))

        return ways(0)

    @property
    def solution(self) -> str:
        """A right order in a sentence."""
        return self.solved(self.cards)

    def check(self, text: str) -> Checked:
        """What is to be said of an order.

        Parameters
        ----------
        text : str
            The cards' letters, with whatever between them: ``c a b``.
        """
        letters = [c for c in text.lower() if c.isalnum()]
        if sorted(letters) != list(LETTERS[: len(self.steps)]):
            message = f"Name each of the steps a to {LETTERS[len(self.steps) - 1]} once."
            return Checked("unreadable", "syntax", message, (message,))
        found = self._too_early([self.cards[LETTERS.index(letter)] for letter in letters])
        if found is None:
            return Checked("right", "right", "Right.")
        place, missing = found
        kept = ("", "The first step can stay. ")[place] if place < 2 else f"The first {place} can stay. "
        message = f"{kept}Step {letters[place]} comes too early."
        why = f"Step {letters[place]} uses {self.steps[missing].name}, which no step before it gives."
        return Checked("wrong", "too-early", message, (message, why, *self.hints))

    def state(self) -> dict[str, Any]:
        """What the page needs to know, the steps numbered as the cards lie."""
        at = {number: card for card, number in enumerate(self.cards)}
        return {
            "kind": "order",
            "name": self.name,
            "uses": [[at[other] for other in self.uses[number]] for number in self.cards],
            "gives": [self.steps[number].name for number in self.cards],
            "hints": list(self.hints),
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from nnlib.exercises.cards import mimebundle  # noqa: PLC0415  the widget is made of exercises

        return mimebundle(self, **kwargs)

    def _too_early(self, numbers: Sequence[int]) -> tuple[int, int] | None:
        """The first step that comes too early, and the first step that it waits for."""
        for place, number in enumerate(numbers):
            waits = set(self.uses[number]) - set(numbers[:place])
            if waits:
                return place, min(waits)
        return None


def _behind(rests: set[int], direct: Sequence[set[int]]) -> set[int]:
    """All that some steps rest on, directly or not."""
    found: set[int] = set()
    ahead = list(rests)
    while ahead:
        new = direct[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def _proved(step: Step, world: ForwardPass | General, name: str) -> Proof:
    formula, asked = step.formula, step.formula.lhs if step.asked is None else step.asked
    outcome: Any
    if isinstance(world, General):
        outcome = decide(world, asked, formula.rhs)
    else:
        outcome = prove(as_matrix(asked, world), np.atleast_2d(formula.evaluate(world)))
    if not isinstance(outcome, Proof):
        raise ValueError(f"{name}: {formula.latex} is not so: {outcome}")  # noqa: TRY004  of its value
    return outcome
