import json
import re
import subprocess

import numpy as np
import pytest
import sympy as sp
from playwright._impl._driver import compute_driver_executable
from traitlets import TraitError

import nnlib as nn
from nnlib.explore.explorable import files, readable
from nnlib.symbolic import Letter, letters, partial, sigma, size
from tests.explore.by_nnlib import assert_agree, row_vectors

NODE = compute_driver_executable()[0]
LAYERS = (1, 2, 3)
L, x, y = letters("L x y", convention="row")
W, b, z, a, slope, delta = (
    [None, *letters(" ".join(f"{stem}{l}" for l in LAYERS), convention="row")]
    for stem in ("W", "b", "z", "a", "slope", "delta")
)
a[0], eta, p2 = x, Letter("eta", 1, 1), Letter("p2", size(1), size(2))
i, j = sp.symbols("i j", integer=True)


def formulas():
    loss = y(1) * sp.log(1 + sp.exp(-z[3](1))) + (1 - y(1)) * sp.log(1 + sp.exp(z[3](1)))
    errors = {3: nn.Formula(delta[3](j), (1 - y(j)) * a[3](j) - y(j) * sigma(-z[3](j)))}
    for l in (2, 1):
        back = nn.hadamard(delta[l + 1] * W[l + 1].T, sigma.prime(z[l]))
        errors[l] = nn.Formula(delta[l], back, given=[errors[l + 1]])
    made = [nn.Formula(L, loss), nn.Formula(p2(i, j), delta[2](j) * W[2](i, j), given=[errors[2]])]
    for l in LAYERS:
        given = [errors[l]]
        made += [
            nn.Formula(z[l], a[l - 1] * W[l] + b[l]), nn.Formula(a[l], sigma(z[l])), errors[l],
            nn.Formula(partial(L, W[l]), a[l - 1].T * delta[l], given=given),
            nn.Formula(partial(L, b[l]), delta[l], given=given),
            nn.Formula(Letter(f"newW{l}", *W[l].shape), W[l] - a[l - 1].T * eta * delta[l], given=given),
            nn.Formula(Letter(f"newb{l}", *b[l].shape), b[l] - eta * delta[l], given=given),
        ]  # fmt: skip
        if l < 3:
            made.append(nn.Formula(slope[l], sigma.prime(z[l])))
            made.append(nn.Formula(partial(L, a[l]), delta[l + 1] * W[l + 1].T, given=[errors[l + 1]]))
    return made


@pytest.fixture(scope="module")
def widget():
    return nn.explore.row_vectors(formulas())


def settings(count, names):
    """Anywhere near, and a few far out, where every sigmoid has arrived."""
    rng = np.random.default_rng(5)
    scales = [1.0] * count + [4.0] * 10
    for scale in scales:
        numbers = {name: scale * rng.uniform(-2, 2) for name in names}
        shrunk = {f"x[{k}]": numbers[f"x[{k}]"] / scale for k in range(1, 5)}
        yield numbers | shrunk | {"y[1]": rng.choice([0.0, rng.uniform(), 1.0]), "eta": rng.uniform(0, 5)}


def test_outputs_are_nnlibs_at_random_inputs(widget):
    assert len(widget.inputs) == 26 + 4 + 1 + 1
    for setting in settings(100, widget.inputs):
        widget.inputs = setting
        expected = row_vectors(widget.inputs)
        assert widget.outputs.keys() == expected.keys()
        assert_agree(widget.outputs, expected)


def test_every_shown_quantity_has_a_formula(widget):
    assert {name.split("[")[0] for name in widget.outputs} == set(widget.math)


def test_the_loss_is_right_at_the_end_of_every_slider(widget):
    for y_end, sign in ((0, 1), (1, 1), (0, -1), (1, -1)):
        far = {name: sign * limits[1] for name, limits in widget.ranges.items() if name[0] in "Wb"}
        widget.inputs = {**far, "y[1]": y_end}
        expected = row_vectors(widget.inputs)
        assert expected["loss"] > 0
        assert widget.outputs["loss"] == pytest.approx(expected["loss"], rel=1e-13)


def test_javascript_gives_the_numbers_of_python(widget):
    """Also far out: the program that the page runs, run by a JavaScript of our own."""
    (program,) = widget._programs.values()
    points = list(settings(10, program.inputs))
    rows = json.dumps([[point[name] for name in program.inputs] for point in points])
    script = f"console.log(JSON.stringify({rows}.map({program.js})))"
    found = json.loads(
        subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True).stdout
    )
    for point, row in zip(points, found, strict=True):
        assert_agree(dict(zip(program.outputs, row, strict=True)), row_vectors(point))


def test_steps_of_descent_are_nnlibs_gradient_descent(widget):
    widget.inputs = {**widget.start["inputs"], "eta": 0.7}
    start = dict(widget.inputs)
    for _ in range(5):
        widget.inputs = {name[3:]: value for name, value in widget.outputs.items() if name.startswith("new")}
    matrix = lambda stem, rows, columns: np.array(
        [[start[f"{stem}[{m + 1}][{n + 1}]"] for n in range(columns)] for m in range(rows)]
    )
    row = lambda stem, n: np.array([[start[f"{stem}[{k + 1}]"] for k in range(n)]])
    sizes = (4, 3, 2, 1)
    net = nn.Network(
        [
            nn.Dense(matrix(f"W{l}", sizes[l - 1], sizes[l]), row(f"b{l}", sizes[l]), nn.sigmoid)
            for l in LAYERS
        ],
        nn.cross_entropy,
        "row",
    )
    learned = nn.gradient_descent(net, row("x", 4), row("y", 1), rate=0.7, steps=5).network
    for l, layer in enumerate(learned.layers, start=1):
        for (m, n), value in np.ndenumerate(layer.W):
            assert widget.inputs[f"W{l}[{m + 1}][{n + 1}]"] == pytest.approx(value, rel=1e-12)


def test_any_of_the_26_parameters_can_be_chosen(widget):
    assert len(widget.views["chosen"]) == 26
    assert widget.view == {"chosen": "W1[1][1]"}
    widget.view = {"chosen": "b2[1]"}
    with pytest.raises(TraitError, match="chosen = 'x\\[1\\]' should be one of"):
        widget.view = {"chosen": "x[1]"}


def test_a_missing_formula_is_named():
    some = [formula for formula in formulas() if formula.name not in {"p2", "newb3"}]
    with pytest.raises(ValueError, match="formulas for newb3, p2 too"):
        nn.explore.row_vectors(some)


def test_the_static_table_has_the_same_numbers(widget):
    html = widget._repr_mimebundle_()[0]["text/html"]
    state = json.loads(re.search(r'class="xp-state">(.*?)</script>', html, re.S)[1])
    assert state["inputs"] == widget.inputs
    table = dict(re.findall(r'data-quantity="([^"]+)" data-value="([^"]+)"', html))
    assert {k: float(v) for k, v in table.items()} == {**widget.inputs, **widget.outputs}


def test_a_step_of_descent_is_readable():
    assert readable("eta") == "η"
    step = next(formula for formula in formulas() if formula.name == "newb2")
    assert step.latex == r"b_{\text{new}}^{(2)} = b^{(2)} - \eta \, \delta^{(2)}"


def test_the_module_computes_nothing_but_by_its_program():
    """Its arithmetic places things on the screen; no value is added to or multiplied with another."""
    code = (files("nnlib.explore") / "row_vectors.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)
    assert set(re.findall(r"Math\.(\w+)", code)) <= {"max"}  # the plot's scale
    assert not re.search(r"\bsigmoid\s*\(|\bexp\s*\(|\blog\s*\(", code)
    assert not re.search(r"\bvalues(?:\[[^\]]*\]+|\.\w+)\s*[*/+-]|[*/+-]\s*values[.\[]", code)
