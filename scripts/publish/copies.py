"""Write copies of the lessons for a class: for students without solutions, for teachers with answers and notes.

usage: python scripts/publish/copies.py student|instructor

The lessons in notebooks/ stay the one source; the copies go to build/student or build/instructor.
"""

import posixpath
import re
import sys
import tomllib
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
LESSON = re.compile(r"\d\d_[a-z_]+\.ipynb")  # not Untitled.ipynb, nor what Jupyter calls 01_gaussian-Copy1.ipynb
BADGE = re.compile(r"\[!\[Open in Colab\]\([^)]*\)\]\([^)]*\)\n*")
ANSWERS = re.compile(r"<details>\s*<summary>(?:Solution|Answer)s?</summary>.*?</details>[ \t]*\n?", re.DOTALL)
CAME_OUT = re.compile(r"It came out (\S+)\.$", re.MULTILINE)
LINK = re.compile(r"(\]\()([^)#:]+)([)#])")  # to a file: an address has a colon


def lesson_paths(root=ROOT):
    """Return the course's lessons in order; whatever else somebody keeps in notebooks/ is left alone."""
    return [path for path in sorted((root / "notebooks").glob("*.ipynb")) if LESSON.fullmatch(path.name)]


def student(notebook):
    """Return a lesson to hand out: hints stay, solutions and answers go, and so do outputs that tell what comes out.

    The code of figures is folded, since their descriptions tell as well; one click unfolds it. The Colab badge goes,
    since it opens the published lesson.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "plots.show(" in cell.source:
                cell.metadata["jupyter"] = {"source_hidden": True}
        else:
            cell.source = BADGE.sub("", ANSWERS.sub("", cell.source)).strip()
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
        if "prediction = ..." in cell.source:
            cell.source = cell.source.replace("prediction = ...", f"prediction = {came_out(code[i + 1 :])}")
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


def write(kind, folder):
    """Write every lesson's copy of a kind, "student" or "instructor", into a folder; returns their paths.

    An instructor's copy needs the results that a lesson stores; a lesson without them is left out. A notebook that an
    earlier run left in the folder goes, if it is no lesson any more. A line says so of each.
    """
    notebooks = {}
    for path in lesson_paths(ROOT):
        notebook = nbformat.read(path, as_version=4)
        if kind == "student" or executed(notebook):
            notebooks[path.stem] = notebook
        else:
            print(f"left out: {path.name} has no stored results; run `make notebooks`, then this again")
    carried = {f"notebooks/{name}.ipynb": f"{name}.ipynb" for name in notebooks}
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(set(folder.glob("*.ipynb")) - {folder / f"{name}.ipynb" for name in notebooks}):
        old.unlink()
        print(f"removed from {folder.name}: {old.name}, which is none of these lessons")
    for name, notebook in notebooks.items():
        if kind == "student":
            notebook = student(notebook)
        else:
            notebook = instructor(notebook, relink(teaching_notes(name), "instructor", carried, repository()))
        for cell in notebook.cells:
            if cell.cell_type == "markdown" and cell.id != "notes":
                cell.source = relink(cell.source, "notebooks", carried, repository())
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return [folder / f"{name}.ipynb" for name in notebooks]


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("student", "instructor"):
        sys.exit("Say which copies: python scripts/publish/copies.py student, or instructor")
    folder = ROOT / "build" / sys.argv[1]
    print(f"{len(write(sys.argv[1], folder))} lessons in {folder}")
