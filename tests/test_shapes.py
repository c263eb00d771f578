"""Bad input: each one clear error that names the culprit, both shapes and the convention."""

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.shapes import as_matrix

net = nn.Network([nn.Dense(np.ones((2, 3)), np.zeros((2, 1)), nn.sigmoid)])
x = np.ones((3, 1))


def says(*words):
    return "(?s)" + ".*".join(words)


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (nn.ShapeError, ["x", "1 × 3", "3 × N", "column convention", r"x\.T"], lambda: net.forward(x.T)),
        (nn.ShapeError, ["x", r"3 \(1-D\)", "3 × N", "reshape"], lambda: net.forward([1.0, 2.0, 3.0])),
        (nn.ShapeError, ["x is empty", "3 × 0"], lambda: net.forward(np.empty((3, 0)))),
        (nn.ShapeError, ["x", "a single number"], lambda: net.forward(1.0)),
        (
            ValueError,
            ["x", "nan", "row 2, column 1", "finite"],
            lambda: net.forward([[1.0], [np.nan], [1.0]]),
        ),
        (ValueError, ["x", "inf"], lambda: net.forward([[np.inf], [0.0], [1.0]])),
        (
            TypeError,
            ["x", "'one'", "row 1, column 1"],
            lambda: net.forward(np.array([["one"], [1], [2]], object)),
        ),
        (TypeError, ["x", "bool"], lambda: net.forward([[True], [False], [True]])),
        (nn.ShapeError, ["target", "1 × 2", "2 × 1", "column"], lambda: net.loss_value(x, [[1.0, 2.0]])),
        (nn.ShapeError, ["target", "3 × 1", "2 × 1", "column"], lambda: net.backward(net.forward(x), x)),
        (
            nn.ShapeError,
            [r"b \(beside W", "2 × 3", "1 × 2", "2 × 1"],
            lambda: nn.Dense(np.ones((2, 3)), [[0, 0]]),
        ),
        (nn.ShapeError, ["W", r"2 \(1-D\)", "one row a unit"], lambda: nn.Dense([1, 2], [[0]])),
        (
            nn.ShapeError,
            ["W of layer 2", "1 × 3", "1 × 2", "column"],
            lambda: nn.Network([*net.layers, nn.Dense(np.ones((1, 3)), [[0]])]),
        ),
        (ValueError, ["at least one layer"], lambda: nn.Network([])),
        (
            ValueError,
            ["unknown convention 'rows'", '"column"'],
            lambda: nn.Network(net.layers, convention="rows"),
        ),
    ],
)
def test_bad_input_is_refused_with_a_reason(error, words, call):
    with pytest.raises(error, match=says(*words)):
        call()


def test_what_comes_in_is_what_is_used():
    assert as_matrix([[1, 2]], "W", "").dtype == np.float64
    assert as_matrix(np.ones((1, 1), np.float32), "W", "").dtype == np.float32
    assert as_matrix([[1j]], "W", "").dtype == np.complex128
    assert as_matrix([[sp.Symbol("w"), 1]], "W", "").dtype == object


def test_nothing_is_written_into_what_is_handed_in():
    W, b, given, y = np.ones((2, 3)), np.zeros((2, 1)), np.ones((3, 1)), np.zeros((2, 1))
    net = nn.Network([nn.Dense(W, b, nn.sigmoid)])
    net.backward(net.forward(given), y, wrt_input=True)
    assert [m.tolist() for m in (W, b, given, y)] == [[[1.0] * 3] * 2, [[0.0]] * 2, [[1.0]] * 3, [[0.0]] * 2]
