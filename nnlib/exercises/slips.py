"""Typical wrong answers, made from the right one: a slope forgotten, another derivative, another entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import product
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array
from nnlib.exercises.judge import Slip
from nnlib.exercises.names import Declared
from nnlib.symbolic.evaluate import evaluate
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.letters import Entry, Jacobian, Letter, Partial, PartialEntry, partial

Known = tuple[Slip, Array]


def plain_name(asked: Any) -> str:
    """What is asked, in plain text.

    Examples
    --------
    >>> from nnlib.symbolic import letters
    >>> L, W2, z = letters("L W2 z")
    >>> plain_name(partial(L, W2)), plain_name(partial(L, W2(1, 2))), plain_name(z)
    ('∂L/∂W⁽²⁾', '∂L/∂W⁽²⁾₁₂', 'z')
    """
    if isinstance(asked, Partial | PartialEntry | Jacobian):
        return f"∂{plain_name(asked.args[0])}/∂{plain_name(asked.args[1])}"
    if isinstance(asked, Entry):
        below = "".join(chr(ord("₀") + int(digit)) for index in asked.index for digit in str(index))
        return plain_name(asked.letter) + below
    return Declared(asked.stem, 1, 1, asked.layer).shown


def as_matrix(expression: Any, forward: ForwardPass) -> Array:
    """What an expression is on a forward pass, as a matrix."""
    return np.atleast_2d(np.asarray(evaluate(expression, forward), dtype=object))


def other_derivatives(asked: Any, forward: ForwardPass, shown: str) -> Iterator[Known]:
    """The derivatives by everything else, and the other entries of the same one; each value once.

    Of an entry of a Jacobian: its other entries alone. Of a Jacobian: those of its parts.
    """
    if isinstance(asked, Partial | PartialEntry | Jacobian):
        others = _jacobians if isinstance(asked, Jacobian) else _others
        seen = {_fingerprint(as_matrix(asked, forward))}
        for message, entries in others(asked, forward, shown):
            key = _fingerprint(entries)
            if key not in seen and any(entry != 0 for entry in entries.ravel()):
                seen.add(key)
                yield Slip("other-derivative", message), entries


def _fingerprint(entries: Array) -> tuple[Any, ...]:
    return entries.shape, *entries.ravel()


def _others(asked: Any, forward: ForwardPass, shown: str) -> Iterator[tuple[str, Array]]:
    of, by = asked.args
    letter = by.letter if isinstance(by, Entry) else by
    rows = _entries(of.letter, forward) if isinstance(of, Entry) else [of]
    if isinstance(by, Entry):
        for row, entry in product(rows, _entries(letter, forward)):
            yield _not(shown, partial(row, entry), forward)
    if isinstance(of, Entry):
        return
    if isinstance(by, Entry):
        message = f"That is {plain_name(partial(of, letter))}, all of it. {shown} is one entry."
        yield message, as_matrix(partial(of, letter), forward)
    for name in sorted(forward.names, key=_is_bias):  # what ∂L/∂b is, ∂L/∂z is first
        if name not in {"y", of.name, letter.name}:
            for other in _letters_called(name, of, forward):
                yield _not(shown, partial(of, other), forward)


def _jacobians(asked: Jacobian, forward: ForwardPass, shown: str) -> Iterator[tuple[str, Array]]:
    of, by = asked.args
    for name in forward.names:
        shape = forward.value(Letter(name, 1, 1)).shape
        if name not in {of.name, by.name} and not _is_bias(name) and 1 in shape and shape != (1, 1):
            other = Letter(name, *shape)
            for pair in ((of, other), (other, by)):
                with suppress(ValueError, KeyError):
                    yield _not(shown, partial(*pair), forward)


def _is_bias(name: str) -> bool:
    return name.startswith("b")


def _entries(letter: Letter, forward: ForwardPass) -> list[Any]:
    """All entries of a letter; a number is its own."""
    shape = forward.shape(letter)
    if shape == (1, 1):
        return [letter]
    return [
        letter(*(n + 1 for n, size in zip(place, letter.shape, strict=True) if size != 1))
        for place in np.ndindex(*shape)
    ]


def _not(shown: str, other: Any, forward: ForwardPass) -> tuple[str, Array]:
    return f"That is {plain_name(other)}, not {shown}.", as_matrix(other, forward)


def _letters_called(name: str, of: Letter, forward: ForwardPass) -> Iterator[Letter]:
    rows, columns = forward.value(Letter(name, 1, 1)).shape
    found = Letter(name, rows, columns)
    try:
        forward.partial(of, found)
    except (ValueError, KeyError):
        return
    yield found


def forgotten_slopes(formula: Formula, forward: ForwardPass, fixed: Sequence[Letter]) -> Iterator[Known]:
    """The formula without σ′: without any of them, and without each one of several.

    Letters that the reader may use keep their true values.
    """
    names = {letter.name for letter in fixed if isinstance(letter, Letter)}
    bare = _without_given(formula, names)
    whole = _Flat(forward, formula, names, dropped=None)
    bare.evaluate(whole)
    for number in range(whole.met):
        yield Slip("slope-forgotten", "You forgot σ′."), bare.evaluate(_Flat(forward, formula, names, number))
    if whole.met > 1:
        message = "You forgot σ′, in more than one place."
        yield Slip("slope-forgotten", message), bare.evaluate(_Flat(forward, formula, names, -1))


def _without_given(formula: Formula, names: set[str]) -> Formula:
    given = [_without_given(g, names) for name, g in formula.given.items() if name not in names]
    return Formula(formula.lhs, formula.rhs, given)


class _Flat:
    """A forward pass whose σ′ is 1 at one of the places where a formula asks for it (−1: at all)."""

    def __init__(self, forward: ForwardPass, formula: Formula, names: set[str], dropped: int | None) -> None:
        self._forward, self._names, self._dropped, self.met = forward, names, dropped, 0
        self._given = list(formula.given.values())

    def value(self, letter: Letter) -> Array:
        if letter.name in self._names:
            return Formula(letter, letter, self._given).evaluate(self._forward)
        return self._forward.value(letter)

    def activation(self, name: str) -> Activation:
        true = self._forward.activation(name)

        def prime(z: Array, a: Array) -> Array:
            self.met += 1
            if self._dropped in {-1, self.met - 1}:
                return np.full(z.shape, sp.Integer(1), dtype=object)
            return true.prime(z, a)

        return Activation(true.name, true.numeric, true.symbolic, prime)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._forward, name)
