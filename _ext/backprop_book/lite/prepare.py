"""Runs in the reader's browser: loads what a notebook uses, or says in plain words what is missing."""

from collections.abc import Collection, Sequence
from importlib import import_module

OWN = {"nnlib", "ipywidgets"}
"""What the book brings along as a wheel."""

FOR_NNLIB = ("numpy", "sympy")

TITLES = {"numpy": "NumPy", "sympy": "SymPy", "matplotlib": "Matplotlib"}


def missing(names: Sequence[str], known: Collection[str]) -> list[str]:
    """Return what Pyodide would have to hold and does not.

    >>> missing(["sympy", "nnlib"], {"sympy"})
    ['numpy']
    """
    wanted = dict.fromkeys([*names, *(FOR_NNLIB if "nnlib" in names else ())])
    return [name for name in wanted if name not in known and name not in OWN]


def told(absent: Sequence[str]) -> str:
    """Say what is missing, and what to do.

    >>> print(told(["numpy"]).splitlines()[0])
    NumPy is missing. Python in this browser comes from a folder that does not hold it.
    """
    names = " and ".join(TITLES.get(name, name) for name in absent)
    verb, it = ("are", "them") if len(absent) > 1 else ("is", "it")
    rest = [] if "sympy" in absent else ["SymPy is here: the cells that use it alone will run."]
    return "\n".join(
        [
            f"{names} {verb} missing. Python in this browser comes from a folder that does not hold {it}.",
            *rest,
            "The other cells need Pyodide as its own site serves it. Let it come from cdn.jsdelivr.net:",
            "    make book",
            "or name a folder that holds the whole Pyodide distribution:",
            "    make book PYODIDE=folder",
        ]
    )


async def prepare(*names: str) -> None:
    """Load the packages that are to be had; tell about the others."""
    piplite, pyodide = import_module("piplite"), import_module("pyodide_js")
    absent = missing(names, set(pyodide.lockfile.packages.to_py()))
    for name in names:
        if name not in absent and not (name == "nnlib" and absent):
            await piplite.install(name)
    print(told(absent) if absent else "Ready.")
