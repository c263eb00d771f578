"""One small exercise, for examples and tests."""

from __future__ import annotations

from functools import cache

from nnlib.exercises.exercise import Exercise
from nnlib.symbolic import Formula, ForwardPass, letters, network, partial, undefined_loss


@cache
def outer_product() -> Exercise:
    """∂L/∂W of a layer with three inputs and two units.

    Examples
    --------
    >>> outer_product().check("delta x^T").verdict
    'right'
    """
    W, x, z, delta, L = letters("W x z delta L")
    dW = Formula(partial(L, W), delta * x.T, given=[Formula(delta, partial(L, z))])
    return Exercise(
        "outer-product",
        r"A layer has three inputs and two units. What is $\partial L/\partial W$, by $\delta$ and $x$?",
        dW,
        ForwardPass(network((3, 2), loss=undefined_loss("l"))),
        [delta, x, W],
        hints=["Which entries of z does one entry of W move?"],
    )
