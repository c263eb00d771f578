"""What an exercise computes on numbers: letters, truth and typical slips, from one compiled program.

The numbers in the page come from the same program, printed as JavaScript. The module there has no activation,
no loss and no gradient of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array, relu, sigmoid, softplus, tanh
from nnlib.exercises.arithmetic import Function, Numbers
from nnlib.exercises.compare import proportion
from nnlib.exercises.generic import made_concrete
from nnlib.exercises.points import Range, random_points, readable_points
from nnlib.exercises.values import Value
from nnlib.symbolic.javascript import Compiled, compile_expressions

_U = sp.Symbol("u", real=True)


@dataclass(frozen=True)
class Curve:
    """A function of one number and its slope, as expressions.

    The slope is a form that keeps its digits: that of tanh is no difference.
    """

    value: Callable[[Any], Any]
    slope: Callable[[Any], Any]

    @classmethod
    def of(cls, activation: Activation) -> Curve:
        """An activation of nnlib."""

        def slope(u: Any) -> Any:
            z = np.array([[u]], dtype=object)
            return sp.sympify(activation.prime(z, activation(z))[0, 0])

        return cls(activation.symbolic, slope)

    def derivative(self, primes: int, u: sp.Symbol) -> Any:
        """The function, or one of its derivatives."""
        return self.value(u) if primes == 0 else sp.diff(self.slope(u), u, primes - 1)


#: The functions that every exercise knows.
STANDARD: Mapping[str, Curve] = {
    "exp": Curve(sp.exp, sp.exp),
    "log": Curve(sp.log, lambda u: 1 / u),
    **{f.name: Curve.of(f) for f in (tanh, relu, sigmoid, softplus)},
}


def compact(compiled: Compiled) -> Compiled:
    """The same with a shorter text in JavaScript: a page holds it for every exercise.

    Examples
    --------
    >>> u = sp.Symbol("u")
    >>> compact(compile_expressions({"x": u}, {"y": sp.exp(u) / 2 + 1, "z": sp.exp(u) - 1})).js
    'v=>{const t0=Math.exp(v[0]);return[(1/2)*t0+1,t0-1];}'
    """
    js = re.sub(r"(?<=[^\w ]) (?=[^ -])|(?<=[^- ]) (?=[^\w ])", "", compiled.js)
    return replace(compiled, js=re.sub(r";const (?=t\d)", ",", js))


@cache
def compiled_function(curve: Curve) -> Compiled:
    """A function of one number with its first three derivatives, compiled.

    Examples
    --------
    >>> compiled_function(STANDARD["exp"]).js
    'v=>{const t0=Math.exp(v[0]);return[t0,t0,t0,t0];}'
    """
    outputs = {str(k): made_concrete(curve.derivative(k, _U)) for k in range(4)}
    return compact(compile_expressions({"u": _U}, outputs))


@dataclass(frozen=True)
class Sample:
    """One point: the inputs, the letters' values, the truth's, and those of the typical slips."""

    inputs: tuple[float, ...]
    letters: tuple[Value, ...]
    truth: Value
    slips: tuple[Value, ...]


class Program:
    """The compiled numbers of an exercise.

    Parameters
    ----------
    inputs : mapping
        Page name → symbol, of all that a forward pass begins with.
    ranges : mapping
        Page name → least and greatest value, where any other would make no sense.
    letters, slips : sequence of arrays
        Expressions in the inputs.
    truth : array
        The right answer.
    functions : mapping
        Name → function that a reader may use.

    Examples
    --------
    >>> x = sp.Symbol("x", real=True)
    >>> column = np.array([[x]], dtype=object)
    >>> program = Program({"x": x}, {}, [column], column**2, [], STANDARD)
    >>> sample = program.readable[1]
    >>> sample.letters[0].entries, sample.truth.entries
    (((2.0, 8.0),), ((4.0, 16.0),))
    """

    def __init__(
        self,
        inputs: Mapping[str, sp.Symbol],
        ranges: Mapping[str, tuple[float, float]],
        letters: Sequence[Array],
        truth: Array,
        slips: Sequence[Array],
        functions: Mapping[str, Curve],
    ) -> None:
        self._count = len(letters)
        matrices = [*letters, truth, *slips]
        self.layout = [tuple(map(int, matrix.shape)) for matrix in matrices]
        outputs = [made_concrete(entry) for matrix in matrices for entry in matrix.ravel()]
        used = set().union(*(entry.free_symbols for entry in outputs))
        needed = {name: symbol for name, symbol in inputs.items() if symbol in used}
        weights = used - set(needed.values())  # of a loss of which nothing is known
        needed |= {str(weight): weight for weight in sorted(weights, key=str)}
        self.compiled = compact(
            compile_expressions(needed, {str(k): entry for k, entry in enumerate(outputs)})
        )
        self.ranges: list[Range] = [ranges.get(name) for name in needed]
        self.functions = {name: compiled_function(function) for name, function in functions.items()}

    @property
    def slips(self) -> int:
        """How many typical slips there are."""
        return len(self.layout) - self._count - 1

    @cached_property
    def arithmetic(self) -> Numbers:
        """Numbers, with the exercise's functions."""
        return Numbers({name: _caller(compiled) for name, compiled in self.functions.items()})

    @cached_property
    def random(self) -> list[Sample]:
        """The points that decide."""
        return [self.sample(point) for point in random_points(self.ranges)]

    @cached_property
    def readable(self) -> list[Sample]:
        """The points that are shown."""
        return [self.sample(point) for point in readable_points(self.ranges)]

    def alike(self, slip: int) -> float:
        """How many times the truth a slip is; 0 where it is no multiple of it."""
        samples = self.random
        return proportion([sample.slips[slip] for sample in samples], [sample.truth for sample in samples])

    def sample(self, point: Sequence[float]) -> Sample:
        """Everything at one point: a number for each input."""
        with np.errstate(all="ignore"):
            numbers = list(self.compiled(dict(zip(self.compiled.inputs, point, strict=True))).values())
        values, at = [], 0
        for rows, columns in self.layout:
            entries = numbers[at : at + rows * columns]
            at += rows * columns
            error = 4 * max(map(abs, entries))
            values.append(Value(rows, columns, tuple((entry, error) for entry in entries)))
        n = self._count
        return Sample(tuple(point), tuple(values[:n]), values[n], tuple(values[n + 1 :]))


def _caller(compiled: Compiled) -> Function:
    @lru_cache(maxsize=4096)  # an entry comes again and again, at the same points
    def call(u: float) -> tuple[float, ...]:
        with np.errstate(all="ignore"):
            return tuple(compiled({"u": u}).values())

    return call
