"""A formula as the Python that makes it, for readers who want to take it along.

The text uses the names of ``nnlib.symbolic`` (``partial``, ``sigma``, ``l``, ``size``, …), ``nn``
for nnlib and ``sp`` for SymPy; letters and indices stand for themselves.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from nnlib.symbolic.evaluate import function_of
from nnlib.symbolic.letters import Letter
from nnlib.symbolic.undefined import Undefined


class _PythonPrinter(StrPrinter):
    """SymPy's own text, but for the parts that formulas add."""

    def _arguments(self, e: Any) -> str:
        return ", ".join(self._print(argument) for argument in e.args)

    def _print_Letter(self, e: Any) -> str:
        return str(e.name)

    def _print_Entry(self, e: Any) -> str:
        return f"{e.letter.name}({', '.join(map(self._print, e.index))})"

    def _print_PartialEntry(self, e: Any) -> str:
        return f"partial({self._arguments(e)})"

    _print_Partial = _print_Jacobian = _print_PartialEntry

    def _print_Transpose(self, e: Any) -> str:
        inner = self._print(e.arg)
        simple = isinstance(e.arg, Letter) or inner.startswith("partial(")
        return f"{inner}.T" if simple else f"({inner}).T"

    def _print_HadamardProduct(self, e: Any) -> str:
        return f"nn.hadamard({self._arguments(e)})"

    def _print_ElementwiseApplyFunction(self, e: Any) -> str:
        return self._call(function_of(e), self._print(e.expr))

    def _print_Function(self, e: Any) -> str:
        if isinstance(e, Undefined):
            return self._call(e.func, self._arguments(e))
        return f"sp.{super()._print_Function(e)}"

    def _call(self, function: Any, arguments: str) -> str:
        return f"{function.base.__name__}{'.prime' * len(function.by)}({arguments})"

    def _print_LossValue(self, e: Any) -> str:
        return f"l({self._arguments(e)})"

    def _print_LossGradient(self, e: Any) -> str:
        return f"l.gradient({self._arguments(e)})"

    def _print_MapValue(self, e: Any) -> str:
        rows = e.shape[0]
        size = f"size({rows.name.removeprefix('S_')})" if rows.is_Symbol else str(rows)
        return f'MapLetter("{e.name}", {size})({self._print(e.args[1])})'

    def _print_Column(self, e: Any) -> str:
        return f"Column({self._arguments(e)})"

    def _print_Beside(self, e: Any) -> str:
        return f"Beside({self._arguments(e)})"

    def _print_DiagMatrix(self, e: Any) -> str:
        return f"diag({self._arguments(e)})"

    def _print_SquaredNorm(self, e: Any) -> str:
        return f"SquaredNorm({self._arguments(e)})"

    def _print_Rational(self, e: Any) -> str:
        return f"sp.Rational({e.p}, {e.q})"

    def _print_Half(self, e: Any) -> str:
        return self._print_Rational(e)

    def _print_Sum(self, e: Any) -> str:
        (k, low, high) = e.limits[0]
        top = f"size({high.name.removeprefix('S_')})" if high.is_Symbol else str(high)
        return f"sp.Sum({self._print(e.function)}, ({k}, {low}, {top}))"


def python(expression: Any) -> str:
    """Python text of an expression, or of nested lists of them.

    Examples
    --------
    >>> from nnlib.symbolic import letters, partial
    >>> W, delta, L, x = letters("W delta L x")
    >>> python(W.T * delta), python(partial(L, W)), python(x(1))
    ('W.T*delta', 'partial(L, W)', 'x(1)')
    """
    if isinstance(expression, list):
        return f"[{', '.join(map(python, expression))}]"
    return str(_PythonPrinter().doprint(sp.sympify(expression)))
