/* The general proof: every matrix of the network to scale, forward above and backward below it, and the induction step by
 * step. Sizes go in; every shape, whether two factors meet, and every count comes out of the program: none is made here. */

const FORWARD = ["W", "b", "Z", "A"], BACKWARD = ["dW", "db", "H", "Delta"];

/** The steps for this number of layers, from the output back: names of results, the base case first. */
const stepsFor = keptFor((layers) => counted(layers).reverse().flatMap((l) => [
  ...(l === layers ? [`base${l}`] : []), `H${l}`, `dW${l}`, `db${l}`, ...(l > 1 ? [`Delta${l - 1}`] : [])]));
const kindOf = (step) => step.replace(/\d+$/, ""), layerOf = (name) => Number(name.match(/\d+$/)[0]);
const resultOf = (step) => step.replace("base", "Delta");

/** What goes into a step, by the names of the map; 1_N and the slopes stand in no place of it. */
function factorsOf(step) {
  const l = layerOf(step);
  return { base: [`A${l}`], H: [`Delta${l}`, `Z${l}`], dW: [`H${l}`, `A${l - 1}`], db: [`H${l}`], Delta: [`W${l + 1}`, `H${l + 1}`] }[kindOf(step)];
}

const hueOf = (name) => (/^(d[Wb]|H|Delta)\d/.test(name) ? "grad" : "value");
/** A rectangle whose sides are those of a matrix, an em for each of its rows and columns. */
function box(name, props = {}) {
  const root = h("span", { class: "gp-box", "aria-hidden": "true", ...props }), were = {};
  const paint = (values) => Object.entries({ height: "rows", width: "columns" }).forEach(([side, count]) => {
    const many = values[`${name}.${count}`];
    if (many !== were[side]) root.style[side] = `${were[side] = many}em`;  // what stays costs no layout
  });
  return { root, paint };
}

// ---------- the map ----------

/** One matrix of the map: a rectangle to scale, its letter, its shape. */
function block(stage, name) {
  const [rows, columns] = ["rows", "columns"].map((side) =>
    stage.bind(`${name}.${side}`, shownNumber({ output: `${name}.${side}`, digits: 0, look: "" })));
  const drawn = box(name);
  stage.onPaint(drawn.paint);
  return h("figure", { class: `gp-block is-${hueOf(name)}`, "data-block": name }, h("div", { class: "gp-place" }, drawn.root),
    h("figcaption", {}, equation(stage.model, name), h("span", {}, rows.root, "\u200a×\u200a", columns.root)));
}

function layerColumn(stage, l) {
  const row = (stems) => h("div", { class: "gp-row" }, ...stems.map((stem) => block(stage, `${stem}${l}`)));
  const count = (way, sign) => {
    const name = `${way}${l}.multiplications`;
    return h("span", { title: `multiplications ${way} in layer ${l}` }, `${sign} `, stage.bind(name, shownNumber({ output: name, digits: 0 })).root);
  };
  return h("li", { class: "gp-layer" }, h("h4", {}, `Layer ${l}`), row(FORWARD), row(BACKWARD),
    count("forward", "→"), " ", count("backward", "←"));
}

function map(stage) {
  const layers = stage.model.get("ranges").L[1];
  const columns = counted(layers).map((l) => layerColumn(stage, l));
  const input = h("li", { class: "gp-layer" }, h("h4", {}, "Input"), h("div", { class: "gp-row" }, block(stage, "A0")));
  const root = h("ol", { class: "gp-map", "aria-label": "All matrices, to scale, layer by layer" }, input, ...columns);
  const blocks = [...root.querySelectorAll(".gp-block")];
  root.addEventListener("click", (event) => {                         // by key: the slider of the steps
    const name = event.target.closest(".gp-block")?.dataset.block, { steps } = placeOf(stage, stage.model.get("inputs"));
    const n = steps.findIndex((step) => resultOf(step) === name);
    if (n >= 0) stage.see({ step: n + 1 });
  });
  stage.onPaint((values) => {
    const { steps, at, step } = placeOf(stage, values), result = resultOf(step), factors = factorsOf(step);
    const due = new Set(steps.slice(at + 1).map(resultOf));
    writeAttribute(root, "data-layers", values.L);
    columns.forEach((column, k) => writeOff(column, k >= values.L));
    blocks.forEach((part) => {
      const name = part.dataset.block;
      part.toggleAttribute("data-due", due.has(name));
      writeAttribute(part, "data-role", name === result ? "result" : factors.includes(name) ? "factor" : null);
      writeAttribute(part, "aria-current", name === result ? "step" : null);
    });
  });
  return h("div", { class: "gp-room" }, root);
}

// ---------- the walk ----------

/** The steps, and where the reader stands among them; with fewer layers there are fewer steps. */
function placeOf(stage, values) {
  const steps = stepsFor(values.L), at = Math.min(stage.model.get("view").step, steps.length) - 1;
  return { steps, at, step: steps[at] };
}

/** From the output back, by button, by slider, by arrow keys, or by itself. */
function walk(stage) {
  let steps = stepsFor(1);
  const control = stepper({
    first: 1, count: 1, perSecond: 1, onStep: (n) => stage.see({ step: n }),
    words: (n) => `${n} of ${steps.length}, layer ${layerOf(steps[n - 1])}`,
  });
  stage.onPaint((values) => {
    const place = placeOf(stage, values);
    steps = place.steps;
    control.set(place.at + 1, steps.length);
  });
  const go = (by) => {
    const { at } = placeOf(stage, stage.model.get("inputs"));
    control.stop();
    stage.see({ step: clamp(at + 1 + by, 1, steps.length) });
  };
  return { go, root: control.root };
}

// ---------- the scene: one product ----------

/** A rectangle with its sizes at its edges; `inner` names the edges that have to meet the neighbour's. */
function big(model, name, caption, hue, inner = [], none = false) {
  const drawn = box(name, { "data-none": none });
  const sizes = { columns: "gp-top", rows: "gp-left" };
  const edges = Object.entries(sizes).map(([side, place]) => {
    const output = `${name}.${side}`, part = shownNumber({ output, digits: 0, look: `gp-size ${place}` });
    part.root.toggleAttribute("data-inner", inner.includes(side));
    return { root: part.root, paint: (values) => part.set(values[output]) };
  });
  return {
    root: h("figure", { class: `gp-big is-${hue}` }, ...edges.map((edge) => edge.root), drawn.root,
      h("figcaption", {}, equation(model, caption))),
    paint: (values) => [...edges, drawn].forEach((part) => part.paint(values)),
  };
}

const EXPLAINED = {
  base: "The base case: one derivative for each number that the last layer puts out.",
  H: "Through the activation, entry by entry.",
  dW: "The weights: errors times what the layer was fed with, summed over the data points.",
  db: "The bias: the column of ones sums over the data points.",
  Delta: "The induction step: back through the weights, transposed.",
};
/** The colours of left factor, right factor and result. */
const HUES = { base: ["value", "", "grad"], H: ["grad", "plain", "grad"], dW: ["grad", "value", "grad"], db: ["grad", "plain", "grad"], Delta: ["value", "grad", "grad"] };
const shapeText = (values, name) => `${values[`${name}.rows`]}\u00a0×\u00a0${values[`${name}.columns`]}`;

/** Whether it fits, in words, and whether that is good news. */
function spokenVerdict(values, step, variant) {
  const factors = ["left", "right"].map((side) => shapeText(values, `${step}.${side}`));
  const by = kindOf(step) === "H" ? "⊙" : "times", both = factors.join(` ${by} `), slip = variant !== "as-proved";
  const inner = [values[`${step}.left.columns`], values[`${step}.right.rows`]];
  const made = shapeText(values, `${step}.made`), due = shapeText(values, resultOf(step));
  if (!values[`${step}.meets`]) {
    return by === "⊙" ? [false, `${both}: the shapes differ.`, " Entry by entry there is nothing to multiply."]
      : [false, `${both}: ${inner.join(" ≠ ")}.`, " There is no such product: the shapes catch the slip."];
  }
  if (!values[`${step}.fits`]) {
    return [false, `${both} is ${made}, not ${due}.`, ` The product exists, by accident (${inner.join(" = ")}); its shape catches the slip.`];
  }
  if (slip && !values[`${step}.harmless`]) {
    return [false, `${both} is ${made}: the shapes fit by accident; the numbers are wrong.`, " No shape catches this slip. Only a proof or a numeric check does."];
  }
  if (slip && by === "⊙" && variant === "swapped") return [true, `${both} is ${made}.`, " Entry by entry the factors may change places: this is no slip."];
  if (slip) return [true, `${both} is ${made}.`, " What was turned is 1 × 1 here, its own transpose: this once the slip does no harm."];
  return by === "⊙" ? [true, `${both} is ${made}:`, " equal shapes, and they stay."]
    : [true, `${both} is ${made}:`, ` ${inner.join("\u00a0=\u00a0")}, the inner sizes meet; the outer ones stay.`];
}

/** The equation as proved, or what the slip makes of it. */
function written(model, values, step, variant) {
  if (variant === "as-proved" || kindOf(step) === "base") return [equation(model, `${step}.step`)];
  const sign = values[`${step}.harmless`] ? "=" : "≠";
  return [h("span", {}, equation(model, resultOf(step)), ` ${sign} `, equation(model, `${step}.${variant}`))];
}

/** A sign or a word between two rectangles. */
const between = (...kids) => ({ root: h("span", { class: "gp-between" }, ...kids), paint() {} });

/** Whether the inner sizes meet, and which they are. */
function meeting(step, meets, fine) {
  const entrywise = kindOf(step) === "H", inner = h("b");
  const mark = fine ? "✓" : meets ? "?" : "✗";
  const root = h("span", { class: `gp-between ${fine ? "gp-yes" : "gp-no"}` }, entrywise ? "⊙" : h("span", { class: "gp-word" }, "times"), inner);
  return { root, paint(values) {
    const sizes = [values[`${step}.left.columns`], values[`${step}.right.rows`]];
    writeText(inner, `${mark} ${entrywise ? (meets ? "equal" : "differ") : sizes.join(meets ? " = " : " ≠ ")}`);
  } };
}

/** The parts of one step: left factor, right factor, what they make, and what was due where that is something else. */
function drawnStep(model, values, step, variant) {
  const kind = kindOf(step), [left, right, made] = HUES[kind];
  const result = (part, hue, none) => big(model, `${step}.${part}`, resultOf(step), hue, [], none);
  if (kind === "base") return [big(model, `${step}.left`, `A${layerOf(step)}`, left), between("→"), result("made", made)];
  const hues = variant === "swapped" ? [right, left] : [left, right];
  const [meets, fits, harmless] = ["meets", "fits", "harmless"].map((how) => values[`${step}.${how}`]);
  const edges = kind === "H" ? [["rows", "columns"], ["rows", "columns"]] : [["columns"], ["rows"]];
  const [first, second] = ["left", "right"].map((side, k) =>
    big(model, `${step}.${side}`, `${step}.${variant}.${side}`, hues[k], edges[k]));
  const fine = variant === "as-proved" || harmless, due = result("due", made, true);
  const product = big(model, `${step}.made`, fits ? resultOf(step) : "", fine ? made : "no");
  const end = !meets ? [between("≠"), due] : fits ? [between(fine ? "=" : "≠"), fine ? product : due]
    : [between("="), product, between("≠"), due];
  return [first, meeting(step, meets, fine), second, ...end];
}

/** How the products are written: right, or with one of two slips. */
function choice({ model, program, change, onPaint }) {
  const options = Object.keys(program.variants).reverse();           // Python's last one is where a figure starts
  const products = segmented({ input: "products", legend: "Products", options, onInput: (variant) => change({}, variant) });
  products.root.querySelectorAll("span").forEach((label) => {
    label.textContent = label.dataset.text = label.textContent.replace("-", " ");
  });
  onPaint(() => products.set(model.get("variant")));
  return products.root;
}

function scene(stage, go) {
  const equations = h("div", { class: "gp-written" }), proof = h("div"), products = choice(stage);
  const head = h("div", { class: "gp-head" }, equations, proof, products), picture = h("div", { class: "gp-scene" });
  const said = h("p", { class: "gp-said" }), aloud = announcer();
  const root = h("div", { class: "gp-step", tabindex: "0", role: "group", "aria-label": "One step; arrow keys go on and back",
    "data-lm-suppress-shortcuts": "true" }, head, picture, said, aloud.root);
  root.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.target.closest("input")) return;                // radios have arrow keys of their own
    event.preventDefault();
    go(by);
  });
  let parts = [], before = "", told = "";
  /** Anew only where the step, the slip or what becomes of it is another; else the numbers alone change. */
  const draw = (values, step, variant) => {
    const now = [step, variant, ...["meets", "fits", "harmless"].map((how) => values[`${step}.${how}`])].join();
    if (now === before) return;
    before = now;
    root.dataset.step = step;
    equations.replaceChildren(...written(stage.model, values, step, variant));
    const claim = variant === "as-proved" || kindOf(step) === "base" ? stage.model.get("badges")?.[kindOf(step)] : null;
    proof.replaceChildren(badge(claim) ?? "");                       // no badge beside a slip
    parts = drawnStep(stage.model, values, step, variant);
    picture.replaceChildren(...parts.map((part) => part.root));
  };
  stage.onPaint((values) => {
    const { step } = placeOf(stage, values), variant = stage.model.get("variant");
    draw(values, step, variant);
    parts.forEach((part) => part.paint(values));
    const [good, verdict, more] = kindOf(step) === "base" ? [true, "", ""] : spokenVerdict(values, step, variant);
    const words = [variant === "as-proved" || !verdict ? `${EXPLAINED[kindOf(step)]} ` : "", verdict, more];
    if (words.join() !== told) {
      told = words.join();
      said.className = `gp-said ${good ? "gp-yes" : "gp-no"}`;
      said.replaceChildren(words[0], h("b", {}, verdict), more);
    }
    aloud.set(`Layer ${layerOf(step)}. ${said.textContent}`);
  });
  return root;
}

// ---------- the card ----------

const sizeSymbol = (l) => mathml("math", mathml("msub", mathml("mi", "S"), mathml("mn", l)));

function sizes(stage) {
  const sliders = stage.program.inputs.map((name) => {
    const part = stage.slider(name, "plain"), layer = name.match(/^S(\d)$/)?.[1];
    if (layer) part.root.querySelector("label").replaceChildren(sizeSymbol(layer));
    if (layer) stage.onPaint((values) => writeOff(part.root, layer > values.L));
    return part.root;
  });
  return h("div", { class: "gp-sizes", role: "group", "aria-label": "Number of layers, data points and units" }, ...sliders);
}

function tools({ model, program, change }) {
  const random = makeRandom(2016), ranges = model.get("ranges");
  const anew = program.inputs.filter((name) => /^(N|S\d)$/.test(name));
  const shuffle = () => change(Object.fromEntries(anew.map((name) => [name, randomValue(ranges[name], random)])));
  const reset = () => change(...startOf(model));
  return [toolbar(button("Reset", reset), button("Random", shuffle))];
}

function counts(stage) {
  const number = (way) => stage.bind(`${way}.multiplications`, shownNumber({ output: `${way}.multiplications`, digits: 0 })).root;
  return h("p", { class: "gp-counts" }, h("span", {}, "Multiplications of numbers: → forward ", number("forward")),
    h("span", {}, "← backward ", number("backward")), h("span", {}, "dashed: not known yet"));
}

function experiments(stage) {
  const { change } = stage;
  const forget = () => {                                              // in the first carry; one layer has none
    const steps = stepsFor(stage.model.get("inputs").L);
    const step = steps.find((name) => kindOf(name) === "Delta") ?? steps.find((name) => kindOf(name) === "dW");
    change({}, "wrong-transpose", { step: steps.indexOf(step) + 1 });
  };
  const alike = stage.program.inputs.filter((name) => /^S\d$/.test(name));
  const same = () => change(Object.fromEntries(alike.map((name) => [name, 3])));
  const alone = () => change({ N: 1 });
  return tryThis("Walk through the steps: press Play, or hold an arrow key. Then ", experiment(forget, "forget the transpose"),
    " and make ", experiment(same, "all layers of size 3"), ": who notices? With ",
    experiment(alone, mathml("math", mathml("mi", "N"), mathml("mo", "="), mathml("mn", "1"))), " which shapes become columns?");
}

/** The table stands on the page already; it follows the numbers and the number of layers. */
function followOnPaper(stage, root) {
  const [cells, rows] = ["quantity", "layer"].map((what) => [...root.querySelectorAll(`.xp-static [data-${what}]`)]);
  cells.forEach((cell) => stage.bind(cell.dataset.quantity, { set(value) {
    writeText(cell, String(value));
    cell.setAttribute("data-value", value);
  } }));
  stage.onPaint((values) => rows.forEach((row) => writeHidden(row, row.dataset.layer > values.L)));
}

function generalProof({ model, root, program }) {
  const stage = makeStage({ model, program }), steps = walk(stage);
  card(root, model.get("title"), tools(stage), sizes(stage), map(stage), steps.root, scene(stage, steps.go), counts(stage), experiments(stage));
  root.querySelector(".xp-in").classList.add("xp-gp");
  followOnPaper(stage, root);
  return goLive(stage);
}
const view = generalProof;
