import numpy as np
import pytest
import sympy as sp

from nnlib.symbolic import undefined_activation, undefined_function, undefined_loss


def test_mixed_derivatives_forget_their_order():
    u, v = sp.symbols("u v")
    g = undefined_function("g", 2)(u**2, v)
    assert sp.diff(g, u, v) == sp.diff(g, v, u)


def test_the_chain_rule_leaves_no_subs_behind():
    u = sp.Symbol("u")
    f = undefined_function("f")
    assert not sp.diff(f(sp.exp(u) * u), u, u).has(sp.Subs, sp.Derivative)


def test_one_name_is_one_function():
    assert undefined_function("f") is undefined_function("f")
    assert undefined_function("f") is not undefined_function("f", 2)


def test_an_undefined_activation_has_no_numbers():
    with pytest.raises(TypeError, match="undefined: it has no values on numbers"):
        undefined_activation("sigma")(np.ones((2, 1)))


def test_an_undefined_loss_takes_as_many_arguments_as_there_are_outputs():
    a = np.array([[sp.Symbol("p")], [sp.Symbol("q")], [sp.Symbol("r")]], dtype=object)
    loss = undefined_loss("l")
    assert len(loss(a, None).args) == 3
    assert [sp.diff(loss(a, None), s) for s in a.ravel()] == loss.prime(a, None).ravel().tolist()
