"""The program itself: JupyterLite for notebooks, with the Pyodide kernel, widgets, and the book's wheels."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_KERNEL_PLUGIN_ID
from sphinx.errors import SphinxError

from ..freshness import installed_versions, nnlib_digest
from ..sources import nnlib_files
from .wheels import pack_all

FOLDER = "lite"

PARTS = ("jupyterlite-core", "jupyterlite-pyodide-kernel", "anywidget", "ipywidgets", "jupyterlab-widgets")
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
"""What of JupyterLab's extensions a notebook of the book needs; others that are installed stay away."""

UNUSED = {"files", "doc", "rspack.config.js", "rspack.config.analyze.js", "rspack.config.watch.js"}
"""What JupyterLite writes and the book does not use. (Its own front page is used: the program reads it.)"""

WHEN = "1980-01-01T00:00:00Z"
SECONDS = 315532800  # the same moment, as a number: no file says when it was made


def pyodide() -> Path | None:
    """Return the folder that Pyodide is to be taken from; without one it comes from its own site."""
    named = os.environ.get("PYODIDE")
    if not named:
        return None
    folder = Path(named).resolve()
    if not (folder / "pyodide-lock.json").exists():
        raise SphinxError(
            f"PYODIDE names {named}, which holds no pyodide-lock.json.\n"
            "Name the folder of an unpacked Pyodide distribution, or none: then its own site serves it."
        )
    return folder


def stamp() -> str:
    """Return a digest of all that the program is made of."""
    parts = {name: version(name) for name in PARTS}
    own = [file.read_text(encoding="utf-8") for file in sorted(Path(__file__).parent.glob("*.*"))]
    assets = [file.read_text(encoding="utf-8") for file in _assets()]
    folder = pyodide()
    lock = (folder / "pyodide-lock.json").read_text(encoding="utf-8") if folder else ""
    held = sorted(file.name for file in folder.iterdir()) if folder else []
    world = [parts, installed_versions(["nnlib"]), nnlib_digest(), own, assets, lock, held]
    return sha256(json.dumps(world, sort_keys=True).encode()).hexdigest()


def _assets() -> list[Path]:
    """Return the scripts and styles of nnlib's figures, which its own digest leaves out."""
    return [file for file in nnlib_files() if file.suffix in {".js", ".css"}]


def outdated(html: Path) -> bool:
    """Tell whether the site holds no such program, or one made of other parts."""
    file = html / FOLDER / "stamp.txt"
    return not file.exists() or file.read_text(encoding="utf-8") != stamp()


def _settings() -> dict[str, Any]:
    """Return how the program behaves: it asks no package index, and finds the notebooks beside it."""
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Backpropagation, Executed",
            "contentsAllJsonFile": "all.json",
            "exposeAppInBrowser": True,
            "litePluginSettings": {PYODIDE_KERNEL_PLUGIN_ID: {"disablePyPIFallback": True}},
        },
    }


def _build_settings() -> dict[str, Any]:
    """Return what the program is built of."""
    installed = Path(sys.prefix, "share", "jupyter", "labextensions")
    return {
        "LiteBuildConfig": {
            "apps": ["notebooks"],
            "federated_extensions": [str(installed / name) for name in EXTENSIONS],
            "ignore_sys_prefix": ["federated_extensions"],
            "no_sourcemaps": True,
            "no_unused_shared_packages": True,
            "source_date_epoch": SECONDS,
        }
    }


def build(html: Path) -> None:
    """Build the program, and put it where the old one was; the notebooks stay."""
    home, local = html / FOLDER, pyodide()
    (home / "stamp.txt").unlink(missing_ok=True)
    with TemporaryDirectory() as name:
        source, made = Path(name, "source"), Path(name, "made")
        (source / "pypi").mkdir(parents=True)
        for wheel in pack_all(source / "pypi"):
            os.utime(wheel, (SECONDS, SECONDS))
        (source / "jupyter-lite.json").write_text(json.dumps(_settings()), encoding="utf-8")
        (source / "jupyter_lite_config.json").write_text(json.dumps(_build_settings()), encoding="utf-8")
        if local:
            shutil.copytree(local, source / "static" / "pyodide")
        _run(source, made)
        _explain(made, local)
        for old in home.iterdir():
            if old.name != "files":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for new in made.iterdir():
            if new.name not in UNUSED:
                shutil.move(new, home / new.name)
    (home / "stamp.txt").write_text(stamp(), encoding="utf-8")


def _run(source: Path, made: Path) -> None:
    """Run JupyterLite's own command."""
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    command += ["--lite-dir", str(source), "--output-dir", str(made)]
    done = subprocess.run(  # noqa: S603 (all of it is written here)
        command, cwd=source, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        raise SphinxError(f"JupyterLite was not built:\n{done.stdout[-3000:]}")


def _explain(made: Path, local: Path | None) -> None:
    """Let the page of a notebook say why Python does not start, where it does not."""
    python = "../static/pyodide/pyodide.mjs" if local else f"{PYODIDE_CDN_URL}/pyodide.mjs"
    shutil.copy(Path(__file__).parent / "notice.js", made / "notice.js")
    for page in (made / "notebooks").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        script = f'<script src="../notice.js" data-python="{python}"></script>'
        page.write_text(text.replace("</head>", f"{script}</head>", 1), encoding="utf-8")


def _entry(path: str, kind: str, size: int | None) -> dict[str, Any]:
    """Return what the program's list of files says about one of them."""
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "type": kind,
        "format": None,
        "mimetype": None,
        "content": None,
        "size": size,
        "writable": True,
        "created": WHEN,
        "last_modified": WHEN,
    }


def list_notebooks(home: Path) -> None:
    """Write the lists of the notebooks, one a folder: without a server nobody else can say what is there."""
    files = home / "files"
    for folder in [files, *sorted(path for path in files.rglob("*") if path.is_dir())]:
        place = folder.relative_to(files)
        content = []
        for path in sorted(folder.iterdir()):
            kind = "directory" if path.is_dir() else "notebook"
            size = None if path.is_dir() else path.stat().st_size
            content.append(_entry(path.relative_to(files).as_posix(), kind, size))
        own = _entry("" if place == Path() else place.as_posix(), "directory", None)
        text = json.dumps({**own, "format": "json", "content": content}, indent=1)
        listing = home / "api" / "contents" / place / "all.json"
        if not listing.exists() or listing.read_text(encoding="utf-8") != text:
            listing.parent.mkdir(parents=True, exist_ok=True)
            listing.write_text(text, encoding="utf-8")
