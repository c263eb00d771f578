/* A network as a graph. One step computes one node: first the values forward, then the derivatives backward, each from
 * the nodes that it feeds. Every number is an input or a result of the program; the module only says which is shown when. */

/** The sweep as a list: what is computed in each step, which edges are used, and in which direction. */
function stepsOf({ nodes, edges }) {
  const forward = nodes.filter((node) => !node.leaf).map((node) =>
    ({ node, phase: "forward", edges: edges.filter((edge) => edge.to === node.name) }));
  const backward = [...nodes].reverse().map((node) =>
    ({ node, phase: "backward", edges: edges.filter((edge) => edge.from === node.name) }));
  return [{ node: null, phase: "start", edges: [] }, ...forward, ...backward];
}

/** A number of the drawing, empty until its step has come. */
function drawnNumber(output, look) {
  const root = svg("text", { class: look, "data-output": output });
  return {
    root,
    set(value, shown) {
      root.textContent = shown ? short(value) : "";
      if (shown) root.dataset.value = value;
      else delete root.dataset.value;
    },
  };
}

/** The drawing: `place(down)` puts everything where it belongs, `paint(values, n)` shows the state after n steps. */
function drawing(graph, steps, onPick) {
  const [wide, high] = graph.size;
  const nodes = graph.nodes.map((node) => {
    const value = drawnNumber(node.name, "value");
    const derivative = node.derivative === "1" ? null : drawnNumber(node.derivative, "derivative");
    const one = svg("text", { class: "derivative" });
    const texts = [svg("text", { class: "name", y: -high / 2 + 15 }, node.text), value.root, derivative?.root ?? one];
    texts[1].setAttribute("y", 5);
    texts[2].setAttribute("y", 18);
    const root = svg("g", { "data-node": node.name },
      svg("rect", { x: -wide / 2, y: -high / 2, width: wide, height: high, rx: 4 }), ...texts);
    root.addEventListener("click", () => onPick(node.name));
    return { ...node, root, value, shownDerivative: derivative, one };
  });
  const edges = graph.edges.map((edge) => ({ ...edge, root: svg("path"), label: svg("text", { class: "local" }) }));
  const root = svg("svg", { class: "xp-graph", role: "img" },
    ...edges.map((edge) => edge.root), ...nodes.map((node) => node.root), ...edges.map((edge) => edge.label));
  const computedAt = (name, phase) => steps.findIndex((step) => step.phase === phase && step.node.name === name);
  const place = (down) => {
    const at = graph.places[down ? "down" : "across"], spots = Object.values(at);
    const size = [0, 1].map((k) => Math.max(...spots.map((spot) => spot[k])));
    root.setAttribute("viewBox", `0 0 ${size[0] + wide / 2 + 8} ${size[1] + high / 2 + 8}`);
    root.style.maxWidth = `${size[0] + wide / 2 + 8}px`;
    nodes.forEach((node) => node.root.setAttribute("transform", `translate(${at[node.name]})`));
    edges.forEach((edge) => placeEdge(edge, at[edge.from], at[edge.to], graph.size));
  };
  const paint = (values, n) => {
    const step = steps[n];
    nodes.forEach((node) => {
      const known = node.leaf || computedAt(node.name, "forward") <= n, derived = computedAt(node.name, "backward") <= n;
      node.value.set(values[node.name], known);
      node.shownDerivative?.set(values[node.derivative], derived);
      node.one.textContent = derived ? "1" : "";
      node.root.setAttribute("class", [known && "known", derived && "derived", step.node?.name === node.name && "now"]
        .filter(Boolean).join(" "));
    });
    edges.forEach((edge) => {
      const now = step.edges.some((used) => used.from === edge.from && used.to === edge.to);
      const known = computedAt(edge.to, "forward") <= n, derived = computedAt(edge.from, "backward") <= n;
      edge.root.setAttribute("class", [derived ? "derived" : known && "known", now && "now"].filter(Boolean).join(" "));
      edge.label.textContent = now && step.phase === "backward" ? edge.text : "";
    });
  };
  return { root, place, paint };
}

/** From border to border, with a head. */
function placeEdge(edge, [x1, y1], [x2, y2], [wide, high]) {
  const [dx, dy] = [x2 - x1, y2 - y1], long = Math.hypot(dx, dy), [ux, uy] = [dx / long, dy / long];
  const part = Math.min((wide / 2 + 1) / Math.abs(dx || 1e-9), (high / 2 + 1) / Math.abs(dy || 1e-9));
  const [sx, sy, ex, ey] = [x1 + part * dx, y1 + part * dy, x2 - part * dx, y2 - part * dy];
  const wing = (side) => `L${ex - 7 * ux + side * 3 * uy} ${ey - 7 * uy - side * 3 * ux}`;
  edge.root.setAttribute("d", `M${sx} ${sy} L${ex} ${ey} M${ex} ${ey} ${wing(1)} ${wing(-1)} z`);
  edge.label.setAttribute("x", (x1 + x2) / 2);
  edge.label.setAttribute("y", (y1 + y2) / 2 + (Math.abs(dy) < 10 ? -7 : 4));  // above a level line
}

/** What the present step does, with its numbers. */
function told(model, values, step, nodes) {
  const { node, phase, edges } = step, variant = model.get("variant"), badges = model.get("badges");
  const derivativeOf = (name) => nodes.find((other) => other.name === name).derivative;
  const line = (...words) => h("div", { class: `xp-eq ${phase === "backward" ? "is-grad" : "is-value"}` }, ...words);
  const number = (output, value) => {
    const part = shownNumber({ output });
    part.set(value);
    return part.root;
  };
  const key = (quantity) => `${variant}:${quantity.split("[")[0]}`;
  if (phase === "start") return [line(h("b", {}, "Start"), "The leaves hold their numbers: input, weights and biases. Nothing is computed yet. Press Next.")];
  if (phase === "forward") {
    const from = edges.map((edge, k) => h("span", { class: "xp-chip is-value" },
      h("span", {}, symbol(edge.from)), number(`from[${k + 1}]`, values[edge.from])));
    const name = node.name === "loss" ? "loss" : node.name;
    return [
      line(h("b", {}, "Forward"), equation(model, key(name)), h("span", { class: "xp-end" },
        symbol(node.name), " = ", number("result", values[node.name]))),
      h("div", { class: "xp-from" }, h("span", { class: "xp-label" }, "made of"), ...from),
    ];
  }
  if (node.derivative === "1") return [line(h("b", {}, "Backward"), "The sweep begins at the end, with ∂L/∂L = 1.")];
  const chipOf = (hue, text, output, value) => h("span", { class: `xp-chip is-${hue}` }, h("span", {}, text),
    value === null ? "" : number(output, value));
  const shares = edges.flatMap((edge, k) => {
    const error = derivativeOf(edge.to), next = error === "1" ? null : error, one = edge.local === "1";
    return [h("span", { class: "xp-label" }, "from ", symbol(edge.to)),
      next ? chipOf("grad", symbol(next), `via_error[${k + 1}]`, values[next]) : chipOf("grad", "1", "", null),
      h("span", {}, "×"),
      one ? chipOf("value", "1", "", null) : chipOf("value", symbol(edge.local), `via_local[${k + 1}]`, values[edge.local]),
      h("span", {}, "="), number(`via[${k + 1}]`, values[edge.share])];
  });
  const sum = edges.length > 1 ? [h("span", { class: "xp-label" }, "a fork: they add up"), "", "", "", h("span", {}, "="),
    number("via_sum", values[node.derivative])].map((part) => (part === "" ? h("span") : part)) : [];
  return [line(h("b", {}, "Backward"), equation(model, key(node.derivative)),
    h("span", { class: "xp-end" }, badge(badges?.[key(node.derivative)]))), ...shares, ...sum];
}

/** The step in words: "3 of 32, forward: z". */
const wordsFor = (steps) => (n) => {
  const { node, phase } = steps[n];
  return `${n} of ${steps.length - 1}, ${node ? `${phase}: ${node.text}` : "start"}`;
};

/** What the colours and lines mean here. */
function meaning() {
  const swatch = (hue) => h("i", { class: `xp-cell is-${hue}` });
  return h("p", { class: "xp-key" }, h("span", {}, swatch("value"), "forward value, full arrow"),
    h("span", {}, swatch("grad"), "derivative of L, dashed arrow"), h("span", {}, "thick: the present step"));
}

function computationalGraph({ model, root, program }) {
  const body = h("div");
  const networks = segmented({ input: "network", legend: "Network", options: Object.keys(program.variants),
    onInput: (variant) => { model.set("variant", variant); model.save_changes(); } });
  const random = makeRandom(2016);
  let stage, scene, n = 0, wanted = {};
  const inputsOf = () => program.variants[model.get("variant")].inputs;
  const shuffle = () => stage.change(Object.fromEntries(
    inputsOf().map((name) => [name, randomValue(model.get("ranges")[name], random)])));
  const reset = () => { n = 0; stage.change(model.get("start").inputs, model.get("start").variant); scene.show(); };

  /** The chosen network: its drawing, its steps, its sliders. */
  const build = () => {
    const variant = model.get("variant"), { inputs, outputs, run, graph } = program.variants[variant];
    const steps = stepsOf(graph), move = (k) => { n = k; scene.show(); };
    n = Math.min(n, steps.length - 1);
    stage = makeStage({ model, program: { inputs, outputs, variants: { [variant]: run } } });
    const stepOf = (name, phase) => steps.findIndex((step) => step.phase === phase && step.node.name === name);
    const pick = (name) => {
      const ahead = steps[n].phase === "backward" ? -1 : stepOf(name, "forward");
      move(ahead >= 0 ? ahead : stepOf(name, "backward"));
    };
    const control = stepper({ count: steps.length - 1, words: wordsFor(steps), onStep: move,
      tools: [button("Reset", reset), button("Random", shuffle)] });
    const picture = drawing(graph, steps, pick);
    const read = h("div", { class: "xp-read xp-paths xp-told", "aria-live": "polite" });
    const sliders = h("details", { class: "xp-numbers" }, h("summary", {}, "Change the numbers"),
      h("div", {}, ...inputs.map((name) => stage.slider(name, name.startsWith("y") ? "plain" : "value").root)));
    sliders.open = wanted.open ?? false;
    sliders.addEventListener("toggle", () => { wanted.open = sliders.open; });
    body.replaceChildren(control.root, picture.root, read, sliders);
    const table = paperTable(root, () => `${model.get("title")}, ${variant}`, [...inputs, ...outputs]);
    stage.onPaint((values) => {
      control.set(n);
      picture.paint(values, n);
      picture.root.setAttribute("aria-label", `The ${variant} as a graph of ${graph.nodes.length} nodes, step ${n} of ${steps.length - 1}`);
      read.replaceChildren(...told(model, values, steps[n], graph.nodes));
      table(values);
    });
    scene = {
      show: () => stage.paint(), place: picture.place,
      to: (name) => move(stepOf(name, "backward")),
    };
    networks.set(variant);
    scene.place(root.clientWidth < 640);
    stage.paint();
  };
  const lead = (variant, name) => { model.set("variant", variant); model.save_changes(); scene.to(name); };
  const names = Object.keys(program.variants);
  const forkOf = (variant) => {                                       // a shared weight, where there is one
    const { nodes, edges } = program.variants[variant].graph;
    const forks = nodes.map((node) => node.name).filter((name) => edges.filter((edge) => edge.from === name).length > 1);
    return forks.find((name) => name.startsWith("W")) ?? forks.at(-1);
  };
  const try_ = tryThis("Press Next, or focus the slider and hold the right arrow key. Or go straight to a fork: ",
    ...names.flatMap((variant, k) => [k ? ", " : "", experiment(() => lead(variant, forkOf(variant)), symbol(forkOf(variant)), ` of the ${variant}`)]),
    ". How many shares meet there?");
  card(root, model.get("title"), [networks.root], body, try_, meaning());
  build();
  const observer = new ResizeObserver(() => scene.place(root.clientWidth < 640));
  observer.observe(root);
  const events = [["change:variant", build], ["change:inputs", () => { if (stage.program.variants[model.get("variant")]) stage.paint(); }]];
  events.forEach(([event, act]) => model.on(event, act));
  return () => { observer.disconnect(); events.forEach(([event, act]) => model.off(event, act)); };
}
const view = computationalGraph;
