"""What is printed and said of networks with several layers."""

import pytest

from nnlib.ledger.claim import claim
from nnlib.symbolic import (
    ActivationLetter,
    Formula,
    ForwardPass,
    hadamard,
    letters,
    network,
    partial,
    prove,
    sigma,
    undefined_activation,
    undefined_loss,
)

W2, z1, z2, delta1, delta2, L = letters("W2 z1 z2 delta1 delta2 L")
error = Formula(delta2, partial(L, z2))


@pytest.mark.parametrize(
    ("function", "printed"), [(sigma, r"\sigma"), (ActivationLetter("sigma1"), r"\sigma_{1}")]
)
def test_a_product_inside_a_hadamard_product_has_brackets(function, printed):
    formula = Formula(delta1, hadamard(W2.T * delta2, function.prime(z1)), given=[error])
    assert formula.latex == rf"\delta^{{(1)}} = (W^{{(2)\top}} \, \delta^{{(2)}}) \odot {printed}'(z^{{(1)}})"


def test_layers_may_have_activations_of_their_own():
    kinds = [undefined_activation("sigma"), undefined_activation("phi")]
    forward = ForwardPass(network((2, 3, 2), kinds, undefined_loss("l")))
    first, second = (ActivationLetter(f"sigma{l}") for l in (1, 2))
    right = Formula(delta1, hadamard(W2.T * delta2, first.prime(z1)), given=[error])
    wrong = Formula(delta1, hadamard(W2.T * delta2, second.prime(z1)), given=[error])
    assert prove(forward.partial(L, z1)[0, 0], right.evaluate(forward))
    assert not prove(forward.partial(L, z1)[0, 0], wrong.evaluate(forward))


def test_quantifiers_and_counterexamples_raise_the_layers_number():
    forward = ForwardPass(network((2, 2, 2), loss=undefined_loss("l")))
    proved = claim("book.step", forward.diff(L, z1), Formula(delta1, W2.T * delta2, given=[error]))
    assert proved.quantifiers.startswith("all W⁽¹⁾, W⁽²⁾, b⁽¹⁾, b⁽²⁾, x; every differentiable l; at 2-2-2")
    transposed = Formula(delta1, W2 * delta2, given=[error])
    assert "W⁽²⁾_{12} = " in str(prove(forward.partial(L, z1)[0, 0], transposed.evaluate(forward)))
