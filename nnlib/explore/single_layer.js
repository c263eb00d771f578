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

/** The chosen entry of ∂L/∂W as its two factors; their places in the card are marked. */
function readOut(stage, parts) {
  const name = h("span"), product = shownNumber({ output: "product" });
  const left = chip("grad", "factor_delta"), right = chip("value", "factor_x", 2);
  const mark = (list, k) => list.forEach((part, n) => part.root.toggleAttribute("data-mark", n === k));
  let at;
  stage.onPaint((values) => {
    const [i, j] = at, entry = `dW[${i + 1}][${j + 1}]`, delta = `delta[${i + 1}]`, x = `x[${j + 1}]`;
    name.replaceChildren(symbol(entry));
    left.set(delta, values[delta]);
    right.set(x, values[x]);
    product.set(values[entry]);
    mark(parts.delta.flat(), i);
    mark(parts.xT.flat(), j);
    mark(parts.x.flat(), j);
  });
  chooseAmong(parts.dW, [0, parts.dW[0].length - 1], (...shown) => { at = shown; stage.paint(); });
  return h("div", { class: "xp-read" },
    h("span", { class: "xp-hint" }, "Choose an entry of ", symbol("dW"), ": hover, tap or arrow keys"),
    h("div", { class: "xp-formula" }, name, "=", left.root, "×", right.root, h("span", {}, "= ", product.root)));
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
  return tryThis("Set ", experiment(() => stage.change({ [last]: 0 }), symbol(last), " = 0"),
    " and look: which column of ", symbol("dW"), " vanishes, and why? Then ", experiment(saturate, "saturate unit 1"),
    " and look again: it may be far from its target, yet what is left of its row?");
}

function singleLayer({ model, root, program }) {
  const stage = makeStage({ model, program }), size = layerSize(program.inputs), parts = layerParts(stage, size);
  root.style.setProperty("--units", size.units);
  root.style.setProperty("--fan-in", size.fanIn);
  card(root, model.get("title"), variantTools(stage),
    ...forward(stage, parts), ...backward(stage, parts), below(stage, parts), experiments(stage, size), key());
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  stage.onPaint(paperTable(root, title, [...program.inputs, ...program.outputs]));
  return goLive(stage);
}
const view = singleLayer;
