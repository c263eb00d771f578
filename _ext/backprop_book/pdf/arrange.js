/* Make a book of the single page: a title, contents, chapters that begin on pages of their own, and nothing to click that does nothing.
   Returns what the contents list: [id, the place of its number] for each line. */
() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, name, ...children) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children);
    return element;
  };
  const rename = (element, tag) => {
    const other = make(tag, element.className, ...element.childNodes);
    for (const { name, value } of element.attributes) other.setAttribute(name, value);
    element.replaceWith(other);
    return other;
  };

  const title = document.title;
  const author = document.querySelector(".component-author")?.textContent.replace(/^By\s+/, "").trim() ?? "";
  const copyright = document.querySelector(".copyright")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  const captions = all("nav.bd-links .caption-text").map((caption) => caption.textContent.trim());
  const article = document.querySelector("article.bd-article");
  document.documentElement.dataset.theme = "light";

  /* ---- what only a screen has a use for ---- */
  const screenOnly = "script, .headerlink, .ledger-link, .ledger-tools, .xp-in, .claim dl, .claim-copies, .copybtn, .sd-summary-state-marker";
  for (const element of all(screenOnly, article)) element.remove();
  for (const folded of all("details.hide", article)) folded.remove();            // code that is folded away on the page
  for (const cell of all(".cell", article)) if (!cell.textContent.trim() && !cell.querySelector("svg, img, mjx-container")) cell.remove();
  for (const details of all(".claim details", article)) details.replaceWith(...details.querySelector("summary").childNodes);
  for (const details of all("details", article)) {                               // solutions: printed, under their title
    const [summary, ...rest] = details.children;
    details.replaceWith(make("div", "printed-dropdown", make("p", "printed-dropdown-title", summary.textContent.trim()), ...rest));
  }
  for (const hidden of all("[hidden]", article)) hidden.hidden = false;
  for (const math of all("mjx-container", article)) {                            // read aloud as one thing
    const spoken = math.querySelector("mjx-assistive-mml");
    math.setAttribute("role", "img");
    math.setAttribute("aria-label", spoken?.textContent ?? "");
    spoken?.remove();
  }

  for (const cards of all(".ex-cards:has(fieldset)", article)) {                 // the shapes to choose from: once, not a button each in every row
    const shapes = all("span", cards.querySelector("fieldset")).map((shape) => shape.textContent.trim());
    for (const buttons of all("fieldset", cards)) buttons.remove();
    cards.before(make("p", "ex-letters", `Shapes: ${shapes.join(", ")}`));
  }
  for (const words of all("p", article)) {                                       // what announces the next thing stays with it
    const next = words.nextElementSibling, text = words.textContent.trim();
    const title = words.childElementCount === 1 && words.firstElementChild.matches("strong") && words.firstElementChild.textContent.trim() === text;
    if (next && (title || text.endsWith(":") || next.matches(".holds-exercise"))) words.classList.add("announces");
  }

  for (const code of all("pre", article)) if (code.textContent.split("\n").length < 30) code.classList.add("short");

  /* ---- one section for each page of the site ---- */
  const front = article.querySelector("section");
  front.dataset.page = "index";
  const pages = [front];
  for (const mark of all('span[id^="document-"]', article)) {
    const page = mark.nextElementSibling;
    page.dataset.page = mark.id.replace("document-", "");
    page.prepend(mark);
    pages.push(page);
  }
  for (const wrapper of all(".toctree-wrapper", front).filter((w) => w.parentElement === front)) {
    for (const page of [...wrapper.children]) article.append(page);
    wrapper.remove();
  }
  const absent = all(".pr", article).map((list) => list.closest("[data-page]")); // what a reader has solved, a browser knows
  for (const page of absent) page.remove();
  const chapters = [...article.children].filter((child) => child.dataset.page);
  for (const chapter of chapters.slice(1)) {
    for (const heading of all("h2, h3, h4, h5, h6", chapter)) rename(heading, `h${heading.tagName[1] - 1}`);
  }
  front.querySelector("h1").textContent = "Preface";

  /* ---- ids that two pages have, and links to them ---- */
  const pageOf = (element) => element.closest("[data-page]")?.dataset.page ?? "";
  const owners = new Map();
  for (const element of all("[id]", article)) {
    if (element.closest("svg")) continue;
    owners.set(element.id, [...(owners.get(element.id) ?? []), element]);
  }
  const figureOf = (page, name) => {
    const figure = all(`figure[data-explorable="${name}"]`, article).find((found) => pageOf(found).endsWith(`/${page}`));
    if (figure) figure.id ||= `figure-${name}`;
    return figure;
  };
  for (const link of all("a[href]", article)) {
    const href = link.getAttribute("href");
    const id = decodeURIComponent(href.match(/^(?:index\.html)?#(.+)$/)?.[1] ?? "");
    if (/^[a-z]+:/.test(href)) continue;
    const found = owners.get(id) ?? [];
    const here = found.find((element) => pageOf(element) === pageOf(link));
    const cited = link.closest(".bibtex-citation") && found.find((element) => element.matches(".citation"));
    const figure = href.match(/(?:^|\/)([\w-]+)\.html#([\w-]+)&(.+)$/);         // a figure, and what to set in it
    const target = cited || (href[0] === "#" && here) || found.at(-1) || (figure && figureOf(...figure.slice(1, 3)));
    if (figure && target) link.after(make("span", "figure-settings", figure[3].split("&").map(decodeURIComponent).join(", ")));
    if (target) link.target_ = target;
    else if (absent.some((page) => id === `document-${page.dataset.page}`)) link.replaceWith(...link.childNodes, " (on the site)");
    else link.replaceWith(...link.childNodes);                                   // a page that is not in the book: the search, a data file
  }
  for (const [id, found] of owners) if (found.length > 1) for (const element of found) element.id = `${pageOf(element)}--${id}`;
  for (const link of all("a[href]", article)) if (link.target_) link.setAttribute("href", `#${link.target_.id}`);
  all("svg", article).forEach((svg, index) => {                                  // two drawings may call their arrow heads the same
    const names = all("[id]", svg).map((element) => element.id);
    for (const element of all("[id]", svg)) element.id = `drawing-${index}-${element.id}`;
    for (const element of all("*", svg)) {
      for (const attribute of [...element.attributes]) {
        const id = attribute.value.match(/^(?:url\()?["']?#([^"')]+)["']?\)?$/)?.[1] ?? attribute.value.match(/url\(["']?#([^"')]+)/)?.[1];
        if (names.includes(id)) attribute.value = attribute.value.replace(`#${id}`, `#drawing-${index}-${id}`);
      }
    }
  });

  /* ---- the chapters' numbers ---- */
  for (const chapter of chapters) chapter.dataset.number = Number(chapter.dataset.page.match(/\/(\d+)-/)?.[1] ?? NaN);

  /* ---- title page, contents, running heads ---- */
  const lines = [];
  const list = make("ol", "contents-list");
  const line = (heading, name) => {
    const section = heading.closest("section");
    section.id ||= `section-${lines.length}`;
    const page = make("span", "contents-page", "000");
    const link = make("a", "", ...[...heading.childNodes].map((node) => node.cloneNode(true)), make("span", "contents-dots"), page);
    link.href = `#${section.id}`;
    page.id = `contents-page-${lines.length}`;
    lines.push([section.id, page.id]);
    list.append(make("li", name, link));
  };
  const style = make("style");
  let part = null;
  chapters.forEach((chapter, index) => {
    const heading = chapter.querySelector("h1"), number = chapter.dataset.number;
    const running = (isNaN(number) ? "" : `${number}  `) + heading.textContent;
    const now = index === 0 ? null : captions[isNaN(number) ? 1 : 0];
    if (now && now !== part) list.append(make("li", "contents-part", now));
    part = now;
    if (!isNaN(number)) heading.prepend(make("span", "chapter-number", number), " ");
    chapter.style.page = `chapter${index}`;
    style.append(`@page chapter${index} { @top-left { content: ${JSON.stringify(running)}; } }\n`);
    line(heading, "contents-chapter");
    for (const section of all("h2", chapter)) line(section, "contents-section");
  });
  const cover = make("section", "title-page", make("p", "book-title", title));
  if (author) cover.append(make("p", "book-author", author));
  cover.append(make("p", "book-sentence", "Each formula is printed, proved, computed and played with: one object."));
  if (copyright) cover.append(make("p", "book-copyright", copyright));
  const contents = make("nav", "book-contents", make("h1", "", "Contents"), list);
  article.prepend(cover, contents);
  document.head.append(style);
  document.body.replaceChildren(make("div", "bd-content", article));
  return lines;
}
