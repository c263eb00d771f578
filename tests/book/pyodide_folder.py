"""A Pyodide folder from the npm registry and PyPI alone: Python's core, SymPy, and no NumPy.

    .venv/bin/python tests/book/pyodide_folder.py FOLDER

Pyodide's NumPy is on neither. Its lock file is cut down to what the folder holds, with the checksums of
PyPI's wheels: Pyodide packs the same files anew. What is downloaded must have the checksum that is written
down here and in pyodide.txt. A folder that is complete stays as it is.
"""

import json
import re
import shutil
import subprocess
import sys
import tarfile
from base64 import b64encode
from hashlib import sha256, sha512
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

CHECKSUMS = {
    "314.0.6": "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ==",
}
"""The sha512 of npm's package, for each version that a kernel of the lock asks for."""

WHEELS = Path(__file__).with_name("pyodide.txt")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
NO_NPM = "npm is missing: it fetches Pyodide's core. Install Node.js (on Debian: sudo apt-get install npm)."


def fetch_core(folder):
    """Pyodide's core, checked, and its lock file."""
    if (npm := shutil.which("npm")) is None:
        sys.exit(NO_NPM)
    with TemporaryDirectory() as name:
        command = [npm, "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"]
        done = subprocess.run(command, cwd=name, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"npm did not fetch Pyodide {PYODIDE_VERSION}:\n{done.stderr}")
        (package,) = Path(name).glob("*.tgz")
        found = b64encode(sha512(package.read_bytes()).digest()).decode()
        if found != CHECKSUMS.get(PYODIDE_VERSION):
            sys.exit(f"Pyodide {PYODIDE_VERSION} has another checksum than the one written down: {found}")
        with tarfile.open(package) as archive:
            for file in CORE:
                (folder / file).write_bytes(archive.extractfile(f"package/{file}").read())
            return json.loads(archive.extractfile("package/pyodide-lock.json").read())


def fetch_wheels(folder):
    """The wheels of pyodide.txt, checked by pip."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", "3.14", "--require-hashes", "--requirement", WHEELS, "--dest", folder]
    subprocess.run(command, check=True)


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def trim(lock, folder):
    """The lock file of what the folder holds; each wheel under the name that Pyodide asks for."""
    kept = {}
    for name, package in lock["packages"].items():
        wheel = folder / package["file_name"]
        if wheel.exists():
            package["depends"] = [canonical(other) for other in package["depends"]]
            kept[canonical(name)] = package | {"sha256": sha256(wheel.read_bytes()).hexdigest()}
    lacking = {other for package in kept.values() for other in package["depends"]} - kept.keys()
    if lacking or len(kept) != len(list(folder.glob("*.whl"))):
        sys.exit(f"pyodide.txt does not fit Pyodide {PYODIDE_VERSION}: {sorted(lacking)}")
    return {**lock, "packages": kept}


def make(folder):
    """Make the folder, unless it is there already."""
    done, mark = folder / "pyodide-lock.json", f"{PYODIDE_VERSION}\n{WHEELS.read_text(encoding='utf-8')}"
    if done.exists() and (folder / "made-of.txt").read_text(encoding="utf-8") == mark:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lock = fetch_core(folder)
    fetch_wheels(folder)
    (folder / "made-of.txt").write_text(mark, encoding="utf-8")
    done.write_text(json.dumps(trim(lock, folder), indent=1), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
