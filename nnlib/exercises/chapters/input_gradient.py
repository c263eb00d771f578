"""The exercises of the chapter *The gradient by the input*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.activations import sigmoid
from nnlib.exercises.exercise import Exercise
from nnlib.losses import squared_error
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    Letter,
    MapLetter,
    diag,
    hadamard,
    letters,
    network,
    partial,
    sigma,
    size,
    undefined_activation,
    undefined_loss,
)

W, b, x, y, z, a, L = letters("W b x y z a L")
W1, z1, a1, delta1, W2, z2, a2, delta2 = letters("W1 z1 a1 delta1 W2 z2 a2 delta2")
c, v = Letter("c", size(0), 1), Letter("v", size(0), 1)
s, H, i = Letter("s", 1, 1), Letter("H", 1, 1), sp.Symbol("i", integer=True)
_second = Formula(delta2, partial(L, z2))


def _layer() -> ForwardPass:
    return ForwardPass(network((3, 2), undefined_activation("sigma"), undefined_loss("l")))


def _two() -> ForwardPass:
    return ForwardPass(network((3, 2, 4), undefined_activation("sigma"), undefined_loss("l")))


def one_entry(name: str) -> Exercise:
    """A warm-up: how one output of a layer follows one input."""
    return Exercise(
        name,
        r"A layer with three inputs and two units: $a = \sigma(z)$, $z = W x + b$. How does $a_2$ follow "
        r"$x_3$? Find $\partial "
        r"a_2/\partial x_3$, by the entries of $W$ and $z$.",
        Formula(partial(a(2), x(3)), sigma.prime(z(2)) * W(2, 3)),
        _layer(),
        [W, z],
        hints=["x₃ moves z₂ by one weight. Which?", "z₂ moves a₂ by the slope there."],
        because=r"One road: the weight $W_{23}$, then the slope at $z_2$.",
    )


def layer(name: str) -> Exercise:
    """The Jacobian of one layer."""
    return Exercise(
        name,
        r"The same layer, all at once: the Jacobian $\partial a/\partial x$, with a row for each output. "
        r"Find it, by $W$ and $z$. "
        r"(diag(…) makes a diagonal matrix of a column.)",
        Formula(partial(a, x), diag(sigma.prime(z)) * W),
        _layer(),
        [W, z],
        hints=["Row i is row i of W, times a number.", "A diagonal matrix on the left multiplies rows."],
        because=r"$D W$, with the slopes $\sigma'(z)$ on the diagonal of $D$.",
    )


def no_bend(name: str) -> Exercise:
    """Without an activation the Jacobian is the same everywhere."""
    return Exercise(
        name,
        r"Two layers that only multiply and add: $z^{(2)} = W^{(2)} (W^{(1)} x + b^{(1)}) + b^{(2)}$, with "
        r"three inputs, two units "
        r"and four. Find the Jacobian $\partial z^{(2)}/\partial x$.",
        Formula(partial(z2, x), W2 * W1),
        ForwardPass(network((3, 2, 4), loss=undefined_loss("l"))),
        [W1, W2],
        hints=["Jacobians multiply, the last one first."],
        because=r"The chain of the two Jacobians: $W^{(2)} W^{(1)}$.",
    )


def two_layers(name: str) -> Exercise:
    """The chain of D and W."""
    return Exercise(
        name,
        r"Three inputs, two units, four units, with $\sigma$ in both layers. Find the Jacobian $\partial "
        r"a^{(2)}/\partial x$, by "
        r"$W^{(1)}$, $z^{(1)}$, $W^{(2)}$ and $z^{(2)}$.",
        Formula(partial(a2, x), diag(sigma.prime(z2)) * W2 * diag(sigma.prime(z1)) * W1),
        _two(),
        [W1, z1, W2, z2],
        hints=["One layer is diag(σ′(z)) W.", "The Jacobian of the last layer stands on the left."],
        because=r"$D^{(2)} W^{(2)} D^{(1)} W^{(1)}$, one factor for each step of the pass.",
    )


def gradient(name: str) -> Exercise:
    """The same in reverse: a gradient is a column."""
    return Exercise(
        name,
        r"In the same network, with a loss at its end: find $\partial L/\partial x$, by $W^{(1)}$, "
        r"$z^{(1)}$, $W^{(2)}$ and "
        r"$\delta^{(2)} = \partial L/\partial z^{(2)}$.",
        Formula(partial(L, x), W1.T * hadamard(W2.T * delta2, sigma.prime(z1)), given=[_second]),
        _two(),
        [W1, z1, W2, delta2],
        hints=["It is a column of three.", "Back through W⁽²⁾, through the bend, through W⁽¹⁾."],
        because=r"$W^{(1)\top} \left((W^{(2)\top} \delta^{(2)}) \odot \sigma'(z^{(1)})\right)$.",
    )


def narrow(name: str) -> Exercise:
    """One unit in each layer: all factors are numbers."""
    return Exercise(
        name,
        r"Three inputs, one unit, and one unit: $H = a^{(2)}$ is the output. Find $\partial H/\partial "
        r"x_2$, by the entries of "
        r"$W^{(1)}$, $W^{(2)}$, $z^{(1)}$ and $z^{(2)}$. (W1_12 is one of them; of what has one entry, you "
        r"may leave out the "
        r"indices.)",
        Formula(partial(H, x(2)), sigma.prime(z2(1)) * W2(1, 1) * sigma.prime(z1(1)) * W1(1, 2)),
        ForwardPass(network((3, 1, 1), undefined_activation("sigma"), undefined_loss("l")), Formula(H, a2)),
        [W1, W2, z1, z2],
        hints=["There is one road, with four slopes."],
        because=r"Weight, slope, weight, slope: the factors of the one road.",
    )


def along_a_road(name: str) -> Exercise:
    """A derivative in one direction."""
    return Exercise(
        name,
        r"You walk through the inputs: $x = c + s\,v$ with fixed columns $c$ and $v$, and a number $s$. "
        r"How does a loss $L$ of $x$ "
        r"change with $s$? Find $\partial L/\partial s$, by $\partial L/\partial x$ (type dL/dx) and $v$. "
        r"This one needs an idea.",
        Formula(partial(L, s), partial(L, x).T * v),
        ForwardPass((3, 2), Formula(x, c + s() * v), Formula(L, MapLetter("l")(x))),
        [partial(L, x), v, c, s],
        hints=["Each xⱼ moves by vⱼ.", "Add up the roads over all xⱼ: a row times a column."],
        because=r"$\sum_j \partial L/\partial x_j \cdot v_j$: the part of the gradient along $v$.",
    )


def as_large_as_it_can(name: str) -> Exercise:
    """The gradient of the size of an output."""
    return Exercise(
        name,
        r"What input excites a layer of sigmoids? Let $a = \sigma(W x + b)$ and $L = \frac{1}{2} \left\|a "
        r"- y\right\|^2$. Find "
        r"$\partial L/\partial x$, by $W$, $a$ and $y$ alone.",
        Formula(partial(L, x), W.T * hadamard(a - y, sigma.prime(z))),
        ForwardPass(network((3, 2), sigmoid, squared_error)),
        [W, a, y],
        hints=[
            "First ∂L/∂a, then through the sigmoid, then through W.",
            "The slope of the sigmoid is a (1 − a).",
        ],
        because=r"The error, entry by entry times the slope, goes back through $W$.",
        beside=[Formula(sigma.prime(z(i)), a(i) * (1 - a(i)))],
    )


INPUT_GRADIENT: Mapping[str, Callable[[str], Exercise]] = {
    "entry": one_entry,
    "layer": layer,
    "no-bend": no_bend,
    "two-layers": two_layers,
    "gradient": gradient,
    "narrow": narrow,
    "direction": along_a_road,
    "sigmoids": as_large_as_it_can,
}
