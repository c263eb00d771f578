"""TeX that a page can show: typeset where it is sound, as source text where it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

TOKEN = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+|\\.|[^\\]", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
ARGUMENTS = {"\\frac": 2, "\\tfrac": 2, "\\dfrac": 2, "\\binom": 2, "\\sqrt": 1, "\\text": 1, "\\mathrm": 1}
CLOSING = {"}": "{", "\\right": "\\left"}

AT_ONCE = "math notranslate nohighlight"
"""The class of a formula that a notebook's MathJax typesets, too."""


class BrokenTexError(ValueError):
    """TeX that no typesetter would take."""


def _opened(symbol: str, stack: list[str]) -> None:
    """Follow one symbol's groups, environments and paired delimiters on a stack."""
    environment = ENVIRONMENT.fullmatch(symbol)
    if symbol in {"{", "\\left"}:
        stack.append(symbol)
    elif environment and environment[1] == "begin":
        stack.append(environment[2])
    elif environment or symbol in CLOSING:
        opening = environment[2] if environment else CLOSING[symbol]
        if not stack or stack.pop() != opening:
            raise BrokenTexError(f"{symbol} closes nothing")
    elif symbol == "&" and (not stack or stack[-1] in CLOSING.values()):
        raise BrokenTexError("& stands outside a matrix")


def _group(symbols: list[str], start: int) -> int:
    """Return the index after the argument that starts at an index."""
    while start < len(symbols) and symbols[start].isspace():
        start += 1
    if (
        start == len(symbols)
        or symbols[start] in {"}", "&", "\\right", "\\\\"}
        or symbols[start] in ARGUMENTS
    ):
        raise BrokenTexError("an argument is missing")
    if symbols[start] != "{":
        return start + 1
    depth = 0
    for index in range(start, len(symbols)):
        depth += (symbols[index] == "{") - (symbols[index] == "}")
        if depth == 0:
            return index + 1
    raise BrokenTexError("a group is not closed")


def _check_scripts(symbols: list[str]) -> None:
    """Refuse two superscripts, or two subscripts, on one base."""
    index, seen = 0, set[str]()
    while index < len(symbols):
        symbol = symbols[index]
        if symbol in {"^", "_"}:
            if symbol in seen:
                raise BrokenTexError(f"{symbol} stands twice")
            seen.add(symbol)
            index = _group(symbols, index + 1)
        else:
            seen = seen if symbol.isspace() else set()
            index += 1


def check(tex: str) -> None:
    """Raise BrokenTexError where MathJax would print an error instead of the formula."""
    symbols: list[str] = TOKEN.findall(tex)
    stack: list[str] = []
    for index, symbol in enumerate(symbols):
        _opened(symbol, stack)
        after = index + 1
        for _ in range(ARGUMENTS.get(symbol, 0)):
            after = _group(symbols, after)
    if stack or "".join(symbols) != tex:
        raise BrokenTexError("something is not closed")
    _check_scripts(symbols)


def _pieces(tex: str) -> Iterator[tuple[bool, str]]:
    r"""Split a formula at the sentences in it: at ``\text{...}`` of several words outside every group."""
    symbols: list[str] = TOKEN.findall(tex)
    stack: list[str] = []
    index = begin = 0
    while index < len(symbols):
        if symbols[index] == "\\text" and not stack:
            end = _group(symbols, index + 1)
            words = "".join(symbols[index + 1 : end]).strip()[1:-1]
            if " " in words:
                yield True, "".join(symbols[begin:index])
                yield False, words
                begin = end
            index = end
        else:
            _opened(symbols[index], stack)
            index += 1
    yield True, "".join(symbols[begin:])


def formula(tex: str, kind: str = "tex", style: str = "\\displaystyle ") -> str:
    r"""HTML for a formula; sentences inside it may break into lines, and broken TeX stands as text.

    Parameters
    ----------
    tex : str
        The formula, without delimiters.
    kind : str
        The class of the element: ``AT_ONCE`` in a notebook, ``tex`` on a page that only the build writes.
    style : str
        TeX that goes before the formula.

    Examples
    --------
    >>> formula(r"\frac{a}{b}", "math", "")
    '<span class="math">\\(\\frac{a}{b}\\)</span>'
    >>> "<code" in formula(r"\frac{a}{b")
    True
    """
    try:
        check(tex)
    except BrokenTexError:
        return f'<code class="tex-source" title="The TeX is broken: this is its source">{escape(tex)}</code>'
    out = []
    for is_math, piece in _pieces(tex):
        if is_math and piece.strip():
            out.append(f'<span class="{kind}">\\({style}{escape(piece.strip())}\\)</span>')
        elif not is_math:
            out.append(escape(piece))
    return "".join(out)


def sentence(text: str, kind: str = "tex", style: str = "\\displaystyle ") -> str:
    r"""HTML for a sentence with formulas between dollar signs, as ``formula`` makes them.

    Examples
    --------
    >>> sentence("for $n > 1$", "math", "")
    'for <span class="math">\\(n &gt; 1\\)</span>'
    """
    parts = text.split("$")
    if len(parts) % 2 == 0:  # an odd dollar sign is just a character
        return escape(text)
    return "".join(
        formula(part, kind, style) if index % 2 else escape(part) for index, part in enumerate(parts)
    )


def point(text: str) -> str:
    """HTML for a counterexample, or for sizes: the indices and powers of a plain text, set low and high.

    Examples
    --------
    >>> point("-6 on the right, at W⁽²⁾_{11} = 1, l = u_1**2 + 2*u_2**2")
    '−6 on the right, at W⁽²⁾<sub>11</sub> = 1, l = u<sub>1</sub><sup>2</sup> + 2u<sub>2</sub><sup>2</sup>'
    >>> point("S_{l+1} × S_l, not S_{l-1} × S_l")
    'S<sub>l+1</sub> × S<sub>l</sub>, not S<sub>l−1</sub> × S<sub>l</sub>'
    >>> point("J = Σ k u_k²; delta⁽³⁾_1 = 1/2")
    'J = Σ k u<sub>k</sub>²; δ⁽³⁾<sub>1</sub> = 1/2'
    """
    for pattern, replacement in _AS_HTML:
        text = re.sub(pattern, replacement, text)
    return text


_AS_HTML = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (r"_\{(\w+)-(\w+)\}", r"<sub>\1−\2</sub>"),
    (r"_\{(\w+)\+(\w+)\}", r"<sub>\1+\2</sub>"),
    (r"_(?:\{(\w+)\}|([^\W²³]+))", r"<sub>\1\2</sub>"),
    (r"\*\*(\d+)", r"<sup>\1</sup>"),
    (r"(?<=\d)\*(?=\w)", ""),
    (r"(?<![\w)>])-(?=\w)", "−"),
    (r"\bsigma\b", "σ"),
    (r"\bdelta(?![a-z])", "δ"),
)
