"""The widget: an ipywidget in Jupyter, and a figure that needs no kernel on the static page.

Both run the same ES module, and every number in it comes from Formulas compiled by one call. Python computes
the outputs from the same compiled expressions, so that ``widget.outputs`` follows what a reader moves.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from importlib.resources import files
from numbers import Real
from typing import Any

import anywidget
import traitlets as t

from nnlib.ledger import Claim
from nnlib.ledger.tex import point
from nnlib.symbolic import Compiled, Formula

_TAIL = "export default { render: ({ model, el }) => mountExplorable({ model, el, view, program }) };\n"

_TINY = 5e-5  # four decimals would say zero
_STATE = (
    *("name", "title", "inputs", "variant", "view", "start"),
    *("ranges", "variants", "views", "math", "badges"),
)


class Explorable(anywidget.AnyWidget):
    """A figure whose numbers are formulas.

    Parameters
    ----------
    name : str
        Its kind, as the page contract calls it: ``single-layer``.
    title : str
        Its heading.
    formulas : sequence of Formula
        What it prints beside its numbers.
    programs : mapping
        Variant (``sigmoid``) → the formulas compiled for it.
    inputs : mapping
        Where it starts: page name (``W[1][2]``) → number, every input of the programs.
    ranges : mapping
        Page name → (least, greatest, step).
    claims : mapping, optional
        Formula's name (``dW``) → the claim that proves it, shown as a badge.
    views : mapping, optional
        Where a reader can stand, beside the inputs: a name (``step``) → least and greatest of whole numbers,
        or (``chosen``) → the names that can be chosen.
    view : mapping, optional
        Where the reader stands at the start; what is left out begins with the first that is allowed.

    Raises
    ------
    ValueError
        For a figure without a program, an input without a start or a range, or a view without a choice.
    TraitError
        For a start, and later for a change, to what the figure has not, or beyond a range.

    Examples
    --------
    >>> import nnlib as nn
    >>> from nnlib.symbolic import compile_formulas, letters, network
    >>> W, b, x, z = letters("W b x z")
    >>> line = nn.Formula(z, W * x + b)
    >>> start = {"W[1][1]": 2.0, "b[1]": 1.0, "x[1]": 3.0, "y[1]": 0.0}
    >>> widget = Explorable(
    ...     "line", "A line", [line], {"identity": compile_formulas([line], network((1, 1)))},
    ...     start, {name: (-5, 5, 0.1) for name in start}, views={"step": (0, 3), "chosen": ["z[1]", "b[1]"]},
    ... )
    >>> widget.outputs["z[1]"]
    7.0
    >>> widget.inputs = {"x[1]": 1}  # the others stay
    >>> widget.outputs["z[1]"]
    3.0
    >>> widget.view = {"step": 2}
    >>> widget.view
    {'step': 2, 'chosen': 'z[1]'}
    """

    name = t.Unicode().tag(sync=True)
    title = t.Unicode().tag(sync=True)
    inputs = t.Dict().tag(sync=True)
    variant = t.Unicode().tag(sync=True)
    variants: t.List[str] = t.List().tag(sync=True)
    view = t.Dict().tag(sync=True)
    views = t.Dict().tag(sync=True)
    start = t.Dict().tag(sync=True)
    ranges = t.Dict().tag(sync=True)
    math = t.Dict().tag(sync=True)
    badges = t.Dict().tag(sync=True)
    outputs = t.Dict(read_only=True, help="Page name → value of every output, at the present inputs.")

    def __init__(  # noqa: PLR0913  all of a figure; the last two by name only
        self,
        name: str,
        title: str,
        formulas: list[Formula],
        programs: Mapping[str, Compiled],
        inputs: Mapping[str, float],
        ranges: Mapping[str, tuple[float, float, float]],
        claims: Mapping[str, Claim] | None = None,
        *,
        views: Mapping[str, Sequence[Any]] | None = None,
        view: Mapping[str, int | str] | None = None,
    ) -> None:
        _require_parts(programs, inputs, ranges, views or {})
        self._programs = dict(programs)
        variant = list(programs)[-1]
        stand = {key: allowed[0] for key, allowed in (views or {}).items()} | dict(view or {})
        self._esm = f"{module_text(name)}\nconst program = {self._program_source()};\n{_TAIL}"
        self._css = _asset("explorable.css")
        super().__init__(
            name=name,
            title=title,
            ranges={key: list(limits) for key, limits in ranges.items()},
            variants=list(programs),
            views={key: list(allowed) for key, allowed in (views or {}).items()},
            math={formula.name: formula.mathml for formula in formulas},
            badges={key: _badge(claim) for key, claim in (claims or {}).items()},
        )
        with self.hold_trait_notifications():
            self.inputs, self.variant, self.view = dict(inputs), variant, stand
        self.start = {"inputs": self.inputs, "variant": variant, "view": self.view}  # plain numbers by now
        self._compute()

    @t.validate("inputs")
    def _valid_inputs(self, proposal: Any) -> dict[str, float]:
        """Some inputs anew, the others as they were; each a finite number within its range."""
        merged = {**self.start.get("inputs", {}), **self.inputs}
        for name, value in proposal["value"].items():
            if name not in self.ranges:
                raise t.TraitError(f"{name!r} is no input of this figure; it has {', '.join(self.ranges)}")
            least, greatest, _ = self.ranges[name]
            if not _is_number(value, least, greatest):
                raise t.TraitError(f"{name} = {value!r} should be a number from {least} to {greatest}")
            merged[name] = float(value)
        return merged

    @t.validate("variant")
    def _valid_variant(self, proposal: Any) -> str:
        if proposal["value"] not in self._programs:
            raise t.TraitError(f"{proposal['value']!r} is none of {', '.join(self._programs)}")
        return str(proposal["value"])

    @t.validate("view")
    def _valid_view(self, proposal: Any) -> dict[str, int | str]:
        """Some of it anew, the rest as it was; each a whole number within its range, or one of its names."""
        merged = {**self.start.get("view", {}), **self.view}
        for name, value in proposal["value"].items():
            if name not in self.views:
                raise t.TraitError(
                    f"{name!r} is no view of this figure; it has {', '.join(self.views) or 'none'}"
                )
            merged[name] = _one_of(name, value, self.views[name])
        return merged

    @t.observe("inputs", "variant")
    def _compute(self, change: Any = None) -> None:  # noqa: ARG002  traitlets hands it in
        if self.variant and self.inputs:
            self.set_trait("outputs", self._programs[self.variant](self.inputs))

    def link(self, name: str, widget: Any) -> Callable[[], None]:
        """Join one input with an ordinary widget: who moves the one moves the other.

        Parameters
        ----------
        name : str
            The input's page name (``W[1][2]``).
        widget : Widget
            Whatever has a number as its ``value``, such as the ``FloatSlider`` of ipywidgets. It takes the
            input's present value; where it ends earlier, the input goes no further.

        Returns
        -------
        callable
            Call it to part them again.

        Examples
        --------
        >>> import ipywidgets, nnlib as nn
        >>> from nnlib.symbolic import compile_formulas, letters, network
        >>> W, b, x, z = letters("W b x z")
        >>> line = nn.Formula(z, W * x + b)
        >>> program = compile_formulas([line], network((1, 1)), target=False)
        >>> start = dict.fromkeys(program.inputs, 0.5)
        >>> limits = dict.fromkeys(start, (-2, 2, 0.01))
        >>> figure = Explorable("line", "A line", [line], {"identity": program}, start, limits)
        >>> slider = ipywidgets.FloatSlider(min=-2, max=2)
        >>> part = figure.link("x[1]", slider)
        >>> slider.value = 1.5
        >>> figure.inputs["x[1]"], figure.outputs["z[1]"]
        (1.5, 1.25)
        >>> figure.inputs = {"x[1]": -1}
        >>> slider.value
        -1.0
        >>> part()
        """
        if name not in self.ranges:
            raise ValueError(f"{name!r} is no input of this figure; it has {', '.join(self.ranges)}")

        def follow(_: Any = None) -> None:
            widget.value = self.inputs[name]

        def lead(change: Any) -> None:
            self.inputs = {name: change["new"]}

        def part() -> None:
            self.unobserve(follow, "inputs")
            widget.unobserve(lead, "value")

        follow()
        self.observe(follow, "inputs")
        widget.observe(lead, "value")
        return part

    def _program_source(self) -> str:
        """The compiled formulas as the object literal that the module evaluates."""
        first = next(iter(self._programs.values()))
        variants = ", ".join(f"{json.dumps(key)}: {program.js}" for key, program in self._programs.items())
        names = f"inputs: {json.dumps(first.inputs)}, outputs: {json.dumps(first.outputs)}"
        return f"{{{names}, variants: {{{variants}}}}}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/html": self._static_html(), "text/plain": self._plain()}, metadata

    def _static_html(self) -> str:
        """The figure for a page without a kernel: its state, and a table for paper and for no JavaScript."""
        state = {**{key: getattr(self, key) for key in _STATE}, "program": self._program_source()}
        script = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
        return (
            f'<figure class="xp" data-explorable="{self.name}">'
            f'<script type="application/json" class="xp-state">{script}</script>{self._table()}</figure>'
        )

    def _table(self) -> str:
        cells = [
            f'<th scope="row">{readable(name)}</th>'
            f'<td data-quantity="{name}" data-value="{value!r}">{_four(value)}</td>'
            for name, value in {**self.inputs, **self.outputs}.items()
        ]
        rows = "".join(f"<tr>{''.join(cells[k : k + 4])}</tr>" for k in range(0, len(cells), 4))
        caption = f"<caption>{html.escape(self.title)}, {self.variant}</caption>"
        return f'<table class="xp-static">{caption}<tbody>{rows}</tbody></table>'

    def _plain(self) -> str:
        values = {**self.inputs, **self.outputs}
        return f"{self.title} ({self.variant}): " + ", ".join(f"{k} = {v:.4g}" for k, v in values.items())


def _one_of(name: str, value: Any, allowed: Sequence[Any]) -> int | str:
    """A whole number from the first to the second, where two are allowed; or else one of the names.

    >>> _one_of("step", 2.0, [0, 3])
    2
    >>> _one_of("chosen", "W", ["b", "W"])
    'W'
    """
    if any(isinstance(one, str) for one in allowed):
        if not (isinstance(value, str) and value in allowed):
            raise t.TraitError(f"{name} = {value!r} should be one of {', '.join(allowed)}")
        return value
    least, greatest = allowed
    if not (_is_number(value, least, greatest) and value == int(value)):
        raise t.TraitError(f"{name} = {value!r} should be a whole number from {least} to {greatest}")
    return int(value)


def _is_number(value: Any, least: float, greatest: float) -> bool:
    """Whether it is a finite number from the first to the second: Python's or NumPy's, but no truth value.

    >>> [_is_number(value, 0, 4) for value in (1, math.pi, math.nan, True, "1")]
    [True, True, False, False, False]
    """
    real = isinstance(value, Real) and not isinstance(value, bool)
    return real and least <= value <= greatest and math.isfinite(value)


def _require_parts(
    programs: Mapping[str, Compiled],
    inputs: Mapping[str, float],
    ranges: Mapping[str, Sequence[float]],
    views: Mapping[str, Sequence[Any]],
) -> None:
    """Refuse a figure of which a part is missing."""
    if not programs:
        raise ValueError("a figure needs a program: a variant's name, and what compile_formulas gives")
    needed = dict.fromkeys(name for program in programs.values() for name in program.inputs)
    for what, given in (("start", inputs), ("range", ranges)):
        if missing := [name for name in needed if name not in given]:
            raise ValueError(
                f"no {what} is given for {', '.join(missing)}: every input of the programs has one"
            )
    for name, limits in ranges.items():
        if len(limits) != 3:
            raise ValueError(f"the range of {name} is (least, greatest, step), and not {limits!r}")
    for name, allowed in views.items():
        names = bool(allowed) and all(isinstance(one, str) for one in allowed)
        if not names and len(allowed) != 2:
            raise ValueError(
                f"the view {name} is least and greatest, or the names to choose from, not {allowed!r}"
            )


def require_formulas(who: str, needed: Set[str], given: Iterable[str]) -> None:
    """Refuse to draw a figure that lacks formulas.

    Raises
    ------
    ValueError
        The message says who needs which.

    Examples
    --------
    >>> require_formulas("the line needs", {"z", "a"}, ["z"])
    Traceback (most recent call last):
    ValueError: the line needs formulas for a too
    """
    if missing := needed - set(given):
        raise ValueError(f"{who} formulas for {', '.join(sorted(missing))} too")


def module_text(name: str) -> str:
    """The ES module of an explorable without its program: the shared parts, then its view."""
    return f"{_asset('kit.js')}\n{_asset(name.replace('-', '_') + '.js')}"


def readable(name: str) -> str:
    """A page name as HTML: ``dW2[1][3]`` as ∂L/∂W⁽²⁾₁₃.

    >>> readable("dW[1][2]")
    '∂L/∂W<sub>12</sub>'
    >>> readable("newW2[1][3]")
    'W<sup>(2)</sup><sub>new,13</sub>'
    """
    greek = {"delta": "δ", "slope": "σ′", "loss": "L", "eta": "η", "logh": "log₁₀ h", "logeta": "log₁₀ η"}
    match = re.fullmatch(r"(d(?=[A-Za-z]\d*\[))?(new(?=[Wb]))?([A-Za-z]+)(\d*)((?:\[\d+\])*)", name)
    if match is None:
        return html.escape(name)
    by_loss, new, stem, layer, indices = match.groups()
    above = f"<sup>({layer})</sup>" if layer else ""
    below = ",".join(filter(None, [new, "".join(re.findall(r"\d+", indices))]))
    return f"{'∂L/∂' if by_loss else ''}{greek.get(stem, stem)}{above}" + (
        f"<sub>{below}</sub>" if below else ""
    )


def _asset(name: str) -> str:
    path = files("nnlib.explore").joinpath(name)
    if not path.is_file():
        return ""
    return path.read_text(encoding="utf-8")


def _badge(claim: Claim) -> dict[str, Any]:
    """The verdict, and its facts in HTML: sizes such as S_{l-1} have their indices set low."""
    facts = {"for": claim.quantifiers or "", "how": claim.how, "time": f"{claim.seconds:.3f} s"}
    facts = {name: point(text) for name, text in facts.items()}
    return {"verdict": claim.verdict, "facts": facts}


def _four(value: float) -> str:
    """Four decimals with a true minus sign, or what is too small for them: 5.1e−12, never −0.0000."""
    text = f"{abs(value):.4f}" if abs(value) >= _TINY or value == 0 else f"{abs(value):.1e}".replace("-", "−")
    return f"−{text}" if value < 0 else text
