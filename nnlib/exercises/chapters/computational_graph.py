"""The exercises of the chapter *The computational graph*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.exercises.exercise import Exercise
from nnlib.symbolic import Formula, ForwardPass, Letter, MapLetter, letters, partial, size

z, L = letters("z L")
v, s, t, x, y, p, q, r = (Letter(name, 1, 1) for name in ("v", "s", "t", "x", "y", "p", "q", "r"))
start, end, square = Letter("v", size(0), 1), Letter("u", size(0), 1), Letter("W", size(0), size(0))


def fork(name: str) -> Exercise:
    """A warm-up: one fork."""
    return Exercise(
        name,
        r"All are numbers: $p = x\,y$, $q = x + y$, and $L = p\,q$. Find $\partial L/\partial x$, by $x$, "
        r"$y$, $p$ and $q$.",
        Formula(partial(L, x), q * y + p),
        ForwardPass((1, 1), Formula(p, x * y), Formula(q, x + y), Formula(L, p * q)),
        [x, y, p, q],
        hints=["x has two arrows out: to p and to q.", "What comes back along each arrow is added."],
        slips=[
            (
                "missing-path",
                "That is what comes back along one arrow. x has two.",
                Formula(partial(L, x), path),
            )
            for path in (q * y, p)
        ],
        because=r"Along $p$ comes $q \cdot y$, along $q$ comes $p \cdot 1$.",
    )


def eighth_power(name: str) -> Exercise:
    """Eight paths in three steps."""
    return Exercise(
        name,
        r"All are numbers: $s = v\,v$, $t = s\,s$, $L = t\,t$. Find $\partial L/\partial v$, by $v$, $s$ "
        r"and $t$, or by $v$ "
        r"alone.",
        Formula(partial(L, v), 8 * v * s * t),
        ForwardPass((1, 1), Formula(s, v * v), Formula(t, s * s), Formula(L, t * t)),
        [v, s, t],
        hints=[
            "A product of a number with itself has two arrows.",
            "Sweep: first ∂L/∂t, then ∂L/∂s, then ∂L/∂v.",
        ],
        because=r"$2t \cdot 2s \cdot 2v = 8\,v^7$: eight paths, each $v^7$.",
    )


def ratio(name: str) -> Exercise:
    """A quotient as a node."""
    return Exercise(
        name,
        r"All are numbers: $q = x/y$ and $L = q^2$. Find $\partial L/\partial y$, by $x$, $y$ and $q$.",
        Formula(partial(L, y), [[-2 * x() ** 2 / y() ** 3]]),
        ForwardPass((1, 1), Formula(q, [[x() / y()]]), Formula(L, q**2)),
        [x, y, q],
        hints=["∂L/∂q is 2q.", "The slope of x/y by y is −x/y²."],
        because=r"$2q \cdot (-x/y^2) = -2 x^2/y^3$.",
    )


def share(name: str) -> Exercise:
    """The same number above and below the line."""
    return Exercise(
        name,
        r"All are numbers: $s = x + y$ and $L = x/s$, the share of $x$. Find $\partial L/\partial x$, by "
        r"$x$, $y$ and $s$.",
        Formula(partial(L, x), [[y() / s() ** 2]]),
        ForwardPass((1, 1), Formula(s, x + y), Formula(L, [[x() / s()]])),
        [x, y, s],
        hints=[
            "x is a fork: it goes into s, and into the quotient.",
            "1/s along the one arrow, −x/s² along the other.",
        ],
        slips=[
            (
                "missing-path",
                "That is what comes back along one arrow. x has two.",
                Formula(partial(L, x), [[path]]),
            )
            for path in (1 / s(), -x() / s() ** 2)
        ],
        because=r"$1/s - x/s^2 = (s - x)/s^2 = y/s^2$.",
    )


def log_of_a_sum(name: str) -> Exercise:
    """The loss of a classifier, at a class that is not the right one, and at the right one."""
    total = sp.exp(z(1)) + sp.exp(z(2)) + sp.exp(z(3))
    return Exercise(
        name,
        r"A classifier with three classes, of which the first is right: $L = \log(e^{z_1} + e^{z_2} + "
        r"e^{z_3}) - z_1$. Find "
        r"$\partial L/\partial z_1$, by the entries of $z$.",
        Formula(partial(L, z(1)), sp.exp(z(1)) / total - 1),
        ForwardPass((1, 3), Formula(L, sp.log(total) - z(1))),
        [z],
        hints=["z₁ is used twice.", "One arrow comes straight from the loss, with the slope −1."],
        slips=[
            (
                "missing-path",
                "That is what comes back through the sum. z₁ also stands at the end of the loss.",
                Formula(partial(L, z(1)), sp.exp(z(1)) / total),
            )
        ],
        because=r"Through the sum comes $e^{z_1}/(e^{z_1} + e^{z_2} + e^{z_3})$, straight from the loss "
        r"$-1$.",
    )


def way_around(name: str) -> Exercise:
    """A skip connection."""
    return Exercise(
        name,
        r"A way around: $u = v + W v$, with a square $W$. Find $\partial L/\partial v$, by $W$ and "
        r"$\partial L/\partial u$ (type "
        r"dL/du). This one needs an idea.",
        Formula(partial(L, start), partial(L, end) + square.T * partial(L, end)),
        ForwardPass(
            (3, 3),
            Formula(end, start + square * start),
            Formula(L, MapLetter("l")(end)),
        ),
        [square, partial(L, end)],
        hints=[
            "v has an arrow straight to u, and one by way of W.",
            "The straight one hands ∂L/∂u on as it is.",
        ],
        slips=[
            (
                "missing-path",
                "That is what comes back on one of the two ways.",
                Formula(partial(L, start), way),
            )
            for way in (partial(L, end), square.T * partial(L, end))
        ],
        because=r"$\partial L/\partial u + W^{\top}\, \partial L/\partial u$: the first part arrives "
        r"whatever $W$ is.",
    )


COMPUTATIONAL_GRAPH: Mapping[str, Callable[[str], Exercise]] = {
    "fork": fork,
    "eighth-power": eighth_power,
    "ratio": ratio,
    "share": share,
    "log-sum": log_of_a_sum,
    "around": way_around,
}
