"""`check_model` says what is wrong with a reader's model, one mistake at a time."""

import html
import re
import threading

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from collapse_lessons.loop import generations
from collapse_lessons.model_check import check_model
from collapse_lessons.worlds.images import labelled

X = np.random.default_rng(0).normal(5, 2, size=(40, 2))


class Bootstrap:
    """A model in eight lines: it draws from the rows it has seen."""

    def fit(self, X, rng):
        self.X = X.copy()
        return self

    def sample(self, n, rng):
        return self.X[rng.integers(len(self.X), size=n)]


class NoSample:
    def fit(self, X, rng):
        return self


class NoRng(Bootstrap):
    def fit(self, X):
        return self


class Forgetful(Bootstrap):
    def fit(self, X, rng):
        super().fit(X, rng)


class Meddling(Bootstrap):
    def fit(self, X, rng):
        X -= X.mean(axis=0)
        return super().fit(X, rng)


class WrongShape(Bootstrap):
    def sample(self, n, rng):
        return super().sample(n, rng)[:, 0]


class TooFew(Bootstrap):
    def sample(self, n, rng):
        return super().sample(n - 1, rng)


class Failing(Bootstrap):
    def sample(self, n, rng):
        raise KeyError("means")


class Integers(Bootstrap):
    def sample(self, n, rng):
        return super().sample(n, rng).astype(int)


class Infinite(Bootstrap):
    def sample(self, n, rng):
        return super().sample(n, rng) * np.inf


class Words(Bootstrap):
    def sample(self, n, rng):
        return super().sample(n, rng).astype(str)


class OwnNoise(Bootstrap):
    def sample(self, n, rng):
        return super().sample(n, np.random.default_rng())


class Ambient(Bootstrap):
    """Its samples are alike only where fit has just been called: it seeds what sample draws from."""

    def fit(self, X, rng):
        self.everybody_s = np.random.default_rng(rng.integers(99))
        return super().fit(X, rng)

    def sample(self, n, rng):
        return super().sample(n, self.everybody_s)


class FixedSeed(Bootstrap):
    def sample(self, n, rng):
        return self.X.mean(axis=0) + np.random.default_rng(0).normal(size=(n, 2))


class Sorted(Bootstrap):
    def sample(self, n, rng):
        return np.sort(super().sample(n, rng), axis=0)


class AsManyAsItSaw(Bootstrap):
    def sample(self, n, rng):
        return super().sample(len(self.X), rng)


class Masked(Bootstrap):
    def sample(self, n, rng):
        return np.ma.array(super().sample(n, rng), mask=rng.random((n, 2)) < 0.5)


WRONG = [
    (NoSample, "has sample", "write a method sample"),
    (NoRng, "fit runs", r"let fit take \(X, rng\) \(TypeError: "),
    (Forgetful, "fit returns the model", "end fit with `return self`"),
    (Meddling, "fit leaves X untouched", "work on a copy of X"),
    (Failing, "sample runs", r"let sample take \(n, rng\) \(KeyError: 'means'\)"),
    (Masked, "sample runs", r"ValueError: samples must have no masked entries"),
    (WrongShape, "samples look like X", r"sample\(40, rng\) must have shape \(40, 2\), got \(40,\)"),
    (TooFew, "samples look like X", r"got \(39, 2\)"),
    (Integers, "samples have X's kind of numbers", "X holds float64, samples int64: convert them"),
    (Infinite, "samples are finite", "look for a division by zero"),
    (Words, "samples are finite", "look for a division by zero"),
    (OwnNoise, "same rng, same samples", "draw every random number from the rng passed in"),
    (Ambient, "same rng, same samples", "draw every random number from the rng passed in"),
    (FixedSeed, "new rng, new samples", "a seed fixed inside the model makes every generation draw the same noise"),
    (AsManyAsItSaw, "samples as many as asked", r"sample\(n, rng\) must return n rows for any n"),
    (Sorted, "samples come in random order", r"return rng\.permutation\(samples\)"),
]


@pytest.mark.parametrize(("model", "check", "remedy"), WRONG, ids=lambda case: getattr(case, "__name__", ""))
def test_each_mistake_is_named_with_its_remedy(model, check, remedy):
    report = check_model(model(), X)
    failed = report[~report["passed"]].set_index("check")["remedy"]
    assert check in failed.index, report
    assert re.search(remedy, failed[check]), failed[check]
    if model not in (Words, Integers):  # strings and whole numbers fail two checks for one cause
        assert list(failed.index) == [check]


def test_a_good_model_passes_everything():
    report = check_model(Bootstrap(), X)
    assert list(report.columns) == ["check", "passed", "remedy"]
    assert report["passed"].all(), report
    assert set(report["remedy"]) == {""}
    assert len(report) == 15


@pytest.mark.parametrize("shape", [(40,), (40, 2), (40, 4, 4, 3)])
def test_any_number_of_axes_and_whole_numbers_will_do(shape):
    assert check_model(Bootstrap(), np.random.default_rng(1).random(shape))["passed"].all()
    assert check_model(Bootstrap(), np.random.default_rng(1).integers(9, size=shape))["passed"].all()


def test_pictures_with_labels_are_checked_field_by_field():
    rng = np.random.default_rng(1)
    X = labelled(rng.random((40, 4, 4)), rng.integers(3, size=40))
    report = check_model(Bootstrap(), X)
    assert report["passed"].all(), report

    class Forgets(Bootstrap):
        def sample(self, n, rng):
            return super().sample(n, rng)["image"]

    assert not check_model(Forgets(), X)["passed"].all()


def test_the_model_and_the_data_are_left_as_they_were():
    model, before = Bootstrap(), X.copy()
    check_model(model, X)
    assert not hasattr(model, "X")
    assert np.array_equal(X, before)


def test_a_class_is_told_to_be_called():
    report = check_model(Bootstrap, X)
    assert list(report["remedy"]) == ["write Bootstrap(...)"]


def test_a_bare_estimator_is_told_to_be_wrapped():
    remedies = " ".join(check_model(GaussianMixture(2), X)["remedy"])
    assert "wrap it: SklearnModel(GaussianMixture(...))" in remedies


def test_a_model_that_cannot_be_copied_is_reported():
    model = Bootstrap()
    model.lock = threading.Lock()
    report = check_model(model, X).set_index("check")
    assert not report.loc["can be copied", "passed"]
    assert "each generation fits a copy of it (TypeError: cannot pickle" in report.loc["can be copied", "remedy"]


def test_remedies_are_shown_in_full():
    report = check_model(Meddling(), X)
    longest = max(report["remedy"], key=len)
    assert longest in repr(report)
    assert all(remedy in html.unescape(report._repr_html_()) for remedy in report["remedy"])


def test_a_model_that_keeps_its_graph_is_told_so_before_a_warm_start():
    """It passed, and failed in generation 1."""
    torch = pytest.importorskip("torch")

    class KeepsItsLoss(Bootstrap):
        def fit(self, X, rng):
            weight = torch.ones(2, requires_grad=True)
            self.loss = (weight**2).sum()
            return super().fit(X, rng)

    report = check_model(KeepsItsLoss(), X).set_index("check")
    assert list(report.index[~report["passed"]]) == ["can be copied once it is fitted"]
    assert "keep numbers, such as loss.item()" in report["remedy"]["can be copied once it is fitted"]
    with pytest.raises(TypeError, match=r"model must be one that copy\.deepcopy can copy") as caught:
        list(generations(KeepsItsLoss(), X, n_generations=3, warm_start=True))
    assert "generation 0" in caught.value.__notes__[0]


def test_a_layer_of_torch_is_told_what_can_seed_it():
    torch = pytest.importorskip("torch")
    from collapse_lessons.models import training

    class Unseeded(Bootstrap):
        def fit(self, X, rng):
            self.layer = self.make(rng)
            return super().fit(X, rng)

        def make(self, rng):
            return torch.nn.Linear(2, 2)

        def sample(self, n, rng):
            return self.layer(torch.tensor(super().sample(n, rng), dtype=torch.float32)).detach().double().numpy()

    class Built(Unseeded):
        def make(self, rng):
            return training.build(lambda: torch.nn.Linear(2, 2), rng)

    remedy = check_model(Unseeded(), X).set_index("check")["remedy"]["same rng, same samples"]
    assert "models.training.build(make, rng)" in remedy
    assert check_model(Built(), X)["passed"].all()


def test_a_model_that_cannot_be_described_is_told_so():
    class Locked(Bootstrap):
        def __init__(self):
            self.lock = threading.Lock()

        def __deepcopy__(self, memo):
            return Locked()

    report = check_model(Locked(), X)
    assert "can be described" in set(report["check"])
