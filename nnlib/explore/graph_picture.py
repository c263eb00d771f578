"""Computational graphs as pictures: where nodes stand, and an SVG in the page's colours."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping, Sequence
from math import hypot

from nnlib.explore.framed import framed
from nnlib.explore.graph import Edge, Graph, in_text, parts

Place = tuple[float, float]
_ONE_OF_TWO = (
    ".narrow-graph { display: none; } "
    "@media screen and (max-width: 560px) "
    "{ .wide-graph { display: none; } .narrow-graph { display: block; } }"
)
WIDTH, HEIGHT = 50, 46  # of a node
_STEP, _UNIT, _SIDE, _BESIDE = (130, 82), 100, 84, (58, 52)
_FORWARD, _GRADIENT, _QUIET = (
    f"var(--book-{name}, {colour})"
    for name, colour in (("forward", "#0072b2"), ("gradient", "#b84e00"), ("quiet", "#5a6472"))
)


def layout(graph: Graph, down: bool = False) -> dict[str, Place]:
    """Where the nodes of a network's graph stand: from left to right, or downward for a narrow page.

    Layers stand one behind the other, units side by side; parameters stand outside, beside their unit.

    Parameters
    ----------
    graph : Graph
        Made by ``network_graph`` or ``matrix_graph``.
    down : bool
        Whether the computation runs downward.

    Raises
    ------
    ValueError
        For more than two units in a layer, if the parameters are nodes.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.explore.graph import network_graph
    >>> layout(network_graph(nn.symbolic.network((1, 1))))["x[1]"]
    (33, 117.0)
    """
    depths = {node: _depth(graph, node) for node in graph.nodes}
    rows = _most_units(graph)
    across, beside = (_STEP[1], _BESIDE[1]) if down else (_STEP[0], _BESIDE[0])
    leaves = [node for node in graph.nodes if parts(node)[0] in "Wb"]
    margin = _SIDE if leaves else 0
    middle = (margin + (rows - 1) * _UNIT / 2) + (HEIGHT / 2 + 10 if not down else WIDTH / 2 + 10)
    places: dict[str, Place] = {}
    for node in graph.nodes:
        along = depths[node] * across + 33
        if node in leaves:
            side, rank = _beside(node, leaves, rows)
            room = 1.55 if len(graph.out_of(node)) > 1 else 1  # a fork's edges need it
            spot = (along + rank * beside * room, middle + side * ((rows - 1) * _UNIT / 2 + _SIDE))
        else:
            i, n = _unit(graph, node)
            spot = (along, middle + (i - (n + 1) / 2) * _UNIT)
        places[node] = (spot[1], spot[0]) if down else spot
    shift = min(place[1 if down else 0] for place in places.values()) - 33
    return {node: (x, y - shift) if down else (x - shift, y) for node, (x, y) in places.items()}


def _depth(graph: Graph, node: str) -> float:
    stem, layer, _ = parts(node)
    if stem in "Wb":
        uses = [_depth(graph, edge.target) for edge in graph.out_of(node)]
        return (min(uses) + max(uses)) / 2
    if stem == "loss":
        return 1 + max(_depth(graph, edge.source) for edge in graph.into(node))
    return 0 if stem == "x" else 2 * (layer or 1) - (stem == "z")


def _most_units(graph: Graph) -> int:
    return max(_unit(graph, node)[1] for node in graph.nodes if parts(node)[0] not in "Wb")


def _unit(graph: Graph, node: str) -> tuple[int, int]:
    """Which unit of how many a node belongs to."""
    stem, layer, indices = parts(node)
    like = [other for other in graph.nodes if parts(other)[:2] == (stem, layer)]
    return (indices[0] if indices else 1), len(like)


def _beside(node: str, leaves: Sequence[str], rows: int) -> tuple[int, float]:
    """On which side of the units a parameter stands, and how far along among its fellows."""
    if rows > 2:
        raise ValueError(
            "parameters are drawn for up to two units in a layer; leave them out: parameters=False"
        )
    _, layer, indices = parts(node)
    fellows = [leaf for leaf in leaves if parts(leaf)[1] == layer and parts(leaf)[2][:1] == indices[:1]]
    rank = fellows.index(node) - (len(fellows) - 1) / 2
    return (1 if indices[:1] == (2,) else -1), rank


class GraphPicture:
    """A graph as SVG inside the page: values blue, derivatives orange; on a narrow page it runs downward.

    Parameters
    ----------
    graph : Graph
    label : str
        What it shows, in words, for those who do not see it.
    places : mapping, optional
        Node → (x, y), on wide pages and on narrow ones; ``layout(graph)`` if left out.
    names, values, derivatives : mapping, optional
        Node → what is written in it: its name, the number it holds, the derivative of the loss by it.
    marked : collection of Edge
        Edges to stand out, in the colour of derivatives.
    with_locals : bool
        Whether the local derivatives stand at the edges.

    Examples
    --------
    >>> graph = Graph(["v", "L"], [Edge("v", "L")])
    >>> picture = GraphPicture(graph, "v goes into L.", {"v": (30, 30), "L": (130, 30)})
    >>> 'aria-label="v goes into L."' in picture.svg
    True
    """

    def __init__(
        self,
        graph: Graph,
        label: str,
        places: Mapping[str, Place] | None = None,
        *,
        names: Mapping[str, str] | None = None,
        values: Mapping[str, float] | None = None,
        derivatives: Mapping[str, float] | None = None,
        marked: Collection[Edge] = (),
        with_locals: bool = False,
    ) -> None:
        self.label, self._graph = label, graph
        self._names, self._values, self._derivatives = names or {}, values or {}, derivatives or {}
        self._marked, self._with_locals = marked, with_locals
        self.svg = self._drawn(places or layout(graph))
        self.narrow = None if places else self._drawn(layout(graph, down=True))

    def _drawn(self, places: Mapping[str, Place]) -> str:
        self._places = places
        edges = [self._edge(edge, edge in self._marked) for edge in self._graph.edges]
        words = [self._local(edge) for edge in self._graph.edges if self._with_locals]
        nodes = [self._node(node) for node in self._graph.nodes]
        right = max(x for x, _ in places.values()) + WIDTH / 2 + 8
        bottom = max(y for _, y in places.values()) + HEIGHT / 2 + 8
        style = f"width: 100%; max-width: {1.15 * right:.0f}px; height: auto; fill: currentColor"
        return (
            f'<svg viewBox="0 0 {right:g} {bottom:g}" role="img" aria-label="{html.escape(self.label)}" '
            f'style="{style}" text-anchor="middle">{"".join(edges + nodes + words)}</svg>'
        )

    def _edge(self, edge: Edge, marked: bool) -> str:
        ends = between(self._places[edge.source], self._places[edge.target], self._height)
        colour, wide = (_GRADIENT, 2.6) if marked else (_QUIET, 1.1)
        return f'<path d="{arrow(*ends)}" style="fill: {colour}; stroke: {colour}; stroke-width: {wide}"/>'

    def _local(self, edge: Edge) -> str:
        (x1, y1), (x2, y2) = self._places[edge.source], self._places[edge.target]
        words = in_text(edge.local) if edge.local in {"1"} or "[" in edge.local else edge.local
        halo = "paint-order: stroke; stroke: var(--pst-color-background, white); stroke-width: 5px"
        style = f"font-size: 12px; fill: {_GRADIENT}; {halo}"
        rise = -6 if abs(y2 - y1) < 10 else 4  # above a level line, in a gap of a steep one
        return _line((x1 + x2) / 2, (y1 + y2) / 2 + rise, words, style)

    @property
    def _height(self) -> float:
        return HEIGHT if self._values or self._derivatives else 32

    def _node(self, node: str) -> str:
        (x, y), tall = self._places[node], self._height
        frame = f'x="{x - WIDTH / 2:g}" y="{y - tall / 2:g}" width="{WIDTH}" height="{tall:g}" rx="4"'
        fill = f"color-mix(in srgb, {_FORWARD} 10%, transparent)"
        name = self._names.get(node, in_text(node))
        text = [_line(x, y + 5 if tall < HEIGHT else y - 9, name, "font-size: 14px; font-style: italic")]
        for numbers, colour, drop in ((self._values, _FORWARD, 5), (self._derivatives, _GRADIENT, 18)):
            if node in numbers:
                text.append(_line(x, y + drop, _number(numbers[node]), f"font-size: 11.5px; fill: {colour}"))
        return f'<rect {frame} style="fill: {fill}; stroke: {_FORWARD}; stroke-width: 1.2"/>' + "".join(text)

    def _repr_html_(self) -> str:
        if self.narrow is None:
            return framed(self.svg)
        both = {"wide": self.svg, "narrow": self.narrow}
        drawings = (framed(svg, look=f"picture {which}-graph") for which, svg in both.items())
        return f"<style>{_ONE_OF_TWO}</style>{''.join(drawings)}"

    def __repr__(self) -> str:
        return f"GraphPicture({self.label})"


def _line(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" style="{style}">{html.escape(words)}</text>'


def _number(value: float) -> str:
    """At most six characters: three decimals, or one digit and a power of ten; a true minus sign."""
    fixed = value == 0 or abs(value) >= 0.0005
    text = (
        f"{value:.3f}"
        if fixed and abs(value) < 10
        else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e")
    )
    return text.replace("-", "−")


def between(start: Place, end: Place, height: float = HEIGHT) -> tuple[Place, Place]:
    """Where the line between two nodes leaves the one and reaches the other.

    >>> between((0, 0), (100, 0))
    ((26.0, 0.0), (74.0, 0.0))
    """
    (x1, y1), (x2, y2) = start, end
    dx, dy = x2 - x1, y2 - y1
    part = min((WIDTH / 2 + 1) / abs(dx) if dx else 1.0, (height / 2 + 1) / abs(dy) if dy else 1.0)
    return (x1 + part * dx, y1 + part * dy), (x2 - part * dx, y2 - part * dy)


def arrow(start: Place, end: Place) -> str:
    """The path of a line with a head.

    >>> arrow((0, 0), (50, 0))
    'M0 0 L50 0 M50 0 l-7 3 v-6 z'
    """
    (x1, y1), (x2, y2) = start, end
    if y1 == y2 and x2 > x1:
        return f"M{x1:g} {y1:g} L{x2:g} {y2:g} M{x2:g} {y2:g} l-7 3 v-6 z"
    long = hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / long, (y2 - y1) / long
    wings = [(x2 - 7 * ux + side * 3 * uy, y2 - 7 * uy - side * 3 * ux) for side in (1, -1)]
    head = " ".join(f"L{x:.2f} {y:.2f}" for x, y in wings)
    return f"M{x1:.2f} {y1:.2f} L{x2:.2f} {y2:.2f} M{x2:.2f} {y2:.2f} {head} z"
