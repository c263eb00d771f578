"""The general proof: every matrix of a network to scale, and the induction step by step.

Sizes are the only inputs. Shapes are those that SymPy gives the very Formulas that are printed; whether two
factors meet, and what a product costs, are expressions in S_0 … S_5 and N, compiled as every number is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
import traitlets as t

from nnlib.explore.explorable import Explorable, require_formulas
from nnlib.ledger import Claim
from nnlib.symbolic import Compiled
from nnlib.symbolic.general import GeneralFormula, J, L, Layered, N, S, letters
from nnlib.symbolic.general.letters import Entrywise
from nnlib.symbolic.general.printing import latex
from nnlib.symbolic.javascript import compile_expressions
from nnlib.symbolic.letters import Partial

MOST = 5  # layers that the reader can have
_START = {"L": 3, "N": 6, "S0": 4, "S1": 3, "S2": 5, "S3": 2, "S4": 6, "S5": 3}
_PRIME = re.compile(r"<msubsup>(<mi>[^<]*</mi>)(<mrow><mn>\d</mn></mrow>)<mi>&#x02032;</mi></msubsup>")
_VARIANTS = ("swapped", "wrong-transpose", "as-proved")  # the last one is shown first


def general_proof(
    formulas: Sequence[GeneralFormula],
    claims: Mapping[str, Claim] | None = None,
    title: str = "The general proof",
) -> Explorable:
    """The explorable of the chapter *The general proof*: 1 to 5 layers, sizes and data points from 1 to 6.

    Parameters
    ----------
    formulas : sequence of GeneralFormula
        For H, Δ, ∂J/∂W and ∂J/∂b of some layer l, each a product of two factors.
    claims : mapping, optional
        Kind of step (``base``, ``H``, ``dW``, ``db``, ``Delta``) → the claim that proves it.
    title : str
        Its heading.

    Raises
    ------
    ValueError
        When one of the formulas is missing.

    Examples
    --------
    >>> from nnlib import hadamard
    >>> from nnlib.symbolic.general import A, Delta, H, W, b, by_matrix, l, ones, slope
    >>> carried = GeneralFormula(Delta(l - 1), W(l).T * H(l))
    >>> widget = general_proof([
    ...     GeneralFormula(H(l), hadamard(Delta(l), slope(l))), carried,
    ...     GeneralFormula(by_matrix(W(l)), H(l) * A(l - 1).T), GeneralFormula(by_matrix(b(l)), H(l) * ones),
    ... ])
    >>> widget.outputs["Delta2.fits"]  # Δ⁽²⁾ = W⁽³⁾ᵀ H⁽³⁾: 5 × 2 times 2 × 6
    1.0
    >>> widget.variant = "wrong-transpose"  # W⁽³⁾ H⁽³⁾: 2 × 5 times 2 × 6
    >>> widget.outputs["Delta2.fits"]
    0.0
    >>> widget.inputs = {"S2": 2}
    >>> widget.outputs["Delta2.fits"], widget.outputs["Delta2.harmless"]  # 2 × 2 times 2 × 6: by accident
    (1.0, 0.0)
    """
    named = {_kind(formula): formula for formula in formulas}
    require_formulas("the general proof needs", {"H", "dW", "db", "Delta"}, named)
    return _GeneralProof(backward_steps(named), claims or {}, title)


def backward_steps(formulas: Mapping[str, GeneralFormula], layers: int = MOST) -> dict[str, GeneralFormula]:
    """Every step of the induction, from the last layer to the first: the formulas at each layer's number.

    ``H2``, ``dW2``, ``db2`` and ``Delta1`` are the steps at layer 2. The base case is no product: left out.
    """
    steps: dict[str, GeneralFormula] = {}
    for layer in range(layers, 0, -1):
        for kind, number in (("H", layer), ("dW", layer), ("db", layer), ("Delta", layer - 1)):
            if number > 0:
                steps[f"{kind}{number}"] = at_layer(formulas[kind], number)
    return steps


def at_layer(formula: GeneralFormula, number: int) -> GeneralFormula:
    r"""A formula with a number in the place of the layer's symbol; the number is that of what it names.

    Examples
    --------
    >>> from nnlib.symbolic.general import Delta, H, W, l
    >>> at_layer(GeneralFormula(Delta(l - 1), W(l).T * H(l)), 2).latex
    '\\Delta^{(2)} = W^{(3)\\top} \\, H^{(3)}'
    """
    named = formula.lhs.args[1] if isinstance(formula.lhs, Partial) else formula.lhs
    (symbol,) = named.layer.free_symbols
    moved = {symbol: number - (named.layer - symbol)}
    known = {e for side in (formula.lhs, formula.rhs) for e in side.atoms(Layered) if e.layer is not None}
    put_in = {e: getattr(letters, e.stem)(e.layer.subs(moved)) for e in known}
    return GeneralFormula(formula.lhs.xreplace(put_in), formula.rhs.xreplace(put_in))


def _kind(formula: GeneralFormula) -> str:
    if isinstance(formula.lhs, Partial):
        return f"d{formula.lhs.args[1].stem}"
    return str(formula.lhs.stem)


def as_written(product: sp.MatrixExpr, variant: str) -> tuple[sp.MatrixExpr, sp.Boolean]:
    """A product with one slip in it, and when that slip changes nothing, provided that the shapes fit.

    Examples
    --------
    >>> from nnlib.symbolic.general import H, W, l, ones
    >>> as_written(W(l).T * H(l), "wrong-transpose")
    (W^{(l)}*H^{(l)}, Eq(S_l, 1))
    >>> as_written(H(l) * ones, "swapped")[0]
    ones*H^{(l)}
    """
    factors = list(product.args)
    if variant == "as-proved":
        return product, sp.true
    if variant == "swapped":
        harmless = sp.true if _entrywise(product) else sp.Eq(product.rows, 1)
        return product.func(*reversed(factors)), harmless
    turned = next((k for k, factor in enumerate(factors) if isinstance(factor, sp.Transpose)), 0)
    factors[turned] = factors[turned].T
    return product.func(*factors), sp.Eq(factors[turned].rows, 1)


def _entrywise(product: sp.MatrixExpr) -> bool:
    return isinstance(product, sp.HadamardProduct | Entrywise)


def _letters() -> dict[str, sp.MatrixExpr]:
    """Every matrix of a network with all its layers, by the name that pages use."""
    named: dict[str, sp.MatrixExpr] = {"A0": letters.A(0)}
    for l in range(1, MOST + 1):
        named |= {f"{stem}{l}": getattr(letters, stem)(l) for stem in ("W", "b", "Z", "A", "Delta", "H")}
        named |= {f"d{stem}{l}": Partial(J, named[f"{stem}{l}"]) for stem in "Wb"}
    return named


def _shape(name: str, matrix: sp.MatrixExpr) -> dict[str, sp.Expr]:
    return {f"{name}.rows": matrix.rows, f"{name}.columns": matrix.cols}


def _flag(condition: Any) -> sp.Expr:
    return sp.Piecewise((1, condition), (0, True))


def _step(name: str, formula: GeneralFormula, variant: str) -> dict[str, sp.Expr]:
    """The shapes of a step's factors and product, and whether they meet, fit what is named, do no harm."""
    product, harmless = as_written(formula.rhs, variant)
    left, right = product.args
    if _entrywise(product):
        meets = sp.And(sp.Eq(left.rows, right.rows), sp.Eq(left.cols, right.cols))
        made = (left.rows, left.cols)
    else:
        meets = sp.Eq(left.cols, right.rows)
        made = (left.rows, right.cols)
    fits = sp.And(meets, *(sp.Eq(found, due) for found, due in zip(made, formula.lhs.shape, strict=True)))
    return {
        **_shape(f"{name}.left", left),
        **_shape(f"{name}.right", right),
        **_shape(f"{name}.due", formula.lhs),
        f"{name}.made.rows": made[0],
        f"{name}.made.columns": made[1],
        f"{name}.meets": _flag(meets),
        f"{name}.fits": _flag(fits),
        f"{name}.harmless": _flag(sp.And(fits, harmless)),
        f"{name}.multiplications": _multiplications(formula.rhs),
    }


def _multiplications(product: sp.MatrixExpr) -> sp.Expr:
    """How many multiplications of numbers a product takes; times 1_N is but a sum along the rows."""
    left, right = product.args
    if _entrywise(product):
        return left.rows * left.cols
    return sp.Integer(0) if right == letters.ones else left.rows * left.cols * right.cols


def _counts(steps: Mapping[str, GeneralFormula]) -> dict[str, sp.Expr]:
    """Multiplications forward and backward, layer by layer and of all layers that there are."""
    counts: dict[str, sp.Expr] = {"steps": 4 * L}
    for l in range(1, MOST + 1):
        counts[f"forward{l}.multiplications"] = _multiplications(letters.W(l) * letters.A(l - 1))
        behind = [name for name in (f"H{l}", f"dW{l}", f"db{l}", f"Delta{l - 1}") if name in steps]
        counts[f"backward{l}.multiplications"] = sp.Add(*(_multiplications(steps[n].rhs) for n in behind))
    for way in ("forward", "backward"):
        of_layers = (
            sp.Piecewise((counts[f"{way}{l}.multiplications"], sp.Ge(L, l)), (0, True))
            for l in range(1, MOST + 1)
        )
        counts[f"{way}.multiplications"] = sp.Add(*of_layers)
    return counts


def _program(steps: Mapping[str, GeneralFormula], variant: str) -> Compiled:
    symbols = {"L": L, "N": N, **{f"S{l}": S(l) for l in range(MOST + 1)}}
    outputs: dict[str, sp.Expr] = {}
    for name, matrix in _letters().items():
        outputs |= _shape(name, matrix)
    for l in range(1, MOST + 1):
        A = letters.A(l)
        outputs |= _shape(f"base{l}.left", A) | _shape(f"base{l}.made", Partial(J, A))
    for name, formula in steps.items():
        outputs |= _step(name, formula, variant)
    return compile_expressions(symbols, outputs | _counts(steps))


class _GeneralProof(Explorable):
    """An explorable whose inputs are whole numbers, and whose table shows shapes."""

    def __init__(self, steps: Mapping[str, GeneralFormula], claims: Mapping[str, Claim], title: str) -> None:
        programs = {variant: _program(steps, variant) for variant in _VARIANTS}
        ranges = dict.fromkeys(_START, (1.0, 6.0, 1.0)) | {"L": (1.0, float(MOST), 1.0)}
        start = {name: float(value) for name, value in _START.items()}
        views = {"step": (1, 4 * MOST)}  # fewer layers have fewer steps: then the last one is shown
        super().__init__("general-proof", title, [], programs, start, ranges, claims, views=views)
        self.math = _printed(steps)

    @t.validate("inputs")
    def _valid_inputs(self, proposal: Any) -> dict[str, float]:
        merged = super()._valid_inputs(proposal)
        for name, value in merged.items():
            if not value.is_integer():
                raise t.TraitError(f"{name} = {value!r} should be a whole number")
        return dict(merged)

    def _table(self) -> str:
        head = "".join(f'<th scope="col">{text}</th>' for text in _COLUMNS)
        rows = "".join(self._row(l) for l in range(1, MOST + 1))
        caption = f"<caption>{html.escape(self.title)}: the shapes, layer by layer</caption>"
        table = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        return f'<table class="xp-static">{caption}{table}</table>'

    def _row(self, l: int) -> str:
        shapes = [self._shown(f"{name}{l}") for name in ("W", "b", "Z")]
        factors = [self._shown(f"Delta{l - 1}.{side}") for side in ("left", "right")] if l > 1 else ["–"]
        counts = [self._number(f"{way}{l}.multiplications") for way in ("forward", "backward")]
        cells = "".join(f"<td>{text}</td>" for text in (*shapes, " times ".join(factors), *counts))
        there = "" if l <= self.inputs["L"] else " hidden"
        return f'<tr data-layer="{l}"{there}><th scope="row">{l}</th>{cells}</tr>'

    def _shown(self, name: str) -> str:
        return f"{self._number(f'{name}.rows')} × {self._number(f'{name}.columns')}"

    def _number(self, name: str) -> str:
        value = self.outputs[name]
        return f'<span data-quantity="{name}" data-value="{value!r}">{value:.0f}</span>'

    def _plain(self) -> str:
        layers = range(1, int(self.inputs["L"]) + 1)
        names = ["A0", *(f"{stem}{l}" for l in layers for stem in "WbZA")]
        sizes = {name: [self.outputs[f"{name}.{side}"] for side in ("rows", "columns")] for name in names}
        return f"{self.title}: " + ", ".join(f"{k} {m:.0f} × {n:.0f}" for k, (m, n) in sizes.items())


_COLUMNS = (
    "layer <i>l</i>",
    "<i>W</i><sup>(<i>l</i>)</sup>, ∂<i>J</i>/∂<i>W</i><sup>(<i>l</i>)</sup>",
    "<i>b</i><sup>(<i>l</i>)</sup>, ∂<i>J</i>/∂<i>b</i><sup>(<i>l</i>)</sup>",
    "<i>Z</i>, <i>A</i>, Δ, <i>H</i>",
    "carried back: <i>W</i><sup>(<i>l</i>)⊤</sup> times <i>H</i><sup>(<i>l</i>)</sup>",
    "multiplications forward",
    "backward",
)


class _Alone(GeneralFormula):
    """Factors of a product, or a letter, printed without an equation."""

    def __init__(self, *factors: sp.MatrixExpr, sign: str = "") -> None:
        super().__init__(None, None)
        self._latex = sign.join(map(latex, factors))

    @property
    def latex(self) -> str:
        return self._latex


def _printed(steps: Mapping[str, GeneralFormula]) -> dict[str, str]:
    """MathML by name: the letters, the base case, every step whole, and what a slip makes of its product."""
    known = _letters()
    printed = {name: _Alone(letter).mathml for name, letter in known.items()}
    for l in range(1, MOST + 1):
        printed[f"base{l}.step"] = GeneralFormula(known[f"Delta{l}"], Partial(J, known[f"A{l}"])).mathml
    for name, formula in steps.items():
        printed[f"{name}.step"] = formula.mathml
        sign = r" \odot " if _entrywise(formula.rhs) else r" \, "
        for variant in _VARIANTS:
            left, right = as_written(formula.rhs, variant)[0].args
            printed[f"{name}.{variant}"] = _Alone(left, right, sign=sign).mathml
            printed |= {f"{name}.{variant}.left": _Alone(left).mathml}
            printed |= {f"{name}.{variant}.right": _Alone(right).mathml}
    return {name: _close(text) for name, text in printed.items()}


def _close(text: str) -> str:
    """⊤ close to its layer's number, Δ upright, 1 bold, and the prime of σ₂′ as high as elsewhere."""
    bold = '<mn style="font-weight: bold">'  # browsers know no other way
    text = text.replace('<mn mathvariant="bold">', bold)
    text = text.replace("<mo>&#x022A4;</mo>", '<mo lspace="0" rspace="0">&#x022A4;</mo>')
    text = text.replace("<mi>&#x00394;</mi>", '<mi mathvariant="normal">&#x00394;</mi>')
    return _PRIME.sub(r"<msub>\1\2</msub><mo lspace='0' rspace='0'>&#x02032;</mo>", text)
