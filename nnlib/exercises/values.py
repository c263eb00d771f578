"""The value of a tree: matrices of entries, with every shape insisted on.

The entries are whatever an arithmetic makes of them: numbers with a bound on their rounding, or SymPy
expressions. ``exercise.js`` holds the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

from nnlib.exercises.grammar import TAKES
from nnlib.exercises.names import Declared, Misnamed, Vocabulary
from nnlib.exercises.parser import Node
from nnlib.shapes import show

_LONGEST_NAME = 24


class Clash(Exception):
    """Shapes that do not fit; the message says which.

    Attributes
    ----------
    start, end : int
        The place in the text.
    fits : str
        What would fit, for the last step of help.

    Examples
    --------
    >>> raise Clash("δ is 2 × 1 and x is 3 × 1: δ x does not fit.", 0, 3)
    Traceback (most recent call last):
    nnlib.exercises.values.Clash: δ is 2 × 1 and x is 3 × 1: δ x does not fit.
    """

    def __init__(self, message: str, start: int, end: int, fits: str = "") -> None:
        super().__init__(message)
        self.start, self.end, self.fits = start, end, fits


class Arithmetic(Protocol):
    """What entries can do."""

    def number(self, top: int, bottom: int) -> Any:
        """A rational number."""

    def add(self, a: Any, b: Any) -> Any:
        """A + b."""

    def negative(self, a: Any) -> Any:
        """−a."""

    def times(self, a: Any, b: Any) -> Any:
        """Their product."""

    def over(self, a: Any, b: Any) -> Any:
        """Their quotient."""

    def power(self, a: Any, top: int, bottom: int) -> Any:
        """A to the power top/bottom."""

    def call(self, name: str, primes: int, a: Any) -> Any:
        """A function of one entry, or one of its derivatives."""


@dataclass(frozen=True)
class Value:
    """A matrix: its shape, its entries row by row, and whether it is a plain number without letters.

    Such a number may stand for as many times the identity matrix, of any size.
    """

    rows: int
    columns: int
    entries: tuple[Any, ...]
    plain: bool = False
    identity: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def is_scalar(self) -> bool:
        """Whether it has one entry."""
        return self.shape == (1, 1)

    def at(self, row: int, column: int) -> Any:
        """One entry, from 0."""
        return self.entries[row * self.columns + column]

    def transposed(self) -> Value:
        """Rows as columns."""
        places = [(row, column) for column in range(self.columns) for row in range(self.rows)]
        entries = tuple(self.at(*place) for place in places)
        return Value(self.columns, self.rows, entries, self.plain, self.identity)

    def map(self, function: Callable[[Any], Any]) -> Value:
        """A function of each entry."""
        return Value(self.rows, self.columns, tuple(map(function, self.entries)), self.plain, self.identity)


class Evaluation:
    """The value of trees, for given letters.

    Parameters
    ----------
    text : str
        What was typed, for messages.
    letters : sequence of Value
        The values of the vocabulary's letters, in its order.
    arithmetic : Arithmetic
        What entries can do.
    scaled : Node, optional
        A number of the tree that is taken a thousandth larger than it is, or a function that is left out: to
        see whether it matters.

    Examples
    --------
    >>> from nnlib.exercises.arithmetic import Numbers
    >>> from nnlib.exercises.names import Declared, Vocabulary
    >>> from nnlib.exercises.parser import parse
    >>> names = Vocabulary([Declared("delta", 2, 1), Declared("x", 3, 1)])
    >>> letters = [Value(2, 1, ((1.0, 0), (2.0, 0))), Value(3, 1, ((3.0, 0), (4.0, 0), (5.0, 0)))]
    >>> text = "δ x^T"
    >>> [entry for entry, _ in Evaluation(text, letters, Numbers({})).of(parse(text, names)).entries]
    [3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
    >>> Evaluation("δ x", letters, Numbers({})).of(parse("δ x", names))
    Traceback (most recent call last):
    nnlib.exercises.values.Clash: δ is 2 × 1 and x is 3 × 1: δ x does not fit.
    """

    def __init__(
        self, text: str, letters: Sequence[Value], arithmetic: Arithmetic, scaled: Node | None = None
    ) -> None:
        self.text, self.letters, self.arithmetic, self._scaled = text, letters, arithmetic, scaled

    def of(self, node: Node) -> Value:
        """The value of a tree.

        Raises
        ------
        Clash
            Where shapes do not fit.
        """
        rule: Callable[[Node], Value] = getattr(self, f"_{node.kind}")
        return rule(node)

    # ---- leaves ----------------------------------------------------------------------------------------

    def _number(self, node: Node) -> Value:
        top, bottom = node.value
        times, over = (1001, 1000) if node is self._scaled else (1, 1)
        return Value(1, 1, (self.arithmetic.number(top * times, bottom * over),), plain=True)

    def _letter(self, node: Node) -> Value:
        which, row, column = node.value
        letter = self.letters[which]
        return letter if row < 0 else Value(1, 1, (letter.at(row, column),))

    def _identity(self, node: Node) -> Value:  # noqa: ARG002  rules share a signature
        return Value(1, 1, (self.arithmetic.number(1, 1),), plain=True, identity=True)

    def _entry(self, node: Node) -> Value:
        inner, name = self.of(node.args[0]), self._name(node.args[0])
        try:
            row, column = Vocabulary.entry(Declared(name, inner.rows, inner.columns), node.value)
        except Misnamed as reason:
            raise Clash(str(reason), node.start, node.end) from None
        return inner if row < 0 else Value(1, 1, (inner.at(row, column),))

    # ---- sums ------------------------------------------------------------------------------------------

    def _sum(self, node: Node) -> Value:
        parts = [self.of(arg) for arg in node.args]
        first = next((k for k, part in enumerate(parts) if not part.plain), 0)
        shape = parts[first].shape
        total = None
        for arg, part, sign in zip(node.args, parts, node.value, strict=True):
            if part.shape != shape and not part.plain:
                raise self._clash(node, node.args[first], parts[first], arg, part, "they cannot be added.")
            signed = part.map(self.arithmetic.negative) if sign == "-" else part
            if part.identity and shape != (1, 1):
                signed = self._spread(node, arg, signed, shape)
            total = signed if total is None else self._entry_by_entry(self.arithmetic.add, total, signed)
        assert total is not None  # noqa: S101  a sum has terms
        return total

    def _spread(self, node: Node, one: Node, value: Value, shape: tuple[int, int]) -> Value:
        """So many times the identity matrix of that shape."""
        if shape[0] != shape[1]:
            raise Clash(
                f"{self._name(one)} is a square matrix, but it is added to one that is {show(shape)}.",
                node.start,
                node.end,
            )
        zero = self.arithmetic.number(0, 1)
        places = [(row, column) for row in range(shape[0]) for column in range(shape[1])]
        return Value(*shape, tuple(value.entries[0] if row == column else zero for row, column in places))

    def _negative(self, node: Node) -> Value:
        return self.of(node.args[0]).map(self.arithmetic.negative)

    # ---- products --------------------------------------------------------------------------------------

    def _product(self, node: Node) -> Value:
        left, so_far = self.of(node.args[0]), node.args[0]
        for arg, sign in zip(node.args[1:], node.value[1:], strict=True):
            left = self._two(so_far, left, arg, self.of(arg), sign)
            so_far = Node("product", (), (), node.args[0].start, arg.end)
        return left

    def _two(self, one: Node, a: Value, other: Node, b: Value, sign: str) -> Value:
        whole = Node("product", (), (), one.start, other.end)
        if sign == "/":
            if b.is_scalar or a.plain or a.shape == b.shape:
                return self._entry_by_entry(self.arithmetic.over, a, b)
            raise self._clash(whole, one, a, other, b, "one cannot be divided by the other.")
        if sign == "⊗":
            return self._matrix_product(_column(a), _column(b).transposed())
        if sign == "·" and a.shape == b.shape and 1 in a.shape:
            return self._matrix_product(_column(a).transposed(), _column(b))
        if a.is_scalar or b.is_scalar or (sign == "*" and a.shape == b.shape and a.columns != b.rows):
            return self._entry_by_entry(self.arithmetic.times, a, b)
        if a.columns == b.rows:
            return self._matrix_product(a, b)
        so = f"{self._name(one)} {self._name(other)} does not fit."
        raise self._clash(whole, one, a, other, b, so, self._what_fits(one, a, other, b))

    def _what_fits(self, one: Node, a: Value, other: Node, b: Value) -> str:
        left, right = self._name(one), self._name(other)
        options = []
        if a.columns == b.columns:
            options.append(f"{left} {_raise_t(right)} is {show((a.rows, b.rows))}")
        if a.rows == b.rows:
            options.append(f"{_raise_t(left)} {right} is {show((a.columns, b.columns))}")
        if a.shape == b.shape:
            options.append(f"{left} ∘ {right} is {show(a.shape)}")
        return f"{', and '.join(options)}." if options else ""

    def _matrix_product(self, a: Value, b: Value) -> Value:
        add, times = self.arithmetic.add, self.arithmetic.times
        entries = tuple(
            reduce(add, [times(a.at(row, k), b.at(k, column)) for k in range(a.columns)])
            for row in range(a.rows)
            for column in range(b.columns)
        )
        return Value(a.rows, b.columns, entries, a.plain and b.plain)

    def _entrywise(self, node: Node) -> Value:
        total, first = self.of(node.args[0]), node.args[0]
        for arg in node.args[1:]:
            value = self.of(arg)
            scaled = node.value[0] == "∘" and (total.is_scalar or value.is_scalar)
            if total.shape != value.shape and not scaled:
                raise self._clash(node, first, total, arg, value, "the shapes must be equal.")
            total = self._entry_by_entry(self.arithmetic.times, total, value)
            first = Node("entrywise", (), (), node.args[0].start, arg.end)
        return total

    @staticmethod
    def _entry_by_entry(operation: Callable[[Any, Any], Any], a: Value, b: Value) -> Value:
        """Of equal shapes, or of a scalar and anything."""
        rows, columns = b.shape if a.is_scalar else a.shape
        left = a.entries * (rows * columns) if a.is_scalar else a.entries
        right = b.entries * (rows * columns) if b.is_scalar else b.entries
        plain, identity = a.plain and b.plain, a.identity or b.identity
        return Value(rows, columns, tuple(map(operation, left, right)), plain, plain and identity)

    # ---- powers, transposes, functions -----------------------------------------------------------------

    def _power(self, node: Node) -> Value:
        base, (top, bottom) = self.of(node.args[0]), node.value
        if base.is_scalar or base.rows != base.columns:
            return base.map(lambda entry: self.arithmetic.power(entry, top, bottom))
        if top < 1 or top % bottom:
            name = self._name(node.args[0])
            raise Clash(
                f"{name} is {show(base.shape)}: of a matrix there are whole powers only.",
                node.start,
                node.end,
            )
        return reduce(self._matrix_product, [base] * (top // bottom))

    def _transpose(self, node: Node) -> Value:
        return self.of(node.args[0]).transposed()

    def _call(self, node: Node) -> Value:
        name, primes = node.value
        if node is self._scaled:
            return self.of(node.args[0])
        return self.of(node.args[0]).map(lambda entry: self.arithmetic.call(name, primes, entry))

    def _whole(self, node: Node) -> Value:
        (name,), inner = node.value, self._fitting(node, self.of(node.args[0]))
        if name == "diag":
            return self._diagonal(inner)
        if name == "softmax":
            return self._softmax(inner)
        entries = inner.entries[:: inner.rows + 1] if name == "tr" else inner.entries
        if name == "norm":
            entries = tuple(self.arithmetic.times(entry, entry) for entry in entries)
        total = reduce(self.arithmetic.add, entries)
        if name == "norm":
            total = self.arithmetic.power(total, 1, 2)
        return Value(1, 1, (total,), inner.plain)

    def _fitting(self, node: Node, inner: Value) -> Value:
        """What a function of a whole matrix is taken of, where that has a meaning."""
        (function,), name, is_line = node.value, self._name(node.args[0]), 1 in inner.shape
        fits = {
            "diag": is_line,
            "softmax": is_line and not inner.is_scalar,
            "tr": inner.rows == inner.columns and not inner.identity,
        }
        if not fits.get(function, True):
            message = f"{name} is {show(inner.shape)}: {function} takes {TAKES[function]}."
            raise Clash(message, node.start, node.end)
        return inner

    def _softmax(self, inner: Value) -> Value:
        powers = inner.map(lambda entry: self.arithmetic.call("exp", 0, entry))
        total = reduce(self.arithmetic.add, powers.entries)
        return powers.map(lambda entry: self.arithmetic.over(entry, total))

    def _diagonal(self, inner: Value) -> Value:
        size, zero = len(inner.entries), self.arithmetic.number(0, 1)
        entries = [inner.entries[i] if i == j else zero for i in range(size) for j in range(size)]
        return Value(size, size, tuple(entries))

    # ---- messages --------------------------------------------------------------------------------------

    def _clash(
        self, node: Node, one: Node, a: Value, other: Node, b: Value, so: str, fits: str = ""
    ) -> Clash:
        shapes = f"{self._name(one)} is {show(a.shape)} and {self._name(other)} is {show(b.shape)}"
        return Clash(f"{shapes}: {so}", node.start, node.end, fits)

    def _name(self, node: Node) -> str:
        text = self.text[node.start : node.end].strip()
        return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"


def _column(a: Value) -> Value:
    return Value(len(a.entries), 1, a.entries)


def _raise_t(name: str) -> str:
    """A name transposed, in brackets where it is a product or a sum.

    >>> _raise_t("x"), _raise_t("a b")
    ('xᵀ', '(a b)ᵀ')
    """
    return f"({name})ᵀ" if any(c in name for c in " +-−*/") else f"{name}ᵀ"
