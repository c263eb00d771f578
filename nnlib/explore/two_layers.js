/* Two layers, forward and backward, line by line as the formulas stand in the text: two lines of sliders forward, then the
 * output's error and, below it, the error that is carried back by the transpose. Every number is an input or a result. */

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
function forward(stage, parts) {
  const loss = stage.bind("loss", shownNumber({ output: "loss", digits: 4 }));
  const end = h("span", { class: "xp-end" }, equation(stage.model, "loss"), " = ", loss.root);
  const line = (l, fed) => h("div", { class: "xp-line forward" },
    matrixView(parts[`W${l}`], symbol(`W${l}`), "sliders"),
    term(fed, operator("+"), matrixView(parts[`b${l}`], symbol(`b${l}`), "column"),
      operator("="), matrixView(parts[`z${l}`], symbol(`z${l}`))));
  return [
    h("div", { class: "xp-eq is-value" }, h("b", {}, "Forward"),
      ...["a1", "a2"].map((name) => equation(stage.model, name)), end),
    line(1, matrixView(parts.x, symbol("x"), "column")),
    line(2, matrixView(parts.a1, symbol("a1"))),
  ];
}

/** Backward: (a⁽²⁾ − y) ⊙ σ′(z⁽²⁾) = δ⁽²⁾; below it (W⁽²⁾ᵀ δ⁽²⁾) ⊙ σ′(z⁽¹⁾) = δ⁽¹⁾. */
function backward(stage, parts) {
  const proof = h("span", { class: "xp-end" }, badge(stage.model.get("badges")?.delta1));
  const times = (l) => [operator(")"), operator("⊙"), matrixView(parts[`slope${l}`], symbol(`slope${l}`))];
  const result = (l) => term(operator("="), matrixView(parts[`delta${l}`], symbol(`delta${l}`)));
  const gradient = (l) => h("div", { class: "xp-term xp-last" }, matrixView(parts[`dW${l}`], symbol(`dW${l}`)));
  return [
    h("div", { class: "xp-eq is-grad" },
      h("b", {}, "Backward"), equation(stage.model, "delta2"), equation(stage.model, "delta1"), proof),
    h("div", { class: "xp-line" },
      term(operator("("), matrixView(parts.a2, symbol("a2")), operator("−"), matrixView(parts.y, symbol("y"), "column"),
        ...times(2)), result(2), gradient(2)),
    h("div", { class: "xp-line low" },
      term(operator("("), matrixView(parts.W2T, transposed("W2")), matrixView(parts.again, symbol("delta2")), ...times(1)),
      result(1), gradient(1)),
  ];
}

/** The chosen entry of δ⁽¹⁾, path by path: the entries of one column of W⁽²⁾, each times the error that it leads to. */
function readOut(stage, parts) {
  const paths = counted(2).map((i) => ({
    weight: chip("value", `path_weight[${i}]`, 2), error: chip("grad", `path_error[${i}]`), share: shownNumber({ output: `path[${i}]` }),
  }));
  const sum = chip("grad", "path_sum"), slope = chip("plain", "factor_slope"), name = h("span");
  const product = shownNumber({ output: "product" });
  const mark = (list, marked) => list.forEach((part, n) => part.root.toggleAttribute("data-mark", marked(n)));
  let j;
  stage.onPaint((values) => {
    paths.forEach(({ weight, error, share }, k) => {
      const i = k + 1, w = `W2[${i}][${j}]`, delta = `delta2[${i}]`;
      weight.set(w, values[w]);
      error.set(delta, values[delta]);
      share.set(values[`p2[${i}][${j}]`]);
    });
    sum.set(`da1[${j}]`, values[`da1[${j}]`]);
    slope.set(`slope1[${j}]`, values[`slope1[${j}]`]);
    product.set(values[`delta1[${j}]`]);
    name.replaceChildren(symbol(`delta1[${j}]`));
    mark(parts.W2.flat(), (n) => n % 2 === j - 1);                  // column j of W⁽²⁾ …
    mark(parts.W2T.flat(), (n) => Math.floor(n / 2) === j - 1);     // … is row j of its transpose
    mark(parts.again.flat(), () => true);
    mark(parts.slope1.flat(), (n) => n === j - 1);
  });
  chooseAmong(parts.delta1, [0, 0], (row) => { j = row + 1; stage.paint(); });
  const line = (label, left, right, result) => [h("span", { class: "xp-label" }, label),
    left.root, h("span", {}, "×"), right.root, h("span", {}, "="), result.root];
  return h("div", { class: "xp-read xp-paths" },
    ...paths.flatMap(({ weight, error, share }, k) => line(`via unit ${k + 1}`, weight, error, share)),
    ...line(name, sum, slope, product));
}

/** Below: the paths of the chosen entry, and the gradients of the biases. */
const below = (stage, parts) => h("div", { class: "xp-below" }, readOut(stage, parts),
  ...[2, 1].map((l) => matrixView(parts[`db${l}`], symbol(`db${l}`), "flat")));

/** Cut the first unit off, or drive it out to where the activation is flat. */
function experiments(stage) {
  const greatest = stage.model.get("ranges")["W1[1][1]"][1];
  const cut = () => stage.change({ "W2[1][1]": 0, "W2[2][1]": 0 });
  const fed = stage.program.inputs.filter((name) => name.startsWith("W1[1]") || name.startsWith("x["));
  const saturate = () => stage.change(Object.fromEntries(fed.map((name) => [name, greatest])), "sigmoid");
  return tryThis("Choose an entry of ", symbol("delta1"), " (hover, tap or arrow keys): its paths appear. Then let nobody ",
    "listen to unit 1, ", experiment(cut, symbol("W2[1][1]"), " = ", symbol("W2[2][1]"), " = 0"), ", or ",
    experiment(saturate, "saturate unit 1"), ": what is left of its error?");
}

function twoLayers({ model, root, program }) {
  const stage = makeStage({ model, program }), parts = networkParts(stage);
  root.style.setProperty("--units", 2);
  root.style.setProperty("--fan-in", 2);
  card(root, model.get("title"), variantTools(stage),
    ...forward(stage, parts), ...backward(stage, parts), below(stage, parts), experiments(stage), key());
  root.querySelector(".xp-in").classList.add("compact");
  const title = () => `${model.get("title")}, ${model.get("variant")}`;
  stage.onPaint(paperTable(root, title, [...program.inputs, ...program.outputs]));
  return goLive(stage);
}
const view = twoLayers;
