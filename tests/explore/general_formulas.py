"""The formulas of the general proof, as its chapter hands them to the explorable."""

import nnlib as nn
from nnlib.symbolic.general import A, Delta, GeneralFormula, H, W, b, by_matrix, l, ones, slope


def general_formulas():
    """H, Δ, ∂J/∂W and ∂J/∂b of layer l."""
    return [
        GeneralFormula(H(l), nn.hadamard(Delta(l), slope(l))),
        GeneralFormula(Delta(l - 1), W(l).T * H(l)),
        GeneralFormula(by_matrix(W(l)), H(l) * A(l - 1).T),
        GeneralFormula(by_matrix(b(l)), H(l) * ones),
    ]
