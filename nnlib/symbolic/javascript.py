"""Formulas as JavaScript and as a Python function, compiled by one call from one set of expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.precedence import PRECEDENCE

from nnlib.activations import Array, softplus
from nnlib.symbolic.undefined import Undefined


class Softplus(sp.Function):
    """log(1 + exp(u)) as one function, which has a body that never overflows; only compiled code holds it."""

    nargs = 1


class Minus(sp.Function):
    """u − v, taken in floats as it stands.

    SymPy would cancel what two losses have in common, and with it the rounding that a difference suffers.
    """

    nargs = 2
    is_extended_real = True


# Where exp(u) would overflow, log(1 + exp(u)) is u.
_SOFTPLUS = "const softplus = u => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));"


class _Printer(JavascriptCodePrinter):
    def _print_Softplus(self, e: Any) -> str:
        return f"softplus({self._print(e.args[0])})"

    def _print_Minus(self, e: Any) -> str:
        left, right = (self.parenthesize(arg, PRECEDENCE["Mul"]) for arg in e.args)
        return f"({left} - {right})"

    def _print_Pow(self, e: Any) -> str:
        """x*x rather than Math.pow(x, 2): the same number as Python's, and faster."""
        if not e.exp.is_Integer or not 2 <= abs(e.exp) <= 4:
            return super()._print_Pow(e)
        product = "*".join([self.parenthesize(e.base, 100)] * abs(int(e.exp)))
        return f"({product})" if e.exp > 0 else f"(1/({product}))"


@dataclass(frozen=True)
class Compiled:
    """Expressions as code: called in Python, printed for JavaScript.

    Attributes
    ----------
    inputs : tuple of str
        Page names of what goes in (``W[1][2]``), in the order of the argument.
    outputs : tuple of str
        Page names of what comes out (``dW[1][2]``, ``loss``), in the order of the result.
    js : str
        A JavaScript function from an array of numbers to an array of numbers.

    Examples
    --------
    >>> u = sp.Symbol("u")
    >>> double = compile_expressions({"x[1]": u}, {"y[1]": 2 * u})
    >>> double.js, double({"x[1]": 3})
    ('v => {return [2*v[0]];}', {'y[1]': 6.0})
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    js: str
    _call: Any

    def __call__(self, values: Mapping[str, float]) -> dict[str, float]:
        """The outputs by name, for inputs by name; there may be more of them, for other programs.

        Raises
        ------
        KeyError
            For inputs that are missing.
        """
        if missing := [name for name in self.inputs if name not in values]:
            raise KeyError(
                f"no {', '.join(missing)} among the inputs; there is {', '.join(values) or 'none'}"
            )
        results = self._call([float(values[name]) for name in self.inputs])
        return dict(zip(self.outputs, map(float, results), strict=True))


def compile_expressions(inputs: Mapping[str, sp.Symbol], outputs: Mapping[str, sp.Expr]) -> Compiled:
    """Compile named expressions of named symbols.

    Inputs go by position (``v[0]``, ``v[1]``), so that no name of a symbol reaches the code.

    Raises
    ------
    ValueError
        For an expression that holds anything else than the inputs: it has no number.

    Examples
    --------
    >>> u = sp.Symbol("u")
    >>> c = compile_expressions({"x[1]": u}, {"y[1]": 1 / (1 + sp.exp(-u)), "y[2]": u**2 / 2})
    >>> c.js
    'v => {return [1/(1 + Math.exp(-v[0])), (1/2)*(v[0]*v[0])];}'
    >>> c({"x[1]": 0.0})
    {'y[1]': 0.5, 'y[2]': 0.0}

    A logarithm of 1 + exp(u), of which a cross-entropy is made, is right far out, too:

    >>> compile_expressions({"x[1]": u}, {"loss": sp.log(1 + sp.exp(u))})({"x[1]": 1000.0})
    {'loss': 1000.0}
    """
    expressions = [_with_softplus(sp.sympify(e)) for e in outputs.values()]
    _require_known(inputs, dict(zip(outputs, expressions, strict=True)))
    steps, results = sp.cse(expressions, symbols=sp.numbered_symbols("t"), order="none")
    slots = {symbol: sp.Symbol(f"v[{k}]") for k, symbol in enumerate(inputs.values())}
    printer = _Printer()

    def show(e: sp.Expr) -> str:
        return printer.doprint(e.xreplace(slots))

    helper = _SOFTPLUS if any(e.has(Softplus) for e in expressions) else ""
    body = helper + "".join(f"const {name} = {show(e)};" for name, e in steps)
    js = f"v => {{{body}return [{', '.join(map(show, results))}];}}"
    by_name = {"Softplus": softplus, "Minus": np.subtract}
    call = sp.lambdify([list(inputs.values())], expressions, modules=[by_name, "numpy"], cse=True)
    return Compiled(tuple(inputs), tuple(outputs), js, _quiet(call))


def _with_softplus(e: sp.Expr) -> sp.Expr:
    """Every log(1 + exp(u)) as softplus(u)."""
    return e.replace(
        lambda part: isinstance(part, sp.log) and isinstance(part.args[0] - 1, sp.exp),
        lambda part: Softplus((part.args[0] - 1).args[0]),
    )


def _quiet(call: Any) -> Any:
    def run(values: Sequence[float]) -> Any:
        # exp overflows to infinity far from 0, and 1/(1 + infinity) = 0 is the right value.
        with np.errstate(over="ignore"):
            return call(np.array(values))

    return run


def _require_known(inputs: Mapping[str, sp.Symbol], outputs: Mapping[str, sp.Expr]) -> None:
    for name, e in outputs.items():
        if unknown := e.free_symbols - set(inputs.values()):
            raise ValueError(f"{name} depends on {sorted(map(str, unknown))}, which are no inputs")
        if undefined := {f.func.__name__ for f in e.atoms(Undefined)}:
            raise ValueError(f"{name} holds undefined functions {sorted(undefined)}: they have no numbers")


def page_names(name: str, entries: Array, convention: str = "column") -> dict[str, Any]:
    """Entries by the names that pages use: ``W[1][2]``, ``b[1]`` for a vector, ``loss`` for L, ``eta`` for η.

    >>> import numpy as np
    >>> page_names("b", np.array([[5.5], [7.5]], dtype=object))
    {'b[1]': 5.5, 'b[2]': 7.5}
    """
    if name in {"L", "loss", "eta", "logh"}:
        return {"loss" if name == "L" else name: entries[0, 0]}
    of_matrix = "W" in name or name in {"difference", "gap"}
    vector = entries.shape[0 if convention == "row" else 1] == 1 and not of_matrix
    return {
        f"{name}[{i + j + 1}]" if vector else f"{name}[{i + 1}][{j + 1}]": entries[i, j]
        for i, j in np.ndindex(*entries.shape)
    }
