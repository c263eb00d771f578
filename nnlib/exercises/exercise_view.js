/* The exercise on the page: what is typed is typeset as it is typed, judged at every key, and helped with step by step. */

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
