"""The exercises of the book, chapter by chapter; each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from nnlib.exercises.chapters.single_layer import SINGLE_LAYER
from nnlib.exercises.exercise import Exercise

#: Chapter → name → what makes the exercise.
CHAPTERS: Mapping[str, Mapping[str, Callable[[str], Exercise]]] = {"single-layer": SINGLE_LAYER}


def names() -> list[str]:
    """Every exercise of the book.

    Examples
    --------
    >>> names()[0]
    'single-layer.entry'
    """
    return [f"{chapter}.{name}" for chapter, makers in CHAPTERS.items() for name in makers]


@cache
def find(name: str) -> Exercise:
    """One exercise of the book.

    Parameters
    ----------
    name : str
        Chapter and exercise, as its link has them.

    Raises
    ------
    KeyError
        When there is none of that name.

    Examples
    --------
    >>> find("single-layer.dW").check("delta x^T").verdict
    'right'
    """
    chapter, _, own = name.partition(".")
    if own not in CHAPTERS.get(chapter, {}):
        raise KeyError(f"there is no exercise {name!r}; there are {', '.join(names())}")
    return CHAPTERS[chapter][own](name)
