"""A Matplotlib figure as part of the page: its lines and words take the page's colours, light or dark.

Draw in ``FORWARD``, ``GRADIENT``, ``PROVED``, ``REFUTED`` and ``QUIET``; black becomes the text's colour.
Chapters import it by its own name: nnlib itself does not need Matplotlib.
"""

from __future__ import annotations

import html
import io
import re
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from nnlib.explore.framed import framed

FORWARD, GRADIENT, PROVED, REFUTED, QUIET = "#0072b2", "#b84e00", "#00795a", "#9b3f7d", "#5a6472"
_NAMES = {FORWARD: "forward", GRADIENT: "gradient", PROVED: "proved", REFUTED: "refuted", QUIET: "quiet"}
# The book's pages say themselves what these names are; in JupyterLab's dark theme nobody else does.
_BY_NIGHT = """<style>body[data-jp-theme-light="false"] .picture {
--book-forward: #56b4e9; --book-gradient: #f0803c; --book-proved: #2bc497;
--book-refuted: #e08cc4; --book-quiet: #a3adba;
}</style>"""
_SETTINGS: Any = {"svg.fonttype": "none", "mathtext.fontset": "stix"}


class Picture:
    """A figure as SVG inside the page.

    Parameters
    ----------
    figure : Figure
        Drawn in the book's colours; its background is not painted.
    label : str
        What it shows, in words, for those who do not see it.

    Examples
    --------
    >>> figure = Figure((3, 2))
    >>> line = figure.subplots().plot([0, 1], [0, 1], color=FORWARD)
    >>> "stroke: var(--book-forward, #0072b2)" in Picture(figure, "A line that rises.").svg
    True
    """

    def __init__(self, figure: Figure, label: str) -> None:
        file = io.StringIO()
        with mpl.rc_context({**_SETTINGS, "svg.hashsalt": label}):  # names of parts, unlike another picture's
            figure.savefig(file, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
        self.label = label
        self.svg = _themed(file.getvalue(), html.escape(label, quote=True))

    def _repr_html_(self) -> str:
        return framed(self.svg, before=_BY_NIGHT)

    def __repr__(self) -> str:
        return f"Picture({self.label})"


def _themed(svg: str, label: str) -> str:
    """The <svg> element alone, in the page's colours and fonts, as wide as its place allows."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.S)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # every figure has a figure_1; a page may have several
    for colour, name in _NAMES.items():
        svg = svg.replace(colour, f"var(--book-{name}, {colour})")
    svg = re.sub(r"(fill|stroke): #0{6}\b", r"\1: currentColor", svg)
    svg = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", svg)
    svg = re.sub(r"font-family: [^;\"]*;?", "", svg)
    width, view = re.search(r'width="([\d.]+)pt"', svg), re.search(r'viewBox="[^"]*"', svg)
    assert width  # noqa: S101  for the type checker: Matplotlib writes both
    assert view  # noqa: S101
    style = f"width: 100%; max-width: {1.5 * float(width[1]):.0f}px; height: auto; fill: currentColor"
    return re.sub(
        r"<svg[^>]*>", f'<svg {view[0]} role="img" aria-label="{label}" style="{style}">', svg, count=1
    )
