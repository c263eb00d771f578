"""Steps to be ordered and shapes to be chosen, in a real browser: by keyboard and by pointer, on a phone."""

import itertools
import random
from importlib.resources import files

import pytest

from nnlib.exercises import Ordering, card
from nnlib.exercises.cards import CardsWidget
from nnlib.exercises.chapters.cards import CARDS
from nnlib.exercises.ordering import LETTERS
from nnlib.exercises.samples import outer_product
from nnlib.exercises.widget import ExerciseWidget
from tests.book.exercise_page import open_at
from tests.exercises.standalone import write_page

__all__ = ["open_at"]
pytestmark = pytest.mark.site

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}"""
ANSWER = """([name, ordered, answers]) => {
    const root = document.querySelector(`[data-exercise="${name}"]`), list = root.querySelector(".ex-cards");
    const verdict = root.querySelector("[data-verdict]"), more = root.querySelector(".ex-more");
    window.cards ??= {};
    const fixed = window.cards[name] ??= [...list.children];
    return answers.map((answer) => {
        if (ordered) list.replaceChildren(...answer.map((card) => fixed[card]));
        else answer.forEach((option, k) => fixed[k].querySelectorAll("input").forEach((radio, j) => {
            radio.checked = j === option;
        }));
        root.querySelector(".ex-live button").click();
        while (!more.hidden) more.click();
        const help = [...root.querySelectorAll(".ex-help li")].map((one) => one.textContent);
        return [verdict.dataset.verdict, verdict.dataset.kind, help, "solved" in root.dataset];
    });
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("cards"), [card(name) for name in CARDS]).as_uri()


def answers(name):
    """Some right and many wrong answers, as numbers and as the text that Python takes."""
    exercise, dice = card(name), random.Random(name)
    if isinstance(exercise, Ordering):
        n = len(exercise.steps)
        right = [LETTERS.index(letter) for letter in exercise.order.split()]
        swapped = [[*right[:k], right[k + 1], right[k], *right[k + 2 :]] for k in range(n - 1)]
        given = [right, *swapped, *(dice.sample(range(n), n) for _ in range(20))]
        return [(one, " ".join(LETTERS[k] for k in one)) for one in given]
    options, truth = exercise.options, exercise.answer.split("; ")
    right = [options.index(option) for option in truth]
    given = [right, [-1, *right[1:]]]
    given += [[*right[:k], j, *right[k + 1 :]] for k in range(len(truth)) for j in range(len(options))]
    return [(one, "; ".join(options[k] if k >= 0 else "?" for k in one)) for one in given]


def test_every_answer_gets_the_verdict_and_the_help_that_python_gives(open_at):
    visit = open_at()
    for name in CARDS:
        given = answers(name)
        ordered = isinstance(card(name), Ordering)
        found = visit.page.evaluate(ANSWER, [name, ordered, [numbers for numbers, _ in given]])
        for (_, text), (verdict, kind, shown, solved) in zip(given, found, strict=True):
            checked = card(name).check(text)
            steps = list(checked.help) if checked.verdict == "wrong" else []
            assert (verdict, kind, shown) == (checked.verdict, checked.kind, steps), (name, text)
            assert solved == bool(checked)
    visit.assert_quiet()


def letters_of(root):
    return "".join(root.locator(".ex-cards b").all_inner_texts())


def test_steps_are_moved_by_keyboard_alone_and_keep_the_focus(open_at):
    page = open_at().page
    root = page.locator('[data-exercise="single-layer.order"]')
    status = root.get_by_role("status")
    assert letters_of(root) == "abcde"
    root.get_by_role("button", name="Move d up").focus()
    for place in (3, 2, 1):
        page.keyboard.press("Enter")
        assert status.inner_text() == f"d is now {place} of 5."
    page.keyboard.press("Enter")
    assert status.inner_text() == "d is 1 of 5."
    assert letters_of(root) == "dabce"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert letters_of(root) == "abdce"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move d up"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert letters_of(root) == "abcde"
    root.get_by_role("button", name="Move d up").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    root.get_by_role("button", name="Move b down").press("ArrowDown")
    assert letters_of(root) == "dacbe"
    root.get_by_role("button", name="Check").press("Enter")
    assert status.inner_text() == "✓ Right."
    assert root.locator(".ex-done").inner_text() == "✓ solved"


def test_a_step_is_dragged_by_its_grip(open_at):
    page = open_at().page
    root = page.locator('[data-exercise="single-layer.order"]')
    root.scroll_into_view_if_needed()
    rows = root.locator(".ex-cards li")
    grip = rows.nth(3).locator(".ex-grip").bounding_box()
    first = rows.nth(0).bounding_box()
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    for part in range(1, 21):
        page.mouse.move(grip["x"] + 8, grip["y"] + (first["y"] - grip["y"]) * part / 20 + 8)
    page.mouse.up()
    assert letters_of(root) == "dabce"
    page.mouse.move(grip["x"] + 8, grip["y"] + 300)  # let go: it stays
    assert letters_of(root) == "dabce"


def test_shapes_are_chosen_by_keyboard_alone(open_at):
    page = open_at().page
    name = "two-layers.shapes"
    exercise, root = card(name), page.locator(f'[data-exercise="{name}"]')
    for asked, option in zip(exercise.names, exercise.answer.split("; "), strict=True):
        group = root.get_by_role("group", name=f"Shape of {asked}", exact=True)
        group.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        for _ in range(exercise.options.index(option)):
            page.keyboard.press("ArrowRight")
    root.get_by_role("button", name="Check").press("Enter")
    assert root.get_by_role("status").inner_text() == "✓ Right."


def test_help_comes_one_step_at_a_time_and_the_solution_stays_folded(open_at):
    page = open_at().page
    root = page.locator('[data-exercise="single-layer.order"]')
    steps = card("single-layer.order").check("a b c d e").help
    root.get_by_role("button", name="Check").click()
    for shown in itertools.count(1):
        assert root.locator(".ex-help li").all_inner_texts() == list(steps[:shown])
        if shown == len(steps):
            break
        root.get_by_role("button", name="More help").click()
    assert not root.get_by_role("button", name="More help").is_visible()
    assert root.locator("details").get_attribute("open") is None
    root.get_by_role("button", name="Move a down").click()
    assert root.locator(".ex-help li").count() == 0


ROOM = """() => [...document.querySelectorAll(".ex")].map((one) => {
    const live = one.querySelector(".ex-live"), filled = one.getBoundingClientRect().height;
    live.replaceChildren();  // as it is before the script comes
    return filled - one.getBoundingClientRect().height;
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps_when_the_script_comes(open_at, width):
    assert [round(room) for room in open_at(width).page.evaluate(ROOM)] == [0] * len(CARDS)


MOUNT = """async ([module, state]) => {
    const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
    const { default: widget } = await import(url), el = document.createElement("div");
    document.body.append(el);
    window.model = {
        state, get: (key) => state[key], set: (key, value) => { state[key] = value; },
        save_changes: () => { state.saved = true; }, on: () => {}, off: () => {},
    };
    widget.render({ model, el });
}"""


@pytest.mark.parametrize("kind", ["cards", "formula"])
def test_in_jupyter_what_is_handed_in_goes_to_python(open_at, kind):
    widget = CardsWidget(card("single-layer.order")) if kind == "cards" else ExerciseWidget(outer_product())
    keys = ("markup", "answer", "report", "question", "statement")
    state = {key: getattr(widget, key) for key in keys if hasattr(widget, key)}
    visit = open_at()
    visit.page.evaluate("document.body.replaceChildren()")
    visit.page.evaluate(MOUNT, [widget._esm, state])
    if kind == "formula":
        visit.page.locator("[data-answer]").fill("δ xᵀ")
    visit.page.get_by_role("button", name="Check").click()
    assert visit.page.evaluate("model.state.saved")
    widget.answer = visit.page.evaluate("model.state.answer")
    assert widget.report["kind"] == ("too-early" if kind == "cards" else "right")
    visit.assert_quiet()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_at, scheme):
    page = open_at(color_scheme=scheme).page
    for name in CARDS:
        page.locator(f'[data-exercise="{name}"]').get_by_role("button", name="Check").click()
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


def test_nothing_is_wider_than_a_narrow_screen(open_at):
    page = open_at(width=360).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_the_cards_and_the_solution_stay(open_at):
    page = open_at(java_script_enabled=False).page
    root = page.locator('[data-exercise="single-layer.order"]')
    assert root.locator(".ex-cards li").count() == 5
    assert not root.locator(".ex-tools").first.is_visible()
    assert root.locator("summary").is_visible()
    printed = open_at().page
    printed.emulate_media(media="print")
    assert not printed.locator(".ex-tools").first.is_visible()
    assert printed.locator('[data-exercise="single-layer.order"] .ex-cards li').first.is_visible()
