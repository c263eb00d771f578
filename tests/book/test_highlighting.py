"""Code looks as its two styles have it, though what they leave plain has no element of its own."""

import re

import pytest
from backprop_book.highlighting import AS_TEXT
from pygments.token import STANDARD_TYPES

from tests.book.conftest import HTML

pytestmark = pytest.mark.site


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_has_no_element_has_the_colour_of_the_text(site, mode):
    sheet = (HTML / "_static" / "pygments.css").read_text(encoding="utf-8")
    rule = rf'html\[data-theme="{mode}"\] \.highlight%s {{[^}}]*\bcolor: (#\w+)'
    text = re.search(rule % "", sheet)[1]
    for kind in AS_TEXT:
        assert re.findall(rule % rf" \.{STANDARD_TYPES[kind]}", sheet) == [text], kind


def test_no_other_colour_is_lost(site):
    page = (HTML / "chapters" / "01-single-layer.html").read_text(encoding="utf-8")
    code = "".join(re.findall(r'<div class="highlight-[^>]*>.*?</pre>', page, re.DOTALL))
    classes = set(re.findall(r'<span class="(\w+)">', code))
    assert {"k", "o", "mi", "s2", "kn"} <= classes
    assert not classes & {STANDARD_TYPES[kind] for kind in AS_TEXT}
