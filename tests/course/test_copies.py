"""Copies for a class: students get the same code without answers, teachers get every answer and their notes."""

import re
import shutil

import copies
import nbformat
import notebook_client
import pytest
from copies import came_out, instructor, reader, relink, student, teaching_notes, write

import lessons

NOTEBOOKS = pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)


def code(notebook):
    return [cell.source.removeprefix(copies.QUIET) for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@NOTEBOOKS
def test_students_get_the_same_code(path):
    assert code(student(lessons.read(path))) == code(lessons.read(path))  # and nbval has executed that


@NOTEBOOKS
def test_students_get_no_solution_and_no_output(path):
    original, copy = lessons.read(path), student(lessons.read(path))
    for i, _ in lessons.tagged(original, "exercise"):
        assert lessons.solution_after(original, i).strip() in prose(original)
        assert lessons.solution_after(original, i).strip() not in prose(copy)
    assert not re.search(r"<summary>(Solution|Answer)", prose(copy))
    assert prose(copy).count("<summary>Hint") == prose(original).count("<summary>Hint") >= 3
    assert prose(copy).count("<details>") == prose(copy).count("</details>")
    assert not re.search(r"</details>\n(?!\n|<details>)\S", prose(copy)), "what follows would not be read as Markdown"
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert "colab.research" not in prose(copy), "the badge opens the lesson with its solutions"


@NOTEBOOKS
def test_code_that_tells_what_comes_out_or_need_not_be_read_is_folded(path):
    """The words of figures and tables, and the claims, which say what they expect; the set-up, and what is tagged."""
    for cell in reader(lessons.read(path)).cells:
        tags = cell.metadata.get("tags", [])
        telling = "plots.show(" in cell.source or "plots.quotes(" in cell.source
        telling |= "hide-input" in tags or cell.source.startswith("# Set-up")
        telling |= "nbval-check-output" in tags and "check" not in tags
        folded = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert folded == (cell.cell_type == "code" and telling)
        assert folded == (cell.metadata.get("cellView") == "form")


def test_what_the_course_checks_about_itself_runs_and_says_nothing(tmp_path):
    """JupyterLab unfolds what a folded cell prints when it is run."""
    copy = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("print('as told:', True)\nx = 3", metadata={"tags": ["hide-cell"]}),
            nbformat.v4.new_code_cell("print(x)"),
        ]
    )
    notebook_client.execute(reader(copy), tmp_path)
    assert [lessons.text_of(cell) for cell in copy.cells] == ["", "3\n"]


@NOTEBOOKS
def test_a_copy_to_work_through_has_solutions_and_no_outputs(path):
    original, copy = lessons.read(path), reader(lessons.read(path))
    assert code(copy) == code(original)
    assert prose(copy).count("<summary>") == prose(original).count("<summary>")
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in copy.cells)
    assert "colab.research" not in prose(copy), "the badge leads here"


def test_what_colab_opens_is_what_the_script_makes():
    """Otherwise a lesson was changed: `python scripts/publish/copies.py colab` brings the copies up to date."""
    made = copies.copies("colab")
    assert {path.stem for path in copies.FOLDERS["colab"].iterdir()} == set(made)
    for name, copy in made.items():
        assert (copies.FOLDERS["colab"] / f"{name}.ipynb").read_text("utf8") == nbformat.writes(copy) + "\n"


@NOTEBOOKS
def test_the_badge_and_the_copies_links_lead_to_such_copies(path):
    copy = copies.copies("colab")[path.stem]
    assert f"({copies.colab(path.stem)})" in lessons.read(path).cells[0].source
    targets = re.findall(r"\]\(([^)#]+)[)#]", prose(copy))
    assert not [target for target in targets if not target.startswith("https://")], "Colab knows no files beside it"
    opened = {target for target in targets if "colab.research" in target}
    assert opened <= {copies.colab(other.stem) for other in lessons.PATHS}


def test_another_word_is_another_version_and_another_fold_is_none():
    one, other, folded = (lessons.read(lessons.PATHS[1]) for _ in range(3))
    other.cells[2].source += " "
    folded.cells[3].metadata["jupyter"] = {"source_hidden": True}
    assert copies.version(one) == copies.version(folded) != copies.version(other)


@pytest.mark.parametrize("path", lessons.PATHS[1:2], ids=lambda path: path.stem)
def test_a_student_copy_runs_from_top_to_bottom(path, tmp_path):
    copy = student(lessons.read(path))
    notebook_client.execute(copy, tmp_path)
    for _, cell in lessons.tagged(copy, "check"):
        assert lessons.text_of(cell).startswith("NOT YET")


@NOTEBOOKS
def test_teachers_get_every_answer(path):  # nbval executes them: tests/answered.py
    original, copy = lessons.read(path), instructor(lessons.read(path))
    for i, cell in lessons.tagged(copy, "exercise"):
        assert cell.source == lessons.solution_after(original, i)
    assert not any(re.search(r"^(prediction|sure) = \.\.\.", source, re.MULTILINE) for source in code(copy))
    said = "".join(lessons.text_of(cell) for cell in copy.cells)
    assert "NOT YET" not in said
    assert "No prediction yet" not in said


def test_notes_stand_below_the_title(tmp_path):
    (tmp_path / "01.md").write_text("# Plan\n\n## Minute by minute\n\n```python\n# a comment\n```\n", "utf8")
    notes = teaching_notes("01", tmp_path)
    assert notes == "## Plan\n\n### Minute by minute\n\n```python\n# a comment\n```"
    assert teaching_notes("02", tmp_path) == ""
    copy = instructor(lessons.read(lessons.PATHS[1]), notes)
    assert copy.cells[0].source.startswith("# 01")
    assert copy.cells[1].source == notes


@pytest.mark.parametrize("kind", ["student", "instructor"])
def test_written_copies_are_valid_and_their_links_lead_somewhere(kind, tmp_path):
    for path in write(kind, tmp_path):
        nbformat.validate(lessons.read(path))
        for target in re.findall(r"\]\(([^)#:]+)[)#]", prose(lessons.read(path))):
            assert (tmp_path / target).exists(), target


def test_a_lesson_without_stored_results_is_left_out_and_the_others_are_written(tmp_path, monkeypatch, capsys):
    (tmp_path / "notebooks").mkdir()
    for path in lessons.PATHS[1:3]:
        shutil.copy(path, tmp_path / "notebooks")
    bare = student(lessons.read(lessons.PATHS[1]))
    nbformat.write(bare, tmp_path / "notebooks" / lessons.PATHS[1].name)
    monkeypatch.setattr(copies, "ROOT", tmp_path)
    monkeypatch.setattr(copies, "repository", lambda: "https://x.org/y")
    assert [path.name for path in write("instructor", tmp_path / "copies")] == [lessons.PATHS[2].name]
    assert f"left out: {lessons.PATHS[1].name} has no stored results; run `make notebooks`" in capsys.readouterr().out
    assert len(write("student", tmp_path / "students")) == 2


def test_what_is_no_lesson_is_not_handed_out_and_stale_copies_go(tmp_path, monkeypatch, capsys):
    """Jupyter leaves Untitled.ipynb and 01_gaussian-Copy1.ipynb behind, and an earlier run what it made of them."""
    (tmp_path / "notebooks").mkdir()
    shutil.copy(lessons.PATHS[1], tmp_path / "notebooks")
    strangers = ["Untitled.ipynb", "Untitled1.ipynb", lessons.PATHS[1].stem + "-Copy1.ipynb", "my 01.ipynb"]
    (tmp_path / "copies").mkdir()
    for name in strangers:
        nbformat.write(nbformat.v4.new_notebook(), tmp_path / "notebooks" / name)
    for name in ("Untitled.ipynb", "99_gone.ipynb", "notes.txt"):
        (tmp_path / "copies" / name).write_text("{}", "utf8")
    monkeypatch.setattr(copies, "ROOT", tmp_path)
    monkeypatch.setattr(copies, "repository", lambda: "https://x.org/y")
    assert [path.name for path in copies.lesson_paths(tmp_path)] == [lessons.PATHS[1].name]
    for kind in ("student", "instructor"):
        assert [path.name for path in write(kind, tmp_path / "copies")] == [lessons.PATHS[1].name]
    assert {path.name for path in (tmp_path / "copies").iterdir()} == {lessons.PATHS[1].name, "notes.txt"}
    assert "removed from copies: 99_gone.ipynb" in capsys.readouterr().out
    assert all((tmp_path / "notebooks" / name).exists() for name in strangers), "whose they are, theirs they stay"


def test_links_are_pointed_to_what_is_carried_along_or_to_the_public_address():
    text = "[a](../notebooks/01.ipynb), [b](../docs/map.md#top), [c](https://d.org), [e](#here)"
    assert relink(text, "instructor", {"notebooks/01.ipynb": "01.ipynb"}, "https://x.org/y") == (
        "[a](01.ipynb), [b](https://x.org/y/blob/main/docs/map.md#top), [c](https://d.org), [e](#here)"
    )
    with pytest.raises(ValueError, match=r"must lead to a file of the course, got '../../secret'"):
        relink("[a](../../secret)", "docs", {}, "")


def test_a_prediction_without_a_stored_result_is_refused():
    with pytest.raises(ValueError, match="run `make notebooks`"):
        came_out([nbformat.v4.new_code_cell("compare('1', prediction, 2)")])
