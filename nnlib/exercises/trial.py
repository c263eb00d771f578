"""A function of the reader's, run on a network: what it gave, or where and why it stopped.

Nothing is compiled from text here: the function comes from a cell of the reader's own notebook. What it
raises becomes a plain message that points at the line.
"""

from __future__ import annotations

import inspect
import linecache
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from nnlib.shapes import show

#: What a line of Python and NumPy raises when it is wrong; anything else is not the line's fault.
RAISED = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NameError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Stopped:
    """Where a function stopped, and why.

    Attributes
    ----------
    message : str
        The line, the shapes of what stands in it, and what Python says.
    values : mapping
        What the function's names stood for by then.
    """

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


def run(function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any] | Stopped:
    """What a function gives for copies of these arguments, by name.

    Examples
    --------
    >>> run(lambda x: {"twice": 2 * x}, {"x": 3})
    {'twice': 6}
    >>> run(lambda x: x + 1, {"x": 3}).message
    'It gives back an int. It should give back the dictionary of its last line, as it was.'
    >>> run(lambda x: {"twice": x / 0}, {"x": 3}).message
    'Line 1 of your function stops: division by zero.'
    """
    arguments = deepcopy(list(given.values()))
    try:
        with np.errstate(all="ignore"):
            found = function(*arguments)
    except RAISED as error:
        return _stopped(function, error)
    if not isinstance(found, dict):
        kind = "nothing" if found is None else _a(type(found).__name__)
        return Stopped(
            f"It gives back {kind}. It should give back the dictionary of its last line, as it was."
        )
    return found


def misfit(function: Any, names: list[str]) -> str:
    """Why a thing cannot be run as a backward pass with these arguments; empty where it can.

    Examples
    --------
    >>> misfit(lambda x, W: {}, ["x", "W"])
    ''
    >>> misfit(lambda x: {}, ["x", "W"])
    'Your function takes x. It should take x, W, as it did.'
    >>> misfit({"dW": 1}, ["x", "W"])
    'That is a dict. Hand over the function itself, by its name alone, without brackets behind it.'
    """
    if not inspect.isfunction(function):
        return (
            f"That is {_a(type(function).__name__)}. "
            "Hand over the function itself, by its name alone, without brackets behind it."
        )
    takes = list(inspect.signature(function).parameters)
    if takes == names:
        return ""
    return (
        f"Your function takes {', '.join(takes) or 'nothing'}. It should take {', '.join(names)}, as it did."
    )


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _stopped(function: Callable[..., Any], error: BaseException) -> Stopped:
    frame, number = _frame(function, error.__traceback__)
    if frame is None:
        return Stopped(f"Your function stops: {_reason(error)}.")
    values = dict(frame.f_locals)
    line = linecache.getline(frame.f_code.co_filename, number).strip().partition("  #")[0]
    where = f"Line {number - frame.f_code.co_firstlineno + 1} of your function"
    code = f", {line}," if line and "lambda" not in line else ""
    shapes = _shapes(line, values)
    return Stopped(f"{where}{code} stops: {_reason(error)}.{shapes}", values)


def _frame(function: Callable[..., Any], traceback: TracebackType | None) -> tuple[FrameType | None, int]:
    """The reader's own frame, and the line that it had come to."""
    found: tuple[FrameType | None, int] = (None, 0)
    while traceback is not None:
        if traceback.tb_frame.f_code is getattr(function, "__code__", None):
            found = traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def _reason(error: BaseException) -> str:
    """What Python says, in words for the two things that NumPy says at length."""
    said = str(error).strip().rstrip(".")
    if "matmul" in said:
        return "the shapes do not fit for a product of matrices"
    if "broadcast" in said:
        return "the shapes do not fit entry by entry"
    return said or type(error).__name__


def _shapes(line: str, values: Mapping[str, Any]) -> str:
    names = [name for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", line)) if name in values]
    shaped = [f"{n} is {show(values[n].shape)}" for n in names if isinstance(values[n], np.ndarray)]
    return f" There {', '.join(shaped[:-1])}{' and ' if shaped[1:] else ''}{shaped[-1]}." if shaped else ""
