import numpy as np
import pytest
import sympy as sp

from nnlib.symbolic import (
    Formula,
    ForwardPass,
    MapLetter,
    letters,
    prove,
    size,
    undefined_activation,
    undefined_function,
    undefined_loss,
)  # fmt: skip
from nnlib.symbolic.quantifiers import quantifiers


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


def test_a_map_has_a_jacobian_of_its_own_with_no_entry_like_another():
    x, z = letters("x z")
    f = MapLetter("f", size(1))
    forward = ForwardPass((2, 3), Formula(z, f(x)))
    entries = forward.partial(z, x)[:, 0, :, 0]
    assert entries.shape == (3, 2)
    assert len(set(entries.ravel())) == 6
    assert Formula(z, f(x)).latex == "z = f(x)"
    assert not prove(entries, entries[:, ::-1])


def test_claims_about_maps_name_them_in_words():
    x, L = letters("x L")
    f, g, l = MapLetter("f", size(1)), MapLetter("g", size(2)), MapLetter("l")
    z1, z2 = letters("z1 z2")
    forward = ForwardPass((2, 3, 2), Formula(z1, f(x)), Formula(z2, g(z1)), Formula(L, l(z2)))
    found = quantifiers([forward.partial(L, x)[0, 0]], [forward])
    assert found == "all x; every differentiable f, g and l; at 2-3-2"
