"""The exercises of the chapter *Row vectors*: everything lies on its side."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nnlib.activations import Activation, sigmoid
from nnlib.exercises.exercise import Exercise
from nnlib.losses import Loss, categorical_cross_entropy, cross_entropy
from nnlib.softmax import softmax
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    hadamard,
    letters,
    network,
    partial,
    sigma,
    undefined_activation,
    undefined_loss,
)

x, W1, b1, z1, a1, delta1, L = letters("x W1 b1 z1 a1 delta1 L", convention="row")
W2, z2, a2, delta2, W3, z3, a3, delta3 = letters("W2 z2 a2 delta2 W3 z3 a3 delta3", convention="row")
y, z, a, W, b = letters("y z a W b", convention="row")
_errors = [Formula(delta, partial(L, z_l)) for delta, z_l in ((delta1, z1), (delta2, z2), (delta3, z3))]
_ROWS = r"Everything is a row: $z^{(l)} = a^{(l-1)} W^{(l)} + b^{(l)}$, in the network 4-3-2-1. "


def _whole() -> ForwardPass:
    bent = undefined_activation("sigma")
    return ForwardPass(network((4, 3, 2, 1), bent, undefined_loss("l"), convention="row"))


def _one_layer(activation: Activation, loss: Loss) -> ForwardPass:
    return ForwardPass(network((2, 3), activation, loss, convention="row"))


def one_weight(name: str) -> Exercise:
    """A warm-up: one of the 26."""
    return Exercise(
        name,
        _ROWS + r"Find $\partial L/\partial W^{(1)}_{32}$, by the entries of $x$ and $\delta^{(1)}$.",
        Formula(partial(L, W1(3, 2)), x(3) * delta1(2), given=_errors),
        _whole(),
        [x, delta1],
        hints=["In this convention the first index is the input's.", "Input 3, unit 2."],
        because=r"$W^{(1)}_{32}$ leads from input 3 to unit 2.",
    )


def first_weights(name: str) -> Exercise:
    """∂L/∂W as one product, in rows."""
    return Exercise(
        name,
        _ROWS + r"Find the whole of $\partial L/\partial W^{(1)}$, by $x$ and $\delta^{(1)}$.",
        Formula(partial(L, W1), x.T * delta1, given=_errors),
        _whole(),
        [x, delta1],
        hints=["W⁽¹⁾ is 4 × 3. Which of the two rows must stand up?"],
        because=r"$x^{\top} \delta^{(1)}$: a column of 4 times a row of 3.",
    )


def one_step_back(name: str) -> Exercise:
    """δ⁽²⁾ from δ⁽³⁾."""
    return Exercise(
        name,
        _ROWS
        + r"Find $\delta^{(2)} = \partial L/\partial z^{(2)}$, by $\delta^{(3)}$, $W^{(3)}$ and $z^{(2)}$.",
        Formula(delta2, hadamard(delta3 * W3.T, sigma.prime(z2)), given=[_errors[2]]),
        _whole(),
        [delta3, W3, z2],
        asked=partial(L, z2),
        hints=["δ⁽²⁾ is a row of 2.", "A row goes back through W on its left side."],
        because=r"$(\delta^{(3)} W^{(3)\top}) \odot \sigma'(z^{(2)})$: the column formula, turned over.",
    )


def second_weights(name: str) -> Exercise:
    """Two steps in one line."""
    return Exercise(
        name,
        _ROWS + r"Find $\partial L/\partial W^{(2)}$, by $a^{(1)}$, $z^{(2)}$, $W^{(3)}$ and $\delta^{(3)}$.",
        Formula(partial(L, W2), a1.T * hadamard(delta3 * W3.T, sigma.prime(z2)), given=[_errors[2]]),
        _whole(),
        [a1, z2, W3, delta3],
        hints=["First δ⁽²⁾.", "Then what layer 2 is fed with, standing up, times δ⁽²⁾."],
        because=r"$a^{(1)\top} \delta^{(2)}$, with $\delta^{(2)}$ written out.",
    )


def to_the_input(name: str) -> Exercise:
    """∂L/∂x in rows."""
    return Exercise(
        name,
        _ROWS + r"Find $\partial L/\partial x$, by $\delta^{(1)}$ and $W^{(1)}$.",
        Formula(partial(L, x), delta1 * W1.T, given=_errors),
        _whole(),
        [delta1, W1],
        hints=["It is a row of 4."],
        because=r"One more step back, to a layer without a bend.",
    )


def last_error(name: str) -> Exercise:
    """Sigmoid and cross-entropy."""
    return Exercise(
        name,
        r"Three sigmoids at the end: $a = \sigma(z)$, and the loss is the sum of their cross-entropies, $L "
        r"= -\sum_j \left(y_j "
        r"\log a_j + (1 - y_j) \log(1 - a_j)\right)$. Find $\partial L/\partial z$, as short as you can, "
        r"by $a$ and $y$.",
        Formula(partial(L, z), a - y),
        _one_layer(sigmoid, cross_entropy),
        [a, y],
        ranges={"y": (0.1, 0.9)},
        hints=["Begin with ∂L/∂aⱼ, as one fraction.", "Its denominator is the slope of the sigmoid."],
        slips=[
            (
                "slope-twice",
                "That has a slope too many: ∂L/∂a has a denominator, and the slope cancels it.",
                Formula(partial(L, z), hadamard(a - y, sigma.prime(z))),
            )
        ],
        because=r"$\partial L/\partial a_j = (a_j - y_j)/(a_j (1 - a_j))$; the slope cancels the "
        r"denominator.",
    )


def soft(name: str) -> Exercise:
    """Softmax, with targets that need not add up to 1."""
    total = y(1) + y(2) + y(3)
    return Exercise(
        name,
        r"Softmax: $a_j = e^{z_j} / \sum_i e^{z_i}$ and $L = -\sum_j y_j \log a_j$, for any row $y$ of "
        r"three positive numbers. "
        r"Find $\partial L/\partial z$, by $a$ and $y$. (sum(y) is the sum of its entries.) This one needs "
        r"an idea.",
        Formula(partial(L, z), [[total * a(1) - y(1), total * a(2) - y(2), total * a(3) - y(3)]]),
        _one_layer(softmax, categorical_cross_entropy),
        [a, y],
        ranges={"y": (0.1, 0.9)},
        hints=[
            "log aⱼ = zⱼ − log Σ exp zᵢ. What is the slope of the second part by zₖ?",
            "It is aₖ, for each j: add up.",
        ],
        slips=[
            (
                "needs-sum-one",
                "That is right where the targets add up to 1. Here they may be any numbers.",
                Formula(partial(L, z), a - y),
            )
        ],
        because=r"$-y_k + \sum_j y_j\, a_k$: with $s = \sum_j y_j$ it is $s\,a - y$.",
    )


ROW_VECTORS: Mapping[str, Callable[[str], Exercise]] = {
    "dW1-entry": one_weight,
    "dW1": first_weights,
    "error": one_step_back,
    "dW2": second_weights,
    "dx": to_the_input,
    "sigmoids": last_error,
    "softmax": soft,
}
