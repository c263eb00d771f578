/* Two layers, forward and backward, line by line as the formulas stand in the text: two lines of sliders forward, then the
 * output's error and, below it, the error that is carried back by the transpose. The pass can be taken step by step: what a
 * step makes is marked, what it uses ringed, and what comes later is not there yet. Every number is an input or a result. */

/** What each step says, makes and uses. What a step both makes and uses appears with it. After the last stands the whole. */
const STEPS = [
  { words: "Layer 1, forward: W x + b gives z, and σ(z) gives a.", makes: ["z1", "a1"], uses: ["W1", "x", "b1"] },
  { words: "Layer 2, forward: the same, fed with what layer 1 gave.", makes: ["z2", "a2"], uses: ["W2", "a1", "b2"] },
  { words: "The loss: how far the output a⁽²⁾ is from the target y.", makes: ["loss"], uses: ["a2", "y"] },
  { words: "The error of layer 2: the difference, times the slope.", makes: ["slope2", "delta2"], uses: ["a2", "y", "slope2"] },
  { words: "Back through W⁽²⁾ᵀ: each unit collects from all that it fed.", makes: ["W2T", "again", "da1"], uses: ["W2T", "again"] },
  { words: "Times the slope of layer 1: its error δ⁽¹⁾.", makes: ["slope1", "delta1"], uses: ["da1", "slope1"] },
  { words: "Two outer products: an error, times what its layer was fed.",
    makes: ["dW2", "db2", "dW1", "db1"], uses: ["delta2", "a1", "delta1", "x"] },
];
const WHOLE = { words: "All of it. Choose an entry of δ⁽¹⁾: hover, tap or arrow keys.", makes: [], uses: [] };
const stepAt = (n) => STEPS[n - 1] ?? WHOLE;

/** The places in the card that a step may make or use, by the name of the quantity; `show(n)` marks those of step n. */
function places() {
  const known = [];
  return {
    at(name, root) {
      known.push({ name, root, from: STEPS.findIndex(({ makes }) => makes.includes(name)) + 1 });
      return root;
    },
    show(n) {
      const { makes, uses } = stepAt(n);
      known.forEach(({ name, root, from }) => {
        root.toggleAttribute("data-later", from > n);
        root.toggleAttribute("data-used", uses.includes(name));
        root.toggleAttribute("data-made", makes.includes(name) && !uses.includes(name));
      });
    },
  };
}

/** One 2-D array of parts for each matrix; copies have names of their own. Gradients are smaller than values. */
function networkParts(stage) {
  const sliders = (names, hue) => grid(names, (name) => stage.slider(name, hue));
  const cells = (names, look) => grid(names, (name) => stage.cell(name, look));
  const column = (letter) => entryNames(letter, 2), square = (letter) => entryNames(letter, 2, 2);
  const plain = { hue: "plain" }, gradient = { hue: "grad", scale: 0.12 };
  const layer = (l) => ({
    [`W${l}`]: sliders(square(`W${l}`)), [`b${l}`]: sliders(column(`b${l}`)),
    [`z${l}`]: cells(column(`z${l}`)), [`a${l}`]: cells(column(`a${l}`)), [`slope${l}`]: cells(column(`slope${l}`), plain),
    [`delta${l}`]: cells(column(`delta${l}`), { ...gradient, pick: l === 1 }),
    [`dW${l}`]: cells(square(`dW${l}`), gradient), [`db${l}`]: cells(column(`db${l}`), gradient),
  });
  const turned = (i, j) => stage.cell(`W2[${j}][${i}]`, { output: `W2T[${i}][${j}]`, digits: 2 });
  return {
    ...layer(1), ...layer(2), x: sliders(column("x")), y: sliders(column("y"), "plain"),
    W2T: counted(2).map((i) => counted(2).map((j) => turned(i, j))),
    again: counted(2).map((i) => [stage.cell(`delta2[${i}]`, { output: `delta2_again[${i}]`, ...gradient })]),
  };
}

/** Forward: the equations, then a line for each layer, from what goes in to z. */
function forward(stage, parts, view, at) {
  const loss = stage.bind("loss", shownNumber({ output: "loss", digits: 4 }));
  const end = h("span", { class: "xp-end" }, equation(stage.model, "loss"), " = ", at("loss", loss.root));
  const line = (l, fed) => h("div", { class: "xp-line forward" }, view(`W${l}`, "sliders"),
    term(fed, operator("+"), view(`b${l}`, "column"), operator("="), view(`z${l}`)));
  return [
    h("div", { class: "xp-eq is-value" }, h("b", {}, "Forward"),
      ...["a1", "a2"].map((name) => equation(stage.model, name)), end),
    line(1, view("x", "column")),
    line(2, view("a1")),
  ];
}

/** Backward: (a⁽²⁾ − y) ⊙ σ′(z⁽²⁾) = δ⁽²⁾; below it (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾) = δ⁽¹⁾. */
function backward(stage, parts, view) {
  const proof = h("span", { class: "xp-end" }, badge(stage.model.get("badges")?.delta1));
  const times = (l) => [operator(")"), operator("⊙"), view(`slope${l}`)];
  const result = (l) => term(operator("="), view(`delta${l}`));
  const gradient = (l) => h("div", { class: "xp-term xp-last" }, view(`dW${l}`));
  return [
    h("div", { class: "xp-eq is-grad" },
      h("b", {}, "Backward"), equation(stage.model, "delta2"), equation(stage.model, "delta1"), proof),
    h("div", { class: "xp-line" },
      term(operator("("), view("a2"), operator("−"), view("y", "column"), ...times(2)), result(2), gradient(2)),
    h("div", { class: "xp-line low" },
      term(operator("("), view("W2T", "", transposed("W2")), view("again", "", symbol("delta2")), ...times(1)),
      result(1), gradient(1)),
  ];
}

/** The chosen entry of δ⁽¹⁾, path by path: the entries of one column of W⁽²⁾, each times the error that it leads to. */
function readOut(stage, parts, at) {
  const paths = counted(2).map((i) => ({
    weight: chip("value", `path_weight[${i}]`, 2), error: chip("grad", `path_error[${i}]`), share: shownNumber({ output: `path[${i}]` }),
  }));
  const sum = chip("grad", "path_sum"), slope = chip("plain", "factor_slope"), name = h("span");
  const product = shownNumber({ output: "product" });
  const mark = (list, marked) => list.forEach((part, n) => part.root.toggleAttribute("data-mark", marked(n)));
  let named;
  chooseEntry(stage, parts.delta1, (j, _, values) => {
    const whole = stepAt(stage.model.get("view").step) === WHOLE;   // else the marks are those of the step
    paths.forEach(({ weight, error, share }, k) => {
      const i = k + 1, w = `W2[${i}][${j}]`, delta = `delta2[${i}]`;
      weight.set(w, values[w]);
      error.set(delta, values[delta]);
      share.set(values[`p2[${i}][${j}]`]);
    });
    sum.set(`da1[${j}]`, values[`da1[${j}]`]);
    slope.set(`slope1[${j}]`, values[`slope1[${j}]`]);
    product.set(values[`delta1[${j}]`]);
    if (named !== j) name.replaceChildren(symbol(`delta1[${named = j}]`));
    mark(parts.W2.flat(), (n) => whole && n % 2 === j - 1);                  // column j of W⁽²⁾ …
    mark(parts.W2T.flat(), (n) => whole && Math.floor(n / 2) === j - 1);     // … is row j of its transpose
    mark(parts.again.flat(), () => whole);
    mark(parts.slope1.flat(), (n) => whole && n === j - 1);
  });
  const line = (label, left, right, result) => [h("span", { class: "xp-label" }, label),
    left.root, h("span", {}, "×"), right.root, h("span", {}, "="), result.root];
  const shares = paths.flatMap(({ weight, error, share }, k) => line(`via unit ${k + 1}`, weight, error, share));
  const bent = line(name, sum, slope, product), brought = [...shares, sum.root];
  brought.forEach((root) => at("da1", root));
  bent.filter((root) => root !== sum.root).forEach((root) => at(root === slope.root ? "slope1" : "delta1", root));
  return h("div", { class: "xp-read xp-paths" }, ...shares, ...bent);
}

/** Below: the paths of the chosen entry, and the gradients of the biases. */
const below = (stage, parts, view, at) => h("div", { class: "xp-below" }, readOut(stage, parts, at),
  ...[2, 1].map((l) => view(`db${l}`, "flat")));

/** The pass step by step, from the start at one click; the step is said aloud, too. */
function walk(stage, show) {
  const words = (n) => stepAt(n).words, aloud = announcer(), count = STEPS.length + 1;
  const begin = button("Step through", () => { steps.stop(); stage.see({ step: 1 }); });
  const steps = stepper({ first: 1, count, words, perSecond: 0.4, onStep: (step) => stage.see({ step }), tools: [begin] });
  let now;
  stage.onPaint(() => {
    const { step } = stage.model.get("view");
    if (step === now) return;
    steps.set(now = step);
    show(step);
    aloud.set(words(step));
  });
  steps.root.append(aloud.root);
  return steps;
}

/** Cut the first unit off, or drive it out to where the activation is flat. */
function experiments(stage) {
  const greatest = stage.model.get("ranges")["W1[1][1]"][1];
  const cut = () => stage.change({ "W2[1][1]": 0, "W2[2][1]": 0 });
  const fed = stage.program.inputs.filter((name) => name.startsWith("W1[1]") || name.startsWith("x["));
  const saturate = () => stage.change(Object.fromEntries(fed.map((name) => [name, greatest])), "sigmoid");
  return tryThis("Let nobody listen to unit 1, ", experiment(cut, symbol("W2[1][1]"), " = ", symbol("W2[2][1]"), " = 0"), ", or ",
    experiment(saturate, "saturate unit 1"), ": what is left?");
}

/** The matrix of a quantity, known by its name to the steps; in the colour of what it is. */
function viewsOf(parts, at) {
  const hue = (name) => (/^(d|again)/.test(name) ? "grad" : /^(y|slope)/.test(name) ? "plain" : "value");
  return (name, look = "", caption = symbol(name)) => at(name, matrixView(parts[name], caption, `${look} is-${hue(name)}`));
}

function twoLayers({ model, root, program }) {
  const stage = makeStage({ model, program }), parts = networkParts(stage), { at, show } = places(), view = viewsOf(parts, at);
  root.style.setProperty("--units", 2);
  root.style.setProperty("--fan-in", 2);
  const steps = walk(stage, show);
  card(root, model.get("title"), variantTools(stage), steps.root,
    ...forward(stage, parts, view, at), ...backward(stage, parts, view), below(stage, parts, view, at), experiments(stage), key());
  root.querySelector(".xp-in").classList.add("compact", "stepped");
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  paperTable(stage, root, title, [...program.inputs, ...program.outputs]);
  const stop = goLive(stage);
  return () => { steps.stop(); stop(); };
}
const view = twoLayers;
