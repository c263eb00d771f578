"""How a source note looks, statement by statement: what it says, and what the book found."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import zip_longest

from nnlib.ledger.tex import formula, point, sentence

from .domain import Claim
from .ledger_page import CAUSES, VERDICTS, Place, badge
from .sources import Statement

TEX = re.compile(r"\w+(?:[\^_](?:\{[^{}]*\}|\w))+")
"""A formula among the words that name a place in a note: an index or a power tells."""

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


def named(where: str) -> str:
    r"""Return the name of a place in a note, its formulas to be typeset.

    >>> named("source line 240 (g^{[1w]})")
    'source line 240 (<span class="tex">\\(g^{[1w]}\\)</span>)'
    >>> named("T in R^{S_L x N} & so on")
    'T in <span class="tex">\\(R^{S_L \\times N}\\)</span> &amp; so on'
    """
    words, formulas = TEX.split(where), TEX.findall(where)
    shown = [formula(tex.replace(" x ", r" \times "), style="") for tex in formulas]
    return "".join(escape(part) + tex for part, tex in zip_longest(words, shown, fillvalue=""))


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


def quantifiers(claim: Claim) -> str:
    """Return for what a claim holds; sizes such as 2-3-4 stay on one line."""
    return point(str(claim["quantifiers"] or "")).replace("-", "\N{NON-BREAKING HYPHEN}")


def typeset(tex: str) -> str:
    """Return a formula, to be typeset with the page."""
    return formula(tex)


def prose(text: object) -> str:
    """Return a sentence with its formulas, or nothing."""
    return sentence(str(text or ""), style="")
