"""Faulty back-propagations are named by their fault; right ones raise no alarm.

The networks are written here by hand: nothing of nnlib but ``diagnose`` is used.
"""

import numpy as np
import pytest

import nnlib as nn

KEEP = 0.5


def relu(z):
    return np.maximum(z, 0)


SLOPES = {
    np.tanh: lambda z: 1 - np.tanh(z) ** 2,
    relu: lambda z: (z > 0).astype(float),
}


class Program:
    """A 4-3-3-2 network with the squared error over five data points, and a backward pass with one fault."""

    sizes, points = (4, 3, 3, 2), 5

    def __init__(self, fault="", activation=np.tanh, seed=0):
        rng = np.random.default_rng(seed)
        self.fault, self.f = fault, activation
        shapes = list(zip(self.sizes[1:], self.sizes[:-1], strict=True))
        self.params = {}
        for l, (n, m) in enumerate(shapes, start=1):
            self.params |= {f"W{l}": rng.normal(size=(n, m)), f"b{l}": rng.normal(size=(n, 1))}
        self.x, self.y = rng.normal(size=(4, self.points)), rng.normal(size=(2, self.points))
        self.mask = (rng.random((3, self.points)) < KEEP) / KEEP

    def forward(self, p):
        z1 = p["W1"] @ self.x + p["b1"]
        a1 = self.f(z1) * self.mask
        z2 = p["W2"] @ a1 + p["b2"]
        a2 = self.f(z2)
        return z1, a1, z2, a2, self.f(p["W3"] @ a2 + p["b3"])

    def loss(self, p):
        return 0.5 * ((self.forward(p)[-1] - self.y) ** 2).sum() / self.points

    def slopes(self, z1, z2, a2):
        """σ′ of layers 1 and 2, with dropout in layer 1; some with a fault."""
        slope = SLOPES[self.f]
        second = {
            "no slope in layer 2": np.ones_like(z2),
            "slope of the activation": slope(a2),
            "ReLU' as >= 0 on activations": (a2 >= 0).astype(float),
            "slope of another layer": slope(z1),
        }
        first = {
            "dropout factor missing": slope(z1) * self.mask * KEEP,
            "dropout mask missing": slope(z1),
        }
        return first.get(self.fault, slope(z1) * self.mask), second.get(self.fault, slope(z2))

    def output_error(self, z3, a3):
        delta = (a3 - self.y) * SLOPES[self.f](z3) / self.points
        faulty = {
            "no slope at the output": (a3 - self.y) / self.points,
            "sign": -delta,
            "1/N forgotten": delta * self.points,
            "2 of the square": 2 * delta,
        }
        return faulty.get(self.fault, delta)

    def gradients(self):
        p = self.params
        z1, a1, z2, a2, a3 = self.forward(p)
        s1, s2 = self.slopes(z1, z2, a2)
        d3 = self.output_error(p["W3"] @ a2 + p["b3"], a3)
        d2 = p["W3"].T @ d3 * s2
        d1 = (p["W2"] if self.fault == "W for its transpose" else p["W2"].T) @ d2 * s1
        g = {"W1": d1 @ self.x.T, "W2": d2 @ a1.T, "W3": d3 @ a2.T}
        g |= {f"b{l}": d.sum(axis=1, keepdims=True) for l, d in ((1, d1), (2, d2), (3, d3))}
        faulty = {
            "square weight transposed": {"W2": g["W2"].T},
            "rectangular weight transposed": {"W1": g["W1"].T},
            "bias of one point": {"b2": d2[:, :1]},
            "bias not summed": {"b2": d2},
            "one sign": {"W2": -g["W2"]},
            "regularization added": {"W2": g["W2"] + 0.1 * p["W2"]},
            "bias as a row": {"b1": g["b1"].T},
        }
        g |= faulty.get(self.fault, {})
        return {name: g[name] for name in p}


ALL = ("W1", "b1", "W2", "b2", "W3", "b3")
LIKELY = "activation-derivative"
FAULTS = {
    "sign": dict.fromkeys(ALL, "sign"),
    "1/N forgotten": dict.fromkeys(ALL, "factor"),
    "2 of the square": dict.fromkeys(ALL, "factor"),
    "no slope at the output": dict.fromkeys(ALL, LIKELY),
    "no slope in layer 2": dict.fromkeys(ALL[:4], LIKELY),
    "slope of the activation": dict.fromkeys(ALL[:4], LIKELY),
    "slope of another layer": dict.fromkeys(ALL[:4], LIKELY),
    "W for its transpose": dict.fromkeys(ALL[:2], LIKELY),
    "dropout factor missing": dict.fromkeys(ALL[:2], "factor"),
    "dropout mask missing": dict.fromkeys(ALL[:2], LIKELY),
    "square weight transposed": {"W2": "transposed"},
    "rectangular weight transposed": {"W1": "transposed"},
    "bias of one point": {"b2": "missing-sum"},
    "bias not summed": {"b2": "missing-sum"},
    "one sign": {"W2": "sign"},
    "regularization added": {"W2": "unknown"},
    "bias as a row": {"b1": "shape"},
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_named_and_what_is_right_is_left_alone(fault, seed):
    program = Program(fault, seed=seed)
    report = nn.diagnose(program.loss, program.params, program.gradients())
    assert {f.parameter: f.kind for f in report.findings} == dict.fromkeys(ALL, "right") | FAULTS[fault]
    assert not report.ok


@pytest.mark.parametrize("seed", [1, 2, 3])  # with seed 0 no unit of the last layer is awake
def test_relu_by_its_activations(seed):
    program = Program("ReLU' as >= 0 on activations", relu, seed)
    findings = nn.diagnose(program.loss, program.params, program.gradients()).findings
    kinds = {finding.parameter: finding.kind for finding in findings}
    assert kinds == dict.fromkeys(ALL, "right") | dict.fromkeys(ALL[:4], LIKELY)


@pytest.mark.parametrize(("fault", "factor"), [("1/N forgotten", 5), ("2 of the square", 2), ("sign", -1)])
def test_the_factor_is_told(fault, factor):
    program = Program(fault)
    for finding in nn.diagnose(program.loss, program.params, program.gradients()).findings:
        assert finding.factor == pytest.approx(factor, rel=1e-6)


def test_a_forgotten_use_of_shared_weights_is_not_right():
    rng = np.random.default_rng(1)
    W, b, x, y = (
        rng.normal(size=(3, 3)),
        rng.normal(size=(3, 1)),
        rng.normal(size=(3, 1)),
        rng.normal(size=(3, 1)),
    )

    def loss(p):
        z1 = p["W"] @ x + p["b"]
        return 0.5 * ((p["W"] @ z1 + p["b"] - y) ** 2).sum()

    z1 = W @ x + b
    delta = W @ z1 + b - y
    report = nn.diagnose(loss, {"W": W, "b": b}, {"W": delta @ z1.T, "b": delta})
    assert {finding.kind for finding in report.findings} == {LIKELY}
    assert "one use of shared weights" in str(report)


@pytest.mark.parametrize("activation", [np.tanh, relu])
def test_a_thousand_right_ones_raise_no_alarm(activation):
    for seed in range(500):
        program = Program(activation=activation, seed=seed)
        report = nn.diagnose(program.loss, program.params, program.gradients())
        assert report.ok, f"{seed}\n{report}"


def test_at_a_kink_it_says_so_and_judges_the_rest():
    params = [np.array([[0.0, 2.0]])]
    report = nn.diagnose(lambda p: float(relu(p[0]).sum()), params, [np.array([[0.0, 1.0]])])
    (finding,) = report.findings
    assert (finding.kind, finding.doubtful) == ("right", ((1, 1),))
    assert "kink" in str(report)
    wrong = nn.diagnose(lambda p: float(relu(p[0]).sum()), params, [np.array([[0.0, 3.0]])])
    assert wrong.findings[0].wrong == ((1, 2),)


def test_it_writes_into_nothing_and_a_loss_that_does_harms_nothing():
    program = Program("sign")
    before = {name: value.copy() for name, value in program.params.items()}

    def careless(p):
        value = program.loss(p)
        for array in p.values():
            array[:] = 0
        return value

    gradients = program.gradients()
    kept = {name: value.copy() for name, value in gradients.items()}
    report = nn.diagnose(careless, program.params, gradients)
    assert all(finding.kind == "sign" for finding in report.findings)
    for name in ALL:
        assert (program.params[name] == before[name]).all()
        assert (gradients[name] == kept[name]).all()


def test_lists_rows_one_dimensional_biases_and_single_precision():
    rng = np.random.default_rng(2)
    W, b, x = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(4, 3))

    def loss(p):
        return np.float32(0.5 * ((x @ p[0] + p[1]) ** 2).sum())

    delta = x @ W + b
    right = [(x.T @ delta).astype(np.float32), delta.sum(axis=0)]
    assert nn.diagnose(loss, [W, b], right).ok
    report = nn.diagnose(loss, [W, b], [right[0], delta[0]])
    assert [f.kind for f in report.findings] == ["right", "missing-sum"]
    assert [f.parameter for f in report.findings] == ["params[0]", "params[1]"]


@pytest.mark.parametrize(
    ("params", "gradients", "loss", "error", "message"),
    [
        ({"W": [1.0]}, {"V": [1.0]}, sum, ValueError, "same keys; only one of them has V, W"),
        ({"W": [1.0]}, [[1.0]], sum, ValueError, "both be mappings"),
        ([[1.0]], [[1.0], [2.0]], sum, ValueError, "1 parameters need as many gradients, not 2"),
        ([["a"]], [[1.0]], sum, TypeError, r"params\[0\] holds <U1"),
        ([[1.0]], [[np.nan]], sum, ValueError, r"gradients\[0\] should hold finite"),
        ([[1.0]], [[1.0]], lambda _: [1, 2], TypeError, "one real number"),
        ([[1.0]], [[1.0]], lambda _: np.inf, ValueError, "is inf: there is nothing to measure"),
    ],
)
def test_bad_input_gets_one_clear_error(params, gradients, loss, error, message):
    with pytest.raises(error, match=message):
        nn.diagnose(loss, params, gradients)
