"""Exercises that ask for a formula and check the one that the reader types."""

from nnlib.exercises.chapters import find, names
from nnlib.exercises.chapters.lines import check, line
from nnlib.exercises.exercise import Checked, Exercise

__all__ = ["Checked", "Exercise", "check", "find", "line", "names"]
