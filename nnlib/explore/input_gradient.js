/* The gradient by the input: the output as lines of equal height over the plane of two inputs, the gradient as an arrow at a
 * point that can be moved, and below it the product of matrices that the arrow is. Every height is a call of the program;
 * what is computed here are places in the picture. */

const MAP = { side: 320, margin: 10, marks: 44, arrow: 1.2, apart: { sigmoid: 0.05, tanh: 0.1 } };
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

/** The output at every crossing of a fine net, by the program. */
function heights({ model, program }, marks) {
  const inputs = model.get("inputs"), variant = model.get("variant");
  return marks.map((x2) => marks.map((x1) => evaluate(program, { ...inputs, "x[1]": x1, "x[2]": x2 }, variant)["H[1]"]));
}

/** Where the line of one height passes through one mesh of the net: places on its edges, straight in between. */
function crossings(corners, level) {
  const found = [];
  corners.forEach(([u, v, height], n) => {
    const [u2, v2, next] = corners[(n + 1) % corners.length];
    if ((height < level) === (next < level)) return;
    const part = (level - height) / (next - height);
    found.push([u + part * (u2 - u), v + part * (v2 - v)]);
  });
  return found;
}

/** All pieces of one line of equal height, as the path of an SVG. */
function contour(net, level, { marks, across, down }) {
  const pieces = [];
  for (let n = 0; n + 1 < marks.length; n += 1) {
    for (let m = 0; m + 1 < marks.length; m += 1) {
      const corners = [[n, m], [n, m + 1], [n + 1, m + 1], [n + 1, m]]
        .map(([row, column]) => [across(marks[column]), down(marks[row]), net[row][column]]);
      const ends = crossings(corners, level).map((place) => place.map((number) => number.toFixed(1)).join(" "));
      for (let e = 0; e + 1 < ends.length; e += 2) pieces.push(`M${ends[e]}L${ends[e + 1]}`);
    }
  }
  return pieces.join("");
}

/** The lines, equally far apart in height; the higher the stronger, and dashed below zero. */
function landscape(stage, scale) {
  const layer = svg("g", { fill: "none", stroke: "var(--xp-value)" });
  let before = "";
  stage.onPaint((values) => {
    const fixedInputs = stage.program.inputs.filter((name) => !name.startsWith("x["));
    const now = JSON.stringify([stage.model.get("variant"), fixedInputs.map((name) => values[name])]);
    if (now === before) return;                                     // only the point has moved
    before = now;
    const net = heights(stage, scale.marks), all = net.flat(), step = apart(stage);
    const inside = Array.from({ length: 39 }, (_, n) => n - 19).filter((n) => all.some((height) => height < n * step));
    layer.replaceChildren(...inside.map((n) => svg("path", {
      d: contour(net, n * step, scale), "stroke-opacity": 0.65 + 0.035 * clamp(n, -9, 9), "stroke-width": n === 0 ? 2.2 : 1.2,
      "stroke-dasharray": n < 0 ? "4 3" : "none",
    })));
  });
  return layer;
}

/** The gradient, from the point on; its length on the plane is 1.2 times its own. */
function arrow(stage, scale) {
  const line = svg("path", { fill: "none", "stroke-width": 3 }), head = svg("path", { stroke: "none" });
  const layer = svg("g", { stroke: "var(--xp-grad)", fill: "var(--xp-grad)" }, line, head);
  stage.onPaint(({ "x[1]": x1, "x[2]": x2, "g[1]": g1, "g[2]": g2 }) => {
    const [u, v, u2, v2] = [scale.across(x1), scale.down(x2), scale.across(x1 + MAP.arrow * g1), scale.down(x2 + MAP.arrow * g2)];
    const turn = (Math.atan2(v2 - v, u2 - u) * 180) / Math.PI;
    line.setAttribute("d", `M${u} ${v}L${u2} ${v2}`);
    head.setAttribute("d", "M8 0L-5 -6L-5 6z");
    head.setAttribute("transform", `translate(${u2} ${v2}) rotate(${turn})`);
    head.setAttribute("visibility", Math.hypot(u2 - u, v2 - v) < 3 ? "hidden" : "visible");
  });
  return layer;
}

/** The point x: dragged by mouse or finger anywhere on the map, and moved by the arrow keys. */
function movablePoint(stage, scale, map) {
  const point = svg("circle", {
    r: 8, fill: "var(--xp-ink)", stroke: "var(--xp-surface)", "stroke-width": 2, tabindex: 0, role: "application",
    "aria-roledescription": "movable point", "data-point": "x", "data-lm-suppress-shortcuts": "true", style: "cursor: grab",
  });
  const move = ([x1, x2]) => stage.change({ "x[1]": x1, "x[2]": x2 });
  const there = (event) => {
    const box = map.getBoundingClientRect();
    return scale.back(((event.clientX - box.left) / box.width) * MAP.side, ((event.clientY - box.top) / box.height) * MAP.side);
  };
  map.addEventListener("pointerdown", (event) => {
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

/** The plane of the two inputs, with its axes through zero. */
function mapOfInputs(stage) {
  const scale = makeScale(stage.model.get("ranges")["x[1]"]), { margin, side } = MAP, zero = [scale.across(0), scale.down(0)];
  const word = (x, y, text) => svg("text", { x, y, "font-size": 13, fill: "var(--xp-muted)" }, text);
  const map = svg("svg", {
    viewBox: `0 0 ${side} ${side}`, role: "group", "aria-label": "Lines of equal output over the two inputs",
    style: "display: block; width: 100%; max-width: 320px; touch-action: none; cursor: crosshair; overflow: hidden;"
      + " border: 1px solid var(--xp-line); border-radius: 6px; background: var(--xp-page)",
  });
  const axes = svg("path", {
    d: `M${margin} ${zero[1]}H${side - margin}M${zero[0]} ${margin}V${side - margin}`, stroke: "var(--xp-line)", fill: "none",
  });
  map.append(axes, landscape(stage, scale), word(side - 24, zero[1] - 5, "x₁"), word(zero[0] + 6, 22, "x₂"),
    arrow(stage, scale), movablePoint(stage, scale, map));
  return map;
}

/** Beside the map: x by slider, the output, its gradient, and what each unit adds to it. */
function beside(stage) {
  const gradient = { hue: "grad", scale: 0.3 };
  const point = grid(entryNames("x", 2), (name) => stage.slider(name));
  const cells = (names, look) => grid(names, (name) => stage.cell(name, look));
  const shares = matrixView(cells(entryNames("p", 3, 2), gradient), h("span", {}, "through each unit "), "flat");
  const height = stage.bind("H[1]", shownNumber({ output: "H[1]", digits: 4 }));
  const column = matrixView(cells(entryNames("g", 2), gradient), h("span", {}, symbol("g"), " = ∇H "), "flat");
  const distance = h("span");
  stage.onPaint(() => { distance.textContent = apart(stage); });
  return h("div", { style: "display: grid; gap: 8px; align-content: start; justify-items: start; min-width: 0" },
    h("div", { class: "xp-term" }, matrixView(point, symbol("x"), "column"), h("div", { class: "xp-chip is-value",
      style: "align-self: center; margin-left: 10px" }, "H = ", height.root)),
    h("div", { class: "xp-term" }, column, shares),
    h("p", { class: "xp-hint", style: "margin: 0" },
      "From line to line H changes by ", distance, "; the lines are dashed below 0. Drag the point, or use the arrow keys on it."));
}

/** The product, as it stands in the text: D⁽²⁾ W⁽²⁾ D⁽¹⁾ W⁽¹⁾ = J. */
function chain(stage) {
  const view = (letter, rows, columns, look) =>
    matrixView(grid(entryNames(letter, rows, columns), (name) => stage.cell(name, look)), symbol(letter));
  const slopes = { hue: "plain", digits: 2 }, weights = { digits: 2 };
  const centred = (...parts) => h("div", { class: "xp-term", style: "align-items: center" }, ...parts);
  return h("div", { class: "xp-line low", style: "--cell-w: 42px; --rows: 1; align-items: center; gap: 4px; margin-top: 6px; font-size: 12.5px" },
    centred(view("D2", 1, null, slopes), view("W2", 1, 3, weights)),
    centred(view("D1", 3, 3, slopes), view("W1", 3, 2, weights)),
    h("div", { class: "xp-term", style: "--cell-w: 49px" }, operator("="), view("J", 1, 2, { hue: "grad", scale: 0.3 })));
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
    h("div", { style: "display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 10px 18px" },
      mapOfInputs(stage), beside(stage)),
    chain(stage), experiments(stage), key());
  root.querySelector(".xp-in").classList.add("compact");
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  stage.onPaint(paperTable(root, title, [...program.inputs, ...program.outputs]));
  return goLive(stage);
}
const view = inputGradient;
