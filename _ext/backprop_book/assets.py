"""Every byte that a page needs lies in the book's own _static folder: no page asks another host."""

import json
import re
import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from nnlib.exercises.page import asset, module_text

from .finishing import is_due
from .fonts import icon_characters, subset
from .lean import lean_script, lean_style
from .short import with_short_names
from .sources import nnlib_folder

OWN = Path(__file__).parent / "static"

ICON_SCRIPT = Path("scripts", "fontawesome.js")
THEME_SCRIPT = Path("scripts", "pydata-sphinx-theme.js")
ICON_FONT = Path("vendor", "fontawesome", "webfonts", "fa-solid-900.woff2")
ICON_STYLE = Path("styles", "pydata-sphinx-theme.css")

SEARCH = re.compile(r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>')
"""What the theme has every page load, for a search field that this book shows on the search page alone."""

LEAN = {".js": lean_script, ".css": lean_style}
"""How a file of the book's own is made smaller."""

EXERCISE = 'data-exercise="'
PROGRESS = 'class="xp pr"'

EXPLORABLE = re.compile(r'<figure class="xp" data-explorable="([\w-]+)"')

LOGGED = re.compile(r"""console\.log\((`[^`]*`|"[^"]*")\)""")
"""What the theme tells the console: which mode a page is in, that it has found the search field."""

UNWANTED = ("sphinx-thebe", "fonts.googleapis.com", "require.js", "togglebutton", "mathjax")
"""Files that the theme's companions add and the book does not use."""

UNWANTED_SETTINGS = (
    "THEBE_JS_URL", "toggleHint", "toggleOpenOnPrint", "togglebuttonSelector", "window.MathJax",
)  # fmt: skip
"""What the scripts in the page that belong to them mention."""


def _text(file: Path) -> str:
    """Return a file's text, or none for a file that is not there."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


@cache
def _generated() -> dict[str, str]:
    """Return the files of _static that the book makes itself; each explorable has a script of its own."""
    folder = nnlib_folder() / "explore"
    views = {file.stem.replace("_", "-"): _text(file) for file in folder.glob("*.js")}
    own = {file.name: LEAN[file.suffix](_text(file)) for file in sorted(OWN.iterdir()) if file.suffix in LEAN}
    return own | {
        "explorables.css": lean_style(_text(folder / "explorable.css")),
        "explorables.js": f"{_keep('kit', views.pop('kit', ''))}\n{lean_script(views.pop('host', ''))}",
        "exercises.css": lean_style(_text(nnlib_folder() / "exercises" / "exercise.css")),
        **exercises_scripts(),
        "progress.css": lean_style(asset("progress.css")),
        "progress.js": lean_script(asset("progress_store.js") + asset("progress.js")),
        **{f"explorables/{name}.js": _keep(name, view) for name, view in sorted(views.items())},
    }


def exercises_scripts() -> dict[str, str]:
    """Return the exercises' host, and the script with their code: the host asks for it near an exercise."""
    code = "\n".join([module_text(), asset("exercise_view.js"), asset("cards.js")])
    mounts = "{ mountExercise, mountCards }"
    module = _closed(f'window.EXERCISES = (() => {{\n"use strict";\n{code}\nreturn {mounts};\n}})();')
    host = _closed(f"(() => {{{asset('progress_store.js')}{asset('exercise_host.js')}}})();")
    address = f"exercises/module.js?v={sha256(module.encode()).hexdigest()[:8]}"
    return {
        "exercises.js": f"window.EXERCISES_MODULE = {json.dumps(address)};\n{host}",
        "exercises/module.js": module,
    }


def _closed(script: str) -> str:
    """Return a script that no other one knows the inside of, made smaller."""
    return with_short_names(lean_script(script))


def _keep(name: str, module: str) -> str:
    """Return a script that keeps a part of a module for the host, and tells it, if it is there already."""
    name, text = json.dumps(name), json.dumps(lean_script(module), ensure_ascii=False)
    return f"(window.EXPLORABLES ??= {{}})[{name}] = {text};\nwindow.bootExplorables?.();"


@cache
def assets_digest() -> str:
    """Return a digest of the files that the book makes: where it changes, every page is written anew."""
    return sha256(json.dumps(_generated(), sort_keys=True).encode()).hexdigest()[:12]


def write_assets(app: Sphinx) -> None:
    """Write the book's own files to _static, before any page names them."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for name, text in _generated().items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text, encoding="utf-8")
    _before_copying(app, static)


def _before_copying(app: Sphinx, static: Path) -> None:
    """Delete what this book changes of the theme, when Sphinx copies the theme: it would report a difference.

    A build that writes no page copies nothing, and what the last one made stays.
    """
    builder: Any = app.builder
    copy = builder.copy_static_files

    def copy_anew() -> None:
        for changed in (ICON_SCRIPT, THEME_SCRIPT, ICON_FONT):
            (static / changed).unlink(missing_ok=True)
        copy()

    builder.copy_static_files = copy_anew


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
    if names := sorted(set(EXPLORABLE.findall(body))):
        app.add_css_file("explorables.css")
        for script in ("explorables", *(f"explorables/{name}" for name in names)):
            app.add_js_file(f"{script}.js", loading_method="async")  # in whatever order they come
    if EXERCISE in body:
        app.add_css_file("explorables.css")  # it has the colours
        app.add_css_file("exercises.css")
        app.add_js_file("exercises.js", loading_method="async")
    if PROGRESS in body:
        app.add_css_file("explorables.css")
        app.add_css_file("progress.css")
        app.add_js_file("progress.js", loading_method="defer")
    if 'class="claim-copy"' in body:
        app.add_js_file("claims.js", loading_method="defer")
    if 'id="ledger-search"' in body:
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
    """Leave of the theme what the book uses: no second set of icons, no index on pages that do not search.

    A script of half a megabyte is emptied (the icon font draws every icon), the icon font is cut down to the
    book's icons, and the theme tells the console nothing.
    """
    static = Path(app.outdir, "_static")
    if not is_due(app, error) or not (static / ICON_SCRIPT).exists():
        return
    (static / ICON_SCRIPT).write_text("/* The icon font draws the icons. */\n", encoding="utf-8")
    for talkative in (static / THEME_SCRIPT, Path(app.outdir, "search.html")):
        _rewrite(talkative, LOGGED, "void 0")
    pages = sorted(Path(app.outdir).rglob("*.html"))
    for page in pages:
        if page.name != "search.html":
            _rewrite(page, SEARCH, "")
    characters = icon_characters(map(_text, [*pages, static / THEME_SCRIPT]), _text(static / ICON_STYLE))
    kept = Path(app.doctreedir, ICON_FONT.name)  # Sphinx copies the whole font with every page that it writes
    subset(static / ICON_FONT, kept, characters)
    shutil.copy(kept, static / ICON_FONT)


def _rewrite(file: Path, pattern: re.Pattern[str], replacement: str) -> None:
    """Replace a pattern in a file; one that stays the same is not written."""
    old = _text(file)
    if (new := pattern.sub(replacement, old)) != old:
        file.write_text(new, encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Connect the steps; a page's assets are chosen after all other extensions have added theirs."""
    app.add_css_file("book.css")
    app.connect("builder-inited", write_assets)
    app.connect("html-page-context", choose_assets, priority=900)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("build-finished", trim_theme)
