"""What the difference between a gradient and the truth tells: of each by itself, then of all together.

In proportion: the sign, or a factor. A transpose: rows and columns. Where one gradient tells nothing, what
is right and wrong around it may: a bias that is wrong beside right weights lacks a sum; and where everything
up to some layer is wrong and all later right, the error that comes down to that layer is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product

import numpy as np

from nnlib.activations import Array
from nnlib.findings import Finding
from nnlib.grouping import group
from nnlib.shapes import show
from nnlib.slopes import Slopes


@dataclass(frozen=True)
class Case:
    """One parameter.

    Attributes
    ----------
    label : str
    given : array
        The gradient handed in.
    truth : Slopes
        The measured one.
    value : array
        The parameter itself.
    """

    label: str
    given: Array
    truth: Slopes
    value: Array

    @property
    def silent(self) -> bool:
        """Whether the truth is 0, or not sure, everywhere: then being right tells nothing."""
        return not self.truth.clear.any()


def judge(case: Case) -> Finding:
    """What the gradient of one parameter tells by itself.

    Examples
    --------
    >>> import numpy as np
    >>> from nnlib.slopes import measure
    >>> (truth,) = measure(lambda point: float((point[0] ** 2).sum()), [np.array([1.0, 2.0])])
    >>> judge(Case("w", np.array([-2.0, -4.0]), truth, np.array([1.0, 2.0]))).kind
    'sign'
    """
    given, truth = case.given, case.truth
    doubtful = tuple(_from_one(index) for index in np.argwhere(~truth.sure))
    shape, due = (show(array.shape) if array.ndim else "a number" for array in (given, truth.value))
    found = Finding(case.label, "unknown", None, np.inf, (), doubtful, shape, due=due)
    if given.shape != truth.value.shape:
        return _of_another_shape(found, given, truth)
    apart = abs(given - truth.value)
    wrong = truth.sure & (apart > truth.allowed)
    error = float(apart[truth.sure].max(initial=0.0)) / truth.scale if wrong.any() or not case.silent else 0.0
    found = replace(found, max_error=error, wrong=tuple(map(_from_one, np.argwhere(wrong))))
    if not wrong.any():
        return replace(found, kind="right" if truth.sure.any() else "not-judged", factor=1.0)
    if (factor := _factor(given, truth)) is not None:
        return _proportional(found, factor, truth)
    turned = _transposed(found, given, truth)
    return turned or replace(found, hint=_hint(case))


def _proportional(found: Finding, factor: float, truth: Slopes) -> Finding:
    return replace(found, kind="sign" if abs(factor + 1) < _near(truth) else "factor", factor=factor)


def _of_another_shape(found: Finding, given: Array, truth: Slopes) -> Finding:
    flat = max(given.shape, default=1) == given.size  # a bias as a row is no transpose of anything
    if not flat and (turned := _transposed(found, given, truth)):
        return turned
    for axis in range(given.ndim):  # the gradient of each data point by itself, not yet summed
        total = given.sum(axis=axis)
        if given.shape[axis] > 1 and total.size == truth.value.size:
            total = total.reshape(truth.value.shape)
            if truth.agrees(total) or _factor(total, truth) is not None:
                return replace(found, kind="missing-sum")
    return replace(found, kind="shape", hint=_of_right_entries(given, truth))


def _of_right_entries(given: Array, truth: Slopes) -> str:
    shape = truth.value.shape
    if given.size != truth.value.size or not truth.clear.any() or not truth.agrees(given.reshape(shape)):
        return ""
    words = f"its entries are right and only its shape is not: hand in .reshape{shape}"
    return f"{words}, or sum with keepdims=True" if given.ndim < len(shape) else words


def _transposed(found: Finding, given: Array, truth: Slopes) -> Finding | None:
    """A transpose of the truth, or of a multiple of it; of three axes and more, any other order of them."""
    for axes in list(permutations(range(given.ndim)))[1:]:
        turned = given.transpose(axes)
        if turned.shape != truth.value.shape:
            continue
        if truth.agrees(turned):
            return replace(found, kind="transposed")
        if (factor := _factor(turned, truth)) is not None:
            return replace(found, kind="transposed", factor=factor)
    return None


def _factor(given: Array, truth: Slopes) -> float | None:
    """The c with given = c · truth, if there is one."""
    if not given.any():
        return 0.0 if truth.clear.any() else None
    factor = _ratio(given, truth)
    if factor is None:
        return None  # a truth of zeros is proportional to nothing
    tells = truth.clear.sum() > 1 or abs(factor + 1) < _near(truth)  # to one number anything is proportional
    return factor if tells else None


def _ratio(given: Array, truth: Slopes) -> float | None:
    """The c that fits best, if it fits everywhere."""
    ours, theirs, allowed = given[truth.sure], truth.value[truth.sure], truth.allowed[truth.sure]
    if not truth.clear.any():
        return None
    factor = float(ours @ theirs / (theirs @ theirs))
    unsure = float(np.linalg.norm(allowed) / np.linalg.norm(theirs))  # of the factor, by errors of the truth
    fits = (abs(ours - factor * theirs) <= max(1.0, abs(factor)) * (allowed + unsure * abs(theirs))).all()
    return factor if fits and unsure < _TELLING else None


def _near(truth: Slopes) -> float:
    return min(10 * float(truth.allowed[truth.sure].max(initial=0.0)) / truth.scale, _TELLING)


def _hint(case: Case) -> str:
    """What else the difference may be: the parameter itself, or the truth turned round."""
    given, truth, value = case.given, case.truth, case.value
    apart = (given - truth.value)[truth.sure]
    weights = value[truth.sure]
    if (norm := float(weights @ weights)) and apart.size > 1:
        part = float(apart @ weights) / norm
        if (abs(apart - part * weights) <= max(1.0, abs(part)) * truth.allowed[truth.sure]).all():
            words = (
                "more than the slope, and the loss has no such term" if part > 0 else "less than the slope"
            )
            return f"it is {abs(part):.4g} times the parameter itself {words}: weight decay on one side only"
    for flips in list(product((1, -1), repeat=given.ndim))[1:]:
        if truth.agrees(given[tuple(slice(None, None, flip) for flip in flips)]):
            return "it is right when turned round: the kernel of a convolution is flipped"
    return ""


# ---- all gradients together ------------------------------------------------------------------------------


class Together:
    """The findings of all parameters, and what each adds to the others.

    Parameters
    ----------
    cases : sequence of Case
    names : sequence of str or None
        None for a list.

    Examples
    --------
    >>> import numpy as np
    >>> from nnlib.slopes import measure
    >>> point = [np.ones((2, 2)), np.ones((2, 1))]
    >>> truths = measure(lambda p: float(((p[0] @ [[1], [2]] + p[1]) ** 2).sum()), point)
    >>> right, wrong = truths[0].value, truths[1].value * [[1], [3]]
    >>> cases = [Case("W", right, truths[0], point[0]), Case("b", wrong, truths[1], point[1])]
    >>> [finding.kind for finding in Together(cases, ["W", "b"]).findings]
    ['right', 'missing-sum']
    """

    def __init__(self, cases: Sequence[Case], names: Sequence[str] | None) -> None:
        self.cases = cases
        self.layers, self.biases = group(names, [case.value.shape for case in cases])
        self.findings = [judge(case) for case in cases]
        self._too_coarse()
        self._single_numbers()
        self._lone_biases()
        self._up_to_a_layer()
        self._lone_weights()

    def _too_coarse(self) -> None:
        """Where no slope is clear, to be near the truth tells nothing, unless both are 0."""
        clear = [abs(case.truth.value[case.truth.clear]) for case in self.cases]
        largest = max((float(slopes.max(initial=0.0)) for slopes in clear), default=0.0)
        for k, (f, case) in enumerate(zip(self.findings, self.cases, strict=True)):
            if f.kind == "right" and case.silent and not _zeros(case, largest):
                every = tuple(map(_from_one, np.ndindex(case.value.shape)))
                self.findings[k] = replace(
                    f, kind="not-judged", max_error=np.nan, doubtful=every, coarse=True
                )

    def _single_numbers(self) -> None:
        """To one number anything is proportional, but not by the factor of others, or by a plain one."""
        others = {f.factor for f in self.findings if f.kind in {"factor", "sign"} and f.factor}
        for k, (f, case) in enumerate(zip(self.findings, self.cases, strict=True)):
            if f.kind != "unknown" or not f.shaped or case.truth.clear.sum() != 1:
                continue
            ratio, near = _ratio(case.given, case.truth), _near(case.truth)
            if ratio and any(abs(ratio - c) <= near * abs(c) for c in (*others, *_plain(ratio))):
                self.findings[k] = _proportional(f, ratio, case.truth)

    def _lone_biases(self) -> None:
        """A bias that is wrong beside right weights: the error is right, so the sum is not."""
        for k in self._alone():
            if self.biases[k]:
                self.findings[k] = replace(self.findings[k], kind="missing-sum")

    def _lone_weights(self) -> None:
        """Weights that are wrong beside a right bias: what the right error is multiplied with is not."""
        for k in self._alone():
            if not (self.biases[k] or self.findings[k].hint):
                self.findings[k] = replace(self.findings[k], hint=_BESIDE_A_RIGHT_BIAS)

    def _alone(self) -> list[int]:
        """Which are unexplained, while all else in their layer is right."""
        return [
            k
            for k, f in enumerate(self.findings)
            if f.kind == "unknown"
            and (others := [j for j in self._in(self.layers[k]) if j != k])
            and all(self.findings[j].kind == "right" for j in others)
            and not all(self.cases[j].silent for j in others)
        ]

    def _up_to_a_layer(self) -> None:
        """Everything up to some layer wrong, and not in proportion: the error that comes down to it is."""
        unexplained = [k for k, f in enumerate(self.findings) if f.kind == "unknown" and not f.hint]
        last = max((self.layers[k] for k in unexplained), default=0)
        up_to = [k for k, layer in enumerate(self.layers) if layer <= last and not self._says_nothing(k)]
        if len(up_to) == 1 and len(self._in(last)) > 1:
            return  # a single one of its layer: its own product may be wrong as well
        if len(up_to) == 1 and _in_some_rows(self.cases[up_to[0]]):
            self.findings[up_to[0]] = replace(self.findings[up_to[0]], kind="missing-sum", hint=_ROWS)
            return
        if any(self.findings[k].kind not in {"unknown", "factor"} or self.findings[k].hint for k in up_to):
            return
        for k in up_to:
            self.findings[k] = replace(self.findings[k], kind="activation-derivative", factor=None)
        right = [
            f.parameter
            for f, n in zip(self.findings, self.layers, strict=True)
            if n > last and f.kind == "right"
        ]
        if up_to and right:
            k = max(k for k in up_to if self.layers[k] == last)
            hint = f"right again from {right[0]} on: look at the step back from there"
            self.findings[k] = replace(self.findings[k], hint=hint)

    def _in(self, layer: int) -> list[int]:
        return [k for k, number in enumerate(self.layers) if number == layer]

    def _says_nothing(self, k: int) -> bool:
        return self.findings[k].kind in {"right", "not-judged"} and self.cases[k].silent


_ROWS = (
    "some of its rows are right; does a row that is used several times get the sum over its uses? "
    "(NumPy's dE[words] += ... keeps one of them; np.add.at adds them up)"
)
_BESIDE_A_RIGHT_BIAS = (
    "its bias is right, and so is the error of its layer; look at what that is multiplied with, and at the "
    "sum over the data points or over all uses"
)

_TELLING = 0.05  # a truth that is less sure than that tells no factor
_ZERO = 1e-13  # of the largest slope of all: what rounding leaves of a 0 that is a sum
_LOST = 1e-6  # of the largest slope of all: a slope that is known to be less is as good as 0


def _zeros(case: Case, largest: float) -> bool:
    """Whether a silent truth is 0, and what was given, too."""
    sure = case.truth.sure
    given, value, allowed = (abs(a)[sure] for a in (case.given, case.truth.value, case.truth.allowed))
    known = (value == 0) | (allowed <= _LOST * largest)
    return bool((known & (given <= _ZERO * largest)).all())


def _plain(ratio: float) -> list[float]:
    """The whole number near by, and one over it: what a forgotten 2 or N leaves."""
    whole, part = round(ratio), round(1 / ratio)
    return [float(whole)] * bool(whole) + ([1 / part] if part else [])


def _in_some_rows(case: Case) -> bool:
    """Whether some rows are right, and not for being 0, while others are wrong."""
    given, truth = (array.reshape(len(case.given), -1) for array in (case.given, case.truth.value))
    allowed, clear = (array.reshape(given.shape) for array in (case.truth.allowed, case.truth.clear))
    right = (abs(given - truth) <= allowed).all(axis=1)
    return bool((right & clear.any(axis=1)).any() and not right.all() and given.shape[1] > 1)


def _from_one(index: Iterable[int]) -> tuple[int, ...]:
    return tuple(int(n) + 1 for n in index)
