"""Scripts and style sheets as a browser needs them: without comments, and with no space that says nothing.

Every line that may end a statement stays: a script means what it meant before.
So does what is quoted, and notices of licences (comments that begin with ``!``).
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from .script import parsed, text_of

WHOLE = ("string", "regex")
"""What is not taken apart."""
WORDLY = re.compile(r"[\w$.#\\@]|[^\x00-\x7f]")
"""What must not touch its like."""

STYLE = re.compile(r'("(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|url\([^"\')]*\)|/\*!.*?\*/)', re.DOTALL)
"""What stays as it is in a style sheet."""
REMARK = re.compile(STYLE.pattern + r"|/\*.*?\*/", re.DOTALL)
SPACE_OF_RULES = ((r"\s+", " "), (r": (?![;}])", ":"), (r"(?<!:) ?([{};,]) ?", r"\1"), (r";\}", "}"))


def lean_script(script: str) -> str:
    r"""Return a script that does the same; ``ValueError`` where it is no script.

    >>> print(lean_script("/* A\n * sum. */\nconst sum = a + +b;  // of two\n\n  if (!b) { a; }\n"))
    const sum=a+ +b;if(!b){a;}
    >>> print(lean_script("say(`one  ${ two ? `  three ` : `` }  // four`);"))
    say(`one  ${two?`  three `:``}  // four`);
    """
    source, kept = script.encode(), [""]
    last, place, gap = "", 0, b""
    for word in _words(parsed(script)):
        text = text_of(word)
        gap += source[place : word.start_byte]
        place = word.end_byte
        if word.type == "comment" and not text.startswith("/*!"):
            gap += text.encode()
            continue
        if last and b"\n" in gap and _ends_a_line(last, text):
            kept.append("\n")
        elif last and gap and b"\n" not in gap and _must_not_touch(last, text):
            kept.append(" ")
        kept.append(text)
        last, gap = text, b""
    return "".join(kept)


def _words(node: Node) -> Iterator[Node]:
    """Give the words and signs below a node of the syntax tree, and the comments."""
    if node.children and node.type not in WHOLE:
        for child in node.children:
            yield from _words(child)
    elif node.end_byte > node.start_byte:
        yield node


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
