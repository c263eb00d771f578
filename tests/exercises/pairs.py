"""Right and nearly right formulas by the hundred: made by rules from the right answers of the catalogue."""

import re
from pathlib import Path

from .catalogue import RIGHT, exercise

_SAME = (
    "({0})",
    "-(-({0}))",
    "(({0})ᵀ)ᵀ",
    "2({0})/2",
    "0.25({0}) + 3/4({0})",
    "1/3({0}) + ({0})*2/3",
    "({0}) - 7({0}) + 7({0})",
)
_NEARLY = (
    "1.000001({0})",
    "0.99999999({0})",
    "({0}) - 0.0000001({0})",
    "({0})/3 + 0.66666666({0})",
    "({0}) + 0.00000001",
    "-1({0})",
    "({0})/2",
    "({0}) + ({0})",
    "1/3({0}) + 1/3({0})",
)
_LETTER = re.compile(r"[WxyzabδσL]")


def rewritten(text):
    """The same formula in other words."""
    body = text.rpartition("=")[2]
    return [form.format(body) for form in _SAME]


def nearly(text):
    """The formula with a constant that is a little off, and no other change."""
    body = text.rpartition("=")[2]
    return [form.format(body) for form in _NEARLY]


def mutants(text):
    """One sign, letter, number, prime or transpose changed: mostly wrong, now and then still right."""
    body = text.rpartition("=")[2]
    changes = {
        "+": "-",
        "-": "+",
        "−": "+",
        "a": "y",
        "y": "a",
        "z": "a",
        "δ": "x",
        "x": "δ",
        "1": "2",
        "2": "1",
        "'": "",
        "ᵀ": "",
        "½": "2",
        "₁": "₂",
        "₂": "₁",
        "/": "*",
        "^2": "^3",
        "∘": "+",
        "σ": "tanh",
        "³": "²",
        "²": "³",
    }
    for old, new in changes.items():
        for found in re.finditer(re.escape(old), body):
            yield body[: found.start()] + new + body[found.end() :]
    for found in re.finditer(r"\^T|\^\{\\top\}|\.T", body):
        yield body[: found.start()] + body[found.end() :]


def all_right():
    """(exercise, text) of right formulas."""
    return [(name, form) for name in RIGHT for text in RIGHT[name] for form in rewritten(text)]


def all_nearly_right():
    """(exercise, text) of formulas that are wrong by little."""
    return [(name, form) for name in RIGHT for text in RIGHT[name] for form in nearly(text)]


def all_mutants():
    """(exercise, text) of changed formulas of which a proof has to tell what they are."""
    return [(name, form) for name in RIGHT for text in RIGHT[name] for form in dict.fromkeys(mutants(text))]


def cunning(sign):
    """(exercise, text) of the formulas of cunning.txt: the right ones by ``+``, the wrong ones by ``-``."""
    found, name = [], ""
    for line in Path(__file__).with_name("cunning.txt").read_text(encoding="utf-8").splitlines()[2:]:
        if line.startswith(("+ ", "- ")):
            found += [(name, line[2:])] if line[0] == sign else []
        elif line:
            name = line
    return found


__all__ = ["all_mutants", "all_nearly_right", "all_right", "cunning", "exercise"]
