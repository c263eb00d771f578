r"""What a reader may type, as tables that the parser in Python and the one in the page both read.

A formula, in its plain, Unicode and simple LaTeX forms::

    formula  =  [ anything "=" ] sum
    sum      =  entrywise { ("+" | "-") entrywise }
    entrywise = product { "∘" product }                  also  ⊙  .*  \odot  \circ
    product  =  signed { [ "*" | "@" | "/" | "⊗" ] signed }   also  ·  ×  \cdot  \times; nothing at all, too
    signed   =  { "-" | "+" } power
    power    =  atom { "^" exponent | "ᵀ" | indices }     also  **  ².  Transposed: '  ^T  .T  ⊤  \top
    exponent =  a whole number, a fraction in brackets, or T
    atom     =  number | letter | function | "(" sum ")" | "\frac{" sum "}{" sum "}" | "‖" sum "‖" | "I"
             |  "⟨" sum "," sum "⟩"                       also  <a, b>  \langle a, b \rangle
    letter   =  name [ layer ] [ indices ]                w12  w_12  w_{1,2}  w[1][2]  w₁₂  W^{(2)}_{12}
             |  "∂L/∂" letter                             dL/da  \frac{\partial L}{\partial a}
             |  "∇" [ "_" letter ] "L"                    ∇_a L  \nabla_{a} L  nabla L
    function =  name [ "'" ] [ "^" number ] power         σ'(z)  \sigma(z)  tanh^2(z)  e^{-z}
             |  name power                                sum(…)  diag(…)  softmax(…)  tr(…)
             |  name "(" sum "," sum ")"                  outer(…, …)  dot(…, …)  multiply(…, …)

Names are those that the exercise declares, so ``a1`` is a⁽¹⁾ where the exercise has layers, and a₁ where it
has none; ``ab`` is a times b where both are letters.

``*`` and nothing at all are the scalar product or the matrix product. Only where no product fits and both
sides have one shape, ``*`` goes entry by entry (as NumPy has it), and so do powers and quotients of columns.
``np.`` is passed over. A number may be added to a column: it is added to each entry. ``I`` is the identity
matrix of the size that is needed. Nothing that is typed is ever run.

``⟨a, b⟩`` is the sum of the products of entries: of columns, rows or matrices of one shape. ``softmax`` is
that of a column or a row, ``tr`` of a square matrix. ``∇_a L`` is ∂L/∂a, and ``∇L`` the one such derivative
among the letters; where there are several the letter must be said, and where there is none ∇ has no meaning.
"""

from __future__ import annotations

from typing import Any

LONGEST = 300  # characters
DEEPEST = 30  # brackets within brackets
DIGITS = 9  # of a number
HIGHEST = 12  # exponent, exponents of exponents multiplied

_UP, _DOWN = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"

#: One character → the kind of token that it is. ``*`` stands for every sign of multiplication.
SYMBOLS: dict[str, str] = {
    **dict.fromkeys("+＋", "+"),
    **dict.fromkeys("-−–‐‑", "-"),
    **dict.fromkeys("*·⋅×∗•∙", "*"),
    **dict.fromkeys("⊙∘○◦", "∘"),
    **dict.fromkeys("/÷∕⁄", "/"),
    **dict.fromkeys("'′’`‘", "'"),
    **dict.fromkeys("ᵀ⊤ᵗ", "T"),
    **dict.fromkeys("‖∥", "‖"),
    **dict.fromkeys("⟨<〈", "⟨"),
    **dict.fromkeys("⟩>〉", "⟩"),
    **dict.fromkeys("√", "√"),
    **{c: c for c in "@⊗^_()[]{},∂"},
    "″": "''",
}

#: Several characters that are one token; looked for before single ones.
PAIRS: dict[str, str] = {
    "**": "^", ".*": "∘", "./": "/", ".^": "^", "||": "‖", ".transpose()": "T", ".T": "T", ".prime": "'",
    "_prime": "'", ".dot": "@", ".sum()": ".sum()",
}  # fmt: skip

#: Fractions that are one character.
FRACTIONS: dict[str, str] = {"½": "0.5", "¼": "0.25", "¾": "0.75", "𝟏": "1"}

#: What NumPy's names begin with; passed over.
PREFIXES = ("np.", "numpy.", "math.")

SPACES = " \t\n\r\u00a0\u2009\u202f\u200a\u2002\u2003\u2061\u2062\u20d7$~"

#: A LaTeX command → a kind of token; the empty text: it changes nothing.
COMMANDS: dict[str, str] = {
    **dict.fromkeys(("cdot", "times", "ast", "bullet"), "*"),
    "otimes": "⊗",
    **dict.fromkeys(("odot", "circ"), "∘"),
    **dict.fromkeys(("top", "intercal"), "T"),
    **dict.fromkeys(("frac", "tfrac", "dfrac"), "frac"),
    **dict.fromkeys(("lVert", "rVert", "Vert", "|"), "‖"),
    "prime": "'", "partial": "∂", "sqrt": "√", "hat": "hat", "langle": "⟨", "rangle": "⟩",
    **dict.fromkeys(
        ("left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "quad", "qquad",
         ",", ";", ":", "!", " ", "(", ")", "[", "]"), ""),
    **dict.fromkeys(
        ("mathrm", "mathbf", "mathsf", "mathit", "mathop", "boldsymbol", "bm", "vec", "text", "operatorname"),
        "style"),
}  # fmt: skip

#: How a name may be spelled → how the book calls it.
SPELLINGS: dict[str, str] = {
    "δ": "delta", "Δ": "Delta", "σ": "sigma", "η": "eta", "ς": "sigma", "ŷ": "yhat", "φ": "sigma", "ℓ": "l",
    "ReLU": "relu", "ln": "log", "Σ": "sum", "∑": "sum", "phi": "sigma", "varphi": "sigma",
    "logistic": "sigmoid", "ε": "epsilon", "λ": "lambda", "α": "alpha", "β": "beta",
    "∇": "nabla", "grad": "nabla", "trace": "tr", "Tr": "tr",
}  # fmt: skip

#: Functions that every exercise has, entry by entry; ``sigma`` is the exercise's own.
FUNCTIONS = ("exp", "log", "tanh", "relu", "sigmoid", "softplus")

#: Functions of a whole matrix.
WHOLE = ("sum", "diag", "transpose", "sqrt", "norm", "softmax", "tr")

#: What some of them take; of anything else they have no meaning.
TAKES = {"diag": "a column", "softmax": "a column or a row", "tr": "a square matrix"}

#: Functions of two matrices → the product that each is.
PAIRED = {"outer": "⊗", "dot": "·", "matmul": "@", "multiply": "∘"}


#: What one change of a formula may be → what is said of one that it makes right.
CHANGES = {
    "one-sign": "the sign of one term",
    "one-prime": "one prime: σ′ is the slope, σ the value",
    "one-transpose": "one transpose",
    "no-identity": "a number that is added to each entry: the identity matrix is I",
}

#: How many such changes are tried: the time that a verdict takes is bounded.
MOST = 40


def tables() -> dict[str, Any]:
    """Everything above, for the module of the page.

    Examples
    --------
    >>> tables()["symbols"]["·"], tables()["commands"]["odot"]
    ('*', '∘')
    """
    return {
        "longest": LONGEST, "deepest": DEEPEST, "digits": DIGITS, "highest": HIGHEST,
        "symbols": SYMBOLS, "pairs": PAIRS, "fractions": FRACTIONS, "spaces": SPACES,
        "commands": COMMANDS, "spellings": SPELLINGS, "whole": WHOLE, "up": _UP, "down": _DOWN,
        "paired": PAIRED, "takes": TAKES, "prefixes": PREFIXES,
        "changes": CHANGES, "most": MOST,
    }  # fmt: skip


UP, DOWN = _UP, _DOWN
