"""Activations made from one SymPy expression, as a note prints it."""

from __future__ import annotations

import numpy as np
import sympy as sp

from nnlib.activations import Activation


def activation_of(name: str, expression: sp.Expr) -> Activation:
    """An activation whose value is an expression in one symbol; its derivative is ``sympy.diff`` of it.

    Meant for looking at what a printed formula says: for numbers far from 0 take nnlib's own activations.

    Raises
    ------
    ValueError
        For an expression that has not exactly one symbol.

    Examples
    --------
    >>> u, z = sp.symbols("u z")
    >>> square = activation_of("square", u**2)
    >>> square.symbolic(z + 1), square(np.array([[3.0]])).tolist()
    ((z + 1)**2, [[9.0]])
    >>> square.prime(np.array([[3.0]]), np.array([[9.0]])).tolist()
    [[6.0]]
    """
    if len(expression.free_symbols) != 1:
        raise ValueError(f"{expression} should have one symbol, the pre-activation")
    (u,) = expression.free_symbols
    slope = sp.diff(expression, u)
    lifted = np.frompyfunc(sp.Lambda(u, slope), 1, 1)
    number = sp.lambdify(u, slope, "numpy")
    return Activation(
        name=name,
        numeric=sp.lambdify(u, expression, "numpy"),
        symbolic=sp.Lambda(u, expression),
        prime=lambda z, a: lifted(z) if z.dtype == object else number(z) + 0 * z,  # noqa: ARG005
    )
