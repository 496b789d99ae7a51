"""What lesson 12 says happens, over several seeds."""

from functools import lru_cache
from itertools import product

import numpy as np
import pytest

from authors import WORLD, bank, write_from
from collapse_lessons import Gaussian, NGram, generations, metrics, stream, theory
from collapse_lessons.defences.detectors import Retrained, TextDetector
from collapse_lessons.defences.filters import OPENAI_2023, Candidates, Filter, Rates
from collapse_lessons.defences.watermark import GreenList, MarkDetector
from collapse_lessons.loop import DATA
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, blocks, pages, texts
from collapse_lessons.worlds.encyclopedia import stream as running_text
from oracle import assert_mean

SEEDS = range(3)
V = len(VOCABULARY)


# --- 1: what a detector is worth ---


def test_the_numbers_of_the_first_section():
    assert (OPENAI_2023.true_positive, OPENAI_2023.false_positive) == (0.26, 0.09)
    shares = [round(100 * theory.filtered_share(0.1, tpr, 0.09)) for tpr in (0.26, 0.5, 0.9, 0.99)]
    assert shares == [12, 17, 50, 91]
    assert round(0.91 / 0.74, 1) == 1.2
    long = np.array([1000])
    shares = [0.1, *(theory.filtered_share(0.1, tpr, 0.09) for tpr in (0.26, 0.5, 0.9)), 1]
    ends = [1.5 * theory.filtered_mean_var(long, 100, f)[0] for f in shares]
    assert np.allclose(ends, [0.076, 0.064, 0.048, 0.020, 0.015], atol=0.0006)
    labels = [round(100 * theory.filtered_share(0.1, obeyed, 0)) for obeyed in (0.5, 0.9)]
    assert labels == [18, 53]
    assert theory.filtered_share(0.1, 1 - 0.0112, 0.09) == pytest.approx(0.9, abs=0.001)  # "eleven in a thousand"
    z_tail = 3.17e-5  # the normal tail beyond 4: "once in 30,000"
    assert 1 / z_tail == pytest.approx(30_000, rel=0.1)


def normal(n_chains):
    return lambda n, rng: rng.standard_normal((n, n_chains))


def follow(detector, n, last, n_chains, seed):
    """Return mean and standard deviation of each chain, averaged over the second half of the generations as errors."""
    draw = normal(n_chains)
    recipe = Filter(Candidates(draw, 0.1, columns=True), detector, size=n)
    turns = generations(Gaussian(), draw(n, stream(DATA, 0, seed)), recipe, n_generations=last + 1, n=3 * n, seed=seed)
    return [(turn.fitted.mean_, np.sqrt(turn.fitted.var_)) for turn in turns]


@pytest.mark.parametrize("share_found", [0.0, 0.9])
def test_the_error_lies_within_a_few_per_cent_of_the_dotted_curve(share_found):
    """Over 1000 chains and generations 10 to 30 of n = 100."""
    fitted = follow(Rates(share_found, 0.09 if share_found else 0), 100, 30, 1000, seed=5)[10:]
    errors = np.mean([mean**2 + (std - 1) ** 2 for mean, std in fitted], axis=0)
    real = theory.filtered_share(0.1, share_found, 0.09 if share_found else 0)
    law = 1.5 * theory.filtered_mean_var(np.array([20]), 100, real)[0]
    assert_mean(errors, law, wrong=[0.5 * law, 1.5 * law], approximate=0.05 * law)


# --- 3: who is accused ---


def prejudiced(found_share):
    def detector(rows, synthetic, rng):
        accused = (np.abs(rows) > 1.5) & (rng.random(rows.shape) < 0.6)
        return np.where(synthetic, rng.random(rows.shape) < found_share, accused)

    return detector


@lru_cache
def half_run(kind, found_share):
    """Return, for 16 chains of n = 1000, the mean error and the standard deviation over generations 10 to 16."""
    detector = prejudiced(found_share) if kind == "prejudiced" else Rates(found_share, 0.08)
    fitted = follow(detector, 1000, 16, 16, seed=2)[10:]
    error = np.mean([mean**2 + (std - 1) ** 2 for mean, std in fitted], axis=0)
    return error, np.mean([std for _, std in fitted], axis=0)


def test_the_model_ends_as_narrow_as_what_passes_however_many_fakes_are_found():
    rng = np.random.default_rng(0)
    x = rng.standard_normal(10**6)
    accused = (np.abs(x) > 1.5) & (rng.random(10**6) < 0.6)
    assert accused.mean() == pytest.approx(0.080, abs=0.003)
    limit = x[~accused].std()
    assert limit == pytest.approx(0.864, abs=0.003)
    for found_share in (0.5, 0.99):
        # at TPR 0.5 the last tenth of a per cent of the start is still to go: 0.82^10 of it
        assert_mean(half_run("prejudiced", found_share)[1], limit, wrong=[1.0], approximate=0.012)


def test_at_n_1000_the_prejudiced_detector_is_worse_than_none():
    none, fair = half_run("fair", 0.0)[0].mean(), half_run("fair", 0.99)[0].mean()
    assert fair < 0.4 * none
    for found_share in (0.5, 0.99):
        assert half_run("prejudiced", found_share)[0].mean() > 1.4 * none


def test_at_n_100_chance_does_more_harm_than_the_prejudice():
    """Over 100 chains and generations 10 to 20 about 0.036 with it, and 0.07 without."""
    errors = []
    for detector in (prejudiced(0.99), Rates(0, 0)):
        fitted = follow(detector, 100, 20, 100, seed=4)[10:]
        errors.append(np.mean([mean**2 + (std - 1) ** 2 for mean, std in fitted]))
    assert errors[0] < 0.7 * errors[1]


# --- 2: a detector made for real ---


@lru_cache
def detective(seed, order=6, n=2000):
    """Return the articles read, a model of them, a detector taught by n of each kind, and what it finds of 800 more."""
    write = write_from(seed)
    read, teach, held_out = np.split(write(n + 1800, stream(DATA, 0, seed)), [500, 500 + n])  # none in two of them
    model = NGram(V, order=order).fit(read)
    machine = model.sample(n + 800, stream(DATA, 3, seed))
    detector = TextDetector().fit(teach, machine[:n], held_out[:500])
    return read, model, detector, detector(machine[n:], None, None).mean()


def test_the_more_words_a_model_looks_back_on_the_harder_it_is_to_detect():
    for seed in SEEDS[:2]:
        found = [detective(seed, order, n=800)[3] for order in (2, 3, 4, 6)]
        assert found == sorted(found, reverse=True)
        assert found[0] > 0.95
        assert 0.45 < found[-1] < 0.8


def test_a_detector_taught_by_fewer_articles_finds_less():
    """Why the one trained anew starts lower than the one trained once: 0.42 and 0.45 with 500 of each kind."""
    for seed in SEEDS[:2]:
        assert detective(seed, n=500)[3] == pytest.approx(0.43, abs=0.12)
        assert detective(seed, n=500)[3] < 0.75 * detective(seed)[3]


def test_a_detector_finds_less_of_a_model_that_it_was_not_taught_on():
    """The share flagged of 1600 texts by the model it was taught on, 0.7, and by another of the same kind, 0.4."""
    for seed in SEEDS[:2]:
        _, own, detector, _ = detective(seed)
        sibling = NGram(V, order=6).fit(pages(WORLD.articles(500, stream(DATA, 8, seed))))
        found = [detector(model.sample(1600, stream(DATA, 9, seed)), None, None).mean() for model in (own, sibling)]
        assert found[0] == pytest.approx(0.7, abs=0.12)
        assert found[1] == pytest.approx(0.42, abs=0.12)


def low_quality(seed):
    write = write_from(seed)
    judged, held_out = np.split(write(2500, stream(DATA, 4, seed)), [1000])
    judge = NGram(V, order=6).fit(judged)
    limit = np.quantile(metrics.text.perplexities(judge, held_out, END), 0.7)
    return lambda rows, synthetic, rng: metrics.text.perplexities(judge, rows, END) > limit


@lru_cache
def filtered(seed, name):
    read, model, detector, _ = detective(seed)
    flags = {
        "none": Rates(0, 0),
        "once": detector,
        "anew": Retrained(write_from(seed)),
        "quality": low_quality(seed),
        "perfect": Rates(1, 0),
    }[name]
    crawl = Candidates(write_from(seed), 0.1)
    return tuple(generations(model, read, Filter(crawl, flags, size=500), n_generations=10, n=1500, seed=seed))


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_detector_that_never_learns_is_evaded_and_only_where_it_is_used(seed):
    detector = detective(seed)[2]
    used, unused = ([detector(turn.samples, None, None).mean() for turn in filtered(seed, n)] for n in ("once", "none"))
    assert used[0] == pytest.approx(0.7, abs=0.12)
    assert used[0] == unused[0]
    assert used[8] < 0.15
    assert min(unused) > 0.35


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_what_evades_names_the_first_model_s_favourites_less_often(seed):
    """How often articles have the five strongest giveaways; the lesson shows one run of it."""
    detector = detective(seed)[2]
    counter, weights = detector.model_[0], detector.model_[-1].coef_[0]
    strongest = weights.argsort()[::-1][:5]
    first, last, unused = (
        filtered(seed, "once")[0].samples,
        filtered(seed, "once")[9].samples,
        filtered(seed, "none")[9],
    )
    often = [
        counter.transform(texts(rows))[:, strongest].toarray().mean()
        for rows in (bank(seed)[4000:], first, last, unused.samples)
    ]
    assert often[1] > 1.2 * often[0]
    assert often[2] < 0.8 * often[1]
    assert often[2] < 0.8 * often[3], "because it was filtered"


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_what_evades_is_no_better(seed):
    """The share of statements that are false, of all that the first and the last model wrote: 0.30 and 0.33."""
    first, last = (metrics.text.facts(WORLD, filtered(seed, "once")[at].samples)["wrong"] for at in (0, 9))
    assert first == pytest.approx(0.3, abs=0.05)
    assert -0.02 < last - first < 0.1


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_what_is_left_under_each_filter(seed):
    left = {
        name: np.mean([metrics.text.species_alive(WORLD, turn.train) for turn in filtered(seed, name)[7:]])
        for name in ("none", "once", "quality", "perfect")
    }
    assert left["quality"] < 0.75 * left["none"]
    assert left["once"] == pytest.approx(left["none"], rel=0.25)
    assert left["perfect"] > 1.4 * left["none"]


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_detector_trained_anew_keeps_up(seed):
    """It finds four in ten of the texts, first and last, and keeps more species than one trained once, or none."""
    turns, anew = filtered(seed, "anew"), Retrained(write_from(seed))
    for turn in (turns[0], turns[8]):
        found = anew(turn.samples, np.full(1500, True), stream(DATA, 6, seed)).mean()
        assert found == pytest.approx(0.43, abs=0.12)
    left = {
        name: np.mean([metrics.text.species_alive(WORLD, turn.train) for turn in filtered(seed, name)[5:]])
        for name in ("anew", "none", "once", "perfect")
    }
    assert left["none"] < 0.97 * left["anew"]
    assert left["once"] < left["anew"] < 0.85 * left["perfect"]


def test_a_soft_filter_is_evaded_too():
    """The solution of exercise 3, put into the loop: no threshold to hide behind, and evaded all the same."""
    read, model, detector, _ = detective(0)

    def soft(rows, synthetic, rng):
        return rng.random(len(rows)) > (1 - detector.score(rows)) ** 10

    recipe = Filter(Candidates(write_from(0), 0.1), soft, size=500)
    turns = list(generations(model, read, recipe, n_generations=9, n=1500))
    thrown = [soft(turn.samples, None, np.random.default_rng(0)).mean() for turn in turns]
    assert thrown[0] > 0.95
    assert thrown[8] < 0.35
    accused = soft(bank(0)[4000:], None, np.random.default_rng(0)).mean()
    assert accused > 0.65
    assert max(thrown[4:]) < accused  # "after a few generations it accuses people more often than machines"


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_whom_the_filters_accuse(seed):
    articles = bank(seed)[4000:]
    subject = WORLD.subjects(articles)
    groups = [(0, 10), (10, 50), (50, 150), (150, 400)]
    flagged = {"once": detective(seed)[2](articles, None, None), "quality": low_quality(seed)(articles, None, None)}
    shares = {name: [f[(subject >= a) & (subject < b)].mean() for a, b in groups] for name, f in flagged.items()}
    assert shares["quality"] == sorted(shares["quality"])
    assert shares["quality"][0] < 0.2
    assert shares["quality"][3] > 0.65
    assert max(shares["once"]) < 0.25


# --- 4: labels and watermarks ---


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stronger_mark_is_easier_to_find_and_costs_species(seed):
    model = NGram(V, order=4).fit(write_from(seed)(1000, stream(DATA, 1, seed)))
    for key in (1, 2, 3):
        z, found, species = [], [], []
        for strength in (0, 1, 2, 4):
            mark = GreenList(V, strength, key=key, end=END)
            model.favour = mark.favour
            rows = model.sample(1600, stream(DATA, 2, seed))
            z.append(mark.z(rows.reshape(-1, 512)).mean())
            found.append((mark.z(rows.reshape(-1, 512)) > 4).mean())
            species.append(metrics.text.species_alive(WORLD, rows))
        assert (np.diff(z) > 0.5).all()
        assert z[3] > z[0] + 3
        assert found[2] < 0.75
        assert found[3] > 0.3
        assert species[3] < 0.6 * species[0]


def test_marked_articles_are_greener_than_others():
    """The share of green words over three seeds and three keys: a half without a mark, two thirds at strength 4."""
    share = {0: [], 4: []}
    for seed in SEEDS:
        model = NGram(V, order=4).fit(write_from(seed)(1000, stream(DATA, 1, seed)))
        for key, strength in product((1, 2, 3), share):
            mark = GreenList(V, strength, key=key, end=END)
            model.favour = mark.favour
            rows = model.sample(800, stream(DATA, 2, seed))
            share[strength].append(mark.table[rows[:, :-1], rows[:, 1:]][rows[:, 1:] != END].mean())
    assert np.mean(share[0]) == pytest.approx(0.5, abs=0.06)
    assert np.mean(share[4]) == pytest.approx(0.66, abs=0.07)
    assert min(np.subtract(share[4], share[0])) > 0.08


def test_the_key_decides_how_well_a_mark_is_found():
    """Marked texts found at strength 4: nearly all with the first of six keys, half to four fifths with the others."""
    model, found = NGram(V, order=4).fit(write_from(0)(1000, stream(DATA, 5, 1))), []
    for key in range(1, 7):
        mark = GreenList(V, 4, key=key, end=END)
        model.favour = mark.favour
        found.append((mark.z(model.sample(1600, stream(DATA, 6, 2)).reshape(-1, 512)) > 4).mean())
    assert found[0] > 0.9
    assert 0.35 < min(found) < 0.65
    assert max(found[1:]) < 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_a_key_marks_better_if_more_of_the_words_that_must_come_are_green(seed):
    """Over 24 keys z goes with the share of green words where the model knows just one; r is about 0.6."""
    read = write_from(seed)(1000, stream(DATA, 5, seed))
    model = NGram(V, order=4).fit(read)
    follow, places = {}, []
    for words in padded(read):
        for at in range(3, len(words)):
            follow.setdefault(tuple(words[at - 3 : at]), set()).add(words[at])
    for words in padded(model.sample(1600, stream(DATA, 6, seed))):
        places += [(*words[at - 3 : at], words[at]) for at in range(4, len(words))]
    places = np.array(places)
    must = np.array([len(follow[tuple(place[:3])]) == 1 for place in places])
    assert 0.5 < must.mean() < 0.6  # "more than half of all places"
    green, found = [], []
    for key in range(1, 25):
        mark = GreenList(V, 4, key=key, end=END)
        model.favour = mark.favour
        green.append(mark.table[places[must, 2], places[must, 3]].mean())
        found.append(mark.z(model.sample(1600, stream(DATA, 6, seed)).reshape(-1, 512)).mean())
    assert np.corrcoef(green, found)[0, 1] > 0.4


def padded(rows):
    """Return the words of each row with three starts before them, up to its first end."""
    for row in rows.tolist():
        yield [V] * 3 + row[: row.index(END) + 1 if END in row else None]


def test_the_transformer_pays_for_its_mark_in_quality(one_thread):
    pytest.importorskip("transformers")
    from collapse_lessons.defences.watermarked import Watermarked
    from collapse_lessons.models.decoding import Sampling
    from collapse_lessons.models.language import CausalLM
    from collapse_lessons.models.training import Training

    small = Encyclopedia(100)
    rows = pages(small.articles(640, stream(DATA, 0, 7)))
    network = CausalLM(V, end=END, first=Training(epochs=6, learning_rate=6e-3)).fit(rows, stream(DATA, 1, 7))
    z, unsure = [], []
    for strength in (0, 4):
        mark = GreenList(V, strength, key=1, end=END)
        written = network.write(np.empty((200, 0), int), 64, stream(DATA, 2, 7), Watermarked(Sampling(), mark))
        z.append(mark.z(written.reshape(-1, 512)))
        unsure.append(metrics.text.perplexity(network, written))
    assert (z[0] < 4).all()
    assert (z[1] > 4).all()
    assert (GreenList(V, key=1, end=END).z(rows.reshape(-1, 512)) < 4).all()
    assert unsure[1] > 1.5 * unsure[0]


@lru_cache
def marked_loop(seed, case, key=1):
    mark = GreenList(V, strength=4, key=key, end=END)
    favour, flags = {
        "no mark": (None, Rates(0, 0)),
        "no filter": (mark.favour, Rates(0, 0)),
        "filtered": (mark.favour, MarkDetector(mark, 2.5)),
    }[case]
    rows = long_pages(seed)
    crawl = Candidates(lambda n, rng: rows[rng.choice(len(rows), n, replace=False)], 0.2)
    model = NGram(V, order=4, favour=favour)
    recipe = Filter(crawl, flags, size=150)
    return tuple(generations(model, rows[:150], recipe, n_generations=10, n=450, seed=seed))


@lru_cache
def long_pages(seed):
    return blocks(running_text(WORLD.articles(12_000, stream(DATA, 7, seed))), 256)


def named(seed, case, key=1, first=5, stop=10):
    """Return how many species a training set names, on average over some generations."""
    turns = marked_loop(seed, case, key)[first:stop]
    return np.mean([len(np.unique(WORLD.mentions(turn.train))) for turn in turns])


def pages_found(seed, case, key):
    """Return the share of each generation's own pages that are found at z > 2.5."""
    flags = MarkDetector(GreenList(V, strength=4, key=key, end=END), 2.5)
    return [flags(turn.samples, None, None).mean() for turn in marked_loop(seed, case, key)[:9]]


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_watermark_in_the_loop(seed):
    assert 0.4 < named(seed, "no filter") / named(seed, "no mark") < 0.85
    assert named(seed, "no filter") > 0.75 * named(seed, "no filter", 1, 2, 3)  # it comes at once, and then little more
    assert named(seed, "filtered") > 1.02 * named(seed, "no mark")  # only human pages are left
    assert min(pages_found(seed, "filtered", 1)) > 0.9


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_key_that_marks_faintly_is_evaded_and_only_where_it_is_filtered(seed):
    filtered, not_filtered = (pages_found(seed, case, 3) for case in ("filtered", "no filter"))
    assert 0.75 < filtered[0] < 0.995
    assert filtered[8] < 0.5
    assert min(not_filtered) > 0.75
    assert not_filtered[8] > 0.9
    assert named(seed, "filtered", 3) < 0.8 * named(seed, "filtered", 1)
