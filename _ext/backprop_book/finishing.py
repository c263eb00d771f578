"""What follows once the pages are written is needed only if a page was written."""

from sphinx.application import Sphinx
from sphinx.util.build_phase import BuildPhase


def is_due(app: Sphinx, error: Exception | None) -> bool:
    """Tell whether there are new pages: if Sphinx only read, the last build has left the site finished."""
    return error is None and app.phase.value > BuildPhase.READING.value
