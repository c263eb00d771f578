"""The notebooks that readers take along: executed, of this book alone, and the same in every build."""

import getpass
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import jupytext
import nbformat
import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "_ext"))
from backprop_book import launch
from backprop_book.notebooks import twin

ADDRESS = "https://github.com/ada/backpropagation-executed"

PAGE = """\
---
file_format: mystnb
kernelspec: {name: python3}
---

# A page

A sentence.

```{code-cell} ipython3
import math
from myst_nb import glue
glue("two", math.sqrt(4), display=False)
math.sqrt(9)
```

The root is {glue:text}`two:.1f`.
"""

CONFIG = """\
title: A small book
execute: {execute_notebooks: cache}
sphinx:
  local_extensions: {backprop_book: %s}
"""


# ---- the built book ----------------------------------------------------------------------------------------


def notebooks(folder):
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.ipynb"))}


def has_cells(source):
    return "```{code-cell}" in source.read_text(encoding="utf-8")


@pytest.mark.site
def test_each_page_offers_its_executed_notebook_or_its_source(site):
    sources = [ROOT / "index.md", *(ROOT / "chapters").glob("*.md")]
    for source in sources:
        docname = source.relative_to(ROOT).with_suffix("").as_posix()
        page = (site / f"{docname}.html").read_text(encoding="utf-8")
        offered = re.findall(r'href="(?:\.\./)*_sources/([^"]+)"', page)
        assert offered == ([f"{docname}.ipynb"] if has_cells(source) else []) + [f"{docname}.md"]
        assert all((site / "_sources" / name).exists() for name in offered)


@pytest.mark.site
def test_an_executed_notebook_is_valid_whole_and_holds_its_results(site):
    found = notebooks(site / "_sources")
    assert len(found) >= 13
    for name, path in found.items():
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert all(cell.execution_count for cell in code), name
        assert any(cell.outputs for cell in code), name
        assert [cell.id for cell in notebook.cells] == [f"cell-{n:03}" for n in range(len(notebook.cells))]


@pytest.mark.site
def test_text_in_a_notebook_needs_no_sphinx(site):
    for name, path in notebooks(site / "_sources").items():
        notebook = nbformat.read(path, as_version=4)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert re.findall(r"^(?:`{3,}|:{3,})\{.*|\{[a-z:]+\}`[^`]*`", text, re.M) == [], name


@pytest.mark.site
def test_nothing_that_is_published_names_this_machine(site):
    kinds = {".ipynb", ".json", ".html", ".js", ".mjs", ".css", ".md", ".txt"}
    names = [str(ROOT), str(Path.home()), tempfile.gettempdir() + "/tmp", f"/home/{getpass.getuser()}"]
    names = [name for name in names if len(name) > 5]
    for path in site.rglob("*"):
        if path.suffix in kinds and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert [name for name in names if name in text] == [], path


# ---- builds ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of one page; calling it builds it and gives back the page's notebook and its HTML."""
    root = tmp_path_factory.mktemp("book")
    (root / "_config.yml").write_text(CONFIG % (ROOT / "_ext"), encoding="utf-8")
    (root / "_toc.yml").write_text("format: jb-book\nroot: page\n", encoding="utf-8")
    (root / "page.md").write_text(PAGE, encoding="utf-8")

    def build(repository=None):
        if repository:
            (root / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{repository}"\n')
        command = [Path(sys.executable).with_name("jupyter-book"), "build", root]
        done = subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ})
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        html = root / "_build" / "html"
        return nbformat.read(html / "_sources" / "page.ipynb", as_version=4), (html / "page.html").read_text()

    build.root = root
    return build


@pytest.mark.build
def test_outputs_out_of_the_cache_are_in_the_notebook_and_stay_there(book):
    first, _ = book()
    assert [output["data"]["text/plain"] for cell in first.cells[1:2] for output in cell.outputs] == ["3.0"]
    assert first.cells[2].source == "The root is 2.0."
    page = book.root / "page.md"
    page.write_text(PAGE.replace("A sentence.", "Another sentence."), encoding="utf-8")
    second, _ = book()  # the cells come out of the cache
    assert second.cells[0].source.endswith("Another sentence.")
    assert second.cells[1:] == first.cells[1:]
    third, _ = book()  # nothing is written
    assert third == second


@pytest.mark.build
def test_buttons_to_other_hosts_appear_with_the_address_of_the_repository(book):
    _, page = book("https://github.com/OWNER/backpropagation-executed")
    assert "colab" not in page.lower()
    assert "mybinder" not in page
    assert not (book.root / "_build" / "notebooks").exists()
    _, page = book(ADDRESS)
    assert f'href="{launch.colab(ADDRESS, "page")}"' in page
    assert f'href="{launch.binder(ADDRESS, "page")}"' in page
    made = nbformat.read(book.root / "_build" / "notebooks" / "page.ipynb", as_version=4)
    nbformat.validate(made)
    assert f'"nnlib @ git+{ADDRESS}"' in made.cells[0].source
    assert [cell.outputs for cell in made.cells if cell.cell_type == "code"] == [[], []]


# ---- twins -------------------------------------------------------------------------------------------------


def test_a_twin_runs_without_the_site_that_it_was_made_for(tmp_path, monkeypatch):
    """All but the line that installs: glue is stood in for, and the cells follow."""
    cells = [nbformat.v4.new_code_cell('from myst_nb import glue\nglue("a", 1, display=False)\nvalue = 2')]
    notebook = twin(nbformat.v4.new_notebook(cells=cells), launch.first_cell(ADDRESS, ["matplotlib"]))
    monkeypatch.setitem(sys.modules, "myst_nb", sys)  # undone afterwards, whatever the cell puts there
    names = {}
    for cell in notebook.cells:
        exec("\n".join(line for line in cell.source.splitlines() if not line.startswith("%")), names)
    assert names["value"] == 2


def test_the_placeholder_is_no_address(tmp_path):
    file = tmp_path / "pyproject.toml"
    for owner, address in {"OWNER": "", "ada": ADDRESS}.items():
        file.write_text(
            f'[project.urls]\nRepository = "https://github.com/{owner}/backpropagation-executed"\n'
        )
        assert launch.repository(tmp_path) == address


# ---- Binder, VS Code ---------------------------------------------------------------------------------------


def test_binder_has_the_lock_a_python_that_fits_and_the_settings_of_make_lab():
    binder = ROOT / "binder"
    lock = [line for line in (binder / "requirements.txt").read_text().splitlines() if line.startswith("-r")]
    assert [(binder / line.split()[1]).resolve() for line in lock] == [ROOT / "requirements.txt"]
    python = Version((binder / "runtime.txt").read_text().strip().removeprefix("python-"))
    assert python in SpecifierSet(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    start = (binder / "start").read_text()
    named = re.search(r'JUPYTER_CONFIG_PATH="\$PWD/(.*)"', start)[1]
    assert (ROOT / named / "labconfig" / "default_setting_overrides.json").exists()
    assert start.endswith('exec "$@"\n')


def test_vs_code_recommends_what_opens_a_chapter_as_a_notebook():
    folder = ROOT / ".vscode"
    assert (
        "caenrigen.jupytext-sync" in json.loads((folder / "extensions.json").read_text())["recommendations"]
    )
    lines = (folder / "settings.json").read_text().splitlines()
    settings = json.loads("\n".join(line for line in lines if not line.strip().startswith("//")))
    assert settings["jupytextSync.defaultFormats"] == {".md": "ipynb,md:myst"}
    assert jupytext.reads((ROOT / "chapters" / "run.md").read_text("utf-8"), fmt="md:myst").cells
