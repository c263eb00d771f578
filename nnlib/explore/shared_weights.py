"""Shared weights: one W, b by slider, used twice; what each use adds to the gradient, and the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnlib.activations import Activation, identity, sigmoid
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.losses import squared_error
from nnlib.symbolic import Formula, compile_formulas, network

_START = {
    "W[1][1]": 0.8, "W[1][2]": -0.5, "W[2][1]": -1.2, "W[2][2]": 0.6, "b[1]": 0.1, "b[2]": -0.3,
    "x[1]": 1.5, "x[2]": -0.8, "y[1]": 0.2, "y[2]": 1.0,
}  # fmt: skip
_NEEDED = {
    *("z1", "a1", "slope1", "z2", "a2", "slope2", "loss"),
    *("delta2", "p", "da1", "delta1", "G2", "G1", "dW", "db"),
}


def shared_weights(
    formulas: Sequence[Formula],
    claims: Mapping[str, Claim] | None = None,
    activations: Sequence[Activation] = (identity, sigmoid),
    title: str = "Shared weights",
) -> Explorable:
    """The explorable of the chapter *Shared weights*: squared error, two units, one layer used twice.

    Parameters
    ----------
    formulas : sequence of Formula
        For z, a, the slopes σ′(z) (the letters ``slope1`` and ``slope2``), δ and the share of ∂L/∂W (the
        letters ``G1`` and ``G2``) of both uses, for L, ∂L/∂W, ∂L/∂b and ∂L/∂a⁽¹⁾, and for its summands w δ
        (the letter ``p``); every number shown is one of theirs.
    claims : mapping, optional
        Formula's name (``dW``) → the claim that proves it.
    activations : sequence of Activation
        Those that the reader can choose from; the last one is shown first.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When one of the formulas is missing.

    Examples
    --------
    >>> shared_weights([])
    Traceback (most recent call last):
    ValueError: the shared weights need formulas for G1, G2, a1, ... too
    """
    require_formulas("the shared weights need", _NEEDED, (formula.name for formula in formulas))
    programs = {
        f.name: compile_formulas(formulas, network((2, 2, 2), f, squared_error, shared=True))
        for f in activations
    }
    start = {name: _START[name] for name in next(iter(programs.values())).inputs}
    ranges = dict.fromkeys(start, (-2.0, 2.0, 0.01))
    views = {"chosen": [f"dW[{i}][{j}]" for i in (1, 2) for j in (1, 2)]}
    return Explorable("shared-weights", title, list(formulas), programs, start, ranges, claims, views=views)
