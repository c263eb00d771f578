"""What a page shows of a cell does not depend on how fast this computer was, or where it kept its objects.

Left out are the bars that move while a cell runs: they are gone when it ends, and a quick one never shows.
What a cell has printed is one text, in however many pieces the kernel sent it. An object without a name of
its own is shown without its address. Times that a cell has measured stay: ``sameness.py`` lists them.
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


def _remove(node: nodes.Element) -> None:
    """Take a node out of its page, and what then is empty around it."""
    around = node.parent
    around.remove(node)
    if isinstance(around, nodes.container) and not around.children:
        _remove(around)


def _retext(block: nodes.Element, text: str) -> None:
    """Give a block of text another one."""
    block.rawsource = text
    block.children = []
    block += nodes.Text(text)


def steady_page(app: Sphinx, doctree: nodes.document) -> None:
    """Do the same for the page: each output stands there in all its forms, and in its printed pieces."""
    for form in list(doctree.findall(lambda node: isinstance(node, nodes.container) and "mime_type" in node)):
        forms = {other.get("mime_type") for other in form.parent.children}
        if form["mime_type"] == WIDGET and "text/html" not in forms:
            _remove(form.parent)
        elif form["mime_type"] == "text/plain":
            for block in form.findall(nodes.literal_block):
                _retext(block, ADDRESS.sub("", block.astext()))
    for piece in list(doctree.findall(nodes.literal_block)):
        place = piece.parent.index(piece)
        before = piece.parent[max(place - 1, 0)]
        follows = isinstance(before, nodes.literal_block) and before["classes"] == piece["classes"]
        if place and follows and "stream" in piece["classes"]:
            _retext(before, before.astext() + piece.astext())
            piece.parent.remove(piece)


def connect(app: Sphinx) -> None:
    """Connect the steps; outputs from the cache are in the notebook by then."""
    app.connect("doctree-read", steady_notebook, priority=450)
    app.connect("doctree-read", steady_page, priority=450)
