"""What letters an exercise has, how they may be spelled, and which entry an index names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nnlib.exercises.grammar import FUNCTIONS, PAIRED, SPELLINGS, UP, WHOLE
from nnlib.shapes import show

_GREEK = {"delta": "δ", "Delta": "Δ", "sigma": "σ", "eta": "η", "yhat": "ŷ", "ones": "𝟏", "lambda": "λ"}


@dataclass(frozen=True)
class Declared:
    """A letter of an exercise: what it is called, its layer, and its shape at the exercise's sizes.

    Parameters
    ----------
    stem : str
        Its name without a layer: ``W``, ``delta``.
    rows, columns : int
        Its shape.
    layer : int, optional
        Its layer, in a network with several.
    partial : bool
        Whether it is ∂L/∂ of that letter.

    Examples
    --------
    >>> Declared("W", 2, 3, layer=1).shown, Declared("a", 2, 1, partial=True).shown
    ('W⁽¹⁾', '∂L/∂a')
    """

    stem: str
    rows: int
    columns: int
    layer: int | None = None
    partial: bool = False

    @property
    def key(self) -> str:
        """Its page name: ``W1``, ``da``."""
        return f"{'d' if self.partial else ''}{self.stem}{self.layer or ''}"

    @property
    def shown(self) -> str:
        """In plain text, as messages name it."""
        above = "" if self.layer is None else f"⁽{''.join(UP[int(c)] for c in str(self.layer))}⁾"
        return f"{'∂L/∂' if self.partial else ''}{_GREEK.get(self.stem, self.stem)}{above}"

    @property
    def indices(self) -> int:
        """How many indices name one entry: 2, 1 or none."""
        return (self.rows > 1) + (self.columns > 1) if 1 in {self.rows, self.columns} else 2

    def places(self, numbers: Sequence[str]) -> list[tuple[int, int]]:
        """Row and column from 0 of the entry with those indices: a list of one, or of none."""
        index = [int(number) - 1 for number in numbers]
        if len(index) == 1 and self.indices < 2:
            index = [index[0], 0] if self.columns == 1 else [0, index[0]]
        if len(index) != 2 or not (0 <= index[0] < self.rows and 0 <= index[1] < self.columns):
            return []
        return [(index[0], index[1])]


class Misnamed(Exception):
    """An index or a layer that there is not; the message says what there is.

    Examples
    --------
    >>> Vocabulary([Declared("x", 3, 1)]).find("x", None, ("4",))
    Traceback (most recent call last):
    nnlib.exercises.names.Misnamed: x is 3 × 1: it has no entry 4.
    """


@dataclass(frozen=True)
class Vocabulary:
    """The letters of an exercise and its functions.

    Examples
    --------
    >>> one = Vocabulary([Declared("a", 2, 1), Declared("W", 2, 3)])
    >>> one.find("a", None, ("1",)), one.find("W", None, ("12",))
    ((0, 0, 0), (1, 0, 1))
    >>> two = Vocabulary([Declared("a", 2, 1, layer=1), Declared("W", 2, 3, layer=2)])
    >>> two.find("a", None, ("1",)), two.find("W", 2, ("1", "2")), two.find("W", None, ("212",))
    ((0, -1, -1), (1, 0, 1), (1, 0, 1))
    """

    letters: Sequence[Declared]
    functions: Sequence[str] = (*FUNCTIONS, "sigma")

    @cached_property
    def spelled(self) -> dict[str, str]:
        """Every spelling with what it stands for."""
        names = {letter.stem for letter in self.letters} | {*self.functions, *WHOLE, *PAIRED, "e", "I"}
        if self.has_partials:
            names |= {"L", "l", "nabla"}
        if "Delta" not in names and "delta" in names:
            return self._spellings(names) | {"Δ": "delta"}
        return self._spellings(names)

    @staticmethod
    def _spellings(names: set[str]) -> dict[str, str]:
        return {spelling: name for spelling, name in SPELLINGS.items() if name in names} | {
            name: name for name in sorted(names)
        }

    @cached_property
    def longest(self) -> dict[str, int]:
        """First character → length of the longest spelling that begins with it.

        >>> Vocabulary([Declared("delta", 2, 1)]).longest["d"]
        5
        """
        found: dict[str, int] = {}
        for spelling in self.spelled:
            found[spelling[0]] = max(len(spelling), found.get(spelling[0], 0))
        return found

    @cached_property
    def has_partials(self) -> bool:
        """Whether any letter is a derivative of the loss."""
        return any(letter.partial for letter in self.letters)

    @cached_property
    def listed(self) -> str:
        """The letters, for the end of a message."""
        shown = ", ".join(letter.shown for letter in self.letters)
        return f"The letters here: {shown}." if shown else "There are no letters here."

    def is_letter(self, stem: str) -> bool:
        """Whether some letter, whatever its layer, has that name."""
        return any(letter.stem == stem for letter in self.letters)

    def is_number(self, stem: str) -> bool:
        """Whether a name has no layers and no entries: then what stands behind it multiplies.

        >>> Vocabulary([Declared("w", 1, 1), Declared("x", 3, 1)]).is_number("x")
        False
        """
        return all(d.layer is None and d.indices == 0 for d in self.letters if d.stem == stem)

    def needs_layer(self, stem: str) -> bool:
        """Whether a letter of that name has a layer in every case, so that one must be said."""
        return all(d.layer is not None for d in self.letters if d.stem == stem)

    def is_layer(self, stem: str, layer: int, partial: bool = False) -> bool:
        """Whether that letter has layers, this one among them."""
        return any(d.stem == stem and d.layer == layer and d.partial == partial for d in self.letters)

    def find(
        self, stem: str, layer: int | None, digits: Sequence[str], partial: bool = False
    ) -> tuple[int, int, int]:
        """Which letter is meant, and which of its entries: row and column from 0, or −1 for the whole.

        Parameters
        ----------
        stem : str
            The name.
        layer : int, optional
            The layer, where it stood apart, in brackets.
        digits : sequence of str
            The digits behind and below the name, in groups: ``w12`` has one, ``w[1][2]`` two.
        partial : bool
            Whether ∂L/∂ of it is meant.

        Raises
        ------
        Misnamed
            When there is no such letter or entry.
        """
        same = [k for k, d in enumerate(self.letters) if d.stem == stem and d.partial == partial]
        if not same:
            raise Misnamed(f"{'∂L/∂' if partial else ''}{stem} is no letter here. {self.listed}")
        plain = [k for k in same if self.letters[k].layer is None]
        if plain and layer in {None, 1}:
            return (plain[0], *self.entry(self.letters[plain[0]], digits))
        chosen = [k for k in same if self.letters[k].layer == layer]
        if layer is None:
            chosen, digits = self._layer_of(same, digits)
        if not chosen:
            raise Misnamed(f"Which layer? {self.listed}")
        return (chosen[0], *self.entry(self.letters[chosen[0]], digits))

    def _layer_of(self, same: Sequence[int], digits: Sequence[str]) -> tuple[list[int], Sequence[str]]:
        """The first digits as the number of a layer, and what is left for the indices."""
        if not digits:
            return (list(same) if len(same) == 1 else []), digits
        first, *rest = digits
        for length, left in ((len(first), rest), (1, [first[1:], *rest])):
            chosen = [k for k in same if str(self.letters[k].layer) == first[:length]]
            if chosen:
                return chosen, left
        return [], digits

    @staticmethod
    def entry(letter: Declared, digits: Sequence[str]) -> tuple[int, int]:
        """Row and column from 0 of the entry that such digits name, or −1 for the whole.

        Raises
        ------
        Misnamed
            When there is no such entry.
        """
        if not digits or not "".join(digits):
            return -1, -1
        readings = [list(digits)]
        if len(digits) == 1 and len(digits[0]) == 2:
            readings.append(list(digits[0]))
        inside = [place for reading in readings for place in letter.places(reading)]
        if inside:
            return inside[0]
        fitting = {1, 2} if letter.indices == 1 else {2}
        shape = show((letter.rows, letter.columns))
        if all(len(reading) not in fitting for reading in readings) or letter.indices == 0:
            how = ("no index", "one index, as in x_1", "two indices, row and column, as in W_12")[
                letter.indices
            ]
            if letter.indices == 0:
                how += f". Write {letter.shown}*{digits[0]}, or {letter.shown}^{digits[0]} for a power"
            raise Misnamed(f"{letter.shown} is {shape}: it takes {how}.")
        which = ", ".join(str(int(group)) for group in readings[-1 if letter.indices == 2 else 0])
        first = " The first is 1." if 0 in map(int, digits) else ""
        raise Misnamed(f"{letter.shown} is {shape}: it has no entry {which}.{first}")
