"""The Sphinx extension of the book: its assets, its ledger, and builds that are never stale."""

from hashlib import sha256
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from . import (
    assets,
    bundle,
    early,
    failures,
    freshness,
    highlighting,
    launch,
    ledger,
    lite,
    mathematics,
    mathml,
    notebooks,
    policy,
    progress_page,
    publishing,
    search,
    steady,
    theme,
)


def _own_code() -> str:
    """Return a digest of this extension: where it changes, every page is read anew (not executed anew)."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the parts of the extension to Sphinx."""
    app.add_config_value("backprop_book_code", _own_code(), "env", types=[str])
    for part in (
        assets,
        bundle,
        early,
        ledger,
        progress_page,
        freshness,
        failures,
        mathematics,
        mathml,
        highlighting,
        theme,
        policy,
        notebooks,
        launch,
        lite,
        search,
        steady,
        publishing,
    ):
        part.connect(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
