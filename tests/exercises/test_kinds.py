"""Right answers in every form are right, wrong ones get the help that fits; in the page as in Python."""

import re

import pytest
import sympy as sp

import nnlib as nn
from nnlib.exercises import Exercise, names
from nnlib.exercises.widget import solution
from nnlib.symbolic import ForwardPass, Proof, letters, network, partial, sigma, undefined_loss

from .catalogue import MAKERS, RIGHT, WRONG, exercise
from .page import judged

# What is right, and beyond the rules of ``prove``: the numbers decide.
UNPROVED = {"(a-y)∘(1-tanh(z/2)^2)/4"}
UNREADABLE = [
    "",
    "(",
    "δ x^",
    "q",
    "x_9",
    "a b c d",
    "∂",
    "2 2",
    "=",
    "x = y = z",
    "1e400",
    "^T",
    "σ",
    "'",
    "𝟏",
]


@pytest.mark.parametrize("name", MAKERS)
def test_there_are_enough_answers(name):
    assert len(RIGHT[name]) >= 3
    assert len(WRONG[name]) >= 5


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in RIGHT for text in RIGHT[name]])
def test_a_right_answer_is_right_and_proved(name, text):
    found = exercise(name).check(text)
    assert (found.verdict, found.kind, found.message) == ("right", "right", "Right.")
    assert bool(found)
    assert isinstance(found.proof, Proof) != (text in UNPROVED)


@pytest.mark.parametrize(
    ("name", "text", "kind"), [(n, text, kind) for n in WRONG for text, kind in WRONG[n]]
)
def test_a_wrong_answer_gets_the_help_that_fits(name, text, kind):
    found = exercise(name).check(text)
    assert (found.verdict, found.kind) == ("wrong", kind)
    assert not found
    assert found.help[0] == found.message
    if kind == "shape":
        assert re.search(r"\d × \d", found.message)
    if kind in {"sign", "factor", "differs", "slope-forgotten"}:
        yours, truth = re.search(r"yours is (\S+), but \S+ is (\S+)\.$", found.help[1]).groups()
        assert yours != truth
        assert found.counterexample is not None
        assert found.counterexample.lhs != pytest.approx(found.counterexample.rhs, rel=1e-9)


def test_the_page_and_python_say_the_same_throughout():
    exercises = {name: exercise(name) for name in MAKERS}
    texts = {name: [*RIGHT[name], *(text for text, _ in WRONG[name]), *UNREADABLE] for name in MAKERS}
    page = judged(exercises, texts)
    for name, answers in page.items():
        for text, answer in zip(texts[name], answers, strict=True):
            found = exercises[name].check(text)
            place = list(found.place) if found.place else None
            mine = {
                "verdict": found.verdict,
                "kind": found.kind,
                "message": found.message,
                "help": list(found.help),
                "place": place,
            }
            assert mine == {key: answer[key] for key in mine}, (name, text)


WITHOUT_MEANING = [
    ("computational-graph.log-sum", "softmax(z_1) - 1", "(z_1) is 1 × 1: softmax takes a column or a row."),
    ("computational-graph.log-sum", "softmax(z zᵀ)_11", "(z zᵀ) is 3 × 3: softmax takes a column or a row."),
    ("single-layer.gain", "tr(δ xᵀ)", "(δ xᵀ) is 2 × 3: tr takes a square matrix."),
    ("single-layer.gain", "tr(I) δᵀ W x", "(I) is 1 × 1: tr takes a square matrix."),
    ("single-layer.gain", "⟨δ, x⟩", "δ is 2 × 1 and x is 3 × 1: the shapes must be equal."),
    ("single-layer.gain", "⟨1, δ⟩", "1 is 1 × 1 and δ is 2 × 1: the shapes must be equal."),
    ("single-layer.gain", "δ ∘ x", "δ is 2 × 1 and x is 3 × 1: the shapes must be equal."),
    ("two-layers.error", "diag(W2) δ2", "(W2) is 4 × 2: diag takes a column."),
    ("primer.entrywise", "∇_z L", "∂L/∂z is no letter here. The letters here: ∂L/∂a, z, a."),
    ("single-layer.dW", "∇L xᵀ", "‘∇’ has no meaning here. The letters here: δ, x, W."),
]


def test_what_has_no_meaning_is_said_in_one_sentence():
    texts = {name: [text for n, text, _ in WITHOUT_MEANING if n == name] for name, _, _ in WITHOUT_MEANING}
    page = judged({name: exercise(name) for name in texts}, texts)
    for name, text, message in WITHOUT_MEANING:
        assert exercise(name).check(text).message == message
        assert page[name][texts[name].index(text)]["message"] == message


def test_nabla_asks_for_the_letter_where_there_are_several():
    W, x, z, a, L = letters("W x z a L")
    forward = ForwardPass(network((3, 2), nn.sigmoid, undefined_loss("l")))
    answer = nn.Formula(partial(L, x), W.T * partial(L, z))
    both = Exercise("both", "?", answer, forward, [W, partial(L, a), partial(L, z)])
    asks = "A derivative here is one of the loss by a letter, as in ∂L/∂a."
    texts = {
        "Wᵀ ∇L": asks,
        "Wᵀ ∇_z L": "Right.",
        "Wᵀ ∇_x L": f"‘x’ has no meaning here. {both.question.names.listed}",
    }
    page = judged({"both": both}, {"both": list(texts)})["both"]
    assert [both.check(text).message for text in texts] == list(texts.values())
    assert [answer["message"] for answer in page] == list(texts.values())


def test_the_letters_r_and_t_stand_together_in_no_exercise():
    """Where both were letters, tr could be their product; where r is a matrix, W^Tr a transpose and r."""
    for name in names():
        shapes = {d.stem: (d.rows, d.columns) for d in exercise(name).declared}
        assert not {"r", "t"} <= shapes.keys()
        assert "r" not in shapes or set(shapes.values()) == {(1, 1)}


def test_a_letter_keeps_its_case_at_the_start_of_a_sentence():
    """Δ is not δ, and X not x."""
    page = judged({name: exercise(name) for name in MAKERS}, {name: ["softmax(1)"] for name in MAKERS})
    for name in MAKERS:
        asked, steps = exercise(name).question.asked, exercise(name).check("softmax(1)").help
        assert steps[1].startswith(f"{asked} is ")
        assert page[name][0]["help"] == list(steps)


def test_no_help_gives_the_answer_away():
    """No step of help holds a right answer; what would fit the shapes comes last of all."""
    for name in MAKERS:
        answers = [answer for answer in RIGHT[name] if len(answer) > 6]
        for text, _ in WRONG[name]:
            steps = exercise(name).check(text).help
            for step in steps[:-1] or steps:
                assert not any(answer in step for answer in answers), (name, text, step)
    *first, last = exercise("dW").check("δ x").help
    assert last == "δ xᵀ is 2 × 3."
    assert first == ["δ is 2 × 1 and x is 3 × 1: δ x does not fit.", "∂L/∂W is 2 × 3, as W is."]


def test_hints_come_last():
    found = exercise("dW12").check("2δ₁ x₂")
    assert found.help[-1] == "Which z does W₁₂ move?"
    assert len(found.help) == 3


def test_a_place_is_that_of_the_clash():
    text = "δ xᵀ + (δ x)"
    found = exercise("dW").check(text)
    assert text[slice(*found.place)] == "δ x"


def test_what_cancels_in_large_numbers_is_not_decided():
    found = exercise("dW12").check("δ₁ x₂ + 99999999^2 * 99999999 - 99999999^3")
    assert (found.verdict, found.kind) == ("unreadable", "rounding")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("δ₁ x₂ + 0.00001^4 x_1", "0.00001"),
        ("δ₁ x₂ + exp(-60)", "60"),
        ("δ₁ x₂ (1 + 2/10^12/10^8)", "2"),
        ("δ₁ x₂ + tanh(50) - 1", "(50)"),
        ("δ₁ relu(x₂ + 5) - 5 δ₁", "relu(x₂ + 5)"),
        ("δ₁ softplus(x₂ + 40) - 40 δ₁", "softplus(x₂ + 40)"),
    ],
)
def test_what_is_too_small_to_be_seen_is_not_called_right(text, number):
    found = exercise("dW12").check(text)
    assert (found.verdict, found.kind) == ("unreadable", "rounding")
    assert text[slice(*found.place)] == number
    assert judged({"dW12": exercise("dW12")}, {"dW12": [text]})["dW12"][0]["message"] == found.message


def test_high_powers_are_proved_where_the_proof_is_short():
    found = exercise("computational-graph.eighth-power").check("8 v^3 (v^2)^2")
    assert isinstance(found.proof, Proof)
    long = "δ₁ x₂ (2x_1+2x_2+2x_3+2W11+2W12+2W13)^12/(4096 (x_1+x_2+x_3+W11+W12+W13)^12)"
    found = exercise("dW12").check(long)
    assert found.verdict == "right"
    assert found.proof is None


def test_a_formula_that_is_not_proved_makes_no_exercise():
    W, x, z, delta, L = letters("W x z delta L")
    forward = ForwardPass(network((3, 2), loss=undefined_loss("l")))
    wrong = nn.Formula(partial(L, W), 2 * delta * x.T, given=[nn.Formula(delta, partial(L, z))])
    with pytest.raises(ValueError, match="the formula is not ∂L/∂W"):
        Exercise("wrong", "?", wrong, forward, [delta, x])


def test_what_stands_beside_the_answer_is_proved_and_printed_in_the_solution():
    a, y, z, L = letters("a y z L")
    forward, asked = ForwardPass(network((3, 2), nn.tanh, nn.squared_error)), partial(L, z)
    answer = nn.Formula(asked, nn.hadamard(a - y, sigma.prime(z)))
    with pytest.raises(ValueError, match=r"the formula is not .*sigma"):
        Exercise("wrong", "?", answer, forward, [a, y], beside=[nn.Formula(sigma.prime(z(1)), 1 - a(1))])
    slope = nn.Formula(sigma.prime(z(1)), 1 - a(1) ** 2)
    assert slope.mathml in solution(Exercise("right", "?", answer, forward, [a, y], beside=[slope]))


@pytest.mark.parametrize("name", names())
def test_no_slope_is_typed_in_a_solution(name):
    """What σ′ is for a given activation is a formula beside the answer."""
    assert re.search(r"'\(z\S*\) = ", exercise(name).because) is None


def test_ranges_keep_points_where_there_is_a_value():
    a, y, z, L = letters("a y z L")
    forward = ForwardPass(network((2, 1), nn.sigmoid, nn.cross_entropy))
    formula = nn.Formula(L, [[-(y(1) * sp.log(a(1)) + (1 - y(1)) * sp.log(1 - a(1)))]])
    limited = Exercise("loss", "?", formula, forward, [a, y, z], ranges={"y": (0.1, 0.9)})
    assert limited.check("-y log(a) - (1-y) log(1-a)").verdict == "right"
    assert limited.check("softplus(z) - y z").verdict == "right"
    assert limited.check("-y log(a)").kind == "differs"
