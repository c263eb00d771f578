/* Boots the exercises of a static page when one of them comes near the window. window.EXERCISES_MODULE, which stands before this
 * script, is the way from it to a second one that sets window.EXERCISES to what mounts them: who does not come so far need not
 * load it. Classic scripts, and one module from a blob: URL for the programs of the page: pages opened from disk load no module
 * scripts. */
(() => {
  "use strict";
  const HERE = new URL(document.currentScript.getAttribute("src"), document.baseURI);
  const stateOf = (root) => JSON.parse(root.querySelector(".ex-state").textContent);

  /** Does something once, as soon as one of the elements is no more than two windows away. */
  function whenNear(roots, act) {
    const watcher = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      watcher.disconnect();
      act();
    }, { rootMargin: "200%" });
    roots.forEach((root) => watcher.observe(root));
  }

  const loaded = () => new Promise((done, fail) => {
    const address = new URL(window.EXERCISES_MODULE, HERE).href, failed = () => fail(new Error(`${address} did not load`));
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed }));
  });

  async function bootAll(roots) {
    await loaded();
    const states = roots.map(stateOf), { mountExercise, mountCards } = window.EXERCISES;
    const text = `export default [${states.map((state) => state.program ?? "null").join(",\n")}];\n`;
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const { default: programs } = await import(url).finally(() => URL.revokeObjectURL(url));
    roots.forEach((root, k) => (programs[k] ? mountExercise : mountCards)({ root, question: states[k].question, program: programs[k] }));
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

  function start() {
    const all = [...document.querySelectorAll("[data-exercise]")], { done } = progress.kept();
    all.filter((root) => done.get(root.dataset.exercise) === "solved").forEach(mark);
    const roots = all.filter((root) => root.querySelector(".ex-state"));
    whenNear(roots, () => bootAll(roots).catch((error) => console.error("exercises:", error)));
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
