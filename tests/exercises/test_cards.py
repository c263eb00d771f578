"""Steps to be ordered and shapes to be chosen: what is right, and that the page says what Python says."""

import itertools
import json
import random
import subprocess

import numpy as np
import pytest

import nnlib as nn
from nnlib.exercises import Ordering, Shapes, Step, card
from nnlib.exercises.cards import CardsWidget, static_html
from nnlib.exercises.chapters.cards import CARDS
from nnlib.exercises.ordering import LETTERS
from nnlib.exercises.page import asset
from nnlib.symbolic import ForwardPass, letters, network, partial

from .page import NODE

ORDERINGS = [name for name in CARDS if isinstance(card(name), Ordering)]
SHAPES = [name for name in CARDS if isinstance(card(name), Shapes)]
CHAPTERS = ["single-layer", "two-layers", "shared-weights", "computational-graph", "row-vectors"]
MOST = 400

W, b, x, y, z, a, L = letters("W b x y z a L")
FIRST, SECOND = Step(nn.Formula(a, W * x + b)), Step(nn.Formula(partial(L, a), a - y))
LAST = Step(nn.Formula(partial(L, W), partial(L, a) * x.T))
LAYER = ForwardPass(network((3, 2)))

_RUN = """
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = asked.map(([state, given]) => {
  const judge = state.kind === "order" ? judgeOrder : judgeShapes;
  return given.map((one) => judge(state, one));
});
process.stdout.write(JSON.stringify(answers));
"""


def some_orders(exercise):
    """All orders of the cards, or many of them and those that are nearly right."""
    n = len(exercise.steps)
    if n <= 5:
        return list(itertools.permutations(range(n)))
    dice, right = random.Random(1), [LETTERS.index(c) for c in exercise.order.split()]
    near = [list(right) for _ in range(MOST // 2)]
    for order in near:
        for _ in range(dice.randint(0, 3)):
            k = dice.randrange(n - 1)
            order[k : k + 2] = order[k + 1], order[k]
    return [*map(tuple, near), *(tuple(dice.sample(range(n), n)) for _ in range(MOST // 2))]


def some_choices(exercise):
    """Choices with one thing changed, and any others; −1 is what has not been chosen."""
    dice, truth = random.Random(2), [exercise.options.index(option) for option in exercise.answer.split("; ")]
    changed = [
        (*truth[:k], option, *truth[k + 1 :])
        for k in range(len(truth))
        for option in range(-1, len(exercise.options))
    ]
    return [*changed, *(tuple(dice.choices(range(len(exercise.options)), k=len(truth))) for _ in range(100))]


def text_of(exercise, given):
    if isinstance(exercise, Ordering):
        return " ".join(LETTERS[k] for k in given)
    return "; ".join(exercise.options[k] if k >= 0 else "?" for k in given)


def tries(name):
    return (some_orders if name in ORDERINGS else some_choices)(card(name))


def test_every_chapter_has_them():
    assert {name.partition(".")[0] for name in ORDERINGS} == {*CHAPTERS, "general-proof"}
    assert len(SHAPES) >= 4


def test_the_page_and_python_say_the_same_throughout():
    asked = json.dumps([[card(name).state(), tries(name)] for name in CARDS])
    source = f"{asset('cards.js')}\n{_RUN}"
    run = subprocess.run(
        [NODE, "-e", source], input=asked, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    verdicts = set()
    for name, answers in zip(CARDS, json.loads(run.stdout), strict=True):
        for given, answer in zip(tries(name), answers, strict=True):
            found = card(name).check(text_of(card(name), given))
            mine = [found.verdict, found.kind, found.message, list(found.help)]
            assert mine == [answer[key] for key in ("verdict", "kind", "message", "help")], (name, given)
            verdicts.add((found.verdict, found.kind))
    assert verdicts == {
        ("right", "right"), ("wrong", "too-early"), ("wrong", "transposed"), ("wrong", "shape"),
        ("unreadable", "open"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ORDERINGS)
def test_every_order_in_which_nothing_comes_too_early_is_right_and_no_other(name):
    exercise = card(name)
    right = 0
    for order in itertools.islice(itertools.permutations(range(len(exercise.steps))), 0, None, 7):
        said = [exercise.cards[k] for k in order]
        sound = all(said.index(u) < said.index(n) for n in said for u in exercise.uses[n])
        assert bool(exercise.check(text_of(exercise, order))) == sound
        right += sound
    assert bool(exercise.check(exercise.order))
    assert exercise.check(text_of(exercise, range(len(exercise.steps)))).verdict == "wrong"


@pytest.mark.parametrize("name", ORDERINGS)
def test_the_number_of_right_orders_is_that_of_all_orders_that_are(name):
    exercise = card(name)
    if len(exercise.steps) <= 6:
        every = itertools.permutations(range(len(exercise.steps)))
        assert exercise.count == sum(bool(exercise.check(text_of(exercise, order))) for order in every)


def test_the_first_wrong_step_is_named_and_why():
    exercise = card("two-layers.order")
    names = {step.name: LETTERS[exercise.cards.index(n)] for n, step in enumerate(exercise.steps)}
    order = ["z⁽¹⁾", "a⁽¹⁾", "z⁽²⁾", "a⁽²⁾", "δ⁽¹⁾", "δ⁽²⁾", "∂L/∂W⁽²⁾", "∂L/∂W⁽¹⁾"]
    found = exercise.check(" ".join(names[name] for name in order))
    early = names["δ⁽¹⁾"]
    assert found.help[0] == f"The first 4 can stay. Step {early} comes too early."
    assert found.help[1] == f"Step {early} uses δ⁽²⁾, which no step before it gives."
    assert found.help[2:] == exercise.hints


def test_a_step_that_is_not_so_makes_no_exercise():
    wrong = Step(nn.Formula(partial(L, W), -partial(L, a) * x.T))
    with pytest.raises(ValueError, match="is not so"):
        Ordering("order", "?", [FIRST, SECOND, wrong], LAYER)


def test_an_order_in_which_a_step_comes_too_early_makes_no_exercise():
    with pytest.raises(ValueError, match="step 1 rests on a step that does not come before it"):
        Ordering("order", "?", [SECOND, FIRST, LAST], LAYER)


def test_steps_of_which_every_order_is_right_make_no_exercise():
    with pytest.raises(ValueError, match="every order is right"):
        Ordering("order", "?", [FIRST, Step(nn.Formula(partial(z(1), W(1, 2)), x(2)))], LAYER)


@pytest.mark.parametrize("text", ["", "a b", "a b b", "a b c d", "1 2 3", "aab", "ä b c"])
def test_an_order_that_cannot_be_read_says_how(text):
    found = Ordering("order", "?", [FIRST, SECOND, LAST], LAYER).check(text)
    assert (found.verdict, found.message) == ("unreadable", "Name each of the steps a to c once.")


@pytest.mark.parametrize("text", ["", "3x5", "3x5;3x1;3x5;5x3;9x9", "a;b;c;d;e", "3x5;" * 6, "×;×;×;×;×"])
def test_shapes_that_cannot_be_read_say_how(text):
    found = card("single-layer.shapes").check(text)
    assert (found.verdict, found.message) == ("unreadable", "Choose a shape for each of the 5.")


def test_the_shapes_are_those_of_a_network_that_runs():
    for name, sizes, convention in (
        ("single-layer.shapes", (5, 3), "column"),
        ("two-layers.shapes", (4, 3, 2), "column"),
        ("row-vectors.shapes", (4, 3, 2, 1), "row"),
    ):
        net = nn.Network.random(sizes, "tanh", "squared_error", convention, 1)
        turn = np.transpose if convention == "row" else np.asarray
        grads = net.backward(
            net.forward(turn(np.ones((sizes[0], 1)))), turn(np.ones((sizes[-1], 1))), wrt_input=True
        )
        shapes = dict(zip(card(name).names, card(name).shapes, strict=True))
        layer = 2 if convention == "row" else 1
        number = "" if len(sizes) == 2 else {1: "⁽¹⁾", 2: "⁽²⁾"}[layer]
        assert shapes[f"∂L/∂W{number}"] == grads.W[layer].shape
        assert shapes[f"δ{number}"] == grads.z[layer].shape


def test_the_page_has_what_it_needs_and_nothing_leaves_it_early():
    for name in CARDS:
        text = static_html(card(name))
        inner = text.split('class="ex-state">')[1].split("</script>")[0]
        assert json.loads(inner)["question"] == json.loads(json.dumps(card(name).state()))
        assert text.count("<li>") == len(getattr(card(name), "steps", getattr(card(name), "asked", ())))
        assert card(name).solution in text.replace("&#x27;", "'")


def test_a_notebook_gets_a_widget_that_asks_python():
    data, _ = card("single-layer.order")._repr_mimebundle_()
    assert set(data) >= {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    widget = CardsWidget(card("single-layer.order"))
    widget.answer = "a b c d e"
    assert widget.report["kind"] == "too-early"
    widget.answer = card("single-layer.order").order
    assert widget.report["verdict"] == "right"
