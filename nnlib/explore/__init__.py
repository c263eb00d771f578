"""Explorables: proved formulas with sliders, on the static page and in Jupyter."""

from nnlib.explore.explorable import Explorable
from nnlib.explore.single_layer import single_layer

__all__ = ["Explorable", "single_layer"]
