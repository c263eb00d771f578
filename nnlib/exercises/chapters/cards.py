"""The exercises that give steps to be ordered and shapes to be chosen, of all chapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from nnlib.activations import sigmoid
from nnlib.exercises.ordering import Ordering, Step
from nnlib.exercises.shaping import Shapes
from nnlib.losses import cross_entropy, squared_error
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    Letter,
    MapLetter,
    hadamard,
    letters,
    network,
    partial,
    sigma,
    size,
    undefined_loss,
)
from nnlib.symbolic import general as g

W, b, x, y, z, a, delta, L = letters("W b x y z a delta L")
W1, b1, z1, a1, delta1, W2, b2, z2, a2, delta2 = letters("W1 b1 z1 a1 delta1 W2 b2 z2 a2 delta2")
_CARDS = "The steps lie in disorder. Put them in an order in which each uses only what those above it give. "
_CHOOSE = "Choose the shape of each."


def _columns(layer: Letter) -> str:
    return f"In columns, {layer} has a row for each unit and a column for each input."


# ---- a single layer ----------------------------------------------------------------------------------------


def one_weight(name: str) -> Ordering:
    """How ∂L/∂W is derived, by way of one weight."""
    entry, slope = partial(L, W(1, 2)), partial(z(1), W(1, 2))
    error = Formula(delta, partial(L, z))
    return Ordering(
        name,
        _CARDS + r"They derive $\partial L/\partial W$ for a layer with three inputs and two units, where "
        r"$\delta$ is $\partial L/\partial z$; what is shown for one weight holds for each.",
        [
            Step(Formula(z(1), W(1, 1) * x(1) + W(1, 2) * x(2) + W(1, 3) * x(3) + b(1))),
            Step(Formula(entry, partial(L, z(1)) * slope), (1,), "the way from W₁₂ to L by z₁ alone"),
            Step(Formula(slope, x(2)), (1,)),
            Step(Formula(entry, delta(1) * x(2), given=[error]), (2, 3), "one entry of the gradient"),
            Step(Formula(partial(L, W), delta * x.T, given=[error]), (4,)),
        ],
        ForwardPass(network((3, 2), loss=undefined_loss("l"))),
        hints=["First: which entries of z does W₁₂ move at all?", "Last: the matrix."],
        because=r"$W_{12}$ stands in $z_1$ alone: so there is one path, with two slopes.",
    )


def layer_shapes(name: str) -> Shapes:
    """The matrices of one layer, and the two outer products."""
    return Shapes(
        name,
        r"A layer has five inputs and three units, $z = W x + b$, and everything is a column. " + _CHOOSE,
        [W, delta, partial(L, W), x * delta.T, partial(L, x)],
        ForwardPass(network((5, 3))),
        given=[Formula(delta, partial(L, z))],
        why={W: _columns(W), delta: "δ has an entry for each unit, as z has."},
        because=r"$x\, \delta^{\top}$ is $5 \times 3$: the transpose of the gradient $\delta\, x^{\top}$.",
    )


# ---- two layers --------------------------------------------------------------------------------------------


def _errors() -> tuple[Formula, Formula]:
    return Formula(delta1, partial(L, z1)), Formula(delta2, partial(L, z2))


def two_passes(name: str) -> Ordering:
    """Forward and back through two layers."""
    first, last = _errors()
    return Ordering(
        name,
        _CARDS + r"They are one forward and one backward pass through two layers of sigmoids, with "
        r"$L = \frac{1}{2} \left\|a^{(2)} - y\right\|^2$.",
        [
            Step(Formula(z1, W1 * x + b1)),
            Step(Formula(a1, sigma(z1))),
            Step(Formula(z2, W2 * a1 + b2)),
            Step(Formula(a2, sigma(z2))),
            Step(Formula(delta2, hadamard(a2 - y, sigma.prime(z2))), asked=partial(L, z2)),
            Step(Formula(partial(L, W2), delta2 * a1.T, given=[last])),
            Step(
                Formula(delta1, hadamard(W2.T * delta2, sigma.prime(z1)), given=[last]),
                asked=partial(L, z1),
            ),
            Step(Formula(partial(L, W1), delta1 * x.T, given=[first])),
        ],
        ForwardPass(network((3, 2, 4), sigmoid, squared_error)),
        hints=["Forward first, as far as the output.", "No error of layer 1 without the error of layer 2."],
        because=r"$\partial L/\partial W^{(2)}$ can wait: nothing else uses it.",
    )


def two_shapes(name: str) -> Shapes:
    """The shapes on the way back."""
    return Shapes(
        name,
        r"Four inputs, a layer of three units, and a layer of two; everything is a column. " + _CHOOSE,
        [W2, delta1, partial(L, W1), W2.T * delta2],
        ForwardPass(network((4, 3, 2))),
        given=_errors(),
        why={W2: "W⁽²⁾ has a row for each unit of layer 2, a column for each of layer 1.",
             delta1: "δ⁽¹⁾ has an entry for each unit of layer 1."},
        because=r"$W^{(2)\top} \delta^{(2)}$ must fit $a^{(1)}$, whose error it becomes.",
    )  # fmt: skip


# ---- shared weights ----------------------------------------------------------------------------------------


def both_uses(name: str) -> Ordering:
    """The gradient of a layer that is used twice."""
    first, last = _errors()
    return Ordering(
        name,
        _CARDS + r"One layer of sigmoids is used twice: these are its two passes, with "
        r"$L = \frac{1}{2} \left\|a^{(2)} - y\right\|^2$.",
        [
            Step(Formula(z1, W * x + b)),
            Step(Formula(a1, sigma(z1))),
            Step(Formula(z2, W * a1 + b)),
            Step(Formula(a2, sigma(z2))),
            Step(Formula(delta2, hadamard(a2 - y, sigma.prime(z2))), asked=partial(L, z2)),
            Step(
                Formula(delta1, hadamard(W.T * delta2, sigma.prime(z1)), given=[last]),
                asked=partial(L, z1),
            ),
            Step(Formula(partial(L, W), delta2 * a1.T + delta1 * x.T, given=[first, last])),
        ],
        ForwardPass(network((2, 2, 2), sigmoid, squared_error, shared=True)),
        hints=["The gradient adds what the two uses leave: it needs both errors."],
        because=r"With weights of their own, each layer's gradient could be had at once; here it waits for "
        r"$\delta^{(1)}$.",
    )


# ---- the computational graph -------------------------------------------------------------------------------

_v, _p, _q, _r = (Letter(name, 1, 1) for name in ("x", "p", "q", "r"))


def sweep(name: str) -> Ordering:
    """A sweep over a graph with a fork."""
    nodes = Formula(_p, _v * _v), Formula(_q, _p * _v), Formula(_r, _p + _q), Formula(L, _q * _r)
    forward = [Step(node) for node in nodes]
    return Ordering(
        name,
        _CARDS + r"All are numbers. They walk forward through a graph, with forks at $x$, $p$ and $q$, and "
        r"sweep back.",
        [
            *forward,
            Step(Formula(partial(L, _r), _q)),
            Step(Formula(partial(L, _q), _r + partial(L, _r))),
            Step(Formula(partial(L, _p), partial(L, _r) + partial(L, _q) * _v)),
            Step(Formula(partial(L, _v), partial(L, _q) * _p + partial(L, _p) * 2 * _v)),
        ],
        ForwardPass((1, 1), *nodes),
        hints=["A node is swept when all that it feeds has been.", "q feeds r and L; p feeds q and r."],
        because=r"Back, the order is that of the arrows, turned round: $r$, $q$, $p$, $x$.",
    )


# ---- row vectors -------------------------------------------------------------------------------------------

_x, _W1, _z1, _a1, _d1, _L = letters("x W1 z1 a1 delta1 L", convention="row")
_W2, _b2, _z2, _a2, _d2, _W3, _z3, _a3, _d3 = letters("W2 b2 z2 a2 delta2 W3 z3 a3 delta3", convention="row")
_y, _b3 = letters("y b3", convention="row")


def rows_back(name: str) -> Ordering:
    """The backward pass of 4-3-2-1, in rows."""
    errors = [Formula(d, partial(_L, row)) for d, row in ((_d1, _z1), (_d2, _z2), (_d3, _z3))]
    bend = sigma.prime
    return Ordering(
        name,
        _CARDS + r"They go back through the network 4-3-2-1 of sigmoids, in rows, with the cross-entropy. "
        r"The forward pass is done: every $z^{(l)}$ and $a^{(l)}$ is known.",
        [
            Step(Formula(_d3, _a3 - _y), asked=partial(_L, _z3)),
            Step(Formula(partial(_L, _W3), _a2.T * _d3, given=errors[2:])),
            Step(Formula(_d2, hadamard(_d3 * _W3.T, bend(_z2)), given=errors[2:]), asked=partial(_L, _z2)),
            Step(Formula(partial(_L, _W2), _a1.T * _d2, given=errors[1:2])),
            Step(Formula(_d1, hadamard(_d2 * _W2.T, bend(_z1)), given=errors[1:2]), asked=partial(_L, _z1)),
            Step(Formula(partial(_L, _W1), _x.T * _d1, given=errors[:1])),
        ],
        ForwardPass(network((4, 3, 2, 1), sigmoid, cross_entropy, convention="row")),
        hints=["The errors come back one after the other.", "A gradient needs its own layer's error only."],
        because=r"The errors have one order. Each gradient may come at any time after its error.",
    )


def row_shapes(name: str) -> Shapes:
    """The same letters, lying on their side."""
    return Shapes(
        name,
        r"The network 4-3-2-1, and everything is a row: $z^{(l)} = a^{(l-1)} W^{(l)} + b^{(l)}$. " + _CHOOSE,
        [_W1, _d2, partial(_L, _W2), _d2 * _W2.T, _a1.T * _d2],
        ForwardPass(network((4, 3, 2, 1), convention="row")),
        given=[Formula(_d2, partial(_L, _z2))],
        why={_W1: "In rows, W⁽¹⁾ has a row for each input and a column for each unit.",
             _d2: "A row, with an entry for each unit of layer 2."},
        because=r"$a^{(1)\top} \delta^{(2)}$ has the shape of $W^{(2)}$: it is its gradient.",
    )  # fmt: skip


# ---- the general proof -------------------------------------------------------------------------------------


def for_all_sizes(name: str) -> Ordering:
    """The gradient of the last layer, at sizes that are letters."""
    i, j, k, n = g.i, g.j, g.k, g.n
    weight, last = g.W(g.L)(i, j), g.L
    e, below = g.by_entry(g.J, g.A(last)(k, n)), g.A(last - 1)
    entry, bend = g.by_entry(g.J, weight), g.slope(last)
    fed = g.by_entry(g.Z(last)(k, n), weight)
    paths = g.total(e * g.by_entry(g.A(last)(k, n), weight), (k, g.S(last)), (n, g.N))
    bent = g.by_entry(g.A(last)(k, n), weight)
    double = g.total(e * bend(k, n) * g.delta(i, k) * below(j, n), (k, g.S(last)), (n, g.N))
    single = g.total(g.by_entry(g.J, g.A(last)(i, n)) * bend(i, n) * below(j, n), (n, g.N))
    return Ordering(
        name,
        r"Sizes are letters now. Put the steps in an order in which each follows from those above it. They "
        r"derive $\partial J/\partial W^{(L)}$, where $H^{(L)} = \partial J/\partial A^{(L)} \odot "
        r"\sigma_L'(Z^{(L)})$.",
        [
            Step(g.GeneralFormula(entry, paths), (), "the sum over all paths"),
            Step(g.GeneralFormula(bent, bend(k, n) * fed), (), "the way through the activation"),
            Step(g.GeneralFormula(fed, g.delta(i, k) * below(j, n)), (), "what a weight moves"),
            Step(g.GeneralFormula(entry, double), (1, 2, 3), "the sum with δ"),
            Step(g.GeneralFormula(entry, single), (4,), "the sum without δ"),
            Step(g.GeneralFormula(g.by_matrix(g.W(last)), g.H(last) * below.T), (5,), "the product"),
        ],
        g.General(last - 1, last),
        hints=["One step puts three others together.", "δ is summed away before there is a product."],
        because="The first three may come in any order: none of them uses another.",
    )


_POINTS = 4
_A, _Z = Letter("A", size(0), _POINTS), Letter("Z", size(1), _POINTS)
_J, _u = Letter("J", 1, 1), Letter("u", _POINTS, 1)


def many_points(name: str) -> Shapes:
    """What grows with the number of data points, and what does not."""
    return Shapes(
        name,
        r"One layer with three inputs and two units takes four data points at once, one a column: "
        r"$Z = W A + b\, u^{\top}$ with $u$ of four ones, and $H = \partial J/\partial Z$. " + _CHOOSE,
        [_Z, partial(_J, _Z), partial(_J, W), partial(_J, b), partial(_J, _A)],
        ForwardPass((3, 2), Formula(_Z, W * _A + b * _u.T), Formula(_J, MapLetter("l", size(1))(_Z * _u))),
        why={_Z: "Z has a row for each unit and a column for each data point."},
        because="Errors grow with the points; the gradients by weights and bias do not.",
    )


#: Name → what makes the exercise.
CARDS: Mapping[str, Callable[[str], Ordering | Shapes]] = {
    "single-layer.order": one_weight,
    "single-layer.shapes": layer_shapes,
    "two-layers.order": two_passes,
    "two-layers.shapes": two_shapes,
    "shared-weights.order": both_uses,
    "computational-graph.order": sweep,
    "row-vectors.order": rows_back,
    "row-vectors.shapes": row_shapes,
    "general-proof.order": for_all_sizes,
    "general-proof.shapes": many_points,
}


@cache
def card(name: str) -> Ordering | Shapes:
    """One of them.

    Parameters
    ----------
    name : str
        Chapter and exercise, as its link has them.

    Raises
    ------
    KeyError
        When there is none of that name.

    Examples
    --------
    >>> card("single-layer.shapes").check("3x5; 3x1; 3x5; 5x3; 5x1").verdict
    'right'
    """
    if name not in CARDS:
        raise KeyError(f"there is no exercise {name!r} with cards; there are {', '.join(CARDS)}")
    return CARDS[name](name)
