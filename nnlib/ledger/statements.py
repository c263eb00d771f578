"""The numbered statements of the four source notes, as written."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Statement:
    """One statement of a source note.

    Attributes
    ----------
    id, source, section : str
        Its number, the note, and the place in it.
    as_written : str
        Its TeX in the note, errors and scanning damage included; None for the book's own claims.

    Examples
    --------
    >>> statement("M15").source
    'math-of-nn'
    """

    id: str
    source: str
    section: str | None
    as_written: str | None


@cache
def statements() -> dict[str, Statement]:
    """All statements of the notes, by id, in the order of the notes."""
    text = files("nnlib.ledger").joinpath("statements.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["id"]: Statement(row["id"], row["source"], row["section"], row["as_written"]) for row in rows}


def statement(id: str) -> Statement:  # noqa: A002  the field's name in the ledger
    r"""The statement of that id; an id that begins with ``book.`` is a claim of the book's own.

    Raises
    ------
    KeyError
        For an id that no note has.

    Examples
    --------
    >>> statement("M15").as_written
    '\\frac{\\partial L}{\\partial x} = w^T \\delta'
    >>> statement("book.single-layer.error").source
    'book'
    """
    if id.startswith("book."):
        return Statement(id, "book", None, None)
    if id not in statements():
        raise KeyError(f"no note has a statement {id!r}; a claim of the book's own has an id like book.name")
    return statements()[id]
