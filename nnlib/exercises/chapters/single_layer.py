"""The exercises of the chapter *A single layer*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.activations import identity, sigmoid, tanh
from nnlib.exercises.exercise import Exercise
from nnlib.losses import cross_entropy, squared_error
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
    undefined_loss,
)

W, b, x, y, z, a, c, delta, L = letters("W b x y z a c delta L")
s, i = Letter("s", 1, 1), sp.Symbol("i", integer=True)
_error = Formula(delta, partial(L, z))


def _layer() -> ForwardPass:
    return ForwardPass(network((3, 2), identity, undefined_loss("l")))


def entry(name: str) -> Exercise:
    """A warm-up: one entry of ∂L/∂W."""
    return Exercise(
        name,
        r"A layer has three inputs and two units: $z = W x + b$. How does the loss change with one weight? "
        r"Find $\partial L/\partial W_{12}$, by $\delta$ and $x$.",
        Formula(partial(L, W(1, 2)), delta(1) * x(2), given=[_error]),
        _layer(),
        [delta, x, W],
        hints=["W₁₂ stands in row 1. Which entry of z does it move?", "By what is W₁₂ multiplied there?"],
        because=r"$W_{12}$ moves $z_1$ alone, and $\partial z_1/\partial W_{12} = x_2$.",
    )


def whole(name: str) -> Exercise:
    """∂L/∂W as one product."""
    return Exercise(
        name,
        r"A layer has three inputs and two units: $z = W x + b$. Write the derivatives by all six weights as "
        r"one matrix: $\partial L/\partial W$, by $\delta$ and $x$.",
        Formula(partial(L, W), delta * x.T, given=[_error]),
        _layer(),
        [delta, x, W],
        hints=[
            "A column times a row is a matrix.",
            "Entry (i, j) is the error of unit i times input j: which of the two must be the column?",
        ],
        because=r"Entry $(i, j)$ is $\delta_i x_j$: a column times a row.",
    )


def one_input(name: str) -> Exercise:
    """One entry of ∂L/∂x: all paths count."""
    return Exercise(
        name,
        r"A layer has three inputs and two units: $z = W x + b$. Find the derivative by the "
        r"second input, $\partial L/\partial x_2$, by the entries of $W$ and $\delta$.",
        Formula(partial(L, x(2)), W(1, 2) * delta(1) + W(2, 2) * delta(2), given=[_error]),
        _layer(),
        [W, delta, x],
        hints=["Which entries of z does x₂ feed?", "Every path from x₂ to the loss counts: add them up."],
        slips=[
            (
                "missing-sum",
                "That is one of the paths from x₂ to the loss. The other is missing.",
                Formula(partial(L, x(2)), W(row, 2) * delta(row), given=[_error]),
            )
            for row in (1, 2)
        ],
        because=r"$x_2$ reaches the loss through $z_1$ and through $z_2$: the two paths are added.",
    )


def fourth_power(name: str) -> Exercise:
    """δ of a loss that the chapter does not have."""
    quarter = sp.Rational(1, 4)
    difference = Formula(c, z - y)
    loss = Formula(L, [[quarter * (c(1) ** 4 + c(2) ** 4)]])
    return Exercise(
        name,
        r"Two units, and another loss: $L = \frac{1}{4} \left((z_1 - y_1)^4 + (z_2 - y_2)^4\right)$. What is "
        r"$\delta$, by $z$ and $y$? (A power of a column is taken entry by entry.)",
        Formula(delta, [[(z(1) - y(1)) ** 3], [(z(2) - y(2)) ** 3]]),
        ForwardPass(network((3, 2), identity, undefined_loss("l")), difference, loss),
        [z, y],
        asked=partial(L, z),
        hints=["Differentiate by z₁ alone first.", "δ is a column: each entry has its own difference."],
        because=r"$\delta_i = (z_i - y_i)^3$: the fourth power gives a factor 4, which $\frac14$ takes away.",
    )


def bent(name: str) -> Exercise:
    """δ behind a sigmoid, from the values alone."""
    return Exercise(
        name,
        r"Now $a = \sigma(z)$ with the sigmoid, and $L = \frac{1}{2} \left\|a - y\right\|^2$. What is "
        r"$\delta$, by $a$ and $y$ alone?",
        Formula(delta, hadamard(a - y, sigma.prime(z))),
        ForwardPass(network((3, 2), sigmoid, squared_error)),
        [a, y],
        asked=partial(L, z),
        hints=[
            "δ is ∂L/∂a, entry by entry times a slope.",
            "The slope of the sigmoid can be had from its value.",
        ],
        slips=[
            (
                "other-slope",
                "You took the slope of tanh. Here it is the sigmoid.",
                Formula(delta, [[(a(i) - y(i)) * (1 - a(i) ** 2)] for i in (1, 2)]),
            )
        ],
        because=r"$\partial L/\partial a = a - y$, and the slope comes from the value: no $z$ is left.",
        beside=[Formula(sigma.prime(z(i)), a(i) * (1 - a(i)))],
    )


def bent_by_tanh(name: str) -> Exercise:
    """The same behind tanh."""
    return Exercise(
        name,
        r"With $a = \tanh(z)$ and $L = \frac{1}{2} \left\|a - y\right\|^2$, what is $\delta$, by "
        r"$a$ and $y$ alone?",
        Formula(delta, hadamard(a - y, sigma.prime(z))),
        ForwardPass(network((3, 2), tanh, squared_error)),
        [a, y],
        asked=partial(L, z),
        hints=["Only the slope is another one.", "The slope of tanh, by its value, is 1 minus a square."],
        slips=[
            (
                "other-slope",
                "You took the slope of the sigmoid. Here it is tanh.",
                Formula(delta, [[(a(i) - y(i)) * a(i) * (1 - a(i))] for i in (1, 2)]),
            )
        ],
        because=r"$\partial L/\partial a = a - y$ again. Here the slope is 1 minus the square of the value.",
        beside=[Formula(sigma.prime(z(i)), 1 - a(i) ** 2)],
    )


def one_unit(name: str) -> Exercise:
    """The slope and the loss cancel."""
    return Exercise(
        name,
        r"One sigmoid unit with two inputs: $a = \sigma(W_{11} x_1 + W_{12} x_2 + b)$, with the "
        r"cross-entropy $L = -y \log a - (1 - y) \log(1 - a)$. Find "
        r"$\partial L/\partial W_{12}$, as short as you can.",
        Formula(partial(L, W(1, 2)), (a(1) - y(1)) * x(2)),
        ForwardPass(network((2, 1), sigmoid, cross_entropy)),
        [a, y, x, z, W, b],
        ranges={"y": (0.1, 0.9)},
        hints=["Begin with ∂L/∂a, as one fraction.", "Its denominator is the slope of the sigmoid."],
        slips=[
            (
                "slope-twice",
                "That has a slope too many: ∂L/∂a has a denominator, and the slope cancels it.",
                Formula(partial(L, W(1, 2)), [[(a(1) - y(1)) * a(1) * (1 - a(1)) * x(2)]]),
            )
        ],
        because=r"$\partial L/\partial a = (a - y)/(a (1 - a))$; the slope $a (1 - a)$ cancels it.",
    )


def gain(name: str) -> Exercise:
    """A number in front of the product: a derivative that the chapter does not have."""
    return Exercise(
        name,
        r"Put a gain in front of the weights, one number $s$ for all of them: $z = s\, W x + b$. What is "
        r"$\partial L/\partial s$, by $\delta$, $W$ and $x$? This one needs an idea.",
        Formula(partial(L, s), delta.T * W * x, given=[_error]),
        ForwardPass((3, 2), Formula(z, s() * W * x + b), Formula(L, MapLetter("l")(z))),
        [delta, W, x, b, s],
        hints=[
            "s moves every entry of z: what is ∂zᵢ/∂s?",
            "Add up δᵢ ∂zᵢ/∂s over i. A sum of products of two columns is a row times a column.",
        ],
        because=r"$\partial z_i/\partial s = (W x)_i$, so $\partial L/\partial s = \sum_i \delta_i (W x)_i$.",
    )


SINGLE_LAYER: Mapping[str, Callable[[str], Exercise]] = {
    "entry": entry,
    "dW": whole,
    "dx2": one_input,
    "fourth-power": fourth_power,
    "sigmoid": bent,
    "tanh": bent_by_tanh,
    "one-unit": one_unit,
    "gain": gain,
}
