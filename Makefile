# make book: set up the environment and build the book. The README says what the other targets do.

PYTHON ?= python3
PORT ?= 8000
PDF ?= _build/pdf/backpropagation-executed.pdf
UV = uv==0.13.9
AUDIT = pip-audit==2.10.1
# Advisories that do not concern the book, a line for each with its reason. There is none.
IGNORED =

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: book pdf test test-all test-lite serve lab lock audit same clean
.DELETE_ON_ERROR:

book: $(READY)
	$(BIN)/jupyter-book build .

# The book as one page, with the same executed cells as the site; a browser prints it.
pdf: $(READY)
	$(BIN)/jupyter-book build --builder singlehtml .
	PYTHONPATH=_ext $(BIN)/python -m backprop_book.pdf _build/singlehtml/index.html $(PDF)

# The fast checks come first. The last one drives the built site in a browser.
test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -m "not site and not build and not lite"
	$(BIN)/pytest -m build --numprocesses 2 --dist loadfile
	$(BIN)/jupyter-book build --all -W --keep-going .
	$(BIN)/pytest -m site --numprocesses 2 --dist loadfile

# Python in the browser, with no other host in reach. Its core comes from the npm registry, SymPy from PyPI; a folder
# of your own may hold more: make test-lite PYODIDE=folder
test-lite: $(READY)
	@command -v npm >/dev/null || [ -n "$(PYODIDE)" ] || { echo \
		"npm is missing: it fetches Pyodide's core. Install Node.js (on Debian: sudo apt-get install npm)."; exit 1; }
	$(BIN)/pytest -m lite tests/book/test_lite.py

# And what takes long and asserts nothing: the benchmarks, each printed with the ratio that it should keep.
test-all: test test-lite
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/build_times.py

serve: $(READY)
	@test -e _build/html/index.html || { echo "There is no book yet: run make book first."; exit 1; }
	@echo "The book is at http://localhost:$(PORT)/ until you press Ctrl+C."
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

# A double click on a chapter opens it as a notebook: .jupyter/labconfig says so.
lab: $(READY)
	JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" $(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB)

# requirements.txt pins every package, for all systems and Python versions, from what pyproject.toml asks for.
lock:
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet "$(UV)"
	$(VENV)/lock/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-header --quiet --output-file requirements.txt

# Does an advisory name one of the pinned packages? It asks PyPI about each of them.
audit:
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet "$(AUDIT)"
	$(VENV)/audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.txt \
		$(addprefix --ignore-vuln ,$(IGNORED))

# Two builds of the whole book, from nothing, are the same but for the times that sameness.py lists.
same: $(READY)
	rm -rf _build/one _build/other
	$(BIN)/jupyter-book build --path-output _build/one .
	$(BIN)/jupyter-book build --path-output _build/other .
	PYTHONPATH=_ext $(BIN)/python -m backprop_book.sameness _build/one/_build/html _build/other/_build/html

clean:
	rm -rf _build

# The stamp goes first and comes last: an interrupted set-up starts again.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
		"The book needs Python 3.11 or later, as $(PYTHON). Name another one: make book PYTHON=python3.12"; exit 1; }
	@rm -f $@
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --no-deps --no-build-isolation --no-index --editable .
	@touch $@
