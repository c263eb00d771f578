"""Scripts and style sheets as a browser needs them: without comments, and with no space that says nothing.

Names stay, and so does every line that may end a statement: a script means what it meant before.
What is quoted stays as it is, and so do patterns, and notices of licences (comments that begin with ``!``).
"""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""(?P<gap>(?:\s|//[^\n]*|/\*(?!!).*?\*/)+)
    |(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|/\*!.*?\*/)
    |(?P<word>(?:[\w$]|[^\x00-\x7f])+)
    |(?P<sign>[^"'])""",
    re.DOTALL | re.VERBOSE,
)
PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
BEFORE_PATTERN = re.compile(
    r"[(,=:\[!&|?{};+\-*%~^<>]|return|typeof|case|in|of|else|do|void|delete|throw|await|yield"
)
"""What a pattern may follow, and a sign of division may not."""
TEXT = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(`|\$\{)", re.DOTALL)
"""What stands in a template, up to its end or to an expression."""
WORDLY = re.compile(r"[\w$.#\\@]|[^\x00-\x7f]")
"""What must not touch its like."""

STYLE = re.compile(r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|url\([^"\')]*\)|/\*!.*?\*/)', re.DOTALL)
"""What stays as it is in a style sheet."""
REMARK = re.compile(STYLE.pattern + r"|/\*.*?\*/", re.DOTALL)
SPACE_OF_RULES = ((r"\s+", " "), (r": (?![;}])", ":"), (r"(?<!:) ?([{};,]) ?", r"\1"), (r";\}", "}"))


def tokens(script: str) -> Iterator[tuple[str, str]]:
    r"""Give the parts of a script, each with its kind: word, sign, gap, or kept.

    >>> [text for kind, text in tokens("a /b/ c") if kind != "gap"]
    ['a', '/', 'b', '/', 'c']
    >>> [text for kind, text in tokens("a = /b/ /* c */;") if kind != "gap"]
    ['a', '=', '/b/', ';']
    >>> [text for kind, text in tokens("`1 ${a + `2 `} 3`") if kind != "gap"]
    ['`', '1 ${', 'a', '+', '`', '2 `', '}', ' 3`']
    """
    place, before = 0, "("
    inside: list[str] = []  # what ends each brace that is open: an expression of a template, or other code
    while place < len(script):
        found = TOKEN.match(script, place)
        if found and found[0] == "/" and BEFORE_PATTERN.fullmatch(before):
            found = PATTERN.match(script, place) or found
        if found is None:
            raise ValueError(f"no script: {script[place : place + 40]!r}")
        kind, text, place = found.lastgroup or "kept", found[0], found.end()
        yield kind, text
        before = before if kind == "gap" else text
        if kind == "sign" and text == "{":
            inside.append("code")
        if kind == "sign" and (text == "`" or (text == "}" and inside and inside.pop() == "template")):
            found = TEXT.match(script, place)
            if found is None:
                raise ValueError(f"a template has no end: {script[place : place + 40]!r}")
            yield "kept", found[0]
            place, before = found.end(), found[1]
            if before == "${":
                inside.append("template")
                before = "{"
    if "template" in inside:
        raise ValueError("an expression in a template has no end")


def lean_script(script: str) -> str:
    r"""Return a script that does the same.

    >>> print(lean_script("/* A\n * sum. */\nconst sum = a + +b;  // of two\n\n  return sum / 2;\n"))
    const sum=a+ +b;return sum/2;
    >>> print(lean_script("say(`one  ${ two ? `  three ` : `` }  // four`);"))
    say(`one  ${two?`  three `:``}  // four`);
    """
    kept: list[str] = []
    last = gap = ""
    for kind, text in tokens(script):
        if kind == "gap":
            gap = "\n" if "\n" in text else " "
            continue
        if kept and gap and (_ends_a_line(last, text) if gap == "\n" else _must_not_touch(last, text)):
            kept.append(gap)
        kept.append(text)
        last, gap = text, ""
    return "".join(kept)


def _ends_a_line(last: str, text: str) -> bool:
    """Tell whether a line may end between two parts: never after ``{ ( [ ; ,``, nor before ``} ) ]``."""
    return last[-1] not in "{([;," and text[0] not in "})]"


def _must_not_touch(last: str, text: str) -> bool:
    """Tell whether two parts would read as another one, without a space: two words, ``+ +``, ``/a/ in``."""
    if text[0] in "+-/":
        return last.endswith(text[0])
    return bool(WORDLY.match(text) and (WORDLY.match(last[-1]) or last[1:].endswith("/")))


def lean_style(style: str) -> str:
    r"""Return a style sheet that says the same.

    >>> lean_style("/* A */ a > b,\n p :hover { margin: 0 calc(1px + 2px);  content: ' { ' ; }")
    "a > b,p :hover{margin:0 calc(1px + 2px);content:' { '}"
    """
    parts = STYLE.split(REMARK.sub(lambda found: found[1] or "", style))
    for number in range(0, len(parts), 2):
        for old, new in SPACE_OF_RULES:
            parts[number] = re.sub(old, new, parts[number])
    return "".join(parts).strip()
