"""A network of dense layers: forward pass, loss, backward pass.

The algebra is that of the column convention: x is S₀ × N with one column a data point, W⁽ˡ⁾ is S_l × S_{l−1},
b⁽ˡ⁾ is S_l × 1. In the row convention x is N × S₀, W⁽ˡ⁾ is S_{l−1} × S_l, b⁽ˡ⁾ is 1 × S_l, and matrices are
transposed on the way in and on the way out. The same lines run on NumPy floats and on SymPy symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnlib.activations import Array
from nnlib.passes import Gradients, Trace
from nnlib.shapes import ShapeError, show
from nnlib.structure import Checked, Structure

if TYPE_CHECKING:
    from nnlib.symbolic.compiled_network import CompiledNetwork


@dataclass(frozen=True, eq=False, init=False, repr=False)
class Network(Structure):
    """Layers and a loss; it never changes after it is made, and never writes into what it is given.

    Parameters
    ----------
    layers : sequence of Dense
        Layer l takes what layer l − 1 puts out. One layer may stand in several places: its parameters are
        then shared.
    loss : Loss or str
        Of the last layer's output, or its name.
    convention : str
        ``"column"``: data points are columns; ``"row"``: they are rows.

    Raises
    ------
    TypeError
        For what is no sequence of ``Dense``.
    ValueError
        For no layer at all, an unknown convention or loss, or a loss that needs another last activation.
    ShapeError
        For a layer whose weights do not fit the layer before, or that is made for the other convention.

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
    >>> rows = nn.Network([nn.Dense(W=[[1], [2]], b=[[0]])], convention="row")
    >>> rows.backward(rows.forward(x.T), y).W[1].tolist()
    [[3.0], [1.0]]
    """

    def forward(self, x: Any) -> Trace:
        """Every z and a on the way from ``x`` to the output.

        Parameters
        ----------
        x : array_like
            S₀ × N (columns) or N × S₀ (rows).

        Raises
        ------
        ShapeError, TypeError, ValueError
            For an ``x`` that is no finite matrix of that shape, and an activation that gives another shape
            than that of z.

        Examples
        --------
        >>> import nnlib as nn
        >>> net = nn.Network([nn.Dense([[1, 1]], [[1]], nn.relu)])
        >>> net.forward([[1, -1], [2, -2]]).a[1].tolist()
        [[4.0, 0.0]]
        """
        x = self._input(x).copy()  # the trace stays as it is, whatever becomes of x
        return self._turned(self._forward(x))

    def backward(self, trace: Trace, target: Any, wrt_input: bool = False) -> Gradients:
        """Derivatives of the loss by every parameter (and by the input, if asked for).

        Parameters
        ----------
        trace : Trace
            What ``forward`` returned.
        target : array_like
            y, of the shape of the output: S_L × N (columns) or N × S_L (rows).
        wrt_input : bool
            Whether ``a[0]`` = ∂L/∂x is wanted.

        Raises
        ------
        ShapeError, TypeError, ValueError
            For a target of another shape than the output, or out of the range that the loss takes; for what
            is no trace, or one of another network; for a derivative of another shape than it should be.

        Examples
        --------
        >>> import nnlib as nn
        >>> net = nn.Network([nn.Dense([[1, 2]], [[0]])])
        >>> net.backward(net.forward([[3], [1]]), [[4]], wrt_input=True).a[0].tolist()
        [[1.0], [2.0]]
        """
        trace, y, L = self._own(trace), self._target(target, trace), len(self.layers)
        output = trace.output  # by itself, so that the next line does not keep the whole trace alive
        da: dict[int, Any] = {L: lambda: self.loss.prime(output, y)}  # may be infinite: only on request
        delta = {L: self.loss.delta(self.layers[-1].activation, trace.z[L], output, y)}
        dW, db = {}, {}
        for l in range(L, 0, -1):
            layer = self._columns[l - 1]
            if l < L:
                delta[l] = layer.activation.pull_back(da[l], trace.z[l], trace.a[l])
            dW[l] = delta[l] @ trace.a[l - 1].T
            db[l] = delta[l].sum(axis=1, keepdims=True)
            if l > 1 or wrt_input:
                da[l - 1] = layer.W.T @ delta[l]
        return self._turned(Gradients(dW, db, delta, da, self.layers))

    def value_and_gradients(self, x: Any, target: Any) -> tuple[Any, Gradients]:
        """The loss of ``x`` against ``target``, and its derivatives, with one forward pass.

        Parameters and errors are those of ``forward`` and ``backward``.

        Examples
        --------
        >>> import nnlib as nn
        >>> loss, grads = nn.Network([nn.Dense([[1, 2]], [[0]])]).value_and_gradients([[3], [1]], [[4]])
        >>> float(loss), grads.b[1].tolist()
        (0.5, [[1.0]])
        """
        trace = self._turned(self._forward(self._input(x)))
        y = Checked(self._target(target, trace))
        return self._loss(trace, y), self.backward(trace, y)

    def compile(self) -> CompiledNetwork:
        """Loss and gradients of this network as plain Python, one line a number: for small networks, faster.

        What is returned is called as ``value_and_gradients`` is, or with other parameters of the same shapes.

        Raises
        ------
        CannotCompile
            A ``ValueError`` that says why not: for too many parameters, symbols, or a softmax, say.

        Examples
        --------
        >>> import nnlib as nn
        >>> compiled = nn.Network([nn.Dense([[1, 2]], [[0]])]).compile()
        >>> loss, grads = compiled([[3], [1]], [[4]])
        >>> float(loss), grads.W[1].tolist()
        (0.5, [[3.0, 1.0]])
        """
        from nnlib.symbolic.compiled_network import CompiledNetwork  # noqa: PLC0415  it builds on this module

        return CompiledNetwork(self)

    def predict(self, x: Any) -> Array:
        """The output a⁽ᴸ⁾ for ``x``: S_L × N (columns) or N × S_L (rows). Errors are those of ``forward``.

        Examples
        --------
        >>> import nnlib as nn
        >>> nn.Network([nn.Dense([[1, 2]], [[0]])]).predict([[3], [1]]).tolist()
        [[5.0]]
        """
        return self.forward(x).output

    def loss_value(self, x: Any, target: Any) -> Any:
        """The loss of ``x`` against ``target``, a scalar. Errors are those of ``forward`` and ``backward``.

        Examples
        --------
        >>> import nnlib as nn
        >>> float(nn.Network([nn.Dense([[1, 2]], [[0]])]).loss_value([[3], [1]], [[4]]))
        0.5
        """
        return self._loss(self.forward(x), target)

    def jacobian(self, x: Any) -> Array:
        """∂a⁽ᴸ⁾/∂x for one data point, in both conventions S_L × S₀: row i holds the derivatives of output i.

        Parameters
        ----------
        x : array_like
            One data point: S₀ × 1 (columns) or 1 × S₀ (rows).

        Raises
        ------
        ShapeError, TypeError, ValueError
            For what is no data point, or more than one.

        Examples
        --------
        >>> import nnlib as nn
        >>> nn.Network([nn.Dense([[1, 2], [3, 4]], [[0], [0]], "relu")]).jacobian([[3], [-2]]).tolist()
        [[0.0, 0.0], [3.0, 4.0]]
        """
        trace = self._own(self.forward(x))
        if trace.output.shape[1] != 1:
            one = f"{self.sizes[0]} × 1" if self.convention == "column" else f"1 × {self.sizes[0]}"
            raise ShapeError(
                f"x has shape {show(np.shape(x))}, but jacobian takes one data point, {one} in the "
                f"{self.convention} convention."
            )
        da = np.eye(self.sizes[-1], dtype=trace.output.dtype)  # Δ⁽ᴸ⁾ of each output by itself, side by side
        for l in range(len(self.layers), 0, -1):
            layer = self._columns[l - 1]
            da = layer.W.T @ layer.activation.pull_back(da, trace.z[l], trace.a[l])
        return da.T

    def _forward(self, x: Array) -> Trace:
        """The forward pass of a checked input, in columns."""
        z, a = {}, {0: x}
        for l, layer in enumerate(self._columns, start=1):
            z[l] = layer.W @ a[l - 1] + layer.b
            a[l] = layer.activation(z[l])
        return Trace(z, a, self.layers, "column")

    def _loss(self, trace: Trace, target: Any) -> Any:
        trace, y, L = self._own(trace), self._target(target, trace), len(self.layers)
        return self.loss.at(trace.z[L], trace.a[L], y)
