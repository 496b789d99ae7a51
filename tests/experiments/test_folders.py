"""A folder is whole or known not to be, and what is not ours in it is left alone."""

import pytest

from collapse_lessons.experiments import folders
from collapse_lessons.experiments.folders import SUMS


def fill(**files):
    """Return a function that writes these files, by name, with their text."""

    def write(folder):
        for name, text in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    return write


@pytest.fixture
def folder(tmp_path):
    folders.write(tmp_path / "run", fill(a="1", inner__b="2"), tmp_path / "run.part")
    return tmp_path / "run"


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_is_written_with_the_sums_of_all_that_is_in_it(folder, tmp_path):
    assert names(tmp_path) == ["run", f"run/{SUMS}", "run/a", "run/inner", "run/inner/b"]
    assert set(folders.listed(folder / SUMS)) == {"a", "inner/b"}
    assert folders.is_whole(folder)
    assert folders.is_whole(folder, ("a",))
    assert not folders.is_whole(folder, ("c",)), "it lists no such file"


def test_what_is_written_anew_takes_the_place_of_all_that_was_listed_and_of_nothing_else(folder, tmp_path):
    folders.write(folder, fill(c="3"), tmp_path / "run.part")
    assert names(tmp_path) == ["run", f"run/{SUMS}", "run/c"]
    (folder / "notes.txt").write_text("mine")
    folders.write(folder, fill(d="4"), tmp_path / "run.part")
    assert names(tmp_path) == ["run", f"run/{SUMS}", "run/d", "run/notes.txt"]
    assert folders.is_whole(folder)


@pytest.mark.parametrize("spoil", ["change", "lose", "empty list", "no list", "leads out", "absolute"])
def test_what_is_not_as_it_was_written_is_not_whole(folder, spoil):
    digest = folders.listed(folder / SUMS)["a"]
    match spoil:
        case "change":
            (folder / "a").write_text("3")
        case "lose":
            (folder / "inner" / "b").unlink()
        case "empty list":
            (folder / SUMS).write_bytes(b"")
        case "no list":
            (folder / SUMS).unlink()
        case "leads out":
            (folder.parent / "a").write_text("1")
            (folder / SUMS).write_bytes(folders.sums({"../a": digest}))
        case "absolute":
            (folder / SUMS).write_bytes(folders.sums({(folder / "a").as_posix(): digest}))
    assert not folders.is_whole(folder)
    if spoil in ("leads out", "absolute"):
        assert folders.listed(folder / SUMS) == {}, "nothing outside is read, and nothing is deleted there"


def test_a_folder_that_cannot_be_filled_leaves_nothing_behind(folder, tmp_path):
    before = folders.mark(folder)

    def fails(partial):
        (partial / "a").write_text("half")
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        folders.write(folder, fails, tmp_path / "run.part")
    with pytest.raises(ValueError, match="run must hold a file, got none: let save"):
        folders.write(folder, lambda partial: None, tmp_path / "run.part")
    assert not (tmp_path / "run.part").exists()
    assert folders.mark(folder) == before
    assert folders.is_whole(folder)


def test_what_is_listed_is_removed_with_the_folders_that_are_empty_then(folder, tmp_path):
    (tmp_path / "run" / "inner" / "notes.txt").write_text("mine")
    folders.remove(folder)
    assert names(folder) == ["inner", "inner/notes.txt"]
    (tmp_path / "run" / "inner" / "notes.txt").unlink()
    folders.write(folder, fill(a="1", inner__b="2"), tmp_path / "run.part")
    folders.remove(folder)
    assert not folder.exists()
