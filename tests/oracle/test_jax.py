"""Gradients in double and in single precision against JAX's, on 2,000 random networks.

JAX computes in double precision, from the very numbers that nnlib gets: so what is seen is the rounding of
nnlib alone. (JAX's own, in single precision, reaches 1.5e-5 where five softmaxes stand in a row.) It is no
package of the book's: ``pip install -r requirements-bench.txt`` brings it.
"""

import numpy as np
import pytest

import nnlib as nn
from tests.test_gradients import Case

jax = pytest.importorskip("jax", reason="the oracle, JAX, is not installed: see requirements-bench.txt")
jnp = jax.numpy

NETWORKS, PORTION = 2000, 100
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
# A gradient may be far smaller than the terms that it is the sum of; then both have rounded digits away. So
# an entry counts relative to the largest of its matrix, or to this part of the largest of all.
FLOOR = {"float64": 1e-3, "float32": 0.1}

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "softplus": jax.nn.softplus,
    "softmax": lambda z: jax.nn.softmax(z, axis=0),
}


def loss(parameters, x, y, uses, name):
    """The loss, data points in columns; ``uses`` has the number of the parameters and f of every layer."""
    a = x
    for number, f in uses:
        W, b = parameters[number]
        z = W @ a + b
        a = ACTIVATIONS[f](z)
    match name:
        case "cross_entropy":
            return (y * jax.nn.softplus(-z) + (1 - y) * jax.nn.softplus(z)).sum()
        case "categorical_cross_entropy":
            return -(y * jax.nn.log_softmax(z, axis=0)).sum()
    return ((a - y) ** 2).sum() / (2 * (y.shape[1] if name == "mean_squared_error" else 1))


by_jax = jax.value_and_grad(loss, argnums=(0, 1))


def agree(ours, theirs, tolerance, floor):
    """Relative to the largest entry; ``floor`` is what rounding leaves of a gradient that is 0."""
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert theirs.dtype == np.float64
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * max(np.abs(theirs).max(), floor))


@pytest.mark.parametrize("start", range(0, NETWORKS, PORTION))
@pytest.mark.parametrize("kind", TOLERANCE)
def test_loss_and_gradients_are_those_of_jax(kind, start):
    with jax.enable_x64(True):
        for seed in range(start, start + PORTION):
            compare(Case(seed), kind)


def compare(case, kind):
    """One network, in both conventions."""
    distinct = list({id(layer): layer for layer in case.layers}.values())
    parameters = [(W.astype(kind), b.astype(kind)) for W, b, _ in distinct]
    number = {id(layer): k for k, layer in enumerate(distinct)}
    uses = [(number[id(layer)], layer[2]) for layer in case.layers]
    x, y = case.x.astype(kind), case.y.astype(kind)
    double = jax.tree.map(np.float64, (parameters, x, y))
    value, (by_parameters, by_x) = by_jax(*double, uses, case.loss)
    largest = max(float(jnp.abs(m).max()) for pair in by_parameters for m in pair)
    for convention, turn in (("column", np.asarray), ("row", np.transpose)):
        made = [nn.Dense(turn(W), turn(b), f) for (W, b), (_, _, f) in zip(parameters, distinct, strict=True)]
        net = nn.Network([made[k] for k, _ in uses], case.loss, convention)
        ours, grads = net.value_and_gradients(turn(x), turn(y))
        assert ours == pytest.approx(float(value), rel=TOLERANCE[kind])
        for layer, pair in zip(made, by_parameters, strict=True):
            for one, other in zip(grads.of(layer), pair, strict=True):
                assert one.dtype == kind
                agree(one, turn(np.asarray(other)), TOLERANCE[kind], FLOOR[kind] * largest)
        found = net.backward(net.forward(turn(x)), turn(y), wrt_input=True).a[0]
        agree(found, turn(np.asarray(by_x)), TOLERANCE[kind], FLOOR[kind] * largest)
