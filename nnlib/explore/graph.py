"""The computational graph of a network: a node for each number, an edge to each number that is made of it.

Nodes go by the names of the page (``z1[2]``). An edge knows its local derivative: the name of the number by
which a small change of the one end arrives at the other. ``GraphPicture`` draws graphs in the page's colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.network import Network
from nnlib.shapes import ShapeError
from nnlib.softmax import Softmax
from nnlib.symbolic.javascript import page_names

Quantities = dict[str, Any]


@dataclass(frozen=True)
class Edge:
    """One number goes into another.

    Attributes
    ----------
    source, target : str
        The node it leaves and the node it enters.
    local : str
        What stands for ∂target/∂source: the name of a quantity, or ``1``.
    share : str
        The name of its share of ∂L/∂source, which is ∂L/∂target times the local derivative.
    """

    source: str
    target: str
    local: str = "1"
    share: str = ""


class Graph:
    """Nodes in an order in which they can be computed, and edges that all run forward in it.

    Parameters
    ----------
    nodes : iterable of str
        What a node is made of comes before it.
    edges : iterable of Edge

    Raises
    ------
    ValueError
        For an edge that runs backward, or whose ends are no nodes.

    Examples
    --------
    >>> diamond = Graph("v u w L".split(), [Edge("v", "u"), Edge("v", "w"), Edge("u", "L"), Edge("w", "L")])
    >>> [edge.target for edge in diamond.out_of("v")]
    ['u', 'w']
    >>> ["".join(edge.target for edge in path) for path in diamond.paths("v", "L")]
    ['uL', 'wL']
    """

    def __init__(self, nodes: Iterable[str], edges: Iterable[Edge]) -> None:
        self.nodes, self.edges = tuple(nodes), tuple(edges)
        place = {node: k for k, node in enumerate(self.nodes)}
        self._into: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        self._out_of: dict[str, list[Edge]] = {node: [] for node in self.nodes}
        for edge in self.edges:
            if not place.get(edge.source, len(place)) < place.get(edge.target, -1):
                raise ValueError(f"{edge.source} → {edge.target} is no edge from a node to a later one")
            self._into[edge.target].append(edge)
            self._out_of[edge.source].append(edge)

    def into(self, node: str) -> tuple[Edge, ...]:
        """The edges that enter a node."""
        return tuple(self._into[node])

    def out_of(self, node: str) -> tuple[Edge, ...]:
        """The edges that leave a node; with more than one it is a fork."""
        return tuple(self._out_of[node])

    @property
    def leaves(self) -> tuple[str, ...]:
        """Nodes that are made of nothing: inputs and parameters."""
        return tuple(node for node in self.nodes if not self._into[node])

    @property
    def forks(self) -> tuple[str, ...]:
        """Nodes that go into more than one other."""
        return tuple(node for node in self.nodes if len(self._out_of[node]) > 1)

    def paths(self, source: str, target: str) -> Iterator[tuple[Edge, ...]]:
        """Every way along the edges from one node to another, one after the other."""
        if source == target:
            yield ()
        for edge in self._out_of[source]:
            for rest in self.paths(edge.target, target):
                yield (edge, *rest)

    def __repr__(self) -> str:
        return f"Graph({len(self.nodes)} nodes, {len(self.edges)} edges)"


def network_graph(network: Network, parameters: bool = True) -> Graph:
    """The graph of a network, one node a number: x, W, b, every z and a, and the loss.

    A shared layer has one set of nodes, from which edges go to every use. The target is a constant of the
    loss and has no node.

    Parameters
    ----------
    network : Network
        In the column convention, its activations element-wise.
    parameters : bool
        Whether W and b have nodes.

    Raises
    ------
    ValueError
        For another convention, or for softmax.

    Examples
    --------
    >>> import nnlib as nn
    >>> graph = network_graph(nn.symbolic.network((2, 1)))
    >>> graph.nodes
    ('x[1]', 'x[2]', 'W[1][1]', 'W[1][2]', 'b[1]', 'z[1]', 'a[1]', 'loss')
    >>> graph.into("z[1]")[0]
    Edge(source='W[1][1]', target='z[1]', local='x[1]', share='dW[1][1]')
    """
    _require_drawable(network)
    nodes = [f"x[{j}]" for j in _to(network.sizes[0])]
    edges: list[Edge] = []
    for l in _to(len(network.layers)):
        names = _Names(network, l)
        if parameters:
            nodes += [leaf for leaf in names.parameters() if leaf not in nodes]
        nodes += [names(letter, i) for letter in "za" for i in _to(names.rows)]
        edges += [edge for i in _to(names.rows) for edge in names.unit(i) if edge.source in nodes]
    last = _Names(network, len(network.layers))
    shares = [last("da", i) for i in _to(last.rows)]
    outputs = [Edge(last("a", i), "loss", da, da) for i, da in enumerate(shares, start=1)]
    return Graph([*nodes, "loss"], [*edges, *outputs])


class _Names:
    """The page's names around one layer, and its edges."""

    def __init__(self, network: Network, l: int) -> None:
        layer = network.layers[l - 1]
        self.uses = [k for k, used in enumerate(network.layers, start=1) if used is layer]
        self.rows, self.columns = layer.W.shape
        self._number = "" if len(network.layers) == 1 else str(l)
        self._parameter = "" if len(self.uses) == len(network.layers) else str(self.uses[0])
        self._fed = "x" if l == 1 else f"a{l - 1}"

    def __call__(self, letter: str, *indices: int) -> str:
        number = self._parameter if letter.removeprefix("d") in {"W", "b"} else self._number
        return letter + number + "".join(f"[{k}]" for k in indices)

    def parameters(self) -> list[str]:
        """Every entry of W, then of b."""
        pairs = [(i, j) for i in _to(self.rows) for j in _to(self.columns)]
        return [*(self("W", *pair) for pair in pairs), *(self("b", i) for i in _to(self.rows))]

    def unit(self, i: int) -> Iterator[Edge]:
        """The edges into z_i, and the one from z_i to a_i."""
        z, delta, shared = self("z", i), self("delta", i), len(self.uses) > 1
        for j in _to(self.columns):
            share = self("q", i, j) if shared else self("dW", i, j)
            yield Edge(self("W", i, j), z, f"{self._fed}[{j}]", share)
        for j in _to(self.columns):
            yield Edge(f"{self._fed}[{j}]", z, self("W", i, j), self("p", i, j))
        yield Edge(self("b", i), z, "1", delta if shared else self("db", i))
        yield Edge(z, self("a", i), self("slope", i), delta)


def _require_drawable(network: Network) -> None:
    if network.convention != "column":
        raise ValueError("the graph is made in the column convention; this network takes rows")
    if any(isinstance(layer.activation, Softmax) for layer in network.layers):
        raise ValueError("softmax mixes the entries of z: its local derivatives have no names of their own")


def _to(n: int) -> range:
    return range(1, n + 1)


def matrix_graph(network: Network) -> Graph:
    """The same graph with one node for each matrix; what stands at an edge is applied on the way back.

    Parameters and errors are those of ``network_graph``.

    Examples
    --------
    >>> import nnlib as nn
    >>> matrix_graph(nn.symbolic.network((2, 1))).nodes
    ('x', 'W', 'b', 'z', 'a', 'loss')
    """
    _require_drawable(network)
    nodes, edges, fed = ["x"], [], "x"
    for l in _to(len(network.layers)):
        names = _Names(network, l)
        W, b, z, a = (names(letter) for letter in "Wbza")
        nodes += [node for node in (W, b, z, a) if node not in nodes]
        edges += [Edge(W, z, f"{in_text(fed)}⊤"), Edge(fed, z, f"{in_text(W)}⊤"), Edge(b, z)]
        edges.append(Edge(z, a, f"⊙ σ′({in_text(z)})"))
        fed = a
    return Graph([*nodes, "loss"], [*edges, Edge(fed, "loss", "∇l")])


def in_text(name: str) -> str:
    """A name as plain text, with its layer raised and its indices lowered.

    >>> in_text("W2[1][3]"), in_text("slope1[2]"), in_text("da2[1]"), in_text("loss")
    ('W⁽²⁾₁₃', 'σ′(z⁽¹⁾₂)', '∂L/∂a⁽²⁾₁', 'L')
    """
    if name in {"loss", "1"}:
        return name.replace("loss", "L")
    stem, layer, indices = parts(name)
    if stem == "slope":
        return f"σ′({in_text(name.replace('slope', 'z'))})"
    if stem.startswith("d") and stem != "delta":
        return f"∂L/∂{in_text(name[1:])}"
    above = "" if layer is None else f"⁽{str(layer).translate(_RAISED)}⁾"
    return stem.replace("delta", "δ") + above + "".join(map(str, indices)).translate(_LOWERED)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def parts(name: str) -> tuple[str, int | None, tuple[int, ...]]:
    """The letter of a name, its layer and its indices.

    >>> parts("W2[1][3]")
    ('W', 2, (1, 3))
    """
    head, *indices = name.replace("]", "").split("[")
    stem = head.rstrip("0123456789")
    return stem, int(head[len(stem) :]) if head != stem else None, tuple(map(int, indices))


def derivative_name(node: str) -> str:
    """What the derivative of the loss by a node is called, ``delta1[2]`` for ``z1[2]``; by itself it is 1.

    Examples
    --------
    >>> derivative_name("z1[2]"), derivative_name("a1[2]"), derivative_name("loss")
    ('delta1[2]', 'da1[2]', '1')
    """
    if node == "loss":
        return "1"
    return node.replace("z", "delta") if node.startswith("z") else f"d{node}"


def quantities(network: Network, x: Any, target: Any) -> Quantities:
    """Every number at the nodes and edges of a network's graph, by name, as nnlib computes it.

    Parameters
    ----------
    network : Network
        With numbers or with symbols.
    x, target : array_like
        One data point and its target, as columns.

    Raises
    ------
    ShapeError
        For more than one data point.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = nn.Network([nn.Dense([[2.0]], [[1.0]])])
    >>> found = quantities(net, [[3.0]], [[5.0]])
    >>> float(found["z[1]"]), float(found["slope[1]"]), float(found["delta[1]"]), float(found["loss"])
    (7.0, 1.0, 2.0, 2.0)
    """
    trace = network.forward(x)
    if trace.output.shape[1] != 1:
        raise ShapeError(f"a node is one number: take one data point, not {trace.output.shape[1]}")
    grads = network.backward(trace, target, wrt_input=True)
    found: Quantities = {"1": 1, "loss": network.loss_value(x, target)}
    found |= page_names("x", trace.a[0]) | page_names("dx", grads.a[0])
    for l, layer in enumerate(network.layers, start=1):
        names = _Names(network, l)
        dW, db = grads.of(layer)
        matrices = {"W": layer.W, "b": layer.b, "z": trace.z[l], "a": trace.a[l], "dW": dW, "db": db}
        matrices |= {"delta": grads.z[l], "da": grads.a[l], "q": grads.W[l]}
        matrices["slope"] = layer.activation.prime(trace.z[l], trace.a[l])
        matrices["p"] = layer.W * grads.z[l]
        for letter, entries in matrices.items():
            two = letter in {"W", "dW", "p", "q"}
            for (i, j), value in np.ndenumerate(entries):
                found[names(letter, i + 1, j + 1) if two else names(letter, i + 1)] = value
    return found
