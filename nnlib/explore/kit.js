/* The kit: the parts that every explorable is made of.
 *
 * A part is { root, set(value) }. A stage binds parts to quantities by name and repaints them together; each number it
 * hands out is an input of the page's program or one of its results. The kit computes tints, widths and digits, never
 * mathematics. Files are concatenated, so there is nothing to import or export. */

// ---------- elements ----------

/** h("div", {class: "x", onclick: f}, kids...): one element. Absent properties and kids are left out. */
function h(tag, props = {}, ...kids) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...kids.filter((kid) => kid !== null && kid !== undefined));
  return node;
}

/** The same for SVG. */
function svg(tag, props = {}, ...kids) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value);
  }
  node.append(...kids);
  return node;
}

/** The same for MathML, which browsers draw and screen readers read without a library. */
function mathml(tag, ...kids) {
  const node = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  node.append(...kids);
  return node;
}

/** Unique on the page, not only in this module: each explorable on a page brings its own copy of the kit. */
function uniqueId() {
  globalThis.explorableIds = (globalThis.explorableIds ?? 0) + 1;
  return `xp-${globalThis.explorableIds}`;
}

// ---------- writing: what stays as it is costs neither style nor layout ----------

/** The text of an element that holds nothing else, written into the text that is there: no node comes or goes. */
function writeText(node, text) {
  const { firstChild } = node;
  if (!firstChild || firstChild.nextSibling || firstChild.nodeType !== Node.TEXT_NODE) node.replaceChildren(document.createTextNode(text));
  else if (firstChild.data !== text) firstChild.data = text;
}
/** A property of an element's style. A plain value of a plain property is cheap; what hangs on a custom one is worked out anew. */
function writeStyle(node, name, text) {
  if (node.style.getPropertyValue(name) !== text) node.style.setProperty(name, text);
}
/** An attribute; null takes it away. */
function writeAttribute(node, name, text) {
  if (text === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(text)) node.setAttribute(name, text);
}
function writeHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}
/** Out of sight and out of reach, in a place that stays: a neighbour that is neither moved nor laid out anew. */
function writeOff(node, off) {
  if (node.hasAttribute("data-off") !== off) node.toggleAttribute("data-off", off);
}

/** The same function, which works out only once what it gives for each argument. */
function keptFor(make) {
  const made = new Map();
  return (argument) => made.get(argument) ?? made.set(argument, make(argument)).get(argument);
}

/** Does something when it has not been asked for a while. A timer that runs is left to run. */
function whenCalm(pause, act) {
  let due = 0, timer = null;
  const look = () => {
    const left = due - performance.now();
    timer = left > 0 ? setTimeout(look, left) : null;
    if (timer === null) act();
  };
  return () => {
    due = performance.now() + pause;
    timer ??= setTimeout(look, pause);
  };
}

// ---------- names of quantities ----------

const counted = (n) => Array.from({ length: n }, (_, k) => k + 1);
/** Names of a matrix's entries as a 2-D array, counted from 1 as in the text; a column when there is no second size. */
const entryNames = (letter, rows, columns) =>
  counted(rows).map((i) => (columns ? counted(columns).map((j) => `${letter}[${i}][${j}]`) : [`${letter}[${i}]`]));
const indicesOf = (name) => name.match(/\d+/g).map(Number);
/** One part for each name of a 2-D array of names. */
const grid = (names, make) => names.map((row) => row.map(make));

const GREEK = { delta: "δ", eta: "η", loss: "L", logh: "log₁₀ h", logeta: "log₁₀ η" };
/** dW2[1][3]: whether it is a derivative of the loss, or new after a step; its letter, its layer and its indices ("" where it has none). */
function namedParts(name) {
  const [, d, anew = "", letter, layer, brackets] = name.match(/^(d(?!elta))?(new(?=[Wb]))?([A-Za-z]+)(\d*)((?:\[\d+\])*)$/);
  return { d, anew, letter, layer, indices: brackets.replaceAll(/\D/g, "") };
}
/** The layer's number stands in brackets above, the indices below. */
function indexed(letter, layer, indices) {
  const base = mathml("mi", GREEK[letter] ?? letter), below = mathml("mn", indices);
  const above = mathml("mrow", ...spaceless("("), mathml("mn", layer), ...spaceless(")"));
  if (layer) return indices ? mathml("msubsup", base, below, above) : mathml("msup", base, above);
  return indices ? mathml("msub", base, below) : base;
}
/** Signs without the room that an operator takes; brackets do not grow. */
const spaceless = (signs) => [...signs].map((sign) => {
  const mo = mathml("mo", sign);
  Object.entries({ lspace: 0, rspace: 0, stretchy: false }).forEach(([key, value]) => mo.setAttribute(key, value));
  return mo;
});

/** How a quantity is written: dW[1][2] is ∂L/∂W₁₂, z2[1] is z⁽²⁾₁. One spelling for labels, captions and tables. */
function symbol(name) {
  const { d, anew, letter, layer, indices } = namedParts(name);
  if (letter === "slope") {
    return mathml("math", mathml("mi", "σ"), ...spaceless("′("), indexed("z", layer, indices), ...spaceless(")"));
  }
  const lossBy = d ? [...spaceless("∂"), mathml("mi", "L"), ...spaceless("/∂")] : [];
  return mathml("math", ...lossBy, indexed(letter, layer, [anew, indices].filter(Boolean).join(", ")));
}
/** The same in words, for a control's name, since not every reader looks into the mathematics: "δ of layer 1, entry 2". */
function spoken(name) {
  const { d, anew, letter, layer, indices } = namedParts(name);
  const entry = indices && (layer ? `, entry ${indices}` : indices);
  return `${d ? "∂L/∂" : anew && "new "}${GREEK[letter] ?? letter}${layer && ` of layer ${layer}`}${entry}`;
}

function transposed(name) {
  const { letter, layer } = namedParts(name);
  const above = mathml("mrow", ...(layer ? [...spaceless("("), mathml("mn", layer), ...spaceless(")")] : []), ...spaceless("⊤"));
  return mathml("math", mathml("msup", mathml("mi", letter), above));
}

/** What Python has written as HTML. */
function markup(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** A whole equation as the build printed it from the Formula; the page's JavaScript knows none. */
const equation = (model, key) => h("span", { class: "xp-math" }, markup(model.get("math")[key] ?? ""));

/** Whether two settings are one, but for the names left out. */
const sameSetting = (one, other, but = []) => one === other
  || Object.keys(one).every((name) => Object.is(one[name], other[name]) || but.includes(name));

// ---------- numbers ----------

/** A true minus sign, and never "−0.000". */
function fixed(value, digits = 3) {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
}

/** Six characters while that can be: fewer digits when large, and 2.7e−4 where fixed digits would say zero. */
function short(value, digits = 3) {
  const tiny = value !== 0 && Math.abs(value) < 0.001;
  const text = tiny ? value.toExponential(Math.min(digits, 1)).replaceAll("-", "−") : fixed(value, digits);
  return text.length > 6 && digits > 0 ? short(value, digits - 1) : text;
}

/** Depth of an entry's tint in per cent: centred on zero, saturating, and never rescaled behind the reader's back. */
const tint = (value, scale) => (50 * Math.abs(value)) / (Math.abs(value) + scale);

const clamp = (value, min, max) => Math.min(Math.max(value, min), max);
const decimals = (step) => (String(step).split(".")[1] ?? "").length;

/** Whole numbers 0 … n − 1, the same on every visit (a multiplicative congruential generator). */
function makeRandom(seed) {
  return (n) => {
    seed = (seed * 48271) % 2147483647;
    return Math.floor((seed / 2147483647) * n);
  };
}

/** A value on the slider's own grid. */
function randomValue([min, max, step], random) {
  const marks = Math.round((max - min) / step) + 1;
  return Number((min + step * random(marks)).toFixed(decimals(step)));
}

// ---------- controls ----------

/** On every native input; without the first, JupyterLab takes the arrow keys. */
const NATIVE = { "data-lm-suppress-shortcuts": "true", autocomplete: "off" };

/** A place of a size of its own for an input: what moves within is laid out within. */
const kept = (look, input) => h("span", { class: `xp-${look}` }, input);

/** The track is filled from zero to the value, as far as it reaches: a background that wide, and so far along. */
function fillTrack(range, min, max) {
  const percent = (value) => (100 * (value - min)) / (max - min), { style } = range.parentNode;
  const ends = [percent(range.valueAsNumber), percent(clamp(0, min, max))], wide = Math.abs(ends[1] - ends[0]);
  const along = wide < 100 ? (100 * Math.min(...ends)) / (100 - wide) : 0;
  style.backgroundSize = `${wide.toFixed(2)}% 4px, 100% 4px`;
  style.backgroundPosition = `${along.toFixed(2)}% 50%, 0px 50%`;
}

/** Label, number box and slider of one symbol. */
function slider({ input, range: [min, max, step], hue = "value", onInput }) {
  const id = uniqueId(), digits = decimals(step), onGrid = (value) => Number(value.toFixed(digits));
  const shared = { min, max, step, "data-input": input, "aria-label": spoken(input), ...NATIVE };
  const range = h("input", { type: "range", id, ...shared });
  const box = h("input", { type: "number", inputmode: "decimal", ...shared });
  const label = h("label", { for: id }, symbol(input));
  const root = h("div", { class: `xp-slider is-${hue}` }, label, kept("box", box), kept("rail", range));
  range.addEventListener("input", () => onInput(range.valueAsNumber));
  box.addEventListener("input", () => {
    if (box.valueAsNumber >= min && box.valueAsNumber <= max) onInput(onGrid(box.valueAsNumber));
  });
  box.addEventListener("change", () => {                           // on leaving: the nearest allowed value
    const typed = Number.isNaN(box.valueAsNumber) ? range.valueAsNumber : box.valueAsNumber;
    box.value = clamp(typed, min, max).toFixed(digits);
    onInput(box.valueAsNumber);
  });
  const set = (value) => {
    range.value = value;
    fillTrack(range, min, max);
    if (onGrid(box.valueAsNumber) !== onGrid(value)) box.value = value.toFixed(digits);  // "0." stays while it is typed
  };
  return { root, set };
}

/** A choice among two or three, as native radios. */
function segmented({ input, legend, options, onInput }) {
  const name = uniqueId();
  const radios = options.map((value) =>
    h("input", { type: "radio", name, value, "data-input": input, ...NATIVE, onchange: () => onInput(value) }));
  const labels = radios.map((radio) => h("label", {}, radio, h("span", { "data-text": radio.value }, radio.value)));
  return {
    root: h("fieldset", { class: "xp-seg" }, h("legend", {}, legend), ...labels),
    set(value) { radios.forEach((radio) => { if (radio.checked !== (radio.value === value)) radio.checked = !radio.checked; }); },
  };
}

const button = (text, onclick) => h("button", { class: "xp-btn", type: "button", onclick }, text);
const toolbar = (...parts) => h("div", { class: "xp-tools" }, ...parts);

// ---------- time ----------

const wantsStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Play and Pause: `tick()` so many times a second, until it returns false, the page is hidden or the figure is gone. Who wants
 * no motion gets `atOnce` ticks at one press. */
function player({ label = "Play", perSecond = 4, tick, atOnce = 25 }) {
  let timer = null;
  const root = button(label, () => { if (timer !== null) stop(); else start(); });
  const show = (playing) => {
    root.textContent = playing ? "Pause" : label;
    root.setAttribute("aria-pressed", playing);
  };
  const again = () => {
    const goesOn = root.isConnected && !document.hidden && tick() !== false;
    if (goesOn && timer !== null) timer = setTimeout(again, 1000 / perSecond);   // the tick itself may have stopped it
    else stop();
  };
  const stop = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    show(false);
  };
  const start = () => {
    if (wantsStill()) {
      for (let n = 0; n < atOnce; n += 1) if (tick() === false) return;
      return;
    }
    timer = setTimeout(again, 0);
    show(true);
  };
  root.setAttribute("aria-pressed", false);
  return { root, stop };
}

/** Back, Next, Play and a slider that takes the arrow keys: steps from `first` to `count`, with `words(n)` for each. `onStep(n)` is
 * where a step goes; `set(n)` shows it. A count that changes is handed to `set` too. */
function stepper({ first = 0, count, words, onStep, play = true, perSecond = 2, tools = [] }) {
  const id = uniqueId(), text = h("span", { class: "xp-words" });
  let now = first, last = count;
  const range = h("input", { type: "range", id, min: first, max: count, step: 1, "data-input": "step", ...NATIVE });
  const go = (n) => onStep(clamp(n, first, last));
  const ahead = () => {
    go(now === last ? first : now + 1);
    return now < last;
  };
  const playing = player({ perSecond, tick: ahead, atOnce: count });
  const by = (step) => () => { playing.stop(); go(now + step); };
  const [back, next] = [button("Back", by(-1)), button("Next", by(1))];
  range.addEventListener("input", () => { playing.stop(); go(range.valueAsNumber); });
  const root = h("div", { class: "xp-steps", role: "group", "aria-label": "Steps" }, back, next, play ? playing.root : null,
    h("label", { for: id }, "Step"), kept("rail", range), text, ...tools);
  const set = (n, of = last) => {
    [now, last] = [n, of];
    writeAttribute(range, "max", last);
    if (range.valueAsNumber !== n) range.value = n;
    writeText(text, words(n));
    writeAttribute(range, "aria-valuetext", text.textContent);
    writeAttribute(back, "aria-disabled", n === first);              // still a place for the focus
    writeAttribute(next, "aria-disabled", n === last);
  };
  return { root, set, stop: playing.stop };
}

// ---------- shown numbers ----------

/** A number in its place: the text is for the eye, data-value is exact. Where the place has a size of its own, new digits are laid out
 * within it, and nothing around it. */
function shownNumber({ output, digits = 3, write = (value) => short(value, digits), tag = "span", look = "xp-num", ...props }) {
  const text = document.createTextNode(""), inLine = !/^xp-(num|cell)/.test(look);
  const root = h(tag, { class: look, "data-output": output, ...props }, inLine ? text : h("span", { class: "xp-digits" }, text));
  let was;
  return {
    root, text,
    set(value) {
      if (Object.is(value, was)) return;                             // what stays costs no layout
      const written = write(was = value);
      if (text.data !== written) text.data = written;
      root.setAttribute("data-value", value);
    },
  };
}

/** The tint behind a number: deeper when it is further from zero, hatched when it is negative. */
function tinted() {
  const root = h("i", { class: "xp-tint" });
  let negative = false;
  return {
    root,
    set(value, scale) {
      root.style.backgroundColor = `color-mix(in srgb, currentcolor ${tint(value, scale).toFixed(1)}%, transparent)`;
      if (negative !== value < 0) root.toggleAttribute("data-negative", negative = value < 0);
    },
  };
}

/** An entry of a matrix: tinted by its size, hatched when negative. With `pick` it is a button that can be chosen. */
function numberCell({ output, hue = "value", digits = 3, scale = 1, pick = false }) {
  const props = pick ? { tag: "button", type: "button", "data-lm-suppress-shortcuts": "true" } : {};
  const { root, text, set } = shownNumber({ output, look: `xp-cell is-${hue}`, digits, ...props }), deep = tinted();
  const name = pick ? spoken(output) : "";
  root.append(deep.root);
  return {
    root,
    set(value) {
      set(value);
      deep.set(value, scale);
      if (pick) root.setAttribute("aria-label", `${name}: ${text.data}`);
    },
  };
}

/** A factor in the read-out: its symbol and its number, ringed in the colour of what it is. */
function chip(hue, output, digits) {
  const name = h("span"), number = shownNumber({ output, digits });
  let named;
  return {
    root: h("span", { class: `xp-chip is-${hue}` }, name, number.root),
    set(quantity, value) {
      if (named !== quantity) name.replaceChildren(symbol(named = quantity));
      number.set(value);
    },
  };
}

// ---------- matrices ----------

/** Brackets around a 2-D array of parts, caption and shape below. `look`: "sliders", "column", "flat" or "flat top". */
function matrixView(parts, caption, look = "") {
  const body = h("div", { class: "xp-mx-body" }, ...parts.flat().map((part) => part.root));
  body.style.setProperty("--columns", parts[0].length);
  const shape = h("span", { class: "xp-shape" }, `${parts.length} × ${parts[0].length}`);
  return h("figure", { class: `xp-mx ${look}` }, body, h("figcaption", {}, caption, shape));
}
const operator = (sign) => h("span", { class: "xp-op" }, sign);
/** Matrices and operators that stay on one line while there is room. */
const term = (...parts) => h("div", { class: "xp-term" }, ...parts);

/** Hover previews an entry; focus, click or arrow keys choose it, and the choice stays. The matrix is one tab stop. Where the
 * choice is kept elsewhere, `onChoose` takes it there, and what is returned brings it back. */
function chooseAmong(parts, start, onShow, onChoose) {
  const buttons = parts.map((row) => row.map((part) => part.root));
  let chosen = start;
  const show = (at) => {
    buttons.forEach((row, i) => row.forEach((b, j) => {
      const isChosen = i === chosen[0] && j === chosen[1];
      b.tabIndex = isChosen ? 0 : -1;
      b.setAttribute("aria-pressed", isChosen);
      b.toggleAttribute("data-shown", i === at[0] && j === at[1]);
    }));
    onShow(...at);
  };
  const set = (at) => { chosen = at; show(at); }, choose = onChoose ?? set;
  buttons.forEach((row, i) => row.forEach((b, j) => {
    b.addEventListener("pointerenter", () => show([i, j]));
    b.addEventListener("pointerleave", () => show(chosen));
    b.addEventListener("focus", () => choose([i, j]));
    b.addEventListener("click", () => b.focus());                  // Safari does not focus what is clicked
    b.addEventListener("keydown", (event) => moveFocus(event, buttons, i, j));
  }));
  set(start);
  return set;
}

/** The chosen entry as a part of the figure's state (the view `chosen`, an entry's name), so that a link holds it. `draw(i, j, values)`
 * shows an entry, counted from 1, whenever it or a number changes. */
function chooseEntry(stage, parts, draw) {
  const names = parts.map((row) => row.map((part) => part.root.dataset.output)), columns = names[0].length;
  let shown, values, chosen;
  const redraw = () => { if (values) draw(shown[0] + 1, shown[1] + 1, values); };
  const set = chooseAmong(parts, [0, 0], (...at) => { shown = at; redraw(); }, ([i, j]) => stage.see({ chosen: names[i][j] }));
  stage.onPaint((now) => {
    const wanted = stage.model.get("view").chosen, n = names.flat().indexOf(wanted);
    values = now;
    if (wanted === chosen) redraw();
    else set([Math.floor(n / columns), n % columns]);
    chosen = wanted;
  });
}

function moveFocus(event, buttons, i, j) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = buttons.length, columns = buttons[0].length;
  buttons[(i + step[0] + rows) % rows][(j + step[1] + columns) % columns].focus();
}

// ---------- curves ----------

const PLOT = { wide: 250, high: 100, left: 46, right: 8, top: 17, bottom: 20 };

/** Values against steps, from zero up: `set([[step, value], …])`. Names at the axes, the greatest value and the last step beside
 * them; in words the same for those who do not see it. */
function curvePlot({ across = "step", up = "loss", hue = "value", wide = PLOT.wide, high = PLOT.high }) {
  const { left, right, top, bottom } = PLOT, [end, floor] = [wide - right, high - bottom];
  const line = svg("polyline"), dot = svg("circle", { r: 3.5 });
  const most = svg("text", { x: left - 5, y: top + 5, class: "xp-up" }), last = svg("text", { x: end, y: high - 6, class: "xp-up" });
  const root = svg("svg", { viewBox: `0 0 ${wide} ${high}`, class: `xp-plot is-${hue}`, role: "img" },
    svg("path", { d: `M${left} ${top}V${floor}H${end}` }), svg("text", { x: left - 5, y: floor, class: "xp-up" }, "0"), most,
    svg("text", { x: left, y: 10 }, up), svg("text", { x: left, y: high - 6 }, across), last, line, dot);
  let before;
  const set = (points) => {
    if (points === before) return;
    before = points;
    const drawn = points.filter((point) => point.every(Number.isFinite)), [steps, value] = drawn.at(-1);
    const height = Math.max(...drawn.map((point) => point[1])) || 1;
    const place = ([x, y]) => [left + ((end - left) * x) / (steps || 1), floor - ((floor - top) * y) / height];
    line.setAttribute("points", drawn.map((point) => place(point).map((n) => n.toFixed(1)).join()).join(" "));
    ["cx", "cy"].forEach((key, k) => dot.setAttribute(key, place(drawn.at(-1))[k]));
    writeText(most, short(height, 2));
    writeText(last, String(steps));
    root.setAttribute("aria-label", `${up} against ${across}s: ${steps} ${across}${steps === 1 ? "" : "s"}, from ${short(drawn[0][1])} to ${short(value)}`);
  };
  return { root: h("div", { class: "xp-drawn" }, root), set };
}

// ---------- around the mathematics ----------

/** The verdict beside a formula; its facts open over the page, so that nothing moves. (No <details>: the browser lays out the whole
 * page anew when one comes.) */
function badge(claim) {
  if (!claim) return null;
  const facts = Object.entries(claim.facts).flatMap(([label, text]) => [h("dt", {}, label), h("dd", {}, markup(text))]);
  const told = h("div", { hidden: true }, h("dl", {}, ...facts));
  const verdict = h("button", { type: "button", onclick: () => show(told.hidden) }, claim.verdict);
  const show = (open) => {
    told.hidden = !open;
    verdict.setAttribute("aria-expanded", open);
  };
  const root = h("div", { class: "xp-badge", "data-verdict": claim.verdict }, verdict, told);
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); verdict.focus(); } });
  root.addEventListener("focusout", (event) => { if (!root.contains(event.relatedTarget)) show(false); });
  show(false);
  return root;
}

/** "Try this": a sentence in which some words are buttons that perform the experiment. */
const tryThis = (...parts) => h("p", { class: "xp-try" }, h("b", {}, "Try this. "), ...parts);
function experiment(onclick, ...words) {
  const root = h("button", { class: "xp-do", type: "button", onclick }, ...words);
  root.setAttribute("aria-label", root.textContent);               // not every reader looks into the mathematics
  return root;
}

/** What is read aloud, by one rule for all figures: nothing at the start, and nothing while something moves; a second after the last
 * change, politely, and never the same twice. What is seen is no live region. Focus reads the controls and the entries. */
function announcer(pause = 1000) {
  const root = h("p", { class: "xp-unseen", role: "status" });
  let last, wanted;
  const speak = whenCalm(pause, () => { if (wanted !== last) writeText(root, last = wanted); });
  return {
    root,
    set(text) {
      if (text === wanted) return;
      wanted = text;
      if (last === undefined) last = text;
      else speak();
    },
  };
}

const swatch = (hue, negative) => h("span", { class: `xp-cell is-${hue}` }, h("i", { class: "xp-tint", "data-negative": negative }));
/** What the marks mean; the same line under every explorable. */
function key() {
  return h("p", { class: "xp-key" },
    h("span", {}, swatch("value"), "forward value"), h("span", {}, swatch("grad"), "gradient"),
    h("span", {}, swatch("value", true), swatch("grad", true), "hatched: negative"),
    h("span", {}, "deeper: further from zero"));
}

/** The level of a title: below the heading that the figure stands under, where it stands in a page. */
function levelUnder(root) {
  const before = [...document.querySelectorAll("h1, h2, h3, h4, h5")].filter((heading) =>
    !heading.closest(".xp") && heading.compareDocumentPosition(root) & Node.DOCUMENT_POSITION_FOLLOWING);
  return root.isConnected && before.length ? Number(before.at(-1).tagName[1]) + 1 : 3;
}

/** Title and tools (a list) above, content below. What a former run of the same module left behind goes. */
function card(root, title, tools, ...content) {
  const id = uniqueId();
  const heading = { class: "xp-title", id, "aria-level": levelUnder(root) };
  root.setAttribute("aria-labelledby", id);
  root.querySelector(".xp-in")?.remove();
  root.prepend(h("div", { class: "xp-in" },
    h("header", { class: "xp-head" }, h("h3", heading, title), ...tools), ...content));
}

/** The cells of the table that came with the page, by name; those of a new table where there is none for these names. */
function paperCells(table, names) {
  const there = new Map([...table.querySelectorAll("td")].map((cell) => [cell.dataset.quantity, cell]));
  if (!table.taken && there.size === names.length && names.every((name) => there.has(name))) return names.map((name) => there.get(name));
  const cells = names.map((name) => h("td", { "data-quantity": name }, ""));
  const pairs = names.map((name, k) => [h("th", { scope: "row" }, symbol(name)), cells[k]]);
  const rows = counted(Math.ceil(pairs.length / 4)).map((k) => h("tr", {}, ...pairs.slice(4 * k - 4, 4 * k).flat()));
  table.replaceChildren(h("caption"), h("tbody", {}, ...rows));
  return cells;
}

/** The table that stands in the card's place on paper. It shows the same values; `title` is asked at every change. */
function paperTable(stage, root, title, names) {
  const table = root.querySelector(".xp-static") ?? root.appendChild(h("table", { class: "xp-static" }));
  const cells = paperCells(table, names), { caption } = table;
  table.taken = true;
  stage.onPaint(() => writeText(caption, title()));
  names.forEach((name, k) => stage.bind(name, { set(value) {
    writeText(cells[k], Math.abs(value) < 5e-5 ? short(value, 4) : fixed(value, 4));
    cells[k].setAttribute("data-value", value);
  } }));
}

// ---------- the stage, and where it meets the page ----------

/** Every number of the figure by name: the inputs, and what the compiled Formulas make of them. */
function evaluate(program, inputs, variant) {
  const results = program.variants[variant](program.inputs.map((name) => inputs[name])), values = { ...inputs };
  program.outputs.forEach((name, k) => { values[name] = results[k]; });
  return values;
}

/** Binds parts to quantities. The model is the only state: a change, whoever made it, sets the parts whose quantity is another, and
 * has every painter look. */
function makeStage({ model, program }) {
  const bound = [], painters = [], ranges = model.get("ranges");
  let before = {};
  const bind = (name, part) => {
    bound.push({ name, set: (value) => part.set(value) });
    return part;
  };
  /** All at once, so that a change of several is painted once. */
  const change = (inputs, variant = model.get("variant"), view = {}) => {
    model.set({ inputs: { ...model.get("inputs"), ...inputs }, variant, view: { ...model.get("view"), ...view } });
    model.save_changes();
  };
  /** Where the reader stands, beside the inputs: stage.see({ step: 4 }). Python's `views` says what there is. */
  const see = (view) => change({}, model.get("variant"), view);
  const paint = () => {
    const values = evaluate(program, model.get("inputs"), model.get("variant"));
    bound.forEach(({ name, set }) => { if (!Object.is(values[name], before[name])) set(values[name]); });
    before = values;
    painters.forEach((painter) => painter(values));
  };
  return {
    model, program, change, see, paint, bind,
    onPaint: (painter) => painters.push(painter),
    slider: (input, hue) =>
      bind(input, slider({ input, hue, range: ranges[input], onInput: (value) => change({ [input]: value }) })),
    cell: (name, look = {}) => bind(name, numberCell({ output: name, ...look })),
  };
}

/** Where the figure started, for stage.change(...startOf(model)). */
const startOf = (model) => ["inputs", "variant", "view"].map((key) => model.get("start")[key]);

/** The activation to choose, Reset and Random, for the head of a card. What is `kept` stays when numbers are drawn. */
function variantTools({ model, program, change, onPaint }, kept = []) {
  const activation = segmented({
    input: "activation", legend: "Activation", options: Object.keys(program.variants),
    onInput: (variant) => change({}, variant),
  });
  onPaint(() => activation.set(model.get("variant")));
  const random = makeRandom(2016), ranges = model.get("ranges");
  const shuffle = () => change(Object.fromEntries(
    program.inputs.filter((name) => !kept.includes(name)).map((name) => [name, randomValue(ranges[name], random)])));
  const reset = () => change(...startOf(model));
  return [activation.root, toolbar(button("Reset", reset), button("Random", shuffle))];
}

/** Paints now and at every change of the model, once for all that changes together; returns the function that stops it. */
function goLive({ model, paint }) {
  const keys = ["inputs", "variant", "view"];
  let painted = [];
  const follow = () => {
    const now = keys.map((key) => model.get(key));
    if (now.every((value, k) => Object.is(value, painted[k]))) return;
    painted = now;
    paint();
  };
  keys.forEach((key) => model.on(`change:${key}`, follow));
  follow();
  return () => keys.forEach((key) => model.off(`change:${key}`, follow));
}

/** Has a change lay out the card and nothing else of the page: the figure is as high as its card by a number of its own. */
function keepLayoutWithin(root) {
  const card = root.querySelector(".xp-in");
  const follow = () => {
    if (card.offsetHeight === 0) return;                             // not shown, or on paper
    writeStyle(root, "height", `${card.offsetHeight + root.offsetHeight - root.clientHeight}px`);
    root.toggleAttribute("data-kept", true);
  };
  const watcher = new ResizeObserver(follow);
  watcher.observe(card);
  return () => watcher.disconnect();
}

/** What Jupyter and the static page both call: finds or makes the figure, shows the view, returns its clean-up. */
function mountExplorable({ model, el, view, program }) {
  const name = model.get("name");
  const selector = `figure.xp[data-explorable="${name}"]`;
  const root = el.matches(selector) ? el : el.querySelector(selector)
    ?? el.appendChild(h("figure", { class: "xp", "data-explorable": name }));
  const stops = [view({ model, root, program }), keepLayoutWithin(root)];
  root.dataset.live = "";
  root.dataset.ready = Math.round(performance.now());
  return () => stops.forEach((stop) => stop?.());
}
