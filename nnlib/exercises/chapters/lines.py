"""The exercises with a missing line, of all chapters: the line, typical wrong ones, and the networks."""
# mypy: allow-untyped-defs

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from nnlib.exercises.chapters import programs
from nnlib.exercises.lines import Line, LineChecked, trials
from nnlib.layers import Dense
from nnlib.network import Network

_BENT = "slope-forgotten"
_FORGOT = "You forgot σ′: after W the message goes back through the bend of the activation."


def _tanh(sizes: Sequence[int], seed: int) -> Network:
    return Network.random(sizes, "tanh", "squared_error", seed=seed)


def _sigmoids(sizes: Sequence[int], seed: int) -> Network:
    return Network.random(sizes, "sigmoid", "squared_error", seed=seed)


def _rows(sizes: Sequence[int], seed: int) -> Network:
    return Network.random(sizes, "sigmoid", "cross_entropy", "row", seed)


def _again(sizes: Sequence[int], seed: int) -> Network:
    """One layer, used twice."""
    first = _tanh(sizes, seed).layers[0]
    layer = Dense(first.W, np.linspace(-0.5, 0.5, sizes[0])[:, None], first.activation)
    return Network([layer, layer], "squared_error")


_ONE = partial(trials, _tanh, ((3, 2), 1), ((2, 5), 1), ((6, 4), 1))
_TWO = partial(trials, _tanh, ((4, 3, 2), 1), ((2, 5, 3), 1), ((3, 2, 6), 1))


# ---- a single layer ----------------------------------------------------------------------------------------


def weights(name: str) -> Line:
    """∂L/∂W of a single layer."""

    def solution(delta, x):
        return delta @ x.T

    return Line(
        name,
        r"A layer with tanh and half the squared error. One line of its backward pass is missing: `dW`, the "
        r"derivatives by all weights. Write it for layers of any size.",
        programs.one_layer,
        solution,
        _ONE,
        gap="dW",
        hints=["dW has the shape of W.", "Entry (i, j) is the error of unit i times input j."],
        slips=[
            (
                "slope-twice",
                "The slope is in delta already. Here it comes a second time.",
                lambda delta, x, a: (delta * (1 - a**2)) @ x.T,
            )
        ],
        because=r"$\partial L/\partial W = \delta x^{\top}$: a column times a row.",
    )


def error(name: str) -> Line:
    """δ of a single layer of sigmoids."""

    def solution(y, a):
        return (a - y) * a * (1 - a)

    return Line(
        name,
        r"Now a layer of sigmoids, with half the squared error again. Its error is missing: `delta`, the "
        r"derivatives by $z$.",
        programs.one_error,
        solution,
        partial(trials, _sigmoids, ((3, 2), 1), ((2, 5), 1), ((6, 4), 1)),
        gap="delta",
        hints=[
            "First the derivative by a, then the slope of σ.",
            "The slope of σ can be had from its value.",
        ],
        slips=[
            (_BENT, "You forgot σ′: that is the derivative by a, not by z.", lambda a, y: a - y),
            (
                "slope-of-tanh",
                "That has the slope of tanh. The activation is the sigmoid.",
                lambda a, y: (a - y) * (1 - a**2),
            ),
            (
                "slope-of-a-value",
                "σ′ is a (1 − a), by the value a. You have put z in its place.",
                lambda a, y, z: (a - y) * z * (1 - z),
            ),
        ],
        because=r"$\delta = (a - y) \odot \sigma'(z)$, and $\sigma'(z) = a (1 - a)$.",
    )


# ---- two layers --------------------------------------------------------------------------------------------


def first_error(name: str) -> Line:
    """δ⁽¹⁾ of two layers."""

    def solution(W2, delta2, a1):
        return (W2.T @ delta2) * (1 - a1**2)

    return Line(
        name,
        r"Two layers with tanh and half the squared error. Everything is there but the message to the first "
        r"layer: `delta1`. Write it.",
        programs.two_layers,
        solution,
        _TWO,
        gap="delta1",
        hints=[
            "Back through W2, then through tanh.",
            "The slope of tanh, by its value, is 1 minus a square.",
        ],
        slips=[
            (_BENT, _FORGOT, lambda W2, delta2: W2.T @ delta2),
            (
                "other-slope",
                "That has the slope of layer 2, and delta2 has it already. The message goes through layer 1.",
                lambda W2, delta2, a2: W2.T @ (delta2 * (1 - a2**2)),
            ),
            (
                "slope-of-sigmoid",
                "That has the slope of the sigmoid. The activation is tanh.",
                lambda W2, delta2, a1: (W2.T @ delta2) * a1 * (1 - a1),
            ),
        ],
        because=r"$\delta^{(1)} = (W^{(2)\top} \delta^{(2)}) \odot \sigma'(z^{(1)})$, with "
        r"$\tanh' = 1 - \tanh^2$.",
    )


# ---- shared weights ----------------------------------------------------------------------------------------


def both_uses(name: str) -> Line:
    """∂L/∂W of one layer that is used twice."""

    def solution(delta1, delta2, x, a1):
        return delta1 @ x.T + delta2 @ a1.T

    return Line(
        name,
        r"One layer, used twice. Both errors are there, and `db`. Write `dW`.",
        programs.used_twice,
        solution,
        partial(trials, _again, ((3, 3), 1), ((2, 2), 1), ((5, 5), 1)),
        gap="dW",
        hints=["Each use has an error and an input of its own.", "What comes from several uses is added."],
        slips=[
            (
                "use-forgotten",
                "You forgot the first use: W takes x there.",
                lambda delta2, a1: delta2 @ a1.T,
            ),
            (
                "use-forgotten",
                "You forgot the second use: W takes a1 there.",
                lambda delta1, x: delta1 @ x.T,
            ),
            (
                "inputs-swapped",
                "Each use has its own input: you have given each the other's.",
                lambda delta1, delta2, x, a1: delta1 @ a1.T + delta2 @ x.T,
            ),
            (
                "sums-first",
                "You add first and multiply then. That has products of the error of one use with the input "
                "of the other.",
                lambda delta1, delta2, x, a1: (delta1 + delta2) @ (x + a1).T,
            ),
        ],
        because=r"$\partial L/\partial W = \delta^{(1)} x^{\top} + \delta^{(2)} a^{(1)\top}$, a term a use.",
    )


# ---- row vectors -------------------------------------------------------------------------------------------


def error_in_rows(name: str) -> Line:
    """δ⁽¹⁾ with rows."""

    def solution(W2, delta2, a1):
        return (delta2 @ W2.T) * a1 * (1 - a1)

    return Line(
        name,
        r"Two layers of sigmoids with the cross-entropy, and rows all the way: `x` is one row. Write "
        r"`delta1`.",
        programs.two_layers_in_rows,
        solution,
        partial(trials, _rows, ((4, 3, 2), 1), ((2, 5, 3), 1), ((3, 2, 6), 1)),
        gap="delta1",
        hints=[
            "delta1 is a row, as a1 is.",
            "A row times a matrix; then entry by entry the slope a1 (1 − a1).",
        ],
        slips=[
            (_BENT, _FORGOT, lambda W2, delta2: delta2 @ W2.T),
            (
                "other-slope",
                "That has the slope of layer 2, which the cross-entropy has cancelled. The message goes "
                "through layer 1.",
                lambda W2, delta2, a2: (delta2 * a2 * (1 - a2)) @ W2.T,
            ),
            (
                "slope-of-tanh",
                "That has the slope of tanh. The activation is the sigmoid.",
                lambda W2, delta2, a1: (delta2 @ W2.T) * (1 - a1**2),
            ),
        ],
        because=r"$\delta^{(1)} = (\delta^{(2)} W^{(2)\top}) \odot \sigma'(z^{(1)})$, and $\sigma' = \sigma "
        r"(1 - \sigma)$.",
    )


# ---- the general proof -------------------------------------------------------------------------------------


def bias_of_many(name: str) -> Line:
    """∂J/∂b⁽¹⁾ for many data points."""

    def solution(H1):
        return H1.sum(axis=1, keepdims=True)

    return Line(
        name,
        r"Two layers with tanh, a column for each data point, and a loss that is a sum over the points. The "
        r"errors are there. Write `db1`, for any number of points.",
        programs.many_points,
        solution,
        partial(trials, _tanh, ((4, 3, 2), 5), ((2, 5, 3), 4), ((3, 2, 6), 7)),
        gap="db1",
        hints=[
            "b1 has one column, H1 has one for each point.",
            "b1 moves z of every point: all of them count.",
        ],
        slips=[
            (
                "mean",
                "That is the mean over the points. The loss here is their sum.",
                lambda H1: H1.mean(1, keepdims=True),
            ),
            ("missing-sum", "That is the error of one point alone. All points count.", lambda H1: H1[:, :1]),
            ("missing-sum", "That is the error of one point alone. All points count.", lambda H1: H1[:, -1:]),
        ],
        because=r"$\partial J/\partial b^{(1)}_i = \sum_n H^{(1)}_{in}$; `keepdims` keeps the column.",
    )


def every_layer(name: str) -> Line:
    """H⁽ˡ⁾ in the loop."""

    def solution(Delta, As, l):
        return Delta * (1 - As[l] ** 2)

    return Line(
        name,
        r"Three layers with tanh, in a loop. `Ws[l]` is $W^{(l)}$; `As[0]` is the input, and `As[l]` is "
        r"$A^{(l)}$, what layer $l$ puts out. `Delta` is $\partial J/\partial A^{(l)}$. Write the line that "
        r"makes $H^{(l)}$ of it.",
        programs.any_layers,
        solution,
        partial(trials, _tanh, ((4, 3, 5, 2), 6), ((2, 5, 3, 4), 7), ((5, 2, 6, 3), 4)),
        gap=("H", "H1"),
        hints=["Delta and H have the same shape.", "What is between A and Z?"],
        slips=[
            (_BENT, "You forgot σ′: that is the derivative by A, not by Z.", lambda Delta: Delta),
            (
                "slope-forgotten",
                "In the last layer σ′ is missing.",
                lambda Delta, As, l: Delta * (1 - (l < 3) * As[l] ** 2),
            ),
            (
                "slope-of-sigmoid",
                "That has the slope of the sigmoid. The activation is tanh.",
                lambda Delta, As, l: Delta * As[l] * (1 - As[l]),
            ),
        ],
        because=r"$H^{(l)} = \Delta^{(l)} \odot \sigma'(Z^{(l)})$, at every layer alike.",
    )


# ---- the gradient by the input -----------------------------------------------------------------------------


def input_gradient(name: str) -> Line:
    """∂L/∂x."""

    def solution(W1, delta1):
        return W1.T @ delta1

    return Line(
        name,
        r"Two layers with tanh and half the squared error. One step is missing at the end: `dx`, the "
        r"derivatives by the input.",
        programs.to_the_input,
        solution,
        _TWO,
        gap="dx",
        hints=[
            "dx has the shape of x.",
            "It is the step from delta2 to a1 once more, one layer further back.",
        ],
        slips=[
            (
                "slope-twice",
                "The slope of layer 1 is in delta1 already. Here it comes a second time.",
                lambda W1, delta1, a1: W1.T @ (delta1 * (1 - a1**2)),
            )
        ],
        because=r"$\partial L/\partial x = W^{(1)\top} \delta^{(1)}$. The input has no activation.",
    )


def forward_jacobian(name: str) -> Line:
    """∂a⁽²⁾/∂x, carried forward."""

    def solution(J1, W2, a2):
        return (1 - a2**2) * (W2 @ J1)

    return Line(
        name,
        r"Now forward: `J1` is $\partial a^{(1)}/\partial x$, with a row for each unit. Write `J`, that is "
        r"$\partial a^{(2)}/\partial x$, without a diagonal matrix. This one needs an idea.",
        programs.jacobian,
        solution,
        _TWO,
        gap="J",
        hints=[
            "Row i of J belongs to unit i.",
            "A column times a matrix, entry by entry, multiplies each row by its number.",
        ],
        slips=[
            (
                _BENT,
                "You forgot σ′: that is the derivative of z, not of a.",
                lambda J1, W2: W2 @ J1,
            ),
            (
                "slope-forgotten",
                "You forgot the slope of layer 1. J1 has it.",
                lambda W1, W2, a2: (1 - a2**2) * (W2 @ W1),
            ),
        ],
        because=r"$D^{(2)} W^{(2)} J^{(1)}$: NumPy multiplies row $i$ by entry $i$ of the column of slopes.",
    )


LINES: Mapping[str, Callable[[str], Line]] = {
    "single-layer.line-dW": weights,
    "single-layer.line-delta": error,
    "two-layers.line-delta1": first_error,
    "shared-weights.line-dW": both_uses,
    "row-vectors.line-delta1": error_in_rows,
    "general-proof.line-db1": bias_of_many,
    "general-proof.line-H": every_layer,
    "input-gradient.line-dx": input_gradient,
    "input-gradient.line-J": forward_jacobian,
}


@cache
def line(name: str) -> Line:
    """One exercise with a missing line.

    Parameters
    ----------
    name : str
        Chapter and exercise, as its link has them.

    Raises
    ------
    KeyError
        When there is none of that name.

    Examples
    --------
    >>> line("two-layers.line-delta1").gap
    'delta1'
    """
    if name not in LINES:
        raise KeyError(f"there is no line {name!r} to be filled; there are {', '.join(LINES)}")
    return LINES[name](name)


def check(function: Any, name: str) -> LineChecked:
    """Run a backward pass that you have completed, and say whether it is right.

    Parameters
    ----------
    function : callable
        The program of the exercise, with your line.
    name : str
        Which exercise.

    Examples
    --------
    >>> import numpy as np
    >>> def my_backward(x, y, W, b):
    ...     z = W @ x + b
    ...     a = np.tanh(z)
    ...     delta = (a - y) * (1 - a**2)
    ...     dW = delta @ x.T
    ...     return {"dW": dW, "db": delta}
    >>> check(my_backward, "single-layer.line-dW")
    Right: on 3 networks, nnlib finds the same gradients.
    """
    return line(name).check(function)
