"""The code cells of chapters, executed in this process, without a kernel and without anything shown."""

from __future__ import annotations

import io
import linecache
import re
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stdout, suppress
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch
from warnings import catch_warnings, filterwarnings

_CELL = re.compile(r"^(?P<fence>`{3,}|~{3,})\{code-cell\}.*\n(?P<body>(?s:.*?))^(?P=fence)[ \t]*$", re.M)
_HEAD = re.compile(r"\A(---\n(?s:.*?)^---\n|(:[\w-]+:.*\n)+)", re.M)
_MAGIC = re.compile(r"^[%!].*$", re.M)


def code_cells(text: str) -> list[tuple[str, str]]:
    r"""The cells of a MyST Markdown notebook: (options, code).

    Examples
    --------
    >>> code_cells("Text.\n```{code-cell} ipython3\n:tags: [hide-input]\nx = 1\n```\n")
    [(':tags: [hide-input]\n', 'x = 1\n')]
    """
    cells = []
    for match in _CELL.finditer(text):
        body = match["body"]
        head = _HEAD.match(body)
        options = head[0] if head else ""
        cells.append((options, _MAGIC.sub("", body[len(options) :])))
    return cells


def execute(chapter: Path) -> dict[str, Any]:
    """Run a chapter's cells, in its folder, and return the names that they have defined.

    Nothing is shown or glued; what cells print is thrown away. A cell that the book lets raise may raise.
    """
    namespace: dict[str, Any] = {"__name__": "__main__", "display": _nothing}
    cells = code_cells(chapter.read_text(encoding="utf-8"))
    with chdir(chapter.parent), _nothing_shown():
        for number, (options, code) in enumerate(cells, start=1):
            if "skip-execution" in options:
                continue
            name = f"<{chapter.name}, cell {number}>"
            linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name  # for tracebacks
            with suppress(*([Exception] if "raises-exception" in options else [])):
                exec(compile(code, name, "exec"), namespace)  # noqa: S102  the book's own cells
    return namespace


def _nothing(*args: Any, **options: Any) -> None:
    """Show nothing."""


@contextmanager
def _nothing_shown() -> Iterator[None]:
    """Printing is thrown away, ``from myst_nb import glue`` keeps nothing, matplotlib opens no window."""
    stub = ModuleType("myst_nb")
    stub.glue = _nothing  # type: ignore[attr-defined]
    before = sys.modules.get("myst_nb")
    sys.modules["myst_nb"] = stub
    try:
        with patch.dict("os.environ", MPLBACKEND="Agg"), redirect_stdout(io.StringIO()), catch_warnings():
            filterwarnings("ignore", message=".*non-interactive.*")  # what plt.show() says then
            yield
    finally:
        del sys.modules["myst_nb"]
        if before is not None:
            sys.modules["myst_nb"] = before
