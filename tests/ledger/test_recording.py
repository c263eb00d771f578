"""Whoever listens hears of every claim, and nobody hears of later ones."""

import pytest

import nnlib as nn
from nnlib.ledger.recording import recording
from nnlib.symbolic import ForwardPass, letters, network, partial

L, W, x, z = letters("L W x z")
layer = ForwardPass(network((2, 2)))
dW = partial(L, z) * x.T


def test_recording_ends_even_with_an_error():
    def fail():
        with recording() as inner:
            nn.claim("book.test", layer.diff(L, W), dW)
            found.append(inner)
            raise ZeroDivisionError

    found = []
    with recording() as outer:
        with pytest.raises(ZeroDivisionError):
            fail()
        nn.claim("book.test", layer.diff(L, W), dW)
    nn.claim("book.test", layer.diff(L, W), dW)
    assert (len(outer), len(found[0])) == (2, 1)
