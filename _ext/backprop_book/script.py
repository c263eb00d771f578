"""A script's syntax tree."""

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

JAVASCRIPT = Language(tree_sitter_javascript.language())


def parsed(script: str) -> Node:
    """Return the root of a script's syntax tree; raise ``ValueError`` where it is no script.

    >>> parsed("a + b").type
    'program'
    >>> parsed("a = (b")
    Traceback (most recent call last):
      ...
    ValueError: no script, in line 1: 'a = (b'
    """
    root = Parser(JAVASCRIPT).parse(script.encode()).root_node
    if root.has_error:
        wrong = next(node for node in all_nodes(root) if node.is_error or node.is_missing)
        raise ValueError(f"no script, in line {wrong.start_point.row + 1}: {text_of(wrong)[:40]!r}")
    return root


def all_nodes(node: Node) -> Iterator[Node]:
    """Give a node and all below it, as they follow each other in the script."""
    yield node
    for child in node.children:
        yield from all_nodes(child)


def text_of(node: Node) -> str:
    """Return what stands in the script.

    >>> [text_of(node) for node in parsed("a").children]
    ['a']
    """
    return (node.text or b"").decode()
