"""Every byte that a page needs lies in the book's own _static folder: no page asks another host."""

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError

from .sources import nnlib_folder

OWN = Path(__file__).parent / "static"

MATHJAX = ("tex-chtml.js", "input/tex/extensions", "output/chtml/fonts/woff-v2", "a11y", "sre")
"""What of MathJax a page may load; a11y and sre only when the reader asks for speech in the menu."""

ICON_SCRIPT = Path("scripts", "fontawesome.js")
THEME_SCRIPT = Path("scripts", "pydata-sphinx-theme.js")

LOGGED = re.compile(r"""console\.log\((`[^`]*`|"[^"]*")\)""")
"""What the theme tells the console: which mode a page is in, that it has found the search field."""

UNWANTED = ("sphinx-thebe", "fonts.googleapis.com", "require.js", "togglebutton")
"""Files that the theme's companions add and the book does not use."""

UNWANTED_SETTINGS = ("THEBE_JS_URL", "toggleHint", "toggleOpenOnPrint", "togglebuttonSelector")
"""What the scripts in the page that belong to them mention."""


def _explorables() -> dict[str, str]:
    """Return one ES module for each explorable: what they share, then its own view."""
    folder = nnlib_folder() / "explore"
    shared = {"kit", "host"}
    views = [file for file in sorted(folder.glob("*.js")) if file.stem not in shared]
    kit = _text(folder / "kit.js")
    return {view.stem.replace("_", "-"): f"{kit}\n{_text(view)}" for view in views}


def _text(file: Path) -> str:
    """Return a file's text, or none for a file that is not there."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _generated() -> dict[str, str]:
    """Return the files of _static that the book makes itself."""
    folder = nnlib_folder() / "explore"
    modules = json.dumps(_explorables(), ensure_ascii=False)
    own = {file.name: _text(file) for file in sorted(OWN.iterdir()) if file.suffix in {".js", ".css"}}
    return own | {
        "explorables.js": f"window.EXPLORABLES = {modules};\n{_text(folder / 'host.js')}",
        "explorables.css": _text(folder / "explorable.css"),
    }


@cache
def assets_digest() -> str:
    """Return a digest of the files that the book makes: where it changes, every page is written anew."""
    return sha256(json.dumps(_generated(), sort_keys=True).encode()).hexdigest()[:12]


def _mathjax() -> Path:
    """Return MathJax's folder in the package that carries it (whose name no import statement can spell)."""
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise SphinxError("sphinx-mathjax-offline is not installed in this environment: see the README")
    return Path(spec.origin).parent / "static" / "mathjax"


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files among the named ones and below the named folders."""
    for name in names:
        path = root / name
        yield from [path] if path.is_file() else (file for file in path.rglob("*") if file.is_file())


def _copy(source: Path, target: Path) -> None:
    """Copy a file unless its copy is there, whole."""
    if target.exists():
        old, new = target.stat(), source.stat()
        if (old.st_size, int(old.st_mtime)) == (new.st_size, int(new.st_mtime)):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def write_assets(app: Sphinx) -> None:
    """Write the book's own files and MathJax to _static, before any page names them."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    static.mkdir(parents=True, exist_ok=True)
    for script in (ICON_SCRIPT, THEME_SCRIPT):  # Sphinx would report that it overwrites the changed ones
        (static / script).unlink(missing_ok=True)
    for name, text in _generated().items():
        (static / name).write_text(text, encoding="utf-8")
    root = _mathjax()
    for file in _files(root, MATHJAX):
        _copy(file, static / "mathjax" / file.relative_to(root))


def offer_notebook(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the executed notebook beside the page, so that the theme's download button offers it.

    Widgets are left out: without a kernel they cannot live, and each one's HTML form stays in its output.
    """
    source = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if doctree is None or not source.exists():
        return
    notebook = nbformat.read(source, as_version=4)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    target = Path(app.outdir, "_sources", f"{pagename}.ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    context["ipynb_source"] = f"{pagename}.ipynb"


def _wanted(file: Any) -> bool:
    """Tell whether a page should load a script or style sheet that some extension has added."""
    attributes = getattr(file, "attributes", {})
    name = str(getattr(file, "filename", None) or file)
    return not (
        any(word in (attributes.get("body") or "") for word in UNWANTED_SETTINGS)
        or attributes.get("type") == "application/vnd.jupyter.widget-state+json"
        or any(part in name for part in UNWANTED)
    )


def _identity(file: Any) -> str:
    """Return what makes two entries one script: its address, or its text."""
    attributes = getattr(file, "attributes", {})
    return f"{getattr(file, 'filename', file) or ''} {attributes.get('body', '')}"


def choose_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the explorables where there is one, and nothing that the page does not use."""
    body = context.get("body") or ""
    if "data-explorable=" in body:
        app.add_css_file("explorables.css")
        app.add_js_file("explorables.js", loading_method="defer")
    if 'class="claim-copy"' in body:
        app.add_js_file("claims.js", loading_method="defer")
    if 'id="ledger-search"' in body or 'class="statement ' in body:
        app.add_js_file("ledger.js", loading_method="defer")
    for kind in ("script_files", "css_files"):
        wanted = [file for file in context.get(kind, []) if _wanted(file)]
        context[kind] = list({_identity(file): file for file in wanted}.values())


def drop_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take out the settings of a live kernel on somebody's server, which Jupyter Book adds unasked."""
    for raw in list(doctree.findall(nodes.raw)):
        if "text/x-thebe-config" in raw.astext() or "kernelName = " in raw.astext():
            raw.parent.remove(raw)


def trim_theme(app: Sphinx, error: Exception | None) -> None:
    """Empty a script of half a megabyte (the icon font draws every icon), and have the theme say nothing."""
    icons, theme = (Path(app.outdir, "_static", name) for name in (ICON_SCRIPT, THEME_SCRIPT))
    if error is not None or not icons.exists():
        return
    icons.write_text("/* The icon font draws the icons. */\n", encoding="utf-8")
    for talkative in (theme, Path(app.outdir, "search.html")):
        if talkative.exists():
            said = talkative.read_text(encoding="utf-8")
            talkative.write_text(LOGGED.sub("void 0", said), encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Connect the steps; a page's assets are chosen after all other extensions have added theirs."""
    app.add_css_file("book.css")
    app.connect("builder-inited", write_assets)
    app.connect("html-page-context", offer_notebook, priority=450)  # the theme builds its buttons at 500
    app.connect("html-page-context", choose_assets, priority=900)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("build-finished", trim_theme)
