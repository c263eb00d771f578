"""What holds for the text of every chapter."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "index.md", *(ROOT / "chapters").rglob("*.md")])
CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_verdict_is_typed(page):
    for cell in CELL.findall(page.read_text(encoding="utf-8")):
        words = re.findall(r"\b(definition|proved|corrected|conditional|unchecked|verdict)\b", cell)
        assert not words, f"a verdict is computed, never typed: {words} in\n{cell}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_results_are_printed_from_their_objects(page):
    """Displayed equations come from ``glue``: none is typed."""
    text = CELL.sub("", page.read_text(encoding="utf-8"))
    assert not re.search(r"^\s*\$\$|\\begin\{(equation|align)|^```\{math\}", text, re.M)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_displayed_equation_has_a_label(page):
    text = page.read_text(encoding="utf-8")
    glued = re.findall(r"^```\{glue:math\} (\S+)\n(.*?)^```", text, re.M | re.S)
    assert all(":label:" in body for _, body in glued)
    labels = re.findall(r":label: (\S+)", text)
    assert len(labels) == len(set(labels))
