"""What a reader copies makes the claim again."""

import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import ForwardPass, l, letters, network, partial, size, undefined_loss

W, x, z, L, delta = letters("W x z L delta")
i, j = sp.symbols("i j", integer=True)
forward = ForwardPass(network((2, 2), loss=undefined_loss("l")))
error = nn.Formula(delta, partial(L, z))
NAMES = {letter.name: letter for letter in (W, x, z, L, delta)}
NAMES |= {"nn": nn, "sp": sp, "partial": partial, "size": size, "l": l, "forward": forward, "i": i, "j": j}

paths = nn.Formula(partial(L, x(j)), sp.Sum(partial(L, z(i)) * partial(z(i), x(j)), (i, 1, size(1))))


@pytest.mark.parametrize(
    "claim",
    [
        nn.claim("M14", forward.diff(L, W), nn.Formula(partial(L, W), delta * x.T, given=[error])),
        nn.claim("M9", forward.diff(L, x), [paths, W.T * partial(L, z)]),
        nn.claim("M6", forward.of(partial(L, z(i))), nn.Formula(delta, l.gradient(z))),
        nn.define("M13", forward, error),
    ],
    ids=lambda claim: claim.id,
)
def test_the_python_makes_the_claim_again(claim):
    again = eval(claim.python, NAMES)
    assert (again.id, again.verdict, again.equation) == (claim.id, claim.verdict, claim.equation)


def test_the_badge_offers_both():
    html = nn.define("M13", forward, error)._repr_html_()
    assert 'data-copy="\\delta = \\frac{\\partial L}{\\partial z}">Copy LaTeX' in html
    assert (
        'data-copy="nn.define(&quot;M13&quot;, forward, nn.Formula(delta, partial(L, z)))">Copy Python'
        in html
    )
