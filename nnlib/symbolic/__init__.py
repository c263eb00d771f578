"""Formulas on symbols: letters, undefined functions, forward passes and their derivatives, proofs."""

from nnlib.symbolic.compiled_network import CompiledGradients, CompiledNetwork
from nnlib.symbolic.counterexample import Counterexample
from nnlib.symbolic.defined import activation_of
from nnlib.symbolic.formula import Formula, compile_formulas, diag, hadamard
from nnlib.symbolic.forward_pass import ForwardPass, Side
from nnlib.symbolic.functions import ActivationLetter, Beside, MapLetter, SquaredNorm, l, sigma
from nnlib.symbolic.javascript import Compiled
from nnlib.symbolic.latex import latex
from nnlib.symbolic.letters import Column, Letter, letters, partial, size
from nnlib.symbolic.networks import network, symbols
from nnlib.symbolic.prove import Proof, ShapeClash, Undecided, prove
from nnlib.symbolic.undefined import undefined_activation, undefined_function, undefined_loss
from nnlib.symbolic.write_out import CannotCompile

__all__ = [
    "ActivationLetter",
    "Beside",
    "CannotCompile",
    "Column",
    "Compiled",
    "CompiledGradients",
    "CompiledNetwork",
    "Counterexample",
    "Formula",
    "ForwardPass",
    "Letter",
    "MapLetter",
    "Proof",
    "ShapeClash",
    "Side",
    "SquaredNorm",
    "Undecided",
    "activation_of",
    "compile_formulas",
    "diag",
    "hadamard",
    "l",
    "latex",
    "letters",
    "network",
    "partial",
    "prove",
    "sigma",
    "size",
    "symbols",
    "undefined_activation",
    "undefined_function",
    "undefined_loss",
]
