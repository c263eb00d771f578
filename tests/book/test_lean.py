"""What is taken out of a script or a style sheet is space and remarks: every word and sign stays."""

from itertools import chain
from pathlib import Path

import pydata_sphinx_theme
import pytest
import sphinx_book_theme
from backprop_book.assets import OWN
from backprop_book.lean import lean_script, lean_style
from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Operator, Punctuation, Whitespace

import nnlib

FOLDERS = [OWN, *(Path(module.__file__).parent for module in (nnlib, sphinx_book_theme, pydata_sphinx_theme))]


def found(ending: str) -> list[Path]:
    """The files of the book and of its theme that end so, but for half a megabyte of icons."""
    files = chain.from_iterable(folder.rglob(f"*.{ending}") for folder in FOLDERS)
    return sorted(file for file in files if "fontawesome" not in file.name)


def words(script: str) -> list[str]:
    """The words and signs of a script, as another program reads them."""
    found: list[str] = []
    for kind, text in JavascriptLexer(stripnl=False).get_tokens(script):
        if text and kind not in Comment and kind not in Whitespace:
            found += text if kind in Punctuation or kind in Operator else [text]
    return found


@pytest.mark.parametrize("file", found("js"), ids=lambda file: file.name)
def test_a_script_keeps_every_word_and_sign(file: Path) -> None:
    script = file.read_text(encoding="utf-8")
    lean = lean_script(script)
    assert words(lean) == words(script)
    assert lean_script(lean) == lean


@pytest.mark.parametrize(
    ("script", "lean"),
    [
        ("a = b\n(c)", "a=b\n(c)"),  # a call, as before; no semicolon is made or lost
        ("return // nothing\n1", "return\n1"),
        ("x = a + +b - -c", "x=a+ +b- -c"),
        ("i++ + j", "i++ +j"),
        ("a / b / c", "a/b/c"),
        ("a = / \\/ [/'] /g, ' //'", "a=/ \\/ [/'] /g,' //'"),
        ("a / /b/", "a/ /b/"),
        ("/a/ in b", "/a/ in b"),
        ("a /* one */ in /* two */ b", "a in b"),
        ("`a  ${ {b: `c  ${ d }  `} }  e`", "`a  ${{b:`c  ${d}  `}}  e`"),
        ("/*! licence */ a", "/*! licence */ a"),
        ("1 .toFixed()", "1 .toFixed()"),
        ("δ in Δ", "δ in Δ"),
    ],
)
def test_what_must_stay_apart_does(script: str, lean: str) -> None:
    assert lean_script(script) == lean


@pytest.mark.parametrize("script", ["`no end", "`${`no end`", 'a = "no end'])
def test_a_ruleswithout_end_stops_the_build(script: str) -> None:
    with pytest.raises(ValueError, match=r"no end|no script"):
        lean_script(script)


RULES = """([style, lean]) => [style, lean].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    const rules = [...sheet.cssRules].map((rule) => rule.cssText).join("\\n");
    return rules.replace(/\\s+/g, " ").replace(/, /g, ",");
})"""


@pytest.mark.site
def test_a_browser_reads_the_same_rules(browser) -> None:
    page = browser.new_page()
    for file in found("css"):
        style = file.read_text(encoding="utf-8")
        before, after = page.evaluate(RULES, [style, lean_style(style)])
        assert "{" in before or not style.strip() or "@import" in style, file
        assert before == after, file
    page.close()
