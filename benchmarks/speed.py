# ruff: noqa: PLC0415  a process imports what its own candidate needs, and nothing else
"""How fast nnlib computes loss and gradients, beside PyTorch, JAX, autograd, micrograd and the bare products.

    .venv/bin/pip install -r requirements-bench.txt    # in an environment of its own, best
    .venv/bin/python benchmarks/speed.py

Every candidate runs in a process of its own, on one thread of one core. They take turns: a round is one turn
of each. The numbers are medians over the rounds, and every ratio is of two medians of one run. Nobody is
asked for ∂L/∂x.

All compute the same: ½ Σ (a − y)², sigmoids in every layer, and its derivatives by every W and b. The bare
matrix products are those that no back-propagation can do without: W a forward, δ aᵀ and Wᵀ δ backward.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "speed.json"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ONE_THREAD["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
SIZES = {"4-3-2-1": (1, 32), "784-300-100-10": (128,), "784-1024-1024-10": (1024,)}
CASES = [
    (sizes, N, kind) for sizes, points in SIZES.items() for N in points for kind in ("float64", "float32")
]
CANDIDATES = ("nnlib", "nnlib compiled", "PyTorch", "JAX jit", "autograd", "micrograd", "matrix products")
PACKAGES = {"PyTorch": "torch", "JAX jit": "jax", "autograd": "autograd", "micrograd": "micrograd"}
ROUNDS, TURN = 30, 0.05  # how many turns each has, and the seconds that one takes at least

#: What should hold: candidate, other, cases, and the largest ratio of their times.
GOALS = [
    ("nnlib", "PyTorch", ("4-3-2-1",), (1, 32), 0.5),
    ("nnlib compiled", "JAX jit", ("4-3-2-1",), (1,), 0.3),
    ("nnlib", "matrix products", ("784-300-100-10", "784-1024-1024-10"), (128, 1024), 1.25),
    ("nnlib", "PyTorch", ("784-300-100-10", "784-1024-1024-10"), (128, 1024), 1.3),
]


# ---- the candidates: each returns a function that computes loss and gradients ------------------------------


def problem(sizes: str, N: int, kind: str) -> tuple[list[tuple[Any, Any]], Any, Any]:
    """W and b of every layer, x and y, in columns; the same for every candidate."""
    import numpy as np

    rng = np.random.default_rng(1)
    S = [int(n) for n in sizes.split("-")]
    layers = [(rng.normal(size=(n, m)) / m**0.5, rng.normal(size=(n, 1)) / 10) for m, n in pairwise(S)]
    x, y = rng.normal(size=(S[0], N)), rng.uniform(size=(S[-1], N))
    return [(W.astype(kind), b.astype(kind)) for W, b in layers], x.astype(kind), y.astype(kind)


def network(layers: Any) -> Any:
    """The network as nnlib's."""
    import nnlib as nn

    return nn.Network([nn.Dense(W, b, nn.sigmoid) for W, b in layers], nn.squared_error)


def nnlib(layers: Any, x: Any, y: Any) -> Callable[[], Any]:
    """The clear code."""
    net = network(layers)
    return lambda: net.value_and_gradients(x, y)


def nnlib_compiled(layers: Any, x: Any, y: Any) -> Callable[[], Any]:
    """The proved gradient, written out."""
    compiled = network(layers).compile()
    return lambda: compiled(x, y)


def pytorch(layers: Any, x: Any, y: Any) -> Callable[[], Any]:
    """Eager mode, data points in rows as its layers take them."""
    import torch

    torch.set_num_threads(1)
    W = [torch.tensor(W, requires_grad=True) for W, _ in layers]
    b = [torch.tensor(b[:, 0], requires_grad=True) for _, b in layers]
    x, y = torch.tensor(x.T.copy()), torch.tensor(y.T.copy())

    def run() -> Any:
        a = x
        for W_l, b_l in zip(W, b, strict=True):
            a = torch.sigmoid(torch.nn.functional.linear(a, W_l, b_l))
        loss = torch.nn.functional.mse_loss(a, y, reduction="sum") / 2
        return loss.item(), torch.autograd.grad(loss, [*W, *b])

    return run


def jax_jit(layers: Any, x: Any, y: Any) -> Callable[[], Any]:
    """Compiled before the first turn; its arrays are on the device, and a call waits until all is there."""
    import jax

    jax.config.update("jax_enable_x64", x.dtype == "float64")

    def loss(layers: Any, x: Any, y: Any) -> Any:
        a = x
        for W, b in layers:
            a = jax.nn.sigmoid(W @ a + b)
        return ((a - y) ** 2).sum() / 2

    layers, x, y = jax.device_put((layers, x, y))
    both = jax.jit(jax.value_and_grad(loss))
    return lambda: jax.block_until_ready(both(layers, x, y))


def autograd(layers: Any, x: Any, y: Any) -> Callable[[], Any]:
    """HIPS autograd, on NumPy."""
    import autograd.numpy as np
    from autograd import value_and_grad

    def loss(layers: Any) -> Any:
        a = x
        for W, b in layers:
            a = 1 / (1 + np.exp(-(np.dot(W, a) + b)))
        return np.sum((a - y) ** 2) / 2

    both = value_and_grad(loss)
    return lambda: both(layers)


def micrograd(layers: Any, x: Any, y: Any) -> Callable[[], Any]:
    """Number by number. It has no exp, so the sigmoid is a node of its own, made as its others are."""
    from math import exp

    from micrograd.engine import Value

    def sigmoid(z: Any) -> Any:
        a = Value(1 / (1 + exp(-z.data)), (z,), "sigmoid")

        def backward() -> None:
            z.grad += a.data * (1 - a.data) * a.grad

        a._backward = backward
        return a

    W = [[[Value(w) for w in row] for row in W.tolist()] for W, _ in layers]
    b = [[Value(entry) for (entry,) in b.tolist()] for _, b in layers]
    parameters = [p for rows in (*(row for rows in W for row in rows), *b) for p in rows]
    points = list(zip(x.T.tolist(), y.T.tolist(), strict=True))

    def run() -> Any:
        for p in parameters:
            p.grad = 0
        loss = Value(0)
        for point, target in points:
            a = point
            for rows, entries in zip(W, b, strict=True):
                a = [
                    sigmoid(sum((w * s for w, s in zip(row, a, strict=True)), e))
                    for row, e in zip(rows, entries, strict=True)
                ]
            for s, t in zip(a, target, strict=True):
                loss += (s - t) ** 2 * 0.5
        loss.backward()
        return loss.data, [p.grad for p in parameters]

    return run


def matrix_products(layers: Any, x: Any, y: Any) -> Callable[[], Any]:  # noqa: ARG001
    """The products alone, with results of the same shapes."""
    import numpy as np

    W = [W for W, _ in layers]
    a = [x, *(np.ones((len(w), x.shape[1]), x.dtype) for w in W)]
    L = len(W)

    def run() -> Any:
        forward = [W[l] @ a[l] for l in range(L)]
        by_W = [a[l + 1] @ a[l].T for l in range(L)]
        back = [W[l].T @ a[l + 1] for l in range(1, L)]
        return forward, by_W, back

    return run


MAKE = dict(
    zip(
        CANDIDATES,
        (nnlib, nnlib_compiled, pytorch, jax_jit, autograd, micrograd, matrix_products),
        strict=True,
    )
)


def takes(candidate: str, sizes: str, kind: str) -> bool:
    """Whether it can do the case: floats of Python are double, and a compiled form is of small networks."""
    small = sizes == "4-3-2-1"
    return {"nnlib compiled": small, "micrograd": small and kind == "float64"}.get(candidate, True)


# ---- one process a candidate -------------------------------------------------------------------------------


def worker(candidate: str, sizes: str, N: str, kind: str) -> None:
    """Time a turn for every line that comes in: the seconds of one call, the median of as many as fit."""
    if hasattr(os, "sched_setaffinity"):  # one core: not every library keeps to one thread when told to
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    layers, x, y = problem(sizes, int(N), kind)
    run = MAKE[candidate](layers, x, y)
    for _ in range(3):
        kept = run()
    print(json.dumps(_loss(kept)), flush=True)
    for _ in sys.stdin:
        begun, times = time.perf_counter(), []
        while not times or time.perf_counter() - begun < TURN:
            start = time.perf_counter()
            kept = run()  # kept until the next one is there, as in training
            times.append(time.perf_counter() - start)
        print(json.dumps(sorted(times)[len(times) // 2]), flush=True)


def _loss(result: Any) -> float | None:
    return None if isinstance(result[0], list) else float(result[0])


def measured(sizes: str, N: int, kind: str, candidates: list[str], rounds: int) -> dict[str, float]:
    """The median time of each candidate, in seconds; all must find the same loss."""
    workers = {
        name: subprocess.Popen(
            [sys.executable, __file__, "worker", name, sizes, str(N), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )
        for name in candidates
    }
    try:
        losses = {name: json.loads(process.stdout.readline()) for name, process in workers.items()}
        known = [loss for loss in losses.values() if loss is not None]
        if max(known) - min(known) > (1e-10 if kind == "float64" else 1e-3) * abs(known[0]):
            raise RuntimeError(f"the candidates find different losses: {losses}")
        times: dict[str, list[float]] = {name: [] for name in workers}
        for _ in range(rounds):
            for name, process in workers.items():
                process.stdin.write("go\n")
                process.stdin.flush()
                times[name].append(json.loads(process.stdout.readline()))
    finally:
        for process in workers.values():
            process.stdin.close()
            process.wait()
    return {name: sorted(seconds)[len(seconds) // 2] for name, seconds in times.items()}


# ---- the whole run -----------------------------------------------------------------------------------------


def installed() -> dict[str, str]:
    """Python and the libraries, with their versions."""
    found = {"Python": platform.python_version(), "NumPy": importlib.metadata.version("numpy")}
    for name, package in PACKAGES.items():
        try:
            found[name] = importlib.metadata.version(package).split("+")[0]
        except importlib.metadata.PackageNotFoundError:
            print(f"{name} is not installed: pip install -r requirements-bench.txt")
    return found


def run(to: Path, rounds: int) -> None:
    """Measure everything, print the table and the ratios, and write the results."""
    versions = installed()
    rows = []
    for sizes, N, kind in CASES:
        candidates = [c for c in CANDIDATES if takes(c, sizes, kind) and (c not in PACKAGES or c in versions)]
        seconds = measured(sizes, N, kind, candidates, rounds)
        rows.append({"sizes": sizes, "N": N, "type": kind, "seconds": seconds})
        print(f"{sizes}, N = {N}, {kind}")
        for name, value in sorted(seconds.items(), key=lambda pair: pair[1]):
            print(f"  {name:16} {value * 1e6:12.1f} µs   {value / seconds['nnlib']:8.2f} × nnlib")
    found = list(ratios(rows))
    print("\nratios of medians")
    for row in found:
        told = "kept" if row["ratio"] <= row["goal"] else "MISSED"
        case = f"{row['sizes']}, N = {row['N']}, {row['type']}"
        print(f"  {row['of']} / {row['to']:16} {row['ratio']:5.2f}   at most {row['goal']}: {told:7} {case}")
    result = {
        "versions": versions,
        "cores": os.cpu_count(),
        "threads": 1,
        "rounds": rounds,
        "cases": rows,
        "ratios": found,
    }
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {to.name}")


def ratios(rows: list[dict[str, Any]]) -> Any:
    """The ratios that should hold, where both candidates were there."""
    for of, to, sizes, points, goal in GOALS:
        for row in rows:
            times = row["seconds"]
            if row["sizes"] in sizes and row["N"] in points and of in times and to in times:
                case = {key: row[key] for key in ("sizes", "N", "type")}
                yield {"of": of, "to": to, **case, "ratio": round(times[of] / times[to], 3), "goal": goal}


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(*sys.argv[2:])
    else:
        parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
        parser.add_argument("--to", type=Path, default=RESULTS, help="where the results go")
        parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many turns each has")
        given = parser.parse_args()
        run(given.to, given.rounds)
