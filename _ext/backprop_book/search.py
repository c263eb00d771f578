r"""The search finds symbols as well as words: ``δ``, ``\delta`` and *delta* are one, and so is ``∂L/∂W``.

Sphinx cuts a page into words, and drops every sign that is no letter. Here signs and Greek letters count as
their names, the index of ``W_{ij}`` does not hide its letter, and a derivative is a word of its own. Queries
are cut in the same way by ``splitQuery``, made from the same tables, in the reader's browser. Plain numbers
are no words: the search ignores them in queries, too.
"""

import json
import re
from typing import Any
from unicodedata import name

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

GREEK = {letter: name(letter).rpartition(" ")[2].lower() for letter in "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΦΨΩ"}
SYMBOLS = GREEK | {
    "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "⊙": "hadamard", "∘": "hadamard", "∂": "partial", "∇": "nabla",
    "Σ": "sum", "∑": "sum", "⊤": "transpose", "ᵀ": "transpose", "√": "root", "∞": "infinity",
}  # fmt: skip
"""What a sign is called in the index."""

COMMANDS = {"odot": "hadamard", "top": "transpose", "varepsilon": "epsilon", "varphi": "phi", "sqrt": "root"}
"""Commands of TeX that go by another name than their own."""

LETTER = r"(?:\\?[a-zA-Z]+|[α-ωΑ-Ωϵϕ])"
RAISED = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\w)|\(\w+\))*"
OVER = r"\s*(?:/|\}\s*\{)\s*"
SMALL_D = r"(?:∂|\\partial)\s*"
DERIVATIVE = rf"(?:\\frac\s*\{{\s*)?{SMALL_D}({LETTER}){RAISED}{OVER}{SMALL_D}({LETTER}){RAISED}"
PLAIN = r"\bd([a-zA-Z])\s*/\s*d([a-zA-Z])\b"
"""A derivative as people type it: ``dL/dW``."""
COMMAND = r"\\([a-zA-Z]+)_?"
INDEXED = r"\b([a-zA-Z])_"
WORD = re.compile(r"\w+")
BLOCK = re.compile(r"(</(?:d[dt]|t[dhr]|li|p|div|summary|figcaption)>)(?=<)")
"""The end of a block of HTML, right behind which another begins."""


def _named(letter: str) -> str:
    r"""Return the name of a letter: ``\delta`` and ``δ`` are ``delta``."""
    bare = letter.removeprefix("\\")
    return SYMBOLS.get(bare, COMMANDS.get(bare, bare)).lower()


def _derivative(found: re.Match[str]) -> str:
    """Return the one word for a derivative."""
    return f"by_{_named(found[1])}_{_named(found[2])}_"


def derivatives(text: str) -> list[str]:
    r"""Return a word for each derivative in a text.

    >>> derivatives(r"\frac{\partial L}{\partial W^{(2)}} = x, \partial L / \partial z_i, ∂L/∂δ and dL/db")
    ['by_l_w_', 'by_l_z_', 'by_l_delta_', 'by_l_b_']
    """
    return [_derivative(found) for rule in (DERIVATIVE, PLAIN) for found in re.finditer(rule, text)]


def words(text: str) -> list[str]:
    r"""Return the words of a text as the index has them.

    >>> words(r"\delta_{ij} \odot W_{12}, check_gradients, δ")
    ['delta', 'ij', 'hadamard', 'W', 'check_gradients', 'delta']
    """
    text = re.sub(COMMAND, lambda command: f" {COMMANDS.get(command[1], command[1])} ", text)
    text = re.sub(INDEXED, r"\1 ", text)
    text = "".join(f" {SYMBOLS[sign]} " if sign in SYMBOLS else sign for sign in text)
    return [word for word in WORD.findall(text) if not word.isdigit()]


SPLITTER = """
var SYMBOLS = {__proto__: null, ...%(symbols)s};
var COMMANDS = {__proto__: null, ...%(commands)s};
var splitQuery = (query) => {
  const named = (letter) => {
    const bare = letter.replace(/^\\\\/, "");
    return (SYMBOLS[bare] ?? COMMANDS[bare] ?? bare).toLowerCase();
  };
  let text = query;
  for (const rule of [%(derivatives)s])
    text = text.replace(rule, (_, x, y) => ` by_${named(x)}_${named(y)}_ `);
  text = text.replace(%(command)s, (_, command) => ` ${COMMANDS[command] ?? command} `);
  text = text.replace(%(indexed)s, "$1 ");
  text = [...text].map((sign) => (sign in SYMBOLS ? ` ${SYMBOLS[sign]} ` : sign)).join("");
  return text.split(/[^\\p{Letter}\\p{Number}_]+/u).filter((word) => word && !/^\\d+$/.test(word));
};
"""
"""The same for what a reader types, where a derivative stands for itself alone."""


def _script() -> str:
    """Return the splitter in JavaScript; a slash would end a rule there."""
    rule = {
        name: "/{}/gi".format(text.replace("/", r"\/"))
        for name, text in {"command": COMMAND, "indexed": INDEXED, "d": DERIVATIVE, "p": PLAIN}.items()
    }
    return SPLITTER % {
        "symbols": json.dumps(SYMBOLS, ensure_ascii=False),
        "commands": json.dumps(COMMANDS),
        "derivatives": f"{rule['d']}, {rule['p']}",
        "command": rule["command"],
        "indexed": rule["indexed"],
    }


class Words(SearchEnglish):
    """English, and mathematics."""

    js_splitter_code = _script()

    def split(self, input: str) -> list[str]:  # noqa: A002
        """Return the words of a text, and its derivatives."""
        return words(input) + derivatives(input)


def part_blocks(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put a space between blocks of HTML: the index drops the tags, and would join the words around them.

    >>> page = nodes.document(None, None)
    >>> page += nodes.raw("", "<dt>time</dt><dd>0.1 s</dd>", format="html")
    >>> part_blocks(None, page, "a")
    >>> page.astext()
    '<dt>time</dt> <dd>0.1 s</dd>'
    """
    for raw in list(doctree.findall(nodes.raw)):
        if "html" in raw.get("format", "").split():
            raw.replace_self(nodes.raw("", BLOCK.sub(r"\1 ", raw.astext()), **raw.attributes))


def add_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the search page what ranks the page on notation first when somebody looks for a symbol."""
    if pagename == "search":
        app.add_js_file("search.js", loading_method="defer")


def connect(app: Sphinx) -> None:
    """Put the language in the place of Sphinx' own."""
    app.add_search_language(Words)
    app.connect("doctree-resolved", part_blocks, priority=900)
    app.connect("html-page-context", add_script, priority=850)
