"""Which gradients of a reader's own back-propagation are wrong, and how.

All that is known is a loss, the parameters and the gradients that were handed in. The truth is measured from
the loss by differences; how a gradient differs from it tells what has probably gone wrong, and where one
gradient by itself tells nothing, what is right and wrong around it may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlib.activations import Array
from nnlib.faults import Case, Together
from nnlib.findings import Finding
from nnlib.shapes import ShapeError, place, show
from nnlib.slopes import measure
from nnlib.tables import html_table, text_table

Parameters = Mapping[str, Any] | Sequence[Any]

_LIKELY = (
    "Likely, not surely: it looks the same if W stands where its transpose is due, or if a way back is left "
    "out, as one use of shared weights or a skip connection."
)
_HEAD = ("parameter", "error", "wrong", "finding")


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
        """Whether every gradient is right; one of which nothing could be judged is not."""
        return all(finding.kind == "right" for finding in self.findings)

    def __str__(self) -> str:
        return text_table(_HEAD, self._cells(), self._remarks())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(_HEAD, self._cells(), self._remarks())

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                f.parameter,
                "" if f.kind == "not-judged" else f"{f.max_error:.1e}",
                f.share,
                f"{f.mark} {f.words}",
            )
            for f in self.findings
        ]

    def _remarks(self) -> list[str]:
        wrong = any(f.kind not in {"right", "not-judged"} for f in self.findings)
        judged = " that could be judged" if any(f.doubtful for f in self.findings) else ""
        head = "Some gradients are wrong." if wrong else f"No gradient{judged} is wrong."
        likely = any(f.kind == "activation-derivative" for f in self.findings)
        remarks = [remark for finding in self.findings for remark in finding.remarks()]
        return [head, *remarks, *([_LIKELY] if likely else [])]


def diagnose(loss: Callable[[Any], Any], params: Parameters, gradients: Parameters) -> Diagnosis:
    """Say which gradients are wrong, in which entries, and how.

    The truth is measured by central differences with several steps; each entry is judged within the error
    that they allow for. Where the loss has a kink near by (ReLU), an entry is left out and named. What a
    gradient is proportional to, or a transpose of, tells the error; so does which layers are wrong.

    Parameters
    ----------
    loss : callable
        From parameters, of the same kind as ``params``, to a number. It is called with copies.
    params : mapping or sequence of array_like
        In the order of the layers: W⁽¹⁾, b⁽¹⁾, W⁽²⁾, … In either convention, under any names; names such as
        W2 and b2 tell what belongs together.
    gradients : mapping or sequence of array_like
        ∂L/∂params as your back-propagation gives them, under the same keys or in the same order.

    Raises
    ------
    TypeError
        For parameters or gradients that are in no mapping or sequence, or nested, or no real numbers; for a
        loss that is no function or gives no real number.
    ValueError
        When there are no parameters, the keys or the lengths of both do not agree, something is not finite,
        masked or empty, or the loss gives another number at each call.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.3], [2.1]])
    >>> def loss(p):
    ...     return 0.5 * float(((p["W"] @ x + p["b"]) ** 2).sum())
    >>> params = {"W": np.array([[1.0, -2.0]]), "b": np.array([[0.5]])}
    >>> delta = params["W"] @ x + params["b"]
    >>> print(diagnose(loss, params, {"W": -delta @ x.T, "b": delta}))
    parameter  error    wrong   finding
    W          2.0e+00  2 of 2  ✗ the sign is flipped
    b          ...e-1...          ✓ right
    Some gradients are wrong.
    """
    if not callable(loss):
        raise TypeError(f"loss is {loss!r}; it should be a function from the parameters to a number")
    names, values, given = _paired(params, gradients)
    labels = [str(n) for n in names] if isinstance(params, Mapping) else [f"params[{n}]" for n in names]

    def at(point: list[Array]) -> Any:
        if isinstance(params, Mapping):
            return loss(dict(zip(names, point, strict=True)))
        return loss(tuple(point) if isinstance(params, tuple) else point)

    truths = measure(at, values, given)
    cases = [Case(*parts) for parts in zip(labels, given, truths, values, strict=True)]
    return Diagnosis(tuple(Together(cases, labels if isinstance(params, Mapping) else None).findings))


# ---- what is handed in -----------------------------------------------------------------------------------


def _paired(params: Parameters, gradients: Parameters) -> tuple[list[Any], list[Array], list[Array]]:
    _require_container("params", params)
    _require_container("gradients", gradients)
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
    return (
        list(range(len(params))),
        [_real(value, f"params[{k}]") for k, value in enumerate(params)],
        [_real(value, f"gradients[{k}]") for k, value in enumerate(gradients)],
    )


def _require_container(name: str, given: Any) -> None:
    if not isinstance(given, Mapping | Sequence) or isinstance(given, str | bytes):
        raise TypeError(
            f"{name} is of type {type(given).__name__}, and should be a dictionary or a list of arrays: "
            "hand in {'W': W}, say, or [W]"
        )
    if not given:
        raise ValueError(f"{name} is empty: there is nothing to judge. Hand in {{'W': W}}, say, or [W]")


def _real(value: Any, name: str) -> Array:
    array = _as_array(value, name)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"{name} holds {array.dtype}, and diagnose takes real numbers only")
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {show(array.shape)}), and should hold a number at least")
    if np.ma.is_masked(array):
        raise ValueError(f"{name} has masked entries, and a slope of what is masked tells nothing: fill them")
    if not np.isfinite(array).all():
        index = tuple(np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name} holds {array[index]}{_where(index)}; every entry must be finite")
    return np.array(array, np.float64)  # a copy: the loss may write into the very array


def _as_array(value: Any, name: str) -> Array:
    if isinstance(value, Mapping) or (isinstance(value, list | tuple) and any(map(_is_array, value))):
        raise TypeError(
            f"{name} is a {type(value).__name__} of arrays: hand in every array by itself, as in "
            "{'W1': W1, 'b1': b1} or [W1, b1]"
        )
    try:
        return np.asanyarray(value)  # a mask stays
    except ValueError:
        raise ShapeError(f"{name} has rows of different lengths: hand in an array of numbers") from None


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _where(index: tuple[int, ...]) -> str:
    if len(index) == 2:
        return f" at {place(index)}"
    return f" at entry {', '.join(str(n + 1) for n in index)}" if index else ""
