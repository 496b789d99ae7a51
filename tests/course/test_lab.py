"""`make lab` opens copies that are the reader's: made once, never written over, a new version put beside them."""

import json

import lab
import nbformat
import notebook_client
import pytest
from copies import copies, version
from lab import refresh

import lessons


def lesson(*sources):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source) for source in sources])
    notebook.metadata["collapse_lessons"] = {"version": version(notebook)}
    return notebook


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def edit(path, source):
    notebook = lessons.read(path)
    notebook.cells[0].source = source
    nbformat.write(notebook, path)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "my_lessons"


def test_copies_are_made_once(folder):
    assert list(refresh(folder, {"01_a": lesson("one"), "02_b": lesson("two")})) == []
    assert names(folder) == ["01_a.ipynb", "02_b.ipynb"]
    edit(folder / "01_a.ipynb", "mine")
    assert list(refresh(folder, {"01_a": lesson("one"), "02_b": lesson("two")})) == []
    assert lessons.read(folder / "01_a.ipynb").cells[0].source == "mine"
    assert names(folder) == ["01_a.ipynb", "02_b.ipynb"]


def test_a_new_version_is_put_beside_an_edited_copy_and_it_says_so(folder):
    list(refresh(folder, {"01_a": lesson("one")}))
    edit(folder / "01_a.ipynb", "mine")
    (said,) = refresh(folder, {"01_a": lesson("one, better")})
    assert said == "01_a has changed. Yours stays as it is; the new version is beside it, 01_a-2.ipynb"
    assert lessons.read(folder / "01_a.ipynb").cells[0].source == "mine"
    assert lessons.read(folder / "01_a-2.ipynb").cells[0].source == "one, better"
    assert list(refresh(folder, {"01_a": lesson("one, better")})) == [], "once"
    edit(folder / "01_a-2.ipynb", "mine too")
    (said,) = refresh(folder, {"01_a": lesson("one, best")})
    assert said.endswith("01_a-3.ipynb")
    assert names(folder) == ["01_a-2.ipynb", "01_a-3.ipynb", "01_a.ipynb"]


def test_a_new_version_takes_the_place_of_a_copy_that_nobody_touched(folder):
    list(refresh(folder, {"01_a": lesson("one")}))
    assert list(refresh(folder, {"01_a": lesson("one, better")})) == []
    assert names(folder) == ["01_a.ipynb"]
    assert lessons.read(folder / "01_a.ipynb").cells[0].source == "one, better"


def test_a_copy_that_was_run_is_touched(folder):
    ran = lesson("one")
    ran.cells.append(nbformat.v4.new_code_cell("2 + 2"))
    ran.metadata["collapse_lessons"] = {"version": version(ran)}
    list(refresh(folder, {"01_a": ran}))
    theirs = lessons.read(folder / "01_a.ipynb")
    theirs.cells[1].outputs = [nbformat.v4.new_output("stream", text="4")]
    nbformat.write(theirs, folder / "01_a.ipynb")
    assert len(list(refresh(folder, {"01_a": lesson("one, better")}))) == 1
    assert lessons.read(folder / "01_a.ipynb").cells[1].outputs


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": []}', '{"nbformat": 4, "nbformat_minor": 5}', "\0"])
def test_whatever_a_reader_made_of_a_file_stays(content, folder):
    folder.mkdir()
    (folder / "01_a.ipynb").write_text(content, "utf8")
    assert len(list(refresh(folder, {"01_a": lesson("one")}))) == 1
    assert (folder / "01_a.ipynb").read_text("utf8") == content
    assert names(folder) == ["01_a-2.ipynb", "01_a.ipynb"]


def test_a_notebook_of_the_reader_s_own_that_has_a_lesson_s_name_stays(folder):
    folder.mkdir()
    nbformat.write(nbformat.v4.new_notebook(), folder / "01_a.ipynb")
    assert len(list(refresh(folder, {"01_a": lesson("one")}))) == 1
    assert lessons.read(folder / "01_a.ipynb").cells == []


def test_what_jupyter_writes_into_a_file_by_itself_is_no_change(folder):
    list(refresh(folder, {"01_a": lesson("one")}))
    saved = json.loads((folder / "01_a.ipynb").read_text("utf8"))
    saved["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    saved["cells"][0]["metadata"]["scrolled"] = True
    (folder / "01_a.ipynb").write_text(json.dumps(saved), "utf8")
    assert list(refresh(folder, {"01_a": lesson("one, better")})) == []
    assert names(folder) == ["01_a.ipynb"]


def test_links_of_the_copies_lead_somewhere_from_the_folder_where_they_lie():
    assert lab.FOLDER.parent == lessons.ROOT
    original = {path.stem: lessons.read(path) for path in lessons.PATHS}
    for name, copy in copies("reader").items():
        markdown = [cell.source for cell in copy.cells if cell.cell_type == "markdown"]
        assert markdown[1:] == [cell.source for cell in original[name].cells if cell.cell_type == "markdown"][1:]


def test_the_folder_is_not_git_s():
    assert "my_lessons/" in (lessons.ROOT / ".gitignore").read_text("utf8").splitlines()


def test_one_command_makes_them_without_make(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "FOLDER", tmp_path / "my_lessons")
    lab.main(only_copies=True)
    assert names(tmp_path / "my_lessons") == [path.name for path in lessons.PATHS]


def test_a_reader_s_copy_runs_where_it_lies(tmp_path):
    copy = copies("reader")["00_start_here"]
    notebook_client.execute(copy, tmp_path)
    assert not list(tmp_path.iterdir())
    said = "".join(lessons.text_of(cell) for cell in copy.cells)
    assert said.count("No prediction yet") == sum("compare(" in cell.source for cell in copy.cells) >= 3
    assert "It came out" not in said
