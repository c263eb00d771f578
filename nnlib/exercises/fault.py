"""What is wrong with the gradients of a reader's backward pass, by the reasoning of ``nn.diagnose``.

There the truth is measured, here nnlib knows it. First comes the shape of what the missing line computes,
then how it differs, then what the gradients behind it tell together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.exercises.judge import digits
from nnlib.faults import Case, Together, judge
from nnlib.findings import Finding
from nnlib.shapes import show
from nnlib.slopes import Slopes

_CLOSE = 1e-8  # of the largest entry: what is nearer counts as equal
_SLOPE = (
    "It looks as if a slope, σ′, were missing or wrong, or a way back left out. That is likely, not sure: "
    "all gradients that {gap} goes into are wrong, and none in proportion."
)


@dataclass(frozen=True)
class Fault:
    """What is wrong: its kind, what to say at once, and further steps."""

    kind: str
    message: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compared:
    """What a backward pass gave on one network, beside the truth.

    Attributes
    ----------
    key : str
        What the missing line computes, as it is given back.
    given, truth : mapping of str to array
        By the names that the program gives back.
    values : mapping
        All that nnlib computes of the network.
    words : str
        What network it is.
    """

    key: str
    given: Mapping[str, Array]
    truth: Mapping[str, Array]
    values: Mapping[str, Any]
    words: str

    @property
    def wrong(self) -> list[str]:
        """The names of what differs."""
        return [name for name in self.truth if self.case(name).kind != "right"]

    def case(self, name: str) -> Finding:
        """What one of the arrays tells by itself."""
        return judge(self._case(name))

    def together(self) -> list[Finding]:
        """What the derivatives by the parameters tell together."""
        cases = [self._case(name) for name in self.truth if name[:2] in {"dW", "db"}]
        return Together(cases, [case.label for case in cases]).findings

    def example(self, gap: str) -> str:
        """The entry that differs most, with both numbers; empty where there is none, or the shapes differ."""
        given, truth = self.given[self.key], self.truth[self.key]
        if given.shape != truth.shape:
            return ""
        apart = abs(given - truth)
        at = np.unravel_index(int(apart.argmax()), apart.shape)
        yours, true = (digits(float(array[at]), 4) for array in (given, truth))
        place = ", ".join(str(int(k) + 1) for k in at)
        return (
            f"In {self.words}, at entry ({place}) yours is {yours}, but {gap} is {true}."
            if yours != true
            else ""
        )

    def _case(self, name: str) -> Case:
        label, truth = name.removeprefix("d"), self.truth[name]
        value = self.values.get(label) if name.startswith("d") else None
        value = (
            value if isinstance(value, np.ndarray) and value.shape == truth.shape else np.zeros_like(truth)
        )
        return _case(label, self.given[name], truth, value)


def fault_of(gap: str, found: Sequence[Compared]) -> Fault | None:
    """What is wrong on all of these networks; None where nothing is.

    Examples
    --------
    >>> truth = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
    >>> one = Compared("dW", {"dW": -truth}, {"dW": truth}, {}, "a network of sizes 2, 3")
    >>> found = fault_of("dW", [one])
    >>> found.message, *found.steps
    ('The shape fits, 3 × 2. It is right up to the sign.', 'In a network of sizes 2, 3, at entry ...')
    >>> fault_of("dW", [Compared("dW", {"dW": truth}, {"dW": truth}, {}, "a network")]) is None
    True
    """
    wrong = [compared for compared in found if compared.wrong]
    if not wrong:
        return None
    first, key = wrong[0], wrong[0].key
    findings = [compared.case(key) for compared in found]
    if all(finding.kind == "right" for finding in findings):
        message = (
            f"Your {gap} is right, but {_listed(first.wrong)} is not. Leave the other lines as they were."
        )
        return Fault("other-line", message)
    if first.given[key].shape != first.truth[key].shape:
        return shape_fault(gap, first.given[key], first.truth[key])
    kind, words = _kind(gap, findings, wrong)
    fits = "" if kind == "activation-derivative" else f"The shape fits, {show(first.truth[key].shape)}. "
    return Fault(kind, fits + words, tuple(step for step in [first.example(gap)] if step))


def _kind(gap: str, findings: Sequence[Finding], wrong: Sequence[Compared]) -> tuple[str, str]:
    """How the values differ, on all networks alike."""
    kinds = {finding.kind for finding in findings}
    if kinds == {"sign"}:
        return "sign", "It is right up to the sign."
    if kinds == {"transposed"}:
        return "transposed", "Yours is the transpose."
    if kinds <= {"factor", "sign", "right"}:
        return "factor", f"It is right up to a factor{_factors(gap, findings)}."
    if not gap.startswith("d") or gap.startswith("delta"):
        tells = [[finding.kind for finding in compared.together()] for compared in wrong]
        if all("activation-derivative" in kinds for kinds in tells):
            return "activation-derivative", _SLOPE.format(gap=gap)
    return "differs", "The values differ."


def shape_fault(gap: str, given: Array, truth: Array) -> Fault:
    """What an array of the wrong shape tells: the transpose, a sum that is missing, or nothing more.

    Examples
    --------
    >>> truth = np.array([[1.0], [2.0]])
    >>> shape_fault("delta", truth.T, truth).message
    'The shapes clash: your delta is 1 × 2, but should be 2 × 1. Yours is the transpose.'
    >>> shape_fault("db", np.array([[1.0, 0.0], [1.5, 0.5]]), truth).kind
    'missing-sum'
    """
    clash = f"The shapes clash: your {gap} is {show(given.shape)}, but should be {show(truth.shape)}."
    kind = judge(_case(gap, given, truth, np.zeros_like(truth))).kind
    if kind == "transposed" or (given.T.shape == truth.shape and np.allclose(given.T, truth, _CLOSE)):
        return Fault("transposed", f"{clash} Yours is the transpose.")
    if kind == "missing-sum":
        return Fault("missing-sum", f"{clash} A sum is missing: over the data points, as a rule.")
    return Fault("shape", clash)


def _factors(gap: str, findings: Sequence[Finding]) -> str:
    factors = [finding.factor for finding in findings if finding.factor is not None]
    if max(factors) - min(factors) <= _CLOSE * max(map(abs, factors)):
        return f": yours is {digits(factors[0])} times {gap}"
    return f", but not always the same one: {', '.join(digits(factor) for factor in factors)}"


def _case(label: str, given: Array, truth: Array, value: Array) -> Case:
    """As ``nn.diagnose`` has it, but for a truth that is known, not measured."""
    scale = float(abs(truth).max()) or 1.0
    slopes = Slopes(truth, np.full(truth.shape, _CLOSE * scale), np.ones(truth.shape, bool), scale)
    return Case(label, given.astype(float), slopes, value)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" or " if names[1:] else "") + names[-1]
