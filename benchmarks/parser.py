"""How long an answer takes to be read, and then to be judged, in Python and in the page's module.

To read a string takes at most 5 ms. To judge it the formula is computed at a dozen points, and anew for each
number in it; that is measured by itself.

    .venv/bin/python benchmarks/parser.py [--strings 100000]

Random, broken and hostile strings, and the longest and deepest ones that are read. Neither side may raise
anything, and both must say the same of each.
"""

import argparse
import contextlib
import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from nnlib.exercises.parser import parse
from nnlib.exercises.tokens import Unreadable
from tests.exercises.catalogue import MAKERS, exercise
from tests.exercises.page import judged
from tests.exercises.strings import hostile, longest


def quantiles(times: list[float]) -> str:
    """Median, 99.9th percentile and the worst, in milliseconds."""
    times = sorted(times)
    median, high = times[len(times) // 2], times[len(times) * 999 // 1000]
    return f"median {median:.3f} ms, 99.9 % within {high:.3f} ms, longest {times[-1]:.1f} ms"


def time_to_read(text: str, name: str) -> float:
    """In milliseconds, in Python."""
    names, begun = exercise(name).question.names, time.process_time()
    with contextlib.suppress(Unreadable):
        parse(text, names)
    return 1e3 * (time.process_time() - begun)


def main() -> None:
    """Judge every string in the page's module and in Python; print the times and where the two disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=int, default=100_000)
    count = parser.parse_args().strings
    names = list(MAKERS)
    texts: dict[str, list[str]] = {name: [] for name in names}
    for number, text in enumerate(hostile(count)):
        texts[names[number % len(names)]].append(text)
    for name, text in longest():
        texts[name].append(text)
    page = judged({name: exercise(name) for name in names}, texts)
    read_in_page, in_page, to_read, in_python, apart = [], [], [], [], []
    gc.freeze()  # else the time of a string is now and then that of looking through all of SymPy
    gc.disable()
    for name, answers in page.items():
        judge = exercise(name).question.judge
        judge("0")  # the points are computed once
        for text, answer in zip(texts[name], answers, strict=True):
            reading = time_to_read(text, name)
            for _ in range(4 if reading > 2 else 0):  # the machine may have been busy with something else
                reading = min(reading, time_to_read(text, name))
            to_read.append(reading)
            read = time.process_time()
            found = judge(text)
            in_python.append(1e3 * (time.process_time() - read))
            read_in_page.append(answer["read"])
            in_page.append(answer["time"])
            if (found.verdict, found.kind) != (answer["verdict"], answer["kind"]):
                apart.append((name, text))
    print(f"{len(to_read)} strings: {len(apart)} judged differently {apart[:3]}")
    print(f"page, read:              {quantiles(read_in_page)}")
    print(f"Python, read:            {quantiles(to_read)}")
    print(f"page, read and judged:   {quantiles(in_page)}")
    print(f"Python, read and judged: {quantiles(in_python)}")


if __name__ == "__main__":
    main()
