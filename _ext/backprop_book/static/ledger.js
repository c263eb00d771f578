// Pages with hundreds of formulas: typesets them a few at a time; on the ledger's, filters its rows, too.
// A classic script, for file://.
(() => {
  const rows = [...document.querySelectorAll(".ledger-claim, .statement")];
  const state = document.documentElement.dataset;
  const box = document.getElementById("ledger-search");
  const count = document.getElementById("ledger-count");

  function filter() {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset.words.includes(word));
    for (const table of document.querySelectorAll("table.ledger"))
      table.hidden = !table.querySelector(".ledger-claim:not([hidden])");
    const shown = rows.filter((row) => !row.hidden).length;
    count.textContent = words.length ? `${shown} of ${rows.length} rows match.` : "";
  }

  // A link to a row must find it, whatever the search says.
  function reveal() {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row?.hidden) return;
    box.value = "";
    filter();
    row.scrollIntoView();
  }

  // Hundreds of formulas take seconds: those in view come first, and the page stays alive meanwhile.
  async function typeset() {
    await MathJax.startup.promise;
    const distance = (row) => Math.abs(row.getBoundingClientRect().top - innerHeight / 2);
    const waiting = rows.map((row) => [distance(row), row]).sort((a, b) => a[0] - b[0]).map(([, row]) => row);
    addEventListener("beforeprint", () => MathJax.typeset(waiting.splice(0)));
    while (waiting.length) {
      await MathJax.typesetPromise(waiting.splice(0, 8));
      await new Promise((next) => setTimeout(next));
    }
    state.typeset = "done";
  }

  state.typeset = "waiting";
  addEventListener("DOMContentLoaded", typeset);
  if (!box) return;
  box.closest("[hidden]").hidden = false;
  box.addEventListener("input", filter);
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", () => {
    filter(); // a browser may restore what the reader typed
    reveal();
  });
})();
