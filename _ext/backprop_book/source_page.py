"""How a source note looks, statement by statement: what it says, and what the book found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from nnlib.ledger.tex import formula, sentence

from .domain import Claim
from .ledger_page import CAUSES, VERDICTS, Place, badge, named, quantifiers
from .sources import Statement

OPEN = '<span class="verdict verdict-open">not judged yet</span>'


def counts(claims: Sequence[Claim], total: int) -> str:
    """Return a sentence that counts a source's statements by their verdicts."""
    found = Counter(str(claim["verdict"]) for claim in claims)
    parts = [f"{found[verdict]} {badge(verdict)}" for verdict in VERDICTS if found[verdict]]
    if len(claims) < total:
        parts.append(f"{total - len(claims)} {OPEN}")
    return f'<p class="statement-counts">{total} statements: {", ".join(parts)}.</p>'


def cards(statements: Sequence[Statement], judged: Mapping[str, Claim], place: Place) -> str:
    """Return a card for each statement."""
    return "\n".join(_card(statement, judged.get(statement.id), place) for statement in statements)


def _card(statement: Statement, claim: Claim | None, place: Place) -> str:
    """Return the card of one statement: its head, the formula, and what the book says of it."""
    verdict = str(claim["verdict"]) if claim else "open"
    shown = badge(verdict, claim["how"]) if claim else OPEN
    rows = facts(claim, place) if claim else ""
    return (
        f'<div{place.anchor(statement.id)} class="statement statement-{verdict}">\n'
        f"{head(statement.id, statement.place, shown)}\n"
        f'<div class="statement-formula">{typeset(statement.as_written)}</div>\n{rows}</div>'
    )


def head(id_: str, where: str, shown: str) -> str:
    """Return the head of a card: the id, a link to the card itself; the place in the note; the verdict."""
    link = f'<a class="statement-id" href="#{id_}" title="Link to {id_}">{id_}</a>'
    return f'<p class="statement-head">{link} {shown} <span class="statement-place">{named(where)}</span></p>'


def facts(claim: Claim, place: Place) -> str:
    """Return what the book found, as a list of facts with names; absent ones are left out."""
    cause = CAUSES.get(str(claim["cause"]), str(claim["cause"] or ""))
    rows = {
        "right is": typeset(str(claim["corrected"] or "")),
        "on condition that": prose(claim["condition"]),
        "cause": escape(cause),
        "reading": prose(claim["note"]),
        "holds for": quantifiers(claim),
        "shown in": chapter(claim, place),
    }
    return table(rows)


def table(rows: Mapping[str, str]) -> str:
    """Return facts with their names."""
    shown = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items() if value)
    return f'<dl class="statement-facts simple">{shown}</dl>\n'


def chapter(claim: Claim, place: Place) -> str:
    """Return a link to the cell that decided."""
    return f'<a href="{escape(place.link(claim))}">{escape(place.title(claim))}, {claim["id"]}</a>'


def typeset(tex: str) -> str:
    """Return a formula, to be typeset with the page."""
    return formula(tex)


def prose(text: object) -> str:
    """Return a sentence with its formulas, or nothing."""
    return sentence(str(text or ""), style="")
