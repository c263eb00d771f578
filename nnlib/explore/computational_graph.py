"""A network as a graph, swept step by step: values forward, derivatives backward, shares adding at forks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from nnlib.explore.explorable import Explorable, readable, require_formulas
from nnlib.explore.graph import Graph, derivative_name, in_text, network_graph, parts
from nnlib.explore.graph_blocks import blocks, heads
from nnlib.explore.graph_picture import HEIGHT, WIDTH, layout
from nnlib.ledger import Claim
from nnlib.network import Network
from nnlib.symbolic import Compiled, Formula, compile_formulas

_START = {
    "W[1][1]": 0.8, "W[1][2]": -0.5, "W[2][1]": -1.2, "W[2][2]": 0.6, "b[1]": 0.1, "b[2]": -0.3,
    "W1[1][1]": 0.8, "W1[1][2]": -0.5, "W1[1][3]": 0.3, "W1[1][4]": 0.7,
    "W1[2][1]": -1.2, "W1[2][2]": 0.6, "W1[2][3]": 1.1, "W1[2][4]": 0.1,
    "W1[3][1]": 0.5, "W1[3][2]": 0.2, "W1[3][3]": 0.9, "W1[3][4]": -0.6,
    "b1[1]": 0.1, "b1[2]": -0.3, "b1[3]": 0.2,
    "W2[1][1]": 1.2, "W2[1][2]": -0.7, "W2[1][3]": 0.5, "W2[2][1]": -0.4, "W2[2][2]": 0.9, "W2[2][3]": 0.4,
    "b2[1]": 0.2, "b2[2]": -0.1, "W3[1][1]": 1.4, "W3[1][2]": 0.7, "b3[1]": 0.3,
    "x[1]": 1.5, "x[2]": -0.8, "x[3]": 0.6, "x[4]": 0.3, "y[1]": 0.2, "y[2]": 1.0,
}  # fmt: skip


def computational_graph(
    networks: Mapping[str, tuple[Network, Sequence[Formula]]],
    claims: Mapping[str, Mapping[str, Claim]] | None = None,
    title: str = "A network as a graph",
) -> Explorable:
    """The explorable of the chapter *The computational graph*: step through a sweep, one node a step.

    Parameters
    ----------
    networks : mapping
        What the reader can choose from: a name → a network of symbols, of at most the sizes 4, 3, 2, 1, and
        the formulas for all its nodes, their derivatives, and what stands at the edges: the slopes σ′(z)
        (``slope``), the shares w δ of what a unit is fed with (``p``), and those of the uses of a shared W
        (``q``). The last one is shown first.
    claims : mapping, optional
        Network's name → formula's name → the claim that proves it.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When a number of a graph has no formula.

    Examples
    --------
    >>> import nnlib as nn
    >>> computational_graph({"one": (nn.symbolic.network((2, 2), nn.sigmoid), [])})
    Traceback (most recent call last):
    ValueError: the graph of one needs formulas for a, dW, da, db, delta, dx, loss, p, slope, z too
    """
    graphs = {name: network_graph(network) for name, (network, _) in networks.items()}
    programs = {name: compile_formulas(formulas, network) for name, (network, formulas) in networks.items()}
    for name, graph in graphs.items():
        _require_all(name, graph, programs[name])
    return _Sweep(
        title, {name: list(formulas) for name, (_, formulas) in networks.items()}, programs, graphs, claims
    )


def _require_all(name: str, graph: Graph, program: Compiled) -> None:
    shown = {*graph.nodes, *map(derivative_name, graph.nodes)}
    shown |= {quantity for edge in graph.edges for quantity in (edge.local, edge.share)}
    needed = {quantity.split("[")[0] for quantity in shown - {*program.inputs, *program.outputs, "1"}}
    require_formulas(f"the graph of {name} needs", needed, ())


class _Sweep(Explorable):
    """An explorable whose variants are networks: each has inputs, outputs and a graph of its own."""

    def __init__(
        self,
        title: str,
        formulas: Mapping[str, list[Formula]],
        programs: Mapping[str, Compiled],
        graphs: Mapping[str, Graph],
        claims: Mapping[str, Mapping[str, Claim]] | None,
    ) -> None:
        self._graphs = dict(graphs)
        names = dict.fromkeys(name for program in programs.values() for name in program.inputs)
        start = {name: _START[name] for name in names}
        proofs = {f"{kind}:{key}": claim for kind, of in (claims or {}).items() for key, claim in of.items()}
        ranges = {name: (0.0, 1.0, 0.01) if name[0] == "y" else (-2.0, 2.0, 0.01) for name in start}
        longest = max(map(_steps, graphs.values()))
        super().__init__(
            *("computational-graph", title, [], programs, start, ranges, proofs), views={"step": (0, longest)}
        )
        self.math = {f"{kind}:{f.name}": f.mathml for kind, of in formulas.items() for f in of}

    def _program_source(self) -> str:
        """Network's name → its inputs and outputs, the compiled formulas, and what is to be drawn."""
        variants = []
        for name, program in self._programs.items():
            names = {
                "inputs": program.inputs,
                "outputs": program.outputs,
                "graph": _drawn(self._graphs[name]),
            }
            variants.append(f"{json.dumps(name)}: {{...{json.dumps(names)}, run: {program.js}}}")
        return f"{{variants: {{{', '.join(variants)}}}}}"

    def _table(self) -> str:
        """On paper: the network that is shown, and of the inputs its own."""
        values = {name: self.inputs[name] for name in self._programs[self.variant].inputs} | self.outputs
        cells = [
            f'<th scope="row">{readable(name)}</th><td data-quantity="{name}" data-value="{value!r}">'
            f"{f'{value:.4f}'.replace('-', '−')}</td>"
            for name, value in values.items()
        ]
        rows = "".join(f"<tr>{''.join(cells[k : k + 4])}</tr>" for k in range(0, len(cells), 4))
        caption = f"<caption>{self.title}, {self.variant}</caption>"
        return f'<table class="xp-static">{caption}<tbody>{rows}</tbody></table>'


def _steps(graph: Graph) -> int:
    """How many steps a sweep has: each value that is computed, then each derivative."""
    return 2 * len(graph.nodes) - len(graph.leaves)


def _drawn(graph: Graph) -> dict[str, Any]:
    """Nodes in order, edges, and where the nodes stand on a wide page and on a narrow one."""
    nodes = [
        {
            "name": node,
            "text": in_text(node),
            "derivative": derivative_name(node),
            "leaf": node in graph.leaves,
        }
        for node in graph.nodes
    ]
    edges = [
        {
            "from": edge.source,
            "to": edge.target,
            "local": edge.local,
            "text": in_text(edge.local),
            "share": edge.share,
        }
        for edge in graph.edges
    ]
    return {"nodes": nodes, "edges": edges, **_places(graph)}


def _places(graph: Graph) -> dict[str, Any]:
    """Up to two units in a layer stand freely, and downward on a narrow page; more stand as blocks."""
    if max(parts(node)[2][0] for node in graph.nodes if parts(node)[0] in "xz") > 2:
        places = blocks(graph)
        return {"across": places, "heads": heads(graph, places)}
    free = {way: layout(graph, down) for way, down in (("across", False), ("down", True))}
    return {way: {node: (*place, WIDTH, HEIGHT) for node, place in at.items()} for way, at in free.items()}
