"""Break one Formula of a figure: its print, its table and its program change, and nothing else does."""

import json
import re
import subprocess

import pytest
from playwright._impl._driver import compute_driver_executable

import nnlib as nn
from nnlib.symbolic import network
from nnlib.symbolic.general import Delta, GeneralFormula, H, W, l
from tests.explore import (
    test_computational_graph,
    test_input_gradient,
    test_row_vectors,
    test_shared_weights,
    test_training_figure,
    test_two_layers,
)
from tests.explore.general_formulas import general_formulas
from tests.explore.test_explorable import formulas as single_layer_formulas

NODE = compute_driver_executable()[0]  # the one that Playwright carries: readers need not have their own

SHARED = "shared layer"


def one_graph(formulas):
    """The sweep through one network: that of the two uses of one layer."""
    net = network((2, 2, 2), nn.sigmoid, nn.squared_error, shared=True)
    return nn.explore.computational_graph({SHARED: (net, formulas)})


FIGURES = {
    "single-layer": (single_layer_formulas, nn.explore.single_layer),
    "two-layers": (test_two_layers.formulas, nn.explore.two_layers),
    "shared-weights": (test_shared_weights.formulas, nn.explore.shared_weights),
    "computational-graph": (lambda: test_computational_graph.formulas(SHARED), one_graph),
    "row-vectors": (test_row_vectors.formulas, nn.explore.row_vectors),
    "input-gradient": (test_input_gradient.formulas, nn.explore.input_gradient),
    "training": (test_training_figure.formulas, nn.explore.training),
}
BREAKS = [
    *(("single-layer", name) for name in ("delta", "dW", "loss", "z")),
    *(("two-layers", name) for name in ("delta2", "delta1", "p2")),
    *(("shared-weights", name) for name in ("delta2", "G1", "dW")),
    *(("computational-graph", name) for name in ("delta2", "dx")),
    *(("row-vectors", name) for name in ("delta3", "newW2")),
    *(("input-gradient", name) for name in ("D1", "J", "H")),
    *(("training", name) for name in ("loss", "dW2", "newW2")),
]
MEASURED = {
    "loss": {"difference", "gap"},
    "dW": {"gap"},
    **{f"d{stem}{l}": {f"new{stem}{l}"} for stem in "Wb" for l in (1, 2, 3)},
}
"""What a figure measures of a formula, or makes of it in a step: it rests on that formula, too."""


def with_the_sign_broken(formulas, name):
    """The same formulas, but one has the other sign, wherever it is given."""
    made = {}

    def anew(formula):
        if id(formula) not in made:
            given = [anew(one) for one in formula.given.values()]
            rhs = -formula.rhs if formula.name == name else formula.rhs
            made[id(formula)] = nn.Formula(formula.lhs, rhs, given)
        return made[id(formula)]

    return [anew(formula) for formula in formulas]


def rests_on(formula, name):
    return formula.name == name or any(rests_on(one, name) for one in formula.given.values())


def table(widget):
    """The numbers of the table on paper, and the state that the page's figure starts from."""
    page = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', page, re.S)[1])
    cells = re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', page)
    return {name: float(value) for name, value in cells}, state


def played(state):
    """What the page's program makes of the figure's inputs, in the variant it starts with."""
    script = f"""
        const program = {state["program"]}, inputs = {json.dumps(state["inputs"])};
        const one = program.variants[{json.dumps(state["variant"])}];
        const {{ inputs: takes, outputs: gives }} = one.run ? one : program;
        const results = (one.run ?? one)(takes.map((name) => inputs[name]));
        console.log(JSON.stringify(Object.fromEntries(gives.map((name, k) => [name, results[k]]))));"""
    run = subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True)
    return json.loads(run.stdout)


def changed(before, after):
    """What is another number; one formula less in common may cost another its last digit."""
    assert before.keys() == after.keys()
    return {name for name in before if after[name] != pytest.approx(before[name], rel=1e-12, abs=1e-15)}


@pytest.mark.parametrize(("figure", "name"), BREAKS)
def test_a_broken_sign_is_printed_and_computed_and_played(figure, name):
    formulas_of, make = FIGURES[figure]
    formulas = formulas_of()
    right, broken = make(formulas), make(with_the_sign_broken(formulas, name))
    resting = {one.name for one in formulas if rests_on(one, name)}
    resting |= {quantity for one in resting for quantity in MEASURED.get(one, ())}
    due = {key for key, value in right.outputs.items() if key.split("[")[0] in resting and value != 0}
    assert due
    assert changed(right.outputs, broken.outputs) == due

    (numbers, state), (broken_numbers, broken_state) = table(right), table(broken)
    assert changed(numbers, broken_numbers) == due
    (printed,) = (key for key, text in state["math"].items() if text != broken_state["math"][key])
    assert printed.split(":")[-1] == name
    assert re.search("−|&#x02212;", broken_state["math"][printed])

    now = played(broken_state)
    assert changed(played(state), now) == due
    assert now == pytest.approx(dict(broken.outputs), rel=1e-12)


def test_factors_in_the_wrong_place_are_printed_and_computed_and_played():
    """The general proof knows shapes alone, where a sign changes nothing: here two factors change places."""
    wrong = GeneralFormula(Delta(l - 1), H(l).T * W(l))
    bend, _, by_matrix, by_bias = formulas = general_formulas()
    right = nn.explore.general_proof(formulas)
    broken = nn.explore.general_proof([bend, wrong, by_matrix, by_bias])
    due = changed(right.outputs, broken.outputs)
    assert {"Delta1.fits", "Delta1.made.rows", "Delta2.fits"} <= due
    assert all(re.match(r"Delta\d\.", quantity) for quantity in due)

    (numbers, state), (broken_numbers, broken_state) = table(right), table(broken)
    assert changed(numbers, broken_numbers) == due & numbers.keys() != set()
    printed = {key for key, text in state["math"].items() if text != broken_state["math"][key]}
    assert printed
    assert all(key.startswith("Delta") for key in printed)
    now = played(broken_state)
    assert changed(played(state), now) == due
    assert now == pytest.approx(dict(broken.outputs), rel=1e-12)
