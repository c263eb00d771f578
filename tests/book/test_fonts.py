"""A font is cut down to what the book shows, and not again where it is so already."""

import os
from pathlib import Path

import pytest
from backprop_book.fonts import subset
from backprop_book.mathematics import folder
from fontTools.ttLib import TTFont

SOURCE = folder() / "output" / "chtml" / "fonts" / "woff-v2" / "MathJax_Main-Regular.woff"
A, B, NOT_THERE = ord("a"), ord("b"), 0x4E00


@pytest.fixture
def target(tmp_path: Path) -> Path:
    subset(SOURCE, tmp_path / "a.woff2", {A, NOT_THERE})
    return tmp_path / "a.woff2"


def held(font: Path) -> set[int]:
    return set(TTFont(font).getBestCmap() or ())


def test_it_holds_what_is_wanted(target: Path) -> None:
    assert held(target) == {A}
    assert target.stat().st_size < SOURCE.stat().st_size / 10


def test_the_same_again_is_not_written(target: Path) -> None:
    os.utime(target, (0, 0))
    subset(SOURCE, target, [A, NOT_THERE])
    assert target.stat().st_mtime == 0


@pytest.mark.parametrize("other", [{A, B}, {B}, set()])
def test_others_are(target: Path, other: set[int]) -> None:
    subset(SOURCE, target, other)
    assert held(target) == other


def test_another_version_of_the_font_is(target: Path, tmp_path: Path) -> None:
    newer = TTFont(SOURCE, recalcTimestamp=False)
    newer["head"].modified += 1
    newer.save(tmp_path / "newer.woff")
    before = target.read_bytes()
    subset(tmp_path / "newer.woff", target, {A})
    assert target.read_bytes() != before
    assert TTFont(target)["head"].modified == newer["head"].modified
