/* Boots the exercises of a static page. Before this script the page sets window.EXERCISES to the text of the module. A classic
 * script, and one module from a blob: URL for all exercises of the page: pages opened from disk load no module scripts. */
(() => {
  "use strict";
  const TAIL = "export { mountExercise, mountCards };\n";
  const stateOf = (root) => JSON.parse(root.querySelector(".ex-state").textContent);

  async function bootAll() {
    const all = [...document.querySelectorAll("[data-exercise]")], { done } = progress.kept();
    all.filter((root) => done.get(root.dataset.exercise) === "solved").forEach(mark);
    const roots = all.filter((root) => !("live" in root.dataset) && root.querySelector(".ex-state"));
    if (roots.length === 0) return;
    const states = roots.map(stateOf);
    const programs = `const PROGRAMS = [${states.map((state) => state.program ?? "null").join(",\n")}];\nexport { PROGRAMS };\n`;
    const url = URL.createObjectURL(new Blob([`${window.EXERCISES}\n${programs}${TAIL}`], { type: "text/javascript" }));
    const { mountExercise, mountCards, PROGRAMS } = await import(url).finally(() => URL.revokeObjectURL(url));
    roots.forEach((root, k) => (PROGRAMS[k] ? mountExercise : mountCards)({ root, question: states[k].question, program: PROGRAMS[k] }));
  }

  /** Says of an exercise that it has been solved, now or when the reader was here before. */
  function mark(root) {
    if (root.querySelector(".ex-done")) return;
    const note = document.createElement("span");
    note.className = "ex-done";
    note.textContent = "✓ solved";
    root.append(note);
  }
  document.addEventListener("exercise-checked", ({ target, detail: { name, verdict } }) => {
    progress.note(name, verdict);
    if (verdict === "right") mark(target);
  });

  const start = () => bootAll().catch((error) => console.error("exercises:", error));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
