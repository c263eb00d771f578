"""Bad input: each one clear error that names the culprit, both shapes and the convention."""

from decimal import Decimal

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.shapes import as_matrix

W, b = np.ones((2, 3)), np.zeros((2, 1))
column = nn.Network([nn.Dense(W, b, nn.sigmoid)])
row = nn.Network([nn.Dense(W.T, b.T, nn.sigmoid)], convention="row")
x, y = np.ones((3, 1)), np.zeros((2, 1))
narrow = nn.Dense(np.ones((1, 3)), [[0]])  # 3 → 1, where the layer before has 2 units


def says(*words):
    return "(?s)" + ".*".join(words)


def refuses(error, words, call):
    with pytest.raises(error, match=says(*words)):
        call()


@pytest.mark.parametrize(
    ("net", "point", "words"),
    [
        (column, x.T, ["x has shape 1 × 3", "3 × N, one column", "column convention", r"x\.T"]),
        (row, x, ["x has shape 3 × 1", "N × 3, one row", "row convention", r"x\.T"]),
        (column, np.ones((4, 3)), ["4 × 3", "3 × N", r"x\.T"]),
        (column, [1.0, 2.0, 3.0], [r"3 \(1-D\)", "3 × N", r"\[\[1.0\], \[2.0\]\]"]),
        (row, [1.0, 2.0, 3.0], [r"3 \(1-D\)", "N × 3", r"\[\[1.0, 2.0\]\]"]),
        (column, np.empty((3, 0)), ["x is empty", "3 × 0", "3 × N"]),
        (row, np.empty((0, 3)), ["x is empty", "0 × 3", "N × 3"]),
        (column, 1.0, ["x has shape a single number", "3 × N"]),
        (column, np.ones((3, 1, 1)), ["3 × 1 × 1", "3 × N"]),
        (column, [[1.0], [2.0, 3.0], [4.0]], ["x has rows of different lengths", "3 × N"]),
        (column, None, ["a single number"]),
    ],
)
def test_an_input_of_the_wrong_shape(net, point, words):
    refuses(nn.ShapeError, words, lambda: net.forward(point))
    refuses(nn.ShapeError, words, lambda: net.predict(point))
    refuses(nn.ShapeError, words, lambda: net.jacobian(point))
    refuses(nn.ShapeError, words, lambda: net.loss_value(point, y))


@pytest.mark.parametrize(
    ("net", "target", "words"),
    [
        (
            column,
            [[1.0, 2.0]],
            ["target has shape 1 × 2", "2 × 1", "column", "transpose", r"hand in its \.T"],
        ),
        (row, [[1.0], [2.0]], ["target has shape 2 × 1", "1 × 2", "row", "transpose", r"hand in its \.T"]),
        (column, x, ["target has shape 3 × 1", "2 × 1", "column"]),
        (column, np.zeros((2, 4)), ["target has shape 2 × 4", "2 × 1", "column"]),
        (row, [0.0, 0.0], [r"target has shape 2 \(1-D\)", "1 × 2", "row"]),
        (column, np.empty((2, 0)), ["target is empty", "2 × 1", "column"]),
    ],
)
def test_a_target_of_another_shape_than_the_output(net, target, words):
    point = x if net is column else x.T
    refuses(nn.ShapeError, words, lambda: net.loss_value(point, target))
    refuses(nn.ShapeError, words, lambda: net.backward(net.forward(point), target))
    refuses(nn.ShapeError, words, lambda: net.value_and_gradients(point, target))
    refuses(nn.ShapeError, words, lambda: nn.check_gradients(net, point, target))
    refuses(nn.ShapeError, words, lambda: nn.gradient_descent(net, point, target, rate=1, steps=1))


@pytest.mark.parametrize(
    ("error", "words", "entries"),
    [
        (ValueError, ["x holds nan at row 2, column 1", "finite"], [[1.0], [np.nan], [1.0]]),
        (ValueError, ["x holds inf at row 1, column 1"], [[np.inf], [0.0], [1.0]]),
        (ValueError, ["x holds -inf at row 3, column 1"], np.array([[1], [0], [-np.inf]], dtype=object)),
        (ValueError, ["x holds oo at row 1, column 1"], [[sp.oo], [sp.Symbol("x")], [0]]),
        (ValueError, ["x holds nan at row 1, column 1"], [[sp.nan], [sp.Symbol("x")], [0]]),
        (ValueError, ["x holds zoo at row 1, column 1"], [[sp.zoo], [sp.Symbol("x")], [0]]),
        (TypeError, ["x holds 'one' at row 1, column 1"], np.array([["one"], [1], [2]], dtype=object)),
        (TypeError, ["x has entries of type <U"], [["1"], ["2"], ["3"]]),
        (TypeError, ["x has entries of type bool"], [[True], [False], [True]]),
        (TypeError, ["x holds True at row 1, column 1"], [[True], [0.5], [1.0]]),
        (TypeError, ["x holds True at row 2, column 1"], np.array([[1], [True], [2]], dtype=object)),
        (TypeError, ["x holds None at row 3, column 1"], [[1.0], [2.0], [None]]),
        (TypeError, [r"x holds Decimal\('0\.5'\) at row 2, column 1"], [[1.0], [Decimal("0.5")], [2]]),
        (TypeError, [r"x holds Decimal\('NaN'\) at row 1"], np.array([[Decimal("nan")], [1], [2]])),
    ],
)
def test_entries_that_are_no_finite_numbers_or_expressions(error, words, entries):
    refuses(error, words, lambda: column.forward(entries))
    as_b = [word.replace("x ", "b ") for word in words]
    refuses(error, as_b, lambda: nn.Dense(np.ones((3, 2)), entries))
    as_target = [word.replace("x ", "target ") for word in words]
    three = nn.Network([nn.Dense(np.ones((3, 3)), np.ones((3, 1)))])
    refuses(error, as_target, lambda: three.loss_value(x, entries))


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (
            nn.ShapeError,
            ["b has shape 1 × 2", "W of shape 2 × 3", r"2 × 1 \(column", r"1 × 3 \(row"],
            lambda: nn.Dense(W, [[0, 0]]),
        ),
        (
            nn.ShapeError,
            [r"b has shape 2 \(1-D\)", r"2 × 1 \(column", r"1 × 3 \(row"],
            lambda: nn.Dense(W, [0, 0]),
        ),
        (nn.ShapeError, [r"W has shape 2 \(1-D\)", "S_l × S_{l−1}"], lambda: nn.Dense([1, 2], [[0]])),
        (nn.ShapeError, ["W is empty", "0 × 3"], lambda: nn.Dense(np.empty((0, 3)), np.empty((0, 1)))),
        (
            nn.ShapeError,
            ["W of layer 2", "layer 1 of shape 2 × 3", "1 × 3, but should be 1 × 2", "column convention"],
            lambda: nn.Network([*column.layers, narrow]),
        ),
        (
            nn.ShapeError,
            ["W of layer 2", "layer 1 of shape 3 × 2", "3 × 1, but should be 2 × 1", "row convention"],
            lambda: nn.Network([*row.layers, narrow.T], convention="row"),
        ),
        (
            nn.ShapeError,
            ["b of layer 1 has shape 1 × 2", "W of shape 3 × 2", "3 × 1 in the column convention", r"\.T"],
            lambda: nn.Network(row.layers),
        ),
        (
            nn.ShapeError,
            ["b of layer 2 has shape 1 × 1", "W of shape 1 × 2", "1 × 2 in the row convention", r"\.T"],
            lambda: nn.Network([*row.layers, nn.Dense([[1, 1]], [[0]])], convention="row"),
        ),
        (ValueError, ["at least one layer"], lambda: nn.Network([])),
        (TypeError, ["layer 2 is 'relu', which is no nn.Dense"], lambda: nn.Network([narrow, "relu"])),
        (
            ValueError,
            ["unknown convention 'rows'", '"column"', '"row"'],
            lambda: nn.Network(column.layers, convention="rows"),
        ),
    ],
)
def test_layers_that_make_no_network(error, words, call):
    refuses(error, words, call)


@pytest.mark.parametrize(("net", "shape"), [(column, (4, 5)), (row, (5, 4)), (column, (2, 7))])
def test_the_transpose_is_offered_only_where_it_fits(net, shape):
    with pytest.raises(nn.ShapeError, match=r"convention\.$"):
        net.forward(np.ones(shape))


def test_masked_entries_are_not_used_silently():
    masked = np.ma.masked_array([[1.0], [1e9], [2.0]], mask=[[0], [1], [0]])
    refuses(ValueError, ["x has masked entries", "fill or drop them"], lambda: column.predict(masked))
    whole = np.ma.masked_array([[1.0], [3.0], [2.0]])
    assert (column.predict(whole) == column.predict([[1.0], [3.0], [2.0]])).all()
    assert (column.predict(masked.filled(3)) == column.predict([[1.0], [3.0], [2.0]])).all()


@pytest.mark.parametrize("net", [column, row])
def test_large_whole_numbers_in_a_list_are_floats(net):
    given = [[2**64], [1], [0.5]] if net is column else [[2**64, 1, 0.5]]
    assert net.predict(given).dtype == np.float64
    refuses(
        ValueError,
        ["x holds a whole number that is too large for a float"],
        lambda: column.predict([[10**400], [1], [2]]),
    )


def test_what_comes_in_is_what_is_used():
    assert as_matrix([[1, 2]], "W", "").dtype == np.float64
    assert as_matrix(np.ones((1, 1), np.float32), "W", "").dtype == np.float32
    assert as_matrix([[1j]], "W", "").dtype == np.complex128
    assert as_matrix([[sp.Symbol("w"), 1]], "W", "").dtype == object
    assert as_matrix(sp.Matrix([[1, 2]]), "W", "").shape == (1, 2)
    assert as_matrix([[10**400, sp.Rational(1, 3)]], "W", "").dtype == object
