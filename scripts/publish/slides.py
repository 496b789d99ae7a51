"""Make slides of every lesson out of its own cells: build/slides/NAME.html, for a projector without a network.

    python scripts/publish/slides.py

A rule picks what is shown: the title and its hook, each section's heading, every prediction, what the claims print,
every figure with its line, what the toy does not show, the quiz, and the summary. The paragraphs between are the
speaker's notes (key s), and a cell tagged `slide` is shown with its code. nbconvert writes the slides; reveal.js is
copied beside them from sphinx-revealjs, and formulas become MathML, so that nothing is fetched.
"""

import argparse
import re
import shutil
from importlib.resources import files

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()

import nbformat
from copies import ANSWERS, BADGE, ROOT, lesson_paths
from latex2mathml.converter import convert
from nbconvert import SlidesExporter

FORMULA = re.compile(r"(```.*?```|`[^`]*`)|\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.DOTALL)  # code is left alone
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
WHOLE = ("What this toy", "What these toys", "Quiz", "In short")  # sections that are shown in full
EXPLORER = "plots.show(*explorer.draw("  # a still of what has sliders in the lesson
LEFT_OUT = ("Exercises", "Sources", "Try it yourself")


def slides(notebook):
    """Return a notebook of a lesson's slides: each cell says in its metadata what kind of slide it is."""
    shown, section, last = [], "", ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts, section = pieces(cell.source, section)
            for kind, text in parts:
                if kind == "subslide" and last == "slide":
                    kind = "-"  # a prediction stands below its section's heading
                shown.append(slide(nbformat.v4.new_markdown_cell(mathml(text)), kind))
                last = last if kind == "notes" else kind
        elif not section.startswith(LEFT_OUT) and EXPLORER not in cell.source and (kept := visible(cell)):
            figure = "image/png" in kept.outputs[0].get("data", {}) if kept.outputs else False
            kind = "-" if figure and last == "claim" else "subslide"  # a figure stands below what was printed before it
            shown.append(slide(kept, kind))
            last = kind if figure else "claim"
    return nbformat.v4.new_notebook(cells=shown, metadata=notebook.metadata)


def pieces(source, section):
    """Return [(kind of slide, text), ...] for the paragraphs of a Markdown cell, and the section it ends in."""
    source = DETAILS.sub("", BADGE.sub("", ANSWERS.sub("", source)))
    parts, predicting = [], False
    for paragraph in filter(None, re.split(r"\n\s*\n", source.strip())):
        heading = re.match(r"#+ (.*)", paragraph)
        if heading:
            section, predicting = heading[1], False
        elif paragraph.startswith("**"):
            predicting = paragraph.startswith("**Predict.**")
        if section.startswith(LEFT_OUT) or paragraph.startswith(("|", "**Next:**")):
            continue
        if heading:
            kind = "slide"
        elif paragraph.startswith("**Predict.**"):
            kind = "subslide"
        elif predicting or paragraph.startswith("$$") or section.startswith(WHOLE) or source.startswith("# "):
            kind = "-"
        else:
            kind = "notes"
        parts.append((kind, paragraph))
    return parts, section


def visible(cell):
    """Return a code cell as it is shown, or None: its figures, what a claim printed, its code if it is tagged."""
    tags = cell.metadata.get("tags", [])
    figures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
    claims = cell.outputs if "nbval-check-output" in tags and not {"check", "hide-cell"} & set(tags) else []
    if not (figures or claims or "slide" in tags):
        return None
    shown = nbformat.v4.new_code_cell(cell.source, metadata={"transient": {"remove_source": "slide" not in tags}})
    for output in cell.outputs if figures else claims:
        if "text/html" in output.get("data", {}):
            output.data["text/html"] = DETAILS.sub("", output.data["text/html"])  # the figure in words is its alt text
        shown.outputs.append(output)
    return shown


def slide(cell, kind):
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell


def mathml(text):
    """Return Markdown with its formulas as MathML."""

    def write(match):
        code, block, inline = match.groups()
        return code or convert(block or inline, display="block" if block else "inline")

    return FORMULA.sub(write, text)


def write(folder):
    """Write the slides of every lesson into a folder, and reveal.js beside them; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(files("sphinx_revealjs") / "_static" / "revealjs", folder / "reveal", dirs_exist_ok=True)
    shutil.copy(ROOT / "book" / "front" / "icon.svg", folder)
    exporter = SlidesExporter(
        template_name="slides",
        extra_template_basedirs=[str(ROOT / "book")],
        reveal_url_prefix="reveal",
        reveal_theme="white",
    )
    paths = []
    for path in lesson_paths():
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"name": notebook.cells[0].source.splitlines()[0].removeprefix("# ")}}
        html, _ = exporter.from_notebook_node(slides(notebook), resources)
        paths.append(folder / f"{path.stem}.html")
        paths[-1].write_text(html, "utf8")
    return paths


if __name__ == "__main__":
    folder = ROOT / "build" / "slides"
    print(f"{len(write(folder))} sets of slides in {folder}; keep the folder reveal/ beside them")
