"""Sums over indices with symbolic sizes: their normal form, derivatives, instances and print."""

import numpy as np
import pytest
import sympy as sp

import nnlib as nn
from nnlib.shapes import ShapeError
from nnlib.symbolic import Undecided
from nnlib.symbolic.general import (
    A,
    At,
    Delta,
    Diff,
    General,
    H,
    J,
    L,
    N,
    S,
    T,
    W,
    Z,
    b,
    by_entry,
    by_matrix,
    delta,
    i,
    j,
    k,
    l,
    m,
    n,
    n1,
    q,
    slope,
    total,
)
from nnlib.symbolic.general.deciding import decide
from nnlib.symbolic.general.instance import AtSizes, Instance
from nnlib.symbolic.general.normal import NormalForm
from nnlib.symbolic.general.printing import latex, plain, python

general = General(l - 1, l)
a, u = sp.IndexedBase("a"), sp.IndexedBase("u")
size, other = sp.symbols("size other", integer=True, positive=True)


def normal(e, **ranges):
    return NormalForm({sp.Symbol(name, integer=True): size for name, size in ranges.items()})(e)


def test_the_names_of_bound_indices_and_the_order_of_sums_do_not_matter():
    one = sp.Sum(a[k] * u[m] * u[k], (k, 1, size), (m, 1, other))
    two = sp.Sum(u[i], (i, 1, other)) * sp.Sum(u[j] * a[j], (j, 1, size))
    assert normal(one) == normal(two)
    assert normal(one) != normal(sp.Sum(a[k] * u[m] * u[k], (k, 1, other), (m, 1, size)))


def test_a_square_of_a_sum_is_a_double_sum():
    square = sp.Sum(a[k], (k, 1, size)) ** 2
    assert normal(square) == normal(sp.Sum(a[k] * a[m], (k, 1, size), (m, 1, size)))
    assert normal(square) != normal(sp.Sum(a[k] ** 2, (k, 1, size)))


def test_an_index_in_no_factor_is_counted():
    assert normal(sp.Sum(a[i], (k, 1, size)), i=size) == normal(size * a[i], i=size)


def test_a_delta_is_summed_away_only_where_both_indices_run_equally_far():
    e = sp.Sum(sp.KroneckerDelta(i, k) * a[k], (k, 1, size))
    assert normal(e, i=size) == normal(a[i], i=size)
    with pytest.raises(ShapeError):
        normal(e, i=other)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (A(l - 1)(j, n), total(W(l)(k, j) * H(l)(k, n), (k, S(l)))),
        (W(l)(i, j), total(H(l)(i, n) * A(l - 1)(j, n), (n, N))),
        (b(l)(i), total(H(l)(i, n), (n, N))),
        (Z(l)(i, n), H(l)(i, n)),
        (A(l)(i, n), Delta(l)(i, n)),
    ],
)
def test_the_gradients(by, expected):
    assert general.equal(by_entry(J, by), expected)
    assert not general.equal(by_entry(J, by), 2 * expected)
    assert decide(general, by_entry(J, by), expected)


def test_a_derivative_by_an_entry_that_a_sum_runs_over_is_not_caught_in_it():
    loss = total((A(L)(k, m) - T()(k, m)) ** 2, (k, S(L)), (m, N)) / 2
    output = General(L - 1, L, loss=loss)
    assert output.equal(by_entry(J, A(L)(k, m)), A(L)(k, m) - T()(k, m))


def test_a_hidden_dependence_is_not_overlooked():
    with pytest.raises(Undecided):
        general.indexed(Diff(A(l)(k, n) * A(l - 1)(j, n), W(l)(i, j)))


def test_nnlib_computes_the_same_numbers():
    """The formulas on numbers, by nnlib's own backward pass, at sizes that all differ."""
    rng = np.random.default_rng(4)
    net = nn.Network.random((3, 2), nn.tanh, nn.mean_squared_error, seed=4)
    x, t = rng.normal(size=(3, 4)), rng.normal(size=(2, 4))
    grads = net.backward(net.forward(x), t)
    at = Instance(General(l - 1, l))
    values = {symbol: x[place] for place, symbol in np.ndenumerate(at.array(A(l - 1)))}
    deltas = at.array(Delta(l))
    slopes = at.array(slope(l))
    named = {e: sp.Dummy() for e in (*deltas.ravel(), *slopes.ravel())}
    trace = net.forward(x)
    for place in np.ndindex(2, 4):
        values[named[deltas[place]]] = (trace.output - t)[place] / 4
        values[named[slopes[place]]] = 1 - trace.output[place] ** 2
    product = at.array(H(l) * A(l - 1).T)
    found = [[float(entry.xreplace(named).xreplace(values)) for entry in row] for row in product]
    np.testing.assert_allclose(found, grads.W[1], rtol=1e-12)


def test_sizes_of_instances_all_differ():
    for layers in ((l - 1, l), (L - 2, L - 1, L)):
        instance = Instance(General(*layers))
        assert len({*instance.sizes, instance.points}) == len(layers) + 1


def test_softmax():
    softmax = General(L - 1, L, activation="softmax")
    right = A(L)(k, n) * (delta(k, j) - A(L)(j, n)) * delta(n, n1)
    assert decide(softmax, by_entry(A(L)(k, n), Z(L)(j, n1)), right)
    assert not decide(
        softmax, by_entry(A(L)(k, n), Z(L)(j, n1)), A(L)(k, n) * (1 - A(L)(j, n)) * delta(n, n1)
    )


def test_targets_that_do_not_add_up_to_one():
    loss = -total(T()(k, m) * sp.log(A(L)(k, m)), (k, S(L)), (m, N))
    assert decide(
        General(L - 1, L, loss=loss, activation="softmax", sums_to_one=True), by_matrix(Z(L)), A(L) - T()
    )
    assert not decide(General(L - 1, L, loss=loss, activation="softmax"), by_matrix(Z(L)), A(L) - T())


def test_what_neither_checker_can_judge_is_undecided():
    row_sum = total(H(l)(i, n), (n, N))
    for beyond in (sp.sin(row_sum), row_sum**2 / total(H(l)(i, m), (m, N))):
        with pytest.raises(Undecided):
            decide(general, by_entry(J, b(l)(i)), beyond)


def test_layers_must_follow_each_other():
    with pytest.raises(ValueError, match="follow"):
        General(l - 1, l + 1)


def test_entries_over_the_free_indices():
    at = AtSizes(Instance(general), by_entry(J, W(l)(i, j)))
    assert at.array(W(l)(i, j)).shape == (2, 3)
    assert at.array(W(l)(i, j))[1, 2] == Instance(general).array(W(l))[1, 2]


@pytest.mark.parametrize(
    ("e", "tex", "text"),
    [
        (W(l).T * H(l), r"W^{(l)\top} \, H^{(l)}", "W(l).T*H(l)"),
        (
            nn.hadamard(slope(l), Delta(l)),
            r"\Delta^{(l)} \odot \sigma_{l}'(Z^{(l)})",
            "nn.hadamard(slope(l), Delta(l))",
        ),
        (
            total(W(l)(k, q) * A(l - 1)(q, n), (q, S(l - 1))),
            r"\sum_{q=1}^{S_{l-1}} W^{(l)}_{kq} \, A^{(l-1)}_{qn}",
            "total(A(l-1)(q, n)*W(l)(k, q), (q, S(l-1)))",
        ),
        (At(A(l).T, n, j), r"\left[A^{(l)\top}\right]_{nj}", "At(A(l).T, n, j)"),
    ],
)
def test_print(e, tex, text):
    assert latex(e) == tex
    assert python(e) == text
    assert eval(text, {**globals(), "nn": nn}) == e


def test_plain_text():
    assert plain(W(l).T * H(l)) == "W⁽ˡ⁾ᵀ H⁽ˡ⁾"
