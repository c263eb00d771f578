/* The page of progress: what is kept in this browser, shown, handed out as a file, taken in again, and cleared. */
(() => {
  "use strict";
  const root = document.querySelector(".pr"), find = (name) => root.querySelector(`[data-do="${name}"]`);
  const rows = [...root.querySelectorAll("[data-name]")], known = new Set(rows.map((row) => row.dataset.name));
  const WORDS = { solved: "✓ solved", tried: "tried", "": "not yet" };
  const FAILED = "This browser keeps nothing for this page, so nothing has changed.";
  const say = (words) => { find("said").textContent = words; };
  const count = (n) => `${n} ${n === 1 ? "exercise" : "exercises"}`;

  function show() {
    const { state, done } = progress.kept();
    rows.forEach((row) => {
      const found = done.get(row.dataset.name) ?? "", box = row.querySelector("input");
      row.dataset.state = found;
      row.querySelector(".pr-state").textContent = WORDS[found];
      if (box) {
        box.checked = found === "solved";
        box.disabled = state !== "open";
      }
    });
    root.querySelectorAll("section").forEach((part) => {
      const all = part.querySelectorAll("[data-name]").length, solved = part.querySelectorAll('[data-state="solved"]').length;
      part.querySelector("progress").value = solved;
      part.querySelector(".pr-count").textContent = `${solved} of ${all}`;
    });
    const solved = root.querySelectorAll('[data-state="solved"]').length, tried = root.querySelectorAll('[data-state="tried"]').length;
    find("sum").textContent = {
      open: `You have solved ${solved} of ${count(rows.length)}${tried ? `, and tried ${tried} more` : ""}.`,
      damaged: "What this browser has kept for this page cannot be read. Nothing of it is used. “Clear” takes it away.",
      closed: "This browser keeps nothing for this page (its storage is off), so your progress is forgotten when you leave a page.",
    }[state];
    find("export").disabled = state !== "open" || done.size === 0;
    find("import").disabled = state !== "open";
    find("clear").disabled = state === "closed" || (state === "open" && done.size === 0);
  }

  let url = "";
  function exported() {
    URL.revokeObjectURL(url); // that of an earlier time
    url = URL.createObjectURL(new Blob([progress.written(progress.kept().done)], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "backpropagation-progress.json";
    link.click();
    say("Your progress is in the file backpropagation-progress.json.");
  }

  /** Adds what a file says: whatever is solved in the one or the other is solved. */
  async function imported(file) {
    const found = file.size > progress.longest ? null : progress.read(await file.text().catch(() => null));
    if (!found) return "This file holds no progress of this book. Nothing has changed.";
    const { state, done } = progress.kept();
    if (state !== "open") return FAILED;
    const before = [...done.values()].filter((one) => one === "solved").length;
    found.forEach((one, name) => { if (known.has(name) && done.get(name) !== "solved") done.set(name, one); });
    if (!progress.keep(done)) return FAILED;
    const more = [...done.values()].filter((one) => one === "solved").length - before;
    const strange = [...found.keys()].filter((name) => !known.has(name)).length;
    return `Added: ${count(more)} solved.${strange ? ` Left out, as this book does not have them: ${strange}.` : ""}`;
  }

  function asked(open) {
    find("sure").hidden = !open;
    (open ? find("no") : find("clear")).focus();
  }
  find("export").addEventListener("click", exported);
  find("import").addEventListener("click", () => find("file").click());
  find("file").addEventListener("change", async ({ target }) => {
    if (!target.files.length) return;
    say(await imported(target.files[0]));
    target.value = "";
    show();
  });
  find("clear").addEventListener("click", () => asked(true));
  find("no").addEventListener("click", () => asked(false));
  find("yes").addEventListener("click", () => {
    say(progress.keep(null) ? "Everything is cleared." : FAILED);
    show();
    find("sure").hidden = true;
    find("said").focus();
  });
  root.addEventListener("change", ({ target }) => {
    const row = target.closest("[data-name]"), { state, done } = progress.kept();
    if (!row || state !== "open") return;
    if (target.checked) done.set(row.dataset.name, "solved");
    else done.delete(row.dataset.name);
    if (!progress.keep(done)) say(FAILED);
    show();
  });
  addEventListener("storage", show); // another tab has solved something
  addEventListener("pageshow", show);
  find("tools").hidden = false;
  show();
})();
