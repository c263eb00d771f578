"""JupyterLite: a page of the book as a notebook whose Python runs in the reader's browser.

The folder lite of the site holds the program, nnlib as a wheel, and the notebooks. The pages only link there.
It is built with JupyterLite's own command instead of jupyterlite-sphinx, which copies every notebook again in
every build, adds a style sheet from another host to each page, and opens a whole lab where one notebook is
enough. Here the program is built when one of its parts has another version; else only notebooks are written.
"""

from pathlib import Path

from nbformat import NotebookNode
from sphinx.application import Sphinx

from ..notebooks import STAND_IN, packages, twin, written
from .application import FOLDER, build, list_notebooks, outdated

KERNEL = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
"""The one kernel there is: a notebook that names another one is asked which it wants."""

PAGE = f"{FOLDER}/notebooks/index.html"

ELSEWHERE = {"chapters/10-many-machines"}
"""Pages whose cells start other processes: a browser's Python has none."""


def first_cell(needed: list[str]) -> list[str]:
    """Return the lines with which a notebook begins in the browser.

    >>> first_cell(["numpy", "sympy"])[-1]
    'await prepare("numpy", "sympy")'
    """
    names = ", ".join(f'"{name}"' for name in needed)
    return [
        "# Run this cell first. It loads what the notebook uses into this browser tab.",
        "import piplite",
        *STAND_IN,
        'await piplite.install("book-in-browser", deps=False)',
        "from book_in_browser import prepare",
        f"await prepare({names})",
    ]


def write_twin(html: Path, docname: str, notebook: NotebookNode) -> None:
    """Write the notebook of a page for the browser."""
    wanted = [*packages(notebook), *(["nnlib"] if uses_nnlib(notebook) else [])]
    new = twin(notebook, first_cell(wanted))
    new.metadata["kernelspec"] = KERNEL
    written(new, html / FOLDER / "files" / f"{docname}.ipynb")


def uses_nnlib(notebook: NotebookNode) -> bool:
    """Tell whether a notebook needs the book's library."""
    return any("nnlib" in cell.source for cell in notebook.cells if cell.cell_type == "code")


def finish(app: Sphinx, error: Exception | None) -> None:
    """After the pages: build the program if a part of it has changed, and list the notebooks."""
    html = Path(app.outdir)
    if error is not None or app.builder.name != "html" or not (html / FOLDER / "files").exists():
        return
    for old in (html / FOLDER / "files").rglob("*.ipynb"):
        if old.relative_to(html / FOLDER / "files").with_suffix("").as_posix() not in app.env.all_docs:
            old.unlink()  # its page is gone
    if outdated(html):
        build(html)
    list_notebooks(html / FOLDER)


def connect(app: Sphinx) -> None:
    """Connect the last step."""
    app.add_config_value("backprop_book_lite", False, "html", types=[bool])
    app.connect("build-finished", finish)
