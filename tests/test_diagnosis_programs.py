"""Faulty programs of many makes are named by their fault, and the right one of each make is left alone.

A program here is a function of a seed and a fault; it gives a loss, parameters and gradients. An empty fault
is none.
"""

# ruff: noqa: C901, PLR0912  a program with many possible faults has many branches

import itertools

import numpy as np
import pytest

import nnlib as nn


def sig(z):
    return 1 / (1 + np.exp(-z))


def relu(z):
    return np.maximum(z, 0)


AD = "activation-derivative"
CASES = []


# ---- rows, softmax and cross-entropy, in a list ------------------------------------------------------------


def softmax_net(seed, fault, N=6, row=True):
    r = np.random.default_rng(seed)
    X = r.normal(size=(N, 3))
    Y = np.eye(4)[r.integers(4, size=N)]
    P = [r.normal(size=(3, 5)), r.normal(size=5), r.normal(size=(5, 4)), r.normal(size=4)]

    def fwd(P):
        a = np.tanh(X @ P[0] + P[1])
        z = a @ P[2] + P[3]
        e = np.exp(z - z.max(1, keepdims=True))
        return a, e / e.sum(1, keepdims=True)

    def loss(P):
        return -(Y * np.log(fwd(P)[1])).sum() / N

    a, s = fwd(P)
    d2 = (s - Y) / N
    if fault == "no subtract":
        d2 = s / N
    if fault == "diag only":
        d2 = (-Y / s / N) * s * (1 - s)
    if fault == "mse delta":
        d2 = (s - Y) * s * (1 - s) / N
    if fault == "no N":
        d2 = s - Y
    d1 = d2 @ P[2].T * (1 - a**2)
    if fault == "sigmoid slope":
        d1 = d2 @ P[2].T * a * (1 - a)
    if fault == "1-a":
        d1 = d2 @ P[2].T * (1 - a)
    G = [X.T @ d1, d1.sum(0), a.T @ d2, d2.sum(0)]
    if fault == "mean bias":
        G[1] = d1.mean(0)
    if fault == "max bias":
        G[1] = d1.max(0)
    if fault == "last b":
        G[3] = d2[-1]
    if fault == "one point W":
        G[2] = np.outer(a[0], d2[0])
    if fault == "zero":
        G[1] = 0 * G[1]
    if fault == "neg b2":
        G[3] = -G[3]
    if fault == "Wt":
        G[2] = G[2].T
    if fault == "per point":
        G[1] = d1
    if fault == "twice":
        G = [2 * g for g in G]
    return loss, P, G


R = "right"
for fault, kinds in {
    "": [R] * 4,
    "no subtract": [AD] * 4,
    "diag only": [AD] * 4,
    "mse delta": [AD] * 4,
    "no N": ["factor"] * 4,
    "sigmoid slope": [AD, AD, R, R],
    "1-a": [AD, AD, R, R],
    "mean bias": [R, "factor", R, R],
    "max bias": [R, "missing-sum", R, R],
    "last b": [R, R, R, "missing-sum"],
    "one point W": [R, R, "unknown", R],
    "zero": [R, "factor", R, R],
    "neg b2": [R, R, R, "sign"],
    "Wt": [R, R, "transposed", R],
    "per point": [R, "missing-sum", R, R],
    "twice": ["factor"] * 4,
}.items():
    CASES.append((f"softmax rows: {fault}", lambda s, fault=fault: softmax_net(s, fault), kinds))


# ---- one output: its weights are a row, its bias a number; lists and dictionaries, in any order -----------


def scalar_out(seed, fault, N=5, as_dict=False, order=None, act=sig):
    r = np.random.default_rng(seed)
    x = r.normal(size=(4, N))
    y = r.normal(size=(1, N))
    P = {
        "W1": r.normal(size=(3, 4)),
        "b1": r.normal(size=(3, 1)),
        "W2": r.normal(size=(1, 3)),
        "b2": r.normal(size=(1, 1)),
    }
    pr = {sig: lambda a: a * (1 - a), np.tanh: lambda a: 1 - a * a, relu: lambda a: (a > 0) * 1.0}[act]

    def fwd(P):
        z1 = P["W1"] @ x + P["b1"]
        a1 = act(z1)
        z2 = P["W2"] @ a1 + P["b2"]
        return z1, a1, z2, sig(z2)

    _z1, a1, _z2, a2 = fwd(P)
    d2 = (a2 - y) * a2 * (1 - a2) / N
    if fault == "no slope out":
        d2 = (a2 - y) / N
    if fault == "1/N":
        d2 *= N
    if fault == "sign":
        d2 = -d2
    if fault == "2":
        d2 *= 2
    if fault == "pi":
        d2 *= np.pi
    d1 = P["W2"].T @ d2 * pr(a1)
    if fault == "no slope hidden":
        d1 = P["W2"].T @ d2
    if fault == "prime of a":
        d1 = P["W2"].T @ d2 * sig(a1) * (1 - sig(a1))
    if fault == "relu ge":
        d1 = P["W2"].T @ d2 * (a1 >= 0)
    G = {"W1": d1 @ x.T, "b1": d1.sum(1, keepdims=True), "W2": d2 @ a1.T, "b2": d2.sum(1, keepdims=True)}
    if fault == "b2 one":
        G["b2"] = d2[:, :1]
    if fault == "b2 mean":
        G["b2"] = d2.mean(1, keepdims=True)
    if fault == "b2 unsummed":
        G["b2"] = d2
    if fault == "b1 one":
        G["b1"] = d1[:, :1]
    if fault == "W2T":
        G["W2"] = G["W2"].T
    if fault == "W1T":
        G["W1"] = G["W1"].T
    order = order or list(P)
    P = {k: P[k] for k in order}
    G = {k: G[k] for k in order}
    L = lambda P: ((fwd(P)[-1] - y) ** 2).sum() / 2 / N
    if as_dict:
        return L, P, G
    return (lambda q: L(dict(zip(order, q, strict=False)))), list(P.values()), list(G.values())


exp2 = {
    "": [R] * 4,
    "no slope out": [AD] * 4,
    "1/N": ["factor"] * 4,
    "sign": ["sign"] * 4,
    "2": ["factor"] * 4,
    "pi": ["factor"] * 4,
    "no slope hidden": [AD, AD, R, R],
    "prime of a": [AD, AD, R, R],
    "b2 one": [R, R, R, "missing-sum"],
    "b2 mean": [R, R, R, "factor"],
    "b2 unsummed": [R, R, R, "missing-sum"],
    "b1 one": [R, "missing-sum", R, R],
    "W1T": ["transposed", R, R, R],
}
for fault, kinds in exp2.items():
    CASES.append((f"scalar list: {fault}", lambda s, fault=fault: scalar_out(s, fault), kinds))
    for order in (
        ["W1", "W2", "b1", "b2"],
        ["b1", "W1", "b2", "W2"],
        ["W2", "b2", "W1", "b1"],
        ["b2", "W2", "b1", "W1"],
    ):
        d = dict(zip(["W1", "b1", "W2", "b2"], kinds, strict=False))
        CASES.append(
            (
                f"scalar dict {order}: {fault}",
                lambda s, fault=fault, order=order: scalar_out(s, fault, as_dict=True, order=order),
                [d[k] for k in order],
            )
        )
        if order[0] != "W2" and order[0] != "b2":
            CASES.append(
                (
                    f"scalar list {order}: {fault}",
                    lambda s, fault=fault, order=order: scalar_out(s, fault, order=order),
                    [d[k] for k in order],
                )
            )
CASES.append(("relu ge", lambda s: scalar_out(s, "relu ge", act=relu, N=8), [AD, AD, R, R]))


# ---- a skip connection -------------------------------------------------------------------------------------


def residual(seed, fault, N=4):
    r = np.random.default_rng(seed)
    x = r.normal(size=(3, N))
    y = r.normal(size=(2, N))
    P = {
        "W1": r.normal(size=(3, 3)),
        "b1": r.normal(size=(3, 1)),
        "W2": r.normal(size=(3, 3)),
        "b2": r.normal(size=(3, 1)),
        "W3": r.normal(size=(2, 3)),
        "b3": r.normal(size=(2, 1)),
    }

    def fwd(P):
        h = np.tanh(P["W1"] @ x + P["b1"])
        u = np.tanh(P["W2"] @ h + P["b2"])
        k = h + u
        return h, u, k, P["W3"] @ k + P["b3"]

    h, u, k, o = fwd(P)
    d3 = o - y
    dk = P["W3"].T @ d3
    du = dk * (1 - u * u)
    dh = dk + P["W2"].T @ du
    if fault == "skip":
        dh = P["W2"].T @ du
    if fault == "only skip":
        dh = dk
    if fault == "double":
        dh = 2 * dk + P["W2"].T @ du
    if fault == "W2 not T":
        dh = dk + P["W2"] @ du
    dz = dh * (1 - h * h)
    G = {
        "W1": dz @ x.T,
        "b1": dz.sum(1, keepdims=True),
        "W2": du @ h.T,
        "b2": du.sum(1, keepdims=True),
        "W3": d3 @ k.T,
        "b3": d3.sum(1, keepdims=True),
    }
    if fault == "W2 T":
        G["W2"] = G["W2"].T
    if fault == "W3 in":
        G["W3"] = d3 @ u.T
    return (lambda P: ((fwd(P)[-1] - y) ** 2).sum() / 2), P, G


for f, kd in {
    "": [R] * 6,
    "skip": [AD] * 2 + [R] * 4,
    "only skip": [AD] * 2 + [R] * 4,
    "double": [AD] * 2 + [R] * 4,
    "W2 not T": [AD] * 2 + [R] * 4,
    "W2 T": [R, R, "transposed", R, R, R],
    "W3 in": [R] * 4 + ["unknown", R],
}.items():
    CASES.append((f"residual {f}", lambda s, f=f: residual(s, f), kd))


# ---- layer normalization -----------------------------------------------------------------------------------


def ln(seed, fault, N=4, names=("W1", "b1", "gamma", "beta", "W2", "b2"), lst=False):
    r = np.random.default_rng(seed)
    x = r.normal(size=(N, 3))
    y = r.normal(size=(N, 2))
    eps = 1e-5
    P = dict(
        zip(
            names,
            [
                r.normal(size=(3, 4)),
                r.normal(size=4),
                r.normal(size=4),
                r.normal(size=4),
                r.normal(size=(4, 2)),
                r.normal(size=2),
            ],
            strict=False,
        )
    )

    def fwd(P):
        W1, b1, g, be, W2, b2 = P.values()
        z = x @ W1 + b1
        m = z.mean(1, keepdims=True)
        v = z.var(1, keepdims=True)
        n = (z - m) / np.sqrt(v + eps)
        h = g * n + be
        a = np.tanh(h)
        return z, v, n, a, a @ W2 + b2

    _z, v, n, a, o = fwd(P)
    _W1, _b1, g, _be, W2, _b2 = P.values()
    do = o - y
    dh = do @ W2.T * (1 - a * a)
    dn = dh * g
    dz = (dn - dn.mean(1, keepdims=True) - n * (dn * n).mean(1, keepdims=True)) / np.sqrt(v + eps)
    if fault == "no mean":
        dz = dn / np.sqrt(v + eps)
    if fault == "no var term":
        dz = (dn - dn.mean(1, keepdims=True)) / np.sqrt(v + eps)
    dg = (dh * n).sum(0)
    if fault == "gamma one":
        dg = (dh * n)[0]
    dbe = dh.sum(0)
    if fault == "beta one":
        dbe = dh[0]
    if fault == "gamma unsummed":
        dg = dh * n
    G = dict(zip(names, [x.T @ dz, dz.sum(0), dg, dbe, a.T @ do, do.sum(0)], strict=False))
    L = lambda P: ((fwd(P)[-1] - y) ** 2).sum() / 2
    if lst:
        return (lambda q: L(dict(zip(names, q, strict=False)))), list(P.values()), list(G.values())
    return L, P, G


for f, kd in {
    "": [R] * 6,
    "no mean": [AD] * 2 + [R] * 4,
    "no var term": [AD] * 2 + [R] * 4,
    "gamma one": [R, R, "unknown", R, R, R],
    "beta one": [R] * 3 + ["missing-sum", R, R],
    "gamma unsummed": [R, R, "missing-sum", R, R, R],
}.items():
    CASES.append((f"ln {f}", lambda s, f=f: ln(s, f), kd))
    CASES.append((f"ln list {f}", lambda s, f=f: ln(s, f, lst=True), kd))
    CASES.append(
        (
            f"ln torchlike {f}",
            lambda s, f=f: ln(
                s, f, names=("fc1.weight", "fc1.bias", "ln.weight", "ln.bias", "fc2.weight", "fc2.bias")
            ),
            kd,
        )
    )


# ---- an embedding ------------------------------------------------------------------------------------------


def emb(seed, fault):
    r = np.random.default_rng(seed)
    idx = np.array([0, 2, 2, 5, 0, 1])
    y = r.normal(size=(6, 2))
    P = {
        "E": r.normal(size=(7, 3)),
        "W1": r.normal(size=(3, 4)),
        "b1": r.normal(size=4),
        "W2": r.normal(size=(4, 2)),
        "b2": r.normal(size=2),
    }

    def fwd(P):
        e = P["E"][idx]
        a = np.tanh(e @ P["W1"] + P["b1"])
        return e, a, a @ P["W2"] + P["b2"]

    e, a, o = fwd(P)
    do = o - y
    d1 = do @ P["W2"].T * (1 - a * a)
    if fault == "slope":
        d1 = do @ P["W2"].T
    de = d1 @ P["W1"].T
    dE = np.zeros((7, 3))
    if fault == "+=":
        dE[idx] += de
    else:
        np.add.at(dE, idx, de)
    return (
        (lambda P: ((fwd(P)[-1] - y) ** 2).sum() / 2),
        P,
        {"E": dE, "W1": e.T @ d1, "b1": d1.sum(0), "W2": a.T @ do, "b2": do.sum(0)},
    )


for f, kd in {"": [R] * 5, "slope": [AD] * 3 + [R] * 2, "+=": ["missing-sum"] + [R] * 4}.items():
    CASES.append((f"emb {f}", lambda s, f=f: emb(s, f), kd))


# ---- a recurrent network -----------------------------------------------------------------------------------


def rnn(seed, fault, T=4, names=("Wxh", "Whh", "Why", "bh", "by")):
    r = np.random.default_rng(seed)
    xs = r.normal(size=(T, 3, 1))
    ys = r.normal(size=(T, 2, 1))
    P = dict(
        zip(
            names,
            [
                r.normal(size=(4, 3)),
                r.normal(size=(4, 4)),
                r.normal(size=(2, 4)),
                r.normal(size=(4, 1)),
                r.normal(size=(2, 1)),
            ],
            strict=False,
        )
    )

    def fwd(P):
        Wx, Wh, Wy, bh, by = P.values()
        h = [np.zeros((4, 1))]
        o = []
        for t in range(T):
            h.append(np.tanh(Wx @ xs[t] + Wh @ h[-1] + bh))
            o.append(Wy @ h[-1] + by)
        return h, o

    h, o = fwd(P)
    _Wx, Wh, Wy, _bh, _by = P.values()
    g = [0 * p for p in P.values()]
    dn = np.zeros((4, 1))
    for t in reversed(range(T)):
        do = o[t] - ys[t]
        g[2] = g[2] + do @ h[t + 1].T
        g[4] = g[4] + do
        if fault == "by last":
            g[4] = do
        dh = Wy.T @ do + (0 if fault == "truncated" else dn)
        dz = dh * (1 - h[t + 1] ** 2)
        if fault == "no slope":
            dz = dh
        g[0] = g[0] + dz @ xs[t].T
        g[1] = g[1] + dz @ h[t].T
        g[3] = g[3] + dz
        if fault == "Wh last only":
            g[1] = dz @ h[t].T if t == T - 1 else g[1] - dz @ h[t].T
        dn = (Wh if fault == "Wh not T" else Wh.T) @ dz
    if fault == "Whh T":
        g[1] = g[1].T
    return (
        (lambda P: sum(((a - b) ** 2).sum() for a, b in zip(fwd(P)[1], ys, strict=False)) / 2),
        P,
        dict(zip(names, g, strict=False)),
    )


for nm in (
    ("Wxh", "Whh", "Why", "bh", "by"),
    ("U", "W", "V", "b", "c"),
    ("W_xh", "W_hh", "W_hy", "b_h", "b_y"),
):
    for f, kd in {
        "": [R] * 5,
        "truncated": [AD, AD, R, AD, R],
        "no slope": [AD, AD, R, AD, R],
        "Wh not T": [AD, AD, R, AD, R],
        "Whh T": [R, "transposed", R, R, R],
        "by last": [R] * 4 + ["missing-sum"],
        "Wh last only": [R, "unknown", R, R, R],
    }.items():
        CASES.append((f"rnn {nm} {f}", lambda s, f=f, nm=nm: rnn(s, f, names=nm), kd))


# ---- a convolution and a mean over places ------------------------------------------------------------------


def conv(seed, fault, N=5, act=np.tanh):
    r = np.random.default_rng(seed)
    x = r.normal(size=(N, 2, 8))
    y = r.integers(2, size=N).astype(float)
    P = {
        "K": r.normal(size=(3, 2, 3)),
        "kb": r.normal(size=3),
        "w": r.normal(size=3),
        "b": np.array(r.normal()),
    }

    def win(x):
        return np.stack([x[:, :, i : i + 3] for i in range(6)], 2)  # N,2,6,3

    def fwd(P):
        z = np.einsum("fck,nclk->nfl", P["K"], win(x)) + P["kb"][:, None]
        a = act(z)
        m = a.mean(2)
        s = m @ P["w"] + P["b"]
        return z, a, m, s

    z, a, m, s = fwd(P)
    d = (sig(s) - y) / N
    if fault == "N":
        d = d * N
    pr = (1 - a * a) if act is np.tanh else (z > 0)
    dz = (d[:, None] * P["w"])[:, :, None] * pr / 6
    if fault == "pool":
        dz = dz * 6
    if fault == "slope":
        dz = (d[:, None] * P["w"])[:, :, None] * np.ones_like(z) / 6
    dK = np.einsum("nfl,nclk->fck", dz, win(x))
    kb = dz.sum((0, 2))
    if fault == "flip":
        dK = dK[:, :, ::-1]
    if fault == "one place":
        dK = np.einsum("nf,nck->fck", dz[:, :, 0], win(x)[:, :, 0])
    if fault == "kb places":
        kb = dz.sum(0)
    if fault == "kb first":
        kb = dz.sum(0)[:, 0]
    if fault == "axes":
        dK = dK.transpose(2, 1, 0)
    b = d.sum()
    if fault == "b mean":
        b = d.mean()
    if fault == "b one":
        b = d[0]
    return (
        (lambda P: (np.logaddexp(0, fwd(P)[-1]) - y * fwd(P)[-1]).mean()),
        P,
        {"K": dK, "kb": kb, "w": m.T @ d, "b": b},
    )


for f, kd in {
    "": [R] * 4,
    "N": ["factor"] * 4,
    "pool": ["factor"] * 2 + [R] * 2,
    "slope": [AD] * 2 + [R] * 2,
    "flip": ["unknown"] + [R] * 3,
    "one place": ["unknown"] + [R] * 3,
    "kb places": [R, "missing-sum", R, R],
    "kb first": [R, "missing-sum", R, R],
    "axes": ["transposed", R, R, R],
    "b mean": [R] * 3 + ["factor"],
    "b one": [R] * 3 + ["missing-sum"],
}.items():
    CASES.append((f"conv {f}", lambda s, f=f: conv(s, f), kd))


# ---- no biases; single precision ---------------------------------------------------------------------------


def nob(seed, fault, cast=np.float64, as_dict=False, sizes=(4, 3, 3, 2), N=5):
    r = np.random.default_rng(seed)
    x = r.normal(size=(4, N))
    y = r.normal(size=(sizes[-1], N))
    P = [r.normal(size=(b, a)) for a, b in itertools.pairwise(sizes)]

    def fwd(P):
        a = [x.astype(cast)]
        for W in P:
            a.append(np.tanh(np.asarray(W).astype(cast) @ a[-1]))
        return a

    a = fwd(P)
    d = a[-1] - y.astype(cast)
    G = [None] * 3
    for l in (2, 1, 0):
        s = 1 - a[l + 1] ** 2
        if fault == f"slope{l}":
            s = np.ones_like(s)
        d = d * s
        G[l] = d @ a[l].T
        d = (P[l].astype(cast)).T @ d
    if fault == "decay":
        G = [g + 0.01 * p for g, p in zip(G, P, strict=False)]
    if fault == "sign1":
        G[1] = -G[1]
    if fault == "N":
        G = [g * N for g in G]
    L = lambda P: float(((fwd(P)[-1] - y.astype(cast)) ** 2).sum() / 2)
    if as_dict:
        return (
            (lambda D: L(D.values())),
            dict(zip(["W1", "W2", "W3"], P, strict=False)),
            dict(zip(["W1", "W2", "W3"], G, strict=False)),
        )
    return L, P, G


for kw in (
    {},
    {"cast": np.float32},
    {"as_dict": True},
    {"sizes": (4, 3, 3, 1)},
    {"sizes": (4, 3, 3, 1), "cast": np.float32},
):
    for f, kd in {
        "": [R] * 3,
        "slope0": [AD, R, R],
        "slope1": [AD, AD, R],
        "slope2": [AD] * 3,
        "decay": ["unknown"] * 3,
        "sign1": [R, "sign", R],
        "N": ["factor"] * 3,
    }.items():
        CASES.append((f"nobias {kw} {f}", lambda s, f=f, kw=kw: nob(s, f, **kw), kd))


# ---- logistic regression: a vector and a number ------------------------------------------------------------


def logreg(seed, fault, N=7, kind="dict"):
    r = np.random.default_rng(seed)
    X = r.normal(size=(N, 3))
    y = r.integers(2, size=N).astype(float)
    w, b = r.normal(size=3), r.normal()
    p = sig(X @ w + b)
    d = p - y
    if fault == "slope":
        d = d * p * (1 - p)
    if fault == "sign":
        d = -d
    gw, gb = X.T @ d / N, d.sum() / N
    if fault == "b sum":
        gb = d.sum()
    if fault == "N":
        gw, gb = gw * N, gb * N
    if fault == "b one":
        gb = d[0] / N
    if fault == "w2d":
        gw = gw[:, None]
    L = lambda w, b: float(np.mean(np.logaddexp(0, X @ w + b) - y * (X @ w + b)))
    if kind == "dict":
        return (lambda P: L(P["w"], P["b"])), {"w": w, "b": b}, {"w": gw, "b": gb}
    return (lambda P: L(*P)), (w, b), (gw, gb)


for k in ("dict", "tuple"):
    for f, kd in {
        "": [R] * 2,
        "slope": [AD] * 2,
        "sign": ["sign"] * 2,
        "b sum": [R, "factor"],
        "N": ["factor"] * 2,
        "b one": [R, "missing-sum"],
        "w2d": ["shape", R],
    }.items():
        CASES.append((f"logreg {k} {f}", lambda s, f=f, k=k: logreg(s, f, kind=k), kd))


# ---- attention ---------------------------------------------------------------------------------------------


def att(seed, fault, N=5, d=3):
    r = np.random.default_rng(seed)
    X = r.normal(size=(N, d))
    Y = r.normal(size=(N, 2))
    P = {
        "Wq": r.normal(size=(d, d)),
        "Wk": r.normal(size=(d, d)),
        "Wv": r.normal(size=(d, d)),
        "Wo": r.normal(size=(d, 2)),
    }

    def fwd(P):
        q, k, v = (X @ P[n] for n in ("Wq", "Wk", "Wv"))
        s = q @ k.T / np.sqrt(d)
        e = np.exp(s - s.max(1, keepdims=True))
        A = e / e.sum(1, keepdims=True)
        return q, k, v, A, A @ v, A @ v @ P["Wo"]

    q, k, v, A, h, o = fwd(P)
    do = o - Y
    dh = do @ P["Wo"].T
    dA = dh @ v.T
    dv = A.T @ dh
    ds = A * (dA - (dA * A).sum(1, keepdims=True))
    if fault == "softmax diag":
        ds = A * (1 - A) * dA
    sc = 1 if fault == "scale" else np.sqrt(d)
    dq = ds @ k / sc
    dk = ds.T @ q / sc
    if fault == "dk":
        dk = ds @ q / sc
    G = {"Wq": X.T @ dq, "Wk": X.T @ dk, "Wv": X.T @ dv, "Wo": h.T @ do}
    return (lambda P: ((fwd(P)[-1] - Y) ** 2).sum() / 2), P, G


for f, kd in {
    "": [R] * 4,
    "softmax diag": [AD, AD, R, R],
    "scale": ["factor"] * 2 + [R] * 2,
    "dk": [R, "unknown", R, R],
}.items():
    CASES.append((f"att {f}", lambda s, f=f: att(s, f), kd))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("make", "kinds"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_fault_is_named(make, kinds, seed):
    report = nn.diagnose(*make(seed))
    assert [finding.kind for finding in report.findings] == list(kinds), str(report)
