"""What the extension remembers of each page from one build to the next."""

from typing import Any, cast

from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.builders import Builder
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError

Claim = dict[str, str | float | None]


class LedgerError(SphinxError):
    """A claim that cannot stand in the ledger."""

    category = "The ledger"


class BookDomain(Domain):
    """Tables by page: its claims, its exercises, the key it was executed with, whether it shows the ledger.

    Sphinx clears a page's entries before it reads the page again, and merges those of parallel readers.
    """

    name = "backprop_book"
    label = "Backpropagation, Executed"
    tables = ("claims", "keys", "ledgers", "exercises")
    initial_data: dict[str, Any] = {"claims": {}, "keys": {}, "ledgers": {}, "exercises": {}}  # noqa: RUF012
    data_version = 2

    @property
    def claims(self) -> dict[str, list[Claim]]:
        """Return the claims of each page."""
        return cast(dict[str, list[Claim]], self.data["claims"])

    @property
    def keys(self) -> dict[str, str]:
        """Return the execution key of each notebook page."""
        return cast(dict[str, str], self.data["keys"])

    @property
    def ledgers(self) -> dict[str, bool]:
        """Return the pages that show what other pages say: the ledger, the list of exercises."""
        return cast(dict[str, bool], self.data["ledgers"])

    @property
    def exercises(self) -> dict[str, list[tuple[str, str, str]]]:
        """Return the exercises of each page: name, title and kind, in their order."""
        return cast(dict[str, list[tuple[str, str, str]]], self.data["exercises"])

    def clear_doc(self, docname: str) -> None:
        """Forget a page."""
        for table in self.tables:
            self.data[table].pop(docname, None)

    def merge_domaindata(self, docnames: list[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for table in self.tables:
            self.data[table].update({d: v for d, v in otherdata[table].items() if d in docnames})

    def check_consistency(self) -> None:
        """Refuse two claims of one id, naming their pages."""
        places: dict[str, str] = {}
        for page, claims in sorted(self.claims.items()):
            for claim in claims:
                id_ = str(claim["id"])
                if id_ in places:
                    raise LedgerError(f"{id_} is claimed twice: in {places[id_]} and in {page}")
                places[id_] = page

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, Element]]:
        """Resolve no cross-reference: the domain has none."""
        return []


def book_domain(env: BuildEnvironment) -> BookDomain:
    """Return the tables of a build environment."""
    return cast(BookDomain, env.get_domain(BookDomain.name))
