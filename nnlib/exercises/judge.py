"""The verdict on a typed formula, and what is wrong with it: every kind is found by computing.

The page judges by the same steps, in the same order, at the same points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import islice, product

from nnlib.exercises.compare import apart, compare, finite, moved, proportion
from nnlib.exercises.grammar import CHANGES, MOST
from nnlib.exercises.mend import mends
from nnlib.exercises.names import Vocabulary
from nnlib.exercises.parser import Node, parse
from nnlib.exercises.program import Program, Sample
from nnlib.exercises.tokens import Unreadable
from nnlib.exercises.values import Clash, Evaluation, Value
from nnlib.shapes import show

_NEARLY_LINES = {("relu", 0), ("softplus", 0)}


@dataclass(frozen=True)
class Slip:
    """A wrong answer that one knows: its kind, and what to say."""

    kind: str
    message: str


@dataclass(frozen=True)
class Judgement:
    """What the numbers say of a text: ``verdict``, ``kind``, ``message``, steps of help, and the place."""

    verdict: str
    kind: str
    message: str
    help: tuple[str, ...] = ()
    place: tuple[int, int] | None = None
    tree: Node | None = None


@dataclass(frozen=True)
class Question:
    r"""All that judging needs: the letters, the numbers, the name of what is asked, and the typical slips.

    Examples
    --------
    >>> import numpy as np, sympy as sp
    >>> from nnlib.exercises.names import Declared
    >>> from nnlib.exercises.program import STANDARD
    >>> x = sp.Symbol("x", real=True)
    >>> column = np.array([[x]], dtype=object)
    >>> program = Program({"x": x}, {}, [column], column**2, [], STANDARD)
    >>> square = Question(Vocabulary([Declared("x", 1, 1)]), program, "the square")
    >>> square.judge("x x").verdict, square.judge("-x^2").kind, square.judge("x (x").message
    ('right', 'sign', 'This bracket is never closed. Put ) behind what it holds.')
    >>> print(*square.judge("x^3").help, sep="\n")
    The values differ.
    At x = 2 yours is 8, but the square is 4.
    """

    names: Vocabulary
    program: Program
    asked: str
    slips: Sequence[Slip] = ()
    like: str = ""
    hints: Sequence[str] = ()

    def judge(self, text: str) -> Judgement:
        """The verdict on a text."""
        try:
            tree = parse(text, self.names)
        except Unreadable as reason:
            return Judgement("unreadable", "syntax", str(reason), (str(reason),), (reason.start, reason.end))
        try:
            values = [self._value(text, tree, sample) for sample in self.program.random]
        except Clash as clash:
            true = size(self.program.random[0].truth.shape)
            wanted = f"{self.asked} is {true}{self.like}."
            return self._wrong("shape", str(clash), [wanted], tree, (clash.start, clash.end), clash.fits)
        return self._compare(text, tree, values)

    def _compare(self, text: str, tree: Node, values: list[Value]) -> Judgement:
        for value, sample in zip(values, self.program.random, strict=True):
            if not finite(value) and finite(sample.truth):
                where = self._where(tree, sample, "at") or "anywhere"
                return self._wrong("no-value", f"Your formula has no value {where}.", [], tree)
        truths = [sample.truth for sample in self.program.random]
        alike = compare(values, truths)
        if alike == "equal":
            return self._idle(text, tree, values) or Judgement("right", "right", "Right.", (), None, tree)
        if alike == "rough":
            message = "Large numbers cancel here, and with them the digits. Write it in a simpler form."
            return Judgement("unreadable", "rounding", message, (message,), (tree.start, tree.end), tree)
        kind, message = self._kind(values, truths)
        if kind == "differs":
            kind, message = self._mended(text, tree) or (kind, message)
        shown = [] if values[0].shape != truths[0].shape else [self._difference(text, tree, values)]
        return self._wrong(kind, message, shown, tree)

    def _idle(self, text: str, tree: Node, values: list[Value]) -> Judgement | None:
        """No verdict where a number is so small, or so well hidden, that no digit tells of it.

        Nor where a relu is fed with nothing but positive numbers, or a softplus with large ones: it may be
        wrong where there are others.
        """
        for part in _doubtful(tree):
            samples = zip(values, self.program.random, strict=True)
            if not any(
                moved(self._value(text, tree, sample, part), value, sample.truth) for value, sample in samples
            ):
                written = text[part.start : part.end].strip("()[]{} ")
                which = part.value[0] if part.kind == "call" else f"The number {written}"
                message = f"{which} changes nothing that could be seen. Take it out."
                return Judgement("unreadable", "rounding", message, (message,), (part.start, part.end), tree)
        return None

    def _kind(self, values: list[Value], truths: list[Value]) -> tuple[str, str]:
        mine, true = values[0].shape, truths[0].shape
        fits = self._fits
        if slip := self._slip(values):
            return slip
        if mine == true and (factor := proportion(values, truths)):
            if factor == -1:
                return "sign", f"{fits}It is right up to the sign."
            return (
                "factor",
                f"{fits}It is right up to a factor: yours is {_fraction(factor)} times {self.asked}.",
            )
        if compare([value.transposed() for value in values], truths) == "equal":
            clash = f"The shapes clash: yours is {size(mine)}, but {self.asked} is {size(true)}{self.like}. "
            return "transposed", f"{fits if mine == true else clash}Yours is the transpose."
        if mine == (1, 1) and (found := self._one_entry(values, truths)):
            return found
        if mine != true:
            return "shape", f"Yours is {size(mine)}, but {self.asked} is {size(true)}{self.like}."
        return "differs", f"{fits[:-2]}, but the values differ." if fits else "The values differ."

    @property
    def _fits(self) -> str:
        true = self.program.random[0].truth.shape
        return "" if true == (1, 1) else f"The shape fits, {show(true)}. "

    def _slip(self, values: list[Value]) -> tuple[str, str] | None:
        for k, slip in enumerate(self.slips):
            if compare(values, [sample.slips[k] for sample in self.program.random]) == "equal":
                return slip.kind, slip.message
        return None

    def _one_entry(self, values: list[Value], truths: list[Value]) -> tuple[str, str] | None:
        """One entry of what is asked, or of another derivative."""
        if place := _entry_of(values, truths):
            whole = f"The whole is asked, {show(truths[0].shape)}."
            return "one-entry", f"That is entry {place} of {self.asked}. {whole}"
        for k, slip in enumerate(self.slips):
            place = _entry_of(values, [sample.slips[k] for sample in self.program.random])
            if place and slip.kind == "other-derivative":
                return slip.kind, slip.message.replace("That is", f"That is entry {place} of")
        return None

    def _mended(self, text: str, tree: Node) -> tuple[str, str] | None:
        """What one change would make right: the first points sort out nearly all."""
        samples = self.program.random
        for kind, other in islice(mends(tree), MOST):
            with suppress(Clash):
                if all(compare([self._value(text, other, s)], [s.truth]) == "equal" for s in samples):
                    return kind, f"{self._fits}It is right but for {CHANGES[kind]}."
        return None

    def _difference(self, text: str, tree: Node, values: list[Value]) -> str:
        """A point at which it differs from the truth, with both numbers; small numbers where they do."""
        found = [(self._value(text, tree, sample), sample) for sample in self.program.readable]
        found += zip(values, self.program.random, strict=True)
        mine, sample = next(
            (value, sample)
            for clearly in (True, False)
            for value, sample in found
            if apart(value, sample.truth, clearly)
        )
        pairs = list(zip(mine.entries, sample.truth.entries, strict=True))
        gaps = [abs(u - t) for (u, _), (t, _) in pairs]
        k = next(k for k, gap in enumerate(gaps) if gap >= (1 - 1e-9) * max(gaps))  # of equals the first
        entry = f", entry ({k // mine.columns + 1}, {k % mine.columns + 1})" if len(mine.entries) > 1 else ""
        u, t = digits(pairs[k][0][0]), digits(pairs[k][1][0])
        if u == t:
            u, t = digits(pairs[k][0][0], 12), digits(pairs[k][1][0], 12)
        numbers = f"yours is {u}, but {self.asked} is {t}"
        where = self._where(tree, sample, "At") or "Everywhere"
        return f"{where}{entry} {numbers}."

    def _where(self, tree: Node, sample: Sample, at: str) -> str:
        """``at x = (1, 2)``: the letters that the formula holds, with their values."""
        used = sorted(set(_letters(tree)))
        parts = [f"{self.names.letters[k].shown} = {_shown(sample.letters[k])}" for k in used]
        return f"{at} {', '.join(parts)}" if parts else ""

    def _value(self, text: str, tree: Node, sample: Sample, scaled: Node | None = None) -> Value:
        return Evaluation(text, sample.letters, self.program.arithmetic, scaled).of(tree)

    def _wrong(
        self,
        kind: str,
        message: str,
        shown: list[str],
        tree: Node,
        place: tuple[int, int] | None = None,
        last: str = "",
    ) -> Judgement:
        steps = [message, *shown, *self.hints, *([last] if last else [])]
        return Judgement("wrong", kind, message, tuple(steps), place, tree)


def _entry_of(values: list[Value], matrices: list[Value]) -> str:
    """``(1, 2)``, or ``2`` of a column, where the numbers are that entry of matrices; else nothing."""
    rows, columns = matrices[0].shape
    for row, column in product(range(rows), range(columns)):
        entries = [Value(1, 1, (matrix.at(row, column),)) for matrix in matrices]
        if rows * columns > 1 and compare(values, entries) == "equal":
            return f"({row + 1}, {column + 1})" if 1 not in {rows, columns} else f"{row + column + 1}"
    return ""


def _doubtful(tree: Node) -> Iterator[Node]:
    """Every number that is typed, without the zeros, and every function that may do nothing."""
    if (tree.kind == "number" and tree.value[0] != 0) or (
        tree.kind == "call" and tree.value in _NEARLY_LINES
    ):
        yield tree
    for arg in tree.args:
        yield from _doubtful(arg)


def _letters(tree: Node) -> Iterator[int]:
    if tree.kind == "letter":
        yield tree.value[0]
    for arg in tree.args:
        yield from _letters(arg)


def size(shape: tuple[int, int]) -> str:
    """A shape in words.

    >>> size((2, 3)), size((1, 1))
    ('2 × 3', 'a number')
    """
    return "a number" if shape == (1, 1) else show(shape)


# ---- showing -----------------------------------------------------------------------------------------------


def digits(number: float, count: int = 4) -> str:
    """A number with four digits, as a reader writes it.

    Examples
    --------
    >>> digits(2.0), digits(-1 / 3), digits(1234567.0), digits(101250.0)
    ('2', '−0.3333', '1.235e6', '1.013e5')
    """
    if number == 0:
        return "0"
    exact = Decimal(abs(number))  # halves go up, as in the page
    rounded = Context(prec=count, rounding=ROUND_HALF_UP).plus(exact)
    exponent = rounded.adjusted()
    if -4 <= exponent <= count:
        last = Decimal(1).scaleb(-max(0, count - 1 - exponent))
        text = f"{exact.quantize(last, ROUND_HALF_UP):f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{rounded.scaleb(-exponent):f}".rstrip("0").rstrip(".") + f"e{exponent}"
    return f"−{text}" if number < 0 else text


def _fraction(number: float) -> str:
    near = Fraction(number).limit_denominator(12)
    if abs(float(near) - number) < 1e-9:
        return f"{'−' if near < 0 else ''}{abs(near)}"
    return digits(number)


def _shown(value: Value) -> str:
    """``2``, ``(1, 2)`` for a column or a row, ``(1, 2; 3, 4)`` for a matrix."""
    if value.is_scalar:
        return digits(value.entries[0][0])
    numbers = [digits(number) for number, _ in value.entries]
    width = value.columns if 1 not in value.shape else len(numbers)
    rows = [", ".join(numbers[k : k + width]) for k in range(0, len(numbers), width)]
    return f"({'; '.join(rows)})"
