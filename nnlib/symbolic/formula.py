"""A Formula: an equation that prints itself, has entries on every network, and compiles itself.

Claims, boxed results and explorables all take the same object.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array
from nnlib.network import Network
from nnlib.shapes import ShapeError, show
from nnlib.symbolic.evaluate import Environment, evaluate
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.javascript import Compiled, compile_expressions, page_names
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Entry, Letter, Partial, PartialEntry
from nnlib.symbolic.mathml import mathml
from nnlib.symbolic.python import python


class Formula:
    r"""An equation ``lhs = rhs`` between matrices, for every size.

    Parameters
    ----------
    lhs : Letter, Entry or partial(…)
        What it names. With indices (``z(i)``, ``partial(L, W(i, j))``) the right side is one entry.
    rhs : expression, or nested lists of scalar expressions
        How it is computed. Lists give every entry of a matrix of fixed size.
    given : sequence of Formula
        What letters on the right side stand for, where the network does not say (δ, for one).

    Raises
    ------
    ValueError
        When two of ``given`` define one letter.
    ShapeError
        For lists that are no rows of one length.
    TypeError
        For a ``given`` that is no sequence of formulas.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import l, letters, network, partial, sigma
    >>> W, x, z, a, delta, L = letters("W x z a delta L")
    >>> error = nn.Formula(delta, nn.hadamard(l.gradient(a), sigma.prime(z)))
    >>> dW = nn.Formula(partial(L, W), delta * x.T, given=[error])
    >>> dW.latex
    '\\frac{\\partial L}{\\partial W} = \\delta \\, x^{\\top}'
    >>> dW.entries(network((2, 1))).tolist()
    [[x_1*(W_{11}*x_1 + W_{12}*x_2 + b_1 - y_1), x_2*(W_{11}*x_1 + W_{12}*x_2 + b_1 - y_1)]]
    """

    def __init__(self, lhs: Any, rhs: Any, given: Sequence[Formula] = ()) -> None:
        self.lhs, self.rhs = lhs, rhs
        if isinstance(rhs, list):
            _require_rows(lhs, rhs)
        if not (isinstance(given, Collection) and all(isinstance(formula, Formula) for formula in given)):
            raise TypeError(f"given is a list of formulas, as in given=[error], and not {given!r}")
        self.given = {formula._letter().name: formula for formula in given}
        if len(self.given) < len(given):
            raise ValueError("two of the formulas given define the same letter")

    @property
    def name(self) -> str:
        """What pages call it, such as ``z``, ``delta``, ``dW`` or ``loss``."""
        if isinstance(self.lhs, Partial | PartialEntry):
            return "d" + getattr(self.lhs.args[1], "letter", self.lhs.args[1]).name
        return "loss" if self._letter().name == "L" else self._letter().name

    @property
    def latex(self) -> str:
        """The equation in LaTeX, printed from the object."""
        return f"{latex(self.lhs)} = {latex(self.rhs)}"

    @property
    def python(self) -> str:
        """The Python that makes it, with the formulas it rests on."""
        given = ", ".join(formula.python for formula in self.given.values())
        rests = f", given=[{given}]" if given else ""
        return f"nn.Formula({python(self.lhs)}, {python(self.rhs)}{rests})"

    @property
    def mathml(self) -> str:
        """The equation in MathML, for places where no MathJax runs."""
        return mathml(self.latex)

    def entries(self, network: Network, x: Any = None, target: Any = None) -> Array:
        """Its value on a network, entry by entry.

        Parameters
        ----------
        network : Network
            With symbols or with numbers.
        x, target : array_like, optional
            Input (S₀ × 1) and target; symbols x and y where left out.

        Raises
        ------
        ShapeError
            For a right side of another shape than the left, an operation that does not fit, or an ``x`` or a
            ``target`` that is not one data point.
        KeyError
            For a letter that neither the network nor ``given`` knows.
        """
        return self._named(ForwardPass(network, x=x, target=target))

    def compiled(self, network: Network) -> Compiled:
        """It alone, compiled for a network of symbols (see ``compile_formulas``)."""
        return compile_formulas([self], network)

    def js(self, network: Network) -> str:
        """The JavaScript function that computes its entries from W, b, x and y (see ``compile_formulas``)."""
        return self.compiled(network).js

    def evaluate(self, env: Environment) -> Array:
        """The entries of its right side in an environment, 2-D, whatever the left side calls them."""
        inner = _Given(env, self.given) if self.given else env
        if isinstance(self.rhs, list):
            return np.array([[evaluate(entry, inner) for entry in row] for row in self.rhs], dtype=object)
        if isinstance(self.rhs, sp.MatrixExpr):
            return evaluate(self.rhs, inner)
        return self._by_index(inner)

    def letters(self) -> set[Letter]:
        """Every letter of the right side, those of the formulas given included."""
        found = set().union(*(formula.letters() for formula in self.given.values()))
        parts = list(chain.from_iterable(self.rhs)) if isinstance(self.rhs, list) else [self.rhs]
        return (found | set().union(*(part.atoms(Letter) for part in parts))) - {
            formula._letter() for formula in self.given.values()
        }

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"

    def __repr__(self) -> str:
        return f"Formula({self.latex})"

    def _named(self, env: Environment) -> Array:
        """The entries of its right side, which must have the shape of what they are called."""
        value, shape = self.evaluate(env), self._shape(env)
        if value.shape == shape:
            return value
        shapes = (
            f"{python(self.lhs)} is {show(shape)}, but the right side of its formula is {show(value.shape)}"
        )
        way_out = "It is the transpose: write its .T, or the letters in the network's convention."
        raise ShapeError(f"{shapes}. {way_out}" if value.shape == shape[::-1] else f"{shapes}.")

    def _shape(self, env: Environment) -> tuple[int, int]:
        """Rows × columns of the left side."""
        if isinstance(self.lhs, list):
            return len(self.lhs), len(self.lhs[0])
        return env.shape(self.lhs) if isinstance(self.lhs, sp.MatrixExpr) else self._indices(env)[2]

    def _letter(self) -> Letter:
        if isinstance(self.lhs, Letter):
            return self.lhs
        if isinstance(self.lhs, Entry):
            return self.lhs.letter
        raise ValueError(f"{latex(self.lhs)} is no letter, so nothing can be computed from it by name")

    def _by_index(self, env: Environment) -> Array:
        """Entry by entry: the free indices run over the shape of what is named."""
        rows, columns, shape = self._indices(env)
        value = np.empty(shape, dtype=object)
        for i, j in np.ndindex(*shape):
            at = {symbol: n for symbol, n in ((rows, i + 1), (columns, j + 1)) if symbol is not None}
            value[i, j] = evaluate(self.rhs, env, at)
        return value

    def _indices(self, env: Environment) -> tuple[Any, Any, tuple[int, int]]:
        entries = [e for e in sp.preorder_traversal(self.lhs) if isinstance(e, Entry)]
        if not any(isinstance(i, sp.Symbol) for entry in entries for i in entry.index):
            return None, None, (1, 1)  # a number, or one entry by its numbers
        if len(entries) == 2:  # ∂z_i/∂x_j: a Jacobian; ∂a_i/∂z_i: its diagonal, as a column
            (of,), (by,) = entries[0].index, entries[1].index
            rows, columns = (max(env.shape(entry.letter)) for entry in entries)
            if of != by:
                return of, by, (rows, columns)
            entries = entries[:1]
        shape, index = env.shape(entries[0].letter), entries[0].index
        if len(index) == 2:
            return index[0], index[1], shape
        return (None, index[0], shape) if entries[0].letter.is_row else (index[0], None, shape)


class _Given:
    """An environment in which some letters stand for formulas."""

    def __init__(self, env: Environment, given: dict[str, Formula]) -> None:
        self._env, self._given = env, given

    def value(self, letter: Letter) -> Array:
        if letter.name in self._given:
            return self._given[letter.name].evaluate(self._env)
        return self._env.value(letter)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


def _require_rows(lhs: Any, rows: list[Any]) -> None:
    lengths = {len(row) if isinstance(row, list | tuple) else 0 for row in rows}
    if len(lengths) != 1 or 0 in lengths:
        raise ShapeError(
            f"the right side of {python(lhs)} should be a list of rows of one length, as in [[z(1)], [z(2)]]"
        )


def hadamard(*factors: sp.MatrixExpr) -> sp.MatrixExpr:
    r"""The Hadamard product ⊙: entry by entry, of matrices of one shape.

    Examples
    --------
    >>> from nnlib.symbolic import latex, letters
    >>> a, y = letters("a y")
    >>> latex(hadamard(a, y))
    'a \\odot y'
    """
    return sp.HadamardProduct(*factors)


def diag(column: sp.MatrixExpr) -> sp.MatrixExpr:
    """The square matrix with a column's entries on its diagonal, and 0 elsewhere.

    Examples
    --------
    >>> from nnlib.symbolic import Letter, letters, network, size
    >>> (b,) = letters("b")
    >>> Formula(Letter("B", size(1), size(1)), diag(b)).entries(network((1, 2))).tolist()
    [[b_1, 0], [0, b_2]]
    """
    return sp.DiagMatrix(column)


def compile_formulas(
    formulas: Sequence[Formula], network: Network, free: Sequence[Letter] = (), target: bool = True
) -> Compiled:
    """Compile formulas together, so that what they share is computed once.

    Inputs are the entries of W, b, x, y and of the ``free`` letters (a learning rate, say); outputs the
    entries of every formula, all by page names. Where no formula is about the loss, ``target=False`` leaves
    y out.

    Raises
    ------
    ValueError
        For a formula that holds undefined functions, for numbers where symbols are due, and for an entry that
        two of the formulas compute.
    ShapeError, KeyError
        As ``Formula.entries``.

    Examples
    --------
    >>> from nnlib.symbolic import letters, network
    >>> W, b, x, z = letters("W b x z")
    >>> compiled = compile_formulas([Formula(z, W * x + b)], network((2, 1)))
    >>> compiled({"W[1][1]": 2, "W[1][2]": 0, "b[1]": 1, "x[1]": 3, "x[2]": 5, "y[1]": 0})
    {'z[1]': 7.0}
    """
    forward = ForwardPass(network, free=free)
    if not all(isinstance(entry, sp.Symbol) for leaf in forward.leaves.values() for entry in leaf.ravel()):
        raise ValueError(
            "formulas are compiled for a network of symbols (nn.symbolic.network), not of numbers"
        )
    outputs: dict[str, Any] = {}
    for formula in formulas:
        named = page_names(formula.name, formula._named(forward), network.convention)
        if twice := sorted(outputs.keys() & named.keys()):
            raise ValueError(f"two of the formulas compute {twice[0]}: leave one of them out")
        outputs |= named
    inputs: dict[str, Any] = {}
    for name, entries in forward.leaves.items():
        if target or name != "y":
            inputs |= page_names(name, entries, network.convention)
    return compile_expressions(inputs, outputs)
