/* Make what is wider than the page as narrow as it: formulas in smaller type, tables and drawings at a smaller scale. What is tall
   may go on over the page: kept whole, it would leave half a page empty before it. Returns the smallest scale for each kind. */
() => {
  const TALL = 360;                                                               // CSS pixels: two fifths of a page
  const BOX = 340, CELL = 420, TABLE = 290;                                       // an exercise; code with its output; ten rows
  const least = { formula: 1, table: 1 };
  const room = (element) => {
    const style = getComputedStyle(element);
    return element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  };
  const block = (element) => {
    let box = element.parentElement;
    while (getComputedStyle(box).display.startsWith("inline")) box = box.parentElement;
    return box;
  };
  const jobs = [];
  for (const formula of document.querySelectorAll("mjx-container")) {
    const box = block(formula), math = formula.querySelector("mjx-math");
    const number = box.querySelector(":scope > .eqno");
    const free = room(box) - (number && formula.hasAttribute("display") ? 2 * number.offsetWidth + 8 : 0);
    const wide = math.getBoundingClientRect().width;
    if (wide > free) jobs.push(["formula", formula, free / wide]);
  }
  for (const table of document.querySelectorAll("table")) {
    const free = room(block(table)), wide = table.getBoundingClientRect().width;
    if (wide > free + 1) jobs.push(["table", table, free / wide]);
  }
  for (const [kind, element, scale] of jobs) {
    least[kind] = Math.min(least[kind], scale);
    if (kind === "formula") element.style.fontSize = `calc(1ex / .442 * ${(scale * .99).toFixed(3)})`;
    else element.style.zoom = (scale * .99).toFixed(3);
  }
  for (const element of document.querySelectorAll(".xp, .cell:not(.holds-exercise), table, dl.py")) {
    const whole = element.offsetHeight <= (element.matches(".ex") ? BOX : element.matches(".xp, dl.py") ? TALL : element.matches(".cell") ? CELL : TABLE);
    element.style.breakInside = whole ? "avoid" : "auto";
  }
  return least;
}
