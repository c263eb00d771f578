"""Functions of which nothing is known but that they can be differentiated.

What is proved with such a σ or l holds for every differentiable one. SymPy's own undefined functions
differentiate into ``Subs(Derivative(...))`` as soon as their argument is no plain symbol; here the derivative
of an undefined function is simply a further undefined function, with the order of differentiation forgotten.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import sympy as sp

from nnlib.activations import Activation, Array
from nnlib.losses import Loss


class Undefined(sp.Function):
    """Base of all undefined functions.

    Attributes
    ----------
    base : type
        The function itself, of which this one is a derivative (or which it is).
    by : tuple of int
        The arguments by which it was differentiated, from 1, sorted: ``()`` for the function itself.
    """

    base: type[Undefined]
    by: tuple[int, ...] = ()
    arity: int = 0

    @classmethod
    def eval(cls, *args: Any) -> None:
        """Nothing is known of it, so nothing is evaluated."""

    def fdiff(self, argindex: int = 1) -> Any:
        """Its derivative by one argument: another undefined function of the same arguments."""
        return derivative(type(self), argindex)(*self.args)


_known: dict[tuple[str, int, tuple[int, ...]], type[Undefined]] = {}


def undefined_function(name: str, arity: int = 1, by: tuple[int, ...] = ()) -> type[Undefined]:
    """The undefined function of that name and number of arguments, or one of its derivatives.

    Examples
    --------
    >>> import sympy as sp
    >>> u = sp.Symbol("u")
    >>> g = undefined_function("g")
    >>> sp.diff(g(u**2), u)
    2*u*g'(u**2)
    """
    key = (name, arity, by)
    if key not in _known:
        suffix = "'" * len(by) if arity == 1 else "".join(f"_{i}" for i in by)
        base = {"base": undefined_function(name, arity)} if by else {}
        function: type[Undefined] = type(
            name + suffix, (Undefined,), {"nargs": arity, "by": by, "arity": arity, **base}
        )
        _known[key] = function
        if not by:
            function.base = function
    return _known[key]


def derivative(function: type[Undefined], argindex: int = 1) -> type[Undefined]:
    """The undefined function that is ``function`` differentiated by its argument number ``argindex``."""
    return undefined_function(function.base.__name__, function.arity, tuple(sorted((*function.by, argindex))))


def undefined_activation(name: str = "sigma") -> Activation:
    """An element-wise σ of which nothing is known but that it can be differentiated.

    Examples
    --------
    >>> import sympy as sp
    >>> f = undefined_activation("f")
    >>> f.symbolic(sp.Symbol("z")).diff()
    f'(z)
    """
    value = undefined_function(name)
    prime = np.frompyfunc(derivative(value), 1, 1)
    return Activation(
        name=name,
        numeric=_refuse_numbers(name),
        symbolic=value,
        prime=lambda z, a: prime(z),  # noqa: ARG005  every prime takes z and a
        latex=rf"\{name}" if name in {"sigma", "phi"} else name,
    )


def undefined_loss(name: str = "l") -> Loss:
    """A loss l(a₁, a₂, …) of which nothing is known; the target is one of its constants.

    Examples
    --------
    >>> from nnlib.symbolic import symbols
    >>> l, a = undefined_loss("l"), symbols("a", (2, 1))
    >>> l(a, None)
    l(a_1, a_2)
    >>> l.prime(a, None).ravel().tolist()
    [l_1(a_1, a_2), l_2(a_1, a_2)]
    """

    def value(a: Array, target: Array) -> Any:  # noqa: ARG001  the target is a constant inside l
        return undefined_function(name, a.size)(*a.ravel())

    def prime(a: Array, target: Array) -> Array:  # noqa: ARG001
        function = undefined_function(name, a.size)
        entries = [derivative(function, k)(*a.ravel()) for k in range(1, a.size + 1)]
        return np.array(entries, dtype=object).reshape(a.shape)

    return Loss(name=name, value=value, prime=prime)


def _refuse_numbers(name: str) -> Any:
    def numeric(z: Array) -> Array:
        raise TypeError(
            f"{name} is undefined: it has no values on numbers, only on symbols ({z.dtype} given)"
        )

    return numeric
