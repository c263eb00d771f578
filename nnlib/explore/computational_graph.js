/* A network as a graph. One step computes one node: first the values forward, then the derivatives backward, each from
 * the nodes that it feeds. Every number is an input or a result of the program; the module only says which is shown when. */

// ---------- the sweep ----------

/** The sweep as a list: what is computed in each step, which edges are used, and in which direction. */
function stepsOf({ nodes, edges }) {
  const forward = nodes.filter((node) => !node.leaf).map((node) =>
    ({ node, phase: "forward", edges: edges.filter((edge) => edge.to === node.name) }));
  const backward = [...nodes].reverse().map((node) =>
    ({ node, phase: "backward", edges: edges.filter((edge) => edge.from === node.name) }));
  return [{ node: null, phase: "start", edges: [] }, ...forward, ...backward];
}

const derivativesOf = ({ nodes }) => Object.fromEntries(nodes.map((node) => [node.name, node.derivative]));

/** For each node the step that computes its value, and the one that computes its derivative. */
function whenOf(steps) {
  const at = { forward: {}, backward: {} };
  steps.forEach(({ node, phase }, n) => { if (node) at[phase][node.name] = n; });
  return at;
}

/** Where most shares add up: an entry of W, if one is used more than once. */
function forkOf({ nodes, edges }) {
  const uses = (name) => edges.filter((edge) => edge.from === name).length;
  const most = (names) => names.reduce((best, name) => (uses(name) >= uses(best) ? name : best));
  const weights = nodes.map((node) => node.name).filter((name) => name.startsWith("W") && uses(name) > 1);
  return most(weights.length ? weights : nodes.map((node) => node.name));
}

// ---------- the drawing ----------

/** Only what has changed is written: most of a drawing stays as it is from step to step. */
function drawnText(look, output) {
  const root = svg("text", { class: look, "data-output": output });
  let was = "", of;
  const set = (text, value) => {
    if (text !== was) writeText(root, was = text);
    if (!output || Object.is(of, text ? value : undefined)) return;
    of = text ? value : undefined;
    if (text) root.dataset.value = value; else delete root.dataset.value;
  };
  return { root, set };
}
function marker(root) {
  let was = "";
  return (marks) => {
    const words = Object.keys(marks).filter((word) => marks[word]).join(" ");
    if (words !== was) root.setAttribute("class", was = words);
  };
}

/** A node: its name, its value, its derivative, one below the other; in a row of a block, one beside the other. */
function drawnNode(node, onPick) {
  const name = svg("text", { class: "name" }), frame = svg("rect", { rx: 4 });
  const value = drawnText("value", node.name), derivative = drawnText("derivative", node.derivative === "1" ? undefined : node.derivative);
  const texts = [name, value.root, derivative.root];
  const root = svg("g", { "data-node": node.name, onclick: () => onPick(node.name) }, frame, ...texts);
  const mark = marker(root);
  let low = false;
  const place = ([x, y, wide, high]) => {
    low = high < 24;
    name.textContent = low ? node.text.replace(/⁽.*?⁾/, "") : node.text;   // a block's rows are of its own layer
    root.setAttribute("transform", `translate(${x} ${y})`);
    Object.entries({ x: -wide / 2, y: -high / 2, width: wide, height: high }).forEach(([key, number]) => frame.setAttribute(key, number));
    texts.forEach((text, k) => {
      text.setAttribute("x", low ? [3 - wide / 2, wide / 2 - 48, wide / 2 - 3][k] : 0);
      text.setAttribute("y", low ? 4 : high * [-0.18, 0.11, 0.39][k]);
      text.setAttribute("text-anchor", low ? ["start", "end", "end"][k] : "middle");
    });
  };
  const paint = (values, known, derived, now) => {
    const of = values[node.name], slope = node.derivative === "1" ? 1 : values[node.derivative];
    value.set(known ? short(of, low ? 2 : 3) : "", of);
    derivative.set(!derived ? "" : slope === 1 && node.derivative === "1" ? "1" : short(slope), slope);
    mark({ known, derived, now });
  };
  return { ...node, root, place, paint };
}

/** An arrow from border to border. In a block it goes through the row of its weight; from a row it starts at the right. */
function drawnEdge(edge) {
  const root = svg("path"), label = svg("text", { class: "local" }), mark = marker(root);
  let was = "", long = true;
  const place = (at, inBlocks) => {
    const [from, to] = [at[edge.from], at[edge.to]], isRow = (box) => inBlocks && box?.[3] < 24;
    const through = !isRow(from) && isRow(at[edge.local]) ? at[edge.local] : null;
    const [left, right] = [([x, y, wide]) => [x - wide / 2 - 1, y], ([x, y, wide]) => [x + wide / 2, y]];
    const start = through ? [right(from), left(through)] : null;
    const end = through ? [right(through), left(to)] : isRow(from) ? [right(from), left(to)] : between(from, to);
    const [[x1, y1], [x2, y2]] = start ?? end;
    root.setAttribute("d", `${start ? `M${x1} ${y1} L${x2} ${y2} ` : ""}${arrow(...end)}`);
    label.setAttribute("x", (x1 + x2) / 2);
    label.setAttribute("y", (y1 + y2) / 2 + (Math.abs(y2 - y1) < 10 ? -7 : 4));  // above a level line
    long = Math.hypot(x2 - x1, y2 - y1) >= 22;                        // or else there is no room for a label
  };
  const paint = (known, derived, now, backward) => {
    mark({ derived, known: known && !derived, now });
    const text = now && backward && long ? edge.text : "";
    if (text !== was) writeText(label, was = text);
  };
  return { ...edge, root, label, place, paint };
}

/** Where the line between two nodes leaves the one and reaches the other. */
function between([x1, y1, wide1, high1], [x2, y2, wide2, high2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const part = (wide, high) => Math.min((wide / 2 + 1) / Math.abs(dx || 1e-9), (high / 2 + 1) / Math.abs(dy || 1e-9));
  const [leave, reach] = [part(wide1, high1), part(wide2, high2)];
  return [[x1 + leave * dx, y1 + leave * dy], [x2 - reach * dx, y2 - reach * dy]];
}
function arrow([x1, y1], [x2, y2]) {
  const long = Math.hypot(x2 - x1, y2 - y1), [ux, uy] = [(x2 - x1) / long, (y2 - y1) / long];
  const head = long < 20 ? 5 : 7, wing = (side) => `L${x2 - head * ux + side * 3 * uy} ${y2 - head * uy - side * 3 * ux}`;
  return `M${x1} ${y1} L${x2} ${y2} M${x2} ${y2} ${wing(1)} ${wing(-1)} z`;
}

/** The drawing: `place(narrow)` puts everything where it belongs, `paint(values, n)` shows the state after n steps. Blocks keep
 * their size on a narrow screen, and the present step is moved into sight. */
function drawing(graph, steps, onPick) {
  const nodes = graph.nodes.map((node) => drawnNode(node, onPick)), edges = graph.edges.map(drawnEdge), when = whenOf(steps);
  const picture = svg("svg", { class: `xp-graph ${graph.heads ? "in-blocks" : ""}`, role: "img" },
    ...(graph.heads ?? []).map(([x, text]) => svg("text", { x, y: 12, class: "xp-col" }, text)), ...edges.map((edge) => edge.root),
    ...nodes.map((node) => node.root), ...edges.map((edge) => edge.label));
  const root = h("div", { class: "xp-scroll", role: "group", "aria-label": "The drawing" }, picture);
  let wide = 0, at, shown, placed;
  const place = (narrow) => {
    if (narrow === placed) return;
    placed = narrow;
    at = (narrow && graph.down) || graph.across;
    const spots = Object.values(at);
    const [right, below] = [0, 1].map((k) => Math.max(...spots.map((spot) => spot[k] + spot[k + 2] / 2)) + 6);
    wide = right;
    picture.setAttribute("viewBox", `0 0 ${right} ${below}`);
    picture.style.maxWidth = `${right}px`;
    picture.style.minWidth = graph.heads && narrow ? `${right}px` : "0";
    root.tabIndex = graph.heads && narrow ? 0 : -1;
    if (root.tabIndex < 0) root.removeAttribute("tabindex");
    nodes.forEach((node) => node.place(at[node.name]));
    edges.forEach((edge) => edge.place(at, Boolean(graph.heads)));
  };
  const bringIntoSight = (name) => {
    const scale = picture.getBoundingClientRect().width / wide, x = at[name][0] * scale, seen = root.clientWidth;
    if (x < root.scrollLeft + 70 || x > root.scrollLeft + seen - 40) root.scrollLeft = x - seen / 2;
  };
  const paint = (values, n) => {
    const step = steps[n], own = step.node?.name, used = step.edges.map((edge) => graph.edges.indexOf(edge));
    nodes.forEach((node) => node.paint(values, node.leaf || when.forward[node.name] <= n, when.backward[node.name] <= n, own === node.name));
    edges.forEach((edge, k) => edge.paint(when.forward[edge.to] <= n, when.backward[edge.from] <= n, used.includes(k), step.phase === "backward"));
    if (n !== shown && own && root.hasAttribute("tabindex")) bringIntoSight(own);
    shown = n;
  };
  return { root, picture, place, paint };
}

// ---------- the read-out ----------

const chipOf = (hue, text, ...numbers) => h("span", { class: `xp-chip is-${hue}` }, h("span", {}, text), ...numbers);
const headline = (phase, title, ...words) =>
  h("div", { class: `xp-eq ${phase === "backward" ? "is-grad" : "is-value"}` }, h("b", {}, title), ...words);

function toldForward(model, { node, edges }, key, numberOf) {
  const from = edges.map((edge, k) => chipOf("value", symbol(edge.from), numberOf(`from[${k + 1}]`, edge.from)));
  return [
    headline("forward", "Forward", equation(model, key(node.name)),
      h("span", { class: "xp-end" }, symbol(node.name), " = ", numberOf("result", node.name))),
    h("div", { class: "xp-from" }, h("span", { class: "xp-label" }, "made of"), ...from),
  ];
}

/** Along each arrow: the derivative at its end times the local one. At a fork they are added. */
function toldBackward(model, { node, edges }, key, numberOf) {
  const shares = edges.flatMap((edge, k) => {
    const error = edge.error, at = `[${k + 1}]`;
    return [h("span", { class: "xp-label" }, "from ", symbol(edge.to)),
      error === "1" ? chipOf("grad", "1") : chipOf("grad", symbol(error), numberOf(`via_error${at}`, error)),
      h("span", {}, "×"),
      edge.local === "1" ? chipOf("value", "1") : chipOf("value", symbol(edge.local), numberOf(`via_local${at}`, edge.local)),
      h("span", {}, "="), numberOf(`via${at}`, edge.share)];
  });
  const sum = edges.length < 2 ? [] : [h("span", { class: "xp-label" }, "a fork: they add up"), h("span"), h("span"), h("span"),
    h("span", {}, "="), numberOf("via_sum", node.derivative)];
  const proof = h("span", { class: "xp-end" }, badge(model.get("badges")?.[key(node.derivative)]));
  return [headline("backward", "Backward", equation(model, key(node.derivative)), proof), ...shares, ...sum];
}

/** What a step does; `numberOf(output, quantity)` puts a number in. */
function told(model, step, numberOf) {
  const key = (quantity) => `${model.get("variant")}:${quantity.split("[")[0]}`;
  if (step.phase === "start") return [headline("start", "Start", "The leaves hold their numbers: input, weights and biases. Nothing is computed yet. Press Next, or Play.")];
  if (step.phase === "forward") return toldForward(model, step, key, numberOf);
  if (step.node.derivative === "1") return [headline("backward", "Backward", "The sweep begins at the end, with ∂L/∂L = 1.")];
  return toldBackward(model, step, key, numberOf);
}

/** The present step with its numbers. Another step is written anew; another number only replaces a number. */
function readOut(model, steps) {
  const root = h("div", { class: "xp-read xp-paths xp-told" });
  root.style.setProperty("--lines", Math.max(...steps.filter((step) => step.phase === "backward").map((step) => step.edges.length)) + 1);
  let shown, numbers = [];
  const numberOf = (output, quantity) => {
    const part = shownNumber({ output });
    numbers.push([part, quantity]);
    return part.root;
  };
  const paint = (values, n) => {
    if (n !== shown) {
      numbers = [];
      root.replaceChildren(...told(model, steps[n], numberOf));
    }
    shown = n;
    numbers.forEach(([part, quantity]) => part.set(values[quantity]));
  };
  return { root, paint };
}

/** The same in a sentence. */
function saidOf(values, { node, phase, edges }, n) {
  if (!node) return "Step 0: the leaves hold their numbers.";
  const quantity = phase === "forward" ? node.name : node.derivative;
  const is = quantity === "1" ? "∂L/∂L is 1" : `${spoken(quantity)} is ${short(values[quantity])}`;
  const many = edges.length > 1 ? phase === "forward" ? `, made of ${edges.length} numbers` : `, the sum of ${edges.length} shares` : "";
  return `Step ${n}, ${phase}: ${is}${many}.`;
}

/** The step in words: "3 of 32, forward: z". */
const wordsFor = (steps) => (n) => {
  const { node, phase } = steps[n];
  return `${n} of ${steps.length - 1}, ${node ? `${phase}: ${node.text}` : "start"}`;
};

/** What the colours and lines mean here. */
function meaning() {
  return h("p", { class: "xp-key" }, h("span", {}, swatch("value"), "forward value, full arrow"),
    h("span", {}, swatch("grad"), "derivative of L, dashed arrow"), h("span", {}, "thick: the present step"));
}

// ---------- the card ----------

const SWEEP = 16;                                                     // seconds that Play takes, however many nodes there are

/** One network: its drawing, its steps, its sliders. `paint()` shows the model's present state. */
function sceneOf({ model, root, program }, variant, folded) {
  const { inputs, outputs, run, graph: bare } = program.variants[variant], derivativeOf = derivativesOf(bare);
  const graph = { ...bare, edges: bare.edges.map((edge) => ({ ...edge, error: derivativeOf[edge.to] })) };
  const steps = stepsOf(graph), when = whenOf(steps), last = steps.length - 1;
  const stage = makeStage({ model, program: { inputs, outputs, variants: { [variant]: run } } });
  const present = () => Math.min(model.get("view").step, last);
  const pick = (name) => {                                            // while values are still computed, to its value
    const ahead = steps[present()].phase === "backward" ? undefined : when.forward[name];
    control.stop();
    stage.see({ step: ahead ?? when.backward[name] });
  };
  const control = stepper({ count: last, words: wordsFor(steps), onStep: (step) => stage.see({ step }), perSecond: last / SWEEP });
  const picture = drawing(graph, steps, pick), said = announcer();
  const read = readOut(model, steps);
  const sliders = h("details", { class: "xp-numbers" }, h("summary", {}, "Change the numbers"),
    h("div", {}, ...inputs.map((name) => stage.slider(name, name.startsWith("y") ? "plain" : "value").root)));
  sliders.open = folded.open;
  sliders.addEventListener("toggle", () => { folded.open = sliders.open; });
  paperTable(stage, root, () => `${model.get("title")}, ${variant}`, [...inputs, ...outputs]);
  const paper = [...root.querySelector(".xp-static").children];
  let shown;
  stage.onPaint((values) => {
    const n = present();
    picture.paint(values, n);
    if (n !== shown) {
      control.set(n);
      picture.picture.setAttribute("aria-label", `The ${variant} as a graph of ${graph.nodes.length} nodes, step ${n} of ${last}`);
    }
    shown = n;
    read.paint(values, n);
    said.set(saidOf(values, steps[n], n));
  });
  return { variant, stage, inputs, control, place: picture.place, folded: sliders, paper,
    parts: [control.root, picture.root, read.root, sliders, said.root] };
}

function computationalGraph({ model, root, program }) {
  const body = h("div"), folded = { open: false }, graphs = program.variants, random = makeRandom(2016);
  const names = Object.keys(graphs).sort((one, other) => graphs[one].graph.nodes.length - graphs[other].graph.nodes.length);
  const narrow = () => root.clientWidth < 640;
  const scenes = {};                                                 // made when first asked for, and kept
  let scene;
  const networks = segmented({ input: "network", legend: "Network", options: names, onInput: (variant) => scene.stage.change({}, variant) });
  networks.root.classList.add("many");
  const paint = () => {
    const variant = model.get("variant");
    if (scene?.variant !== variant) {
      scene?.control.stop();
      scene = scenes[variant] ??= sceneOf({ model, root, program }, variant, folded);
      scene.place(narrow());                                         // asked before anything moves, or else it is laid out twice
      body.replaceChildren(...scene.parts);
      root.querySelector(".xp-static").replaceChildren(...scene.paper);
      scene.folded.open = folded.open;
      networks.set(variant);
    }
    scene.stage.paint();
  };
  const shuffle = () => scene.stage.change(Object.fromEntries(
    scene.inputs.map((name) => [name, randomValue(model.get("ranges")[name], random)])));
  const reset = () => { scene.control.stop(); scene.stage.change(...startOf(model)); };
  const lead = (variant, name) => {
    scene.control.stop();
    scene.stage.change({}, variant, { step: whenOf(stepsOf(graphs[variant].graph)).backward[name] });
  };
  const led = names.filter((name) => forkOf(graphs[name].graph).startsWith("W") || name === model.get("start").variant || name === names.at(-1));
  const forks = led.flatMap((variant, k) => {
    const fork = forkOf(graphs[variant].graph);
    return [k ? ", " : "", experiment(() => lead(variant, fork), symbol(fork), `, ${variant}`)];
  });
  card(root, model.get("title"), [toolbar(button("Reset", reset), button("Random", shuffle))], networks.root, body,
    tryThis("Press Play, or focus the slider and hold the right arrow key. Or go straight to a fork: ", ...forks,
      ". How many shares meet there?"), meaning());
  const stop = goLive({ model, paint });
  const observer = new ResizeObserver(() => scene.place(narrow()));
  observer.observe(root);
  return () => { scene.control.stop(); observer.disconnect(); stop(); };
}
const view = computationalGraph;
