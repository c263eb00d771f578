"""Formulas for any number of layers of any sizes: both are symbols."""

from nnlib.symbolic.general.letters import (
    Act, At, Cell, Columns, Diff, Each, Entrywise, Layered, LossOf, SquaredColumn, Through, Total,
    A, Delta, H, J, L, N, S, T, W, X, Z,
    b, by_entry, by_matrix, delta, i, j, k, k1, l, letter, m, n, n1, numbered, ones, q, slope, total, value,
)  # fmt: skip
from nnlib.symbolic.general.network import General
from nnlib.symbolic.general.formula import Chain, GeneralFormula

__all__ = [
    "A", "Act", "At", "Cell", "Chain", "Columns", "Delta", "Diff", "Each", "Entrywise", "General", "GeneralFormula", "H", "J", "L",
    "Layered", "LossOf", "N", "S", "SquaredColumn", "T", "Through", "Total", "W", "X", "Z", "b", "by_entry", "by_matrix", "delta", "i", "j", "k",
    "k1", "l", "letter", "m", "n", "n1", "numbered", "ones", "q", "slope", "total", "value",
]  # fmt: skip
