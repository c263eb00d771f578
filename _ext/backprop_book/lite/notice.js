/* Says in plain words why a notebook cannot start here: a page of files, or a host that does not answer. */
(() => {
  const python = document.currentScript.dataset.python;

  function say(...sentences) {
    const box = document.createElement("div");
    box.setAttribute("role", "alert");
    box.style.cssText = "position:fixed;inset:0 0 auto;z-index:10000;padding:1rem 1.5rem;background:#fff3cd;" +
      "color:#332701;font:16px/1.5 system-ui,sans-serif;border-bottom:2px solid #997404";
    for (const sentence of sentences) {
      const line = document.createElement("p");
      line.style.margin = "0 auto";
      line.style.maxWidth = "60rem";
      line.textContent = sentence;
      box.append(line);
    }
    const close = document.createElement("button");
    close.textContent = "Close";
    close.style.cssText = "position:absolute;top:1rem;right:1.5rem;font:inherit";
    close.addEventListener("click", () => box.remove());
    box.append(close);
    document.body.append(box);
  }

  async function check() {
    if (location.protocol === "file:") {
      say("Python in the browser needs the book on a server. Your copy is opened as files.",
        "Type “make serve” in the book's folder, or “python -m http.server” in the folder of its pages.");
      return;
    }
    const found = await fetch(new URL(python, document.baseURI), { method: "HEAD" }).catch(() => null);
    if (!found?.ok) {
      const host = new URL(python, document.baseURI).host;
      say(`Python is missing. It comes from ${host}, and that host does not answer. So neither SymPy nor NumPy can run.`,
        "Are you offline? Or does your network block the host? To do without it, build the book with a local folder " +
        "that holds the Pyodide distribution: make book PYODIDE=folder");
    }
  }

  addEventListener("load", check);
})();
