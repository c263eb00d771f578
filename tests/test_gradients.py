"""Back-propagation against the complex step of a reference written apart, on 500 random networks."""

import random
from itertools import pairwise

import numpy as np
import pytest

import nnlib as nn
from tests import reference

ACTIVATIONS = ("identity", "sigmoid", "tanh", "relu", "softplus", "softmax")
SQUARES = ("squared_error", "mean_squared_error")
#: Every fitting pair of last activation and loss.
PAIRS = [(f, loss) for f in ACTIVATIONS for loss in SQUARES]
PAIRS += [("sigmoid", "cross_entropy"), ("softmax", "categorical_cross_entropy")]


class Case:
    """A random network: all sizes different, so that a lost transpose cannot hide; N different from all."""

    def __init__(self, seed):
        self.rng, self.normal = random.Random(seed), np.random.default_rng(seed).normal
        self.last, self.loss = PAIRS[seed % len(PAIRS)]
        self.shared = seed % 5 == 0
        depth = seed // len(PAIRS) % 6 + 1
        sizes = self.rng.sample(range(2 if self.last == "softmax" else 1, 9), depth + 1)
        if self.shared:  # A B A B …: the sizes alternate
            sizes = [sizes[l % 2] for l in range(depth + 1)]
        self.layers = []
        for l, (m, n) in enumerate(pairwise(sizes)):
            self.layers.append(self._layer(l, m, n, depth))
        points = self.rng.choice([n for n in range(1, 10) if n not in sizes])
        self.x, self.y = self.normal(size=(sizes[0], points)), self._target(sizes[-1], points)

    def _layer(self, l, m, n, depth):
        if self.shared and l > 1:
            return self.layers[l - 2]
        # A softmax of one unit is constant: its gradient would be rounding alone.
        inner = ACTIVATIONS if n > 1 else ACTIVATIONS[:-1]
        ends = l == depth - 1 or (self.shared and (depth - 1 - l) % 2 == 0)
        name = self.last if ends else self.rng.choice(inner)
        return self.normal(size=(n, m)) / m**0.5, self.normal(size=(n, 1)) / 2, name

    def _target(self, size, points):
        y = self.normal(size=(size, points))
        return {"cross_entropy": 1 / (1 + np.exp(-y)), "categorical_cross_entropy": y**2}.get(self.loss, y)

    def network(self, convention):
        turn = (lambda m: m) if convention == "column" else np.transpose
        made = {id(layer): nn.Dense(turn(layer[0]), turn(layer[1]), layer[2]) for layer in self.layers}
        net = nn.Network([made[id(layer)] for layer in self.layers], self.loss, convention)
        return net, turn


def agree(ours, theirs):
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12 * np.abs(theirs).max())


@pytest.mark.parametrize("seed", range(500))
def test_gradients_agree_with_the_complex_step_of_a_reference(seed):
    case = Case(seed)
    found, dx = reference.gradients(case.layers, case.loss, case.x, case.y)
    net, turn = case.network("column" if seed // 2 % 2 else "row")
    trace = net.forward(turn(case.x))
    grads = net.backward(trace, turn(case.y), wrt_input=True)
    distinct = list(dict.fromkeys(net.layers))
    assert len(distinct) == len(found)
    for layer, theirs in zip(distinct, found, strict=True):
        for ours, slope in zip(grads.of(layer), theirs, strict=True):
            agree(ours, turn(slope))
    agree(grads.a[0], turn(dx))
    value = reference.loss(case.layers, case.loss, case.x, case.y)
    assert net.loss_value(turn(case.x), turn(case.y)) == pytest.approx(value, rel=1e-12)
    agree(trace.output, turn(reference.output(case.layers, case.x)))


@pytest.mark.parametrize("seed", range(60))
def test_the_jacobian_agrees_with_the_complex_step_of_a_reference(seed):
    case = Case(seed)
    net, turn = case.network("column" if seed % 2 else "row")
    point = case.x[:, :1]
    slopes = reference.complex_step(lambda x: reference.output(case.layers, x), point)  # S₀ × 1 × S_L × 1
    agree(net.jacobian(turn(point)), slopes[:, 0, :, 0].T)


@pytest.mark.parametrize("seed", range(0, 500, 7))
def test_rows_are_columns_to_the_last_bit(seed):
    case = Case(seed)
    (columns, _), (rows, _) = case.network("column"), case.network("row")
    flat = np.ascontiguousarray  # rows laid out in memory as rows are, not as views on columns
    ours = columns.forward(case.x)
    theirs = rows.forward(flat(case.x.T))
    a = columns.backward(ours, case.y, wrt_input=True)
    b = rows.backward(theirs, flat(case.y.T), wrt_input=True)
    assert columns.loss_value(case.x, case.y) == rows.loss_value(case.x.T, flat(case.y.T))
    pairs = [(ours.z, theirs.z), (ours.a, theirs.a), (a.W, b.W), (a.b, b.b), (a.z, b.z), (a.a, b.a)]
    for one, other in pairs:
        assert list(one) == list(other)
        assert all((one[l] == other[l].T).all() for l in one)


def test_the_cases_are_what_they_are_meant_to_be():
    cases = [Case(seed) for seed in range(500)]
    assert {(case.layers[-1][2], case.loss) for case in cases} == set(PAIRS)
    assert {len(case.layers) for case in cases} == {1, 2, 3, 4, 5, 6}
    assert {layer[2] for case in cases for layer in case.layers[:-1]} == set(ACTIVATIONS)
    reused = [len({id(layer) for layer in case.layers}) < len(case.layers) for case in cases]
    assert 50 < sum(reused) < 250
