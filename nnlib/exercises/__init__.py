"""Exercises that ask for a formula and check the one that the reader types."""

from nnlib.exercises.chapters import find, names
from nnlib.exercises.chapters.cards import card
from nnlib.exercises.chapters.lines import check, line
from nnlib.exercises.exercise import Checked, Exercise
from nnlib.exercises.ordering import Ordering, Step
from nnlib.exercises.shaping import Shapes

__all__ = ["Checked", "Exercise", "Ordering", "Shapes", "Step", "card", "check", "find", "line", "names"]
