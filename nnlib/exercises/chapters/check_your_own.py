"""The exercises of the chapter *Check your own*: differences, and what programs forget."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.activations import relu
from nnlib.exercises.exercise import Exercise
from nnlib.losses import squared_error
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
)

W, b, x, y, z, a, delta, L = letters("W b x y z a delta L")
W2, z1, z2, delta2 = letters("W2 z1 z2 delta2")
w, h, q, c, r = (Letter(name, 1, 1) for name in ("w", "h", "q", "c", "r"))
m = Letter("m", size(1), 1)
POINTS = 4
J, B, Y = Letter("J", 1, 1), Letter("B", 1, POINTS), Letter("Y", 1, POINTS)
P, beta = Letter("P", 1, POINTS), Letter("b", 1, 1)
_error = Formula(delta, partial(L, z))
_h, _w, _r, _c = (sp.Symbol(name, positive=True) for name in "hwrc")


def _central(power: int, step: sp.Expr) -> sp.Expr:
    """The central difference quotient of wⁿ."""
    return ((_w + step) ** power - (_w - step) ** power) / (2 * step)


def _of_letters(expression: sp.Expr) -> sp.Expr:
    """An expression in symbols, with the letters of the exercise in their place."""
    return expression.subs({_h: h(), _w: w(), _r: r(), _c: c()})


def one_sided(name: str) -> Exercise:
    """A warm-up: a difference quotient is not the slope."""
    return Exercise(
        name,
        r"Somebody measures the slope of $w^2$ by one step forward: $q = \frac{(w + h)^2 - w^2}{h}$. What "
        r"does that give? Write $q$ without a quotient, by $w$ and $h$.",
        Formula(q, 2 * w() + h()),
        ForwardPass((1, 1), Formula(q, ((w() + h()) ** 2 - w() ** 2) / h())),
        [w, h],
        hints=["Multiply out.", "w² cancels; then each term has a factor h."],
        slips=[
            ("slope", "That is the slope. The quotient misses it by a little.", Formula(q, 2 * w())),
            ("error", "That is by how much the quotient is off, not the quotient.", Formula(q, h())),
        ],
        because=r"$(w + h)^2 - w^2 = 2 w h + h^2$. The error is $h$: a tenth of the step, a tenth of it.",
    )


def central(name: str) -> Exercise:
    """The error of a central difference."""
    return Exercise(
        name,
        r"Now a step to both sides: $q = \frac{(w + h)^3 - (w - h)^3}{2 h}$, for the slope $3 w^2$ of $w^3$. "
        r"By how much is it off? Find $c = q - 3 w^2$.",
        Formula(c, h() ** 2),
        ForwardPass((1, 1), Formula(q, _of_letters(_central(3, _h))), Formula(c, q() - 3 * w() ** 2)),
        [w, h],
        hints=["(w + h)³ = w³ + 3 w² h + 3 w h² + h³.", "Of the difference, only odd powers of h are left."],
        slips=[
            ("quotient", "That is the quotient itself. The slope is to be taken off.", Formula(c, q())),
            ("one-sided", "That is of the size of a one-sided error. Here it falls faster.", Formula(c, h())),
        ],
        because=r"$q = 3 w^2 + h^2$: a tenth of the step, a hundredth of the error.",
    )


def richardson(name: str) -> Exercise:
    """Two central differences put together: what ``nn.diagnose`` does."""
    both = (4 * _central(5, _h / 2) - _central(5, _h)) / 3
    return Exercise(
        name,
        r"Let $q$ be the central difference of $w^5$ with the step $h$, and $p$ the one with $\frac{h}{2}$. "
        r"They are put together: $\frac{4 p - q}{3}$. By how much is that off the slope $5 w^4$? Find the "
        r"difference $c$, by $w$ and $h$. This one needs an idea.",
        Formula(c, -(h() ** 4) / 4),
        ForwardPass((1, 1), Formula(c, _of_letters(both) - 5 * w() ** 4)),
        [w, h],
        hints=[
            "First q alone: it is 5 w⁴ + 10 w² h² + h⁴.",
            "In p stands h/2: its square is a quarter, its fourth power a sixteenth.",
        ],
        slips=[
            (
                "not-taken-off",
                "That is what the two give together. The slope is to be taken off.",
                Formula(c, 5 * w() ** 4 - h() ** 4 / 4),
            )
        ],
        because=r"$p = 5 w^4 + \frac{10}{4} w^2 h^2 + \frac{1}{16} h^4$. In $4 p - q$ the squares cancel.",
    )


def best_step(name: str) -> Exercise:
    """Where rounding and truncation balance."""
    error = _r / _h + _c * _h**2 / 6
    (balance,) = sp.solve(sp.diff(error, _h), _r)
    return Exercise(
        name,
        r"A smaller step is not always better. The loss is rounded by up to $r$, which makes an error of "
        r"$\frac{r}{h}$ in a central difference; the bend of the loss makes one of $\frac{c\,h^2}{6}$. For "
        r"which $r$ is the step $h$ the best one? Find $r$, by $c$ and $h$.",
        Formula(r, c() * h() ** 3 / 3),
        ForwardPass((1, 1), Formula(r, _of_letters(balance))),
        [c, h],
        hints=["Where the sum of both errors is least, its slope by h is 0.", "One slope is −r/h²."],
        slips=[
            (
                "equal-parts",
                "There the two errors are equal. Their sum is least elsewhere.",
                Formula(r, c() * h() ** 3 / 6),
            )
        ],
        ranges={"c": (0.5, 4.5), "h": (0.25, 1.25)},
        because=r"$-\frac{r}{h^2} + \frac{c\,h}{3} = 0$. So $h$ goes with the cube root of $r$: about "
        r"$10^{-5}$ for $r = 10^{-16}$.",
    )


def mean_over_points(name: str) -> Exercise:
    """1/N."""
    points = range(1, POINTS + 1)
    outputs = Formula(B, [[P(n) + beta() for n in points]])
    squares = sum((B(n) - Y(n)) ** 2 for n in points)
    return Exercise(
        name,
        r"One unit, and four data points: its weights make the row $P$, and $B = P + b$ has one bias $b$ for "
        r"all. The targets stand in the row $Y$, and $J$ is half the **mean** square of $B - Y$. Find "
        r"$\partial J/\partial b$, by $B$ and $Y$. (sum(…) adds up all entries.)",
        Formula(partial(J, beta), sp.Rational(1, POINTS) * sum(B(n) - Y(n) for n in points)),
        ForwardPass((3, 2), outputs, Formula(J, [[squares / (2 * POINTS)]])),
        [B, Y],
        hints=["What is the derivative by one entry of B?", "The bias moves all four outputs."],
        slips=[
            (
                "missing-sum",
                "That is the share of one data point. The bias moves all four.",
                Formula(partial(J, beta), sp.Rational(1, POINTS) * (B(n) - Y(n))),
            )
            for n in points
        ]
        + [
            (
                "mean-forgotten",
                "You forgot that J is a mean: that is four times as much.",
                Formula(partial(J, beta), sum(B(n) - Y(n) for n in points)),
            )
        ],
        because=r"$\frac{1}{4} \sum_n (b_n - y_n)$. Without the $\frac{1}{4}$ every step is four times too "
        r"long.",
    )


def behind_relu(name: str) -> Exercise:
    """The slope of ReLU."""
    return Exercise(
        name,
        r"A layer with ReLU, $a = \mathrm{relu}(z)$, and $L = \frac{1}{2} \left\|a - y\right\|^2$. Find "
        r"$\delta$, by $a$, $y$ and $z$. (relu'(z) is the slope of ReLU.)",
        Formula(delta, hadamard(a - y, sigma.prime(z))),
        ForwardPass(network((3, 2), relu, squared_error)),
        [a, y, z],
        asked=partial(L, z),
        hints=["First the derivative by a, then the slope.", "The slope of ReLU is 1 or 0, entry by entry."],
        because=r"$\delta = (a - y) \odot \mathrm{relu}'(z)$: where a unit is off, no error comes back.",
    )


def dropped(name: str) -> Exercise:
    """Dropout: the mask, forward and backward."""
    kept = Letter("k", size(1), 1)
    return Exercise(
        name,
        r"Between two layers without a bend, dropout takes units out: $k = m \odot z^{(1)}$, entry by entry, "
        r"with a mask $m$ of zeros and numbers $\frac{1}{p}$; then $z^{(2)} = W^{(2)} k$. Find $\partial "
        r"L/\partial z^{(1)}$, by $W^{(2)}$, $m$ and $\delta^{(2)}$.",
        Formula(partial(L, z1), hadamard(W2.T * delta2, m), given=[Formula(delta2, partial(L, z2))]),
        ForwardPass(
            (3, 2, 4),
            Formula(kept, hadamard(m, z1)),
            Formula(z2, W2 * kept),
            Formula(L, MapLetter("l", size(2))(z2)),
        ),
        [W2, m, delta2, z1],
        hints=[
            "Back through W⁽²⁾ first.",
            "What multiplied the value forward multiplies the error backward.",
        ],
        slips=[
            (
                "mask-forgotten",
                "You forgot the mask: a unit that was taken out gets no error.",
                Formula(partial(L, z1), W2.T * delta2, given=[Formula(delta2, partial(L, z2))]),
            )
        ],
        because=r"$(W^{(2)\top} \delta^{(2)}) \odot m$: the same mask, with the same $\frac{1}{p}$.",
    )


def decayed(name: str) -> Exercise:
    """A loss that holds the weights."""
    squares = sum(W(i, j) ** 2 for i in (1, 2) for j in (1, 2, 3))
    of_data, with_decay = Formula(q, MapLetter("l")(z)), Formula(L, q() + c() / 2 * squares)
    return Exercise(
        name,
        r"Weight decay: to the loss of the layer $z = W x + b$ somebody adds $\frac{c}{2}$ times the sum of "
        r"the squares of all weights, with a number $c$. Find $\partial L/\partial W$, by $x$, $W$, $c$ and "
        r"$\delta = \partial L/\partial z$.",
        Formula(partial(L, W), delta * x.T + c() * W, given=[_error]),
        ForwardPass((3, 2), Formula(z, W * x + b), of_data, with_decay),
        [delta, x, W, c],
        hints=["Two terms hold W.", "What is the derivative of c/2 times a square?"],
        slips=[
            (
                "decay-forgotten",
                "That is the share of the data. The term that was added holds W, too.",
                Formula(partial(L, W), delta * x.T, given=[_error]),
            ),
            (
                "data-forgotten",
                "That is the share of the term that was added.",
                Formula(partial(L, W), c() * W),
            ),
        ],
        because=r"$\delta x^{\top} + c\,W$. Who has the second term in the program must have it in "
        r"the loss, too.",
    )


CHECK_YOUR_OWN: Mapping[str, Callable[[str], Exercise]] = {
    "one-sided": one_sided,
    "central": central,
    "best-step": best_step,
    "mean": mean_over_points,
    "relu": behind_relu,
    "dropout": dropped,
    "decay": decayed,
    "richardson": richardson,
}
