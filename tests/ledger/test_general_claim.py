"""Claims about the general network: right ones are decided, wrong ones refuted, and nothing by silence."""

import pytest
import sympy as sp

import nnlib as nn
from nnlib.ledger.general_claim import quantifiers
from nnlib.ledger.mutants import corrected_stands, mutants
from nnlib.ledger.recording import recording
from nnlib.symbolic.general import (
    A,
    At,
    Delta,
    Entrywise,
    General,
    GeneralFormula,
    H,
    J,
    L,
    N,
    S,
    T,
    W,
    Z,
    b,
    by_entry,
    by_matrix,
    i,
    j,
    k,
    l,
    letter,
    n,
    ones,
    slope,
    total,
    value,
)

general, output, hidden = General(l - 1, l), General(L - 1, L), General(L - 2, L - 1, L)
dW = total(H(l)(i, n) * A(l - 1)(j, n), (n, N))


def test_the_verdict_has_its_quantifiers_and_says_how():
    made = nn.claim("W4.1a", general.diff(J, W(l)), H(l) * A(l - 1).T)
    assert made.verdict == "proved"
    assert made.quantifiers == "every l; all sizes, every N; all W, A, b; every differentiable J and σ"
    assert "confirmed at random points" in made.how
    assert "matrix calculus" in made.how
    assert made.record["as_written"].startswith(r"\frac")


def test_no_number_stands_for_a_size():
    """The normal form, which is the proof, holds symbols only."""
    terms = general.normal(by_entry(J, W(l)(i, j)))
    sizes = {size for key in terms for _, size in key[1:]}
    assert sizes == {N}


@pytest.mark.parametrize(
    "wrong",
    [
        -dW,
        2 * dW,
        total(H(l)(i, n) * A(l)(j, n), (n, N)),
        total(Delta(l)(i, n) * A(l - 1)(j, n), (n, N)),
        total(H(l)(i, n), (n, N)),
        total(H(l)(j, n) * A(l - 1)(i, n), (n, N)),
        total(H(l)(i, n) * A(l - 1)(j, n), (n, S(l))),
        H(l)(i, 1) * A(l - 1)(j, 1),
        total(H(l)(i, n) * W(l)(i, j), (n, N)),
    ],
    ids=str,
)
def test_wrong_formulas_fail(wrong):
    with pytest.raises(nn.ClaimFailed):
        nn.claim("W4.1a", general.diff(J, W(l)(i, j)), wrong)


def test_sizes_that_might_agree_by_chance_do_not():
    with pytest.raises(nn.ClaimFailed, match="they are no product"):
        nn.claim("W4.20", general.diff(J, b(l)), H(l) * ones.T)
    made = nn.claim("W4.20", general.diff(J, b(l)), H(l) * ones, as_written=H(l) * ones.T, cause="slip")
    assert (made.verdict, made.cause) == ("corrected", "slip")


def test_a_clash_shows_what_goes_wrong_where_sizes_agree():
    unbracketed = At(Entrywise(W(L).T * H(L), slope(L - 1) * A(L - 2).T), i, j)
    right = At(nn.hadamard(W(L).T * H(L), slope(L - 1)) * A(L - 2).T, i, j)
    made = nn.claim("W3.10", hidden.diff(J, W(L - 1)(i, j)), right, as_written=unbracketed, cause="slip")
    assert "no entrywise product" in str(made.counterexample)
    assert "equal by chance" in str(made.counterexample)


def test_as_written_must_be_wrong():
    with pytest.raises(nn.ClaimFailed, match="nothing to mend"):
        nn.claim(
            "W4.16", general.diff(J, W(l)), H(l) * A(l - 1).T, as_written=H(l) * A(l - 1).T, cause="slip"
        )


def test_softmax_is_what_the_condition_excludes():
    product = by_entry(value(L)(k, n), Z(L)(k, n)) * by_entry(Z(L)(k, n), W(L)(i, j))
    softmax = General(L - 1, L, activation="softmax")
    side = output.diff(A(L)(k, n), W(L)(i, j))
    made = nn.claim("W2.2", side, product, condition=("entrywise", softmax.diff(A(L)(k, n), W(L)(i, j))))
    assert made.verdict == "conditional"
    with pytest.raises(nn.ClaimFailed, match="nothing to mend"):
        nn.claim("W2.2", side, product, condition=("entrywise", side))


def test_a_claim_needs_a_derivative_and_two_expressions():
    with pytest.raises(nn.NotAClaim, match="no derivative"):
        nn.claim("W4.1a", general.of(H(l)), Delta(l))
    with pytest.raises(nn.NotAClaim, match="one expression"):
        nn.claim("W4.1a", general.diff(J, W(l)), by_matrix(W(l)))
    twice = by_matrix(W(l)) + H(l) * A(l - 1).T - H(l) * A(l - 1).T
    with pytest.raises(nn.NotAClaim):
        nn.claim("W4.1a", general.diff(J, W(l)), twice)


def test_a_formula_must_be_what_it_calls_itself():
    with pytest.raises(nn.ClaimFailed):
        nn.claim("W4.1a", general.diff(J, Z(l)), GeneralFormula(Delta(l), H(l)))


def test_definitions_agree_with_the_network():
    assert (
        nn.define("W2.10", output, GeneralFormula(H(L), nn.hadamard(by_matrix(A(L)), slope(L)))).verdict
        == "definition"
    )
    with pytest.raises(nn.ClaimFailed):
        nn.define("W2.10", output, GeneralFormula(H(L), nn.hadamard(by_matrix(A(L)), A(L))))


def test_errors_are_killed_and_a_corrected_form_stands():
    with recording() as records:
        nn.claim("W4.16", general.diff(J, W(l)), H(l) * A(l - 1).T, as_written=H(l) * A(l).T, cause="slip")
        nn.claim("W4.19", general.diff(J, b(l)(i)), total(H(l)(i, n), (n, N)))
    assert corrected_stands(records[0])
    for record in records:
        found = list(mutants(record))
        assert len(found) > 5
        assert {mutant.outcome for mutant in found} == {"killed"}
        assert quantifiers(record.steps, record.passes[0])


def test_unknown_letters_are_named():
    with pytest.raises(nn.ClaimFailed, match="no quantity h"):
        nn.claim("W4.20", general.diff(J, b(l)), letter("h", l, S(l), sp.S.One))


def test_a_badge_writes_in_the_books_notation_what_it_takes_to_be_non_zero():
    a, t = A(L)(i, n), T()(i, n)
    cross = -total(
        T()(k, n) * sp.log(A(L)(k, n)) + (1 - T()(k, n)) * sp.log(1 - A(L)(k, n)), (k, S(L)), (n, N)
    )
    made = nn.claim("W2-f", General(L - 1, L, loss=cross).diff(J, a), (a - t) / (a * (1 - a)))
    told = made._repr_html_().partition("taken to be non-zero")[2].partition("</dd>")[0]
    assert "A^{(L)}_{in}" in told
    assert "Cell" not in told
    assert r"= \frac{A^{(L)}_{in} - T_{in}}{" in made.equation  # a fraction bar is bracket enough


def test_of_the_books_own_claims_no_note_writes_anything():
    own = nn.claim(
        "book.example",
        general.diff(J, W(l)),
        H(l) * A(l - 1).T,
        as_written=(2 * H(l) * A(l - 1).T),
        cause="slip",
    )
    assert "one might write" in own._repr_html_()
    assert "the note writes" not in own._repr_html_()
