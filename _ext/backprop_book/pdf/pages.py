"""What a finished PDF says of itself: on which page each target stands; its title, language and bookmarks."""

from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

Line = tuple[str, str]
"""A line of the contents: the id of the section, and of the place for its page's number."""


def numbers(pdf: Path, lines: list[Line]) -> dict[str, str]:
    """Return the page number of each line of the contents, by the id of the number's place."""
    reader = PdfReader(pdf)
    targets = reader.named_destinations
    found = {}
    for section, place in lines:
        page = reader.get_destination_page_number(targets[f"/{section}"])
        if page is None:
            raise LookupError(f"{section} is on no page")
        found[place] = str(page + 1)
    return found


def finish(pdf: Path, target: Path, title: str, author: str, language: str) -> int:
    """Write the PDF with what the browser does not know; return its number of pages."""
    writer = PdfWriter(clone_from=pdf)
    about = {"/Title": title, "/Creator": "Sphinx, Jupyter Book"}
    writer.add_metadata(about | ({"/Author": author} if author else {}))
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    writer.root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")
    target.parent.mkdir(parents=True, exist_ok=True)
    writer.write(target)
    return len(writer.pages)
