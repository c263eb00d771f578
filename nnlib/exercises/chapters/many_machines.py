"""The exercises of the chapter *Many machines*: sums in parts, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from nnlib.exercises.exercise import Exercise
from nnlib.symbolic import Formula, ForwardPass, Letter, MapLetter, letters, partial, size

W, x = letters("W x")
A, B = Letter("A", size(0), 4), Letter("B", size(0), 5)
Y, Z, H, G = (
    Letter("Y", size(1), 4),
    Letter("Z", size(1), 5),
    Letter("H", size(1), 4),
    Letter("G", size(1), 5),
)
U, V = Letter("U", size(1), size(0)), Letter("V", size(2), size(0))
u, v, g, h = (
    Letter("u", size(1), 1),
    Letter("v", size(2), 1),
    Letter("g", size(1), 1),
    Letter("h", size(2), 1),
)
K, P, M, S, R, J = (Letter(name, 1, 1) for name in ("K", "P", "M", "S", "R", "J"))
w, s, c, m, n, p, q, r, L = (Letter(name, 1, 1) for name in ("w", "s", "c", "m", "n", "p", "q", "r", "L"))
_COUNTS = {"K": (2, 6), "P": (1, 9), "s": (0.25, 2.25), "c": (1, 9), "m": (2, 6), "n": (1, 5)}
_COST = (
    r"A step with $K$ workers takes $K s$ seconds for messages, $s$ for each worker, and $\frac{c}{K}$ "
    r"seconds of computing, which they share. "
)


def _cubes(matrix: Letter) -> sp.Expr:
    """Some loss of every entry of a matrix with two rows: each has a weight of its own."""
    cells = [(i, k) for i in (1, 2) for k in range(1, int(matrix.shape[1]) + 1)]
    return sum((k % 3 + 1) * matrix(*cell) ** 2 for k, cell in enumerate(cells)) / 2


def two_parts(name: str) -> Exercise:
    """A warm-up: the gradient of all is the sum of the parts'."""
    given = [Formula(H, partial(J, Y)), Formula(G, partial(J, Z))]
    return Exercise(
        name,
        r"Two machines have the same $W$ ($2 \times 3$). One holds four data points $A$ ($3 \times 4$), and "
        r"computes $Y = W A$; the other holds five, $B$, and computes $Z = W B$. The loss $J$ is a sum over "
        r"all nine. Find $\partial J/\partial W$, by $A$, $B$ and the errors $H = \partial J/\partial Y$ "
        r"and $G = \partial J/\partial Z$.",
        Formula(partial(J, W), H * A.T + G * B.T, given=given),
        ForwardPass((3, 2), Formula(Y, W * A), Formula(Z, W * B), Formula(J, [[_cubes(Y) + _cubes(Z)]])),
        [A, B, H, G],
        hints=["Each machine finds its own product of errors and inputs.", "W is used on both machines."],
        slips=[
            (
                "missing-part",
                "That is the share of one machine. The other has its own.",
                Formula(partial(J, W), part, given=given),
            )
            for part in (H * A.T, G * B.T)
        ],
        because=r"$H A^{\top} + G B^{\top}$. Each machine sends a $2 \times 3$ matrix, however many points "
        r"it has.",
    )


def means(name: str) -> Exercise:
    """Means of parts, weighted by their sizes."""
    given = [Formula(q, partial(P, w)), Formula(r, partial(M, w))]
    return Exercise(
        name,
        r"Two machines have $m$ and $n$ points. Each computes the **mean** loss of its own points, $P$ and "
        r"$M$, and its slope by a weight $w$: $q = \partial P/\partial w$ and $r = \partial M/\partial w$. "
        r"Let $L$ be the mean loss of all points. Find $\partial L/\partial w$, by $m$, $n$, $q$ and $r$.",
        Formula(partial(L, w), (m() * q() + n() * r()) / (m() + n()), given=given),
        ForwardPass(
            (1, 1),
            Formula(P, MapLetter("f")(w)),
            Formula(M, MapLetter("h")(w)),
            Formula(L, (m() * P() + n() * M()) / (m() + n())),
        ),
        [m, n, q, r],
        ranges=_COUNTS,
        hints=[
            "The sum over the points of the first machine is m P.",
            "Add the sums, then divide by all points.",
        ],
        slips=[
            (
                "mean-of-means",
                "That is the mean of the two means: points of the smaller part count too much.",
                Formula(partial(L, w), (q() + r()) / 2, given=given),
            ),
            (
                "sum-of-means",
                "That adds two means. It belongs to no mean of all points.",
                Formula(partial(L, w), q() + r(), given=given),
            ),
            (
                "sum",
                "That is the slope of the sum over all points. Asked is that of their mean.",
                Formula(partial(L, w), m() * q() + n() * r(), given=given),
            ),
            (
                "swapped",
                "Each slope has the other machine's number of points.",
                Formula(partial(L, w), (n() * q() + m() * r()) / (m() + n()), given=given),
            ),
        ],
        because=r"$\frac{m\,q + n\,r}{m + n}$: so each machine tells its number of points, too.",
    )


def ring(name: str) -> Exercise:
    """What each machine sends in a ring."""
    return Exercise(
        name,
        r"$K$ machines stand in a ring, each with a gradient of $P$ numbers, and all want the sum. Each "
        r"cuts its own into $K$ pieces. In every round each machine sends one piece to the next; $K - 1$ "
        r"rounds add the pieces up, and $K - 1$ more hand the sums round. How many numbers $M$ does each "
        r"machine send in all? Find $M$, by $K$ and $P$.",
        Formula(M, 2 * P() * (1 - 1 / K())),
        ForwardPass((1, 1), Formula(S, P() / K()), Formula(R, (K() - 1) * S()), Formula(M, R() + R())),
        [K, P],
        ranges=_COUNTS,
        hints=["How long is a piece?", "There are 2 (K − 1) rounds."],
        slips=[
            (
                "star",
                "So much goes to and from one machine in the middle. A ring shares that out.",
                Formula(M, 2 * K() * P()),
            ),
            (
                "piece",
                "That many rounds of whole gradients: each sends a piece only.",
                Formula(M, 2 * (K() - 1) * P()),
            ),
            ("rounds", "That is for one round only.", Formula(M, P() / K())),
            (
                "half",
                "Then the pieces are added up. They must go round once more.",
                Formula(M, (K() - 1) * P() / K()),
            ),
            ("limit", "So much it would be for endlessly many machines.", Formula(M, 2 * P())),
        ],
        because=r"$2 (K - 1) \frac{P}{K}$. It stays below $2 P$, for any number of machines: no line is a "
        r"bottleneck.",
    )


def change(name: str) -> Exercise:
    """How the time follows the number of workers."""
    return Exercise(
        name,
        _COST
        + r"Treat $K$ as a number that may have any value. How does the time $J$ of a step change with it? "
        r"Find $\partial J/\partial K$, by $s$, $c$ and $K$.",
        Formula(partial(J, K), s() - c() / K() ** 2),
        ForwardPass((1, 1), Formula(J, K() * s() + c() / K())),
        [s, c, K],
        ranges=_COUNTS,
        hints=["There are two terms.", "The slope of 1/K is −1/K²."],
        slips=[
            ("time", "That is the time itself.", Formula(partial(J, K), K() * s() + c() / K())),
            ("messages-forgotten", "The messages take longer, too.", Formula(partial(J, K), -c() / K() ** 2)),
            ("computing-forgotten", "The computing takes less time, too.", Formula(partial(J, K), s())),
        ],
        because=r"$s - \frac{c}{K^2}$: each further worker costs $s$, and saves less and less.",
    )


def speed_up(name: str) -> Exercise:
    """How many times as fast."""
    return Exercise(
        name,
        _COST
        + r"How many times as fast is it as with one worker? Find the speed-up $S$, that is the time with "
        r"one worker over the time with $K$, by $s$, $c$ and $K$.",
        Formula(S, (s() + c()) / (K() * s() + c() / K())),
        ForwardPass((1, 1), Formula(P, s() + c()), Formula(R, K() * s() + c() / K()), Formula(S, P() / R())),
        [s, c, K],
        ranges=_COUNTS,
        hints=["With one worker it is s + c.", "A time over a time."],
        slips=[
            ("time", "That is the time with K workers.", Formula(S, K() * s() + c() / K())),
            ("no-messages", "So it would be if messages took no time.", Formula(S, K())),
            (
                "turned",
                "That is the other way round: below 1 where it is faster.",
                Formula(S, (K() * s() + c() / K()) / (s() + c())),
            ),
            (
                "first-message",
                "One worker gets messages, too.",
                Formula(S, c() / (K() * s() + c() / K())),
            ),
        ],
        because=r"$\frac{s + c}{K s + c/K}$. For much computing, $c$ far above $K^2 s$, that is nearly $K$.",
    )


def enough(name: str) -> Exercise:
    """How much computing feeds so many workers."""
    count, message, computing = sp.symbols("K s c", positive=True)
    (needed,) = sp.solve(sp.diff(count * message + computing / count, count), computing)
    return Exercise(
        name,
        _COST
        + r"You have $K$ workers. How much computing $c$ must a step hold for just this number to be best? "
        r"Find $c$, by $s$ and $K$.",
        Formula(c, s() * K() ** 2),
        ForwardPass((1, 1), Formula(c, needed.subs({count: K(), message: s()}))),
        [s, K],
        ranges=_COUNTS,
        hints=["At the best K the slope of the time by K is 0.", "Solve for c, not for K."],
        slips=[
            (
                "one-power",
                "Twice the workers need more than twice the computing: they get messages, too.",
                Formula(c, s() * K()),
            )
        ],
        because=r"$s = \frac{c}{K^2}$. So twice the workers need four times the data.",
    )


def units(name: str) -> Exercise:
    """The other way to share: each machine has some of the units."""
    given = [Formula(g, partial(L, u)), Formula(h, partial(L, v))]
    return Exercise(
        name,
        r"Two machines share a layer by its **units**: one computes $u = U x$, the other $v = V x$, with "
        r"$U$ of shape $2 \times 3$ and $V$ of shape $4 \times 3$. Both have the same $x$. Find $\partial "
        r"L/\partial x$, by $U$, $V$, $g = \partial L/\partial u$ and $h = \partial L/\partial v$.",
        Formula(partial(L, x), U.T * g + V.T * h, given=given),
        ForwardPass(
            (3, 2, 4),
            Formula(u, U * x),
            Formula(v, V * x),
            Formula(p, MapLetter("f")(u)),
            Formula(q, MapLetter("h", size(2))(v)),
            Formula(L, p() * q()),
        ),
        [U, V, g, h],
        hints=["x goes two ways.", "Each machine finds a column of three; they must be put together."],
        slips=[
            (
                "missing-part",
                "That is what one machine finds. The other has its own share.",
                Formula(partial(L, x), part, given=given),
            )
            for part in (U.T * g, V.T * h)
        ],
        because=r"$U^{\top} g + V^{\top} h$: the machines exchange a column for each data point, not "
        r"weights.",
    )


def late(name: str) -> Exercise:
    """A gradient that comes late."""
    slope = c() * w()
    return Exercise(
        name,
        r"Two workers do not wait for each other. The loss is $\frac{1}{2} c\, w^2$; both compute its slope "
        r"at the **same** place $w$, and both then take a step $s$ times that slope: you arrive at $q$. In "
        r"order, the second slope would be taken at the new place: you would arrive at $r$. By how much do "
        r"they differ? Find $p = q - r$, by $w$, $c$ and $s$. This one needs an idea.",
        Formula(p, -(s() ** 2) * c() ** 2 * w()),
        ForwardPass(
            (1, 1),
            Formula(q, w() - s() * slope - s() * slope),
            Formula(r, (w() - s() * slope) - s() * c() * (w() - s() * slope)),
            Formula(p, q() - r()),
        ),
        [w, c, s],
        ranges={"c": (0.5, 4.5), "s": (0.25, 1.25)},
        hints=["q = w − 2 s c w.", "In order, each step multiplies by 1 − s c."],
        slips=[
            ("place", "That is q, the place itself.", Formula(p, w() - 2 * s() * c() * w())),
            ("place", "That is r, the place itself.", Formula(p, (1 - s() * c()) ** 2 * w())),
        ],
        because=r"$(1 - 2 s c)\, w - (1 - s c)^2\, w = -s^2 c^2\, w$: small for a small rate, so it may pay "
        r"not to wait.",
    )


MANY_MACHINES: Mapping[str, Callable[[str], Exercise]] = {
    "two-parts": two_parts,
    "means": means,
    "ring": ring,
    "change": change,
    "speed-up": speed_up,
    "enough": enough,
    "units": units,
    "late": late,
}
