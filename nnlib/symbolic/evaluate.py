"""A formula's value, entry by entry, on whatever an environment holds: floats or symbols.

Every operation insists on its shapes; NumPy's broadcasting is never asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
import sympy as sp
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from nnlib.activations import Activation, Array
from nnlib.losses import Loss
from nnlib.shapes import ShapeError, show
from nnlib.symbolic.functions import Beside, LossGradient, LossValue, MapValue, SquaredNorm
from nnlib.symbolic.letters import Column, Entry, Jacobian, Letter, Partial, PartialEntry
from nnlib.symbolic.undefined import Undefined, undefined_function

Indices = Mapping[sp.Symbol, int]


class Environment(Protocol):
    """What a formula needs to know of a network to have a value on it."""

    def value(self, letter: Letter) -> Array:
        """The letter's entries, 2-D."""

    def shape(self, letter: Letter) -> tuple[int, int]:
        """Rows × columns of a letter."""

    def partial(self, of: Letter, by: Letter) -> Array:
        """∂of/∂by as an array of shape ``of.shape + by.shape``."""

    def size(self, symbol: sp.Symbol) -> int:
        """The number that S_l stands for."""

    def activation(self, name: str) -> Activation:
        """The activation that ``sigma`` (or ``sigma2``) stands for."""

    @property
    def convention(self) -> str:
        """``"column"`` or ``"row"``: which way vectors lie."""

    @property
    def loss(self) -> Loss:
        """The loss that l stands for."""

    def target(self) -> Array:
        """Y, which the loss compares with."""


def evaluate(expression: Any, env: Environment, indices: Indices | None = None) -> Any:
    """The value of an expression: a 2-D array for a matrix, an entry for a scalar.

    Raises
    ------
    ShapeError
        Where an operation does not fit the shapes of its operands.
    TypeError
        For an expression that formulas are not made of.
    KeyError
        For a letter or a symbol that has no value here.
    """
    for kind, rule in _RULES.items():
        if isinstance(expression, kind):
            return rule(expression, env, indices or {})
    raise TypeError(f"a formula cannot hold {expression!r} ({type(expression).__name__})")


def _sum(e: Any, env: Environment, at: Indices) -> Any:
    terms = [evaluate(term, env, at) for term in e.args]
    total = terms[0]
    for term, part in zip(terms[1:], e.args[1:], strict=True):
        if np.shape(term) != np.shape(total):
            raise ShapeError(
                f"{e}: {part} is {show(np.shape(term))}, but what it is added to is {show(np.shape(total))}"
            )
        total = total + term
    return total


def _matrix_product(e: Any, env: Environment, at: Indices) -> Any:
    product: Any = None
    scale: Any = 1
    for factor in e.args:
        value = evaluate(factor, env, at)
        if np.ndim(value) == 0:
            scale = scale * value
        elif product is None:
            product = value
        elif product.shape[1] != value.shape[0]:
            raise ShapeError(f"{e}: {show(product.shape)} times {show(value.shape)} ({factor}) is no product")
        else:
            product = product @ value
    return scale * product


def _matrix_power(e: Any, env: Environment, at: Indices) -> Any:
    if not (e.exp.is_Integer and e.exp > 0):
        raise TypeError(f"a formula cannot hold {e}: write whole powers only")
    base = evaluate(e.base, env, at)
    if base.shape[0] != base.shape[1]:
        raise ShapeError(f"{e}: {show(base.shape)} times {show(base.shape)} is no product")
    return np.linalg.matrix_power(base, int(e.exp))


def _entrywise_product(e: Any, env: Environment, at: Indices) -> Any:
    values = [evaluate(factor, env, at) for factor in e.args]
    if len({value.shape for value in values}) > 1:
        raise ShapeError(
            f"{e}: entry by entry needs equal shapes, not {', '.join(show(v.shape) for v in values)}"
        )
    return np.prod(np.array(values), axis=0)


def _product(e: Any, env: Environment, at: Indices) -> Any:
    product: Any = 1
    for factor in e.args:
        product = product * evaluate(factor, env, at)
    return product


def _power(e: Any, env: Environment, at: Indices) -> Any:
    # SymPy's numbers, not Python's: 2 ** -1 is a fraction, and 1/0 is told from a number by whoever decides.
    base = evaluate(e.base, env, at)
    return (sp.Integer(base) if isinstance(base, int) else base) ** evaluate(e.exp, env, at)


def _summation(e: Any, env: Environment, at: Indices) -> Any:
    (k, low, high), *outer = e.limits
    if outer:
        raise TypeError(f"write {e} as nested sums, one index each")
    top = env.size(high) if high.is_Symbol else int(high)
    total: Any = 0
    for n in range(int(low), top + 1):
        total = total + evaluate(e.function, env, {**at, k: n})
    return total


def _symbol(e: sp.Symbol, env: Environment, at: Indices) -> Any:  # noqa: ARG001  rules share a signature
    if e not in at:
        raise KeyError(
            f"the symbol {e} has no value: name it as an index on the left side, or sum over it. "
            f'A number is a letter of its own, Letter("{e}", 1, 1).'
        )
    return at[e]


def _entry(e: Entry, env: Environment, at: Indices) -> Any:
    return env.value(e.letter)[_position(e, env, at)]


def _position(e: Entry, env: Environment, at: Indices) -> tuple[int, int]:
    if unknown := [i for i in e.index if not i.is_Integer and i not in at]:
        raise ShapeError(f"{e}: {unknown[0]} runs over nothing; name it on the left side, or sum over it")
    numbers = [int(i if i.is_Integer else at[i]) - 1 for i in e.index]
    if not numbers:  # a number, such as η
        return 0, 0
    if len(numbers) == 1:
        numbers = [0, *numbers] if e.letter.is_row else [*numbers, 0]
    if min(numbers) < 0 or any(n >= top for n, top in zip(numbers, env.shape(e.letter), strict=True)):
        raise ShapeError(f"{e}: {e.letter} is {show(env.shape(e.letter))}, and indices run from 1")
    return numbers[0], numbers[1]


def _partial_entry(e: PartialEntry, env: Environment, at: Indices) -> Any:
    of, by = e.args
    letter, place = (of.letter, _position(of, env, at)) if isinstance(of, Entry) else (of, (0, 0))
    return env.partial(letter, by.letter)[place + _position(by, env, at)]


def _partial(e: Partial, env: Environment, at: Indices) -> Any:  # noqa: ARG001  rules share a signature
    return env.partial(*e.args)[0, 0]


def _jacobian(e: Jacobian, env: Environment, at: Indices) -> Any:  # noqa: ARG001
    value = env.partial(*e.args)
    return value.reshape(value.shape[0] * value.shape[1], -1)


def _applied(e: ElementwiseApplyFunction, env: Environment, at: Indices) -> Any:
    return _call(function_of(e), evaluate(e.expr, env, at), env)


def function_of(e: ElementwiseApplyFunction) -> Any:
    """σ of σ(Z): SymPy keeps it as ``Lambda(u, σ(u))``."""
    return e.function.expr.func


def _called(e: Undefined, env: Environment, at: Indices) -> Any:
    if len(e.args) != 1:
        raise TypeError(f"a formula cannot hold {e}: write l(a) or l.gradient(a)")
    value = np.array([[evaluate(e.args[0], env, at)]])
    return _call(e.func, value, env)[0, 0]


def _call(function: Any, value: Array, env: Environment) -> Array:
    activation = env.activation(function.base.__name__)
    if function.by == ():
        return activation(value)
    if function.by == (1,):
        return activation.prime(value, activation(value))
    raise TypeError(f"a formula cannot hold {function}: nnlib knows σ and σ′")


def _exponential(e: Any, env: Environment, at: Indices) -> Any:
    value = evaluate(e.args[0], env, at)
    return sp.exp(value) if isinstance(value, sp.Basic) else np.exp(value)


def _loss_value(e: LossValue, env: Environment, at: Indices) -> Any:
    return np.array([[env.loss(_output(e, env, at), env.target())]])


def _loss_gradient(e: LossGradient, env: Environment, at: Indices) -> Any:
    return env.loss.prime(_output(e, env, at), env.target())


def _output(e: LossValue | LossGradient, env: Environment, at: Indices) -> Array:
    value = evaluate(e.args[0], env, at)
    if value.shape != env.target().shape:
        raise ShapeError(
            f"{e}: {e.args[0]} is {show(value.shape)}, but the target is {show(env.target().shape)}"
        )
    return value


def _squared_norm(e: SquaredNorm, env: Environment, at: Indices) -> Any:
    return np.array([[(evaluate(e.args[0], env, at) ** 2).sum()]])


def _map_value(e: MapValue, env: Environment, at: Indices) -> Any:
    arguments = evaluate(e.args[1], env, at).ravel()
    rows = env.size(e.shape[0]) if e.shape[0].is_Symbol else int(e.shape[0])
    names = [e.name] if rows == 1 else [f"{e.name}_{i}" for i in range(1, rows + 1)]
    return np.array([[undefined_function(name, arguments.size)(*arguments)] for name in names])


def _diagonal(e: sp.DiagMatrix, env: Environment, at: Indices) -> Any:
    vector = evaluate(e.args[0], env, at)
    if vector.shape[0 if env.convention == "row" else 1] != 1:
        raise ShapeError(f"{e}: in the {env.convention} convention diag takes no {show(vector.shape)}")
    return np.diag(vector.ravel())


def _column(e: Column, env: Environment, at: Indices) -> Any:
    matrix, number = evaluate(e.args[0], env, at), e.args[1]
    j = evaluate(number, env, at)
    if not 1 <= j <= matrix.shape[1]:
        raise ShapeError(f"{e}: {e.args[0]} is {show(matrix.shape)}, and columns are numbered from 1")
    return matrix[:, [j - 1]]


def _beside(e: Beside, env: Environment, at: Indices) -> Any:
    blocks = [evaluate(block, env, at) for block in e.args]
    if len({block.shape[0] for block in blocks}) > 1:
        raise ShapeError(
            f"{e}: side by side needs equally many rows, not {', '.join(show(b.shape) for b in blocks)}"
        )
    return np.hstack(blocks)


def _logarithm(e: Any, env: Environment, at: Indices) -> Any:
    value = evaluate(e.args[0], env, at)
    return sp.log(value) if isinstance(value, sp.Basic) else np.log(value)


_RULES: dict[Any, Callable[[Any, Environment, Indices], Any]] = {
    Letter: lambda e, env, at: env.value(e),  # noqa: ARG005
    Entry: _entry,
    PartialEntry: _partial_entry,
    Partial: _partial,
    Jacobian: _jacobian,
    sp.Integer: lambda e, env, at: int(e),  # noqa: ARG005
    sp.Rational: lambda e, env, at: e,  # noqa: ARG005
    sp.Symbol: _symbol,
    sp.MatAdd: _sum,
    sp.MatMul: _matrix_product,
    sp.MatPow: _matrix_power,
    sp.Transpose: lambda e, env, at: evaluate(e.arg, env, at).T,
    sp.HadamardProduct: _entrywise_product,
    ElementwiseApplyFunction: _applied,
    LossValue: _loss_value,
    LossGradient: _loss_gradient,
    SquaredNorm: _squared_norm,
    MapValue: _map_value,
    sp.DiagMatrix: _diagonal,
    Column: _column,
    Beside: _beside,
    sp.Add: _sum,
    sp.Mul: _product,
    sp.Pow: _power,
    sp.Sum: _summation,
    sp.exp: _exponential,
    sp.log: _logarithm,
    Undefined: _called,
}
