"""Text of a chapter as any notebook program shows it: what only the book's site understands, in plain words.

Colab, JupyterLite and VS Code know Markdown and TeX. They do not know a glued formula, a reference to an
equation, a folded block. A chapter uses few of these, so a few rules are enough.
"""

import ast
import re
from collections.abc import Mapping
from typing import Any

FENCE = re.compile(r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ ]*(?P<argument>.*)$")
ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<text>[^`]+)`")
TARGET = re.compile(r"^\([\w-]+\)=$")
OPTION = re.compile(r"^:(?P<name>[\w-]+):[ ]*(?P<value>.*)$")
LABEL = re.compile(r'aria-label="([^"]*)"')
CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.S)
TAG = re.compile(r"<[^>]*>")
TITLED = re.compile(r"(?P<title>[^<]+?)\s*<(?P<target>[^>]+)>")

Glued = Mapping[str, Any]
"""What the cells have glued: for each name a display, as MyST-NB keeps it."""


def _data(glued: Glued, name: str) -> dict[str, Any]:
    """Return the forms in which something glued can be shown."""
    return dict(glued.get(name, {}).get("data", {}))


def _tex(glued: Glued, name: str) -> str:
    """Return a glued formula without its dollar signs."""
    latex = _data(glued, name).get("text/latex", "")
    return latex.strip().strip("$").removeprefix("\\displaystyle").strip()


def value(glued: Glued, name: str) -> str:
    """Return something glued in the middle of a sentence, formatted where the sentence says how.

    >>> value({"share": {"data": {"text/plain": "0.256"}}}, "share:.1%")
    '25.6%'
    """
    name, _, form = name.partition(":")
    data = _data(glued, name)
    if "text/latex" in data and not form:
        return f"${_tex(glued, name)}$"
    text = data.get("text/markdown") or data.get("text/plain") or f"({name})"
    if form:
        return format(float(text), form)
    try:
        read = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text
    return read if isinstance(read, str) else text


def _reference(text: str) -> str:
    """Return the name of a page, as a link; a chapter lies beside the other chapters."""
    titled = TITLED.fullmatch(text)
    title, target = (titled["title"], titled["target"]) if titled else (text, text)
    return f"*{title if titled else target.rpartition('/')[2]}*"


def roles(line: str, glued: Glued) -> str:
    """Put roles in plain words.

    >>> roles("By {eq}`chain` it is {glue:text}`n`.", {"n": {"data": {"text/plain": "3"}}})
    'By (chain) it is 3.'
    """

    def plain(role: re.Match[str]) -> str:
        name, text = role["name"], role["text"]
        if name.startswith("glue:"):
            return value(glued, text)
        return {"eq": f"({text})", "doc": _reference(text), "ref": _reference(text)}.get(name, text)

    return ROLE.sub(plain, line)


def _math(glued: Glued, name: str, options: dict[str, str], body: list[str]) -> list[str]:
    """Return a displayed formula; its label stands beside it, for the references to it."""
    tex = _tex(glued, name) if name else "\n".join(body)
    label = options.get("label")
    return ["", "$$", tex + (f" \\tag{{{label}}}" if label else ""), "$$", ""]


def _picture(html: str) -> list[str]:
    """Return HTML as it is, and a drawing in words: notebook programs take drawings out of text.

    >>> _picture('<figure aria-label="From x to z"><svg></svg><figcaption>One layer.</figcaption></figure>')
    ['*Picture: From x to z.* One layer.']
    """
    if "<svg" not in html:
        return html.split("\n")
    parts = [pattern.search(html) for pattern in (LABEL, CAPTION)]
    label, caption = (" ".join(TAG.sub("", part[1]).split()) if part else "" for part in parts)
    return [" ".join(filter(None, [f"*Picture: {label.rstrip('.')}.*" if label else "", caption]))]


def _block(match: re.Match[str], lines: list[str], glued: Glued) -> list[str]:
    """Return a directive in plain words."""
    options: dict[str, str] = {}
    while lines and (option := OPTION.match(lines[0])):
        options[option["name"]] = option["value"]
        lines = lines[1:]
    name, argument = match["name"], match["argument"].strip()
    if name in {"glue:math", "math"}:
        return _math(glued, argument, options, lines)
    if name.startswith("glue:"):
        return ["", value(glued, argument), ""]
    if name == "raw":
        return ["", *_picture("\n".join(lines)), ""]
    title = argument if match["fence"].startswith(":") and name != "div" else ""
    return ["", *([f"**{roles(title, glued)}**", ""] if title else []), *_lines(lines, glued), ""]


def _lines(lines: list[str], glued: Glued) -> list[str]:
    """Return lines in plain words, block by block."""
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if match := FENCE.match(line):
            end = next((n for n in range(at, len(lines)) if lines[n].strip() == match["fence"]), len(lines))
            out += _block(match, lines[at:end], glued)
            at = end + 1
        elif not TARGET.match(line):
            out.append(roles(line, glued))
    return out


def plain(text: str, glued: Glued) -> str:
    r"""Return the text of a Markdown cell for programs that know Markdown and TeX, and no more.

    >>> text = '''(here)=
    ... :::{dropdown} Solution
    ... ```{glue:math} twice
    ... :label: eq-twice
    ... ```
    ... :::'''
    >>> print(plain(text, {"twice": {"data": {"text/latex": "$\\displaystyle z = 2 x$"}}}))
    **Solution**
    <BLANKLINE>
    $$
    z = 2 x \tag{eq-twice}
    $$
    """
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(text.split("\n"), glued))).strip()
