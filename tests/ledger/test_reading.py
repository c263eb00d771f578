"""Statements that are only read."""

import pytest

import nnlib as nn


def test_what_is_read_says_so_in_its_record():
    record = nn.read("M69", "a heading").record
    assert (record["verdict"], record["how"], record["note"]) == ("definition", "read", "a heading")


@pytest.mark.parametrize(("name", "note"), [("book.example", "why"), ("M69", " ")])
def test_only_statements_of_the_notes_are_read_and_the_reason_is_said(name, note):
    with pytest.raises(nn.NotAClaim, match="a note says why"):
        nn.read(name, note)


def test_an_unknown_statement_cannot_be_read():
    with pytest.raises(KeyError, match="M99"):
        nn.read("M99", "no such statement")
