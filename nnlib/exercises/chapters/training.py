"""The exercises of the chapter *Training on real data*: rows, as there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.activations import identity, sigmoid
from nnlib.exercises.exercise import Exercise
from nnlib.losses import squared_error
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    Letter,
    letters,
    network,
    partial,
    size,
    undefined_loss,
)

x, y, z, W, b, delta, L = letters("x y z W b delta L", convention="row")
W1, W2, W3, a1, a2, a3 = letters("W1 W2 W3 a1 a2 a3", convention="row")
V, B, E = Letter("V", size(0), size(1)), Letter("B", 1, size(1)), Letter("E", 1, size(1))
eta, m, c, w, r, J = (Letter(name, 1, 1) for name in ("eta", "m", "c", "w", "r", "J"))
p, q, g, u, v, h = (Letter(name, size(0), 1) for name in ("p", "q", "g", "u", "v", "h"))
k = Letter("k", size(0), 1)
POINTS = 4
X, Z, D = Letter("X", POINTS, size(0)), Letter("Z", POINTS, size(1)), Letter("D", POINTS, size(1))
_error = Formula(delta, partial(L, z))
_LAYER = "One row $x$ of three inputs, and two units: $z = x W + b$. "
_POSITIVE = {"c": (0.5, 4.5), "k": (0.5, 4.5), "eta": (0.25, 1.25)}


def _layer() -> ForwardPass:
    return ForwardPass(network((3, 2), identity, undefined_loss("l"), convention="row"), free=[eta])


def step(name: str) -> Exercise:
    """A warm-up: a step against the gradient."""
    return Exercise(
        name,
        _LAYER
        + r"Take one step of gradient descent, with the rate $\eta$. What are the new weights $V$? Find "
        r"them by $W$, $\eta$ (type eta), $x$ and $\delta = \partial L/\partial z$.",
        Formula(V, W - eta() * x.T * delta, given=[_error]),
        _layer(),
        [W, eta, x, delta],
        asked=W - eta() * partial(L, W),
        hints=["The step goes against the gradient.", "In rows, ∂L/∂W is a column times a row."],
        slips=[
            (
                "uphill",
                "That goes uphill: the loss grows.",
                Formula(V, W + eta() * x.T * delta, given=[_error]),
            ),
            ("no-rate", "That step has no rate.", Formula(V, W - x.T * delta, given=[_error])),
            ("no-step", "Those are the old weights.", Formula(V, W)),
            (
                "step-alone",
                "That is the step alone. Where does it begin?",
                Formula(V, -eta() * x.T * delta, given=[_error]),
            ),
        ],
        because=r"$W - \eta\, x^{\top} \delta$: the gradient has the shape of $W$, $3 \times 2$.",
    )


def step_of_bias(name: str) -> Exercise:
    """The bias learns, too."""
    return Exercise(
        name,
        _LAYER + r"And the bias: what is the new one, $B$, after the same step? Find it by $b$, $\eta$ and "
        r"$\delta$.",
        Formula(B, b - eta() * delta, given=[_error]),
        _layer(),
        [b, eta, delta, x],
        asked=b - eta() * partial(L, b),
        hints=["What is ∂L/∂b?", "It has the shape of b, and no input in it."],
        slips=[
            ("uphill", "That goes uphill: the loss grows.", Formula(B, b + eta() * delta, given=[_error])),
            ("no-rate", "That step has no rate.", Formula(B, b - delta, given=[_error])),
            ("no-step", "That is the old bias. It takes a step, too.", Formula(B, b)),
            (
                "step-alone",
                "That is the step alone. Where does it begin?",
                Formula(B, -eta() * delta, given=[_error]),
            ),
        ],
        because=r"$\partial L/\partial b = \delta$: the bias is a weight whose input is 1.",
    )


def batch(name: str) -> Exercise:
    """A step for the mean over a batch."""
    cells = [(n, j) for n in range(1, POINTS + 1) for j in (1, 2)]
    loss = Formula(J, [[sum((i % 3 + 1) * Z(n, j) ** 2 for i, (n, j) in enumerate(cells)) / (2 * POINTS)]])
    errors = Formula(D, POINTS * partial(J, Z))
    return Exercise(
        name,
        r"A batch of four rows $X$ ($4 \times 3$): the errors of the single points are the rows of $D$ ($4 "
        r"\times 2$), and the loss is the **mean** of their four losses. What are the weights $V$ after a "
        r"step with the rate $\eta$, by $W$, $\eta$, $X$ and $D$?",
        Formula(V, W - eta() / POINTS * X.T * D, given=[errors]),
        ForwardPass((3, 2), Formula(Z, X * W), loss, free=[eta]),
        [W, eta, X, D],
        asked=W - eta() * partial(J, W),
        hints=["Each row gives a column times a row.", "A product of matrices sums over what is between."],
        slips=[
            (
                "sum",
                "That is the step for the sum of the four losses. Here it is their mean.",
                Formula(V, W - eta() * X.T * D, given=[errors]),
            ),
            (
                "uphill",
                "That goes uphill: the loss grows.",
                Formula(V, W + eta() / POINTS * X.T * D, given=[errors]),
            ),
            ("no-rate", "That step has no rate.", Formula(V, W - X.T * D / POINTS, given=[errors])),
            (
                "step-alone",
                "That is the step alone. Where does it begin?",
                Formula(V, -eta() / POINTS * X.T * D, given=[errors]),
            ),
        ],
        because=r"$X^{\top} D$ is the sum over the points; the mean has $\frac{1}{4}$ in front.",
    )


def without_bias(name: str) -> Exercise:
    """How far a step goes that moves the weights alone."""
    after = x * (W - eta() * partial(L, W)) + b - y
    return Exercise(
        name,
        _LAYER
        + r"No activation, and half the squared error: $\delta = z - y$. Take a step for $W$ alone; $b$ "
        r"stays. What is the error $E$ after it, by $\eta$, $x$ and $\delta$?",
        Formula(E, delta - eta() * x * x.T * delta, given=[_error]),
        ForwardPass(network((3, 2), identity, squared_error, convention="row"), free=[eta]),
        [eta, x, delta],
        asked=after,
        hints=["Put the new weights into x W + b − y.", "x times the column of x is a number."],
        slips=[
            (
                "with-bias",
                "That is the error when b takes a step, too. Here it stays.",
                Formula(E, delta - eta() * (x * x.T * delta + delta), given=[_error]),
            ),
            (
                "bias-alone",
                "That is the error when b alone takes a step. Here W does.",
                Formula(E, delta - eta() * delta, given=[_error]),
            ),
            ("no-step", "That is the error before the step.", Formula(E, delta, given=[_error])),
            (
                "uphill",
                "That is the error after a step uphill.",
                Formula(E, delta + eta() * x * x.T * delta, given=[_error]),
            ),
        ],
        because=r"$E = (1 - \eta\, x x^{\top})\, \delta$. For the input 0 nothing is learned: for that "
        r"there is the bias.",
    )


def two_steps(name: str) -> Exercise:
    """One parameter, and a loss that is a parabola."""
    after = w() - eta() * c() * w()
    return Exercise(
        name,
        r"One parameter $w$, and the loss $L = \frac{1}{2} c\, w^2$. Where are you after **two** steps with "
        r"the rate $\eta$? Find the place $r$, by $w$, $c$ and $\eta$.",
        Formula(r, (1 - eta() * c()) ** 2 * w()),
        ForwardPass((1, 1), Formula(r, after - eta() * c() * after)),
        [w, c, eta],
        hints=[
            "One step multiplies w by a number. By which?",
            "The second step begins where the first ended.",
        ],
        slips=[
            ("one-step", "That is the place after one step.", Formula(r, after)),
            (
                "same-slope",
                "Both steps have the slope of the first place there. The second has its own.",
                Formula(r, w() - 2 * eta() * c() * w()),
            ),
        ],
        because=r"The slope is $c\,w$, so each step multiplies by $1 - \eta c$.",
    )


def too_high(name: str) -> Exercise:
    """Where a step no longer helps."""
    rate, bend = sp.symbols("eta c", positive=True)
    loss, after = bend / 2, bend * (1 - rate * bend) ** 2 / 2
    (limit,) = [root for root in sp.solve(after - loss, rate) if root != 0]
    return Exercise(
        name,
        r"The same loss, $L = \frac{1}{2} c\, w^2$, with $c > 0$. From which rate $\eta$ on does a step no "
        r"longer lower it? Find $\eta$, by $c$.",
        Formula(eta, 2 / c()),
        ForwardPass((1, 1), Formula(eta, limit.subs({bend: c()}))),
        [c],
        ranges=_POSITIVE,
        slips=[
            (
                "bottom",
                "With that rate one step leads to the lowest place: more is still possible.",
                Formula(eta, 1 / c()),
            )
        ],
        hints=["A step multiplies w by 1 − η c.", "What must that number be for w² to stay as it is?"],
        because=r"$(1 - \eta c)^2 = 1$ for $\eta = 0$ and for $\eta c = 2$: there you jump to the other "
        r"side, just as high.",
    )


def momentum(name: str) -> Exercise:
    """Part of the last step goes on."""
    return Exercise(
        name,
        r"Momentum: a part $m$ of the last step is taken again. The first step is $u = -\eta\, g$, the "
        r"second is $v = m\, u - \eta\, g$; the gradient $g$ is the same for both. From $p$, where are you "
        r"after both? Find $q$, by $p$, $g$, $\eta$ and $m$.",
        Formula(q, p - (2 + m()) * eta() * g),
        ForwardPass((3, 2), Formula(u, -eta() * g), Formula(v, m() * u - eta() * g), Formula(q, p + u + v)),
        [p, g, eta, m],
        hints=["Write v by g first.", "Then add both steps to p."],
        slips=[
            ("no-momentum", "Those are two plain steps.", Formula(q, p - 2 * eta() * g)),
            ("one-step", "One of the two steps is missing.", Formula(q, p - (1 + m()) * eta() * g)),
            ("one-step", "One of the two steps is missing.", Formula(q, p - eta() * g)),
            ("uphill", "That goes uphill.", Formula(q, p + (2 + m()) * eta() * g)),
        ],
        because=r"$u + v = -(1 + m + 1)\, \eta\, g$. If it goes on, the steps grow to $-\eta g / (1 - m)$.",
    )


def fade(name: str) -> Exercise:
    """Why an error fades: a slope at each layer."""
    slopes = a1(1) * (1 - a1(1)) * a2(1) * (1 - a2(1)) * a3(1) * (1 - a3(1))
    return Exercise(
        name,
        r"Three layers of one sigmoid each: $a^{(1)} = \sigma(x W^{(1)} + b^{(1)})$, and so on. Find "
        r"$\partial a^{(3)}/\partial x$, by the three weights and the three values $a^{(1)}$, $a^{(2)}$, "
        r"$a^{(3)}$.",
        Formula(partial(a3(1), x(1)), W1(1, 1) * W2(1, 1) * W3(1, 1) * slopes),
        ForwardPass(network((1, 1, 1, 1), sigmoid, undefined_loss("l"), convention="row")),
        [W1, W2, W3, a1, a2, a3],
        hints=["There is one road: three weights, three slopes.", "The slope of a sigmoid is a (1 − a)."],
        slips=[
            (
                "slope-forgotten",
                "You forgot the slopes.",
                Formula(partial(a3(1), x(1)), W1(1, 1) * W2(1, 1) * W3(1, 1)),
            ),
            (
                "values-for-slopes",
                "Those are the values of the sigmoids. On the road stand their slopes.",
                Formula(partial(a3(1), x(1)), W1(1, 1) * W2(1, 1) * W3(1, 1) * a1(1) * a2(1) * a3(1)),
            ),
            (
                "weights-forgotten",
                "Those are the slopes. On the road stand the weights, too.",
                Formula(partial(a3(1), x(1)), slopes),
            ),
        ],
        because=r"Each $a (1 - a)$ is at most $\frac{1}{4}$: after ten such layers less than a millionth is "
        r"left, unless the weights are large.",
    )


def best_rate(name: str) -> Exercise:
    """The best rate along a gradient."""
    rate, (k1, k2), (p1, p2) = sp.Symbol("eta"), sp.symbols("k1:3"), sp.symbols("p1:3")
    along = sum(bend * (place - rate * bend * place) ** 2 / 2 for bend, place in ((k1, p1), (k2, p2)))
    (best,) = sp.solve(sp.diff(along, rate), rate)
    at = {k1: k(1), k2: k(2), p1: p(1), p2: p(2)}
    top, below = g(1) ** 2 + g(2) ** 2, k(1) * g(1) ** 2 + k(2) * g(2) ** 2
    return Exercise(
        name,
        r"Two parameters, and $L = \frac{1}{2} (k_1 p_1^2 + k_2 p_2^2)$ with $k_1, k_2 > 0$. Its gradient "
        r"is $g = k \odot p$. You go from $p$ against $g$. Which rate $\eta$ leads to the lowest place on "
        r"that line? Find it by $g$ and $k$. This one needs an idea.",
        Formula(eta, top / below, given=[Formula(g, [[k(1) * p(1)], [k(2) * p(2)]])]),
        ForwardPass((2, 1), Formula(eta, best.subs(at))),
        [g, k],
        ranges=_POSITIVE,
        hints=[
            "Write the loss at p − η g as a function of η, and set its slope to 0.",
            "The slope by η is minus the old gradient times the new one: these two must be at right angles.",
        ],
        slips=[
            (
                "turned",
                "That is one over the rate.",
                Formula(eta, below / top, given=[Formula(g, [[k(1) * p(1)], [k(2) * p(2)]])]),
            )
        ],
        because=r"The new gradient is $g - \eta\, k \odot g$. $g^{\top} (g - \eta\, k \odot g) = 0$.",
    )


TRAINING: Mapping[str, Callable[[str], Exercise]] = {
    "step": step,
    "step-b": step_of_bias,
    "batch": batch,
    "two-steps": two_steps,
    "too-high": too_high,
    "no-bias": without_bias,
    "momentum": momentum,
    "fade": fade,
    "best-rate": best_rate,
}
