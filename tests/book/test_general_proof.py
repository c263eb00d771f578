"""The explorable of the general proof on the built page: shapes, steps, slips, keys."""

import random

import pytest

import nnlib as nn
from tests.book.figures import INPUTS, READ, TYPE, assert_it_fits, assert_native_controls, at_width
from tests.explore.general_formulas import general_formulas

pytestmark = pytest.mark.site

PAGE = "chapters/06-general-proof.html"
FIGURE = '[data-explorable="general-proof"]'
MATRICES = [
    "A0",
    *(f"{stem}{l}" for l in range(1, 6) for stem in ("W", "b", "Z", "A", "dW", "db", "H", "Delta")),
]

TRY_AND_GO = """(root, list) => list.map(([values, step]) => {
    type(root, values);
    const range = root.querySelector("input[data-input=step]");
    range.value = step;
    range.dispatchEvent(new Event("input", {bubbles: true}));
    return [inputs(root), root.explorableModel.get("view").step, shown(root)];
})"""


@pytest.fixture(scope="module")
def widget():
    """The same object in Python."""
    return nn.explore.general_proof(general_formulas())


def choose(root, products):
    root.locator(f'input[data-input="products"][value="{products}"]').check(force=True)


def scene(root):
    """What stands in the scene: name of the step and what is said of it."""
    return root.locator(".gp-step").get_attribute("data-step"), root.locator(".gp-said").inner_text().replace(
        "\xa0", " "
    )


@pytest.mark.parametrize("products", ["as-proved", "wrong-transpose", "swapped"])
def test_every_shown_number_is_pythons_at_random_settings(figure, widget, products):
    rng = random.Random(5)
    choose(figure, products)
    widget.variant = products
    names = list(figure.evaluate(INPUTS))
    assert names == ["L", "N", "S0", "S1", "S2", "S3", "S4", "S5"]
    settings = [
        {"L": rng.randint(1, 5)} | {name: rng.randint(1, 6) for name in names[1:]} for _ in range(100)
    ]
    walked = [(setting, rng.randint(1, 4 * setting["L"])) for setting in settings]
    seen = set()
    for (setting, step), (typed, at, shown) in zip(walked, figure.evaluate(TRY_AND_GO, walked), strict=True):
        assert typed == setting
        assert at == step
        widget.inputs = setting
        assert {f"{name}.{side}" for name in MATRICES for side in ("rows", "columns")} < shown.keys()
        for name, value in shown.items():
            assert value == widget.outputs[name], name
        seen |= {name.split(".")[0] for name in shown if ".left." in name}
    assert len(seen) > 15


def test_the_walk_goes_from_the_output_to_the_first_layer(figure):
    steps = [scene(figure)[0]]
    following = figure.get_by_role("button", name="Next")
    while following.get_attribute("aria-disabled") == "false":
        following.click()
        steps.append(scene(figure)[0])
    assert steps == ["base3", "H3", "dW3", "db3", "Delta2", "H2", "dW2", "db2", "Delta1", "H1", "dW1", "db1"]
    assert figure.locator("[data-block][data-due]").count() == 0


def test_keys_walk_too_and_what_is_not_known_yet_is_dashed(figure):
    figure.locator(".gp-step").focus()
    for key, step, due in [("ArrowRight", "H3", 10), ("ArrowRight", "dW3", 9), ("ArrowLeft", "H3", 10)]:
        figure.locator(".gp-step").press(key)
        assert scene(figure)[0] == step
        assert figure.locator("[data-due]").count() == due
    assert figure.locator('[data-role="result"]').get_attribute("data-block") == "H3"
    figure.locator('input[type=range][data-input="step"]').press("ArrowRight")
    assert scene(figure)[0] == "dW3"


def test_it_walks_by_itself_until_the_last_step(figure, visit):
    figure.locator("input[data-input=step]").press("End")
    figure.locator("input[data-input=step]").press("ArrowLeft")
    figure.locator("input[data-input=step]").press("ArrowLeft")
    figure.get_by_role("button", name="Play").click()
    figure.get_by_role("button", name="Pause").wait_for()
    figure.get_by_role("button", name="Play").wait_for()
    assert scene(figure)[0] == "db1"
    assert figure.get_by_text("12 of 12, layer 1").is_visible()


def test_a_click_on_a_gradient_goes_to_its_step(figure):
    figure.locator('[data-block="dW2"]').click()
    assert scene(figure)[0] == "dW2"
    figure.locator('[data-block="W1"]').click()
    assert scene(figure)[0] == "dW2"


def test_what_changes_is_drawn_anew_and_what_stays_is_left_alone(figure):
    """A slip that becomes harmless, and one whose product begins to exist, are seen at once."""
    choose(figure, "wrong-transpose")
    figure.locator('[data-block="dW2"]').click()
    seen = []
    for n in (6, 3, 2):
        figure.evaluate(TYPE, {"N": n})
        figures, word = figure.locator(".gp-big").count(), figure.locator(".gp-between b").inner_text()
        seen.append((figures, word))
    assert seen == [(3, "✗ 6 ≠ 3"), (3, "? 3 = 3"), (3, "✗ 2 ≠ 3")]


def test_a_slip_is_told_in_words(figure):
    figure.get_by_role("button", name="forget the transpose").click()
    step, said = scene(figure)
    assert step == "Delta2"
    assert said == "2 × 5 times 2 × 6: 5 ≠ 2. There is no such product: the shapes catch the slip."
    figure.get_by_role("button", name="all layers of size 3").click()
    assert "the shapes fit by accident; the numbers are wrong" in scene(figure)[1]
    figure.evaluate(TYPE, {f"S{l}": 1 for l in range(4)})
    assert "does no harm" in scene(figure)[1]
    choose(figure, "swapped")
    figure.evaluate(TYPE, {"S2": 6, "S3": 2})
    assert "6, not" not in scene(figure)[1]
    assert "The product exists, by accident (6 = 6); its shape catches the slip." in scene(figure)[1]


def test_a_link_holds_the_sizes_the_step_and_the_slip(open_page):
    visit = open_page(f"{PAGE}#general-proof&S2=2&step=5&variant=wrong-transpose")
    root = visit.page.locator(f"{FIGURE}[data-live]")
    root.wait_for()
    assert "the shapes fit by accident; the numbers are wrong" in scene(root)[1]


def test_rectangles_are_to_scale(figure):
    def unit(name):
        box = figure.locator(f'[data-block="{name}"] .gp-box').first
        width, height = box.evaluate("e => [e.clientWidth, e.clientHeight]")
        rows, columns = (figure.evaluate(READ)[f"{name}.{side}"] for side in ("rows", "columns"))
        return width / columns, height / rows

    across, down = unit("W2")
    for name in ("A0", "b1", "Z1", "dW2", "Delta3"):
        assert unit(name) == pytest.approx((across, down), abs=1)
    assert across == pytest.approx(down, abs=0.5)


def test_layers_come_and_go_and_nothing_else_moves(figure):
    def heights():
        return [part.bounding_box()["height"] for part in (figure, figure.locator(".gp-step"))]

    before = heights()
    for layers in (1, 5, 2, 4):
        figure.evaluate(TYPE, {"L": layers})
        assert figure.locator(".gp-layer:visible").count() == layers + 1  # and the input
        assert figure.locator("input[type=range][data-input^=S]:visible").count() == layers + 1
        assert heights() == before
        card = figure.bounding_box()
        for block in figure.locator(".gp-block:visible").all():
            box = block.bounding_box()
            assert card["x"] < box["x"] < box["x"] + box["width"] < card["x"] + card["width"]


def test_controls_are_native_labelled_inputs(figure):
    assert_native_controls(figure)


def test_the_table_for_paper_follows(visit, figure, widget):
    figure.evaluate(TYPE, {"L": 2, "S1": 6})
    widget.inputs, widget.variant = figure.evaluate(INPUTS), "as-proved"
    visit.page.emulate_media(media="print")
    assert figure.locator(".xp-static").is_visible()
    assert figure.locator(".xp-static tbody tr:visible").count() == 2
    for cell in figure.locator(".xp-static [data-quantity]").all():
        assert float(cell.get_attribute("data-value")) == widget.outputs[cell.get_attribute("data-quantity")]
    visit.page.emulate_media(media="screen")


def test_without_javascript_the_table_stands_in_its_place(open_page):
    visit = open_page(PAGE, java_script_enabled=False)
    assert visit.page.locator(f"{FIGURE} .xp-static").is_visible()
    assert visit.page.locator(f"{FIGURE} .xp-static tbody tr:visible").count() == 3


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_it_fits_the_screen(open_page, width):
    root = at_width(open_page, PAGE, FIGURE, width)
    root.locator('input[type=range][data-input="L"]').press("End")
    assert_it_fits(root, width, apart=".xp-badge, legend")
