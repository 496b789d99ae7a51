"""Grading: who solved what comes from notebooks executed anew, and neither from what they print nor from trust."""

import csv
from pathlib import Path

import grade
import nbformat
import pytest
from copies import instructor, student

import lessons

LESSON = lessons.PATHS[0]
N_EXERCISES = len(lessons.tagged(lessons.read(LESSON), "check"))


def short(notebook):
    """Return a lesson's title, set-up, exercises and checks: what is graded, without what takes time."""
    wanted = {"exercise", "check"}
    rest = [cell for cell in notebook.cells[2:] if wanted & set(cell.metadata.get("tags", []))]
    notebook.cells = [*notebook.cells[:2], *rest]
    return notebook


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Return the grades of a class, by student."""
    folder = tmp_path_factory.mktemp("handed in")
    copies = {name: short(instructor(lessons.read(LESSON))) for name in ("solver é", "half")}
    copies["half"].cells[lessons.tagged(copies["half"], "exercise")[0][0]].source = "1 / 0"
    copies["liar"] = short(student(lessons.read(LESSON)))
    for _, cell in lessons.tagged(copies["liar"], "check"):
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="CORRECT: it is\n")]
    for name, copy in copies.items():
        (folder / name / "week 1").mkdir(parents=True)
        nbformat.write(copy, folder / name / "week 1" / "handed in.ipynb")
    (folder / "broken").mkdir()
    (folder / "broken" / "00.ipynb").write_text("{", "utf8")
    (folder / "other").mkdir()
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 99 · x")]), folder / "other/x.ipynb"
    )
    (folder / "absent").mkdir()
    (folder / "list.txt").touch()
    return {row["student"]: row for row in grade.grades(folder, seconds=600)}


def test_a_student_who_solved_all_has_all(rows):
    row = rows["solver é"]
    assert (row["lesson"], row["solved"], row["of"]) == (LESSON.stem[:2], N_EXERCISES, N_EXERCISES)
    assert row["notebook"] == "week 1/handed in.ipynb"
    assert not row["remark"]


def test_an_empty_copy_has_nothing_whatever_it_has_printed(rows):
    assert (rows["liar"]["solved"], rows["liar"]["of"]) == (0, N_EXERCISES)


def test_a_cell_that_raises_costs_its_exercise_and_no_other(rows):
    assert rows["half"]["solved"] == N_EXERCISES - 1
    assert rows["half"]["remark"].startswith("a cell raised ZeroDivisionError")


def test_a_cell_that_never_ends_is_stopped_and_code_that_mentions_the_gradebook_is_marked(tmp_path):
    cells = [
        nbformat.v4.new_markdown_cell(f"# {LESSON.stem[:2]} · any"),
        nbformat.v4.new_code_cell("import os\nbook = os.environ['COLLAPSE_LESSONS_HOME'] + '/solved.jsonl'"),
        nbformat.v4.new_code_cell("while True:\n    pass"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "x.ipynb")
    row = grade.grade(tmp_path / "x.ipynb", grade.exercises(), seconds=3)
    assert row["remark"] == "LOOK AT IT: its code mentions the gradebook. stopped after 3 s"
    assert row["solved"] == 0


def test_what_is_no_lesson_is_told_and_stops_nothing(rows):
    assert rows["broken"]["remark"].startswith("not a notebook")
    assert rows["other"]["remark"].startswith("not a lesson's notebook")
    assert rows["absent"] == {"student": "absent", "remark": "no notebook"}
    assert len(rows) == 6


def test_every_lesson_s_exercises_are_known():
    for path in lessons.PATHS:
        assert len(grade.exercises()[path.stem[:2]]) == len(lessons.tagged(lessons.read(path), "exercise"))


def test_the_table_opens_in_a_spreadsheet(tmp_path, monkeypatch, capsys):
    (tmp_path / "class" / "Zoë, B.").mkdir(parents=True)
    monkeypatch.setattr("grade.PATH", tmp_path / "build" / "grades.csv")
    assert grade.main(tmp_path / "class") is None
    with (tmp_path / "build" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], row["remark"]) == ("Zoë, B.", "no notebook")
    assert "Zoë, B. | no notebook" in capsys.readouterr().out


def test_a_folder_that_is_none_is_refused():
    assert grade.main(Path("nowhere")).startswith("folder must have one folder for each student, got 'nowhere'")
