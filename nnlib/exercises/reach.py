"""Which typical slips can be typed at all; those that no formula in the offered letters can be are left out.

Whatever is a formula in the letters moves only where the letters move. So its slopes, by all that a pass
begins with, are combinations of the slopes of the letters; at a random point this is a question of rank.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnlib.activations import Array
from nnlib.exercises.points import random_points
from nnlib.exercises.program import Program

_STEP, _CLEAR = 1e-5, 1e-4


def reachable_slips(program: Program) -> set[int]:
    """The numbers of the slips that are a function of the letters.

    Examples
    --------
    >>> import sympy as sp
    >>> from nnlib.exercises.program import STANDARD
    >>> x, y = sp.symbols("x y", real=True)
    >>> letter, slip, other = (np.array([[e]], dtype=object) for e in (x * y, x**2 * y**2, x + y))
    >>> reachable_slips(Program({"x": x, "y": y}, {}, [letter], letter, [slip, other], STANDARD))
    {0}
    """
    kept: set[int] = set(range(program.slips))
    for point in random_points(program.ranges)[:2]:
        letters, slips = _slopes(program, point)
        basis = np.linalg.svd(letters, full_matrices=False)[2][: np.linalg.matrix_rank(letters, _CLEAR)]
        rest = [slope - slope @ basis.T @ basis for slope in slips]
        kept &= {k for k, left in enumerate(rest) if np.abs(left).max() <= _CLEAR * np.abs(slips[k]).max()}
    return kept


def _slopes(program: Program, point: Sequence[float]) -> tuple[Array, list[Array]]:
    """The slopes of all letters' entries, and of each slip's: a row for each entry."""
    columns = [_difference(program, point, k) for k in range(len(point))]
    letters = np.array([column[0] for column in columns]).T
    slips = [np.array([column[1][k] for column in columns]).T for k in range(program.slips)]
    return letters, slips


def _difference(program: Program, point: Sequence[float], k: int) -> tuple[list[float], list[Array]]:
    ahead, behind = ([*point[:k], point[k] + step, *point[k + 1 :]] for step in (_STEP, -_STEP))
    one, other = program.sample(ahead), program.sample(behind)
    pairs = [
        [(u - v) / (2 * _STEP) for (u, _), (v, _) in zip(a.entries, b.entries, strict=True)]
        for a, b in zip((*one.letters, *one.slips), (*other.letters, *other.slips), strict=True)
    ]
    count = len(one.letters)
    return [slope for pair in pairs[:count] for slope in pair], list(map(np.array, pairs[count:]))
