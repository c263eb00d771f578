/* What can be scrolled sideways can be reached by the keyboard, too: wide formulas, on narrow screens most of all, code, what cells show. */
(() => {
  "use strict";
  const WIDE = "mjx-container[display=true], div.math, p > span.math:has(> .large), .claim dd, .statement-formula, .statement-facts dd, .ledger-formula, .pst-scrollable-table-container, pre, .cell_output > .output";
  /** Each is looked at when it is laid out, and again when its size changes: what is folded waits. */
  const watcher = new ResizeObserver((entries) => entries.filter(({ contentRect }) => contentRect.width > 0)
    .forEach(({ target }) => {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }));
  document.querySelectorAll(WIDE).forEach((one) => watcher.observe(one));
})();
