"""The recording of the flower strip in miniature, on pictures of the garden in place of photos."""

import json

import numpy as np
import pandas as pd
import pytest

from collapse_lessons.experiments import records
from collapse_lessons.worlds import garden


def photos(n=40):
    """Garden pictures at twice their size; every fifth is of another kind."""
    flowers = garden.plant(n, np.random.default_rng(0))
    images = np.round(255 * garden.paint(flowers).repeat(2, axis=1).repeat(2, axis=2)).astype(np.uint8)
    return {"images": images, "labels": (np.arange(n) % 5 == 4).astype(np.uint8)}


def arguments(folder, generations):
    paths = [str(folder / "photos.npz"), "--folder", str(folder / "records"), "--work", str(folder / "work")]
    sizes = ["--n-photos", "24", "--training-steps", "2", "--width", "8", "--shown", "2", "--rows", "1", "0"]
    sizes += ["--classifier-steps", "2", "--generations", str(generations)]
    return [*paths, "--figure", str(folder / "strip.png"), *sizes]


def test_a_miniature_run_is_recorded_and_goes_on(tmp_path, capsys):
    from record import flowers

    np.savez(tmp_path / "photos.npz", **photos())
    flowers.main(arguments(tmp_path, 1))
    first = {name: records.load_run(tmp_path / "records" / name) for name in ("replace", "accumulate")}
    assert capsys.readouterr().out.count("generation 0") == 2
    flowers.main(arguments(tmp_path, 2))
    assert "generation 0" not in capsys.readouterr().out, "finished generations are not made again"
    for name in ("replace", "accumulate"):
        run = records.load_run(tmp_path / "records" / name)
        pd.testing.assert_frame_equal(run.rows[:1], first[name].rows, rtol=1e-12)
        assert list(run.rows["generation"]) == [0, 1]
        assert set(run.rows["recipe"]) == {name}
        assert {"frechet", "precision", "recall", "classes", "detail", "nearest_photo"} <= set(run.rows)
        assert {t: (s.shape, s.dtype) for t, s in run.snapshots.items()} == {
            t: ((2, 24, 24, 3), np.dtype(np.uint8)) for t in (0, 1)
        }
        assert "small run on a CPU" in run.info["note"]
        assert run.info["photos"] == {"trained_on": 18, "held_out": 6}
        assert str(tmp_path) not in json.dumps(run.info)
    same = (records.load_run(tmp_path / "records" / name).snapshots[0] for name in ("replace", "accumulate"))
    assert np.array_equal(*same), "generation 0 trains on the photos, whatever the recipe"
    assert (tmp_path / "strip.png").stat().st_size > 1000


def test_a_row_is_the_same_noise_in_every_generation(tmp_path, monkeypatch):
    from record import flowers

    shown = []

    def sample(flow, n, rng):
        pictures = rng.random((n, 24, 24, 3), dtype=np.float32)
        shown.extend([pictures] if n == 2 else [])
        return pictures

    monkeypatch.setattr(flowers.Flow, "sample", sample)
    np.savez(tmp_path / "photos.npz", **photos())
    flowers.main(arguments(tmp_path, 3))
    assert len(shown) == 6, "three generations under two recipes"
    assert all(np.array_equal(pictures, shown[0]) for pictures in shown)


def test_blossoms_in_the_middle_are_chosen():
    from record import flowers

    rng = np.random.default_rng(0)
    images = garden.draw(30, rng).repeat(2, axis=1).repeat(2, axis=2)
    images[::2] = rng.random((15, 32, 32, 3))  # confetti without a middle
    assert np.array_equal(flowers.one_blossom(images, 15), np.arange(1, 30, 2))


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"images": photos()["images"]}, r"photos.npz must hold images and labels, got no \['labels'\]"),
        (
            photos() | {"images": photos()["images"][:, ::2]},
            r"images must be uint8 of shape \(N, 32, 32, 3\), got uint8",
        ),
        (photos() | {"images": photos()["images"] / 255}, "images must be uint8 of shape .* got float64"),
        (photos() | {"labels": photos()["labels"][:3]}, "labels must be one for each of the 40 images, got 3"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, file, message):
    from record import flowers

    np.savez(tmp_path / "photos.npz", **file)
    with pytest.raises(ValueError, match=message):
        flowers.main(arguments(tmp_path, 1))


def test_too_few_photos_are_refused(tmp_path):
    from record import flowers

    np.savez(tmp_path / "photos.npz", **photos())
    with pytest.raises(ValueError, match="n_photos must be at most the 32 different photos of kind 0, got 100"):
        flowers.main([*arguments(tmp_path, 1), "--n-photos", "100"])
