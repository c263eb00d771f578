"""The page of progress: every exercise of every page, with a link to it and room for what is solved.

Only the reader's own browser knows what that is: ``progress.js`` fills it in. Without it, and on paper, the
list stands by itself.
"""

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.docutils import SphinxDirective

from .domain import book_domain

EXERCISE = re.compile(r'<div class="xp ex" data-exercise="([\w.-]+)"(?: data-kind="([\w-]+)")?')

Exercises = list[tuple[str, str, str]]

TOOLS = """\
<p data-do="sum">Your browser shows here what you have solved, if it runs the page's script.</p>
<div class="pr-tools" data-do="tools" hidden>
<button type="button" class="xp-btn" data-do="export">Export</button>
<button type="button" class="xp-btn" data-do="import">Import …</button>
<button type="button" class="xp-btn" data-do="clear">Clear …</button>
<input type="file" accept=".json,application/json" data-do="file" aria-label="A file of your progress" hidden>
<div class="pr-sure" data-do="sure" role="group" aria-label="Clear your progress" hidden>
<span>Forget all that you have solved, in this browser?</span>
<button type="button" class="xp-btn" data-do="yes">Yes, clear it</button>
<button type="button" class="xp-btn" data-do="no">No, keep it</button>
</div>
<p data-do="said" role="status" tabindex="-1"></p>
</div>
"""


class ProgressNode(nodes.General, nodes.Element):
    """Where the list of exercises is to stand once every page has been read."""


class ProgressDirective(SphinxDirective):
    """``{progress}`` shows the exercises of the whole book."""

    def run(self) -> list[nodes.Node]:
        """Leave a node to be filled in when the whole book is known; the page is written by every build."""
        book_domain(self.env).ledgers[self.env.docname] = True
        return [ProgressNode()]


def exercises_of(doctree: nodes.document) -> Exercises:
    """Return the exercises of a page: name, title and kind. The title is the bold line before an exercise.

    >>> page = nodes.document(None, None)
    >>> page += nodes.paragraph("", "", nodes.strong("", "A. One weight."))
    >>> page += nodes.raw("", '<div class="xp ex" data-exercise="single-layer.entry" id="e">', format="html")
    >>> exercises_of(page)
    [('single-layer.entry', 'A. One weight', '')]
    """
    title = ""
    found: dict[str, tuple[str, str, str]] = {}
    for node in doctree.findall(lambda node: isinstance(node, nodes.strong | nodes.raw)):
        if isinstance(node, nodes.strong):
            alone = isinstance(node.parent, nodes.paragraph) and node.parent.astext() == node.astext()
            title = node.astext().rstrip(".") if alone else title
            continue
        for name, kind in EXERCISE.findall(node.astext()):
            found.setdefault(name, (name, title or name, kind))
    return list(found.values())


def read_exercises(app: Sphinx, doctree: nodes.document) -> None:
    """Note the exercises of a page that has just been read."""
    if found := exercises_of(doctree):
        book_domain(app.env).exercises[app.env.docname] = found


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the list where a page asks for it."""
    for node in list(doctree.findall(ProgressNode)):
        pages = sorted(book_domain(app.env).exercises.items())
        parts = "\n".join(_part(app.builder, docname, page, found) for page, found in pages)
        node.replace_self(nodes.raw("", f'<div class="xp pr">\n{TOOLS}{parts}</div>', format="html"))


def _part(builder: Builder, docname: str, page: str, found: Exercises) -> str:
    """Return the exercises of one page, under its title."""
    title, single = escape(builder.env.titles[page].astext()), builder.name == "singlehtml"
    address = "" if single else builder.get_relative_uri(docname, page)
    id_ = f"progress-{page.rpartition('/')[2]}"
    rows = "\n".join(_row(address, *exercise) for exercise in found)
    heading = "p" if single else "h2"  # a book's contents and bookmarks name its own chapters alone
    return (
        f'<section aria-labelledby="{id_}"><{heading} class="pr-page" id="{id_}">{title}</{heading}>'
        f'<p class="pr-bar"><progress max="{len(found)}" value="0" aria-labelledby="{id_}"></progress> '
        f'<span class="pr-count">{len(found)}</span></p>\n<ul>\n{rows}\n</ul></section>'
    )


def _row(address: str, name: str, title: str, kind: str) -> str:
    """Return one exercise; one that only a notebook can check has a box that the reader ticks."""
    title, name = escape(title), escape(name)
    box = f'<input type="checkbox" aria-label="Solved: {title}" disabled> ' if kind == "line" else ""
    link = f'<a href="{address}#exercise-{name}">{title}</a>'
    return f'<li data-name="{name}">{link} {box}<span class="pr-state">not yet</span></li>'


def connect(app: Sphinx) -> None:
    """Connect the steps in the order in which Sphinx takes them."""
    app.add_directive("progress", ProgressDirective)
    app.add_node(ProgressNode)
    app.connect("doctree-read", read_exercises)
    app.connect("doctree-resolved", fill_in)
