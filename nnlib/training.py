"""Gradient descent: a step against the gradient, again and again, by all data or by batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm.auto import tqdm  # type: ignore[import-untyped]

from nnlib.activations import Array
from nnlib.demands import as_generator, require_rate, require_real, require_whole
from nnlib.layers import Dense
from nnlib.network import Network
from nnlib.passes import Gradients


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """What gradient descent leaves behind.

    Attributes
    ----------
    losses : tuple of float
        ``losses[k]`` is the loss of all data after k steps (or k epochs): one more than there were.
    network : Network
        The trained network, a new one; ``losses[-1]`` is its loss.
    counted : str
        What ``losses`` counts: ``"steps"`` or ``"epochs"``.

    Examples
    --------
    >>> import nnlib as nn
    >>> history = nn.gradient_descent(nn.Network([nn.Dense([[1]], [[0]])]), [[1]], [[3]], rate=0.5, steps=2)
    >>> history
    History(2 steps, loss 2 → 0)
    """

    losses: tuple[float, ...]
    network: Network
    counted: str = "steps"

    def __repr__(self) -> str:
        first, last = self.losses[0], self.losses[-1]
        return f"History({len(self.losses) - 1} {self.counted}, loss {first:.4g} → {last:.4g})"


def gradient_descent(
    net: Network, x: Any, target: Any, rate: float, steps: int, progress: bool | None = None
) -> History:
    """Take ``steps`` steps W ← W − rate · ∂L/∂W and b ← b − rate · ∂L/∂b, L the loss of all data points.

    The network handed in stays as it is. Layers that it shares stay shared: they move by the sum over every
    use.

    Parameters
    ----------
    net : Network
        Where to begin; of numbers.
    x, target : array_like
        All data points, S₀ × N and S_L × N (columns) or N × S₀ and N × S_L (rows).
    rate : float
        The learning rate, greater than 0.
    steps : int
        How many steps.
    progress : bool, optional
        Whether a bar shows how far it is. Left out: on a terminal, when it takes longer than a second.

    Raises
    ------
    ValueError
        For a rate that is not positive and finite, or a number of steps that is none.
    FloatingPointError
        When the loss or a parameter is or becomes infinite or NaN; the message names the step.
    TypeError
        For a network, input or target of symbols or complex numbers.
    ShapeError, TypeError, ValueError
        As ``net.forward`` and ``net.backward``.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = nn.Network([nn.Dense([[0.0]], [[0.0]])])
    >>> history = nn.gradient_descent(net, x=[[1, 2]], target=[[2, 4]], rate=0.1, steps=100)
    >>> history.losses[0], round(history.losses[-1], 3)
    (10.0, 0.004)
    >>> history.network.predict([[3]]).round(1).tolist()
    [[5.8]]
    """
    require_rate(rate)
    require_whole("steps", steps, 0)
    require_real(net.layers, x=x, target=target)
    losses = []
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is told with its step
        for step in _shown(steps, "step", progress):
            loss, grads = net.value_and_gradients(x, target)
            losses.append(require_finite(float(loss), "loss", step - 1, rate))
            net = _moved(net, grads, rate, step)
        losses.append(require_finite(float(net.loss_value(x, target)), "loss", steps, rate))
    return History(tuple(losses), net)


def stochastic_gradient_descent(
    net: Network,
    x: Any,
    target: Any,
    rate: float,
    epochs: int,
    batch_size: int,
    seed: Any = None,
    progress: bool | None = None,
) -> History:
    """Gradient descent by a few data points at a time: a step for each batch, W ← W − rate · ∂L/∂W.

    L is the loss of the batch alone. In an epoch every data point has its turn once, in an order drawn anew;
    the last batch may be smaller. With all data points in one batch an epoch is a step of
    ``gradient_descent``.

    Parameters
    ----------
    net, x, target, rate, progress
        As for ``gradient_descent``.
    epochs : int
        How many times to go through the data.
    batch_size : int
        How many data points make a step, from 1.
    seed : int or numpy.random.Generator, optional
        Of the order: the same seed, the same steps.

    Returns
    -------
    History
        Its losses are those of all data points after each epoch.

    Raises
    ------
    ValueError
        For a rate that is not positive and finite, a number of epochs or a batch size that is none, or a
        seed that is none.
    FloatingPointError
        When the loss or a parameter is or becomes infinite or NaN; the message names the step.
    TypeError
        For a network, input or target of symbols or complex numbers.
    ShapeError, TypeError, ValueError
        As ``net.forward`` and ``net.backward``.

    Examples
    --------
    >>> import nnlib as nn
    >>> net = nn.Network([nn.Dense([[0.0]], [[0.0]])])
    >>> history = nn.stochastic_gradient_descent(
    ...     net, x=[[1, 2, 3]], target=[[2, 4, 6]], rate=0.1, epochs=50, batch_size=2, seed=1
    ... )
    >>> history
    History(50 epochs, loss 28 → 0.002265)
    """
    require_rate(rate)
    require_whole("epochs", epochs, 0)
    require_whole("batch_size", batch_size, 1)
    require_real(net.layers, x=x, target=target)
    points = 0 if net.convention == "row" else 1  # the axis that counts them
    rng, step = as_generator(seed), 0
    with np.errstate(over="ignore", invalid="ignore"):
        losses = [require_finite(float(net.loss_value(x, target)), "loss", 0, rate)]
        x, target = np.asarray(x), np.asarray(target)
        for _ in _shown(epochs, "epoch", progress):
            for batch in _batches(rng.permutation(x.shape[points]), batch_size):
                step += 1
                parts = (part.take(batch, axis=points) for part in (x, target))
                net = _moved(net, net.value_and_gradients(*parts)[1], rate, step)
            losses.append(require_finite(float(net.loss_value(x, target)), "loss", step, rate))
    return History(tuple(losses), net, "epochs")


def _batches(order: Array, size: int) -> Iterator[Array]:
    for first in range(0, len(order), size):
        yield order[first : first + size]


def _shown(count: int, word: str, progress: bool | None) -> Iterator[int]:
    """1, 2, …, count, under a bar where one is wanted. None leaves it to tqdm, which asks for a terminal."""
    hidden, delay = (None, 1) if progress is None else (not progress, 0)
    return iter(tqdm(range(1, count + 1), unit=word, disable=hidden, delay=delay, leave=bool(progress)))


def _moved(net: Network, grads: Gradients, rate: float, step: int) -> Network:
    return net.with_layers(
        {layer: moved_layer(layer, grads.of(layer), rate, step) for layer in set(net.layers)}
    )


def moved_layer(layer: Dense, gradient: tuple[Array, Array], rate: float, step: int) -> Dense:
    """A layer after a step against its gradient, ∂L/∂W and ∂L/∂b; FloatingPointError if it grows infinite."""
    dW, db = gradient
    W = require_finite(layer.W - rate * dW, "W", step, rate)
    b = require_finite(layer.b - rate * db, "b", step, rate)
    return Dense(W, b, layer.activation)


def require_finite(value: Any, name: str, step: int, rate: float) -> Any:
    """The value itself; FloatingPointError unless all of it is finite.

    Examples
    --------
    >>> require_finite(float("inf"), "loss", 3, rate=0.5)
    Traceback (most recent call last):
    FloatingPointError: loss is no longer finite after step 3 of gradient descent at rate 0.5: the steps ...
    """
    if np.isfinite(value).all():
        return value
    if step == 0:
        raise FloatingPointError(
            f"{name} is {value} at the start, before any step: begin with smaller parameters or data."
        )
    raise FloatingPointError(
        f"{name} is no longer finite after step {step} of gradient descent at rate {rate}: the steps "
        f"overshoot. Try a smaller rate, say {rate / 10:g}."
    )
