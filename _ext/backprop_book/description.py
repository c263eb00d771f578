"""What a page is about, in a sentence or two of its own text, for search engines and previews of links."""

import re
from collections.abc import Iterator

from docutils import nodes

from .search import COMMANDS, GREEK

SHORTEST, LONGEST = 50, 160
"""How long a description is, in letters."""

SIMPLE = re.compile(r"\\?(?P<letter>[a-zA-Z]+)(?:_\{?(?P<index>\d)\}?)?")
"""Mathematics that reads well without being typeset: a letter, or one with a number."""
SIGNS = {word: letter for letter, word in GREEK.items() if letter.islower()}
CITATION = re.compile(r"\s*\[[^\[\]]*\]")
END = re.compile(r"(?<=[.?!])\s+")


def _plain(tex: str) -> str | None:
    """Return mathematics as text, or nothing where that would be debris.

    >>> _plain("L"), _plain("x_1"), _plain(chr(92) + "delta"), _plain("z = W x"), _plain(chr(92) + "frac")
    ('L', 'x₁', 'δ', None, None)
    """
    found = SIMPLE.fullmatch(tex.strip())
    if not found:
        return None
    letter = SIGNS.get(found["letter"], found["letter"])
    below = chr(ord("₀") + int(found["index"])) if found["index"] else ""
    return letter + below if len(letter) == 1 and letter not in COMMANDS else None


def _text(node: nodes.Node) -> Iterator[str]:
    """Give the text of a node in pieces; mathematics that is no text leaves a mark."""
    if isinstance(node, nodes.math):
        yield _plain(node.astext()) or "\0"
    elif isinstance(node, nodes.Text):
        yield node.astext()
    else:
        for child in node.children:
            yield from _text(child)


def sentences(doctree: nodes.document) -> Iterator[str]:
    """Give the sentences of a page that can stand as plain text; lists, tables and boxes are left out."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.document):
            text = " ".join(CITATION.sub("", "".join(_text(paragraph))).split()).replace(" ,", ",")
            yield from (sentence for sentence in END.split(text) if sentence and "\0" not in sentence)


def description(doctree: nodes.document) -> str:
    """Return the first sentence of a page, and as many more as make a description of it.

    >>> page = nodes.document(None, None)
    >>> page += nodes.paragraph("", "", nodes.math("", "z = W x"), nodes.Text(" is one. A layer has knobs."))
    >>> page[0] += nodes.Text(" Which way should you turn them, and how hard?")
    >>> description(page)
    'A layer has knobs. Which way should you turn them, and how hard?'
    """
    text = ""
    for sentence in sentences(doctree):
        longer = f"{text} {sentence}".strip()
        if len(longer) > LONGEST and len(text) >= SHORTEST:
            break
        text = longer
        if len(text) > LONGEST:
            return text[: LONGEST - 1].rpartition(" ")[0].rstrip(",;:") + "…"
    return text
