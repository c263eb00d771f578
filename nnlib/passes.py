"""What a forward and a backward pass leave behind: matrices, numbered by layer as in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.layers import Dense

Later = Callable[[], Array]
Matrices = Mapping[int, Array] | Mapping[int, Array | Later]


class ByLayer(Mapping[int, Array]):
    """Matrices numbered by layer as in the text: ``z[1]`` is layer 1's, and ``z[-1]`` an error.

    Parameters
    ----------
    name : str
        What errors call it.
    matrices : mapping
        Layer → matrix, or a function without arguments that computes it when it is asked for.

    Raises
    ------
    IndexError
        For a layer that there is not.

    Examples
    --------
    >>> import numpy as np
    >>> z = ByLayer("z", {1: np.array([[5.0]]), 2: lambda: np.array([[7.0]])})
    >>> z[2].tolist()
    [[7.0]]
    >>> z[0]
    Traceback (most recent call last):
    IndexError: z[0]: the layers of z are 1..2
    """

    __slots__ = ("_matrices", "_name")

    def __init__(self, name: str, matrices: Matrices) -> None:
        self._name, self._matrices = name, dict(matrices)

    def __getitem__(self, layer: int) -> Array:
        """The matrix of one layer; IndexError for a layer that there is not."""
        try:
            matrix = self._matrices[layer]
        except (KeyError, TypeError):  # a slice cannot be looked up
            layers = f"the layers of {self._name} are {self._range()}"
            raise IndexError(f"{self._name}[{layer!r}]: {layers}") from None
        if callable(matrix):
            matrix = self._matrices[layer] = matrix()
        return matrix

    def get(self, layer: Any, default: Any = None) -> Any:
        """The matrix of one layer, or ``default`` for a layer that there is not."""
        return self[layer] if layer in self else default  # noqa: SIM401  that is this method

    def __eq__(self, other: object) -> bool:
        """Whether they have the same layers, with the same entries."""
        if not isinstance(other, Mapping):
            return NotImplemented
        return self.keys() == other.keys() and all(np.array_equal(self[l], other[l]) for l in self)

    __hash__ = None  # type: ignore[assignment]  # as of every mapping

    def __contains__(self, layer: object) -> bool:
        return layer in self._matrices

    def __len__(self) -> int:
        return len(self._matrices)

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._matrices))

    def __repr__(self) -> str:
        return f"{self._name}[{self._range()}]"

    def transposed(self) -> dict[int, Array | Later]:
        """Every matrix transposed: a view, or computed later as before."""
        return {l: _later(m) if callable(m) else m.T for l, m in self._matrices.items()}

    def _range(self) -> str:
        return f"{min(self._matrices)}..{max(self._matrices)}"


def _later(matrix: Later) -> Later:
    return lambda: matrix().T


@dataclass(frozen=True, eq=False, init=False)
class Trace:
    """What a forward pass leaves behind.

    Attributes
    ----------
    z : ByLayer
        ``z[l]`` for l = 1..L, Sₗ × N (columns) or N × Sₗ (rows).
    a : ByLayer
        ``a[l]`` for l = 0..L, of the same shapes; ``a[0]`` is x.
    layers : tuple of Dense
        The network's.
    convention : str
        ``"column"`` or ``"row"``.

    Examples
    --------
    >>> import nnlib as nn
    >>> trace = nn.Network([nn.Dense([[1, 2]], [[0]], nn.relu)]).forward([[3], [-4]])
    >>> trace.a[0].tolist(), trace.z[1].tolist(), trace.output.tolist()
    ([[3.0], [-4.0]], [[-5.0]], [[0.0]])
    """

    z: ByLayer
    a: ByLayer
    layers: tuple[Dense, ...]
    convention: str

    def __init__(self, z: Matrices, a: Matrices, layers: tuple[Dense, ...], convention: str) -> None:
        object.__setattr__(self, "z", ByLayer("z", z))
        object.__setattr__(self, "a", ByLayer("a", a))
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "convention", convention)

    @property
    def output(self) -> Array:
        """a⁽ᴸ⁾, S_L × N (columns) or N × S_L (rows)."""
        return self.a[len(self.a) - 1]

    @cached_property
    def T(self) -> Trace:  # noqa: N802  as NumPy's
        """The same pass in the other convention."""
        other = "row" if self.convention == "column" else "column"
        turned = Trace(self.z.transposed(), self.a.transposed(), self.layers, other)
        turned.__dict__["T"] = self
        return turned


@dataclass(frozen=True, eq=False, init=False)
class Gradients:
    """Derivatives of the loss, numbered by layer.

    Attributes
    ----------
    W : ByLayer
        ``W[l]`` is ∂L/∂W⁽ˡ⁾, of the shape of W⁽ˡ⁾. Of a shared layer, it is the share of use l.
    b : ByLayer
        ``b[l]`` is ∂L/∂b⁽ˡ⁾, of the shape of b⁽ˡ⁾. Of a shared layer, it is the share of use l.
    z : ByLayer
        ``z[l]`` is δ⁽ˡ⁾ = ∂L/∂z⁽ˡ⁾, Sₗ × N (columns) or N × Sₗ (rows).
    a : ByLayer
        ``a[l]`` is ∂L/∂a⁽ˡ⁾, of the same shape; ``a[0]`` = ∂L/∂x is there if it was asked for. ``a[L]``
        may be infinite at saturation, where no other is; it is computed when asked for.
    layers : tuple of Dense
        The network's.

    Examples
    --------
    >>> import nnlib as nn
    >>> layer = nn.Dense([[2]], [[0]])
    >>> net = nn.Network([layer, layer])  # a⁽²⁾ = W(W x + b) + b
    >>> _, grads = net.value_and_gradients([[3]], [[11]])  # δ⁽²⁾ = 12 − 11, δ⁽¹⁾ = 2
    >>> grads.W[1].item(), grads.W[2].item()
    (6.0, 6.0)
    >>> dW, db = grads.of(layer)
    >>> dW.item(), db.item()
    (12.0, 3.0)
    """

    W: ByLayer
    b: ByLayer
    z: ByLayer
    a: ByLayer
    layers: tuple[Dense, ...]

    def __init__(self, W: Matrices, b: Matrices, z: Matrices, a: Matrices, layers: tuple[Dense, ...]) -> None:
        object.__setattr__(self, "W", ByLayer("W", W))
        object.__setattr__(self, "b", ByLayer("b", b))
        object.__setattr__(self, "z", ByLayer("z", z))
        object.__setattr__(self, "a", ByLayer("a", a))
        object.__setattr__(self, "layers", layers)

    def of(self, layer: Dense) -> tuple[Array, Array]:
        """(∂L/∂W, ∂L/∂b) of a layer, summed over every use of it.

        Parameters
        ----------
        layer : Dense
            One of the network's: the very object, not its like.

        Raises
        ------
        ValueError
            For a layer that is not in the network.
        """
        uses = [l for l, used in enumerate(self.layers, start=1) if used is layer]
        if not uses:
            raise ValueError(
                f"{layer!r} is not in this network: it takes one of net.layers, the very object, not its like"
            )
        return sum(self.W[l] for l in uses), sum(self.b[l] for l in uses)  # type: ignore[return-value]

    @property
    def T(self) -> Gradients:  # noqa: N802
        """The same gradients in the other convention."""
        W, b, z, a = (matrices.transposed() for matrices in (self.W, self.b, self.z, self.a))
        return Gradients(W, b, z, a, self.layers)
