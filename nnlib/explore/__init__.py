"""Explorables: proved formulas with sliders, on the static page and in Jupyter."""

from nnlib.explore.explorable import Explorable
from nnlib.explore.single_layer import single_layer
from nnlib.explore.two_layers import two_layers

__all__ = ["Explorable", "single_layer", "two_layers"]
