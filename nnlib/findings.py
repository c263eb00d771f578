"""What was found about the gradient of one parameter, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_WORDS = {
    "right": "right",
    "not-judged": "not judged",
    "transposed": "transposed: rows and columns are swapped",
    "sign": "the sign is flipped",
    "factor": "off by the factor {factor}",
    "missing-sum": "the sum over the data points is missing, or a part of it",
    "activation-derivative": "likely: an activation's slope is missing or wrong on the way back to it",
    "shape": "it has another shape than its parameter: {shape}, not {due}",
    "unknown": "wrong, in a way that fits no known error",
}


@dataclass(frozen=True)
class Finding:
    """What was found about the gradient of one parameter.

    Attributes
    ----------
    parameter : str
        Its key, or ``params[2]`` for the third of a list.
    kind : str
        ``right``, ``not-judged``, ``transposed``, ``sign``, ``factor``, ``missing-sum``,
        ``activation-derivative``, ``shape`` or ``unknown``.
    factor : float or None
        What the truth is multiplied with, if the gradient is proportional to it.
    max_error : float
        The largest difference of an entry, relative to the largest entry of the truth; infinite where the
        shapes differ, NaN where the loss is too coarse to tell.
    wrong : tuple of tuple of int
        The entries that are wrong, from 1.
    doubtful : tuple of tuple of int
        The entries that differences cannot judge: the loss has a kink near by, or is too rough.
    shape : str
        The gradient's shape.
    hint : str
        What else tells the difference, in words.
    due : str
        The shape it should have: its parameter's.
    coarse : bool
        Whether the loss is too coarse to show its slopes.

    Examples
    --------
    >>> Finding("W1", "sign", -1.0, 2.0, ((1, 1),), (), "1 × 1").words
    'the sign is flipped'
    """

    parameter: str
    kind: str
    factor: float | None
    max_error: float
    wrong: tuple[tuple[int, ...], ...]
    doubtful: tuple[tuple[int, ...], ...]
    shape: str
    hint: str = ""
    due: str = ""
    coarse: bool = False

    @property
    def words(self) -> str:
        """The finding in words."""
        if self.kind == "factor" and self.factor == 0:
            return "0 everywhere, and should not be"
        factor = "" if self.factor is None else _unlike_one(self.factor)
        words = _WORDS[self.kind].format(factor=factor, shape=self.shape, due=self.due)
        return f"{words}; and off by the factor {factor}" if self.kind == "transposed" and factor else words

    @property
    def shaped(self) -> bool:
        """Whether it has its parameter's shape."""
        return self.max_error != np.inf

    @property
    def judged(self) -> int:
        """How many entries could be judged."""
        return int(np.prod([int(n) for n in self.shape.split() if n.isdigit()])) - len(self.doubtful)

    @property
    def share(self) -> str:
        """How many entries are wrong: ``2 of 6``."""
        if self.kind in {"right", "not-judged"}:
            return ""
        return f"{len(self.wrong)} of {self.judged}" if self.wrong else "all"

    @property
    def mark(self) -> str:
        """✓ for right, ✗ for wrong, ? for what could not be judged."""
        return {"right": "✓", "not-judged": "?"}.get(self.kind, "✗")

    def remarks(self) -> list[str]:
        """What the table has no room for: where it is wrong, a hint, what could not be judged."""
        return [
            *(
                [f"{self.parameter}: wrong in {_listed(self.wrong)}."]
                if 0 < len(self.wrong) < self.judged
                else []
            ),
            *([f"{self.parameter}: {self.hint}."] if self.hint else []),
            *([_doubt(self)] if self.doubtful else []),
        ]


def _doubt(finding: Finding) -> str:
    could = f"{_listed(finding.doubtful)} could not" if finding.judged else "nothing of it could"
    return f"{finding.parameter}: {could} be judged; {_COARSE if finding.coarse else _KINK}"


_KINK = (
    "the loss has a kink near by, where a ReLU switches, or is too coarse. Move the parameters or the data a "
    "little and ask again."
)
_COARSE = (
    "slopes so small are lost in the rounding of the loss. Compute it in double precision and without large "
    "constants, or take larger parameters or data, and ask again."
)


def _unlike_one(factor: float) -> str:
    """With six digits, or as many more as tell it from 1."""
    return next((text for n in range(6, 18) if (text := f"{factor:.{n}g}") != "1"), "1")


def _listed(places: Sequence[tuple[int, ...]]) -> str:
    shown = ", ".join(f"({', '.join(map(str, place))})" for place in places[:6])
    rest = f" and {len(places) - 6} more" if len(places) > 6 else ""
    return f"{'entry' if len(places) == 1 else 'entries'} {shown}{rest}"
