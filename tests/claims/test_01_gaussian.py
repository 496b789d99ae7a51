"""What lesson 01 says about refitted Gaussians, over many chains; real data are drawn anew for every chain."""

import numpy as np
import pytest
from scipy import stats

import lessons
from collapse_lessons import (
    Fresh,
    Gaussian,
    GaussianBatches,
    accumulate,
    accumulate_subsample,
    generations,
    loop,
    replace,
    stream,
    theory,
)
from collapse_lessons.loop import DATA, SAMPLE
from collapse_lessons.models.regression import Regression
from oracle import assert_mean

LESSON = lessons.read(next(path for path in lessons.PATHS if path.stem == "01_gaussian"))


def defined_in_the_lesson(name):
    """Return a function just as the lesson's own cell defines it."""
    source = next(c.source for c in LESSON.cells if c.cell_type == "code" and c.source.startswith(f"def {name}("))
    namespace = {"np": np, "stream": stream, "SAMPLE": SAMPLE}
    exec(source.split("\n\n\n")[0], namespace)
    return namespace[name]


def chains(n, n_generations, n_chains, seed, ddof=0, recipe=replace):
    """Return the variance that every chain fits, shape (n_generations, n_chains)."""
    model = GaussianBatches(n, ddof=ddof)
    real = model.summarise(stream(DATA, 0, seed).standard_normal((n, n_chains)))
    return np.array([t.fitted.var_ for t in generations(model, real, recipe, n_generations=n_generations, seed=seed)])


def assert_median(variances, exact, wrong):
    """Assert that the typical standard deviation is `exact`: the logarithms are nearly normal, the skew is worth 1%."""
    log_std = 0.5 * np.log(variances)
    error = 1.2533 * log_std.std() / np.sqrt(len(log_std))  # standard error of a median
    assert abs(np.median(log_std) - np.log(exact)) < 6 * error + 0.01
    assert abs(np.log(wrong / exact)) > 2 * (6 * error + 0.01)


@pytest.fixture(scope="module")
def plain():
    """10,000 chains of n = 100, maximum likelihood."""
    return chains(100, 301, 10_000, seed=101)


@pytest.fixture(scope="module")
def unbiased():
    """10,000 chains of n = 100, unbiased."""
    return chains(100, 1001, 10_000, seed=102, ddof=1)


# --- 1: right on average --------------------------------------------------------------------------------------------


def test_the_loop_of_section_3_is_the_one_that_the_package_describes():
    source = next(c.source for c in LESSON.cells if c.source.startswith("## 3"))
    lines = source.split("```python\n")[1].split("```")[0].splitlines()
    assert [line.strip() for line in lines if line.strip() not in map(str.strip, loop.__doc__.splitlines())] == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_loop_by_hand_is_the_imported_one_row_for_row(seed):
    real = stream(DATA, 0, seed).standard_normal((100, 20))
    by_hand = defined_in_the_lesson("refit")(real, n_generations=60, seed=seed)
    turns = generations(Gaussian(ddof=1), real, n_generations=60, seed=seed)
    for turn, (X, mean, var) in zip(turns, by_hand, strict=True):
        assert np.allclose(turn.train, X, rtol=1e-9)
        assert np.allclose(turn.fitted.mean_, mean, rtol=1e-9)
        assert np.allclose(turn.fitted.var_, var, rtol=1e-9)


def test_one_fit_is_off_by_a_few_per_cent_and_the_drift_is_one_nth():
    """E (var - E var)^2 after one fit over 50,000 chains of n = 100 is 2/n, less 1%."""
    variances = chains(100, 1, 50_000, seed=103)[0]
    assert_mean(np.square(variances - 0.99), 2 / 100, wrong=[1 / 100, 4 / 100], approximate=0.0005)
    for n in (100, 1000):
        assert np.isclose(-np.log(theory.typical_var(1, n, ddof=1)), 1 / n, rtol=0.02)
        assert np.isclose(-np.log(theory.typical_var(1, n)), 2 / n, rtol=0.02)


def test_the_mean_of_unbiased_chains_stays_at_one():
    """E var at generation 100 over 100,000 chains; maximum likelihood would have 0.36 left."""
    variances = chains(100, 101, 100_000, seed=104, ddof=1)[-1]
    assert_mean(variances, 1, wrong=[theory.expected_var(101, 100), 1.2])


def test_the_typical_unbiased_chain_dies_later(plain, unbiased):
    """Medians at generations 300 and 1000 over 10,000 chains."""
    for t in (300, 1000):
        exact, wrong = np.sqrt(theory.typical_var(np.array([t + 1, t + 101]), 100, ddof=1))
        assert_median(unbiased[t], exact, wrong)
    assert np.median(unbiased[300]) > 5 * np.median(plain[300])
    assert 0.3e-4 < theory.typical_var(1001, 100, 1) < 0.5e-4


def test_ever_fewer_unbiased_chains_are_above_their_mean(unbiased):
    """Chains of 10,000 above the mean of 1 at generations 0, 100 and 1000, within six standard errors of the exact law.

    The logarithm of a variance is a sum of independent ones: nearly normal after a hundred fits.
    """
    step = np.log(stats.chi2(99).rvs(1_000_000, random_state=0) / 99)
    exact = {0: stats.chi2(99).sf(99)}
    exact |= {t: stats.norm.sf(-(t + 1) * step.mean() / (step.std() * np.sqrt(t + 1))) for t in (100, 1000)}
    for t, share in exact.items():
        assert abs((unbiased[t] > 1).mean() - share) < 6 * np.sqrt(share * (1 - share) / 10_000) + 0.003
    assert 0.4 < exact[0] < 0.5, "nearly half"
    assert 0.2 < exact[100] < 0.3, "a quarter"
    assert 0.008 < exact[1000] < 0.02, "about one in a hundred"


def test_nearly_every_unbiased_chain_loses_nine_tenths(unbiased):
    """P(var < 0.1) at generation 1000 over 10,000 chains is about 0.96; the lesson says more than nine in ten."""
    dead = (unbiased[1000] < 0.1).mean()
    assert dead - 6 * np.sqrt(dead * (1 - dead) / 10_000) > 0.9


def test_few_chains_carry_the_mean(unbiased):
    """Half of the sum over 10,000 chains: at generation 300 by less than one in a hundred (0.7% by the exact law)."""
    shares = np.sort(unbiased[[300, 900]], axis=1)[:, ::-1].cumsum(axis=1) / unbiased[[300, 900]].sum(axis=1)[:, None]
    carriers = 1 + np.argmax(shares > 0.5, axis=1)
    assert carriers.max() < 100
    assert carriers[1] < 6


def test_after_a_thousand_generations_a_simulated_mean_is_meaningless(unbiased):
    """The mean is exactly 1; of 20 simulated ones, over 500 chains each, most are below one half.

    Each is with a chance above 0.8; fewer than 5 of them would be a matter of 1e-9.
    """
    means = unbiased[1000].reshape(20, 500).mean(axis=1)
    assert (means < 0.5).sum() >= 5


# --- 2: one per cent -----------------------------------------------------------------------------------------------


def test_a_bias_of_one_per_cent_halves_the_life():
    """Fits until the median variance of 10,000 chains is below one half: 35 and 70 by the exact law, medians to 3."""
    lives = [1 + np.argmax(np.median(chains(100, 90, 10_000, seed=110, ddof=d), axis=1) < 0.5) for d in (0, 1)]
    exact = [np.log(0.5) / np.log(theory.typical_var(1, 100, d)) for d in (0, 1)]
    assert np.abs(np.subtract(lives, exact)).max() < 4
    assert exact == pytest.approx([35, 70], abs=2)


def test_the_mean_of_the_chains_lies_on_the_exact_curve_and_the_middle_one_below():
    """E var at generation 10 and 100 over 100,000 chains, and medians below the means."""
    for t, wrong in ((10, theory.expected_var(13, 100)), (100, theory.expected_var(121, 100))):
        variances = chains(100, t + 1, 100_000, seed=t)[-1]
        assert_mean(variances, theory.expected_var(t + 1, 100), wrong=[wrong])
        assert np.median(variances) < variances.mean()


@pytest.mark.parametrize(
    ("n", "n_chains", "low", "high"), [(10, 50_000, 2, 4), (100, 10_000, 31, 38), (1000, 4000, 310, 385)]
)
def test_ten_times_the_data_ten_times_the_life(n, n_chains, low, high):
    """The first generation whose median variance is below one half: six standard errors about ln 2 times n/2."""
    typical = np.median(chains(n, high + 2, n_chains, seed=n), axis=1)
    first = np.argmax(typical < 0.5)
    assert low <= first <= high
    assert 0.28 < (first + 1) / n < 0.42  # in fits, of which generation t has had t + 1


def test_what_the_explorer_answers():
    """By the exact law: the smallest n of its list whose typical chain keeps a quarter of its variance."""
    for ddof, smallest in ((0, 1000), (1, 300)):
        kept = {n: theory.typical_var(301, n, ddof) for n in (10, 30, 100, 300, 1000)}
        assert min(n for n, share in kept.items() if share > 0.25) == smallest
        assert all(abs(share - 0.25) > 0.1 for share in kept.values())


def test_what_the_spread_loses_the_means_gain():
    """E (var + mean^2) and E mean^2 at generation 60 over 10,000 sampled chains of n = 100."""
    real = stream(DATA, 0, 105).standard_normal((100, 10_000))
    *_, last = generations(Gaussian(), real, n_generations=61, seed=105)
    mean, var = last.fitted.mean_, last.fitted.var_
    assert_mean(var + np.square(mean), 1, wrong=[0.8, 1.2])
    assert_mean(np.square(mean), theory.mean_var(61, 100), wrong=[0.61])
    assert abs(theory.mean_var(301, 100) - 0.95) < 0.01


def test_the_mean_takes_smaller_and_smaller_steps():
    """E (step)^2 between two generations over 20,000 chains of n = 10: what is left of the variance, over n."""
    model = GaussianBatches(10)
    real = model.summarise(stream(DATA, 0, 106).standard_normal((10, 20_000)))
    means = np.array([turn.fitted.mean_ for turn in generations(model, real, n_generations=12, seed=106)])
    for t in (1, 5, 11):
        exact = theory.mean_var(t + 1, 10) - theory.mean_var(t, 10)
        assert np.isclose(exact, theory.expected_var(t, 10) / 10)
        assert_mean(np.square(means[t] - means[t - 1]), exact, wrong=[0.1] if t > 1 else [])


# --- 3: what stops it ----------------------------------------------------------------------------------------------


def fresh_people(n, rng):
    return rng.standard_normal((n, 1000))


@pytest.fixture(scope="module")
def after_300():
    """The variance that generation 300 fits, 1000 chains of n = 100 with each recipe of the lesson."""
    real, batches = fresh_people(100, stream(DATA, 0, 107)), GaussianBatches(100)
    runs = {
        "replace": (Gaussian(), real, replace),
        "10% fresh": (Gaussian(), real, Fresh(fresh_people, 0.1)),
        "accumulate": (batches, batches.summarise(real), accumulate),
    }
    return {name: list(generations(*run, n_generations=301, seed=107))[-1].fitted.var_ for name, run in runs.items()}


def test_accumulate_stops_it(after_300):
    """E var over 1000 chains: 0.984."""
    exact = theory.accumulate_var(301, 100)
    assert abs(exact - 0.984) < 0.0005
    assert abs(theory.accumulate_var_limit(100) - 0.984) < 0.0005
    assert_mean(after_300["accumulate"], exact, wrong=[theory.expected_var(301, 100), 0.9])


def test_ten_per_cent_fresh_data_stop_it(after_300):
    """E var over 1000 chains: 0.95."""
    exact = theory.fresh_var(10, 90)
    assert abs(exact - 0.95) < 0.001
    assert_mean(after_300["10% fresh"], exact, wrong=[theory.expected_var(301, 100), 0.8])


def test_the_middle_chain_lives_as_well(after_300):
    """Medians over 1000 chains: 0.002, 0.89 and 0.97; six standard errors of a median either way."""
    assert 0.001 < np.median(after_300["replace"]) < 0.006
    assert np.median(after_300["replace"]) < 0.1 * theory.expected_var(301, 100)  # the mean hides it
    for name, middle in (("10% fresh", 0.89), ("accumulate", 0.965)):
        error = 1.2533 * after_300[name].std() / np.sqrt(1000)
        assert abs(np.median(after_300[name]) - middle) < 6 * error + 0.01
        assert middle - 6 * error - 0.01 > 0.5


def test_it_is_not_only_the_larger_pile():
    """Accumulate-subsample trains on 100 rows a generation: E var at generation 300 over 300 chains, above 0.9.

    It is about 0.97, with a standard error of 0.015.
    """
    real = stream(DATA, 0, 109).standard_normal((100, 300))
    *_, last = generations(Gaussian(), real, accumulate_subsample, n_generations=301, seed=109)
    assert len(last.train) == 100
    assert last.fitted.var_.mean() > 0.9 - 6 * last.fitted.var_.std() / np.sqrt(300)
    assert last.fitted.var_.mean() > 0.85  # replace has 0.05
    assert np.median(last.fitted.var_) > 0.8


def test_replace_does_not(after_300):
    assert np.median(after_300["replace"]) < 0.05
    assert np.median(after_300["accumulate"]) > 0.9


def test_two_generations_of_memory_slow_the_drift_and_do_not_stop_it():
    """What exercise 3 says, for 2000 chains of n = 20: medians of their variances."""

    def last_two(pool, n, rng):
        X = np.concatenate(pool[-2:])
        return X[rng.choice(len(X), n, replace=False)]

    def median_at(recipe, *times):
        real = stream(DATA, 0, 108).standard_normal((20, 2000))
        made = [t.fitted.var_ for t in generations(Gaussian(), real, recipe, n_generations=max(times) + 1, seed=108)]
        return [np.median(made[t]) for t in times]

    (replaced,) = median_at(replace, 30)
    slow, dead = median_at(last_two, 30, 150)
    assert slow > 1.5 * replaced
    assert dead < 0.1 < slow


# --- 4: a line instead of a crowd ---


def squared_errors(model, recipe, n_rows, weights, fits, n_chains):
    """Return the squared error of the weights after each of some fits, shape (chain, fit)."""
    errors = []
    for seed in range(n_chains):
        rng = stream(DATA, 0, seed)
        features = rng.standard_normal((n_rows, len(weights)))
        rows = np.column_stack([features, features @ weights + model.noise * rng.standard_normal(n_rows)])
        turns = generations(model, rows, recipe, n_generations=max(fits), seed=seed)
        all_fits = [((turn.fitted.weights_ - weights) ** 2).sum() for turn in turns]
        errors.append([all_fits[fit - 1] for fit in fits])
    return np.array(errors)


def test_in_regression_every_fit_adds_the_same_error_unless_all_labels_are_kept():
    """The eighth fit of 150 chains, 30 rows of 6 features: 2.087 and 0.3985, which is 8 and 1.53 times the first."""
    replaced = squared_errors(Regression(), replace, 30, np.ones(6), [8], 150)[:, 0]
    kept = squared_errors(Regression(same_rows=True), accumulate, 30, np.ones(6), [8], 150)[:, 0]
    assert_mean(replaced, 48 / 23, wrong=[0.3985])
    assert_mean(kept, theory.accumulate_risk(8, 30, 6), wrong=[48 / 23])
    assert theory.accumulate_risk(8, 30, 6) == pytest.approx(0.3985, abs=1e-4)
    assert theory.replace_risk([1, 8], 30, 6) == pytest.approx([6 / 23, 48 / 23])


def test_a_larger_regression_loses_more_up_to_its_rows_and_beyond_them_less():
    """From the first fit to the tenth, with 20 rows and 80 features: by the exact law, and in 60 chains a size."""

    def cost(m):
        first, tenth = theory.sized_risk(np.array([1, 10]), 20, m, 80)
        return tenth - first

    assert (np.diff([cost(m) for m in range(2, 16)]) > 0).all()
    assert (np.diff([cost(m) for m in range(28, 71)]) < 0).all()
    assert cost(80) == pytest.approx(cost(70), rel=0.01), "it levels off"
    assert max((2, 15, 30, 80), key=cost) == 15
    assert cost(80) > 0.3
    truth = np.full(80, np.sqrt(1 / 80))
    for m in (5, 60):
        errors = squared_errors(Regression(used=m), replace, 20, truth, [1, 10], 60)
        assert_mean(errors[:, 1] - errors[:, 0], cost(m))
