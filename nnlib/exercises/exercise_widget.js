/* Exercises in Jupyter: pages do not load this. */

/** A formula: the widget's model holds the state; Python proves what the numbers have decided. */
function mountWidget({ model, el, program }) {
  const question = model.get("question"), holder = element("div");
  el.append(holder);
  const root = element("div", { class: "xp ex", "data-exercise": question.name, role: "group", "aria-label": `Exercise: ${question.asked}` });
  const proved = element("p", { class: "ex-proved", "aria-live": "polite" });
  root.append(element("div", { class: "ex-statement" }, model.get("statement")));
  const { live, stop } = mountExercise({
    root, question, program,
    onAnswer: ({ answer }) => {
      model.set("answer", answer);
      model.save_changes();
    },
  });
  live.append(proved);
  holder.append(root);
  const follow = () => { proved.textContent = model.get("report").said ?? ""; };
  model.on("change:report", follow);
  follow();
  return () => {
    model.off("change:report", follow);
    stop();
  };
}

/** Cards: the page's own HTML, taken over as nodes; what is handed in goes to Python, too. */
function mountCardsWidget({ model, el }) {
  const page = new DOMParser().parseFromString(model.get("markup"), "text/html"), root = document.adoptNode(page.querySelector(".ex"));
  root.removeAttribute("id"); // the notebook may show it twice
  el.append(root);
  mountCards({
    root, question: JSON.parse(root.querySelector(".ex-state").textContent).question,
    onAnswer: ({ answer }) => {
      model.set("answer", answer);
      model.save_changes();
    },
  });
}
