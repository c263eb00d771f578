r"""The letters of the general network: W^(l), A^(l−1), Δ^(l), whose layer and whose sizes are symbols.

No size is a number here: W^(l) is S_l × S_{l−1}, A^(l) is S_l × N, a data point a column. An entry takes its
indices from 1, as in ``W(l)(i, j)``; ``total`` sums over an index, ``At`` is an entry of a product, and
``Through`` the product with a derivative that has four indices.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from nnlib.symbolic.letters import Partial, PartialEntry

__all__ = [
    "A", "Act", "At", "Cell", "Columns", "Delta", "Diff", "Each", "Entrywise", "H", "J", "L", "Layered",
    "LossOf", "N", "S", "SquaredColumn", "T", "Through", "Total", "W", "X", "Z", "b", "by_entry", "by_matrix",
    "delta", "i", "j", "k", "k1", "l", "letter", "m", "n", "n1", "numbered", "ones", "q", "slope", "total",
    "value",
]  # fmt: skip

L, l = sp.symbols("L l", integer=True, positive=True)
N = sp.Symbol("N", integer=True, positive=True)
i, j, k, m, n, q = sp.symbols("i j k m n q", integer=True)
k1, n1 = sp.symbols("k' n'", integer=True)


def numbered(layer: Any) -> str:
    """A layer's number as text: ``l-1``.

    >>> numbered(l - 1)
    'l-1'
    """
    return str(layer).replace(" ", "")


def S(layer: Any) -> sp.Symbol:  # noqa: N802  as in the text
    """S_l, the number of units of a layer.

    >>> S(l - 1)
    S_{l-1}
    """
    text = numbered(layer)
    return sp.Symbol(f"S_{text}" if len(text) == 1 else f"S_{{{text}}}", integer=True, positive=True)


_known: dict[str, tuple[str, Any]] = {}


class Layered(sp.MatrixSymbol):
    """A matrix of the general network; ``W(l)(i, j)`` is one entry.

    Attributes
    ----------
    stem : str
        ``W``, ``b``, ``Z``, ``A``, ``Delta``, ``H``, ``slope``; or ``T``, ``J``, without a layer.
    layer : expression or None

    Examples
    --------
    >>> W(l).shape, W(l).layer, W(l)(i, j)
    ((S_l, S_{l-1}), l, W^{(l)}(i, j))
    """

    def __call__(self, *index: Any) -> Cell:
        """One entry, by its row and its column (a column vector: its row)."""
        return Cell(self, *index)

    @property
    def stem(self) -> str:
        """The letter without its layer."""
        return _known[self.name][0]

    @property
    def layer(self) -> Any:
        """The layer, or None."""
        return _known[self.name][1]


def is_letter(name: str) -> bool:
    """Whether a letter of that name has been made."""
    return name in _known


def letter(stem: str, layer: Any, rows: Any, columns: Any) -> Layered:
    """A letter of any name and shape."""
    name = stem if layer is None else f"{stem}^{{({numbered(layer)})}}"
    _known[name] = (stem, None if layer is None else sp.sympify(layer))
    return Layered(name, rows, columns)


def W(layer: Any) -> Layered:  # noqa: N802
    """The weights of a layer, S_l × S_{l−1}."""
    return letter("W", layer, S(layer), S(layer - 1))


def b(layer: Any) -> Layered:
    """The bias of a layer, S_l × 1."""
    return letter("b", layer, S(layer), sp.S.One)


def _of_the_data(stem: str) -> Any:
    def make(layer: Any) -> Layered:
        return letter(stem, layer, S(layer), N)

    make.__name__ = stem
    make.__doc__ = f"{stem} of a layer, S_l × N: a column for each data point."
    return make


Z, A, Delta, H = map(_of_the_data, ("Z", "A", "Delta", "H"))
slope = _of_the_data("slope")  # σ_l′(Z^(l)), entry by entry
value = _of_the_data("value")  # σ_l as a quantity: what it gives, entry by entry
X = letter("X", None, S(sp.S.Zero), N)
J = letter("J", None, sp.S.One, sp.S.One)
ones = letter("ones", None, N, sp.S.One)  # the column of N ones, J_N in Wichmann's note


def T(layer: Any = L) -> Layered:  # noqa: N802
    """The targets, S_L × N."""
    return letter("T", None, S(layer), N)


class Cell(sp.Expr):
    """One entry of a letter: ``args`` are the letter and its indices, from 1."""

    is_commutative = True
    is_real = True

    def __new__(cls, matrix: Layered, *index: Any) -> Cell:
        """Refuse a wrong number of indices."""
        if len(index) != sum(size != 1 for size in matrix.shape):
            raise ValueError(f"{matrix.name} takes another number of indices than {index}")
        return sp.Expr.__new__(cls, matrix, *map(sp.sympify, index))

    @property
    def letter(self) -> Layered:
        """Whose entry this is."""
        return self.args[0]

    @property
    def index(self) -> tuple[sp.Expr, ...]:
        """Its indices, from 1."""
        return self.args[1:]

    def _sympystr(self, printer: Any) -> str:
        if hasattr(printer, "_print_Cell"):  # the book's own Python text
            return str(printer._print_Cell(self))
        return f"{self.letter.name}({', '.join(map(printer._print, self.index))})"


class At(sp.Expr):
    """The entry of a matrix expression in row ``args[1]``, column ``args[2]``."""

    is_commutative = True


class Diff(sp.Expr):
    """∂/∂by of an expression: ``args`` are what is differentiated and by which entry."""

    is_commutative = True


class Entrywise(sp.MatrixExpr):
    """⊙ of matrices that need not fit, as a note may write it."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the first."""
        return self.args[0].shape


class Each(sp.MatrixExpr):
    """A column added to every column of a matrix: the shorthand ``+ b``; its shape is S_l × N."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows of the column × N."""
        return self.args[0].shape[0], N


class Act(sp.MatrixExpr):
    """σ_l of a matrix, entry by entry: ``args`` are the layer and the matrix."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the matrix."""
        return self.args[1].shape


class Columns(sp.MatrixExpr):
    """A matrix written by its columns, such as (t_1 … t_N); it is the matrix."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the matrix."""
        return self.args[0].shape


class Through(sp.MatrixExpr):
    r"""M · ∂Z/∂W: M, ``of`` and ``by``, summed over both indices that M and ``of`` share.

    Its entry (i, j) is \sum_{kn} M_{kn} ∂of_{kn}/∂by_{ij}.
    """

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of what is differentiated by."""
        return self.args[2].shape


class SquaredColumn(sp.Expr):
    """‖·‖² of one column of a matrix: ``args`` are the matrix and the column's number."""

    is_commutative = True


class LossOf(sp.Expr):
    """J(T, A): some number computed from two matrices."""

    is_commutative = True


class Total(sp.Sum):
    """A sum over indices, as ``total`` makes it; the last limit is the outermost."""


def total(summand: Any, *ranges: tuple[sp.Symbol, sp.Expr]) -> Total:
    """The sum over indices from 1, the outermost first: ``total(e, (k, S(l)), (n, N))``.

    Examples
    --------
    >>> total(H(l)(i, n), (n, N))
    Sum(H^{(l)}(i, n), (n, 1, N))
    """
    return Total(summand, *((index, 1, size) for index, size in reversed(ranges)))


def delta(one: sp.Symbol, other: sp.Symbol) -> sp.Expr:
    """Kronecker's δ: 1 where the two indices are equal, 0 elsewhere."""
    return sp.KroneckerDelta(one, other)


def by_entry(of: Any, by: Cell) -> PartialEntry:
    """∂of/∂by, not yet carried out."""
    return PartialEntry(of, by)


def by_matrix(by: Layered) -> Partial:
    """∂J/∂by, arranged as ``by`` is."""
    return Partial(J, by)
