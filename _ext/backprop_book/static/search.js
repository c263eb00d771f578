/* The search page: symbols lead to the page on notation, one letter is no part of a name, files are read by nobody. */
{
  const NOTATION = "chapters/notation";
  const names = new Set([...Object.values(SYMBOLS), ...Object.values(COMMANDS)]);
  const isSymbol = (word) => word.length === 1 || word.startsWith("by_") || names.has(word);

  const asked = splitQuery((new URLSearchParams(location.search).get("q") ?? "").toLowerCase());
  const symbols = asked.length > 0 && asked.every(isSymbol);
  Scorer.score = ([page, , , , score]) => score + (symbols && page === NOTATION ? 100 : 0);

  const objects = Search.performObjectSearch;
  Search.performObjectSearch = (word, words) => (word.length < 3 ? [] : objects(word, words));

  /* A page that is opened from the disk may not read another one for its summary. */
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  /* What is found is marked on its page: not every "w" of it, nor a word that no page shows. */
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const parsed = parse(query);
    const marked = [...parsed[3]].filter((word) => word.length > 2 && !word.startsWith("by_"));
    for (const word of parsed[3]) if (!marked.includes(word)) parsed[3].delete(word);
    localStorage.setItem("sphinx_highlight_terms", marked.join(" "));
    return parsed;
  };
}
