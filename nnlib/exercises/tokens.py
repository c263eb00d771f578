"""A reader's text as tokens, each with its place: one pass, and every step takes a character.

``exercise.js`` does the same in the page, function by function, from the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnlib.exercises.grammar import (
    COMMANDS,
    DIGITS,
    DOWN,
    FRACTIONS,
    LONGEST,
    PAIRS,
    PREFIXES,
    SPACES,
    SYMBOLS,
    UP,
)
from nnlib.exercises.names import Vocabulary

_DECIMAL = "0123456789"
_LONGEST_WORD = 12  # beyond, no name is looked for
_LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Unreadable(Exception):
    """What keeps a text from being read, where it stands, and what to do about it.

    Attributes
    ----------
    start, end : int
        The place in the text, in characters.

    Examples
    --------
    >>> tokens("a & b", Vocabulary([]))
    Traceback (most recent call last):
    nnlib.exercises.tokens.Unreadable: ‘a’ has no meaning here. There are no letters here.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start, self.end = start, end


@dataclass(frozen=True)
class Token:
    """A kind, what it holds, and its place in the text.

    Kinds are those of ``grammar.SYMBOLS``, and ``number``, ``name``, ``digits`` (right behind a name, or
    lowered), ``raised`` digits, ``layer`` (raised digits in brackets), and ``end``.
    """

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str, names: Vocabulary) -> list[Token]:
    """Cut a text into tokens; what stands before an equals sign is passed over.

    Parameters
    ----------
    text : str
        What the reader typed.
    names : Vocabulary
        Every name that has a meaning.

    Raises
    ------
    Unreadable
        At the first character that has no meaning.
    TypeError
        For what is no text, such as a formula in SymPy.

    Examples
    --------
    >>> from nnlib.exercises.names import Declared
    >>> names = Vocabulary([Declared("delta", 2, 1), Declared("x", 3, 1)])
    >>> [token.value for token in tokens("2 deltax_1", names)]
    ['2', 'delta', 'x', '_', '1', '']
    """
    if not isinstance(text, str):
        raise TypeError(f'an answer is a text, such as "2 x_1"; {text!r} is none')
    if len(text) > LONGEST:
        raise Unreadable(
            f"This is longer than {LONGEST} characters. A shorter form will do.", LONGEST, len(text)
        )
    return _Scanner(text, names).run()


class _Scanner:
    def __init__(self, text: str, names: Vocabulary) -> None:
        self.text, self.names, self.spelled = text, names, names.spelled
        self.longest = names.longest
        self.found: list[Token] = []
        self.partials = 0
        self.braces: list[bool] = []  # whether each that is open is one of \\mathrm{…}, which means nothing
        self.last = len(text.rstrip(SPACES + ".,;"))

    def run(self) -> list[Token]:
        i = self._after_equals()
        while i < self.last:
            i = i + 1 if self.text[i] in SPACES else self._token(i)
        self._add("end", "", len(self.text), len(self.text))
        return self.found

    def _add(self, kind: str, value: str, start: int, end: int) -> int:
        self.found.append(Token(kind, value, start, end))
        return end

    def _after_equals(self) -> int:
        first = self.text.find("=")
        if first >= 0 and (second := self.text.find("=", first + 1)) >= 0:
            raise Unreadable(
                "There are two equals signs. Type one formula, the right side.", second, second + 1
            )
        return first + 1

    def _token(self, i: int) -> int:
        c = self.text[i]
        if c in _DECIMAL or (c == "." and self._at(i + 1) in _DECIMAL):
            return self._number(i)
        if pair := self._pair(i):
            return self._add(PAIRS[pair], pair, i, i + len(pair))
        if c == "\\":
            return self._command(i)
        if c in SYMBOLS:
            return self._symbol(i, SYMBOLS[c])
        if c in FRACTIONS:
            return self._add("number", FRACTIONS[c], i, i + 1)
        if c in UP or c in "⁽⁻":
            return self._raised(i)
        if c in DOWN:
            return self._lowered(i)
        return self._name(i)

    def _pair(self, i: int) -> str:
        """Which of the tokens of several characters stands here, if any."""
        found = (pair for pair in PAIRS if self.text.startswith(pair, i))
        return next((p for p in found if not (p == ".T" and self._at(i + 2) in _LATIN)), "")

    def _symbol(self, i: int, kind: str) -> int:
        self.partials += kind == "∂"
        if kind == "{":
            self.braces.append(False)
        if kind == "}" and self.braces and self.braces.pop():
            return i + 1
        if kind == "''":
            self._add("'", "'", i, i + 1)
        return self._add("'" if kind == "''" else kind, self.text[i], i, i + 1)

    def _at(self, i: int) -> str:
        """One character, or a blank beyond the end (which is in no other set)."""
        return self.text[i] if i < len(self.text) else " "

    def _digits(self, i: int) -> int:
        while self._at(i) in _DECIMAL:
            i += 1
        return i

    def _number(self, start: int) -> int:
        end = self._digits(start)
        last = self.found[-1] if self.found else None
        if self._in_a_fraction_without_braces():
            end = start + 1
        # Right behind a name it is an index. So it is in brackets and after _: the parser tells.
        kind = "digits" if last and last.kind in {"name", "layer"} and last.end == start else "number"
        if (
            kind == "number"
            and end < self.last
            and self._at(end) == "."
            and self._at(end + 1) in _DECIMAL + " "
        ):
            end = self._digits(end + 1)
        value = self.text[start:end]
        if len(value.replace(".", "")) > DIGITS:
            raise Unreadable(
                f"A number has at most {DIGITS} digits here. Write a fraction, as in 1/3.", start, end
            )
        return self._add(kind, value, start, end)

    def _in_a_fraction_without_braces(self) -> bool:
        r"""Whether the next digit is one of ``\frac12``."""
        kinds = [token.kind for token in self.found[-2:]]
        return kinds[-1:] == ["frac"] or kinds == ["frac", "number"]

    def _raised(self, start: int) -> int:
        bracket, minus = self.text[start] == "⁽", self.text[start] == "⁻"
        i = start + (bracket or minus)
        first = i
        while self._at(i) in UP:
            i += 1
        value = "".join(str(UP.index(c)) for c in self.text[first:i])
        if bracket and (not value or self._at(i) != "⁾"):
            raise Unreadable("A raised bracket holds the number of a layer, as in a⁽²⁾.", start, i)
        if minus and not value:
            raise Unreadable("A raised minus stands before a raised number, as in y⁻².", start, i)
        if len(value) > DIGITS:
            raise Unreadable(f"A number has at most {DIGITS} digits here.", start, i)
        return self._add("layer" if bracket else "raised", "-" * minus + value, start, i + bracket)

    def _lowered(self, start: int) -> int:
        i = start
        while self._at(i) in DOWN:
            i += 1
        return self._add("digits", "".join(str(DOWN.index(c)) for c in self.text[start:i]), start, i)

    def _command(self, start: int) -> int:
        i = start + 1
        while self._at(i) in _LATIN:
            i += 1
        i = max(i, min(start + 2, len(self.text)))
        command = self.text[start + 1 : i]
        kind = COMMANDS.get(command)
        if kind is None and command in self.spelled:
            return self._add("name", self.spelled[command], start, i)
        if kind is None:
            raise Unreadable(
                f"‘{_shown(self.text[start:i])}’ is not known here. {self.names.listed}", start, i
            )
        if kind == "":
            return i
        if kind == "style":
            return self._style(i)
        if kind == "hat":
            return self._hat(start, i)
        self.partials += kind == "∂"
        return self._add(kind, command, start, i)

    def _style(self, i: int) -> int:
        r"""``\mathrm{diag}`` is diag, and ``\operatorname*{diag}``, too."""
        i += self._at(i) == "*"
        opens = self._at(i) == "{"
        if opens:
            self.braces.append(True)
        return i + opens

    def _hat(self, start: int, i: int) -> int:
        r"""ŷ, as ``\hat{y}`` or ``\hat y``."""
        while self._at(i) in "{ " and i < len(self.text):
            i += 1
        if self._at(i) != "y" or "yhat" not in self.spelled:
            raise Unreadable(f"No letter with a hat is known here. {self.names.listed}", start, i)
        i += 1
        return self._add("name", "yhat", start, i + (self._at(i) == "}"))

    def _name(self, i: int) -> int:
        if self.text[i] == "d" and self._is_derivative(i):
            self.partials += 1
            return self._add("∂", "d", i, i + 1)
        if prefix := next((p for p in PREFIXES if self.text.startswith(p, i)), ""):
            return i + len(prefix)
        for length in range(min(self.longest.get(self.text[i], 0), len(self.text) - i), 0, -1):
            if stem := self.spelled.get(self.text[i : i + length]):
                return self._add("name", stem, i, i + length)
        c = self.text[i]
        end = self._word(i, _LONGEST_WORD)
        if end - i > 2 and (other := self.spelled.get(self.text[i:end].lower())):  # Diag for diag
            return self._add("name", other, i, end)
        if c in _LATIN and c != "i" and (other := self.spelled.get(c.swapcase())):  # w₁₂ for W₁₂
            return self._add("name", other, i, i + 1)
        before = [token.kind for token in self.found[-2:]]
        if c == "T" or (c == "t" and (before[-1:] == ["^"] or before == ["^", "{"])):
            return self._add("T", c, i, i + 1)
        end = self._word(i, LONGEST)
        is_index = before[-1:] in (["_"], ["["]) or before == ["_", "{"]
        if is_index and all(token.value != "nabla" for token in self.found):  # below ∇ stands a letter
            raise Unreadable("An index is a number here. Write a sum out, as in x_1 + x_2.", i, end)
        word = _shown(self.text[i : min(end, i + 12)])
        raise Unreadable(f"‘{word}’ has no meaning here. {self.names.listed}", i, end)

    def _word(self, start: int, most: int) -> int:
        """Where the Latin letters end that begin here; after so many at most."""
        end = start + 1
        while end - start < most and self.text[start] in _LATIN and self._at(end) in _LATIN:
            end += 1
        return end

    def _is_derivative(self, i: int) -> bool:
        """Whether this d is that of dL/da: of an L before a fraction stroke, or below one."""
        if not self.names.has_partials:
            return False
        after = i + 1
        while self._at(after) == "}":
            after += 1
        if self._at(after) == "L":
            return True
        last = self.found[-1] if self.found else None
        if self.partials % 2 == 0 or last is None:
            return False
        return last.kind in {"/", "{", "(", "_"} or (last.kind == "name" and last.value == "L")


def _shown(part: str) -> str:
    """A part of a text as a message may show it: what has no glyph goes by its number."""
    return "".join(c if " " < c <= "~" or "¡" <= c <= "⿿" else f"U+{ord(c):04X}" for c in part)
