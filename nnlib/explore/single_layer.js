/* A single layer, forward and backward: the sliders are the entries of the matrices, so the card reads as the formulas
 * do. The sizes are read off the names of the program's inputs; every number is one of its inputs or results. */

/** W[3][2] is there in a layer of three units with two inputs. */
function layerSize(inputs) {
  const weights = inputs.filter((name) => name.startsWith("W[")).map(indicesOf);
  return { units: Math.max(...weights.map(([i]) => i)), fanIn: Math.max(...weights.map(([, j]) => j)) };
}

/** One 2-D array of parts for each matrix. The scales say what counts as large: gradients are smaller than values. */
function layerParts(stage, { units, fanIn }) {
  const sliders = (names, hue) => grid(names, (name) => stage.slider(name, hue));
  const cells = (names, look) => grid(names, (name) => stage.cell(name, look));
  const gradient = { hue: "grad", scale: 0.12 };
  return {
    W: sliders(entryNames("W", units, fanIn)),
    x: sliders(entryNames("x", fanIn)),
    b: sliders(entryNames("b", units)),
    y: sliders(entryNames("y", units), "plain"),
    z: cells(entryNames("z", units)),
    a: cells(entryNames("a", units)),
    slope: cells(entryNames("slope", units), { hue: "plain" }),
    delta: cells(entryNames("delta", units), gradient),
    xT: [counted(fanIn).map((j) => stage.cell(`x[${j}]`, { output: `xT[${j}]`, digits: 2 }))],
    dW: cells(entryNames("dW", units, fanIn), { ...gradient, pick: true }),
    db: cells(entryNames("db", units), gradient),
    dx: cells(entryNames("dx", fanIn), gradient),
  };
}

/** Forward: the equations, then W x + b = z. */
function forward(stage, parts) {
  const loss = stage.bind("loss", shownNumber({ output: "loss", digits: 4 }));
  const end = h("span", { class: "xp-end" }, equation(stage.model, "loss"), " = ", loss.root);
  return [
    h("div", { class: "xp-eq is-value" },
      h("b", {}, "Forward"), equation(stage.model, "z"), equation(stage.model, "a"), end),
    h("div", { class: "xp-line forward" },
      matrixView(parts.W, symbol("W"), "sliders"),
      term(matrixView(parts.x, symbol("x"), "column"), operator("+"), matrixView(parts.b, symbol("b"), "column"),
        operator("="), matrixView(parts.z, symbol("z")))),
  ];
}

/** Backward: (a − y) ⊙ σ′(z) = δ, then the outer product as a multiplication table with xᵀ on top. */
function backward(stage, parts) {
  const proof = h("span", { class: "xp-end" }, badge(stage.model.get("badges")?.dW));
  const product = h("div", { class: "xp-outer" }, matrixView(parts.delta, symbol("delta")),
    h("div", {}, matrixView(parts.xT, transposed("x"), "flat top"), matrixView(parts.dW, symbol("dW"))));
  return [
    h("div", { class: "xp-eq is-grad" },
      h("b", {}, "Backward"), equation(stage.model, "delta"), equation(stage.model, "dW"), proof),
    h("div", { class: "xp-line" },
      term(operator("("), matrixView(parts.a, symbol("a")), operator("−"), matrixView(parts.y, symbol("y"), "column"),
        operator(")"), operator("⊙"), matrixView(parts.slope, symbol("slope"))),
      term(operator("="), product)),
  ];
}

// ---------- the chosen entry: its two factors, and the same number measured ----------

const raised = (n) => [...String(n)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("");
/** 5.1 × 10⁻¹²: a gap has a size, and no more than two digits that mean anything. */
function sized(value) {
  const [digits, exponent] = value.toExponential(1).split("e");
  return value === 0 ? "0" : `${digits} × 10${raised(Number(exponent))}`;
}

/** The exact entry, the central difference, and how far they are apart; `set(place, values)`. */
function compareLine(stage) {
  const exact = shownNumber({ output: "exact", write: (value) => fixed(value, 8) });
  const measured = shownNumber({ output: "difference", write: (value) => fixed(value, 8) });
  const apart = shownNumber({ output: "gap", write: sized });
  const pair = (number, ...term) => h("div", {}, h("span", { class: "xp-hint" }, ...term), number.root), step = h("span");
  const set = (place, values) => {
    exact.set(values[`dW${place}`]);
    writeText(step, `h = 10${raised(values.logh)}`);
    [[measured, "difference"], [apart, "gap"]].forEach(([number, quantity]) => {
      writeAttribute(number.root, "data-output", quantity + place);
      number.set(values[quantity + place]);
    });
  };
  return { set, root: h("div", { class: "xp-compare" }, pair(exact, "exact"),
    pair(measured, equation(stage.model, "difference")), pair(apart, "gap, ", step)) };
}

/** The gap at every step that the slider has, as bars above it: ever shorter with h, then longer again. */
function gapBars({ model, program }, { range: [least, greatest], input }) {
  const steps = counted(greatest - least + 1).map((n) => least + n - 1), bars = steps.map(() => h("i"));
  const root = h("div", { class: "xp-bars", role: "img" }, ...bars);
  const set = (gap) => {
    const inputs = model.get("inputs"), run = program.variants[model.get("variant")], at = program.outputs.indexOf(gap);
    const gaps = steps.map((step) => run(program.inputs.map((name) => (name === input ? step : inputs[name])))[at]);
    const best = gaps.indexOf(Math.min(...gaps));
    gaps.forEach((value, n) => {                                   // 10⁻¹⁵ has no height, 1 has the whole
      writeStyle(bars[n], "background-size", `100% ${(100 * clamp(1 + Math.log10(value) / 15, 0.03, 1)).toFixed(1)}%`);
      bars[n].toggleAttribute("data-shown", steps[n] === inputs[input]);
    });
    writeAttribute(root, "aria-label", `Gap at each step h: smallest, ${sized(gaps[best])}, at 10${raised(steps[best])}`);
  };
  return { root, set };
}

/** Its formula and its factors, whose places in the card are marked; below, what the loss alone says of it. */
function readOut(stage, parts) {
  const name = h("span"), product = shownNumber({ output: "product" });
  const left = chip("grad", "factor_delta"), right = chip("value", "factor_x", 2), compare = compareLine(stage);
  const bars = gapBars(stage, { input: "logh", range: stage.model.get("ranges").logh });
  const slider = stage.slider("logh", "plain").root;
  let named;
  const mark = (list, k) => list.forEach((part, n) => part.root.toggleAttribute("data-mark", n === k - 1));
  chooseEntry(stage, parts.dW, (i, j, values) => {
    const place = `[${i}][${j}]`, delta = `delta[${i}]`, x = `x[${j}]`;
    if (named !== place) name.replaceChildren(symbol(`dW${named = place}`));
    left.set(delta, values[delta]);
    right.set(x, values[x]);
    product.set(values[`dW${place}`]);
    compare.set(place, values);
    bars.set(`gap${place}`);
    mark(parts.delta.flat(), i);
    mark(parts.xT.flat(), j);
    mark(parts.x.flat(), j);
  });
  slider.classList.add("xp-by-step");
  slider.append(h("span", { class: "xp-hint" }, "gap at each h"), bars.root);
  return h("div", { class: "xp-read" },
    h("div", { class: "xp-formula" }, name, "=", left.root, "×", right.root, h("span", {}, "= ", product.root)),
    compare.root, slider);
}

/** Below: the read-out, and the two gradients that come with it. */
function below(stage, parts) {
  return h("div", { class: "xp-below" }, readOut(stage, parts),
    matrixView(parts.db, equation(stage.model, "db"), "flat"),
    matrixView(parts.dx, equation(stage.model, "dx"), "flat"));
}

/** Experiments on the last input and on the first unit. */
function experiments(stage, { fanIn }) {
  const last = `x[${fanIn}]`, ends = stage.model.get("ranges");
  const feedUnit1 = stage.program.inputs.filter((name) => name.startsWith("W[1]") || name.startsWith("x["));
  const saturate = () => stage.change(Object.fromEntries(feedUnit1.map((name) => [name, ends[name][1]])), "sigmoid");
  return tryThis("Choose an entry of ", symbol("dW"), ". Set ", experiment(() => stage.change({ [last]: 0 }), symbol(last), " = 0"),
    ": which column vanishes, and why? ", experiment(saturate, "Saturate unit 1"),
    ": far from its target, yet what is left of its row?");
}

function singleLayer({ model, root, program }) {
  const stage = makeStage({ model, program }), size = layerSize(program.inputs), parts = layerParts(stage, size);
  root.style.setProperty("--units", size.units);
  root.style.setProperty("--fan-in", size.fanIn);
  card(root, model.get("title"), variantTools(stage, ["logh"]),
    ...forward(stage, parts), ...backward(stage, parts), below(stage, parts), experiments(stage, size), key());
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  paperTable(stage, root, title, [...program.inputs, ...program.outputs]);
  return goLive(stage);
}
const view = singleLayer;
