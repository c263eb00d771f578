"""A script of which no other script knows the names, with short ones.

A name becomes the same new one wherever it stands, and no two become one: who means whom is as before.
Only names that the script itself declares change; those of properties never do.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from string import ascii_letters

from tree_sitter import Node

from .script import all_nodes, parsed, text_of

NAME = "identifier"
IN_BRACES = ("shorthand_property_identifier", "shorthand_property_identifier_pattern")
"""Names that are a property's as well: ``{ a }`` says ``{ a: a }``."""

DECLARES = {
    "variable_declarator": "name",
    "function_declaration": "name",
    "generator_function_declaration": "name",
    "function_expression": "name",
    "generator_function": "name",
    "class_declaration": "name",
    "class": "name",
    "arrow_function": "parameter",
    "catch_clause": "parameter",
    "for_in_statement": "left",
}
"""What declares names, and which of its parts holds them."""
DECLARES_IN = {"pair_pattern": "value", "assignment_pattern": "left", "object_assignment_pattern": "left"}
"""Which part of a part does: beside it stands a property's name, or a value."""

WORDS = {"do", "if", "in", "of"}
"""Words of the language that are as short."""


def with_short_names(script: str) -> str:
    """Return a script that does the same; ``ValueError`` where it is no script.

    >>> print(with_short_names("let sum = (one, { two, of: { three = one } }) => one.sum + { two }[sum];"))
    let b = (a, { two:c, of: { three:d = a } }) => a.sum + { two:c }[b];
    """
    root, source = parsed(script), script.encode()
    names = [node for node in all_nodes(root) if node.type == NAME or node.type in IN_BRACES]
    own = {text_of(name) for node in all_nodes(root) for name in _declared(node)}
    count = Counter(map(text_of, names))
    free = _free(WORDS | (count.keys() - own))
    new = {name: next(free) for name, _ in count.most_common() if name in own}
    parts, place = [], 0
    for name in names:
        old = text_of(name)
        if old in new:
            colon = f"{old}:" if name.type in IN_BRACES else ""
            parts += [source[place : name.start_byte].decode(), colon, new[old]]
            place = name.end_byte
    return "".join([*parts, source[place:].decode()])


def _declared(node: Node) -> Iterator[Node]:
    """Give the names that a node declares."""
    part = node if node.type == "formal_parameters" else _part(node, DECLARES)
    if part is not None:
        yield from _in_pattern(part)


def _in_pattern(node: Node) -> Iterator[Node]:
    """Give the names that a pattern declares: of ``{ a, b: [c, d = e] }`` a, c and d."""
    if node.type == NAME or node.type in IN_BRACES:
        yield node
    elif part := _part(node, DECLARES_IN):
        yield from _in_pattern(part)
    else:
        for child in node.children:
            yield from _in_pattern(child)


def _part(node: Node, parts: dict[str, str]) -> Node | None:
    """Return the part of a node that matters here, if it has one."""
    return node.child_by_field_name(parts[node.type]) if node.type in parts else None


def _free(taken: set[str]) -> Iterator[str]:
    """Give names that are not taken, the shortest first."""
    for length in (1, 2, 3):
        yield from (name for name in map("".join, product(ascii_letters, repeat=length)) if name not in taken)
