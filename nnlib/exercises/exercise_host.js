/* Boots the exercises of a static page. Before this script the page sets window.EXERCISES to the text of the module. A classic
 * script, and one module from a blob: URL for all exercises of the page: pages opened from disk load no module scripts. */
(() => {
  "use strict";
  const TAIL = "export { mountExercise };\n";
  const stateOf = (root) => JSON.parse(root.querySelector(".ex-state").textContent);

  async function bootAll() {
    const roots = [...document.querySelectorAll("[data-exercise]:not([data-live])")].filter((root) => root.querySelector(".ex-state"));
    if (roots.length === 0) return;
    const states = roots.map(stateOf);
    const programs = `const PROGRAMS = [${states.map((state) => state.program).join(",\n")}];\nexport { PROGRAMS };\n`;
    const url = URL.createObjectURL(new Blob([`${window.EXERCISES}\n${programs}${TAIL}`], { type: "text/javascript" }));
    const { mountExercise, PROGRAMS } = await import(url).finally(() => URL.revokeObjectURL(url));
    roots.forEach((root, k) => mountExercise({ root, question: states[k].question, program: PROGRAMS[k] }));
  }

  const start = () => bootAll().catch((error) => console.error("exercises:", error));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
