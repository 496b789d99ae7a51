"""Build the lessons that run in a browser, build/lite/html: JupyterLite, whose Python is WebAssembly (Pyodide).

    python scripts/publish/lite.py [folder with Pyodide]

It holds a reader's copy of every lesson that does without PyTorch, docs/, and a small copy of the package; any plain
file server will do.
Pyodide comes from its usual network, in one version. Given its folder, unpacked from its makers' release, the site
carries along what the lessons need of it, and no page asks another host.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pyodide", type=Path, nargs="?", metavar="folder", help="with Pyodide, to carry it along")
    pyodide = parser.parse_args().pyodide
    if pyodide and not pyodide.is_dir():
        parser.error(f"PYODIDE must be a folder with pyodide-lock.json, got {pyodide}: unpack a release")

import nbformat
from copies import ROOT, beside, copies, relink, repository
from stamp_repository import pages

BUILD = ROOT / "build" / "lite"
PYODIDE = "0.27.7"  # the one that requirements-lite.txt's kernel is made for, and its tests run on
NETWORK = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full"
TOOL = ROOT / ".venv" / "lite" / ("Scripts" if sys.platform == "win32" else "bin") / "jupyter-lite"
RUNTIME = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]
COMPILED = ["scipy", "pandas", "matplotlib", "scikit-learn", "pillow"]  # Pyodide's own builds, with what they ask for
KERNEL = ["micropip", "ssl", "sqlite3", "ipython", "jedi"]  # and those of the kernel
SLIDERS = ["anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions"]
PURE = [*SLIDERS, "filelock", "lazy-loader", "platformdirs", "seaborn"]  # in pure Python, as pinned in requirements.txt
LEFT_OUT = ["flowers"]  # of data/: what only lessons with PyTorch read
SECONDS_UNSAVED = 5  # a page is closed or loaded anew without a thought; JupyterLab saves every two minutes
TORCH = re.compile(r"^\s*(?:import|from) torch\b", re.MULTILINE)


def runs_here(notebook):
    """Return whether a lesson does without PyTorch, which no browser has."""
    return not any(cell.cell_type == "code" and TORCH.search(cell.source) for cell in notebook.cells)


def address(path=""):
    """Return where the published site has these lessons, or runs one of them: "notebooks/01_gaussian.ipynb"."""
    site = pages(repository().removeprefix("https://github.com/")) + "lite/"
    return f"{site}notebooks/index.html?path={path}" if path else site


def gather(target):
    """Put the lessons and docs/ into an empty folder; links to what stays behind lead to the public address."""
    shutil.rmtree(target, ignore_errors=True)
    lessons = {f"notebooks/{name}.ipynb": copy for name, copy in copies("reader").items() if runs_here(copy)}
    docs = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("docs/*.*"))]
    for folder in ("notebooks", "docs"):
        (target / folder).mkdir(parents=True)
    for path, notebook in lessons.items():
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = relink(cell.source, "notebooks", beside("notebooks", [*lessons, *docs]), repository())
        nbformat.write(notebook, target / path)
    for path in docs:
        shutil.copyfile(ROOT / path, target / path)


def wheels(folder):
    """Put the package's small wheel into a folder, and the wheels in pure Python that Pyodide does not have."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "pins.txt").write_text("".join(map(pin, PURE)), "utf8")
        pip = [sys.executable, "-I", "-m", "pip", "--quiet", "--disable-pip-version-check"]
        pure = ["--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none"]
        pinned = ["--no-deps", "--require-hashes", "--requirement", f"{made}/pins.txt"]
        subprocess.run([*pip, "download", *pure, *pinned, "--dest", str(folder)], check=True)
        build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", made, str(ROOT)]
        subprocess.run([sys.executable, *build], check=True, stdout=subprocess.DEVNULL)
        small(next(Path(made).glob("*.whl")), folder)


def pin(name):
    """Return the lines of requirements.txt that pin a package, with its checksums."""
    pins = (ROOT / "requirements.txt").read_text("utf8")
    return re.search(rf"^{name}==.*\n(?: +--hash=.*\n)*", pins, re.MULTILINE)[0]


def small(wheel, folder):
    """Copy a wheel of the package without the data that only lessons with PyTorch read."""
    large = tuple(f"collapse_lessons/data/{name}/" for name in LEFT_OUT)
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(folder / wheel.name, "w", zipfile.ZIP_DEFLATED) as part:
        for name in whole.namelist():
            if not name.startswith(large):
                part.writestr(name, whole.read(name))


def settings(folder, pyodide):
    """Return JupyterLite's settings: where Pyodide is, and what a kernel has loaded before the first cell."""
    up = "../../../../pypi/"  # from the kernel's script to the site's wheels, wherever the site lies
    kernel = {
        "pyodideUrl": f"{pyodide}/pyodide.js",
        "disablePyPIFallback": True,  # nothing is asked for but what is here
        "loadPyodideOptions": {"packages": KERNEL + COMPILED + [up + path.name for path in sorted(folder.iterdir())]},
    }
    # Unknown to JupyterLite, JSON Lines would count as JSON, and the second prediction would break the file.
    lines = {"name": "jsonl", "extensions": [".jsonl"], "mimeTypes": ["text/plain"], "fileFormat": "text"}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Model collapse, a course",
            "fileTypes": {"jsonl": lines},
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
            "settingsOverrides": {"@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": SECONDS_UNSAVED}},
        },
    }


def carry(pyodide, target):
    """Copy from a folder with Pyodide what the lessons need of it."""
    try:
        lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf8"))
    except OSError:
        raise FileNotFoundError(
            f"PYODIDE must be a folder with pyodide-lock.json, got {pyodide}: unpack a release"
        ) from None
    if lock["info"]["version"] != PYODIDE:
        raise ValueError(
            f"PYODIDE must be version {PYODIDE}, got {lock['info']['version']}: take the release v{PYODIDE}"
        )
    packages = {plain(name): package for name, package in lock["packages"].items()}
    needed, asked = set(), [*KERNEL, *COMPILED]
    while asked:
        if (name := plain(asked.pop())) not in needed:
            needed.add(name)
            asked += packages[name]["depends"]
    target.mkdir(parents=True)
    for file in [*RUNTIME, *(packages[name]["file_name"] for name in sorted(needed))]:
        shutil.copyfile(pyodide / file, target / file)


def plain(name):
    """Return a package's name as all spellings of it have it in common."""
    return re.sub(r"[-_.]+", "-", name).lower()


def build(folder, pyodide=None):
    """Build the site in folder/html, with Pyodide out of its own folder or with the network's address; returns it."""
    shutil.rmtree(folder, ignore_errors=True)
    gather(folder / "files")
    wheels(folder / "wheels")
    address = "./static/pyodide" if pyodide else NETWORK
    (folder / "jupyter-lite.json").write_text(json.dumps(settings(folder / "wheels", address), indent=1), "utf8")
    options = ["--contents", "files", "--piplite-wheels", "wheels", "--no-sourcemaps", "--no-unused-shared-packages"]
    call = [TOOL, "build", "--lite-dir", ".", "--output-dir", "html", *options]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"JupyterLite must build the site, got an error from it: {done.stdout}{done.stderr}")
    if pyodide:
        carry(Path(pyodide), folder / "html" / "static" / "pyodide")
    return folder / "html"


if __name__ == "__main__":
    try:
        print(f"The lessons are ready: serve {build(BUILD, pyodide)} and open lab/index.html there")
    except (OSError, ValueError, RuntimeError) as error:
        sys.exit(str(error))
