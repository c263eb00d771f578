"""Are two builds of one commit the same site? Byte for byte, but for what is listed here.

Run it as ``python -m backprop_book.sameness ONE OTHER`` on two folders of html. What may differ is time: when
a page was read, how long a proof took on this computer, and what three chapters measure with a clock.
"""

import re
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path


@dataclass(frozen=True)
class Differs:
    """Text that may differ from build to build, in some files, and why."""

    why: str
    files: str
    pattern: re.Pattern[str]


def _differs(why: str, pattern: str, *files: str) -> list[Differs]:
    return [Differs(why, file, re.compile(pattern)) for file in files]


def _page(name: str) -> tuple[str, str, str]:
    """Return a page, and the notebooks that are offered with it: the executed one, and the browser's."""
    return f"{name}.html", f"_sources/{name}.ipynb", f"lite/files/{name}.ipynb"


def _said(before: str, after: str = "") -> str:
    """Return a pattern for a number in a sentence, in a page or in a notebook.

    >>> re.findall(_said("takes", "ms"), 'It takes <span class="pasted-text">5</span> ms, not 6 ms.')
    ['takes <span class="pasted-text">5</span> ms']
    """
    number = r"\s(?:<span[^>]*>)?[\d.,]+(?:</span>)?"
    return before + number + (rf"\s{after}" if after else "")


RECORDS = {
    ".buildinfo": "says in which folder the book was built: Sphinx compares it with the next build",
    ".pages.json": "says when each page was read, so that no page goes stale",
}
"""Files for the next build, which no reader asks for."""

MAY_DIFFER = [
    *_differs("how long a proof took", r"\d+(?:\.\d+)? s\b", "*.html", "*.ipynb"),
    *_differs(
        "the same, for the ledger", r"seconds(?:&quot;|\\?\"): [\d.e-]+", "*.html", "*.ipynb", "ledger.json"
    ),
    *_differs("forward against reverse, timed", r"measured: [\d.]+", *_page("chapters/07-input-gradient")),
    *_differs("an epoch, timed", _said("took", "times as long when"), *_page("chapters/09-training")),
    *_differs("workers, timed", r" +\d+ ms|ratio +[\d.]+", *_page("chapters/10-many-machines")),
    *_differs(
        "what follows from these times",
        "|".join(
            [
                _said("still takes", "ms"),
                _said("quarter of the", "ms"),
                _said("the best is"),
                _said("the points it is"),
            ]
        ),
        *_page("chapters/10-many-machines"),
    ),
    *_differs("how long these notebooks are", r'"size": \d+', "lite/api/contents/chapters/all.json"),
    *_differs("their picture", r"(?s)<svg\b.*?</svg>", *_page("chapters/10-many-machines")),
]
"""Texts that may differ. A name of a file is one as a shell takes it, from the folder of the site."""


def without(text: str, file: str) -> str:
    """Return a file's text without what may differ.

    >>> without("proved in 0.12 s, W is 2 by 3", "chapters/a.html")
    'proved in …, W is 2 by 3'
    >>> without("proved in 0.12 s", "searchindex.js")
    'proved in 0.12 s'
    """
    for part in MAY_DIFFER:
        if fnmatch(file, part.files):
            text = part.pattern.sub("…", text)
    return text


def _same(one: Path, other: Path, file: str) -> bool:
    """Tell whether two files are the same, but for what may differ."""
    bytes_ = one.read_bytes(), other.read_bytes()
    if bytes_[0] == bytes_[1] or file in RECORDS:
        return True
    try:
        texts = [without(each.decode(), file) for each in bytes_]
    except UnicodeDecodeError:
        return False
    return texts[0] == texts[1]


def differences(one: Path, other: Path) -> list[str]:
    """Return the files that differ, or that one of two sites has alone."""
    files = [
        {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
        for site in (one, other)
    ]
    alone = [f"{file} (in one of them only)" for file in files[0] ^ files[1]]
    differing = [file for file in files[0] & files[1] if not _same(one / file, other / file, file)]
    return sorted(alone + differing)


def main(one: Path, other: Path) -> int:
    """Print what differs, and return whether anything does."""
    found = differences(one, other)
    print("\n".join(found) or "The two sites are the same, but for the times that sameness.py lists.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
