"""The ledger: every statement of the sources, with a verdict that was computed."""

from nnlib.ledger.claim import Claim, claim
from nnlib.ledger.comparison import ClaimFailed
from nnlib.ledger.definition import define
from nnlib.ledger.independence import NotAClaim
from nnlib.ledger.reading import read
from nnlib.ledger.recording import recording
from nnlib.ledger.statements import Statement, statement

__all__ = [
    "Claim",
    "ClaimFailed",
    "NotAClaim",
    "Statement",
    "claim",
    "define",
    "read",
    "recording",
    "statement",
]
