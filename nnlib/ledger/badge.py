"""A claim as HTML: a small badge that opens to show how the verdict was reached.

The record travels in the ``data-claim`` attribute; the book's Sphinx extension reads it from there.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from nnlib.ledger.tex import AT_ONCE, formula, point, sentence

_SYMBOL = {"definition": "≔", "proved": "✓", "corrected": "✎", "conditional": "⊢", "unchecked": "✗"}
_READ = "¶ read"


def badge_html(
    record: dict[str, Any],
    nonzero: Sequence[str] = (),
    copies: Mapping[str, str | None] | None = None,
) -> str:
    """The badge of one claim.

    Parameters
    ----------
    record : dict
        The claim's record, as the ledger keeps it, with the counterexample to the statement as written.
    nonzero : sequence of str
        LaTeX of the denominators that the proof takes to be non-zero.
    copies : mapping, optional
        What can be copied: name of the language → text.
    """
    id, verdict = html.escape(record["id"]), record["verdict"]  # noqa: A001
    shown = _READ if record["how"] == "read" else f"{_SYMBOL[verdict]} {verdict}"
    data = html.escape(json.dumps(record, ensure_ascii=False), quote=True)
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in _facts(record, nonzero) if value)
    # Of book.single-layer.dW the last part; W1-a stays on one line.
    name = id.rpartition(".")[2] if id.startswith("book.") else id.replace("-", "\N{NON-BREAKING HYPHEN}")
    link = f'<a class="claim-id" href="#{id}" title="Link to this claim">{name}</a>'
    holds = f'<span class="claim-for">{_for(record)}</span>'
    return (
        f'<div class="claim" id="{id}" data-verdict="{verdict}" data-claim="{data}">{link}'
        f'<details><summary><span class="claim-verdict">{shown}</span>{holds}</summary>'
        f"<dl>{facts}</dl>{_copies(copies or {})}</details></div>"
    )


def _for(record: dict[str, Any]) -> str:
    if record["how"] == "read":
        return "nothing to compute"
    text = record["quantifiers"] or record["how"]
    of_symbols = record["quantifiers"] and not text.startswith("at ")
    shown = point(f"for {text}" if of_symbols else text)
    return shown.replace("-", "\N{NON-BREAKING HYPHEN}")  # sizes such as 2-3-4 stay on one line


def _facts(record: dict[str, Any], nonzero: Sequence[str]) -> list[tuple[str, str]]:
    def text(key: str) -> str:
        return html.escape(str(record[key] or ""))

    writer = "one might write" if record["source"] == "book" else "the note writes"
    told = record["verdict"] in {"corrected", "conditional"} or record["how"] == "read"
    return [
        (writer, _math(record["as_written"] if told else None)),
        ("but then", point(record["counterexample"] or "")),
        ("right is", _math(record["corrected"])),
        ("on condition that", sentence(record["condition"] or "", AT_ONCE, "")),
        ("cause", text("cause")),
        ("reading", sentence(record["note"] or "", AT_ONCE, "")),
        ("decided by", point(record["how"] or "")),
        ("taken to be non-zero", ", ".join(map(_math, nonzero))),
        ("time", f"{record['seconds']:.3f} s"),
    ]


def _copies(copies: Mapping[str, str | None]) -> str:
    buttons = "".join(
        f'<button type="button" class="claim-copy" data-copy="{html.escape(text)}">Copy {name}</button>'
        for name, text in copies.items()
        if text
    )
    return f'<p class="claim-copies">{buttons}</p>' if buttons else ""


def _math(tex: str | None) -> str:
    return formula(tex, AT_ONCE, "") if tex else ""
