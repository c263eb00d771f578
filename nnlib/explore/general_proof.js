/* The general proof: every matrix of the network to scale, forward above and backward below it, and the induction step by
 * step. Sizes go in; every shape, whether two factors meet, and every count comes out of the program: none is made here. */

const STYLE = `
.xp-gp { --u: clamp(4.2px, calc((100cqw - 42px - 48px * var(--layers)) / (18 * var(--layers) + 6)), 7px); }
.xp-gp [hidden] { display: none; }
.xp-gp .xp-seg legend { position: absolute; clip-path: inset(50%); }
.xp .is-no { --hue: var(--xp-refuted); }
.xp-gp .xp-slider { grid-template: 26px 22px / 1fr auto; padding: 0 2px; }
.xp-gp .xp-slider input[type=number] { width: 4.2ch; padding: 0 4px; }
.gp-sizes { display: grid; grid-template-columns: repeat(auto-fill, minmax(72px, 1fr)); gap: 2px 6px; margin-top: 8px; }
.gp-map { display: flex; flex-wrap: wrap; gap: 8px 4px; justify-content: space-between; margin: 8px 0 4px; padding: 0; list-style: none; }
.gp-layer { margin: 0; padding: 0; text-align: center; font-size: 12px; color: var(--xp-muted); }
.gp-layer h4 { margin: 0; font: 600 12px/18px var(--xp-sans); color: var(--xp-ink); }
.gp-row { display: flex; justify-content: center; gap: clamp(3px, calc((5 - var(--layers)) * 3px), 6px); }
.xp .gp-block { display: grid; grid-template-rows: calc(6 * var(--u) + 7px) auto; justify-items: center; align-items: center; min-width: 27px;
  margin: 0; padding: 1px 0; color: var(--xp-ink); }
.gp-block.wide { min-width: calc(6 * var(--u) + 2px); }
.xp .gp-block figcaption { margin: 0; padding: 0; font: 11px/15px var(--xp-sans); color: inherit; text-align: center; white-space: nowrap; }
.gp-block figcaption > span { display: block; color: var(--xp-muted); }
.gp-block figcaption > .xp-math { display: grid; place-items: center; min-height: 20px; color: inherit; }
.gp-block.is-grad figcaption > .xp-math { min-height: 28px; }
.gp-block mfrac { font-size: .94em; }
.gp-box { display: block; box-sizing: content-box; width: calc(var(--c) * var(--u)); height: calc(var(--r) * var(--u)); border: 1.5px solid var(--hue);
  background: repeating-linear-gradient(90deg, transparent 0 calc(var(--u) - 1px), var(--net) calc(var(--u) - 1px) var(--u)),
    repeating-linear-gradient(transparent 0 calc(var(--u) - 1px), var(--net) calc(var(--u) - 1px) var(--u)),
    color-mix(in srgb, var(--hue) 24%, transparent);
  --net: color-mix(in srgb, var(--hue) 34%, transparent); }
.gp-block[data-due] .gp-box, .gp-box[data-none] { border-style: dashed; background: none; }
.gp-block[data-role=factor] .gp-box { box-shadow: 0 0 0 2px var(--xp-surface), 0 0 0 3.5px var(--hue); }
.gp-block[data-role=result] .gp-box { box-shadow: 0 0 0 2px var(--xp-surface), 0 0 0 4.5px var(--xp-ink); }
.gp-walk { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; margin-top: 8px; font-size: 13px; }
.gp-walk [aria-disabled=true] { opacity: .5; cursor: default; }
.gp-walk .xp-slider { flex: 1 1 120px; display: flex; gap: 8px; }
.gp-walk .xp-slider input[type=range] { min-width: 60px; }
.gp-step { margin-top: 6px; padding: 8px 12px; border: 1px solid var(--xp-line); border-radius: 6px; background: var(--xp-page); --u: 16px; }
.gp-head { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 2px 14px; min-height: 34px; }
.gp-written { flex: 1 0 auto; white-space: nowrap; }
.gp-written .xp-math { font-size: 16px; }
.gp-head .xp-seg span { padding-inline: 8px; }
.gp-scene { display: flex; flex-wrap: wrap; align-items: center; justify-content: safe center; gap: 4px 10px; min-height: 150px; }
.xp .gp-big { display: grid; grid-template: auto 1fr auto / auto 1fr; justify-items: center; align-items: center; gap: 1px 3px; margin: 0; padding: 0; border: 0; }
.gp-big .gp-top { grid-area: 1 / 2; }
.gp-big .gp-left { grid-area: 2 / 1; }
.gp-big .gp-box { grid-area: 2 / 2; }
.xp .gp-big figcaption { grid-area: 3 / 2; margin: 0; padding: 0; color: inherit; }
.gp-size { min-width: 19px; padding: 0 4px; border: 1.5px solid transparent; border-radius: 9px; font: 13px/17px var(--xp-sans); text-align: center; }
.gp-size[data-inner] { border-color: var(--hue); font-weight: 700; }
.gp-yes { --hue: var(--xp-proved); }
.gp-no { --hue: var(--xp-refuted); }
.gp-between { display: grid; justify-items: center; gap: 3px; font: 20px var(--xp-math); }
.gp-word { font: 13px var(--xp-sans); color: var(--xp-muted); }
.gp-between b { padding: 0 6px; border-radius: 9px; box-shadow: inset 0 0 0 1.5px var(--hue); color: var(--hue);
  font: 700 13px/20px var(--xp-sans); white-space: nowrap; }
.xp .gp-said { margin: 2px 0 0; min-height: 40px; }
.gp-said b { color: var(--hue); font-weight: 650; }
.xp .gp-counts { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 4px 0 0; font-size: 13px; color: var(--xp-muted); }
.gp-counts .xp-num { min-width: 4ch; color: var(--xp-ink); }
.gp-layer .xp-num { min-width: 0; }
.xp-gp .xp-try { margin-top: 8px; line-height: 1.6; }
@container (max-width: 640px) {
  .xp-gp { --u: clamp(4.2px, calc((100cqw - 142px) / 36), 5.5px); }
  .gp-row { gap: 2px; }
  .gp-sizes { grid-template-columns: repeat(4, 1fr); }
  .xp-gp .xp-slider { grid-template: 28px 28px / 1fr auto; }
  .xp-gp .xp-slider input[type=number] { width: 34px; }
  .gp-head .xp-seg span { padding-inline: 5px; font-size: 12px; white-space: nowrap; }
  .gp-map { justify-content: start; gap: 10px 12px; }
  .gp-walk { gap: 6px; }
  .gp-walk .xp-slider { flex-basis: 60px; gap: 4px; }
  .gp-walk .xp-slider input[type=range] { min-width: 20px; }
  .xp-gp .xp-title { font-size: 16px; }
  .xp-gp .xp-btn { padding-inline: 7px; }
  .gp-step { --u: clamp(6.5px, calc((100cqw - 236px) / 18), 16px); padding: 8px; }
  .gp-scene { gap: 4px 3px; min-height: 130px; }
  .gp-between b { padding: 0 4px; font-size: 12px; }
  .gp-said { min-height: 80px; }
}`;

const FORWARD = ["W", "b", "Z", "A"], BACKWARD = ["dW", "db", "H", "Delta"];

/** The steps for this number of layers, from the output back: names of results, the base case first. */
const stepsFor = (layers) => counted(layers).reverse().flatMap((l) => [
  ...(l === layers ? [`base${l}`] : []), `H${l}`, `dW${l}`, `db${l}`, ...(l > 1 ? [`Delta${l - 1}`] : [])]);
const kindOf = (step) => step.replace(/\d+$/, ""), layerOf = (name) => Number(name.match(/\d+$/)[0]);
const resultOf = (step) => step.replace("base", "Delta");

/** What goes into a step, by the names of the map; 1_N and the slopes stand in no place of it. */
function factorsOf(step) {
  const l = layerOf(step);
  return { base: [`A${l}`], H: [`Delta${l}`, `Z${l}`], dW: [`H${l}`, `A${l - 1}`], db: [`H${l}`], Delta: [`W${l + 1}`, `H${l + 1}`] }[kindOf(step)];
}

const hueOf = (name) => (/^(d[Wb]|H|Delta)\d/.test(name) ? "grad" : "value");
/** A quantity that is shown now and bound to nothing: the scene is drawn anew at every change. */
function shown(values, output, look = "") {
  const part = shownNumber({ output, digits: 0, look });
  part.set(values[output]);
  return part.root;
}
const box = (rows, columns, props = {}) => h("span", { class: "gp-box", style: `--r:${rows};--c:${columns}`, "aria-hidden": "true", ...props });

// ---------- the map ----------

/** One matrix of the map: a rectangle to scale, its letter, its shape. */
function block(stage, name) {
  const [rows, columns] = ["rows", "columns"].map((side) =>
    stage.bind(`${name}.${side}`, shownNumber({ output: `${name}.${side}`, digits: 0, look: "" })));
  const drawn = box(1, 1);
  stage.onPaint((values) => {
    drawn.style.setProperty("--r", values[`${name}.rows`]);
    drawn.style.setProperty("--c", values[`${name}.columns`]);
  });
  const wide = /^d?b/.test(name) ? "" : "wide";
  return h("figure", { class: `gp-block ${wide} is-${hueOf(name)}`, "data-block": name }, drawn,
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
  stage.onPaint((values) => {
    columns.forEach((column, k) => { column.hidden = k >= values.L; });
    const { steps, at } = placeOf(values), step = steps[at];
    const due = new Set(steps.slice(at + 1).map(resultOf));
    blocks.forEach((part) => {
      const name = part.dataset.block;
      const role = name === resultOf(step) ? "result" : factorsOf(step).includes(name) ? "factor" : "";
      part.toggleAttribute("data-due", due.has(name));
      if (role) part.dataset.role = role; else delete part.dataset.role;
      if (role === "result") part.setAttribute("aria-current", "step"); else part.removeAttribute("aria-current");
    });
  });
  return root;
}

// ---------- the walk ----------

/** The steps, and where the reader stands among them; with fewer layers there are fewer steps. */
function placeOf(values) {
  const steps = stepsFor(values.L);
  return { steps, at: Math.min(values.step, steps.length) - 1 };
}

function walk(stage) {
  const go = (by) => {
    const values = stage.model.get("inputs"), { steps, at } = placeOf(values);
    stage.change({ step: clamp(at + 1 + by, 1, steps.length) });
  };
  const back = button("◀ Back", () => go(-1)), on = button("Next ▶", () => go(1));
  const place = stage.slider("step", "plain");
  place.root.querySelector("label").textContent = "Step";
  const of = h("span", {}, "of ", stage.bind("steps", shownNumber({ output: "steps", digits: 0, look: "" })).root);
  stage.onPaint((values) => {
    const { steps, at } = placeOf(values);
    place.root.querySelectorAll("input").forEach((control) => { control.max = steps.length; });
    place.set(at + 1);
    fillTrack(place.root.querySelector("[type=range]"), 1, steps.length);
    back.setAttribute("aria-disabled", at === 0);                   // still a place for the focus
    on.setAttribute("aria-disabled", at === steps.length - 1);
  });
  return { go, root: h("div", { class: "gp-walk", role: "group", "aria-label": "Steps of the induction" }, back, place.root, of, on) };
}

// ---------- the scene: one product ----------

/** A rectangle with its sizes at its edges; `inner` names the edges that have to meet the neighbour's. */
function big(stage, values, name, caption, hue, inner = [], none = false) {
  const [rows, columns] = [values[`${name}.rows`], values[`${name}.columns`]];
  const size = (side, place) => {
    const root = shown(values, `${name}.${side}`, `gp-size ${place}`);
    root.toggleAttribute("data-inner", inner.includes(side));
    return root;
  };
  return h("figure", { class: `gp-big is-${hue}` }, size("columns", "gp-top"), size("rows", "gp-left"),
    box(rows, columns, { "data-none": none }), h("figcaption", {}, equation(stage.model, caption)));
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

/** The equation as-proved, or what the slip makes of it. */
function written(stage, values, step, variant) {
  const { model } = stage;
  if (variant === "as-proved" || kindOf(step) === "base") return [equation(model, `${step}.step`)];
  const sign = values[`${step}.harmless`] ? "=" : "≠";
  return [h("span", {}, equation(model, resultOf(step)), ` ${sign} `, equation(model, `${step}.${variant}`))];
}

function drawn(stage, values, step, variant) {
  const kind = kindOf(step), [left, right, made] = HUES[kind];
  const result = (part, hue, none) => big(stage, values, `${step}.${part}`, resultOf(step), hue, [], none);
  const sign = (text) => h("span", { class: "gp-between" }, text);
  if (kind === "base") return [big(stage, values, `${step}.left`, `A${layerOf(step)}`, left), sign("→"), result("made", made)];
  const swapped = variant === "swapped", hues = swapped ? [right, left] : [left, right];
  const meets = values[`${step}.meets`], all = ["rows", "columns"], entrywise = kind === "H";
  const factor = (side, k, inner) => big(stage, values, `${step}.${side}`, `${step}.${variant}.${side}`, hues[k], entrywise ? all : [inner]);
  const fine = variant === "as-proved" || values[`${step}.harmless`];
  const inner = entrywise ? (meets ? "equal" : "differ")
    : [values[`${step}.left.columns`], values[`${step}.right.rows`]].join(meets ? " = " : " ≠ ");
  const between = h("span", { class: `gp-between ${fine ? "gp-yes" : "gp-no"}` },
    entrywise ? "⊙" : h("span", { class: "gp-word" }, "times"),
    h("b", {}, `${fine ? "✓" : meets ? "?" : "✗"} ${inner}`));
  const due = result("due", made, true);
  const product = big(stage, values, `${step}.made`, values[`${step}.fits`] ? resultOf(step) : "", fine ? made : "no");
  const end = !meets ? [sign("≠"), due] : values[`${step}.fits`] ? [sign(fine ? "=" : "≠"), fine ? product : due]
    : [sign("="), product, sign("≠"), due];
  return [factor("left", 0, "columns"), between, factor("right", 1, "rows"), ...end];
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
  const said = h("p", { class: "gp-said", role: "status" });
  const root = h("div", { class: "gp-step", tabindex: "0", role: "group", "aria-label": "One step; arrow keys go on and back",
    "data-lm-suppress-shortcuts": "true" }, head, picture, said);
  root.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.target.closest("input")) return;                // radios have arrow keys of their own
    event.preventDefault();
    go(by);
  });
  stage.onPaint((values) => {
    const { steps, at } = placeOf(values), step = steps[at], variant = stage.model.get("variant");
    root.dataset.step = step;
    equations.replaceChildren(...written(stage, values, step, variant));
    const claim = variant === "as-proved" || kindOf(step) === "base" ? stage.model.get("badges")?.[kindOf(step)] : null;
    proof.replaceChildren(badge(claim) ?? "");                       // no badge beside a slip
    picture.replaceChildren(...drawn(stage, values, step, variant));
    const [good, verdict, more] = kindOf(step) === "base" ? [true, "", ""] : spokenVerdict(values, step, variant);
    said.className = `gp-said ${good ? "gp-yes" : "gp-no"}`;
    said.replaceChildren(...(variant === "as-proved" || !verdict ? [EXPLAINED[kindOf(step)], " "] : []), h("b", {}, verdict), more);
  });
  return root;
}

// ---------- the card ----------

const sizeSymbol = (l) => mathml("math", mathml("msub", mathml("mi", "S"), mathml("mn", l)));

function sizes(stage) {
  const names = stage.program.inputs.filter((name) => name !== "step");
  const sliders = names.map((name) => {
    const part = stage.slider(name, "plain"), layer = name.match(/^S(\d)$/)?.[1];
    if (layer) part.root.querySelector("label").replaceChildren(sizeSymbol(layer));
    if (layer) stage.onPaint((values) => { part.root.hidden = layer > values.L; });
    return part.root;
  });
  return h("div", { class: "gp-sizes", role: "group", "aria-label": "Number of layers, data points and units" }, ...sliders);
}

function tools({ model, program, change }) {
  const random = makeRandom(2016), ranges = model.get("ranges");
  const anew = program.inputs.filter((name) => /^(N|S\d)$/.test(name));
  const shuffle = () => change(Object.fromEntries(anew.map((name) => [name, randomValue(ranges[name], random)])));
  const reset = () => change(model.get("start").inputs, model.get("start").variant);
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
    change({ step: steps.indexOf(step) + 1 }, "wrong-transpose");
  };
  const alike = stage.program.inputs.filter((name) => /^S\d$/.test(name));
  const same = () => change(Object.fromEntries(alike.map((name) => [name, 3])));
  const alone = () => change({ N: 1 });
  return tryThis("Walk through the steps with the arrow keys. Then ", experiment(forget, "forget the transpose"),
    " and make ", experiment(same, "all layers of size 3"), ": who notices? With ",
    experiment(alone, mathml("math", mathml("mi", "N"), mathml("mo", "="), mathml("mn", "1"))), " which shapes become columns?");
}

/** The table stands on the page already; it follows the numbers and the number of layers. */
function followOnPaper(stage, root) {
  stage.onPaint((values) => {
    root.querySelectorAll(".xp-static [data-quantity]").forEach((cell) => {
      cell.textContent = values[cell.dataset.quantity];
      cell.dataset.value = values[cell.dataset.quantity];
    });
    root.querySelectorAll(".xp-static [data-layer]").forEach((row) => { row.hidden = row.dataset.layer > values.L; });
  });
}

function generalProof({ model, root, program }) {
  const stage = makeStage({ model, program }), steps = walk(stage);
  stage.onPaint((values) => root.style.setProperty("--layers", values.L));
  card(root, model.get("title"), tools(stage), sizes(stage), map(stage), steps.root, scene(stage, steps.go), counts(stage), experiments(stage));
  root.querySelector(".xp-in").classList.add("xp-gp");
  root.querySelector(".xp-in").prepend(h("style", {}, STYLE));
  followOnPaper(stage, root);
  return goLive(stage);
}
const view = generalProof;
