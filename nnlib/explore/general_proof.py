"""The general proof: every matrix of a network to scale, and the induction step by step.

Sizes are the only inputs. Shapes are those that SymPy gives the very Formulas that are printed; whether two
factors meet, and what a product costs, are expressions in S_0 … S_5 and N, compiled as every number is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import sympy as sp
import traitlets as t

from nnlib.explore.explorable import Explorable
from nnlib.ledger import Claim
from nnlib.symbolic import ActivationLetter, Compiled, Formula, Letter, latex, partial, size
from nnlib.symbolic.formula import hadamard
from nnlib.symbolic.javascript import compile_expressions

MOST = 5  # layers that the reader can have
_N, _L, _STEP = (sp.Symbol(name, integer=True, positive=True) for name in ("N", "L", "step"))
_J = Letter("J", 1, 1)
_START = {"L": 3, "N": 6, "S0": 4, "S1": 3, "S2": 5, "S3": 2, "S4": 6, "S5": 3, "step": 1}
_PRIME = re.compile(r"<msubsup>(<mi>[^<]*</mi>)(<mrow><mn>\d</mn></mrow>)<mi>&#x02032;</mi></msubsup>")
_VARIANTS = ("swapped", "wrong-transpose", "as-proved")  # the last one is shown first


class _Ones(Letter):
    """1_N: a column of N ones."""

    def _latex(self, printer: Any) -> str:  # noqa: ARG002  SymPy's printers hand themselves in
        return r"\mathbf{1}_{N}"


def general_proof(claims: Mapping[str, Claim] | None = None, title: str = "The general proof") -> Explorable:
    """The explorable of the chapter *The general proof*: 1 to 5 layers, sizes and data points from 1 to 6.

    Parameters
    ----------
    claims : mapping, optional
        Kind of step (``base``, ``H``, ``dW``, ``db``, ``Delta``) → the claim that proves it.
    title : str
        Its heading.

    Examples
    --------
    >>> widget = general_proof()
    >>> widget.outputs["Delta2.fits"]  # Δ⁽²⁾ = W⁽³⁾ᵀ H⁽³⁾: 5 × 2 times 2 × 6
    1.0
    >>> widget.variant = "wrong-transpose"  # W⁽³⁾ H⁽³⁾: 2 × 5 times 2 × 6
    >>> widget.outputs["Delta2.fits"]
    0.0
    >>> widget.inputs = {"S2": 2}
    >>> widget.outputs["Delta2.fits"], widget.outputs["Delta2.harmless"]  # 2 × 2 times 2 × 6: by accident
    (1.0, 0.0)
    """
    return _GeneralProof(backward_steps(), claims or {}, title)


def backward_steps(layers: int = MOST) -> dict[str, Formula]:
    r"""Every step of the induction, from the last layer to the first.

    ``H2``, ``dW2``, ``db2`` and ``Delta1`` are the steps at layer 2. The base case is no product: left out.

    Examples
    --------
    >>> list(backward_steps(2))
    ['H2', 'dW2', 'db2', 'Delta1', 'H1', 'dW1', 'db1']
    >>> backward_steps()["Delta1"].latex
    '\\Delta^{(1)} = W^{(2)\\top} \\, H^{(2)}'
    """
    steps: dict[str, Formula] = {}
    for l in range(layers, 0, -1):
        W, H = _letter("W", l), _letter("H", l)
        slopes = ActivationLetter(f"sigma{l}").prime(_letter("Z", l))
        steps[f"H{l}"] = Formula(H, hadamard(_letter("Delta", l), slopes))
        steps[f"dW{l}"] = Formula(partial(_J, W), H * _letter("A", l - 1).T)
        steps[f"db{l}"] = Formula(partial(_J, _letter("b", l)), H * _Ones("ones", _N, 1))
        if l > 1:
            steps[f"Delta{l - 1}"] = Formula(_letter("Delta", l - 1), W.T * H)
    return steps


def as_written(product: sp.MatrixExpr, variant: str) -> tuple[sp.MatrixExpr, sp.Boolean]:
    """A product with one slip in it, and when that slip changes nothing, provided that the shapes fit.

    Examples
    --------
    >>> as_written(backward_steps()["Delta1"].rhs, "wrong-transpose")
    (W2*H2, Eq(S_2, 1))
    >>> as_written(backward_steps()["db1"].rhs, "swapped")[0]
    ones*H1
    """
    factors = list(product.args)
    if variant == "as-proved":
        return product, sp.true
    if variant == "swapped":
        commutes = isinstance(product, sp.HadamardProduct)
        harmless = sp.true if commutes else sp.Eq(product.rows, 1)
        return product.func(*reversed(factors)), harmless
    turned = next((k for k, factor in enumerate(factors) if isinstance(factor, sp.Transpose)), 0)
    factors[turned] = factors[turned].T
    return product.func(*factors), sp.Eq(factors[turned].rows, 1)


def _letter(stem: str, layer: int) -> Letter:
    columns = {"W": size(layer - 1), "b": 1}.get(stem, _N)
    return Letter(f"{stem}{layer}", size(layer), columns)


def _letters() -> dict[str, sp.MatrixExpr]:
    """Every matrix of a network with all its layers, by the name that pages use."""
    named: dict[str, sp.MatrixExpr] = {"A0": _letter("A", 0)}
    for l in range(1, MOST + 1):
        named |= {f"{stem}{l}": _letter(stem, l) for stem in ("W", "b", "Z", "A", "Delta", "H")}
        named |= {f"d{stem}{l}": partial(_J, _letter(stem, l)) for stem in "Wb"}
    return named


def _shape(name: str, matrix: sp.MatrixExpr) -> dict[str, sp.Expr]:
    return {f"{name}.rows": matrix.rows, f"{name}.columns": matrix.cols}


def _flag(condition: Any) -> sp.Expr:
    return sp.Piecewise((1, condition), (0, True))


def _step(name: str, formula: Formula, variant: str) -> dict[str, sp.Expr]:
    """The shapes of a step's factors and product, and whether they meet, fit what is named, do no harm."""
    product, harmless = as_written(formula.rhs, variant)
    left, right = product.args
    if isinstance(product, sp.HadamardProduct):
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
    if isinstance(product, sp.HadamardProduct):
        return left.rows * left.cols
    return sp.Integer(0) if isinstance(right, _Ones) else left.rows * left.cols * right.cols


def _counts(steps: Mapping[str, Formula]) -> dict[str, sp.Expr]:
    """Multiplications forward and backward, layer by layer and of all layers that there are."""
    counts: dict[str, sp.Expr] = {"steps": 4 * _L}
    for l in range(1, MOST + 1):
        counts[f"forward{l}.multiplications"] = _multiplications(_letter("W", l) * _letter("A", l - 1))
        behind = [name for name in (f"H{l}", f"dW{l}", f"db{l}", f"Delta{l - 1}") if name in steps]
        counts[f"backward{l}.multiplications"] = sp.Add(*(_multiplications(steps[n].rhs) for n in behind))
    for way in ("forward", "backward"):
        of_layers = (
            sp.Piecewise((counts[f"{way}{l}.multiplications"], sp.Ge(_L, l)), (0, True))
            for l in range(1, MOST + 1)
        )
        counts[f"{way}.multiplications"] = sp.Add(*of_layers)
    return counts


def _program(steps: Mapping[str, Formula], variant: str) -> Compiled:
    symbols = {"L": _L, "N": _N, **{f"S{l}": size(l) for l in range(MOST + 1)}, "step": _STEP}
    outputs: dict[str, sp.Expr] = {}
    for name, matrix in _letters().items():
        outputs |= _shape(name, matrix)
    for l in range(1, MOST + 1):
        A = _letter("A", l)
        outputs |= _shape(f"base{l}.left", A) | _shape(f"base{l}.made", partial(_J, A))
    for name, formula in steps.items():
        outputs |= _step(name, formula, variant)
    return compile_expressions(symbols, outputs | _counts(steps))


class _GeneralProof(Explorable):
    """An explorable whose inputs are whole numbers, and whose table shows shapes."""

    def __init__(self, steps: Mapping[str, Formula], claims: Mapping[str, Claim], title: str) -> None:
        programs = {variant: _program(steps, variant) for variant in _VARIANTS}
        ranges = dict.fromkeys(_START, (1.0, 6.0, 1.0)) | {"L": (1.0, float(MOST), 1.0)}
        ranges["step"] = (1.0, 4.0 * MOST, 1.0)
        start = {name: float(value) for name, value in _START.items()}
        super().__init__("general-proof", title, [], programs, start, ranges, claims)
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


class _Alone(Formula):
    """One side of an equation, which is printed alone."""

    @property
    def latex(self) -> str:
        return latex(self.rhs)


def _printed(steps: Mapping[str, Formula]) -> dict[str, str]:
    """MathML by name: the letters, the base case, every step whole, and what a slip makes of its product."""
    letters = _letters()
    printed = {name: _Alone(letter, letter).mathml for name, letter in letters.items()}
    for l in range(1, MOST + 1):
        printed[f"base{l}.step"] = Formula(letters[f"Delta{l}"], partial(_J, letters[f"A{l}"])).mathml
    for name, formula in steps.items():
        printed[f"{name}.step"] = formula.mathml
        for variant in _VARIANTS:
            product = as_written(formula.rhs, variant)[0]
            left, right = product.args
            sides = {variant: product, f"{variant}.left": left, f"{variant}.right": right}
            printed |= {f"{name}.{key}": _Alone(product, side).mathml for key, side in sides.items()}
    return {name: _close(text) for name, text in printed.items()}


def _close(text: str) -> str:
    """⊤ close to its layer's number, Δ upright, and the prime of σ₂′ as high as a prime is elsewhere."""
    text = text.replace("<mo>&#x022A4;</mo>", '<mo lspace="0" rspace="0">&#x022A4;</mo>')
    text = text.replace("<mi>&#x00394;</mi>", '<mi mathvariant="normal">&#x00394;</mi>')
    return _PRIME.sub(r"<msub>\1\2</msub><mo lspace='0' rspace='0'>&#x02032;</mo>", text)
