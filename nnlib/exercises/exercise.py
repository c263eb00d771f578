"""An exercise that asks for a formula: stated, proved, checked, and helped with, by one object.

The judge compares numbers, in Python and in the page alike. In Python a right answer is then proved, and a
wrong one gets a counterexample that is certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Array, identity
from nnlib.exercises.arithmetic import Symbols
from nnlib.exercises.judge import Judgement, Question, Slip
from nnlib.exercises.names import Declared, Vocabulary
from nnlib.exercises.program import STANDARD, Curve, Program
from nnlib.exercises.reach import reachable_slips
from nnlib.exercises.slips import Known, as_matrix, forgotten_slopes, other_derivatives, plain_name
from nnlib.exercises.terms import terms
from nnlib.exercises.values import Evaluation, Value
from nnlib.softmax import softmax
from nnlib.symbolic.counterexample import Counterexample, find_counterexample
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Entry, Letter, Partial, PartialEntry
from nnlib.symbolic.prove import Proof, Undecided, prove

_MOST_TERMS = 3000  # what has more, multiplied out, takes a proof long; the numbers have decided already


@dataclass(frozen=True)
class Checked:
    """What an exercise says of an answer.

    Attributes
    ----------
    verdict : str
        ``right``, ``wrong`` or ``unreadable``.
    kind : str
        ``right``, ``syntax``, ``rounding``, ``shape``, ``sign``, ``factor``, ``transposed``,
        ``slope-forgotten``, ``other-derivative``, ``no-value``, ``differs``, or a kind of the exercise's own.
    message : str
        What to say at once.
    help : tuple of str
        Step by step: the message, a point where it differs with both numbers, the hints.
    place : (int, int) or None
        Where in the text.
    proof : Proof or None
        Of a right answer.
    counterexample : Counterexample or None
        To a wrong one of the right shape.
    """

    verdict: str
    kind: str
    message: str
    help: tuple[str, ...] = ()
    place: tuple[int, int] | None = None
    proof: Proof | None = None
    counterexample: Counterexample | None = None

    def __bool__(self) -> bool:
        return self.verdict == "right"

    def __str__(self) -> str:
        return self.message


class Exercise:
    r"""A formula to be found.

    Parameters
    ----------
    name : str
        Its id, for links: ``single-layer.dW``.
    statement : str
        What is asked; mathematics between dollar signs.
    formula : Formula
        The answer. It must be proved equal to what is asked.
    forward : ForwardPass
        The pass it is about. Choose sizes that all differ: then a lost transpose shows.
    letters : sequence of Letter or partial(L, …)
        What the answer may be made of.
    asked : partial(…), Letter or Entry, optional
        What the formula should be; its left side where it is left out.
    hints : sequence of str
        Given one after the other, when the answer is wrong.
    slips : sequence of (str, str, Formula)
        Further wrong answers with a kind and a message of their own.
    ranges : mapping
        Name of a letter that the pass begins with → its least and greatest value (``{"y": (0, 1)}``).
    because : str
        Why, for the solution; mathematics between dollar signs.
    beside : sequence of Formula
        What the solution prints below the answer: the slope of the activation, say. Each must be proved, too.

    Raises
    ------
    ValueError
        When a formula is not proved, or has no value at some point.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import ForwardPass, letters, network, partial, undefined_loss
    >>> W, x, z, delta, L = letters("W x z delta L")
    >>> error = nn.Formula(delta, partial(L, z))
    >>> dW = nn.Formula(partial(L, W), delta * x.T, given=[error])
    >>> exercise = Exercise(
    ...     "dW", r"What is $\partial L/\partial W$, by $\delta$ and $x$?", dW,
    ...     ForwardPass(network((3, 2), loss=undefined_loss("l"))), [delta, x, W],
    ... )
    >>> exercise.check("delta x^T")
    Checked(verdict='right', kind='right', message='Right.', help=(), place=None, proof=Proof(...), ...)
    >>> print(exercise.check("x δᵀ"))
    The shapes clash: yours is 3 × 2, but ∂L/∂W is 2 × 3, as W is. Yours is the transpose.
    >>> print(exercise.check("δ x"))
    δ is 2 × 1 and x is 3 × 1: δ x does not fit.
    >>> print(exercise.check("W^T δ"))
    That is ∂L/∂x, not ∂L/∂W.
    >>> print(*exercise.check("2 δ x^T").help, sep="\n")
    The shape fits, 2 × 3. It is right up to a factor: yours is 2 times ∂L/∂W.
    ...
    """

    def __init__(  # noqa: PLR0913  an exercise is all of this; most by name only
        self,
        name: str,
        statement: str,
        formula: Formula,
        forward: ForwardPass,
        letters: Sequence[Letter | Partial],
        *,
        asked: Any = None,
        hints: Sequence[str] = (),
        slips: Sequence[tuple[str, str, Formula]] = (),
        ranges: Mapping[str, tuple[float, float]] | None = None,
        because: str = "",
        beside: Sequence[Formula] = (),
    ) -> None:
        self.name, self.statement, self.formula, self.because = name, statement, formula, because
        self.asked, self.hints = formula.lhs if asked is None else asked, tuple(hints)
        self._forward, self._letters = forward, tuple(letters)
        self.truth = np.atleast_2d(formula.evaluate(forward))
        self.proof = self._proved(formula, as_matrix(self.asked, forward), self.shown)
        self.beside = tuple(beside)
        for one in beside:
            self._proved(one, Formula(one.lhs, one.lhs).evaluate(forward), latex(one.lhs))
        self.question = self._question(slips, ranges or {})
        self._require_values()

    @property
    def shown(self) -> str:
        """The name of what is asked: that of the formula's left side."""
        return plain_name(self.formula.lhs)

    def check(self, text: str) -> Checked:
        """What is to be said of an answer.

        Parameters
        ----------
        text : str
            As a reader types it (see ``nnlib.exercises.grammar``).
        """
        found = self.question.judge(text)
        verdict, kind, message, steps = found.verdict, found.kind, found.message, found.help
        outcome = self._decide(text, found)
        if isinstance(outcome, Counterexample) and verdict == "right":
            verdict, kind, message = "wrong", "differs", "The values differ, though by very little."
            steps = (message, str(outcome))
        proof = outcome if isinstance(outcome, Proof) else None
        counterexample = outcome if isinstance(outcome, Counterexample) else None
        return Checked(verdict, kind, message, steps, found.place, proof, counterexample)

    def symbols_of(self, text: str, tree: Any) -> Array:
        """What was typed, as SymPy expressions in what the forward pass begins with."""
        value = Evaluation(
            text,
            self._symbolic_letters,
            Symbols({name: curve.derivative for name, curve in self._functions.items()}),
        ).of(tree)
        return np.array(value.entries, dtype=object).reshape(value.shape)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from nnlib.exercises.widget import mimebundle  # noqa: PLC0415  the widget is made of exercises

        return mimebundle(self, **kwargs)

    # ---- inner workings --------------------------------------------------------------------------------

    def _proved(self, formula: Formula, meant: Array, called: str) -> Proof:
        outcome = prove(meant, np.atleast_2d(formula.evaluate(self._forward)))
        if not isinstance(outcome, Proof):
            raise ValueError(  # noqa: TRY004  its value is wrong, not its type
                f"{self.name}: the formula is not {called}: {outcome}"
            )
        return outcome

    def _question(
        self, own: Sequence[tuple[str, str, Formula]], ranges: Mapping[str, tuple[float, float]]
    ) -> Question:
        known: list[Known] = [
            (Slip(kind, message), np.atleast_2d(wrong.evaluate(self._forward)))
            for kind, message, wrong in own
        ]
        known += forgotten_slopes(
            self.formula, self._forward, [x for x in self._letters if isinstance(x, Letter)]
        )
        known += other_derivatives(self.asked, self._forward, self.shown)
        program = self._program(known, ranges)
        reachable = reachable_slips(program)
        kept = [  # ∂L/∂b may be ∂L/∂z, too; of what is a multiple of the truth, the factor is told
            pair
            for k, pair in enumerate(known)
            if k in reachable and ((k < len(own) and program.alike(k) != 1) or not program.alike(k))
        ]
        if len(kept) < len(known):
            known, program = kept, self._program(kept, ranges)
        by = self.asked.args[1] if isinstance(self.asked, Partial | PartialEntry) else None
        like = f", as {plain_name(by)} is" if by is not None and not isinstance(by, Entry) else ""
        return Question(
            Vocabulary(self.declared, tuple(self._functions)),
            program,
            self.shown,
            [slip for slip, _ in known],
            like,
            self.hints,
        )

    def _program(self, known: Sequence[Known], ranges: Mapping[str, tuple[float, float]]) -> Program:
        inputs, limits = self._inputs(ranges)
        slips = [entries for _, entries in known]
        return Program(inputs, limits, [*self._entries.values()], self.truth, slips, self._functions)

    @cached_property
    def _entries(self) -> dict[Letter | Partial, Array]:
        """The letters that the reader may use, on the forward pass."""
        given = list(self.formula.given.values())
        return {
            letter: Formula(letter, letter, given).evaluate(self._forward)
            if isinstance(letter, Letter)
            else as_matrix(letter, self._forward)
            for letter in self._letters
        }

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """The letters, with their shapes."""
        found = []
        for letter, entries in self._entries.items():
            named = letter.args[1] if isinstance(letter, Partial) else letter
            rows, columns = entries.shape
            found.append(Declared(named.stem, rows, columns, named.layer, isinstance(letter, Partial)))
        return tuple(found)

    @cached_property
    def _symbolic_letters(self) -> list[Value]:
        return [
            Value(entries.shape[0], entries.shape[1], tuple(entries.ravel()))
            for entries in self._entries.values()
        ]

    @cached_property
    def _functions(self) -> dict[str, Curve]:
        """The functions that the reader may use; σ where the pass has one."""
        network = self._forward.network
        activations = {layer.activation for layer in network.layers} - {softmax} if network else set()
        own = {"sigma": Curve.of(next(iter(activations)))} if len(activations) == 1 else {}
        return {**STANDARD, **({} if activations == {identity} else own)}

    def _inputs(
        self, ranges: Mapping[str, tuple[float, float]]
    ) -> tuple[dict[str, sp.Symbol], dict[str, tuple[float, float]]]:
        inputs, limits = {}, {}
        for name, entries in self._forward.leaves.items():
            for i, j in np.ndindex(*entries.shape):
                key = f"{name}[{i + 1}][{j + 1}]"
                inputs[key] = entries[i, j]
                if name in ranges:
                    limits[key] = ranges[name]
        return inputs, limits

    def _require_values(self) -> None:
        for sample in self.question.program.random:
            if not all(np.isfinite(entry) for entry, _ in sample.truth.entries):
                raise ValueError(
                    f"{self.name}: no value at {sample.inputs}; say in ranges where there is one"
                )

    def _decide(self, text: str, found: Judgement) -> Proof | Counterexample | None:
        """A proof of what the numbers say is right; a certain counterexample to what they say is wrong."""
        if found.tree is None or found.kind in {"shape", "rounding", "no-value"}:
            return None
        entries = self.symbols_of(text, found.tree)
        if entries.shape != self.truth.shape or any(terms(entry) > _MOST_TERMS for entry in entries.ravel()):
            return None
        if found.verdict == "wrong":
            return self._counterexample(entries)
        try:
            outcome = prove(entries, self.truth)
        except Undecided:
            return None
        return outcome if isinstance(outcome, Proof | Counterexample) else None

    def _counterexample(self, entries: Array) -> Counterexample | None:
        for i, j in np.ndindex(*entries.shape):
            for found in find_counterexample(sp.sympify(entries[i, j]), sp.sympify(self.truth[i, j])):
                return Counterexample(found.point, found.lhs, found.rhs, (i + 1, j + 1))
        return None
