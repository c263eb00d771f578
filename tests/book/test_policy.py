"""What pages may load and run: their own files, no text as a program, and nothing of another host."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from backprop_book.policy import META, SCRIPT, pages, policy, with_policy
from playwright.sync_api import Browser, Page

from tests.book.conftest import HTML
from tests.book.visit import until
from tests.serving import QuietHandler, serving

PATHS = [path.relative_to(HTML).as_posix() for path in pages(HTML)]
SOME = ("index.html", "search.html", "chapters/04-computational-graph.html", "chapters/ledger.html")
LIVE = "(count) => document.querySelectorAll('[data-explorable][data-live]').length === count"
NOTE = """
window.refused = [];
document.addEventListener("securitypolicyviolation",
    (event) => window.refused.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""


# ---- how a policy is made ----------------------------------------------------------------------------------


def sources(page: str, directive: str) -> list[str]:
    return dict(part.split(" ", 1) for part in policy(page).split("; "))[directive].split()


def test_a_script_in_the_page_runs_by_its_hash_alone() -> None:
    plain = sources("<p>text</p>", "script-src")
    assert plain == ["'self'", "file:", "blob:"]
    one = sources("<script>go()</script>", "script-src")
    assert len(one) == len(plain) + 1
    assert one != sources("<script>go( )</script>", "script-src")
    for data in ('<script type="application/json">{}</script>', '<script src="a.js"></script>'):
        assert sources(data, "script-src") == plain


def test_a_button_of_the_theme_has_no_program_in_it() -> None:
    page = '<meta charset="utf-8"><button class="a"\n onclick="window.print()"\n>P</button>'
    assert 'onclick="' not in with_policy(page)
    assert 'data-click="window.print"' in with_policy(page)


def test_no_page_asks_for_the_next_one_ahead() -> None:
    links = '<link rel="next" title="B" href="b.html" /><link rel="prev" href="a.html" />'
    head = f'<head><meta charset="utf-8">{links}'
    assert re.findall('rel="([a-z]+)"', with_policy(head)) == ["prev"]


def test_a_policy_takes_the_place_of_an_older_one() -> None:
    page = '<head><meta charset="utf-8"><script>one()</script></head>'
    changed = with_policy(page).replace("one()", "two()")
    assert with_policy(changed) == with_policy(page.replace("one()", "two()"))
    assert len(META.findall(with_policy(changed))) == 1


# ---- the pages of the book ---------------------------------------------------------------------------------


@pytest.mark.site
def test_every_page_says_its_policy_before_its_first_script(site: Path) -> None:
    assert len(PATHS) >= 20
    assert sorted(HTML.glob("_static/*.html")) == []
    for path in PATHS:
        text = (site / path).read_text(encoding="utf-8")
        (meta,) = META.finditer(text)
        first = SCRIPT.search(text)
        assert first is None or meta.end() < first.start(), path
        assert re.findall(r'<[^<>]*\son[a-z]+="', SCRIPT.sub("", text)) == [], path


@pytest.mark.site
def test_no_policy_names_another_host_or_lets_text_run(site: Path) -> None:
    for path in PATHS:
        (meta,) = META.findall((site / path).read_text(encoding="utf-8"))
        directives = dict(part.split(" ", 1) for part in re.search('content="(.*)"', meta)[1].split("; "))
        assert directives["default-src"] == "'none'", path
        assert not {"'unsafe-eval'", "'unsafe-inline'", "data:"} & set(directives["script-src"].split()), path
        named = {source for value in directives.values() for source in value.split()}
        hosts = {name for name in named if name[0] != "'" and name not in {"file:", "blob:", "data:"}}
        assert hosts == set(), path


@pytest.fixture
def watched(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.add_init_script(NOTE)
    yield context.new_page()
    context.close()


@pytest.mark.site
def test_no_page_is_refused_anything_that_it_needs(base_url: str, watched: Page) -> None:
    some = [path for path in PATHS if path in SOME]
    assert len(some) == len(SOME)
    for path in PATHS if base_url.startswith("http") else some:  # test_pages opens all of them as files
        watched.goto(f"{base_url}/{path}")
        assert watched.evaluate("refused") == [], path
        if figures := watched.locator("[data-explorable]").count():
            until(watched, LIVE, figures)
            assert watched.evaluate("refused") == [], path


@pytest.mark.site
def test_the_buttons_of_the_theme_still_work(base_url: str, watched: Page) -> None:
    watched.add_init_script("window.print = () => { window.printed = true; };")
    watched.goto(f"{base_url}/chapters/01-single-layer.html")
    watched.evaluate("document.querySelector(`[data-click='window.print']`).click()")
    assert watched.evaluate("window.printed && refused.length === 0")
    watched.locator(".btn-fullscreen-button").click()
    until(watched, "document.fullscreenElement !== null")
    assert watched.evaluate("refused") == []


@pytest.mark.site
def test_text_is_no_program(base_url: str, watched: Page) -> None:
    watched.goto(f"{base_url}/index.html")
    attempt = """() => new Promise((answer) => setTimeout(() => {
        try { eval("1 + 1"); answer("ran"); } catch (error) { answer(error.name); } }))"""
    assert watched.evaluate(attempt) == "EvalError"
    watched.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))"
    )
    watched.evaluate("() => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=ran=1>'); }")
    until(watched, "refused.length >= 3")
    assert watched.evaluate("typeof ran") == "undefined"
    assert {line.split()[0] for line in watched.evaluate("refused")} == {
        "script-src",
        "script-src-elem",
        "script-src-attr",
    }


ASK = """(host) => {
  const add = (tag, more) => document.head.append(Object.assign(document.createElement(tag), more));
  add("script", {src: `${host}/a.js`});
  add("link", {rel: "stylesheet", href: `${host}/a.css`});
  add("img", {src: `${host}/a.png`});
  add("iframe", {src: `${host}/a.html`});
  fetch(`${host}/a.json`).catch(() => {});
  new FontFace("Other", `url(${host}/a.woff2)`).load().catch(() => {});
}"""


@pytest.mark.site
def test_another_host_is_not_asked(base_url: str, watched: Page, tmp_path: Path) -> None:
    asked: list[str] = []

    class Host(QuietHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

    with serving(partial(Host, directory=tmp_path)) as host:
        watched.goto(f"{base_url}/index.html")
        watched.evaluate(ASK, host)
        until(watched, "refused.length >= 6")
        refused = {line.split()[0] for line in watched.evaluate("refused")}
    assert refused == {
        "script-src-elem",
        "style-src-elem",
        "img-src",
        "frame-src",
        "connect-src",
        "font-src",
    }
    assert asked == []
