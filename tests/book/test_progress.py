"""What the reader has solved: kept in this browser alone, shown, handed out, taken in again, and cleared."""

import json
import re
from importlib.resources import files

import pytest

from nnlib.exercises import card
from tests.book.visit import Visit, until
from tests.serving import serving_folder

pytestmark = pytest.mark.site

CHAPTER, PROGRESS = "chapters/01-single-layer.html", "chapters/progress.html"
BOOK = "Backpropagation, Executed"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
    const { violations } = await axe.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}"""
DENIED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); },
});"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""
NOT_READ = "What this browser has kept for this page cannot be read."


def text(exercises, **other):
    return json.dumps({"book": BOOK, "version": 1, "exercises": exercises} | other)


HOSTILE = {
    "empty": "",
    "no-json": "{",
    "null": "null",
    "number": "7",
    "list": "[]",
    "string": '"solved"',
    "other-book": text({}, book="Another"),
    "other-version": text({}, version=2),
    "version-as-text": text({}, version="1"),
    "no-exercises": text(None),
    "exercises-as-list": text(["single-layer.dW"]),
    "state-as-object": text({"single-layer.dW": {"toString": "solved"}}),
    "state-as-list": text({"single-layer.dW": ["solved"]}),
    "state-unknown": text({"single-layer.dW": "SOLVED"}),
    "script": text({"<img src=x onerror=document.title=1>": "solved"}),
    "script-as-state": text({"single-layer.dW": "<script>document.title=1</script>"}),
    "long-name": text({"x" * 81: "solved"}),
    "many": text({f"x.{k}": "solved" for k in range(2001)}),
    "huge": text({}, padding="x" * 300_000),
    "deep": "[" * 50_000,
    "binary": "\x00\ufffd\udfff".encode("utf-8", "replace").decode(),
}


@pytest.fixture
def open_context(browser):
    contexts = []

    def open_(**options):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        visit = Visit(contexts[-1].new_page())
        visit.listen()
        return visit

    yield open_
    for context in contexts:
        context.close()


def assert_quiet(visit):
    """No word and no error. (What was still coming when the page was left has failed to come.)"""
    assert [noise for noise in visit.noise if not noise.startswith("failed: ")] == []


def solve(page, address):
    """Solve one exercise that is typed and one with cards, and try another."""
    page.goto(f"{address}/{CHAPTER}")
    page.locator('[data-exercise="single-layer.shapes"]').scroll_into_view_if_needed()
    page.wait_for_selector('[data-exercise="single-layer.shapes"][data-live]')
    page.locator('[data-exercise="single-layer.dW"] [data-answer]').fill("δ xᵀ")  # nothing is pressed
    field = page.locator('[data-exercise="single-layer.entry"] [data-answer]')
    field.fill("δ₁")
    field.press("Enter")
    exercise, root = card("single-layer.shapes"), page.locator('[data-exercise="single-layer.shapes"]')
    for row, option in zip(root.locator("li").all(), exercise.answer.split("; "), strict=True):
        row.get_by_role("radio").nth(exercise.options.index(option)).check(force=True)
    root.get_by_role("button", name="Check").click()


def shown(page):
    """What the page of progress says of each exercise that it says something of."""
    rows = """() => [...document.querySelectorAll("[data-name]")].map((row) =>
        [row.dataset.name, row.dataset.state, row.querySelector(".pr-state").textContent])"""
    return {name: (state, words) for name, state, words in page.evaluate(rows) if state}


SOLVED = {
    "single-layer.dW": ("solved", "✓ solved"),
    "single-layer.shapes": ("solved", "✓ solved"),
    "single-layer.entry": ("tried", "tried"),
}


def arrive(page, address):
    """Open the page of progress, and wait until it shows all that was kept.

    What a page from a file keeps may reach the next one a moment after that has come up.
    """
    for _ in range(20):
        page.goto(f"{address}/{PROGRESS}")
        page.wait_for_selector("[data-name]")
        if shown(page) == SOLVED:
            break
        page.wait_for_timeout(250)


def come_back(page, wanted):
    """Load the page of progress anew until it shows what is wanted: from a file, that may take a moment."""
    for _ in range(20):
        page.reload()
        if shown(page) == wanted:
            break
        page.wait_for_timeout(250)
    assert shown(page) == wanted


def sentence(page):
    return page.locator('[data-do="sum"]').inner_text()


def said(page):
    return page.locator('[data-do="said"]').inner_text()


def give(page, content, name="progress.json"):
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    page.locator('[data-do="file"]').set_input_files(
        [{"name": name, "mimeType": "application/json", "buffer": content}]
    )
    until(page, "() => document.querySelector('[data-do=said]').textContent !== ''")


def test_every_exercise_of_the_book_is_listed_with_a_link_to_it(site):
    listed = re.findall(
        r'data-name="([^"]+)"><a href="([^"#]+)#([^"]+)">([^<]+)</a>', (site / PROGRESS).read_text()
    )
    there = {
        name: path.name
        for path in sorted((site / "chapters").glob("*.html"))
        for name in re.findall(
            r'<div class="xp ex" data-exercise="([^"]+)"', path.read_text(encoding="utf-8")
        )
    }
    assert {name: page for name, page, _, _ in listed} == there
    assert len(listed) == len(there) >= 20
    for name, page, anchor, title in listed:
        assert anchor == f"exercise-{name}"
        assert f'id="{anchor}"' in (site / "chapters" / page).read_text(encoding="utf-8")
        assert title != name


def test_what_is_solved_is_shown_and_marked_when_the_reader_comes_back(open_context, base_url):
    visit = open_context()
    page = visit.page
    solve(page, base_url)
    arrive(page, base_url)
    assert shown(page) == SOLVED
    assert re.match(r"You have solved 2 of \d+ exercises, and tried 1 more\.", sentence(page))
    part = page.get_by_role("region", name="A single layer")
    assert part.locator("progress").evaluate("(bar) => bar.value") == 2
    assert part.locator(".pr-count").inner_text().startswith("2 of ")
    page.goto(f"{base_url}/{CHAPTER}")
    page.wait_for_selector(".ex-done")
    marked = (
        "() => [...document.querySelectorAll('.ex-done')].map((one) => one.parentElement.dataset.exercise)"
    )
    assert page.evaluate(marked) == ["single-layer.dW", "single-layer.shapes"]
    assert_quiet(visit)


def test_a_wrong_answer_takes_nothing_back(open_context, served):
    page = open_context().page
    solve(page, served)
    field = page.locator('[data-exercise="single-layer.dW"] [data-answer]')
    field.fill("x δᵀ")
    field.press("Enter")
    arrive(page, served)
    assert shown(page) == SOLVED


def test_nothing_is_sent_while_one_solves_exports_and_clears(open_context, served):
    page = open_context(accept_downloads=True).page
    page.goto(f"{served}/{CHAPTER}")
    page.locator('[data-exercise="single-layer.dW"]').scroll_into_view_if_needed()
    page.wait_for_selector('[data-exercise="single-layer.dW"][data-live]')
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator('[data-exercise="single-layer.dW"] [data-answer]').fill("δ xᵀ")
    assert asked == []
    page.goto(f"{served}/{PROGRESS}")
    page.wait_for_load_state("networkidle")
    asked.clear()
    with page.expect_download():
        page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Yes, clear it").click()
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_a_file_takes_progress_to_another_browser(open_context, base_url):
    visit, other = open_context(accept_downloads=True), open_context()
    solve(visit.page, base_url)
    arrive(visit.page, base_url)
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "backpropagation-progress.json"
    content = download.value.path().read_text(encoding="utf-8")
    assert json.loads(content)["exercises"] == {name: state for name, (state, _) in SOLVED.items()}
    page = other.page
    page.goto(f"{base_url}/{PROGRESS}")
    assert shown(page) == {}
    give(page, content)
    assert said(page) == "Added: 2 exercises solved."
    assert shown(page) == SOLVED
    come_back(page, SOLVED)
    assert_quiet(visit)
    assert_quiet(other)


def test_what_is_imported_adds_and_takes_nothing_away(open_context, served):
    page = open_context().page
    solve(page, served)
    arrive(page, served)
    more = {
        "single-layer.dW": "tried",
        "single-layer.entry": "solved",
        "single-layer.order": "tried",
        "gone.x": "solved",
    }
    give(page, text(more | {"__proto__": "solved", "constructor": "tried"}))
    assert said(page) == "Added: 1 exercise solved. Left out, as this book does not have them: 3."
    found = shown(page)
    assert found["single-layer.dW"] == found["single-layer.entry"] == ("solved", "✓ solved")
    assert found["single-layer.order"] == ("tried", "tried")
    assert page.evaluate("({}).solved") is None


def put(page, content):
    """Have this in the storage, and the page as it is then."""
    page.evaluate("(text) => localStorage.setItem(progress.key, text)", content)
    page.reload()


def test_a_file_that_is_no_progress_changes_nothing(open_context, served):
    visit = open_context()
    page = visit.page
    page.goto(f"{served}/{PROGRESS}")
    put(page, text({"single-layer.dW": "solved"}))
    title = page.title()
    for kind, content in HOSTILE.items():
        page.locator('[data-do="said"]').evaluate("(one) => { one.textContent = ''; }")
        give(page, content)
        assert said(page) == "This file holds no progress of this book. Nothing has changed.", kind
        assert shown(page) == {"single-layer.dW": ("solved", "✓ solved")}, kind
        assert json.loads(page.evaluate("localStorage.getItem(progress.key)"))["exercises"] == {
            "single-layer.dW": "solved"
        }
    assert page.title() == title
    assert page.locator(".pr img, .pr script").count() == 0
    assert_quiet(visit)


def test_a_storage_that_holds_anything_else_is_told(open_context, served):
    visit = open_context()
    page = visit.page
    page.goto(f"{served}/{PROGRESS}")
    for kind, content in HOSTILE.items():
        put(page, content)
        assert sentence(page).startswith(NOT_READ), kind
        assert shown(page) == {}, kind
        assert page.get_by_role("button", name="Export").is_disabled()
    assert page.locator(".pr img, .pr script").count() == 0
    assert_quiet(visit)


def test_a_storage_that_holds_anything_else_is_left_alone_until_it_is_cleared(open_context, served):
    visit = open_context()
    page = visit.page
    page.goto(f"{served}/{PROGRESS}")
    put(page, HOSTILE["script"])
    solve(page, served)
    verdict = page.locator('[data-exercise="single-layer.dW"] [data-verdict]')
    assert verdict.get_attribute("data-verdict") == "right"
    page.goto(f"{served}/{PROGRESS}")
    assert page.evaluate("localStorage.getItem(progress.key)") == HOSTILE["script"]
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Yes, clear it").click()
    assert said(page) == "Everything is cleared."
    assert sentence(page).startswith("You have solved 0 of ")
    assert_quiet(visit)


@pytest.mark.parametrize("script", [DENIED, FULL], ids=["denied", "full"])
def test_without_storage_exercises_work_and_the_page_says_so(open_context, served, script):
    page = open_context().page
    errors = []
    page.on("pageerror", lambda error: errors.append(error.stack))  # the theme's own scripts stop there
    page.add_init_script(script)
    solve(page, served)
    assert page.locator(".ex-done").count() == 2  # as long as the page is open
    page.goto(f"{served}/{PROGRESS}")
    assert shown(page) == {}
    if script == DENIED:
        assert sentence(page).startswith("This browser keeps nothing for this page")
        assert all(button.is_disabled() for button in page.locator(".pr-tools > button").all())
    else:
        give(page, text({"single-layer.dW": "solved"}))
        assert said(page) == "This browser keeps nothing for this page, so nothing has changed."
        assert shown(page) == {}
    assert [stack for stack in errors if re.search(r"progress|exercise", stack)] == []


def test_clearing_asks_first_and_works_by_keyboard(open_context, base_url):
    page = open_context().page
    solve(page, base_url)
    arrive(page, base_url)
    focused = "document.activeElement.textContent"
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "No, keep it"
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "Clear …"
    assert shown(page) == SOLVED
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == "Yes, clear it"
    page.keyboard.press("Enter")
    assert shown(page) == {}
    assert page.evaluate(focused) == "Everything is cleared."
    come_back(page, {})


def test_what_a_notebook_checks_is_ticked_by_the_reader(open_context, served):
    page = open_context().page
    page.goto(f"{served}/{PROGRESS}")
    box = page.locator('[data-name="single-layer.line-dW"]').get_by_role("checkbox")
    box.check()
    page.reload()
    assert shown(page) == {"single-layer.line-dW": ("solved", "✓ solved")}
    box.uncheck()
    page.reload()
    assert shown(page) == {}


def test_two_books_on_one_host_do_not_meet(open_context, site, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(site)
    with serving_folder(tmp_path) as address:
        page = open_context().page
        solve(page, f"{address}/one")
        page.goto(f"{address}/two/{PROGRESS}")
        assert shown(page) == {}
        arrive(page, f"{address}/one")
        assert shown(page) == SOLVED


def test_an_exercise_that_a_link_names_stands_out(open_context, served):
    page = open_context().page
    page.goto(f"{served}/{CHAPTER}#exercise-single-layer.sigmoid")
    style = "(name) => getComputedStyle(document.getElementById(`exercise-${name}`)).outlineStyle"
    assert page.evaluate(style, "single-layer.sigmoid") == "solid"
    assert page.evaluate(style, "single-layer.dW") == "none"
    place = "() => document.getElementById('exercise-single-layer.sigmoid').getBoundingClientRect().top"
    until(page, f"() => {{ const top = ({place})(); return top > 60 && top < 500; }}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_context, served, scheme):
    page = open_context(color_scheme=scheme).page
    solve(page, served)
    page.goto(f"{served}/{PROGRESS}")
    page.get_by_role("button", name="Clear").click()
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []


def test_without_scripts_the_list_stays(open_context, served):
    page = open_context(java_script_enabled=False).page
    page.goto(f"{served}/{PROGRESS}")
    assert page.locator("[data-name] a").count() >= 20
    assert not page.locator(".pr-tools").is_visible()
