"""What ``Network.compile`` returns: a small network's loss and gradients as plain Python."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.layers import Dense
from nnlib.network import Network
from nnlib.passes import ByLayer, Gradients
from nnlib.shapes import Shape, as_data, as_matrix, as_target, require_shape, show
from nnlib.symbolic.write_out import (
    Layout,
    is_mean,
    letters_for,
    one_point,
    outputs_of,
    proofs,
    require_small,
    twin_of,
    write_out,
)


class CompiledGradients(Gradients):
    """Gradients by W, b and z, each cut out of the outputs when it is asked for; by a there are none.

    Parameters
    ----------
    outputs : array
        One row an output, one column a data point; of one data point, flat.
    layout : Layout
        What the rows are.
    """

    def __init__(self, outputs: Array, layout: Layout) -> None:
        self.__dict__["_outputs"], self.__dict__["_layout"] = outputs, layout

    def __getattr__(self, name: str) -> Any:
        """W, b, z and layers, made when first asked for."""
        if name not in {"W", "b", "z", "layers"}:
            raise AttributeError(f"compiled gradients have W, b and z, but no {name}; those of backward may")
        made = self.__dict__[name] = self._layout.layers if name == "layers" else self._matrices(name)
        return made

    def __repr__(self) -> str:
        return f"CompiledGradients(W={self.W!r}, b={self.b!r}, z={self.z!r})"

    def _matrices(self, name: str) -> ByLayer:
        layout, outputs = self._layout, self._outputs.reshape(len(self._outputs), -1)
        if name == "z":  # of b they are the sums
            deltas = {l: outputs[place.rows] for l, place in layout.b.items()}
            return ByLayer(
                name, {l: np.array(d if layout.convention == "column" else d.T) for l, d in deltas.items()}
            )
        places = layout.W if name == "W" else layout.b
        return ByLayer(name, {l: outputs[p.rows].sum(axis=1).reshape(p.shape) for l, p in places.items()})


class CompiledNetwork:
    """Loss and gradients of one small network, written out; what ``Network.compile`` returns.

    Call it as you would ``value_and_gradients``: ``compiled(x, target)``. Hand in W and b of every distinct
    layer behind, and they stand in the place of the network's own: ``compiled(x, target, W1, b1, W2, b2)``.

    Parameters
    ----------
    net : Network
        Of real numbers, without a softmax, with at most 64 parameters and 128 paths from input to output.

    Attributes
    ----------
    proofs : tuple of Proof
        That ``backward`` gives the derivatives, for every activation and every loss, at these sizes; that the
        slope of each activation is its derivative; that the last δ is the derivative of the loss by z.

    Raises
    ------
    CannotCompile
        For another network; the message says why.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> compiled = nn.Network([nn.Dense([[1.0, 2.0]], [[0.0]])]).compile()
    >>> x, y = np.array([[3.0], [1.0]]), np.array([[4.0]])
    >>> loss, grads = compiled(x, y)
    >>> float(loss), grads.W[1].tolist()
    (0.5, [[3.0, 1.0]])
    >>> loss, grads = compiled(x, y, [[1.0, 2.0]], [[-1.0]])
    >>> float(loss), grads.W[1].tolist()
    (0.0, [[0.0, 0.0]])
    """

    def __init__(self, net: Network) -> None:
        distinct = tuple(dict.fromkeys(net.layers))
        require_small(net, distinct)
        twin = twin_of(net, distinct)
        self.proofs = proofs(net, twin)
        self._mean = is_mean(net.loss, net.sizes[-1])
        self._net, self._distinct = net, distinct
        self._matrices = [matrix for layer in distinct for matrix in (layer.W, layer.b)]
        self._numbers = [number for matrix in self._matrices for number in matrix.ravel().tolist()]
        self._char = np.result_type(*self._matrices).char
        self._x, self._y = one_point(net.sizes[0], net), one_point(net.sizes[-1], net)
        x, y = letters_for("x", self._x), letters_for("y", self._y)
        outputs, self._layout = outputs_of(twin, net, x, y)
        self._size = len(outputs)
        given = [e for layer in dict.fromkeys(twin.layers) for m in (layer.W, layer.b) for e in m.ravel()]
        arguments = [given, list(x.ravel()), list(y.ravel())]
        self._by_floats = write_out(arguments, outputs, "math")
        self._by_arrays = write_out(arguments, outputs, "numpy")
        least, greatest = net.loss.targets
        anything = (least, greatest) == (-inf, inf)
        self._takes = lambda wanted: anything or (least <= min(wanted) and max(wanted) <= greatest)

    def __call__(self, x: Any, target: Any, *parameters: Any) -> tuple[Any, Gradients]:
        """Loss and gradients at ``x`` and ``target``, with these parameters in the place of the network's.

        Raises
        ------
        ShapeError, TypeError, ValueError
            As ``value_and_gradients``; and for too few or too many parameters, or one of another shape.
        """
        numbers, char = self._read(parameters) if parameters else (self._numbers, self._char)
        if not (_is_real(x, self._x) and _is_real(target, self._y)):
            return self._at_points(numbers, char, x, target, parameters)
        given, wanted = x.ravel().tolist(), target.ravel().tolist()
        if not isfinite(sum(given) + sum(wanted)) or not self._takes(wanted):
            return self._at_points(numbers, char, x, target, parameters)  # says what is wrong
        try:
            outputs = self._by_floats(numbers, given, wanted)
        except (OverflowError, ZeroDivisionError, ValueError):  # exp far from 0, log below it
            return self._network(parameters).value_and_gradients(x, target)
        single = char == "f" and x.dtype.char == "f" and target.dtype.char == "f"
        outputs = np.array(outputs, "f" if single else "d")
        return outputs[0], CompiledGradients(outputs, self._layout)

    @property
    def python(self) -> str:
        """The function that one data point goes through, as text."""
        return inspect.getsource(self._by_floats)

    def _at_points(
        self, numbers: list[float], char: str, x: Any, target: Any, parameters: Sequence[Any]
    ) -> tuple[Any, Gradients]:
        """Any number of data points, whatever they are handed in as."""
        net, column = self._net, self._net.convention == "column"
        x = as_data(x, net.sizes[0], net.convention)
        N = x.shape[1 if column else 0]
        y = as_target(target, (net.sizes[-1], N) if column else (N, net.sizes[-1]), net.convention)
        net.loss.check_target(y)
        if x.dtype.kind != "f" or y.dtype.kind != "f":
            raise TypeError(f"a compiled network takes real numbers, not {x.dtype} and {y.dtype}")
        points, targets = (list(m if column else m.T) for m in (x, y))
        outputs = np.empty((self._size, N), np.result_type(x, y, char))
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                for row, value in zip(outputs, self._by_arrays(numbers, points, targets), strict=True):
                    row[:] = value
        except FloatingPointError:
            return self._network(parameters).value_and_gradients(x, y)
        if self._mean:
            outputs /= N
        return outputs[0].sum(), CompiledGradients(outputs, self._layout)

    def _read(self, parameters: Sequence[Any]) -> tuple[list[float], str]:
        """The parameters handed in, one number after the other, checked; and their type."""
        if len(parameters) != len(self._matrices):
            raise TypeError(
                f"this compiled network takes {len(self._matrices)} parameters (W and b of every distinct "
                f"layer), not {len(parameters)}"
            )
        numbers: list[float] = []
        char = "f"
        for k, (matrix, own) in enumerate(zip(parameters, self._matrices, strict=True)):
            checked = matrix if _is_real(matrix, own.shape) else self._checked(matrix, own.shape, k)
            char = checked.dtype.char if char == "f" else char
            numbers += checked.ravel().tolist()
        if not isfinite(sum(numbers)):
            self._network(parameters)  # says which
        return numbers, char

    def _checked(self, value: Any, shape: Shape, k: int) -> Array:
        name = f"{'Wb'[k % 2]} of distinct layer {k // 2 + 1}"
        matrix = as_matrix(value, name, show(shape))
        require_shape(matrix, shape, name, self._net.convention)
        if matrix.dtype.char not in "fd":
            raise TypeError(f"a compiled network takes real numbers; {name} holds {matrix.dtype}")
        return matrix

    def _network(self, parameters: Sequence[Any]) -> Network:
        """The network with these parameters."""
        if not parameters:
            return self._net
        pairs = zip(self._distinct, parameters[::2], parameters[1::2], strict=True)
        return self._net.with_layers({layer: Dense(W, b, layer.activation) for layer, W, b in pairs})


def _is_real(value: Any, shape: Shape) -> bool:
    """Whether it is a float array of that shape; a no is looked at again."""
    return type(value) is np.ndarray and value.shape == shape and value.dtype.char in "fd"
