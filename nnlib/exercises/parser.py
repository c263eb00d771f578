"""Tokens as a tree, by recursive descent: one look ahead, no way back, and a bound on the depth.

``exercise.js`` holds the same parser, function by function. The grammar stands in ``grammar.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnlib.exercises.grammar import DEEPEST, HIGHEST, PAIRED, WHOLE
from nnlib.exercises.names import Misnamed, Vocabulary
from nnlib.exercises.tokens import Token, Unreadable, tokens

_CLOSING = {"(": ")", "{": "}", "[": "]", "⟨": "⟩"}
_OF_LOSS = "A derivative here is one of the loss by a letter, as in ∂L/∂a."
# How the number of a layer is raised, how many brackets that are, and what stands behind it.
_LAYERS = (
    (("^", "("), 1, (")",)), (("^", "["), 1, ("]",)), (("^", "{", "("), 2, (")",)),
    (("^", "{", "["), 2, ("]",)), (("^", "{"), 2, ("T",)), (("^",), 0, ()),
)  # fmt: skip
_BEGINS = {"number", "name", "(", "{", "[", "⟨", "frac", "√", "∂"}


@dataclass(frozen=True)
class Node:
    """A part of a formula.

    Attributes
    ----------
    kind : str
        ``number`` (value: numerator, denominator), ``letter`` (which, row, column), ``sum`` (signs),
        ``product`` (what stands before each factor), ``entrywise``, ``negative``, ``power`` (numerator,
        denominator), ``transpose``, ``call`` (function, primes), ``whole`` (function of a matrix), ``entry``
        (indices), ``identity``.
    args : tuple of Node
        Its parts.
    value : tuple
        What else it holds.
    start, end : int
        Its place in the text.
    """

    kind: str
    args: tuple[Node, ...]
    value: tuple[Any, ...]
    start: int
    end: int

    @property
    def height(self) -> int:
        """The exponents along the worst path, multiplied."""
        return _height(self)


def _height(node: Node) -> int:
    below = max(map(_height, node.args), default=1)
    if node.kind != "power":
        return below
    top, bottom = node.value
    return below * max(1, -(-abs(top) // bottom))


def parse(text: str, names: Vocabulary) -> Node:
    """Read a formula.

    Raises
    ------
    Unreadable
        When it cannot be read; the error knows the place.

    Examples
    --------
    >>> from nnlib.exercises.names import Declared
    >>> names = Vocabulary([Declared("delta", 2, 1), Declared("x", 3, 1)])
    >>> parse("δ₁ x₂", names) == parse("delta[1] x[2]", names)
    False
    >>> [node.value for node in parse("δ₁ x₂", names).args]
    [(0, 0, 0), (1, 1, 0)]
    >>> parse("δ (x", names)
    Traceback (most recent call last):
    nnlib.exercises.tokens.Unreadable: This bracket is never closed. Put ) behind what it holds.
    """
    found = tokens(text, names)
    if len(found) == 1:
        raise Unreadable("Type a formula.", 0, len(text))
    parser = _Parser(found, names)
    node = parser.sum()
    parser.finish()
    if node.height > HIGHEST:
        raise Unreadable(
            f"The exponents come to more than {HIGHEST}. Write it with smaller ones.", node.start, node.end
        )
    return node


class _Parser:
    def __init__(self, found: Sequence[Token], names: Vocabulary) -> None:
        self.found, self.names = found, names
        self.at = self.depth = self.norms = 0

    # ---- tokens ----------------------------------------------------------------------------------------

    @property
    def next(self) -> Token:
        return self.found[self.at]

    def kind(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.found[place].kind if place < len(self.found) else "end"

    def take(self) -> Token:
        token = self.found[self.at]
        self.at += token.kind != "end"
        return token

    def last_end(self) -> int:
        return self.found[self.at - 1].end

    def follows(self, *kinds: str) -> bool:
        return all(self.kind(k) == kind for k, kind in enumerate(kinds))

    def expect(self, kind: str, message: str) -> Token:
        if self.kind() != kind:
            raise Unreadable(message, self.next.start, self.next.end)
        return self.take()

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable(
                f"More than {DEEPEST} brackets lie within each other. Take some out.",
                self.next.start,
                self.next.end,
            )

    def finish(self) -> None:
        token = self.next
        if token.kind in _CLOSING.values():
            raise Unreadable("This bracket was never opened. Take it out.", token.start, token.end)
        if token.kind != "end":
            raise self.unexpected(token)

    @staticmethod
    def unexpected(token: Token) -> Unreadable:
        if token.kind == "end":
            return Unreadable(
                "Something is missing here: a letter, a number or a bracket.", token.start, token.end
            )
        if token.kind == "T":
            return Unreadable("A transpose stands behind its matrix: Wᵀ, W^T or W.T.", token.start, token.end)
        if token.kind in {"digits", "_"}:
            return Unreadable("An index stands right behind its letter, as in x_1.", token.start, token.end)
        if token.kind == ",":
            return Unreadable(
                "A comma stands between indices only. Write a decimal point.", token.start, token.end
            )
        if token.kind == "‖":
            return Unreadable("Put * before this norm, or close the one before.", token.start, token.end)
        return Unreadable("A letter, a number or a bracket should stand here.", token.start, token.end)

    # ---- from sums down to atoms -----------------------------------------------------------------------

    def sum(self) -> Node:
        terms, signs = [self.entrywise()], ["+"]
        while self.kind() in {"+", "-"}:
            signs.append(self.take().kind)
            terms.append(self.entrywise())
        return self.several("sum", terms, signs)

    def entrywise(self) -> Node:
        factors = [self.product()]
        while self.kind() == "∘":
            self.take()
            factors.append(self.product())
        return self.several("entrywise", factors, ["∘"] * len(factors))

    def product(self) -> Node:
        factors, signs = [self.signed()], [""]
        while True:
            if self.kind() in {"*", "@", "/", "⊗"}:
                signs.append(self.take().kind)
                factors.append(self.signed())
            elif self.begins_a_factor(factors[-1]):
                signs.append("")
                factors.append(self.power())
            else:
                return self.several("product", factors, signs)

    def begins_a_factor(self, before: Node) -> bool:
        if self.kind() == "number" and (before.kind == "number" or self.may_be_indexed(before)):
            raise Unreadable(
                "Put * before this number, or _ if it is an index.", self.next.start, self.next.end
            )
        return self.kind() in _BEGINS or (self.kind() == "‖" and self.norms == 0)

    def may_be_indexed(self, node: Node) -> bool:
        """Whether a number behind it may be meant as its index: behind a letter with entries, taken whole."""
        if node.kind != "letter" or node.value[1] >= 0 or self.found[self.at - 1].kind in {")", "}", "]"}:
            return False
        letter = self.names.letters[node.value[0]]
        return letter.indices > 0 or letter.layer is not None

    @staticmethod
    def several(kind: str, parts: list[Node], signs: list[str]) -> Node:
        if len(parts) == 1:
            return parts[0]
        return Node(kind, tuple(parts), tuple(signs), parts[0].start, parts[-1].end)

    def signed(self) -> Node:
        start, negative = self.next.start, False
        while self.kind() in {"+", "-"}:
            negative ^= self.take().kind == "-"
        node = self.power()
        return Node("negative", (node,), (), start, node.end) if negative else node

    def power(self) -> Node:
        node = self.atom()
        while True:
            if self.kind() in {"'", "T"}:
                self.take()
                node = Node("transpose", (node,), (), node.start, self.last_end())
            elif self.kind() == "raised":
                node = self.raised_to(node, int(self.take().value), 1)
            elif self.kind() == "^":
                node = self.exponent(node)
            elif self.kind() == ".sum()":
                self.take()
                node = Node("whole", (node,), ("sum",), node.start, self.last_end())
            elif node.kind != "number" and self.begins_indices():
                node = Node("entry", (node,), tuple(self.some_indices()), node.start, self.last_end())
            else:
                return node

    def begins_indices(self) -> bool:
        """Whether an index follows what brackets hold, or a transpose: (W x)_2, (δ xᵀ)[1][2]."""
        if self.kind() in {"_", "digits"}:
            return True
        in_place = self.next.start == self.last_end()
        return in_place and (self.follows("[", "number", "]") or self.follows("[", "number", ","))

    def some_indices(self) -> list[str]:
        digits = []
        while self.begins_indices():
            if self.kind() == "digits":
                digits.append(self.take().value)
            else:
                digits += self.below() if self.kind() == "_" else self.indices("]")
        return digits

    def raised_to(self, node: Node, top: int, bottom: int) -> Node:
        return Node("power", (node,), (top, bottom), node.start, self.last_end())

    def exponent(self, base: Node) -> Node:
        self.take()
        opened = []
        while self.kind() in {"(", "{"}:
            self.deeper()
            opened.append(self.take())
        if self.kind() == "∘":
            self.take()
        if self.kind() in {"T", "'"}:
            self.take()
            node = Node("transpose", (base,), (), base.start, self.last_end())
            return self.closed(node, opened)
        negative = self.kind() == "-"
        if negative:
            self.take()
        top, bottom = self.fraction(bool(opened))
        return self.closed(self.raised_to(base, -top if negative else top, bottom), opened)

    def closed(self, node: Node, opened: list[Token]) -> Node:
        for token in reversed(opened):
            self.close(token)
            self.depth -= 1
        return Node(node.kind, node.args, node.value, node.start, self.last_end())

    def fraction(self, in_brackets: bool) -> tuple[int, int]:
        """A number in an exponent: 2, 0.5, 1/2."""
        message = "An exponent is a number or T. Write exp(…) for powers of e."
        top, bottom = _fraction(self.expect("number", message).value)
        if in_brackets and self.kind() == "/":
            self.take()
            more, less = _fraction(self.expect("number", message).value)
            top, bottom = top * less, bottom * more
        if bottom == 0:
            raise Unreadable("This divides by 0.", self.found[self.at - 1].start, self.last_end())
        return top, bottom

    def close(self, opening: Token) -> None:
        closing = _CLOSING[opening.kind]
        if self.kind() == closing:
            self.take()
        elif self.kind() == "end":
            raise Unreadable(
                f"This bracket is never closed. Put {closing} behind what it holds.",
                opening.start,
                opening.end,
            )
        elif self.kind() in _CLOSING.values():
            raise Unreadable(
                f"Another bracket is closed here than was opened. Write {closing}.",
                self.next.start,
                self.next.end,
            )
        else:
            raise self.unexpected(self.next)

    # ---- atoms -----------------------------------------------------------------------------------------

    def atom(self) -> Node:
        token = self.next
        if token.kind == "number":
            self.take()
            return Node("number", (), _fraction(token.value), token.start, token.end)
        if token.kind == "name":
            return self.name()
        if token.kind in _CLOSING:
            return self.group()
        if token.kind == "frac":
            return self.quotient()
        if token.kind == "∂":
            return self.derivative(self.take().start)
        if token.kind in {"‖", "√"}:
            return self.norm() if token.kind == "‖" else self.whole("sqrt")
        raise self.unexpected(token)

    def group(self) -> Node:
        """What brackets hold; the node's place includes them."""
        if self.kind() == "⟨":
            return self.of_two("⟨")
        opening = self.take()
        norms, self.norms = self.norms, 0
        self.deeper()
        node = self.sum()
        self.close(opening)
        self.depth -= 1
        self.norms = norms
        return Node(node.kind, node.args, node.value, opening.start, self.last_end())

    def norm(self) -> Node:
        opening = self.take()
        self.deeper()
        self.norms += 1
        node = self.sum()
        if self.kind() != "‖":
            raise Unreadable("This norm is never closed. Put ‖ behind it.", opening.start, opening.end)
        self.take()
        self.norms -= 1
        self.depth -= 1
        return Node("whole", (node,), ("norm",), opening.start, self.last_end())

    def quotient(self) -> Node:
        r"""``\frac{…}{…}``, or ``\frac12``."""
        start = self.take().start
        if self.follows("{", "∂"):
            self.take()
            self.take()
            return self.derivative(start, braces=True)
        parts = []
        for _ in range(2):
            if self.kind() not in {"{", "number", "name"}:
                raise Unreadable(r"Write \frac{…}{…}.", start, self.next.end)
            parts.append(self.atom())
        return Node("product", tuple(parts), ("", "/"), start, self.last_end())

    def derivative(self, start: int, braces: bool = False) -> Node:
        """∂L/∂a, of which the first ∂ is taken already."""
        self.loss(start)
        if not braces and self.kind() in {"/", "_"}:
            self.take()
        for kind in ("}", "{", "∂") if braces else ("∂",):
            self.expect(kind, _OF_LOSS)
        node = self.letter_below(start)
        if braces:
            self.expect("}", _OF_LOSS)
        return Node(node.kind, node.args, node.value, start, self.last_end())

    def loss(self, start: int) -> None:
        """The L of a derivative that began there."""
        if not (self.kind() == "name" and self.next.value in {"L", "l"}):
            raise Unreadable(_OF_LOSS, start, self.next.end)
        self.take()

    def letter_below(self, start: int) -> Node:
        """What a derivative that began there is taken by."""
        if self.kind() != "name":
            raise Unreadable(_OF_LOSS, start, self.next.end)
        return self.letter(partial=True, start=start)

    def nabla(self) -> Node:
        """∇_a L, or ∇L where one letter alone is a derivative of the loss."""
        start = self.take().start
        only, *more = [k for k, letter in enumerate(self.names.letters) if letter.partial]
        node = Node("letter", (), (only, -1, -1), start, start)
        if self.kind() == "_":
            self.take()
            braces = self.kind() == "{" and self.take()
            node = self.letter_below(start)
            if braces:
                self.expect("}", _OF_LOSS)
        elif more:
            raise Unreadable(_OF_LOSS, start, self.next.end)
        self.loss(start)
        return Node(node.kind, node.args, node.value, start, self.last_end())

    def name(self) -> Node:
        name = self.next.value
        if self.names.is_letter(name):
            return self.letter()
        if name in WHOLE:
            return self.whole(name)
        if name in PAIRED:
            return self.of_two(PAIRED[name])
        if name == "I":
            token = self.take()
            return Node("identity", (), (), token.start, token.end)
        if name == "e":
            return self.power_of_e()
        if name == "nabla":
            return self.nabla()
        if name in self.names.functions:
            return self.call()
        raise Unreadable(
            f"The loss itself is no letter here. {self.names.listed}", self.next.start, self.next.end
        )

    # ---- functions -------------------------------------------------------------------------------------

    def whole(self, name: str) -> Node:
        start = self.take().start
        inner = self.argument()
        if name == "sqrt":
            return Node("power", (inner,), (1, 2), start, self.last_end())
        if name == "transpose":
            return Node("transpose", (inner,), (), start, self.last_end())
        return Node("whole", (inner,), (name,), start, self.last_end())

    def of_two(self, sign: str) -> Node:
        """outer(δ, x) and the like, and ⟨δ, x⟩."""
        opening, message = self.take(), "Put two things in brackets, with a comma between them."
        start = opening.start
        if sign != "⟨":
            opening = self.expect("(", message)
        self.deeper()
        one = self.sum()
        self.expect(",", message)
        other = self.sum()
        self.close(opening)
        self.depth -= 1
        kind, before = ("entrywise", sign) if sign in "∘⟨" else ("product", "")
        node = Node(kind, (one, other), (before, sign), start, self.last_end())
        return node if sign != "⟨" else Node("whole", (node,), ("sum",), start, self.last_end())

    def power_of_e(self) -> Node:
        start = self.take().start
        self.expect("^", "Write exp(…) or e^(…).")
        negative = self.kind() == "-"
        if negative:
            self.take()
        inner = self.argument()
        if negative:
            inner = Node("negative", (inner,), (), inner.start, inner.end)
        return Node("call", (inner,), ("exp", 0), start, self.last_end())

    def call(self) -> Node:
        token = self.take()
        primes, exponent = 0, None
        while True:
            if self.kind() == "'":
                self.take()
                primes += 1
            elif self.follows("^", "{", "'"):
                self.at += 2
                while self.kind() == "'":
                    self.take()
                    primes += 1
                self.expect("}", "Close the brace behind the prime.")
            elif self.follows("^", "'"):
                self.at += 2
                primes += 1
            elif self.kind() == "raised" and not self.next.value.startswith("-"):
                exponent = int(self.take().value)
            elif self.follows("^", "number"):
                self.take()
                exponent = _whole(self.take())
            else:
                break
        if self.kind() in {"digits", "_"}:
            raise Unreadable(
                "A function has no index here. Put its argument in brackets.", self.next.start, self.next.end
            )
        if primes > 2:
            raise Unreadable("Two primes at most.", token.start, self.last_end())
        inner = self.argument()
        node = Node("call", (inner,), (token.value, primes), token.start, self.last_end())
        return node if exponent is None else self.raised_to(node, exponent, 1)

    def argument(self) -> Node:
        """In brackets, or the one letter that follows."""
        if self.kind() in _CLOSING:
            return self.group()
        if self.kind() in {"+", "-"}:
            raise Unreadable("Put the argument in brackets.", self.next.start, self.next.end)
        self.deeper()
        node = self.power()
        self.depth -= 1
        return node

    # ---- letters ---------------------------------------------------------------------------------------

    def letter(self, partial: bool = False, start: int | None = None) -> Node:
        token = self.take()
        start = token.start if start is None else start
        layer, digits, transposed, turned = None, [], False, False
        while True:
            if self.kind() == "digits":
                digits.append(self.take().value)
            elif self.kind() == "_":
                digits += self.below()
            elif self.kind() == "[":
                digits += self.indices("]")
            elif self.indices_in_round_brackets(token):
                digits += self.indices(")")
            elif layer is None and not digits and (size := self.transposed_before_layer(token.value)):
                self.at += size
                turned = True
            elif (found := self.layer(token.value, layer, digits, partial)) is not None:
                layer, transposed = found
                if transposed:
                    break
            else:
                break
        try:
            place = self.names.find(token.value, layer, digits, partial)
        except Misnamed as reason:
            raise Unreadable(str(reason), start, self.last_end()) from None
        node = Node("letter", (), place, start, self.last_end())
        turn = transposed or turned
        return Node("transpose", (node,), (), start, self.last_end()) if turn else node

    def indices_in_round_brackets(self, token: Token) -> bool:
        """``W(1,2)`` and ``x(2)``, where the bracket stands right behind a letter that has entries."""
        in_place = self.next.start == self.last_end() and not self.names.is_number(token.value)
        return in_place and (
            self.follows("(", "number", ")") or self.follows("(", "number", ",", "number", ")")
        )

    def transposed_before_layer(self, stem: str) -> int:
        """How many tokens are a transpose before the number of a layer, as in ``W^T_2``."""
        if self.names.needs_layer(stem):
            for turn in (("T",), ("^", "T"), ("^", "{", "T", "}")):
                if self.follows(*turn, "_") or self.follows(*turn, "digits"):
                    return len(turn)
        return 0

    def below(self) -> list[str]:
        """Indices behind ``_``."""
        self.take()
        if self.kind() == "{":
            return self.indices("}")
        message = "An index is a whole number, as in x_1 or W_{12}."
        if self.kind() == "digits":
            return [self.take().value]
        return [str(_whole(self.expect("number", message)))]

    def indices(self, closing: str) -> list[str]:
        """Numbers up to a closing bracket, with or without commas."""
        self.take()
        found = []
        while self.kind() != closing:
            message = "An index is a whole number, as in x[1] or W[1][2]."
            found.append(str(_whole(self.expect("number", message))))
            if self.kind() == ",":
                self.take()
        self.take()
        return found

    def layer(
        self, stem: str, known: int | None, digits: list[str], partial: bool
    ) -> tuple[int, bool] | None:
        """The layer above a letter, and whether a T stands there too; None where no layer comes."""
        if known is not None or self.kind() not in {"layer", "^", "raised"}:
            return None
        if self.kind() == "layer":
            return int(self.take().value), False
        for opening, closing, ends in _LAYERS:
            size = len(opening)
            if not self.follows(*opening, "number", *ends) or "." in self.found[self.at + size].value:
                continue
            number = int(self.found[self.at + size].value)
            bare = closing == 0
            if not self.names.is_layer(stem, number, partial) and (bare or number != 1):
                continue
            if bare and digits and not self._needs_layer(stem, digits, partial):
                continue
            self.at += size + 1
            return number, self._close_layer(closing, ends)
        if self.kind() == "raised":
            number = int(self.next.value)
            if self.names.is_layer(stem, number, partial) and not digits:
                self.take()
                return number, False
        return None

    def _needs_layer(self, stem: str, digits: list[str], partial: bool) -> bool:
        """Whether these digits make no sense without a layer."""
        try:
            self.names.find(stem, None, digits, partial)
        except Misnamed:
            return True
        return False

    def _close_layer(self, brackets: int, ends: tuple[str, ...]) -> bool:
        if brackets == 0:
            return False
        if ends != ("T",):
            self.take()
        if brackets == 2 and self.follows("^", "T"):
            self.take()
        transposed = brackets == 2 and self.kind() == "T"
        if transposed:
            self.take()
        if brackets == 2:
            self.expect("}", "Close the brace behind the layer.")
        return transposed


def _fraction(number: str) -> tuple[int, int]:
    """A decimal number as numerator and denominator.

    >>> _fraction("0.25")
    (25, 100)
    """
    whole, _, decimals = number.partition(".")
    return int(whole + decimals or "0"), 10 ** len(decimals)


def _whole(token: Token) -> int:
    if "." in token.value:
        raise Unreadable("A whole number should stand here.", token.start, token.end)
    return int(token.value)
