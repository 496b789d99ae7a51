"""A record comes back as it was saved or not at all."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from collapse_lessons import Gaussian, datasets, metrics, records
from collapse_lessons.describe import sha256
from collapse_lessons.images import labelled
from collapse_lessons.loop import DATA, stream
from collapse_lessons.runs import Run, run

REAL = stream(DATA, 0, 0).standard_normal((20, 3))
METRICS = {"std": metrics.std, "mean": metrics.mean}
SOURCE = {"name": "normal numbers", "revision": "seed 0", "licence": "CC0"}
KEYS = {"command", "versions", "commit", "device", "seconds", "date", "data", "checkpoints"}


def provenance():
    return records.provenance(command="python scripts/none.py", device="CPU", seconds=1.23, data=[SOURCE])


@pytest.fixture
def saved(tmp_path):
    made = run(Gaussian(), REAL, metrics=METRICS, n_generations=4, keep=[0, 3])
    records.save_run(tmp_path / "record", made, provenance=provenance() | {"note": "für die Prüfung"})
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
    records.save_run(tmp_path, made, provenance=provenance())
    loaded = records.load_run(tmp_path).snapshots[0]
    assert loaded.dtype == train.dtype
    assert np.array_equal(loaded["image"], labelled(train["image"], train["label"])["image"])


def test_saving_twice_gives_the_same_bytes(saved, tmp_path):
    folder, made = saved
    records.save_run(tmp_path / "again", made, provenance=provenance() | {"note": "für die Prüfung"})
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


def test_provenance_says_where_a_run_comes_from_and_not_who_made_it(monkeypatch, tmp_path):
    (tmp_path / "photos.npz").touch()
    script, photos = tmp_path / "scripts" / "record.py", tmp_path / "photos.npz"
    monkeypatch.setattr(sys, "argv", [str(script), str(photos), "--seed", "3", "--base", "hub/model"])
    command = records.command_line()
    assert command == "python scripts/record.py photos.npz --seed 3 --base hub/model"
    source = records.provenance(command=command, device="CPU", seconds=1.23, data=[SOURCE], checkpoints=[SOURCE])
    assert set(source) == KEYS
    assert source["versions"]["numpy"] == np.__version__
    assert str(tmp_path) not in json.dumps(source)
    with pytest.raises(ValueError, match=r"data must say name, revision and licence, got no \['licence'\]: add them"):
        records.provenance(command="", device="CPU", seconds=0, data=[{"name": "x", "revision": "1"}])


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
