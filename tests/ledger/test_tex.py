"""TeX on a page: typeset where it is sound, source text where it is broken."""

import re

import pytest

import nnlib as nn
from nnlib.ledger.statements import statements
from nnlib.ledger.tex import BrokenTexError, check, sentence

BROKEN = {"M50", "M64", "R71", "R77", "R97", "R109"}
"""The statements whose TeX no typesetter takes, as the scan of the notes has left them."""


def is_broken(tex):
    try:
        check(tex)
    except BrokenTexError:
        return True
    return False


def test_the_statements_with_broken_tex_are_known():
    assert {name for name, about in statements().items() if is_broken(about.as_written)} == BROKEN


@pytest.mark.parametrize(
    "tex", [r"\frac{a}", r"\begin{matrix} a", "a & b", "x^2^3", r"\left( x", "{", r"\end{vmatrix}"]
)
def test_what_no_typesetter_takes_is_broken(tex):
    assert is_broken(tex)


@pytest.mark.parametrize(
    "tex", [r"\frac12", r"\left. x \right|_2^3", r"\begin{matrix} a & b \end{matrix}", r"\{x\}"]
)
def test_what_a_typesetter_takes_is_sound(tex):
    assert not is_broken(tex)


def test_dollar_signs_make_formulas_only_in_pairs():
    assert sentence("a $b$ c", "math", "") == r'a <span class="math">\(b\)</span> c'
    assert sentence("5 $ < 6") == "5 $ &lt; 6"


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_badge_shows_broken_tex_as_source(name):
    html = nn.read(name, "for $n$ alone")._repr_html_()
    facts = re.sub(r'data-claim="[^"]*"', "", html)
    assert "<code" in facts
    assert facts.count(r"\(") == 1
    assert r"\(n\)" in facts


def test_a_badge_of_what_is_only_read_says_so():
    html = nn.read("M69", "a heading")._repr_html_()
    assert "¶ read</span>" in html
    assert "≔" not in html
