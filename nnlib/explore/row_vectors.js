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

// ---------- the diagram ----------

const COLUMNS = [28, 148, 278, 398], HALF = { 0: 26, unit: 40 }, HEIGHT = 310;
/** Centre of unit k of layer l; layer 0 is the input. */
const place = (l, k) => ({ x: COLUMNS[l], y: 24 + ((HEIGHT - 24) * (k - 0.5)) / SIZES[l] - (l === 3 ? 24 : 0) });
const halfWidth = (l) => (l === 0 ? HALF[0] : HALF.unit);

/** A number in the drawing, behind the letter that says what it is. */
function drawnNumber(stage, output, letter, x, y, hue, digits) {
  const root = svg("text", { x, y, class: `is-${hue}`, "data-output": output });
  return stage.bind(output, { root, set(value) { root.textContent = `${letter}${short(value, digits)}`; root.dataset.value = value; } });
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
  const parameters = LAYERS.flatMap((l) => [...weightNames(l).flat(), ...biasNames(l).flat()]);
  const edges = parameters.filter((name) => name.startsWith("W")).map((name) => drawnParameter(name, onChoose));
  const biases = parameters.filter((name) => name.startsWith("b")).map((name) => drawnParameter(name, onChoose));
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
  return { root, light: (name) => light([...edges, ...biases], units, name) };
}

function shownLoss(x, y) {
  const root = svg("text", { x, y, class: "is-value", "data-output": "loss" });
  return { root, set(value) { root.textContent = `L ${short(value, 4)}`; root.dataset.value = value; } };
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
  const box = h("input", { type: "number", inputmode: "decimal", min, max, step, "data-input": name, ...NATIVE });
  const change = (value) => stage.change({ [name]: Number(clamp(value, min, max).toFixed(digits)) });
  box.addEventListener("focus", () => onChoose(name));
  box.addEventListener("input", () => { if (box.valueAsNumber >= min && box.valueAsNumber <= max) change(box.valueAsNumber); });
  box.addEventListener("change", () => {
    if (Number.isNaN(box.valueAsNumber)) paintBox(stage.model.get("inputs")[name]);
    else { change(box.valueAsNumber); paintBox(stage.model.get("inputs")[name]); }
  });
  const paintBox = (value) => { box.value = value.toFixed(digits); };
  stage.bind(name, { set(value) {
    box.dataset.value = value;
    box.style.setProperty("--tint", `${tint(value, 1).toFixed(1)}%`);
    box.toggleAttribute("data-negative", value < 0);
    if (box.value === "" || Number(box.valueAsNumber.toFixed(digits)) !== Number(value.toFixed(digits))) paintBox(value);
  } });
  const gradient = stage.cell(`d${name}`, { hue: "grad", scale: 0.12 });
  return { name, root: h("div", { class: "xp-param" },
    h("label", {}, h("span", { class: "xp-unseen" }, symbol(name)), box), gradient.root) };
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

/** The slider of the chosen parameter: the same quantity as its box. */
function chosenSlider(stage) {
  const id = uniqueId(), label = h("label", { for: id, id: `${id}-name` });
  const range = h("input", { type: "range", id, ...NATIVE });
  let name;
  range.addEventListener("input", () => stage.change({ [name]: range.valueAsNumber }));
  const set = (value) => {
    range.value = value;
    fillTrack(range, Number(range.min), Number(range.max));
  };
  return {
    root: h("div", { class: "xp-chosen is-value" }, label, range),
    choose(chosen) {
      name = chosen;
      const [min, max, step] = stage.model.get("ranges")[name];
      Object.entries({ min, max, step, "data-input": name }).forEach(([key, value]) => range.setAttribute(key, value));
      label.replaceChildren(symbol(name));
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

/** What a step makes of every parameter, by its own name. */
const stepped = (stage, values) => Object.fromEntries(Object.entries(values)
  .filter(([name]) => name.startsWith("new")).map(([name, value]) => [name.slice(3), value])
  .map(([name, value]) => [name, clamp(value, ...stage.model.get("ranges")[name].slice(0, 2))]));

/** The loss after each step, drawn as a line. A reader who moves anything but the rate begins a new one. */
function descent(stage) {
  const plot = curvePlot({ across: "step", up: "loss" });
  const number = (output, digits) => shownNumber({ output, digits, look: "" }), label = h("span");
  const steps = number("steps", 0), first = number("loss_first", 4), last = number("loss_now", 4), next = number("next", 3);
  let losses = [], settled = "", chosen;
  const setting = ({ inputs }) => JSON.stringify({ ...inputs, eta: 0 });
  const descend = (count) => {
    let inputs = stage.model.get("inputs"), values = evaluate(stage.program, inputs, stage.model.get("variant"));
    counted(count).forEach(() => {
      inputs = { ...inputs, ...stepped(stage, values) };
      values = evaluate(stage.program, inputs, stage.model.get("variant"));
      losses.push(values.loss);
    });
    settled = setting({ inputs });
    stage.change(inputs);
  };
  const draw = () => {
    plot.set(losses.map((loss, n) => [n, loss]));
    [[steps, losses.length - 1], [first, losses[0]], [last, losses.at(-1)]].forEach(([part, value]) => part.set(value));
  };
  const paint = (values) => {
    const now = setting({ inputs: stage.model.get("inputs") });
    if (now !== settled) losses = [values.loss];
    settled = now;
    next.set(values[`new${chosen}`]);
    draw();
  };
  return {
    root: h("div", { class: "xp-descent" },
      h("div", {}, "Loss after ", steps.root, " steps: ", first.root, " → ", last.root), plot.root,
      h("div", { class: "xp-tools" }, button("One step", () => descend(1)), button("25 steps", () => descend(25))),
      h("div", { class: "xp-hint" }, label, " = ", next.root)),
    choose(name) {
      chosen = name;
      label.replaceChildren("next: ", symbol(name), " − ", symbol("eta"), " · ", symbol(`d${name}`));
    },
    paint, descend,
  };
}

// ---------- the card ----------

/** Reset, and random parameters and inputs near zero; the rate and the target's range stay what they are. */
function tools({ model, program, change }) {
  const random = makeRandom(2016);
  const near = (name) => (name === "y[1]" ? model.get("ranges")[name] : [-2, 2, 0.01]);
  const shuffle = () => change(Object.fromEntries(program.inputs.filter((name) => name !== "eta")
    .map((name) => [name, randomValue(near(name), random)])));
  return [toolbar(button("Reset", () => change(model.get("start").inputs)), button("Random", shuffle))];
}

/** Cut one of the two paths of the first unit, then let the network learn. */
function experiments(stage, choose, descend) {
  const cut = () => { choose("W1[1][1]"); stage.change({ "W2[1][2]": 0 }); };
  return tryThis("Choose a parameter: click an edge, a dot (a bias) or a number. From layer 1 two paths lead to the loss: ",
    experiment(cut, "cut one, ", symbol("W2[1][2]"), " = 0"), ". Then take ", experiment(() => descend(25), "25 steps"),
    ". What becomes of the weight that you cut?");
}

function rowVectors({ model, root, program }) {
  const stage = makeStage({ model, program });
  let chosen;
  const choose = (name) => {
    if (name === chosen) return;
    chosen = name;
    [slider, chained, steps].forEach((part) => part.choose(name));
    net.light(name);
    boxes.mark(name);
    stage.paint();
  };
  const net = diagram(stage, (name) => choose(name)), boxes = parameterBoxes(stage, (name) => choose(name));
  const slider = chosenSlider(stage), chained = readOut(stage), steps = descent(stage);
  [slider, chained, steps].forEach((part) => stage.onPaint(part.paint));
  const inputs = [...counted(4).map((k) => stage.slider(`x[${k}]`)), stage.slider("y[1]", "plain"), stage.slider("eta", "plain")];
  root.style.setProperty("--units", 1);
  root.style.setProperty("--fan-in", 4);
  card(root, model.get("title"), tools(stage),
    h("div", { class: "xp-inputs" }, ...inputs.map((part) => part.root)),
    h("div", { class: "xp-whole" }, net.root, boxes.root),
    h("div", { class: "xp-whole" }, h("div", { class: "xp-one" }, slider.root, chained.root), steps.root),
    experiments(stage, choose, steps.descend), key());
  root.querySelector(".xp-in").classList.add("compact", "xp-rows");
  choose("W1[1][1]");
  stage.onPaint(paperTable(root, () => model.get("title"), [...program.inputs, ...program.outputs]));
  return goLive(stage);
}
const view = rowVectors;
