"""Strings that nobody should have to read: random, broken and hostile."""

import random

from nnlib.exercises.grammar import DEEPEST, LONGEST

from .catalogue import RIGHT, WRONG

_PARTS = [
    "δ",
    "delta",
    "x",
    "W",
    "W2",
    "a1",
    "z",
    "y",
    "σ",
    "σ'",
    "sigma",
    "exp",
    "log",
    "tanh",
    "relu",
    "e",
    "e^",
    "L",
    "∂",
    "dL/da",
    "∂L/∂a",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "^",
    "_",
    "^T",
    "ᵀ",
    "'",
    "''",
    "''''",
    "+",
    "-",
    "−",
    "*",
    "**",
    "/",
    "//",
    "@",
    "∘",
    "⊙",
    ".*",
    "./",
    ".T",
    ".",
    ",",
    "=",
    "‖",
    "||",
    "|",
    "√",
    "½",
    "²",
    "⁽¹⁾",
    "⁽",
    "⁻¹",
    "₁",
    "₁₂",
    "0",
    "1",
    "2",
    "12",
    "0.5",
    ".5",
    "999999999",
    "1e9",
    " ",
    "\t",
    "\\frac",
    "\\frac{1}{2}",
    "\\frac12",
    "\\left(",
    "\\right)",
    "\\partial",
    "\\hat",
    "\\hat{y}",
    "\\top",
    "\\",
    "\\\\",
    "\\sqrt",
    "\\|",
    "diag",
    "sum",
    "norm",
    "transpose",
    "sqrt",
    "ones",
    "softmax",
    "tr",
    "⟨",
    "⟩",
    "<",
    ">",
    "\\langle",
    "\\rangle",
    "∇",
    "∇L",
    "\\nabla",
    "$",
    "~",
    "T",
]
_HOSTILE = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "__import__('os').system('id')",
    "eval(1)",
    "alert(1)",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`${x}`",
    "{{7*7}}",
    "%s%n",
    "\x00",
    "\ud800",
    "\udfff",
    "\u202e",
    "\ufeff",
    "😀",
    "𝛿",
    "𝐖",
    "ﷺ",
    "Ǆ",
    "ß",
    "İ",
    "x.__class__",
    "lambda: 0",
    "x; y",
    "x\ny",
    "//",
    "/*",
    "#",
    "'; DROP TABLE",
    "NaN",
    "Infinity",
    "-Infinity",
    "1/0",
    "0/0",
    "0^-1",
    "(-1)^(1/2)",
    "log(0)",
    "9^9^9",
    "((((9^9)^9)^9)^9)",
    "exp(exp(exp(exp(9))))",
]


def hostile(count, seed=7):
    """So many strings, the same every time."""
    rng = random.Random(seed)
    answers = [text for texts in RIGHT.values() for text in texts] + [
        t for texts in WRONG.values() for t, _ in texts
    ]
    makers = [_from_parts, _characters, _broken, _repeated]
    for number in range(count):
        yield makers[number % len(makers)](rng, answers)


def longest():
    """Of each exercise strings as long, and as deep, as they are read: right answers again and again."""
    for name, texts in RIGHT.items():
        for text in texts:
            body = text.rpartition("=")[2]
            yield name, "+".join([body] * max(1, (LONGEST + 1) // (len(body) + 1)))
            yield name, "(" * (DEEPEST - 5) + body + ")" * (DEEPEST - 5)


def _from_parts(rng, answers):
    return "".join(rng.choice(_PARTS) for _ in range(rng.randint(1, rng.choice([4, 8, 30, 200]))))


def _characters(rng, answers):
    tops = [0x7F, 0x17F, 0x3FF, 0x2FFF, 0x10FFFF]
    return "".join(chr(rng.randint(0, rng.choice(tops))) for _ in range(rng.randint(0, 40)))


def _broken(rng, answers):
    """A formula with a few places deleted, doubled, exchanged, or with something else put in."""
    text = rng.choice(answers)
    for _ in range(rng.randint(1, 4)):
        k = rng.randint(0, len(text))
        new = rng.choice(["", "", rng.choice(_PARTS), rng.choice(_HOSTILE), text[k : k + 3]])
        text = text[:k] + new + text[k + rng.randint(0, 2) :]
    return text


def _repeated(rng, answers):
    parts = [rng.choice([*_PARTS, *_HOSTILE]) for _ in range(rng.randint(1, 3))]
    return "".join(parts) * rng.randint(1, rng.choice([3, 60, 400]))
