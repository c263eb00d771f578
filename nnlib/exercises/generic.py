"""Stand-ins for functions of which nothing is known: on numbers, σ must be some function, and no special one.

A formula that holds for every σ holds for this one; and one that holds for this σ, which satisfies no simple
equation with its derivatives and whose slope has both signs, at a dozen points holds for every σ, as the
tests show and ``prove`` confirms.

An unknown loss is a sum in which every entry has a weight of its own, and the weights are further numbers of
the point. Only its first derivatives are asked for: they are these weights, so they may be anything at all,
as they may for a loss of which nothing is known.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import sympy as sp

from nnlib.symbolic.undefined import Undefined

_LOSS = "l"


def made_concrete(expression: Any) -> Any:
    """An expression with every undefined function replaced by its stand-in.

    Examples
    --------
    >>> from nnlib.symbolic import undefined_function
    >>> u, v = sp.symbols("u v")
    >>> made_concrete(sp.diff(undefined_function("sigma")(u), u))
    cos(u + 1) + 1/5
    >>> made_concrete(sp.diff(undefined_function("l", 2)(u, v), v))
    l_2
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


@cache
def _stand_in(function: type[Undefined]) -> tuple[list[sp.Symbol], sp.Expr]:
    """Variables, and what an undefined function, or a derivative of one, makes of them."""
    name = function.base.__name__
    variables = list(sp.symbols(f"standin_1:{function.arity + 1}", real=True, seq=True))
    if function.arity == 1 and name != _LOSS:
        (u,) = variables
        value = u / 5 + sp.sin(u + sum(map(ord, name)) % 8) + sp.Rational(1, 5)
    else:
        weights = sp.symbols(f"{name}_1:{function.arity + 1}", real=True, seq=True)
        value = sum(weight * u for weight, u in zip(weights, variables, strict=True))
    for which in function.by:
        value = sp.diff(value, variables[which - 1])
    return variables, value
