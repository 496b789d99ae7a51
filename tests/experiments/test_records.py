"""A record comes back as it was saved or not at all."""

import json
import os
import shutil
import subprocess
from functools import partial

import numpy as np
import pandas as pd
import pytest

from collapse_lessons import Gaussian, metrics
from collapse_lessons.describe import sha256
from collapse_lessons.experiments import provenance, records
from collapse_lessons.loop import DATA, stream
from collapse_lessons.runs import Run, run
from collapse_lessons.worlds import datasets
from collapse_lessons.worlds.images import labelled

REAL = stream(DATA, 0, 0).standard_normal((20, 3))
METRICS = {"std": metrics.std, "mean": metrics.mean}
SOURCE = {"name": "normal numbers", "revision": "seed 0", "licence": "CC0"}
KEYS = {"command", "versions", "commit", "device", "seconds", "date", "data", "checkpoints"}


def source():
    return provenance.provenance(command="python scripts/none.py", device="CPU", seconds=1.23, data=[SOURCE])


@pytest.fixture
def saved(tmp_path):
    made = run(Gaussian(), REAL, metrics=METRICS, n_generations=4, keep=[0, 3])
    records.save_run(tmp_path / "record", made, provenance=source() | {"note": "für die Prüfung"})
    return tmp_path / "record", made


def test_what_was_saved_comes_back(saved):
    folder, made = saved
    loaded = records.load_run(folder)
    pd.testing.assert_frame_equal(loaded.rows, made.rows, check_exact=True)
    assert list(loaded.snapshots) == [0, 3]
    assert all(np.array_equal(loaded.snapshots[t], made.snapshots[t]) for t in (0, 3))
    assert loaded.info["seed"] == 0
    assert loaded.info["note"] == "für die Prüfung"
    assert KEYS | set(made.info) <= set(loaded.info)


def test_labelled_pictures_come_back(tmp_path):
    train = datasets.digits()[0][:30]
    made = run(Gaussian(), REAL, metrics=METRICS, n_generations=1)
    made.snapshots[0] = train
    records.save_run(tmp_path, made, provenance=source())
    loaded = records.load_run(tmp_path).snapshots[0]
    assert loaded.dtype == train.dtype
    assert np.array_equal(loaded["image"], labelled(train["image"], train["label"])["image"])


def test_saving_twice_gives_the_same_bytes(saved, tmp_path):
    folder, made = saved
    records.save_run(tmp_path / "again", made, provenance=source() | {"note": "für die Prüfung"})
    assert all((tmp_path / "again" / f.name).read_bytes() == f.read_bytes() for f in folder.iterdir())


@pytest.mark.parametrize("name", records.FILES)
def test_a_changed_file_is_refused(saved, name):
    path = saved[0] / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        ValueError, match=f"record/{name} must be as it was recorded, got other content: restore the fold"
    ):
        records.load_run(saved[0])


@pytest.mark.parametrize("name", [*records.FILES, records.SUMS])
def test_a_truncated_file_is_refused(saved, name):
    path = saved[0] / name
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match="must be as it was recorded"):
        records.load_run(saved[0])


@pytest.mark.parametrize("name", [*records.FILES, records.SUMS])
def test_a_missing_file_is_refused(saved, name):
    (saved[0] / name).unlink()
    with pytest.raises(
        FileNotFoundError, match=f"record must hold the file {name}, got none: restore the folder record"
    ):
        records.load_run(saved[0])


def test_nothing_in_a_record_is_executed(saved):
    """A pickle in place of an array is refused, even with the right hash."""
    folder = saved[0]
    np.savez(folder / "snapshots.npz", **{"0": np.array([{}], dtype=object)})
    sums = (folder / records.SUMS).read_text().splitlines()
    sums[-1] = f"{sha256((folder / 'snapshots.npz').read_bytes())}  snapshots.npz"
    (folder / records.SUMS).write_text("\n".join(sums) + "\n")
    with pytest.raises(ValueError, match="allow_pickle=False"):
        records.load_run(folder)


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="the tool is not on every system")
def test_the_usual_tool_checks_a_record(saved):
    subprocess.run(["sha256sum", "--check", "--strict", records.SUMS], cwd=saved[0], check=True, capture_output=True)


def test_info_holds_no_addresses():
    text = f"model={records.plain!r}"
    assert " at 0x" in text
    assert records.plain({"a": [text, np.float64(0.5), np.int64(3), None]}) == {
        "a": ["model=<function plain>", 0.5, 3, None]
    }


def test_every_record_of_the_course_loads():
    data = datasets.data_path("breeds.csv").parent
    for sums in data.rglob(records.SUMS):
        recorded = records.load_run(sums.parent)
        assert set(recorded.info) >= KEYS
        assert len(recorded.rows)
        assert not any(word in json.dumps(recorded.info) for word in ("/home/", "/tmp/", "/work/", "\\\\Users"))


def test_seeds_are_joined_to_one_run():
    def made_with(seed):
        rows = pd.DataFrame({"seed": [seed] * 2, "std": [1.0, 0.5]})
        return Run(rows, {1: np.full(3, seed)}, {"seed": seed, "seconds": 2.0, "n": 9})

    runs = [made_with(seed) for seed in (4, 5)]
    joined = records.join_seeds(runs)
    assert list(joined.rows["seed"]) == [4, 4, 5, 5]
    assert np.array_equal(joined.snapshots[1], np.full(3, 4))
    assert joined.info == {"seeds": [4, 5], "seconds": 4.0, "n": 9}
    with pytest.raises(ValueError, match="runs must hold at least one entry, got an empty list: make some"):
        records.join_seeds([])
    with pytest.raises(ValueError, match=r"runs must have different seeds, got \[4, 4\]: each seed counts once"):
        records.join_seeds([runs[0], runs[0]])
    runs[0].rows["recipe"], runs[1].rows["recipe"] = "replace", "mix"
    with pytest.raises(ValueError, match="runs must be of one chain, got the recipes replace, mix: join each"):
        records.join_seeds(runs)


def test_folders_of_others_beside_those_of_seeds_are_passed_over(tmp_path):
    records.save_run(tmp_path / "seed_0", made_run())
    for name in ("seed_0.backup", "seed_x", "seed_"):
        (tmp_path / name).mkdir()
    assert len(records.load_seeds(tmp_path).rows) == 3


# --- what is saved can be loaded --------------------------------------------------------------------------------------


def made_run(seed=0, **settings):
    return run(Gaussian(), REAL, metrics=METRICS, n_generations=3, keep=[0, 2], seed=seed, **settings)


class Killed(BaseException):
    """As if the power had gone: nobody catches it."""


def stopping(steps, do, *arguments):
    """Do a step, for as long as there are any left."""
    if next(steps, None) is None:
        raise Killed
    return do(*arguments)


def test_killed_at_every_step_over_an_older_record_one_of_them_can_be_loaded(tmp_path, monkeypatch):
    """Each time the one before is there, or the new one; and a third is saved over what is left."""
    old, new = made_run(0), made_run(1)
    real = {"os.replace": os.replace, "os.fsync": os.fsync}
    loaded, finished = [], False
    while not finished:
        steps, folder = iter(range(len(loaded))), tmp_path / str(len(loaded))
        records.save_run(folder, old)
        for name, do in real.items():
            monkeypatch.setattr(name, partial(stopping, steps, do))
        try:
            records.save_run(folder, new)
            finished = True
        except Killed:
            pass
        monkeypatch.undo()
        left = records.load_run(folder)
        loaded.append(int(left.rows["seed"][0]))
        records.save_run(folder, left)
        assert records.load_run(folder).rows.equals(left.rows)
        assert sorted(path.name for path in folder.iterdir()) == sorted([*records.FILES, records.SUMS])
    assert loaded == sorted(loaded), "first the old one, then the new one"
    assert set(loaded) == {0, 1}
    assert len(loaded) == 9, "four files written, four renamed, and one that is let through"


def test_killed_while_an_interrupted_record_is_written_over(tmp_path, monkeypatch):
    def stop(number, run):
        monkeypatch.setattr("os.replace", partial(stopping, iter(range(number)), os.replace))
        with pytest.raises(Killed):
            records.save_run(tmp_path, run)
        monkeypatch.undo()

    records.save_run(tmp_path, made_run(0))
    stop(2, made_run(1))  # two of its files are renamed
    stop(1, made_run(2))  # killed while the first is brought to its end
    assert records.load_run(tmp_path).rows["seed"][0] == 1
    stop(2 + 1, made_run(3))
    assert records.load_run(tmp_path).rows["seed"][0] in (1, 3)


@pytest.mark.parametrize("name", ["rows.csv", "info.json", "SHA256SUMS", "settings.json"])
def test_a_record_is_not_written_over_something_else(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(
        ValueError, match=f"folder must be new or hold a record, got .* with a file {name} that is none"
    ):
        records.save_run(tmp_path, made_run())
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_other_files_beside_a_record_are_left_alone(saved):
    (saved[0] / "notes.part").mkdir()
    (saved[0] / "README").write_text("mine")
    records.save_run(*saved)
    assert (saved[0] / "README").read_text() == "mine"
    assert (saved[0] / "notes.part").is_dir()


def test_without_a_provenance_a_record_says_what_this_session_knows(tmp_path):
    records.save_run(tmp_path, made_run())
    info = records.load_run(tmp_path).info
    assert set(info) >= KEYS
    assert info["versions"]["numpy"] == np.__version__
    assert info["data"] == []
    assert str(tmp_path) not in json.dumps(info)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        np.float64("nan"),
        [1, {"a": float("nan")}],
        {1, 2},
        np.ones(2),
        b"x",
        "\ud800",
        object(),
    ],
)
def test_what_json_cannot_hold_is_named_before_anything_is_written(tmp_path, value):
    for changes in ({"provenance": {"odd": value}}, {}):
        made = made_run()
        made.info |= {} if changes else {"odd": value}
        with pytest.raises(ValueError, match=r"info and provenance must hold what JSON can, got .* as 'odd'"):
            records.save_run(tmp_path / "record", made, **changes)
    assert not (tmp_path / "record").exists()


HALF = pd.Series(["\ud800"] * 3, dtype=object)  # of a character pair


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lambda run: None, TypeError, "run must be a Run, got None"),
        (lambda run: Run(run.rows.iloc[:0]), ValueError, "run must hold at least one generation, got none"),
        (lambda run: Run(run.rows, {0: [None]}), TypeError, "snapshots must hold numbers or text, got dtype object"),
        (lambda run: Run(run.rows.assign(recipe=HALF)), ValueError, "rows must hold text that a file can"),
        (lambda run: Run(run.rows.assign(size="007")), ValueError, "rows must hold what a file gives back, .* '007'"),
        (lambda run: Run(run.rows.assign(size=1j)), ValueError, "rows must hold what a file gives back, .*1j"),
        (lambda run: Run(run.rows.assign(size=pd.Timestamp(0))), ValueError, "rows must hold what a file gives back"),
        (lambda run: Run(run.rows.rename(columns={"std": 3})), ValueError, "rows must hold .* under 3: convert it"),
        (lambda run: Run(run.rows[["std", "std"]]), ValueError, "rows must have each column once, got"),
        (lambda run: Run(run.rows.set_index("generation")), ValueError, "rows must be told apart by columns, got an"),
        (lambda run: Run(run.rows, {"a": REAL}), TypeError, "snapshots must be a whole number .* got 'a': their keys"),
        (lambda run: Run(run.rows, {0: np.ma.array([1.0], mask=True)}), ValueError, "snapshots must have no masked"),
        (lambda run: Run(run.rows, {0: [[1.0], [1.0, 2.0]]}), TypeError, "snapshots must be an array of shape"),
        (lambda run: Run([1.0]), TypeError, "rows must be a DataFrame, got"),
        (lambda run: Run(run.rows, None), TypeError, "snapshots must be a Mapping, got None"),
    ],
)
def test_what_could_not_be_loaded_again_is_not_saved(tmp_path, spoil, error, message):
    with pytest.raises(error, match=message):
        records.save_run(tmp_path / "record", spoil(made_run()))
    assert not (tmp_path / "record").exists()
    for folder in ("", None, 3):
        with pytest.raises((TypeError, ValueError), match=r"folder must be a path, got"):
            records.save_run(folder, made_run())
        with pytest.raises((TypeError, ValueError), match=r"folder must be a path, got"):
            records.load_run(folder)


@pytest.mark.parametrize(
    "label",
    ["NA", "None", "", "007", "1.0", "True", "nan", "a,b", 'say "x"', "two\nlines", "a\rb", "a\r\nb", "inf", "Ünï"],
)
def test_any_label_comes_back(tmp_path, label):
    made = made_run()
    made.rows["recipe"] = label
    made.rows["odd"] = [np.nan, np.inf, 1e-300]
    made.rows["flag"] = [True, False, True]
    made.rows["one or the other"] = pd.Series([True, 0.5, np.nan], dtype=object)
    made.rows["narrow"] = np.array([0.1, 0.2, 0.3], np.float32)
    records.save_run(tmp_path, made)
    loaded = records.load_run(tmp_path).rows
    assert loaded["recipe"].tolist() == [label] * 3
    expected = made.rows.drop(columns="recipe").astype({"narrow": float})
    pd.testing.assert_frame_equal(loaded.drop(columns="recipe"), expected, check_exact=True)


@pytest.mark.parametrize("content", [b"null", b"[" * 100_000, b"\xff", b"3", b"[1]"])
def test_info_of_any_kind_with_the_right_hash_is_refused(saved, content):
    folder = saved[0]
    (folder / "info.json").write_bytes(content)
    sums = (folder / records.SUMS).read_text().splitlines()
    (folder / records.SUMS).write_text("\n".join([f"{sha256(content)}  info.json", *sums[1:]]) + "\n")
    with pytest.raises(ValueError, match="record must hold a record, got something else"):
        records.load_run(folder)
