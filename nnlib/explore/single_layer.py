"""A single layer: the entries of W, x, b and y by slider; z, a, the loss, δ and every gradient follow.

Beside ∂L/∂W stands the central difference, of the loss's own formula, with a step that the reader chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnlib.activations import Activation, identity, sigmoid
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.losses import squared_error
from nnlib.symbolic import Formula, Letter, compile_formulas, network, size
from nnlib.symbolic.differences import LOG_H, central_difference, gap

_START = {
    "W[1][1]": 0.8, "W[1][2]": -0.5, "W[2][1]": -1.2, "W[2][2]": 0.6,
    "b[1]": 0.1, "b[2]": -0.3, "x[1]": 1.5, "x[2]": -0.8, "y[1]": 0.2, "y[2]": 1.0,
    "logh": -5.0,
}  # fmt: skip


def single_layer(
    formulas: Sequence[Formula],
    claims: Mapping[str, Claim] | None = None,
    activations: Sequence[Activation] = (identity, sigmoid),
    sizes: tuple[int, int] = (2, 2),
    title: str = "A single layer",
) -> Explorable:
    """The explorable of the chapter *A single layer*: squared error, two inputs and two units or fewer.

    Parameters
    ----------
    formulas : sequence of Formula
        For z, a, the slopes σ′(z) (the letter ``slope``), L, δ, ∂L/∂W, ∂L/∂b and ∂L/∂x; every number
        shown is one of theirs, or a central difference made of L's (``difference[1][2]``; ``gap[1][2]`` is
        how far it is from ∂L/∂W₁₂). Its step is h = 10^``logh``, an input.
    claims : mapping, optional
        Formula's name (``dW``) → the claim that proves it.
    activations : sequence of Activation
        Those that the reader can choose from; the last one is shown first.
    sizes : (int, int)
        Inputs and units, at most two each.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When one of the formulas is missing, or the layer is larger.

    Examples
    --------
    >>> single_layer([])
    Traceback (most recent call last):
    ValueError: the single layer needs formulas for a, dW, db, delta, dx, loss, slope, z too
    """
    needed = {"z", "a", "slope", "loss", "delta", "dW", "db", "dx"}
    require_formulas("the single layer needs", needed, (formula.name for formula in formulas))
    if max(sizes) > 2:
        raise ValueError(f"the single layer shows two inputs and two units at most, not {sizes}")
    formulas = [*formulas, *_measured({formula.name: formula for formula in formulas})]
    programs = {
        f.name: compile_formulas(formulas, network(sizes, f, squared_error), free=[LOG_H])
        for f in activations
    }
    inputs = set(next(iter(programs.values())).inputs)
    start = {name: value for name, value in _START.items() if name in inputs}
    ranges = dict.fromkeys(start, (-2.0, 2.0, 0.01)) | {"logh": (-12.0, -1.0, 1.0)}
    entries = [f"dW[{i}][{j}]" for i in range(1, sizes[1] + 1) for j in range(1, sizes[0] + 1)]
    views, view = {"chosen": entries}, {"chosen": entries[sizes[0] - 1]}
    return Explorable(
        "single-layer", title, formulas, programs, start, ranges, claims, views=views, view=view
    )


def _measured(by_name: Mapping[str, Formula]) -> list[Formula]:
    """The central differences by the entries of W, and how far they are from ∂L/∂W."""
    difference = central_difference(by_name["loss"], Letter("W", size(1), size(0)))
    return [difference, gap(difference, by_name["dW"])]
