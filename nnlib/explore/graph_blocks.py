"""Where the nodes of a wider network stand: each unit as a block, its parameters in rows before z and a."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from nnlib.explore.graph import Graph, parts

Box = tuple[float, float, float, float]
"""Centre, width and height of a node."""

Size = tuple[float, float]
ROW: Size = (104, 17)  # of a parameter
UNIT: Size = (46, 38)  # of any other node
_FAN = 14  # from the rows to z
_APART = 12  # between units
_MARGIN, _HEAD = 3, 20  # around; above, for a heading


def blocks(graph: Graph) -> dict[str, Box]:
    """Where the nodes of a network's graph stand and how big they are, for any number of units in a layer.

    The parameters of a unit stand in rows, one for each number that it is fed with, and the arrow of that
    number goes through the row of its weight. To their right stands z, below it a. A single output has the
    loss below it.

    Parameters
    ----------
    graph : Graph
        Made by ``network_graph`` of a network whose layers are all different.

    Raises
    ------
    ValueError
        If a parameter belongs to more than one unit: a shared layer has no block of its own.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.explore.graph import network_graph
    >>> places = blocks(network_graph(nn.symbolic.network((3, 1))))
    >>> places["W[1][1]"], places["W[1][2]"]
    ((141.0, 63.5, 104, 17), (141.0, 80.5, 104, 17))
    """
    if any(len(graph.out_of(node)) > 1 for node in graph.nodes if _is_parameter(node)):
        raise ValueError("a parameter with several uses has no unit of its own: use layout")
    layers = [
        list(units)
        for _, units in groupby((node for node in graph.nodes if node[0] == "z"), lambda node: parts(node)[1])
    ]
    inputs = [node for node in graph.nodes if node[0] == "x"]
    columns = [(len(units), _unit_height(graph, units[0])) for units in layers]
    high = max(n * (tall + _APART) - _APART for n, tall in [(len(inputs), UNIT[1]), *columns])
    spots = zip(inputs, _spread(len(inputs), high), strict=True)
    places: dict[str, Box] = {node: (_MARGIN + UNIT[0] / 2, y, *UNIT) for node, y in spots}
    left: float = _MARGIN + UNIT[0]
    for units in layers:
        left += _room(graph, units[0])
        for z, middle in zip(units, _spread(len(units), high), strict=True):
            places |= _block(graph, z, left, middle)
        left += ROW[0] + _FAN + UNIT[0]
    return places | {"loss": _end(graph, places, high)}


def heads(graph: Graph, places: Mapping[str, Box]) -> list[tuple[float, str]]:
    """The heading of each layer and where it stands.

    >>> import nnlib as nn
    >>> from nnlib.explore.graph import network_graph
    >>> graph = network_graph(nn.symbolic.network((2, 2, 1)))
    >>> [words for _, words in heads(graph, blocks(graph))]
    ['layer 1', 'layer 2']
    """
    columns = {(parts(node)[1] or 1): places[node][0] for node in graph.nodes if node[0] == "z"}
    return [(x - (ROW[0] + _FAN) / 2, f"layer {l}") for l, x in columns.items()]


def _block(graph: Graph, z: str, left: float, middle: float) -> dict[str, Box]:
    """The rows of a unit, its z and its a."""
    rows = [edge.source for edge in graph.into(z) if _is_parameter(edge.source)]
    x, top = left + ROW[0] / 2, middle - len(rows) * ROW[1] / 2
    column, half = left + ROW[0] + _FAN + UNIT[0] / 2, (_unit_height(graph, z) - UNIT[1]) / 2
    (a,) = (edge.target for edge in graph.out_of(z))
    return {row: (x, top + (k + 0.5) * ROW[1], *ROW) for k, row in enumerate(rows)} | {
        z: (column, middle - half, *UNIT),
        a: (column, middle + half, *UNIT),
    }


def _end(graph: Graph, places: Mapping[str, Box], high: float) -> Box:
    """The loss: below a single output, or else to the right of all."""
    outputs = [places[edge.source] for edge in graph.into("loss")]
    x, y = outputs[0][:2]
    if len(outputs) == 1:
        return (x, y + UNIT[1] + 24, *UNIT)
    return (x + UNIT[0] + 40, _HEAD + high / 2, *UNIT)


def _spread(n: int, high: float) -> list[float]:
    """The middles of n equal parts of the height."""
    return [_HEAD + high * (k + 0.5) / n for k in range(n)]


def _unit_height(graph: Graph, z: str) -> float:
    return max(2 * UNIT[1] + 9, ROW[1] * sum(_is_parameter(edge.source) for edge in graph.into(z)))


def _room(graph: Graph, z: str) -> float:
    """The gap before a layer: the more arrows cross it, the wider."""
    return 28 + 4 * sum(not _is_parameter(edge.source) for edge in graph.into(z))


def _is_parameter(node: str) -> bool:
    return node[0] in "Wb"
