"""Programs with a line missing, on their pages: the gap is shown, with no error, and a notebook is near."""

import nbformat
import pytest
from playwright.sync_api import expect

import nnlib as nn
from nnlib.exercises.chapters.lines import LINES
from tests.exercises.test_lines import PAGES

pytestmark = pytest.mark.site


def page_of(name):
    return f"chapters/{PAGES[name.partition('.')[0]]}"


def card_of(page, name):
    return page.locator(f'[id="exercise-{name}"]')


def cell_of(page, text):
    return page.locator(".cell", has=page.locator(".cell_input", has_text=text))


@pytest.mark.parametrize("chapter", PAGES)
def test_the_page_shows_the_gap_and_folds_hint_and_solution(open_page, chapter):
    visit = open_page(f"chapters/{PAGES[chapter]}.html", width=390)
    for name in LINES:
        if name.startswith(f"{chapter}."):
            the_gap_is_shown_with_a_friendly_word(visit.page, name)
            hint_and_solution_open_by_keyboard(visit.page, name)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.assert_quiet()


def the_gap_is_shown_with_a_friendly_word(page, name):
    exercise, card = nn.exercises.line(name), card_of(page, name)
    expect(card).to_have_attribute("data-kind", "line")
    expect(card).to_contain_text("The rocket at the top of the page opens it as one.")
    programs = page.locator(".cell_input", has_text=f"{exercise.gap} = ...  # your line").all_inner_texts()
    assert exercise.program in [text.partition("\n\n")[2].strip() for text in programs]
    check = f'nn.exercises.check({exercise.backward.__name__}, "{name}")'
    said = cell_of(page, check).locator(".cell_output")
    expect(said).to_contain_text("Not filled yet. Write your formula in place of the dots")
    expect(said.locator("details")).to_have_count(0)


def hint_and_solution_open_by_keyboard(page, name):
    exercise = nn.exercises.line(name)
    hint, solution = card_of(page, name).locator("details").all()
    for fold, text in ((hint, exercise.hints[0]), (solution, f"{exercise.gap} = {exercise.formula}")):
        expect(fold.get_by_text(text)).to_be_hidden()
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(fold.get_by_text(text)).to_be_visible()
    expect(solution).to_contain_text("Run on 3 networks")


@pytest.mark.parametrize("name", LINES)
def test_the_notebook_in_the_browser_holds_the_cells(site, name):
    notebook = nbformat.read(site / "lite" / "files" / f"{page_of(name)}.ipynb", as_version=4)
    exercise = nn.exercises.line(name)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    k = sources.index(f"import numpy as np\n\n{exercise.program}")
    assert (
        sources[k + 1] == f'import nnlib as nn\n\nnn.exercises.check({exercise.backward.__name__}, "{name}")'
    )
    html = (site / f"{page_of(name)}.html").read_text(encoding="utf-8")
    assert f"lite/notebooks/index.html?path={page_of(name)}.ipynb" in html
