/* A click costs what it does. For every click anywhere, the theme's library looks for its own buttons by searching the whole page, a dozen
 * times over; a page of formulas is large. Here each of its listeners is asked only if the click lies in what it listens for. */
(() => {
  "use strict";
  const listen = document.addEventListener.bind(document);
  document.addEventListener = (type, act, ...options) => {
    const own = act?.delegationSelector;
    const asked = (event) => { if (event.target.closest?.(own)) act.call(document, event); };
    listen(type, typeof own === "string" ? asked : act, ...options);
  };
})();
