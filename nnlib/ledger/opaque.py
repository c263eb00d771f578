"""A forward pass in which nothing is carried out: every letter and every derivative is a symbol of its own.

Two sides that are equal even here are one expression in two forms. Their equality needs no derivative, so it
shows nothing about one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnlib.activations import Activation, Array
from nnlib.losses import Loss
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.letters import Letter
from nnlib.symbolic.networks import symbols
from nnlib.symbolic.undefined import undefined_activation, undefined_loss


class OpaquePass:
    """What formulas ask of a pass, answered without running it.

    Examples
    --------
    >>> from nnlib.symbolic import letters, network
    >>> L, z = letters("L z")
    >>> OpaquePass(ForwardPass(network((2, 2)))).value(z).ravel().tolist()
    [z_1, z_2]
    """

    loss: Loss = undefined_loss("l")

    def __init__(self, forward: ForwardPass) -> None:
        self._forward = forward
        self._derivatives: dict[Any, Array] = {}

    def value(self, letter: Letter) -> Array:
        """Symbols, whatever the letter stands for."""
        return symbols(letter.name, self.shape(letter))

    def partial(self, of: Letter, by: Letter) -> Array:
        """Symbols for ∂of/∂by; the same ones for other names of the same quantities."""
        key = tuple(self._forward.value(of).ravel()), tuple(self._forward.value(by).ravel())
        if key not in self._derivatives:
            shape = self.shape(of) + self.shape(by)
            count = int(np.prod(shape))
            fresh = symbols(f"d{len(self._derivatives)}", (count, 1))
            self._derivatives[key] = fresh.reshape(shape)
        return self._derivatives[key]

    def activation(self, name: str) -> Activation:
        """Undefined."""
        return undefined_activation(name)

    def target(self) -> Array:
        """The target's symbols."""
        return self._forward.target()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._forward, name)
