"""Who asks to, sees every claim as it is made: the mutants, for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # claim.py records its claims here
    from nnlib.ledger.claim import Claim
    from nnlib.symbolic.formula import Formula
    from nnlib.symbolic.forward_pass import ForwardPass


@dataclass(frozen=True)
class Recorded:
    """A claim or a definition, with what was compared.

    Attributes
    ----------
    claim : Claim
    steps : tuple
        The chain of equalities: the side by ``diff`` first. Of a definition, its formula alone.
    passes : tuple of ForwardPass
        At whose sizes it was compared.
    as_written, mended
        As ``claim`` takes them.
    """

    claim: Claim
    steps: tuple[Any, ...]
    passes: tuple[ForwardPass, ...]
    as_written: Any = None
    mended: Formula | None = None


_listeners: list[list[Recorded]] = []


@contextmanager
def recording() -> Iterator[list[Recorded]]:
    """A list that every claim made meanwhile is added to.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import *
    >>> L, z, y = letters("L z y")
    >>> with recording() as records:
    ...     _ = nn.claim("book.example", ForwardPass(network((2, 2))).diff(L, z), z - y)
    >>> [(record.claim.id, len(record.passes)) for record in records]
    [('book.example', 2)]
    """
    _listeners.append([])
    try:
        yield _listeners[-1]
    finally:
        _listeners.pop()


def record(made: Recorded) -> None:
    """Tell all who listen."""
    for listener in _listeners:
        listener.append(made)
