"""The gradient as a sum over parts of the data: a map over the parts, and a reduce of what they give.

Each part's loss and gradients are computed where the part is: here, or on the workers of Dask, processes of
this machine or of many. Only parameters and gradients travel. A worker that is lost loses nothing: what it
held is computed again from how it came to be. Dask is imported when workers are asked for, and not before.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.demands import require_rate, require_real, require_whole
from nnlib.layers import Dense, as_activation
from nnlib.losses import as_loss
from nnlib.network import Network
from nnlib.shapes import as_matrix, require_convention
from nnlib.training import History, moved_layer, require_finite

Data = tuple[Any, Any]  # x and target
Pair = tuple[Array, Array]  # W and b, or their derivatives

_MEANS = {"mean_squared_error"}  # the loss of N points is their mean; all others are sums


def split(x: Any, target: Any, count: int, convention: str = "column") -> list[Data]:
    """Data points in so many parts, of sizes as equal as can be, in their order.

    Parameters
    ----------
    x, target : array_like
        S₀ × N and S_L × N (columns), or N × S₀ and N × S_L (rows).
    count : int
        How many parts; from 1 to N.
    convention : str
        ``"column"`` or ``"row"``.

    Raises
    ------
    ValueError
        For a count or a convention that there is not, or x and target of different numbers of points.
    ShapeError
        For x or target that is no matrix.

    Examples
    --------
    >>> import nnlib as nn
    >>> nn.distributed.split([[1, 2, 3]], [[4, 5, 6]], 2)
    [(array([[1., 2.]]), array([[4., 5.]])), (array([[3.]]), array([[6.]]))]
    """
    require_convention(convention)
    require_whole("count", count, 1)
    axis = 1 if convention == "column" else 0
    x, target = _as_table(x, "x", convention), _as_table(target, "target", convention)
    points = x.shape[axis]
    if target.shape[axis] != points:
        raise ValueError(f"x has {points} data points, and target {target.shape[axis]}")
    if count > points:
        raise ValueError(f"{points} data points make 1 to {points} parts, not {count}")
    return list(zip(*(np.array_split(data, count, axis=axis) for data in (x, target)), strict=True))


def _as_table(value: Any, name: str, convention: str) -> Array:
    if getattr(value, "ndim", None) == 2:
        return np.asarray(value)  # no copy: it may be large, or on a disk
    hint = "S × N" if convention == "column" else "N × S"
    return as_matrix(value, name, f"{hint}, one {convention} a data point")


@contextmanager
def workers(count: int = 2) -> Iterator[Any]:
    """A Dask client: of that many processes of this machine; or of the scheduler that Dask is told of.

    Where ``DASK_SCHEDULER_ADDRESS`` (or Dask's own configuration) names a scheduler, it is that one, with as
    many workers as it has, and it goes on afterwards. Otherwise the processes listen on 127.0.0.1 alone, and
    have ended when the block ends.

    Parameters
    ----------
    count : int
        How many processes, each with one thread.

    Raises
    ------
    ImportError
        Where there is no Dask.

    Examples
    --------
    >>> import nnlib as nn
    >>> with nn.distributed.workers(2) as client:  # doctest: +SKIP
    ...     parts = nn.distributed.Parts(nn.distributed.split(x, target, 4), client)
    """
    try:
        import dask  # noqa: PLC0415  a chapter's, not nnlib's
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError:
        raise ImportError("nnlib.distributed.workers needs Dask: pip install dask distributed") from None
    if address := dask.config.get("scheduler-address", None):
        with Client(address) as client:
            yield client
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=folder,
            silence_logs=logging.CRITICAL,  # a lost worker is no reason to shout
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


class Parts:
    """Data in parts, and what is to be learned from all of them together.

    Parameters
    ----------
    parts : sequence
        Of pairs (x, target), or of functions that give one: so that each machine reads its own.
    client : distributed.Client, optional
        Where the parts are and are computed with; here, one after the other, if there is none.

    Raises
    ------
    ValueError
        For no part at all.

    Examples
    --------
    >>> import numpy as np, nnlib as nn
    >>> x, target = np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 4.0, 7.0]])
    >>> net = nn.Network([nn.Dense([[1.0]], [[0.0]])])
    >>> loss, gradients = nn.distributed.Parts(nn.distributed.split(x, target, 2)).value_and_gradients(net)
    >>> whole, together = net.value_and_gradients(x, target)
    >>> loss == float(whole), gradients[net.layers[0]][0].item() == together.W[1].item()
    (True, True)
    """

    def __init__(self, parts: Sequence[Data | Callable[[], Data]], client: Any = None) -> None:
        if not len(parts):
            raise ValueError("the sum over no parts is no gradient; hand in one at least")
        self.client = client
        self.parts = list(parts) if client is None else [client.submit(_load, p, pure=False) for p in parts]

    def value_and_gradients(self, net: Network) -> tuple[float, dict[Dense, Pair]]:
        """The loss of all data points, and (∂L/∂W, ∂L/∂b) of each layer; of a shared one, over all its uses.

        Parameters
        ----------
        net : Network
            Of nnlib's own activations and losses: they travel by name.

        Raises
        ------
        ValueError
            For an activation or a loss that is not nnlib's own.
        TypeError
            For a network or a part of symbols or complex numbers, or a part that is no pair.
        ShapeError, TypeError, ValueError
            As ``net.value_and_gradients``, of a part; the message names the part.
        """
        require_real(net.layers)
        plan, own = _Plan.of(net), list(dict.fromkeys(net.layers))
        task, parts = partial(_of_numbered, plan=plan), list(enumerate(self.parts, start=1))
        parameters = [(layer.W, layer.b) for layer in own]
        if self.client is None:
            total = reduce(_add, [task(k, _load(part), parameters) for k, part in parts])
        else:
            sent = self.client.submit(_given, parameters, pure=False)  # once to each worker, not to each part
            total = self._reduced(
                [self.client.submit(task, k, part, sent, pure=False) for k, part in parts]
            ).result()
        count = total.points if net.loss.name in _MEANS else 1
        pairs = [(dW / count, db / count) for dW, db in total.pairs]
        return total.loss / count, dict(zip(own, pairs, strict=True))

    def gradient_descent(self, net: Network, rate: float, steps: int) -> History:
        """Take steps W ← W − rate · ∂L/∂W and b ← b − rate · ∂L/∂b, L the loss of all parts together.

        As ``nn.gradient_descent`` with all data in one place, up to rounding.

        Parameters
        ----------
        net : Network
            Where to begin, of nnlib's own activations and losses; it stays as it is.
        rate : float
            The learning rate, greater than 0.
        steps : int
            How many steps.

        Raises
        ------
        ValueError
            For a rate that is not positive and finite, or a number of steps that is none.
        FloatingPointError
            When the loss or a parameter is or becomes infinite or NaN; the message names the step.
        ShapeError, TypeError, ValueError
            As ``value_and_gradients``.

        Examples
        --------
        >>> import nnlib as nn
        >>> parts = nn.distributed.Parts([([[1.0]], [[2.0]]), ([[2.0]], [[4.0]])])
        >>> parts.gradient_descent(nn.Network([nn.Dense([[0.0]], [[0.0]])]), rate=0.1, steps=100)
        History(100 steps, loss 10 → 0.004266)
        """
        require_rate(rate)
        require_whole("steps", steps, 0)
        losses = []
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is told with its step
            for step in range(steps + 1):
                loss, gradients = self.value_and_gradients(net)
                losses.append(require_finite(loss, "loss", step, rate))
                if step < steps:
                    net = net.with_layers(
                        {layer: moved_layer(layer, pair, rate, step + 1) for layer, pair in gradients.items()}
                    )
        return History(tuple(losses), net)

    def _reduced(self, futures: list[Any]) -> Any:
        """The sum of what the tasks give, two and two, on the workers; always in the same order."""
        while len(futures) > 1:
            pairs = [futures[k : k + 2] for k in range(0, len(futures), 2)]
            futures = [self.client.submit(_add, *p, pure=False) if len(p) == 2 else p[0] for p in pairs]
        return futures[0]


# ---- what runs on the workers ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sum:
    """Loss, gradients of each layer, and how many data points they are of."""

    loss: float
    pairs: tuple[Pair, ...]
    points: int


@dataclass(frozen=True)
class _Plan:
    """A network without its parameters, by names: small, and read by every process alike."""

    places: tuple[int, ...]  # which layer stands where: a shared one stands in several places
    activations: tuple[str, ...]
    loss: str
    convention: str

    @classmethod
    def of(cls, net: Network) -> _Plan:
        own = list(dict.fromkeys(net.layers))
        for layer in own:
            if not _is_own(layer.activation, as_activation):
                raise ValueError(f"{layer.activation.name} is not nnlib's own: activations travel by name")
        if not _is_own(net.loss, as_loss):
            raise ValueError(f"the loss {net.loss.name} is not nnlib's own: losses travel by name")
        places = tuple(own.index(layer) for layer in net.layers)
        names = tuple(layer.activation.name for layer in own)
        return cls(places, names, net.loss.name, net.convention)

    def network(self, parameters: Sequence[Pair]) -> Network:
        own = [Dense(W, b, name) for (W, b), name in zip(parameters, self.activations, strict=True)]
        return Network([own[place] for place in self.places], self.loss, self.convention)


def _is_own(thing: Any, named: Callable[[str], Any]) -> bool:
    try:
        return named(thing.name) is thing
    except ValueError:  # nothing of nnlib's has that name
        return False


def _given(parameters: Sequence[Pair]) -> Sequence[Pair]:
    return parameters


def _load(part: Data | Callable[[], Data]) -> Data:
    return part() if callable(part) else part


def _of_numbered(number: int, part: Data, parameters: Sequence[Pair], plan: _Plan) -> _Sum:
    """The map, with errors that name the part."""
    try:
        _require_part(part)
        return _of_part(part, parameters, plan)
    except (TypeError, ValueError) as error:
        raise type(error)(f"part {number}: {error}") from error


def _require_part(part: Any) -> None:
    try:
        x, target = part
    except (TypeError, ValueError):
        raise TypeError("it should be a pair (x, target), or a function that gives one") from None
    require_real(x=x, target=target)


def _of_part(part: Data, parameters: Sequence[Pair], plan: _Plan) -> _Sum:
    """The map: one part's share of the sum."""
    x, target = part
    net = plan.network(parameters)
    loss, gradients = net.value_and_gradients(x, target)
    points = np.shape(x)[1 if plan.convention == "column" else 0]
    count = points if plan.loss in _MEANS else 1  # a mean counts as often as it has points
    pairs = [gradients.of(layer) for layer in dict.fromkeys(net.layers)]
    return _Sum(float(loss) * count, tuple((dW * count, db * count) for dW, db in pairs), points)


def _add(one: _Sum, other: _Sum) -> _Sum:
    """The reduce: two shares are one."""
    pairs = zip(one.pairs, other.pairs, strict=True)
    together = tuple((dW + also_dW, db + also_db) for (dW, db), (also_dW, also_db) in pairs)
    return _Sum(one.loss + other.loss, together, one.points + other.points)
