"""An exercise as the page has it: its state, its programs, and the module that runs them."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from nnlib.exercises.exercise import Exercise
from nnlib.exercises.grammar import tables
from nnlib.exercises.program import STANDARD, compiled_function


def state(exercise: Exercise) -> dict[str, Any]:
    """What the module needs to know of an exercise, beside its program.

    Examples
    --------
    >>> from nnlib.exercises.samples import outer_product
    >>> state(outer_product())["asked"]
    '∂L/∂W'
    """
    question = exercise.question
    letters = [
        {
            "stem": d.stem, "layer": d.layer, "partial": d.partial, "rows": d.rows, "columns": d.columns,
            "shown": d.shown,
        }
        for d in exercise.declared
    ]  # fmt: skip
    return {
        "name": exercise.name,
        "asked": question.asked,
        "like": question.like,
        "letters": letters,
        "slips": [[slip.kind, slip.message] for slip in question.slips],
        "hints": list(question.hints),
        "layout": [list(shape) for shape in question.program.layout],
        "ranges": question.program.ranges,
    }


def program_source(exercise: Exercise) -> str:
    """The compiled program as a JavaScript object: ``run``, and the functions that are the exercise's own."""
    program = exercise.question.program
    own = {name: c.js for name, c in program.functions.items() if name not in STANDARD}
    functions = ", ".join(f"{json.dumps(name)}: {js}" for name, js in own.items())
    return f"{{run: {program.compiled.js}, functions: {{{functions}}}}}"


@cache
def module_text() -> str:
    """The module without its programs: the tables of the grammar, the code, and the standard functions.

    Examples
    --------
    >>> "class Judge" in module_text()
    True
    """
    standard = ", ".join(f"{name}: {compiled_function(curve).js}" for name, curve in STANDARD.items())
    grammar = json.dumps(tables(), ensure_ascii=False, separators=(",", ":"))
    return f"const GRAMMAR = {grammar};\n{lean(asset('exercise.js'))}\nconst STANDARD = {{{standard}}};"


def lean(code: str) -> str:
    r"""JavaScript without comments and indentation; for our own files: no text of theirs has several lines.

    >>> lean("/* What\n it is. */\n  // so\n  const a = 1;\n")
    'const a = 1;'
    """
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def asset(name: str) -> str:
    """The text of a file of this package."""
    return files("nnlib.exercises").joinpath(name).read_text(encoding="utf-8")
