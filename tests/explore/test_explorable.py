import json
import re
from itertools import chain

import ipywidgets
import numpy as np
import pytest
import sympy as sp
import traitlets

import nnlib as nn
from nnlib.symbolic import SquaredNorm, letters, partial, sigma
from tests.explore.by_nnlib import assert_agree, assert_measured, single_layer

W, b, x, y, z, a, slope, delta, L = letters("W b x y z a slope delta L")


def formulas():
    error = nn.Formula(delta, nn.hadamard(a - y, sigma.prime(z)))
    return [
        nn.Formula(z, W * x + b), nn.Formula(a, sigma(z)), nn.Formula(slope, sigma.prime(z)),
        nn.Formula(L, sp.Rational(1, 2) * SquaredNorm(a - y)), error,
        nn.Formula(partial(L, W), delta * x.T, given=[error]),
        nn.Formula(partial(L, b), delta, given=[error]),
        nn.Formula(partial(L, x), W.T * delta, given=[error]),
    ]  # fmt: skip


@pytest.fixture
def widget():
    return nn.explore.single_layer(formulas())


@pytest.mark.parametrize("activation", [nn.identity, nn.sigmoid])
def test_outputs_are_nnlibs_at_random_inputs(widget, activation):
    rng = np.random.default_rng(7)
    widget.variant = activation.name
    for _ in range(100):
        widget.inputs = {name: rng.uniform(*widget.ranges[name][:2]) for name in widget.inputs}
        assert_agree(widget.outputs, single_layer(widget.inputs, activation))
        assert_measured(widget.outputs, widget.inputs, activation)


def test_the_error_of_a_difference_falls_with_its_step_and_rises_again(widget):
    gaps = []
    for logh in range(-12, 0):
        widget.inputs = {"logh": logh}
        gaps.append(max(value for name, value in widget.outputs.items() if name.startswith("gap")))
    best = gaps.index(min(gaps))
    assert -6 <= best - 12 <= -4
    assert gaps[-1] > 1e4 * gaps[best] < gaps[0]


def test_only_the_differences_ask_for_the_step(widget):
    before = dict(widget.outputs)
    widget.inputs = {"logh": -2}
    changed = {name.split("[")[0] for name, value in widget.outputs.items() if value != before[name]}
    assert changed == {"difference", "gap"}


def test_some_inputs_may_change_and_the_others_stay(widget):
    before = dict(widget.inputs)
    widget.inputs = {"x[2]": 0}
    assert widget.inputs == {**before, "x[2]": 0.0}
    assert widget.outputs["dW[1][2]"] == 0


def test_observers_see_outputs_that_fit_the_inputs(widget):
    seen = []
    widget.observe(lambda change: seen.append((change.new["x[1]"], widget.outputs["dW[1][1]"])), "inputs")
    widget.inputs = {"x[1]": 0.0}
    assert seen == [(0.0, 0.0)]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"W[3][1]": 0.0}, "no input of this figure"),
        ({"x[1]": float("nan")}, "number from -2.0 to 2.0"),
        ({"x[1]": 3.0}, "number from -2.0 to 2.0"),
        ({"x[1]": "1"}, "number from -2.0 to 2.0"),
        ({"x[1]": True}, "number from -2.0 to 2.0"),
        ({"x[1]": 10**400}, "number from -2.0 to 2.0"),
    ],
)
def test_bad_inputs_are_refused_and_change_nothing(widget, bad, words):
    before = dict(widget.inputs)
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        widget.inputs = bad
    assert widget.inputs == before


@pytest.mark.parametrize("one", [1, 1.0, np.int64(1), np.float32(1), sp.Integer(1)])
def test_numbers_of_every_kind_are_taken_and_sent_as_plain_ones(walk, one):
    walk.inputs = {"x[1]": one}
    walk.view = {"step": one}
    assert (repr(walk.inputs["x[1]"]), repr(walk.view["step"])) == ("1.0", "1")


def test_a_start_in_numbers_of_numpy_is_sent_in_plain_ones():
    bare = figure(
        inputs=dict.fromkeys(NAMES, np.float32(0.5)), views={"step": (0, 7)}, view={"step": np.int64(7)}
    )
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', bare._static_html(), re.S)[1])
    assert state["start"]["inputs"] == state["inputs"] == dict.fromkeys(NAMES, 0.5)
    assert state["start"]["view"] == state["view"] == {"step": 7}


def test_an_unknown_variant_is_refused(widget):
    with pytest.raises(traitlets.TraitError, match="none of identity, sigmoid"):
        widget.variant = "step"


def test_a_missing_formula_is_named():
    with pytest.raises(ValueError, match="formulas for a, dW"):
        nn.explore.single_layer([nn.Formula(z, W * x + b)])


def test_the_static_page_has_the_state_and_a_table_of_the_same_numbers(widget):
    html = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    assert state["inputs"] == widget.inputs
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))
    assert {k: float(v) for k, v in table.items()} == {**widget.inputs, **widget.outputs}


def test_the_module_computes_nothing_but_by_its_program():
    """The modules hold no arithmetic of activations, losses or gradients."""
    for name in ("kit.js", "single_layer.js", "host.js"):
        code = (nn.explore.explorable.files("nnlib.explore") / name).read_text(encoding="utf-8")
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)
        assert not re.search(r"Math\.(exp|tanh|log1p|expm1)\b|\bsigmoid\s*\(|\brelu\b", code), name
        for stem in ("delta", "dW", "loss", "slope"):
            assert not re.search(rf"values\[[^\]]*{stem}[^\]]*\]\s*[*/+-]\s*\w", code), (name, stem)


def test_every_shown_quantity_has_a_formula(widget):
    stems = {name.split("[")[0] for name in chain(widget.outputs)}
    assert stems == set(widget.math)


NAMES = ("W[1][1]", "b[1]", "x[1]")


def figure(**other):
    """A small figure: a line."""
    line = nn.Formula(z, W * x + b)
    program = nn.symbolic.compile_formulas([line], nn.symbolic.network((1, 1)), target=False)
    parts = {
        "programs": {"identity": program},
        "inputs": dict.fromkeys(NAMES, 0.5),
        "ranges": dict.fromkeys(NAMES, (-1, 1, 0.1)),
    }
    return nn.explore.Explorable("line", "A line", [line], **parts | other)


@pytest.fixture
def walk():
    """A figure with places to stand at: its numbers do not depend on them."""
    return figure(views={"step": (0, 7), "chosen": ["W[1][1]", "b[1]"]}, view={"step": 7})


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"programs": {}}, "a figure needs a program"),
        ({"inputs": {"x[1]": 0.5}}, "no start is given for W[1][1], b[1]"),
        ({"inputs": {}}, "no start is given for W[1][1], b[1], x[1]"),
        ({"ranges": {"x[1]": (-1, 1, 0.1)}}, "no range is given for W[1][1], b[1]"),
        ({"ranges": dict.fromkeys(NAMES, (-1, 1))}, "the range of W[1][1] is (least, greatest, step)"),
        ({"views": {"chosen": []}}, "the view chosen is least and greatest, or the names"),
        ({"views": {"step": (0, 1, 2)}}, "the view step is least and greatest, or the names"),
    ],
)
def test_a_figure_that_lacks_a_part_says_which(part, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        figure(**part)


def test_the_view_starts_as_said_or_with_the_first_and_changes_bit_by_bit(walk):
    assert walk.view == walk.start["view"] == {"step": 7, "chosen": "W[1][1]"}
    before = dict(walk.outputs)
    walk.view = {"chosen": "b[1]"}
    walk.view = {"step": 3.0}
    assert walk.view == {"step": 3, "chosen": "b[1]"}
    assert walk.outputs == before


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"step": 8}, "step = 8 should be a whole number from 0 to 7"),
        ({"step": -1}, "step = -1 should be a whole number from 0 to 7"),
        ({"step": 1.5}, "step = 1.5 should be a whole number"),
        ({"step": True}, "step = True should be a whole number"),
        ({"step": float("inf")}, "step = inf should be a whole number"),
        ({"step": "3"}, "step = '3' should be a whole number"),
        ({"chosen": "W[2][1]"}, "chosen = 'W[2][1]' should be one of W[1][1], b[1]"),
        ({"chosen": 0}, "chosen = 0 should be one of"),
        ({"__proto__": 1}, "no view of this figure; it has step, chosen"),
    ],
)
def test_a_view_that_there_is_not_is_refused_and_changes_nothing(walk, bad, words):
    before = dict(walk.view)
    with pytest.raises(traitlets.TraitError, match=re.escape(words)):
        walk.view = bad
    assert walk.view == before


def test_an_input_and_a_slider_that_are_joined_move_together_until_they_part(walk):
    slider = ipywidgets.FloatSlider(min=-0.8, max=1)
    part = walk.link("x[1]", slider)
    assert slider.value == 0.5
    seen = []
    walk.observe(lambda change: seen.append(change.new["x[1]"]), "inputs")
    slider.value = 0.25
    assert walk.inputs["x[1]"] == 0.25
    assert walk.inputs["b[1]"] == 0.5
    walk.inputs = {"x[1]": -1}
    assert slider.value == walk.inputs["x[1]"] == -0.8  # the slider ends there
    assert sorted(seen) == [-1, -0.8, 0.25]
    part()
    slider.value = 1
    walk.inputs = {"b[1]": 0}
    assert (walk.inputs["x[1]"], slider.value) == (-0.8, 1)


def test_only_an_input_can_be_joined(walk):
    with pytest.raises(ValueError, match=re.escape("'z[1]' is no input of this figure; it has")):
        walk.link("z[1]", ipywidgets.FloatSlider())


def test_a_figure_without_places_says_so():
    bare = figure()
    assert bare.view == {}
    with pytest.raises(traitlets.TraitError, match="it has none"):
        bare.view = {"step": 1}


def test_the_static_page_knows_where_the_reader_stands_and_may_stand(walk):
    html = walk._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    assert state["view"] == state["start"]["view"] == walk.view
    assert state["views"] == {"step": [0, 7], "chosen": ["W[1][1]", "b[1]"]}
    assert state["variants"] == ["identity"]
