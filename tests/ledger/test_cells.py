"""Chapters run without a kernel, and their claims are recorded."""

import pytest

import nnlib as nn
from nnlib.ledger.cells import code_cells, execute
from nnlib.ledger.mutants import claims_of

CHAPTER = """
```{code-cell} ipython3
---
tags: [hide-input]
---
%matplotlib inline
from myst_nb import glue
import nnlib as nn
from nnlib.symbolic import ForwardPass, letters, network, partial

W, x, z, L = letters("W x z L")
glue("formula", nn.Formula(z, W * x), display=False)
print("loud")
```
Text, and ```code```.
````{code-cell} ipython3
:tags: [raises-exception]
raise ValueError("as announced")
````
```{code-cell} ipython3
:tags: [skip-execution]
raise ValueError("never reached")
```
```{code-cell} ipython3
forward = ForwardPass(network((2, 2)))
claim = nn.claim("book.test", forward.diff(L, x), W.T * partial(L, z))
display(claim)
claim
```
"""


@pytest.fixture
def chapter(tmp_path):
    path = tmp_path / "chapter.md"
    path.write_text(CHAPTER, encoding="utf-8")
    return path


def test_cells_are_found_without_their_options():
    cells = code_cells(CHAPTER)
    assert len(cells) == 4
    assert cells[0][0] == "---\ntags: [hide-input]\n---\n"
    assert cells[0][1].startswith("\nfrom myst_nb")
    assert cells[1] == (":tags: [raises-exception]\n", 'raise ValueError("as announced")\n')


def test_a_chapter_is_executed_and_its_claims_are_recorded(chapter, capsys):
    assert execute(chapter)["claim"].verdict == "proved"
    (record,) = claims_of(chapter)
    assert record.claim.id == "book.test"
    assert [forward.sizes for forward in record.passes] == [(2, 2), (2, 3)]
    assert capsys.readouterr().out == ""


def test_an_error_in_a_cell_is_not_swallowed(chapter):
    chapter.write_text(CHAPTER.replace("W.T *", "-W.T *"), encoding="utf-8")
    with pytest.raises(nn.ClaimFailed, match=r"book\.test"):
        claims_of(chapter)
