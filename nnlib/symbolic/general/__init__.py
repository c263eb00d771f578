"""Formulas for any number of layers of any sizes: both are symbols."""

from nnlib.symbolic.general import letters
from nnlib.symbolic.general.formula import Chain, GeneralFormula
from nnlib.symbolic.general.letters import *  # noqa: F403  the alphabet, whole: it says itself what it is
from nnlib.symbolic.general.network import General

__all__ = ["Chain", "General", "GeneralFormula", *letters.__all__]  # noqa: PLE0604
