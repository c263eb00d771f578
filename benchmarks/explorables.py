"""How quickly the explorables answer, what they keep in memory, whether pages jump, and what they weigh.

    .venv/bin/python benchmarks/explorables.py
    .venv/bin/python benchmarks/explorables.py --figures single-layer two-layers --quick

drives the built book (``_build/html``, or the folder that ``BOOK_HTML`` names) in headless Chromium and
prints a line a figure. The processor is slowed down fourfold, except where it says otherwise. It asserts
nothing, and ends with an error only if something could not be measured.

p50, p95
    Milliseconds of script, style and layout of one change: a control, chosen at random, gets a random value
    and its native event. These are the browser's own durations (``Performance.getMetrics``) from before the
    event until after the next frame, in processor time of the page's thread: other work on the machine
    counts for little. Should be: p95 at most 8.
late
    Changes whose numbers did not yet stand in the next frame. Should be 0.
heap
    What JavaScript and the document keep after 10 000 changes, against after 100; rubbish is collected
    before each reading. Not slowed down. Should be at most 1.1.
shift
    Layout shift from the navigation until a second after the figure is alive: the worst of a wide and a
    narrow window, at the top of the page and at the figure. Should be at most 0.02. Below the table: what
    was shifted.
own, page
    Kilobytes: the book's own script and style, and all that the page asks for. Text as gzip -6 makes it,
    fonts and pictures as they are. Should be at most 60 and 450.
usable, stock
    Milliseconds from the navigation until the first slider changes a number; and the same for the same page
    with as many ipywidgets sliders instead, shown by the stock html-manager. That comes from npm; without
    npm it is not measured. Medians of loads in turn. Should be: their ratio at most 0.35.

``PLAYGROUND`` may name a copy of TensorFlow's Playground (its folder or its index.html): one press of its
step button is measured beside. ``--profile`` adds the functions and the controls where the time of a change
goes.
"""

import argparse
import faulthandler
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

from ipywidgets import FloatSlider, VBox
from ipywidgets.embed import dependency_state, embed_snippet
from playwright.sync_api import Browser, CDPSession, Error, Page, Response, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # the browser tests know how to find and start a browser

from tests.book.conftest import HTML  # noqa: E402 I001  it knows where the extension is
from tests.serving import QuietHandler, serving  # noqa: E402
from backprop_book.pdf.chromium import FLAGS, find_chromium  # noqa: E402

SLOWER = 4
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PATIENCE = 60_000  # ms; on a busy machine all is slow
STOCK = {"@jupyter-widgets/html-manager@1": "package/dist/embed-amd.js", "requirejs@2": "package/require.js"}
OWN = re.compile(r"/(explor[^/]*(/[^/]*)*|(exercises|progress|claims|ledger)\.)js$")
BUNDLED = ("book.css", "explorables.css", "exercises.css", "reach.js", "clicks.js", "buttons.js")
"""The book's own parts of the one style sheet and the one script of all pages: each by its own weight."""
MOST_SHIFT = 0.02

# Put into every page before its own scripts.
SCRIPT = """(() => {
    const NAME = %s;
    const root = () => document.querySelector(`figure.xp[data-explorable="${NAME}"][data-live]`);
    const patient = (make) => Promise.race([new Promise(make),
        new Promise((_, fail) => setTimeout(() => fail(new Error("no frame came")), 30000))]);
    const frame = () => patient((done) => requestAnimationFrame(done));
    const task = () => patient((done) => setTimeout(done));
    const shown = () => [...root().querySelectorAll("[data-output]")].map((e) => e.textContent).join();

    let seed = 2016;
    const random = (n) => {
        seed = (seed * 48271) %% 2147483647;
        return Math.floor((seed / 2147483647) * n);
    };
    const any = (list) => list[random(list.length)];
    /** By quantity: its slider, else its number box, or its radios. */
    const controls = () => {
        const found = new Map();
        for (const input of root().querySelectorAll("input[data-input]")) {
            if (input.disabled || input.closest("[hidden]")) continue;
            const key = input.dataset.input, kind = input.type, others = found.get(key) ?? [];
            if (kind === "radio") found.set(key, [...others, input]);
            else if (kind === "range" || others.length === 0) found.set(key, [input]);
        }
        return [...found.values()];
    };
    /** What a change needs is looked up before, so that it does not count. */
    const prepared = () => {
        const control = any(any(controls()).filter((input) => !input.checked));
        const { min, max, step, type } = control, name = control.dataset.input;
        if (type === "radio" || type === "checkbox") return [name, () => control.click()];
        const value = (Number(min) + random(Math.round((max - min) / step) + 1) * step).toFixed(6);
        return [name, () => {
            control.value = type === "number" ? Number(value) : value;
            control.dispatchEvent(new Event("input", { bubbles: true }));
        }];
    };
    const pressed = (selector) => {
        const button = document.querySelector(selector);
        return [selector, () => button.click()];
    };

    window.bench = {
        next: null,
        prepare(selector) {
            bench.next = selector ? pressed(selector) : prepared();
            return bench.next[0];
        },
        /** One change in a task of its own, as an event has, until its frame is over. */
        async one() {
            await patient((done) => setTimeout(() => done(bench.next[1]())));
            await frame();
            await task();
        },
        async late(times) {
            let late = 0;
            for (let k = 0; k < times; k++) {
                await task();
                prepared()[1]();
                await frame();
                const soon = shown();
                for (let wait = 0; wait < 3; wait++) await frame();
                if (shown() !== soon) late += 1;
            }
            return late;
        },
        async many(times) {
            for (let k = 0; k < times; k++) prepared()[1]();
            await frame();
            await task();
        },
    };

    window.shifts = [];
    const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
    const named = (node) => {
        const e = node instanceof Element ? node : node?.parentElement;
        if (!e) return "what is gone";
        const own = [e.localName, e.id && `#${e.id}`, ...[...e.classList].map((name) => `.${name}`)].join("");
        return `${own} "${e.textContent.trim().replace(/\\s+/g, " ").slice(0, 40)}"`;
    };
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.shifts.push({
        value: entry.value, at: Math.round(entry.startTime),
        sources: entry.sources.map(({ node, previousRect, currentRect }) =>
            `${named(node)} from ${rect(previousRect)} to ${rect(currentRect)}`),
    }))).observe({ type: "layout-shift", buffered: true });

    /** When the first slider of a number works: its event changes what is shown. (A stepper's may hide.) */
    const isNumber = ({ dataset }) => Object.hasOwn(root().explorableModel.get("inputs"), dataset.input);
    const sliders = () => [...(root()?.querySelectorAll("input[type=range]") ?? [])];
    const ours = { slider: () => sliders().find(isNumber), read: shown, move(range) {
        range.value = range.value === range.max ? range.min : range.max;
        range.dispatchEvent(new Event("input", { bubbles: true }));
    } };
    const theirs = { slider: () => document.querySelector(".noUi-handle"),
        read: () => document.querySelector(".widget-readout")?.textContent,
        move: (e) => e.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true })) };
    const watch = ({ slider, read, move }) => {
        let before;
        const clock = setInterval(() => {
            const handle = slider();
            if (!handle || read() === undefined) return;
            before ??= read();
            if (read() === before) move(handle);
            if (read() === before) return;
            window.usable = performance.now();
            clearInterval(clock);
        }, 4);
    };
    if (location.hash === "#usable") watch(location.pathname.includes("stock") ? theirs : ours);
    if (location.hash === "#at") new MutationObserver((_, observer) => {
        const figure = document.querySelector(`[data-explorable="${NAME}"] .xp-static`);
        if (!figure) return;
        observer.disconnect();
        figure.parentElement.scrollIntoView({ block: "start", behavior: "instant" });
    }).observe(document, { childList: true, subtree: true });
})();"""


@dataclass
class Bench:
    """A browser, the address of the book, and how thorough to be."""

    browser: Browser
    base: str
    quick: bool
    name: str = ""
    path: str = ""

    @contextmanager
    def page(self, window: dict[str, int] = WIDE, slower: int = SLOWER) -> Iterator[Page]:
        """An empty page in a browser of its own, which knows how to be measured."""
        # The pages' policy would forbid the stock manager, and Playwright's own way of waiting.
        context = self.browser.new_context(viewport=window, bypass_csp=True)
        context.set_default_timeout(PATIENCE)
        try:
            page = context.new_page()
            page.add_init_script(SCRIPT % json.dumps(self.name))
            slow_down(page, slower)
            yield page
        finally:
            context.close()

    def open(self, page: Page, end: str = "") -> None:
        """Go to the figure and wait until it is alive, in sight and with all its fonts."""
        page.goto(f"{self.base}/{self.path}{end}", timeout=PATIENCE)
        figure = page.locator(f'figure.xp[data-explorable="{self.name}"][data-live]')
        figure.wait_for()
        figure.evaluate("figure => figure.scrollIntoView({ block: 'center', behavior: 'instant' })")
        page.evaluate("document.fonts.ready.then(() => true)")


def slow_down(page: Page, rate: int) -> None:
    """Let the page's processor be that many times slower from now on."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


@dataclass
class Clock:
    """What the browser spent on script, style and layout, in processor time of the page."""

    session: CDPSession
    parts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_control: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    KINDS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")

    def __post_init__(self) -> None:
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read(self) -> dict[str, float]:
        """Milliseconds so far, by kind."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] * 1000 for metric in metrics if metric["name"] in self.KINDS}

    def time(self, page: Page, selector: str | None) -> None:
        """Take the time of one change, or of a press on that button."""
        control = page.evaluate("(selector) => bench.prepare(selector)", selector)
        before = self.read()
        page.evaluate("bench.one()")
        spent = {kind: value - before[kind] for kind, value in self.read().items()}
        for kind, value in spent.items():
            self.parts[kind].append(value)
        self.parts["sum"].append(sum(spent.values()))
        self.by_control[control].append(sum(spent.values()))

    @property
    def text(self) -> tuple[str, str]:
        """Median and 95th percentile, in milliseconds."""
        spent = self.parts["sum"]
        return f"{median(spent):.1f}", f"{quantiles(spent, n=20)[-1]:.1f}"


def timed(page: Page, times: int, selector: str | None = None) -> Clock:
    """The time of that many changes, once the code is warm."""
    warm, clock = (Clock(page.context.new_cdp_session(page)) for _ in range(2))
    for _ in range(20):
        warm.time(page, selector)
    for _ in range(times):
        clock.time(page, selector)
    return clock


def heap(page: Page) -> float:
    """Megabytes in use after everything that can go has gone, this benchmark's own records of shifts too.

    The browser sweeps the document's part in its own time, so the least of some readings counts.
    """
    page.evaluate("shifts.length = 0")
    session = page.context.new_cdp_session(page)
    read = []
    for _ in range(6):
        session.send("HeapProfiler.collectGarbage")
        usage = session.send("Runtime.getHeapUsage")
        read.append((usage["usedSize"] + usage.get("embedderHeapUsedSize", 0)) / 1e6)
        page.wait_for_timeout(150)
    return min(read)


def growth(bench: Bench) -> float:
    """The heap after many changes against the heap after few."""
    many, step = (1_000 if bench.quick else 10_000), 100
    with bench.page(slower=1) as page:
        bench.open(page)
        page.evaluate(f"bench.many({step})")
        few = heap(page)
        for _ in range(many // step - 1):
            page.evaluate(f"bench.many({step})")
        return heap(page) / few


def shift(bench: Bench) -> tuple[float, list[str]]:
    """The worst layout shift of four openings, and a line for each thing that moved in it."""
    found = []
    for window in (WIDE,) if bench.quick else (WIDE, NARROW):
        for end in ("", "#at"):
            with bench.page(window) as page:
                page.goto(f"{bench.base}/{bench.path}{end}", timeout=PATIENCE)
                page.locator(f'figure.xp[data-explorable="{bench.name}"][data-live]').wait_for()
                page.wait_for_timeout(1000)
                entries = page.evaluate("shifts")
            where = f"{window['width']} px, {'at the figure' if end else 'at the top'}"
            found.append((sum(entry["value"] for entry in entries), where, entries))
    return max(moved for moved, _, _ in found), [line for one in found for line in told(*one)]


def told(moved: float, where: str, entries: list[dict[str, Any]]) -> list[str]:
    """How much was shifted in one opening, and by what."""
    worst = sorted(entries, key=lambda entry: -entry["value"])[:3] if moved > MOST_SHIFT else []
    return [f"{where}: {moved:.4f}"] + [
        f"    {entry['value']:.4f} at {entry['at']} ms: {'; '.join(entry['sources'][:3])}" for entry in worst
    ]


# ---- weight ------------------------------------------------------------------------------------------------


def weight(body: bytes, address: str) -> float:
    """Kilobytes on the way: fonts and pictures as they are, text compressed."""
    as_it_is = urlsplit(address).path.endswith((".woff", ".woff2", ".png", ".jpg", ".jpeg", ".webp", ".gif"))
    return len(body if as_it_is else gzip.compress(body, 6, mtime=0)) / 1000


def inline(source: str) -> bytes:
    """The scripts and styles that stand in the page itself."""
    found = re.findall(r"<(script|style)(?![^>]*\ssrc=)[^>]*>(.*?)</\1>", source, re.DOTALL)
    return "\n".join(text for _, text in found).encode()


def weights(bench: Bench) -> tuple[float, float, list[str]]:
    """Kilobytes of the book's own script and style, of all that is asked for, and what is heaviest."""
    answers: dict[str, Response] = {}
    with bench.page(slower=1) as page:
        page.on("response", lambda response: answers.setdefault(response.url.partition("#")[0], response))
        bench.open(page)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        bodies = {url: response.body() for url, response in answers.items() if response.ok}
    sizes = {url: weight(body, url) for url, body in bodies.items()}
    own = {urlsplit(url).path: size for url, size in sizes.items() if OWN.search(urlsplit(url).path)}
    own |= {name: weight((HTML / "_static" / name).read_bytes(), name) for name in BUNDLED}
    own["inline"] = weight(inline(bodies[f"{bench.base}/{bench.path}"].decode()), "inline")
    heaviest = Counter({urlsplit(url).path: size for url, size in sizes.items()}).most_common(6)
    lines = [
        f"{about}: " + ", ".join(f"{Path(path).name} {size:.1f}" for path, size in listed)
        for about, listed in (("own", own.items()), ("heaviest", heaviest))
    ]
    return sum(own.values()), sum(sizes.values()), lines


# ---- the first slider, ours and the stock one --------------------------------------------------------------


def fetch_stock(folder: Path) -> bool:
    """The stock html-manager and require.js into ``folder/stock``; False without npm."""
    npm = shutil.which("npm")
    if not npm:
        return False
    (folder / "stock").mkdir()
    try:
        packed = subprocess.run(
            [npm, "pack", "--silent", "--pack-destination", folder, *STOCK],
            check=True,
            capture_output=True,
            text=True,
            timeout=180,
            cwd=folder,
        ).stdout.split()
    except (subprocess.SubprocessError, OSError):
        return False
    for name, member in zip(packed, STOCK.values(), strict=True):
        with tarfile.open(folder / name) as archive:
            file = archive.extractfile(member)
            assert file is not None
            (folder / "stock" / Path(member).name).write_bytes(file.read())
    return True


def stock_sliders(figure: re.Match[str]) -> str:
    """As many ipywidgets sliders as the figure has inputs, with their state and what shows them."""
    found = re.search(r'class="xp-state">(.*?)</script>', figure.group(), re.DOTALL)
    assert found is not None
    state = json.loads(found.group(1))
    sliders = [
        FloatSlider(value=value, min=least, max=greatest, step=step, description=name)
        for name, value in state["inputs"].items()
        for least, greatest, step in [state["ranges"][name]]
    ]
    box = VBox(sliders)
    state = dependency_state([box])
    shown = embed_snippet([box], state=state, requirejs=False, embed_url="/stock/embed-amd.js", cors=False)
    scripts = f'<script src="/stock/require.js"></script>{shown}'
    # After the page's own scripts, which would take require.js for theirs.
    return re.sub(r'<script(?=[^>]* src="/stock/)', "<script defer", scripts)


def write_stock_page(bench: Bench, folder: Path) -> None:
    """The same page, with stock sliders for its figures and without the scripts of ours."""
    source = (HTML / bench.path).read_text(encoding="utf-8")
    source = re.sub(r'<figure class="xp".*?</figure>', stock_sliders, source, flags=re.DOTALL)
    source = re.sub(r'<script[^>]*src="[^"]*explor[^"]*"[^>]*></script>', "", source)
    target = folder / "chapters-stock" / Path(bench.path).name
    target.parent.mkdir(exist_ok=True)
    target.write_text(source, encoding="utf-8")


def usable(bench: Bench, path: str) -> float:
    """Milliseconds from the navigation until the first slider works."""
    with bench.page() as page:
        page.goto(f"{bench.base}/{path}#usable", timeout=PATIENCE, wait_until="commit")
        return float(page.wait_for_function("window.usable").json_value())


def first_slider(bench: Bench, folder: Path | None) -> tuple[float, float | None]:
    """The medians for our page and for the stock one, loaded in turn."""
    ours, theirs = [], []
    if folder:
        write_stock_page(bench, folder)
    for _ in range(1 if bench.quick else 5):
        ours.append(usable(bench, bench.path))
        if folder:
            theirs.append(usable(bench, f"chapters-stock/{Path(bench.path).name}"))
    return median(ours), median(theirs) if theirs else None


# ---- where the time goes -----------------------------------------------------------------------------------


def profile(page: Page) -> list[str]:
    """The functions in which the script of a change spends its time."""
    session = page.context.new_cdp_session(page)
    session.send("Profiler.enable")
    session.send("Profiler.setSamplingInterval", {"interval": 100})
    session.send("Profiler.start")
    for _ in range(100):
        page.evaluate("bench.prepare()")
        page.evaluate("bench.one()")
    found: dict[str, Any] = session.send("Profiler.stop")["profile"]
    names = {node["id"]: node["callFrame"]["functionName"] or "(no name)" for node in found["nodes"]}
    spent: Counter[str] = Counter()
    for node, delta in zip(found["samples"], found["timeDeltas"], strict=True):
        spent[names[node]] += delta
    rest = {"(idle)", "(program)", "(root)"}
    top = [(name, micros / 1e5) for name, micros in spent.most_common(14) if name not in rest]
    return ["script, ms a change: " + ", ".join(f"{name} {ms:.2f}" for name, ms in top)]


def where(clock: Clock) -> list[str]:
    """The parts of the time, and the controls that take most of it."""
    middle = {kind.removesuffix("Duration"): median(spent) for kind, spent in clock.parts.items()}
    slowest = sorted(((median(spent), name) for name, spent in clock.by_control.items()), reverse=True)[:6]
    return [
        "medians: " + ", ".join(f"{kind} {ms:.1f}" for kind, ms in middle.items()),
        "controls: " + ", ".join(f"{name} {ms:.1f}" for ms, name in slowest),
    ]


# ---- the table ---------------------------------------------------------------------------------------------

HEAD = ("figure", "p50", "p95", "late", "heap", "shift", "own", "page", "usable", "stock", "ratio")
LINE = "{:20} {:>7} {:>7} {:>8} {:>6} {:>7} {:>6} {:>6} {:>7} {:>7} {:>6}"


def measure(bench: Bench, folder: Path | None, profiled: bool) -> list[str]:
    """Print the line of one figure; what there is to say about it comes back."""
    times = 40 if bench.quick else 200
    with bench.page() as page:
        bench.open(page)
        clock = timed(page, times)
        late = sum(page.evaluate("bench.late(20)") for _ in range(times // 20))
        notes = [*where(clock), *profile(page)] if profiled else []
    grown, (moved, movers), (own, whole, heavy) = growth(bench), shift(bench), weights(bench)
    ours, theirs = first_slider(bench, folder)
    stock, ratio = (f"{theirs:.0f}", f"{ours / theirs:.2f}") if theirs else ("not", "npm")
    counted = (f"{late}/{times}", f"{grown:.3f}", f"{moved:.4f}", f"{own:.1f}", f"{whole:.0f}")
    print(LINE.format(bench.name, *clock.text, *counted, f"{ours:.0f}", stock, ratio), flush=True)
    return [*notes, *(movers if moved > MOST_SHIFT or profiled else []), *(heavy if profiled else [])]


def measure_playground(bench: Bench) -> None:
    """Print the line of another figure's one change."""
    named = os.environ.get("PLAYGROUND")
    if not named:
        print(f"{'TF Playground':20} no copy named: set PLAYGROUND to its folder")
        return
    copy = Path(named).resolve()
    with bench.page() as page:
        page.goto((copy / "index.html" if copy.is_dir() else copy).as_uri(), timeout=PATIENCE)
        page.locator("#next-step-button").wait_for()
        clock = timed(page, 40 if bench.quick else 200, "#next-step-button")
    print(LINE.format("TF Playground", *clock.text, *[""] * 8).rstrip())


def pages() -> dict[str, str]:
    """Figure → the page that is about it: the last that holds it, since the primer shows one of them too."""
    found = {}
    for page in sorted((HTML / "chapters").glob("*.html")):
        for name in re.findall(r'<figure[^>]*data-explorable="([^"]+)"', page.read_text(encoding="utf-8")):
            found[name] = page.relative_to(HTML).as_posix()
    return found


def serving_with(folder: Path) -> AbstractContextManager[str]:
    """The address of the book, and of what stands in the folder besides."""

    class Handler(QuietHandler):
        def translate_path(self, path: str) -> str:
            other = folder / urlsplit(path).path.lstrip("/")
            return str(other) if other.is_file() else super().translate_path(path)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Say nothing of pages that were closed before they had everything."""

    return serving(partial(Handler, directory=HTML), Server)


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--figures", nargs="+", choices=list(pages()), default=list(pages()), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="fewer changes and loads, the wide window only")
    parser.add_argument("--profile", action="store_true", help="also where the time goes")
    options = parser.parse_args()
    if not options.figures:
        sys.exit(f"no explorable in {HTML}: run make book first")
    failed, notes = [], {}
    with tempfile.TemporaryDirectory() as place, serving_with(Path(place)) as base, sync_playwright() as play:
        folder = Path(place) if fetch_stock(Path(place)) else None
        browser = play.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--no-sandbox"])
        print(LINE.format(*HEAD))
        for name in options.figures:
            faulthandler.dump_traceback_later(1800, exit=True)  # nothing may hang for ever
            bench = Bench(browser, base, options.quick, name, pages()[name])
            try:
                notes[name] = measure(bench, folder, options.profile)
            except (Error, AssertionError, KeyError) as error:
                failed.append(name)
                print(f"{name:20} could not be measured: {str(error).splitlines()[0]}", flush=True)
        measure_playground(Bench(browser, base, options.quick))
        faulthandler.cancel_dump_traceback_later()
        browser.close()
    print(LINE.format("should be", "", "≤ 8", "0", "≤ 1.1", "≤ 0.02", "≤ 60", "≤ 450", "", "", "≤ 0.35"))
    for name, lines in notes.items():
        print(*(f"\n{name}: {line}" for line in lines), sep="", end="\n" if lines else "")
    if not folder:
        print("\nstock: not measured, it needs npm")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
