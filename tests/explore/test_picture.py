import re

from matplotlib.figure import Figure

from nnlib.explore.picture import GRADIENT, Picture


def drawn():
    figure = Figure((4, 3))
    axes = figure.subplots()
    axes.loglog([1e-9, 1], [1e-12, 1], color=GRADIENT)
    axes.set_xlabel("step")
    return Picture(figure, 'The "error" < 1')


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


def test_the_same_drawing_is_the_same_text():
    assert drawn().svg == drawn().svg
