"""A cell of each recorded map, made again: the record is what the script makes."""

import pytest

from collapse_lessons.experiments import records
from collapse_lessons.worlds import datasets


@pytest.mark.parametrize(("name", "n_real", "within"), [("encyclopedia", 50, 1e-4), ("digits", 500, None)])
def test_a_cell_made_again_is_the_recorded_one(name, n_real, within, monkeypatch):
    """Counts of words are the same on every machine. The digits' networks train on whatever the processor rounds, which
    is as good as other seeds, of the chains and of the classifier that judges them. Chains scatter by 9%, six
    classifiers by 6%: it must lie in the range of the recorded seeds, a third wider, some five standard deviations.
    """
    from record import phase_map

    monkeypatch.setattr(phase_map, "SHARES", (0.5,))
    monkeypatch.setattr(phase_map, "SEEDS", {name: [0]})
    monkeypatch.setattr(phase_map, "N_REAL", {name: (n_real,)})
    label, again = next(phase_map.SOURCES[name][0]())
    rows = records.load_run(datasets.data_path(f"phase_map/{name}/rows.csv").parent).rows
    cell = rows.query("data == @label and n_real == @n_real and share == 0.5")
    assert label == "fresh"
    error = again["error"].item()
    if within:
        assert error == pytest.approx(cell[cell["seed"] == 0]["error"].item(), rel=within)
    else:
        assert cell["error"].min() / 1.33 < error < cell["error"].max() * 1.33


def test_a_record_says_how_it_was_made(monkeypatch, tmp_path):
    from record import phase_map

    monkeypatch.setattr(phase_map, "SHARES", (0.0,))
    monkeypatch.setattr(phase_map, "SEEDS", {"encyclopedia": [3]})
    monkeypatch.setattr(phase_map, "N_REAL", {"encyclopedia": (20,)})
    monkeypatch.setattr(phase_map, "GENERATIONS", 2)
    phase_map.record("encyclopedia", tmp_path)
    run = records.load_run(tmp_path / "encyclopedia")
    assert list(run.rows["data"]) == ["fresh", "fresh, temperature 0.9", "replayed"]
    assert run.info["seeds"] == [3]
    assert run.info["data"][0]["licence"] == "MIT"
