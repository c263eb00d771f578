"""Print a sheet of exercises with fresh numbers and an answer key: ``python -m nnlib.exercises --seed 7``."""

from __future__ import annotations

import argparse
import sys

from nnlib.exercises.sheet import sheet


def main(arguments: list[str] | None = None) -> None:
    """Print the sheet that the command line asks for.

    Examples
    --------
    >>> main(["--seed", "7", "--count", "1"])  # doctest: +ELLIPSIS
    # Exercises, sheet 7
    ...
    """
    parser = argparse.ArgumentParser(prog="python -m nnlib.exercises", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="which sheet: a whole number")
    parser.add_argument("--chapter", help="exercises of one chapter alone, such as single-layer")
    parser.add_argument("--count", type=int, help="how many exercises; all where it is left out")
    chosen = parser.parse_args(arguments)
    try:
        text = sheet(chosen.seed, chosen.chapter, chosen.count)
    except ValueError as error:
        parser.error(str(error))
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
