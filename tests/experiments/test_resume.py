"""A run that is killed at any moment, or whose files are damaged, ends with the rows of one that was left alone."""

import copy
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.mixture import GaussianMixture

from collapse_lessons import Fresh, Gaussian, Mix, SklearnModel, accumulate, metrics, replace, run
from collapse_lessons.describe import sha256
from collapse_lessons.experiments.folders import sums
from collapse_lessons.experiments.records import load_run, save_run
from collapse_lessons.experiments.resume import resume_run
from killed import METRICS, REAL, cold, language


class Remembering:
    """A model whose fit goes on from where it is: its mean moves half of the way to the data's."""

    def fit(self, X, rng):
        self.mean = 0.5 * (getattr(self, "mean", 0) + X.mean(axis=0))
        return self

    def sample(self, n, rng):
        return self.mean + rng.normal(size=(n, len(self.mean)))

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
import killed
print("ready", flush=True)
killed.{call}(sys.argv[1], n_generations=100_000)
"""


def kill(call, folder, after):
    """Start the run in a process of its own and kill it so many seconds after it set out."""
    code = CHILD.format(tests=str(Path(__file__).parents[1]), call=call)
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        time.sleep(after)
        child.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_killed_at_twenty_random_moments(tmp_path):
    child = [sys.executable, str(Path(__file__).parents[1] / "killed.py"), str(tmp_path), "20"]
    subprocess.run(child, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"}, stdout=subprocess.DEVNULL)
    made = len(list(tmp_path.glob("generation_*[0-9]")))
    assert made > 0
    resumed = cold(tmp_path, made + 2)
    assert resumed.rows.equals(run(Gaussian(), REAL, metrics=METRICS, n_generations=made + 2).rows)
    assert not list(tmp_path.glob("*.part"))


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
    with pytest.raises(ValueError, match="model must be that of the run"):
        resume_run(tmp_path, base, REAL, metrics=METRICS, n_generations=1)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"seed": -1}, ValueError, "seed must be a whole number of at least 0"),
        ({"n": 0}, ValueError, "n must be a whole number of at least 1"),
        ({"metrics": [metrics.std]}, TypeError, "metrics must be a dict of functions"),
        ({"keep": 2}, TypeError, "keep must be a list of generations"),
        ({"keep": [7]}, ValueError, "keep must be a whole number from 0 to 0"),
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


# --- what is the same run ---------------------------------------------------------------------------------------------


class Mine:
    """In the README's own style, without `__repr__`."""

    def __init__(self, scale):
        self.scale = scale

    def fit(self, X, rng):
        self.mean, self.std = X.mean(axis=0), self.scale * X.std(axis=0)
        return self

    def sample(self, n, rng):
        return rng.normal(self.mean, self.std, size=(n, len(self.mean)))


FRAME = pd.DataFrame({"x": np.arange(1000.0)})
CHANGED = FRAME.copy()
CHANGED.loc[500, "x"] = -1


def bent(real, by):
    return lambda n, rng: real[:n] * by


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("model", Mine(1), Mine(2)),
        ("model", SklearnModel(GaussianMixture(1)), SklearnModel(GaussianMixture(1, reg_covar=1e-3))),
        ("real", REAL, REAL.view(np.int64)),
        ("real", REAL, REAL.reshape(250, 40)),
        ("reference", FRAME, CHANGED),
        ("reference", list(range(5000)), [*range(4999), 0]),
        ("reference", REAL, REAL.view(np.int64)),
        ("reference", {"a": REAL}, {"a": REAL.view(np.int64)}),
        ("reference", Mine(1), Mine(2)),
        ("recipe", Fresh(bent(REAL, 1), 0.5), Fresh(bent(REAL, 2), 0.5)),
        ("recipe", lambda pool, n, rng: pool[-1], lambda pool, n, rng: pool[0]),
        ("view", np.ravel, np.mean),
    ],
)
def test_another_content_is_another_run(name, first, second, tmp_path):
    settings = {"model": Mine(1), "real": REAL, "metrics": {"one": lambda g, r: 1.0}, "n_generations": 2, "label": "x"}
    if name == "view":
        first, second = (lambda generation, f=f: f(generation.samples) for f in (first, second))
        first.__name__, second.__name__ = "ravel", "mean"
    resume_run(tmp_path, **settings | {name: first})
    resume_run(tmp_path, **settings | {name: copy.deepcopy(first)})
    with pytest.raises(ValueError, match=f"^{name} must be that of the run in .*: give the same, or another folder"):
        resume_run(tmp_path, **settings | {name: second})


def test_the_part_that_differs_is_named(tmp_path):
    settings = {"real": REAL, "metrics": METRICS, "n_generations": 1}
    resume_run(tmp_path, Mine(1), **settings)
    with pytest.raises(ValueError, match=r"model must be that of the run in .*, scale 1, got scale 2: give the same"):
        resume_run(tmp_path, Mine(2), **settings)


def test_what_cannot_be_known_again_is_refused_before_anything_is_written(tmp_path):
    settings = {"model": Mine(1), "real": REAL, "metrics": METRICS, "n_generations": 1}
    for name, value in (("reference", (i for i in range(3))), ("model", Mine(threading.Lock()))):
        with pytest.raises(TypeError, match=f"{name} must be something that can be copied"):
            resume_run(tmp_path / "run", **settings | {name: value})
    assert not (tmp_path / "run").exists()


def folder_of(tmp_path, name, **settings):
    resume_run(tmp_path / name, Mine(1), REAL, metrics=METRICS, **{"n_generations": 5, **settings})
    return tmp_path / name


def rename(one, other):
    """Exchange two folders."""
    spare = one.with_name("spare")
    one.rename(spare)
    other.rename(one)
    spare.rename(other)


def test_two_generations_exchanged_are_made_again(tmp_path, capsys):
    folder = folder_of(tmp_path, "run")
    rename(folder / "generation_002", folder / "generation_003")
    resumed = resume_run(folder, Mine(1), REAL, metrics=METRICS, n_generations=5, keep=range(5))
    whole = run(Mine(1), REAL, metrics=METRICS, n_generations=5, keep=range(5))
    assert resumed.rows.equals(whole.rows)
    assert all(np.array_equal(resumed.snapshots[t], whole.snapshots[t]) for t in range(5))
    assert "generation_002 is not of this place: going back to the generation before it." in capsys.readouterr().out


@pytest.mark.parametrize("settings", [{"seed": 1}, {"model": Mine(2)}, {"n_generations": 4}])
def test_a_generation_of_another_run_is_kept_and_made_again(tmp_path, settings, capsys):
    folder = folder_of(tmp_path, "run")
    resume_run(
        tmp_path / "other", **{"model": Mine(1), "real": REAL, "metrics": METRICS, "n_generations": 5} | settings
    )
    shutil.rmtree(folder / "generation_003")
    shutil.copytree(tmp_path / "other" / "generation_003", folder / "generation_003")
    resumed = resume_run(folder, Mine(1), REAL, metrics=METRICS, n_generations=5)
    assert resumed.rows.equals(run(Mine(1), REAL, metrics=METRICS, n_generations=5).rows)
    printed = capsys.readouterr().out
    assert "generation_003 is not of this place" in printed
    if settings != {"n_generations": 4}:  # which is the same run elsewhere: its generations are made again
        aside = folder / "generation_003.of_another_run"
        assert "generation_003 belongs to another run: it is kept as generation_003.of_another_run." in printed
        assert (aside / "samples.npy").read_bytes() == (tmp_path / "other/generation_003/samples.npy").read_bytes()


@pytest.mark.parametrize("text", ["[1]", "null", "[" * 100_000, "{}"])
def test_a_whole_folder_that_is_no_generation_is_kept(tmp_path, text, capsys):
    folder = folder_of(tmp_path, "run")
    odd = folder / "generation_003"
    (odd / "state.json").write_text(text)
    (odd / "SHA256SUMS").write_bytes(
        sums({name: sha256((odd / name).read_bytes()) for name in ("samples.npy", "state.json")})
    )
    resumed = resume_run(folder, Mine(1), REAL, metrics=METRICS, n_generations=5)
    assert resumed.rows.equals(run(Mine(1), REAL, metrics=METRICS, n_generations=5).rows)
    assert "generation_003 is not of this place" in capsys.readouterr().out
    assert (folder / "generation_003.of_another_run" / "state.json").read_text() == text


def test_the_model_of_another_generation_is_not_taken(tmp_path, capsys):
    warm(tmp_path)
    rename(tmp_path / "model_005", tmp_path / "model_004")
    assert warm(tmp_path, 8).rows.equals(
        run(Remembering(), REAL, metrics=METRICS, n_generations=8, warm_start=True).rows
    )
    assert "model_005 is damaged" in capsys.readouterr().out


def test_a_model_that_saves_nothing_is_told_so(tmp_path):
    class Forgetful(Remembering):
        def save(self, folder):
            pass

    with pytest.raises(ValueError, match="model_000 must hold a file, got none: let save"):
        resume_run(tmp_path, Forgetful(), REAL, metrics=METRICS, n_generations=2, warm_start=True)


def test_an_error_while_loading_a_model_stays_as_it_is(tmp_path):
    class Lost(Remembering):
        def load(self, folder):
            raise FileNotFoundError("the model's own")

    settings = {"metrics": METRICS, "warm_start": True}
    resume_run(tmp_path, Lost(), REAL, n_generations=2, **settings)
    with pytest.raises(FileNotFoundError, match=r"^the model's own"):
        resume_run(tmp_path, Lost(), REAL, n_generations=3, **settings)


def test_where_nothing_is_left_to_do_no_model_is_needed(tmp_path, capsys):
    warm(tmp_path, 8)
    made = (tmp_path / "generation_000" / "state.json").stat().st_mtime_ns
    assert len(warm(tmp_path, 3).rows) == 3
    assert (tmp_path / "generation_000" / "state.json").stat().st_mtime_ns == made
    assert not capsys.readouterr().out


# --- what a run knows of its making -----------------------------------------------------------------------------------


def test_the_seconds_are_those_of_all_sessions(tmp_path, monkeypatch):
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    first = resume_run(tmp_path, Mine(1), REAL, metrics=METRICS, n_generations=2).info["seconds"]
    both = resume_run(tmp_path, Mine(1), REAL, metrics=METRICS, n_generations=5).info["seconds"]
    assert (first, both) == (20, 50)
    assert resume_run(tmp_path, Mine(1), REAL, metrics=METRICS, n_generations=5).info["seconds"] == 50


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"threads of blas": 2}, "threads of blas 1, now 2"), ({"torch": "3.0"}, "torch 2.0, now 3.0")],
)
def test_other_threads_and_versions_are_said_and_the_run_goes_on(changed, said, tmp_path, monkeypatch, capsys):
    before = {"numpy": np.__version__, "torch": "2.0", "threads of blas": 1}
    monkeypatch.setattr("collapse_lessons.experiments.resume.made_with", lambda: before)
    folder_of(tmp_path, "run", n_generations=3)
    assert not capsys.readouterr().out
    monkeypatch.setattr("collapse_lessons.experiments.resume.made_with", lambda: before | changed)
    resume_run(tmp_path / "run", Mine(1), REAL, metrics=METRICS, n_generations=3)
    assert not capsys.readouterr().out, "there is nothing to go on with"
    resumed = resume_run(tmp_path / "run", Mine(1), REAL, metrics=METRICS, n_generations=5)
    assert resumed.rows.equals(run(Mine(1), REAL, metrics=METRICS, n_generations=5).rows)
    assert f"From generation 3 on the rows may differ in their last digits, and go another way: {said}." in (
        capsys.readouterr().out
    )
    assert resumed.info["made_with"] == [before, before | changed]
    resume_run(tmp_path / "run", Mine(1), REAL, metrics=METRICS, n_generations=6)
    assert not capsys.readouterr().out, "it is said once"


def test_a_library_that_was_not_loaded_before_is_no_change(tmp_path, monkeypatch, capsys):
    for about in ({"numpy": "2"}, {"numpy": "2", "torch": "3"}, {"torch": "3"}):
        monkeypatch.setattr("collapse_lessons.experiments.resume.made_with", lambda about=about: about)
        resume_run(tmp_path, Mine(1), REAL, metrics=METRICS, n_generations=len(list(tmp_path.glob("gen*"))) + 1)
    assert not capsys.readouterr().out


def test_a_folder_knows_the_versions_and_threads_of_this_machine(tmp_path):
    torch = pytest.importorskip("torch")
    folder = folder_of(tmp_path, "run", n_generations=1)
    told = json.loads((folder / "generation_000" / "state.json").read_text("utf8"))["made_with"]
    assert told["numpy"] == np.__version__
    assert told["torch"] == torch.__version__
    assert told["threads of torch"] == torch.get_num_threads()
    assert told["threads of blas"] >= 1


# --- metrics and views: `run` and `resume_run` agree ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Fraction(1, 3), 1 / 3),
        (np.longdouble("0.1"), float(np.longdouble("0.1"))),
        (np.float32(0.1), float(np.float32(0.1))),
        (np.float16(0.1), float(np.float16(0.1))),
        (np.uint8(3), 3),
        (10**30, 10**30),
        (True, True),
        (np.bool_(False), False),
        (float("inf"), float("inf")),
        (-0.0, -0.0),
    ],
)
def test_a_number_of_any_kind_is_the_same_from_both(value, kept, tmp_path):
    settings = {"metrics": {"a": lambda g, r: value, "b": lambda g, r: {"c": value}}, "n_generations": 2}
    whole = run(Mine(1), REAL, **settings)
    for _ in range(2):  # written, and read
        resumed = resume_run(tmp_path, Mine(1), REAL, **settings)
        pd.testing.assert_frame_equal(resumed.rows, whole.rows, check_exact=True)
    assert list(whole.rows["a"]) == [kept, kept]
    assert type(whole.rows["c"].tolist()[0]) is type(kept)


@pytest.mark.parametrize(
    "value", [1 + 2j, np.complex64(1), np.datetime64("2026-01-01"), np.timedelta64(1, "s"), "3", np.str_("3"), None,
              Fraction(10**400), np.ones(2), [1.0]]
)  # fmt: skip
def test_what_is_no_number_is_refused_by_both(value, tmp_path):
    for go in (run, partial(resume_run, tmp_path)):
        for metric in (lambda g, r: value, lambda g, r: {"c": value}):
            with pytest.raises(TypeError, match=r"metrics must return numbers, got .* from 'a'"):
                go(Mine(1), REAL, metrics={"a": metric}, n_generations=1)


def test_a_column_without_a_name_is_refused_by_both(tmp_path):
    for go in (run, partial(resume_run, tmp_path)):
        with pytest.raises(TypeError, match="a metric's column must be a string, got 3: mend the metric 'a'"):
            go(Mine(1), REAL, metrics={"a": lambda g, r: {3: 1.0}}, n_generations=1)
        with pytest.raises(TypeError, match="label must be a string, got 3"):
            go(Mine(1), REAL, metrics=METRICS, n_generations=1, label=3)
        with pytest.raises(ValueError, match="label must be a string that UTF-8 can write, got "):
            go(Mine(1), REAL, metrics=METRICS, n_generations=1, label="\ud800")


@pytest.mark.parametrize("label", ["at 0x1f", "<function f at 0x1f>", "Ünï", "NA", "1"])
def test_any_label_is_the_same_from_both(label, tmp_path):
    settings = {"metrics": METRICS, "n_generations": 1, "label": label}
    for _ in range(2):
        assert resume_run(tmp_path, Mine(1), REAL, **settings).rows.equals(run(Mine(1), REAL, **settings).rows)


def test_a_view_is_the_same_array_from_both(tmp_path):
    for name, seen in (("words", ["a", "bc"]), ("numbers", [1, 2])):
        settings = {"metrics": METRICS, "n_generations": 1, "keep": [0], "view": lambda generation, seen=seen: seen}
        whole = run(Mine(1), REAL, **settings).snapshots[0]
        for _ in range(2):
            kept = resume_run(tmp_path / name, Mine(1), REAL, **settings).snapshots[0]
            assert isinstance(kept, np.ndarray)
            assert kept.dtype == whole.dtype
            assert kept.tolist() == whole.tolist() == seen
    for go in (run, partial(resume_run, tmp_path / "objects")):
        for odd in ([None], np.ma.array([1.0], mask=True)):
            with pytest.raises(TypeError, match="view must return an array of numbers or text, got "):
                go(Mine(1), REAL, metrics=METRICS, n_generations=1, keep=[0], view=lambda generation, odd=odd: odd)


# --- read without going on --------------------------------------------------------------------------------------------


def test_load_run_reads_the_folder_of_a_run(tmp_path):
    folder = folder_of(tmp_path, "run")
    whole = run(Mine(1), REAL, metrics=METRICS, n_generations=5, keep=range(5))
    loaded = load_run(folder)
    assert loaded.rows.equals(whole.rows)
    assert sorted(loaded.snapshots) == list(range(5))
    assert all(np.array_equal(loaded.snapshots[t], whole.snapshots[t]) for t in range(5))
    assert {name: loaded.info[name] for name in whole.info if name != "seconds"} == {
        name: value for name, value in whole.info.items() if name != "seconds"
    }
    shutil.rmtree(folder / "generation_004")
    assert len(load_run(folder).rows) == 4, "what is finished"
    save_run(tmp_path / "record", load_run(folder))
    assert load_run(tmp_path / "record").rows.equals(load_run(folder).rows)


def test_load_run_keeps_views_and_refuses_a_changed_generation(tmp_path):
    folder = folder_of(tmp_path, "run", view=lambda generation: generation.samples[:1])
    assert load_run(folder).snapshots[3].shape == (1, 20)
    flip(folder / "generation_003" / "samples.npy")
    with pytest.raises(
        ValueError, match="generation_003 must be as it was written, got one that is damaged: call resu"
    ):
        load_run(folder)


def test_tables_go_on_and_come_back(tmp_path):
    class Bootstrap:
        def fit(self, X, rng):
            self.X = X
            return self

        def sample(self, n, rng):
            return self.X.iloc[rng.integers(len(self.X), size=n)]

    frame = pd.DataFrame({"x": np.arange(30.0), "kind": pd.Categorical(["a", "b", "c"] * 10, categories=list("cba"))})
    share = {"share": lambda generation, reference: (generation.samples["kind"] == "a").mean()}
    whole = run(Bootstrap(), frame, metrics=share, n_generations=5, keep=[0, 4])
    for n_generations in (2, 5, 5):
        resumed = resume_run(tmp_path / "run", Bootstrap(), frame, metrics=share, n_generations=n_generations, keep=[0])
    assert resumed.rows.equals(whole.rows)
    pd.testing.assert_frame_equal(resumed.snapshots[0], whole.snapshots[0].reset_index(drop=True))
    save_run(tmp_path / "record", whole)
    for loaded in (load_run(tmp_path / "record"), load_run(tmp_path / "run")):
        assert loaded.snapshots[4]["kind"].tolist() == whole.snapshots[4]["kind"].tolist()
    with pytest.raises(ValueError, match="real must be that of the run"):
        resume_run(tmp_path / "run", Bootstrap(), frame.assign(x=1.0), metrics=share, n_generations=5)
