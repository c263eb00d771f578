/* Copies a claim as LaTeX or as Python. On pages opened from disk browsers may refuse the clipboard: then the text is
 * selected in a field and copied the old way. */
(() => {
  "use strict";

  function copyBySelection(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.position = "fixed";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.(".claim-copy");
    if (!button) return;
    const label = (button.dataset.label ??= button.textContent);
    const done = await copy(button.dataset.copy);
    button.textContent = done ? "Copied" : "Could not copy";
    button.focus();
    setTimeout(() => { button.textContent = label; }, 1500);
  });
})();
