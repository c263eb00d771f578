"""A page that holds exercises and nothing else."""

import sys
from pathlib import Path

from nnlib.exercises import Exercise, cards
from nnlib.exercises.page import asset
from nnlib.exercises.widget import static_html, tokens_css

sys.path.insert(0, str(Path(__file__).parents[2] / "_ext"))
from backprop_book.assets import exercises_scripts


def write_page(folder, exercises):
    """The page's file, with its scripts and its style beside it."""
    (folder / "exercises").mkdir()
    for name, text in exercises_scripts().items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "exercises.css").write_text(f"{tokens_css()}\n{asset('exercise.css')}", encoding="utf-8")
    body = "\n".join(
        static_html(exercise) if isinstance(exercise, Exercise) else cards.static_html(exercise)
        for exercise in exercises
    )
    page = folder / "page.html"
    page.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Exercises</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="exercises.css">'
        f'<script defer src="exercises.js"></script></head>'
        f"<body><main><h1>Exercises</h1>{body}</main></body></html>",
        encoding="utf-8",
    )
    return page
