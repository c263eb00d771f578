"""The normal form of sums over indices with symbolic limits.

A sum is brought to Σ coefficient · product, each product summed over its own indices: products are
distributed, Kronecker deltas summed away, indices in no factor counted, and the bound indices named in a
canonical order. Two expressions with one normal form are equal at all sizes and for all values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, permutations, product
from typing import Any

import sympy as sp

from nnlib.shapes import ShapeError

Terms = dict[tuple[Any, ...], sp.Rational]
_MOST = 6  # bound indices in one product: 720 orders to choose from


def same(left: Terms, right: Terms) -> bool:
    """Whether two normal forms are equal; what no sum binds is brought over one denominator."""
    if left == right:
        return True
    apart = {key: left.get(key, 0) - right.get(key, 0) for key in {*left, *right}}
    if any(number != 0 and len(key) > 1 for key, number in apart.items()):
        return False
    return bool(sp.cancel(sp.together(sp.Add(*(number * key[0] for key, number in apart.items())))) == 0)


@dataclass
class _Term:
    number: sp.Rational
    factors: list[sp.Expr]
    bound: dict[sp.Symbol, sp.Expr] = field(default_factory=dict)


class NormalForm:
    """Brings expressions in free indices with known ranges to their normal form.

    Parameters
    ----------
    ranges : dict
        How far each free index runs.
    probabilities : sequence of IndexedBase
        Matrices whose columns add up to 1.

    Examples
    --------
    >>> a, u = sp.IndexedBase("a"), sp.IndexedBase("u")
    >>> i, k = sp.symbols("i k", integer=True)
    >>> n = sp.Symbol("n", positive=True, integer=True)
    >>> form = NormalForm({i: n})
    >>> form(sp.Sum(a[k] * sp.KroneckerDelta(i, k) * u[i], (k, 1, n))) == form(u[i] * a[i])
    True
    """

    def __init__(self, ranges: dict[sp.Symbol, sp.Expr], probabilities: tuple[Any, ...] = ()) -> None:
        self._ranges, self._probabilities = ranges, probabilities
        self._fresh = (sp.Symbol(f"_{number}", integer=True) for number in count())

    def __call__(self, e: Any) -> Terms:
        """Canonical product → its coefficient; without what cancels."""
        collected: Terms = {}
        for term in self._terms(sp.sympify(e)):
            for key, number in self._canonical(self._without_deltas(term)):
                collected[key] = collected.get(key, sp.S.Zero) + number
        return {key: number for key, number in collected.items() if number != 0}

    # ---- products, distributed -------------------------------------------------------------------------

    def _terms(self, e: sp.Expr) -> Iterator[_Term]:
        if e.is_Rational:
            yield _Term(e, [])
        elif e.is_Add:
            for part in e.args:
                yield from self._terms(part)
        elif e.is_Mul:
            for parts in product(*(list(self._terms(part)) for part in e.args)):
                yield _joined(parts)
        elif e.is_Pow and e.exp.is_Integer and e.exp > 0:
            # Each factor anew: the indices bound in one are not those bound in the other.
            for parts in product(*(list(self._terms(e.base)) for _ in range(int(e.exp)))):
                yield _joined(parts)
        elif isinstance(e, sp.Sum):
            yield from self._summed(e)
        else:
            yield _Term(sp.S.One, [e])

    def _summed(self, e: sp.Sum) -> Iterator[_Term]:
        renamed, bound = {}, {}
        for index, low, size in e.limits:
            if low != 1:
                raise ShapeError(f"{e}: sums begin at 1")
            renamed[index] = next(self._fresh)
            bound[renamed[index]] = size
        for term in self._terms(e.function.xreplace(renamed)):
            yield _Term(term.number, term.factors, {**term.bound, **bound})

    # ---- Kronecker deltas ------------------------------------------------------------------------------

    def _without_deltas(self, term: _Term) -> _Term:
        """Σ_k δ_ki f(k) = f(i), where both indices run equally far."""
        for factor in term.factors:
            if isinstance(factor, sp.KroneckerDelta):
                gone = next((index for index in factor.args if index in term.bound), None)
                if gone is None:
                    continue
                (other,) = (index for index in factor.args if index != gone)
                if other.is_Symbol and self._range(other, term) != term.bound[gone]:
                    raise ShapeError(
                        f"δ of {gone} ≤ {term.bound[gone]} and {other} ≤ {self._range(other, term)}"
                    )
                rest = [f.xreplace({gone: other}) for f in term.factors if f is not factor]
                bound = {index: size for index, size in term.bound.items() if index != gone}
                return self._without_deltas(_Term(term.number, [f for f in rest if f != 1], bound))
        return term

    def _range(self, index: sp.Symbol, term: _Term) -> sp.Expr:
        return term.bound[index] if index in term.bound else self._ranges[index]

    # ---- one name for what is equal --------------------------------------------------------------------

    def _canonical(self, term: _Term) -> Iterator[tuple[tuple[Any, ...], sp.Rational]]:
        whole = sp.Mul(*(self._inside(factor) for factor in _with_one_delta(term.factors)))
        whole, bound = self._added_to_one(whole, dict(term.bound))
        number, whole = whole.as_coeff_Mul()
        idle = [index for index in bound if index not in whole.free_symbols]
        whole *= sp.Mul(*(bound.pop(index) for index in idle))
        if len(bound) > _MOST:
            raise ShapeError(f"a product is summed over {len(bound)} indices: too many to compare")
        yield min(_named_in_every_order(whole, bound), key=str), term.number * number

    def _inside(self, factor: sp.Expr) -> sp.Expr:
        """What stands under a function or a denominator, in its own normal form."""
        if isinstance(factor, sp.Pow) and factor.base.has(sp.Sum):
            return self._rebuilt(factor.base) ** factor.exp
        if isinstance(factor, sp.Function) and factor.has(sp.Sum, sp.Add):
            return factor.func(*map(self._rebuilt, factor.args))
        return factor

    def _rebuilt(self, e: sp.Expr) -> sp.Expr:
        parts = []
        for (inner, *bound), number in self(e).items():
            limits = [(index, 1, size) for index, size in bound]
            parts.append(number * (sp.Sum(inner, *limits) if limits else inner))
        return sp.Add(*parts)

    def _added_to_one(self, whole: sp.Expr, bound: dict[Any, Any]) -> tuple[sp.Expr, dict[Any, Any]]:
        for column in self._probabilities:
            for factor in sp.Mul.make_args(whole):
                if isinstance(factor, sp.Indexed) and factor.base == column and factor.indices[0] in bound:
                    rest = whole / factor
                    if factor.indices[0] not in rest.free_symbols:
                        bound.pop(factor.indices[0])
                        return self._added_to_one(rest, bound)
        return whole, bound


def _joined(parts: tuple[_Term, ...]) -> _Term:
    bound: dict[sp.Symbol, sp.Expr] = {}
    for part in parts:
        bound |= part.bound
    factors = [factor for part in parts for factor in part.factors]
    return _Term(sp.Mul(*(part.number for part in parts)), factors, bound)


def _with_one_delta(factors: list[sp.Expr]) -> list[sp.Expr]:
    """δ_ik f(k) = δ_ik f(i) between free indices, and δ² = δ."""
    for delta in [factor for factor in factors if isinstance(factor, sp.KroneckerDelta)]:
        kept, gone = sorted(delta.args, key=str)
        if gone.is_Symbol:
            others = [f.xreplace({gone: kept}) for f in factors if f != delta]
            factors = [*(f for f in others if f != 1), delta]
    return factors


def _named_in_every_order(whole: sp.Expr, bound: dict[Any, Any]) -> Iterator[tuple[Any, ...]]:
    for order in permutations(bound):
        names = {index: sp.Symbol(f"_b{place}", integer=True) for place, index in enumerate(order)}
        yield (whole.xreplace(names), *((names[index], bound[index]) for index in order))
