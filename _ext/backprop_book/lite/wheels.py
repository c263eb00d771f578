"""Wheels for the browser, packed from what is installed here: the versions are those of the lock.

Nothing is downloaded. Only packages of plain Python can be packed; what is compiled comes with Pyodide.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..sources import nnlib_files, nnlib_folder

WITH_PYODIDE = {
    "numpy", "sympy", "mpmath", "matplotlib", "scikit-learn", "tqdm", "ipython", "traitlets",
    "typing-extensions",
}  # fmt: skip
"""What Pyodide's distribution holds, in versions that fit it."""

STOOD_IN = {"widgetsnbextension"}
"""What the kernel brings a stand-in for: there is no classic notebook here."""

WHEEL = "Wheel-Version: 1.0\nGenerator: backprop_book\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can name: two builds give the same bytes


BROWSER = {"platform_system": "Emscripten", "sys_platform": "emscripten", "extra": ""}


def _requirements(name: str) -> list[Requirement]:
    """Return what an installed package needs in the browser."""
    found = map(Requirement, distribution(name).requires or ())
    return [r for r in found if r.marker is None or r.marker.evaluate(BROWSER)]


def needed() -> list[str]:
    """Return the packages to pack besides nnlib: what it requires, and Pyodide does not hold."""
    found: set[str] = set()
    queue = ["comm", *(r.name for r in _requirements("nnlib"))]  # the kernel asks for comm
    while queue:
        name = canonicalize_name(queue.pop())
        if name in found | WITH_PYODIDE | STOOD_IN:
            continue
        found.add(name)
        queue += [r.name for r in _requirements(name)]
    return sorted(found)


def _installed(package: Distribution) -> dict[str, bytes]:
    """Return the files of an installed package: neither compiled ones nor what lies outside of it."""
    files = {}
    for file in package.files or ():
        parts = file.parts
        own = ".." not in parts and "__pycache__" not in parts and not parts[0].endswith(".dist-info")
        if own and file.suffix in {".py", ".js", ".css", ".json", ".txt", ".typed", ".tsv", ".html"}:
            files[file.as_posix()] = Path(str(file.locate())).read_bytes()
    return files


def _licences(package: Distribution) -> dict[str, bytes]:
    """Return the texts of a package's licence, by their names: who passes it on passes them on."""
    files = [file for file in package.files or () if file.parts[0].endswith(".dist-info")]
    return {
        f"licenses/{file.name}": Path(str(file.locate())).read_bytes()
        for file in files
        if "licenses" in file.parts or file.name.startswith(("LICEN", "COPYING", "NOTICE"))
    }


def pack(
    name: str, version: str, about: Mapping[str, bytes], files: Mapping[str, bytes], folder: Path
) -> Path:
    """Write a wheel of plain Python, and what it says about itself; the same contents give the same bytes."""
    stem = f"{canonicalize_name(name).replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    told = {f"{info}/{file}": data for file, data in {**about, "WHEEL": WHEEL.encode()}.items()}
    contents = {**files, **told}
    wheel = folder / f"{stem}-py3-none-any.whl"
    with ZipFile(wheel, "w", ZIP_DEFLATED) as archive:
        rows = []
        for path, data in sorted(contents.items()):
            digest = urlsafe_b64encode(sha256(data).digest()).rstrip(b"=").decode()
            rows.append(f"{path},sha256={digest},{len(data)}")
            archive.writestr(ZipInfo(path, WHEN), data, ZIP_DEFLATED)
        record = "\n".join([*rows, f"{info}/RECORD,,", ""])
        archive.writestr(ZipInfo(f"{info}/RECORD", WHEN), record, ZIP_DEFLATED)
    return wheel


def _nnlib(folder: Path) -> Path:
    """Write the wheel of the book's library, which is installed as a link to its folder."""
    package, root = distribution("nnlib"), nnlib_folder().parent
    requires = [f"Requires-Dist: {requirement}" for requirement in _requirements("nnlib")]
    fields = ["Metadata-Version: 2.1", "Name: nnlib", f"Version: {package.version}", *requires, ""]
    about = {"METADATA": "\n".join(fields).encode(), **_licences(package)}
    files = {file.relative_to(root).as_posix(): file.read_bytes() for file in nnlib_files()}
    return pack("nnlib", package.version, about, files, folder)


def pack_all(folder: Path) -> list[Path]:
    """Write the wheels that the browser's Python needs besides Pyodide's own."""
    wheels = []
    for package in map(distribution, needed()):
        about = {"METADATA": (package.read_text("METADATA") or "").encode(), **_licences(package)}
        wheels.append(pack(package.name, package.version, about, _installed(package), folder))
    prepare = (Path(__file__).parent / "prepare.py").read_bytes()
    about = {"METADATA": b"Metadata-Version: 2.1\nName: book-in-browser\nVersion: 1\n"}
    wheels.append(pack("book-in-browser", "1", about, {"book_in_browser.py": prepare}, folder))
    return [_nnlib(folder), *wheels]
