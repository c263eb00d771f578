"""A figure to play with is alive as soon as the reader's browser has come to it, however long the page is.

Its program goes into the head of the page, where the host (``nnlib/explore/host.js``) makes the module ready
while the text is still coming in; and right behind the figure stands the word to start it.
"""

import json
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

FIGURE = re.compile(
    r'(<figure class="xp" data-explorable="([\w-]+)"><script type="application/json" class="xp-state">)'
    r"(.*?)(</script>.*?</figure>)",
    re.DOTALL,
)
START = "<script>window.bootExplorables?.();</script>"


def _as_script(data: Any) -> str:
    """Return data as JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def with_programs_apart(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Return a page's body, whose figures name their programs by number, and the programs: (figure, text).

    >>> state = '<figure class="xp" data-explorable="f"><script type="application/json" class="xp-state">'
    >>> body, programs = with_programs_apart(state + '{"program": "{}", "title": "F"}</script></figure>')
    >>> programs
    [('f', '{}')]
    >>> body.removeprefix(state)
    '{"program": 0, "title": "F"}</script></figure><script>window.bootExplorables?.();</script>'
    """
    programs: list[tuple[str, str]] = []

    def part(figure: re.Match[str]) -> str:
        begin, name, text, end = figure.groups()
        state = json.loads(text)
        one = (name, state["program"])
        if one not in programs:
            programs.append(one)
        return begin + _as_script(state | {"program": programs.index(one)}) + end + START

    return FIGURE.sub(part, body), programs


def start_early(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the programs of a page's figures into its head."""
    body, programs = with_programs_apart(context.get("body") or "")
    if programs:
        script = f'<script type="application/json" class="xp-programs">{_as_script(programs)}</script>'
        context["body"] = body
        context["metatags"] = f"{context.get('metatags', '')}\n{script}"


def connect(app: Sphinx) -> None:
    """Connect the step; figures are found before the page's scripts are chosen."""
    app.connect("html-page-context", start_early, priority=800)
