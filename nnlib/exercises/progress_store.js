/* Which exercises the reader has solved or tried, kept in this browser alone. Every copy of the book has a place of its own. */
const progress = (() => {
  const BOOK = "Backpropagation, Executed", LONGEST = 200000, MOST = 2000, NAME = /^\w[\w.-]{0,79}$/;
  const home = new URL(document.documentElement.dataset.content_root ?? "./", location.href).pathname;
  const key = `backpropagation-executed:progress:${home}`;
  const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  /** A text as a map from names to "solved" or "tried"; null where it is anything else. */
  function read(text) {
    if (typeof text !== "string" || text.length > LONGEST) return null;
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      return null;
    }
    if (!plain(data) || data.book !== BOOK || data.version !== 1 || !plain(data.exercises)) return null;
    const entries = Object.entries(data.exercises);
    const sound = entries.length <= MOST && entries.every(([name, state]) => NAME.test(name) && (state === "solved" || state === "tried"));
    return sound ? new Map(entries) : null;
  }
  const written = (done) => JSON.stringify({ book: BOOK, version: 1, exercises: Object.fromEntries([...done].sort()) }, null, 1);

  /** What is kept: { state, done }. The state is "open", "damaged" (what is kept cannot be read) or "closed" (no storage). */
  function kept() {
    try {
      const text = localStorage.getItem(key), done = text === null ? new Map() : read(text);
      return { state: done ? "open" : "damaged", done: done ?? new Map() };
    } catch {
      return { state: "closed", done: new Map() };
    }
  }
  /** Whether it could be kept. */
  function keep(done) {
    try {
      if (done) localStorage.setItem(key, written(done));
      else localStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  }
  /** Takes note of a verdict. What is damaged is left alone, until the reader clears it. */
  function note(name, verdict) {
    const { state, done } = kept(), next = { right: "solved", wrong: "tried" }[verdict];
    if (state !== "open" || !next || !NAME.test(name) || done.get(name) === "solved" || done.get(name) === next) return;
    keep(done.set(name, next));
  }
  return { read, written, kept, keep, note, key, longest: LONGEST };
})();
