/* Shared weights: one matrix of sliders, used in two lines forward. Backward each use leaves its share, one below the other,
 * and below these stands their sum, as in a written addition; in each of its entries the two shares lie end to end as bars. Every
 * number is an input or a result. */

const HALF_ROOM = 0.05;                                               // shares of this size together take half of a bar's room
/** An entry of the sum: its number, and below it its two shares from zero, to the right when positive. A line marks the sum. */
function stackedCell(stage, place) {
  const bars = ["is-direct", "is-indirect"].map((look) => h("i", { class: look })), sum = h("b");
  const name = `dW${place}`, text = document.createTextNode(""), room = h("span", { class: "xp-stack", "aria-hidden": "true" }, ...bars, sum);
  const root = h("button", { class: "xp-cell is-grad xp-stacked", type: "button", "data-output": name, "data-lm-suppress-shortcuts": "true" },
    h("span", { class: "xp-digits" }, text), room);
  const draw = (direct, indirect, whole) => {
    const unit = 50 / (Math.abs(direct) + Math.abs(indirect) + HALF_ROOM);   // never more than half of it to either side
    const lie = (bar, from, to) => {                                // cut out of a bar as wide as the room: costs no layout
      const [left, right] = [50 + unit * Math.min(from, to), 50 - unit * Math.max(from, to)];
      bar.style.clipPath = `inset(0 ${right.toFixed(2)}% 0 ${left.toFixed(2)}%)`;
      bar.toggleAttribute("data-negative", to < from);
    };
    const start = direct * indirect > 0 ? direct : 0;               // of one sign, the second goes on where the first ends
    lie(bars[0], 0, direct);
    lie(bars[1], start, start + indirect);
    sum.style.clipPath = `inset(0 ${(48.7 - unit * whole).toFixed(2)}% 0 ${(48.7 + unit * whole).toFixed(2)}%)`;
  };
  stage.onPaint((values) => {
    text.data = short(values[name]);
    root.dataset.value = values[name];
    root.setAttribute("aria-label", `${spoken(name)}: ${text.data}`);
    draw(values[`G2${place}`], values[`G1${place}`], values[name]);
  });
  return { root };
}

/** One 2-D array of parts for each matrix; W and b stand in the second use as copies with names of their own. */
function sharedParts(stage) {
  const sliders = (names, hue) => grid(names, (name) => stage.slider(name, hue));
  const cells = (names, look) => grid(names, (name) => stage.cell(name, look));
  const column = (letter) => entryNames(letter, 2), square = (letter) => entryNames(letter, 2, 2);
  const copies = (names, look = {}) => grid(names, (name) => stage.cell(name, { output: name.replace("[", "_again["), ...look }));
  const plain = { hue: "plain" }, gradient = { hue: "grad", scale: 0.12 }, two = { digits: 2 };
  const use = (t) => ({
    [`z${t}`]: cells(column(`z${t}`)), [`a${t}`]: cells(column(`a${t}`)), [`slope${t}`]: cells(column(`slope${t}`), plain),
    [`delta${t}`]: cells(column(`delta${t}`), gradient), [`G${t}`]: cells(square(`G${t}`), gradient),
  });
  const turned = (i, j) => stage.cell(`W[${j}][${i}]`, { output: `WT[${i}][${j}]`, ...two });
  return {
    ...use(1), ...use(2), W: sliders(square("W")), b: sliders(column("b")), x: sliders(column("x")), y: sliders(column("y"), "plain"),
    W2: copies(square("W"), two), b2: copies(column("b"), two), delta: copies(column("delta2"), gradient),
    WT: counted(2).map((i) => counted(2).map((j) => turned(i, j))),
    dW: counted(2).map((i) => counted(2).map((j) => stackedCell(stage, `[${i}][${j}]`))), db: cells(column("db"), gradient),
  };
}

/** Forward: the equations, then a line for each use; sliders in the first, what is used again in the second. */
function forward(stage, parts) {
  const loss = stage.bind("loss", shownNumber({ output: "loss", digits: 4 }));
  const end = h("span", { class: "xp-end" }, equation(stage.model, "loss"), " = ", loss.root);
  const line = (look, W, fed, b, z) => h("div", { class: `xp-line ${look}` }, W, term(fed, operator("+"), b, operator("="), z));
  const view = (name, look) => matrixView(parts[name], symbol(name), look);
  return [
    h("div", { class: "xp-eq is-value" }, h("b", {}, "Forward"), ...["z1", "z2", "a2"].map((name) => equation(stage.model, name)), end),
    line("forward", view("W", "sliders"), view("x", "column"), view("b", "column"), view("z1")),
    line("low", matrixView(parts.W2, symbol("W")), view("a1"), matrixView(parts.b2, symbol("b")), view("z2")),
  ];
}

/** Backward: a line for each use, the last one first; at its end the share that it leaves. */
function backward(stage, parts) {
  const proof = h("span", { class: "xp-end" }, badge(stage.model.get("badges")?.dW));
  const view = (name, look) => matrixView(parts[name], symbol(name), look);
  const ending = (t) => [term(operator(")"), operator("⊙"), view(`slope${t}`), operator("="), view(`delta${t}`)),
    h("div", { class: "xp-term xp-last" }, view(`G${t}`))];
  return [
    h("div", { class: "xp-eq is-grad" }, h("b", {}, "Backward"), ...["delta1", "G1", "dW"].map((name) => equation(stage.model, name)), proof),
    h("div", { class: "xp-line" }, term(operator("("), view("a2"), operator("−"), view("y", "column")), ...ending(2)),
    h("div", { class: "xp-line low" },
      term(operator("("), matrixView(parts.WT, transposed("W")), matrixView(parts.delta, symbol("delta2"))), ...ending(1)),
  ];
}

/** The chosen entry of ∂L/∂W, route by route: [label, left, right, their product], each number by its name. */
const routes = (i, j) => [
  ["direct", `delta2[${i}]`, `a1[${j}]`, `G2[${i}][${j}]`],
  ...counted(2).map((k) => [`via unit ${k}`, `W[${k}][${i}]`, `delta2[${k}]`, `p[${k}][${i}]`]),
  ["bend", `da1[${i}]`, `slope1[${i}]`, `delta1[${i}]`],
  ["indirect", `delta1[${i}]`, `x[${j}]`, `G1[${i}][${j}]`],
];
const hueOf = (name) => ({ W: "value", a: "value", x: "value", s: "plain" })[name[0]] ?? "grad";

function readOut(stage, parts) {
  const lines = routes(1, 1).map(([label, left, right], n) => {
    const chips = [left, right].map((name, side) => chip(hueOf(name), `route[${n + 1}][${side + 1}]`, hueOf(name) === "value" ? 2 : 3));
    const swatch = /direct/.test(label) ? [h("i", { class: `xp-share is-${label}` })] : [];
    return { label: h("span", { class: "xp-label" }, ...swatch, label), chips, result: shownNumber({ output: `route[${n + 1}][3]` }) };
  });
  const mark = (list, marked) => list.flat().forEach((part, n) => part.root.toggleAttribute("data-mark", marked(n)));
  chooseEntry(stage, parts.dW, (i, j, values) => {
    routes(i, j).forEach(([, left, right, result], n) => {
      [left, right].forEach((name, side) => lines[n].chips[side].set(name, values[name]));
      lines[n].result.set(values[result]);
    });
    const place = 2 * i + j - 3, isPlace = (n) => n === place;
    [parts.W, parts.G2, parts.G1].forEach((part) => mark(part, isPlace));
    mark(parts.WT, (n) => Math.floor(n / 2) === i - 1);              // row i of the transpose: column i of W
    [parts.x, parts.a1].forEach((part) => mark(part, (n) => n === j - 1));
    [parts.delta1, parts.delta2, parts.slope1].forEach((part) => mark(part, (n) => n === i - 1));
  });
  return h("div", { class: "xp-read xp-paths" }, ...lines.flatMap(({ label, chips: [left, right], result }) =>
    [label, left.root, h("span", {}, "×"), right.root, h("span", {}, "="), result.root]));
}

/** Below: the routes of the chosen entry, and the sum of the shares. */
const below = (stage, parts) => h("div", { class: "xp-below" }, readOut(stage, parts),
  h("div", { class: "xp-sums" }, matrixView(parts.dW, symbol("dW"), "stacks"), matrixView(parts.db, symbol("db"), "flat top")));

/** Feed nothing, or let nothing through. */
function experiments(stage) {
  const zero = (letter) => () => stage.change(Object.fromEntries(
    stage.program.inputs.filter((name) => name.startsWith(`${letter}[`)).map((name) => [name, 0])));
  return tryThis("Choose an entry of ", symbol("dW"), ". Then set ",
    experiment(zero("x"), symbol("x"), " = 0"), " or ", experiment(zero("W"), symbol("W"), " = 0"), ": which share is left?");
}

function sharedWeights({ model, root, program }) {
  const stage = makeStage({ model, program }), parts = sharedParts(stage);
  root.style.setProperty("--units", 2);
  root.style.setProperty("--fan-in", 2);
  card(root, model.get("title"), variantTools(stage),
    ...forward(stage, parts), ...backward(stage, parts), below(stage, parts), experiments(stage), key());
  root.querySelector(".xp-in").classList.add("compact");
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  paperTable(stage, root, title, [...program.inputs, ...program.outputs]);
  return goLive(stage);
}
const view = sharedWeights;
