"""nnlib: the small neural-network library of the book *Backpropagation, Executed*.

One code path for floats and symbols: ``network.py`` reads like the formulas, and ``nnlib.symbolic`` proves
that it computes them.
"""

from nnlib import distributed, exercises, explore, symbolic
from nnlib.activations import Activation, identity, relu, sigmoid, softplus, tanh
from nnlib.checking import GradientCheck, check_gradients
from nnlib.diagnosis import Diagnosis, diagnose
from nnlib.findings import Finding
from nnlib.layers import Dense
from nnlib.ledger import Claim, ClaimFailed, NotAClaim, claim, define, read
from nnlib.losses import Loss, categorical_cross_entropy, cross_entropy, mean_squared_error, squared_error
from nnlib.network import Network
from nnlib.passes import Gradients, Trace
from nnlib.shapes import ShapeError
from nnlib.softmax import softmax
from nnlib.symbolic.formula import Formula, hadamard
from nnlib.training import History, gradient_descent, stochastic_gradient_descent

__all__ = [
    "Activation",
    "Claim",
    "ClaimFailed",
    "Dense",
    "Diagnosis",
    "Finding",
    "Formula",
    "GradientCheck",
    "Gradients",
    "History",
    "Loss",
    "Network",
    "NotAClaim",
    "ShapeError",
    "Trace",
    "categorical_cross_entropy",
    "check_gradients",
    "claim",
    "cross_entropy",
    "define",
    "diagnose",
    "distributed",
    "exercises",
    "explore",
    "gradient_descent",
    "hadamard",
    "identity",
    "mean_squared_error",
    "read",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "squared_error",
    "stochastic_gradient_descent",
    "symbolic",
    "tanh",
]
