"""How long a build takes against what it cannot avoid: the cells' own time, and a build without any change.

    .venv/bin/python benchmarks/build_times.py

works on a copy of the book and prints each time with its ratio. All of it is measured in one run.
"""

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from jupyter_cache import get_cache

ROOT = Path(__file__).parents[1]
CHAPTER = "chapters/01-single-layer.md"
LEARNING = ("chapters.09-training", "chapters.10-many-machines")  # the irises and the digits


def copy_book(folder: Path) -> None:
    """The sources of the book, without what was built."""
    for name in ("_ext", "chapters", "benchmarks/results"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "_toc.yml", "index.md", "references.bib"):
        shutil.copy(ROOT / name, folder / name)


def build(folder: Path) -> float:
    """Seconds of one build."""
    begun = time.perf_counter()
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"the book does not build:\n{done.stdout[-3000:]}")
    return time.perf_counter() - begun


def seconds_of_cells(folder: Path, page: str = "*") -> float:
    """What the notebooks themselves took, kernels' start included, as the notebook caches recorded it."""
    caches = (folder / "_build" / ".jupyter_cache").glob(f"{page}/*")
    records = (record for cache in caches for record in get_cache(cache).list_cache_records())
    return sum(record.data.get("execution_seconds", 0.0) for record in records)


def seconds_of_claims(folder: Path) -> float:
    """What it took to decide all claims, those of the book's own included, as their badges say."""
    pages = (folder / "_build" / "html").rglob("*.html")
    records = (
        found for page in pages for found in re.findall(r'data-claim="([^"]*)"', page.read_text("utf-8"))
    )
    claims = {record["id"]: record["seconds"] for record in map(json.loads, map(html.unescape, records))}
    return sum(claims.values())


def edit(page: Path, times: int) -> None:
    """Another sentence at the end of a page."""
    page.write_text(page.read_text(encoding="utf-8") + f"\nSentence {times}.\n", encoding="utf-8")


def main() -> None:
    """Measure, and print."""
    with tempfile.TemporaryDirectory() as temporary:
        book = Path(temporary)
        copy_book(book)
        cold = build(book)
        cells, claims = seconds_of_cells(book), seconds_of_claims(book)
        learning = sum(seconds_of_cells(book, page) for page in LEARNING)
        unchanged = median(build(book) for _ in range(3))
        edits = []
        for n in range(3):
            edit(book / CHAPTER, n)
            edits.append(build(book))
    print(f"cold build        {cold:6.2f} s")
    print(f"the cells' own    {cells:6.2f} s")
    print(f"the training's    {learning:6.2f} s, of those")
    print(f"no change         {unchanged:6.2f} s")
    print(f"a sentence edited {median(edits):6.2f} s")
    print(f"all claims        {claims:6.2f} s")
    print(f"claims / (cold − claims)   = {claims / (cold - claims):.2f}   should be at most 1")
    print(f"learning / (cold − learning) = {learning / (cold - learning):.2f}   should be at most 1")
    print(f"(cold − cells) / no change = {(cold - cells) / unchanged:.2f}   should be at most 3")
    print(f"edit / no change           = {median(edits) / unchanged:.2f}   should be at most 1.5")


if __name__ == "__main__":
    main()
