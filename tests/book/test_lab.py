"""JupyterLab: a double click opens a chapter as a notebook; the explorable moves on both sides."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.book.visit import ran

pytestmark = pytest.mark.site

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-this-test"

NOTEBOOK = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

```{code-cell} ipython3
import sympy as sp, ipywidgets, nnlib as nn
from nnlib.symbolic import SquaredNorm, letters, partial, sigma
W, b, x, y, z, a, slope, delta, L = letters("W b x y z a slope delta L")
error = nn.Formula(delta, nn.hadamard(a - y, sigma.prime(z)))
dW = nn.Formula(partial(L, W), delta * x.T, given=[error])
db = nn.Formula(partial(L, b), delta, given=[error])
dx = nn.Formula(partial(L, x), W.T * delta, given=[error])
loss = nn.Formula(L, sp.Rational(1, 2) * SquaredNorm(a - y))
forward = [nn.Formula(z, W * x + b), nn.Formula(a, sigma(z)), nn.Formula(slope, sigma.prime(z)), loss]
layer = nn.explore.single_layer([*forward, error, dW, db, dx])
layer
```

```{code-cell} ipython3
said = ipywidgets.Label()
def tell(change=None):
    moved, follows = layer.inputs["x[1]"], layer.outputs["dW[1][1]"]
    said.value = f"Python: x1 = {moved}, dW11 = {follows!r}, {layer.variant}"
layer.observe(tell, ["inputs", "variant"])
joined = ipywidgets.FloatSlider(min=-2, max=2, step=0.01, description="joined")
layer.link("x[2]", joined)
push = ipywidgets.Button(description="Move it from Python")
push.on_click(lambda _: setattr(layer, "inputs", {"x[1]": -0.25, "y[2]": 0.5}))
tell()
ipywidgets.VBox([push, said, joined])
```
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab with the book's settings, on a copy of the chapters."""
    home = tmp_path_factory.mktemp("lab")
    (home / "chapters").mkdir()
    for chapter in (ROOT / "chapters").glob("0*.md"):
        shutil.copy(chapter, home / "chapters")
    (home / "moves.md").write_text(NOTEBOOK, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"), "JUPYTER_CONFIG_DIR": str(home / ".config")}
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={home}",
        "--LabApp.expose_app_in_browser=True",  # the tests ask it what the cells say: see ran
    ]
    command = [Path(sys.executable).with_name("jupyter"), "lab", *options]
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def wait_for(url, seconds=60):
    for _ in range(seconds * 2):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    pytest.fail("JupyterLab did not start")


@pytest.fixture
def page(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    # A workspace of its own: the server remembers what the last test left open, and would open it again.
    page.goto(f"{lab}/lab/workspaces/{uuid4().hex}?token={TOKEN}")
    page.locator("#jp-main-dock-panel").wait_for(timeout=60_000)
    yield page
    context.close()


def entry(page, name):
    return page.locator(".jp-DirListing-item", has_text=name)


def test_a_double_click_on_a_chapter_opens_a_notebook(page):
    entry(page, "chapters").dblclick()
    entry(page, "01-single-layer.md").dblclick()
    expect(page.locator(".jp-NotebookPanel")).to_be_visible(timeout=30_000)
    expect(page.locator(".jp-NotebookPanel .jp-CodeCell").first).to_be_attached()


def test_a_chapter_runs_through(page):
    entry(page, "chapters").dblclick()
    entry(page, "01-single-layer.md").dblclick()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    assert ran(page) == []


def test_the_same_object_moves_on_both_sides(page):
    entry(page, "moves.md").dblclick()
    expect(page.locator(".jp-NotebookPanel")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    figure = page.locator('[data-explorable="single-layer"][data-live]')
    expect(figure).to_be_visible(timeout=60_000)
    said = page.locator(".widget-label", has_text="Python: x1")
    expect(said).to_contain_text("x1 = 1.5, ")

    # The page moves, and Python's value follows.
    slider = figure.locator('input[type=range][data-input="x[1]"]')
    slider.focus()
    slider.press("ArrowRight")
    expect(said).to_contain_text("x1 = 1.51, ")
    same_number(figure, said)
    figure.locator('input[type=number][data-input="x[1]"]').fill("0.75")
    expect(said).to_contain_text("x1 = 0.75, ")
    same_number(figure, said)
    figure.locator('input[data-input="activation"][value="identity"]').check(force=True)
    expect(said).to_contain_text("identity")
    same_number(figure, said)

    # Python moves, and the page follows.
    page.get_by_role("button", name="Move it from Python").click()
    expect(slider).to_have_value("-0.25")
    expect(figure.locator('input[type=number][data-input="y[2]"]')).to_have_value("0.50")
    expect(said).to_contain_text("x1 = -0.25, ")
    same_number(figure, said)

    # An ordinary slider is joined with x₂: each moves the other.
    joined = page.locator(".widget-slider", has_text="joined")
    second = figure.locator('input[type=range][data-input="x[2]"]')
    expect(joined.locator(".widget-readout")).to_have_text("−0.80")
    joined.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(second).to_have_value("-0.79")
    second.press("ArrowRight")
    expect(joined.locator(".widget-readout")).to_have_text("−0.78")


def same_number(figure, said):
    """∂L/∂W₁₁ as Python's formula says it and as the page shows it."""
    python = float(said.inner_text().split("dW11 = ")[1].split(",")[0])
    page = float(figure.locator('[data-output="dW[1][1]"]').get_attribute("data-value"))
    assert page == pytest.approx(python, rel=1e-12)
