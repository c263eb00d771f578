"""What other programs read of the site: a card for each page, a map of all, and a page for wrong addresses.

The address of the site follows from that of the repository, which stands in pyproject.toml alone. While it is
a placeholder nobody knows where the site will be: then whatever would name the address is left out.
"""

import re
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from .description import description
from .launch import repository

OWN = Path(__file__).parent / "static"
CARD = "card.png"
CARD_SIZE = (1200, 630)
CARD_SHOWS = "A layer of two units: a weight, its slope and the loss, with sliders to move them"

HOST = "github.com"

WITHOUT_TEXT = {
    "genindex": "All names of the library nnlib that this book explains, in alphabetical order.",
    "search": "Search the chapters, the ledger and the reference of this book for words and for symbols.",
}
"""Pages that Sphinx makes. Nobody needs to find them from outside, so they are not on the map."""


def site_address(repository: str) -> str:
    """Return where GitHub Pages shows the site of a repository; nothing where that cannot be known.

    >>> site_address("https://github.com/Ada/engine")
    'https://ada.github.io/engine/'
    >>> site_address("https://github.com/Ada/ada.github.io")
    'https://ada.github.io/'
    >>> site_address(""), site_address("https://example.org/ada/engine")
    ('', '')
    """
    parts = urlsplit(repository)
    owner, _, name = parts.path.strip("/").removesuffix(".git").partition("/")
    if parts.netloc != HOST or not name:
        return ""
    root = f"{owner.lower()}.github.io"
    return f"https://{root}/" if name.lower() == root else f"https://{root}/{name}/"


def set_address(app: Sphinx, config: Config) -> None:
    """Tell Sphinx where the site will be, unless its settings do: it then writes canonical addresses."""
    address = config.html_baseurl or site_address(repository(Path(app.srcdir)))
    config.html_baseurl = address.rstrip("/") + "/" if address else ""


def _meta(**values: str) -> str:
    """Return elements for the head of a page; a name with a colon is one of Open Graph's."""
    kinds = {name: "property" if name.startswith("og:") else "name" for name in values}
    rows = (f'<meta {kinds[name]}="{name}" content="{escape(value)}">' for name, value in values.items())
    return "\n".join(rows) + "\n"


def card(title: str, about: str, site: str, address: str, page: str) -> str:
    """Return what a page says of itself to programs that show a link to it.

    >>> print(card("Two layers", "By a message.", "The book", "", "two.html"), end="")
    <meta name="description" content="By a message.">
    <meta property="og:title" content="Two layers">
    <meta property="og:description" content="By a message.">
    <meta property="og:type" content="article">
    <meta property="og:site_name" content="The book">
    <meta name="twitter:card" content="summary">
    """
    kind = "website" if page == "index.html" else "article"
    values = {"description": about, "og:title": title, "og:description": about, "og:type": kind}
    values |= {"og:site_name": site, "twitter:card": "summary_large_image" if address else "summary"}
    if address:
        image = {"og:image": f"{address}_static/{CARD}", "og:image:alt": CARD_SHOWS}
        size = {"og:image:width": str(CARD_SIZE[0]), "og:image:height": str(CARD_SIZE[1])}
        values |= {"og:url": address + quote(page)} | image | size
        values |= {"twitter:image": image["og:image"], "twitter:image:alt": CARD_SHOWS}
    return _meta(**values)


def add_card(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the card into a page's head."""
    about = WITHOUT_TEXT.get(pagename, "") if doctree is None else description(doctree)
    if app.builder.name == "html" and about:
        title = _untagged(context.get("title") or app.config.html_title)
        shown = card(title, about, app.config.html_title, app.config.html_baseurl, f"{pagename}.html")
        context["metatags"] = context.get("metatags", "") + shown


def _untagged(title: str) -> str:
    """Return a title as plain text: Sphinx hands it over as HTML.

    >>> _untagged("<em>A</em> &amp; B")
    'A & B'
    """
    return unescape(re.sub(r"<[^>]+>", "", title))


def site_map(address: str, pages: list[str]) -> str:
    """Return the map of a site for search engines."""
    rows = "".join(f" <url><loc>{escape(address + quote(page))}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{rows}</urlset>\n"


def robots(address: str) -> str:
    """Return what robots may read: everything; and where the map is.

    >>> print(robots("https://ada.github.io/"), end="")
    User-agent: *
    Allow: /
    Sitemap: https://ada.github.io/sitemap.xml
    """
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {address}sitemap.xml\n" if address else "")


def not_found(title: str, address: str) -> str:
    """Return the page for an address that there is not: it may stand for any, so it has no relative link."""
    home, search = (escape(address + page) for page in ("", "search.html"))
    way = (
        f'Go to <a href="{home}">the front page</a>, or <a href="{search}">search the book</a>.'
        if address
        else "Go back, or shorten the address until you come to the book's front page."
    )
    icon = quote((OWN / "favicon.svg").read_text(encoding="utf-8"))
    text = (Path(__file__).parent / "templates" / "404.html").read_text(encoding="utf-8")
    for name, value in {"title": escape(title), "way": way, "icon": icon}.items():
        text = text.replace(f"{{{{ {name} }}}}", value)
    return text


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Write what stands beside the pages; what needs an address goes when there is none any more."""
    if error is not None or app.builder.name != "html":
        return
    outdir, address = Path(app.outdir), app.config.html_baseurl
    pages = sorted(f"{page}.html" for page in app.env.all_docs)
    texts = {"404.html": not_found(app.config.html_title, address), "robots.txt": robots(address)}
    texts["sitemap.xml"] = site_map(address, pages) if address else ""
    for name, text in texts.items():
        if text:
            (outdir / name).write_text(text, encoding="utf-8")
        else:
            (outdir / name).unlink(missing_ok=True)
    (outdir / "_static" / CARD).write_bytes((OWN / CARD).read_bytes())


def connect(app: Sphinx) -> None:
    """Connect the steps; the files are there before any other step looks at the pages of the site."""
    app.connect("config-inited", set_address)
    app.connect("html-page-context", add_card, priority=600)
    app.connect("build-finished", write_files, priority=300)
