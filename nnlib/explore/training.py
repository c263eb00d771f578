"""Training: 40 points in the plane, a network that learns to tell them apart, and what can go wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array, relu, sigmoid, tanh
from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.losses import cross_entropy
from nnlib.symbolic import Compiled, Formula, ForwardPass, Letter, network
from nnlib.symbolic.javascript import compile_expressions, page_names
from nnlib.symbolic.letters import Partial, PartialEntry
from nnlib.symbolic.networks import symbols

_SIZES = (2, 4, 4, 1)
_LAYERS = (1, 2, 3)
_RANGE = (-1e6, 1e6, 0.01)  # descent may lead a parameter far away, but never out of sight
_OVER_POINTS = {"loss", *(f"d{stem}{l}" for stem in "Wb" for l in _LAYERS), *(f"s{l}" for l in _LAYERS)}
_OF_SUMS = {"eta", *(f"new{stem}{l}" for stem in "Wb" for l in _LAYERS), *(f"r{l}" for l in _LAYERS)}
_AT_A_PLACE = {"a3"}


def two_moons() -> tuple[Array, Array]:
    """The data of the figure: 20 points on each of two half circles that reach into each other, with noise.

    Returns
    -------
    x, y : array
        40 × 2, on a grid of hundredths, and 40 × 1: 0 for the upper half circle, 1 for the lower.

    Examples
    --------
    >>> x, y = two_moons()
    >>> x.shape, y.sum().item()
    ((40, 2), 20.0)
    """
    turn = np.pi * (np.arange(20) + 0.5) / 20
    upper = np.column_stack([np.cos(turn) - 0.5, np.sin(turn) - 0.25])
    noise = np.random.default_rng(3).normal(scale=0.12, size=(40, 2))
    return (1.2 * (np.vstack([upper, -upper]) + noise)).round(2), np.repeat([[0.0], [1.0]], 20, axis=0)


def training(
    formulas: Sequence[Formula],
    claims: Mapping[str, Claim] | None = None,
    activations: Sequence[Activation] = (sigmoid, relu, tanh),
    title: str = "Learning, live",
) -> Explorable:
    """The explorable of the chapter *Training on real data*: sizes 2, 4, 4, 1, and 40 points.

    Parameters
    ----------
    formulas : sequence of Formula
        In the row convention. For one data point: the output (``a3``), L, ∂L/∂W and ∂L/∂b of the three layers
        and the squared length of each δ (``s1``, ``s2``, ``s3``, 1 × 1). For the sums of these over all data
        points: the rate ``eta`` as a function of ``logeta``, the parameters after a step (``newW1``, …), in
        which ∂L/∂W is the sum's, and the length of each δ (``r1``, …). Every number shown is one of theirs.
    claims : mapping, optional
        Formula's name (``newW1``) → the claim that proves it.
    activations : sequence of Activation
        Those of the hidden layers that the reader can choose from; the last one is shown first. The output
        is a sigmoid's.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When one of the formulas is missing.

    Examples
    --------
    >>> training([])
    Traceback (most recent call last):
    ValueError: the figure of training needs formulas for a3, dW1, dW2, ... too
    """
    needed = _OVER_POINTS | _OF_SUMS | _AT_A_PLACE
    require_formulas("the figure of training needs", needed, (formula.name for formula in formulas))
    programs = {f.name: _over_data(formulas, f) for f in activations}
    start = _start(next(iter(programs.values())).inputs)
    ranges = dict.fromkeys(start, _RANGE) | {"logeta": (-3.0, 1.0, 0.1)}
    return Explorable("training", title, list(formulas), programs, start, ranges, claims)


def _start(names: Sequence[str]) -> dict[str, float]:
    """Random weights on a grid of hundredths, biases 0, and the rate 10^−1.5, about 0.03."""
    rng = np.random.default_rng(6)
    drawn = {name: round(float(rng.normal()), 2) for name in names if name.startswith("W")}
    return {name: drawn.get(name, -1.5 if name == "logeta" else 0.0) for name in names}


class _Sums:
    """A pass of one data point, in which L and its derivatives stand for sums over all points.

    A formula such as W − η ∂L/∂W is thus compiled as the book prints it.
    """

    def __init__(self, forward: ForwardPass, names: Mapping[str, Array]) -> None:
        self._forward, self._names = forward, names

    def value(self, letter: Letter) -> Array:
        return self._names[letter.name] if letter.name in self._names else self._forward.value(letter)

    def partial(self, of: Letter, by: Letter) -> Array:  # noqa: ARG002  an environment's signature
        return self._names[f"d{by.name}"][None, None]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._forward, name)


class _Ramp(sp.Function):
    """ReLU as one function: of Piecewise in Piecewise, SymPy would make all the 2⁴ cases of a layer."""

    nargs = 1
    is_extended_real = True

    def _javascript(self, printer: Any) -> str:
        return f"Math.max({printer.doprint(self.args[0])}, 0)"

    def _numpycode(self, printer: Any) -> str:
        return f"{printer._module_format('numpy.maximum')}({printer.doprint(self.args[0])}, 0)"


class _IsAbove(sp.Function):
    """The slope of ReLU: 1 above 0, else 0."""

    nargs = 1
    is_extended_real = True

    def _javascript(self, printer: Any) -> str:
        return f"(({printer.doprint(self.args[0])}) > 0 ? 1 : 0)"

    def _numpycode(self, printer: Any) -> str:
        return f"1.0*(({printer.doprint(self.args[0])}) > 0)"


_is_above = np.frompyfunc(_IsAbove, 1, 1)
_ramp = replace(relu, symbolic=_Ramp, prime=lambda z, a: _is_above(z))  # noqa: ARG005  every prime takes z and a


def _over_data(formulas: Sequence[Formula], activation: Activation) -> Compiled:
    """What is computed for one point, summed over the data, and what is made of the sums: one program."""
    hidden = _ramp if activation == relu else activation
    net = network(_SIZES, [hidden, hidden, sigmoid], cross_entropy, "row")
    forward = ForwardPass(net, free=[Letter("logeta", 1, 1)])
    inputs = {
        name: entry for letter in forward.leaves for name, entry in _named(letter, forward.leaves[letter])
    }
    parameters = {name: entry for name, entry in inputs.items() if name[0] not in "xy"}
    point = {name: entry for name, entry in inputs.items() if name[0] in "xy"}
    by_name = {formula.name: formula for formula in formulas}
    entries = {name: by_name[name].evaluate(forward) for name in [*by_name] if name in _OVER_POINTS}
    sums = {_letter(by_name[name]): _fresh(name, matrix) for name, matrix in entries.items()}
    share = compile_expressions(inputs, _all_named(entries))
    totals = {name: entry for letter, matrix in sums.items() for name, entry in _named(letter, matrix)}
    made = {n: by_name[n].evaluate(_Sums(forward, sums)) for n in [*by_name] if n in _OF_SUMS}
    after = compile_expressions({**parameters, **totals}, _all_named(made))
    places = {name: entry for name, entry in point.items() if name[0] == "x"}
    output = {"a3[1]": by_name["a3"].evaluate(forward)[0, 0]}
    at = compile_expressions({**parameters, **places}, output)
    return _together(tuple(parameters), share, after, at)


def _letter(formula: Formula) -> str:
    """What other formulas call it: ``dW1`` for ∂L/∂W⁽¹⁾, ``L`` for the loss, ``s1``."""
    derivative = isinstance(formula.lhs, Partial | PartialEntry)
    return formula.name if derivative or formula.name != "loss" else "L"


def _named(letter: str, matrix: Array) -> list[tuple[str, Any]]:
    name = letter.rstrip("0123456789")
    if name in {"logeta", "s", "r"}:  # single numbers
        return [(letter, matrix[0, 0])]
    return list(page_names(letter, matrix, "row").items())


def _all_named(entries: Mapping[str, Array]) -> dict[str, sp.Expr]:
    return {name: entry for letter, matrix in entries.items() for name, entry in _named(letter, matrix)}


def _fresh(name: str, like: Array) -> Array:
    """Symbols for the sums, of the shape of what is summed."""
    return symbols(f"Sum{name}", like.shape)


def _together(inputs: tuple[str, ...], share: Compiled, after: Compiled, at: Compiled) -> Compiled:
    """A program that adds up over the data; in JavaScript it has the output anywhere (``at``), too."""
    x, y = two_moons()
    points = np.hstack([x, y]).tolist()

    def call(values: Sequence[float]) -> list[float]:
        rows = [share._call([*values, *point]) for point in points]  # in the order of names
        totals = [float(total) for total in np.sum(rows, axis=0)]
        return [*totals, *after._call([*values, *totals])]

    js = (
        f"(() => {{const points = {json.dumps(points)}, share = {share.js}, after = {after.js}, at = {at.js};"
        f"const all = v => {{const totals = new Array({len(share.outputs)}).fill(0);"
        "for (const point of points) {const part = share([...v, ...point]);"
        "for (let k = 0; k < totals.length; k += 1) totals[k] += part[k];}"
        "return [...totals, ...after([...v, ...totals])];};"
        "return Object.assign(all, {at, points});})()"
    )
    return Compiled(inputs, share.outputs + after.outputs, js, call)
