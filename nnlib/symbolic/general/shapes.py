"""Shapes with symbolic sizes: what fits for every size, and what does not.

Two sizes fit only if they are the same symbol. That S_l and N might be equal by chance saves no formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import sympy as sp

from nnlib.shapes import ShapeError
from nnlib.symbolic.general.letters import At, Cell, Each, Entrywise, Layered, SquaredColumn, Through
from nnlib.symbolic.general.printing import plain

Ranges = dict[sp.Symbol, sp.Expr]


def require_shapes(e: Any) -> None:
    """Refuse sums, products and entrywise products of matrices that do not fit for every size.

    Raises
    ------
    ShapeError
        The message names both parts and their shapes.

    Examples
    --------
    >>> from nnlib.symbolic.general import H, l, ones
    >>> require_shapes(H(l) * ones)
    >>> require_shapes(H(l) * ones.T)
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: H⁽ˡ⁾ is S_l × N, 1ᵀ is 1 × N: they are no product
    """
    for part in sp.preorder_traversal(e):
        if isinstance(part, sp.MatMul):
            matrices = [factor for factor in part.args if isinstance(factor, sp.MatrixExpr)]
            for one, other in pairwise(matrices):
                if one.shape[1] != other.shape[0]:
                    raise ShapeError(f"{_named(one)}, {_named(other)}: they are no product")
        if isinstance(part, sp.HadamardProduct | Entrywise | sp.MatAdd):
            kind = "sum" if isinstance(part, sp.MatAdd) else "entrywise product"
            for other in part.args[1:]:
                if other.shape != part.args[0].shape:
                    raise ShapeError(f"{_named(part.args[0])}, {_named(other)}: they have no {kind}")
        if isinstance(part, Through) and part.args[0].shape != part.args[1].shape:
            raise ShapeError(
                f"{_named(part.args[0])}, {_named(part.args[1])}: they are not summed over the same"
            )
        if isinstance(part, Each) and part.args[0].shape[1] != 1:
            raise ShapeError(f"{_named(part.args[0])}: it is no column")


def ranges_of(*expressions: Any) -> Ranges:
    """For each index, how far it runs; a sum's index is known by its limit.

    Raises
    ------
    ShapeError
        Where one index would have to run over two sizes.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, i, j, l, W
    >>> ranges_of(W(l)(i, j))
    {i: S_l, j: S_{l-1}}
    >>> ranges_of(W(l)(i, j) * A(l)(j, i))
    Traceback (most recent call last):
    nnlib.shapes.ShapeError: the index i runs to N in A⁽ˡ⁾_ji, to S_l in W⁽ˡ⁾_ij
    """
    found: Ranges = {}
    places: dict[sp.Symbol, str] = {}
    for e in expressions:
        for index, size, where in _uses(e):
            if index.is_Symbol and found.setdefault(index, size) != size:
                name, first = str(index).lstrip("_"), places[index]
                raise ShapeError(f"the index {name} runs to {found[index]} in {first}, to {size} in {where}")
            places.setdefault(index, where)
    return {index: size for index, size in found.items() if not isinstance(index, sp.Dummy)}


def ranges_among(*expressions: Any) -> Ranges:
    """How far each index runs, by the first expression that tells: indices of a δ tell nothing.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, delta, i, k, l, W
    >>> ranges_among(delta(i, k), W(l)(k, i))
    {k: S_l, i: S_{l-1}}
    """
    found: Ranges = {}
    for e in expressions:
        found = {**ranges_of(e), **found}
    return found


def _uses(e: Any) -> Iterator[tuple[Any, sp.Expr, str]]:  # noqa: C901  one kind a line
    if isinstance(e, sp.Sum):
        own = {index: sp.Dummy(index.name, integer=True) for index, *_ in e.limits}
        for index, _, size in e.limits:
            yield own[index], size, "its sum"
        yield from _uses(e.function.xreplace(own))
        return
    if isinstance(e, Cell):
        sizes = [size for size in e.letter.shape if size != 1] if e.letter.shape != (1, 1) else []
        for index, size in zip(e.index, sizes, strict=True):
            yield index, size, plain(e)
    if isinstance(e, At):
        require_shapes(e.args[0])
        for index, size in zip(e.args[1:], e.args[0].shape, strict=True):
            yield index, size, plain(e)
    if isinstance(e, SquaredColumn):
        require_shapes(e.args[0])
        yield e.args[1], e.args[0].shape[1], plain(e.args[0])
    if isinstance(e, sp.Basic) and not isinstance(e, Layered):
        for part in e.args:
            if not isinstance(part, sp.Tuple):
                yield from _uses(part)


def _named(e: Any) -> str:
    return f"{plain(e)} is {plain(e.shape[0])} × {plain(e.shape[1])}"
