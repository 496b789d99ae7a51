"""Write copies of the lessons: for students without solutions, for teachers with answers and notes, and for Colab.

    python scripts/publish/copies.py student|instructor|colab

The lessons in notebooks/ stay the one source; the copies go to build/student and build/instructor. Those in colab/ are
kept in the repository, since Colab opens what lies there. The reader's own are made by `scripts/publish/lab.py`.
"""

import argparse
import hashlib
import json
import posixpath
import re
import tomllib
from pathlib import Path

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("student", "instructor", "colab"), help="which copies to write")
    kind = parser.parse_args().kind

import nbformat

ROOT = Path(__file__).resolve().parents[2]
LESSON = re.compile(r"\d\d_[a-z_]+\.ipynb")  # not Untitled.ipynb, nor what Jupyter calls 01_gaussian-Copy1.ipynb
BADGE = re.compile(r"\[!\[Open in Colab\]\([^)]*\)\]\([^)]*\)\n*")
ANSWERS = re.compile(r"<details>\s*<summary>(?:Solution|Answer)s?</summary>.*?</details>[ \t]*\n?", re.DOTALL)
CAME_OUT = re.compile(r"It came out (.+)\.$", re.MULTILINE)
QUIET = "%%capture\n# The course checks here what it claims. Without the line above, it prints what it finds.\n\n\n"
TELLING = ("plots.show(", "plots.quotes(")  # code that says in words what a figure or a table shows
SET_UP = "# Set-up"
PREDICTION = re.compile(r"^(prediction = |    values=)\.\.\.", re.MULTILINE)  # a number or letter, or a curve
LINK = re.compile(r"(\]\()([^)#:]+)([)#])")  # to a file: an address has a colon


def lesson_paths(root=ROOT):
    """Return the course's lessons in order; whatever else somebody keeps in notebooks/ is left alone."""
    return [path for path in sorted((root / "notebooks").glob("*.ipynb")) if LESSON.fullmatch(path.name)]


def reader(notebook):
    """Return a lesson to work through: without outputs, and with the code folded that tells what comes out.

    That is the code of figures, whose descriptions tell, and of claims; folded, too, is what one may run without
    reading it: the set-up, and what carries the tag `hide-input`. One click unfolds it, in Colab as well. A cell tagged
    `hide-cell` is a test rather than reading: it prints nothing, since folded output unfolds when the cell is run. The
    badge goes, since this is where it leads. The copy knows of which version of the lesson it is.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            tags = cell.metadata.get("tags", [])
            claim = "nbval-check-output" in tags and "check" not in tags
            skipped = "hide-input" in tags or cell.source.startswith(SET_UP)
            if claim or skipped or any(call in cell.source for call in TELLING):
                cell.metadata["jupyter"] = {"source_hidden": True}
                cell.metadata["cellView"] = "form"  # as Colab writes it
            if "hide-cell" in tags:
                cell.source = QUIET + cell.source
        else:
            cell.source = BADGE.sub("", cell.source).strip()
    notebook.metadata["collapse_lessons"] = {"version": version(notebook)}
    return notebook


def version(notebook):
    """Return what tells one version of a lesson from another: a hash of its cells' text."""
    text = json.dumps([(cell.cell_type, cell.source) for cell in notebook.cells])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def student(notebook):
    """Return a reader's copy to hand out: hints stay, solutions and answers go."""
    notebook = reader(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = ANSWERS.sub("", cell.source).strip()
    notebook.cells = [cell for cell in notebook.cells if cell.source]
    return notebook


def instructor(notebook, notes=""):
    """Return a lesson with every exercise solved, every prediction right, and the teacher's notes below the title.

    What was printed about another answer is cleared; run the copy to see the new verdicts.
    """
    for i, cell in tagged(notebook, "exercise"):
        cell.source = solution_after(notebook, i)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for i, cell in enumerate(code):
        if asked := PREDICTION.search(cell.source):
            cell.source = PREDICTION.sub(f"{asked[1]}{came_out(code[i + 1 :])}", cell.source)
            cell.source = cell.source.replace("sure = ...", "sure = 1.0")
    for cell in code:
        if "compare(" in cell.source or "check" in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
    if notes:
        notebook.cells.insert(1, nbformat.v4.new_markdown_cell(notes, id="notes", metadata={"tags": ["notes"]}))
    return notebook


def executed(notebook):
    """Return whether every comparison of a lesson has stored what came out."""
    compared = [cell for cell in notebook.cells if cell.cell_type == "code" and "compare(" in cell.source]
    return all(CAME_OUT.search(text_of(cell)) for cell in compared)


def came_out(cells):
    """Return, as Python, the result that the first comparison in these cells has stored."""
    cell = next(cell for cell in cells if "compare(" in cell.source)
    result = CAME_OUT.search(text_of(cell))
    if not result:
        raise ValueError("a lesson must have its outputs stored, got a comparison without one: run `make notebooks`")
    return f'"{result[1]}"' if result[1].isalpha() else result[1]


def teaching_notes(name, folder=ROOT / "instructor"):
    """Return the plan of a lesson, folder/NAME.md, one heading level down so that it fits below the title, or ""."""
    path = folder / f"{name}.md"
    if not path.exists():
        return ""
    parts = path.read_text("utf8").split("```")  # every other part is code, where # begins a comment
    return "```".join(p if i % 2 else re.sub("^#", "##", p, flags=re.MULTILINE) for i, p in enumerate(parts)).strip()


def relink(text, folder, carried, address):
    """Point links in a text of `folder` to what is carried along, and all other links to files to the public address.

    Parameters
    ----------
    folder : str
        Where the text stands in the course, "notebooks".
    carried : dict of str to str
        The new target for each file that is carried along, by its path in the course.
    address : str
        https://github.com/owner/name
    """

    def target(match):
        path = (ROOT / folder / match[2]).resolve()
        if not path.is_relative_to(ROOT):
            raise ValueError(f"a link must lead to a file of the course, got {match[2]!r} in {folder}/: mend it there")
        path = path.relative_to(ROOT).as_posix()
        return match[1] + carried.get(path, f"{address}/blob/main/{path}") + match[3]

    return LINK.sub(target, text)


def beside(folder, paths):
    """Return, for `relink`, how a file in `folder` links to files carried along in the course's own folders."""
    return {path: posixpath.relpath(path, folder or ".") for path in paths}


def tagged(notebook, tag):
    """Return the (position, cell) of every cell that carries a tag."""
    return [(i, cell) for i, cell in enumerate(notebook.cells) if tag in cell.metadata.get("tags", [])]


def text_of(cell):
    """Return what a code cell printed."""
    return "".join(output.text for output in cell.get("outputs", []) if output.output_type == "stream")


def solution_after(notebook, position):
    """Return the Python block of the first cell tagged `solution` below a position."""
    cell = next(cell for i, cell in tagged(notebook, "solution") if i > position)
    return re.search(r"```python\n(.*?)```", cell.source, re.DOTALL).group(1)


def repository():
    """Return the course's public address, https://github.com/owner/name, from pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["urls"]["Repository"]


def colab(name):
    """Return the address at which Colab opens a lesson's copy."""
    return f"{repository().replace('github.com', 'colab.research.google.com/github')}/blob/main/colab/{name}.ipynb"


def copies(kind):
    """Return every lesson's copy of a kind, "reader", "colab", "student" or "instructor", by the lesson's name.

    A reader's copies link to the course's own files from a folder beside notebooks/, all others to what lies beside
    them or to the public address. An instructor's copy needs the results that a lesson stores; a lesson without them is
    left out, and a line says so.
    """
    notebooks = {}
    for path in lesson_paths(ROOT):
        notebook = nbformat.read(path, as_version=4)
        if kind != "instructor" or executed(notebook):
            notebooks[path.stem] = notebook
        else:
            print(f"left out: {path.name} has no stored results; run `make notebooks`, then this again")
    carried = {f"notebooks/{name}.ipynb": colab(name) if kind == "colab" else f"{name}.ipynb" for name in notebooks}
    for name, notebook in notebooks.items():
        if kind == "instructor":
            instructor(notebook, relink(teaching_notes(name), "instructor", carried, repository()))
        else:
            student(notebook) if kind == "student" else reader(notebook)
        for cell in notebook.cells:
            if kind != "reader" and cell.cell_type == "markdown" and cell.id != "notes":
                cell.source = relink(cell.source, "notebooks", carried, repository())
    return notebooks


def write(kind, folder):
    """Write every lesson's copy of a kind into a folder; returns their paths.

    A notebook that an earlier run left in the folder goes, if it is no lesson any more, and a line says so.
    """
    notebooks = copies(kind)
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(set(folder.glob("*.ipynb")) - {folder / f"{name}.ipynb" for name in notebooks}):
        old.unlink()
        print(f"removed from {folder.name}: {old.name}, which is none of these lessons")
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return [folder / f"{name}.ipynb" for name in notebooks]


FOLDERS = {kind: ROOT / "build" / kind for kind in ("student", "instructor")} | {"colab": ROOT / "colab"}

if __name__ == "__main__":
    print(f"{len(write(kind, FOLDERS[kind]))} lessons in {FOLDERS[kind]}")
