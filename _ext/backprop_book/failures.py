"""A cell that fails stops the build, and its own message reaches the terminal."""

import os
import re
import sys

from myst_nb.core.execute.base import ExecutionError
from nbclient.exceptions import CellExecutionError
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

ANSI = re.compile(r"\x1b\[[0-9;]*m")


class CellError(SphinxError):
    """A cell that did not run to its end."""

    category = "A cell failed, and the build stops"


def explain(app: Sphinx, error: Exception | None) -> None:
    """Replace myst-nb's error, which names the page only: show the cell, and end with what it said."""
    if not isinstance(error, ExecutionError):
        return
    page, cause = os.path.relpath(str(error), app.srcdir).replace(os.sep, "/"), error.__cause__
    said = str(cause)  # of a cell that took too long
    if isinstance(cause, CellExecutionError):
        sys.stderr.write(f"\n{ANSI.sub('', str(cause)).strip()}\n")
        said = f"{cause.ename}: {cause.evalue}"
    raise CellError(f"{page}: {ANSI.sub('', said)}") from None


def connect(app: Sphinx) -> None:
    """Look at the outcome after every other extension has."""
    app.connect("build-finished", explain, priority=1000)
