"""The notebooks of the book: each page's executed one, and twins that Colab and a browser can run.

MyST-NB writes a notebook beside the site for every page that has cells. When the outputs come out of the
cache, it writes the notebook without them; here they are put back. What differs from build to build (the ids
of cells, times) and what only this build can use (positions in the source, widgets that have lost their
kernel) is left out.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from nbformat import NotebookNode
from sphinx.application import Sphinx

from .freshness import READ
from .plain import plain

GLUED = "application/papermill.record/"
WIDGET = "application/vnd.jupyter.widget-view+json"
IMPORT = re.compile(r"^\s*(?:from|import)\s+(\w+)", re.M)
NAMES = {"sklearn": "scikit-learn"}
"""Where a package is called otherwise than its module."""
PROVIDED = {"nnlib", "myst_nb", "IPython", *sys.stdlib_module_names}
"""Modules that no twin needs to install: nnlib comes with NumPy and SymPy, and MyST-NB is stood in for."""

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

STAND_IN = [
    "import sys, types  # the site prints with MyST-NB what a cell glues; here nothing has to be printed",
    'sys.modules["myst_nb"] = types.SimpleNamespace(glue=lambda *args, **options: None)',
]


def executed_file(app: Sphinx, docname: str) -> Path:
    """Return the file into which MyST-NB writes the notebook of a page."""
    return Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"


def put_outputs_back(app: Sphinx, doctree: nodes.document) -> None:
    """After a page is read: give its notebook the outputs that were found in the cache."""
    file = executed_file(app, app.env.docname)
    config: Any = app.env.mystnb_config  # type: ignore[attr-defined]
    if not file.exists() or config.execution_mode != "cache" or not config.execution_cache_path:
        return
    notebook = nbformat.read(file, as_version=4)
    if any(cell.get("execution_count") for cell in notebook.cells):
        return
    cache = get_cache(config.execution_cache_path)
    try:
        _, notebook = cache.merge_match_into_notebook(notebook)
    except KeyError:
        return  # the page has no cells, or its build failed
    finally:
        cache.db.dispose()
    nbformat.write(notebook, file)


def _glued(executed: Path) -> dict[str, Any]:
    """Return what the cells of a page have glued."""
    file = executed.with_suffix(".glue.json")
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _kept_for_text(output: NotebookNode) -> bool:
    """Tell whether an output is what a cell has glued: the text shows it, not the cell."""
    forms = output.get("data", {})
    return bool(forms) and all(form.startswith(GLUED) for form in forms)


def _cell(cell: NotebookNode, glued: dict[str, Any]) -> NotebookNode:
    """Return a cell without what changes from build to build."""
    if cell.cell_type == "markdown":
        return _made("markdown", plain(cell.source, glued), {})
    tags = cell.metadata.get("tags", [])
    outputs = [NotebookNode(output) for output in cell.get("outputs", []) if not _kept_for_text(output)]
    for output in outputs:
        output.get("data", {}).pop(WIDGET, None)
    folded = {"jupyter": {"source_hidden": True}} if {"hide-input", "remove-input"} & set(tags) else {}
    metadata = {**({"tags": tags} if tags else {}), **folded}
    count = cell.get("execution_count")
    return _made("code", cell.source, metadata, execution_count=count, outputs=outputs)


def _made(kind: str, source: str, metadata: dict[str, Any], **more: Any) -> NotebookNode:
    """Return a cell; nbformat's own functions check each by a schema, and then the notebook once more."""
    return NotebookNode(cell_type=kind, source=source, metadata=NotebookNode(metadata), **more)


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    """Return a notebook of these cells, which are named by their order."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number:03}"
    return nbformat.v4.new_notebook(cells=cells, metadata=NotebookNode(METADATA))


def executed(file: Path) -> NotebookNode:
    """Return the executed notebook of a page, as readers get it."""
    source = nbformat.read(file, as_version=4)
    glued = _glued(file)
    return _notebook([_cell(cell, glued) for cell in source.cells])


def code(notebook: NotebookNode) -> str:
    """Return all code of a notebook."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def packages(notebook: NotebookNode) -> list[str]:
    """Return what the cells import besides nnlib and what comes with it.

    >>> cells = ["import numpy as np", "from sklearn.datasets import load_iris", "import nnlib as nn"]
    >>> packages(_notebook([nbformat.v4.new_code_cell(cell) for cell in cells]))
    ['numpy', 'scikit-learn']
    """
    text = code(notebook)
    workers = {"distributed"} if "distributed.workers(" in text else set()
    modules = (set(IMPORT.findall(text)) - PROVIDED) | workers
    return sorted(NAMES.get(module, module) for module in modules)


def stands_alone(notebook: NotebookNode) -> bool:
    """Tell whether a notebook runs without the files of the book that lie around it."""
    return bool(code(notebook)) and not READ.search(code(notebook))


def twin(notebook: NotebookNode, first: list[str]) -> NotebookNode:
    """Return a notebook to run: the same without outputs, after a first cell that prepares it."""
    cells = [nbformat.v4.new_code_cell("\n".join(first))]
    for cell in notebook.cells:
        new = NotebookNode(cell)
        if cell.cell_type == "code":
            new |= {"outputs": [], "execution_count": None}
        cells.append(NotebookNode(new))
    return _notebook(cells)


def written(notebook: NotebookNode, file: Path) -> bool:
    """Write a notebook, unless the file holds it already."""
    text = nbformat.writes(notebook) + "\n"
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return True


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the executed notebook beside the page, so that the theme's download button offers it."""
    file = executed_file(app, pagename)
    if doctree is None or not file.exists() or not (notebook := executed(file)).cells:
        return
    written(notebook, Path(app.outdir, "_sources", f"{pagename}.ipynb"))
    context["ipynb_source"] = f"{pagename}.ipynb"


def connect(app: Sphinx) -> None:
    """Connect the steps: the cache of a page is there until freshness.py has looked at it."""
    app.connect("doctree-read", put_outputs_back, priority=400)
    app.connect("html-page-context", offer, priority=450)  # the theme builds its buttons at 500
