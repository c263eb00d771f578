/* The gradient by the input: the output as lines of equal height over the plane of two inputs, the gradient as an arrow at a
 * point that can be moved, and beside it the product of matrices that the arrow is. Every height is a call of the program;
 * what is computed here are places in the picture. */

const MAP = { side: 342, margin: 10, marks: 36, arrow: 1.2, fine: 10, apart: { sigmoid: 0.05, tanh: 0.1 } };
const LEVELS = Array.from({ length: 39 }, (_, n) => n - 19);
const apart = (stage) => MAP.apart[stage.model.get("variant")] ?? 0.1;

/** Between the plane of the inputs and the picture: x₁ to the right, x₂ up. */
function makeScale([min, max, step]) {
  const room = MAP.side - 2 * MAP.margin, span = max - min;
  const onGrid = (value) => Number(clamp(value, min, max).toFixed(decimals(step)));
  return {
    across: (x1) => MAP.margin + ((x1 - min) / span) * room,
    down: (x2) => MAP.side - MAP.margin - ((x2 - min) / span) * room,
    back: (u, v) => [u, MAP.side - v].map((place) => onGrid(min + ((place - MAP.margin) / room) * span)),
    marks: Array.from({ length: MAP.marks + 1 }, (_, n) => min + (n / MAP.marks) * span),
    onGrid,
  };
}

/** The output at every crossing of a fine net, row by row, by the program for the output alone. */
function heights({ model, program }, marks) {
  const run = program.heights[model.get("variant")], [across, down] = ["x[1]", "x[2]"].map((name) => program.inputs.indexOf(name));
  const values = program.inputs.map((name) => model.get("inputs")[name]);
  return marks.map((x2) => {
    values[down] = x2;
    return marks.map((x1) => {
      values[across] = x1;
      return run(values)[0];
    });
  });
}

/** Adds the piece of the line of one height that passes through one mesh; its corners are [place, place, height] in turn. */
function crossing(pieces, corners, level) {
  let started = false;
  for (let n = 0; n < 4; n += 1) {
    const [u, v, height] = corners[n], [u2, v2, next] = corners[(n + 1) % 4];
    if ((height < level) !== (next < level)) {
      const part = (level - height) / (next - height);
      pieces.push(started ? "L" : "M", Math.round(MAP.fine * (u + part * (u2 - u))), " ", Math.round(MAP.fine * (v + part * (v2 - v))));
      started = !started;
    }
  }
}

/** The lines of equal height as paths, lowest first: mesh by mesh, and in each mesh only the levels that pass through it. */
function contours(net, step, { marks, across, down }) {
  const lines = LEVELS.map(() => []), places = [marks.map(across), marks.map(down)], lowest = LEVELS[0];
  for (let n = 0; n + 1 < marks.length; n += 1) {
    for (let m = 0; m + 1 < marks.length; m += 1) {
      const [a, b, c, d] = [net[n][m], net[n][m + 1], net[n + 1][m + 1], net[n + 1][m]];
      const last = Math.floor(Math.max(a, b, c, d) / step);
      let level = Math.ceil(Math.min(a, b, c, d) / step);
      if (level > last) continue;
      const [left, right, top, bottom] = [places[0][m], places[0][m + 1], places[1][n], places[1][n + 1]];
      const corners = [[left, top, a], [right, top, b], [right, bottom, c], [left, bottom, d]];
      for (; level <= last; level += 1) if (lines[level - lowest]) crossing(lines[level - lowest], corners, level * step);
    }
  }
  return lines.map((pieces) => pieces.join(""));
}

/** The lines, equally far apart in height; the higher the stronger, and dashed below zero. */
function landscape(stage, scale) {
  const lines = LEVELS.map((n) => svg("path", {
    "stroke-opacity": 0.65 + 0.035 * clamp(n, -9, 9), "stroke-width": MAP.fine * (n === 0 ? 2.2 : 1.2), "stroke-dasharray": n < 0 ? "40 30" : "none",
  }));
  const layer = svg("g", { class: "ig-lines", transform: `scale(${1 / MAP.fine})` }, ...lines);
  let before = {};
  stage.onPaint(() => {
    const now = { ...stage.model.get("inputs"), variant: stage.model.get("variant") };
    if (sameSetting(now, before, ["x[1]", "x[2]"])) return;         // only the point has moved
    before = now;
    contours(heights(stage, scale.marks), apart(stage), scale).forEach((path, k) => lines[k].setAttribute("d", path));
  });
  return layer;
}

/** The gradient, from the point on; its length on the plane is 1.2 times its own. */
function arrow(stage, scale) {
  const line = svg("path"), head = svg("path", { d: "M8 0L-5 -6L-5 6z" });
  stage.onPaint(({ "x[1]": x1, "x[2]": x2, "g[1]": g1, "g[2]": g2 }) => {
    const [u, v, u2, v2] = [scale.across(x1), scale.down(x2), scale.across(x1 + MAP.arrow * g1), scale.down(x2 + MAP.arrow * g2)];
    const turn = (Math.atan2(v2 - v, u2 - u) * 180) / Math.PI;
    line.setAttribute("d", `M${u} ${v}L${u2} ${v2}`);
    head.setAttribute("transform", `translate(${u2} ${v2}) rotate(${turn})`);
    head.setAttribute("visibility", Math.hypot(u2 - u, v2 - v) < 3 ? "hidden" : "visible");
  });
  return svg("g", { class: "ig-arrow" }, line, head);
}

/** The point x: dragged by mouse or finger anywhere on the map, and moved by the arrow keys. */
function movablePoint(stage, scale, map) {
  const point = svg("circle", {
    r: 8, tabindex: 0, role: "application", "aria-roledescription": "movable point", "data-point": "x", "data-lm-suppress-shortcuts": "true",
  });
  const move = ([x1, x2]) => stage.change({ "x[1]": x1, "x[2]": x2 });
  const there = (event) => {
    const box = map.getBoundingClientRect();
    return scale.back(((event.clientX - box.left) / box.width) * MAP.side, ((event.clientY - box.top) / box.height) * MAP.side);
  };
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    map.setPointerCapture(event.pointerId);
    point.focus({ preventScroll: true });
    event.preventDefault();
    move(there(event));
  });
  map.addEventListener("pointermove", (event) => { if (map.hasPointerCapture(event.pointerId)) move(there(event)); });
  point.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { "x[1]": x1, "x[2]": x2 } = stage.model.get("inputs"), far = event.shiftKey ? 0.25 : 0.05;
    move([scale.onGrid(x1 + far * step[0]), scale.onGrid(x2 + far * step[1])]);
  });
  stage.onPaint((values) => {
    point.setAttribute("cx", scale.across(values["x[1]"]));
    point.setAttribute("cy", scale.down(values["x[2]"]));
    const said = ["x[1]", "x[2]", "H[1]"].map((name) => fixed(values[name], 2));
    point.setAttribute("aria-label", `x at ${said[0]}, ${said[1]}; output ${said[2]}. Arrow keys move it.`);
  });
  return point;
}

/** The plane of the two inputs, with its axes through zero, and below it how to read it. */
function mapOfInputs(stage) {
  const scale = makeScale(stage.model.get("ranges")["x[1]"]), { margin, side } = MAP, zero = [scale.across(0), scale.down(0)];
  const word = (x, y, text) => svg("text", { x, y }, text), distance = h("span");
  const map = svg("svg", { viewBox: `0 0 ${side} ${side}`, class: "ig-map", role: "group", "aria-label": "Lines of equal output over the two inputs" });
  const axes = svg("path", { class: "ig-axes", d: `M${margin} ${zero[1]}H${side - margin}M${zero[0]} ${margin}V${side - margin}` });
  map.append(axes, landscape(stage, scale), word(side - 24, zero[1] - 5, "x₁"), word(zero[0] + 6, 22, "x₂"),
    arrow(stage, scale), movablePoint(stage, scale, map));
  stage.onPaint(() => { writeText(distance, String(apart(stage))); });
  return h("div", {}, map, h("p", { class: "xp-hint" },
    "From line to line H changes by ", distance, "; dashed lines lie below 0, the thick one at 0. Drag the point, or use the arrow keys on it."));
}

/** Beside the map: x by slider and the output; the product as it stands in the text, D⁽²⁾ W⁽²⁾ D⁽¹⁾ W⁽¹⁾ = J; the gradient, and
 * what each unit adds to it. */
function beside(stage) {
  const gradient = { hue: "grad", scale: 0.3 }, slopes = { hue: "plain", digits: 2 }, weights = { digits: 2 };
  const view = (letter, rows, columns, look, caption = symbol(letter)) =>
    matrixView(grid(entryNames(letter, rows, columns), (name) => stage.cell(name, look)), caption, "flat");
  const point = grid(entryNames("x", 2), (name) => stage.slider(name));
  const height = stage.bind("H[1]", shownNumber({ output: "H[1]", digits: 4 }));
  const centred = (look, ...parts) => h("div", { class: `xp-term ${look}` }, ...parts);
  return h("div", { class: "ig-beside" },
    centred("wide", matrixView(point, symbol("x"), "column"), h("div", { class: "xp-chip is-value" }, "H = ", height.root),
      view("g", 2, null, gradient, h("span", {}, symbol("g"), " = ∇H"))),
    centred("", view("D2", 1, null, slopes), view("W2", 1, 3, weights)),
    centred("", view("D1", 3, 3, slopes), view("W1", 3, 2, weights)),
    centred("wide", operator("="), view("J", 1, 2, gradient), view("p", 3, 2, gradient, h("span", {}, symbol("p"), " by unit"))));
}

/** The parameters of the network: the map follows them. */
function parameters(stage) {
  const names = stage.program.inputs.filter((name) => !name.startsWith("x["));
  return h("details", { class: "ig-net" }, h("summary", {}, "Change the network"),
    h("div", {}, ...names.map((name) => stage.slider(name).root)));
}

/** Where the point is, what comes out there, and which way is up. */
function saidAloud(stage) {
  const aloud = announcer();
  stage.onPaint((values) => {
    const [x1, x2, out, g1, g2] = ["x[1]", "x[2]", "H[1]", "g[1]", "g[2]"].map((name) => fixed(values[name], 2));
    aloud.set(`At ${x1}, ${x2} the output is ${out} and its gradient ${g1}, ${g2}.`);
  });
  return aloud.root;
}

/** Let one unit speak alone, or drive all units out to where they are flat. */
function experiments(stage) {
  const greatest = stage.model.get("ranges")["x[1]"][1];
  const alone = () => stage.change({ "W2[1][2]": 0, "W2[1][3]": 0 });
  const pushed = stage.program.inputs.filter((name) => name.startsWith("W1") || name.startsWith("x["));
  const saturate = () => stage.change(Object.fromEntries(pushed.map((name) => [name, greatest])));
  return tryThis("Go where the lines are dense, then where they are far apart: what does the arrow do? Let ",
    experiment(alone, "unit 1 speak alone"), ": which way can the arrow still point? Then ",
    experiment(saturate, "saturate all units"), ".");
}

function inputGradient({ model, root, program }) {
  const stage = makeStage({ model, program });
  root.style.setProperty("--units", 3);
  root.style.setProperty("--fan-in", 2);
  const proof = h("span", { class: "xp-end" }, badge(model.get("badges")?.J));
  card(root, model.get("title"), variantTools(stage),
    h("div", { class: "xp-eq is-grad" }, h("b", {}, "By the input"), equation(model, "J"), equation(model, "g"), proof),
    h("div", { class: "ig-two" }, mapOfInputs(stage), beside(stage)),
    parameters(stage), experiments(stage), key(), saidAloud(stage));
  root.querySelector(".xp-in").classList.add("compact", "xp-ig");
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  paperTable(stage, root, title, [...program.inputs, ...program.outputs]);
  return goLive(stage);
}
const view = inputGradient;
