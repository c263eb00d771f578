"""Formulas are typeset while the book is built, and the site's fonts hold what its pages show."""

import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import SphinxError

sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))
from backprop_book.fonts import icon_characters
from backprop_book.mathematics import GLYPH, Typesetter, _characters, typeset_text


@pytest.fixture(scope="module")
def typesetter():
    with closing(Typesetter()) as typesetter:
        yield typesetter


def test_text_is_typeset_and_what_is_no_text_stays(typesetter):
    code = r"<pre>\(a\)</pre><code>\(a\)</code><script>\(a\)</script><p title='\(a\)'>"
    made = typeset_text(rf"{code}one \(a &lt; b\), and \[\frac{{a}}{{b}}\]</p>", typesetter)
    assert made.startswith(f"{code}one <mjx-container")
    assert made.endswith("</mjx-container></p>")
    assert made.count("<mjx-assistive-mml") == 2
    assert made.count("<mfrac>") == 1
    assert "<mo>&lt;</mo>" in made
    assert typeset_text(made, typesetter) == made


def test_a_formula_that_nobody_can_read_stops_the_build(typesetter):
    with pytest.raises(SphinxError, match=r"\\frac\{a\}.*Missing argument"):
        typeset_text(r"<p>\(\frac{a}\)</p>", typesetter)
    with pytest.raises(SphinxError, match="nosuch"):
        typeset_text(r"<p>\(\nosuch\)</p>", typesetter)


def test_a_large_formula_knows_its_size(typesetter):
    matrix = r"\begin{bmatrix} a & b \\ c & d \\ e & f \end{bmatrix} \frac{g}{h}"
    large = typesetter.typeset(matrix, True)
    assert 'class="MathJax large"' in large
    wide, high = (float(large.split(f"--{name}: ")[1].split("em")[0]) for name in ("wide", "high"))
    assert 4 < wide < 6
    assert 3 < high < 5
    assert 'class="MathJax large"' in typesetter.typeset(matrix, False)
    assert "large" not in typesetter.typeset("x", True)


def test_icons_are_found_by_their_names_and_in_the_settings():
    style = (
        '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.fa-bar:before{content:"\\f0c8"}'
        ':root{--pst-icon-x: "\\f00d"}'
    )
    assert icon_characters(['<i class="fa-solid fa-bars"></i>'], style) == {0xF0C9, 0xF00D, 0xF107}


@pytest.mark.site
def test_the_fonts_hold_every_glyph_of_every_page(site):
    style = (site / "_static" / "mathematics.css").read_text(encoding="utf-8")
    pages = (page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    shown = {glyph for page in pages for glyph in GLYPH.findall(page)}
    assert len(shown) > 100
    assert [glyph for glyph in shown if f".{glyph.replace(' ', '.')}" not in style] == []
    italic = TTFont(site / "_static" / "mathematics" / "MathJax_Math-Italic.woff2").getBestCmap()
    assert {ord("W"), ord("x"), ord("δ")} <= set(italic)


@pytest.mark.site
@pytest.mark.parametrize("page", ["01-single-layer", "09-training"])
def test_a_font_that_comes_late_moves_no_line(open_page, page):
    """With none of MathJax's files of fonts, every line is as high as with all of them."""
    heights = (
        "() => [...document.querySelectorAll('.bd-article :is(p, li, div.math)')].map(e => e.offsetHeight)"
    )
    visit = open_page(f"chapters/{page}.html")
    visit.page.evaluate("document.fonts.ready.then(() => true)")
    with_fonts = visit.page.evaluate(heights)
    visit.page.route("**/mathematics/MathJax*.woff2", lambda route: route.abort())
    visit.page.reload()
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("[...document.fonts].some((font) => font.status === 'error')")
    assert visit.page.evaluate(heights) == with_fonts


def test_what_a_style_sheet_shows_is_read_rule_by_rule():
    sheet = 'a { content: "\\2211"; } b { content: "A"; } c { content: "\\1D465 "; } d { content: "\\""; }'
    assert _characters(sheet) >= set(map(ord, '∑A𝑥"'))


SIZES = """async () => {
  const alone = "mjx-container.large[display], .alone mjx-container.large";
  const found = [...document.querySelectorAll(alone)];
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const see = async (how) => {
    found.forEach((one) => { one.style.contentVisibility = how; });
    await new Promise(requestAnimationFrame);
    return found.map((one) => one.getBoundingClientRect().height);
  };
  return { said: await see("hidden"), drawn: await see("visible") };
}"""


@pytest.mark.site
@pytest.mark.parametrize("page", ["03-shared-weights", "05-row-vectors", "06-general-proof", "ledger"])
def test_a_large_formula_moves_nothing_when_it_is_drawn(open_page, page):
    found = open_page(f"chapters/{page}.html").page.evaluate(SIZES)
    off = np.abs(np.array(found["said"]) - found["drawn"])
    assert len(off) > 10
    assert max(off) < 3  # pixels
    assert np.mean(off) < 0.5
