"""A formula with symbolic layers and sizes: it prints itself, and has entries at small sizes."""

from __future__ import annotations

from typing import Any

from nnlib.activations import Array
from nnlib.symbolic.formula import Formula
from nnlib.symbolic.general.letters import Layered
from nnlib.symbolic.general.printing import latex, python


class GeneralFormula(Formula):
    r"""An equation ``lhs = rhs`` between letters of the general network.

    Examples
    --------
    >>> from nnlib.symbolic.general import A, H, by_matrix, l, W
    >>> gradient = GeneralFormula(by_matrix(W(l)), H(l) * A(l - 1).T)
    >>> gradient.latex
    '\\frac{\\partial J}{\\partial W^{(l)}} = H^{(l)} \\, A^{(l-1)\\top}'
    >>> gradient.python
    'GeneralFormula(by_matrix(W(l)), H(l)*A(l-1).T)'
    """

    def __init__(self, lhs: Any, rhs: Any) -> None:
        self.lhs, self.rhs, self.given = lhs, rhs, {}

    @property
    def latex(self) -> str:
        """The equation in LaTeX, printed from the object."""
        return f"{latex(self.lhs)} = {latex(self.rhs)}"

    @property
    def python(self) -> str:
        """The Python that makes it."""
        return f"GeneralFormula({python(self.lhs)}, {python(self.rhs)})"

    def evaluate(self, env: Any) -> Array:
        """Its entries at small sizes, where ``env`` is an ``AtSizes``."""
        return env.array(self.rhs)

    def letters(self) -> set[Any]:
        """Every letter of the right side."""
        return set(self.rhs.atoms(Layered))


class Chain(GeneralFormula):
    """A chain of equalities, printed as one; as a formula it is the last of them."""

    def __init__(self, lhs: Any, *steps: Any) -> None:
        super().__init__(lhs, steps[-1])
        self.steps = list(steps)

    @property
    def latex(self) -> str:
        """All of it."""
        return " = ".join(map(latex, (self.lhs, *self.steps)))
