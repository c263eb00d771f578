"""The exercises of the chapter *Two layers*."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from nnlib.activations import Activation, identity, sigmoid
from nnlib.exercises.exercise import Exercise
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    Letter,
    MapLetter,
    hadamard,
    letters,
    network,
    partial,
    sigma,
    size,
    undefined_activation,
    undefined_loss,
)

W1, b1, z1, a1, delta1, W2, b2, z2, a2, delta2 = letters("W1 b1 z1 a1 delta1 W2 b2 z2 a2 delta2")
x, y, L = letters("x y L")
V, i = Letter("V", size(2), size(0)), sp.Symbol("i", integer=True)
_last = Formula(delta2, partial(L, z2))
_first = Formula(delta1, partial(L, z1))
_SIZES = "Three inputs, a layer of two units, and a layer of four. "


def _two(activation: Activation) -> ForwardPass:
    return ForwardPass(network((3, 2, 4), activation, undefined_loss("l")))


def _bending() -> ForwardPass:
    return _two(undefined_activation("sigma"))


def _back(unit: int) -> Any:
    """∂L/∂a⁽¹⁾ of one unit, written out."""
    return sum(W2(i, unit) * delta2(i) for i in range(1, 5))


def one_weight(name: str) -> Exercise:
    """A warm-up: one entry of ∂L/∂W⁽²⁾."""
    return Exercise(
        name,
        _SIZES + r"Find $\partial L/\partial W^{(2)}_{31}$, by $\delta^{(2)}$ and $a^{(1)}$.",
        Formula(partial(L, W2(3, 1)), delta2(3) * a1(1), given=[_last]),
        _bending(),
        [delta2, a1, x],
        hints=["Layer 2 is a single layer whose input is a⁽¹⁾.", "The weight stands in row 3 and column 1."],
        because=r"Layer 2 takes $a^{(1)}$ as its input, so it is error of unit 3 times input 1.",
    )


def plain(name: str) -> Exercise:
    """The error of layer 1, without an activation."""
    return Exercise(
        name,
        _SIZES + r"Without an activation, $z^{(2)} = W^{(2)} z^{(1)} + b^{(2)}$. Find $\delta^{(1)} = "
        r"\partial L/\partial z^{(1)}$, by $W^{(2)}$ and $\delta^{(2)}$.",
        Formula(delta1, W2.T * delta2, given=[_last]),
        _two(identity),
        [W2, delta2, z1],
        asked=partial(L, z1),
        hints=["δ⁽¹⁾ has the shape of z⁽¹⁾.", "Entry j adds up the paths through all units of layer 2."],
        because=r"$\delta^{(1)}_j = \sum_i W^{(2)}_{ij}\, \delta^{(2)}_i$: the columns of $W^{(2)}$ stand "
        r"as rows.",
    )


def one_error(name: str) -> Exercise:
    """One entry of δ⁽¹⁾, with the slope."""
    return Exercise(
        name,
        r"Three inputs, a layer of two units, and a layer of two. Now $a^{(1)} = \sigma(z^{(1)})$ is "
        r"between them. "
        r"Find $\delta^{(1)}_2$, by the entries of $W^{(2)}$ and $\delta^{(2)}$, and by $z^{(1)}$.",
        Formula(
            partial(L, z1(2)),
            (W2(1, 2) * delta2(1) + W2(2, 2) * delta2(2)) * sigma.prime(z1(2)),
            given=[_last],
        ),
        ForwardPass(network((3, 2, 2), undefined_activation("sigma"), undefined_loss("l"))),
        [W2, delta2, z1],
        hints=[
            "Two paths lead from z⁽¹⁾₂ to the loss, one through each unit of layer 2.",
            "Both begin with the slope of the activation at z⁽¹⁾₂.",
        ],
        slips=[
            (
                "missing-sum",
                "That is the path through one unit of layer 2. The other is missing.",
                Formula(partial(L, z1(2)), W2(unit, 2) * delta2(unit) * sigma.prime(z1(2)), given=[_last]),
            )
            for unit in (1, 2)
        ],
        because=r"$\partial L/\partial a^{(1)}_2$ is the sum of two paths; $\sigma'(z^{(1)}_2)$ is common "
        r"to both.",
    )


def bent(name: str) -> Exercise:
    """The whole of δ⁽¹⁾."""
    return Exercise(
        name,
        _SIZES
        + r"With $a^{(1)} = \sigma(z^{(1)})$ between them: find the whole of $\delta^{(1)}$, by $W^{(2)}$, "
        r"$\delta^{(2)}$ and $z^{(1)}$.",
        Formula(delta1, hadamard(W2.T * delta2, sigma.prime(z1)), given=[_last]),
        _bending(),
        [W2, delta2, z1],
        asked=partial(L, z1),
        hints=["First back to a⁽¹⁾, then through the activation.", "The slopes act entry by entry."],
        because=r"$\partial L/\partial a^{(1)} = W^{(2)\top} \delta^{(2)}$; then each entry gets its own "
        r"slope.",
    )


def by_values(name: str) -> Exercise:
    """δ⁽¹⁾ of sigmoids, from what the forward pass has left behind."""
    return Exercise(
        name,
        _SIZES + r"The activation is the sigmoid. Find $\delta^{(1)}$ without any $z$: by $W^{(2)}$, "
        r"$\delta^{(2)}$ and $a^{(1)}$.",
        Formula(delta1, hadamard(W2.T * delta2, sigma.prime(z1)), given=[_last]),
        _two(sigmoid),
        [W2, delta2, a1],
        asked=partial(L, z1),
        hints=["What is the slope of the sigmoid, by its value?"],
        slips=[
            (
                "other-slope",
                "You took the slope of tanh. Here it is the sigmoid.",
                Formula(delta1, [[_back(j) * (1 - a1(j) ** 2)] for j in (1, 2)], given=[_last]),
            )
        ],
        because=r"The value $a^{(1)}$ tells the slope, entry by entry: no $z$ is left.",
        beside=[Formula(sigma.prime(z1(i)), a1(i) * (1 - a1(i)))],
    )


def first_weights(name: str) -> Exercise:
    """∂L/∂W⁽¹⁾ in one line."""
    return Exercise(
        name,
        _SIZES + r"Put it all together: $\partial L/\partial W^{(1)}$, by $x$, $z^{(1)}$, $W^{(2)}$ and "
        r"$\delta^{(2)}$.",
        Formula(partial(L, W1), hadamard(W2.T * delta2, sigma.prime(z1)) * x.T, given=[_last]),
        _bending(),
        [x, z1, W2, delta2],
        hints=["Find δ⁽¹⁾ first.", "Then layer 1 is a single layer: its error times its input, as a matrix."],
        because=r"$\partial L/\partial W^{(1)} = \delta^{(1)} x^{\top}$, with $\delta^{(1)} = "
        r"(W^{(2)\top} \delta^{(2)}) \odot \sigma'(z^{(1)})$.",
    )


def to_the_input(name: str) -> Exercise:
    """∂L/∂x: one step further back."""
    return Exercise(
        name,
        _SIZES + r"One step further: $\partial L/\partial x$, by $W^{(1)}$ and $\delta^{(1)}$.",
        Formula(partial(L, x), W1.T * delta1, given=[_first, _last]),
        _bending(),
        [W1, delta1, W2, delta2],
        hints=["It is the step from z⁽²⁾ to a⁽¹⁾ once more, with other numbers on the letters."],
        because=r"The input is to layer 1 what $a^{(1)}$ is to layer 2.",
    )


def around(name: str) -> Exercise:
    """A second way from the input to the output."""
    loss = Formula(L, MapLetter("l")(z2))
    return Exercise(
        name,
        r"The input also goes straight to the second layer, by weights of its own: $z^{(1)} = W^{(1)} x$ and "
        r"$z^{(2)} = W^{(2)} z^{(1)} + V x$, with $V$ of shape $4 \times 3$. Find $\partial L/\partial x$, "
        r"by $W^{(1)}$, "
        r"$W^{(2)}$, $V$ and $\delta^{(2)}$. This one needs an idea.",
        Formula(partial(L, x), W1.T * W2.T * delta2 + V.T * delta2, given=[_last]),
        ForwardPass((3, 2, 4), Formula(z1, W1 * x), Formula(z2, W2 * z1 + V * x), loss),
        [W1, W2, V, delta2],
        hints=["Two ways lead from x to z⁽²⁾.", "What comes back on the two ways is added."],
        slips=[
            (
                "missing-sum",
                "That is what comes back on one of the two ways. The other is missing.",
                Formula(partial(L, x), way, given=[_last]),
            )
            for way in (W1.T * W2.T * delta2, V.T * delta2)
        ],
        because=r"One way goes through $z^{(1)}$, the other is short. Put together, $(W^{(2)} W^{(1)} + "
        r"V)^{\top} \delta^{(2)}$.",
    )


TWO_LAYERS: Mapping[str, Callable[[str], Exercise]] = {
    "dW2-entry": one_weight,
    "plain": plain,
    "one-error": one_error,
    "error": bent,
    "sigmoid": by_values,
    "dW1": first_weights,
    "dx": to_the_input,
    "around": around,
}
