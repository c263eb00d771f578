"""Stand-ins for functions of which nothing is known: on numbers, σ must be some function, and no special one.

A formula that holds for every σ holds for this one; and one that holds for this σ, which satisfies no simple
equation with its derivatives, at a dozen points holds for every σ, as the tests show and ``prove`` confirms.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import sympy as sp

from nnlib.symbolic.undefined import Undefined


def made_concrete(expression: Any) -> Any:
    """An expression with every undefined function replaced by its stand-in.

    Examples
    --------
    >>> from nnlib.symbolic import undefined_function
    >>> u = sp.Symbol("u")
    >>> made_concrete(sp.diff(undefined_function("sigma")(u), u))
    cos(u + 1)/2 + 3/5
    """
    return _rebuilt(sp.sympify(expression))


@lru_cache(maxsize=20_000)  # the same calls stand in every entry
def _rebuilt(e: Any) -> Any:
    if not e.has(Undefined):
        return e
    args = [_rebuilt(arg) for arg in e.args]
    if not isinstance(e, Undefined):
        return e.func(*args)
    variables, value = _stand_in(e.func)
    return value.xreplace(dict(zip(variables, args, strict=True)))


def _variables(arity: int) -> list[sp.Symbol]:
    return list(sp.symbols(f"standin_1:{arity + 1}", real=True, seq=True))


@cache
def _stand_in(function: type[Undefined]) -> tuple[list[sp.Symbol], sp.Expr]:
    """Variables, and what an undefined function, or a derivative of one, makes of them."""
    variables, turn = _variables(function.arity), sum(map(ord, function.base.__name__)) % 8
    if function.arity == 1:
        (u,) = variables
        value = sp.Rational(3, 5) * u + sp.sin(u + turn) / 2 + sp.Rational(1, 5)
    else:
        value = variables[0] * variables[-1] / 7
        for k, u in enumerate(variables, start=1):
            value += sp.Rational(k + 1, 3) * sp.sin(u + k + turn) + sp.Rational(k, 5) * u**2
    for which in function.by:
        value = sp.diff(value, variables[which - 1])
    return variables, value
