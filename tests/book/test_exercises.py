"""Exercises in a real browser: typed, judged, helped with; by keyboard, in the dark, on paper."""

import re
from importlib.resources import files

import pytest

from tests.book.exercise_page import open_at
from tests.exercises.catalogue import MAKERS, RIGHT, WRONG, exercise
from tests.exercises.standalone import write_page

__all__ = ["open_at"]
pytestmark = pytest.mark.site

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}"""
FILL = """([name, texts]) => {
    const root = document.querySelector(`[data-exercise="${name}"]`);
    const field = root.querySelector("[data-answer]"), verdict = root.querySelector("[data-verdict]");
    return texts.map((text) => {
        field.value = text;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        return [verdict.dataset.verdict, verdict.dataset.kind];
    });
}"""
FRAMES = """async ([name, text]) => {
    const root = document.querySelector(`[data-exercise="${name}"]`);
    const field = root.querySelector("[data-answer]"), verdict = root.querySelector("[data-verdict]");
    const frame = () => new Promise(requestAnimationFrame), found = [];
    for (let n = 1; n <= text.length; n += 1) {
        await frame();
        field.value = text.slice(0, n);
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await frame();
        found.push(verdict.dataset.verdict);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("exercises"), [exercise(name) for name in MAKERS]).as_uri()


def test_every_answer_gets_the_verdict_that_python_gives(open_at):
    visit = open_at()
    for name in MAKERS:
        texts = [*RIGHT[name], *(text for text, _ in WRONG[name]), "", "(", "q"]
        found = visit.page.evaluate(FILL, [name, texts])
        for text, (verdict, kind) in zip(texts, found, strict=True):
            checked = exercise(name).check(text)
            assert (verdict, kind) == ((checked.verdict, checked.kind) if text else ("", "")), (name, text)
    visit.assert_quiet()


def test_the_verdict_is_there_in_the_next_frame(open_at):
    found = open_at().page.evaluate(FRAMES, ["dW", "(δ) xᵀ"])  # one verdict for each character typed
    assert found == ["unreadable", "unreadable", "wrong", "wrong", "wrong", "right"]


def test_help_comes_step_by_step_by_keyboard_alone(open_at):
    page = open_at().page
    root = page.locator('[data-exercise="dW12"]')
    root.get_by_label("∂L/∂W₁₂ =").focus()
    page.keyboard.type("2 delta1 x2")
    assert root.locator(".ex-help li").count() == 0
    assert root.locator("[data-verdict]").get_attribute("data-verdict") == "wrong"
    page.keyboard.press("Enter")
    assert root.locator(".ex-help li").all_inner_texts() == [exercise("dW12").check("2 delta1 x2").message]
    page.keyboard.press("Tab")  # Check
    page.keyboard.press("Tab")  # More help
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert root.locator(".ex-help li").all_inner_texts() == list(exercise("dW12").check("2 delta1 x2").help)
    assert not root.get_by_role("button", name="More help").is_visible()
    assert not root.locator("details").get_attribute("open")


def test_what_is_typed_is_typeset_as_mathematics(open_at):
    page = open_at().page
    root = page.locator('[data-exercise="dW1"]')
    root.locator("[data-answer]").fill(r"W2^T δ2 ∘ \frac{1}{2} sigma'(z1)_")
    root.locator("[data-answer]").fill(r"(W2^T δ2 ∘ σ'(z1)) x^T")
    shown = root.locator(".ex-seen math").text_content()
    assert "".join(shown.split()).replace("\u2062", "") == "(W(2)⊤δ(2)⊙σ′(z(1)))x⊤"
    assert root.locator(".ex-shape").inner_text() == "3 × 4"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\langle a - y, a - y \rangle / 2", "⟨a−y,a−y⟩2"),
        ("tr((a-y)(a-y)^T)/2", "tr((a−y)(a−y)⊤)2"),
        ("softmax(a)_1", "softmax(a)1"),
    ],
)
def test_inner_products_and_functions_of_a_matrix_are_typeset_as_they_are_written(open_at, text, shown):
    root = open_at().page.locator('[data-exercise="loss"]')
    root.locator("[data-answer]").fill(text)
    assert "".join(root.locator(".ex-seen math").text_content().split()).replace("\u2062", "") == shown


def test_nabla_is_typeset_as_the_derivative_that_it_is(open_at):
    root = open_at().page.locator('[data-exercise="delta"]')
    root.locator("[data-answer]").fill("∇L ∘ σ'(z)")
    assert root.locator("[data-verdict]").get_attribute("data-verdict") == "right"
    assert root.locator(".ex-seen mfrac").text_content() == "∂L∂a"


def test_a_place_that_cannot_be_read_is_marked(open_at):
    page = open_at().page
    root = page.locator('[data-exercise="dW"]')
    root.locator("[data-answer]").fill("δ xᵀ + q")
    assert root.locator(".ex-place mark").inner_text() == "q"
    assert root.locator("[data-answer]").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror='document.title=1'>",
        "</script><script>document.title=1</script>",
        "${document.title=1}",
        "δ<b>x</b>",
    ],
)
def test_no_text_becomes_markup_or_runs(open_at, text):
    visit = open_at()
    root = visit.page.locator('[data-exercise="dW"]')
    root.locator("[data-answer]").fill(text)
    root.locator("[data-answer]").press("Enter")
    assert root.locator("[data-verdict]").get_attribute("data-verdict") == "unreadable"
    assert root.locator("img, b, .ex-live script").count() == 0
    assert visit.page.title() == "Exercises"
    visit.assert_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_at, scheme):
    page = open_at(color_scheme=scheme).page
    for name, text in (("dW", "x δᵀ"), ("dW12", "δ₁ x₂"), ("loss", "1/2 ‖a-q‖^2")):
        page.locator(f'[data-exercise="{name}"] [data-answer]').fill(text)
        page.locator(f'[data-exercise="{name}"] [data-answer]').press("Enter")
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


def test_nothing_is_wider_than_a_narrow_screen(open_at):
    page = open_at(width=360).page
    for name in MAKERS:
        field = page.locator(f'[data-exercise="{name}"] [data-answer]')
        field.fill(max(RIGHT[name], key=len))
        field.fill(WRONG[name][0][0])
        field.press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_paper_and_without_scripts_the_statement_and_the_solution_stay(open_at):
    page = open_at(java_script_enabled=False).page
    root = page.locator('[data-exercise="dW"]')
    assert root.locator(".ex-statement").is_visible()
    assert root.locator("summary").is_visible()
    assert root.locator("[data-answer]").count() == 0
    printed = open_at().page
    printed.emulate_media(media="print")
    assert not printed.locator('[data-exercise="dW"] .ex-live').is_visible()
    assert printed.locator('[data-exercise="dW"] .ex-statement').is_visible()


def test_no_formula_stands_in_a_sentence_as_code(site):
    """What a cell has computed and a sentence shows is typeset: 8 v⁷, not 8*v**7."""
    pasted = re.compile(r'class="pasted-text">([^<]*)<')
    found = {
        page.name: pasted.findall(page.read_text(encoding="utf-8")) for page in site.rglob("chapters/*.html")
    }
    assert any(found.values())
    formula = re.compile(r"\*|\w_\d|\b[a-z]/[a-z]\b")
    assert {name: bad for name, texts in found.items() if (bad := list(filter(formula.search, texts)))} == {}
