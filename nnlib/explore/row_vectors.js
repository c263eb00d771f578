/* Row vectors: a network with 4, 3, 2 and 1 units, whole. The diagram shows forward and backward values; beside it stand all
 * parameters, each with its gradient below. The chosen one has its paths to the loss lit and its chain of factors written
 * out. A step of gradient descent puts in the program's own results (newW1, newb1, ...): nothing is computed here. */

const SIZES = [4, 3, 2, 1], LAYERS = [1, 2, 3];
/** W2[3][1]: layer 2, from unit 3 to unit 1. A bias comes from no unit. */
function parameter(name) {
  const [layer, ...index] = indicesOf(name);
  return { name, layer, from: index.length > 1 ? index[0] : 0, to: index.at(-1) };
}
/** The parameters of a layer as the text arranges them: W is S_{l-1} x S_l, b is 1 x S_l. */
const weightNames = (l) => entryNames(`W${l}`, SIZES[l - 1], SIZES[l]);
const biasNames = (l) => [counted(SIZES[l]).map((j) => `b${l}[${j}]`)];

const PARAMETERS = LAYERS.flatMap((l) => [...weightNames(l).flat(), ...biasNames(l).flat()]);

// ---------- the diagram ----------

const COLUMNS = [28, 148, 278, 398], HALF = { 0: 26, unit: 40 }, HEIGHT = 310;
/** Centre of unit k of layer l; layer 0 is the input. */
const place = (l, k) => ({ x: COLUMNS[l], y: 24 + ((HEIGHT - 24) * (k - 0.5)) / SIZES[l] - (l === 3 ? 24 : 0) });
const halfWidth = (l) => (l === 0 ? HALF[0] : HALF.unit);

/** A number in the drawing, behind the letter that says what it is. */
function drawnNumber(stage, output, letter, x, y, hue, digits) {
  const root = svg("text", { x, y, class: `is-${hue}`, "data-output": output });
  const set = (value) => {
    writeText(root, `${letter}${short(value, digits)}`);
    root.setAttribute("data-value", value);
  };
  return stage.bind(output, { root, set });
}

/** One unit: its z and a in blue, its δ in orange below them; an input has its value only. */
function drawnUnit(stage, l, k) {
  const { x, y } = place(l, k), at = `[${k}]`, high = l === 0 ? 13 : 27;
  const lines = l === 0 ? [["x", "", 5, "value"]]
    : [[`z${l}`, "z ", -11, "value"], [`a${l}`, "a ", 5, "value"], [`delta${l}`, "δ ", 21, "grad"]];
  return svg("g", { class: "xp-unit", "data-unit": `${l}:${k}` },
    svg("rect", { x: x - halfWidth(l), y: y - high, width: 2 * halfWidth(l), height: 2 * high, rx: 6 }),
    ...lines.map(([name, letter, dy, hue]) => drawnNumber(stage, `${name}${at}`, letter, x, y + dy, hue, l ? 3 : 2).root));
}

/** A weight is an edge, a bias a dot at its unit's corner; wider, unseen copies on top take the pointer. */
function drawnParameter(name, onChoose) {
  const { layer, from, to } = parameter(name), end = place(layer, to), half = halfWidth(layer);
  const props = { "data-parameter": name, onclick: () => onChoose(name) };
  if (!from) {
    const spot = { cx: end.x - half + 3, cy: end.y - 27 + 3 };
    return svg("g", { class: "xp-bias", ...props },
      svg("circle", { ...spot, r: 4 }), svg("circle", { ...spot, r: 11, class: "xp-hit" }));
  }
  const start = place(layer - 1, from);
  const ends = { x1: start.x + halfWidth(layer - 1), y1: start.y, x2: end.x - half, y2: end.y };
  return svg("g", { class: "xp-edge", ...props }, svg("line", ends), svg("line", { ...ends, class: "xp-hit" }));
}

/** The whole network, with the loss below the output. `light(name)` shows the paths of one parameter. */
function diagram(stage, onChoose) {
  const edges = PARAMETERS.filter((name) => name.startsWith("W")).map((name) => drawnParameter(name, onChoose));
  const biases = PARAMETERS.filter((name) => name.startsWith("b")).map((name) => drawnParameter(name, onChoose));
  const units = SIZES.flatMap((n, l) => counted(n).map((k) => drawnUnit(stage, l, k)));
  const out = place(3, 1), bottom = out.y + 88;
  const heads = SIZES.map((n, l) => svg("text", { x: COLUMNS[l], y: 12, class: "xp-col" },
    `${l ? `layer ${l}` : "x"}: 1×${n}`));
  const loss = stage.bind("loss", shownLoss(out.x, bottom + 5));
  const toLoss = svg("g", { class: "xp-edge", "data-path": "" }, svg("line", { x1: out.x, y1: out.y + 27, x2: out.x, y2: bottom - 14 }));
  const root = svg("svg", { viewBox: `0 0 440 ${HEIGHT}`, class: "xp-net", role: "img",
    "aria-label": "The network: four inputs, three units, two units, one output, and the loss" },
  ...heads, ...edges, toLoss, ...units, ...biases,
  svg("rect", { x: out.x - 38, y: bottom - 14, width: 76, height: 28, rx: 14, class: "xp-loss" }), loss.root);
  return { root: h("div", { class: "xp-drawn" }, root), light: (name) => light([...edges, ...biases], units, name) };
}

function shownLoss(x, y) {
  const root = svg("text", { x, y, class: "is-value", "data-output": "loss" });
  return { root, set(value) { writeText(root, `L ${short(value, 4)}`); root.setAttribute("data-value", value); } };
}

/** The chosen parameter, every edge from its unit on to the output, and every unit on the way. */
function light(drawn, units, name) {
  const { layer, from, to } = parameter(name);
  const reached = (l, k) => l > layer || (l === layer && k === to);
  drawn.forEach((node) => {
    const own = parameter(node.dataset.parameter);
    node.toggleAttribute("data-chosen", own.name === name);
    node.toggleAttribute("data-path", own.from > 0 && own.layer > layer && reached(own.layer - 1, own.from));
  });
  units.forEach((node) => {
    const [l, k] = node.dataset.unit.split(":").map(Number);
    node.toggleAttribute("data-path", reached(l, k));
    node.toggleAttribute("data-fed", l === layer - 1 && k === from);
  });
}

// ---------- the parameters ----------

/** A number box with its gradient below. To focus it is to choose it. */
function parameterBox(stage, name, onChoose) {
  const [min, max, step] = stage.model.get("ranges")[name], digits = decimals(step);
  const box = h("input", { type: "number", inputmode: "decimal", min, max, step, "data-input": name,
    "aria-label": spoken(name), ...NATIVE });
  const change = (value) => stage.change({ [name]: Number(clamp(value, min, max).toFixed(digits)) });
  box.addEventListener("focus", () => onChoose(name));
  box.addEventListener("input", () => { if (box.valueAsNumber >= min && box.valueAsNumber <= max) change(box.valueAsNumber); });
  box.addEventListener("change", () => {
    if (Number.isNaN(box.valueAsNumber)) paintBox(stage.model.get("inputs")[name]);
    else { change(box.valueAsNumber); paintBox(stage.model.get("inputs")[name]); }
  });
  const paintBox = (value) => { box.value = value.toFixed(digits); };
  const deep = tinted();
  stage.bind(name, { set(value) {
    box.setAttribute("data-value", value);
    deep.set(value, 1);
    if (box.value === "" || Number(box.valueAsNumber.toFixed(digits)) !== Number(value.toFixed(digits))) paintBox(value);
  } });
  const gradient = stage.cell(`d${name}`, { hue: "grad", scale: 0.12 });
  return { name, root: h("div", { class: "xp-param" },
    h("label", { class: "is-value" }, h("span", { class: "xp-unseen" }, symbol(name)), deep.root, box), gradient.root) };
}

/** For each layer W as the text has it, and b below it. */
function parameterBoxes(stage, onChoose) {
  const parts = LAYERS.map((l) => [weightNames(l), biasNames(l)].map((names) =>
    grid(names, (name) => parameterBox(stage, name, onChoose))));
  const root = h("div", { class: "xp-params" }, ...parts.map(([weights, biases], n) => h("div", {},
    matrixView(weights, symbol(`W${n + 1}`), "boxes"), matrixView(biases, symbol(`b${n + 1}`), "boxes"))));
  const all = parts.flat(3);
  return { root, mark: (name) => all.forEach((part) => part.root.toggleAttribute("data-chosen", part.name === name)) };
}

/** W⁽¹⁾₁₂, for a list, which shows plain text only. */
function plainly(name) {
  const { letter, layer, indices } = namedParts(name), put = (digits, signs) => [...digits].map((digit) => signs[digit]).join("");
  return `${letter}⁽${put(layer, "⁰¹²³⁴⁵⁶⁷⁸⁹")}⁾${put(indices, "₀₁₂₃₄₅₆₇₈₉")}`;
}

/** A list of all parameters, and the slider of the chosen one: the same quantity as its box. */
function chosenSlider(stage, onChoose) {
  const list = h("select", { "data-input": "chosen", "aria-label": "Chosen parameter", ...NATIVE, onchange: () => onChoose(list.value) },
    ...PARAMETERS.map((name) => h("option", { value: name }, plainly(name))));
  const range = h("input", { type: "range", ...NATIVE });
  let name;
  range.addEventListener("input", () => stage.change({ [name]: range.valueAsNumber }));
  const set = (value) => {
    if (range.valueAsNumber !== value) range.value = value;
    fillTrack(range, Number(range.min), Number(range.max));
  };
  return {
    root: h("div", { class: "xp-chosen is-value" }, list, kept("rail", range)),
    choose(chosen) {
      name = list.value = chosen;
      const [min, max, step] = stage.model.get("ranges")[name];
      Object.entries({ min, max, step, "data-input": name, "aria-label": spoken(name) }).forEach(([key, value]) => range.setAttribute(key, value));
    },
    paint: (values) => set(values[name]),
  };
}

// ---------- its chain of factors ----------

/** The lines of ∂L/∂(parameter): from the loss back to it. Each is a label, two factors with a sign, and what they make. */
function chain({ name, layer, from, to }) {
  const j = `[${to}]`, lines = [];
  if (layer === 3) lines.push([symbol("delta3[1]"), ["value", "a3[1]"], "−", ["plain", "y[1]"], "delta3[1]"]);
  if (layer === 2) lines.push(["path 1", ["grad", "delta3[1]"], "×", ["value", `W3${j}[1]`], `da2${j}`]);
  if (layer === 1) counted(2).forEach((k) =>
    lines.push([`path ${k}`, ["grad", `delta2[${k}]`], "×", ["value", `W2${j}[${k}]`], `p2${j}[${k}]`]));
  if (layer < 3) lines.push([symbol(`delta${layer}${j}`), ["grad", `da${layer}${j}`], "×", ["plain", `slope${layer}${j}`], `delta${layer}${j}`]);
  const fed = layer === 1 ? `x[${from}]` : `a${layer - 1}[${from}]`;
  const last = from ? [["value", fed], "×", ["grad", `delta${layer}${j}`]] : [null, "", ["grad", `delta${layer}${j}`]];
  return [...lines, [symbol(`d${name}`), ...last, `d${name}`]];
}

/** The chain with its numbers; drawn anew for each choice, painted at each change. */
function readOut(stage) {
  const body = h("div", { class: "xp-paths" }), formula = h("div", { class: "xp-eq is-grad" });
  let painters = [];
  const factor = (part, output) => {
    if (!part) return h("span");
    const [hue, quantity] = part, made = chip(hue, output);
    painters.push((values) => made.set(quantity, values[quantity]));
    return made.root;
  };
  const line = ([label, left, sign, right, result], n) => {
    const number = shownNumber({ output: `chain_result[${n + 1}]` });
    painters.push((values) => number.set(values[result]));
    return [h("span", { class: "xp-label" }, label), factor(left, `chain_left[${n + 1}]`), h("span", {}, sign),
      factor(right, `chain_right[${n + 1}]`), h("span", {}, "="), number.root];
  };
  const key = (name) => `d${name.split("[")[0]}`;
  return {
    root: h("div", { class: "xp-read" }, formula, body),
    choose(name) {
      painters = [];
      body.replaceChildren(...chain(parameter(name)).flatMap(line));
      const proof = badge(stage.model.get("badges")?.[key(name)]);
      formula.replaceChildren(equation(stage.model, key(name)), h("span", { class: "xp-end" }, proof ?? ""));
    },
    paint: (values) => painters.forEach((painter) => painter(values)),
  };
}

// ---------- gradient descent ----------

/** What a step makes of every parameter, by its own name; and those that would leave their range, which stop at its end. */
function stepFrom(stage, values) {
  const inputs = {}, stopped = [];
  PARAMETERS.forEach((name) => {
    const [min, max] = stage.model.get("ranges")[name], anew = values[`new${name}`];
    inputs[name] = clamp(anew, min, max);
    if (inputs[name] !== anew) stopped.push(name);
  });
  return { inputs, stopped };
}

/** After many steps every second point is left out: what is drawn, and what is kept, stays small. */
const thinned = (points) => (points.length <= 400 ? points : points.filter((point, k) => k % 2 === 0 || k === points.length - 1));

/** What went wrong with the last step, in words; [] if nothing did. */
function warning(stage, stopped, before, after) {
  if (stopped.length > 0) {
    const [min, max] = stage.model.get("ranges")[stopped[0]], more = stopped.length > 1 ? ` and ${stopped.length - 1} more have` : " has";
    return [symbol(stopped[0]), `${more} run to the end of the range, ${fixed(min, 0)} to ${max}, and can go no further. Try a smaller `, symbol("eta"), "."];
  }
  return after > before ? ["The loss has risen: here ", symbol("eta"), " is too large."] : [];
}

/** Descent by the program's own steps. The loss after each is drawn as a line; who moves anything but the rate begins a new one. */
function descent(stage) {
  const { model, program } = stage, plot = curvePlot({ across: "step", up: "loss" });
  const number = (output, digits) => shownNumber({ output, digits, look: "" }), label = h("span");
  const steps = number("steps", 0), first = number("loss_first", 4), last = number("loss_now", 4), next = number("next", 3);
  const foretold = h("span", {}, label, " = ", next.root), note = h("div", { class: "xp-hint" }, foretold);
  let points = [], settled = {}, chosen;
  const descend = (count) => {
    let inputs = model.get("inputs"), values = evaluate(program, inputs, model.get("variant")), stopped = [], said = [];
    for (let n = 0; n < count && stopped.length === 0; n += 1) {
      const before = values.loss, step = stepFrom(stage, values);
      ({ stopped } = step);
      inputs = { ...inputs, ...step.inputs };
      values = evaluate(program, inputs, model.get("variant"));
      points = thinned([...points, [points.at(-1)[0] + 1, values.loss]]);
      said = warning(stage, stopped, before, values.loss);
    }
    settled = inputs;
    note.replaceChildren(...(said.length ? said : [foretold]));
    note.toggleAttribute("data-warns", said.length > 0);
    stage.change(inputs);
    return stopped.length === 0;
  };
  const playing = player({ perSecond: 8, tick: () => descend(1), atOnce: 25 });
  const by = (count) => () => { playing.stop(); descend(count); };
  const paint = (values) => {
    const now = model.get("inputs");
    if (!sameSetting(now, settled, ["eta"])) {
      points = [[0, values.loss]];
      if (note.firstChild !== foretold) note.replaceChildren(foretold);
      note.removeAttribute("data-warns");
    }
    settled = now;
    next.set(values[`new${chosen}`]);
    plot.set(points);
    [[steps, points.at(-1)[0]], [first, points[0][1]], [last, points.at(-1)[1]]].forEach(([part, value]) => part.set(value));
  };
  return {
    root: h("div", { class: "xp-descent" },
      h("div", { class: "xp-losses" }, "Step ", steps.root, ": ", h("span", { class: "is-value" }, first.root, " → ", last.root)), plot.root,
      h("div", { class: "xp-tools" }, playing.root, button("One step", by(1)), button("25 steps", by(25))), note),
    choose(name) {
      chosen = name;
      label.replaceChildren("next: ", symbol(name), " − ", symbol("eta"), " · ", symbol(`d${name}`));
    },
    paint, by, stop: playing.stop,
    said: () => `Loss ${last.root.textContent} after step ${steps.root.textContent}.${note.hasAttribute("data-warns") ? ` ${note.textContent}` : ""}`,
  };
}

// ---------- the card ----------

/** Reset, and random parameters and inputs near zero; the rate and the target's range stay what they are. */
function tools({ model, program, change }, stop) {
  const random = makeRandom(2016);
  const near = (name) => (name === "y[1]" ? model.get("ranges")[name] : [-2, 2, 0.01]);
  const shuffle = () => change(Object.fromEntries(program.inputs.filter((name) => name !== "eta")
    .map((name) => [name, randomValue(near(name), random)])));
  const reset = () => { stop(); change(...startOf(model)); };
  return [toolbar(button("Reset", reset), button("Random", shuffle))];
}

/** Cut one of the two paths of the first unit, then let the network learn. */
function experiments(stage, steps) {
  const cut = () => { steps.stop(); stage.change({ "W2[1][2]": 0 }, stage.model.get("variant"), { chosen: "W1[1][1]" }); };
  return tryThis("Choose a parameter: click an edge, a dot (a bias) or a number. From layer 1 two paths lead to the loss: ",
    experiment(cut, "cut one, ", symbol("W2[1][2]"), " = 0"), ". Then take ", experiment(steps.by(25), "25 steps"),
    ". What becomes of the weight that you cut?");
}

/** The model's choice, shown by every part that has one; said aloud when it rests. */
function followChoice(stage, parts) {
  let shown;
  stage.onPaint(() => {
    const { chosen } = stage.model.get("view");
    if (chosen === shown) return;
    shown = chosen;
    parts.forEach((show) => show(chosen));
  });
}

function rowVectors({ model, root, program }) {
  const stage = makeStage({ model, program }), said = announcer();
  const choose = (name) => { if (name !== model.get("view").chosen) stage.see({ chosen: name }); };
  const net = diagram(stage, choose), boxes = parameterBoxes(stage, choose);
  const slider = chosenSlider(stage, choose), chained = readOut(stage), steps = descent(stage);
  followChoice(stage, [net.light, boxes.mark, slider.choose, chained.choose, steps.choose]);
  [slider, chained, steps].forEach((part) => stage.onPaint(part.paint));
  stage.onPaint((values) => {
    const gradient = `d${model.get("view").chosen}`;
    said.set(`${spoken(gradient)} is ${short(values[gradient])}. ${steps.said()}`);
  });
  const inputs = [...counted(4).map((k) => stage.slider(`x[${k}]`)), stage.slider("y[1]", "plain"), stage.slider("eta", "plain")];
  root.style.setProperty("--units", 1);
  root.style.setProperty("--fan-in", 4);
  card(root, model.get("title"), tools(stage, steps.stop),
    h("div", { class: "xp-inputs" }, ...inputs.map((part) => part.root)),
    h("div", { class: "xp-whole" }, net.root, boxes.root),
    h("div", { class: "xp-whole" }, h("div", { class: "xp-one" }, slider.root, chained.root), steps.root),
    experiments(stage, steps), key(), said.root);
  root.querySelector(".xp-in").classList.add("compact", "xp-rows");
  paperTable(stage, root, () => model.get("title"), [...program.inputs, ...program.outputs]);
  const stop = goLive(stage);
  return () => { steps.stop(); stop(); };
}
const view = rowVectors;
