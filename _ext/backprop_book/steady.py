"""What a page shows of a cell does not depend on how fast this computer was, or where it kept its objects.

Left out are the bars that move while a cell runs: they are gone when it ends, and a quick one never shows.
What a cell has printed is one text, in however many pieces the kernel sent it (``nb_merge_streams`` does the
same for the page). An object without a name of its own is shown without its address. Times that a cell has
measured stay: ``sameness.py`` lists them.
"""

import re
from pathlib import Path

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx

WIDGET = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r" at 0x[0-9a-f]{6,16}\b")


def _is_bar(output: NotebookNode) -> bool:
    """Tell whether an output is a widget that shows nothing without its kernel: a bar that moved."""
    data = output.get("data", {})
    return WIDGET in data and "text/html" not in data


def steady(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs of a cell as they are in every build.

    >>> pieces = [nbformat.v4.new_output("stream", text=text) for text in ("one, ", "two")]
    >>> bar = nbformat.v4.new_output("display_data", {WIDGET: {"model_id": "7"}, "text/plain": "40%"})
    >>> thing = nbformat.v4.new_output("execute_result", {"text/plain": "<Thing at 0x7f9a83b725c0>"})
    >>> for output in steady([pieces[0], bar, pieces[1], thing]):
    ...     print(output.get("text") or output.data["text/plain"])
    one, two
    <Thing>
    """
    kept: list[NotebookNode] = []
    for output in outputs:
        if _is_bar(output):
            continue
        before = kept[-1] if kept else NotebookNode()
        if output.output_type == "stream" == before.get("output_type") and output.name == before.name:
            before.text += output.text
            continue
        if "text/plain" in output.get("data", {}):
            output.data["text/plain"] = ADDRESS.sub("", output.data["text/plain"])
        kept.append(output)
    return kept


def steady_notebook(app: Sphinx, doctree: nodes.document) -> None:
    """Rewrite the notebook that was executed for a page, from which readers' copies are made."""
    file = Path(app.outdir).parent / "jupyter_execute" / f"{app.env.docname}.ipynb"
    if not file.exists():
        return
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = steady(cell.outputs)
    nbformat.write(notebook, file)


def drop_bars(app: Sphinx, doctree: nodes.document) -> None:
    """Take the places of such bars out of a page, and what holds nothing else."""
    for raw in list(doctree.findall(nodes.raw)):
        if WIDGET in raw.astext():
            around = raw.parent
            around.remove(raw)
            while not around.children and isinstance(around, nodes.container):
                empty, around = around, around.parent
                around.remove(empty)


def connect(app: Sphinx) -> None:
    """Connect the steps; outputs from the cache are in the notebook by then."""
    app.connect("doctree-read", steady_notebook, priority=450)
    app.connect("doctree-read", drop_bars, priority=450)
