"""Row vectors: the network with sizes 4, 3, 2, 1 whole, its 26 parameters, and steps of gradient descent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnlib.activations import sigmoid
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.losses import cross_entropy
from nnlib.symbolic import Formula, Letter, compile_formulas, network

_SIZES = (4, 3, 2, 1)
_START = {
    "x[1]": 1.0, "x[2]": -0.5, "x[3]": 0.8, "x[4]": 0.3, "y[1]": 1.0, "eta": 1.0,
    "W1[1][1]": 0.6, "W1[1][2]": -0.4, "W1[1][3]": 1.1, "W1[2][1]": -0.9, "W1[2][2]": 0.7, "W1[2][3]": 0.2,
    "W1[3][1]": 0.3, "W1[3][2]": -1.2, "W1[3][3]": 0.5, "W1[4][1]": 0.8, "W1[4][2]": 0.1, "W1[4][3]": -0.6,
    "b1[1]": 0.1, "b1[2]": 0.2, "b1[3]": -0.3,
    "W2[1][1]": 0.9, "W2[1][2]": -1.1, "W2[2][1]": -0.5, "W2[2][2]": 0.8, "W2[3][1]": 1.3, "W2[3][2]": 0.4,
    "b2[1]": -0.2, "b2[2]": 0.1,
    "W3[1][1]": -1.4, "W3[2][1]": 0.7, "b3[1]": -0.3,
}  # fmt: skip
_PARAMETERS = {f"{stem}{layer}" for stem in "Wb" for layer in (1, 2, 3)}
_NEEDED = {
    *("z1", "a1", "slope1", "z2", "a2", "slope2", "z3", "a3", "loss", "delta3", "da2", "delta2", "p2"),
    *("da1", "delta1", *(f"d{name}" for name in _PARAMETERS), *(f"new{name}" for name in _PARAMETERS)),
}


def row_vectors(
    formulas: Sequence[Formula],
    claims: Mapping[str, Claim] | None = None,
    title: str = "26 parameters, one at a time",
) -> Explorable:
    """The explorable of the chapter *Row vectors*: sizes 4, 3, 2, 1, sigmoid and cross-entropy.

    Parameters
    ----------
    formulas : sequence of Formula
        In the row convention: z, a, δ, ∂L/∂W and ∂L/∂b of the three layers, L, the slopes σ′(z) of the first
        two (the letters ``slope1`` and ``slope2``), ∂L/∂a⁽²⁾, ∂L/∂a⁽¹⁾ and its summands (``p2``), and what
        each parameter is after a step of gradient descent (``newW1``, ``newb1``, …) with the rate η, a 1 × 1
        letter ``eta``. Every number shown is one of theirs.
    claims : mapping, optional
        Formula's name (``dW1``) → the claim that proves it.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When one of the formulas is missing.

    Examples
    --------
    >>> row_vectors([])
    Traceback (most recent call last):
    ValueError: the figure of row vectors needs formulas for a1, a2, a3, ... too
    """
    require_formulas("the figure of row vectors needs", _NEEDED, (formula.name for formula in formulas))
    net = network(_SIZES, sigmoid, cross_entropy, convention="row")
    program = compile_formulas(formulas, net, free=[Letter("eta", 1, 1)])
    start = {name: _START[name] for name in program.inputs}
    ranges = {name: _range(name) for name in start}
    parameters = [name for name in start if name[0] in "Wb"]
    return Explorable(
        *("row-vectors", title, list(formulas), {"sigmoid": program}, start, ranges, claims),
        views={"chosen": parameters},
        view={"chosen": "W1[1][1]"},
    )


def _range(name: str) -> tuple[float, float, float]:
    """Parameters have room to move in: descent leads them away from where they start."""
    if name == "eta":
        return 0.0, 5.0, 0.1
    if name.startswith("y"):
        return 0.0, 1.0, 0.01
    return (-3.0, 3.0, 0.01) if name.startswith("x") else (-9.0, 9.0, 0.01)
