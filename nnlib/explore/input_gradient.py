"""The gradient by the input: a map of the output over two inputs, its gradient, its chain of matrices."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nnlib.activations import Activation, sigmoid, tanh
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.symbolic import Compiled, Formula, compile_formulas, network

_START = {
    "W1[1][1]": 1.2, "W1[1][2]": 0.5, "W1[2][1]": -0.7, "W1[2][2]": 1.4, "W1[3][1]": 0.9, "W1[3][2]": -1.1,
    "b1[1]": 0.2, "b1[2]": -0.5, "b1[3]": 0.3,
    "W2[1][1]": 1.1, "W2[1][2]": -1.3, "W2[1][3]": 0.8, "b2[1]": 0.1, "x[1]": -0.6, "x[2]": 0.4,
}  # fmt: skip
_NEEDED = {"H", "D1", "D2", "J", "g", "p"}


def input_gradient(
    formulas: Sequence[Formula],
    claims: Mapping[str, Claim] | None = None,
    activations: Sequence[Activation] = (sigmoid, tanh),
    title: str = "A map of H",
) -> Explorable:
    """The explorable of the chapter *The gradient by the input*: two inputs, three units, one output.

    Parameters
    ----------
    formulas : sequence of Formula
        For the output (the letter ``H``), the slopes of both layers as diagonal matrices (``D1``, ``D2``),
        the Jacobian of the output by the input (``J``, a row), its gradient (``g``, a column), and the share
        of each unit in each entry of the Jacobian (``p``, 3 × 2); every number shown is one of theirs.
    claims : mapping, optional
        Formula's name (``J``) → the claim that proves it.
    activations : sequence of Activation
        Those that the reader can choose from, for both layers; the last one is shown first.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When one of the formulas is missing.

    Examples
    --------
    >>> input_gradient([])
    Traceback (most recent call last):
    ValueError: the map needs formulas for D1, D2, H, J, g, p too
    """
    require_formulas("the map needs", _NEEDED, (formula.name for formula in formulas))
    programs = {f.name: compile_formulas(formulas, network((2, 3, 1), f), target=False) for f in activations}
    start = {name: _START[name] for name in next(iter(programs.values())).inputs}
    ranges = dict.fromkeys(start, (-2.0, 2.0, 0.01))
    output = [formula for formula in formulas if formula.name == "H"]
    heights = {f.name: compile_formulas(output, network((2, 3, 1), f), target=False) for f in activations}
    return _Map(heights, "input-gradient", title, list(formulas), programs, start, ranges, claims)


class _Map(Explorable):
    """An explorable with the output compiled alone, too: the map asks for it at every crossing of a net."""

    def __init__(self, heights: Mapping[str, Compiled], *args: Any) -> None:
        self._heights = dict(heights)
        super().__init__(*args)

    def _program_source(self) -> str:
        if any(alone.inputs != self._programs[name].inputs for name, alone in self._heights.items()):
            raise ValueError("the output alone asks for other inputs than the whole")
        heights = ", ".join(f"{json.dumps(name)}: {alone.js}" for name, alone in self._heights.items())
        return f"{{...{super()._program_source()}, heights: {{{heights}}}}}"
