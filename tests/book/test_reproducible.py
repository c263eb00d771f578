"""Two builds of one commit are one site: in different folders, time zones and orders of hashes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from backprop_book.sameness import MAY_DIFFER, RECORDS, differences, without

ROOT = Path(__file__).parents[2]

HASTY = """\
---
file_format: mystnb
kernelspec: {name: python3}
---

# Hasty cells

What these cells show depends on the moment, or on the place in memory. The page must not.

```{code-cell} ipython3
import random, time
print("one", flush=True)
time.sleep(random.random())
print("two")
```

```{code-cell} ipython3
from tqdm.auto import tqdm
for step in tqdm(range(4), delay=0.3):
    time.sleep(random.random() / 4)
object()
```

```{ledger}
```
"""
TOC = "format: jb-book\nroot: hasty\nchapters:\n  - file: chapters/01-single-layer\n"


def prepare(book: Path) -> None:
    """A book of one chapter with everything in it, and of the hasty page."""
    shutil.copytree(ROOT / "_ext", book / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
    (book / "chapters").mkdir()
    for name in ("_config.yml", "pyproject.toml", "references.bib", "chapters/01-single-layer.md"):
        shutil.copy(ROOT / name, book / name)
    (book / "hasty.md").write_text(HASTY, encoding="utf-8")
    (book / "_toc.yml").write_text(TOC, encoding="utf-8")


def start(book: Path, seed: str) -> subprocess.Popen[str]:
    """Begin to build a book."""
    return subprocess.Popen(
        [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(book)],
        env=os.environ | {"PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folders = [tmp_path_factory.mktemp("one") / "book", tmp_path_factory.mktemp("other") / "deeper" / "book"]
    for folder in folders:
        prepare(folder)
    builds = [start(folder, str(seed)) for seed, folder in enumerate(folders, start=1)]
    outputs = [build.communicate(timeout=240)[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], "\n\n".join(outputs)
    return [folder / "_build" / "html" for folder in folders]


@pytest.mark.build
def test_two_builds_are_one_site(sites: list[Path]) -> None:
    assert differences(*sites) == []


@pytest.mark.build
def test_what_may_differ_is_little(sites: list[Path]) -> None:
    """Times alone are let through: all but one in a hundred bytes of a page are compared."""
    for page in ("chapters/01-single-layer.html", "hasty.html", "searchindex.js"):
        text = (sites[0] / page).read_text(encoding="utf-8")
        assert len(without(text, page)) > 0.99 * len(text)


@pytest.mark.build
def test_the_hasty_page_shows_what_lasts(sites: list[Path]) -> None:
    page = (sites[0] / "hasty.html").read_text(encoding="utf-8")
    assert "one\ntwo\n" in page
    assert "&lt;object&gt;" in page
    assert "widget-view" not in page
    notebook = (sites[0] / "_sources" / "hasty.ipynb").read_text(encoding="utf-8")
    assert "0x" not in notebook
    assert "it/s" not in notebook


@pytest.mark.build
def test_a_build_with_no_change_leaves_the_site_as_it_is(sites: list[Path]) -> None:
    def files() -> dict[Path, bytes]:
        found = (file for file in sites[0].rglob("*") if file.is_file() and file.name not in RECORDS)
        return {file.relative_to(sites[0]): file.read_bytes() for file in found}

    before = files()
    build = start(sites[0].parents[1], "1")
    output = build.communicate(timeout=240)[0]
    assert build.returncode == 0, output
    assert "no targets are out of date" in output
    after = files()
    assert before.keys() == after.keys()
    assert [file for file in before if before[file] != after[file]] == []


@pytest.mark.parametrize(
    ("file", "one", "other", "same"),
    [
        ("a.html", "proved in 0.1 s", "proved in 12 s", True),
        ("a.html", "&quot;seconds&quot;: 0.1", "&quot;seconds&quot;: 1e-05", True),
        ("_sources/a.ipynb", r"\"seconds\": 0.1", r"\"seconds\": 0.2", True),
        ("ledger.json", '"seconds": 0.1', '"seconds": 0.2', True),
        ("a.html", "W is 2 by 3", "W is 2 by 4", False),
        ("searchindex.js", "0.1 s", "0.2 s", False),
        ("_static/a.css", "transition: 1 s", "transition: 2 s", False),
        (".buildinfo", "1", "2", True),
        (
            "chapters/09-training.html",
            "took <span>9</span> times as long when",
            "took <span>10</span> times as long when",
            True,
        ),
        (
            "lite/files/chapters/09-training.ipynb",
            "took 9 times as long when",
            "took 10 times as long when",
            True,
        ),
        ("_sources/chapters/09-training.ipynb", "took 9 steps", "took 10 steps", False),
        ("_sources/chapters/10-many-machines.ipynb", "the best is 4\n", "the best is 5\n", True),
        ("_sources/chapters/10-many-machines.ipynb", "differ by 4e-16", "differ by 5e-16", False),
        ("chapters/10-many-machines.html", "differ by <span>4</span>", "differ by <span>5</span>", False),
        ("lite/api/contents/chapters/all.json", '"size": 9,', '"size": 10,', True),
        ("lite/api/contents/chapters/all.json", '"name": "a"', '"name": "b"', False),
        ("chapters/07-input-gradient.html", "measured: 4.1", "measured: 4.2", True),
        ("chapters/08-check-your-own.html", "measured: 4.1", "measured: 4.2", False),
    ],
)
def test_only_a_time_may_differ(tmp_path: Path, file: str, one: str, other: str, same: bool) -> None:
    for folder, text in (("one", one), ("other", other)):
        path = tmp_path / folder / file
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert differences(tmp_path / "one", tmp_path / "other") == ([] if same else [file])


def test_a_file_that_one_site_lacks_is_a_difference(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    (tmp_path / "one" / "a.png").write_bytes(b"\x89\xff")
    assert differences(tmp_path / "one", tmp_path / "other") == ["a.png (in one of them only)"]
    (tmp_path / "other" / "a.png").write_bytes(b"\x89\xfe")
    assert differences(tmp_path / "one", tmp_path / "other") == ["a.png"]


def test_every_exception_has_its_reason() -> None:
    assert all(part.why for part in MAY_DIFFER)
    assert all(RECORDS.values())
