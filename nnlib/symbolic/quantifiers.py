"""For what a proof holds, read off the expressions that were compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nnlib.activations import Array
from nnlib.symbolic.forward_pass import ForwardPass
from nnlib.symbolic.letters import with_raised_layer
from nnlib.symbolic.undefined import Undefined

_GREEK = {"sigma": "σ", "phi": "φ", "delta": "δ", "eta": "η"}


def quantifiers(compared: Sequence[Array], passes: Sequence[ForwardPass]) -> str:
    """Words such as "all W, b, x; every differentiable l; at 2 × 2 and 3 × 2".

    The symbols and the undefined functions are those that occur in the entries compared.
    """
    entries = [e for array in compared for e in array.ravel() if hasattr(e, "free_symbols")]
    stems = {_stem(s.name) for e in entries for s in e.free_symbols}
    names = {_stem(c.func.base.__name__) for e in entries for c in e.atoms(Undefined)}
    functions = sorted(map(_plain, names))
    parts = []
    if stems:
        parts.append(f"all {', '.join(map(_plain, sorted(stems, key=_capitals_first)))}")
    if functions:
        parts.append(f"every differentiable {_listed(functions)}")
    if any(max(forward.sizes) > 1 for forward in passes):
        parts.append(f"at {' and '.join(dict.fromkeys(map(_shape, passes)))}")
    return "; ".join(parts)


def _plain(stem: str) -> str:
    return _GREEK.get(stem, with_raised_layer(stem))


def _stem(name: str) -> str:
    return re.sub(r"_.*$", "", name)


def _capitals_first(stem: str) -> tuple[bool, str]:
    return stem[0].islower(), stem


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _shape(forward: ForwardPass) -> str:
    """One layer by the shape of its W, several by their sizes."""
    if len(forward.sizes) == 2:
        return f"{forward.sizes[1]} × {forward.sizes[0]}"
    return "-".join(map(str, forward.sizes))
