"""How the ledger looks on its page: the counts, the search box, and a table for each source."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import zip_longest
from re import compile as pattern

from sphinx.builders import Builder

from nnlib.ledger.tex import formula, point, sentence

from .domain import Claim

ONE_FORMULA = pattern(r'<span class="tex">[^<]*</span>')

VERDICTS = {
    "proved": ("✓", "proved", "true as written"),
    "corrected": ("✎", "corrected", "false or impossible as written; the corrected form is proved"),
    "conditional": ("⊢", "conditional", "proved under a condition, false without it"),
    "definition": ("≔", "definition", "only names something"),
    "unchecked": ("✗", "unchecked", "a draft: the book does not know yet"),
}
"""Each verdict's symbol, word and meaning."""

READ = ("¶", "read", "a heading or a remark: there is nothing to compute")
"""The same for a definition of nothing that could be built."""

CAUSES = {
    "slip": "a slip of the note",
    "scan": "damage of the scan",
    "unclear": "slip or scan: unclear",
}

SEARCH = """\
<div class="ledger-tools" hidden>
<label for="ledger-search">Search the ledger</label>
<input id="ledger-search" type="search" autocomplete="off" spellcheck="false"
  placeholder="M14, corrected, transpose, \\partial L …">
<p id="ledger-count" role="status"></p>
</div>
"""

TEX = pattern(r"\w+(?:[\^_](?:\{[^{}]*\}|\w))+")
"""A formula among the words that name a place in a note: an index or a power tells."""

TAG = pattern(r"<[^>]*>|\\displaystyle")


@dataclass(frozen=True)
class Place:
    """Where the ledger stands, for links from it to the chapters."""

    builder: Builder
    docname: str

    def link(self, claim: Claim) -> str:
        """Return the address of a claim in its chapter, seen from the ledger's page."""
        page, _, anchor = str(claim["page"]).rpartition(".html#")
        if self.single:
            return f"#{anchor}"
        return f"{self.builder.get_relative_uri(self.docname, page)}#{anchor}"

    def title(self, claim: Claim) -> str:
        """Return the title of the chapter that a claim stands in."""
        page = str(claim["page"]).rpartition(".html#")[0]
        return str(self.builder.env.titles[page].astext())

    def anchor(self, id_: str) -> str:
        """Return the attribute that makes an element the target of links to a statement."""
        return "" if self.single else f' id="{escape(id_)}"'

    @property
    def single(self) -> bool:
        """Tell whether all pages are one, where a row cannot have its claim's id."""
        return self.builder.name == "singlehtml"


def badge(verdict: str, how: object = None) -> str:
    """Return a verdict as a symbol and a word, in its colour."""
    symbol, word, meaning = READ if how == "read" else VERDICTS[verdict]
    return (
        f'<span class="verdict verdict-{verdict}" title="{escape(meaning)}">'
        f'<span aria-hidden="true">{symbol}</span> {word}</span>'
    )


def summary(claims: Sequence[Claim], total: int) -> str:
    """Return the counts and the search box."""
    judged = [claim for claim in claims if claim["source"] != "book"]
    counts = Counter(str(claim["verdict"]) for claim in judged)
    read = sum(claim["how"] == "read" for claim in judged)
    items = "".join(
        f"<li><strong>{counts[verdict]}</strong> {badge(verdict)} <span>{escape(meaning)}</span></li>"
        for verdict, (_, _, meaning) in VERDICTS.items()
        if counts[verdict] or verdict != "unchecked"
    )
    only_read = f"Only read, for want of anything to compute: {read}."
    return (
        f'<div class="ledger-summary">\n<p><strong>{len(judged)} of {total} statements judged.</strong> '
        f"{only_read}</p>\n<ul>{items}</ul>\n<p>{_time(claims)}</p>\n{SEARCH}</div>"
    )


def _time(claims: Sequence[Claim]) -> str:
    """Return a sentence on how long all claims took, those of the book's own included."""
    seconds = sum(float(claim["seconds"] or 0) for claim in claims)
    own = sum(claim["source"] == "book" for claim in claims)
    return f"All {len(claims)} claims, {own} of them the book’s own, were decided in {seconds:.1f} s."


HEAD = """\
<div class="ledger-frame"><table class="ledger">
<colgroup><col><col><col><col></colgroup>
<thead><tr><th scope="col" rowspan="2">Id</th><th scope="col" colspan="3">Statement, condition, note</th></tr>
<tr><th scope="col">Verdict</th><th scope="col">Holds for</th><th scope="col">How, time</th></tr></thead>
"""


def table(claims: Sequence[Claim], place: Place) -> str:
    """Return the claims on one source as a table: two rows for each, in a group that has its id."""
    if not claims:
        return '<p class="ledger-none">No chapter treats a statement of this source.</p>'
    return HEAD + "\n".join(_claim(claim, place) for claim in claims) + "\n</table></div>"


def _claim(claim: Claim, place: Place) -> str:
    """Return one claim's group of rows."""
    id_ = escape(str(claim["id"]))
    statement = _statement(claim)
    cells = "\n".join(cell(claim) for cell in (_verdict, _quantifiers, _proof))
    words = escape(_words(f"{id_} {statement} {cells}"))
    name = id_.removeprefix("book.").replace(".", ".<wbr>") if claim["source"] == "book" else id_
    link = f'<a href="{escape(place.link(claim))}" title="To its place in the book">{name}</a>'
    own = f'<a class="ledger-link" href="#{id_}" title="Link to this row" aria-label="Link to {id_}">#</a>'
    return (
        f'<tbody{place.anchor(id_)} class="ledger-claim ledger-{claim["verdict"]}" data-words="{words}">\n'
        f'<tr><th scope="rowgroup" rowspan="2">{link} {own}</th>{statement}</tr>\n<tr>{cells}</tr></tbody>'
    )


def _statement(claim: Claim) -> str:
    """Return the cell with the statement, its place in the note, its corrected form and the remarks."""
    parts = []
    if claim["section"]:
        parts.append(f'<p class="ledger-section">{named(str(claim["section"]))}</p>')
    if claim["as_written"]:
        label = '<span class="ledger-label">As written</span> ' if claim["corrected"] else ""
        parts.append(_stated(str(claim["as_written"]), label))
    if claim["corrected"]:
        label = '<span class="ledger-label">Corrected</span> '
        parts.append(_stated(str(claim["corrected"]), label, " ledger-better"))
    return f'<td colspan="3">{"".join(parts + _remarks(claim))}</td>'


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


def _stated(tex: str, label: str, look: str = "") -> str:
    r"""Return a statement; one that is a formula without words says so, since it can be drawn later.

    >>> _stated("a = b", "")
    '<div class="ledger-formula alone"><span class="tex">\\(\\displaystyle a = b\\)</span></div>'
    >>> "alone" in _stated("\\text{Denote } a", "")
    False
    """
    shown = formula(tex)
    alone = " alone" if ONE_FORMULA.fullmatch(shown) else ""
    return f'<div class="ledger-formula{look}{alone}">{label}{shown}</div>'


def _verdict(claim: Claim) -> str:
    """Return the cell with the verdict, and the cause of a correction."""
    cause = CAUSES.get(str(claim["cause"]), str(claim["cause"] or ""))
    return f"<td>{badge(str(claim['verdict']), claim['how'])}{f'<br>{escape(cause)}' if cause else ''}</td>"


def _remarks(claim: Claim) -> list[str]:
    """Return the lines with the condition and the note."""
    labelled = {"If": claim["condition"], "Note": claim["note"]}
    return [
        f'<p class="ledger-note"><strong>{label}:</strong> {sentence(str(text))}</p>'
        for label, text in labelled.items()
        if text
    ]


def quantifiers(claim: Claim) -> str:
    """Return for what a claim holds; sizes such as 2-3-4 stay on one line."""
    return point(str(claim["quantifiers"] or "")).replace("-", "\N{NON-BREAKING HYPHEN}")


def _quantifiers(claim: Claim) -> str:
    """Return the cell that says for what the claim holds."""
    return _cell("Holds for", quantifiers(claim))


def _proof(claim: Claim) -> str:
    """Return the cell that says how the claim was checked, and how long that took."""
    how, seconds = claim["how"], claim["seconds"]
    parts = [point(str(how))] if how else []
    parts += [f'<span class="ledger-time">{float(seconds):.3f} s</span>'] if seconds is not None else []
    return _cell("How", ", ".join(parts))


def _cell(label: str, html: str) -> str:
    """Return a cell, which has its label beside it where rows are cards; an empty one vanishes there."""
    return f'<td data-label="{label}">{html}</td>' if html else "<td></td>"


def _words(html: str) -> str:
    """Return what the search looks at: the text of a claim's rows, with formulas as TeX."""
    return " ".join(unescape(TAG.sub(" ", html)).replace("\N{NON-BREAKING HYPHEN}", "-").lower().split())
