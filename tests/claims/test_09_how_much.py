"""What lesson 09 says happens, over several seeds. The laws themselves are in tests/web/test_maps.py."""

from functools import lru_cache

import numpy as np
import pytest

from collapse_lessons import (
    Fresh,
    Gaussian,
    GaussianBatches,
    Mix,
    NGram,
    accumulate,
    accumulate_subsample,
    generations,
    replace,
    theory,
)
from collapse_lessons.course.explorers import how_much as explorer
from collapse_lessons.experiments import records
from collapse_lessons.loop import DATA, stream
from collapse_lessons.metrics.text import perplexity
from collapse_lessons.web.maps import gaussian_map, measured_map
from collapse_lessons.worlds import datasets
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, pages
from oracle import assert_mean

N = 100
REAL_ALONE = 1.5 / N
WORLD = Encyclopedia()
FLOOR = WORLD.entropy / WORLD.mean_tokens


# --- 1: from none to all ---


def errors(recipe, n_generations, n_chains=6000, seed=0, n_real=N, last=1):
    """Return the error of each of many chains, averaged over the last generations."""

    def draw(n, rng):
        return rng.standard_normal((n, n_chains))

    turns = generations(
        Gaussian(),
        draw(n_real, stream(DATA, 0, seed)),
        recipe(draw) if recipe in (fresh_10, fresh_50) else recipe,
        n_generations=n_generations,
        n=N,
        seed=seed,
    )
    kept = [t.fitted.mean_**2 + (np.sqrt(t.fitted.var_) - 1) ** 2 for t in turns if t.index >= n_generations - last]
    return np.mean(kept, axis=0)


def fresh_10(draw):
    return Fresh(draw, 0.1)


def fresh_50(draw):
    return Fresh(draw, 0.5)


@pytest.mark.parametrize(("recipe", "share", "about"), [(fresh_10, 0.1, 5.3), (fresh_50, 0.5, 1.33)])
def test_the_law_at_a_fixed_total(recipe, share, about):
    """Mean error at generation 40 over 6000 chains of n = 100; first order in 1/n, so 1% beside six standard errors."""
    exact = theory.mixed_error(share * N, 1 - share)
    assert exact / REAL_ALONE == pytest.approx(1 / (1 - (1 - share) ** 2)) == pytest.approx(about, abs=0.05)
    assert_mean(errors(recipe, 41), exact, wrong=[REAL_ALONE, exact / share], approximate=0.01 * exact)


@pytest.mark.parametrize(("share", "times"), [(0.5, 2.0), (0.1, 2.8)])
def test_the_same_real_rows_again_cost_1_plus_2s_times_as_much(share, times):
    """Mean error at generation 40 over 6000 chains; the law is of first order in 1/n_real, so 4% beside."""
    n_real = round(share * N)
    exact = theory.mixed_error(n_real, 1 - share, replay=True)
    assert exact / theory.mixed_error(n_real, 1 - share) == pytest.approx(times)
    assert_mean(errors(Mix(share), 41, n_real=n_real), exact, wrong=[exact / times], approximate=0.04 * exact)


def test_one_in_a_hundred_costs_some_thirty_times():
    """Mean error at generations 150 to 200 over 200 chains, as the lesson runs it; one row is too few for a law."""

    def new_rows(n, rng):
        return rng.standard_normal((n, 200))

    assert 20 < errors(Fresh(new_rows, 0.01), 200, 200, last=50).mean() / REAL_ALONE < 45


def test_replace_has_no_end_and_accumulate_has():
    """Mean errors of chains of n = 100: those that need no rows of their own are drawn as batches."""

    def batches(recipe, n_generations, n_chains=10_000):
        model = GaussianBatches(N)
        real = model.summarise(stream(DATA, 0, 0).standard_normal((N, n_chains)))
        last = list(generations(model, real, recipe, n_generations=n_generations))[-1].fitted
        return last.mean_**2 + (np.sqrt(last.var_) - 1) ** 2

    assert batches(replace, 151).mean() > 30 * REAL_ALONE
    assert batches(replace, 151).mean() > 1.15 * batches(replace, 101).mean()
    limit = np.pi**2 / 6 * REAL_ALONE
    assert_mean(batches(accumulate, 100), limit, wrong=[REAL_ALONE, 2 * limit], approximate=0.02 * limit)
    subsample = errors(accumulate_subsample, 50, 300)
    assert_mean(subsample, 2 * limit, approximate=0.1 * limit)
    assert subsample.mean() > 1.3 * limit


# --- 2: the map ---


def test_faithful_synthetic_rows_help_beside_fresh_real_ones_and_never_beside_the_same():
    """4000 chains a cell; a mean error has a relative standard error below 2%, and theory says 2/3 and 4/3 at 0.5."""
    share = [0, 0.25, 0.5, 0.75, 0.9]
    for replay, law in ((False, lambda s: 1 / (1 + s)), (True, lambda s: (1 + 2 * s) / (1 + s))):
        table = gaussian_map([50, 500], share, n_chains=4000, n_generations=40, replay=replay)
        assert np.allclose(
            table / theory.mixed_error(np.array([50, 500]), 0.0)[:, None], law(np.array(share)), rtol=0.15
        )


@pytest.mark.parametrize(("n_real", "limit"), [(30, 0.84), (300, 0.49), (3000, 0.15)])
def test_the_more_real_data_the_less_unfaithful_synthetic_data(n_real, limit):
    """On either side of the edge, 10% less variance, 20,000 chains: lower below it and higher above it."""
    share = np.array([0, limit - 0.1, min(limit + 0.1, 0.95)])
    real, below, above = gaussian_map([n_real], share, n_chains=20_000, n_generations=60, spread=0.9)[0]
    assert below < 0.98 * real
    assert above > 1.02 * real
    shares = np.geomspace(0.0001, 0.95, 2000)
    hurts = theory.mixed_error(n_real, shares, 0.9) > theory.mixed_error(n_real, 0.0)
    assert round(shares[np.argmax(hurts)], 2) == limit  # as the lesson prints it


def test_for_small_shares_the_limit_is_a_number_of_rows():
    share = np.linspace(0.0001, 0.1, 2000)
    rows = []
    for n_real in (30_000, 300_000):
        hurts = theory.mixed_error(n_real, share, 0.9) > theory.mixed_error(n_real, 0.0)
        edge = share[np.argmax(hurts)]
        rows.append(n_real * edge / (1 - edge))
    assert rows == pytest.approx([650, 650], rel=0.05)


def test_what_the_panel_shows():
    """Exact, to the digits that the lesson gives."""
    same = [explorer.ratio(300, np.array([0.5]), 0.95, again).item() for again in (False, True)]
    assert same == pytest.approx([0.74, 1.39], abs=0.006)
    a_tenth = [explorer.ratio(n, np.array([0.1]), 0.9, False).item() for n in (3000, 10_000)]
    assert a_tenth == pytest.approx([0.96, 1.10], abs=0.006)
    half_a_per_cent = explorer.ratio(10_000, np.array([0.1, 0.75, 0.95]), 0.995, False)
    assert half_a_per_cent == pytest.approx([0.91, 0.93, 14], rel=0.04)


def test_the_golden_ratio():
    """The mean's error over 60,000 chains of 50 fresh and 50 synthetic rows at five weights; the law is exact."""
    rng = np.random.default_rng(0)
    weights = [0.4, 0.5, theory.best_weight(50, 50), 0.75, 1.0]
    found = []
    for w in weights:
        mean = np.zeros(60_000)
        for _ in range(30):
            of_real, of_synthetic = rng.standard_normal((2, len(mean))) / np.sqrt(50)
            mean = w * of_real + (1 - w) * (mean + of_synthetic)
        assert_mean(mean**2, theory.fresh_drift(50, 50, w))
        found.append(np.mean(mean**2))
    assert weights[2] == pytest.approx(0.618, abs=0.001)
    assert np.argmin(found) == 2


# --- 3: pictures and text ---


@lru_cache
def ratios(name, data, column="error"):
    """Return each cell's ratio to the one without synthetic rows, and its standard error over the recorded seeds."""
    rows = records.load_run(datasets.data_path(f"phase_map/{name}/rows.csv").parent).rows
    rows = rows[rows["data"] == data]
    by_seed = rows.pivot_table(index=["n_real", "seed"], columns="share", values=column)
    ratio = by_seed.div(by_seed[0.0], axis=0).groupby("n_real")  # a seed's cells share their first real rows
    return ratio.mean(), ratio.sem()


def test_digits_gain_where_photos_are_few_and_lose_where_they_are_many():
    ratio, error = ratios("digits", "fresh")
    assert (ratio + 2 * error).loc[30, [0.25, 0.5, 0.75]].max() < 1
    assert ((ratio - 4 * error).loc[[250, 500], [0.5, 0.75, 0.9]] > 1).all(axis=None)
    assert ratio.loc[500, 0.5] == pytest.approx(1.3, abs=0.1)
    assert (np.diff(ratio[0.9]) > 0).all()  # the more photos, the more they lose
    assert ratio.loc[500, 0.9] > 2


def test_words_as_counted_gain_everywhere_and_favoured_ones_lose_part_of_it_again():
    ratio, error = ratios("encyclopedia", "fresh")
    assert ((ratio + 4 * error)[[0.25, 0.5, 0.75, 0.9]] < 1).all(axis=None)
    assert (np.diff(ratio.to_numpy(), axis=1) < 0).all()
    ratio, error = ratios("encyclopedia", "fresh, temperature 0.9")
    assert ((ratio + 4 * error)[[0.25, 0.5]] < 1).all(axis=None)
    assert (ratio.loc[800, 0.9] - ratio.loc[800, 0.5]) > 4 * error.loc[800, 0.9]
    assert (ratio[[0.25, 0.5, 0.75, 0.9]] < 1).all(axis=None)  # less of a gain, and nowhere a loss


def test_an_average_does_not_see_the_rare():
    favoured, faithful = (ratios("encyclopedia", d, "written")[0] for d in ("fresh, temperature 0.9", "fresh"))
    assert favoured.loc[800, 0.9] < 0.5
    assert faithful.loc[800, 0.9] > 0.9


@pytest.mark.parametrize("name", ["digits", "encyclopedia"])
def test_replayed_real_rows_are_the_control(name):
    ratio, error = ratios(name, "replayed")
    shares = [0.25, 0.5, 0.75, 0.9]
    assert (ratio[shares] > 1).all(axis=None)
    assert ((ratio - 3 * error).loc[60:, [0.5, 0.75, 0.9]] > 1).all(axis=None)
    assert (np.diff(ratio.to_numpy(), axis=1) > 0).all()  # and more costs more


def write(n, rng):
    return pages(WORLD.articles(n, rng))


@lru_cache
def held_out(seed):
    return write(300, stream(DATA, 1, seed))


def score(generation, seed):
    return {"error": np.log(perplexity(generation.fitted, held_out(seed), END)) - FLOOR}


def test_a_live_slice_is_like_the_record():
    """Two seeds live against ten recorded, at 100 articles."""
    live = measured_map(NGram(len(VOCABULARY), 6), write, score, [100], [0, 0.5, 0.9], seeds=[20, 21])
    live = live.groupby("share")["error"].mean()
    recorded, _ = ratios("encyclopedia", "fresh")
    assert np.allclose(live / live[0], recorded.loc[100, [0, 0.5, 0.9]], atol=0.1)


# --- 4: even a little ---


def test_at_a_fixed_share_there_is_an_amount_beyond_which_more_does_not_help():
    for share, levels_off in ((0.01, 10_000_000), (0.1, 100_000), (0.5, 5_000)):
        few, many = gaussian_map([levels_off, 10 * levels_off], [share], n_chains=500, n_generations=40, spread=0.9)[
            :, 0
        ]
        assert few < 6 * many  # ten times the data, and far less than a tenth of the error
        assert many > 0.6 * (1 - np.sqrt((1 - share) / (1 - 0.9 * share))) ** 2
    small = gaussian_map([1000], [0, 0.01], n_chains=20_000, n_generations=20, spread=0.9)[0]
    assert small[1] == pytest.approx(small[0], rel=0.06)  # one in a hundred is harmless at a thousand rows


@pytest.mark.parametrize(("share", "few", "many"), [(0.01, 100_000, 10_000_000), (0.001, 10_000_000, 1_000_000_000)])
def test_one_row_in_a_thousand_is_most_of_the_error_at_a_billion_and_one_in_a_hundred_a_hundred_times_earlier(
    share, few, many
):
    extra = [theory.mixed_error(n, share, 0.9) / theory.mixed_error(n, 0.0) for n in (few, many)]
    assert extra[0] == pytest.approx(1, abs=0.03)
    assert extra[1] == pytest.approx(2.7, abs=0.05)
    assert 1 - 1 / extra[1] > 0.5
