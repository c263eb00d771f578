/* What can be scrolled sideways can be reached by the keyboard, too: wide formulas, on narrow screens most of all. */
(() => {
  "use strict";
  const WIDE = "mjx-container[display=true], div.math, .claim dd, .statement-formula, .statement-facts dd, .ledger-formula, .pst-scrollable-table-container";
  /** All is read before anything is written, so that the page is laid out once. */
  const mark = () => {
    const found = [...document.querySelectorAll(WIDE)].map((one) => [one, one.scrollWidth > one.clientWidth + 1]);
    found.forEach(([one, scrolls]) => { if (scrolls) one.tabIndex = 0; else one.removeAttribute("tabindex"); });
  };
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(mark, 200); };
  addEventListener("load", mark);
  addEventListener("resize", soon);
  addEventListener("toggle", soon, true);                            // something has been unfolded
})();
