"""What lesson 06 says happens, over several seeds."""

import copy
from functools import lru_cache

import numpy as np
import pytest

from collapse_lessons import Fresh, NGram, accumulate, generations, metrics, replace, theory
from collapse_lessons.loop import DATA, SAMPLE, stream
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, encode, pages, texts

SEEDS = range(4)
WORLD = Encyclopedia()
SHARES = WORLD.species["share"]
FLOOR = np.exp(WORLD.entropy / WORLD.mean_tokens)


def fresh_articles(n, rng):
    return pages(WORLD.articles(n, rng))


FRESH = Fresh(fresh_articles, 0.1)


@lru_cache
def real(seed):
    return fresh_articles(1000, stream(DATA, 0, seed))


@lru_cache
def held_out(seed):
    return fresh_articles(200, stream(DATA, 1, seed))


@lru_cache
def editions(seed, n_generations=10, recipe=replace, **decoder):
    """The generations of one chain; a tuple of them, since several claims are about the same chains."""
    model = NGram(len(VOCABULARY), order=6, **decoder)
    return tuple(generations(model, real(seed), recipe, n_generations=n_generations, seed=seed))


def species(rows):
    return metrics.text.species_alive(WORLD, rows)


def right(rows):
    return metrics.text.facts(WORLD, rows)["right"]


def top(rows):
    return metrics.text.top_share(WORLD, rows)


# --- 1: a language model made of counts ---


@pytest.mark.parametrize("seed", SEEDS)
def test_five_words_make_grammar_and_facts_need_more(seed):
    judged, perplexity = [], []
    for order in range(2, 10):
        model = NGram(len(VOCABULARY), order=order).fit(real(seed))
        judged.append(metrics.text.facts(WORLD, model.sample(1000, np.random.default_rng(seed))))
        perplexity.append(metrics.text.perplexity(model, held_out(seed), END))
    unreadable, true = (np.array([j[name] for j in judged]) for name in ("unreadable", "right"))
    assert (unreadable[:4] > 0.03).all()  # looking back on one to four words
    assert (unreadable[4:] < 0.002).all()  # on five and more
    assert (np.diff(true) > 0).all()
    assert 0.65 < true[4] < 0.75  # "a third of the statements are false", "about 0.7 are right"
    assert not any(j["invented"] for j in judged)
    assert min(perplexity) > FLOOR
    assert np.argmin(perplexity) in (3, 4, 5)
    assert perplexity[-1] > perplexity[4] + 0.05  # reciting does not help with unseen articles


def test_the_floor():
    assert round(WORLD.entropy, 1) == 9.6
    assert round(WORLD.mean_tokens) == 35
    assert round(FLOOR, 2) == 1.32


# --- 2: a hundred editions ---


def test_the_first_words_are_a_draw_from_the_species_shares():
    n = 20_000
    model = NGram(len(VOCABULARY), order=6).fit(real(0))
    drawn = np.bincount(WORLD.subjects(model.sample(n, np.random.default_rng(0))), minlength=400)
    p = np.bincount(WORLD.subjects(real(0)), minlength=400) / 1000
    assert (drawn[p == 0] == 0).all()
    assert (np.abs(drawn - n * p) < 6 * np.sqrt(n * p) + 1e-9).all()


def test_species_die_along_the_forecast():
    # The forecast is a close approximation: it gets 2% beside six standard errors.
    left = np.array([[species(turn.samples) for turn in editions(seed, 21)] for seed in SEEDS])
    forecast = theory.survivors(np.arange(21) + 2, 1000, SHARES)
    error = left.std(axis=0, ddof=1).mean() / np.sqrt(len(left))
    assert (np.abs(left.mean(axis=0) - forecast) < 0.02 * forecast + 6 * error).all()
    assert error < 4
    assert (left[:, 20] < 241 / 3).all()
    assert theory.survivors(101, 1000, SHARES) == pytest.approx(15, abs=1)  # "15 at 100"


@pytest.mark.parametrize("seed", SEEDS)
def test_words_hide_the_loss_and_accuracy_does_not_see_it(seed):
    turns = editions(seed, 21)
    assert metrics.text.words_alive(turns[0].samples) > 270
    assert 220 < metrics.text.words_alive(turns[20].samples) < 265  # "six words in seven"
    assert all(abs(right(turns[t].samples) - 0.68) < 0.09 for t in (0, 1, 5, 10, 20))
    unsure = [metrics.text.perplexity(turns[t].fitted, held_out(seed), END) for t in (0, 5, 20)]
    assert 1.6 * unsure[0] < unsure[1] < unsure[2] / 1.6


@pytest.mark.parametrize("seed", SEEDS)
def test_the_common_species_are_known_for_longest(seed):
    openings = np.array([encode(f"The {name} is a") for name in WORLD.species["name"]])

    def knowledge(model):
        written = model.sample(400, np.random.default_rng(seed), prompt=openings)
        assert all("." in text for text in texts(written))  # it finishes its sentence about anybody
        judged = WORLD.read([text.split(".")[0] + "." for text in texts(written)])
        known = (judged["verdict"] == "right").groupby(judged["article"]).mean()
        return known[:10].mean(), known[150:].mean()

    turns = editions(seed, 21)
    common, rare = zip(*[knowledge(turns[t].fitted) for t in (0, 20)], strict=True)
    assert common[0] > 0.95
    assert 0.4 < rare[0] < 0.6
    assert rare[1] < 0.3
    assert common[1] > rare[1] + 0.2


# --- 3: favouring the likely ---


@pytest.mark.parametrize("seed", SEEDS)
def test_a_temperature_of_0_7_leaves_one_species_and_only_the_truth(seed):
    turns = editions(seed, temperature=0.7)
    assert species(turns[5].samples) <= 6
    assert species(turns[9].samples) <= 3
    assert top(turns[9].samples) > 0.99
    assert right(turns[9].samples) > 0.99
    assert right(turns[0].samples) < 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_temperature_of_0_9_goes_the_same_way_more_slowly(seed):
    turns = editions(seed, temperature=0.9)
    assert 5 < species(turns[9].samples) < 40
    assert top(turns[9].samples) > 0.35  # a favourite takes over here too: 0.60 to 0.87 in sixteen seeds
    assert right(turns[9].samples) > right(turns[0].samples) + 0.04


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_fewer_species_alone_do_not_make_text_truer(seed):
    # The seeds 10 to 21 gave 11 to 16 species with 0.62 to 0.73 right; with top-k 14 to 22, a change of -0.01 to 0.03.
    *_, late = generations(NGram(len(VOCABULARY), order=6), real(seed), n_generations=101, seed=seed)
    assert species(late.samples) < 30
    assert right(late.samples) < 0.85
    few = editions(seed, top_k=5)
    assert species(few[9].samples) < 30
    assert right(few[9].samples) < right(few[0].samples) + 0.08


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_text_is_as_true_as_one_species_is_common_in_it(seed):
    """Whatever the decoder: 0.67, 0.72, 0.75, 0.80 and 0.96 right by the favourite's share, in three seeds."""
    decoders = [{}, {"temperature": 0.9}, {"temperature": 0.7}, {"top_p": 0.9}, {"top_k": 5}]
    turns = [turn.samples for decoder in decoders for turn in editions(seed, **decoder)]
    pairs = np.array([(top(rows), right(rows)) for rows in turns])
    group = np.digitize(pairs[:, 0], [0.2, 0.4, 0.6, 0.8])
    mean = np.array([pairs[group == k, 1].mean() for k in range(5)])
    assert (np.diff(mean) > 0).all()
    assert mean[0] < 0.72
    assert mean[4] > 0.9
    assert max(np.ptp(pairs[group == k, 1]) for k in range(4)) < 0.12


@pytest.mark.parametrize("seed", SEEDS)
def test_the_others_become_a_little_truer(seed):
    def of_others(turn):
        judged = WORLD.read(texts(turn.samples))
        others = judged[judged["species"] != judged["species"].mode()[0]]
        return (others["verdict"] == "right").mean()

    turns = editions(seed, temperature=0.7)
    assert 0.02 < of_others(turns[2]) - of_others(turns[0]) < 0.13
    assert right(turns[2].samples) - right(turns[0].samples) > 0.1


def test_ten_times_the_articles_do_not_slow_the_favourite():
    many = fresh_articles(10_000, stream(DATA, 0, 0))
    turns = list(generations(NGram(len(VOCABULARY), order=6, temperature=0.9), many, replace, n_generations=10))
    few = editions(0, temperature=0.9)[9].samples
    assert abs(top(turns[9].samples) - top(few)) < 0.2
    assert species(turns[9].samples) > 1.5 * species(few)


def test_favouring_the_likely_compounds():
    ratios = [2 ** (1 / 0.7) ** t for t in (1, 2, 5)]
    assert np.allclose(ratios, [2.7, 4.1, 62], rtol=0.01)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_mistakes_pass_for_variety_and_a_low_temperature_takes_all_three_kinds(seed):
    """Of words, ways and what is told, beside the real articles, as shares."""

    def variety(turn):
        found = metrics.diversity.of_text(WORLD, turn.samples)
        return np.array([found[kind] / before[kind] for kind in ("words", "ways", "told")])

    before = metrics.diversity.of_text(WORLD, real(seed))
    counted, cold = editions(seed), editions(seed, temperature=0.7)
    first, ninth = variety(counted[0]), variety(counted[9])
    assert np.allclose([*first[:2], *ninth[:2]], 1, atol=0.1)
    assert first[2] > 1.4, "a third of the statements is wrong, and each is one more thing told"
    assert 0.7 < ninth[2] < 1.3, "so that it passes for the real articles when most species are gone"
    assert species(counted[9].samples) < 0.4 * species(real(seed))
    assert (variety(cold[9]) < [0.35, 0.45, 0.05]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_some_decoders_do_their_damage_at_once_and_some_by_recursion(seed):
    def lost(turns):
        first, last = species(turns[0].samples), species(turns[9].samples)
        return species(real(seed)) - first, first - last

    at_once, by_recursion = lost(editions(seed, top_k=5))
    assert species(editions(seed, top_k=5)[0].samples) <= 25
    assert at_once > 10 * by_recursion
    turns = editions(seed, temperature=0)
    assert species(turns[0].samples) == species(turns[9].samples) == 1
    for decoder in ({}, {"temperature": 0.9}):
        turns = editions(seed, 21)[:10] if not decoder else editions(seed, **decoder)
        at_once, by_recursion = lost(turns)
        assert by_recursion > 1.2 * at_once
    assert species(editions(seed, top_p=0.9)[9].samples) < 20
    by_chance, by_favour = lost(editions(seed, 21)[:10]), lost(editions(seed, temperature=0.9))
    assert by_favour[0] < by_chance[0] + 40  # at 0.9 the first edition is much like one drawn as counted
    assert by_favour[1] > by_chance[1] + 5


# --- 4: and when it does not collapse ---


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_accumulating_loses_no_species(seed):
    for decoder in ({}, {"temperature": 0.7}):
        turns = editions(seed, 6, accumulate, **decoder)
        assert species(turns[5].train) == species(real(seed))


def test_fresh_articles_hold_the_species_on_their_forecast():
    known = np.array([[species(turn.train) for turn in editions(seed, 10, FRESH)] for seed in SEEDS])
    forecast = theory.survivors(np.arange(10) + 1, 1000, SHARES, n_fresh=100)
    error = known.std(axis=0, ddof=1).mean() / np.sqrt(len(known))
    assert (np.abs(known.mean(axis=0) - forecast) < 0.03 * forecast + 6 * error).all()
    assert error < 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_recipe_saves_what_is_known_and_the_decoder_decides_what_is_said(seed):
    fresh = editions(seed, 10, FRESH, temperature=0.7)[9]
    assert 30 < species(fresh.train) < 90
    assert species(editions(seed, temperature=0.7)[9].train) < 5
    assert top(fresh.samples) > 0.95
    assert 0.08 < top(editions(seed, 10, FRESH)[9].samples) < 0.3


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_with_the_real_articles_in_the_pile_it_is_recursion_more_than_the_decoder(seed):
    favoured = editions(seed, 10, accumulate, temperature=0.7)[9]
    counted = copy.copy(editions(seed, 10, accumulate)[9].fitted)
    counted.temperature = 0.7
    assert 0.25 < top(counted.sample(1000, stream(SAMPLE, 100, seed))) < 0.45
    assert top(favoured.samples) > 0.75
    assert top(favoured.train) > 0.5
    assert top(real(seed)) < 0.2


def test_even_accumulate_says_mostly_one_thing():
    *_, last = generations(
        NGram(len(VOCABULARY), order=6, temperature=0.7), real(0), accumulate, n_generations=10, seed=0
    )
    assert top(last.samples) > 0.75
