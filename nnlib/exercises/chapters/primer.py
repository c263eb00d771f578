"""The exercises of the *Primer*."""

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
    hadamard,
    letters,
    network,
    partial,
    sigma,
    undefined_activation,
    undefined_loss,
)

W, b, x, y, z, a, L = letters("W b x y z a L")
w, s, t, u = (Letter(name, 1, 1) for name in "wxyz")
_HALF = sp.Rational(1, 2)


def one_slope(name: str) -> Exercise:
    """A warm-up: the smallest network that there is."""
    return Exercise(
        name,
        r"All are numbers: $L = \frac{1}{2} (w\,x - y)^2$. Find $\partial L/\partial w$, by $w$, $x$ and "
        r"$y$.",
        Formula(partial(L, w), (w * s - t) * s),
        ForwardPass((1, 1), Formula(L, _HALF * (w * s - t) ** 2)),
        [w, s, t],
        hints=["The outer slope is that of half a square.", "Inside stands w x: what is its slope by w?"],
        slips=[
            (
                "inner-slope",
                "That is the outer slope alone: the inside moves, too.",
                Formula(partial(L, w), w * s - t),
            )
        ],
        because=r"Outer slope $w\,x - y$, times the slope of the inside, $x$.",
    )


def one_road(name: str) -> Exercise:
    """The chain rule: slopes on one road multiply."""
    return Exercise(
        name,
        r"All are numbers: $z = w^3$, and then $L = z^2$. Find $\partial L/\partial w$, by $w$ and $z$, or "
        r"by $w$ alone.",
        Formula(partial(L, w), 6 * w**2 * u),
        ForwardPass((1, 1), Formula(u, w**3), Formula(L, u**2)),
        [w, u],
        hints=["One road leads from w to L: over z.", "The slopes on the road are 3w² and 2z."],
        slips=[
            ("inner-slope", "That is only the slope from z to L.", Formula(partial(L, w), 2 * u)),
            ("outer-slope", "That is only the slope from w to z.", Formula(partial(L, w), 3 * w**2)),
        ],
        because=r"$2z \cdot 3w^2 = 6\,w^5$, the slope of $w^6$.",
    )


def two_roads(name: str) -> Exercise:
    """Several roads add."""
    return Exercise(
        name,
        r"All are numbers: $z = w\,x$, and then $L = w\,z$ with the same $w$. Find $\partial L/\partial "
        r"w$, by $w$, $x$ "
        r"and $z$.",
        Formula(partial(L, w), u + w * s),
        ForwardPass((1, 1), Formula(u, w * s), Formula(L, w * u)),
        [w, s, u],
        hints=["Two roads lead from w to L.", "One is short, one goes through z. Add their slopes."],
        slips=[
            (
                "missing-path",
                "That is the slope along one of the two roads, or equal to it. The other is missing.",
                Formula(partial(L, w), u),
            )
        ],
        because=r"The short road has the slope $z$, the long one $w \cdot x$. Together $2\,w\,x$.",
    )


def by_all_entries(name: str) -> Exercise:
    """A gradient: the shape is that of what it is taken by."""
    return Exercise(
        name,
        r"$x$ is a column of three numbers, and $L = \frac{1}{2} \left\|x\right\|^2$. What is $\partial "
        r"L/\partial x$?",
        Formula(partial(L, x), x),
        ForwardPass((3, 3), Formula(L, _HALF * (x(1) ** 2 + x(2) ** 2 + x(3) ** 2))),
        [x],
        hints=["Differentiate by x₁ first.", "Then write the three derivatives as a column."],
        because=r"$\partial L/\partial x_j = x_j$: the gradient is $x$ itself.",
    )


def backwards(name: str) -> Exercise:
    """Backwards goes the transpose."""
    return Exercise(
        name,
        r"$z = W x$ with a matrix $W$ of shape $2 \times 3$, so the Jacobian $\partial z/\partial x$ is "
        r"$W$; and $\partial L/\partial z$ is a column. What is $\partial L/\partial x$, by $W$ and "
        r"$\partial L/\partial z$? (Type dL/dz for the last.)",
        Formula(partial(L, x), W.T * partial(L, z)),
        ForwardPass((3, 2), Formula(z, W * x), Formula(L, MapLetter("l")(z))),
        [W, partial(L, z), x],
        hints=["The shape must be that of x.", "Entry j adds the roads through all entries of z."],
        because=r"$\partial L/\partial x_j = \sum_i W_{ij}\, \partial L/\partial z_i$: the rows have "
        r"become columns.",
    )


def entry_by_entry(name: str) -> Exercise:
    """Through an activation."""
    return Exercise(
        name,
        r"$a = \sigma(z)$, entry by entry. What is $\partial L/\partial z$, by $\partial L/\partial a$ and "
        r"$z$? (Type dL/da "
        r"for the first.)",
        Formula(partial(L, z), hadamard(partial(L, a), sigma.prime(z))),
        ForwardPass(network((3, 2), undefined_activation("sigma"), undefined_loss("l"))),
        [partial(L, a), z, a],
        hints=["Each zᵢ moves its own aᵢ, and no other.", "So each entry has a factor of its own."],
        because=r"One road for each entry: $\partial L/\partial z_i = \partial L/\partial a_i \cdot "
        r"\sigma'(z_i)$.",
    )


def one_unit(name: str) -> Exercise:
    """Three slopes on one road."""
    return Exercise(
        name,
        r"A sigmoid unit: $a = \sigma(z)$ with $z = W_{11}\, x_1 + b_1$, and $L = \frac{1}{2} (a - y)^2$. "
        r"Find $\partial "
        r"L/\partial W_{11}$, by $a$, $y$ and $x$ alone. (All are numbers; you may leave out the indices.)",
        Formula(partial(L, W), (a - y) * sigma.prime(z) * x),
        ForwardPass(network((1, 1), sigmoid, squared_error)),
        [a, y, x],
        hints=[
            "Three slopes: of the loss, of the sigmoid, of the product.",
            "The slope of the sigmoid is a (1 − a).",
        ],
        slips=[
            (
                "other-slope",
                "You took the slope of tanh. Here it is a sigmoid.",
                Formula(partial(L, W), [[(a(1) - y(1)) * (1 - a(1) ** 2) * x(1)]]),
            )
        ],
        because=r"Error, slope, input; and the slope comes from the value $a$.",
        beside=[Formula(sigma.prime(z(1)), a(1) * (1 - a(1)))],
    )


PRIMER: Mapping[str, Callable[[str], Exercise]] = {
    "slope": one_slope,
    "road": one_road,
    "roads": two_roads,
    "gradient": by_all_entries,
    "backwards": backwards,
    "entrywise": entry_by_entry,
    "unit": one_unit,
}
