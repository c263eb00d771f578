"""A forward pass on symbols, and its derivatives by SymPy's ``diff``: the one side of every claim.

A pass may be cut at any quantity. ∂L/∂z is then ``diff`` of the rest of the pass, begun at fresh symbols z,
with their values put in afterwards; no formula of the book is used to obtain it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array
from nnlib.losses import Loss
from nnlib.network import Network
from nnlib.shapes import Shape, ShapeError, as_matrix, require_shape, show
from nnlib.symbolic.letters import Letter, partial
from nnlib.symbolic.networks import network as symbolic_network
from nnlib.symbolic.networks import symbols


class Step(Protocol):
    """A formula that a pass carries out: it names a quantity and says how to compute it."""

    lhs: Any

    def evaluate(self, env: Any) -> Array:
        """Its entries."""

    def letters(self) -> set[Letter]:
        """Every letter that it holds."""


class ForwardPass:
    """What a network computes on symbols x, W, b and y, and any further steps a chapter adds.

    Parameters
    ----------
    source : Network, or sizes (S₀, S₁, …)
        A network that holds symbols. With sizes alone, the pass consists of the steps only and begins at
        the letters that no step defines.
    *steps : Formula
        Carried out after the network, in order; one that defines L is the loss.
    free : sequence of Letter
        Letters that no step uses (their derivatives are 0).
    x, target : array_like, optional
        Input (S₀ × 1) and target, if not symbols; for a network of floats.

    Raises
    ------
    ShapeError
        For an ``x`` or a ``target`` that is not one data point.
    KeyError
        For a step that holds a letter which nothing before it defines.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import letters, network, undefined_loss
    >>> W, L = letters("W L")
    >>> forward = ForwardPass(network((2, 1), loss=undefined_loss("l")))
    >>> forward.partial(L, W)[0, 0].tolist()
    [[x_1*l'(W_{11}*x_1 + W_{12}*x_2 + b_1), x_2*l'(W_{11}*x_1 + W_{12}*x_2 + b_1)]]
    """

    def __init__(
        self,
        source: Network | Sequence[int],
        *steps: Step,
        free: Sequence[Letter] = (),
        x: Any = None,
        target: Any = None,
    ) -> None:
        self.network = source if isinstance(source, Network) else None
        self.sizes = source.sizes if isinstance(source, Network) else tuple(source)
        self.steps = steps
        self.free = tuple(free)
        self._given = {"x": x, "y": target}
        self.leaves = self._make_leaves()
        self._values = self._run({})
        self._partials: dict[tuple[Letter, Letter], Array] = {}

    def resized(self, sizes: Sequence[int]) -> ForwardPass:
        """The same pass at other sizes."""
        if self.network is None:
            return ForwardPass(sizes, *self.steps, free=self.free)
        activations = [layer.activation for layer in self.network.layers]
        network = symbolic_network(sizes, activations, self.network.loss, self.convention, shared=self.shared)
        return ForwardPass(network, *self.steps, free=self.free)

    @property
    def shared(self) -> bool:
        """Whether one layer stands in every place. Its W and b then have no number, z and a have theirs."""
        layers = self.network.layers if self.network else ()
        return len(layers) > 1 and all(layer is layers[0] for layer in layers)

    @property
    def convention(self) -> str:
        """The network's convention. A pass without a network has ``"column"``."""
        return self.network.convention if self.network else "column"

    # ---- what formulas ask for -------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """Every quantity of the pass, in the order of its computation."""
        return tuple(self._values)

    def value(self, letter: Letter) -> Array:
        """The entries of a letter, in terms of what the pass begins with."""
        return _look_up(letter, self._values)

    def partial(self, of: Letter, by: Letter) -> Array:
        """∂of/∂by by ``sympy.diff`` of the forward pass, of shape ``of.shape + by.shape``."""
        if (of, by) not in self._partials:
            self._partials[of, by] = self._differentiate(of, by)
        return self._partials[of, by]

    def shape(self, letter: Letter) -> tuple[int, int]:
        """Rows × columns of a letter at the sizes of this pass."""
        rows, columns = (int(n) if n.is_Integer else self.size(n) for n in letter.shape)
        return rows, columns

    def size(self, symbol: sp.Symbol) -> int:
        """The number that Sₗ stands for."""
        layer = symbol.name.removeprefix("S_")
        if not layer.isdecimal() or int(layer) >= len(self.sizes):
            raise ShapeError(
                f"{symbol} is no size of this forward pass, which has S_0 to S_{len(self.sizes) - 1}"
            )
        return self.sizes[int(layer)]

    def activation(self, name: str) -> Activation:
        """The activation of the layer that ``name`` ends in, or the only one that the network has."""
        layers = self._network().layers
        number = name.removeprefix("sigma")
        if number:
            return layers[int(number) - 1].activation
        if len({layer.activation.name for layer in layers}) > 1:
            raise ValueError(f"the layers' activations differ: write sigma1, sigma2, … instead of {name}")
        return layers[0].activation

    @property
    def loss(self) -> Loss:
        """The network's loss."""
        return self._network().loss

    def target(self) -> Array:
        """Y, of the output's shape."""
        return self.leaves["y"]

    # ---- claims begin here -----------------------------------------------------------------------------

    def diff(self, of: Letter, by: Letter) -> Side:
        """∂of/∂by of this pass, as one side of a claim."""
        return self.of(partial(of, by))

    def of(self, expression: Any) -> Side:
        """An expression or formula that holds derivatives, to be taken from this pass."""
        return Side(expression, self)

    # ---- inner workings --------------------------------------------------------------------------------

    def _network(self) -> Network:
        if self.network is None:
            raise ValueError("this pass has no network, so σ and l mean nothing in it")
        return self.network

    def _make_leaves(self) -> dict[str, Array]:
        leaves = {letter.name: symbols(letter.name, self.shape(letter)) for letter in self.free}
        if self.network is None:
            defined = {_name(step) for step in self.steps}
            used = set().union(*(step.letters() for step in self.steps))
            return leaves | {
                letter.name: symbols(letter.name, self.shape(letter))
                for letter in sorted(used, key=str)
                if letter.name not in defined
            }
        for l, layer in enumerate(self.network.layers, start=1):
            leaves |= {self._numbered("W", l): layer.W, self._numbered("b", l): layer.b}
        for name, rows in (("x", self.sizes[0]), ("y", self.sizes[-1])):
            given = self._given[name]
            shape = (rows, 1) if self.convention == "column" else (1, rows)
            leaves[name] = symbols(name, shape) if given is None else self._one_point(name, given, shape)
        return leaves

    def _one_point(self, name: str, given: Any, shape: Shape) -> Array:
        called = "target" if name == "y" else name
        matrix = as_matrix(given, called, f"{show(shape)}, one data point")
        require_shape(matrix, shape, called, self.convention)
        return np.asarray(given)  # whole numbers stay exact

    def _numbered(self, stem: str, layer: int) -> str:
        alone = len(self.sizes) == 2 or (self.shared and stem in "Wb")
        return stem if alone else f"{stem}{layer}"

    def _run(self, cut: dict[str, Array]) -> dict[str, Array]:
        values = {**self.leaves, **cut}
        if self.network is not None:
            values |= self._network_values(cut)
        inner = _Values(self, values)
        for step in self.steps:
            if (name := _name(step)) not in cut:
                entries = step.evaluate(inner)
                values.pop(name, None)  # a step's L takes the place of the network's, at the end
                values[name] = entries
        return values

    def _network_values(self, cut: dict[str, Array]) -> dict[str, Array]:
        """Every z, a and the loss: nnlib's own forward pass, begun at x or at the cut."""
        net = self._network()
        values: dict[str, Array] = {}
        first, a = 1, self.leaves["x"]
        for l, layer in enumerate(net.layers, start=1):
            if (name := self._numbered("z", l)) in cut:
                first, a = l + 1, self._activated(layer.activation, cut[name])
                values[self._numbered("a", l)] = a
            if (name := self._numbered("a", l)) in cut:
                first, a = l + 1, cut[name]
        if rest := net.layers[first - 1 :]:
            trace = Network(rest, net.loss, net.convention).forward(a)
            for l in range(1, len(rest) + 1):
                values[self._numbered("z", first - 1 + l)] = trace.z[l]
                values[self._numbered("a", first - 1 + l)] = trace.a[l]
            a = trace.output
        values["L"] = np.array([[net.loss(a, self.leaves["y"])]])
        return values

    def _activated(self, activation: Activation, z: Array) -> Array:
        return activation(z) if self.convention == "column" else activation(z.T).T

    def _differentiate(self, of: Letter, by: Letter) -> Array:
        value, origin = self.value(of), self.value(by)
        if by.name not in self.leaves:
            self._require_order(of, by)
            origin = symbols(by.name, origin.shape)
            value = self._run({by.name: origin})[of.name]
        put_in = dict(zip(origin.ravel(), self.value(by).ravel(), strict=True))
        result = np.empty(value.shape + origin.shape, dtype=object)
        for place in np.ndindex(*value.shape):
            for spot in np.ndindex(*origin.shape):
                result[place + spot] = sp.diff(value[place], origin[spot]).xreplace(put_in)
        return result

    def _require_order(self, of: Letter, by: Letter) -> None:
        if self.names.index(of.name) < self.names.index(by.name):
            raise ValueError(f"∂{of.name}/∂{by.name}: in this forward pass {of.name} comes before {by.name}")


class _Values:
    """A pass half done: the values so far, and σ, l and the sizes of the whole."""

    def __init__(self, whole: ForwardPass, values: dict[str, Array]) -> None:
        self._whole, self._values = whole, values

    def value(self, letter: Letter) -> Array:
        return _look_up(letter, self._values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


class Side:
    """One side of a claim, taken by ``diff`` of a forward pass (only ``ForwardPass`` makes one).

    Examples
    --------
    >>> from nnlib.symbolic import letters, network
    >>> L, W = letters("L W")
    >>> ForwardPass(network((2, 2))).diff(L, W).expression.shape
    (S_1, S_0)
    """

    def __init__(self, expression: Any, forward: ForwardPass) -> None:
        self.expression, self.forward = expression, forward


def _look_up(letter: Letter, values: dict[str, Array]) -> Array:
    if letter.name not in values:
        raise KeyError(
            f"this forward pass has no {letter.name}; it has {' '.join(sorted(values))}. "
            f"A formula that says what {letter.name} is goes into given=[...]."
        )
    return values[letter.name]


def _name(step: Step) -> str:
    letter = getattr(step.lhs, "letter", step.lhs)
    return letter.name
