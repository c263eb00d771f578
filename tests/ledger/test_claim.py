"""Verdicts are computed, and nothing is proved equal to itself."""

import json
import re

import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    SquaredNorm,
    l,
    letters,
    network,
    partial,
    sigma,
    undefined_activation,
    undefined_loss,
)  # fmt: skip

W, b, x, y, z, a, h, delta, L = letters("W b x y z a h delta L")
i, j = sp.symbols("i j", integer=True)
layer = network((2, 2), loss=undefined_loss("l"))
forward = ForwardPass(layer)
error = Formula(delta, partial(L, z))
dW = Formula(partial(L, W), delta * x.T, given=[error])
wrong = Formula(partial(L, W), -delta * x.T, given=[error])


def test_a_true_statement_is_proved_at_square_and_rectangular_sizes():
    claim = nn.claim("M14", forward.diff(L, W), dW)
    assert claim.verdict == "proved"
    assert claim.proof.entries == 4 + 6
    assert claim.counterexample is None
    assert "2 × 2 and 3 × 2" in claim.quantifiers
    assert "every differentiable l" in claim.quantifiers
    assert "nnlib's backward agrees" in claim.how


def test_a_false_statement_stops_with_its_name_and_a_counterexample():
    with pytest.raises(nn.ClaimFailed, match=r"claim M14 fails: .*entry \(1, 1\): .* at W_\{11\} = "):
        nn.claim("M14", forward.diff(L, W), wrong)


@pytest.mark.parametrize(
    "formula",
    [
        Formula(partial(L, W), x * delta.T, given=[error]),  # fits at 2 × 2 only
        Formula(partial(L, W), 2 * delta * x.T, given=[error]),
        Formula(partial(L, W(i, j)), delta(j) * x(i), given=[error]),
        Formula(partial(L, W(i, j)), delta(i) * x(i), given=[error]),
    ],
)
def test_a_lost_transpose_a_factor_and_a_wrong_index_are_found(formula):
    with pytest.raises((nn.ClaimFailed, nn.ShapeError)):
        nn.claim("M14", forward.diff(L, W), formula)


def test_a_draft_shows_a_failing_claim_loudly(monkeypatch):
    monkeypatch.setenv("BOOK_UNCHECKED", "1")
    claim = nn.claim("M14", forward.diff(L, W), wrong)
    assert claim.verdict == "unchecked"
    assert claim.proof is None
    assert "M14 fails" in claim.how


def test_a_wrong_statement_with_its_correction():
    claim = nn.claim("M14", forward.diff(L, W), dW, as_written=wrong, cause="slip")
    assert claim.verdict == "corrected"
    assert claim.counterexample.lhs == -claim.counterexample.rhs
    assert claim.corrected == r"\frac{\partial L}{\partial W} = \delta \, x^{\top}"


def test_clashing_shapes_refute_too():
    claim = nn.claim(
        "M14", forward.diff(L, W), dW, as_written=Formula(partial(L, W), delta * x, given=[error])
    )
    assert claim.verdict == "corrected"
    assert "is no product" in str(claim.counterexample)


def test_a_right_statement_cannot_be_passed_off_as_wrong():
    same = Formula(partial(L, W(i, j)), partial(L, z(i)) * x(j))
    with pytest.raises(nn.ClaimFailed, match="holds as written: there is nothing to mend"):
        nn.claim("M14", forward.diff(L, W), dW, as_written=same)


def test_a_condition_must_be_needed():
    active = ForwardPass(network((2, 2), undefined_activation("sigma"), undefined_loss("l")))
    claim = nn.claim("M17", forward.diff(L, z), l.gradient(z), condition=("no activation", active.diff(L, z)))
    assert claim.verdict == "conditional"
    assert claim.condition == "no activation"
    with pytest.raises(nn.ClaimFailed, match="nothing to mend"):
        nn.claim("M17", forward.diff(L, z), l.gradient(z), condition=("nothing", forward.diff(L, z)))


def test_a_mended_definition_must_be_the_one_that_was_carried_out():
    sigmoid = ForwardPass(network((2, 2), nn.sigmoid, undefined_loss("l")))
    rise, slope = sigmoid.diff(a(i), z(i)), Formula(partial(a(i), z(i)), a(i) * (1 - a(i)))
    other = Formula(a(i), 1 / (1 + sp.exp(z(i))))
    with pytest.raises(nn.ClaimFailed, match="not what the forward pass carries out"):
        nn.claim("M24", rise, slope, as_written=other, mended=other)


# ---- nothing is proved equal to itself ----


def test_a_side_that_is_no_diff_is_refused():
    for side in (dW, delta * x.T, layer.layers[0].W, 1):
        with pytest.raises(nn.NotAClaim, match="taken by diff"):
            nn.claim("M14", side, dW)


def test_an_expression_without_a_derivative_is_no_side():
    with pytest.raises(nn.NotAClaim, match="holds no derivative"):
        nn.claim("M1", forward.of(W * x + b), z)


@pytest.mark.parametrize(
    "rhs",
    [
        partial(L, z),
        Formula(delta, partial(L, z)),
        Formula(partial(L, z), delta, given=[error]),
        Formula(delta(i), partial(L, z(i))),
        Formula(delta, [[partial(L, z(1))], [partial(L, z(2))]]),
    ],
)
def test_two_sides_that_are_one_derivative_are_refused(rhs):
    with pytest.raises(nn.NotAClaim):
        nn.claim("M13", forward.diff(L, z), rhs)


def test_a_step_begins_where_the_one_before_has_ended():
    m9 = nn.claim("M9", forward.diff(L, x), Formula(partial(L, x), W.T * partial(L, z)))
    assert nn.claim("M15", m9, Formula(partial(L, x), W.T * delta, given=[Formula(delta, l.gradient(z))]))
    with pytest.raises(nn.NotAClaim, match="one expression"):
        nn.claim("M15", m9, Formula(partial(L, x), W.T * delta, given=[error]))
    with pytest.raises(nn.NotAClaim, match="proves nothing"):
        nn.claim("M2", nn.define("M1", forward, Formula(z, W * x + b)), z)


g, f = letters("g f")
by_b = Formula(g(i), partial(L, b(i)))


@pytest.mark.parametrize(
    ("side", "rhs"),
    [
        (forward.diff(L, b(i)), Formula(partial(L, b(i)), g(i), given=[Formula(g, partial(L, b))])),
        (forward.of(2 * partial(L, b)), Formula(g(i), 2 * partial(L, b(i)))),
        (forward.of(-partial(L, b)), Formula(f, -g, given=[by_b])),
        (forward.of(W * x + b + partial(L, b)), Formula(f, b + W * x + g, given=[by_b])),
    ],
)
def test_one_expression_in_two_forms_is_refused(side, rhs):
    with pytest.raises(nn.NotAClaim):
        nn.claim("book.test", side, rhs)


def test_another_name_of_the_loss_is_no_other_route():
    (other,) = letters("L")
    again = ForwardPass(network((2, 2)), Formula(delta, 1 * z), Formula(other, SquaredNorm(delta)))
    with pytest.raises(nn.NotAClaim):
        nn.claim("book.test", again.diff(L, z), Formula(partial(L, z), partial(L, delta)))


@pytest.mark.parametrize(
    "rhs",
    [
        Formula(partial(L, b), delta * x.T, given=[error]),
        Formula(x, delta * x.T, given=[error]),
        Formula(partial(L, W(i, j)), delta(j) * x(i), given=[error]),
    ],
)
def test_the_name_that_a_formula_gives_its_right_side_is_checked_too(rhs):
    with pytest.raises((nn.ClaimFailed, nn.ShapeError)):
        nn.claim("M14", forward.diff(L, W), rhs)


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        ("the right side", {"rhs": []}),
        ("the right side", {"rhs": 1}),
        ("not both", {"as_written": wrong, "condition": ("none", forward.diff(L, W))}),
        ("belong to what is wrong", {"cause": "slip"}),
        ("belong to what is wrong", {"mended": dW}),
        ("the cause is one of", {"as_written": wrong, "cause": "moon"}),
        ("the same left side", {"condition": ("the moon is full", forward.diff(L, b))}),
        ("about something else", {"as_written": Formula(z, W * x)}),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(words, arguments):
    with pytest.raises(nn.NotAClaim, match=words):
        nn.claim("M14", forward.diff(L, W), **{"rhs": dW, **arguments})


# ---- definitions ----


def test_a_definition_is_built_and_compared_with_what_the_pass_has():
    definition = nn.define("M1", forward, Formula(z, W * x + b))
    assert definition.verdict == "definition"
    assert definition.proof is None
    with pytest.raises(nn.ClaimFailed, match="M1"):
        nn.define("M1", forward, Formula(z, W * x - b))


def test_a_name_in_its_own_definition_is_refused():
    with pytest.raises(nn.NotAClaim, match="defined by itself"):
        nn.define("M1", forward, Formula(z, z + b))


def test_a_derivative_is_no_name_for_something_else():
    with pytest.raises(nn.ClaimFailed):
        nn.define("book.test", forward, Formula(partial(L, W(i, j)), 7 * x(j)))


def test_a_name_for_delta_is_compared_with_nnlib():
    with pytest.raises(nn.ClaimFailed):
        nn.define("M13", forward, Formula(delta, -partial(L, z)))


# ---- nnlib is the third route ----


def test_a_backward_pass_that_errs_stops_the_claim(monkeypatch):
    right = nn.Network.backward

    def transposed(self, trace, target, *, wrt_input=False):
        grads = right(self, trace, target, wrt_input=wrt_input)
        object.__setattr__(grads, "W", {1: -grads.W[1]})
        return grads

    monkeypatch.setattr(nn.Network, "backward", transposed)
    with pytest.raises(nn.ClaimFailed, match="nnlib's backward disagrees"):
        nn.claim("M14", forward.diff(L, W), dW)


# ---- the record and the badge ----


def test_the_badge_carries_the_record():
    claim = nn.claim("M14", forward.diff(L, W), dW, note='a "reading" & <more>')
    html = claim._repr_html_()
    carried = re.search(r'data-claim="([^"]*)"', html)[1]
    assert json.loads(
        carried.replace("&quot;", '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    )
    assert 'id="M14"' in html
    assert "<more>" not in html
    assert claim.record["as_written"] == r"\frac{\partial L}{\partial w} = \delta x^T"


def test_an_id_that_no_note_has_is_an_error():
    with pytest.raises(KeyError, match="no note has a statement 'M999'"):
        nn.claim("M999", forward.diff(L, W), dW)


def test_sigma_means_the_networks_activation():
    active = ForwardPass(network((2, 2), nn.sigmoid, nn.squared_error))
    claim = nn.claim("book.test", active.diff(L, z), Formula(delta, nn.hadamard(a - y, sigma.prime(z))))
    assert claim.statement.source == "book"
