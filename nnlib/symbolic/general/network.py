r"""The general network: layers and sizes are symbols, and so is the number of data points.

``General(l - 1, l)`` is any network, seen from layer l: what comes before has made A^(l−1), what comes
after makes *some* differentiable J of A^(l). More layers may be looked at one by one:
``General(l - 2, l - 1, l)``.

Derivatives are SymPy's. The chain rule for J, a function of all entries of A^(l), is taken as known:
∂J/∂θ = Σ_kn ∂J/∂A_kn^(l) ∂A_kn^(l)/∂θ; so SymPy differentiates Σ_kn Δ_kn σ_l(Z_kn(θ)) with Δ held fixed,
one layer a step.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from nnlib.symbolic.forward_pass import Side
from nnlib.symbolic.general import letters as g
from nnlib.symbolic.general.normal import NormalForm, Terms, same
from nnlib.symbolic.general.printing import plain
from nnlib.symbolic.general.shapes import ranges_of, require_shapes
from nnlib.symbolic.letters import Partial, PartialEntry
from nnlib.symbolic.prove import Undecided
from nnlib.symbolic.undefined import Undefined, undefined_function

_PLACES = sp.symbols("row column", integer=True)


class General:
    """Layers of a network of symbolic sizes, and the loss behind them.

    Parameters
    ----------
    *layers : expression
        Consecutive layers, the first of which gives the input: ``l - 1, l``.
    loss : expression, optional
        J in terms of the last layer's A and of T; else some differentiable function of A.
    activation : str
        ``element-wise``: some differentiable σ_l of each layer; ``softmax``: of the last, down each column.
    sums_to_one : bool
        Whether the targets of each data point add up to 1.
    names : tuple
        Further letters that stand for themselves.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, General, H, J, N, W, i, j, l, n, total
    >>> general = General(l - 1, l)
    >>> gradient = total(H(l)(i, n) * A(l - 1)(j, n), (n, N))
    >>> general.equal(general.diff(J, W(l)(i, j)).expression, gradient)
    True
    """

    def __init__(
        self,
        *layers: Any,
        loss: Any = None,
        activation: str = "element-wise",
        sums_to_one: bool = False,
        names: tuple[Any, ...] = (),
    ) -> None:
        self.layers = tuple(map(sp.sympify, layers))
        if any(sp.expand(above - below) != 1 for below, above in zip(self.layers, self.layers[1:])):  # noqa: B905
            raise ValueError(f"layers {layers} do not follow each other")
        self.loss, self.softmax, self.sums_to_one = loss, activation == "softmax", sums_to_one
        self.names = names
        self._known: dict[Any, Any] = {}

    @property
    def bottom(self) -> Any:
        """The first layer, whose A is given."""
        return self.layers[0]

    @property
    def top(self) -> Any:
        """The last layer looked at."""
        return self.layers[-1]

    def diff(self, of: Any, by: Any) -> Side:
        """∂of/∂by as one side of a claim: an entry by an entry, or J by a matrix."""
        return self.of(g.by_entry(of, by) if isinstance(by, g.Cell) else g.by_matrix(by))

    def of(self, expression: Any) -> Side:
        """An expression that holds derivatives, to be taken from this network."""
        return Side(expression, self)  # type: ignore[arg-type]

    # ---- normal forms ----------------------------------------------------------------------------------

    def equal(self, left: Any, right: Any) -> bool:
        """Whether two expressions have one normal form: then they are equal at all sizes."""
        ranges = ranges_of(left, right)
        return same(self.normal(left, ranges), self.normal(right, ranges))

    def denominators(self, e: Any) -> tuple[Any, ...]:
        """What an expression divides by, but for sizes: a proof takes it to be non-zero."""
        found = {
            part.base
            for part in self.indexed(e).atoms(sp.Pow)
            if part.exp.is_negative and part.has(sp.Indexed)
        }
        return tuple(sorted((_lettered(base) for base in found), key=str))

    def normal(self, e: Any, ranges: Any = None, opaque: bool = False) -> Terms:
        """The normal form; of a matrix, that of its entry in a row and a column."""
        ranges = dict(ranges if ranges is not None else ranges_of(e))
        if isinstance(e, sp.MatrixExpr):
            require_shapes(e)
            ranges_of(e)
            ranges |= dict(zip(_PLACES, e.shape, strict=True))
            e = self._entry(e, _PLACES[0], _PLACES[1], opaque)
        else:
            e = self._indexed(e, opaque)
        form = NormalForm(ranges, (_atom("T", None),) if self.sums_to_one else ())
        return form(self._letters_of_softmax(e) if self.softmax else e)

    def indexed(self, e: Any) -> Any:
        """An expression in indexed symbols, its derivatives carried out."""
        return self._indexed(e, opaque=False)

    # ---- letters as indexed symbols --------------------------------------------------------------------

    def _indexed(self, e: Any, opaque: bool) -> Any:  # noqa: PLR0911  one kind a line
        if isinstance(e, g.Cell):
            return self._cell(e.letter, e.index, opaque)
        if isinstance(e, PartialEntry | g.Diff):
            if opaque:
                return sp.Function(f"d_{plain(e.args[0])}_{plain(e.args[1])}")(*_free(e))
            return self.derivative(*e.args)
        if isinstance(e, g.At):
            require_shapes(e.args[0])
            return self._entry(e.args[0], e.args[1], e.args[2], opaque)
        if isinstance(e, g.SquaredColumn):
            unit = sp.Dummy("k", integer=True)
            return sp.Sum(self._entry(e.args[0], unit, e.args[1], opaque) ** 2, (unit, 1, e.args[0].shape[0]))
        if e == g.J:
            if self.loss is None:
                raise Undecided("of J nothing is known but its derivatives")
            return self._indexed(self.loss, opaque)
        if not e.args or isinstance(e, sp.Tuple):
            return e
        if isinstance(
            e, sp.Sum
        ):  # its indices get names of their own: a derivative may be by an entry (k, n)
            fresh = {index: sp.Dummy(index.name, integer=True) for index, *_ in e.limits}
            inner = self._indexed(e.function.xreplace(fresh), opaque)
            return sp.Sum(inner, *((fresh[index], low, size) for index, low, size in e.limits))
        return e.func(*(self._indexed(part, opaque) for part in e.args))

    def _entry(self, e: Any, row: Any, column: Any, opaque: bool) -> Any:  # noqa: C901, PLR0911  one kind a line
        """The entry of a matrix expression."""
        if isinstance(e, g.Layered):
            places = [at for at, size in zip((row, column), e.shape, strict=True) if size != 1]
            return self._cell(e, tuple(places), opaque)
        if isinstance(e, sp.Transpose):
            return self._entry(e.arg, column, row, opaque)
        if isinstance(e, sp.MatAdd):
            return sp.Add(*(self._entry(part, row, column, opaque) for part in e.args))
        if isinstance(e, sp.HadamardProduct):
            return sp.Mul(*(self._entry(part, row, column, opaque) for part in e.args))
        if isinstance(e, sp.MatMul):
            return self._product(e, row, column, opaque)
        if isinstance(e, Partial):
            places = [at for at, size in zip((row, column), e.shape, strict=True) if size != 1]
            return self._indexed(PartialEntry(e.args[0], g.Cell(e.args[1], *places)), opaque)
        if isinstance(e, g.Each):
            return self._entry(e.args[0], row, sp.S.One, opaque)
        if isinstance(e, g.Columns):
            return self._entry(e.args[0], row, column, opaque)
        if isinstance(e, g.Act):
            return self._activated(e, row, column, opaque)
        if isinstance(e, g.Through):
            return self._through(e, row, column, opaque)
        raise Undecided(f"{e} has no entries here")

    def _product(self, e: Any, row: Any, column: Any, opaque: bool) -> Any:
        scale, (first, *others) = e.as_coeff_matrices()
        if not others:
            return scale * self._entry(first, row, column, opaque)
        between, size = sp.Dummy("k", integer=True), first.shape[1]
        rest = others[0] if len(others) == 1 else sp.MatMul(*others)
        if size == 1:
            return (
                scale
                * self._entry(first, row, sp.S.One, opaque)
                * self._entry(rest, sp.S.One, column, opaque)
            )
        inner = self._entry(first, row, between, opaque) * self._entry(rest, between, column, opaque)
        return scale * sp.Sum(inner, (between, 1, size))

    def _activated(self, e: Any, row: Any, column: Any, opaque: bool) -> Any:
        """σ_l of a matrix is A^(l) where the matrix is Z^(l), and something else otherwise."""
        layer, inside = e.args
        if self.normal(inside) == self.normal(g.Z(layer)):
            return self._cell(g.A(layer), (row, column), opaque)
        return sp.Function(f"sigma_{g.numbered(layer)}")(self._entry(inside, row, column, opaque))

    def _through(self, e: Any, row: Any, column: Any, opaque: bool) -> Any:
        matrix, of, by = e.args
        at = sp.symbols("k n", integer=True, cls=sp.Dummy)
        places = [p for p, size in zip((row, column), by.shape, strict=True) if size != 1]
        inner = self._entry(matrix, at[0], at[1], opaque) * self._indexed(
            g.by_entry(of(*at), by(*places)), opaque
        )
        return sp.Sum(inner, *((index, 1, size) for index, size in zip(at, of.shape, strict=True)))

    def _cell(self, letter: Any, index: Any, opaque: bool = False) -> Any:
        stem, layer = letter.stem, letter.layer
        if stem == "ones":
            return sp.S.One
        if stem == "J":
            return self._indexed(letter, opaque)
        if stem == "X":
            stem, layer = "A", sp.S.Zero
        if letter in self.names:
            return _atom(stem, layer)[index]
        self._require_known(letter, stem, layer)
        if opaque or stem in {"W", "b", "T"} or (stem in {"A", "slope", "value"}):
            return _atom("A" if stem == "value" else stem, layer)[index]
        if stem == "Z":
            return self._z(layer, *index)
        if stem == "H":
            return self._cell(g.Delta(layer), index) * self._cell(g.slope(layer), index)
        if layer == self.top:  # Δ: by definition of the last layer, by the induction hypothesis of any other
            return self.derivative(g.J, g.A(layer)(*index))
        unit = sp.Dummy("k", integer=True)  # Δ by the recursion
        fed = self._cell(g.W(layer + 1), (unit, index[0])) * self._cell(g.H(layer + 1), (unit, index[1]))
        return sp.Sum(fed, (unit, 1, g.S(layer + 1)))

    def _require_known(self, letter: Any, stem: str, layer: Any) -> None:
        """Every letter must be a quantity of this network."""
        if stem == "T" and layer is None:
            return
        if stem in {"W", "b", "Z", "slope", "H", "value"} and layer in self.layers[1:]:
            return
        if stem in {"A", "Delta"} and layer in self.layers:
            return
        raise KeyError(f"the network has no quantity {plain(letter)}")

    def _z(self, layer: Any, row: Any, column: Any) -> Any:
        unit = sp.Symbol("q_", integer=True)
        fed = _atom("W", layer)[row, unit] * _atom("A", layer - 1)[unit, column]
        return sp.Sum(fed, (unit, 1, g.S(layer - 1))) + _atom("b", layer)[row]

    # ---- derivatives -----------------------------------------------------------------------------------

    def derivative(self, of: Any, by: Any) -> Any:
        """∂of/∂by by SymPy's ``diff``; ``by`` is an entry."""
        if (of, by) not in self._known:
            self._known[of, by] = self._differentiated(of, by)
        return self._known[of, by]

    def _differentiated(self, of: Any, by: Any) -> Any:
        if not isinstance(by, g.Cell):
            raise KeyError(f"a derivative is taken by an entry, not by {by}")
        self._cell(by.letter, by.index)  # must exist
        letter = by.letter
        if letter.stem == "X":
            letter = g.A(sp.S.Zero)
        if letter.stem == "value":
            letter = g.A(letter.layer)
        variable = _atom(letter.stem, letter.layer)[by.index]
        if of == g.J:
            return self._of_loss(letter, variable)
        return self._folded(sp.diff(self._unrolled(of, letter), variable))

    def _of_loss(self, letter: Any, variable: Any) -> Any:
        layer = letter.layer
        if letter.stem == "A" and layer == self.top:
            if self.loss is None:
                return _atom("dJ", layer)[variable.indices]
            return sp.diff(self._indexed(self.loss, opaque=False), variable)
        if letter.stem not in {"A", "Z", "W", "b"}:
            raise KeyError(f"J is not differentiated by {plain(letter)}")
        behind = layer + 1 if letter.stem == "A" else layer  # the layer that the variable acts on first
        row, column = sp.symbols("k m", integer=True, cls=sp.Dummy)
        error = _atom("error", behind)  # ∂J/∂A of that layer, held fixed
        out = self._output(behind, row, column, cut=letter.stem == "Z")
        summed = sp.Sum(error[row, column] * out, (row, 1, g.S(behind)), (column, 1, g.N))
        return self._with_errors(self._folded(sp.diff(summed, variable)), error, behind)

    def _with_errors(self, e: Any, error: Any, layer: Any) -> Any:
        """Put ∂J/∂A^(layer) in."""

        def put_in(index: Any) -> Any:
            return self._of_loss(g.A(layer), _atom("A", layer)[index])

        return e.replace(
            lambda part: isinstance(part, sp.Indexed) and part.base == error,
            lambda part: put_in(part.indices),
        )

    def _output(self, layer: Any, row: Any, column: Any, cut: bool = False) -> Any:
        """A^(layer) in terms of what the layer is fed with, or of its Z where the pass is cut there."""
        if self.softmax and layer == self.top:
            unit, atom = sp.Symbol("s_", integer=True), _atom("Z", layer)
            one, every = (atom[u, column] if cut else self._z(layer, u, column) for u in (row, unit))
            return sp.exp(one) / sp.Sum(sp.exp(every), (unit, 1, g.S(layer)))
        z = _atom("Z", layer)[row, column] if cut else self._z(layer, row, column)
        return _sigma(layer)(z)

    def _unrolled(self, of: Any, by: Any) -> Any:
        """An expression in which the entries of ``by`` are visible: one layer at most is rolled out."""
        if isinstance(of, g.Cell):
            stem, layer = of.letter.stem, of.letter.layer
            if (stem, layer) == (by.stem, by.layer) or (
                stem == "value" and (by.stem, by.layer) == ("A", layer)
            ):
                return _atom(by.stem, by.layer)[of.index]
            if stem in {"A", "value"} and layer in self.layers[1:]:
                if by.layer != layer and (by.stem, by.layer) != ("A", layer - 1):
                    raise Undecided(f"∂{plain(of)}/∂{plain(by)} goes through more than one layer")
                return self._output(layer, of.index[0], of.index[1], cut=by.stem == "Z")
        e = self._indexed(of, opaque=False)
        hidden = {str(atom.base) for atom in e.atoms(sp.Indexed)} - {"T"}
        last = self.layers.index(by.layer) + (by.stem == "A") if by.layer in self.layers else 0
        later = {str(_atom(stem, layer)) for layer in self.layers[last:] for stem in ("A", "slope", "dJ")}
        if (hidden & later) - {str(_atom(by.stem, by.layer))}:
            raise Undecided(f"{plain(of)} holds quantities that depend on {plain(by)} unseen")
        return e

    def _folded(self, e: Any) -> Any:
        """σ′(Σ W A + b) as σ′(Z), a quantity of its own."""
        return e.replace(lambda part: isinstance(part, Undefined), self._fold)

    def _fold(self, call: Any) -> Any:
        layer = next(layer for layer in self.layers if call.func.base is _sigma(layer))
        stem = "slope" if call.func.by else "A"
        (z,) = call.args
        if isinstance(z, sp.Indexed):
            return _atom(stem, layer)[z.indices]
        rows = {atom.indices for atom in z.atoms(sp.Indexed) if atom.base == _atom("b", layer)}
        columns = {atom.indices[1] for atom in z.atoms(sp.Indexed) if atom.base == _atom("A", layer - 1)}
        (((row,), *_), (column, *_)) = list(rows), list(columns)
        if z != self._z(layer, row, column):
            raise Undecided(f"σ′ of {z}, which is no entry of Z")
        return _atom(stem, layer)[row, column]

    def _letters_of_softmax(self, e: Any) -> Any:
        """Exp z_kn = a_kn c_n, where c_n = Σ_q exp z_qn is a letter: then c cancels."""
        z, a, c = _atom("Z", self.top), _atom("A", self.top), sp.IndexedBase("c")
        e = e.replace(
            lambda part: (
                isinstance(part, sp.Sum)
                and isinstance(part.function, sp.exp)
                and isinstance(part.function.args[0], sp.Indexed)
                and part.function.args[0].base == z
                and part.function.args[0].indices[0] == part.limits[0][0]
            ),
            lambda part: c[part.function.args[0].indices[1]],
        )
        return e.replace(
            lambda part: (
                isinstance(part, sp.exp) and isinstance(part.args[0], sp.Indexed) and part.args[0].base == z
            ),
            lambda part: a[part.args[0].indices] * c[part.args[0].indices[1]],
        )


_MADE = {"A": g.A, "T": lambda layer: g.T()}  # noqa: ARG005  what is divided by, or stands beside it


def _lettered(e: Any) -> Any:
    """Indexed symbols as the letters' entries again, for printing."""

    def cell(part: Any) -> Any:
        stem, _, layer = str(part.base).partition("^")
        return _MADE[stem](sp.sympify(layer.strip("()") or "0", locals={"l": g.l, "L": g.L}))(*part.indices)

    return e.replace(
        lambda part: isinstance(part, sp.Indexed) and str(part.base).partition("^")[0] in _MADE, cell
    )


def _sigma(layer: Any) -> Any:
    return undefined_function(f"sigma_{g.numbered(layer)}")


def _atom(stem: str, layer: Any) -> Any:
    return sp.IndexedBase(stem if layer is None else f"{stem}^({g.numbered(layer)})", real=True)


def _free(e: Any) -> list[Any]:
    """The indices of an expression that no sum binds, in order."""
    bound = {limit[0] for part in e.atoms(sp.Sum) for limit in part.limits}
    found: dict[Any, None] = {}
    for part in sp.preorder_traversal(e):
        if isinstance(part, g.Cell | g.At | sp.KroneckerDelta):
            places = part.args if isinstance(part, sp.KroneckerDelta) else part.args[1:]
            found |= dict.fromkeys(index for index in places if index.is_Symbol)
    return [index for index in found if index not in bound]
