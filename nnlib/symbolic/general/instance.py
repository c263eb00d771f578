"""The general network at sizes that are numbers, all different: a second opinion, and counterexamples.

Nothing is shared with the normal form: here every entry is written out, J is an undefined function of all
entries of the output, and SymPy differentiates the pass as a whole, without any chain rule of ours.
"""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array
from nnlib.shapes import ShapeError
from nnlib.symbolic.general import letters as g
from nnlib.symbolic.general.network import General, _free, _sigma
from nnlib.symbolic.general.printing import plain
from nnlib.symbolic.general.shapes import ranges_among, ranges_of
from nnlib.symbolic.letters import Partial, PartialEntry
from nnlib.symbolic.undefined import derivative, undefined_function

# By the number of layers, the first, whose A is given, included: their sizes, and the number of data points.
_SMALL = {2: ((3, 2), 4), 3: ((3, 2, 4), 5)}

Indices = dict[sp.Symbol, int]


class Instance:
    """A general network at small sizes.

    Parameters
    ----------
    general : General
    sizes : tuple of int, optional
        Of its layers; all different from each other and from ``points`` unless said otherwise.

    Examples
    --------
    >>> from nnlib.symbolic.general import General, H, l, ones
    >>> instance = Instance(General(l - 1, l))
    >>> instance.sizes, instance.array(H(l) * ones).shape
    ((3, 2), (2, 1))
    """

    network = None
    steps = ()

    def __init__(
        self, general: General, sizes: tuple[int, ...] | None = None, points: int | None = None
    ) -> None:
        small, number = _SMALL[len(general.layers)]
        self.general, self.sizes, self.points = general, sizes or small, points or number
        self._size = {g.S(layer): rows for layer, rows in zip(general.layers, self.sizes, strict=True)}
        self._size |= {g.N: self.points, sp.S.One: 1}
        self._leaves = {
            letter: self._symbols(letter)
            for letter in (*self._parameters(), g.A(general.bottom), g.T(general.top), *general.names)
        }
        if general.sums_to_one:
            targets = self._leaves[g.T(general.top)]
            targets[-1] = [1 - sum(column[:-1]) for column in targets.T]
        self._leaves[g.ones] = np.full((self.points, 1), sp.S.One, dtype=object)
        self._values = self._run({})
        self._known: dict[Any, Array] = {}
        self._cuts: dict[Any, Any] = {}
        self.kept: dict[Any, Array] = {}

    @property
    def said(self) -> str:
        """Such as ``S_{l-1} = 3, S_l = 2, N = 4``."""
        layers = ", ".join(
            f"{g.S(layer)} = {rows}" for layer, rows in zip(self.general.layers, self.sizes, strict=True)
        )
        return f"{layers}, N = {self.points}"

    def array(self, e: Any, ranges: dict[sp.Symbol, sp.Expr] | None = None) -> Array:
        """The entries of a matrix, or of an expression over its free indices, in the order of the ranges."""
        if isinstance(e, sp.MatrixExpr):
            return self._matrix(e, self._values)
        if ranges is None:
            found = ranges_of(e)
            ranges = {index: found[index] for index in free_indices(e)}
        indices, counts = list(ranges), [self._count(size) for size in ranges.values()]
        result = np.empty((*counts, 1) if len(counts) < 2 else tuple(counts), dtype=object)
        flat = [self._scalar(e, at, self._values) for at in self._all(indices, counts)]
        result.ravel()[:] = flat
        return result if counts else result.reshape(1, 1)

    def some(self, e: Any, ranges: dict[sp.Symbol, sp.Expr], count: int = 3) -> list[Any]:
        """A few entries of an expression, at places drawn once and for all."""
        places = self._all(list(ranges), [self._count(size) for size in ranges.values()])
        drawn = random.Random(0).sample(places, min(count, len(places)))  # noqa: S311  nothing secret here
        return [self._scalar(e, at, self._values) for at in drawn]

    # ---- the pass --------------------------------------------------------------------------------------

    def _parameters(self) -> list[Any]:
        return [letter(layer) for layer in self.general.layers[1:] for letter in (g.W, g.b)]

    def _symbols(self, letter: Any) -> Array:
        rows, columns = (self._count(size) for size in letter.shape)
        array = np.empty((rows, columns), dtype=object)
        for r, c in np.ndindex(rows, columns):
            index = f"{r + 1}" if columns == 1 else f"{r + 1}{c + 1}"
            array[r, c] = sp.Symbol(f"{letter.name}_{{{index}}}", real=True)
        return array

    def _run(self, cut: dict[Any, Array]) -> dict[Any, Array]:
        """Forward, from the input or from what it is cut at."""
        values = {**self._leaves, **cut}
        for layer in self.general.layers[1:]:
            if g.Z(layer) not in cut:
                fed = values[g.W(layer)] @ values[g.A(layer - 1)]
                values[g.Z(layer)] = fed + values[g.b(layer)] @ values[g.ones].T
            z = values[g.Z(layer)]
            if g.A(layer) not in cut:
                values[g.A(layer)] = self._bent(layer, z)
            if not (self.general.softmax and layer == self.general.top):
                values[g.slope(layer)] = _each(derivative(_sigma(layer)), z)
        values[g.J] = np.array([[self._loss(values)]], dtype=object)
        return values

    def _bent(self, layer: Any, z: Array) -> Array:
        if self.general.softmax and layer == self.general.top:
            powers = _each(sp.exp, z)
            return powers / powers.sum(axis=0, keepdims=True)
        return _each(_sigma(layer), z)

    def _loss(self, values: dict[Any, Array]) -> Any:
        output = values[g.A(self.general.top)]
        if self.general.loss is None:
            return undefined_function("J", output.size)(*output.ravel())
        return self._scalar(self.general.loss, {}, values)

    # ---- expressions -----------------------------------------------------------------------------------

    def _count(self, size: Any) -> int:
        if size not in self._size:
            raise ShapeError(f"no layer here has size {size}")
        return self._size[size]

    def _all(self, indices: Any, counts: Any) -> list[Indices]:
        places = product(*(range(1, count + 1) for count in counts))
        return [dict(zip(indices, place, strict=True)) for place in places]

    def _value(self, letter: Any, values: dict[Any, Array]) -> Array:
        if letter in values:
            return values[letter]
        if letter == g.X:
            return values[g.A(sp.S.Zero)]
        if letter.stem == "value":
            return values[g.A(letter.layer)]
        if letter.stem == "H":
            return self._value(g.Delta(letter.layer), values) * values[g.slope(letter.layer)]
        if letter.stem == "Delta" and letter.layer == self.general.top:
            return self._derivatives(g.J, g.A(letter.layer))[0, 0]
        if letter.stem == "Delta" and letter.layer in self.general.layers:
            above = letter.layer + 1
            return values[g.W(above)].T @ self._value(g.H(above), values)
        raise KeyError(f"the network has no quantity {plain(letter)}")

    def _derivatives(self, of: Any, by: Any) -> Array:
        """∂of/∂by, of.shape + by.shape, of the pass cut at ``by``."""
        if (of, by) not in self._known:
            by_values = self._value(by, self._values)
            fresh = self._fresh(by, by_values.shape)
            of_values = self._value(of, self._run({by: fresh}))
            put_in = dict(zip(fresh.ravel(), by_values.ravel(), strict=True))
            result = np.empty(of_values.shape + fresh.shape, dtype=object)
            for place, spot in product(np.ndindex(*of_values.shape), np.ndindex(*fresh.shape)):
                result[place + spot] = sp.diff(of_values[place], fresh[spot]).xreplace(put_in)
            self._known[of, by] = result
        return self._known[of, by]

    def _fresh(self, by: Any, shape: tuple[int, ...]) -> Array:
        array = np.empty(shape, dtype=object)
        for place in np.ndindex(*shape):
            array[place] = sp.Dummy(f"{by.name}{place}", real=True)
        return array

    def _scalar(self, e: Any, at: Indices, values: dict[Any, Array]) -> Any:  # noqa: PLR0911  one kind a line
        if isinstance(e, g.Cell):
            return self._value(e.letter, values)[self._place(e.letter, e.index, at)]
        if isinstance(e, PartialEntry) and isinstance(e.args[0], g.Cell | g.Layered):
            return self._partial(e.args[0], e.args[1], at)
        if isinstance(e, PartialEntry | g.Diff):
            return self._of_expression(e.args[0], e.args[1], at)
        if isinstance(e, g.At):
            return self._matrix(e.args[0], values)[tuple(_number(index, at) - 1 for index in e.args[1:])]
        if isinstance(e, sp.Sum):
            indices = [limit[0] for limit in e.limits]
            counts = [self._count(limit[2]) for limit in e.limits]
            return sp.Add(
                *(self._scalar(e.function, {**at, **inner}, values) for inner in self._all(indices, counts))
            )
        if isinstance(e, g.SquaredColumn):
            column = self._matrix(e.args[0], values)[:, _number(e.args[1], at) - 1]
            return sp.Add(*(entry**2 for entry in column))
        if isinstance(e, sp.KroneckerDelta):
            return sp.Integer(_number(e.args[0], at) == _number(e.args[1], at))
        if e == g.J:
            return values[g.J][0, 0]
        if e.is_Symbol:
            return sp.Integer(at[e]) if e in at else sp.Integer(self._count(e))
        return e.func(*(self._scalar(part, at, values) for part in e.args)) if e.args else e

    def _partial(self, of: Any, by: Any, at: Indices) -> Any:
        letter = of if isinstance(of, g.Layered) else of.letter
        first = (0, 0) if letter == of else self._place(letter, of.index, at)
        by_letter = g.A(by.letter.layer) if by.letter.stem == "value" else by.letter
        by_letter = g.A(sp.S.Zero) if by_letter == g.X else by_letter
        return self._derivatives(letter, by_letter)[first + self._place(by_letter, by.index, at)]

    def _of_expression(self, of: Any, by: Any, at: Indices) -> Any:
        if by.letter == g.X:
            by = g.A(sp.S.Zero)(*by.index)
        if by.letter not in self._cuts:
            values = self._value(by.letter, self._values)
            fresh = self._fresh(by.letter, values.shape)
            put_in = dict(zip(fresh.ravel(), values.ravel(), strict=True))
            self._cuts[by.letter] = fresh, put_in, self._run({by.letter: fresh})
        fresh, put_in, rest = self._cuts[by.letter]
        written = self._scalar(of, at, rest)
        return sp.diff(written, fresh[self._place(by.letter, by.index, at)]).xreplace(put_in)

    def _place(self, letter: Any, index: Any, at: Indices) -> tuple[int, int]:
        numbers = iter(_number(place, at) - 1 for place in index)
        row, column = (next(numbers) if size != 1 else 0 for size in letter.shape)
        return row, column

    def _matrix(self, e: Any, values: dict[Any, Array]) -> Array:  # noqa: C901, PLR0911  one kind a line
        if isinstance(e, g.Layered):
            return self._value(e, values)
        if isinstance(e, sp.Transpose):
            return self._matrix(e.arg, values).T
        if isinstance(e, sp.MatMul):
            scale, parts = e.as_coeff_matrices()
            result = self._matrix(parts[0], values)
            for part in parts[1:]:
                result = result @ self._matrix(part, values)
            return self._scalar(scale, {}, values) * result
        if isinstance(e, sp.MatAdd | sp.HadamardProduct | g.Entrywise):
            result, *others = (self._matrix(part, values) for part in e.args)
            for other in others:
                result = result + other if isinstance(e, sp.MatAdd) else result * other
            return result
        if isinstance(e, Partial):
            return self._derivatives(e.args[0], e.args[1])[0, 0]
        if isinstance(e, g.Each):
            return self._matrix(e.args[0], values) @ values[g.ones].T
        if isinstance(e, g.Columns):
            return self._matrix(e.args[0], values)
        if isinstance(e, g.Act):
            return _each(_sigma(e.args[0]), self._matrix(e.args[1], values))
        if isinstance(e, g.Through):
            matrix, of, by = e.args
            return np.einsum("kn,knij->ij", self._matrix(matrix, values), self._derivatives(of, by))
        raise TypeError(f"{e} has no entries here")


def _each(function: Any, array: Array) -> Array:
    return np.frompyfunc(function, 1, 1)(array)


def _number(index: Any, at: Indices) -> int:
    return int(at[index]) if index in at else int(index)


def free_indices(*expressions: Any) -> tuple[sp.Symbol, ...]:
    """The free indices, in the order in which they occur.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, H, i, j, l, n, N, total
    >>> free_indices(total(H(l)(i, n) * A(l - 1)(j, n), (n, N)))
    (j, i)
    """
    return tuple(dict.fromkeys(index for e in expressions for index in _free(e)))


class AtSizes:
    """An instance, and a claim's free indices with their ranges: where its formulas have entries.

    Examples
    --------
    >>> from nnlib.symbolic.general import General, H, i, l, n
    >>> AtSizes(Instance(General(l - 1, l)), H(l)(i, n)).array(H(l)(i, n)).shape
    (2, 4)
    """

    def __init__(self, instance: Instance, *sides: Any) -> None:
        self.instance = instance
        ranges = ranges_among(*sides)
        self.ranges = {index: ranges[index] for index in free_indices(*sides)}

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the layers."""
        return self.instance.sizes

    @property
    def general(self) -> General:
        """The network at symbolic sizes."""
        return self.instance.general

    def array(self, e: Any) -> Array:
        """The entries of an expression; those that were asked for before are kept."""
        key = e if isinstance(e, sp.MatrixExpr) else (e, tuple(self.ranges.items()))
        kept = self.instance.kept
        if key not in kept:
            kept[key] = self.instance.array(e, self.ranges)
        return kept[key]
