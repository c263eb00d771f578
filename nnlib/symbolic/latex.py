r"""The book's own LaTeX, such as ``\frac{\partial L}{\partial W} = \delta \, x^{\top}``.

Factors and summands stand in the order of the text.

SymPy alone would print an upright d, indices from 0, a lambda for σ(z) and its own order.
"""

from __future__ import annotations

import re
from typing import Any

import sympy as sp
from sympy.printing.latex import LatexPrinter

from nnlib.symbolic.evaluate import function_of
from nnlib.symbolic.letters import Column, Entry, Letter, Partial, PartialEntry, latex_of_name
from nnlib.symbolic.undefined import Undefined

# The declared order of summands: what the text writes first comes first.
_ORDER = ["delta", "W", "w", "z", "a", "x", "b", "c", "h", "L", "f", "y"]


class BookPrinter(LatexPrinter):
    """LaTeX in the book's notation."""

    def _print_Letter(self, e: Any) -> str:
        return latex_of_name(e.name)

    def _print_Entry(self, e: Any) -> str:
        if not e.index:  # a number, such as η
            return latex_of_name(e.letter.name)
        indices = [self._print(i) for i in e.index]
        separator = "" if all(len(i) == 1 for i in indices) else ","
        stem, layer = e.letter.stem, e.letter.layer
        above = "" if layer is None else f"^{{({layer})}}"
        return f"{latex_of_name(stem)}{above}_{{{separator.join(indices)}}}"

    def _print_PartialEntry(self, e: Any) -> str:
        of, by = e.args
        return rf"\frac{{\partial {self._print(of)}}}{{\partial {self._print(by)}}}"

    _print_Partial = _print_Jacobian = _print_PartialEntry

    def _print_Transpose(self, e: Any) -> str:
        inner = self._print(e.arg)
        if isinstance(e.arg, Letter) and e.arg.layer is not None:  # W^{(2)⊤}, not {W^{(2)}}^⊤
            return f"{latex_of_name(e.arg.stem)}^{{({e.arg.layer})\\top}}"
        return f"{inner}^{{\\top}}" if isinstance(e.arg, Letter) else _brackets(inner) + r"^{\top}"

    def _print_MatAdd(self, e: Any) -> str:
        terms = sorted(e.args, key=_place_of_summand)
        text = self._print(terms[0])
        for term in terms[1:]:
            printed = self._print(term)
            text += f" - {printed[1:].strip()}" if printed.startswith("-") else f" + {printed}"
        return text

    def _print_MatMul(self, e: Any) -> str:
        scale, matrices = e.as_coeff_matrices()
        factors = [self._factor(matrix) for matrix in matrices]
        if scale == -1:
            return "-" + r" \, ".join(factors)
        head = [] if scale == 1 else [self._print(scale)]
        return r" \, ".join(head + factors)

    def _print_HadamardProduct(self, e: Any) -> str:
        # (Wᵀδ) ⊙ s: without brackets a square W would leave open what is multiplied first.
        return r" \odot ".join(
            _brackets(self._print(factor)) if isinstance(factor, sp.MatMul) else self._factor(factor)
            for factor in e.args
        )

    def _factor(self, e: Any) -> str:
        text = self._print(e)
        loose = isinstance(e, sp.MatAdd | sp.HadamardProduct | sp.Add)
        return _brackets(text) if loose else text

    def _print_Add(self, e: Any, order: Any = None) -> str:
        if not e.has(Entry):
            return super()._print_Add(e, order)
        return self._print_MatAdd(e)

    def _print_ElementwiseApplyFunction(self, e: Any) -> str:
        return self._call(function_of(e), self._print(e.expr))

    def _print_Function(self, e: Any, exp: str | None = None) -> str:
        if not isinstance(e, Undefined):
            return super()._print_Function(e, exp)
        text = self._call(e.func, ", ".join(self._print(argument) for argument in e.args))
        return text if exp is None else rf"{{{text}}}^{{{exp}}}"

    def _call(self, function: Any, arguments: str) -> str:
        head = latex_of_name(function.base.__name__)
        if (numbered := re.fullmatch(r"sigma(\d+)", function.base.__name__)) is not None:
            head = rf"\sigma_{{{numbered[1]}}}"  # σ₂: its upper place is the prime's
        if function.by:
            head += (
                "'" * len(function.by) if function.arity == 1 else f"_{{{''.join(map(str, function.by))}}}"
            )
        return head + _brackets(arguments)

    def _print_LossValue(self, e: Any) -> str:
        return "l" + _brackets(self._print(e.args[0]))

    def _print_LossGradient(self, e: Any) -> str:
        return r"\nabla l" + _brackets(self._print(e.args[0]))

    def _print_Column(self, e: Any) -> str:
        matrix, number = e.args
        if isinstance(matrix, Letter):  # W⁽²⁾_1, as an entry is printed
            above = "" if matrix.layer is None else f"^{{({matrix.layer})}}"
            return f"{latex_of_name(matrix.stem)}{above}_{{{self._print(number)}}}"
        if isinstance(matrix, Partial):  # ∂L/∂W⁽²⁾_1, the derivatives by a column
            of, by = matrix.args
            return rf"\frac{{\partial {self._print(of)}}}{{\partial {self._print(Column(by, number))}}}"
        return f"{_brackets(self._print(matrix))}_{{{self._print(number)}}}"

    def _print_Beside(self, e: Any) -> str:
        return latex([list(e.args)])

    def _print_MapValue(self, e: Any) -> str:
        return e.name + _brackets(self._print(e.args[1]))

    def _print_DiagMatrix(self, e: Any) -> str:
        return r"\operatorname{diag}" + _brackets(self._print(e.args[0]))

    def _print_SquaredNorm(self, e: Any) -> str:
        return rf"\left\lVert {self._print(e.args[0])} \right\rVert^{{2}}"

    def _print_Mul(self, e: Any) -> str:
        if not e.is_Mul or not e.has(Entry, PartialEntry) or any(factor.is_Pow for factor in e.args):
            return super()._print_Mul(e)
        sign = "-" if e.args[0] == -1 else ""
        factors = sorted((f for f in e.args if f != -1), key=_place_of_factor)
        return sign + r" \, ".join(self._factor(f) for f in factors)


def _brackets(text: str) -> str:
    """Round brackets, as high as what they hold; plain ones around a plain line, which need less room."""
    return rf"\left({text}\right)" if r"\frac" in text or r"\sum" in text else f"({text})"


def _place_of_summand(term: sp.Basic) -> tuple[bool, int, str]:
    """Positive before negative, then by the declared order, then by index; a number stands where it falls."""
    scale = term.as_coeff_matrices()[0] if isinstance(term, sp.MatMul) else term.as_coeff_Mul()[0]
    stems = [letter.stem for letter in term.atoms(Letter)]
    place = min((_ORDER.index(s) if s in _ORDER else len(_ORDER) for s in stems), default=-1)
    return scale.could_extract_minus_sign(), place, str(term)


def _place_of_factor(factor: sp.Basic) -> tuple[int, bool, str]:
    """Numbers, then derivatives from the loss inwards, then entries."""
    if factor.is_Number:
        return 0, False, ""
    if isinstance(factor, PartialEntry):
        of = factor.args[0]
        return (1 if isinstance(of, Letter) else 2), False, str(factor)
    if isinstance(factor, Entry):
        return (3 if factor.letter.stem in {"delta", "W"} else 4), False, str(factor)
    return 5, bool(factor.args) and factor.args[0].could_extract_minus_sign(), str(factor)


def latex(expression: Any) -> str:
    r"""LaTeX of an expression, or of nested lists of them as a matrix in brackets.

    Examples
    --------
    >>> from nnlib.symbolic import letters, partial
    >>> W, x, b, delta, L = letters("W x b delta L")
    >>> latex(W * x + b)
    'W \\, x + b'
    >>> latex(partial(L, W))
    '\\frac{\\partial L}{\\partial W}'
    """
    if isinstance(expression, list):
        rows = r" \\[4pt] ".join(
            " & ".join(rf"\displaystyle {latex(entry)}" for entry in row) for row in expression
        )
        return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"
    return BookPrinter().doprint(expression)
