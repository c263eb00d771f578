"""Functions as formulas name them: σ(z), σ′(z), l(a), ∇l(a), ‖c‖². What they are, a network says."""

from __future__ import annotations

from typing import Any

import sympy as sp

from nnlib.symbolic.undefined import Undefined, derivative, undefined_function


class ActivationLetter:
    """σ in a formula: ``sigma(z)`` entry by entry, ``sigma.prime(z)`` its derivative.

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
    """‖c‖²: the sum of the squares of all entries, 1 × 1."""

    shape = (sp.Integer(1), sp.Integer(1))


class LossLetter:
    """l in a formula: ``l(a)``, and ``l.gradient(a)`` for ∇l(a)."""

    def __call__(self, a: sp.MatrixExpr) -> LossValue:
        """l(a), 1 × 1."""
        return LossValue(a)

    def gradient(self, a: sp.MatrixExpr) -> LossGradient:
        """∇l(a), of the shape of ``a``."""
        return LossGradient(a)


l = LossLetter()
