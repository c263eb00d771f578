"""The page for lecturers names exercises and sections that there are."""

import re
from pathlib import Path

CHAPTERS = Path(__file__).parents[1] / "chapters"
PAGE = (CHAPTERS / "lecturers.md").read_text(encoding="utf-8")


def chapter(name):
    return (CHAPTERS / f"{name}.md").read_text(encoding="utf-8")


def numbers(cell):
    return [int(number) for number in re.findall(r"\d+", cell)]


def section(title):
    return re.search(rf"^## {title}\n(.*?)^## ", PAGE, re.M | re.S)[1]


def test_each_exercise_of_the_book_is_assigned_once():
    rows = re.findall(r"^\| \{doc\}`([\w-]+)` \|(.*)\|$", section("What to assign"), re.M)
    assert [name for name, _ in rows] == sorted(path.stem for path in CHAPTERS.glob("[01][0-9]-*.md"))
    for name, cells in rows:
        exercises = chapter(name).split("\n## Exercises\n")[1].split("\n## In short\n")[0]
        there = re.findall(r"^\*\*(\d+)\. ", exercises, re.M)
        assert sorted(numbers(cells)) == [int(number) for number in there], name


def test_the_sections_to_read_at_home_are_there():
    named = re.findall(r"\{doc\}`([\w-]+)`,(?: to)? \*([^*]+)\*", section("In six weeks"))
    assert len(named) == 5
    for name, title in named:
        assert re.search(rf"^##+ {re.escape(title)}\b", chapter(name), re.M), title
