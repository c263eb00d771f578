"""What nnlib computes on floats, by the names that pages use: the numbers that an explorable must show."""

import numpy as np

import nnlib as nn


def single_layer(inputs, activation):
    """Every output of the explorable *A single layer* for inputs by name."""
    net, x, y = _one_layer(inputs, activation)
    trace = net.forward(x)
    grads = net.backward(trace, y, wrt_input=True)
    columns = {
        "z": trace.z[1],
        "a": trace.a[1],
        "slope": activation.prime(trace.z[1], trace.a[1]),
        "delta": grads.z[1],
        "db": grads.b[1],
        "dx": grads.a[0],
    }
    named = {f"{name}[{i + 1}]": float(m[i, 0]) for name, m in columns.items() for i in range(2)}
    named |= {f"dW[{i + 1}][{j + 1}]": float(grads.W[1][i, j]) for i in range(2) for j in range(2)}
    return named | {"loss": float(net.loss_value(x, y))}


def central_differences(inputs, activation):
    """The central differences of *A single layer*, and how far off truncation and rounding may take each."""
    net, x, y = _one_layer(inputs, activation)
    (layer,), h = net.layers, 10 ** inputs["logh"]
    curved = 10 * (1 + np.abs(x).max()) ** 4 * (1 + np.abs(net.predict(x) - y).max())
    rounded = 20 * np.finfo(float).eps * (1 + float(net.loss_value(x, y))) * (1 + 1 / h)
    named = {}
    for i, j in np.ndindex(2, 2):
        step = h * np.outer(np.eye(2)[i], np.eye(2)[j])
        ahead, behind = (
            net.with_layers({layer: nn.Dense(layer.W + way * step, layer.b, activation)}) for way in (1, -1)
        )
        slope = float(ahead.loss_value(x, y) - behind.loss_value(x, y)) / (2 * h)
        named[f"[{i + 1}][{j + 1}]"] = slope, rounded, rounded + curved * h**2
    return named


def _one_layer(inputs, activation):
    W = np.array([[inputs[f"W[{i}][{j}]"] for j in (1, 2)] for i in (1, 2)])
    b, x, y = (np.array([[inputs[f"{name}[{i}]"]] for i in (1, 2)]) for name in "bxy")
    return nn.Network([nn.Dense(W, b, activation)]), x, y


def two_layers(inputs, activation):
    """Every output of the explorable *Two layers* for inputs by name."""
    column = lambda name: np.array([[inputs[f"{name}[{i}]"]] for i in (1, 2)])
    square = lambda name: np.array([[inputs[f"{name}[{i}][{j}]"] for j in (1, 2)] for i in (1, 2)])
    net = nn.Network([nn.Dense(square(f"W{l}"), column(f"b{l}"), activation) for l in (1, 2)])
    trace = net.forward(column("x"))
    grads = net.backward(trace, column("y"))
    quantities = {"da1": grads.a[1], "p2": net.layers[1].W * grads.z[2]}
    for l in (1, 2):
        quantities |= {f"z{l}": trace.z[l], f"a{l}": trace.a[l], f"delta{l}": grads.z[l]}
        quantities |= {f"dW{l}": grads.W[l], f"db{l}": grads.b[l]}
        quantities[f"slope{l}"] = activation.prime(trace.z[l], trace.a[l])
    named = {"loss": float(net.loss_value(column("x"), column("y")))}
    for name, entries in quantities.items():
        for (i, j), value in np.ndenumerate(entries):
            index = f"[{i + 1}]" if entries.shape[1] == 1 else f"[{i + 1}][{j + 1}]"
            named[name + index] = float(value)
    return named


def row_vectors(inputs):
    """Every output of the explorable *Row vectors* for inputs by name; also the parameters after a step."""
    sizes, layers = (4, 3, 2, 1), (1, 2, 3)
    row = lambda name, n: np.array([[inputs[f"{name}[{j + 1}]"] for j in range(n)]])
    matrix = lambda name, m, n: np.array(
        [[inputs[f"{name}[{i + 1}][{j + 1}]"] for j in range(n)] for i in range(m)]
    )
    dense = [
        nn.Dense(matrix(f"W{l}", *sizes[l - 1 : l + 1]), row(f"b{l}", sizes[l]), nn.sigmoid) for l in layers
    ]
    net, y = nn.Network(dense, nn.cross_entropy, "row"), row("y", 1)
    trace = net.forward(row("x", 4))
    grads = net.backward(trace, y)
    vectors, matrices = {"da1": grads.a[1], "da2": grads.a[2]}, {"p2": net.layers[1].W * grads.z[2]}
    for l, layer in zip(layers, net.layers, strict=True):
        vectors |= {f"z{l}": trace.z[l], f"a{l}": trace.a[l], f"delta{l}": grads.z[l], f"db{l}": grads.b[l]}
        vectors[f"newb{l}"] = layer.b - inputs["eta"] * grads.b[l]
        matrices |= {f"dW{l}": grads.W[l], f"newW{l}": layer.W - inputs["eta"] * grads.W[l]}
        if l < 3:
            vectors[f"slope{l}"] = nn.sigmoid.prime(trace.z[l], trace.a[l])
    named = {"loss": float(net.loss_value(row("x", 4), y))}
    named |= {f"{name}[{j + 1}]": float(m[0, j]) for name, m in vectors.items() for j in range(m.shape[1])}
    return named | {
        f"{name}[{i + 1}][{j + 1}]": float(value)
        for name, m in matrices.items()
        for (i, j), value in np.ndenumerate(m)
    }


def shared_weights(inputs, activation):
    """Every output of the explorable *Shared weights* for inputs by name."""
    column = lambda name: np.array([[inputs[f"{name}[{i}]"]] for i in (1, 2)])
    W = np.array([[inputs[f"W[{i}][{j}]"] for j in (1, 2)] for i in (1, 2)])
    layer = nn.Dense(W, column("b"), activation)
    net = nn.Network([layer, layer])
    trace = net.forward(column("x"))
    grads = net.backward(trace, column("y"))
    dW, db = grads.of(layer)
    quantities = {"dW": dW, "db": db, "da1": grads.a[1], "p": W * grads.z[2]}
    for t in (1, 2):
        quantities |= {f"z{t}": trace.z[t], f"a{t}": trace.a[t], f"delta{t}": grads.z[t], f"G{t}": grads.W[t]}
        quantities[f"slope{t}"] = activation.prime(trace.z[t], trace.a[t])
    named = {"loss": float(net.loss_value(column("x"), column("y")))}
    for name, entries in quantities.items():
        for (i, j), value in np.ndenumerate(entries):
            index = f"[{i + 1}]" if entries.shape[1] == 1 else f"[{i + 1}][{j + 1}]"
            named[name + index] = float(value)
    return named


def assert_measured(shown, inputs, activation):
    """Each central difference is nnlib's but for rounding, and as far from the exact entry as its gap."""
    exact = single_layer(inputs, activation)
    for place, (slope, rounded, off) in central_differences(inputs, activation).items():
        difference = shown[f"difference{place}"]
        assert abs(difference - slope) <= rounded, (place, difference, slope)
        assert abs(difference - exact[f"dW{place}"]) <= off, (place, difference)
        assert abs(shown[f"gap{place}"] - abs(difference - exact[f"dW{place}"])) <= 1e-15 * (1 + abs(slope))


def assert_agree(shown, expected):
    """Equal to 1e-12 of the largest entry of each quantity."""
    assert shown.keys() >= expected.keys()
    for name, value in expected.items():
        quantity = name.split("[")[0]
        scale = max(abs(v) for k, v in expected.items() if k.split("[")[0] == quantity)
        assert abs(shown[name] - value) <= 1e-12 * scale, (name, shown[name], value)
