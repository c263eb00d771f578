"""Fonts cut down to the glyphs that the book shows."""

import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

NAME = re.compile(r"\bfa-[a-z0-9-]+")
SETTING = re.compile(r'--pst-icon-[\w-]+:\s*"\\(f[0-9a-f]{3})"')
"""An icon that the style sheet shows by itself, before a warning for example."""
FOLDED = {"f107"}
"""The one that the theme's second style sheet shows, in its contents."""


def subset(source: Path, target: Path, characters: Iterable[int]) -> None:
    """Write a font with these code points, as far as it has them, for the web; one that is there stays."""
    wanted = set(characters)
    if target.exists() and _holds(target, source, wanted):
        return
    options = Options(notdef_outline=True, hinting=False, layout_features=[], name_IDs=[])
    options.drop_tables += ["FFTM"]
    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff2"
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)


def _holds(target: Path, source: Path, wanted: set[int]) -> bool:
    """Tell whether a file is this font, of this version, with these code points and no others."""
    with TTFont(target, lazy=True) as made, TTFont(source, lazy=True) as whole:
        return (
            made.flavor == "woff2"
            and made["head"].modified == whole["head"].modified
            and made["head"].fontRevision == whole["head"].fontRevision
            and set(made.getBestCmap() or ()) == wanted & set(whole.getBestCmap())
        )


def icon_characters(texts: Iterable[str], style: str) -> set[int]:
    """Return the code points of the icons that are named in the texts or set in the theme's style sheet.

    The style sheet also says which name has which code point.
    """
    names = {name for text in texts for name in NAME.findall(text)}
    rules = (rf'\.{name}:before[^{{}}]*\{{content:"\\([0-9a-f]+)"' for name in sorted(names))
    named = [code for rule in rules for code in re.findall(rule, style)]
    return {int(code, 16) for code in named + SETTING.findall(style) + list(FOLDED)}
