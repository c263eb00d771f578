r"""LaTeX, Python and plain text of formulas with symbolic layers.

LaTeX as in the book: ``\sum_{n=1}^{N} H^{(l)}_{in} \, A^{(l-1)}_{jn}``.
"""

# ruff: noqa: N802, N815  SymPy looks printers up by class name

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from nnlib.symbolic.general.letters import At, Cell, Entrywise, Layered, numbered
from nnlib.symbolic.latex import BookPrinter
from nnlib.symbolic.letters import PartialEntry

_HEADS = {"Delta": r"\Delta", "ones": r"\mathbf{1}"}
_RAISED = str.maketrans("0123456789lLknij-+", "⁰¹²³⁴⁵⁶⁷⁸⁹ˡᴸᵏⁿⁱʲ⁻⁺")


class GeneralPrinter(BookPrinter):
    """LaTeX in the book's notation, with a layer's symbol above."""

    def _print_Layered(self, e: Any) -> str:
        return self._letter(e.stem, e.layer, "")

    def _print_Cell(self, e: Any) -> str:
        return self._letter(e.letter.stem, e.letter.layer, self._below(e.index))

    def _letter(self, stem: str, layer: Any, below: str) -> str:
        if stem == "slope":
            return rf"\sigma_{{{numbered(layer)}}}'({self._letter('Z', layer, below)})"
        if stem == "value":
            return rf"\sigma_{{{numbered(layer)}}}"
        if stem in {"a", "z", "x", "t"} and below and layer is None:
            return f"{stem}_{{{below}}}"
        above = "" if layer is None else f"^{{({numbered(layer)})}}"
        return _HEADS.get(stem, stem) + above + (f"_{{{below}}}" if below else "")

    def _below(self, index: tuple[Any, ...]) -> str:
        return "".join(map(self._print, index))

    def _print_Transpose(self, e: Any) -> str:
        if isinstance(e.arg, Layered) and e.arg.stem not in {"slope", "value"}:
            above = "" if e.arg.layer is None else f"({numbered(e.arg.layer)})"
            return _HEADS.get(e.arg.stem, e.arg.stem) + rf"^{{{above}\top}}"
        return rf"\left({self._print(e.arg)}\right)^{{\top}}"

    def _print_At(self, e: Any) -> str:
        matrix, *index = e.args
        return rf"\left[{self._print(matrix)}\right]_{{{self._below(tuple(index))}}}"

    def _print_Diff(self, e: Any) -> str:
        of, by = e.args
        return rf"\frac{{\partial}}{{\partial {self._print(by)}}} \left({self._print(of)}\right)"

    def _print_Each(self, e: Any) -> str:
        return self._print(e.args[0])

    def _print_Act(self, e: Any) -> str:
        return rf"\sigma_{{{numbered(e.args[0])}}}\left({self._print(e.args[1])}\right)"

    def _print_SquaredColumn(self, e: Any) -> str:
        matrix, column = e.args
        of_column = rf"\left[{self._print(matrix)}\right]_{{\bullet {self._print(column)}}}"
        return rf"\left\lVert {of_column} \right\rVert^{{2}}"

    def _print_LossOf(self, e: Any) -> str:
        return f"J({', '.join(map(self._print, e.args))})"

    def _print_Columns(self, e: Any) -> str:
        small = e.args[0].stem
        bar = r"\vert"
        return (
            rf"\begin{{pmatrix}} {bar} & \cdots & {bar} \\ {small}_1 & \cdots & {small}_N \\"
            rf" {bar} & \cdots & {bar} \end{{pmatrix}}"
        )

    def _print_Through(self, e: Any) -> str:
        matrix, of, by = e.args
        inner = self._print(matrix)
        if isinstance(matrix, sp.HadamardProduct | sp.MatAdd):
            inner = rf"\left[{inner}\right]"
        return rf"{inner} \, \frac{{\partial {self._print(of)}}}{{\partial {self._print(by)}}}"

    def _print_HadamardProduct(self, e: Any) -> str:
        return r" \odot ".join(
            rf"\left({self._print(factor)}\right)" if isinstance(factor, sp.MatMul) else self._factor(factor)
            for factor in sorted(e.args, key=_is_slope)
        )

    _print_Entrywise = _print_HadamardProduct

    def _print_MatMul(self, e: Any) -> str:
        scale, matrices = e.as_coeff_matrices()
        factors = [
            rf"\left[{self._print(f)}\right]"
            if isinstance(f, sp.HadamardProduct | sp.MatAdd)
            else self._print(f)
            for f in matrices
        ]
        head = [] if scale in (1, -1) else [self._print(scale)]
        return ("-" if scale == -1 else "") + r" \, ".join(head + factors)

    def _print_MatAdd(self, e: Any) -> str:
        return self._print_terms(e.args)

    def _print_Add(self, e: Any, order: Any = None) -> str:  # noqa: ARG002
        return self._print_terms(e.args)

    def _print_terms(self, terms: Any) -> str:
        printed = sorted(
            (text.startswith("-"), _summand(term), text) for term in terms for text in [self._print(term)]
        )
        text = printed[0][2]
        for *_, other in printed[1:]:
            text += f" - {other[1:].strip()}" if other.startswith("-") else f" + {other}"
        return text

    def _print_Total(self, e: Any) -> str:
        signs = " ".join(
            rf"\sum_{{{self._print(k)}=1}}^{{{self._print(size)}}}" for k, _, size in reversed(e.limits)
        )
        inner = self._print(e.function)
        return rf"{signs} \left({inner}\right)" if isinstance(e.function, sp.Add) else f"{signs} {inner}"

    def _print_Mul(self, e: Any) -> str:
        number, rest = e.as_coeff_Mul()
        below = [f for f in sp.Mul.make_args(rest) if isinstance(f, sp.Pow) and f.exp == -1]
        above = sorted((f for f in sp.Mul.make_args(rest) if f not in below), key=_place)
        factors = [
            rf"\left({self._print(f)}\right)" if isinstance(f, sp.Add) else self._print(f) for f in above
        ]
        bottom = [self._factor(f.base) for f in below] + ([str(number.q)] if number.q != 1 else [])
        top = [] if abs(number.p) == 1 else [str(abs(number.p))]
        sign = "-" if number < 0 else ""
        if bottom and not any(f.has(Cell) for f in below):
            return sign + r" \, ".join(
                [rf"\frac{{{''.join(top) or 1}}}{{{' '.join(reversed(bottom))}}}", *factors]
            )
        if bottom:
            over = self._print(above[0]) if len(above) == 1 and not top else " ".join([*top, *factors]) or 1
            return sign + rf"\frac{{{over}}}{{{' '.join(bottom)}}}"
        return sign + r" \, ".join(top + factors)


def _is_slope(e: Any) -> bool:
    return isinstance(e, Layered) and e.stem == "slope"


def _summand(term: Any) -> int:
    stems = {cell.stem for cell in term.atoms(Layered)} if isinstance(term, sp.Basic) else set()
    order = ["W", "A", "T", "b"]
    return min((order.index(stem) for stem in stems if stem in order), default=0)


def _place(factor: Any) -> tuple[int, str]:
    """Sizes, then ∂J and errors, weights, then from the loss inwards layer by layer, then δ and inputs."""
    text = str(factor)
    if isinstance(factor, PartialEntry):
        of, by = factor.args
        if isinstance(of, Layered):
            return 3, text
        return 21 + _depth(of.letter) + (by.letter.stem in "Wb"), text
    if isinstance(factor, At):
        inner = factor.args[0]
        return (95 if isinstance(inner, sp.Transpose) and inner.arg.stem == "A" else 1), text
    if isinstance(factor, sp.KroneckerDelta):
        return 90, text
    if isinstance(factor, Cell):
        if factor.letter.stem == "slope":
            return 20 + _depth(factor.letter), text
        return {"T": 2, "Delta": 3, "H": 3, "W": 4, "A": 95}.get(factor.letter.stem, 2), text
    if isinstance(factor, sp.Sum) or (factor.is_Add and factor.has(sp.KroneckerDelta)):
        return 99, text
    return (0 if factor.is_Symbol else 2), text


def _depth(letter: Any) -> int:
    """The further from the loss, the greater."""
    return -3 * int(letter.layer.as_coeff_Add()[0])


class _PythonPrinter(StrPrinter):
    def _print_Layered(self, e: Any) -> str:
        if e.layer is None:
            return f"T({numbered(sp.Symbol('L'))})" if e.stem == "T" else str(e.stem)
        return f"{e.stem}({numbered(e.layer)})"

    def _print_Cell(self, e: Any) -> str:
        return f"{self._print(e.letter)}({self._all(e.index)})"

    def _all(self, parts: Any) -> str:
        return ", ".join(map(self._print, parts))

    def _print_Symbol(self, e: Any) -> str:
        name = str(e.name)
        if name.startswith("S_"):
            return f"S({name[2:].strip('{}')})"
        return name.replace("'", "1")

    def _print_Transpose(self, e: Any) -> str:
        inner = self._print(e.arg)
        return f"{inner}.T" if isinstance(e.arg, Layered) else f"({inner}).T"

    def _print_HadamardProduct(self, e: Any) -> str:
        return f"nn.hadamard({self._all(e.args)})"

    def _print_Total(self, e: Any) -> str:
        ranges = ", ".join(f"({self._print(k)}, {self._print(size)})" for k, _, size in reversed(e.limits))
        return f"total({self._print(e.function)}, {ranges})"

    def _print_KroneckerDelta(self, e: Any) -> str:
        return f"delta({self._all(e.args)})"

    def _print_PartialEntry(self, e: Any) -> str:
        return f"by_entry({self._all(e.args)})"

    def _print_Partial(self, e: Any) -> str:
        return f"by_matrix({self._print(e.args[1])})"

    def _print_Rational(self, e: Any) -> str:
        return str(e.p) if e.q == 1 else f"sp.Rational({e.p}, {e.q})"

    _print_Half = _print_Rational

    def _print_Function(self, e: Any) -> str:
        return f"sp.{super()._print_Function(e)}"

    def _print_Basic(self, e: Any) -> str:
        return f"{type(e).__name__}({self._all(e.args)})"

    _print_At = _print_Diff = _print_Each = _print_Act = _print_Columns = _print_Basic
    _print_Through = _print_Entrywise = _print_SquaredColumn = _print_LossOf = _print_Basic


def latex(e: Any) -> str:
    r"""LaTeX of an expression with symbolic layers.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, H, i, j, l, n, N, total, W
    >>> latex(total(H(l)(i, n) * A(l - 1)(j, n), (n, N)))
    '\\sum_{n=1}^{N} H^{(l)}_{in} \\, A^{(l-1)}_{jn}'
    >>> latex(W(l).T * H(l))
    'W^{(l)\\top} \\, H^{(l)}'
    """
    return GeneralPrinter().doprint(e)


def python(e: Any) -> str:
    """The Python that makes an expression.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, H, i, j, l, n, N, total
    >>> python(total(H(l)(i, n) * A(l - 1)(j, n), (n, N)))
    'total(A(l-1)(j, n)*H(l)(i, n), (n, N))'
    """
    return str(_PythonPrinter().doprint(e))


def plain(e: Any) -> str:  # noqa: PLR0911  one kind a line
    """Plain text, as messages have it.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, H, l, n, i, ones
    >>> plain(A(l - 1)(i, n)), plain(H(l) * ones.T)
    ('A⁽ˡ⁻¹⁾_in', 'H⁽ˡ⁾ 1ᵀ')
    """
    if isinstance(e, Cell):
        return f"{plain(e.letter)}_{''.join(str(index).lstrip('_') for index in e.index)}"
    if isinstance(e, Layered):
        head = {"Delta": "Δ", "ones": "1", "slope": "σ′", r"\mathbb{Z}": "ℤ"}.get(e.stem, e.stem)
        return head if e.layer is None else f"{head}⁽{numbered(e.layer).translate(_RAISED)}⁾"
    if isinstance(e, sp.Transpose):
        inner = plain(e.arg)
        return f"{inner}ᵀ" if isinstance(e.arg, Layered) else f"({inner})ᵀ"
    if isinstance(e, sp.MatMul):
        return " ".join(
            f"({plain(a)})" if isinstance(a, sp.HadamardProduct | sp.MatAdd) else plain(a) for a in e.args
        )
    if isinstance(e, sp.HadamardProduct | Entrywise):
        return " ⊙ ".join(
            f"({plain(a)})" if isinstance(a, sp.MatMul) else plain(a) for a in sorted(e.args, key=_is_slope)
        )
    if isinstance(e, sp.MatAdd):
        return " + ".join(map(plain, e.args))
    if isinstance(e, At):
        return f"[{plain(e.args[0])}]_{''.join(map(str, e.args[1:]))}"
    if type(e).__name__ == "Partial":
        return f"∂J/∂{plain(e.args[1])}"
    if type(e).__name__ in {"Through", "Each", "Columns"}:
        return plain(e.args[0]) + (f" ∂{plain(e.args[1])}/∂{plain(e.args[2])}" if len(e.args) == 3 else "")
    return str(e)
