"""Exercises that ask for a formula and check the one that the reader types."""

from nnlib.exercises.chapters import find, names
from nnlib.exercises.exercise import Checked, Exercise

__all__ = ["Checked", "Exercise", "find", "names"]
