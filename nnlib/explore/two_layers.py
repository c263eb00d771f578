"""Two layers: all weights, biases, x and y by slider; forward values, and δ carried back by the transpose.

A reader can take the pass step by step; at the start all of it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnlib.activations import Activation, identity, sigmoid
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.losses import squared_error
from nnlib.symbolic import Formula, compile_formulas, network

_START = {
    "W1[1][1]": 0.8, "W1[1][2]": -0.5, "W1[2][1]": -1.2, "W1[2][2]": 0.6, "b1[1]": 0.1, "b1[2]": -0.3,
    "W2[1][1]": 1.2, "W2[1][2]": -0.7, "W2[2][1]": -0.4, "W2[2][2]": 0.9, "b2[1]": 0.2, "b2[2]": -0.1,
    "x[1]": 1.5, "x[2]": -0.8, "y[1]": 0.2, "y[2]": 1.0,
}  # fmt: skip
_NEEDED = {
    *("z1", "a1", "slope1", "z2", "a2", "slope2", "loss"),
    *("delta2", "p2", "da1", "delta1", "dW2", "db2", "dW1", "db1"),
}
_STEPS = 8  # forward twice, the loss, back to δ⁽²⁾, ∂L/∂a⁽¹⁾, δ⁽¹⁾, the gradients; at last all of it


def two_layers(
    formulas: Sequence[Formula],
    claims: Mapping[str, Claim] | None = None,
    activations: Sequence[Activation] = (identity, sigmoid),
    title: str = "Two layers",
) -> Explorable:
    """The explorable of the chapter *Two layers*: squared error, two inputs, two units in either layer.

    Parameters
    ----------
    formulas : sequence of Formula
        For z, a, the slopes σ′(z) (the letters ``slope1`` and ``slope2``), δ, ∂L/∂W and ∂L/∂b of both layers,
        for L and ∂L/∂a⁽¹⁾, and for its summands w δ (the letter ``p2``); every number shown is one of theirs.
    claims : mapping, optional
        Formula's name (``delta1``) → the claim that proves it.
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
    >>> two_layers([])
    Traceback (most recent call last):
    ValueError: the two layers need formulas for a1, a2, dW1, ... too
    """
    require_formulas("the two layers need", _NEEDED, (formula.name for formula in formulas))
    programs = {f.name: compile_formulas(formulas, network((2, 2, 2), f, squared_error)) for f in activations}
    start = {name: _START[name] for name in next(iter(programs.values())).inputs}
    ranges = dict.fromkeys(start, (-2.0, 2.0, 0.01))
    views = {"step": (1, _STEPS), "chosen": ["delta1[1]", "delta1[2]"]}
    return Explorable(
        "two-layers",
        title,
        list(formulas),
        programs,
        start,
        ranges,
        claims,
        views=views,
        view={"step": _STEPS},
    )
