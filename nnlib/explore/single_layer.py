"""A single layer: the entries of W, x, b and y by slider; z, a, the loss, δ and every gradient follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnlib.activations import Activation, identity, sigmoid
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.losses import squared_error
from nnlib.symbolic import Formula, compile_formulas, network

_START = {
    "W[1][1]": 0.8, "W[1][2]": -0.5, "W[2][1]": -1.2, "W[2][2]": 0.6,
    "b[1]": 0.1, "b[2]": -0.3, "x[1]": 1.5, "x[2]": -0.8, "y[1]": 0.2, "y[2]": 1.0,
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
        shown is one of theirs.
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
    programs = {f.name: compile_formulas(formulas, network(sizes, f, squared_error)) for f in activations}
    start = {name: _START[name] for name in next(iter(programs.values())).inputs}
    ranges = dict.fromkeys(start, (-2.0, 2.0, 0.01))
    return Explorable("single-layer", title, list(formulas), programs, start, ranges, claims)
