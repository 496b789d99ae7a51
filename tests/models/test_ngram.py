"""The n-gram model against counts made with dictionaries, and its samples against their exact probabilities."""

from collections import Counter, defaultdict

import numpy as np
import pytest

from collapse_lessons import Categorical, NGram, check_model
from collapse_lessons.models.categorical import decode

V = 4


def rng(seed=0):
    return np.random.default_rng(seed)


def corpus(n=30, block=7, seed=0):
    """Rows over four tokens in which some contexts are common, some are rare and some never come."""
    draw = rng(seed)
    p = draw.dirichlet(np.full(V, 0.4), V)
    rows = np.zeros((n, block), dtype=int)
    for row in rows:
        for i in range(1, block):
            row[i] = draw.choice(V, p=p[row[i - 1]])
    return rows


def followers(rows, order):
    """What followed each context of every length, as a dict of Counters; None stands for the beginning."""
    counts = defaultdict(Counter)
    for row in rows.tolist():
        padded = [None] * (order - 1) + row
        for i in range(order - 1, len(padded)):
            for k in range(order):
                counts[tuple(padded[i - k : i])][padded[i]] += 1
    return counts


def backed_off(counts, order, past):
    """The Counter of the longest context that was followed by something."""
    padded = [None] * (order - 1) + list(past)
    return next(
        counts[context] for k in range(order - 1, -1, -1) if (context := tuple(padded[len(padded) - k :])) in counts
    )


def shares(counter):
    probs = np.array([counter[w] for w in range(V)], dtype=float)
    return probs / probs.sum()


@pytest.mark.parametrize("order", [1, 2, 3, 5, 9])
def test_surprise_is_interpolated_absolute_discounting(order):
    rows, held_out = corpus(), corpus(n=20, seed=1)
    counts, d = followers(rows, order), 0.3

    def probability(word, past):
        padded, p = [None] * (order - 1) + past, 1 / V
        for k in range(order):
            seen = counts.get(tuple(padded[len(padded) - k :]))
            if seen:
                p = (max(seen[word] - d, 0) + d * len(seen) * p) / seen.total()
        return p

    exact = [[probability(row[i], row[:i]) for i in range(len(row))] for row in held_out.tolist()]
    assert np.allclose(NGram(V, order=order, discount=d).fit(rows).surprise(held_out), -np.log(exact))


@pytest.mark.parametrize("order", [1, 2, 4])
def test_probabilities_of_the_next_word_add_up_to_one(order):
    model = NGram(V, order=order).fit(corpus())
    for past in ([], [3], [1, 3], [3, 3, 3]):
        every = np.array([[*past, word] for word in range(V)])
        assert np.exp(-model.surprise(every)[:, -1]).sum() == pytest.approx(1)


@pytest.mark.parametrize("decoder", [{}, {"temperature": 0.5}, {"temperature": 2.0}, {"top_p": 0.7}, {"top_k": 2}])
@pytest.mark.parametrize("order", [1, 2, 3, 6])
def test_samples_have_the_decoded_shares_of_what_followed(order, decoder):
    rows = corpus()
    counts, n = followers(rows, order), 20_000
    samples = NGram(V, order=order, **decoder).fit(rows).sample(n, rng(2))
    assert samples.shape == (n, rows.shape[1])
    for i in (0, 1, 3, 6):
        pasts, which = np.unique(samples[:, :i], axis=0, return_inverse=True)
        for past in np.argsort(-np.bincount(which.ravel(), minlength=len(pasts)))[:4]:  # the most common ones
            after = samples[which.ravel() == past, i]
            p = decode(shares(backed_off(counts, order, pasts[past].tolist())), **decoder)
            assert not np.bincount(after, minlength=V)[p == 0].any()
            error = np.bincount(after, minlength=V) / len(after) - p
            assert (np.abs(error) < 6 * np.sqrt(p * (1 - p) / len(after)) + 1e-12).all()


@pytest.mark.parametrize("order", [1, 2, 4])
def test_temperature_0_and_top_1_take_the_most_likely_word(order):
    rows = np.array([[0, 1, 2, 3], [0, 1, 2, 3], [0, 2, 2, 3]])  # no ties, whatever the context
    greedy = NGram(V, order=order, temperature=0).fit(rows).sample(20, rng())
    assert np.array_equal(greedy, NGram(V, order=order, top_k=1).fit(rows).sample(20, rng(1)))
    assert (greedy == ([2] * 4 if order == 1 else [0, 1, 2, 3])).all()


def test_a_context_that_only_ends_rows_backs_off():
    model = NGram(3, order=3).fit(np.array([[0, 0, 1, 2]]))
    after = model.sample(3000, rng(), prompt=[0, 1, 2])[:, 3]  # nothing ever followed 1 2, nor 2: all words compete
    assert np.abs(np.bincount(after, minlength=3) / 3000 - [0.5, 0.25, 0.25]).max() < 6 * np.sqrt(0.25 / 3000)


def test_a_long_memory_repeats_whole_rows():
    rows = corpus(block=12)
    samples = NGram(V, order=12).fit(rows).sample(500, rng())
    assert set(map(tuple, samples)) <= set(map(tuple, rows))


def test_a_prompt_begins_every_row_and_is_continued_as_if_it_had_been_sampled():
    rows = corpus()
    model = NGram(V, order=3).fit(rows)
    prompt = rows[0, :3].tolist()
    samples = model.sample(5000, rng(), prompt=prompt)
    assert (samples[:, :3] == prompt).all()
    p = shares(backed_off(followers(rows, 3), 3, prompt))
    error = np.bincount(samples[:, 3], minlength=V) / 5000 - p
    assert (np.abs(error) < 6 * np.sqrt(p * (1 - p) / 5000) + 1e-12).all()


def test_each_row_can_have_a_prompt_of_its_own():
    rows = corpus()
    model = NGram(V, order=3).fit(rows)
    samples = model.sample(5000, rng(), prompt=np.repeat(rows[:2, :4], 2500, axis=0))
    for i, past in enumerate(rows[:2, :4].tolist()):
        mine = samples[2500 * i : 2500 * (i + 1)]
        assert (mine[:, :4] == past).all()
        p = shares(backed_off(followers(rows, 3), 3, past))
        error = np.bincount(mine[:, 4], minlength=V) / 2500 - p
        assert (np.abs(error) < 6 * np.sqrt(p * (1 - p) / 2500) + 1e-12).all()


def test_it_goes_round_the_loop():
    report = check_model(NGram(V, order=3), corpus(n=200))
    assert report["passed"].all(), report


def test_refitting_forgets_the_old_counts():
    once = NGram(V, order=3).fit(corpus(seed=5))
    twice = NGram(V, order=3).fit(corpus()).fit(corpus(seed=5))
    assert np.array_equal(once.sample(10, rng()), twice.sample(10, rng()))


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: NGram(0), ValueError, "vocabulary must be a whole number of at least 1"),
        (lambda: NGram(V, order=0), ValueError, "order must be a whole number of at least 1"),
        (lambda: NGram(V, temperature=-1), ValueError, "temperature must be a number from 0 to 10"),
        (lambda: NGram(V, top_p=0), ValueError, "top_p must be a number"),
        (lambda: NGram(V, top_k=0), ValueError, "top_k must be a whole number of at least 1"),
        (lambda: NGram(V, discount=1.0), ValueError, "discount must be a number"),
        (lambda: NGram(V).fit([[0, V]]), ValueError, "X must hold integers from 0 to 3"),
        (lambda: NGram(V).fit([[0, -1]]), ValueError, "X must hold integers from 0 to 3"),
        (lambda: NGram(V).fit([[0.5]]), TypeError, "X must hold integers from 0 to 3"),
        (lambda: NGram(V).fit([0, 1]), ValueError, "X must be an array of shape"),
        (lambda: NGram(V).fit(np.zeros((0, 4), int)), ValueError, "X must have at least 1 row"),
        (lambda: NGram(V).sample(1, rng()), ValueError, "model must be fitted"),
        (lambda: NGram(V).surprise([[0]]), ValueError, "model must be fitted"),
        (lambda: NGram(V).fit(corpus()).sample(0, rng()), ValueError, "n must be a whole number"),
        (lambda: NGram(V).fit(corpus()).sample(1, 0), TypeError, "rng must be a numpy.random.Generator"),
        (lambda: NGram(V).fit(corpus()).sample(1, rng(), prompt=[V]), ValueError, "prompt must hold integers from 0"),
        (lambda: NGram(V).fit(corpus()).sample(1, rng(), prompt=[0] * 7), ValueError, "prompt must be shorter"),
        (
            lambda: NGram(V).fit(corpus()).sample(3, rng(), prompt=[[0], [1]]),
            ValueError,
            "prompt must be one for all or",
        ),
    ],
)
def test_bad_input(call, error, said):
    with pytest.raises(error, match=said):
        call()


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint16, np.int64, np.uint64])
def test_tokens_of_a_narrow_type_are_counted_like_any(kind):
    """A model of 256 bytes on uint8 said what was never there: 256, the beginning of a row, became 0."""
    X = np.random.default_rng(0).integers(0, 120, size=(50, 6)).astype(kind)
    narrow, wide = NGram(256, order=3).fit(X), NGram(256, order=3).fit(X.astype(np.int64))
    assert np.array_equal(narrow.sample(40, rng()), wide.sample(40, rng()))
    assert np.array_equal(narrow.surprise(X), wide.surprise(X.astype(np.int64)))
    assert np.isin(narrow.sample(200, rng()), X).all()


def test_token_0_is_a_word_like_any():
    X = np.tile([0, 0, 0, 2], (20, 3))
    made = NGram(3, order=2).fit(X).sample(500, rng())
    after = made[:, 1:][made[:, :-1] == 0]
    assert (after == 0).mean() == pytest.approx(6 / 9, abs=0.05)  # six of the nine words after a 0 are a 0


def test_counting_does_with_the_platform_s_own_integers(monkeypatch):
    """Where they have 32 bits, as in a browser, np.bincount refuses those of 64."""
    counted = np.bincount

    def bincount(x, *arguments, **options):
        assert np.asarray(x).dtype == np.int32
        return counted(x, *arguments, **options)

    X = np.random.default_rng(0).integers(0, 5, size=(50, 6))
    expected = NGram(5, order=3, favour=lambda previous, word: np.ones(len(word))).fit(X).sample(20, rng())
    monkeypatch.setattr(np, "intp", np.int32)
    monkeypatch.setattr(np, "bincount", bincount)
    made = NGram(5, order=3, favour=lambda previous, word: np.ones(len(word))).fit(X).sample(20, rng())
    assert np.array_equal(made, expected)
    assert Categorical(5).fit(X[:, 0]).probs_.sum() == pytest.approx(1)
