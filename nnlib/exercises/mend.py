"""Formulas that differ from a typed one in one place: in a sign, a prime, a transpose, or 1 for I."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nnlib.exercises.parser import Node


def mends(node: Node) -> Iterator[tuple[str, Node]]:
    """Each change's kind, and the changed tree.

    Examples
    --------
    >>> from nnlib.exercises.names import Declared, Vocabulary
    >>> from nnlib.exercises.parser import parse
    >>> names = Vocabulary([Declared("W", 2, 2), Declared("x", 2, 1)])
    >>> [kind for kind, _ in mends(parse("x - W σ(x)", names))]
    ['one-sign', 'one-sign', 'one-transpose', 'one-transpose', 'one-prime', 'one-transpose']
    """
    if node.kind == "sum":
        for k, sign in enumerate(node.value):
            signs = [*node.value[:k], "+" if sign == "-" else "-", *node.value[k + 1 :]]
            yield "one-sign", replace(node, value=tuple(signs))
            if node.args[k].kind == "number":
                yield "no-identity", _with(node, k, _times_identity(node.args[k]))
    elif node.kind == "negative":
        yield "one-sign", node.args[0]
    elif node.kind == "call" and node.value[1] == 0:
        yield "one-prime", replace(node, value=(node.value[0], 1))
    elif node.kind == "letter" and node.value[1] < 0:
        yield "one-transpose", Node("transpose", (node,), (), node.start, node.end)
    elif node.kind == "transpose":
        yield "one-transpose", node.args[0]
    for k, arg in enumerate(node.args):
        for kind, other in mends(arg):
            yield kind, _with(node, k, other)


def _with(node: Node, k: int, other: Node) -> Node:
    return replace(node, args=(*node.args[:k], other, *node.args[k + 1 :]))


def _times_identity(number: Node) -> Node:
    identity = Node("identity", (), (), number.start, number.end)
    return Node("product", (number, identity), ("", ""), number.start, number.end)
