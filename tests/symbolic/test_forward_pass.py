import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import (
    Formula,
    ForwardPass,
    SquaredNorm,
    l,
    letters,
    network,
    partial,
    prove,
    symbols,
    undefined_activation,
    undefined_loss,
)  # fmt: skip

W, b, x, y, z, a, c, L = letters("W b x y z a c L")


def test_a_derivative_is_that_of_the_whole_written_out():
    """∂L/∂W by cutting nowhere, against diff of the loss written by hand."""
    forward = ForwardPass(network((3, 2), nn.sigmoid))
    w, v, p, t = symbols("W", (2, 3)), symbols("b", (2, 1)), symbols("x", (3, 1)), symbols("y", (2, 1))
    by_hand = sum(
        (1 / (1 + sp.exp(-sum(w[i, j] * p[j, 0] for j in range(3)) - v[i, 0])) - t[i, 0]) ** 2
        for i in range(2)
    ) * sp.Rational(1, 2)
    expected = np.array([[sp.diff(by_hand, w[i, j]) for j in range(3)] for i in range(2)])
    assert prove(forward.partial(L, W)[0, 0], expected)


def test_a_pass_cut_at_z_or_a_gives_what_the_chain_rule_says():
    forward = ForwardPass(network((3, 2), undefined_activation("sigma"), undefined_loss("l")))
    by_z, by_a = forward.partial(L, z)[0, 0], forward.partial(L, a)[0, 0]
    slopes = forward.partial(a, z)[:, 0, :, 0]
    assert prove(by_z, slopes.T @ by_a)
    assert prove(slopes[0, 1], 0)


def test_layers_of_a_deeper_network_go_by_their_numbers():
    z1, W1, W2, a1, L_ = letters("z1 W1 W2 a1 L")
    forward = ForwardPass(network((3, 2, 1), [nn.sigmoid, nn.identity]))
    assert forward.partial(L_, W1).shape == (1, 1, 2, 3)
    through = forward.partial(L_, a1)[0, 0]
    error = forward.value(letters("a2")[0]) - forward.value(y)
    assert prove(through, forward.value(W2).T @ error)
    grads = forward.network.backward(forward.network.forward(forward.value(x)), forward.value(y))
    assert prove(forward.partial(L_, z1)[0, 0], grads.z[1])


def test_steps_follow_the_network_and_may_replace_the_loss():
    forward = ForwardPass(network((2, 2)), Formula(c, z - y), Formula(L, SquaredNorm(c)))
    assert forward.names[-2:] == ("c", "L")
    assert prove(forward.partial(L, c)[0, 0], 2 * forward.value(c))
    assert prove(forward.partial(L, z)[0, 0], 2 * forward.value(c))


def test_a_letter_that_the_pass_lacks_is_an_error_that_lists_what_it_has():
    forward = ForwardPass(network((2, 2)))
    with pytest.raises(KeyError, match=r"no c; it has L W a b x y z.*given="):
        forward.value(c)


def test_a_step_that_holds_an_unknown_letter_is_an_error_that_lists_what_there_is():
    L, q = letters("L q")
    with pytest.raises(KeyError, match="no q; it has L W a b x y z"):
        ForwardPass(network((2, 3)), nn.Formula(L, l(q)))


def test_a_derivative_against_the_direction_of_the_pass_is_an_error():
    forward = ForwardPass(network((2, 2)))
    with pytest.raises(ValueError, match="z comes before a"):
        forward.partial(z, a)


def test_sizes_alone_make_a_pass_of_steps():
    forward = ForwardPass((2, 3), Formula(z, c + y))
    assert prove(forward.partial(z, c)[:, 0, :, 0], np.eye(3, dtype=int))


def test_partial_of_a_matrix_by_a_matrix_asks_for_entries():
    with pytest.raises(ValueError, match="name the entries"):
        partial(z, W)
