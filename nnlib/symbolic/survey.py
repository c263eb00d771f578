"""What occurs in expressions, each distinct part looked at once.

The derivatives of a deep network repeat their parts thousands of times: SymPy's own ``atoms`` walks them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp
from sympy.core.relational import Relational


@dataclass
class Survey:
    """Symbols, function calls, numbers and conditions of some expressions."""

    symbols: set[sp.Symbol] = field(default_factory=set)
    calls: set[sp.Function] = field(default_factory=set)
    numbers: set[sp.Expr] = field(default_factory=set)
    conditions: set[Relational] = field(default_factory=set)


def survey(expressions: Iterable[sp.Basic]) -> Survey:
    """Look through expressions.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> found = survey([sp.exp(x) + 2, sp.Piecewise((x, x > 0), (0, True))])
    >>> found.calls, found.symbols, found.conditions
    ({exp(x)}, {x}, {x > 0})
    """
    found, seen, waiting = Survey(), set(), list(expressions)
    while waiting:
        e = waiting.pop()
        if e in seen:
            continue
        seen.add(e)
        waiting.extend(e.args)
        if e.is_Symbol:
            found.symbols.add(e)
        elif isinstance(e, Relational):
            found.conditions.add(e)
        elif isinstance(e, sp.Function) and not isinstance(e, sp.Piecewise):
            found.calls.add(e)
        elif not e.args:
            found.numbers.add(e)
    return found
