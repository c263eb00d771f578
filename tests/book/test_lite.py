"""Python in the reader's browser: it starts when asked for, asks no other host, and says what is missing.

The tests with the mark ``lite`` build a small book with a local Pyodide folder: the one that PYODIDE names,
or one made of what the npm registry and PyPI have. That one holds SymPy, not NumPy. With a folder that holds
NumPy, a whole chapter runs.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import nbformat
import pytest
from playwright.sync_api import expect

from tests.book.conftest import ROOT
from tests.book.pyodide_folder import make
from tests.book.visit import ran
from tests.serving import serving_folder

CHAPTER = "chapters/01-single-layer"
RUN = "chapters/run"
PYODIDE = Path(os.environ.get("PYODIDE", ROOT / "_build" / "lite" / "pyodide"))


START = 120_000  # milliseconds that Python may take to start on a slow machine


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The address of a small book whose Python comes from a local folder, and the host that serves it."""
    if "PYODIDE" not in os.environ:
        make(PYODIDE)
    folder = tmp_path_factory.mktemp("lite")
    pages = f"chapters:\n  - file: {CHAPTER}\n" if holds_numpy() else ""
    (folder / "toc.yml").write_text(f"format: jb-book\nroot: {RUN}\n{pages}", encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ROOT]
    command += ["--toc", folder / "toc.yml", "--path-output", folder]
    environment = {**os.environ, "PYODIDE": str(PYODIDE)}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    with serving_folder(folder / "_build" / "html") as address:
        yield address


def holds_numpy():
    lock = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    return "numpy" in lock["packages"]


@pytest.fixture
def asked():
    """All addresses that were asked for."""
    return []


@pytest.fixture
def context(browser, asked):
    """A browser that reaches this machine alone."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})

    def answer(route):
        asked.append(route.request.url)
        here = urlsplit(route.request.url).hostname in {None, "127.0.0.1"}
        route.continue_() if here else route.abort()

    context.route("**/*", answer)
    yield context
    context.close()


def elsewhere(asked):
    """The hosts that were asked for, but this machine."""
    hosts = {urlsplit(address).hostname for address in asked}
    return hosts - {None, "127.0.0.1"}


def press(page):
    """Press the button that opens this page in the browser, and give back what it opens."""
    page.get_by_role("button", name="Run this page").click()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="In this browser").click()
    return popup.value


def run_all(notebook):
    """Run all cells, and give back what failed."""
    expect(notebook.locator(".jp-NotebookPanel .jp-CodeCell").first).to_be_visible(timeout=60_000)
    indicator = notebook.locator(".jp-Notebook-ExecutionIndicator")
    expect(indicator).to_have_attribute("data-status", "idle", timeout=START)
    notebook.get_by_role("menuitem", name="Run", exact=True).click()
    notebook.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return ran(notebook, seconds=300)


# ---- with a folder -----------------------------------------------------------------------------------------


@pytest.mark.lite
def test_a_derivation_runs_offline_and_what_is_missing_is_said(small, context, asked):
    page = context.new_page()
    page.goto(f"{small}/index.html")
    page.wait_for_load_state("networkidle")
    assert [address for address in asked if "/lite/" in address] == [], "the program loads when asked for"
    notebook = press(page)
    failed = run_all(notebook)
    shown = notebook.locator(".jp-OutputArea-output")
    expect(shown.nth(1)).to_have_text("(x*(b + w*x - y), b + w*x - y)")  # ∂L/∂w and ∂L/∂b
    expect(shown.nth(2)).to_have_text("0")
    if holds_numpy():
        assert failed == []
        expect(shown.nth(0)).to_have_text("Ready.")
        expect(shown.nth(3)).to_have_text("True")
    else:
        expect(shown.nth(0)).to_contain_text("NumPy is missing.")
        expect(shown.nth(0)).to_contain_text("cdn.jsdelivr.net")
        expect(shown.nth(0)).to_contain_text("make book PYODIDE=folder")
        assert failed == ["No module named 'numpy'"]
    assert elsewhere(asked) == set()


@pytest.mark.lite
def test_nnlib_comes_along_and_a_chapter_runs_where_numpy_is(small, context, asked):
    listing = context.request.get(f"{small}/lite/pypi/all.json").json()
    (version,) = listing["nnlib"]["releases"]
    assert version == "0.1.0"
    if holds_numpy():
        page = context.new_page()
        page.goto(f"{small}/{CHAPTER}.html")
        notebook = press(page)
        assert run_all(notebook) == []
        assert elsewhere(asked) == set()


# ---- the built book ----------------------------------------------------------------------------------------


def cells(site, docname):
    notebook = nbformat.read(site / "lite" / "files" / f"{docname}.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook.cells


@pytest.mark.site
def test_each_button_opens_a_notebook_that_first_loads_what_it_uses(site):
    pages = [path for path in site.rglob("*.html") if path.relative_to(site).parts[0] != "lite"]
    linked = {}
    for page in pages:
        for docname in re.findall(
            r'href="[^"]*lite/notebooks/index\.html\?path=([^"]+)\.ipynb"', page.read_text()
        ):
            linked[page.relative_to(site).with_suffix("").as_posix()] = docname
    assert {f"chapters/0{number}" for number in range(10)} <= {docname[:11] for docname in linked}
    assert "chapters/10-many-machines" not in linked, "a browser starts no processes"
    for page, docname in linked.items():
        assert page == docname
        first, *others = cells(site, docname)
        assert first.source.splitlines()[-1].startswith("await prepare(")
        assert ('"nnlib"' in first.source) == any(
            "nnlib" in c.source for c in others if c.cell_type == "code"
        )
        assert all(cell.outputs == [] for cell in [first, *others] if cell.cell_type == "code")


@pytest.mark.site
def test_the_list_of_notebooks_names_what_is_there(site):
    home = site / "lite"
    for listing in (home / "api" / "contents").rglob("all.json"):
        data = json.loads(listing.read_text(encoding="utf-8"))
        folder = home / "files" / data["path"]
        assert {entry["name"] for entry in data["content"]} == {path.name for path in folder.iterdir()}
    assert (home / "api" / "contents" / "chapters" / "all.json").exists()


@pytest.mark.site
def test_the_wheel_of_nnlib_holds_the_library_as_it_is(site):
    (wheel,) = (site / "lite" / "pypi").glob("nnlib-*.whl")
    with ZipFile(wheel) as archive:
        assert archive.read("nnlib/network.py") == (ROOT / "nnlib" / "network.py").read_bytes()
        metadata = archive.read("nnlib-0.1.0.dist-info/METADATA").decode()
    assert "Requires-Dist: numpy>=2" in metadata


@pytest.mark.site
def test_each_wheel_of_others_brings_its_licence(site):
    for wheel in (site / "lite" / "pypi").glob("*.whl"):
        with ZipFile(wheel) as archive:
            names = archive.namelist()
            (about,) = (archive.read(name) for name in names if name.endswith(".dist-info/METADATA"))
            told = any("/licenses/" in name for name in names) or b"\nLicense" in about
            assert told or wheel.name.startswith("book_in_browser")


@pytest.mark.site
def test_without_its_host_the_notebook_says_where_python_is_missing(served, context):
    page = context.new_page()
    page.goto(f"{served}/lite/notebooks/index.html?path={CHAPTER}.ipynb")
    said = page.get_by_role("alert")
    expect(said).to_contain_text("cdn.jsdelivr.net")
    expect(said).to_contain_text("make book PYODIDE=folder")
    said.get_by_role("button", name="Close").click()
    expect(said).to_have_count(0)


@pytest.mark.site
def test_pages_opened_as_files_say_that_a_server_is_needed(site, context):
    page = context.new_page()
    page.goto(f"{(site / 'lite' / 'notebooks' / 'index.html').as_uri()}?path={CHAPTER}.ipynb")
    expect(page.get_by_role("alert")).to_contain_text("make serve")
