"""Formulas in the row convention: letters, entries, derivatives, columns of a matrix."""

import pytest
import sympy as sp

import nnlib as nn
from nnlib.shapes import ShapeError
from nnlib.symbolic import Column, Formula, ForwardPass, compile_formulas, latex, letters, network, partial

L, x, y, W1, b1, z1, a1, W2, z2, a2 = letters("L x y W1 b1 z1 a1 W2 z2 a2", convention="row")
i, j = sp.symbols("i j", integer=True)


@pytest.fixture
def forward():
    return ForwardPass(network((4, 3, 2), nn.sigmoid, nn.cross_entropy, convention="row"))


def test_entries_of_a_row_have_one_index_and_run_over_its_columns(forward):
    line = Formula(z1(j), sp.Sum(W1(i, j) * x(i), (i, 1, 4)) + b1(j))
    assert line.evaluate(forward).tolist() == forward.value(z1).tolist()
    assert Formula(z1(2), z1(3)).evaluate(forward).tolist() == [[forward.value(z1)[0, 2]]]
    with pytest.raises(ShapeError, match="indices run from 1"):
        Formula(z1(1), z1(4)).evaluate(forward)


def test_a_jacobian_of_rows_is_entries_by_entries(forward):
    value = Formula(partial(z2, a1), partial(z2, a1)).evaluate(forward)
    assert value.tolist() == forward.value(W2).T.tolist()
    entry = Formula(partial(z2(i), a1(j)), W2(j, i)).evaluate(forward)
    assert entry.tolist() == value.tolist()


def test_the_transpose_belongs_to_the_convention(forward):
    delta = letters("delta2", convention="row")[0]
    error = Formula(delta, a2 - y)
    nn.claim("book.rows.right", forward.diff(L, a1), Formula(partial(L, a1), delta * W2.T, given=[error]))
    with pytest.raises((nn.ClaimFailed, ShapeError)):
        nn.claim("book.rows.wrong", forward.diff(L, a1), Formula(partial(L, a1), W2 * delta.T, given=[error]))


def test_backward_agrees_with_formulas_in_rows(forward):
    made = nn.claim("book.rows.W1", forward.diff(L, W1), Formula(partial(L, W1), x.T * partial(L, z1)))
    assert "nnlib's backward agrees" in made.how


def test_a_column_of_the_weights_is_what_one_unit_listens_with(forward):
    assert latex(x * Column(W1, 2)) == r"x \, W^{(1)}_{2}"
    value = Formula(L, Column(W1, 2)).evaluate(forward)
    assert value.tolist() == forward.value(W1)[:, [1]].tolist()
    with pytest.raises(ShapeError, match="numbered from 1"):
        Formula(L, Column(W1, 4)).evaluate(forward)


def test_compiled_rows_have_the_page_names_of_the_contract():
    net = network((2, 3), nn.sigmoid, nn.cross_entropy, convention="row")
    W, x, b, z = letters("W x b z", convention="row")
    compiled = compile_formulas([Formula(z, x * W + b)], net)
    assert compiled.outputs == ("z[1]", "z[2]", "z[3]")
    assert {"x[2]", "b[3]", "W[2][3]", "y[3]"} <= set(compiled.inputs)


def test_a_softmax_cut_in_the_middle_is_that_of_its_row():
    net = network((2, 3), nn.softmax, nn.categorical_cross_entropy, convention="row")
    z, a = letters("z a", convention="row")
    rows = ForwardPass(net).partial(a, z)
    columns = ForwardPass(network((2, 3), nn.softmax, nn.categorical_cross_entropy))
    as_columns = columns.partial(*letters("a z"))
    put_in = dict(zip(columns.value(letters("W")[0]).T.ravel(), net.layers[0].W.ravel(), strict=True))
    for one, other in zip(rows.ravel(), as_columns.ravel(), strict=True):
        assert sp.simplify(one - other.xreplace(put_in)) == 0
