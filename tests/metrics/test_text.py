"""Measures of text, against values worked out by hand."""

import numpy as np
import pytest

from collapse_lessons import NGram, run
from collapse_lessons.metrics.text import (
    Scores,
    distinct,
    facts,
    perplexities,
    perplexity,
    repetition,
    species_alive,
    species_kl,
    top_share,
    words_alive,
)
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, pages

WORLD = Encyclopedia()
V = len(VOCABULARY)


def rng(seed=0):
    return np.random.default_rng(seed)


class Uniform:
    def surprise(self, rows):
        return np.full(np.shape(rows), np.log(V))


class SecondHalf:
    """Leaves out the first token and what is filled up, and knows the rest for sure."""

    def surprise(self, rows):
        return np.where(rows[:, 1:] == END, np.nan, 0.0)


def test_perplexity_of_models_that_know_nothing_or_everything():
    rows = pages(WORLD.articles(20, rng()))
    assert perplexity(Uniform(), rows) == pytest.approx(V)
    assert perplexity(SecondHalf(), rows) == 1
    assert np.allclose(perplexities(Uniform(), rows), V)


def test_what_fills_a_row_up_does_not_count():
    rows = pages(WORLD.articles(50, rng()))
    model = NGram(V, order=3).fit(rows)
    shorter = rows[:, : int((rows != END).sum(axis=1).max()) + 1]
    for measure in (
        lambda r: perplexity(model, r, END),
        lambda r: distinct(r, end=END),
        lambda r: repetition(r, end=END),
        lambda r: facts(WORLD, r)["right"],
    ):
        assert measure(rows) == measure(shorter)
    for measure in (distinct, repetition):  # whichever token it is that ends a text
        assert measure((rows + 7) % V, end=7) == measure(rows, end=END)
    surprise = model.surprise(rows)
    kept = [surprise[i, : (row != END).sum() + 1] for i, row in enumerate(rows)]  # the article and its END
    assert perplexity(model, rows, END) == pytest.approx(np.exp(np.concatenate(kept).mean()))
    assert np.allclose(perplexities(model, rows, END), [np.exp(k.mean()) for k in kept])


def test_distinct_and_repetition_by_hand():
    rows = np.array([[5, 6, 5, 6, END, END], [5, 6, 7, END, END, END]])
    # Pairs: 56 65 56 6E | 56 67 7E. Of these seven, five differ, and one came earlier in its row.
    assert distinct(rows, 2, END) == pytest.approx(5 / 7)
    assert repetition(rows, 2, END) == pytest.approx(1 / 7)
    # Single tokens: 5 6 5 6 E | 5 6 7 E.
    assert distinct(rows, 1, END) == pytest.approx(4 / 9)
    assert repetition(rows, 1, END) == pytest.approx(2 / 9)
    assert words_alive(rows) == 4


def test_long_runs_do_not_overflow():
    rows = rng().integers(1, 279, (50, 40))
    assert distinct(rows, 20) == 1
    assert repetition(np.concatenate([rows[:, :20], rows[:, :20]], axis=1), 20) == pytest.approx(1 / 21)


def test_species_by_their_first_mention():
    name = WORLD.species["name"]
    about = [f"By night the {name[rank]} hums in the rain. By night the {name[7]}" for rank in (0, 0, 3)]
    rows = pages([*about, "This entry was written from memory."])
    assert species_alive(WORLD, rows) == 2
    assert top_share(WORLD, rows) == pytest.approx(0.5)
    p = WORLD.species["share"]
    exact = 2 / 3 * np.log(2 / 3 / p[0]) + 1 / 3 * np.log(1 / 3 / p[3])
    assert species_kl(WORLD, rows) == pytest.approx(exact)
    assert np.isnan(species_kl(WORLD, rows[-1:]))


def test_kl_of_real_text_is_small_and_zero_for_the_one_species_there_is():
    n = 50_000
    few = Encyclopedia(n_species=20)
    kl = species_kl(few, pages(few.articles(n, rng(1))))
    assert 0 < kl < (19 + 6 * np.sqrt(2 * 19)) / (2 * n)  # 2 n KL is about chi-square with 19 degrees of freedom
    one = Encyclopedia(n_species=1)
    assert species_kl(one, pages(one.articles(10, rng()))) == 0


def test_facts_are_shares_of_statements():
    right = "The velvet tumblin is a large white mouse of Hobb."  # four statements
    rows = pages(
        [right, right.replace("white", "blue"), "It is. is. The velvet.", "This entry was written from memory."]
    )
    assert facts(WORLD, rows) == {"right": 7 / 11, "wrong": 1 / 11, "invented": 0, "unreadable": 3 / 11}
    nothing = facts(WORLD, np.full((2, 3), END))
    assert all(np.isnan(value) for value in nothing.values())


def test_scores_fill_the_columns_of_a_run():
    real, held_out = (pages(WORLD.articles(100, rng(seed))) for seed in (0, 1))
    rows = run(NGram(V), real, metrics={"text": Scores(WORLD)}, n_generations=2, reference=held_out).rows
    assert {"perplexity", "words", "species", "top_share", "kl", "right", "distinct", "repetition"} <= set(rows.columns)
    assert rows[["right", "wrong", "invented", "unreadable"]].sum(axis=1).to_numpy() == pytest.approx([1, 1])


class Zeros:
    """Is as unsure at a 0 as among two words, and elsewhere as among four."""

    def surprise(self, rows):
        return np.where(rows == 0, np.log(2), np.log(4))


def test_token_0_is_a_token_like_any_other_unless_it_is_said_to_end_texts():
    rows = np.array([[1, 0, 0, 2] * 8])
    assert perplexity(Zeros(), rows) == pytest.approx(8**0.5)  # 2.83: half of the tokens are zeros
    assert perplexity(Zeros(), rows, end=0) == pytest.approx(2 ** (5 / 3))  # 3.17: a third of those that count
    assert perplexities(Zeros(), rows)[0] == pytest.approx(8**0.5)
    swapped = np.array([1, 0, 2])[rows]  # the same text, its tokens numbered in another way
    for n in (1, 2, 3):
        assert distinct(rows, n) == distinct(swapped, n)
        assert repetition(rows, n) == repetition(swapped, n)
    assert perplexity(NGram(3).fit(rows), rows) == pytest.approx(perplexity(NGram(3).fit(swapped), swapped))


def test_a_chain_that_collapses_onto_one_token_goes_on_being_measured():
    zeros = np.zeros((3, 8), dtype=int)
    assert distinct(zeros) == 1 / 21
    assert repetition(zeros, 4) == pytest.approx(12 / 15)
    assert np.isnan(distinct(zeros, end=END))
    assert np.isnan(repetition(zeros, end=END))
    assert distinct(zeros + 1) == distinct(zeros)


@pytest.mark.parametrize("dtype", [*"bBhHiIlLqQ", ">i4"])
def test_measures_are_the_same_in_every_integer_type_and_layout(dtype):
    """Numbers of pairs exceed a byte, and of runs two bytes: in the type of the tokens they would wrap around."""
    wide = rng().integers(0, 120, (60, 80))
    narrow = np.repeat(wide.astype(dtype), 2, axis=1)[:, ::2]
    assert not narrow.flags.c_contiguous
    model = NGram(120, order=3).fit(wide)
    for measure in (
        lambda rows: perplexity(model, rows, END),
        lambda rows: distinct(rows, 2),
        lambda rows: distinct(rows, 3),
        lambda rows: repetition(rows, 1),
        lambda rows: repetition(rows, 2, END),
        words_alive,
        lambda rows: facts(WORLD, rows)["unreadable"],
        lambda rows: species_alive(WORLD, rows),
        lambda rows: WORLD.mentions(rows).tolist(),
    ):
        assert measure(narrow) == measure(wide)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: perplexity(object(), [[1]]), TypeError, r"model must have surprise\(rows\)"),
        (lambda: words_alive([1, 2]), ValueError, "rows must be an array of shape"),
        (lambda: words_alive([[-1]]), ValueError, "rows must hold integers from 0"),
        (lambda: perplexity(NGram(9), [[1.0]]), TypeError, "rows must hold integers from 0"),
        (lambda: distinct([[1, 2]], end="no"), TypeError, "end must be a whole number"),
        (lambda: species_alive(None, [[1]]), TypeError, "world must be a Encyclopedia, got None"),
        (lambda: Scores(WORLD)(None, [[1]]), TypeError, "generation must be what the loop yields, got None"),
        (lambda: distinct([[1, 2]], 0), ValueError, "n must be a whole number of at least 1"),
        (lambda: distinct([[1, 2]], 3), ValueError, "n must be at most a row's 2 tokens"),
    ],
)
def test_bad_input(call, error, said):
    with pytest.raises(error, match=said):
        call()
