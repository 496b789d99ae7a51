"""Build the course as a web book, build/book/html, from the lessons' stored outputs; it needs no network.

    python scripts/publish/book.py [--pictures N] [--sphinx=OPTIONS]

Sphinx reads what is gathered in build/book/source: the lessons, docs/, instructor/ and README.md as they are, and a
page for each public function. book/ holds its settings. The first page, which plays, is scripts/publish/front.py's.
"""

import argparse
import importlib
import inspect
import pkgutil
import posixpath
import shlex
import shutil
import subprocess
import sys

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sphinx", type=shlex.split, default=[], metavar="OPTIONS", help="for sphinx-build, such as --sphinx=-E"
    )
    parser.add_argument(
        "--pictures", type=int, metavar="N", help="of an explorer, at most; few are enough to test a book"
    )
    asked = parser.parse_args()

import front
import grid
import nbformat
from copies import BADGE, ROOT, beside, lesson_paths, relink, repository
from lite import address, runs_here

BUILD = ROOT / "build" / "book"
ASKS_MODELS = "<p><em>These sliders ask models that the lesson trains: they move in the notebook.</em></p>"
PRIVATE = ("collapse_lessons.course.exercises", "collapse_lessons.course.explorers.")  # the lessons' own machinery


def gather(target, panels):
    """Copy everything the book is made of into an empty folder; `panels` has the explorers that move, by lesson."""
    shutil.rmtree(target, ignore_errors=True)
    pages = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.*")), *sorted(ROOT.glob("instructor/*.*"))]
    paths = [path.relative_to(ROOT).as_posix() for path in [*pages, *lesson_paths()]]
    for path in paths:
        folder = posixpath.dirname(path)
        carried = beside(folder, paths)
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".ipynb"):
            drawn = panels.get(posixpath.basename(path).removesuffix(".ipynb"), {})
            notebook = lesson(nbformat.read(ROOT / path, as_version=4), path, drawn)
            for cell in notebook.cells:
                if cell.cell_type == "markdown":
                    cell.source = relink(cell.source, folder, carried, repository())
            nbformat.write(notebook, target / path)
        elif path.endswith(".md"):
            text = relink((ROOT / path).read_text("utf8"), folder, carried, repository())
            (target / path).write_text(text, "utf8")
        else:
            shutil.copyfile(ROOT / path, target / path)
    readme = (target / "README.md").read_text("utf8").replace(f"({front.address()})", "(page:index.html)")
    (target / "README.md").unlink()
    (target / "course.md").write_text(readme + (ROOT / "book" / "contents.md").read_text("utf8"), "utf8")
    (target / "api.rst").write_text(reference(), "utf8")


def lesson(notebook, path, panels):
    """Return a lesson as the book shows it: figures with alt text, their code folded, sliders that move.

    In the badge's place stands the way to run it in the browser, if it does without PyTorch.
    """
    run = f"[Run this lesson in your browser]({address(path)}), nothing to install.\n\n" if runs_here(notebook) else ""
    notebook.cells[0].source = BADGE.sub(run, notebook.cells[0].source)
    next(cell for cell in notebook.cells if cell.cell_type == "code").metadata["tags"] = ["hide-input"]  # set-up
    for cell in notebook.cells:
        if cell.cell_type == "code" and "plots.show(" in cell.source:
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
        if cell.cell_type == "code" and cell.source.startswith("explore("):
            cell.metadata["tags"] = ["hide-input"]
            panel = panels.get(cell.source, ASKS_MODELS)
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": panel})]
        for output in cell.get("outputs", []):
            if alt := output.get("metadata", {}).get("image/png", {}).get("alt"):
                cell.metadata["mystnb"] = {"image": {"alt": alt}}
    return notebook


def reference():
    """Return the page that lists every public function and class by its module, in reStructuredText."""
    parts = ["The package\n===========\n\nThe one loop and what goes round it. Each name leads to a page of its own.\n"]
    for name, functions in public().items():
        module = importlib.import_module(name)
        title = name.removeprefix("collapse_lessons.")
        rows = "\n".join(f"   ~{name}.{function}" for function in functions)
        parts.append(f"{title}\n{'-' * len(title)}\n\n{inspect.getdoc(module)}\n")
        if functions:
            parts.append(f".. autosummary::\n   :toctree: api\n   :nosignatures:\n\n{rows}\n")
    return "\n".join(parts)


def public():
    """Return the names of the public functions and classes that each module defines; a package has its say first."""
    import collapse_lessons

    names = {}
    for found in pkgutil.walk_packages(collapse_lessons.__path__, "collapse_lessons."):
        if not found.name.startswith(PRIVATE):
            members = inspect.getmembers(importlib.import_module(found.name), callable)
            own = [name for name, thing in members if getattr(thing, "__module__", "") == found.name]
            own = [name for name in own if not name.startswith("_")]
            if own or found.ispkg:
                names[found.name] = own
    return names


if __name__ == "__main__":
    extra = BUILD / "extra"  # copied as it is
    gather(
        BUILD / "source",
        grid.panels(lesson_paths(), extra / "explorers", BUILD / "panels", asked.pictures or grid.MOST),
    )
    front.write(extra / "index.html")
    folders = ["--conf-dir", ROOT / "book", "--doctree-dir", BUILD / "doctrees", BUILD / "source", BUILD / "html"]
    options = ["--fail-on-warning", "--quiet", "--jobs", "auto", *asked.sphinx]
    done = subprocess.run([sys.executable, "-m", "sphinx", *options, *map(str, folders)])
    if done.returncode == 0:
        print(f"The book is ready: open {BUILD / 'html' / 'index.html'}")
    sys.exit(done.returncode)
