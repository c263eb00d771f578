"""How long the engine takes to decide, against what SymPy takes to differentiate.

    .venv/bin/python benchmarks/engine.py

The 26 gradient entries of the 4-3-2-1 network with sigmoids and cross-entropy, in one run.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.cache import clear_cache

from nnlib.symbolic import network, prove, symbols


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, with SymPy's caches empty at the start, and the result."""
    clear_cache()
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def main() -> None:
    """Measure three times, and print the medians."""
    net = network((4, 3, 2, 1), "sigmoid", "cross_entropy")
    x, y = symbols("x", (4, 1)), symbols("y", (1, 1))
    loss, grads = net.loss_value(x, y), net.backward(net.forward(x), y)
    matrices = [
        (p, g)
        for l, layer in enumerate(net.layers, 1)
        for p, g in ((layer.W, grads.W[l]), (layer.b, grads.b[l]))
    ]
    parameters = np.concatenate([p.ravel() for p, _ in matrices])
    ours = np.concatenate([g.ravel() for _, g in matrices])
    runs = []
    for _ in range(3):
        differentiating, theirs = timed(
            lambda: np.array([sp.diff(loss, p) for p in parameters], dtype=object)
        )
        deciding, outcome = timed(lambda: prove(theirs, ours))  # noqa: B023  called at once
        runs.append((differentiating, deciding))
    differentiating, deciding = (float(np.median(times)) for times in zip(*runs, strict=True))
    print(f"{len(parameters)} entries: {outcome.how}")
    print(f"sympy.diff {differentiating:.3f} s")
    print(f"prove      {deciding:.3f} s")
    print(f"prove / sympy.diff = {deciding / differentiating:.2f}   should be at most 0.33")


if __name__ == "__main__":
    main()
