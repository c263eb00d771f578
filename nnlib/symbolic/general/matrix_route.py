"""The same gradients by SymPy's matrix calculus, of tr(Δᵀ σ(Z)), with no index at all."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.matrices.exceptions import ShapeError as SympyShapeError
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from nnlib.symbolic.general import letters as g
from nnlib.symbolic.undefined import undefined_function


def by_trace(layer: Any, by: Any) -> Any:
    r"""∂/∂by of tr(Δᵀ σ(W A + b 1ᵀ)), where Δ is held fixed, by SymPy's matrix calculus.

    The slope σ′(W A + b 1ᵀ) is given its name again.

    Examples
    --------
    >>> from nnlib.symbolic.general import b, l
    >>> from nnlib.symbolic.general.printing import latex
    >>> latex(by_trace(l, b(l)))
    "\\left[\\Delta^{(l)} \\odot \\sigma_{l}'(Z^{(l)})\\right] \\, \\mathbf{1}"
    """
    u = sp.Symbol("u")
    sigma = undefined_function("sigma")
    z = g.W(layer) * g.A(layer - 1) + g.b(layer) * sp.OneMatrix(g.N, 1).T
    bent = z.applyfunc(sp.Lambda(u, sigma(u)))
    found = sp.Trace(g.Delta(layer).T * bent).diff(by)
    prime = sp.Lambda(u, sigma(u).fdiff(1))
    named = found.replace(
        lambda e: isinstance(e, ElementwiseApplyFunction) and e.expr == z and e.function.dummy_eq(prime),
        lambda e: g.slope(layer),  # noqa: ARG005
    )
    return _ordered(named.xreplace({sp.OneMatrix(g.N, 1): g.ones}))


def agrees(layer: Any, by: Any, formula: Any) -> bool | None:
    """Whether the matrix route finds the same; None where SymPy's calculus has no answer.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, H, l, W
    >>> agrees(l, W(l), H(l) * A(l - 1).T), agrees(l, W(l), -H(l) * A(l - 1).T)
    (True, False)
    """
    error = sp.HadamardProduct(g.Delta(layer), g.slope(layer))
    known = {g.W(layer), g.A(layer - 1), g.Delta(layer), g.b(layer), g.H(layer), g.slope(layer), g.ones}
    if not formula.atoms(g.Layered) <= known:
        return None
    try:
        return bool(by_trace(layer, by) == _ordered(formula.xreplace({g.H(layer): error})))
    except (AttributeError, TypeError, ValueError, SympyShapeError):
        return None


def _ordered(e: Any) -> Any:
    """Hadamard products with their factors in one order: they commute."""
    return e.replace(
        lambda part: isinstance(part, sp.HadamardProduct),
        lambda part: sp.HadamardProduct(*sorted(part.args, key=str)),
    )
