"""The ledger of the built book: every statement of the notes is judged, and says for what that holds."""

import json
from collections import Counter
from pathlib import Path

import pytest

from nnlib.ledger.statements import statements

pytestmark = pytest.mark.site

KEYS = [
    *("id", "source", "verdict", "cause", "as_written", "corrected", "condition", "note", "quantifiers"),
    *("how", "page", "seconds"),
]
READ = 20
CAUSES = {"slip", "scan", "unclear"}


@pytest.fixture(scope="module")
def ledger(site: Path):
    return json.loads((site / "ledger.json").read_text(encoding="utf-8"))


def test_every_statement_is_judged_once_and_in_order(ledger):
    assert [row["id"] for row in ledger] == list(statements())
    assert len(ledger) == 319


def test_a_row_has_the_keys_of_the_record_and_one_of_four_verdicts(ledger):
    assert all(list(row) == KEYS for row in ledger)
    assert {row["verdict"] for row in ledger} == {"proved", "corrected", "conditional", "definition"}


def test_few_are_only_read_and_each_says_why(ledger):
    read = [row for row in ledger if row["how"] == "read"]
    assert 0 < len(read) <= READ
    assert all(row["note"] for row in read)


def test_what_is_proved_says_for_what(ledger):
    silent = [row["id"] for row in ledger if row["verdict"] != "definition" and not row["quantifiers"]]
    assert silent == []
    assert [row["id"] for row in ledger if not row["how"]] == []


def test_a_correction_has_its_form_and_cause_and_a_condition_is_said(ledger):
    by_verdict = {
        verdict: [row for row in ledger if row["verdict"] == verdict]
        for verdict in ("corrected", "conditional")
    }
    assert all(row["corrected"] and row["cause"] in CAUSES for row in by_verdict["corrected"])
    assert all(row["condition"] for row in by_verdict["conditional"])
    others = [row for row in ledger if row["verdict"] in {"proved", "definition"}]
    assert not any(row["corrected"] or row["condition"] or row["cause"] for row in others)


def test_a_row_leads_to_its_cell(ledger, site):
    for page, count in Counter(row["page"].partition("#")[0] for row in ledger).items():
        text = (site / page).read_text(encoding="utf-8")
        anchors = [row["page"].partition("#")[2] for row in ledger if row["page"].startswith(f"{page}#")]
        assert len(anchors) == count
        assert all(text.count(f'id="{anchor}"') == 1 for anchor in anchors)
