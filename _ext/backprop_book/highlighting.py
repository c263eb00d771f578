"""Code is coloured where a colour tells something; names and signs look like the text, and are it.

Pygments puts every name and every bracket into an element of its own, and then gives them the colour that
they have anyway: two of three elements of the code, and the code is a fifth of what some pages hold.
"""

from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge

AS_TEXT = (Name, Name.Namespace, Name.Other, Punctuation, Text.Whitespace)
"""What has the colour of the text in both of the book's styles, the light one and the dark one."""


class CodeFormatter(HtmlFormatter):
    """HTML for code, without elements that change nothing.

    >>> from pygments import highlight
    >>> from pygments.lexers import PythonLexer
    >>> print(highlight("if a: f(b)", PythonLexer(), CodeFormatter(nowrap=True)).strip())
    <span class="k">if</span> a: f(b)
    """

    def _get_css_classes(self, ttype: Any) -> str:
        return "" if ttype in AS_TEXT else super()._get_css_classes(ttype)


def connect(app: Sphinx) -> None:
    """Let Sphinx write code in this form."""
    PygmentsBridge.html_formatter = CodeFormatter
