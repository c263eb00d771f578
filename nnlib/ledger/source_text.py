"""A claim as the line of Python that makes it, for readers who want to take it along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from nnlib.symbolic.formula import Formula
from nnlib.symbolic.letters import Jacobian, Partial, PartialEntry
from nnlib.symbolic.python import python


def claim_text(id: str, steps: Sequence[Any]) -> str:  # noqa: A002  the field's name in the ledger
    """``nn.claim("M14", forward.diff(L, W), …)``, where ``forward`` is the forward pass.

    Examples
    --------
    >>> from nnlib.symbolic import letters, partial
    >>> L, z, y = letters("L z y")
    >>> claim_text("book.example", [partial(L, z), z - y])
    'nn.claim("book.example", forward.diff(L, z), -y + z)'
    """
    begin, *rest = steps
    right = _text(rest[0]) if len(rest) == 1 else f"[{', '.join(map(_text, rest))}]"
    return f'nn.claim("{id}", {_side(begin)}, {right})'


def definition_text(id: str, formula: Formula) -> str:  # noqa: A002
    """``nn.define("M1", forward, …)``."""
    return f'nn.define("{id}", forward, {formula.python})'


def _side(begin: Any) -> str:
    if isinstance(begin, Partial | PartialEntry | Jacobian):
        return f"forward.diff({', '.join(map(python, begin.args))})"
    return f"forward.of({_text(begin)})"


def _text(step: Formula | sp.Basic) -> str:
    return step.python if isinstance(step, Formula) else python(step)
