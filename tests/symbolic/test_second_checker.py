"""The second checker judges as ``prove`` does, by another road."""

import ast
import time
from pathlib import Path

import pytest
import sympy as sp

import nnlib as nn
from nnlib.symbolic import (
    ForwardPass,
    letters,
    network,
    residues,
    second_checker,
    symbols,
    undefined_function,
)
from nnlib.symbolic.residues import NoResidue
from nnlib.symbolic.second_checker import agree
from tests.symbolic import test_prove
from tests.symbolic.test_prove import f, g, relu, step, x, y


def cases_of(test):
    (marks,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    return marks.args[1]


@pytest.mark.parametrize(("lhs", "rhs"), cases_of(test_prove.test_true_identities_are_proved))
def test_what_prove_proves_is_confirmed(lhs, rhs):
    assert agree(lhs, rhs)
    assert not agree(lhs, rhs + sp.Rational(1, 7))
    assert not agree(lhs, rhs + sp.Rational(1, 10**30))
    assert not agree(lhs, -rhs)


@pytest.mark.parametrize(
    ("lhs", "rhs"), cases_of(test_prove.test_false_identities_get_a_point_that_tells_them_apart)
)
def test_what_prove_refutes_is_refuted(lhs, rhs):
    assert not agree(lhs, rhs)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (sp.exp(x) * sp.exp(-x), 1),
        (sp.exp(x * (1 + y)), sp.exp(x) * sp.exp(x * y)),
        (sp.exp(x / 2) * sp.exp(x / 3), sp.exp(5 * x / 6)),
        (sp.exp(x / (1 + y)) * sp.exp(x * y / (1 + y)), sp.exp(x)),
        (sp.exp(1) * sp.exp(x), sp.exp(1 + x)),
        (sp.exp(-sp.exp(x)) * sp.exp(sp.exp(x) + sp.exp(y)), sp.exp(sp.exp(y))),
        (sp.tanh(x), 2 / (1 + sp.exp(-2 * x)) - 1),
        (sp.diff(sp.tanh(x), x), 4 / (1 + sp.exp(-2 * x)) / (1 + sp.exp(2 * x))),
        (sp.diff(sp.log(1 + sp.exp(x)), x), 1 / (1 + sp.exp(-x))),
        (f(sp.exp(x + y)), f(sp.exp(x) * sp.exp(y))),
        (relu(x) + sp.Piecewise((0, x > 0), (x, True)), x),
        (step(x) * step(-x), 0),
        (step(x * (y - x)) * step(x**2 - x * y), 0),
        (relu(f(x)), f(x) * step(f(x))),
    ],
)
def test_identities_beyond_the_normal_form_hold(lhs, rhs):
    assert agree(lhs, rhs)


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (sp.exp(x), sp.exp(y)),
        (sp.exp(x), sp.exp(2 * x)),
        (sp.exp(x) * sp.exp(y), sp.exp(x * y)),
        (sp.exp(x), x),
        (sp.exp(sp.exp(x)), sp.exp(x) ** 2),
        (sp.tanh(x), sp.tanh(-x)),
        (sp.log(x), sp.log(2 * x)),
        (f(x), undefined_function("f", 1, (1,))(x)),
        (g(x, y).fdiff(1).fdiff(1), g(x, y).fdiff(1).fdiff(2)),
        (sp.Piecewise((1, x > 0), (0, True)), sp.Piecewise((1, x >= 0), (0, True))),
        (step(x) + step(-x), 1),
        (relu(relu(x) - 1), relu(x - 1) + step(x - 2)),
    ],
)
def test_neighbours_of_identities_do_not(lhs, rhs):
    assert not agree(lhs, rhs)


def test_it_names_the_entry_and_never_broadcasts():
    W = symbols("W", (2, 3))
    wrong = W.copy()
    wrong[1, 2] = -wrong[1, 2]
    assert agree(W, wrong).index == (2, 3)
    assert "entry (2, 3)" in str(agree(W, wrong))
    assert not agree(W, W.T)
    assert not agree(W[:, :1], W[:1, :1])
    assert agree([], [])


@pytest.mark.parametrize(
    "bad", [sp.sin(x), sp.Abs(x), 0.5 * x, sp.pi, sp.I, sp.nan, sp.zoo, sp.sqrt(x), "x", None]
)
def test_what_it_does_not_know_is_loud(bad):
    with pytest.raises((NoResidue, sp.SympifyError)):
        agree(bad, x)


def test_a_denominator_that_always_vanishes_is_loud():
    with pytest.raises(NoResidue, match="stands in a denominator"):
        agree(1 / ((x + y) ** 2 - x**2 - 2 * x * y - y**2), x)


def test_a_pole_at_one_point_only_means_another_point(monkeypatch):
    drawn = iter([0, 5, 7, 11])
    monkeypatch.setattr(residues.random.Random, "randrange", lambda *_: next(drawn))
    assert agree((x**2 - 1) / x, x - 1 / x)


def test_every_case_of_the_conditions_is_visited():
    conditions = symbols("u", (6, 1)).ravel()
    rare = sp.prod(step(u) for u in conditions)
    assert not agree(rare, 0)  # differs in one case of 3⁶, the first
    never = sp.prod(1 - step(u) for u in conditions[:4])
    assert not agree(never, 0)
    assert not agree(never, sp.prod(1 - step(u) for u in conditions[:3]))


def test_the_ladder_of_primes():
    for number in range(1, 4):
        (q, _), (p, order_q) = residues.rung(number - 1), residues.rung(number)
        assert sp.isprime(p)
        assert (p - 1) % q == 0
        assert order_q != 1
        assert pow(order_q, q, p) == 1


@pytest.mark.parametrize("module", [second_checker, residues])
def test_it_shares_no_code_with_the_prover(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {name for name in imported if name.startswith("nnlib")}
    assert ours <= {"nnlib.activations", "nnlib.symbolic.residues", "nnlib.symbolic.undefined"}


def gradients(sizes, activation):
    """Every parameter's gradient by diff of the forward pass, and by nnlib's backward."""
    forward = ForwardPass(network(sizes, activation))
    net, (L,) = forward.network, letters("L")
    grads = net.backward(net.forward(forward.leaves["x"]), forward.leaves["y"])
    by_diff, by_nnlib = [], []
    for l in range(1, len(sizes)):
        for stem in "Wb":
            (letter,) = letters(f"{stem}{l}")
            by_diff += forward.partial(L, letter)[0, 0].ravel().tolist()
            by_nnlib += getattr(grads, stem)[l].ravel().tolist()
    return by_diff, by_nnlib


def test_a_deep_network_takes_no_time():
    by_diff, by_nnlib = gradients((4, 3, 2, 1), nn.sigmoid)
    begun = time.perf_counter()
    assert agree(by_diff, by_nnlib)
    assert time.perf_counter() - begun < 0.2
    assert len(by_diff) == 26
    for k in range(26):
        assert agree(by_diff, [*by_nnlib[:k], -by_nnlib[k], *by_nnlib[k + 1 :]]).index == (k + 1,)


@pytest.mark.parametrize("activation", [nn.tanh, nn.relu, nn.softplus], ids=lambda a: a.name)
def test_other_activations(activation):
    by_diff, by_nnlib = gradients((2, 2, 2), activation)
    assert agree(by_diff, by_nnlib)
    assert not agree(by_diff, by_nnlib[::-1])
