"""The exercises of the chapter *The general proof*: many data points at once, with four of them to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.exercises.exercise import Exercise
from nnlib.symbolic import Formula, ForwardPass, Letter, MapLetter, letters, partial, size

POINTS = 4
(W,) = letters("W")
b, u, J = Letter("b", size(1), 1), Letter("u", POINTS, 1), Letter("J", 1, 1)
A, Z, Y = Letter("A", size(0), POINTS), Letter("Z", size(1), POINTS), Letter("Y", size(1), POINTS)
B, H = Letter("B", size(1), POINTS), Letter("H", size(1), POINTS)
_error = Formula(H, partial(J, Z))
_LAYER = (
    r"One layer, four data points at once: $Z = W A + b\,u^{\top}$ with $A$ of shape $3 \times 4$, $W$ of "
    r"shape $2 \times 3$, and "
    r"a column $u$ of four ones. "
)
_A2, _Z2, _H2 = Letter("A", size(0), 2), Letter("Z", size(1), 2), Letter("H", size(1), 2)
_error2 = Formula(_H2, partial(J, _Z2))
_M, _HM = Letter("M", size(2), POINTS), Letter("H", size(2), POINTS)
_CELLS = [(i, n) for i in (1, 2) for n in range(1, POINTS + 1)]


def _of_all(matrix: Letter) -> Formula:
    """Some loss of every entry, of which nothing is known."""
    return Formula(J, MapLetter("l")(matrix))


def _layer() -> ForwardPass:
    return ForwardPass((3, 2), Formula(Z, W * A + b * u.T), _of_all(Z))


def start(name: str) -> Exercise:
    """A warm-up: where the recursion begins."""
    squares = sum((B(i, n) - Y(i, n)) ** 2 for i, n in _CELLS)
    return Exercise(
        name,
        r"Four data points stand as the columns of $B$, the outputs, and of $Y$, the targets; $J$ is the "
        r"mean over the points of "
        r"$\frac{1}{2} \left\|b_n - y_n\right\|^2$, with $b_n$ and $y_n$ for the columns. Find $\partial "
        r"J/\partial B$, by $B$ and "
        r"$Y$.",
        Formula(partial(J, B), sp.Rational(1, POINTS) * (B - Y)),
        ForwardPass((3, 2), Formula(J, [[squares / (2 * POINTS)]])),
        [B, Y],
        hints=["Differentiate by one entry of B.", "The mean over four points leaves a number in front."],
        because=r"The square gives $B - Y$, the mean a factor $\frac{1}{N}$ with $N = 4$.",
    )


def weights(name: str) -> Exercise:
    """The sum over the points is in the product."""
    return Exercise(
        name,
        _LAYER + r"Find $\partial J/\partial W$, by $A$ and $H = \partial J/\partial Z$.",
        Formula(partial(J, W), H * A.T, given=[_error]),
        _layer(),
        [A, H, W],
        hints=[
            "For one point it is a column times a row.",
            "A product of matrices sums over what stands between.",
        ],
        because=r"$H A^{\top}$: its entry $(i, j)$ is a sum over the four points.",
    )


def one_weight(name: str) -> Exercise:
    """The same for one weight, the sum written out."""
    return Exercise(
        name,
        r"The same layer, but with two data points: $Z = W A$ with $A$ of shape $3 \times 2$. Find "
        r"$\partial J/\partial W_{13}$, by the "
        r"entries of $A$ and of $H = \partial J/\partial Z$.",
        Formula(partial(J, W(1, 3)), _H2(1, 1) * _A2(3, 1) + _H2(1, 2) * _A2(3, 2), given=[_error2]),
        ForwardPass((3, 2), Formula(_Z2, W * _A2), _of_all(_Z2)),
        [_A2, _H2],
        hints=["W₁₃ moves z₁ of each point, by input 3 of that point.", "Add over the points."],
        slips=[
            (
                "missing-point",
                "That is the share of one data point. There are two.",
                Formula(partial(J, W(1, 3)), _H2(1, n) * _A2(3, n), given=[_error2]),
            )
            for n in (1, 2)
        ],
        because=r"Each point leaves its error times its input; the gradient is their sum.",
    )


def bias(name: str) -> Exercise:
    """The bias is used once for each point."""
    return Exercise(
        name,
        _LAYER + r"Find $\partial J/\partial b$, by $u$ and $H = \partial J/\partial Z$.",
        Formula(partial(J, b), H * u, given=[_error]),
        _layer(),
        [u, H, A],
        hints=["b stands in every column of Z.", "Add up the columns of H: a product with ones does that."],
        because=r"$H u$ adds up each row, over the points.",
    )


def one_step(name: str) -> Exercise:
    """The step of the recursion."""
    return Exercise(
        name,
        _LAYER + r"Find $\partial J/\partial A$, by $W$ and $H = \partial J/\partial Z$.",
        Formula(partial(J, A), W.T * H, given=[_error]),
        _layer(),
        [W, H, u],
        hints=["Each column goes back by itself.", "It is the formula for one point, with more columns."],
        because=r"$W^{\top} H$: the points do not mix.",
    )


def both_steps(name: str) -> Exercise:
    """Two layers without a bend, for many points."""
    hidden, outer = Letter("Z", size(1), POINTS), Letter("V", size(2), size(1))
    return Exercise(
        name,
        r"Two layers without bias and without bend: $Z = W A$, and then $M = V Z$, where $A$ is $3 \times "
        r"4$, $W$ is $2 \times 3$ and "
        r"$V$ is $5 \times 2$. Find $\partial J/\partial W$, by $V$, $A$ and $H = \partial J/\partial M$. "
        r"This one needs an "
        r"idea.",
        Formula(partial(J, W), outer.T * _HM * A.T, given=[Formula(_HM, partial(J, _M))]),
        ForwardPass((3, 2, 5), Formula(hidden, W * A), Formula(_M, outer * hidden), _of_all(_M)),
        [outer, A, _HM],
        hints=["First ∂J/∂Z: one step back.", "Then error times input, over all points."],
        because=r"$\partial J/\partial Z = V^{\top} H$, and then the product with $A^{\top}$.",
    )


GENERAL_PROOF: Mapping[str, Callable[[str], Exercise]] = {
    "start": start,
    "dW": weights,
    "dW-entry": one_weight,
    "db": bias,
    "step": one_step,
    "two-steps": both_steps,
}
