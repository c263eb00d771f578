"""Formulas in MathML, for places where no MathJax runs."""

import re

from latex2mathml.converter import convert

# A prime is a raised glyph already: in a superscript, as the converter has it, it would be a speck.
_RAISED_PRIME = re.compile(r"<msup>(<mi>[^<]*</mi>)<mi>(&#x02032;)</mi></msup>")
# With a font that can stretch, the bars of a norm would be as high as a fraction that stands beside it.
_NORM = re.compile(r'stretchy="true"(?= [^<>]*>&#x02016;)')
# The converter takes the space between two rows for an entry.
_ROW_SPACE = re.compile(r"\\\\\[\d+pt\]")


def mathml(latex: str) -> str:
    r"""Return a formula in MathML.

    >>> mathml(r"\sigma'")[-78:]
    '<mrow><mi>&#x003C3;</mi><mo lspace="0" rspace="0">&#x02032;</mo></mrow></math>'
    >>> "4pt" in mathml(r"\begin{bmatrix} a \\[4pt] b \end{bmatrix}")
    False
    """
    converted = _NORM.sub('stretchy="false"', convert(_ROW_SPACE.sub(r"\\\\", latex)))
    return _RAISED_PRIME.sub(r'\1<mo lspace="0" rspace="0">\2</mo>', converted)
