"""What a network is made of: layers and a loss in a convention. ``network.py`` computes with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from nnlib.activations import Activation, Array
from nnlib.demands import as_generator
from nnlib.layers import Dense, plan, require_chain
from nnlib.losses import Loss, as_loss, squared_error
from nnlib.passes import Trace
from nnlib.shapes import as_data, as_target, require_convention


@dataclass(frozen=True, eq=False, slots=True)
class Checked:
    """A target that a network has checked already, as columns."""

    columns: Array


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Structure:
    """Layers and a loss in a convention, checked; parameters, errors and examples are those of ``Network``.

    Attributes
    ----------
    layers : tuple of Dense
        As they were handed in.
    loss : Loss
        Of the last layer's output.
    convention : str
        ``"column"`` or ``"row"``.
    """

    layers: tuple[Dense, ...]
    loss: Loss
    convention: str
    _columns: tuple[Dense, ...]

    def __init__(
        self, layers: Iterable[Dense], loss: Loss | str = squared_error, convention: str = "column"
    ) -> None:
        require_convention(convention)
        if not isinstance(layers, Iterable):
            raise TypeError(f"layers is {layers!r}, but should be a list of nn.Dense, even if it is one")
        layers, loss = tuple(layers), as_loss(loss)
        require_chain(layers, convention)
        loss.require_fit(layers[-1].activation)
        columns = {layer: layer if convention == "column" else layer.T for layer in layers}
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "loss", loss)
        object.__setattr__(self, "convention", convention)
        object.__setattr__(self, "_columns", tuple(columns[layer] for layer in layers))

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        activation: Activation | str,
        loss: Loss | str,
        convention: str = "column",
        seed: int | None = None,
        output_activation: Activation | str | None = None,
    ) -> Self:
        """A network with normally distributed weights of variance 1/Sₗ₋₁, and biases 0.

        With this variance z is about as large as a⁻, however many units there are. A seed gives the same
        network every time, and in both conventions.

        Parameters
        ----------
        sizes : sequence of int
            (S₀, S₁, …, S_L), input first.
        activation : Activation or str
            Of all layers, or of all but the last if ``output_activation`` is given.
        loss : Loss or str
            What the network is to make small.
        convention : str
            ``"column"`` or ``"row"``.
        seed : int, optional
            Without it every call gives another network.
        output_activation : Activation or str, optional
            Of the last layer.

        Raises
        ------
        TypeError, ValueError
            For sizes that are no whole numbers from 1, for unknown names, and for a seed that is none.

        Examples
        --------
        >>> import nnlib as nn
        >>> nn.Network.random((4, 3, 2), "tanh", "cross_entropy", seed=1, output_activation="sigmoid")
        Network(4-3-2, cross_entropy, column convention)
        """
        rng = as_generator(seed)
        layers = [
            Dense(rng.normal(size=(n, m)) / np.sqrt(m), np.zeros((n, 1)), f)
            for m, n, f in plan(sizes, activation, output_activation)
        ]
        return cls(layers if convention == "column" else [layer.T for layer in layers], loss, convention)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """(S₀, S₁, …, S_L), input first."""
        return (self._columns[0].W.shape[1], *(layer.W.shape[0] for layer in self._columns))

    def with_layers(self, new: Mapping[Dense, Dense]) -> Self:
        """The same network with other layers in the place of some; a shared layer changes everywhere.

        Parameters
        ----------
        new : mapping
            One of ``layers`` → what stands in its place.

        Raises
        ------
        ValueError
            For a layer that is not in the network.

        Examples
        --------
        >>> import nnlib as nn
        >>> net = nn.Network([nn.Dense([[1, 2]], [[0]])])
        >>> net.with_layers({net.layers[0]: nn.Dense([[1, 2]], [[9]])}).predict([[3], [1]]).tolist()
        [[14.0]]
        """
        if strangers := new.keys() - set(self.layers):
            raise ValueError(f"{strangers.pop()!r} is not in this network; hand in the very object")
        return type(self)([new.get(layer, layer) for layer in self.layers], self.loss, self.convention)

    def _input(self, x: Any) -> Array:
        """The input, checked, as columns."""
        return self._as_columns(as_data(x, self.sizes[0], self.convention))

    def _target(self, value: Any, trace: Trace) -> Array:
        """The target, checked, as columns."""
        if isinstance(value, Checked):
            return value.columns
        target = as_target(value, trace.output.shape, self.convention)
        self.loss.check_target(target)
        return self._as_columns(target)

    def _own(self, trace: Trace) -> Trace:
        """A trace of this network, as columns."""
        if not isinstance(trace, Trace):
            raise TypeError(
                f"trace is of type {type(trace).__name__}, but should be what forward returned: "
                "net.backward(net.forward(x), target)"
            )
        if trace.layers != self.layers:
            raise ValueError(
                f"this trace is of another network: {self!r} takes one of its own forward. With other "
                "parameters, as after a step of training, a network is another one."
            )
        if trace.convention != self.convention:
            raise ValueError(
                f"this trace is in the {trace.convention} convention, but the network is in the "
                f"{self.convention} convention: hand in its .T"
            )
        return self._turned(trace)

    def _turned(self, thing: Any) -> Any:
        """From the network's convention to columns, or back."""
        return thing if self.convention == "column" else thing.T

    def _as_columns(self, matrix: Array) -> Array:
        # Of one layout in memory whatever came in, so that both conventions give the same bits.
        return np.ascontiguousarray(self._turned(matrix))

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        return f"Network({sizes}, {self.loss.name}, {self.convention} convention)"
