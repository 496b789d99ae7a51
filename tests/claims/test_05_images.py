"""What lesson 05 says happens: live in its own settings over seeds, and in every chain that was recorded.

Thresholds lie well outside the spread of the seeds tried; training is slow, so two or three fixed seeds run live.
"""

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("torch")

import torch

from collapse_lessons import describe, generations, replace, stream, theory
from collapse_lessons.course.explorers import images as explorer
from collapse_lessons.experiments import records
from collapse_lessons.loop import DATA, SAMPLE, Generation
from collapse_lessons.metrics.features import Classifier, Judge, frechet_distance, latent_spread
from collapse_lessons.models.diffusion import Flow
from collapse_lessons.models.eigenpictures import Eigenpictures
from collapse_lessons.models.vae import VAE
from collapse_lessons.worlds import datasets, garden


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def digits():
    return datasets.digits()


@pytest.fixture(scope="module")
def judge(digits):
    real, held_out = digits
    return Judge(Classifier().fit(real, stream(DATA, 1, 0)), held_out["image"])


@pytest.fixture(scope="module")
def of_real(digits, judge):
    return judge(Generation(0, digits[0], None, digits[0]["image"]))


def measured(turns, judge):
    return pd.DataFrame([judge(turn) for turn in turns])


# --- digits, live -----------------------------------------------------------------------------------------------------


def test_the_classifier_can_be_trusted(digits, judge, of_real):
    held_out = digits[1]
    assert (judge.classifier.predict(held_out["image"]) == held_out["label"]).mean() > 0.93
    assert of_real["frechet"] < 0.4
    assert min(of_real["precision"], of_real["recall"]) > 0.85


@pytest.mark.parametrize("seed", range(3))
def test_a_vae_under_replace_blurs_loses_digits_and_draws_together(seed, digits, judge, of_real):
    real = digits[0]["image"]
    turns = list(generations(VAE(training_steps=700), real, replace, n_generations=8, seed=seed))
    rows = measured(turns, judge)
    first, last = rows.iloc[0], rows.iloc[-1]
    assert first.classes == 10
    assert last.classes < 10
    assert last.frechet > 2 * first.frechet
    assert last.recall < 0.1
    assert rows["precision"].min() > 0.7
    assert last.precision > first.precision + 0.04  # "your VAE's rises"
    assert first.detail < 0.75 * of_real["detail"]
    assert last.detail < 0.6 * of_real["detail"]
    encode = turns[0].fitted.encode
    spread = [latent_spread(encode, images) for images in (real, turns[0].samples, turns[-1].samples)]
    assert spread[1] < 0.95 * spread[0]
    assert spread[2] < spread[1] * 2 / 3


@pytest.mark.parametrize("seed", range(2))
def test_guidance_keeps_quality_and_loses_variety(seed, digits, judge, of_real):
    turns = generations(Flow(training_steps=700, guidance=2.0), digits[0], replace, n_generations=6, seed=seed)
    rows = measured(turns, judge)
    assert (rows["precision"] > 0.85).all()
    assert rows["precision"].iloc[-1] < rows["precision"].iloc[0]  # "it falls a little"
    assert (rows["classes"] == 10).all()
    assert (rows["agreement"] > 0.98).all()
    assert (rows["detail"] > 0.75 * of_real["detail"]).all()
    assert rows["recall"].iloc[-1] < 0.3
    assert rows["within"].iloc[-1] < of_real["within"] * 2 / 3


@pytest.mark.parametrize("seed", [0, 1])
def test_more_steps_take_the_sampler_s_error_and_leave_the_model_s(seed, digits, judge, of_real):
    flow = Flow(training_steps=700).fit(digits[0]["image"], stream(DATA, 2, seed))
    distance = {}
    for flow.steps in (2, 5, 20, 50, 100):
        features = judge.classifier.features(flow.sample(1000, stream(SAMPLE, 0, seed)))
        distance[flow.steps] = frechet_distance(judge.real_features, features)
    assert distance[2] > distance[5] > distance[20] > distance[50]
    assert distance[50] < 0.5 * distance[5]
    assert distance[100] > 0.8 * distance[50]
    assert distance[100] > 2 * of_real["frechet"]
    assert distance[20] - distance[100] < distance[100] < distance[5] - distance[100]


# --- the garden -------------------------------------------------------------------------------------------------------


def test_flowers_stay_fine_while_rare_colours_die_as_by_chance():
    share = []
    for seed in range(12):
        real = garden.draw(150, stream(DATA, 0, seed))
        turns = generations(Eigenpictures(), real, replace, n_generations=31, seed=seed)
        share.append([list(garden.shares(turn.samples).values()) for turn in turns])
    share = np.array(share)  # (garden, generation, colour and unreadable)
    blue = share[:, :, list(garden.COLOURS).index("blue")]
    assert share[:, :, -1].mean() < 0.05
    gone = blue == 0
    # A garden's clouds are fitted from eigenvectors, and another processor is as good as another seed: four kinds gave
    # 6, 8, 8 and 11 gardens without blue, 0.97 to 1 of red and yellow alive and 0.002 to 0.02 unreadable. A perfect
    # counter loses blue in 3 gardens of 4; none of 12 then has a chance of 6e-8.
    assert gone[:, -1].any()
    assert not (gone[:, :-1] & ~gone[:, 1:]).any()  # and never returns
    colours = (share[:, :, :5] > 0).sum(axis=2)
    forecast = theory.survivors(np.arange(31) + 2, 150, np.array(list(garden.COLOURS.values())))
    assert np.abs(colours.mean(axis=0) - forecast).max() < 1  # the mean of 12 has a standard error of 0.25
    assert (share[:, :, :2] > 0).mean() > 0.9  # red and yellow live


# --- the recorded chains ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded():
    return explorer.recorded()


def by_seed(run, column):
    return run.rows.pivot(index="generation", columns="seed", values=column)


def test_the_record_is_of_today_s_digits_and_models(recorded, digits, of_real):
    revision = "sha256 " + describe.sha256(b"".join(X.tobytes() for X in digits))
    for label, run in recorded.items():
        assert run.info["data"][0]["revision"] == revision, "make it again: python scripts/record/digits.py"
        today = repr(VAE()) if "VAE" in label else repr(Flow(guidance=1.5 if "guided" in label else 1.0))
        assert run.info["model"] == records.plain(today)
        assert len(run.info["seeds"]) == 5
        assert len(run.rows) == 55
        for name, value in run.info["real"].items():  # six classifiers gave a Fréchet distance of 0.16 to 0.20
            assert value == pytest.approx(of_real[name], rel=0.6 if name == "frechet" else 0.2)
        assert all(shown.shape == (60, 8, 8) and shown.max() <= 16 for shown in run.snapshots.values())


def test_generation_0_is_the_same_whatever_the_recipe(recorded):
    zeros = [
        run.rows[run.rows["generation"] == 0].drop(columns="recipe")
        for label, run in recorded.items()
        if label.startswith("VAE")
    ]
    assert len(zeros) == 3
    assert all(zero.equals(zeros[0]) for zero in zeros)


def test_real_pictures_slow_it_and_keeping_all_nearly_stops_it(recorded):
    chains = [recorded[f"VAE, {recipe}"] for recipe in ("replace", "10% real", "accumulate")]
    start = by_seed(chains[0], "frechet").loc[0]
    replaced, mixed, accumulated = (by_seed(run, "frechet").loc[10] for run in chains)
    assert (replaced > 1.5 * mixed).all()
    assert (mixed > accumulated).all()
    assert (accumulated - start < 0.25 * (replaced - start)).all()
    recalls = [by_seed(run, "recall").loc[10] for run in chains]
    assert start.mean().round(1) == 2.3
    assert 10.5 < replaced.mean() < 13
    assert mixed.between(4.5, 6.5).all()
    assert 0.7 < by_seed(chains[0], "recall").loc[0].mean() < 0.8
    assert recalls[0].mean() < 0.1
    assert 0.25 < recalls[1].mean() < 0.4
    assert recalls[2].mean() > 0.5
    assert (recalls[0] < recalls[1]).all()
    assert (recalls[1] < recalls[2]).all()
    assert (by_seed(chains[2], "classes") == 10).all(axis=None)
    spread = by_seed(chains[0], "spread")
    assert (spread.loc[10] < 0.75 * spread.loc[0]).all()


def test_the_guided_flow_walks_left_in_every_recorded_seed(recorded, of_real):
    for label in ("VAE, replace", "flow, replace", "guided flow, replace"):
        precision = by_seed(recorded[label], "precision")
        assert (precision.loc[10] > precision.loc[0]).all()
    run = recorded["guided flow, replace"]
    assert (by_seed(run, "precision") > 0.95).all(axis=None)
    assert (by_seed(run, "agreement") > 0.99).all(axis=None)
    assert (by_seed(run, "classes") == 10).all(axis=None)
    assert (by_seed(run, "recall").loc[10] < 0.5 * by_seed(run, "recall").loc[0]).all()
    assert (by_seed(run, "within").loc[10] < 0.35 * by_seed(run, "within").loc[0]).all()
    assert (by_seed(run, "detail") > 0.75 * of_real["detail"]).all(axis=None)


def test_the_flow_without_guidance_loses_its_recall_too(recorded):
    recall = by_seed(recorded["flow, replace"], "recall")
    assert (recall.loc[0] > 0.6).all()
    assert (recall.loc[10] < 0.2).all()
    guided = by_seed(recorded["guided flow, replace"], "recall")
    assert (recall.loc[0] > 1.3 * guided.loc[0]).all()
    assert (recall.loc[10] < guided.loc[10]).all()  # "ends at even less"
    detail = by_seed(recorded["flow, replace"], "detail")
    assert (detail.loc[10] < 0.7 * detail.loc[0]).all()  # "blurs like the VAE"
    kept = by_seed(recorded["VAE, accumulate"], "recall")
    assert 0.2 < 1 - kept.loc[10].mean() / kept.loc[0].mean() < 0.32  # "a quarter of the recall"
    assert by_seed(recorded["VAE, replace"], "classes").loc[10].between(8, 10).all()  # "eight to ten"


def test_labels_make_it_look_perfect_and_guidance_keeps_it_crisp(recorded):
    labelled, guided = recorded["labelled flow, replace"], recorded["guided flow, replace"]
    assert (by_seed(labelled, "precision") > 0.95).all(axis=None)
    assert (by_seed(labelled, "agreement") > 0.97).all(axis=None)
    assert (by_seed(labelled, "classes") == 10).all(axis=None)
    assert (by_seed(labelled, "recall").loc[10] < 0.2 * by_seed(labelled, "recall").loc[0]).all()
    assert (by_seed(labelled, "recall").loc[0] > by_seed(guided, "recall").loc[0]).all()  # "a further bite"
    assert (by_seed(recorded["flow, replace"], "recall").loc[0] > by_seed(labelled, "recall").loc[0]).all()
    assert (by_seed(labelled, "detail").loc[10] < 0.95 * by_seed(guided, "detail").loc[10]).all()


def test_a_column_of_the_guided_record_ends_as_one_picture(recorded):
    def differences(sixty):
        return np.square(sixty.reshape(10, 6, -1) - sixty.reshape(10, 6, -1).mean(axis=1, keepdims=True)).mean()

    shown = recorded["guided flow, replace"].snapshots
    assert differences(shown[10] / 16) < 0.3 * differences(shown[0] / 16)


def test_the_flowers_lose_detail_and_recall_less_so_if_all_are_kept():
    runs = {
        name: records.load_run(datasets.data_path(f"flowers/{name}/rows.csv").parent).rows
        for name in ("replace", "accumulate")
    }
    detail = {name: rows["detail"].iloc[-1] / rows["detail"].iloc[0] for name, rows in runs.items()}
    recall = {name: rows["recall"].iloc[-1] for name, rows in runs.items()}
    assert detail["replace"] < detail["accumulate"] < 0.5
    assert recall["replace"] < 0.5 * recall["accumulate"] < 0.5 * runs["accumulate"]["recall"].iloc[0]
