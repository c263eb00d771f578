"""What training and checking ask of a number, and the one clear error for what is none such."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from numbers import Real
from typing import Any

import numpy as np

from nnlib.layers import Dense
from nnlib.shapes import place


def require_rate(rate: Any) -> None:
    """Raise ValueError unless it is a learning rate: a positive, finite number.

    Examples
    --------
    >>> require_rate("0.1")
    Traceback (most recent call last):
    ValueError: rate is '0.1'; it should be a positive number
    """
    number = isinstance(rate, int | float | np.integer | np.floating) and not isinstance(rate, bool)
    if not number or not 0 < rate < inf:
        raise ValueError(f"rate is {rate!r}; it should be a positive number")


def require_whole(name: str, value: Any, least: int) -> None:
    """Raise ValueError unless it is a whole number from ``least``.

    Examples
    --------
    >>> require_whole("steps", 2.5, 0)
    Traceback (most recent call last):
    ValueError: steps is 2.5; it should be a whole number from 0
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} is {value!r}; it should be a whole number from {least}")


def as_generator(seed: Any) -> np.random.Generator:
    """The random numbers that a seed begins; ValueError for what is no seed.

    Examples
    --------
    >>> as_generator(-1)
    Traceback (most recent call last):
    ValueError: seed is -1; it should be a whole number from 0, or a numpy.random.Generator
    """
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        wanted = "a whole number from 0, or a numpy.random.Generator"
        raise ValueError(f"seed is {seed!r}; it should be {wanted}") from None


def require_real(layers: Sequence[Dense] = (), **data: Any) -> None:
    """Raise TypeError for a layer or data of symbols or complex numbers. What is no matrix the network tells.

    Parameters
    ----------
    layers : sequence of Dense
        In their order, from layer 1.
    **data : array_like
        Matrices under the names that the error calls them by.

    Examples
    --------
    >>> require_real([Dense([[1]], [[0]])], x=[[1, 2]], target=[[1, 2j]])
    Traceback (most recent call last):
    TypeError: target is of type complex128, with (1+0j) at row 1, column 1; this takes real numbers only: ...
    """
    parameters = {f"{stem} of layer {l}": getattr(f, stem) for l, f in enumerate(layers, 1) for stem in "Wb"}
    for name, value in (parameters | data).items():
        _require_real_matrix(name, value)


def _require_real_matrix(name: str, value: Any) -> None:
    try:
        matrix = np.asarray(value)
    except ValueError:  # rows of different lengths
        return
    if matrix.ndim != 2 or matrix.size == 0 or matrix.dtype.kind not in "cO":
        return
    entries = dict(np.ndenumerate(matrix))
    index = next((index for index, entry in entries.items() if not isinstance(entry, Real)), (0, 0))
    raise TypeError(
        f"{name} is of type {matrix.dtype}, with {entries[index]} at {place(index)}; this takes real numbers "
        "only: hand in floats."
    )
