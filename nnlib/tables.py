"""Small reports as tables: plain for a terminal, HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence

Lines = Sequence[Sequence[str]]


def text_table(head: Sequence[str], lines: Lines, remarks: Sequence[str]) -> str:
    """Columns under their heads, and remarks below.

    Examples
    --------
    >>> print(text_table(("parameter", "error"), [("W[1]", "0.0e+00")], ["All is right."]))
    parameter  error
    W[1]       0.0e+00
    All is right.
    """
    cells = [head, *lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in cells]
    return "\n".join([*rows, *remarks])


def html_table(head: Sequence[str], lines: Lines, remarks: Sequence[str]) -> str:
    """The same for a notebook, of the class ``gradient-check``.

    Examples
    --------
    >>> html_table(("p",), [("<W>",)], [])
    '<table class="gradient-check">...<tr><td>&lt;W&gt;</td></tr>...</table>'
    """
    top = "".join(f'<th scope="col">{name}</th>' for name in head)
    cells = ["".join(f"<td>{html.escape(cell)}</td>" for cell in line) for line in lines]
    rows = "".join(f"<tr>{line}</tr>" for line in cells)
    notes = "".join(f"<p>{html.escape(text)}</p>" for text in remarks)
    table = f"<thead><tr>{top}</tr></thead><tbody>{rows}</tbody>"
    return f'<table class="gradient-check">{table}</table>{notes}'
