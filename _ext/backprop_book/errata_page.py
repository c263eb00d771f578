"""How the errata look: for each statement that is wrong, what it says, why not, and what is right."""

from collections import Counter
from collections.abc import Sequence

from nnlib.ledger.tex import point

from .domain import Claim
from .ledger_page import CAUSES, Place, badge, quantifiers
from .source_page import chapter, head, prose, table, typeset

WRONG = ("corrected", "conditional")


def errata(claims: Sequence[Claim], place: Place) -> str:
    """Return the errata of one source: the counts, a list of ids, and a card for each."""
    wrong = [claim for claim in claims if claim["verdict"] in WRONG]
    if not wrong:
        return f'<p class="errata-none">{len(claims)} statements are judged, and none of them is wrong.</p>'
    return f"{_counts(wrong)}\n{_list(wrong)}\n" + "\n".join(_erratum(claim, place) for claim in wrong)


def _counts(wrong: Sequence[Claim]) -> str:
    """Return a sentence that counts the errata by their causes."""
    causes = Counter(str(claim["cause"]) for claim in wrong if claim["verdict"] == "corrected")
    false, open_ = causes.total(), len(wrong) - causes.total()
    by_cause = ", ".join(f"{causes[cause]} {meaning}" for cause, meaning in PLURAL.items() if causes[cause])
    parts = [f"<strong>{false}</strong> false or impossible as written ({by_cause})"] if false else []
    parts += (
        [f"<strong>{open_}</strong> true only under a condition that the note does not state"]
        if open_
        else []
    )
    return f'<p class="errata-counts">{"; ".join(parts)}.</p>'


PLURAL = {
    "slip": "by a slip of the note",
    "scan": "by damage of the scan",
    "unclear": "by either, which is unclear",
    "None": "without a cause named",
}


def _list(wrong: Sequence[Claim]) -> str:
    """Return links to all errata of a source."""
    links = " ".join(f'<a href="#{claim["id"]}">{claim["id"]}</a>' for claim in wrong)
    return f'<p class="errata-list">{links}</p>'


def _erratum(claim: Claim, place: Place) -> str:
    """Return the card of one statement that is wrong."""
    id_, verdict = str(claim["id"]), str(claim["verdict"])
    cause = CAUSES.get(str(claim["cause"]), "")
    shown = f'{badge(verdict)} <span class="statement-cause">{cause}</span>' if cause else badge(verdict)
    rows = {
        "the note writes": typeset(str(claim["as_written"])),
        "true if": prose(claim["condition"]),
        "without that" if verdict == "conditional" else "but then": point(str(claim["counterexample"] or "")),
        "right is": typeset(str(claim["corrected"] or "")),
        "remark": prose(claim["note"]),
        "proved for": quantifiers(claim),
        "proved by": point(str(claim["how"] or "")),
        "shown in": chapter(claim, place),
    }
    return (
        f'<div{place.anchor(id_)} class="statement statement-{verdict}">\n'
        f"{head(id_, str(claim['section']), shown)}\n{table(rows)}</div>"
    )
