"""What depends on what: no page is ever stale, and no page is executed without need.

A notebook page is executed again when its cells change, or its *key*: a digest of all else that its results
depend on. Each page has a notebook cache of its own, in a folder named by the key. So a result can be found
only under the key that it was computed with: an interrupted build may cost an execution, never the truth.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from jupyter_cache import get_cache
from myst_nb.core.read import is_myst_markdown_notebook
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sqlalchemy.exc import SQLAlchemyError

from .assets import assets_digest
from .bundle import SCRIPT
from .domain import BookDomain, book_domain
from .sources import STATEMENTS, nnlib_files, nnlib_folder, statements

ROOTS = ("nnlib", "matplotlib", "ipywidgets")
"""What the cells import; the key holds the versions of these and of all that they require."""

ASSETS = {".js", ".css"}
"""Files of nnlib that no cell reads for its results: they reach the page as assets (see assets.py)."""

QUOTED = re.compile(r"""["']([A-Z][\w.-]*)\\?["']""")
"""A quoted word that may be the id of a statement (with a backslash in .ipynb files)."""

READ = re.compile(r"""["']((?:\.\./)+[\w./-]+)["']""")
"""A quoted path out of the page's folder: a file that a cell may read."""


def _digest(parts: Iterable[str | bytes]) -> str:
    """Return a digest that tells ("ab", "c") from ("a", "bc")."""
    total = sha256()
    for part in parts:
        total.update(sha256(part.encode() if isinstance(part, str) else part).digest())
    return total.hexdigest()


def _requirements(name: str, extras: frozenset[str]) -> list[Requirement]:
    """Return what an installed distribution, with some of its extras, needs on this machine."""
    needed = map(Requirement, distribution(name).requires or ())
    return [
        requirement
        for requirement in needed
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in {"", *extras})
    ]


def installed_versions(roots: Iterable[str] = ROOTS) -> dict[str, str]:
    """Return the version of each distribution that the roots need, directly or not."""
    versions: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = [Requirement(root) for root in roots]
    while queue:
        requirement = queue.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            versions[name] = distribution(name).version
            queue += _requirements(name, extras)
        except PackageNotFoundError:
            versions[name] = "absent"
    return versions


def nnlib_digest() -> str:
    """Return a digest of the files of nnlib that results may depend on, but the rows of the statements."""
    root = nnlib_folder()
    parts: list[str | bytes] = []
    for file in nnlib_files():
        name = file.relative_to(root)
        if file.suffix not in ASSETS and name != STATEMENTS:
            parts += [name.as_posix(), file.read_bytes()]
    return _digest(parts)


def is_notebook(path: str | Path, text: str) -> bool:
    """Tell whether a source file has cells to execute."""
    return Path(path).suffix == ".ipynb" or is_myst_markdown_notebook(text)


@dataclass
class Freshness:
    """The state of the world when the build starts, and what follows from it."""

    nnlib: str = ""
    world: str = ""
    rows: dict[str, str] = field(default_factory=dict)
    cache: Path = Path()

    def start(self, app: Sphinx) -> None:
        """Note what the keys of this build hold."""
        self.nnlib = nnlib_digest()
        versions = json.dumps(installed_versions(), sort_keys=True)
        self.world = _digest([self.nnlib, versions, sys.version, os.environ.get("BOOK_UNCHECKED", "")])
        self.rows = {id_: repr(statement) for id_, statement in statements().items()}
        self.cache = Path(app.config.nb_execution_cache_path or Path(app.outdir).parent / ".jupyter_cache")

    def key(self, path: Path, text: str) -> str:
        """Return the key of a notebook page with this source."""
        mentioned = sorted(self.rows[id_] for id_ in set(QUOTED.findall(text)) & self.rows.keys())
        files = (path.parent / name for name in sorted(set(READ.findall(text))))
        contents = (file.read_bytes() for file in files if file.is_file())
        return _digest([self.world, *mentioned, *contents])[:20]

    def outdated(
        self, app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
    ) -> list[str]:
        """Return the notebook pages whose key is not the one that they were executed with."""
        keys, executed = book_domain(env).keys, Path(app.outdir).parent / "jupyter_execute"
        found = []
        for docname in env.found_docs - added:
            path = Path(env.doc2path(docname))
            text = path.read_text(encoding="utf-8")
            if is_notebook(path, text):
                fresh = keys.get(docname) == self.key(path, text) and (executed / f"{docname}.ipynb").exists()
                found += [] if fresh else [docname]
        return found

    def open_cache(self, app: Sphinx, docname: str, content: list[str]) -> None:
        """Before a notebook page is parsed, hand myst-nb the page's cache for its key."""
        env, path = app.env, Path(app.env.doc2path(docname))
        if not is_notebook(path, content[0]):
            return
        key, home = self.key(path, content[0]), self.cache / docname.replace("/", ".")
        for old in home.glob("*"):
            if old.name != key or not _sound(old):
                shutil.rmtree(old)
        book_domain(env).keys[docname] = key
        env.mystnb_config = env.mystnb_config.copy(execution_cache_path=str(home / key))  # type: ignore[attr-defined]

    def close_cache(self, app: Sphinx, _doctree: object) -> None:
        """After a page is parsed: if nnlib was edited meanwhile, its results belong to no key."""
        keys, docname = book_domain(app.env).keys, app.env.docname
        if docname in keys and (nnlib_digest() != self.nnlib or self.rows != _rows_now()):
            shutil.rmtree(self.cache / docname.replace("/", "."), ignore_errors=True)
            del keys[docname]


def _rows_now() -> dict[str, str]:
    """Return the statements as they stand on the disk."""
    return {id_: repr(statement) for id_, statement in statements().items()}


def _sound(folder: Path) -> bool:
    """Tell whether every record of a notebook cache can be read: a killed build may leave half of one."""
    cache = get_cache(folder)
    try:
        for record in cache.list_cache_records():
            cache.get_cache_bundle(record.pk)
    except (KeyError, ValueError, OSError, SQLAlchemyError):
        return False
    finally:
        cache.db.dispose()
    return True


def _written(app: Sphinx) -> Path:
    """Return the file that says which reading of each page the output folder shows."""
    return Path(app.outdir, ".pages.json")


def _readings(env: BuildEnvironment) -> dict[str, str]:
    """Return what the output of each page is to be made from.

    That is its last reading; the assets, and the titles of all pages, since every page leads to others; and
    for a page that lists what others say, all that is remembered of them.
    """
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    everywhere = _short([assets_digest(), titles, env.toctree_includes])
    domain = book_domain(env)
    listed = _short([{table: domain.data[table] for table in domain.tables}, _rows_now(), nnlib_digest()])
    return {
        docname: f"{read_at} {everywhere}{f' {listed}' if docname in domain.ledgers else ''}"
        for docname, read_at in env.all_docs.items()
    }


def _short(data: object) -> str:
    """Return a short digest of data."""
    return _digest([json.dumps(data, sort_keys=True)])[:12]


def unwritten(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages whose latest reading the output folder does not show.

    Sphinx compares the dates of source and output. That misses a page that was executed again in a build that
    was then interrupted, or was for another builder; and the ledger's pages, which show what others say.
    While pages are being written, and until all that follows is done, none counts as written.
    """
    try:
        shown = json.loads(_written(app).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        shown = {}
    if app.builder.name == "html" and not Path(app.outdir, "_static", SCRIPT).exists():
        shown = {}
    _written(app).unlink(missing_ok=True)
    return [docname for docname, reading in _readings(env).items() if shown.get(docname) != reading]


def note_written(app: Sphinx, error: Exception | None) -> None:
    """Record that the output folder shows every page as it was last read."""
    if error is None:
        _written(app).write_text(json.dumps(_readings(app.env), indent=1), encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Connect the steps in the order in which Sphinx takes them."""
    freshness = Freshness()
    app.add_domain(BookDomain)
    app.connect("builder-inited", freshness.start)
    app.connect("env-get-outdated", freshness.outdated)
    app.connect("source-read", freshness.open_cache)
    app.connect("doctree-read", freshness.close_cache)
    app.connect("env-updated", unwritten)
    app.connect("build-finished", note_written, priority=900)
