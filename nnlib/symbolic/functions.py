"""Functions as formulas name them: σ(z), σ′(z), l(a), ∇l(a), ‖c‖². What they are, a network says.

Of f(x), a function of several variables with several values, nothing is said at all.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.symbol import Str

from nnlib.symbolic.undefined import Undefined, derivative, undefined_function


class ActivationLetter:
    """σ in a formula. ``sigma(z)`` is taken entry by entry, ``sigma.prime(z)`` is its derivative.

    ``sigma`` is the activation of a network that has only one; ``ActivationLetter("sigma2")`` is layer 2's.

    Examples
    --------
    >>> from nnlib.symbolic import letters
    >>> z, = letters("z")
    >>> sigma(z).shape
    (S_1, 1)
    """

    def __init__(self, name: str) -> None:
        self.function = undefined_function(name)

    def __call__(self, z: Any) -> Any:
        """σ of a matrix, entry by entry, or of a scalar."""
        return _apply(self.function, z)

    def prime(self, z: Any) -> Any:
        """σ′ of a matrix, entry by entry, or of a scalar."""
        return _apply(derivative(self.function), z)


def _apply(function: type[Undefined], z: Any) -> Any:
    return z.applyfunc(function) if isinstance(z, sp.MatrixExpr) else function(z)


sigma = ActivationLetter("sigma")


class LossValue(sp.MatrixExpr):
    """l(a): the network's loss of ``a``, 1 × 1."""

    shape = (sp.Integer(1), sp.Integer(1))


class LossGradient(sp.MatrixExpr):
    """∇l(a): the derivatives of the network's loss by its argument, arranged as ``a`` is."""

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """The shape of the argument."""
        return self.args[0].shape


class SquaredNorm(sp.MatrixExpr):
    r"""‖c‖²: the sum of the squares of all entries, 1 × 1.

    Examples
    --------
    >>> from nnlib.symbolic import latex, letters
    >>> (c,) = letters("c")
    >>> latex(SquaredNorm(c))
    '\\left\\lVert c \\right\\rVert^{2}'
    """

    shape = (sp.Integer(1), sp.Integer(1))


class Beside(sp.MatrixExpr):
    r"""Matrices with equally many rows, side by side.

    Examples
    --------
    >>> from nnlib.symbolic import Column, latex, letters
    >>> (W,) = letters("W1", convention="row")
    >>> latex(Beside(Column(W, 1), Column(W, 2)))
    '\\begin{bmatrix} \\displaystyle W^{(1)}_{1} & \\displaystyle W^{(1)}_{2} \\end{bmatrix}'
    """

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """The rows of the first, the columns of all."""
        return self.args[0].shape[0], sp.Add(*(block.shape[1] for block in self.args))


class LossLetter:
    """l in a formula. ``l(a)`` is the loss of ``a``, ``l.gradient(a)`` is ∇l(a)."""

    def __call__(self, a: sp.MatrixExpr) -> LossValue:
        """l(a), 1 × 1."""
        return LossValue(a)

    def gradient(self, a: sp.MatrixExpr) -> LossGradient:
        """∇l(a), of the shape of ``a``."""
        return LossGradient(a)


l = LossLetter()


class MapValue(sp.MatrixExpr):
    """f(x): a column, each entry an undefined function of every entry of ``x``."""

    @property
    def name(self) -> str:
        """The function's name."""
        return self.args[0].name

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """As many rows as the function has values."""
        return self.args[2], sp.Integer(1)


class MapLetter:
    """f in a formula: ``f(x)``, a column of which nothing is known but that it can be differentiated.

    What is proved with it holds for every differentiable function of several variables.

    Parameters
    ----------
    name : str
        How formulas call it.
    rows : int or symbol
        How many values it has: ``size(1)``, or 1 for a scalar function.

    Examples
    --------
    >>> from nnlib.symbolic import Formula, ForwardPass, letters, partial, size
    >>> x, z = letters("x z")
    >>> f = MapLetter("f", size(1))
    >>> forward = ForwardPass((2, 2), Formula(z, f(x)))
    >>> forward.value(z).ravel().tolist()
    [f_1(x_1, x_2), f_2(x_1, x_2)]
    """

    def __init__(self, name: str, rows: Any = 1) -> None:
        self.name, self.rows = name, sp.sympify(rows)

    def __call__(self, x: sp.MatrixExpr) -> MapValue:
        """f(x), for a column ``x``."""
        return MapValue(Str(self.name), x, self.rows)
