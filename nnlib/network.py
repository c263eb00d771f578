"""A network of dense layers: forward pass, loss, backward pass.

The column convention: x is S₀ × N with one column a data point, W⁽ˡ⁾ is S_l × S_{l−1}, b⁽ˡ⁾ is S_l × 1. The
same lines run on NumPy floats and on arrays of SymPy symbols.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nnlib.activations import Activation, Array, identity
from nnlib.losses import Loss, squared_error
from nnlib.shapes import ShapeError, as_matrix, require_shape, show


@dataclass(frozen=True, eq=False)
class Dense:
    """One layer, a = f(z) with z = W a⁻ + b.

    Parameters
    ----------
    W : array_like
        Weights, S_l × S_{l−1}: row i holds what unit i listens with.
    b : array_like
        Bias, S_l × 1.
    activation : Activation
        f, applied entry by entry.

    Raises
    ------
    ShapeError, TypeError, ValueError
        For what is no finite matrix, or a bias that does not fit the weights (see ``nnlib.shapes``).

    Examples
    --------
    >>> import nnlib as nn
    >>> nn.Dense(W=[[1, 2, 3], [4, 5, 6]], b=[[0], [1]], activation=nn.sigmoid)
    Dense(3 → 2, sigmoid)
    """

    W: Array
    b: Array
    activation: Activation = identity

    def __post_init__(self) -> None:
        W = as_matrix(self.W, "W", "S_l × S_{l−1}, one row a unit")
        b = as_matrix(self.b, "b", f"{W.shape[0]} × 1, one row a unit")
        require_shape(b, (W.shape[0], 1), f"b (beside W of shape {show(W.shape)})", "column")
        object.__setattr__(self, "W", W)
        object.__setattr__(self, "b", b)

    def __repr__(self) -> str:
        return f"Dense({self.W.shape[1]} → {self.W.shape[0]}, {self.activation.name})"


class ByLayer(Mapping[int, Array]):
    """Matrices numbered by layer as in the text: ``z[1]`` is layer 1's, and ``z[-1]`` an error.

    >>> z = ByLayer("z", {1: "first", 2: "second"})
    >>> z[2]
    'second'
    >>> z[0]
    Traceback (most recent call last):
    IndexError: z[0]: the layers of z are 1..2
    """

    def __init__(self, name: str, matrices: Mapping[int, Array]) -> None:
        self._name, self._matrices = name, dict(sorted(matrices.items()))

    def __getitem__(self, layer: int) -> Array:
        """The matrix of one layer; IndexError for a layer that there is not."""
        if layer not in self._matrices:
            raise IndexError(f"{self._name}[{layer}]: the layers of {self._name} are {self._range()}")
        return self._matrices[layer]

    def __len__(self) -> int:
        return len(self._matrices)

    def __iter__(self) -> Iterator[int]:
        return iter(self._matrices)

    def __repr__(self) -> str:
        return f"{self._name}[{self._range()}]"

    def _range(self) -> str:
        return f"{min(self._matrices)}..{max(self._matrices)}"


class _Numbered:
    """A record of matrices by layer: hands each dict to ``ByLayer`` under the field's name."""

    def __post_init__(self) -> None:
        for name, matrices in vars(self).items():
            object.__setattr__(self, name, ByLayer(name, matrices))


@dataclass(frozen=True, eq=False)
class Trace(_Numbered):
    """What a forward pass leaves behind: ``z[l]`` for l = 1..L and ``a[l]`` for l = 0..L; ``a[0]`` is x."""

    z: Mapping[int, Array]
    a: Mapping[int, Array]

    @property
    def output(self) -> Array:
        """a⁽ᴸ⁾, S_L × N."""
        return self.a[max(self.a)]


@dataclass(frozen=True, eq=False)
class Gradients(_Numbered):
    """Derivatives of the loss, numbered by layer.

    ``W[l]`` and ``b[l]`` have the shapes of the parameters; ``z[l]`` is δ⁽ˡ⁾ = ∂L/∂z⁽ˡ⁾ and ``a[l]`` is
    ∂L/∂a⁽ˡ⁾, both S_l × N. ``a[0]`` = ∂L/∂x is there if it was asked for.
    """

    W: Mapping[int, Array]
    b: Mapping[int, Array]
    z: Mapping[int, Array]
    a: Mapping[int, Array]


class Network:
    """Layers and a loss; it never changes after it is made.

    Parameters
    ----------
    layers : sequence of Dense
        Layer l takes what layer l − 1 puts out.
    loss : Loss
        Of the last layer's output.
    convention : str
        ``"column"``: data points are columns.

    Raises
    ------
    ValueError
        For no layer at all, or an unknown convention.
    ShapeError
        For a layer whose weights do not fit the layer before.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> net = nn.Network([nn.Dense(W=[[1, 2]], b=[[0]])], loss=nn.squared_error)
    >>> x, y = np.array([[3.0], [1.0]]), np.array([[4.0]])
    >>> trace = net.forward(x)
    >>> trace.output.tolist()
    [[5.0]]
    >>> net.backward(trace, y).W[1].tolist()  # δ xᵀ with δ = a − y = 1
    [[3.0, 1.0]]
    """

    def __init__(
        self, layers: Iterable[Dense], loss: Loss = squared_error, convention: str = "column"
    ) -> None:
        self.layers = tuple(layers)
        self.loss = loss
        self.convention = convention
        if convention != "column":
            raise ValueError(
                f'unknown convention {convention!r}; nnlib knows "column": data points are columns'
            )
        if not self.layers:
            raise ValueError("a network needs at least one layer")
        for number, (before, layer) in enumerate(zip(self.layers, self.layers[1:], strict=False), start=2):
            fitting = (layer.W.shape[0], before.W.shape[0])
            require_shape(layer.W, fitting, f"W of layer {number}", convention)

    @property
    def sizes(self) -> tuple[int, ...]:
        """(S₀, S₁, …, S_L), input first."""
        return (self.layers[0].W.shape[1], *(layer.W.shape[0] for layer in self.layers))

    def forward(self, x: Any) -> Trace:
        """Every z and a on the way from ``x`` (S₀ × N) to the output.

        Raises
        ------
        ShapeError, TypeError, ValueError
            For an ``x`` that is no finite S₀ × N matrix.
        """
        z, a = {}, {0: self._as_data(x, "x", self.sizes[0])}
        for l, layer in enumerate(self.layers, start=1):
            z[l] = layer.W @ a[l - 1] + layer.b
            a[l] = layer.activation(z[l])
        return Trace(z=z, a=a)

    def backward(self, trace: Trace, target: Any, *, wrt_input: bool = False) -> Gradients:
        """Derivatives of the loss by every parameter (and by the input, if asked for).

        Parameters
        ----------
        trace : Trace
            What ``forward`` returned.
        target : array_like
            y, of the shape of the output.
        wrt_input : bool
            Whether ``a[0]`` = ∂L/∂x is wanted.

        Raises
        ------
        ShapeError, TypeError, ValueError
            For a target of another shape than the output.
        """
        L, y = len(self.layers), self._as_target(target, trace)
        dW, db, delta = {}, {}, {}
        da = {L: self.loss.prime(trace.output, y)}
        for l in range(L, 0, -1):
            layer = self.layers[l - 1]
            delta[l] = da[l] * layer.activation.prime(trace.z[l], trace.a[l])
            dW[l] = delta[l] @ trace.a[l - 1].T
            db[l] = delta[l].sum(axis=1, keepdims=True)
            if l > 1 or wrt_input:
                da[l - 1] = layer.W.T @ delta[l]
        return Gradients(W=dW, b=db, z=delta, a=da)

    def predict(self, x: Any) -> Array:
        """The output a⁽ᴸ⁾ for ``x``, S_L × N."""
        return self.forward(x).output

    def loss_value(self, x: Any, target: Any) -> Any:
        """The loss of ``x`` against ``target``, a scalar."""
        trace = self.forward(x)
        return self.loss(trace.output, self._as_target(target, trace))

    def _as_data(self, value: Any, name: str, size: int) -> Array:
        matrix = as_matrix(value, name, f"{size} × N, one column a data point")
        if matrix.shape[0] != size:
            raise ShapeError(
                f"{name} has shape {show(matrix.shape)}, but this network takes {size} × N, one column a "
                f"data point, in the {self.convention} convention. Did you mean its transpose, {name}.T?"
            )
        return matrix

    def _as_target(self, value: Any, trace: Trace) -> Array:
        hint = show(trace.output.shape)
        target = as_matrix(value, "target", f"{hint}, the shape of the output")
        require_shape(target, trace.output.shape, "target", self.convention)
        return target

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        return f"Network({sizes}, {self.loss.name}, {self.convention} convention)"
