"""Networks that hold symbols: the same ``nn.Network``, the same code."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array, identity
from nnlib.losses import Loss, squared_error
from nnlib.network import Dense, Network


def symbols(name: str, shape: tuple[int, int]) -> Array:
    """A matrix of real symbols, indexed from 1 as in the text.

    Parameters
    ----------
    name : str
        A capital letter names a matrix, with two indices; a small one a vector, with one index where the
        shape has a 1. A number at the end is the layer: ``W2`` gives W⁽²⁾₁₂.
    shape : (int, int)
        Rows × columns.

    Examples
    --------
    >>> symbols("W", (1, 2)).tolist()
    [[W_{11}, W_{12}]]
    >>> symbols("b2", (2, 1)).ravel().tolist()
    [b^{(2)}_1, b^{(2)}_2]
    """
    stem, layer = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    above = f"^{{({layer})}}" if layer else ""
    one_index = name[0].islower() and 1 in shape
    entries = [
        sp.Symbol(f"{stem}{above}_{_index(i, j, shape, one_index)}", real=True) for i, j in np.ndindex(*shape)
    ]
    return np.array(entries, dtype=object).reshape(shape)


def _index(i: int, j: int, shape: tuple[int, int], one_index: bool) -> str:
    if one_index:
        number = str(i + j + 1)
        return number if len(number) == 1 else f"{{{number}}}"
    return f"{{{i + 1}{',' if max(shape) > 9 else ''}{j + 1}}}"


def network(
    sizes: Sequence[int],
    activation: Activation | Sequence[Activation] = identity,
    loss: Loss = squared_error,
) -> Network:
    """A network whose weights and biases are symbols, in the column convention.

    Parameters
    ----------
    sizes : sequence of int
        (S₀, S₁, …, S_L), input first.
    activation : Activation, or one a layer
        For all layers, or layer by layer.
    loss : Loss
        Of the output.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = network((2, 1), nn.sigmoid)
    >>> net.forward(symbols("x", (2, 1))).z[1][0, 0]
    W_{11}*x_1 + W_{12}*x_2 + b_1
    """
    L = len(sizes) - 1
    activations = [activation] * L if isinstance(activation, Activation) else list(activation)
    if len(activations) != L:
        raise ValueError(f"{L} layers need {L} activations, not {len(activations)}")
    number = [""] if L == 1 else [str(l) for l in range(1, L + 1)]
    layers = [
        Dense(symbols(f"W{l}", (n, m)), symbols(f"b{l}", (n, 1)), f)
        for l, (m, n), f in zip(number, pairwise(sizes), activations, strict=True)
    ]
    return Network(layers, loss)
