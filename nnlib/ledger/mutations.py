"""Small errors, made on purpose on the syntax tree of a formula: the ones that people make.

A flipped sign, a doubled or a dropped factor, a dropped summand, a dropped or an added transpose, a wrong
index, a neighbouring layer, σ for σ′, a sum cut to its first term.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy.matrices.exceptions import ShapeError as SympyShapeError
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from nnlib.symbolic.evaluate import function_of
from nnlib.symbolic.functions import LossGradient, LossValue, MapValue, SquaredNorm
from nnlib.symbolic.letters import Entry, Jacobian, Letter, Partial, PartialEntry, letters, size
from nnlib.symbolic.undefined import Undefined, derivative, undefined_function

Change = tuple[str, Any]


@dataclass(frozen=True)
class Scope:
    """What an expression may refer to.

    Attributes
    ----------
    names : tuple of str
        Letters that have a value, those of a forward pass in the order of its computation.
    computed : tuple of str
        Those of the forward pass alone: what derivatives may be taken of and by.
    indices : frozenset of symbols
        Free indices of the left side, and those of the sums around.
    functions : frozenset of str
        Activations by name, where layers have different ones.
    layers : int
    convention : str
        How letters are shaped.
    """

    names: tuple[str, ...]
    computed: tuple[str, ...] = ()
    indices: frozenset[sp.Symbol] = frozenset()
    functions: frozenset[str] = frozenset()
    layers: int = 1
    convention: str = "column"


@dataclass(frozen=True, eq=False)  # two errors with one message are two errors
class Clash:
    """A changed expression that SymPy refuses to build, with what it says."""

    message: str


@dataclass(frozen=True)
class Mutation:
    """One error: its kind, the part that was changed and what it became, and the whole."""

    kind: str
    before: Any
    after: Any
    whole: Any


def mutations(e: Any, scope: Scope) -> Iterator[Mutation]:
    """Every mutation of an expression, or of nested lists of them; each distinct one once.

    Examples
    --------
    >>> W, x, b = letters("W x b")
    >>> for m in mutations(W.T * x, Scope(names=("W", "x"))):
    ...     print(m.kind, m.whole)
    sign -W.T*x
    double 2*W.T*x
    transpose (W.T*x).T
    factor x
    factor W.T
    transpose W*x
    transpose W.T*x.T
    """
    seen = [e]
    for mutation in _of_list(e, scope) if isinstance(e, list) else _everywhere(e, scope, alone=True):
        if mutation.whole not in seen:
            seen.append(mutation.whole)
            yield mutation


def _of_list(rows: list[list[Any]], scope: Scope) -> Iterator[Mutation]:
    for r, row in enumerate(rows):
        for c, entry in enumerate(row):
            for mutation in _everywhere(entry, scope, alone=True):
                changed = [list(other) for other in rows]
                changed[r][c] = mutation.whole
                yield replace(mutation, whole=changed)
    yield Mutation("transpose", rows, "rows as columns", [list(column) for column in zip(*rows, strict=True)])


def _everywhere(e: Any, scope: Scope, alone: bool) -> Iterator[Mutation]:
    """Mutations of an expression and of its parts; ``alone``: a sign or factor in front changes a value."""
    changes = [change for kinds, rule in _RULES if isinstance(e, kinds) for change in rule(e, scope)]
    for kind, after in (*_scaled(e), *changes) if alone else changes:
        yield Mutation(kind, e, after, after)
    for k in _parts(e):
        inner = scope
        if isinstance(e, sp.Sum):
            inner = replace(scope, indices=scope.indices | {limit[0] for limit in e.limits})
        for mutation in _everywhere(e.args[k], inner, alone=isinstance(e, _SPREADING)):
            yield replace(mutation, whole=_rebuilt(e, k, mutation.whole))


# Where the sign or a factor of a part makes another difference than that of the whole.
_SPREADING = (
    sp.Add, sp.MatAdd, sp.exp, Undefined, ElementwiseApplyFunction, LossGradient, LossValue, MapValue,
    SquaredNorm,
)  # fmt: skip


def _parts(e: Any) -> list[int]:
    """The places of those arguments that are expressions in their own right."""
    if isinstance(e, Letter | Entry | Partial | Jacobian | PartialEntry):
        return []
    if isinstance(e, ElementwiseApplyFunction | MapValue):
        return [1]
    if isinstance(e, sp.Sum | sp.Pow):
        return [0]
    return [k for k, argument in enumerate(e.args) if isinstance(argument, sp.Expr)]


def _rebuilt(e: Any, k: int, part: Any) -> Any:
    if isinstance(part, Clash):
        return part
    rebuilt = _built(e.func, (*e.args[:k], part, *e.args[k + 1 :]))
    return rebuilt.doit(deep=False) if isinstance(rebuilt, sp.Transpose) else rebuilt


def _built(function: Any, arguments: tuple[Any, ...]) -> Any:
    try:
        return function(*arguments)
    except SympyShapeError as clash:
        return Clash(str(clash))


# ---- what can be wrong at one place: (kind, what stands there then) ----------------------------------------


def _scaled(e: Any) -> list[Change]:
    matrix = isinstance(e, sp.MatrixExpr)
    product = sp.MatMul if matrix else sp.Mul
    minus, twice = (product(number, e) for number in (-1, 2))
    return [("sign", minus.doit(deep=False)), ("double", twice.doit(deep=False))]


def _transposed(e: sp.MatrixExpr, scope: Scope) -> list[Change]:  # noqa: ARG001  rules share a signature
    if isinstance(e, sp.Transpose):
        return [("transpose", e.arg)]
    return [] if e.shape == (1, 1) else [("transpose", sp.Transpose(e))]


def _dropped(e: Any, scope: Scope) -> list[Change]:  # noqa: ARG001
    kind = "summand" if isinstance(e, sp.Add | sp.MatAdd) else "factor"
    rests = [(*e.args[:k], *e.args[k + 1 :]) for k in range(len(e.args))]
    left = [rest for rest in rests if not all(part.is_number for part in rest)]  # a number alone is no matrix
    return [(kind, rest[0] if len(rest) == 1 else _built(e.func, rest)) for rest in left]


def _cut(e: sp.Sum, scope: Scope) -> list[Change]:
    """The first term alone, and a sum up to another layer's size."""
    k, low, high = e.limits[0]
    sizes = [size(layer) for layer in range(scope.layers + 1)]
    others = [("sum", sp.Sum(e.function, (k, low, other))) for other in sizes if other != high]
    return [("sum", e.function.xreplace({k: low})), *others]


def _neighbours(letter: Letter, scope: Scope) -> list[Change]:
    """The same letter one layer on or back; x is a of layer 0."""
    own = 0 if letter.name == "x" else letter.layer
    if own is None:
        return []
    stem = "a" if letter.name == "x" else letter.stem
    near = ["x" if stem == "a" and layer == 0 else f"{stem}{layer}" for layer in (own - 1, own + 1)]
    return [("layer", letters(name, scope.convention)[0]) for name in near if name in scope.names]


def _entries(e: Entry, scope: Scope) -> list[Change]:
    """Another index at each place, both swapped, or another layer's entry."""
    found: list[Change] = [(kind, Entry(other, *e.index)) for kind, other in _neighbours(e.letter, scope)]
    for k, index in enumerate(e.index):
        before, after = e.index[:k], e.index[k + 1 :]
        found += [("index", Entry(e.letter, *before, i, *after)) for i in _wrong_indices(index, scope)]
    if len(e.index) == 2:
        found.append(("index", Entry(e.letter, *reversed(e.index))))
    return found


def _wrong_indices(index: sp.Expr, scope: Scope) -> list[sp.Expr]:
    if index.is_Integer:
        return [index - 1 if index > 1 else index + 1]
    return [*sorted(scope.indices - {index}, key=str), sp.Integer(1)]


def _derivatives(e: Any, scope: Scope) -> list[Change]:
    """∂of/∂by with another ``of`` or ``by``, where the forward pass has such a derivative."""
    within = replace(scope, names=scope.computed)
    found: list[Change] = []
    for k, part in enumerate(e.args):
        for kind, other in (_entries if isinstance(part, Entry) else _neighbours)(part, within):
            arguments = (*e.args[:k], other, *e.args[k + 1 :])
            of, by = (scope.computed.index(getattr(a, "letter", a).name) for a in arguments)
            if by < of:
                found.append((kind, e.func(*arguments)))
    return found


def _functions(e: Any, scope: Scope) -> list[Change]:
    """σ for σ′ and σ′ for σ, and another layer's σ."""
    function = function_of(e) if isinstance(e, ElementwiseApplyFunction) else e.func
    name, by = function.base.__name__, function.by
    if not name.startswith("sigma"):
        return []
    others = [("slope", function.base if by else derivative(function))]
    if number := name.removeprefix("sigma"):
        near = [f"sigma{int(number) + step}" for step in (-1, 1)]
        others += [("layer", undefined_function(n, 1, by)) for n in near if n in scope.functions]
    if isinstance(e, ElementwiseApplyFunction):
        return [(kind, e.expr.applyfunc(other)) for kind, other in others]
    return [(kind, other(*e.args)) for kind, other in others]


_RULES: list[tuple[Any, Callable[[Any, Scope], list[Change]]]] = [
    (sp.MatrixExpr, _transposed),
    (sp.MatMul | sp.HadamardProduct | sp.Mul | sp.MatAdd | sp.Add, _dropped),
    (sp.Sum, _cut),
    (Letter, _neighbours),
    (Entry, _entries),
    (Partial | Jacobian | PartialEntry, _derivatives),
    (Undefined | ElementwiseApplyFunction, _functions),
]
