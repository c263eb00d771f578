"""A drawing in a place of its own: its size is known before the drawing is laid out."""

import re


def framed(svg: str, before: str = "", look: str = "picture") -> str:
    """An SVG element in a division as wide and as high as it will be.

    A page that leaves out what is far from the window, as the book's do, keeps the place free.

    Parameters
    ----------
    svg : str
        Its first tag has a ``viewBox`` that starts at 0 0, and a ``max-width`` in its style.
    before : str
        HTML that comes with it, such as a style element.
    look : str
        The division's classes.

    Raises
    ------
    ValueError
        When the drawing does not say how large it is.

    Examples
    --------
    >>> framed('<svg viewBox="0 0 40 30" style="max-width: 60px"></svg>')[:69]
    '<div class="picture" style="max-width: 60px; aspect-ratio: 40 / 30; m'
    """
    size = re.match(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*max-width: (\d+px)', svg)
    if size is None:
        raise ValueError(f'a drawing needs a viewBox from 0 0 and a max-width in px; it begins "{svg[:80]}"')
    wide, high, most = size.groups()
    style = f"max-width: {most}; aspect-ratio: {wide} / {high}; margin-inline: auto"
    return f'<div class="{look}" style="{style}">{before}{svg}</div>'
