"""Gradients in double and in single precision against JAX's, on 2,000 random networks.

Single precision is compared twice: with JAX in single precision, which adds its own rounding; and with JAX in
double precision from the very same numbers, so that the rounding of nnlib is seen alone. JAX is compiled
(``jax.jit``), as people use it: operation by operation its single precision reaches an error of 1.5e-5 where
five softmaxes stand in a row. It is no package of the book's: ``pip install -r requirements-bench.txt``
brings it.
"""

import numpy as np
import pytest

import nnlib as nn
from tests.test_gradients import Case

jax = pytest.importorskip("jax", reason="the oracle, JAX, is not installed: see requirements-bench.txt")
jnp = jax.numpy

NETWORKS, PORTION = 2000, 100
TOLERANCE = {"float64": 1e-12, "float32": 1e-5}
PRECISIONS = [("float64", "float64"), ("float32", "float32"), ("float32", "float64")]  # of nnlib, of JAX
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


by_jax = jax.jit(jax.value_and_grad(loss, argnums=(0, 1)), static_argnames=("uses", "name"))


def agree(ours, theirs, tolerance, floor):
    """Relative to the largest entry; ``floor`` is what rounding leaves of a gradient that is 0."""
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance * max(np.abs(theirs).max(), floor))


@pytest.mark.parametrize("start", range(0, NETWORKS, PORTION))
@pytest.mark.parametrize(("ours", "theirs"), PRECISIONS)
def test_loss_and_gradients_are_those_of_jax(ours, theirs, start):
    with jax.enable_x64(theirs == "float64"):
        for seed in range(start, start + PORTION):
            compare(Case(seed), ours, theirs)
    jax.clear_caches()


def compare(case, kind, precision):
    """One network, in both conventions: numbers of this kind, and JAX in that precision."""
    distinct = list({id(layer): layer for layer in case.layers}.values())
    parameters = [(W.astype(kind), b.astype(kind)) for W, b, _ in distinct]
    number = {id(layer): k for k, layer in enumerate(distinct)}
    uses = tuple((number[id(layer)], layer[2]) for layer in case.layers)
    x, y = case.x.astype(kind), case.y.astype(kind)
    given = jax.tree.map(lambda m: m.astype(precision), (parameters, x, y))
    value, (by_parameters, by_x) = jax.tree.map(np.asarray, by_jax(*given, uses=uses, name=case.loss))
    assert by_x.dtype == precision
    largest = max(float(np.abs(m).max()) for pair in by_parameters for m in pair)
    for convention, turn in (("column", np.asarray), ("row", np.transpose)):
        made = [nn.Dense(turn(W), turn(b), f) for (W, b), (_, _, f) in zip(parameters, distinct, strict=True)]
        net = nn.Network([made[k] for k, _ in uses], case.loss, convention)
        ours, grads = net.value_and_gradients(turn(x), turn(y))
        assert ours == pytest.approx(float(value), rel=TOLERANCE[kind])
        for layer, pair in zip(made, by_parameters, strict=True):
            for one, other in zip(grads.of(layer), pair, strict=True):
                assert one.dtype == kind
                agree(one, turn(other), TOLERANCE[kind], FLOOR[kind] * largest)
        found = net.backward(net.forward(turn(x)), turn(y), wrt_input=True).a[0]
        agree(found, turn(by_x), TOLERANCE[kind], FLOOR[kind] * largest)
