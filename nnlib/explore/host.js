/* Boots the explorables of a static page, where there is no kernel. Before this script the page sets
 * window.EXPLORABLES = { name: text of the module without its program }. A classic script, and modules from blob: URLs:
 * pages opened from disk (file://) may load neither module scripts nor anything by fetch. */
(() => {
  "use strict";
  // The same last line as in Jupyter, where the text becomes the widget's _esm.
  const TAIL = "export default { render: ({ model, el }) => mountExplorable({ model, el, view, program }) };\n";

  /** The part of a Jupyter widget's model that explorables use. */
  class Model {
    #state;
    #listeners = new Map();
    constructor(state) { this.#state = { ...state }; }
    get(key) { return this.#state[key]; }
    set(key, value) {
      if (Object.is(this.#state[key], value)) return;
      this.#state[key] = value;
      this.#heard(`change:${key}`).forEach((listener) => listener());
    }
    save_changes() {}
    on(event, listener) { this.#heard(event).add(listener); }
    off(event, listener) { this.#heard(event).delete(listener); }
    #heard(event) {
      if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
      return this.#listeners.get(event);
    }
  }

  const modules = new Map();
  /** One module for each different text, however often it stands on the page. */
  function load(text) {
    if (!modules.has(text)) {
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(text, import(url).finally(() => URL.revokeObjectURL(url)));
    }
    return modules.get(text);
  }

  async function boot(root) {
    const { program, ...state } = JSON.parse(root.querySelector(".xp-state").textContent);
    const name = root.dataset.explorable;
    if (!window.EXPLORABLES?.[name]) throw new Error(`this page carries no explorable "${name}"`);
    const module = await load(`${window.EXPLORABLES[name]}\nconst program = ${program};\n${TAIL}`);
    root.explorableModel = new Model(state);
    module.default.render({ model: root.explorableModel, el: root });
  }

  /** The table with the starting values is still there: it only needs a word of explanation. */
  function giveUp(root, error) {
    console.error("explorable:", error);
    root.querySelector(".xp-in")?.remove();
    const note = document.createElement("p");
    note.className = "xp-note";
    note.textContent = "The interactive figure did not start. The table shows its starting values.";
    root.append(note);
  }

  const bootAll = () => document.querySelectorAll("figure.xp[data-explorable]:not([data-live])")
    .forEach((root) => boot(root).catch((error) => giveUp(root, error)));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", bootAll);
  else bootAll();
})();
