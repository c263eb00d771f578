"""Which of a reader's parameters belong to one layer, and which of them are biases.

Names tell it where they can: W1 and b1, Wxh and Whh and bh, fc.weight and fc.bias. Else shapes and places do:
W, b, W, b, … or W, W, …, b, b, …
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

Shape = tuple[int, ...]

_WORD = r"(?:(?P<bias>bias(?:es)?|beta|b)|(?P<weight>weights?|kernel|gamma|w))"
_FIRST = re.compile(
    rf"(?i)^{_WORD}(?:_(?P<long>.*)|(?P<short>[a-z]{{0,3}}\d*))$"
)  # W_out, b1, Wxh, but not block
_LAST = re.compile(rf"(?i)^(?P<long>.+)_{_WORD}$")  # hidden_bias


def group(names: Sequence[str] | None, shapes: Sequence[Shape]) -> tuple[list[int], list[bool]]:
    """The number of each parameter's layer, from 1, and whether it is a bias.

    Parameters
    ----------
    names : sequence of str or None
        None where there are none, as in a list.
    shapes : sequence of tuple of int

    Examples
    --------
    >>> group(["W1", "W2", "b1", "b2"], [(3, 2), (1, 3), (3, 1), (1, 1)])
    ([1, 2, 1, 2], [False, False, True, True])
    >>> group(None, [(3, 2), (3, 1), (1, 3), (1, 1)])
    ([1, 1, 2, 2], [False, True, False, True])
    """
    if names is None or (any(_read(name)[0] is None for name in names) and _paired(shapes)):
        return _by_places(shapes)
    return _by_names(names, shapes) or _by_places(shapes)


# ---- by names --------------------------------------------------------------------------------------------


def _by_names(names: Sequence[str], shapes: Sequence[Shape]) -> tuple[list[int], list[bool]] | None:
    read = [_read(name) for name in names]
    biases = [
        len(shape) < 2 if kind is None else kind == "bias"
        for (kind, _), shape in zip(read, shapes, strict=True)
    ]
    weights = [rest for kind, rest in read if kind == "weight"]
    named = [rest for kind, rest in read if kind == "bias"]
    if not named and not all(kind for kind, _ in read):
        return None
    if not all(any(_belongs(rest, weight) for weight in weights) for rest in named):
        return None  # biases of which no name says where they belong
    keys = [
        next((b for b in named if kind and _belongs(b, rest)), rest) if kind != "bias" else rest
        for kind, rest in read
    ]
    for k, shape in enumerate(shapes):  # U, W, V, b, c: the c, of which the name says nothing, goes with V
        fitting = [
            j
            for j, weight in enumerate(shapes)
            if j != k and len(weight) > 1 and keys.count(keys[j]) == 1 and _pair(weight, shape)
        ]
        if read[k][0] is None and _flat(shape) and fitting:
            keys[k], biases[k] = keys[fitting[-1]], True
    return _numbered(keys), biases


def _read(name: str) -> tuple[str | None, str]:
    """What a name says: "bias", "weight" or None; and what is left of it, the layer's own name."""
    *path, last = re.split(r"[./]", name)
    found = _FIRST.match(last) or _LAST.match(last)
    if not found:
        return None, name.lower()
    rest = "/".join([*path, (found["long"] or found.groupdict().get("short") or "")]).lower()
    norm = "norm" if re.match(r"(?i)(gamma|beta)", last) else ""
    return ("bias" if found["bias"] else "weight"), norm + rest


def _belongs(bias: str, weight: str) -> bool:
    """Whether a bias goes with a weight by what is left of their names: the same, or h with xh and hh."""
    return bias == weight or (bias.isalpha() and weight.isalpha() and weight.endswith(bias))


def _numbered(keys: Sequence[str]) -> list[int]:
    """Layers in the order in which they come; by their numbers, if numbers are all in which names differ."""
    order = list(dict.fromkeys(keys))
    plain = {re.sub(r"\d+", "", key.removeprefix("norm")) for key in keys}
    numbers = [re.findall(r"\d+", key) for key in order]
    if len(plain) == 1 and all(len(found) == 1 for found in numbers):
        order.sort(key=lambda key: int(re.findall(r"\d+", key)[0]))
    return [order.index(key) + 1 for key in keys]


# ---- by places -------------------------------------------------------------------------------------------


def _by_places(shapes: Sequence[Shape]) -> tuple[list[int], list[bool]]:
    half, odd = divmod(len(shapes), 2)
    first, second = shapes[:half], shapes[half:]
    if _paired(shapes):
        return [k // 2 + 1 for k in range(2 * half)], [bool(k % 2) for k in range(2 * half)]
    if not odd and all(map(_pair, shapes[1::2], shapes[::2])):
        return [k // 2 + 1 for k in range(2 * half)], [not k % 2 for k in range(2 * half)]
    if not odd and all(map(_pair, first, second)):
        return [*range(1, half + 1)] * 2, [False] * half + [True] * half
    biases = _biases(shapes)
    if not any(biases):
        return [*range(1, len(shapes) + 1)], biases
    numbers = [1]
    for before, this in pairwise(biases):  # a new layer begins at each matrix that follows a bias
        numbers.append(numbers[-1] + (before and not this))
    return numbers, biases


def _paired(shapes: Sequence[Shape]) -> bool:
    return len(shapes) % 2 == 0 and all(map(_pair, shapes[::2], shapes[1::2]))


def _pair(weight: Shape, bias: Shape) -> bool:
    """Whether these can be the weights and the bias of one layer."""
    if len(weight) < 2:  # a scale and a shift, as in a normalization; or weights of one unit and a number
        return bias in {weight, ()}
    if len(weight) == len(bias) == 2:
        return bias in {(weight[0], 1), (1, weight[1])}
    return _flat(bias) and max(bias, default=1) in weight


def _biases(shapes: Sequence[Shape]) -> list[bool]:
    """Which look like biases: flat ones, or those with one row or one column that no chain explains."""
    if any(len(shape) < 2 for shape in shapes):
        return [len(shape) < 2 for shape in shapes]
    matrices = all(len(shape) == 2 for shape in shapes)
    if matrices and any(
        all(before[out] == after[1 - out] for before, after in pairwise(shapes)) for out in (0, 1)
    ):
        return [False] * len(shapes)  # each takes what the one before puts out
    columns, rows = ([shape[k] == 1 and _flat(shape) for shape in shapes] for k in (-1, 0))
    return columns if sum(columns) >= sum(rows) else rows


def _flat(shape: Shape) -> bool:
    return len(shape) < 2 or sorted(shape)[-2] == 1
