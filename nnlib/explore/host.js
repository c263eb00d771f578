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
    link(root, root.explorableModel);
  }

  // ---- a link that holds the setting: #two-layers&W1.1.2=-0.5&variant=sigmoid ----------------------------

  const toKey = (name) => name.replaceAll("[", ".").replaceAll("]", "");
  const toName = (key) => key.replace(/\.(\d+)/g, "[$1]");

  /** What the fragment of the address asks of a figure, or nothing if it is about something else. */
  function asked(name) {
    const [about, ...parts] = location.hash.slice(1).split("&");
    return about === name && parts.length > 0 ? parts.map((part) => part.split("=")) : null;
  }

  /** Within the range; and whole, where only whole numbers make sense. */
  const allowed = (value, [least, greatest, step]) =>
    value >= least && value <= greatest && (!Number.isInteger(step) || Number.isInteger(value));

  /** The setting that a link asks for; an Error that says what is wrong with it. Nothing in it is ever run. */
  function settingOf(parts, model, variants) {
    const ranges = model.get("ranges"), setting = { inputs: { ...model.get("start").inputs }, variant: model.get("start").variant };
    for (const [key, text = ""] of parts) {
      const name = toName(key), value = Number(text);
      if (key === "variant" && variants.includes(text)) setting.variant = text;
      else if (!Object.hasOwn(ranges, name)) throw new Error("it names something that this figure does not have");
      else if (!/^-?[\d.]+(e-?\d+)?$/.test(text) || !allowed(value, ranges[name])) {
        const [least, greatest, step] = ranges[name], kind = Number.isInteger(step) ? "whole number" : "number";
        throw new Error(`${name} should be a ${kind} from ${least} to ${greatest}`);
      } else setting.inputs[name] = value;
    }
    return setting;
  }

  const addressOf = (model) => {
    const start = model.get("start"), inputs = Object.entries(model.get("inputs"));
    const moved = inputs.filter(([name, value]) => value !== start.inputs[name]).map(([name, value]) => `${toKey(name)}=${value}`);
    return `#${[model.get("name"), ...moved, `variant=${model.get("variant")}`].join("&")}`;
  };

  /** Takes the setting of the address, now and whenever it changes, and offers a link to the present one. */
  function link(root, model) {
    const name = model.get("name"), note = Object.assign(document.createElement("p"), { className: "xp-said" });
    note.setAttribute("role", "status");
    root.querySelector(".xp-in").append(note);
    const say = (text) => { note.textContent = text; };
    const variants = [model.get("variant"), ...[...root.querySelectorAll('input[type="radio"]')].map((radio) => radio.value)];
    const follow = () => {
      const parts = asked(name);
      if (!parts) return;
      try {
        const { inputs, variant } = settingOf(parts, model, variants);
        model.set("inputs", inputs);
        model.set("variant", variant);
        say("");
      } catch (error) {
        say(`The link's setting was not taken: ${error.message}.`);
      }
      root.scrollIntoView({ block: "center" });
    };
    const copy = Object.assign(document.createElement("button"), { type: "button", className: "xp-btn xp-link", textContent: "Link" });
    copy.title = "A link to this setting: into the address bar, and copied";
    copy.addEventListener("click", () => {
      history.replaceState(null, "", addressOf(model));
      const done = () => say("The link to this setting is copied."), shown = () => say("The link to this setting is in the address bar.");
      if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, shown);
      else shown();
    });
    root.querySelector(".xp-tools")?.append(copy);
    window.addEventListener("hashchange", follow);
    follow();
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
