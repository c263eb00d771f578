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
        ([[1.0]], [[np.nan]], sum, ValueError, r"gradients\[0\] holds nan at entry 1; every entry"),
        ({"W": [[1.0, 2.0]]}, {"W": [[1.0, np.inf]]}, sum, ValueError, "∂L/∂W holds inf at row 1, column 2"),
        ([[1.0]], [np.nan], sum, ValueError, r"gradients\[0\] holds nan; every entry"),
        ({}, {}, sum, ValueError, r"params is empty: .* Hand in {'W': W}, say, or \[W\]"),
        ([], [], sum, ValueError, "params is empty"),
        (np.ones((2, 3)), np.ones((2, 3)), sum, TypeError, r"params is of type ndarray, .* or \[W\]"),
        ([[1.0]], np.ones((1, 1)), sum, TypeError, "gradients is of type ndarray"),
        (np.array(1.0), np.array(1.0), sum, TypeError, "params is of type ndarray"),
        (1.0, 1.0, sum, TypeError, "params is of type float"),
        ((w for w in [[1.0]]), [[1.0]], sum, TypeError, "params is of type generator"),
        ("ab", "ab", sum, TypeError, "params is of type str"),
        ([[[1.0, 2.0], [3.0]]], [[1.0]], sum, nn.ShapeError, r"params\[0\] has rows of different lengths"),
        ([(np.ones((2, 3)), np.ones(2))], [[1.0]], sum, TypeError, r"params\[0\] is a tuple of arrays"),
        (
            [(np.ones(2), np.ones(2))],
            [[1.0]],
            sum,
            TypeError,
            r"params\[0\] is a tuple .* every array by itse",
        ),
        ({"one": {"W": [1.0]}}, {"one": {"W": [1.0]}}, sum, TypeError, "one is a dict of arrays"),
        ([np.ones((0, 2))], [np.ones((0, 2))], sum, ValueError, r"params\[0\] is empty \(shape 0 × 2\)"),
        ([np.ma.array([1.0, 2.0], mask=[0, 1])], [[1.0, 2.0]], sum, ValueError, r"params\[0\] has masked"),
        ([[1.0]], [[1.0]], None, TypeError, "loss is None; it should be a function"),
        ([[1.0]], [[1.0]], lambda _: [1, 2], TypeError, "one real number"),
        ([[1.0]], [[1.0]], lambda _: np.inf, ValueError, "is inf: there is nothing to measure"),
    ],
)
def test_bad_input_gets_one_clear_error(params, gradients, loss, error, message):
    with pytest.raises(error, match=message):
        nn.diagnose(loss, params, gradients)


# ---- other shapes, other names, other data ---------------------------------------------------------------


def one_output(fault="", points=5, seed=0):
    """A 4-3-1 network of sigmoids: its last weights are a row, its last bias is one number."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(4, points)), rng.normal(size=(1, points))
    params = {"W1": rng.normal(size=(3, 4)), "b1": rng.normal(size=(3, 1))}
    params |= {"W2": rng.normal(size=(1, 3)), "b2": rng.normal(size=(1, 1))}

    def forward(p):
        a1 = 1 / (1 + np.exp(-(p["W1"] @ x + p["b1"])))
        return a1, 1 / (1 + np.exp(-(p["W2"] @ a1 + p["b2"])))

    a1, a2 = forward(params)
    d2 = (a2 - y) * (1 if fault == "no slope at the output" else a2 * (1 - a2)) / points
    d2 = d2 * {"1/N forgotten": points, "sign": -1}.get(fault, 1)
    d1 = params["W2"].T @ d2 * (1 if fault == "no slope in layer 1" else a1 * (1 - a1))
    gradients = {"W1": d1 @ x.T, "b1": d1.sum(axis=1, keepdims=True), "W2": d2 @ a1.T}
    gradients["b2"] = d2[:, :1] if fault == "bias of one point" else d2.sum(axis=1, keepdims=True)
    return lambda p: ((forward(p)[1] - y) ** 2).sum() / (2 * points), params, gradients


ONE_OUTPUT = {
    "": ["right"] * 4,
    "1/N forgotten": ["factor"] * 4,
    "sign": ["sign"] * 4,
    "no slope at the output": [LIKELY] * 4,
    "no slope in layer 1": [LIKELY, LIKELY, "right", "right"],
    "bias of one point": ["right", "right", "right", "missing-sum"],
}
ORDERS = [
    ("W1", "b1", "W2", "b2"),
    ("W1", "W2", "b1", "b2"),
    ("b1", "W1", "b2", "W2"),
    ("W2", "b2", "W1", "b1"),
]


@pytest.mark.parametrize("order", ORDERS, ids="".join)
@pytest.mark.parametrize("fault", ONE_OUTPUT)
def test_names_tell_what_belongs_together_in_any_order(fault, order):
    loss, params, gradients = one_output(fault)
    expected = dict(zip(params, ONE_OUTPUT[fault], strict=True))
    found = nn.diagnose(loss, {n: params[n] for n in order}, {n: gradients[n] for n in order}).findings
    assert {f.parameter: f.kind for f in found} == expected


@pytest.mark.parametrize("order", ORDERS[:3], ids="".join)
@pytest.mark.parametrize("fault", ONE_OUTPUT)
def test_so_do_shapes_in_a_list(fault, order):
    loss, params, gradients = one_output(fault)
    expected = dict(zip(params, ONE_OUTPUT[fault], strict=True))
    found = nn.diagnose(
        lambda p: loss(dict(zip(order, p, strict=True))),
        [params[n] for n in order],
        [gradients[n] for n in order],
    ).findings
    assert [f.kind for f in found] == [expected[n] for n in order]


def many_points(seed, points, scale=1.0, dtype=np.float64):
    """Many ReLUs that switch near by: small kinks, close together."""
    rng = np.random.default_rng(seed)
    x, y = (rng.normal(size=(points, 4)) * scale).astype(dtype), rng.normal(size=(points, 1)).astype(dtype)
    params = [
        rng.normal(size=(4, 6)) / scale,
        rng.normal(size=6),
        rng.normal(size=(6, 1)),
        rng.normal(size=1),
    ]

    def forward(p):
        W1, b1, W2, b2 = (array.astype(dtype) for array in p)
        z = x @ W1 + b1
        return z, relu(z), relu(z) @ W2 + b2, W2

    z, a, output, W2 = forward(params)
    d2 = (output - y) / points
    d1 = d2 @ W2.T * (z > 0)
    return (
        lambda p: float(((forward(p)[2] - y) ** 2).mean() / 2),
        params,
        [x.T @ d1, d1.sum(axis=0), a.T @ d2, d2.sum(axis=0)],
    )


@pytest.mark.parametrize(
    "data", [{"points": 1000}, {"points": 300, "scale": 100.0}, {"points": 100, "dtype": np.float32}], ids=str
)
def test_small_kinks_and_single_precision_raise_no_alarm_either(data):
    """With differences that look from afar only, one in four of these was called wrong."""
    for seed in range(10):
        loss, params, gradients = many_points(seed, **data)
        assert nn.diagnose(loss, params, gradients).ok
        gradients[0] = -gradients[0]
        assert nn.diagnose(loss, params, gradients).findings[0].kind == "sign"


def test_a_loss_that_draws_random_numbers_is_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="does it draw random numbers, for dropout"):
        nn.diagnose(lambda p: float((p[0] * rng.random(3)).sum()), [np.ones(3)], [np.ones(3)])


def test_what_cannot_be_judged_is_not_called_right():
    report = nn.diagnose(lambda p: float(relu(p["w"]).sum()), {"w": np.zeros(2)}, {"w": np.zeros(2)})
    assert "? not judged" in str(report)
    assert "No gradient that could be judged is wrong" in str(report)
    assert "kink" in str(report)
    assert not report.ok


def almost_linear(factor, scale, see=float, constant=0.0):
    """A 2-3-1 network of tanh(scale · z); what is given for its first layer is ``factor`` times right."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 5)), rng.normal(size=(1, 5))
    params = {"W1": rng.normal(size=(3, 2)), "b1": rng.normal(size=(3, 1))}
    params |= {"W2": rng.normal(size=(1, 3)), "b2": rng.normal(size=(1, 1))}

    def forward(p):
        a1 = np.tanh(scale * (p["W1"] @ x + p["b1"]))
        return a1, p["W2"] @ a1 + p["b2"]

    a1, a2 = forward(params)
    d2 = a2 - y
    d1 = factor * scale * (params["W2"].T @ d2) * (1 - a1**2)
    gradients = {"W1": d1 @ x.T, "b1": d1.sum(axis=1, keepdims=True)}
    gradients |= {"W2": d2 @ a1.T, "b2": d2.sum(axis=1, keepdims=True)}
    return lambda p: see(((forward(p)[1] - y) ** 2).sum() / 2 + constant), params, gradients


@pytest.mark.parametrize("factor", [1, -1, 2])
@pytest.mark.parametrize(
    ("how", "lost"),
    [
        ({"scale": 1e-4, "see": np.float32}, ["W1", "b1", "W2"]),
        ({"scale": 1e-12}, ["W1", "b1", "W2"]),
        ({"scale": 1.0, "constant": 1e12}, ["W1", "b1", "W2", "b2"]),
    ],
    ids=str,
)
def test_a_loss_too_coarse_for_the_slopes_judges_nothing(how, lost, factor):
    """A flipped sign was called right, with an error of 0."""
    report = nn.diagnose(*almost_linear(factor, **how))
    assert [f.parameter for f in report.findings if f.kind == "not-judged"] == lost
    assert not report.ok
    assert "W1: nothing of it could be judged; slopes so small are lost in the rounding" in str(report)
    row = next(line for line in str(report).splitlines() if line.startswith("W1"))
    assert row.split() == ["W1", "?", "not", "judged"]


def test_nor_does_it_call_a_forgotten_gradient_right():
    report = nn.diagnose(*almost_linear(0, 1e-4, np.float32))
    assert [f.mark for f in report.findings] == ["?", "?", "?", "✓"]


def test_the_same_slopes_in_double_precision_are_judged():
    findings = nn.diagnose(*almost_linear(-1, 1e-4)).findings
    assert [f.kind for f in findings] == ["sign", "sign", "right", "right"]


@pytest.mark.parametrize("noise", [0.0, 1e-17])
def test_a_zero_for_a_zero_is_right(noise):
    """A bias before a normalization, a unit that sleeps: slopes of 0, up to rounding."""
    x = np.random.default_rng(5).normal(size=(3, 4))

    def loss(p):
        z = p["W"] @ x + p["b"]
        return float((np.tanh(z - z.mean(axis=1, keepdims=True)) ** 2).sum() / 2 + 0 * p["asleep"].sum())

    W, b = np.array([[1.0, -0.5, 2.0], [0.3, 0.7, -1.0]]), np.array([[0.4], [-0.2]])
    z = W @ x
    a = np.tanh(z - z.mean(axis=1, keepdims=True))
    delta = a * (1 - a**2)
    delta -= delta.mean(axis=1, keepdims=True)
    given = {"W": delta @ x.T, "b": np.full((2, 1), noise), "asleep": np.zeros(5)}
    report = nn.diagnose(loss, {"W": W, "b": b, "asleep": np.ones(5)}, given)
    assert report.ok, str(report)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.ones((3, 4)), "✗ it has another shape than its parameter: 3 × 4, not 3 × 1"),
        (np.array(7.0), "✗ it has another shape than its parameter: a number, not 3 × 1"),
        (
            2.0 * np.arange(1, 4),
            "its entries are right and only its shape is not: hand in .reshape(3, 1), or sum",
        ),
    ],
    ids=["matrix", "number", "flat"],
)
def test_another_shape_is_told_with_both(given, words):
    b = np.array([[1.0], [2.0], [3.0]])
    report = nn.diagnose(lambda p: float((p["b"] ** 2).sum()), {"b": b}, {"b": given})
    assert words in str(report)


@pytest.mark.parametrize(("factor", "words"), [(1.000002, "1.000002"), (0.999998, "0.999998"), (3, "3")])
def test_a_factor_near_1_is_told_with_as_many_digits_as_it_needs(factor, words):
    W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    report = nn.diagnose(lambda p: float((p["W"] ** 2).sum()), {"W": W}, {"W": 2 * factor * W})
    assert report.findings[0].words == f"off by the factor {words}"
    assert nn.Finding("W", "factor", 1 + 3e-9, 1.0, (), (), "1 × 1").words.endswith("1.000000003")


def test_hints():
    loss, params, gradients = one_output()
    gradients["W1"] = gradients["W1"] + 0.1 * params["W1"]
    assert "0.1 times the parameter itself" in str(nn.diagnose(loss, params, gradients))
    loss, params, gradients = one_output("no slope in layer 1")
    assert "b1: right again from W2 on" in str(nn.diagnose(loss, params, gradients))
    loss, params, gradients = one_output()
    gradients["b1"] = 0 * gradients["b1"]
    assert "0 everywhere, and should not be" in str(nn.diagnose(loss, params, gradients))


def test_rows_used_twice_in_an_embedding():
    rng = np.random.default_rng(3)
    words, y = np.array([0, 2, 2, 5, 0, 1]), rng.normal(size=(6, 2))
    params = {"E": rng.normal(size=(7, 3)), "W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}

    def loss(p):
        return ((p["E"][words] @ p["W"] + p["b"] - y) ** 2).sum() / 2

    delta = params["E"][words] @ params["W"] + params["b"] - y
    right, wrong = np.zeros((7, 3)), np.zeros((7, 3))
    np.add.at(right, words, delta @ params["W"].T)
    wrong[words] += delta @ params["W"].T
    gradients = {"W": params["E"][words].T @ delta, "b": delta.sum(axis=0)}
    assert nn.diagnose(loss, params, {"E": right} | gradients).ok
    report = nn.diagnose(loss, params, {"E": wrong} | gradients)
    assert [f.kind for f in report.findings] == ["missing-sum", "right", "right"]
    assert [place[0] for place in report.findings[0].wrong] == [1] * 3 + [3] * 3
