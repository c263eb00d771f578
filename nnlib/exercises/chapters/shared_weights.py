"""The exercises of the chapter *Shared weights*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nnlib.exercises.exercise import Exercise
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
    undefined_activation,
    undefined_loss,
)

W, b, x, z, z1, a1, delta1, z2, a2, delta2, c, L = letters("W b x z z1 a1 delta1 z2 a2 delta2 c L")
w, s, t = (Letter(name, 1, 1) for name in "wxz")
back = Letter("z2", size(0), 1)
_first, _second = Formula(delta1, partial(L, z1)), Formula(delta2, partial(L, z2))
_LAYER = "One layer of two units is used twice: "
_PLAIN = _LAYER + r"$z^{(1)} = W x + b$ and $z^{(2)} = W z^{(1)} + b$. "
_BENT = _LAYER + r"$z^{(1)} = W x + b$, $a^{(1)} = \sigma(z^{(1)})$ and $z^{(2)} = W a^{(1)} + b$. "


def _plain() -> ForwardPass:
    return ForwardPass(network((2, 2, 2), loss=undefined_loss("l"), shared=True))


def _bent() -> ForwardPass:
    return ForwardPass(network((2, 2, 2), undefined_activation("sigma"), undefined_loss("l"), shared=True))


def _one_use(what: Letter, *shares: object) -> list[tuple[str, str, Formula]]:
    """The share of one use by itself, which is the mistake of this chapter."""
    message = "That is the share of one use. The layer is used twice: the other share is missing."
    return [
        ("missing-use", message, Formula(partial(L, what), share, given=[_first, _second]))
        for share in shares
    ]


def square(name: str) -> Exercise:
    """A warm-up: one weight, used twice."""
    return Exercise(
        name,
        r"All are numbers, and the weight is used twice: $L = w\,w\,x$. Find $\partial L/\partial w$, by $w$ "
        r"and $x$.",
        Formula(partial(L, w), 2 * w * s),
        ForwardPass((1, 1), Formula(L, w * w * s)),
        [w, s],
        hints=["Give the second w another name, and differentiate by each.", "Then add."],
        slips=[
            (
                "missing-use",
                "That is the share of one use. w is used twice: the other share is missing.",
                Formula(partial(L, w), w * s),
            )
        ],
        because=r"Each use leaves $w\,x$: together $2\,w\,x$.",
    )


def bias(name: str) -> Exercise:
    """The bias, without an activation, by the last error alone."""
    return Exercise(
        name,
        _PLAIN + r"Find $\partial L/\partial b$, by $W$ and $\delta^{(2)}$.",
        Formula(partial(L, b), delta2 + W.T * delta2, given=[_second]),
        _plain(),
        [W, delta2],
        hints=["Use 2 leaves δ⁽²⁾.", "Use 1 leaves δ⁽¹⁾. What is that by W and δ⁽²⁾?"],
        slips=_one_use(b, delta2, W.T * delta2),
        because=r"$\delta^{(2)}$ of the second use, and $\delta^{(1)} = W^{\top} \delta^{(2)}$ of the first.",
    )


def weights(name: str) -> Exercise:
    """Both shares of ∂L/∂W."""
    return Exercise(
        name,
        _BENT + r"Find $\partial L/\partial W$, by $\delta^{(1)}$, $\delta^{(2)}$, $x$ and $a^{(1)}$.",
        Formula(partial(L, W), delta2 * a1.T + delta1 * x.T, given=[_first, _second]),
        _bent(),
        [delta1, delta2, x, a1],
        hints=["What is each use fed with?", "Error times input, for each use; then add."],
        slips=[
            *_one_use(W, delta2 * a1.T, delta1 * x.T),
            (
                "exchanged",
                "Each error goes with what its own use was fed with: use 1 with x, use 2 with a⁽¹⁾.",
                Formula(partial(L, W), delta1 * a1.T + delta2 * x.T, given=[_first, _second]),
            ),
        ],
        because=r"Use 1 is fed with $x$ and has the error $\delta^{(1)}$; use 2 is fed with $a^{(1)}$ and "
        r"has $\delta^{(2)}$.",
    )


def one_weight(name: str) -> Exercise:
    """One entry of it, for finding slips in a program."""
    return Exercise(
        name,
        _BENT
        + r"Find $\partial L/\partial W_{12}$, by the entries of $\delta^{(1)}$, $\delta^{(2)}$, $x$ and "
        r"$a^{(1)}$.",
        Formula(partial(L, W(1, 2)), delta2(1) * a1(2) + delta1(1) * x(2), given=[_first, _second]),
        _bent(),
        [delta1, delta2, x, a1],
        hints=["W₁₂ joins entry 2 of what goes in with unit 1, in both uses."],
        slips=_one_use(W(1, 2), delta2(1) * a1(2), delta1(1) * x(2)),
        because=r"In each use, the error of unit 1 times input 2.",
    )


def first_error(name: str) -> Exercise:
    """δ⁽¹⁾: here nothing is shared but the letter."""
    return Exercise(
        name,
        _BENT + r"Find $\delta^{(1)} = \partial L/\partial z^{(1)}$, by $W$, $\delta^{(2)}$ and $z^{(1)}$.",
        Formula(delta1, hadamard(W.T * delta2, sigma.prime(z1)), given=[_second]),
        _bent(),
        [W, delta2, z1, a1],
        asked=partial(L, z1),
        hints=["z⁽¹⁾ reaches the loss by use 2 only.", "So it is as with two different layers."],
        because=r"Only one way leads on from $z^{(1)}$; it does not matter that its weights were used "
        r"before.",
    )


def bent_bias(name: str) -> Exercise:
    """The bias again, with an activation between the uses."""
    return Exercise(
        name,
        _BENT + r"Find $\partial L/\partial b$, by $W$, $\delta^{(2)}$ and $z^{(1)}$.",
        Formula(partial(L, b), delta2 + hadamard(W.T * delta2, sigma.prime(z1)), given=[_second]),
        _bent(),
        [W, delta2, z1],
        hints=["The shares are the two errors.", "Write δ⁽¹⁾ out."],
        slips=_one_use(b, delta2, hadamard(W.T * delta2, sigma.prime(z1))),
        because=r"$\delta^{(2)} + \delta^{(1)}$, with $\delta^{(1)} = (W^{\top} \delta^{(2)}) \odot "
        r"\sigma'(z^{(1)})$.",
    )


def tied(name: str) -> Exercise:
    """An autoencoder: read with W, write with its transpose."""
    loss = Formula(L, MapLetter("l")(back))
    error = Formula(delta2, partial(L, back))
    return Exercise(
        name,
        r"Forth and back: $z^{(1)} = W x$ with $W$ of shape $2 \times 3$, and then $z^{(2)} = W^{\top} "
        r"z^{(1)}$. Find "
        r"$\partial L/\partial W$, by $W$, $x$, $z^{(1)}$ and $\partial L/\partial z^{(2)}$ (type dL/dz2). "
        r"This one needs an "
        r"idea.",
        Formula(partial(L, W), W * partial(L, back) * x.T + z1 * partial(L, back).T, given=[error]),
        ForwardPass((3, 2), Formula(z1, W * x), Formula(back, W.T * z1), loss),
        [W, x, z1, partial(L, back)],
        hints=[
            "Give the second use a copy V = Wᵀ. What is ∂L/∂V?",
            "V is 3 × 2: turn its gradient before you add it.",
        ],
        slips=[
            (
                "missing-use",
                "That is the share of one use. W is used twice: the other share is missing.",
                Formula(partial(L, W), share),
            )
            for share in (W * partial(L, back) * x.T, z1 * partial(L, back).T)
        ],
        because=r"Use 1 leaves $(W\, \partial L/\partial z^{(2)})\, x^{\top}$; use 2 leaves $\partial "
        r"L/\partial z^{(2)}\, "
        r"z^{(1)\top}$ for $W^{\top}$, so its transpose for $W$.",
    )


def circulant(name: str) -> Exercise:
    """Weights shared within one matrix."""
    circle = Formula(W, [[c(1), c(2)], [c(2), c(1)]])
    return Exercise(
        name,
        r"Shared within a matrix: $W_{11} = W_{22} = c_1$ and $W_{12} = W_{21} = c_2$, and $z = W x + b$. "
        r"Find $\partial "
        r"L/\partial c_2$, by the entries of $\partial L/\partial z$ (type dL/dz1 for its first one) and "
        r"$x$.",
        Formula(partial(L, c(2)), partial(L, z(1)) * x(2) + partial(L, z(2)) * x(1)),
        ForwardPass((2, 2), circle, Formula(z, W * x + b), Formula(L, MapLetter("l")(z))),
        [partial(L, z), x],
        hints=["c₂ stands in two places.", "What would each place get by itself? Add."],
        slips=[
            (
                "missing-use",
                "That is what one of its two places gets. The other is missing.",
                Formula(partial(L, c(2)), p),
            )
            for p in (partial(L, z(1)) * x(2), partial(L, z(2)) * x(1))
        ],
        because=r"Place 12 gets $\delta_1 x_2$, place 21 gets $\delta_2 x_1$; it is one parameter, so they "
        r"add.",
    )


SHARED_WEIGHTS: Mapping[str, Callable[[str], Exercise]] = {
    "square": square,
    "bias": bias,
    "dW": weights,
    "dW-entry": one_weight,
    "error": first_error,
    "bent-bias": bent_bias,
    "tied": tied,
    "circulant": circulant,
}
