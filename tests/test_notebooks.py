"""Every lesson has its anatomy, its stored outputs are fit to be published, and its checks are not vacuous."""

import inspect
import os
import re
import subprocess
import sys
from itertools import pairwise

import execute_notebooks
import nbformat
import pytest
from nbconvert.exporters import ScriptExporter

import lessons

NOTEBOOKS = pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)


@NOTEBOOKS
def test_anatomy(path):
    notebook = lessons.read(path)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert notebook.cells[0].source.startswith(f"# {path.stem[:2]} · ")
    assert f"blob/main/colab/{path.name}" in notebook.cells[0].source
    for part in ("You will be able to", "You need", "**Time**", "**Hardware**"):
        assert part in notebook.cells[0].source
    assert prose.count("**Predict.**") >= 3
    assert prose.count("**Explain.**") >= 3
    for heading in ("## Exercises", "## Quiz", "## In short", "## Sources"):
        assert heading in prose
    assert re.search(r"## What th(is|ese) toys? do(es)? not show", prose)
    assert "<details><summary>Answers</summary>" in prose
    assert sum("compare(" in source for source in code) >= 3
    assert sum("explore(" in source for source in code) >= 1


@NOTEBOOKS
def test_set_up_cell_is_the_same_in_every_lesson(path):
    def head(path):
        source = next(cell.source for cell in lessons.read(path).cells if cell.cell_type == "code")
        return source.split("check=True)\n")[0]

    assert head(path) == head(lessons.PATHS[0])
    assert "--no-deps" in head(path)


@NOTEBOOKS
def test_who_groups_by_intervals_says_which_to_show(path):
    """Unless told which, pandas 2 warns in red when it groups by categories, such as those of pd.cut."""
    for cell in lessons.read(path).cells:
        if cell.cell_type == "code" and re.search(r'pd\.q?cut\(|"category"', cell.source):
            assert all("observed=" in call for call in re.findall(r"\.groupby\([^)]*\)", cell.source))


@NOTEBOOKS
def test_headings_are_in_order(path):
    levels, titles = [1], []
    for cell in lessons.read(path).cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL)
            levels += [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]
            titles += re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    assert levels.count(1) == 2, "one title, and the 1 that the list starts with"
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert len(set(titles)) == len(titles), "a section stands there once"


@NOTEBOOKS
def test_exercises_come_in_threes(path):
    notebook = lessons.read(path)
    exercises, checks, solutions = (lessons.tagged(notebook, tag) for tag in ("exercise", "check", "solution"))
    assert len(exercises) == len(checks) == len(solutions) >= 3
    for (i, _), (j, check), (k, solution) in zip(exercises, checks, solutions, strict=True):
        assert (j, k) == (i + 1, i + 2)
        assert "nbval-check-output" in check.metadata.tags
        assert lessons.text_of(check).startswith("NOT YET")
        assert solution.source.count("<details>") >= 2
        assert solution.source.startswith("<details><summary>Hint</summary>")


@NOTEBOOKS
def test_checked_cells_have_something_to_check(path):
    checked = lessons.tagged(lessons.read(path), "nbval-check-output")
    assert all(cell.execution_count and lessons.text_of(cell).strip() for _, cell in checked)
    claims = [cell for _, cell in checked if "check" not in cell.metadata.tags]
    assert len(claims) >= 3
    assert not any(re.search(r"\d\.\d{4,}", lessons.text_of(cell)) for cell in claims), "digits differ by machine"


@NOTEBOOKS
def test_what_mostly_prints_true_or_false_is_a_test_and_no_reading(path):
    for _, cell in lessons.tagged(lessons.read(path), "nbval-check-output"):
        lines = lessons.text_of(cell).splitlines()
        verdicts = [line for line in lines if re.search(r"\b(True|False)\b", line)]
        assert 2 * len(verdicts) <= len(lines) or "hide-cell" in cell.metadata.tags


@NOTEBOOKS
def test_stored_outputs_are_fit_to_publish(path):
    notebook = lessons.read(path)
    assert path.stat().st_size <= 1_000_000
    assert notebook.metadata == {"kernelspec": execute_notebooks.KERNEL, "language_info": execute_notebooks.LANGUAGE}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert cell.execution_count, "a cell was stored without being run"
        assert "input(" not in cell.source
        assert not re.search(r"^\s*[!%]", cell.source, re.MULTILINE), "shell lines fail in silence"
        for output in cell.outputs:
            assert output.output_type in {"stream", "display_data"}, "assign what a plotting call returns"
            assert output.get("name") != "stderr"
            shown = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            assert not re.search(r"0x[0-9a-f]{6,}|/home/|/Users/|/root/|/tmp/|[A-Z]:\\", shown)


@NOTEBOOKS
def test_a_lesson_exported_as_a_script_is_a_python_file(path):
    script, resources = ScriptExporter().from_filename(str(path))
    assert resources["output_extension"] == ".py"
    assert "from collapse_lessons.course.lesson import " in script


def test_an_executed_notebook_tells_nothing_of_the_machine(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")])
    nbformat.write(notebook, tmp_path / "one.ipynb")
    execute_notebooks.execute(tmp_path / "one.ipynb")
    stored = lessons.read(tmp_path / "one.ipynb")
    assert lessons.text_of(stored.cells[0]) == "1\n"
    assert stored.metadata == {"kernelspec": execute_notebooks.KERNEL, "language_info": execute_notebooks.LANGUAGE}


@NOTEBOOKS
def test_every_figure_is_described(path):
    figures = 0
    for cell in lessons.read(path).cells:
        for output, after in pairwise([*cell.get("outputs", []), None]):
            if "image/png" in output.get("data", {}):
                figures += 1
                alt = output.metadata["image/png"]["alt"]
                assert len(alt) > 60
                assert not alt.lower().startswith(("a figure", "a plot", "image"))
                assert "<em>" in after.data["text/html"]
    assert figures >= 4


@NOTEBOOKS
def test_a_static_figure_stands_above_the_explorer(path):
    cells = lessons.read(path).cells
    at = next(i for i, cell in enumerate(cells) if re.match(r"explore\(\s*explorer\.draw", cell.source))
    assert "plots.show(*explorer.draw(" in cells[at - 1].source
    assert any("image/png" in output.get("data", {}) for output in cells[at - 1].outputs)


@NOTEBOOKS
def test_the_sliders_open_with_the_figure_above_them(path):
    code = [cell.source for cell in lessons.read(path).cells if cell.cell_type == "code"]
    names = {}
    exec(code[0].split("check=True)\n")[1].split("\nstart(")[0], names)  # the lesson's own imports
    shown = [re.fullmatch(r"plots\.show\(\*explorer\.draw\((.*)\)\)", source, re.DOTALL) for source in code]
    (arguments,) = [match[1] for match in shown if match]
    known = inspect.signature(names["explorer"].draw).parameters
    assert eval(f"dict({arguments})", names) == {name: parameter.default for name, parameter in known.items()}


@NOTEBOOKS
def test_a_prediction_says_what_counts_as_a_hit(path):
    asked = ""
    for cell in lessons.read(path).cells:
        if cell.cell_type == "markdown" and "**Predict.**" in cell.source:
            asked = cell.source.rpartition("**Predict.**")[2]
        elif cell.cell_type == "code" and "prediction = " in cell.source:
            asked += cell.source
        elif cell.cell_type == "code" and "compare(" in cell.source:
            assert re.search(r"\bhit\b|within|\*\*a\*\*|draw_prediction", asked), asked


@NOTEBOOKS
def test_links_to_other_lessons_lead_somewhere(path):
    prose = "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)#:]+)\)", prose):
        assert (path.parent / target).exists(), target


def nbval(folder, *cells):
    """Run nbval on a notebook of these cells, under the course's own conftest; returns its report."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    nbformat.write(notebook, folder / "probe.ipynb")
    options = ["--nbval-lax", "--nbval-current-env", "-p", "no:cacheprovider", "--confcutdir", lessons.ROOT, "-rA"]
    command = [sys.executable, "-m", "pytest", "-c", lessons.ROOT / "pyproject.toml", "-p", "notebook_checks", *options]
    environment = os.environ | {"PYTHONPATH": str(lessons.ROOT / "tests")}
    return subprocess.run(
        [*map(str, command), str(folder / "probe.ipynb")], capture_output=True, text=True, env=environment, cwd=folder
    ).stdout


def cell(source, stored):
    output = nbformat.v4.new_output("stream", name="stdout", text=stored)
    return nbformat.v4.new_code_cell(
        source, outputs=[output], execution_count=1, metadata={"tags": ["nbval-check-output"]}
    )


def test_nbval_tells_a_wrong_output_from_a_right_one(tmp_path):
    report = nbval(tmp_path, cell("print(1 + 1)", "2\n"), cell("print(1 + 1)", "3\n"), cell("print(4)", "4\n"))
    assert "1 failed, 1 passed, 1 skipped" in report


def test_nbval_blocks_the_network(tmp_path):
    url = "http://192.0.2.1"
    call = f"import urllib.request\ntry:\n    urllib.request.urlopen('{url}')\nexcept OSError as e:\n    print(e)"
    said = "<urlopen error the network is blocked in the tests, and a lesson asked for 192.0.2.1>\n"
    assert "1 passed" in nbval(tmp_path, cell(call, said))
