import re

from matplotlib.figure import Figure

from nnlib.explore.figure import FORWARD, GRADIENT, PageFigure


def drawn(alt):
    figure = Figure()
    axes = figure.add_subplot(xlabel="step", title="a < b & c")
    axes.plot([1, 2], color=FORWARD, marker="o")
    axes.plot([2, 1], color=GRADIENT)
    return PageFigure(figure, alt)


def test_colours_are_those_of_the_present_mode():
    svg = drawn("lines")._repr_html_()
    assert FORWARD not in svg.replace(f"var(--book-forward, {FORWARD})", "")
    assert GRADIENT not in svg.replace(f"var(--book-gradient, {GRADIENT})", "")
    assert "#000000" not in svg
    assert "currentColor" in svg


def test_text_stays_text_and_the_figure_has_a_name():
    svg = drawn('two "lines"')._repr_html_()
    assert ">step<" in svg
    assert 'aria-label="two &quot;lines&quot;"' in svg


def test_two_figures_share_no_id_and_one_is_the_same_each_time():
    ids = [
        set(re.findall(r'\bid="(m[0-9a-f]+|p[0-9a-f]+)"', drawn(alt)._repr_html_())) for alt in ("one", "two")
    ]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert drawn("one")._repr_html_() == drawn("one")._repr_html_()
