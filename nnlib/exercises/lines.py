"""Exercises that take a line out of a backward pass: the reader writes it, and nnlib runs the program.

A program stands in the book's code once, with its line as a function. The page shows it with a gap; with the
true line it is run and compared with nnlib before there is an exercise, with typical wrong ones it tells what
went wrong. What the reader hands over is run on several networks of sizes that all differ.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.exercises.exercise import Checked
from nnlib.exercises.fault import Compared, Fault, fault_of, shape_fault
from nnlib.exercises.quantities import described, quantities
from nnlib.exercises.trial import Stopped, misfit, run
from nnlib.network import Network
from nnlib.shapes import show

Backward = Callable[..., dict[str, Any]]
Gap = Callable[[dict[str, Any]], Array]
_CLOSE = 1e-8  # of the largest entry


@dataclass(frozen=True)
class Trial:
    """A network to run on: what it is, in words, and everything that nnlib computes of it, by name."""

    words: str
    values: dict[str, Any]


def trials(make: Callable[[Sequence[int], int], Network], *shapes: tuple[Sequence[int], int]) -> list[Trial]:
    """Networks with data, for sizes and a number of data points each.

    Parameters
    ----------
    make : callable
        From sizes and a seed to a network.
    *shapes : (sizes, number of data points)
        Let all of them differ: then a lost transpose shows.

    Examples
    --------
    >>> import nnlib as nn
    >>> one, = trials(lambda n, seed: nn.Network.random(n, "tanh", "squared_error"), ((3, 2), 1))
    >>> one.words, one.values["dW"].shape
    ('a network of sizes 3, 2', (2, 3))
    """
    found = []
    for seed, (sizes, points) in enumerate(shapes, start=1):
        net, rng = make(sizes, seed), np.random.default_rng(seed)
        x, y = rng.normal(size=(sizes[0], points)), rng.uniform(0.1, 0.9, size=(sizes[-1], points))
        turned = (x, y) if net.convention == "column" else (x.T, y.T)
        found.append(Trial(described(sizes, points), quantities(net, *turned)))
    return found


@dataclass(frozen=True, repr=False)
class LineChecked(Checked):
    """What an exercise says of a backward pass: its first step, and more when asked for.

    Attributes
    ----------
    kind : str
        ``right``, ``not-filled``, ``stopped``, ``shape``, ``sign``, ``factor``, ``transposed``,
        ``missing-sum``, ``activation-derivative``, ``no-value``, ``other-line``, ``differs``, or a kind of
        the exercise's own.

    Examples
    --------
    >>> LineChecked("wrong", "differs", "The values differ.", ("The values differ.", "A hint."))
    The values differ.
    For more, print(_.more()) in the next cell.
    """

    name: str = ""

    def more(self) -> str:
        """All steps of help, a line each."""
        return "\n".join(self.help)

    def __repr__(self) -> str:
        further = "\nFor more, print(_.more()) in the next cell." if len(self.help) > 1 else ""
        return f"{self.message}{further}"

    def _repr_html_(self) -> str:
        from nnlib.exercises.line_page import said_html  # noqa: PLC0415  the page is made of exercises

        return said_html(self)


class Line:
    r"""A backward pass with a line missing.

    Parameters
    ----------
    name : str
        Its id, for links: ``two-layers.line-delta1``.
    statement : str
        What is asked; mathematics between dollar signs.
    program : callable
        From a line, as a function of all names, to the backward pass that holds it. Its source is what the
        page shows.
    solution : callable
        The line: a function of the names that it uses; its only statement is ``return``.
    trials : callable
        Makes the networks to run on.
    gap : str
        What the line computes, as the program names it; and as it gives it back, if that is another name.
    hints, slips, because
        As in ``Exercise``; a slip is a kind, a message, and a wrong line.

    Raises
    ------
    ValueError
        When the true line does not give what nnlib gives, or a slip does.

    Examples
    --------
    >>> import nnlib as nn
    >>> exercise = nn.exercises.line("single-layer.line-dW")
    >>> print(exercise.program)
    def my_backward(x, y, W, b):
        z = W @ x + b
        a = np.tanh(z)
        delta = (a - y) * (1 - a**2)
        dW = ...  # your line
        return {"dW": dW, "db": delta}
    >>> def my_backward(x, y, W, b):
    ...     z = W @ x + b
    ...     a = np.tanh(z)
    ...     delta = (a - y) * (1 - a**2)
    ...     dW = x @ delta.T
    ...     return {"dW": dW, "db": delta}
    >>> exercise.check(my_backward).kind
    'transposed'
    """

    def __init__(  # noqa: PLR0913  an exercise is all of this; most by name only
        self,
        name: str,
        statement: str,
        program: Callable[[Gap], Backward],
        solution: Callable[..., Any],
        trials: Callable[[], list[Trial]],
        *,
        gap: str | tuple[str, str],
        hints: Sequence[str] = (),
        slips: Sequence[tuple[str, str, Callable[..., Any]]] = (),
        because: str = "",
    ) -> None:
        self.name, self.statement, self.because, self.hints = name, statement, because, tuple(hints)
        self.gap, self.key = (gap, gap) if isinstance(gap, str) else gap
        self.backward = program(_by_name(solution))
        self.trials, self._slips = trials(), slips
        self.parameters = list(inspect.signature(self.backward).parameters)
        self.formula = inspect.getsource(solution).strip().rpartition("return ")[2]
        self._wrong = [
            (kind, message, self._results(program(_by_name(line)))) for kind, message, line in slips
        ]
        self.error = self._proved()

    @property
    def program(self) -> str:
        """The program with its gap, as a cell holds it."""
        return _GAP.sub("...  # your line", self._source)

    @property
    def solved(self) -> str:
        """The program with the line in its place."""
        return _GAP.sub(lambda _: self.formula, self._source)

    def check(self, function: Any) -> LineChecked:
        """What is to be said of a backward pass.

        Parameters
        ----------
        function : callable
            The program of this exercise, with the line that the reader has written.
        """
        if problem := misfit(function, self.parameters):
            return self._said("stopped", problem)
        found = []
        for trial in self.trials:
            result = run(function, self._given(trial))
            if isinstance(result, Stopped):
                return self._of_stopped(result, trial)
            if (reply := self._unusable(result)) is not None:
                return reply
            found.append(Compared(self.key, *self._arrays(result, trial), trial.values, trial.words))
        fault = self._known(found) or fault_of(self.gap, found)
        if fault is None:
            return LineChecked("right", "right", self._praise, (self._praise,), name=self.name)
        return self._said(fault.kind, fault.message, *fault.steps)

    def _repr_html_(self) -> str:
        from nnlib.exercises.line_page import static_html  # noqa: PLC0415  the page is made of exercises

        return static_html(self)

    # ---- inner workings --------------------------------------------------------------------------------

    @property
    def _source(self) -> str:
        return dedent(inspect.getsource(self.backward)).strip()

    @property
    def _praise(self) -> str:
        return f"Right: on {len(self.trials)} networks, nnlib finds the same gradients."

    def _said(self, kind: str, message: str, *steps: str) -> LineChecked:
        return LineChecked("wrong", kind, message, (message, *steps, *self.hints), name=self.name)

    def _given(self, trial: Trial) -> dict[str, Any]:
        return {name: trial.values[name] for name in self.parameters}

    def _truth(self, trial: Trial) -> dict[str, Array]:
        """The gradients that nnlib finds, under the names that the program gives back."""
        return {name: trial.values[name] for name in self._keys}

    def _results(self, backward: Backward) -> list[dict[str, Any] | Stopped]:
        return [run(backward, self._given(trial)) for trial in self.trials]

    def _proved(self) -> float:
        """The largest error of the solution, relative to the largest entry; every slip must be wrong."""
        errors = [0.0]
        self._keys: list[str] = []
        for trial, result in zip(self.trials, self._results(self.backward), strict=True):
            if isinstance(result, Stopped):
                raise ValueError(f"{self.name}: the solution stops. {result.message}")  # noqa: TRY004
            self._keys = list(result)
            for key, truth in self._truth(trial).items():
                errors.append(_apart(result[key], truth))
        if max(errors) > _CLOSE:
            raise ValueError(f"{self.name}: the solution does not give what nnlib gives")
        for kind, message, results in self._wrong:
            if any(isinstance(result, Stopped) for result in results):
                raise ValueError(f"{self.name}: the slip {kind!r} stops: {message}")
            if all(self._is_true(result, trial) for result, trial in zip(results, self.trials, strict=True)):
                raise ValueError(f"{self.name}: the slip {kind!r} is right: {message}")
        return max(errors)

    def _is_true(self, result: Any, trial: Trial) -> bool:
        return all(_apart(result[key], truth) < _CLOSE for key, truth in self._truth(trial).items())

    def _of_stopped(self, stopped: Stopped, trial: Trial) -> LineChecked:
        value: Any = stopped.values.get(self.gap)
        if value is Ellipsis:
            return self._empty()
        truth = trial.values[self.key]
        wanted = f"{self.gap} should be {show(truth.shape)} in {trial.words}."
        shown = np.asarray(value) if isinstance(value, np.ndarray | np.number | float | int) else truth
        if self.gap == self.key and shown.shape != truth.shape:
            fault = shape_fault(self.gap, shown, truth)
            return self._said(fault.kind, fault.message, f"This is {trial.words}.")
        return self._said("stopped", stopped.message, wanted)

    def _empty(self) -> LineChecked:
        message = (
            f"Not filled yet. Write your formula in place of the dots in {self.gap} = ..., then run that "
            "cell and this one."
        )
        return LineChecked("wrong", "not-filled", message, (message,), name=self.name)

    def _unusable(self, result: dict[str, Any]) -> LineChecked | None:
        """A reply where what came back cannot be compared."""
        if lacking := [key for key in self._keys if key not in result]:
            return self._said(
                "other-line", f"It gives back no {', '.join(lacking)}. Leave its last line as it was."
            )
        if any(result[key] is Ellipsis for key in self._keys):
            return self._empty()
        for key in self._keys:
            if (problem := _problem(result[key])) is not None:
                return self._said("no-value", f"Your {key} {problem}.")
        return None

    def _arrays(self, result: dict[str, Any], trial: Trial) -> tuple[dict[str, Array], dict[str, Array]]:
        return {key: np.asarray(result[key]) for key in self._keys}, self._truth(trial)

    def _known(self, found: Sequence[Compared]) -> Fault | None:
        """The typical slip that gives the same numbers on every network."""
        if all(_apart(c.given[self.key], c.truth[self.key]) < _CLOSE for c in found):
            return None
        for kind, message, results in self._wrong:
            pairs = zip(found, results, strict=True)
            if all(
                isinstance(r, dict) and _apart(c.given[self.key], np.asarray(r[self.key])) < _CLOSE
                for c, r in pairs
            ):
                return Fault(kind, message, tuple(_example(self.gap, found)))
        return None


_GAP = re.compile(r"\bline\(vars\(\)\)")


def _by_name(line: Callable[..., Array]) -> Gap:
    """A line as a function of all names: it takes those that it uses."""
    names = list(inspect.signature(line).parameters)
    return lambda values: line(*(values[name] for name in names))


def _example(gap: str, found: Sequence[Compared]) -> Iterator[str]:
    step = next((c.example(gap) for c in found if c.example(gap)), "")
    if step:
        yield step


def _apart(given: Any, truth: Array) -> float:
    """The largest difference, relative to the largest entry; infinite where the shapes differ."""
    given = np.asarray(given)
    if given.shape != truth.shape:
        return float("inf")
    return float(abs(given - truth).max()) / (float(abs(truth).max()) or 1.0)


def _problem(value: Any) -> str | None:
    """Why something is no array of finite numbers."""
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        return "is no matrix: its rows have different lengths"
    if array.dtype.kind not in "iufb":
        return (
            f"holds {type(value).__name__}, no numbers"
            if array.ndim == 0
            else f"holds {array.dtype}, no numbers"
        )
    return None if np.isfinite(array).all() else "has entries that are no finite numbers"
