"""Which gradients of a reader's own back-propagation are wrong, and how.

All that is known is a loss, the parameters and the gradients that were handed in. The truth is measured from
the loss by differences; how a gradient differs from it tells what has probably gone wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.shapes import show
from nnlib.slopes import Slopes, measure
from nnlib.tables import html_table, text_table

Parameters = Mapping[str, Any] | Sequence[Any]

_HEAD = ("parameter", "error", "finding")
_WORDS = {
    "right": "right",
    "transposed": "transposed: rows and columns are swapped",
    "sign": "the sign is flipped",
    "factor": "off by the factor {factor:.6g}",
    "missing-sum": "the sum over the data points is missing, or a part of it",
    "activation-derivative": (
        "likely: the error that reaches this layer lacks an activation's slope, or has a wrong one; "
        "or W stands where its transpose is due, or one use of shared weights is left out"
    ),
    "shape": "it has another shape than its parameter: {shape}",
    "unknown": "wrong, in a way that fits no known error",
}


@dataclass(frozen=True)
class Finding:
    """What was found about the gradient of one parameter.

    Attributes
    ----------
    parameter : str
        Its key, or ``params[2]`` for the third of a list.
    kind : str
        ``right``, ``transposed``, ``sign``, ``factor``, ``missing-sum``, ``activation-derivative``, ``shape``
        or ``unknown``.
    factor : float or None
        What the truth is multiplied with, if the gradient is proportional to it.
    max_error : float
        The largest difference of an entry, relative to the largest entry of the truth; infinite where the
        shapes differ.
    wrong : tuple of tuple of int
        The entries that are wrong, from 1.
    doubtful : tuple of tuple of int
        The entries that differences cannot judge: the loss has a kink near by, or is too rough.
    shape : str
        The gradient's shape.

    Examples
    --------
    >>> Finding("W1", "sign", -1.0, 2.0, ((1, 1),), (), "1 × 1").words
    'the sign is flipped'
    """

    parameter: str
    kind: str
    factor: float | None
    max_error: float
    wrong: tuple[tuple[int, ...], ...]
    doubtful: tuple[tuple[int, ...], ...]
    shape: str

    @property
    def words(self) -> str:
        """The finding in words."""
        return _WORDS[self.kind].format(factor=self.factor, shape=self.shape)


@dataclass(frozen=True)
class Diagnosis:
    """What was found about all gradients; prints itself as a table.

    Attributes
    ----------
    findings : tuple of Finding
        One a parameter, in the order in which they were handed in.

    Examples
    --------
    >>> Diagnosis((Finding("W", "right", 1.0, 0.0, (), (), "1 × 1"),)).ok
    True
    """

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether no gradient is wrong."""
        return all(finding.kind == "right" for finding in self.findings)

    def __str__(self) -> str:
        return text_table(_HEAD, self._cells(), self._remarks())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(_HEAD, self._cells(), self._remarks())

    def _cells(self) -> list[tuple[str, str, str]]:
        return [
            (f.parameter, f"{f.max_error:.1e}", f"{'✓' if f.kind == 'right' else '✗'} {f.words}")
            for f in self.findings
        ]

    def _remarks(self) -> list[str]:
        head = "No gradient is wrong." if self.ok else "Some gradients are wrong."
        return [
            head,
            *(_places(f) for f in self.findings if f.wrong),
            *(_doubt(f) for f in self.findings if f.doubtful),
        ]


def diagnose(loss: Callable[[Any], Any], params: Parameters, gradients: Parameters) -> Diagnosis:
    """Say which gradients are wrong, in which entries, and how.

    The truth is measured by central differences with two steps; each entry is judged within the error that
    the two allow for. Where the loss has a kink near by (ReLU), an entry is left out and named. What a
    gradient is proportional to, or a transpose of, tells the error; so does which layers are wrong.

    Parameters
    ----------
    loss : callable
        From parameters, of the same kind as ``params``, to a number. It is called with copies.
    params : mapping or sequence of array_like
        In the order of the layers: W⁽¹⁾, b⁽¹⁾, W⁽²⁾, … In either convention, under any names.
    gradients : mapping or sequence of array_like
        ∂L/∂params as your back-propagation gives them, under the same keys or in the same order.

    Raises
    ------
    TypeError
        For parameters, gradients or a loss that are no real numbers.
    ValueError
        When the keys or the lengths of both do not agree, or something is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0], [2.0]])
    >>> def loss(p):
    ...     return 0.5 * float(((p["W"] @ x + p["b"]) ** 2).sum())
    >>> params = {"W": np.array([[1.0, -2.0]]), "b": np.array([[0.5]])}
    >>> delta = params["W"] @ x + params["b"]
    >>> print(diagnose(loss, params, {"W": -delta @ x.T, "b": delta}))
    parameter  error    finding
    W          2.0e+00  ✗ the sign is flipped
    b          ...e-13  ✓ right
    Some gradients are wrong.
    W: all 2 entries are wrong.
    """
    names, values, given = _paired(params, gradients)

    def at(point: list[Array]) -> Any:
        return loss(dict(zip(names, point, strict=True)) if isinstance(params, Mapping) else point)

    labels = names if isinstance(params, Mapping) else [f"params[{k}]" for k in range(len(values))]
    truths = measure(at, values)
    findings = [_finding(*parts) for parts in zip(labels, given, truths, strict=True)]
    return Diagnosis(tuple(_by_layers(findings, values)))


# ---- what is handed in -----------------------------------------------------------------------------------


def _paired(params: Parameters, gradients: Parameters) -> tuple[list[str], list[Array], list[Array]]:
    if isinstance(params, Mapping) != isinstance(gradients, Mapping):
        raise ValueError("params and gradients should both be mappings, or both be sequences")
    if isinstance(params, Mapping) and isinstance(gradients, Mapping):
        if params.keys() != gradients.keys():
            odd = ", ".join(sorted(map(str, params.keys() ^ gradients.keys())))
            raise ValueError(f"params and gradients should have the same keys; only one of them has {odd}")
        names = list(params)
        return names, [_real(params[n], n) for n in names], [_real(gradients[n], f"∂L/∂{n}") for n in names]
    if len(params) != len(gradients):
        raise ValueError(f"{len(params)} parameters need as many gradients, not {len(gradients)}")
    names = [str(k) for k in range(len(params))]
    return (
        names,
        [_real(value, f"params[{k}]") for k, value in enumerate(params)],
        [_real(value, f"gradients[{k}]") for k, value in enumerate(gradients)],
    )


def _real(value: Any, name: str) -> Array:
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} holds {array.dtype}, and diagnose takes real numbers only")
    if array.size == 0 or not np.isfinite(array).all():
        raise ValueError(f"{name} should hold finite numbers, and at least one")
    return array.astype(np.float64)


# ---- one gradient against the truth ----------------------------------------------------------------------


def _finding(label: str, given: Array, truth: Slopes) -> Finding:
    shape = show(given.shape) if given.ndim else "a number"
    doubtful = tuple(_from_one(index) for index in np.argwhere(~truth.sure))
    found = Finding(label, "unknown", None, np.inf, (), doubtful, shape)
    if given.shape != truth.value.shape:
        return replace(found, kind=_of_another_shape(given, truth))
    wrong = truth.sure & (abs(given - truth.value) > truth.allowed)
    error = float(abs(given - truth.value)[truth.sure].max(initial=0.0)) / truth.scale
    found = replace(found, max_error=error, wrong=tuple(map(_from_one, np.argwhere(wrong))))
    if not wrong.any():
        return replace(found, kind="right", factor=1.0)
    if (factor := _factor(given, truth)) is not None:
        return replace(found, kind="sign" if abs(factor + 1) < _near(truth) else "factor", factor=factor)
    if given.ndim == 2 and given.shape == given.T.shape and _is_transposed(given, truth):
        return replace(found, kind="transposed")
    return found


def _of_another_shape(given: Array, truth: Slopes) -> str:
    if (
        given.ndim == 2
        and given.T.shape == truth.value.shape
        and 1 not in given.shape
        and _is_transposed(given, truth)
    ):
        return "transposed"
    for axis in range(given.ndim):  # ∂L/∂b of each data point by itself, not yet summed
        total = given.sum(axis=axis)
        if (
            total.size == truth.value.size
            and given.shape[axis] > 1
            and truth.agrees(total.reshape(truth.value.shape))
        ):
            return "missing-sum"
    return "shape"


def _is_transposed(given: Array, truth: Slopes) -> bool:
    return truth.agrees(given.T) or _factor(given.T, truth) is not None


def _factor(given: Array, truth: Slopes) -> float | None:
    """The c with given = c · truth, if there is one."""
    ours, theirs = given[truth.sure], truth.value[truth.sure]
    clear = int((abs(theirs) > truth.allowed[truth.sure]).sum())
    if clear == 0:
        return None  # a truth of zeros is proportional to nothing
    factor = float(ours @ theirs / (theirs @ theirs))
    fits = (abs(ours - factor * theirs) <= max(1.0, abs(factor)) * truth.allowed[truth.sure]).all()
    tells = clear > 1 or abs(factor + 1) < _near(truth)  # to one number alone anything is proportional
    return factor if fits and tells else None


def _near(truth: Slopes) -> float:
    return 10 * float(truth.allowed.max()) / truth.scale


# ---- all gradients together ------------------------------------------------------------------------------


def _by_layers(findings: list[Finding], values: list[Array]) -> list[Finding]:
    """Where a gradient by itself tells nothing, what is right and wrong around it may."""
    biases = [_is_bias(f.parameter, value) for f, value in zip(findings, values, strict=True)]
    layers = _layers(biases)
    found = [
        replace(f, kind="missing-sum") if biases[k] and _alone_in_its_layer(k, layers, findings) else f
        for k, f in enumerate(findings)
    ]
    unexplained = {layers[k] for k, f in enumerate(found) if f.kind == "unknown"}
    last = max(unexplained, default=0)
    up_to = [k for k in range(len(found)) if layers[k] <= last]
    if len(up_to) < 2 or any(found[k].kind not in {"unknown", "factor"} for k in up_to):
        return found
    likely = [replace(found[k], kind="activation-derivative", factor=None) for k in up_to]
    return likely + found[len(likely) :]


def _alone_in_its_layer(k: int, layers: list[int], findings: list[Finding]) -> bool:
    """Whether it is unexplained, and all else in its layer right."""
    others = [f for j, f in enumerate(findings) if layers[j] == layers[k] and j != k]
    return findings[k].kind == "unknown" and bool(others) and all(f.kind == "right" for f in others)


def _is_bias(name: str, value: Array) -> bool:
    """By its name, b… or W…; else by its shape."""
    if match := re.match(r"(?i)(b)|w", name):
        return match[1] is not None
    return value.ndim < 2 or 1 in value.shape


def _layers(biases: list[bool]) -> list[int]:
    """The number of each parameter's layer: a new one begins at each matrix that follows a bias."""
    layer, numbers, complete = 1, [], False
    for bias in biases:
        if complete and not bias:
            layer, complete = layer + 1, False
        numbers.append(layer)
        complete = complete or bias
    return numbers


# ---- words -----------------------------------------------------------------------------------------------


def _from_one(index: Array) -> tuple[int, ...]:
    return tuple(int(n) + 1 for n in index)


def _places(finding: Finding) -> str:
    count = len(finding.wrong)
    total = _count(finding)
    if count == total:
        return (
            f"{finding.parameter}: all {total} entries are wrong."
            if total > 1
            else f"{finding.parameter} is wrong."
        )
    return f"{finding.parameter}: wrong in {_listed(finding.wrong)}."


def _doubt(finding: Finding) -> str:
    return (
        f"{finding.parameter}: {_listed(finding.doubtful)} could not be judged; the loss has a kink near by, "
        "where a ReLU switches, say. Move the parameters or the data a little and ask again."
    )


def _listed(places: Sequence[tuple[int, ...]]) -> str:
    shown = ", ".join(f"({', '.join(map(str, place))})" for place in places[:6])
    rest = f" and {len(places) - 6} more" if len(places) > 6 else ""
    return f"{'entry' if len(places) == 1 else 'entries'} {shown}{rest}"


def _count(finding: Finding) -> int:
    return int(np.prod([int(n) for n in re.findall(r"\d+", finding.shape)], initial=1)) - len(
        finding.doubtful
    )
