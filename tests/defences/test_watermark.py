"""The green-list watermark: its lists, its z-test on text by others, and the mark in the n-gram decoder."""

import numpy as np
import pytest
from scipy.stats import binom

from collapse_lessons import NGram, theory
from collapse_lessons.defences.watermark import GreenList, MarkDetector
from collapse_lessons.worlds.encyclopedia import END, VOCABULARY, Encyclopedia, blocks, stream

V = len(VOCABULARY)
TEXT = blocks(stream(Encyclopedia().articles(300, np.random.default_rng(0))), 256)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_lists_have_their_share_and_depend_on_the_word_before_and_on_the_key():
    table = GreenList(99, share=0.25).table
    assert table.shape == (100, 100)
    assert (table.sum(axis=1) == 25).all()
    assert not (table[0] == table[1]).all()
    assert not (table == GreenList(99, share=0.25, key=1).table).all()
    assert (table == GreenList(99, share=0.25).table).all()


def test_z_is_counted_by_hand():
    mark = GreenList(5, share=0.5, end=END)
    row = [1, 2, 1, 2, 3, END, END, END]
    pairs = {(1, 2), (2, 1), (2, 3), (3, END)}  # 1, 2 once; a filled-up END not at all
    green = sum(mark.table[pair] for pair in pairs)
    assert mark.z(np.array([row]))[0] == pytest.approx((green - 2) / np.sqrt(4 * 0.25))


@pytest.mark.parametrize("dtype", list("bBhHiIlLqQ"))
def test_z_and_the_odds_are_the_same_in_every_integer_type(dtype):
    """The number of a pair exceeds two bytes: in the type of the tokens it would wrap around."""
    wide = np.minimum(TEXT[:20], 127)
    narrow = np.repeat(wide.astype(dtype), 2, axis=1)[:, ::2]
    for mark in (GreenList(V), GreenList(V, end=END)):
        assert (mark.z(narrow) == mark.z(wide)).all()
        assert (mark.favour(narrow[:, 0], narrow[:, 1]) == mark.favour(wide[:, 0], wide[:, 1])).all()


def test_without_an_end_every_pair_counts():
    zeros = np.zeros((1, 4), dtype=int)
    assert abs(GreenList(3).z(zeros)[0]) == 1  # one pair, green or not
    assert GreenList(3, end=0).z(zeros)[0] == -1  # none: a text too short to say anything


def test_text_by_others_has_mean_0_and_variance_1_over_the_keys():
    """Mean, variance and tail of 400 keys, of some 170 pairs each; one text a key, since a key's texts are related.

    The lists are drawn without replacement, half of 294: that moves the variance by a few in a hundred.
    """
    z = np.array([GreenList(V, key=key).z(TEXT[key % len(TEXT)][None])[0] for key in range(400)])
    assert abs(z.mean()) < 6 / np.sqrt(400)
    assert abs(z.var() - 1) < 6 * np.sqrt(2 / 400) + 0.05
    assert (z > 4).sum() <= 1


def test_a_phrase_said_twice_is_no_new_evidence():
    twice = np.concatenate([TEXT[:5], TEXT[:5]], axis=1)
    once, both = GreenList(V).z(TEXT[:5]), GreenList(V).z(twice)
    assert np.allclose(once, both, atol=0.3)  # the seam between the two is a new pair
    with_repeats = np.sqrt(2) * once
    assert not np.allclose(with_repeats, both, atol=0.3)


def test_the_decoder_multiplies_the_odds_of_green_words():
    """Where 1 is followed by 2 and 3 equally often and one of them is green, its odds become e^strength."""
    rows = np.array([[1, 2], [1, 3]] * 50)
    key = next(k for k in range(100) if (t := GreenList(4, key=k).table)[1, 2] and not t[1, 3])
    for strength in (0.0, 1.0, 3.0):
        mark = GreenList(4, strength, key=key)
        drawn = NGram(4, order=2, favour=mark.favour).fit(rows).sample(20_000, rng())[:, 1]
        p = np.exp(strength) / (1 + np.exp(strength))
        assert 1e-9 < binom.cdf((drawn == 2).sum(), 20_000, p) < 1 - 1e-9


def test_a_mark_of_strength_0_changes_nothing():
    plain = NGram(V, order=4).fit(TEXT).sample(20, rng())
    marked = NGram(V, order=4, favour=GreenList(V, strength=0).favour).fit(TEXT).sample(20, rng())
    assert (plain == marked).all()


def test_marked_text_is_found_and_other_text_is_not():
    mark = GreenList(V, strength=4, key=1)
    marked = NGram(V, order=4, favour=mark.favour).fit(TEXT).sample(100, rng())
    detector = MarkDetector(mark, threshold=2.5)
    assert detector(marked, None, None).mean() > 0.9
    assert detector(TEXT, None, None).mean() < 0.1
    assert mark.z(marked).mean() > mark.z(TEXT).mean() + 3


def test_z_formula():
    assert theory.green_z(70, 100) == pytest.approx(4)
    assert theory.green_z([50, 25], [100, 100], 0.25) == pytest.approx([25 / np.sqrt(18.75), 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: GreenList(0), "vocabulary must be a whole number from 1 to 30000, got 0: len"),
        (lambda: GreenList(5, strength=-1), "strength must be a number from 0 to 100, got -1: 2"),
        (lambda: GreenList(5, share=1), "share must be a number from .* got 1: 0.5"),
        (lambda: GreenList(5, key=-1), "key must be a whole number of at least 0, got -1: any"),
        (
            lambda: GreenList(5).z(np.array([[1, 5]])),
            "rows must hold integers from 0 to 4, got 1 to 5",
        ),
        (lambda: GreenList(5).z(np.array([1, 2])), r"rows must be an array of shape \(n, block\)"),
        (lambda: MarkDetector(GreenList(5), None), "threshold must be a number from -100 to 100, got None: 4"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()
