"""The exercises of the book, chapter by chapter; each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from nnlib.exercises.chapters.check_your_own import CHECK_YOUR_OWN
from nnlib.exercises.chapters.computational_graph import COMPUTATIONAL_GRAPH
from nnlib.exercises.chapters.general_proof import GENERAL_PROOF
from nnlib.exercises.chapters.input_gradient import INPUT_GRADIENT
from nnlib.exercises.chapters.many_machines import MANY_MACHINES
from nnlib.exercises.chapters.primer import PRIMER
from nnlib.exercises.chapters.row_vectors import ROW_VECTORS
from nnlib.exercises.chapters.shared_weights import SHARED_WEIGHTS
from nnlib.exercises.chapters.single_layer import SINGLE_LAYER
from nnlib.exercises.chapters.training import TRAINING
from nnlib.exercises.chapters.two_layers import TWO_LAYERS
from nnlib.exercises.exercise import Exercise

#: Chapter → name → what makes the exercise.
CHAPTERS: Mapping[str, Mapping[str, Callable[[str], Exercise]]] = {
    "primer": PRIMER,
    "single-layer": SINGLE_LAYER,
    "two-layers": TWO_LAYERS,
    "shared-weights": SHARED_WEIGHTS,
    "computational-graph": COMPUTATIONAL_GRAPH,
    "row-vectors": ROW_VECTORS,
    "general-proof": GENERAL_PROOF,
    "input-gradient": INPUT_GRADIENT,
    "check-your-own": CHECK_YOUR_OWN,
    "training": TRAINING,
    "many-machines": MANY_MACHINES,
}


def names() -> list[str]:
    """Every exercise of the book.

    Examples
    --------
    >>> names()[0]
    'primer.slope'
    """
    return [f"{chapter}.{name}" for chapter, makers in CHAPTERS.items() for name in makers]


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
    if name not in names():
        raise KeyError(f"there is no exercise {name!r}; there are {', '.join(names())}")
    return _made(name)


@cache
def _made(name: str) -> Exercise:
    chapter, _, own = name.partition(".")
    return CHAPTERS[chapter][own](name)
