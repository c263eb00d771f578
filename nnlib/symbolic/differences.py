"""A derivative taken from values of the loss alone, compiled beside the exact one, to be compared with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array
from nnlib.symbolic.evaluate import Environment
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.javascript import Minus
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Letter

LOG_H = Letter("logh", 1, 1)
"""The step of a difference is h = 10^logh, so that a slider of it reaches every size of step."""


class Measured(Formula):
    """What is computed from a formula's values, entry by entry, and not by the formula's own rule.

    Attributes
    ----------
    latex : str
        How the text writes it.
    """

    def __init__(self, name: str, like: Letter, text: str, entry: Callable[[Environment, Any], Any]) -> None:
        super().__init__(Letter(name, *like.shape), like)
        self._text, self._entry = text, entry

    @property
    def latex(self) -> str:
        """As the text writes it: for one entry."""
        return self._text

    def evaluate(self, env: Environment) -> Array:
        """Its entries, 2-D."""
        value = np.empty(env.shape(self.rhs), dtype=object)
        for place in np.ndindex(*value.shape):
            value[place] = self._entry(env, place)
        return value


def central_difference(loss: Formula, by: Letter) -> Measured:
    r"""(L(w + h) − L(w − h))/2h for every entry w of a letter; with h = 10^logh, a free letter.

    The two losses are the formula's own, with w + h and w − h put in the place of w. What is computed are
    these two values in floats, then their difference: its rounding is there to be seen.

    Parameters
    ----------
    loss : Formula
        For L.
    by : Letter
        One of those that a network begins with: W, b, x.

    Examples
    --------
    >>> from nnlib.symbolic import SquaredNorm, compile_formulas, letters, network
    >>> L, W, a = letters("L W a")
    >>> difference = central_difference(Formula(L, SquaredNorm(a)), W)
    >>> difference.latex
    '\\frac{L(W_{ij} + h) - L(W_{ij} - h)}{2 h}'
    >>> compiled = compile_formulas([difference], network((1, 1)), free=[LOG_H])
    >>> compiled({"W[1][1]": 1, "b[1]": 0, "x[1]": 3, "y[1]": 0, "logh": -1})
    {'difference[1][1]': 18.000000000000007}
    """

    def entry(env: Environment, place: Any) -> Any:
        w, (value,) = env.value(by)[place], loss.evaluate(env).ravel()
        h = 10 ** env.value(LOG_H)[0, 0]
        return Minus(value.xreplace({w: w + h}), value.xreplace({w: w - h})) / (2 * h)

    w = latex(by(*sp.symbols("i j", integer=True)))
    return Measured("difference", by, rf"\frac{{L({w} + h) - L({w} - h)}}{{2 h}}", entry)


def gap(difference: Measured, exact: Formula) -> Measured:
    """How far a difference is from the exact derivative, entry by entry.

    Examples
    --------
    >>> from nnlib.symbolic import SquaredNorm, compile_formulas, letters, network, partial
    >>> L, W, a, x = letters("L W a x")
    >>> difference = central_difference(Formula(L, SquaredNorm(a)), W)
    >>> off = gap(difference, Formula(partial(L, W), 2 * a * x.T))
    >>> compiled = compile_formulas([difference, off], network((1, 1)), free=[LOG_H])
    >>> values = compiled({"W[1][1]": 1, "b[1]": 0, "x[1]": 3, "y[1]": 0, "logh": -6})
    >>> round(values["difference[1][1]"], 6), 0 < values["gap[1][1]"] < 1e-8
    (18.0, True)
    """

    def entry(env: Environment, place: Any) -> Any:
        return sp.Abs(Minus(difference.evaluate(env)[place], exact.evaluate(env)[place]))

    text = rf"\left| {difference.latex} - {latex(exact.lhs)} \right|"
    return Measured("gap", difference.rhs, text, entry)
