"""The ledger: every claim of the book, collected from the pages that prove it."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .domain import BookDomain, Claim, LedgerError, book_domain
from .errata_page import errata
from .ledger_page import VERDICTS, Place, summary, table
from .source_page import cards, counts
from .sources import headings, of_source, statements

LOGGER = logging.getLogger(__name__)

FIELDS = ("verdict", "cause", "as_written", "corrected", "condition", "note", "quantifiers", "how")
"""What a claim's cell says of it, besides its id, its source and the section of the note."""

RECORD = ("id", "source", *FIELDS, "page", "seconds")
"""The keys of an entry of ledger.json."""


class _ClaimFinder(HTMLParser):
    """Collects the claims in an HTML output."""

    def __init__(self) -> None:
        super().__init__()
        self.claims: list[Claim] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read the claim that an element carries."""
        attributes = dict(attrs)
        if "data-claim" in attributes:
            claim = json.loads(attributes["data-claim"] or "null")
            if attributes.get("id") != claim["id"]:
                raise LedgerError(f"the element of claim {claim['id']} must have it as its id, for links")
            self.claims.append(claim)


def _checked(claim: Claim, docname: str) -> Claim:
    """Return a claim with all keys, or refuse one that the ledger cannot hold."""
    known = statements()
    id_, source = str(claim["id"]), claim.get("source")
    if claim.get("verdict") not in VERDICTS:
        raise LedgerError(f"{docname}: claim {id_} has the verdict {claim.get('verdict')!r}")
    if source != "book" and (id_ not in known or known[id_].source != source):
        raise LedgerError(f"{docname}: the notes have no statement {id_} of {source}")
    whole: Claim = {name: claim.get(name) for name in (*FIELDS, "counterexample", "seconds")}
    if source != "book":
        whole["as_written"] = whole["as_written"] or known[id_].as_written
    return whole | {
        "id": id_,
        "source": source,
        "section": claim.get("section"),
        "page": f"{docname}.html#{id_}",
    }


def read_claims(app: Sphinx, doctree: nodes.document) -> None:
    """Take the claims out of a page's HTML outputs; cached outputs carry them as well as fresh ones."""
    docname, finder = app.env.docname, _ClaimFinder()
    for raw in doctree.findall(nodes.raw):
        if "html" in raw.get("format", "").split() and "data-claim" in raw.astext():
            finder.feed(raw.astext())
    finder.close()
    if finder.claims:
        book_domain(app.env).claims[docname] = [_checked(claim, docname) for claim in finder.claims]


def _all_claims(domain: BookDomain) -> list[Claim]:
    """Return the claims of the whole book: statements in the order of the notes, then the book's own."""
    order = {id_: index for index, id_ in enumerate(statements())}
    claims = [claim for _, page in sorted(domain.claims.items()) for claim in page]
    return sorted(claims, key=lambda claim: order.get(str(claim["id"]), len(order)))


class LedgerNode(nodes.General, nodes.Element):
    """Where a view of the claims is to stand once every page has been read."""


class LedgerDirective(SphinxDirective):
    """``{ledger}`` shows the counts and the search; ``{ledger} SOURCE`` the claims on that source."""

    optional_arguments = 1
    view = "ledger"

    def run(self) -> list[nodes.Node]:
        """Leave a node to be filled in when the whole book is known."""
        book_domain(self.env).ledgers[self.env.docname] = True
        source = self.arguments[0] if self.arguments else None
        if source not in {None, "book", *(statement.source for statement in statements().values())}:
            raise self.error(f"there is no source {source}")
        return self.contents(source)

    def contents(self, source: Any) -> list[nodes.Node]:
        """Return what is to be filled in."""
        return [LedgerNode(view=self.view, source=source)]


class ErrataDirective(LedgerDirective):
    """``{errata} SOURCE`` shows what is wrong in a source, and what is right instead."""

    required_arguments, optional_arguments = 1, 0
    view = "errata"


class CountsDirective(LedgerDirective):
    """``{counts} SOURCE`` says how many statements a source has, and how many of each verdict."""

    required_arguments, optional_arguments = 1, 0
    view = "counts"


class StatementsDirective(LedgerDirective):
    """``{statements} SOURCE`` shows each statement of a source, judged or not, under its headings."""

    required_arguments, optional_arguments = 1, 0

    def contents(self, source: Any) -> list[nodes.Node]:
        """Return a section for each heading of the source, or one node for a source that has none."""
        return [self._section(source, heading) for heading in headings(source)]

    def _section(self, source: str, heading: str | None) -> nodes.Node:
        """Return a node to be filled in, under its heading."""
        node = LedgerNode(view="statements", source=source, heading=heading)
        if heading is None:
            return node
        section = nodes.section("", nodes.title(heading, heading), node, names=[heading.lower()])
        self.state.document.note_implicit_target(section, section)
        return section


def fill_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the claims where a page asks for them."""
    claims = _all_claims(book_domain(app.env))
    for node in list(doctree.findall(LedgerNode)):
        html = VIEWS[node["view"]](claims, node, Place(app.builder, docname))
        node.replace_self(nodes.raw("", html, format="html"))


def _ledger(claims: list[Claim], node: LedgerNode, place: Place) -> str:
    """Return the counts and the search, or the table of one source."""
    if node["source"] is None:
        return summary(claims, len(statements()))
    return table([claim for claim in claims if claim["source"] == node["source"]], place)


def _statements(claims: list[Claim], node: LedgerNode, place: Place) -> str:
    """Return the statements under one heading of a source."""
    here = [about for about in of_source(node["source"]) if about.heading == node["heading"]]
    return cards(here, {str(claim["id"]): claim for claim in claims}, place)


def _counts(claims: list[Claim], node: LedgerNode, place: Place) -> str:
    """Return the counts of one source."""
    judged = [claim for claim in claims if claim["source"] == node["source"]]
    return counts(judged, len(of_source(node["source"])))


def _errata(claims: list[Claim], node: LedgerNode, place: Place) -> str:
    """Return the errata of one source."""
    return errata([claim for claim in claims if claim["source"] == node["source"]], place)


VIEWS = {"ledger": _ledger, "counts": _counts, "statements": _statements, "errata": _errata}
"""What can stand in the place of a LedgerNode."""


def drop_record(app: Sphinx) -> None:
    """Delete the last build's ledger.json: there is none until this build has proved it again."""
    Path(app.outdir, "ledger.json").unlink(missing_ok=True)


def write_record(app: Sphinx, error: Exception | None) -> None:
    """Write ledger.json, unless the build failed or some claim was left unchecked."""
    if error is not None or app.builder.name != "html":
        return
    claims = _all_claims(book_domain(app.env))
    unchecked = [str(claim["id"]) for claim in claims if claim["verdict"] == "unchecked"]
    if unchecked:
        LOGGER.warning("a draft: unchecked are %s; ledger.json is not written", ", ".join(unchecked))
        return
    record = [{key: claim[key] for key in RECORD} for claim in claims if claim["source"] != "book"]
    text = json.dumps(record, ensure_ascii=False, indent=1)
    Path(app.outdir, "ledger.json").write_text(text + "\n", encoding="utf-8")


def connect(app: Sphinx) -> None:
    """Connect the steps in the order in which Sphinx takes them."""
    app.add_directive("ledger", LedgerDirective)
    app.add_directive("counts", CountsDirective)
    app.add_directive("errata", ErrataDirective)
    app.add_directive("statements", StatementsDirective)
    app.add_node(LedgerNode)
    app.connect("builder-inited", drop_record)
    app.connect("doctree-read", read_claims)
    app.connect("doctree-resolved", fill_in)
    app.connect("build-finished", write_record)
