"""What the book is computed from: the files of nnlib, and in them the statements of the source notes."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sphinx.errors import SphinxError

STATEMENTS = Path("ledger", "statements.tsv")


@dataclass(frozen=True)
class Statement:
    """One statement of a source note, as its author wrote it."""

    id: str
    source: str
    section: str
    as_written: str

    @property
    def heading(self) -> str | None:
        """Return the heading of the note that it stands under, in a note that has headings."""
        heading, semicolon, _ = self.section.partition("; ")
        return heading if semicolon else None

    @property
    def place(self) -> str:
        """Return its place under the heading: which display, which line of the source."""
        return self.section.partition("; ")[2] or self.section


def nnlib_folder() -> Path:
    """Return the folder of the nnlib that the chapters import."""
    spec = find_spec("nnlib")
    if spec is None or spec.origin is None:
        raise SphinxError("nnlib is not installed in this environment: see the README")
    return Path(spec.origin).parent


def nnlib_files() -> Iterator[Path]:
    """Yield every file of nnlib but compiled ones, in a fixed order."""
    for file in sorted(nnlib_folder().rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def statements() -> dict[str, Statement]:
    """Return the statements of the source notes by their id, in the order of the notes."""
    with (nnlib_folder() / STATEMENTS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {row["id"]: Statement(row["id"], row["source"], row["section"], row["as_written"]) for row in rows}


def of_source(source: str) -> list[Statement]:
    """Return the statements of one source, in its order."""
    return [about for about in statements().values() if about.source == source]


def headings(source: str) -> list[str | None]:
    """Return the headings of a source with statements under them, in its order."""
    return list(dict.fromkeys(about.heading for about in of_source(source)))
