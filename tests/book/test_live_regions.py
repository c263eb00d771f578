"""What a screen reader is told unasked: never while something moves, and each thing once."""

import pytest

from tests.book.figures import opened
from tests.book.test_links_to_settings import FIGURES

pytestmark = pytest.mark.site

# Whatever is read aloud when its text changes, by its role or by aria-live.
ROLES = ("status", "alert", "log", "timer", "marquee")
REGIONS = ", ".join(["output", "[aria-live]:not([aria-live=off])", *(f"[role={role}]" for role in ROLES)])
LISTEN = """(root, regions) => {
    window.heard = [];
    const region = node => (node.closest ? node : node.parentElement)?.closest(regions);
    const text = { childList: true, characterData: true, subtree: true };
    new MutationObserver(records => records.forEach(({ target }) => {
        if (region(target)) heard.push(region(target).textContent);
    })).observe(root, text);
}"""
SLIDE = """async root => {
    const sliders = [...root.querySelectorAll("input[type=range]")];
    for (const slider of sliders) {
        for (const part of [0.1, 0.5, 0.9]) {
            slider.value = +slider.min + part * (slider.max - slider.min);
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }
    }
    await null;  // what has changed is reported now; no timer has run yet
    return [sliders.length, [...heard]];
}"""


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_silent_while_it_moves_and_speaks_once_after(browser, served, name):
    address, figure = f"{served}/chapters/{FIGURES[name]}.html", f'[data-explorable="{name}"]'
    with opened(browser, address, figure) as visit:
        root = visit.page.locator(f"{figure}[data-live]")
        root.evaluate(LISTEN, REGIONS)
        sliders, heard = root.evaluate(SLIDE)
        assert sliders > 0
        assert heard == []
        visit.page.wait_for_timeout(1500)
        assert visit.page.evaluate("heard.length") <= 1
        root.get_by_role("button", name="Reset").click()
        visit.page.wait_for_timeout(1500)
        assert visit.page.evaluate("heard.length") <= 2


def test_the_step_of_a_proof_is_told_after_a_second_and_once(browser, served):
    address, figure = f"{served}/chapters/06-general-proof.html", '[data-explorable="general-proof"]'
    with opened(browser, address, figure) as visit:
        root = visit.page.locator(f"{figure}[data-live]")
        root.evaluate(LISTEN, REGIONS)
        for _ in range(3):
            root.get_by_role("button", name="Next").click()
        assert visit.page.evaluate("heard") == []
        visit.page.wait_for_timeout(1500)
        (said,) = visit.page.evaluate("heard")
        assert said.startswith("Layer 3. The bias: the column of ones sums over the data points.")
