"""What every figure of the book keeps: names, native controls, true numbers, keyboard, paper, narrow."""

import pytest

from tests.book.figures import opened
from tests.book.visit import until

pytestmark = pytest.mark.site

FIGURES = {
    "single-layer": "chapters/01-single-layer.html",
    "two-layers": "chapters/02-two-layers.html",
    "shared-weights": "chapters/03-shared-weights.html",
    "computational-graph": "chapters/04-computational-graph.html",
    "row-vectors": "chapters/05-row-vectors.html",
    "general-proof": "chapters/06-general-proof.html",
    "input-gradient": "chapters/07-input-gradient.html",
    "training": "chapters/09-training.html",
}
WINDOWS = (320, 345, 390, 480, 640, 668, 680, 700, 740, 820, 1000, 1190, 1220, 1240, 1265, 1366)
READ = """() => {
window.seen = (one) => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0;
const textOf = (id) => document.getElementById(id)?.textContent ?? "";
window.named = (one) => one.ariaLabel || [...(one.labels ?? [])].map((label) => label.textContent).join(" ")
    || (one.getAttribute("aria-labelledby") ?? "").split(" ").map(textOf).join(" ").trim()
    || (one.matches("button, summary") ? one.textContent : "");
window.shownNumbers = (root) => [...root.querySelectorAll("[data-output]")]
    .filter((one) => one.textContent !== "")
    .map((one) => [one.dataset.output, one.dataset.value, one.textContent]);
window.ofTheTable = (root) => Object.fromEntries([...root.querySelectorAll(".xp-static [data-quantity]")]
    .map((one) => [one.dataset.quantity, Number(one.dataset.value)]));
window.controls = (root) => [...root.querySelectorAll(
    ".xp-in :is(input, select, button, summary, textarea, a[href], [tabindex])")];
window.state = (root) => JSON.stringify([
    controls(root).map((one) => [one.value, one.checked, one.ariaPressed, one.parentNode.open]),
    [...root.querySelectorAll(".xp-in *")].map((one) => [one.getAttribute("class"), one.hidden,
        one.childElementCount ? "" : one.textContent, one.dataset?.value, one.hasAttribute("data-shown")])]);
}"""


@pytest.fixture(scope="module", params=FIGURES)
def visit(request, browser, served):
    name = request.param
    with opened(browser, f"{served}/{FIGURES[name]}", selector(name)) as visit:
        visit.name = name
        visit.page.evaluate(READ)
        yield visit


@pytest.fixture
def figure(visit):
    """The figure as it starts; afterwards nothing has been said."""
    root = visit.page.locator(f"{selector(visit.name)}[data-live]")
    root.get_by_role("button", name="Reset").click()
    yield root
    visit.assert_quiet()


def selector(name):
    return f'[data-explorable="{name}"]'


def shuffle(root):
    root.get_by_role("button", name="Random").click()


def test_the_root_has_its_name_and_a_title(figure, visit):
    assert figure.count() == 1
    assert figure.evaluate("root => root.tagName") == "FIGURE"
    assert figure.evaluate("root => root.dataset.explorable") == visit.name
    assert figure.evaluate("root => named(root).trim()")


def test_every_control_is_native_and_has_a_name(figure):
    told = """root => controls(root).map((one) => [one.outerHTML.slice(0, 120), named(one).trim(),
        one.matches("input, select") === Boolean(one.dataset.input),
        one.matches("input, select, button, summary") || ["application", "group"].includes(one.role)])"""
    for html, name, has_input, native in figure.evaluate(told):
        assert name, html
        assert has_input, html
        assert native, html


def test_slider_and_number_box_of_a_symbol_are_one(figure):
    """Both move together, within the same limits."""
    told = """root => controls(root).filter((one) => one.matches("[type=range], [type=number]"))
        .map((one) => [one.dataset.input, one.type, one.valueAsNumber, one.min, one.max])"""
    for _ in range(3):
        together = {}
        for name, kind, *rest in figure.evaluate(told):
            together.setdefault(name, {})[kind] = rest
        pairs = {name: kinds for name, kinds in together.items() if len(kinds) == 2}
        assert pairs
        for name, kinds in pairs.items():
            assert kinds["range"] == kinds["number"], name
        shuffle(figure)
    figure.evaluate("root => root.querySelectorAll('.xp-in details').forEach((one) => { one.open = true; })")
    name = next(iter(pairs))
    box, track = (
        figure.locator(f'input[type={kind}][data-input="{name}"]').first for kind in ("number", "range")
    )
    track.press("Home")
    assert float(box.input_value()) == float(track.input_value())
    box.fill(track.get_attribute("max"))
    assert float(track.input_value()) == float(track.get_attribute("max"))


def test_every_shown_number_is_what_its_value_says(figure):
    for _ in range(3):
        numbers = figure.evaluate("root => shownNumbers(root)")
        assert numbers
        for name, value, text in numbers:
            assert_it_shows(name, float(value), text)
        shuffle(figure)


def assert_it_shows(name, value, text):
    """A text is its value, rounded to the digits that it has."""
    assert abs(value) < float("inf"), name
    plain = text.strip().replace(" × 10", "e").translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    mantissa, _, power = plain.split()[-1].partition("e")
    digits = len(mantissa.partition(".")[2]) - int(power or 0)
    shown = float(f"{mantissa}e{power or 0}")
    assert shown == pytest.approx(value, abs=0.5000001 * 10**-digits), (name, value, text)


def test_no_number_stands_outside(figure):
    """What looks like a measured number, with a point in it, is a quantity, a setting, or a claim's fact."""
    stray = """root => {
        const walk = document.createTreeWalker(root.querySelector(".xp-in"), NodeFilter.SHOW_TEXT);
        const found = [];
        const known = "[data-output], .xp-badge, .xp-math, .xp-words, .xp-hint, .xp-plot, option, "
            + "[role=status], [aria-live]";
        while (walk.nextNode()) {
            const at = walk.currentNode.parentElement, number = /\\d\\.\\d/.test(walk.currentNode.data);
            if (number && seen(at) && !at.closest(known)) found.push(at.outerHTML);
        }
        return found;
    }"""
    assert figure.evaluate(stray) == []


def test_the_table_has_the_same_numbers(figure):
    """At the start, and after every change."""
    for _ in range(3):
        table = figure.evaluate("root => ofTheTable(root)")
        shown = {name: float(value) for name, value, _ in figure.evaluate("root => shownNumbers(root)")}
        common = table.keys() & shown.keys()
        assert len(common) >= 2
        assert {name: table[name] for name in common} == {name: shown[name] for name in common}
        inputs = """root => Object.fromEntries(controls(root).filter((one) => one.type === "number")
            .map((one) => [one.dataset.input, one.valueAsNumber]))"""
        for name, value in figure.evaluate(inputs).items():
            if name in table:
                assert value == table[name], name
        shuffle(figure)


def test_paper_gets_the_table(figure, visit):
    visit.page.emulate_media(media="print")
    assert not figure.locator(".xp-in").is_visible()
    assert figure.locator(".xp-static").is_visible()
    assert figure.locator(".xp-static :is(td, [data-quantity])").count() >= 4
    visit.page.emulate_media(media="screen")
    assert figure.locator(".xp-in").is_visible()
    assert not figure.locator(".xp-static").is_visible()


def test_nothing_sticks_out_of_the_card_in_a_window_of_any_width(figure, visit):
    shuffle(figure)
    out = []
    for width in WINDOWS:
        visit.page.set_viewport_size({"width": width, "height": 800})
        room, needed = figure.evaluate("root => [root.clientWidth, root.querySelector('.xp-in').scrollWidth]")
        if needed > room:
            out.append((width, room, needed))
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    assert out == []


def test_nothing_moves_for_who_wants_it_still(figure, visit):
    visit.page.emulate_media(reduced_motion="reduce")
    shuffle(figure)
    moving = """root => [root.getAnimations({subtree: true}).length, ...[root, ...root.querySelectorAll("*")]
        .filter((one) => parseFloat(getComputedStyle(one).transitionDuration) > 0
            || getComputedStyle(one).animationName !== "none").map((one) => one.outerHTML.slice(0, 100))]"""
    assert figure.evaluate(moving) == [0]
    for play in figure.get_by_role("button", name="Play").all():
        play.click()
        assert play.text_content() == "Play"
        visit.page.wait_for_timeout(1500)  # what is said aloud comes a second later
        before = figure.evaluate("root => state(root)")
        visit.page.wait_for_timeout(600)
        assert figure.evaluate("root => state(root)") == before
    visit.page.emulate_media(reduced_motion="no-preference")


def test_tab_reaches_every_control(figure, visit):
    """One stop for a group of radios, and for a matrix to choose from; what is folded away has none."""
    figure.evaluate("""root => {
        root.stops = new Set(controls(root).filter((one) => seen(one) && one.tabIndex >= 0 && !one.disabled
            && (one.type !== "radio" || one.checked)));
        root.tabIndex = -1;
        root.focus();
    }""")
    count = figure.evaluate("root => root.stops.size")
    assert count > 4
    for _ in range(count + 2):
        visit.page.keyboard.press("Tab")
        figure.evaluate("root => root.stops.delete(document.activeElement)")
    left = figure.evaluate(
        "root => [...root.stops].filter((one) => one.isConnected).map((one) => one.outerHTML)"
    )
    figure.evaluate("root => root.removeAttribute('tabindex')")
    assert left == []


def test_every_slider_takes_the_arrow_keys(figure):
    for track in figure.locator(".xp-in input[type=range]:visible").all():
        before = float(track.input_value())
        track.press("ArrowRight" if before < float(track.get_attribute("max")) else "ArrowLeft")
        assert float(track.input_value()) != before, track.get_attribute("data-input")


def test_every_button_works_by_the_keyboard(figure, visit):
    """Something on the page changes where Enter is pressed; buttons that say they cannot do not."""
    count = figure.locator(".xp-in button").count()
    assert count >= 3
    for n in range(count):
        button = figure.locator(".xp-in button").nth(n)
        off = "e => e.ariaDisabled === 'true' || e.ariaPressed === 'true'"  # at the end; chosen already
        if not button.is_visible() or button.evaluate(off):
            continue
        figure.get_by_role("button", name="Reset" if button.text_content() == "Random" else "Random").click()
        before = figure.evaluate("root => state(root)")
        button.focus()
        visit.page.keyboard.press("Enter")
        words = button.text_content()
        changed = "([root, before]) => state(root) !== before"
        until(visit.page, changed, [figure.element_handle(), before], seconds=3)
        if words == "Pause":
            button.click()
            figure.get_by_role("button", name="Reset").click()  # or "Step through" finds nothing to do


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("name", FIGURES)
def test_a_small_screen_needs_no_scrolling_sideways(browser, served, name, width):
    context = browser.new_context(viewport={"width": width, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{served}/{FIGURES[name]}")
    root = page.locator(f"{selector(name)}[data-live]")
    root.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert root.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    context.close()


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_said_over_http_and_from_files(browser, base_url, name):
    with opened(browser, f"{base_url}/{FIGURES[name]}", selector(name)) as visit:
        root = visit.page.locator(f"{selector(name)}[data-live]")
        shuffle(root)
        for choice in root.locator(".xp-seg input").all():
            choice.check(force=True)
        for track in root.locator(".xp-in input[type=range]:visible").all()[:4]:
            track.press("End")
        root.get_by_role("button", name="Reset").click()
        visit.assert_quiet()
