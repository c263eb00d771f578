"""Whole builds of a small book: each edit rebuilds what depends on it, and nothing is ever stale.

The book has two notebook pages, ``a`` and ``b``, with a claim on one statement each, a plain page, a ledger,
and a reference made from docstrings; its nnlib is a stub. A cell notes in a file that it ran: executions are
counted, not inferred. Each test leaves the book built.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.build
ROOT = Path(__file__).parents[2]

NNLIB = """
import csv, html, json, os, pathlib
from IPython.display import HTML

VALUE = "one"
FAILING = ()
VERDICT = "unchecked" if os.environ.get("BOOK_UNCHECKED") else "proved"

def claim(id_):
    "What a claim does, in one sentence."
    if id_ in FAILING:
        raise AssertionError(f"claim {id_} is false: at x = 3, lhs = 4 and rhs = 5")
    path = pathlib.Path(__file__).parent / "ledger" / "statements.tsv"
    with path.open() as file:
        row = next(row for row in csv.DictReader(file, delimiter="\\t") if row["id"] == id_)
    data = row | {"verdict": VERDICT, "note": VALUE, "how": "by hand", "seconds": 0.5}
    return HTML(f'<div class="claim" id="{id_}" data-claim="{html.escape(json.dumps(data))}">{VALUE}</div>')
"""

NOTEBOOK = """\
---
file_format: mystnb
kernelspec: {name: python3}
---

# Page %(name)s

A sentence.

```{code-cell} ipython3
import os, pathlib, time
import nnlib
with pathlib.Path(os.environ["EXECUTED"]).open("a") as file:
    file.write("%(name)s ")
time.sleep(60 if os.environ.get("NAP") == "%(name)s" else 0)
nnlib.claim("%(id)s")
```
"""

CONF = """\
import os, pathlib, sys, time
sys.path.insert(0, "_ext")
extensions = ["myst_nb", "sphinx.ext.autodoc", "backprop_book"]
exclude_patterns = ["_build", "_ext", "lib", "sympy"]
nb_execution_mode, nb_execution_raise_on_error = "cache", True
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["mystnb.exec"]

def nap(app, doctree, docname):
    if os.environ.get("NAP") == "while writing":
        pathlib.Path(os.environ["EXECUTED"]).write_text("writing")
        time.sleep(60)

def setup(app):
    app.connect("doctree-resolved", nap)
"""

STATEMENTS = """\
id\tsource\tsection\tas_written
M1\tnote\t1\tz = x
M2\tnote\t2\t\\frac{a}{b
"""

METADATA = "Metadata-Version: 2.1\nName: %s\nVersion: %s\n"

REFERENCE = "# Reference\n\n```{eval-rst}\n.. autofunction:: nnlib.claim\n```\n"

LEDGER = "# Ledger\n\n```{ledger}\n```\n\n```{ledger} note\n```\n"


class Book:
    """A small book in a folder, and what its last build did."""

    def __init__(self, root: Path) -> None:
        self.root, self.html = root, root / "_build" / "html"
        self.executed_file = root / "executed.txt"
        shutil.copytree(ROOT / "_ext", root / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
        toctree = "# Index\n\n```{toctree}\na\nb\nplain\nledger\nreference\n```\n"
        for path, text in {
            "conf.py": CONF,
            "index.md": toctree,
            "a.md": NOTEBOOK % {"name": "a", "id": "M1"},
            "b.md": NOTEBOOK % {"name": "b", "id": "M2"},
            "plain.md": "# Plain\n\nA sentence.\n",
            "ledger.md": LEDGER,
            "reference.md": REFERENCE,
            "lib/nnlib/__init__.py": NNLIB,
            "lib/nnlib/ledger/statements.tsv": STATEMENTS,
            "lib/nnlib/ledger/tex.py": (ROOT / "nnlib" / "ledger" / "tex.py").read_text(encoding="utf-8"),
            "lib/nnlib/explore/toy.js": "export default 1;",
            "lib/nnlib-1.0.dist-info/METADATA": METADATA % ("nnlib", "1.0") + "Requires-Dist: sympy\n",
        }.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def revalue(self, value: str) -> None:
        """Edit one line of nnlib, which every claim shows."""
        text = (self.root / "lib/nnlib/__init__.py").read_text(encoding="utf-8")
        self.write("lib/nnlib/__init__.py", re.sub(r'^VALUE = ".*"$', f'VALUE = "{value}"', text, flags=re.M))

    def start(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        self.executed_file.write_text("")
        paths = [str(self.root / folder) for folder in ("sympy", "lib")]
        env = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "EXECUTED": str(self.executed_file)}
        env.pop("BOOK_UNCHECKED", None)
        command = [sys.executable, "-m", "sphinx", "-N", "-b", "html", "-d", "_build/.doctrees", *options]
        return subprocess.Popen(
            [*command, ".", "_build/html"],
            cwd=self.root,
            env=env | environment,
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def build(self, *options: str, ok: bool = True, **environment: str) -> str:
        """Build the book and return what the terminal shows."""
        with self.start(*options, **environment) as process:
            output, _ = process.communicate(timeout=120)
        assert (process.returncode == 0) is ok, output
        self.read, self.written = (
            set(re.findall(rf"^{doing}\.\.\. \[ *\d+%\] (\S+)", output, re.M))
            for doing in ("reading sources", "writing output")
        )
        return output

    def kill_when(self, noted: str, **environment: str) -> None:
        """Start a build and kill it once the note of what ran reads so; its kernels see that and die too."""
        with self.start(**environment) as process:
            end = time.monotonic() + 60
            while self.executed_file.read_text().strip() != noted:
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.05)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    @property
    def executed(self) -> list[str]:
        return self.executed_file.read_text().split()

    def page(self, name: str) -> str:
        return (self.html / f"{name}.html").read_text(encoding="utf-8")

    def files(self) -> dict[Path, bytes]:
        """The whole site but for what says when it was made."""
        files = (file for file in self.html.rglob("*") if file.is_file() and file.name != ".pages.json")
        return {file.relative_to(self.html): file.read_bytes() for file in files}

    @property
    def record(self) -> list[dict[str, object]]:
        return json.loads((self.html / "ledger.json").read_text(encoding="utf-8"))

    def check(self, value: str) -> None:
        """Everything that the build shows must be of this value."""
        assert [(entry["id"], entry["note"]) for entry in self.record] == [("M1", value), ("M2", value)]
        assert self.page("ledger").count(f"</strong> {value}</p>") == 2
        for name in "ab":
            assert f">{value}</div>" in self.page(name)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    book = Book(tmp_path_factory.mktemp("book"))
    book.build("-W")
    assert book.executed == ["a", "b"]
    return book


def test_a_fresh_build_writes_the_ledger(book: Book) -> None:
    entry = book.record[0]
    keys = "id source verdict cause as_written corrected condition note quantifiers how page seconds"
    assert list(entry) == keys.split()
    assert entry["as_written"] == "z = x"
    assert entry["page"] == "a.html#M1"
    assert entry["corrected"] is None
    page = book.page("ledger")
    assert 'id="M1"' in page
    assert 'href="a.html#M1"' in page
    assert "2 of 2 statements judged" in page
    assert ">\\frac{a}{b</code>" in page  # broken TeX stands as text


def test_no_change_executes_reads_and_writes_nothing(book: Book) -> None:
    before = book.files()
    output = book.build("-W")
    assert book.executed == []
    assert book.read == set()
    assert "no targets are out of date" in output
    assert book.files() == before
    book.check("one")


def test_what_is_missing_of_the_site_is_made_again(book: Book) -> None:
    before = book.files()
    shutil.rmtree(book.html / "_static")
    book.build("-W")
    assert book.files() == before
    assert book.executed == []


def test_an_edited_title_reaches_every_page(book: Book) -> None:
    book.edit("plain.md", "# Plain", "# Plainer")
    book.build("-W")
    assert book.read == {"plain"}
    assert 'title="next chapter">Plainer</a>' in book.page("b")  # they lead from page to page
    assert "Plainer" in book.page("reference")


def test_an_edited_sentence_executes_nothing(book: Book) -> None:
    book.edit("a.md", "A sentence.", "Another sentence.")
    book.build("-W")
    assert book.executed == []
    assert book.read == {"a"}
    assert book.written == {"a", "index"}  # not the ledger: it says the same
    assert "Another sentence." in book.page("a")
    book.check("one")


def test_an_edited_cell_executes_its_page(book: Book) -> None:
    book.edit("b.md", "import nnlib\n", "import nnlib  # as ever\n")
    book.build("-W")
    assert book.executed == ["b"]
    assert book.read == {"b"}


def test_an_edited_line_of_nnlib_executes_every_notebook(book: Book) -> None:
    book.revalue("two")
    book.build("-W")
    assert book.executed == ["a", "b"]
    assert book.read == {"a", "b", "reference"}
    book.check("two")


def test_an_edited_docstring_reaches_the_reference(book: Book) -> None:
    assert "in one sentence" in book.page("reference")
    book.edit("lib/nnlib/__init__.py", "in one sentence", "in a few words")
    book.build("-W")
    assert "in a few words" in book.page("reference")
    book.check("two")


def test_an_edited_script_reaches_the_page_without_execution(book: Book) -> None:
    book.edit("lib/nnlib/explore/toy.js", "default 1", "default 2")
    book.build("-W")
    assert book.executed == []
    assert book.read == set()
    assert "export default 2" in (book.html / "_static" / "explorables" / "toy.js").read_text()


def test_an_edited_statement_executes_the_pages_that_name_it(book: Book) -> None:
    book.edit("lib/nnlib/ledger/statements.tsv", "z = x", "z = y")
    book.build("-W")
    assert book.executed == ["a"]
    assert book.read == {"a"}
    assert book.record[0]["as_written"] == "z = y"
    assert "z = y" in book.page("ledger")


def test_another_content_of_a_file_that_a_page_reads_executes_it(book: Book) -> None:
    book.write("../numbers.json", "[1]")
    book.edit("b.md", "import nnlib  # as ever\n", 'import nnlib  # reads "../numbers.json"\n')
    book.build("-W")
    assert book.executed == ["b"]
    book.build("-W")
    assert book.executed == []
    book.write("../numbers.json", "[2]")
    book.build("-W")
    assert book.executed == ["b"]


def test_another_version_of_sympy_executes_every_notebook(book: Book) -> None:
    book.write("sympy/sympy-99.0.dist-info/METADATA", METADATA % ("sympy", "99.0"))
    book.build("-W")
    assert book.executed == ["a", "b"]


def test_a_draft_shows_what_is_unchecked_and_leaves_no_record(book: Book) -> None:
    output = book.build(BOOK_UNCHECKED="1")
    assert book.executed == ["a", "b"]
    assert "unchecked are M1, M2" in output
    assert not (book.html / "ledger.json").exists()
    assert "verdict-unchecked" in book.page("ledger")
    book.build("-W")
    assert book.executed == ["a", "b"]
    assert len(book.record) == 2


@pytest.mark.parametrize("folder", ["html", ".doctrees", "jupyter_execute"])
def test_a_deleted_folder_is_made_again_without_execution(book: Book, folder: str) -> None:
    shutil.rmtree(book.root / "_build" / folder)
    book.build("-W")
    assert book.executed == []
    assert len(book.record) == 2
    assert 'id="M1"' in book.page("a")
    assert (book.html / "_sources" / "a.ipynb").exists()


def test_a_build_killed_while_executing(book: Book) -> None:
    book.revalue("three")
    book.kill_when("a b", NAP="b")
    assert not (book.html / "ledger.json").exists()
    book.build("-W")
    assert book.executed == ["b"]
    book.check("three")


def test_a_build_killed_while_writing(book: Book) -> None:
    book.revalue("four")
    book.kill_when("writing", NAP="while writing")
    assert not (book.html / "ledger.json").exists()
    book.build("-W")
    assert book.executed == []
    book.check("four")


def test_half_a_cached_execution_is_not_used(book: Book) -> None:
    for file in (book.root / "_build" / ".jupyter_cache" / "a").rglob("base.ipynb"):
        file.write_text(file.read_text()[:100])
    book.edit("a.md", "sentence.", "sentence, once more.")
    book.build("-W")
    assert book.executed == ["a"]
    assert "once more" in book.page("a")


def test_a_failing_cell_stops_the_build_and_is_heard(book: Book) -> None:
    book.edit("lib/nnlib/__init__.py", "FAILING = ()", 'FAILING = ("M2",)')
    output = book.build("-W", ok=False)
    assert "b.md: AssertionError: claim M2 is false: at x = 3, lhs = 4 and rhs = 5" in output
    assert not (book.html / "ledger.json").exists()
    book.revalue("five")
    book.edit("lib/nnlib/__init__.py", 'FAILING = ("M2",)', "FAILING = ()")
    book.build("-W")
    book.check("five")


def test_two_claims_of_one_statement_stop_the_build(book: Book) -> None:
    book.edit("b.md", 'claim("M2")', 'claim("M1")')
    output = book.build(ok=False)
    assert "M1 is claimed twice: in a and in b" in output
    assert not (book.html / "ledger.json").exists()
    book.edit("b.md", 'claim("M1")', 'claim("M2")')
    book.build("-W")
    assert len(book.record) == 2
