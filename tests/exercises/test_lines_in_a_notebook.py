"""A line written in a notebook's cells: IPython keeps their text, and messages point into it."""

import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

import nnlib as nn

NAME = "two-layers.line-delta1"
CHECK = f'nn.exercises.check(my_backward, "{NAME}")'


@pytest.fixture
def notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # IPython takes its place
    shell = InteractiveShell.instance()
    yield shell
    shell.reset(new_session=False)
    InteractiveShell.clear_instance()


def run(notebook, line):
    """What the page's two cells give, with that line in the place of the dots."""
    program = nn.exercises.line(NAME).program.replace("...  # your line", line)
    for cell in (f"import numpy as np\n\n{program}", "import nnlib as nn"):
        assert notebook.run_cell(cell).success
    result = notebook.run_cell(CHECK)
    assert result.success
    return result.result


def test_a_cell_that_is_not_filled_is_no_error(notebook):
    found = run(notebook, "...  # your line")
    assert found.kind == "not-filled"
    assert "More help" not in found._repr_html_()


def test_a_right_line_is_right(notebook):
    assert run(notebook, nn.exercises.line(NAME).formula).kind == "right"


def test_a_line_that_stops_is_shown_with_its_number(notebook):
    found = run(notebook, "W2 @ delta2  # as in the forward pass")
    assert found.message == (
        "Line 5 of your function, delta1 = W2 @ delta2, stops: the shapes do not fit for a product of "
        "matrices. There W2 is 2 × 3 and delta2 is 2 × 1."
    )


def test_another_line_can_be_tried_in_the_same_cell(notebook):
    assert run(notebook, "W2.T @ delta2").kind == "slope-forgotten"
    assert run(notebook, "(W2.T @ delta2) * (1 - a1**2)").kind == "right"


def test_the_notebook_shows_one_step_and_folds_the_others(notebook):
    found = run(notebook, "-(W2.T @ delta2) * (1 - a1**2)")
    data, _ = notebook.display_formatter.format(found)
    assert data["text/plain"].startswith(
        "The shape fits, 3 × 1. It is right up to the sign.\nFor more, print(_.more())"
    )
    assert data["text/html"].count("<details><summary>More help</summary>") == 3
