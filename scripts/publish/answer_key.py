"""Write the answer key: every exercise with its solution, every quiz with its answers, out of the lessons themselves.

    python scripts/publish/answer_key.py

There is no second copy to keep in step: what stands in a lesson's cells is what is written to build/answer_key.md.
"""

import argparse
import re

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()

import nbformat
from copies import ROOT, lesson_paths

PATH = ROOT / "build" / "answer_key.md"
SOLUTION = re.compile(r"<details><summary>Solution</summary>\n(.*?)</details>", re.DOTALL)


def exercises(notebook):
    """Yield (task, solution) of each exercise: the words above its stub, and what unfolds below its check."""
    task = None
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.search(r"\*\*Exercise \d+\.\*\*.*", cell.source, re.DOTALL)):
            task = found.group().strip()
        if "solution" in cell.metadata.get("tags", []):
            yield task, SOLUTION.search(cell.source).group(1).strip()


def quiz(notebook):
    """Return the section with the quiz, its answers unfolded."""
    source = next(cell.source for cell in notebook.cells if re.search(r"^## Quiz", cell.source, re.MULTILINE))
    section = re.search(r"## Quiz\n(.*?)(?=\n## |\Z)", source, re.DOTALL).group(1)
    questions, answers = re.split(r"<details><summary>Answers</summary>", section)
    return f"{questions.strip()}\n\n*Answers*\n\n{answers.replace('</details>', '').strip()}"


def key(paths):
    """Return the answer key of these notebooks as Markdown."""
    parts = ["# Answer key\n\nMade from the lessons by `python scripts/publish/answer_key.py`."]
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        parts.append("#" + notebook.cells[0].source.splitlines()[0])
        parts += [f"{task}\n\n*Solution*\n\n{solution}" for task, solution in exercises(notebook)]
        parts.append(f"### Quiz\n\n{quiz(notebook)}")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(key(lesson_paths()), encoding="utf8", newline="\n")
    print(f"wrote {PATH.relative_to(ROOT).as_posix()}, {PATH.stat().st_size / 1000:.0f} kB")
