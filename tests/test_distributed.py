"""Gradients as sums over parts: equal to those of all data at once, here and on workers, lost ones too."""

import dataclasses
import os
import signal
import subprocess
import sys

import dask
import numpy as np
import pytest

import nnlib as nn
from nnlib.distributed import Parts, split, workers

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(4, 30)), RNG.normal(size=(3, 30))


def network(loss="squared_error", convention="column", seed=1, **options):
    return nn.Network.random((4, 5, 3), "tanh", loss, convention, seed=seed, **options)


def together(net, x=X, y=Y):
    loss, gradients = net.value_and_gradients(x, y)
    return float(loss), {layer: gradients.of(layer) for layer in net.layers}


def agree(found, expected, tolerance=1e-13):
    assert found[0] == pytest.approx(expected[0], rel=tolerance)
    assert found[1].keys() == expected[1].keys()
    for layer, pair in expected[1].items():
        for mine, its in zip(found[1][layer], pair, strict=True):
            assert abs(mine - its).max() <= tolerance * abs(its).max()


# ---- here ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 7, 30])
@pytest.mark.parametrize("loss", ["squared_error", "mean_squared_error"])
def test_the_sum_over_parts_is_the_gradient(loss, count):
    net = network(loss)
    agree(Parts(split(X, Y, count)).value_and_gradients(net), together(net))


def test_parts_of_unequal_sizes_and_rows():
    net = network("mean_squared_error", "row")
    parts = [(X.T[:1], Y.T[:1]), (X.T[1:20], Y.T[1:20]), (X.T[20:], Y.T[20:])]
    agree(Parts(parts).value_and_gradients(net), together(net, X.T, Y.T))
    agree(Parts(split(X.T, Y.T, 4, "row")).value_and_gradients(net), together(net, X.T, Y.T))


def test_shared_layers_and_losses_by_the_argument():
    shared = nn.Dense(RNG.normal(size=(4, 4)), RNG.normal(size=(4, 1)), nn.sigmoid)
    net = nn.Network([shared, shared], nn.cross_entropy)
    targets = RNG.random((4, 30))
    agree(Parts(split(X, targets, 3)).value_and_gradients(net), together(net, X, targets))
    net = network(nn.categorical_cross_entropy, output_activation=nn.softmax)
    shares = RNG.dirichlet(np.ones(3), size=30).T
    agree(Parts(split(X, shares, 3)).value_and_gradients(net), together(net, X, shares))


def test_descent_walks_the_same_path():
    net = network("mean_squared_error")
    here = nn.gradient_descent(net, X, Y, 0.1, 20)
    there = Parts(split(X, Y, 3)).gradient_descent(net, 0.1, 20)
    assert there.losses == pytest.approx(here.losses, rel=1e-12)
    for mine, its in zip(there.network.layers, here.network.layers, strict=True):
        assert abs(mine.W - its.W).max() < 1e-12


def test_bad_input_gets_one_clear_error():
    with pytest.raises(ValueError, match="sum over no parts"):
        Parts([])
    with pytest.raises(ValueError, match="30 data points make 1 to 30 parts, not 31"):
        split(X, Y, 31)
    with pytest.raises(ValueError, match="x has 30 data points, and target 29"):
        split(X, Y[:, 1:], 2)
    with pytest.raises(ValueError, match="unknown convention 'diagonal'"):
        split(X, Y, 2, "diagonal")
    for count in (0, 2.5, True, None):
        with pytest.raises(ValueError, match=f"count is {count}; it should be a whole number from 1"):
            split(X, Y, count)
    with pytest.raises(
        nn.ShapeError, match=r"x has shape 3 \(1-D\), but should be S × N, one column a data p"
    ):
        split([1, 2, 3], [4, 5, 6], 2)
    with pytest.raises(nn.ShapeError, match="target has rows of different lengths, but should be N × S"):
        split(X.T, [[1], [2, 3]], 2, "row")
    with pytest.raises(nn.ShapeError, match="target"):
        Parts([(X, Y[:2])]).value_and_gradients(network())
    with pytest.raises(FloatingPointError, match="smaller rate"):
        Parts(split(X, Y, 2)).gradient_descent(
            nn.Network.random((4, 3), "identity", "squared_error", seed=1), 1e80, 5
        )
    bent = dataclasses.replace(nn.tanh)
    with pytest.raises(ValueError, match="tanh is not nnlib's own: activations travel by name"):
        Parts([(X, Y)]).value_and_gradients(nn.Network([nn.Dense(np.ones((3, 4)), np.zeros((3, 1)), bent)]))
    swish = dataclasses.replace(nn.tanh, name="swish")
    with pytest.raises(ValueError, match="swish is not nnlib's own: activations travel by name"):
        Parts([(X, Y)]).value_and_gradients(nn.Network([nn.Dense(np.ones((3, 4)), np.zeros((3, 1)), swish)]))
    with pytest.raises(ValueError, match="the loss mine is not nnlib's own: losses travel by name"):
        Parts([(X, Y)]).value_and_gradients(network(dataclasses.replace(nn.squared_error, name="mine")))


@pytest.mark.parametrize(
    ("part", "error", "message"),
    [
        ((X, Y[:2]), nn.ShapeError, "part 2: target has shape 2 × 30"),
        ((X, 1j * Y), TypeError, "part 2: target is of type complex128"),
        ((X,), TypeError, r"part 2: it should be a pair \(x, target\), or a function that gives one"),
        (lambda: None, TypeError, "part 2: it should be a pair"),
    ],
    ids=["shape", "complex", "single", "nothing"],
)
def test_a_bad_part_is_told_by_its_number(part, error, message):
    with pytest.raises(error, match=message):
        Parts([(X, Y), part]).value_and_gradients(network())


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"rate": -1}, "rate is -1; it should be a positive number"),
        ({"rate": np.nan}, "rate is nan"),
        ({"rate": "0.1"}, "rate is '0.1'"),
        ({"steps": -3}, "steps is -3; it should be a whole number from 0"),
        ({"steps": 2.5}, "steps is 2.5"),
    ],
    ids=str,
)
def test_descent_refuses_a_rate_or_a_number_of_steps_that_is_none(setting, message):
    with pytest.raises(ValueError, match=message):
        Parts([(X, Y)]).gradient_descent(network(), **({"rate": 0.1, "steps": 2} | setting))


def test_descent_that_overshoots_is_told_with_the_step():
    with pytest.raises(FloatingPointError, match=r"W is no longer finite after step 1 .* say 1e\+307"):
        Parts([(X, Y)]).gradient_descent(network(), 1e308, 3)


def test_nnlib_does_not_import_dask():
    code = "import sys, nnlib; print([m for m in ('dask', 'distributed') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


# ---- on workers ------------------------------------------------------------------------------------------


class Deadly:
    """A part that takes the worker that first reads it with it."""

    def __init__(self, part, flag):
        self.part, self.flag = part, flag

    def __call__(self):
        if not self.flag.exists():
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.part


@pytest.fixture(scope="module")
def client():
    with (
        dask.config.set(scheduler_address=None),
        workers(2) as client,
    ):  # of this machine, in any surroundings
        yield client


def test_workers_give_the_same(client):
    net = network("mean_squared_error")
    agree(Parts(split(X, Y, 5), client).value_and_gradients(net), together(net))
    assert len(set(client.run(os.getpid).values()) - {os.getpid()}) == 2  # processes of their own
    addresses = client.scheduler_info()["workers"]
    assert all(address.startswith("tcp://127.0.0.1:") for address in addresses)


def test_large_parameters_travel_too(client):
    """As arguments by name of Dask's ``map``, more than 100 kB never arrived."""
    net = nn.Network.random((4, 3000, 3), "tanh", "squared_error", seed=2)
    agree(Parts(split(X, Y, 3), client).value_and_gradients(net), together(net), 1e-12)


def test_a_worker_lost_while_it_computes_loses_nothing(client, tmp_path):
    net = network("mean_squared_error")
    parts = split(X, Y, 4)
    parts[2] = Deadly(parts[2], tmp_path / "died")
    agree(Parts(parts, client).value_and_gradients(net), together(net))
    assert (tmp_path / "died").exists()


def test_a_worker_lost_between_two_steps_loses_nothing(client):
    net = network("mean_squared_error")
    parts = Parts(split(X, Y, 4), client)
    first = parts.gradient_descent(net, 0.1, 3)
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)  # with all parts that it held
    second = parts.gradient_descent(first.network, 0.1, 3)
    whole = nn.gradient_descent(net, X, Y, 0.1, 6)
    assert first.losses + second.losses[1:] == pytest.approx(whole.losses, rel=1e-12)


def test_an_error_on_a_worker_is_raised_here(client):
    with pytest.raises(nn.ShapeError, match="part 1: target"):
        Parts([(X, Y[:2])], client).value_and_gradients(network())


def test_no_process_is_left_behind():
    with workers(1) as client:
        (process,) = client.run(os.getpid).values()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_scheduler_that_dask_is_told_of_is_taken(client):
    with dask.config.set(scheduler_address=client.scheduler.address), workers(7) as other:
        assert other.scheduler.address == client.scheduler.address
        assert Parts([(X, Y)], other).value_and_gradients(network())[0] > 0
    assert client.submit(sum, [1, 2]).result() == 3  # it goes on
