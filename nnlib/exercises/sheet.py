"""Sheets of exercises with fresh numbers, and their key: what a lecturer prints.

Where an exercise asks for a formula, a sheet asks for the number too, at a point that the seed draws; the key
holds both, from the exercise's own proved formula. Steps to be ordered are dealt anew.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from nnlib.exercises.chapters import find, names
from nnlib.exercises.chapters.cards import CARDS, card
from nnlib.exercises.exercise import Exercise
from nnlib.exercises.judge import digits
from nnlib.exercises.ordering import LETTERS, Ordering
from nnlib.exercises.points import random_numbers
from nnlib.exercises.program import Sample
from nnlib.exercises.values import Value

_DRAWS = 40
_STEPS = 4  # inputs are quarters from −2 to 2: short to write


def sheet(seed: int, chapter: str | None = None, count: int | None = None) -> str:
    """A sheet and its key, in Markdown.

    Parameters
    ----------
    seed : int
        The same seed gives the same sheet.
    chapter : str, optional
        Exercises of one chapter alone, in its order; all of them where it is left out.
    count : int, optional
        How many, drawn by the seed.

    Raises
    ------
    ValueError
        When there is no such chapter.

    Examples
    --------
    >>> print(sheet(7, "single-layer", count=1))  # doctest: +ELLIPSIS
    # Exercises, sheet 7
    ...
    # Key to sheet 7
    ...
    """
    known = [*names(), *CARDS]
    chosen = [name for name in known if chapter is None or name.startswith(f"{chapter}.")]
    if not chosen:
        raise ValueError(f"there are no exercises for {chapter!r}; there are {', '.join(known)}")
    if count is not None and count < len(chosen):
        kept = set(random.Random(seed).sample(chosen, count))  # noqa: S311  nothing secret here
        chosen = [name for name in chosen if name in kept]
    tasks, key = [], []
    for number, name in enumerate(chosen, start=1):
        task, answer = (_cards if name in CARDS else _formula)(name, seed + number)
        tasks.append(f"**{number}.** {task}")
        key.append(f"**{number}.** {answer}")
    return "\n\n".join([f"# Exercises, sheet {seed}", *tasks, f"# Key to sheet {seed}", *key]) + "\n"


def _formula(name: str, seed: int) -> tuple[str, str]:
    """What is asked for, and the key: a formula, and its value at a point."""
    exercise = find(name)
    sample = drawn(exercise, seed)
    formulas = ", with ".join(f"${formula.latex}$" for formula in (exercise.formula, *exercise.beside))
    because = f" {exercise.because}" if exercise.because else ""
    value = f"At that point: {_matrix(sample.truth, 3)}"
    return (
        f"{exercise.statement}\n\n{_numbers(exercise, sample)}",
        f"{formulas}.{because}\n\n{value}",
    )


def _cards(name: str, seed: int) -> tuple[str, str]:
    """What is asked for, and the key: an order of steps, or shapes."""
    exercise = card(name)
    because = f" {exercise.because}" if exercise.because else ""
    if isinstance(exercise, Ordering):
        cards = exercise.dealt(f"{name} {seed}")
        steps = [f"- ({LETTERS[k]}) ${exercise.steps[n].formula.latex}$" for k, n in enumerate(cards)]
        return "\n".join([f"{exercise.statement}\n", *steps]), f"{exercise.solved(cards)}{because}"
    asked = ", ".join(f"${latex}$" for latex in exercise.latex)
    options = ", ".join(exercise.options)
    return f"{exercise.statement}\n\n{asked}: each is one of {options}.", f"{exercise.solution}{because}"


def drawn(exercise: Exercise, seed: int) -> Sample:
    """An exercise's letters and its answer at a point of short numbers.

    Examples
    --------
    >>> from nnlib.exercises.samples import outer_product
    >>> sample = drawn(outer_product(), 7)
    >>> delta, x, _ = sample.letters
    >>> abs(sample.truth.at(0, 1)[0] - delta.at(0, 0)[0] * x.at(1, 0)[0]) < 1e-12
    True
    """
    program, draw = exercise.question.program, random_numbers(seed)
    samples = [
        program.sample([_short(next(draw), limits) for limits in program.ranges]) for _ in range(_DRAWS)
    ]
    return max(samples, key=_easy)


def _short(number: float, limits: tuple[float, float] | None) -> float:
    """A multiple of ¼ from −2 to 2 other than 0, or one of five numbers within the limits."""
    if limits is not None:
        return limits[0] + (limits[1] - limits[0]) * int(5 * number) / 4
    quarters = int(number * 4 * _STEPS) - 2 * _STEPS
    return (quarters if quarters < 0 else quarters + 1) / _STEPS


def _easy(sample: Sample) -> float:
    """How far every entry of the answer keeps from what is too small or too large to be computed by hand."""
    sizes = [abs(number) for number, _ in sample.truth.entries]
    return min(min(size, 1 / size) if size else 0.0 for size in sizes)


def _numbers(exercise: Exercise, sample: Sample) -> str:
    shown = "; ".join(_given(exercise, sample))
    return f"Write it as a formula. Then compute it, with three digits, at {shown}."


def _given(exercise: Exercise, sample: Sample) -> Iterator[str]:
    for declared, value in zip(exercise.declared, sample.letters, strict=True):
        yield f"{declared.shown} = {_matrix(value)}"


def _matrix(value: Value, count: int = 4) -> str:
    """Row by row: ``[1, 2; 3, 4]``, a column as ``[1; 2]``."""
    if value.is_scalar:
        return digits(value.entries[0][0], count)
    rows = [
        ", ".join(digits(value.at(row, column)[0], count) for column in range(value.columns))
        for row in range(value.rows)
    ]
    return f"[{'; '.join(rows)}]"
