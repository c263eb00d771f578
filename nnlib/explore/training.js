/* Training: a network with sizes 2, 4, 4, 1 learns to tell two half moons apart. The program adds up over the 40 points, gives what a
 * step makes of every parameter (newW1, newb1, ...), and the output anywhere on the plane (`at`). A step puts its results in the
 * parameters' place; what is calculated here are places, tints and lengths in the pictures. */

const TRAINED = { layers: [1, 2, 3], each: 5, perSecond: 20, kept: 300, tenfold: 10 };
const PLANE = { left: -2.4, right: 2.4, low: -1.6, high: 1.6, columns: 48, rows: 32, wide: 360, tall: 240 };

// ---------- the map ----------

/** From the plane to the picture. */
const across = (x1) => (PLANE.wide * (x1 - PLANE.left)) / (PLANE.right - PLANE.left);
const down = (x2) => (PLANE.tall * (PLANE.high - x2)) / (PLANE.high - PLANE.low);
const spread = (from, to, count) => Array.from({ length: count }, (_, n) => from + ((n + 0.5) * (to - from)) / count);
const MESH = { x1: spread(PLANE.left, PLANE.right, PLANE.columns), x2: spread(PLANE.high, PLANE.low, PLANE.rows) };

/** The output at the middle of every field of a net, row by row from above: each by the program. */
function outputs({ model, program }) {
  const { at } = program.variants[model.get("variant")], inputs = model.get("inputs");
  const parameters = program.inputs.map((name) => inputs[name]), place = [...parameters, 0, 0];
  return MESH.x2.map((x2) => MESH.x1.map((x1) => {
    place[parameters.length] = x1;
    place[parameters.length + 1] = x2;
    return at(place)[0];
  }));
}

/** The net as a picture: the nearer to 1, the deeper. It is blue by the page's own colour, light or dark. */
function tintFields(context, net, colour) {
  const image = context.createImageData(PLANE.columns, PLANE.rows);
  net.flat().forEach((value, k) => { image.data[4 * k + 3] = 150 * value; });
  context.globalCompositeOperation = "source-over";
  context.putImageData(image, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, PLANE.columns, PLANE.rows);
}

/** Where the output is one half: the pieces of the line from field to field, straight in between. */
function boundary(net) {
  const pieces = [];
  for (let n = 0; n + 1 < PLANE.rows; n += 1) {
    for (let m = 0; m + 1 < PLANE.columns; m += 1) {
      const corners = [[n, m], [n, m + 1], [n + 1, m + 1], [n + 1, m]], above = corners.map(([row, column]) => net[row][column] > 0.5);
      if (above.every((one) => one === above[0])) continue;
      const ends = [];
      corners.forEach(([row, column], k) => {
        const [row2, column2] = corners[(k + 1) % 4], value = net[row][column], next = net[row2][column2];
        if (above[k] === above[(k + 1) % 4]) return;
        const part = (0.5 - value) / (next - value);
        ends.push(`${across(MESH.x1[column] + part * (MESH.x1[column2] - MESH.x1[column])).toFixed(1)} ${down(MESH.x2[row] + part * (MESH.x2[row2] - MESH.x2[row])).toFixed(1)}`);
      });
      for (let e = 0; e + 1 < ends.length; e += 2) pieces.push(`M${ends[e]}L${ends[e + 1]}`);
    }
  }
  return pieces.join("");
}

/** A data point: a disc for y = 1, an open square for y = 0. */
function drawnPoint([x1, x2, y]) {
  const [u, v] = [across(x1), down(x2)];
  return y > 0 ? svg("circle", { cx: u, cy: v, r: 4.5 }) : svg("rect", { x: u - 4, y: v - 4, width: 8, height: 8 });
}

/** The plane of the inputs: the output as a tint, its boundary, and the data. */
function mapOfOutputs(stage) {
  const canvas = h("canvas", { width: PLANE.columns, height: PLANE.rows, "aria-hidden": "true" }), context = canvas.getContext("2d", { willReadFrequently: true });
  const line = svg("path"), { points } = Object.values(stage.program.variants)[0];
  const drawing = svg("svg", { viewBox: `0 0 ${PLANE.wide} ${PLANE.tall}`, role: "img",
    "aria-label": "The plane of the two inputs: 40 points of two kinds, and the line where the output is one half" },
  line, ...points.map(drawnPoint));
  let net, before = {}, colour;
  const tintNow = () => { if (net) tintFields(context, net, colour); };
  const recolour = () => { ({ color: colour } = getComputedStyle(canvas)); tintNow(); };
  stage.onPaint(() => {
    const now = { ...stage.model.get("inputs"), variant: stage.model.get("variant") };
    if (sameSetting(now, before, ["logeta"])) return;                                     // only the rate has moved
    before = now;
    net = outputs(stage);
    if (colour) tintNow();
    else requestAnimationFrame(recolour);                             // when it stands in the page, it has a colour
    line.setAttribute("d", boundary(net));
  });
  const watch = new MutationObserver(recolour), mode = matchMedia("(prefers-color-scheme: dark)");
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  mode.addEventListener("change", recolour);
  const stop = () => { watch.disconnect(); mode.removeEventListener("change", recolour); };
  return { root: h("div", { class: "tr-map" }, canvas, drawing), stop };
}

// ---------- the lengths of the errors ----------

/** How far a length reaches on a logarithmic axis from a ten-thousandth to a thousand. */
const lengthBars = (value) => (value > 0 ? clamp((Math.log10(value) + 4) / 7, 0, 1) : 0);

/** ‖δ‖ of each layer, the first on the left of the sweep and the last to be computed: a bar and its number. */
function lengths(stage) {
  const rows = TRAINED.layers.map((l) => {
    const name = `r${l}`, bar = h("i"), number = stage.bind(name, shownNumber({ output: name }));
    stage.bind(name, { set: (value) => writeStyle(bar, "transform", `scaleX(${lengthBars(value).toFixed(4)})`) });
    return h("div", { class: "tr-length" }, h("span", {}, "‖", symbol(`delta${l}`), "‖"), h("span", { class: "tr-bar" }, bar), number.root);
  });
  return h("div", { class: "tr-lengths is-grad" }, ...rows,
    h("p", { class: "xp-hint" }, "over all points; from mark to mark ten times as long"));
}

// ---------- descent ----------

/** The parameters after a step, by their own names; nothing where one is no number or has left its range. */
function after(stage, values) {
  const names = stage.program.inputs.filter((name) => name !== "logeta"), ranges = stage.model.get("ranges");
  const anew = Object.fromEntries(names.map((name) => [name, values[`new${name}`]]));
  const fine = names.every((name) => anew[name] >= ranges[name][0] && anew[name] <= ranges[name][1]);
  return fine ? anew : null;
}

/** After many steps every second point is left out: what is kept, and what is drawn, stays small. */
const thinner = (points) => (points.length <= TRAINED.kept ? points : points.filter((_, k) => k % 2 === 0 || k === points.length - 1));

/** Steps of gradient descent by the program, the loss after each as a curve. A reader who changes a parameter begins a new one. */
function descent(stage) {
  const { model, program } = stage, plot = curvePlot({ across: "step", up: "loss", wide: 300, high: 116 });
  const number = (output, digits) => shownNumber({ output, digits, look: "" });
  const steps = number("steps", 0), first = number("loss_first", 3), last = number("loss", 3);
  const note = h("p", { class: "xp-hint tr-note" });
  let points = [], settled = {}, gone = false;
  const setting = (inputs) => ({ ...inputs, variant: model.get("variant") });
  const diverged = () => gone || points.at(-1)[1] > TRAINED.tenfold * points[0][1];
  const take = (count) => {
    let inputs = model.get("inputs"), values = evaluate(program, inputs, model.get("variant")), taken = 0, out = false;
    while (taken < count) {
      const anew = after(stage, values), next = anew && evaluate(program, { ...inputs, ...anew }, model.get("variant"));
      out = !(next && Number.isFinite(next.loss));
      if (out) break;                                                 // what is no number never becomes a state
      [inputs, values, taken] = [{ ...inputs, ...anew }, next, taken + 1];
      points = thinner([...points, [points.at(-1)[0] + 1, values.loss]]);
      if (diverged()) break;
    }
    settled = setting(inputs);
    if (taken > 0) stage.change(inputs);
    gone = out;
    write();
    return !diverged();
  };
  const playing = player({ perSecond: TRAINED.perSecond, tick: () => take(TRAINED.each), atOnce: 40 });
  const by = (count) => () => { playing.stop(); take(count); };
  const write = () => {
    note.toggleAttribute("data-warns", diverged());
    writeText(note, gone ? "The steps diverge: the next leads out of all bounds. Lower the rate, and begin anew."
      : diverged() ? "The steps diverge: the loss has grown tenfold. Lower the rate, and begin anew."
        : "The loss is the sum over 40 points. Too high a rate makes it grow.");
    plot.set(points);
    [[steps, points.at(-1)[0]], [first, points[0][1]], [last, points.at(-1)[1]]].forEach(([part, value]) => part.set(value));
  };
  stage.onPaint((values) => {
    const now = setting(model.get("inputs"));
    if (!sameSetting(now, settled, ["logeta"])) points = [[0, values.loss]];
    [settled, gone] = [now, false];
    write();
  });
  return {
    root: h("div", { class: "tr-descent" },
      h("div", { class: "xp-losses" }, "Step ", steps.root, ": loss ", h("span", { class: "is-value" }, first.root, " → ", last.root)),
      plot.root, note),
    tools: h("div", { class: "xp-tools" }, playing.root, button("One step", by(1)), button("100 steps", by(100))),
    by, stop: playing.stop,
    said: () => (diverged() ? note.textContent : `Loss ${last.root.textContent} after step ${steps.root.textContent}.`),
  };
}

// ---------- the card ----------

/** Other starts: each is weights and biases, from which the steps are counted anew. */
function starts({ model, program, change }, stop) {
  const random = makeRandom(2016), { inputs } = model.get("start");
  const begin = (number) => () => {
    stop();
    const parameters = program.inputs.filter((name) => name !== "logeta");
    change(Object.fromEntries(parameters.map((name) => [name, number(name)])));
  };
  return {
    random: begin((name) => (name.startsWith("W") ? randomValue([-2, 2, 0.01], random) : 0)),
    alike: begin((name) => (name.startsWith("W") ? 0.5 : 0)),
    saturated: begin((name) => (name.startsWith("b1") ? -12 : inputs[name])),   // so that no point reaches a unit of layer 1
  };
}

/** The activation, with which the learning begins anew, and where to begin. */
function tools({ model, program, change, onPaint }, steps, begin) {
  const again = (variant) => {
    steps.stop();
    change({ ...model.get("start").inputs, logeta: model.get("inputs").logeta }, variant);
  };
  const activation = segmented({ input: "activation", legend: "Activation", options: Object.keys(program.variants), onInput: again });
  onPaint(() => activation.set(model.get("variant")));
  const reset = () => { steps.stop(); change(...startOf(model)); };
  return [activation.root, toolbar(button("Reset", reset), button("Random start", begin.random))];
}

function trainingLive({ model, root, program }) {
  const stage = makeStage({ model, program }), said = announcer(), steps = descent(stage), map = mapOfOutputs(stage);
  const begin = starts(stage, steps.stop);
  const rate = stage.bind("eta", shownNumber({ output: "eta", look: "tr-eta" }));
  stage.onPaint(() => said.set(steps.said()));
  const fast = () => { steps.stop(); stage.change({ logeta: 0.2 }); };
  const proof = h("span", { class: "xp-end" }, badge(model.get("badges")?.newW1));
  card(root, model.get("title"), tools(stage, steps, begin),
    h("div", { class: "xp-eq is-grad tr-step" }, equation(model, "newW1"), equation(model, "newb1"), proof),
    h("div", { class: "tr-two" },
      h("div", { class: "tr-left" }, map.root,
        h("p", { class: "xp-hint" }, "Blue: the output, from 0 to 1. Line: one half. Discs: y = 1, squares: y = 0.")),
      h("div", { class: "tr-right" },
        h("div", { class: "tr-rate" }, stage.slider("logeta", "plain").root, h("span", {}, symbol("eta"), " = ", rate.root)),
        steps.tools, steps.root)),
    lengths(stage),
    tryThis("Play. Then ", experiment(fast, "raise the rate"), " and play on. Or begin with ", experiment(begin.alike, "all weights alike"),
      ", or with ", experiment(begin.saturated, "saturated units"), ": what can the line no longer do, and how long are the errors?"),
    said.root);
  root.querySelector(".xp-in").classList.add("compact");
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  paperTable(stage, root, title, [...program.inputs, ...program.outputs]);
  const stop = goLive(stage);
  return () => { steps.stop(); map.stop(); stop(); };
}
const view = trainingLive;
