"""A cell that fails, or whose output is lost, stops the build; its own message reaches the terminal."""

import os
import re
import sys
from functools import partial

import nbclient
from jupyter_cache.executors import utils
from myst_nb.core.execute.base import ExecutionError
from nbclient.exceptions import CellExecutionError
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

ANSI = re.compile(r"\x1b\[[0-9;]*m")


PATIENCE = 120
"""Seconds in which a cell's outputs must have come, once it is done. On a busy machine they come late; the
library waits for 4 seconds only, and leaves them out without a word."""


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
    """Let no output be lost, and look at the outcome after every other extension has."""
    utils.executenb = partial(nbclient.execute, iopub_timeout=PATIENCE, raise_on_iopub_timeout=True)
    app.connect("build-finished", explain, priority=1000)
