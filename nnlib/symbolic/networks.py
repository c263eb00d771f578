"""Networks that hold symbols: the same ``nn.Network``, the same code."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array, identity
from nnlib.layers import Dense, plan
from nnlib.losses import Loss, squared_error
from nnlib.network import Network


def symbols(name: str, shape: tuple[int, int]) -> Array:
    """A matrix of real symbols, indexed from 1 as in the text.

    Parameters
    ----------
    name : str
        A capital letter names a matrix, with two indices; a small one a vector, with one index where the
        shape has a 1. A number at the end is the layer: ``W2`` gives W⁽²⁾₁₂.
    shape : (int, int)
        Rows × columns.

    Raises
    ------
    ValueError
        For a name without a letter, or a shape that is no pair.

    Examples
    --------
    >>> symbols("W", (1, 2)).tolist()
    [[W_{11}, W_{12}]]
    >>> symbols("b2", (2, 1)).ravel().tolist()
    [b^{(2)}_1, b^{(2)}_2]
    """
    stem, layer = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    if not stem:
        raise ValueError(f"{name!r} names no symbols; write a letter and, if need be, its layer: W, b2")
    if np.shape(shape) != (2,):
        raise ValueError(f"the shape of {name} is {shape!r}; write rows and columns, as in (2, 3)")
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
    activation: Activation | str | Sequence[Activation | str] = identity,
    loss: Loss | str = squared_error,
    convention: str = "column",
    output_activation: Activation | str | None = None,
    shared: bool = False,
) -> Network:
    """A network whose weights and biases are symbols.

    W₁₂ stands in row 1, column 2 of the array, in either convention: in the row convention it is the weight
    from input 1 to unit 2.

    Parameters
    ----------
    sizes : sequence of int
        (S₀, S₁, …, S_L), input first.
    activation : Activation, name, or a sequence of one a layer
        For all layers, or layer by layer.
    loss : Loss or str
        Of the output.
    convention : str
        ``"column"``: W is Sₗ × Sₗ₋₁ and b is Sₗ × 1; ``"row"``: W is Sₗ₋₁ × Sₗ and b is 1 × Sₗ.
    output_activation : Activation or str, optional
        Of the last layer.
    shared : bool
        One layer in every place: the same W and b each time, without a number. All sizes are then equal.

    Raises
    ------
    TypeError, ValueError
        For sizes that are no whole numbers from 1, unknown names, or a loss that needs another activation;
        for a shared layer with sizes or activations that differ.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = network((2, 1), nn.sigmoid)
    >>> net.forward(symbols("x", (2, 1))).z[1][0, 0]
    W_{11}*x_1 + W_{12}*x_2 + b_1
    >>> network((2, 1), convention="row").predict(symbols("x", (1, 2)))[0, 0]
    W_{11}*x_1 + W_{21}*x_2 + b_1
    >>> twice = network((1, 1, 1), shared=True)
    >>> twice.layers[0] is twice.layers[1], twice.predict(symbols("x", (1, 1)))[0, 0]
    (True, W_{11}*(W_{11}*x_1 + b_1) + b_1)
    """
    planned = plan(sizes, activation, output_activation)
    if shared:
        _require_one_kind(planned)
    layers = []
    for l, (m, n, f) in enumerate(planned[:1] if shared else planned, start=1):
        number = "" if len(sizes) == 2 or shared else str(l)
        shape, bias = ((n, m), (n, 1)) if convention == "column" else ((m, n), (1, n))
        layers.append(Dense(symbols(f"W{number}", shape), symbols(f"b{number}", bias), f))
    return Network(layers * len(planned) if shared else layers, loss, convention)


def _require_one_kind(planned: Sequence[tuple[int, int, Activation]]) -> None:
    """Refuse what one layer cannot be in every place."""
    sizes = [planned[0][0], *(n for _, n, _ in planned)]
    if len(set(sizes)) > 1:
        raise ValueError(
            f"a layer that is used again takes what it puts out: sizes {sizes} are not all equal"
        )
    if len({id(f) for _, _, f in planned}) > 1:
        names = ", ".join(f.name for _, _, f in planned)
        raise ValueError(f"a layer that is used again has one activation, not {names}")
