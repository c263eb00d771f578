"""Small errors in formulas are judged as they deserve."""

from collections import Counter

import pytest
import sympy as sp

import nnlib as nn
from nnlib.ledger import mutants as judging
from nnlib.ledger.mutant_table import overview, summary, table
from nnlib.ledger.mutants import corrected_stands, main, mutants
from nnlib.ledger.recording import recording
from nnlib.symbolic import (
    ActivationLetter,
    Formula,
    ForwardPass,
    SquaredNorm,
    Undecided,
    hadamard,
    letters,
    network,
    partial,
    size,
    undefined_activation,
    undefined_loss,
)  # fmt: skip

W, b, x, y, z, a, c, delta, L = letters("W b x y z a c delta L")
W1, W2, z1, z2, a1, a2, delta1, delta2 = letters("W1 W2 z1 z2 a1 a2 delta1 delta2")
i, j, k = sp.symbols("i j k", integer=True)
sigma1, sigma2 = ActivationLetter("sigma1"), ActivationLetter("sigma2")
layer = ForwardPass(network((2, 2), loss=undefined_loss("l")))
pair = ForwardPass(
    network((2, 2, 2), [undefined_activation(f"sigma{n}") for n in (1, 2)], undefined_loss("l"))
)
error = Formula(delta, partial(L, z))
dW = Formula(partial(L, W), delta * x.T, given=[error])
error2 = Formula(delta2, hadamard(partial(L, a2), sigma2.prime(z2)))
error1 = Formula(delta1, hadamard(W2.T * delta2, sigma1.prime(z1)), given=[error2])
dW1 = Formula(partial(L, W1), delta1 * x.T, given=[error1])
paths = sp.Sum(partial(L, z2(k)) * W2(k, i), (k, 1, size(2)))
by_index = Formula(partial(L, W1(i, j)), paths * sigma1.prime(z1(i)) * x(j))


def record_of(*arguments, **options):
    with recording() as records:
        nn.claim("book.test", *arguments, **options)
    return records[0]


@pytest.mark.parametrize(
    ("side", "formula"),
    [
        (layer.diff(L, W), dW),
        (layer.diff(L, x), W.T * partial(L, z)),
        (pair.diff(L, W1), dW1),
        (pair.diff(L, W1), by_index),
        (pair.diff(L, z1), hadamard(W2.T * partial(L, z2), sigma1.prime(z1))),
    ],
    ids=["dW", "dx", "dW1", "index", "delta1"],
)
def test_every_mutant_of_a_right_formula_dies(side, formula):
    found = list(mutants(record_of(side, formula)))
    assert {mutant.outcome for mutant in found} == {"killed"}
    assert len(found) >= 7


def test_the_formulas_it_rests_on_are_mutated_too():
    changes = {mutant.change for mutant in mutants(record_of(pair.diff(L, W1), dW1))}
    assert "W2.T  →  W2" in changes
    assert "W2  →  W1" in changes
    assert "delta1  →  delta2" in changes
    assert "delta2  →  delta1" in changes
    assert "sigma2.prime(z2)  →  sigma2(z2)" in changes


def test_some_errors_show_at_rectangular_sizes_only():
    sums = record_of(
        layer.diff(L, x), Formula(partial(L, x(j)), sp.Sum(W(i, j) * partial(L, z(i)), (i, 1, size(1))))
    )
    (other_size,) = [m for m in mutants(sums) if m.kind == "sum" and "size(0)" in m.change]
    assert other_size.outcome == "killed"
    assert other_size.reason.endswith("at 2-3")


def test_a_mutant_that_is_right_too_is_equivalent():
    identity = ForwardPass(network((2, 2)), Formula(c, z - y), Formula(L, SquaredNorm(c)))
    found = list(mutants(record_of(identity.diff(L, z), partial(c, z).T * partial(L, c))))
    equivalent = [mutant for mutant in found if mutant.outcome == "equivalent"]
    assert {mutant.kind for mutant in equivalent} == {"factor", "transpose"}
    assert {mutant.reason for mutant in equivalent} == {"both checkers find it equal at 2-2 and at 2-3"}


def test_what_is_undecided_or_wrongly_proved_is_alive(monkeypatch):
    record = record_of(layer.diff(L, W), dW)

    def undecided(lhs, rhs):
        raise Undecided("no idea")

    monkeypatch.setattr(judging, "decide", undecided)
    assert {m.outcome for m in mutants(record) if "clash" not in m.reason} == {"alive"}
    monkeypatch.undo()
    monkeypatch.setattr("nnlib.ledger.comparison.prove", lambda *_: nn.symbolic.Proof(1))
    found = [m for m in mutants(record) if "clash" not in m.reason]
    assert {m.outcome for m in found} == {"alive"}
    assert "the two checkers disagree" in found[0].reason


def test_a_definition_that_the_pass_knows_is_mutated():
    with recording() as records:
        nn.define("M1", layer, Formula(z, W * x + b))
        nn.define("M13", layer, Formula(c(i), b(i)))
    known, unknown = (Counter(m.outcome for m in mutants(record)) for record in records)
    assert set(known) == {"killed"}
    assert not unknown


def test_the_corrected_form_must_not_be_refutable():
    half, whole = (Formula(L, factor * SquaredNorm(c)) for factor in (sp.Rational(1, 2), 1))
    squares = ForwardPass(network((2, 2)), Formula(c, z - y), half)
    assert corrected_stands(record_of(squares.diff(L, c), c, as_written=whole, mended=half))
    assert corrected_stands(
        record_of(layer.diff(L, W), dW, as_written=-dW.rhs.xreplace({delta: partial(L, z)}))
    )


def test_refutations_of_the_mended_definition():
    half = Formula(L, sp.Rational(1, 2) * SquaredNorm(c))
    squares = ForwardPass(network((2, 2)), Formula(c, z - y), half)
    found = [
        m
        for m in mutants(record_of(squares.diff(L, c), c, as_written=Formula(L, c * c), mended=half))
        if m.formula.startswith("L = ")
    ]
    assert Counter(m.outcome for m in found) == {"killed": 3, "equivalent": 2}


CHAPTER = """
```{code-cell} ipython3
import nnlib as nn
from nnlib.symbolic import ForwardPass, letters, network, partial

W, x, z, L = letters("W x z L")
nn.claim("book.test", ForwardPass(network((2, 2))).diff(L, x), W.T * partial(L, z))
```
"""


def test_the_table_and_the_exit_code(tmp_path, capsys, monkeypatch):
    chapter = tmp_path / "chapter.md"
    chapter.write_text(CHAPTER, encoding="utf-8")
    assert main([str(chapter)]) == 0
    said = capsys.readouterr().out
    assert "book.test   W.T*partial(L, z)" in said
    assert "killed      transpose  W.T  →  W " in said
    assert "chapter: 7 mutants, 7 killed, 0 equivalent, 0 alive" in said
    monkeypatch.setattr("nnlib.ledger.comparison.prove", lambda *_: nn.symbolic.Proof(1))
    assert main([str(chapter)]) == 1


def test_the_table_of_nothing():
    assert table([]) == ""
    assert summary("empty", []) == "empty: 0 mutants, 0 killed, 0 equivalent, 0 alive"


def test_the_overview_counts_by_formula_and_kind():
    with recording() as made:
        nn.claim("M14", layer.diff(L, W), dW)
    found = list(mutants(made[0]))
    head, *rows = overview(found).splitlines()
    assert head.split()[:2] == ["claim", "sign"]
    assert all(row.startswith("M14 ") for row in rows)
    numbers = [int(word) for row in rows for word in row.split()[1:10] if word.isdigit()]
    assert sum(numbers) == sum(mutant.outcome == "killed" for mutant in found)
