"""A run that is killed at any moment, or whose files are damaged, ends with the rows of one that was left alone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from collapse_lessons import Gaussian, Mix, accumulate, metrics, replace, run
from collapse_lessons.resume import resume_run

REAL = np.random.default_rng(0).normal(size=(500, 20))
METRICS = {"std": metrics.std, "mean": metrics.mean}


class Remembering:
    """A model whose fit goes on from where it is: its mean moves half of the way to the data's."""

    def __repr__(self):
        return "Remembering()"

    def fit(self, X, rng):
        self.mean = 0.5 * (getattr(self, "mean", 0) + X.mean(axis=0))
        return self

    def sample(self, n, rng):
        return self.mean + rng.normal(size=(n, len(self.mean)))

    def fingerprint(self):
        return repr(getattr(self, "mean", None))

    def save(self, folder):
        np.save(folder / "mean.npy", self.mean)

    def load(self, folder):
        self.mean = np.load(folder / "mean.npy")
        return self


def warm(folder, n_generations=6, **settings):
    return resume_run(
        folder, Remembering(), REAL, metrics=METRICS, n_generations=n_generations, warm_start=True, **settings
    )


# --- it is what `run` does -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", [replace, accumulate])
def test_the_rows_are_those_of_run(recipe, tmp_path):
    settings = {"metrics": METRICS, "seed": 3, "n": 40}
    whole = run(Gaussian(), REAL, recipe, n_generations=7, keep=[1, 5], **settings)
    resume_run(tmp_path, Gaussian(), REAL, recipe, n_generations=3, **settings)
    resumed = resume_run(tmp_path, Gaussian(), REAL, recipe, n_generations=7, keep=[1, 5], **settings)
    assert resumed.rows.equals(whole.rows)
    assert sorted(resumed.snapshots) == [1, 5]
    assert all(np.array_equal(resumed.snapshots[t], whole.snapshots[t]) for t in (1, 5))
    again = resume_run(tmp_path, Gaussian(), REAL, recipe, n_generations=7, **settings)  # nothing is left to do
    assert again.rows.equals(whole.rows)


def test_a_warm_run_goes_on_from_the_last_model(tmp_path):
    whole = run(Remembering(), REAL, metrics=METRICS, n_generations=6, warm_start=True)
    model = Remembering()
    resume_run(tmp_path, model, REAL, metrics=METRICS, n_generations=2, warm_start=True)
    resumed = resume_run(tmp_path, model, REAL, metrics=METRICS, n_generations=6, warm_start=True)
    assert resumed.rows.equals(whole.rows)
    assert not hasattr(model, "mean")  # what was passed in stays unfitted
    assert sorted(path.name for path in tmp_path.glob("model_*")) == ["model_004", "model_005"]  # older ones are gone


# --- killed ----------------------------------------------------------------------------------------------------------

CHILD = """
import sys
sys.path[:0] = [{tests!r}]
from test_resume import *
print("ready", flush=True)
{call}(sys.argv[1], n_generations=100_000)
"""


def cold(folder, n_generations):
    return resume_run(folder, Gaussian(), REAL, metrics=METRICS, n_generations=n_generations)


def kill(call, folder, after):
    """Start the run in a process of its own and kill it so many seconds after it set out."""
    code = CHILD.format(tests=str(Path(__file__).parent), call=call)
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        time.sleep(after)
        child.kill()


def test_killed_at_twenty_random_moments(tmp_path):
    delay = np.random.default_rng()  # a new twenty every time
    for _ in range(20):
        kill("cold", tmp_path, delay.uniform(0, 0.2))
    made = len(list(tmp_path.glob("generation_*[0-9]")))
    assert made > 0
    resumed = cold(tmp_path, made + 2)
    assert resumed.rows.equals(run(Gaussian(), REAL, metrics=METRICS, n_generations=made + 2).rows)
    assert not list(tmp_path.glob("*.part"))


def language(folder, n_generations):
    from collapse_lessons.models.language import CausalLM, Training
    from collapse_lessons.text_metrics import perplexity

    model = CausalLM(
        12, context=12, width=16, heads=2, layers=1, end=0, dropout=0.1, first=Training(2), training=Training(1)
    )
    X = np.random.default_rng(0).integers(12, size=(200, 12))
    score = {"perplexity": lambda generation, reference: perplexity(generation.fitted, reference)}
    return resume_run(folder, model, X, metrics=score, n_generations=n_generations, warm_start=True)


def test_a_language_model_killed_at_three_random_moments(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    delay = np.random.default_rng()
    for _ in range(3):
        kill("language", tmp_path / "killed", delay.uniform(2, 6))
    made = len(list((tmp_path / "killed").glob("generation_*[0-9]")))
    resumed, whole = (language(tmp_path / name, made + 2) for name in ("killed", "left alone"))
    assert resumed.rows.equals(whole.rows)


class Killed(BaseException):
    """As if the power had gone: nobody catches it."""


@pytest.mark.parametrize("warm_start", [False, True])
def test_stopped_at_every_step_of_writing(warm_start, tmp_path, monkeypatch):
    """Whatever is renamed last before the end, nothing half written counts."""
    model = Remembering() if warm_start else Gaussian()
    settings = {"metrics": METRICS, "n_generations": 4, "warm_start": warm_start}
    whole = run(model, REAL, **settings)
    real_replace = os.replace
    steps = 1 + 4 * (2 if warm_start else 1)  # the settings, and each generation's folders
    for stop in range(steps):
        calls = iter(range(steps))

        def interrupted(source, target, calls=calls, stop=stop):
            if next(calls) == stop:
                raise Killed
            real_replace(source, target)

        folder = tmp_path / str(stop)
        monkeypatch.setattr("os.replace", interrupted)
        with pytest.raises(Killed):
            resume_run(folder, model, REAL, **settings)
        monkeypatch.setattr("os.replace", real_replace)
        assert resume_run(folder, model, REAL, **settings).rows.equals(whole.rows)


def test_an_interruption_returns_what_is_finished_as_run_does(tmp_path, capsys):
    def impatient(turns):
        for i, turn in enumerate(turns):
            if i == 2:
                raise KeyboardInterrupt
            yield turn

    part = resume_run(tmp_path, Gaussian(), REAL, metrics=METRICS, n_generations=5, keep=[1], progress=impatient)
    assert part.info["interrupted"]
    assert len(part.rows) == 2
    assert list(part.snapshots) == [1]
    assert "Interrupted: 2 of 5 generations are kept; the same call goes on" in capsys.readouterr().out
    whole = resume_run(tmp_path, Gaussian(), REAL, metrics=METRICS, n_generations=5)
    assert whole.rows.equals(run(Gaussian(), REAL, metrics=METRICS, n_generations=5).rows)
    assert not whole.info["interrupted"]


def test_an_error_keeps_what_is_finished(tmp_path):
    def fragile(generation, reference):
        if generation.index == 2:
            raise RuntimeError("the scale is broken")
        return 1.0

    with pytest.raises(RuntimeError, match="the scale is broken") as refused:
        resume_run(tmp_path, Gaussian(), REAL, metrics={"fragile": fragile}, n_generations=5)
    assert len(refused.value.rows) == 2
    assert "The 2 generations before it are kept" in refused.value.__notes__[-1]


def test_a_view_is_kept_instead_of_the_samples(tmp_path):
    settings = {"metrics": METRICS, "view": lambda generation: generation.samples.mean(axis=0)}
    whole = run(Gaussian(), REAL, n_generations=4, keep=[0, 2], **settings)
    resume_run(tmp_path, Gaussian(), REAL, n_generations=2, **settings)
    resumed = resume_run(tmp_path, Gaussian(), REAL, n_generations=4, keep=[0, 2], **settings)
    assert sorted(whole.snapshots) == sorted(resumed.snapshots) == [0, 2]
    for t in (0, 2):
        assert whole.snapshots[t].shape == (20,)
        assert np.array_equal(whole.snapshots[t], resumed.snapshots[t])


# --- damaged ---------------------------------------------------------------------------------------------------------


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:10])


def delete(path):
    path.unlink()


@pytest.mark.parametrize("damage", [flip, cut, delete])
@pytest.mark.parametrize(
    "file",
    [
        "generation_005/samples.npy",
        "generation_005/state.json",
        "generation_005/SHA256SUMS",
        "generation_002/samples.npy",
    ],
)
def test_a_damaged_generation_is_named_and_made_again(file, damage, tmp_path, capsys):
    whole = warm(tmp_path)
    damage(tmp_path / file)
    assert warm(tmp_path, 8).rows.equals(
        run(Remembering(), REAL, metrics=METRICS, n_generations=8, warm_start=True).rows
    )
    assert f"{file.split('/')[0]} is damaged: going back to the generation before it." in capsys.readouterr().out
    assert warm(tmp_path).rows.equals(whole.rows)
    assert not capsys.readouterr().out  # it is mended


@pytest.mark.parametrize("damaged", [["model_005"], ["model_005", "model_004"]])
def test_damaged_models_are_made_again(damaged, tmp_path, capsys):
    warm(tmp_path)
    for name in damaged:
        flip(tmp_path / name / "mean.npy")
    assert warm(tmp_path, 7).rows.equals(
        run(Remembering(), REAL, metrics=METRICS, n_generations=7, warm_start=True).rows
    )
    printed = capsys.readouterr().out
    assert all(f"{name} is damaged" in printed for name in damaged)


# --- bad input -------------------------------------------------------------------------------------------------------


def test_another_run_in_the_same_folder_is_refused(tmp_path):
    settings = {"metrics": METRICS, "n_generations": 1, "seed": 1, "n": 10}
    resume_run(tmp_path, Gaussian(), REAL, **settings)
    for change, message in [
        ({"seed": 2}, "seed must be that of the run in .*, 1, got 2: give the same, or another folder"),
        ({"n": 11}, "n must be that of the run"),
        ({"model": Gaussian(ddof=1)}, "model must be that of the run"),
        ({"recipe": accumulate}, "recipe must be that of the run"),
        ({"label": "other"}, "label must be that of the run"),
        ({"real": REAL + 1}, "real must be that of the run"),
        ({"reference": REAL + 1}, "reference must be that of the run"),
        ({"metrics": {"std": metrics.std}}, "metrics must be that of the run"),
        ({"view": lambda generation: generation.samples[:1]}, "view must be that of the run"),
    ]:
        with pytest.raises(ValueError, match=message):
            resume_run(tmp_path, **({"model": Gaussian(), "real": REAL} | settings | change))
    with pytest.raises(
        TypeError, match=r"model must have save\(folder\) and load\(folder\) for warm_start, got Gaussian"
    ):
        resume_run(tmp_path / "warm", Gaussian(), REAL, **settings, warm_start=True)
    with pytest.raises(ValueError, match="n_generations must be a whole number from 1"):
        resume_run(tmp_path, Gaussian(), REAL, **settings | {"n_generations": 0})


def test_damaged_settings_are_named(tmp_path):
    resume_run(tmp_path, Gaussian(), REAL, metrics=METRICS, n_generations=1)
    (tmp_path / "settings.json").write_text('{"seed": ', encoding="utf8")
    with pytest.raises(ValueError, match=r"folder must hold a settings.json as it was written, got a damaged one in"):
        resume_run(tmp_path, Gaussian(), REAL, metrics=METRICS, n_generations=1)


def test_what_a_model_had_learned_before_is_compared_too(tmp_path):
    for mean in (1.0, 2.0):
        base = Remembering()
        base.mean = np.full(20, mean)
        if mean == 1:
            resume_run(tmp_path, base, REAL, metrics=METRICS, n_generations=1)
    with pytest.raises(ValueError, match="learned must be that of the run"):
        resume_run(tmp_path, base, REAL, metrics=METRICS, n_generations=1)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"seed": -1}, ValueError, "seed must be a whole number of at least 0"),
        ({"n": 0}, ValueError, "n must be a whole number of at least 1"),
        ({"metrics": [metrics.std]}, TypeError, "metrics must be a dict of functions"),
        ({"keep": 2}, TypeError, "keep must be a list of generations"),
        ({"keep": [7]}, ValueError, "keep must hold generations from 0 to 0"),
        ({"recipe": Mix}, TypeError, "recipe must be a function"),
        ({"model": Gaussian}, TypeError, "model must be an instance"),
    ],
)
def test_a_call_that_is_refused_leaves_the_folder_as_it_was(change, error, message, tmp_path):
    right = {"model": Gaussian(), "real": REAL, "metrics": METRICS, "n_generations": 1}
    with pytest.raises(error, match=message):
        resume_run(tmp_path / "run", **(right | change))
    assert not (tmp_path / "run").exists()
    resume_run(tmp_path / "run", **right)


def test_one_run_at_a_time(tmp_path):
    def second(generation, reference):
        resume_run(tmp_path, Gaussian(), REAL, metrics=METRICS, n_generations=1)
        return 1.0

    with pytest.raises(RuntimeError, match="where another is at work: wait, or give another folder"):
        resume_run(tmp_path, Gaussian(), REAL, metrics={"second": second}, n_generations=1)
    resume_run(tmp_path, Gaussian(), REAL, metrics={"second": metrics.std}, n_generations=1)
