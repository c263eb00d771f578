r"""The letters that formulas are written in: W, b, x, z, a, δ, y, L, with symbolic sizes.

A letter is a SymPy ``MatrixSymbol`` whose name is the one that pages and widgets use: ``W`` in a network with
one layer, ``W2`` for layer 2 of several. Its shape is symbolic (``S_1 × S_0``), so that a formula holds for
every size; a network gives it entries. ``W(i, j)`` is one entry, numbered from 1 as in the text, and
``partial(L, W)`` or ``partial(L, W(i, j))`` a derivative, not carried out until a forward pass is at hand.
"""

from __future__ import annotations

import re
from typing import Any

import sympy as sp

from nnlib.shapes import require_convention

_GREEK = {"yhat": r"\hat{y}", "delta": r"\delta", "Delta": r"\Delta", "sigma": r"\sigma", "eta": r"\eta"}
_GREEK |= {f"new{stem}": rf"{stem}_{{\text{{new}}}}" for stem in "Wb"}  # after a step of gradient descent


def size(layer: int) -> sp.Symbol:
    """Sₗ, the number of units of layer l, as a positive integer symbol.

    Raises
    ------
    ValueError
        For what is no whole number from 0, the input.

    Examples
    --------
    >>> size(1)
    S_1
    """
    if not isinstance(layer, int) or layer < 0:
        raise ValueError(f"size({layer!r}): layers are numbered by whole numbers, from 0, the input")
    return sp.Symbol(f"S_{layer}", integer=True, positive=True)


class Letter(sp.MatrixSymbol):
    """A named matrix of symbolic size; ``W(i, j)`` is its entry in row i, column j, from 1.

    Examples
    --------
    >>> (W,) = letters("W")
    >>> W.shape, W(1, 2).index
    ((S_1, S_0), (1, 2))
    """

    def __call__(self, *index: Any) -> Entry:
        """One entry, by its row and column (a column vector: its row), from 1."""
        return Entry(self, *map(sp.sympify, index))

    @property
    def stem(self) -> str:
        """The letter without its layer's number, ``W`` of ``W2``."""
        return _split(self.name)[0]

    @property
    def layer(self) -> int | None:
        """The layer's number, or None in a network with one layer."""
        return _split(self.name)[1]

    @property
    def length(self) -> sp.Expr:
        """How many entries a column or a row has."""
        return self.shape[1] if self.is_row else self.shape[0]

    @property
    def is_row(self) -> bool:
        """Whether it has one row, and as many columns as a layer has units."""
        return bool(self.shape[0] == 1)


class Entry(sp.Expr):
    """One entry of a letter: ``args`` are the letter and its indices (one for a vector), from 1."""

    is_commutative = True
    is_real = True

    def __new__(cls, letter: Letter, *index: sp.Expr) -> Entry:
        """Refuse a wrong number of indices."""
        expected = len([n for n in letter.shape if n != 1])
        if len(index) != expected:
            raise ValueError(f"{letter.name} takes {expected} indices, from 1; got {len(index)}")
        return sp.Expr.__new__(cls, letter, *index)

    @property
    def letter(self) -> Letter:
        """Whose entry this is."""
        return self.args[0]

    @property
    def index(self) -> tuple[sp.Expr, ...]:
        """Its indices, from 1."""
        return self.args[1:]


class PartialEntry(sp.Expr):
    """∂of/∂by, where both are scalars: entries, or the loss L."""

    is_commutative = True


class Partial(sp.MatrixExpr):
    """∂L/∂W for a scalar L: the matrix of its derivatives, arranged as W is."""

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """The shape of what it is taken by."""
        return self.args[1].shape


class Jacobian(sp.MatrixExpr):
    """∂z/∂x for vectors z and x, columns or rows: row i, column j holds ∂z_i/∂x_j."""

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """Entries of ``of`` × entries of ``by``."""
        return self.args[0].length, self.args[1].length


class Column(sp.MatrixExpr):
    """Column j of a matrix, S × 1, from 1: all that unit j listens with, in the row convention.

    Examples
    --------
    >>> (W,) = letters("W1", convention="row")
    >>> Column(W, 2).shape
    (S_0, 1)
    """

    def __new__(cls, matrix: sp.MatrixExpr, number: Any) -> Column:
        """Take a number or an index symbol."""
        return sp.MatrixExpr.__new__(cls, matrix, sp.sympify(number))

    @property
    def shape(self) -> tuple[sp.Expr, sp.Expr]:
        """As many rows as the matrix has."""
        return self.args[0].shape[0], sp.Integer(1)


def partial(of: Letter | Entry, by: Letter | Entry) -> Partial | PartialEntry | Jacobian:
    """The derivative of one letter or entry by another, not yet carried out.

    ``partial(L, W)`` is the matrix ∂L/∂W, ``partial(L, W(i, j))`` and ``partial(z(i), W(i, j))`` are scalars,
    ``partial(z, x)`` is a Jacobian.

    Raises
    ------
    ValueError
        For a matrix by a matrix, which would need four indices: name the entries.

    Examples
    --------
    >>> L, W, z = letters("L W z")
    >>> partial(L, W).shape
    (S_1, S_0)
    >>> partial(z, W)
    Traceback (most recent call last):
    ValueError: partial(z, W) would have four indices: name the entries, as in partial(z(i), W(i, j))
    """
    if isinstance(by, Entry):
        return PartialEntry(of, by)
    if isinstance(of, Letter) and of.shape == (1, 1):
        return Partial(of, by)
    if isinstance(of, Letter) and 1 in of.shape and 1 in by.shape:
        return Jacobian(of, by)
    name = getattr(of, "name", of)
    raise ValueError(
        f"partial({name}, {by.name}) would have four indices: name the entries, as in "
        f"partial({name}(i), {by.name}(i, j))"
    )


def letters(names: str, convention: str = "column") -> tuple[Letter, ...]:
    """Letters by their names, with their shapes in a convention, for one data point.

    ``W`` is S₁ × S₀ and ``W2`` is S₂ × S₁; ``x`` has S₀ rows; ``b z a delta c y f g h`` are columns of
    the layer's size, ``L`` is a single number. In the row convention every shape is the other way round.

    Parameters
    ----------
    names : str
        With blanks between them.
    convention : str
        ``"column"`` or ``"row"``.

    Raises
    ------
    ValueError
        For an unknown convention, or what is no letter; for ``W0``, since the input has no weights.

    Examples
    --------
    >>> W, x, b = letters("W x b")
    >>> (W * x + b).shape
    (S_1, 1)
    >>> letters("W2")[0].shape
    (S_2, S_1)
    >>> W, x, b = letters("W x b", convention="row")
    >>> (x * W + b).shape
    (1, S_1)
    """
    require_convention(convention)
    turn = -1 if convention == "row" else 1
    return tuple(Letter(name, *_shape(name)[::turn]) for name in names.split())


def _split(name: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"([A-Za-z_]+?)(\d*)", name)
    if match is None:
        raise ValueError(f"{name!r} is no letter; write a name and, if need be, its layer: W, delta, W2")
    return match[1], int(match[2]) if match[2] else None


def _shape(name: str) -> tuple[Any, Any]:
    stem, layer = _split(name)
    l = 1 if layer is None else layer
    if stem == "L":
        return 1, 1
    if name == "W0":
        raise ValueError("W0 is no letter: layer 0 is the input, and weights begin with layer 1")
    if stem == "x":
        return size(0), 1
    return (size(l), size(l - 1)) if stem == "W" else (size(l), 1)


def with_raised_layer(name: str) -> str:
    """A symbol's name in plain text, with its layer's number raised.

    >>> with_raised_layer("W^{(2)}_{11}")
    'W⁽²⁾_{11}'
    """
    digits = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    return re.sub(r"\^\{\((\d+)\)\}", lambda found: f"⁽{found[1].translate(digits)}⁾", name)


def latex_of_name(name: str) -> str:
    r"""``delta2`` as ``\delta^{(2)}``: Greek letters, and the layer's number in brackets above."""
    stem, layer = _split(name)
    head = _GREEK.get(stem, stem)
    return head if layer is None else f"{head}^{{({layer})}}"
