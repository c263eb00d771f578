"""Printed, proved, computed and played are one object: break it in one place, and see it everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.build

ROOT = Path(__file__).parents[2]
CHAPTER = Path("chapters", "01-single-layer.md")
RIGHT = "play_dW = nn.Formula(partial(L, W), delta * x.T, given=[play_delta])"


@pytest.fixture
def book(tmp_path):
    """A copy of the book with this one chapter, and with its own nnlib in front."""
    for name in ("_ext", "nnlib"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "chapters").mkdir()
    for name in ("_config.yml", "chapters/ledger.md", CHAPTER):
        shutil.copy(ROOT / name, tmp_path / name)
    contents = (
        f"format: jb-book\nroot: chapters/ledger\nchapters:\n  - file: {CHAPTER.with_suffix('').as_posix()}\n"
    )
    (tmp_path / "_toc.yml").write_text(contents, encoding="utf-8")
    return tmp_path


def replace(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} should stand once in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def build(book, **environment):
    command = [Path(sys.executable).with_name("jupyter-book"), "build", book]
    env = {**os.environ, "PYTHONPATH": str(book), **environment}
    return subprocess.run(command, env=env, capture_output=True, check=False, text=True, encoding="utf-8")


def figure(book):
    """The state of the explorable on the built page, with its program, and the numbers of its table."""
    html = (book / "_build" / "html" / CHAPTER.with_suffix(".html")).read_text(encoding="utf-8")
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    programs = json.loads(re.search(r'class="xp-programs">(.*?)</script>', html, re.S)[1])
    state["program"] = programs[state["program"]]
    return state, dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))


def test_a_broken_sign_stops_the_build_and_a_draft_shows_it_everywhere(book):
    assert build(book).returncode == 0
    state, table = figure(book)

    replace(book / CHAPTER, RIGHT, RIGHT.replace("delta * x.T", "-delta * x.T"))
    stopped = build(book)
    said = stopped.stdout + stopped.stderr
    assert stopped.returncode != 0
    assert "claim book.single-layer.dW fails" in said
    assert "chapters/01-single-layer" in said
    assert re.search(r"entry \(1, 1\): \S+ on the left, \S+ on the right, at W_\{11\} = ", said)

    draft = build(book, BOOK_UNCHECKED="1")
    assert draft.returncode == 0, draft.stdout + draft.stderr
    broken_state, broken_table = figure(book)
    assert "−" in broken_state["math"]["dW"].replace("&#x02212;", "−")
    assert broken_state["program"] != state["program"]
    assert broken_state["badges"]["dW"]["verdict"] == "unchecked"
    for name, value in table.items():
        if name.startswith("gap"):  # between the broken formula and the loss's own slope
            expected = pytest.approx(2 * abs(float(table[name.replace("gap", "dW")])), rel=1e-6)
        else:
            expected = pytest.approx((-1 if name.startswith("dW") else 1) * float(value), rel=1e-12)
        assert float(broken_table[name]) == expected, name
    assert not (book / "_build" / "html" / "ledger.json").exists()


def test_a_sign_broken_in_the_library_stops_the_build(book):
    network = book / "nnlib" / "network.py"
    replace(network, "dW[l] = delta[l] @ trace.a[l - 1].T", "dW[l] = -delta[l] @ trace.a[l - 1].T")
    stopped = build(book)
    assert stopped.returncode != 0
    assert "nnlib's backward disagrees" in stopped.stdout + stopped.stderr
