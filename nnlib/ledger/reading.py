"""A statement without mathematical content, such as a heading: it is read; there is nothing to compute."""

from __future__ import annotations

from nnlib.ledger.claim import Claim
from nnlib.ledger.independence import NotAClaim
from nnlib.ledger.statements import statement


def read(id: str, note: str) -> Claim:  # noqa: A002  the field's name in the ledger
    """A statement of a note that asserts nothing that could be computed; the ledger counts these.

    Parameters
    ----------
    id : str
        The statement of the notes.
    note : str
        What it says, and why nothing in it can be computed.

    Raises
    ------
    NotAClaim
        Without a note, and for a claim of the book's own.

    Examples
    --------
    >>> read("M69", "a heading, with nothing under it")
    M69: definition; read
    """
    about = statement(id)
    if about.source == "book" or not note.strip():
        raise NotAClaim(f"{id}: only a statement of the notes is read, and a note says why it is no more")
    return Claim(statement=about, verdict="definition", rhs=None, forward=None, note=note, how="read")
