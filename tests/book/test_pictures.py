"""Matplotlib's figures follow light and dark, on the built page and in JupyterLab."""

import pytest
from matplotlib.figure import Figure

from nnlib.explore.picture import FORWARD, Picture

pytestmark = pytest.mark.site

COLOURS = """svg => {
    const colours = new Set(["stroke", "fill"].flatMap(what => [...svg.querySelectorAll("path, use, text")]
        .map(one => getComputedStyle(one)[what])));
    return [getComputedStyle(svg).fill, ...[...colours].filter(colour => colour !== "none").sort()];
}"""
LIGHT, DARK = {"rgb(0, 114, 178)", "rgb(184, 78, 0)"}, {"rgb(86, 180, 233)", "rgb(240, 128, 60)"}


@pytest.mark.parametrize("page", ["01-single-layer", "07-input-gradient"])
def test_a_pictures_colours_change_with_the_mode(open_page, page):
    visit = open_page(f"chapters/{page}.html", color_scheme="light")
    picture, seen = visit.page.locator(".picture svg").first, {}
    for mode in ("light", "dark"):
        visit.page.evaluate("mode => { document.documentElement.dataset.theme = mode; }", mode)
        seen[mode] = picture.evaluate(COLOURS)
    assert seen["light"][0] != seen["dark"][0]  # the words are in the colour of the text
    assert set(seen["light"]) & LIGHT
    assert set(seen["dark"]) & DARK
    assert not set(seen["dark"]) & LIGHT


def test_a_picture_far_from_the_window_is_left_out_in_a_place_of_its_size(open_page):
    page = open_page("chapters/09-training.html").page
    picture = page.locator(".picture").last
    seen = "e => e.querySelector('svg').checkVisibility({ contentVisibilityAuto: true })"
    place = picture.bounding_box()
    assert not picture.evaluate(seen)
    picture.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
    page.wait_for_function(f"[...document.querySelectorAll('.picture')].slice(-1).every({seen})")
    drawn = picture.locator("svg").bounding_box()
    now = picture.bounding_box()
    assert (now["width"], now["height"]) == pytest.approx((place["width"], place["height"]), abs=0.1)
    assert (drawn["width"], drawn["height"]) == pytest.approx((now["width"], now["height"]), abs=0.1)


@pytest.mark.parametrize(
    ("light", "line", "words"), [("true", "0, 114, 178", 0), ("false", "86, 180, 233", 255)]
)
def test_in_jupyterlab_too(browser, light, line, words):
    figure = Figure((3, 2))
    figure.subplots().plot([0, 1], [0, 1], color=FORWARD)
    page = browser.new_page()
    text = f"color: rgb({words}, {words}, {words})"
    inside = Picture(figure, "A line that rises.")._repr_html_()
    page.set_content(f'<body data-jp-theme-light="{light}" style="{text}">{inside}</body>')
    colours = page.locator(".picture svg").evaluate(COLOURS)
    page.close()
    assert colours[0] == f"rgb({words}, {words}, {words})"
    assert f"rgb({line})" in colours
