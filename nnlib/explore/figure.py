"""A matplotlib figure that suits light and dark pages alike.

The figure becomes an SVG inside the page: black turns into the page's own text colour, and the book's colours
(blue for forward values, vermilion for gradients, green, purple) into the ones of the present mode.
"""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORWARD, GRADIENT, PROVED, REFUTED, QUIET = "#0072b2", "#b84e00", "#00795a", "#9b3f7d", "#5a6472"

_PAGE_COLOURS = {
    "#000000": "currentColor",
    FORWARD: f"var(--book-forward, {FORWARD})",
    GRADIENT: f"var(--book-gradient, {GRADIENT})",
    PROVED: f"var(--book-proved, {PROVED})",
    REFUTED: f"var(--book-refuted, {REFUTED})",
    QUIET: f"var(--book-quiet, {QUIET})",
}


class PageFigure:
    """A figure for the page; the last line of a cell shows it.

    Parameters
    ----------
    figure : matplotlib Figure
        Drawn with black and with the colours ``FORWARD``, ``GRADIENT``, ``PROVED``, ``REFUTED``, ``QUIET``.
    alt : str
        What it shows, in words, for those who do not see it.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure()
    >>> _ = figure.add_subplot().plot([1, 2], color=FORWARD)
    >>> "var(--book-forward" in PageFigure(figure, "a rising line")._repr_html_()
    True
    """

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def _repr_html_(self) -> str:
        svg = _svg(self.figure, salt=self.alt)
        for colour, page_colour in _PAGE_COLOURS.items():
            svg = svg.replace(colour, page_colour)
        label = html.escape(self.alt, quote=True)
        return svg.replace(
            "<svg ", f'<svg class="page-figure" role="img" aria-label="{label}" fill="currentColor" ', 1
        )

    def _repr_png_(self) -> bytes:
        image = io.BytesIO()
        self.figure.savefig(image, format="png", dpi=144)
        return image.getvalue()

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def _svg(figure: Figure, salt: str) -> str:
    """The figure as SVG with text as text, and with ids that no other figure on the page has."""
    from matplotlib import rc_context  # noqa: PLC0415  nnlib itself does without matplotlib

    text = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(text, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :]
