r"""The normal form in which equality is decided: a rational function over ℚ of symbols and opaque calls.

An expression becomes ``num · ∏ fᵉ`` where num and every f are polynomials over ℚ in the symbols and in one
generator for each distinct call (exp(u), log(u), σ(u), l₁(u, v), …). Calls are told apart by the normal forms
of their arguments; exp(cu) is exp(u) to the power c, and tanh is written with exponentials. If the difference
of two expressions has num = 0, they are equal wherever every denominator is non-zero; the denominators met on
the way are kept and named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.polys.rings import ring

from nnlib.symbolic.survey import survey
from nnlib.symbolic.undefined import Undefined

Form = tuple[Any, dict[Any, int]]


class NoRule(Exception):
    """An expression that the normal form has no rule for; the message says which."""


class NormalForms:
    """Normal forms of some expressions, over one common ring.

    Parameters
    ----------
    *expressions : sympy expressions
        Everything that will be asked for.
    split : bool
        Whether exp(u + 2v) is taken as exp(u) exp(v)²: slower, and needed where SymPy has merged a product
        of exponentials whose factors also stand alone.

    Examples
    --------
    >>> x = sp.Symbol("x")
    >>> forms = NormalForms((x**2 - 1) / (x - 1), x + 1)
    >>> forms.equal((x**2 - 1) / (x - 1), x + 1), forms.denominators
    (True, {x - 1})
    """

    def __init__(self, *expressions: sp.Expr, split: bool = False) -> None:
        found = survey(expressions)
        symbols = sorted(found.symbols, key=str)
        room = sum(len(sp.Add.make_args(sp.expand(c.args[0]))) for c in found.calls) if split else 0
        names = [f"g{k}" for k in range(len(symbols) + len(found.calls) + room + 1)]
        self._split = split
        self._ring, *generators = ring(names, sp.QQ)
        self._generator = dict(zip(symbols, generators, strict=False))
        self._spare = generators[len(symbols) :]
        self._calls: dict[Any, Any] = {}
        self._memo: dict[sp.Expr, Form] = {}
        self.denominators: set[sp.Expr] = set()

    def equal(self, lhs: sp.Expr, rhs: sp.Expr) -> bool:
        """Whether both have one normal form.

        Raises
        ------
        NoRule
            For something that is no sum, product, integer power, known call or rational number.
        """
        difference = self._add([self._form(lhs), self._negative(self._form(rhs))])
        return not difference[0]

    def _form(self, e: sp.Expr) -> Form:
        if e not in self._memo:
            self._memo[e] = self._compute(e)
        return self._memo[e]

    def _compute(self, e: sp.Expr) -> Form:
        if e.is_Rational:
            return self._ring(sp.QQ(int(e.p), int(e.q))), {}
        if e.is_Symbol:
            return self._generator[e], {}
        if e.is_Add:
            return self._add([self._form(term) for term in e.args])
        if e.is_Mul:
            return self._product(self._form(factor) for factor in e.args)
        if e.is_Pow and e.exp.is_Integer:
            return self._power(e)
        if isinstance(e, sp.exp):
            return self._exponential(e)
        if isinstance(e, sp.tanh):
            return self._form(e.rewrite(sp.exp))
        if isinstance(e, sp.log | Undefined):
            return self._call(e)
        raise NoRule(f"no rule for {e.func.__name__} in {e}")

    def _power(self, e: sp.Expr) -> Form:
        if e.exp == 0:
            return self._ring(1), {}
        num, factors = self._form(e.base)
        n = int(e.exp)
        raised = {f: m * n for f, m in factors.items()}
        if n >= 0:
            return num**n, raised
        if not num:
            raise NoRule(f"{e.base} is 0 and stands in a denominator")
        if not e.base.is_nonzero:
            self.denominators.add(e.base)
        return self._product([(self._ring(1), raised), (self._ring(1), {_hashable(num): n})])

    def _call(self, e: sp.Expr) -> Form:
        forms = [self._form(argument) for argument in e.args]
        return self._opaque((e.func, *((_hashable(num), frozenset(f.items())) for num, f in forms))), {}

    def _exponential(self, e: sp.Expr) -> Form:
        """The power c of one generator for exp(u), where c u is the argument and u has no whole factor."""
        num, factors = self._form(e.args[0])
        if not num:
            return self._ring(1), {}
        if self._split and not factors:
            return self._split_exponential(num)
        content, unit = num.primitive()
        if unit.LC < 0:
            content, unit = -content, -unit
        key = _hashable(unit.quo_ground(sp.QQ(int(content.denominator))))
        generator, power = self._opaque((sp.exp, key, frozenset(factors.items()))), int(content.numerator)
        return (generator**power, {}) if power > 0 else (self._ring(1), {generator: power})

    def _split_exponential(self, argument: Any) -> Form:
        """The exponential of a polynomial: one generator a monomial, to the power of its coefficient."""
        factors: dict[Any, int] = {}
        for monomial, coefficient in argument.terms():
            unit = sp.QQ(1, coefficient.denominator)
            generator = self._opaque((sp.exp, self._ring({monomial: unit})))
            factors[generator] = int(coefficient.numerator)
        return self._ring(1), factors

    def _opaque(self, key: Any) -> Any:
        if key not in self._calls:
            self._calls[key] = self._spare[len(self._calls)]
        return self._calls[key]

    def _negative(self, form: Form) -> Form:
        return -form[0], form[1]

    def _product(self, forms: Iterable[Form]) -> Form:
        num = self._ring(1)
        factors: dict[Any, int] = {}
        for other, more in forms:
            num = num * other
            for f, m in more.items():
                factors[f] = factors.get(f, 0) + m
        return num, {f: m for f, m in factors.items() if m}

    def _add(self, forms: list[Form]) -> Form:
        every = {f for _, factors in forms for f in factors}
        lowest = {f: min(factors.get(f, 0) for _, factors in forms) for f in every}
        total = self._ring(0)
        for num, factors in forms:
            for f in every:
                if (more := factors.get(f, 0) - lowest[f]) > 0:
                    num = num * f**more  # noqa: PLW2901  num is brought to the common factors
            total = total + num
        return total, {f: m for f, m in lowest.items() if m}


def _hashable(polynomial: Any) -> Any:
    """A copy to look things up by: SymPy keeps a polynomial's hash, and squaring changes it afterwards."""
    return polynomial.copy()
