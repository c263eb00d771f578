"""What a whole network of rows asks of the engine: blocks side by side, numbers, chains to the last index."""

import pytest
import sympy as sp

import nnlib as nn
from nnlib.shapes import ShapeError
from nnlib.symbolic import (
    Beside,
    Column,
    Formula,
    ForwardPass,
    Letter,
    latex,
    letters,
    network,
    partial,
    size,
    undefined_activation,
    undefined_loss,
)
from nnlib.symbolic.python import python

L, x, W1, b1, z1, a1, delta1 = letters("L x W1 b1 z1 a1 delta1", convention="row")
W2, z2, delta2, W3, z3, a3 = letters("W2 z2 delta2 W3 z3 a3", convention="row")
y = Letter("y", 1, size(3))
SIZES = (4, 3, 2, 1)


@pytest.fixture(scope="module")
def forward():
    return ForwardPass(network(SIZES, undefined_activation("sigma"), undefined_loss("l"), convention="row"))


@pytest.fixture(scope="module")
def logistic():
    return ForwardPass(network(SIZES, nn.sigmoid, nn.cross_entropy, convention="row"))


def test_columns_side_by_side_are_the_matrix(forward):
    columns = Beside(*(Column(W1, n) for n in (1, 2, 3)))
    assert Formula(L, columns).evaluate(forward).tolist() == forward.value(W1).tolist()
    assert columns.shape == (size(0), 3)
    assert python(columns) == "Beside(Column(W1, 1), Column(W1, 2), Column(W1, 3))"


def test_blocks_of_unequal_height_clash(forward):
    with pytest.raises(ShapeError, match="equally many rows, not 4 × 3, 3 × 2"):
        Formula(L, Beside(W1, W2)).evaluate(forward)


def test_the_derivatives_by_a_column_are_printed_as_such():
    assert latex(Column(partial(L, W2), 1)) == r"\frac{\partial L}{\partial W^{(2)}_{1}}"
    assert latex(Column(W2.T, 1)) == r"(W^{(2)\top})_{1}"


def test_a_number_by_its_letter(forward):
    eta, new = Letter("eta", 1, 1), Letter("newW1", size(0), size(1))
    step = Formula(new, W1 - eta() * partial(L, W1))
    assert step.latex == r"W_{\text{new}}^{(1)} = W^{(1)} - \eta \, \frac{\partial L}{\partial W^{(1)}}"
    value = step.evaluate(ForwardPass(forward.network, free=[eta]))
    rate = sp.Symbol("eta_1", real=True)
    moved = forward.value(W1) - rate * forward.partial(L, W1)[0, 0]
    assert nn.symbolic.prove(value, moved)


def test_the_guess_wears_its_hat():
    assert latex(Letter("yhat", 1, size(3))) == r"\hat{y}"


@pytest.mark.parametrize("by", [W1, b1, x])
def test_nnlibs_backward_agrees_in_rows(logistic, by):
    error = Formula(delta1, partial(L, z1))
    right = {W1: x.T * delta1, b1: delta1, x: delta1 * W1.T}[by]
    made = nn.claim("book.rows.test", logistic.diff(L, by), Formula(partial(L, by), right, given=[error]))
    assert "nnlib's backward agrees" in made.how


def test_the_last_error_is_the_difference_and_nothing_else(logistic):
    made = nn.claim("book.rows.test", logistic.diff(L, z3), a3 - y)
    assert made.verdict == "proved"
    with pytest.raises(nn.ClaimFailed):
        nn.claim("book.rows.test", logistic.diff(L, z3), y - a3)


def test_the_flows_into_a_unit_come_along_its_row(forward):
    error = Formula(delta2, partial(L, z2))
    flows = [Formula(partial(L, a1(2)), delta2 * Column(W2.T, n), given=[error]) for n in (1, 2, 3)]
    side = forward.of(partial(L, a1(2)))
    assert nn.claim("book.rows.test", side, flows[1]).verdict == "proved"
    for wrong in (flows[0], flows[2]):
        with pytest.raises(nn.ClaimFailed):
            nn.claim("book.rows.test", side, wrong)
