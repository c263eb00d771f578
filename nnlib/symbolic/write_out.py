"""How ``Network.compile`` writes a small network's loss and gradients out as plain Python.

The network's own code runs once on symbols. The gradients that come out are proved to be the derivatives of
the loss; then SymPy writes them out, with common parts computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import sympy as sp
from sympy.codegen.cfunctions import log1p

from nnlib.activations import Activation, Array, relu
from nnlib.layers import Dense
from nnlib.losses import Loss
from nnlib.network import Network
from nnlib.shapes import Shape
from nnlib.softmax import Softmax
from nnlib.symbolic.networks import symbols
from nnlib.symbolic.prove import Proof, Undecided, prove
from nnlib.symbolic.undefined import Undefined, undefined_activation, undefined_loss

# Beyond, the matrices of Network are as fast anyway, and the proof takes minutes.
_MOST_PARAMETERS, _MOST_PATHS = 64, 128


class CannotCompile(ValueError):
    """Why a network has no compiled form.

    Examples
    --------
    >>> import nnlib as nn
    >>> nn.Network.random((30, 20, 10), "tanh", "squared_error").compile()
    Traceback (most recent call last):
    nnlib.symbolic.write_out.CannotCompile: this network has 830 parameters, and compile() takes up to ...
    """


@dataclass(frozen=True)
class Place:
    """Which of the outputs are the entries of one matrix."""

    rows: slice
    shape: Shape


@dataclass(frozen=True)
class Layout:
    """Where the gradients lie among the outputs, use by use. Output 0 is the loss."""

    W: dict[int, Place]
    b: dict[int, Place]
    layers: tuple[Dense, ...]
    convention: str


def require_small(net: Network, distinct: Sequence[Dense]) -> None:
    """Raise CannotCompile for a network that is too large, or not of plain numbers, or has a softmax."""
    parameters, paths = sum(layer.W.size + layer.b.size for layer in distinct), prod(net.sizes)
    for number, most, what in (
        (parameters, _MOST_PARAMETERS, "parameters"),
        (paths, _MOST_PATHS, "paths from input to output"),
    ):
        if number > most:
            raise CannotCompile(
                f"this network has {number} {what}, and compile() takes up to {most}, since it writes every "
                "one out. value_and_gradients has no bound."
            )
    if any(m.dtype.char not in "fd" for layer in distinct for m in (layer.W, layer.b)):
        raise CannotCompile("this network holds no plain real numbers, and compile() takes nothing else")
    if any(isinstance(layer.activation, Softmax) for layer in distinct):
        raise CannotCompile(
            "softmax loses digits when it is written out, where one output is almost 1; value_and_gradients "
            "keeps them"
        )


def one_point(size: int, net: Network) -> Shape:
    """The shape of one data point with so many entries."""
    return (size, 1) if net.convention == "column" else (1, size)


def letters_for(name: str, shape: Shape) -> Array:
    """A matrix of symbols with names that Python takes: ``W1_2_3``; one index for a vector.

    >>> letters_for("b1", (2, 1)).ravel().tolist()
    [b1_1, b1_2]
    """
    vector = 1 in shape and name[0] != "W"
    names = [f"{name}_{i + j + 1}" if vector else f"{name}_{i + 1}_{j + 1}" for i, j in np.ndindex(*shape)]
    return np.array([sp.Symbol(n, real=True) for n in names], dtype=object).reshape(shape)


def twin_of(net: Network, distinct: Sequence[Dense]) -> Network:
    """The same network, holding symbols; what it shares stays shared."""
    return net.with_layers(
        {
            layer: Dense(
                letters_for(f"W{k}", layer.W.shape),
                letters_for(f"b{k}", layer.b.shape),
                _opaque(layer.activation),
            )
            for k, layer in enumerate(distinct, start=1)
        }
    )


class Relu(sp.Function):
    """The ReLU as one function: cases within cases would take SymPy minutes."""

    nargs = 1


class Step(sp.Function):
    """The slope of the ReLU."""

    nargs = 1


_step = np.frompyfunc(Step, 1, 1)
_opaque_relu = Activation("relu", relu.numeric, Relu, lambda z, a: _step(z))  # noqa: ARG005
_FUNCTIONS = {
    "math": {"Relu": lambda u: max(u, 0.0), "Step": lambda u: float(u > 0)},
    "numpy": {"Relu": lambda u: np.maximum(u, 0.0), "Step": lambda u: np.greater(u, 0.0) * 1.0},
}


def _opaque(activation: Activation) -> Activation:
    return _opaque_relu if activation == relu else activation


def proofs(net: Network, twin: Network) -> tuple[Proof, ...]:
    """Proofs of all that a gradient of this network rests on."""
    found = [_prove("backward", *_both_routes(twin))]
    z = sp.Symbol("z", real=True)
    at = np.array([[z]], dtype=object)
    for f in dict.fromkeys(layer.activation for layer in net.layers):
        slope = f.prime(at, f(at))[0, 0]
        found.append(_prove(f"the slope of {f.name}", sp.diff(f.symbolic(z), z), slope))
    f, loss = net.layers[-1].activation, net.loss
    z, y = symbols("z", (net.sizes[-1], 1)), symbols("y", (net.sizes[-1], 1))
    by_diff = [[sp.diff(loss.at(z, f(z), y), entry)] for entry in z.ravel()]
    found.append(_prove(f"the last δ, of {loss.name}", by_diff, loss.delta(f, z, f(z), y)))
    return tuple(found)


def _prove(what: str, by_diff: Any, ours: Any) -> Proof:
    try:
        outcome = prove(by_diff, ours)
    except Undecided as reason:
        raise CannotCompile(f"{what}: no proof was found that it is the derivative ({reason})") from None
    if not isinstance(outcome, Proof):
        raise CannotCompile(f"{what} is not the derivative: {outcome}")
    return outcome


def _both_routes(twin: Network) -> tuple[list[Any], list[Any]]:
    """The gradients by ``diff`` and by ``backward``, for activations and a loss of which nothing is known."""
    general = {
        layer: Dense(layer.W, layer.b, undefined_activation(f"f{k}"))
        for k, layer in enumerate(dict.fromkeys(twin.layers), start=1)
    }
    net = Network([general[layer] for layer in twin.layers], undefined_loss("l"), twin.convention)
    x, y = letters_for("x", one_point(net.sizes[0], net)), letters_for("y", one_point(net.sizes[-1], net))
    loss, grads = net.value_and_gradients(x, y)
    by_diff, ours = [], []
    for layer in general.values():
        for parameter, gradient in zip((layer.W, layer.b), grads.of(layer), strict=True):
            by_diff += [sp.diff(loss, entry) for entry in parameter.ravel()]
            ours += list(gradient.ravel())
    return by_diff, ours


def is_mean(loss: Loss, size: int) -> bool:
    """Whether the loss of several data points is the mean of their losses, rather than the sum."""
    a, y = symbols("a", (size, 2)), symbols("y", (size, 2))
    together, apart = loss.value(a, y), sum(loss.value(a[:, [n]], y[:, [n]]) for n in range(2))
    for times, is_so in ((1, False), (2, True)):
        with suppress(Undecided):
            if prove(times * together, apart):
                return is_so
    raise CannotCompile(f"{loss.name} of two data points is neither the sum nor the mean of their losses")


def outputs_of(twin: Network, net: Network, x: Array, y: Array) -> tuple[list[sp.Expr], Layout]:
    """The loss and every entry of every gradient, use by use; and where they lie."""
    loss, grads = twin.value_and_gradients(x, y)
    outputs, places = [loss], {}
    for stem, matrices in (("W", grads.W), ("b", grads.b)):
        for l, matrix in matrices.items():
            places[stem, l] = Place(slice(len(outputs), len(outputs) + matrix.size), matrix.shape)
            outputs += list(matrix.ravel())
    if strange := sp.Matrix(outputs).atoms(Undefined):
        raise CannotCompile(f"{strange.pop().func.__name__} is undefined: it has no values on numbers")
    W, b = ({l: place for (stem, l), place in places.items() if stem == wanted} for wanted in "Wb")
    return outputs, Layout(W, b, net.layers, net.convention)


def write_out(arguments: list[Any], outputs: list[sp.Expr], module: str) -> Any:
    """A Python function of the arguments, with common parts computed once."""
    return sp.lambdify(
        arguments,
        [_stable(e) for e in outputs],
        [_FUNCTIONS[module], module],
        cse=lambda e: sp.cse(e, order="none"),
    )


def _stable(e: Any) -> Any:
    """The same, with the logarithms of 1 + exp u, of 1/(1 + exp u) and of 1 − 1/(1 + exp u) by log1p."""
    u = sp.Wild("u")
    grown = 1 + sp.exp(u)

    def by_log1p(logarithm: Any) -> Any:
        inside = logarithm.args[0]
        if found := inside.match(grown):
            return log1p(sp.exp(found[u]))
        if found := inside.match(1 / grown):
            return -log1p(sp.exp(found[u]))
        if found := inside.match(1 - 1 / grown):
            return -log1p(sp.exp(-found[u]))
        return logarithm

    return sp.sympify(e).replace(lambda part: isinstance(part, sp.log), by_log1p)
