import numpy as np
import pytest

import nnlib as nn

rng = np.random.default_rng(2)
ENDS = [
    ("identity", "squared_error"),
    ("tanh", "mean_squared_error"),
    ("sigmoid", "cross_entropy"),
    ("softmax", "categorical_cross_entropy"),
]


def example(last="identity", loss="squared_error", convention="column"):
    net = nn.Network.random((3, 4, 2), "softplus", loss, convention, seed=3, output_activation=last)
    x, y = rng.normal(size=(3, 5)), rng.uniform(size=(2, 5))
    return (net, x, y) if convention == "column" else (net, x.T, y.T)


@pytest.mark.parametrize("convention", ["column", "row"])
@pytest.mark.parametrize(("last", "loss"), ENDS)
@pytest.mark.parametrize(("method", "tolerance"), [("central", 1e-8), ("complex", 1e-13)])
def test_right_gradients_are_found_right(method, tolerance, last, loss, convention):
    net, x, y = example(last, loss, convention)
    report = nn.check_gradients(net, x, y, method)
    assert report.ok
    assert report.max_error < tolerance
    assert [row.parameter for row in report.rows] == ["W[1]", "b[1]", "W[2]", "b[2]"]
    assert [row.shape for row in report.rows] == [m.shape for layer in net.layers for m in (layer.W, layer.b)]


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("spoil", [lambda da: -da, lambda da: 2 * da, lambda da: 1.001 * da])
def test_wrong_gradients_are_found_wrong(monkeypatch, method, spoil):
    right = nn.Activation.pull_back
    monkeypatch.setattr(
        nn.Activation, "pull_back", lambda f, da, z, a: spoil(right(f, da, z, a)) if f is nn.softplus else da
    )
    report = nn.check_gradients(*example(), method)
    assert [row.ok for row in report.rows] == [False, False, True, True]
    assert not report.ok
    assert "✗ wrong" in str(report)


def test_shared_parameters_are_one_row():
    A = nn.Dense(rng.normal(size=(3, 2)), rng.normal(size=(3, 1)), "tanh")
    B = nn.Dense(rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), "tanh")
    report = nn.check_gradients(nn.Network([A, B, A]), np.ones((2, 1)), np.ones((3, 1)))
    assert [row.parameter for row in report.rows] == ["W[1] = W[3]", "b[1] = b[3]", "W[2]", "b[2]"]
    assert report.ok


@pytest.mark.parametrize("method", ["central", "complex"])
def test_gradients_that_vanish_are_right(method):
    dead = nn.Network([nn.Dense([[1.0]], [[-5.0]], "relu"), nn.Dense([[2.0]], [[1.0]])])
    report = nn.check_gradients(dead, [[1.0]], [[1.0]], method)
    assert report.ok
    saturated = nn.Network([nn.Dense([[1.0]], [[0.0]], "sigmoid")], "cross_entropy")
    assert nn.check_gradients(saturated, [[40.0]], [[1.0]], method).ok


def test_a_relu_at_its_kink_is_a_caution():
    net = nn.Network([nn.Dense([[1.0], [2.0]], [[0.0], [1.0]], "relu")])
    away, at = (nn.check_gradients(net, [[value]], [[3.0], [0.0]]) for value in (1.0, 0.0))
    assert (away.ok, away.cautions) == (True, ())
    assert not at.ok
    assert "a ReLU of layer 1 has z = ±0.0e+00" in at.cautions[0]
    assert "nnlib takes 0" in str(at)
    assert nn.check_gradients(net, [[1e-9]], [[3.0], [0.0]], "complex").cautions == ()


def test_single_precision_is_checked_in_double():
    net = nn.Network([nn.Dense(np.ones((2, 3), np.float32), np.ones((2, 1), np.float32), "tanh")])
    x, y = np.ones((3, 1), np.float32), np.ones((2, 1), np.float32)
    assert nn.check_gradients(net, x, y, "complex").max_error < 1e-13


def test_the_report_is_a_table():
    report = nn.check_gradients(*example())
    lines = str(report).splitlines()
    assert lines[0].split() == ["parameter", "shape", "error"]
    assert lines[1].startswith("W[1]       4 × 3  ")
    assert lines[-1] == "All gradients are right, by central differences (error up to 1e-06 allowed)."
    page = report._repr_html_()
    assert page.count("<tr>") == 5
    assert "<td>4 × 3</td>" in page


def test_what_cannot_be_checked():
    net, x, y = example()
    with pytest.raises(ValueError, match="unknown method 'forward'; nnlib knows central, complex"):
        nn.check_gradients(net, x, y, "forward")
    with pytest.raises(TypeError, match=r"W of layer 1 is of type object, with W\^.* real numbers only"):
        nn.check_gradients(nn.symbolic.network((3, 4, 2)), x, y)
    with pytest.raises(TypeError, match=r"x is of type complex128, with .* row 1, column 1; .* only"):
        nn.check_gradients(net, x + 1j, y)
    with pytest.raises(TypeError, match=r"target is of type object, .*: hand in floats"):
        nn.check_gradients(net, x, y.astype(object))
    last = nn.Dense(net.layers[1].W * 1j, net.layers[1].b)
    with pytest.raises(TypeError, match=r"W of layer 2 is of type complex128"):
        nn.check_gradients(nn.Network([net.layers[0], last]), x, y)
    with pytest.raises(nn.ShapeError, match="x has rows of different lengths"):
        nn.check_gradients(net, [[1, 2], [3]], y)


@pytest.mark.parametrize("method", ["central", "complex"])
def test_a_loss_that_is_not_finite_is_refused(method):
    net = nn.Network([nn.Dense([[1e200]], [[0]])])
    with pytest.raises(ValueError, match="the loss is inf: there is nothing to compare"):
        nn.check_gradients(net, [[1e200]], [[0]], method)
