"""The recording of lesson 05's chains in miniature: two generations of models that hardly learn."""

import numpy as np
import pytest

pytest.importorskip("torch")

from collapse_lessons.course.explorers.images import LEVELS
from collapse_lessons.experiments import records
from collapse_lessons.metrics.classifier import Classifier
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.vae import VAE
from collapse_lessons.recipes import replace


def test_a_miniature_run_is_recorded(tmp_path, monkeypatch, capsys):
    from record import clothes

    chains = {
        "VAE, replace": (VAE(training_steps=2), replace, False),
        "guided flow, replace": (Flow(training_steps=2, steps=2, guidance=1.5), replace, True),
    }
    monkeypatch.setattr(clothes, "CHAINS", chains)
    monkeypatch.setattr(clothes, "Classifier", lambda: Classifier(training_steps=5))
    clothes.record(list(chains), [0, 1], 2, tmp_path / "work", tmp_path / "out")
    for label, own in (("VAE, replace", {"spread"}), ("guided flow, replace", {"nearest", "spacing", "agreement"})):
        run = records.load_run(tmp_path / "out" / records.folder_name(label))
        assert own | {"coverage", "density", "recall", "frechet"} <= set(run.rows)
        assert list(zip(run.rows["seed"], run.rows["generation"], strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
        assert run.info["data"][0]["licence"] == "MIT"
        assert run.info["real"]["density"] == pytest.approx(1, abs=0.2)
        assert set(run.snapshots) == {0, 1}
        for shown in run.snapshots.values():
            assert shown.shape == (60, 28, 28)
            assert shown.dtype == np.uint8
            assert shown.max() <= LEVELS
    assert "recorded guided_flow_replace" in capsys.readouterr().out
