"""The modules of the figures compute no number that they show: all of them come from the compiled program.

``arithmetic.js`` parses each module, follows the figure's numbers through it, and lists what is calculated
from them. What remains are places in a picture, in the few functions named here; each entry says what for.
"""

import json
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from nnlib.explore import explorable
from nnlib.explore.explorable import module_text

NODE = compute_driver_executable()[0]  # the one that Playwright carries, with the parser that it has inside
ANALYSIS = Path(__file__).with_name("arithmetic.js")
FOLDER = Path(explorable.__file__).parent
FIGURES = sorted(file.stem for file in FOLDER.glob("*.js") if file.stem not in {"kit", "host"})
START = "\nconst program = {};\nmountExplorable({ model, el, view, program });\n"

KIT = {
    "fixed": "digits: the size of a number, and its sign apart",
    "short": "digits: whether a number is too small for fixed ones",
    "tint": "depth of a cell's colour",
    "fillTrack": "how far a slider's track is filled",
    "clamp": "the ends of a slider",
    "curvePlot": "places in the picture of a curve",
    "paperTable": "digits: whether a number is too small for four of them",
}
DRAWING = {
    "input_gradient": {
        "makeScale": "from the plane of the inputs to places in the picture, and back",
        "crossing": "where a line of equal height crosses the edges of a mesh",
        "contours": "which lines of equal height pass through a mesh",
        "landscape": "how strong a line is drawn",
        "arrow": "ends and head of the arrow",
        "movablePoint": "where an arrow key moves the point to",
    },
    "shared_weights": {"stackedCell": "where the bars of two shares begin and end"},
    "single_layer": {"gapBars": "lengths of bars on a logarithmic axis"},
    "training": {
        "lengthBars": "lengths of bars on a logarithmic axis",
        "diverged": "whether a curve has left its picture",
    },
}
LOGARITHMIC = {"gapBars", "lengthBars"}  # axes: what no other function may call, drawing or not


def calculated(modules):
    """What the analysis finds in each module."""
    command = [NODE, "--expose-internals", ANALYSIS]
    run = subprocess.run(command, input=json.dumps(modules), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


NEVER = {"a power", "code out of a text", "Math by another name", "eval by another name"}
OFTEN_HARMLESS = (
    "Math.abs",
    "Math.min",
    "Math.max",
    "Math.round",
    "Math.floor",
    "Math.ceil",
    "Math.hypot",
    "Math.atan2",
)


def forbidden(found, drawing):
    """Of what has been found, what stands in no drawing function, or may stand nowhere."""
    for one in found:
        within = set(one["within"])
        strong = one["what"] in NEVER or (
            one["what"] == "a function of Math" and not one["code"].startswith(OFTEN_HARMLESS)
        )
        if not within & (LOGARITHMIC if strong else set(drawing)):
            yield f"{one['what']}: {one['code']} in {' > '.join(one['within'])}"


@pytest.fixture(scope="module")
def found():
    modules = {name: module_text(name.replace("_", "-")) + START for name in FIGURES}
    modules["host"] = (FOLDER / "host.js").read_text(encoding="utf-8")
    return calculated(modules)


@pytest.mark.parametrize("name", [*FIGURES, "host"])
def test_the_module_calculates_nothing_but_places_in_its_picture(found, name):
    assert list(forbidden(found[name], KIT | DRAWING.get(name, {}))) == []


def test_no_function_is_excepted_without_need(found):
    """The lists of exceptions hold nothing that a module no longer does."""
    within = {name: {fn for one in found[name] for fn in one["within"]} for name in FIGURES}
    assert set(KIT) <= set.union(*within.values())
    assert {name: set(drawing) - within[name] for name, drawing in DRAWING.items() if name in within} == {
        name: set() for name in DRAWING if name in within
    }


# ---- the test itself: what somebody in a hurry might write ------------------------------------------------

VIEW = """
function hurried({ model, root, program }) {
  const stage = makeStage({ model, program }), shown = shownNumber({ output: "dW[1][1]" });
  %s
  return goLive(stage);
}
const view = hurried;
"""
PLANTED = {
    "a product of two numbers": 'stage.onPaint((values) => shown.set(values["delta[1]"] * values["x[1]"]));',
    "destructured names": """stage.onPaint(({ "delta[1]": d, ...others }) => {
        const { "x[1]": x } = others; shown.set(d * x); });""",
    "other names": """stage.onPaint((values) => { const v = values, n = "x[1]", k = v[n];
        shown.set(k / v.loss); });""",
    "a function of its own": """const times = (u, v) => u * v;
        stage.onPaint((values) => shown.set(times(values["delta[1]"], values["x[1]"])));""",
    "a list and map": """stage.onPaint((values) => {
        const error = ["a[1]", "a[2]"].map((n) => values[n]), target = ["y[1]", "y[2]"].map((n) => values[n]);
        shown.set(error.map((e, k) => e - target[k])[0]); });""",
    "a sum by reduce": """stage.onPaint((values) => shown.set(
        Object.values(values).reduce((sum, value) => sum + value, 0)));""",
    "a sum in a loop": """stage.onPaint((values) => { let sum = 0;
        for (const name of program.outputs) { sum += values[name]; } shown.set(sum); });""",
    "entries by pairs": """stage.onPaint((values) => {
        Object.entries(values).forEach(([, v]) => shown.set(v * 0.5)); });""",
    "relu by Math.max": 'stage.onPaint((values) => shown.set(Math.max(0, values["z[1]"])));',
    "relu by a choice": 'stage.onPaint(({ "z[1]": z }) => shown.set(z > 0 ? z : 0));',
    "a sign": 'stage.onPaint((values) => shown.set(-values["dW[1][1]"]));',
    "an exponential": "const squash = (z) => 1 / (1 + Math.exp(-z)); shown.set(squash(2));",
    "Math under another name": "const { exp } = Math; shown.set(exp(2));",
    "Math by a key": 'shown.set(Math["ta" + "nh"](2));',
    "a power": "const square = (e) => e ** 2; shown.set(square(3));",
    "what the slider holds": """root.addEventListener("input", (event) => {
        shown.set(event.target.valueAsNumber * 2); });""",
    "what the page shows": "stage.onPaint(() => shown.set(root.querySelector('output').dataset.value * 2));",
    "what is written on the page": "stage.onPaint(() => shown.set(Number(root.textContent) * 2));",
    "a text and back": "stage.onPaint((values) => shown.set(Number(`${values.loss}`) * 2));",
    "the inputs of the model": """const step = () => { const inputs = model.get("inputs");
        stage.change({ "W[1][1]": inputs["W[1][1]"] - 0.1 * inputs["x[1]"] }); };
        button("Step", step);""",
    "the program's own results": """const after = program.variants.sigmoid([1, 2]);
        shown.set(after[0] / 1e-6);""",
    "something kept for later": """let last = null;
        stage.onPaint((values) => { last = { ...values }; });
        button("Go", () => shown.set(last.loss * 2));""",
    "something kept in a map": """const kept = new Map();
        stage.onPaint((values) => kept.set("l", values.loss));
        button("Go", () => shown.set(kept.get("l") * 2));""",
    "a method": """const error = { of(a, y) { return a - y; } };
        stage.onPaint((values) => shown.set(error.of(values["a[1]"], values["y[1]"])));""",
    "code out of a text": 'shown.set(new Function("return 2 * 3")());',
}  # fmt: skip
HARMLESS = {
    "numbers by name": 'stage.onPaint((values) => shown.set(values["dW[1][1]"]));',
    "places in a list": """const places = counted(4).map((k) => 10 * k + 3);
        stage.onPaint(() => { root.title = places[0] / 2; });""",
    "a text": 'stage.onPaint((values) => { root.title = "L = " + values.loss.toFixed(3) + "."; });',
    "a choice of colour": 'stage.onPaint((values) => { root.className = values.loss < 0 ? "down" : "up"; });',
}


@pytest.fixture(scope="module")
def planted():
    return calculated(
        {
            name: module_text("") + VIEW % code + START
            for name, code in (PLANTED | HARMLESS).items()
        }
    )  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found(planted, name):
    assert list(forbidden(planted[name], KIT))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_let_pass(planted, name):
    assert list(forbidden(planted[name], KIT)) == []


def test_a_drawing_function_may_not_squash():
    code = module_text("").replace(
        "const tint = (value, scale) =>", "const tint = (value, scale) => Math.tanh(value) *"
    )
    found = calculated({"kit": code + VIEW % "stage.cell('z[1]');" + START})["kit"]
    assert any("Math.tanh" in one for one in forbidden(found, KIT))
