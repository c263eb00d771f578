"""nnlib: the small neural-network library of the book *Backpropagation, Executed*.

One code path for floats and symbols: ``network.py`` reads like the formulas, and ``nnlib.symbolic`` proves
that it computes them.
"""

from nnlib import explore, symbolic
from nnlib.activations import Activation, identity, sigmoid
from nnlib.ledger import Claim, ClaimFailed, NotAClaim, claim, define
from nnlib.losses import Loss, squared_error
from nnlib.network import Dense, Gradients, Network, Trace
from nnlib.shapes import ShapeError
from nnlib.symbolic.formula import Formula, hadamard

__all__ = [
    "Activation",
    "Claim",
    "ClaimFailed",
    "Dense",
    "Formula",
    "Gradients",
    "Loss",
    "Network",
    "NotAClaim",
    "ShapeError",
    "Trace",
    "claim",
    "define",
    "explore",
    "hadamard",
    "identity",
    "sigmoid",
    "squared_error",
    "symbolic",
]
