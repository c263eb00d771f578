/* Steps to be put in order, and shapes to be chosen. The judges mirror ordering.py and shaping.py; everything that is seen stands
 * in the page already. */

const CARDS = "abcdefghijkl";

/** What is to be said of an order: the cards' places in the page, from first to last. */
function judgeOrder({ uses, gives, hints }, order) {
  const missing = order.map((card, place) => uses[card].find((other) => order.indexOf(other) > place));
  const place = missing.findIndex((other) => other !== undefined);
  if (place < 0) return RIGHT;
  const step = `Step ${CARDS[order[place]]}`, kept = ["", "The first step can stay. "][place] ?? `The first ${place} can stay. `;
  const message = `${kept}${step} comes too early.`;
  const why = `${step} uses ${gives[missing[place]]}, which no step before it gives.`;
  return { verdict: "wrong", kind: "too-early", message, help: [message, why, ...hints] };
}

/** The same of a choice: for each of what is asked the number of an option, or −1. */
function judgeShapes({ options, asked, truth, turned, why, hints }, chosen) {
  if (chosen.includes(-1)) {
    const message = `Choose a shape for each of the ${asked.length}.`;
    return { verdict: "unreadable", kind: "open", message, help: [message] };
  }
  const wrong = truth.flatMap((one, k) => (one === chosen[k] ? [] : [k])), [k] = wrong, right = truth.length - wrong.length;
  if (!wrong.length) return RIGHT;
  const transposed = turned[k] === chosen[k];
  const message = `${right} of ${truth.length} ${right === 1 ? "is" : "are"} right.`;
  const clash = `${asked[k]} is not ${options[chosen[k]]}${transposed ? ": that is its transpose" : ""}.`;
  const help = [message, clash, why[k], ...hints].filter(Boolean);
  return { verdict: "wrong", kind: transposed ? "transposed" : "shape", message, help };
}

const RIGHT = { verdict: "right", kind: "right", message: "Right.", help: [] };

/** Buttons, arrow keys and a grip that move steps; what is moved stays where it is and keeps the focus: the others go round it. */
function orderControls(list, items, changed) {
  const order = () => [...list.children].map((item) => items.indexOf(item));
  const shift = (item, by) => {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (other) item[by < 0 ? "after" : "before"](other);
    changed(`${CARDS[items.indexOf(item)]} is ${other ? "now " : ""}${[...list.children].indexOf(item) + 1} of ${items.length}.`);
  };
  const middle = (item) => {
    const { top, bottom } = item.getBoundingClientRect();
    return (top + bottom) / 2;
  };
  items.forEach((item) => {
    const [up, down] = item.querySelectorAll("button"), grip = item.querySelector(".ex-grip");
    up.addEventListener("click", () => shift(item, -1));
    down.addEventListener("click", () => shift(item, 1));
    item.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      shift(item, by);
    });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const { previousElementSibling: above, nextElementSibling: below } = item;
      if (above && event.clientY < middle(above)) shift(item, -1);
      else if (below && event.clientY > middle(below)) shift(item, 1);
    });
  });
  return order;
}

function shapeControls(items, changed) {
  items.forEach((item) => item.addEventListener("change", () => changed("")));
  return () => items.map((item) => [...item.querySelectorAll("input")].findIndex((radio) => radio.checked));
}

/** Brings the cards of an exercise to life; returns where it says things. */
function mountCards({ root, question, onAnswer = () => {} }) {
  const list = root.querySelector(".ex-cards"), items = [...list.children], ordered = question.kind === "order";
  const verdict = element("p", { class: "ex-verdict", "data-verdict": "", role: "status", "aria-live": "polite" });
  const help = helper(root, verdict), live = root.querySelector(".ex-live");
  const say = (state, kind, words) => {
    verdict.dataset.verdict = state;
    verdict.dataset.kind = kind;
    verdict.textContent = words;
    root.toggleAttribute("data-solved", state === "right");
  };
  const changed = (words) => {
    say("", "", words);
    help.show(null);
  };
  const answer = ordered ? orderControls(list, items, changed) : shapeControls(items, changed);
  const check = () => {
    const given = answer(), found = ordered ? judgeOrder(question, given) : judgeShapes(question, given);
    say(found.verdict, found.kind, { right: "✓ Right.", wrong: "Not yet." }[found.verdict] ?? found.message);
    help.show(found);
    help.step();
    const text = ordered ? given.map((card) => CARDS[card]).join(" ") : given.map((k) => question.options[k] ?? "").join("; ");
    onAnswer(announced(root, question.name, text, found));
  };
  live.replaceChildren(element("button", { type: "button", class: "xp-btn", onclick: check }, "Check"), verdict, help.list, help.more);
  root.dataset.live = "";
}
