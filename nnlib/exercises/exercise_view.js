/* The exercise on the page: what is typed is typeset as it is typed, judged at every key, and helped with step by step. */

// ---------- typesetting: the tree as MathML, made element by element ----------

const MATHML = "http://www.w3.org/1998/Math/MathML";
const BINDS = { sum: 1, negative: 1, entrywise: 2, product: 3, power: 5, transpose: 5 };
const GREEK = { delta: "δ", Delta: "Δ", sigma: "σ", eta: "η", yhat: "ŷ", ones: "𝟏", sigmoid: "σ", relu: "ReLU" };

function math(tag, ...kids) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...kids);
  return node;
}

const spaced = (node, text) => {
  if (text) node.setAttribute("lspace", text);
  if (text) node.setAttribute("rspace", text);
  return node;
};
const sign = (text, space = "") => spaced(math("mo", text), space);
const bracketed = (inner, open = "(", close = ")") => math("mrow", math("mo", open), inner, math("mo", close));

class Typesetter {
  constructor(letters) { this.letters = letters; }
  of(node) { return this[node.kind](node); }
  /** In brackets where it would else be read otherwise. */
  within(node, level) {
    const inner = this.of(node), binds = node.kind === "product" && node.value.at(-1) === "/" && node.args.length === 2 ? 4 : BINDS[node.kind] ?? 6;
    return binds < level ? bracketed(inner) : inner;
  }
  number(node) { return math("mn", String(node.value[0] / node.value[1])); }
  letter(node) {
    const [which, row, column] = node.value, { stem, layer, partial, rows, columns } = this.letters[which];
    const name = math("mi", GREEK[stem] ?? stem), above = layer === null ? null : math("mrow", math("mo", "("), math("mn", String(layer)), math("mo", ")"));
    const index = rows > 1 && columns > 1 ? [row + 1, column + 1] : [Math.max(row, column) + 1];
    const below = row < 0 || rows * columns === 1 ? null : math("mn", index.join(index.some((n) => n > 9) ? "," : ""));
    const whole = above && below ? math("msubsup", name, below, above) : above ? math("msup", name, above) : below ? math("msub", name, below) : name;
    return partial ? math("mfrac", math("mrow", sign("∂"), math("mi", "L")), math("mrow", sign("∂"), whole)) : whole;
  }
  sum(node) {
    return math("mrow", ...node.args.flatMap((arg, k) => {
      const term = this.within(arg, k ? 2 : 1);
      return k ? [sign(node.value[k] === "-" ? "−" : "+", ".22em"), term] : [term];
    }));
  }
  negative(node) { return math("mrow", sign("−"), this.within(node.args[0], 2)); }
  entrywise(node) {
    return math("mrow", ...node.args.flatMap((arg, k) => [...(k ? [sign("⊙", ".2em")] : []), this.within(arg, 3)]));
  }
  product(node) {
    let row = [];
    node.args.forEach((arg, k) => {
      if (node.value[k] === "/") row = [math("mfrac", math("mrow", ...row), this.of(arg))];
      else row.push(...(k ? [this.between(node.args[k - 1], arg, node.value[k])] : []), this.within(arg, 4));
    });
    return math("mrow", ...row);
  }
  between(left, right, typed) {
    if (typed === "⊗" || typed === "·") return sign(typed, ".15em");
    return right.kind === "number" || (left.kind === "number" && left.value[1] !== 1 && right.kind === "number") ? sign("·", ".15em") : sign("\u2062", ".08em");
  }
  power(node) {
    const [top, bottom] = node.value, base = this.within(node.args[0], 6);
    if (top === 1 && bottom === 2) return math("msqrt", this.of(node.args[0]));
    const exponent = Number.isInteger(top / bottom) ? [String(Math.abs(top / bottom))] : [`${Math.abs(top)}/${bottom}`];
    return math("msup", base, math("mrow", ...(top < 0 ? [sign("−")] : []), math("mn", ...exponent)));
  }
  identity() { return math("mi", "I"); }
  entry(node) { return math("msub", this.within(node.args[0], 6), math("mn", node.value.join(","))); }
  transpose(node) { return math("msup", this.within(node.args[0], 6), sign("⊤")); }
  call(node) {
    const [name, primes] = node.value, symbol = math("mi", GREEK[name] ?? name);
    const head = primes ? math("msup", symbol, sign("′".repeat(primes))) : symbol;
    return math("mrow", head, bracketed(this.of(node.args[0])));
  }
  whole(node) {
    const [name] = node.value, inner = this.of(node.args[0]);
    return name === "norm" ? bracketed(inner, "‖", "‖") : math("mrow", math("mi", name), bracketed(inner));
  }
}

// ---------- the card ----------

/** element("p", { class: "x", onclick: f }, kids...). Kids that are text stay text. */
function element(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  Object.entries(props).forEach(([key, value]) => {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  });
  node.append(...kids);
  return node;
}

/** The help, one step more each time it is asked for, with the button that asks. */
function helper(root, verdict) {
  const list = element("ol", { class: "ex-help", "aria-live": "polite", "aria-label": "Help" });
  let steps = [];
  const step = () => {
    if (list.children.length < steps.length) list.append(element("li", {}, steps[list.children.length]));
    more.hidden = list.children.length >= steps.length;
    if (steps.length && verdict.textContent !== "Not yet.") verdict.textContent = "Not yet.";
    if (more.hidden && steps.length) root.querySelector(".ex-solution")?.setAttribute("data-offered", "");
  };
  const more = element("button", { type: "button", class: "xp-btn ex-more", hidden: "", onclick: step }, "More help");
  const show = (found) => {
    steps = found?.verdict === "wrong" ? found.help : [];
    list.replaceChildren();
    more.hidden = true;
  };
  return { list, more, show, step };
}

/** Tells the page what an exercise has said of an answer; returns what was told. */
function announced(root, name, answer, { verdict, kind }) {
  const detail = { name, answer, verdict, kind };
  root.dispatchEvent(new CustomEvent("exercise-checked", { bubbles: true, detail }));
  return detail;
}

const SAID = { right: () => "✓ Right.", wrong: () => "Not yet. Press Enter for help.", unreadable: (found) => found.message };

/** Puts the field, the typeset formula, the verdict and the help into an exercise's root; returns its clean-up. */
function mountExercise({ root, question, program, onAnswer = () => {} }) {
  const judge = new Judge(question, program.run, { ...STANDARD, ...program.functions });
  const typesetter = new Typesetter(question.letters), id = `exercise-${question.name}`;
  const field = element("input", {
    id: `${id}-answer`, type: "text", "data-answer": "", autocomplete: "off", autocapitalize: "off", autocorrect: "off",
    spellcheck: "false", "aria-describedby": `${id}-verdict`, maxlength: String(2 * GRAMMAR.longest),
  });
  const seen = element("div", { class: "ex-seen" });
  const verdict = element("p", { class: "ex-verdict", id: `${id}-verdict`, "data-verdict": "", role: "status", "aria-live": "polite" });
  const place = element("p", { class: "ex-place", "aria-hidden": "true" });
  const help = helper(root, verdict);
  let found = null;

  const show = () => {
    const text = field.value, empty = text.trim() === "";
    found = empty ? null : judge.judge(text);
    const state = found?.verdict ?? "", words = found ? SAID[state](found) : "";
    if (verdict.dataset.verdict !== state) verdict.dataset.verdict = state;
    verdict.dataset.kind = found?.kind ?? "";
    if (verdict.textContent !== words) verdict.textContent = words;
    field.setAttribute("aria-invalid", String(state === "unreadable"));
    if (found?.tree || empty) seen.replaceChildren(...(empty ? [] : typeset(found)));
    seen.classList.toggle("is-old", state === "unreadable" && !found.tree);
    place.replaceChildren(...(found?.verdict === "unreadable" ? marked(text, found.place) : []));
    help.show(found);
    const before = "solved" in root.dataset;
    root.toggleAttribute("data-solved", state === "right");
    if (state === "right" && !before) announced(root, question.name, text, found); // nobody need press a key any more
  };
  const typeset = ({ tree, shape }) => {
    const formula = math("math", typesetter.of(tree));
    return shape ? [formula, element("span", { class: "ex-shape" }, sizeInWords(shape))] : [formula];
  };
  /** The text with the place marked that cannot be read: text nodes, never markup. */
  const marked = (text, [start, end]) => {
    const chars = Array.from(text), part = (from, to) => chars.slice(from, to).join("");
    return [part(0, start), element("mark", {}, part(start, end) || "‸"), part(Math.max(start, end), chars.length)];
  };
  const check = () => {
    show();
    if (!found) return;
    help.step();
    onAnswer(announced(root, question.name, field.value, found));
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) check(); });

  const label = element("label", { for: field.id }, `${question.asked} =`);
  const button = element("button", { type: "button", class: "xp-btn", onclick: check }, "Check");
  const live = element("div", { class: "ex-live" }, element("div", { class: "ex-row" }, label, field, button), seen, verdict, place, help.list, help.more);
  root.querySelector(".ex-live")?.remove();
  const solution = root.querySelector(".ex-solution");
  root.insertBefore(live, solution);
  root.dataset.live = "";
  return { live, stop: () => live.remove() };
}
