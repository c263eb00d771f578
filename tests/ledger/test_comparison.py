"""Two checkers stand behind every proof of a claim."""

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.ledger import comparison
from nnlib.symbolic import Formula, ForwardPass, SquaredNorm, letters, network, partial, undefined_loss
from nnlib.symbolic.prove import Proof

W, b, x, y, z, c, delta, L = letters("W b x y z c delta L")
forward = ForwardPass(network((2, 2), loss=undefined_loss("l")))
error = Formula(delta, partial(L, z))
dW = Formula(partial(L, W), delta * x.T, given=[error])
wrong = Formula(partial(L, W), -delta * x.T, given=[error])


@pytest.fixture
def gullible(monkeypatch):
    """A prover that proves everything."""
    monkeypatch.setattr(comparison, "prove", lambda *sides: Proof(np.size(sides[0])))


def test_how_says_that_the_proof_was_confirmed():
    assert "confirmed at random points modulo primes ≥ 2⁶¹ − 1" in nn.claim("M14", forward.diff(L, W), dW).how


def test_a_wrong_proof_is_caught(gullible):
    both = (
        "the two checkers disagree: equal normal forms .* says the one, different in entry .* says the other"
    )
    with pytest.raises(nn.ClaimFailed, match=both):
        nn.claim("M14", forward.diff(L, W), wrong)
    assert nn.claim("M14", forward.diff(L, W), dW).verdict == "proved"


def test_a_wrong_proof_of_a_backward_pass_is_caught(gullible, monkeypatch):
    monkeypatch.setattr(comparison, "_backward", lambda forward: {"W": -forward.partial(L, W)[0, 0]})
    with pytest.raises(nn.ClaimFailed, match="the two checkers disagree"):
        nn.claim("M14", forward.diff(L, W), dW)


def test_a_wrong_proof_of_a_definition_is_caught(gullible):
    with pytest.raises(nn.ClaimFailed, match="claim M1 fails: the two checkers disagree"):
        nn.define("M1", forward, Formula(z, W * x - b))


def test_a_wrong_proof_of_what_was_mended_is_caught(gullible):
    squares = ForwardPass(network((2, 2)), Formula(c, z - y), Formula(L, sp.Rational(1, 2) * SquaredNorm(c)))
    wrong = Formula(L, SquaredNorm(c))
    with pytest.raises(nn.ClaimFailed, match="the two checkers disagree"):
        nn.claim("M19", squares.diff(L, c), c, as_written=wrong, mended=wrong)


def test_a_wrong_proof_does_not_save_what_is_written(gullible):
    with pytest.raises(nn.ClaimFailed, match="the two checkers disagree"):
        nn.claim("M14", forward.diff(L, W), dW, as_written=wrong)


def test_what_the_second_checker_does_not_know_stops_the_claim(monkeypatch):
    def unknown(lhs, rhs):
        raise comparison.NoResidue("no residue is known for sin")

    monkeypatch.setattr(comparison, "agree", unknown)
    with pytest.raises(nn.ClaimFailed, match="but not confirmed: no residue is known for sin"):
        nn.claim("M14", forward.diff(L, W), dW)


def test_a_definition_as_written_is_compared_with_what_it_names():
    """Not with the derivative that the claim begins at: any shape would refute it then."""
    half, whole = (Formula(L, factor * SquaredNorm(c)) for factor in (sp.Rational(1, 2), 1))
    squares = ForwardPass(network((2, 2)), Formula(c, z - y), half)
    claim = nn.claim("M19", squares.diff(L, c), c, as_written=whole, mended=half)
    assert claim.counterexample.rhs == 2 * claim.counterexample.lhs
    with pytest.raises(nn.ClaimFailed, match="there is nothing to mend"):
        nn.claim("M19", squares.diff(L, c), c, as_written=half, mended=half)
