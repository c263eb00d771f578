/* Boots the explorables of a static page, where there is no kernel: each as soon as the page has been read so far, since
 * the rest of a long page takes its time. Other scripts, before or after this one, put the texts of the modules without
 * their programs into window.EXPLORABLES = { name: text }; the programs stand in the page's head, so that the modules are
 * ready when their figures come. Whoever brings something calls window.bootExplorables, if it is there yet.
 * Classic scripts, and modules from blob: URLs: pages opened from disk (file://) may load neither module scripts nor
 * anything by fetch. */
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
    /** set("variant", "tanh"), or several at once: listeners hear when all are set. */
    set(key, value) {
      const wanted = Object.entries(typeof key === "string" ? { [key]: value } : key);
      const changed = wanted.filter(([name, anew]) => !Object.is(this.#state[name], anew));
      Object.assign(this.#state, Object.fromEntries(changed));
      changed.forEach(([name]) => this.#heard(`change:${name}`).forEach((listener) => listener()));
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

  /** Whether the page has been read beyond an element: then something stands after it, or after what it stands in. */
  const isWhole = (element) => element !== null && (element.nextSibling !== null || isWhole(element.parentElement));
  const isHere = (name) => window.EXPLORABLES?.[name] !== undefined && window.EXPLORABLES.kit !== undefined;
  const loadFigure = (name, program) =>
    load(`${window.EXPLORABLES.kit}\n${window.EXPLORABLES[name]}\nconst program = ${program};\n${TAIL}`);

  let programs = null;
  /** The programs in the page's head, as pairs of a figure's name and a text; none before the head is read. */
  function known() {
    const script = document.querySelector(".xp-programs");
    if (!programs && isWhole(script)) programs = JSON.parse(script.textContent);
    return programs ?? [];
  }

  async function boot(root) {
    const { program: number, ...state } = JSON.parse(root.querySelector(".xp-state").textContent);
    const [name, program] = known()[number];
    if (!isHere(name)) throw new Error(`this page carries no explorable "${name}"`);
    const module = await loadFigure(name, program);
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
    return about === name && parts.length > 0 ? parts.map((part) => part.replaceAll("%20", " ").split("=")) : null;
  }

  const NUMBER = /^-?\d*\.?\d+(e-?\d+)?$/;

  /** A number that may stand there: within the range, and whole where only whole numbers make sense. */
  function numberFrom(text, name, [least, greatest, step]) {
    const value = Number(text), whole = Number.isInteger(step);
    if (NUMBER.test(text) && value >= least && value <= greatest && (!whole || Number.isInteger(value))) return value;
    throw new Error(`${name} should be a ${whole ? "whole number" : "number"} from ${least} to ${greatest}`);
  }

  /** Where a reader can stand: a whole number within a range, or one of some names. */
  function placeFrom(text, name, allowed) {
    if (typeof allowed[0] === "number") return numberFrom(text, name, [...allowed, 1]);
    if (allowed.includes(toName(text))) return toName(text);
    throw new Error("it names something that this figure does not have");
  }

  /** The setting that a link asks for; an Error that says what is wrong with it. Nothing in it is ever run. */
  function settingOf(parts, model) {
    const start = model.get("start"), ranges = model.get("ranges"), views = model.get("views");
    const setting = { inputs: { ...start.inputs }, variant: start.variant, view: { ...start.view } };
    for (const [key, text = ""] of parts) {
      const name = toName(key);
      if (key === "variant" && model.get("variants").includes(text)) setting.variant = text;
      else if (Object.hasOwn(views, key)) setting.view[key] = placeFrom(text, key, views[key]);
      else if (Object.hasOwn(ranges, name)) setting.inputs[name] = numberFrom(text, name, ranges[name]);
      else throw new Error("it names something that this figure does not have");
    }
    return setting;
  }

  function addressOf(model) {
    const start = model.get("start");
    const moved = (part) => Object.entries(model.get(part)).filter(([name, value]) => value !== start[part][name])
      .map(([name, value]) => `${toKey(name)}=${toKey(String(value))}`);
    return `#${[model.get("name"), ...moved("inputs"), ...moved("view"), `variant=${model.get("variant")}`].join("&")}`;
  }

  /** Takes the setting of the address, now and whenever it changes, and offers a link to the present one. */
  function link(root, model) {
    const name = model.get("name"), note = Object.assign(document.createElement("p"), { className: "xp-said" });
    note.setAttribute("role", "status");
    root.querySelector(".xp-in").append(note);
    const say = (text) => { note.textContent = text; };
    const follow = () => {
      const parts = asked(name);
      if (!parts) return;
      try {
        model.set(settingOf(parts, model));
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
    root.dataset.still = "";
    const note = document.createElement("p");
    note.className = "xp-note";
    note.textContent = "The interactive figure did not start. The table shows its starting values.";
    root.append(note);
  }

  const started = new WeakSet();
  /** Makes modules ready, and starts the figures that have been read to their end; when all is there, every one. */
  function bootAll() {
    for (const [name, program] of known()) if (isHere(name)) loadFigure(name, program).catch(() => {});   // boot() will tell
    for (const root of document.querySelectorAll("figure.xp[data-explorable]:not([data-live])")) {
      const ready = isWhole(root) && isHere(root.dataset.explorable);
      if (started.has(root) || !(ready || document.readyState === "complete")) continue;
      started.add(root);
      boot(root).catch((error) => giveUp(root, error));
    }
  }

  window.bootExplorables = bootAll;
  document.addEventListener("DOMContentLoaded", bootAll);
  window.addEventListener("load", bootAll);
  bootAll();
})();
