// Filters the ledger's rows. A classic script, for file://.
(() => {
  const rows = [...document.querySelectorAll(".ledger-claim")];
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

  box.closest("[hidden]").hidden = false;
  box.addEventListener("input", filter);
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", () => {
    filter(); // a browser may restore what the reader typed
    reveal();
  });
})();
