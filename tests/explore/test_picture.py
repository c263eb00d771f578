import re

import pytest
from matplotlib.figure import Figure

from nnlib.explore.framed import framed
from nnlib.explore.picture import GRADIENT, Picture


def drawn(label='The "error" < 1'):
    figure = Figure((4, 3))
    axes = figure.subplots()
    axes.loglog([1e-9, 1], [1e-12, 1], color=GRADIENT)
    axes.set_xlabel("step")
    return Picture(figure, label)


def test_every_colour_is_one_of_the_page():
    svg = drawn().svg
    assert "var(--book-gradient, #b84e00)" in svg
    assert re.findall(r"(?:fill|stroke): #(?!b84e00)", svg) == []


def test_words_are_text_in_the_fonts_of_the_page():
    svg = drawn().svg
    assert ">step</text>" in svg
    assert "font-family" not in svg
    assert "DejaVu" not in svg


def test_a_picture_says_what_it_shows():
    assert 'role="img" aria-label="The &quot;error&quot; &lt; 1"' in drawn().svg


def test_its_place_has_its_size():
    html = drawn()._repr_html_()
    wide, high = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', html).groups()
    assert f"aspect-ratio: {wide} / {high};" in html
    assert len(set(re.findall(r"max-width: (\d+px)", html))) == 1


def test_a_drawing_without_a_size_is_refused():
    with pytest.raises(ValueError, match="needs a viewBox from 0 0 and a max-width"):
        framed("<svg></svg>")


def test_the_same_drawing_is_the_same_text():
    assert drawn().svg == drawn().svg


def test_two_pictures_of_a_page_share_no_name():
    """Not even when they are drawn alike: a part may refer to a name, and finds the first that has it."""
    one, other = (set(re.findall(r' id="([^"]*)"', drawn(label).svg)) for label in ("One.", "Another."))
    assert one
    assert other
    assert not one & other
