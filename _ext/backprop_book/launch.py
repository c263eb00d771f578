"""Buttons that run a page: in the browser, and on other people's machines once the book has an address.

The address of the repository stands in pyproject.toml alone. As long as it is a placeholder, a button to
another host would lead nowhere: none is shown.
"""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from . import lite
from .notebooks import STAND_IN, executed, executed_file, packages, stands_alone, twin, written

HOST = "https://github.com/"
BRANCH = "notebooks"
"""The branch with the twins for Colab, which opens what lies on GitHub and is a notebook: see publish.yml."""

PLACEHOLDER = "OWNER"

MENU = {"type": "group", "tooltip": "Run this page", "icon": "fas fa-rocket", "label": "launch-buttons"}


def repository(folder: Path) -> str:
    """Return the address of the repository, or nothing while it is a placeholder.

    >>> repository(Path("no/such/folder"))
    ''
    """
    file = folder / "pyproject.toml"
    if not file.exists():
        return ""
    urls = tomllib.loads(file.read_text(encoding="utf-8"))["project"].get("urls", {})
    address = str(urls.get("Repository", "")).rstrip("/")
    return "" if PLACEHOLDER in address.split("/") else address


def colab(address: str, docname: str) -> str:
    """Return the address that opens a page's twin in Colab.

    >>> colab("https://github.com/ada/book", "chapters/01-one")
    'https://colab.research.google.com/github/ada/book/blob/notebooks/chapters/01-one.ipynb'
    """
    place = f"{address.removeprefix(HOST)}/blob/{BRANCH}/{quote(docname)}.ipynb"
    return f"https://colab.research.google.com/github/{place}"


def binder(address: str, docname: str) -> str:
    """Return the address that opens a page's source as a notebook on Binder.

    >>> binder("https://github.com/ada/book", "chapters/01-one")
    'https://mybinder.org/v2/gh/ada/book/main?urlpath=lab/tree/chapters/01-one.md'
    """
    return (
        f"https://mybinder.org/v2/gh/{address.removeprefix(HOST)}/main?urlpath=lab/tree/{quote(docname)}.md"
    )


def first_cell(address: str, needed: list[str]) -> list[str]:
    """Return the lines with which a twin begins on a machine that knows nothing of the book.

    >>> first_cell("https://github.com/ada/book", ["matplotlib"])[1]
    '%pip install --quiet "nnlib @ git+https://github.com/ada/book" matplotlib'
    """
    return [
        "# Run this cell first: it installs what the notebook uses, and takes a minute.",
        " ".join(["%pip install --quiet", f'"nnlib @ git+{address}"', *needed]),
        *STAND_IN,
    ]


def _button(name: str, label: str, tooltip: str, url: str, icon: str) -> dict[str, str]:
    """Return an entry of a menu, as the theme takes it."""
    return {"type": "link", "text": name, "label": label, "tooltip": tooltip, "url": url, "icon": icon}


def buttons(address: str, docname: str, local: str) -> list[dict[str, str]]:
    """Return the entries of the menu of a page: where to run it.

    >>> [entry["text"] for entry in buttons("", "chapters/01-one", "../lite/notebooks/index.html")]
    ['In this browser']
    >>> [entry["text"] for entry in buttons("https://github.com/ada/book", "chapters/01-one", "")]
    ['Colab', 'Binder']
    """
    found = []
    if local:
        tip = "Open this page as a notebook; Python runs in your browser"
        found.append(_button("In this browser", "launch-lite", tip, local, "fas fa-window-maximize"))
    if address.startswith(HOST):
        tip = "Open this page as a notebook on {}; you need an account there"
        found.append(
            _button("Colab", "launch-colab", tip.format("Colab"), colab(address, docname), "fas fa-cloud")
        )
        tip = "Open this page as a notebook on Binder; it starts slowly"
        found.append(_button("Binder", "launch-binder", tip, binder(address, docname), "fas fa-cloud"))
    return found


def add_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the menu to a page with cells that stand alone, and write its twins."""
    file = executed_file(app, pagename)
    if (
        app.builder.name != "html"
        or doctree is None
        or "ipynb_source" not in context
        or not stands_alone(notebook := executed(file))
    ):
        return
    local = ""
    if app.config.backprop_book_lite and pagename not in lite.ELSEWHERE:
        lite.write_twin(Path(app.outdir), pagename, notebook)
        local = f"{context['pathto'](lite.PAGE, 1)}?path={quote(pagename)}.ipynb"
    if address := app.config.backprop_book_repository:
        needed = packages(notebook)
        written(twin(notebook, first_cell(address, needed)), _twins(app) / f"{pagename}.ipynb")
    if entries := buttons(address, pagename, local):
        context["header_buttons"].append({**MENU, "buttons": entries})


def _twins(app: Sphinx) -> Path:
    """Return the folder of the twins for Colab; it is no part of the site."""
    return Path(app.outdir).parent / "notebooks"


def find_address(app: Sphinx, config: Config) -> None:
    """Read the address of the repository, unless a build sets another one."""
    if config.backprop_book_repository is None:
        config.backprop_book_repository = repository(Path(app.srcdir))


def connect(app: Sphinx) -> None:
    """Connect the steps; the theme has made its own buttons at 501."""
    app.add_config_value("backprop_book_repository", None, "html", types=[str])
    app.connect("config-inited", find_address)
    app.connect("html-page-context", add_buttons, priority=600)
