"""Explorables: proved formulas with sliders, on the static page and in Jupyter."""

from nnlib.explore.computational_graph import computational_graph
from nnlib.explore.explorable import Explorable
from nnlib.explore.general_proof import general_proof
from nnlib.explore.input_gradient import input_gradient
from nnlib.explore.row_vectors import row_vectors
from nnlib.explore.shared_weights import shared_weights
from nnlib.explore.single_layer import single_layer
from nnlib.explore.training import training
from nnlib.explore.two_layers import two_layers

__all__ = [
    "Explorable",
    "computational_graph",
    "general_proof",
    "input_gradient",
    "row_vectors",
    "shared_weights",
    "single_layer",
    "training",
    "two_layers",
]
