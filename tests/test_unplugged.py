"""The bag of sweets: every number the page states, from the exact law or from many simulated groups."""

import re

import numpy as np
import pytest

import lessons
from collapse_lessons import theory

PAGE = (lessons.ROOT / "instructor" / "unplugged.md").read_text("utf8")
SHEET = (lessons.ROOT / "instructor" / "sweets_sheet.html").read_text("utf8")
SWEETS = np.array([6, 4, 3, 2, 2, 1, 1, 1])
N_GROUPS = 20_000


def table(head):
    """Return the numbers in the table whose head starts with these words, by round."""
    body = PAGE.split(f"| {head}")[1].split("\n\n")[0].splitlines()[2:]
    return {int(row[0]): row[1:] for row in ([float(x) for x in re.findall(r"[\d.]+", line)] for line in body)}


def law(rounds, count, n=20):
    return theory.count_law(np.asarray(rounds), n, count)


def left(rounds):
    """Return the expected number of colours left."""
    return sum(1 - law(rounds, count)[..., 0] for count in SWEETS)


def said(sentence):
    """Assert that the page says so, whatever its line breaks."""
    assert sentence in " ".join(PAGE.split()), sentence


def test_the_sheet_and_the_rules_have_the_same_bag():
    assert SWEETS.sum() == 20
    said("20 sweets in eight colours: 6, 4, 3, 2, 2, 1, 1 and 1")
    at_the_start = re.findall(r"<tr><th>([A-H])</th><td>(\d)</td>", SHEET)
    assert at_the_start == [(name, str(count)) for name, count in zip("ABCDEFGH", SWEETS, strict=True)]
    places = SHEET.split("<th>start</th><td>")[1].split("</td></tr>")[0].split("</td><td>")
    assert [places.count(name) for name in "ABCDEFGH"] == list(SWEETS)


def test_the_page_fills_fifty_minutes():
    times = [(int(a), int(b)) for a, b in re.findall(r"^\| (\d+)–(\d+) \|", PAGE, re.MULTILINE)]
    assert [start for start, _ in times] == [0, *(end for _, end in times[:-1])]
    assert times[-1][1] == 50


def test_the_table_of_the_bag_is_exact():
    told = table("After round | colours left")
    assert list(told) == [1, 2, 3, 4, 5]
    for k, (colours, one, two, six) in told.items():
        assert colours == pytest.approx(left(k), abs=0.051)
        for percent, count in ((one, 1), (two, 2), (six, 6)):
            assert percent == pytest.approx(100 * law(k, count)[0], abs=0.51)
    said("Let it go on to round ten: 2.9 colours")
    assert left(10) == pytest.approx(2.9, abs=0.05)


def test_the_table_of_the_die_is_exact():
    told = table("After round | letters left")
    assert list(told) == [1, 2, 3, 5, 8, 12]
    for k, (letters, one) in told.items():
        assert letters == pytest.approx(6 * (1 - law(k, 1, 6)[0]), abs=0.051)
        assert one == pytest.approx(100 * 6 * law(k, 1, 6)[6], abs=0.51)
    assert law(200, 1, 6)[6] == pytest.approx(1 / 6, abs=1e-9)


def test_the_sentences_below_the_table():
    shares = SWEETS / 20
    for count in (6, 1):  # "30% for A and 5% for H"
        assert law(2000, count)[20] == pytest.approx(count / 20, abs=1e-9)
    single = sum(law([5, 30], count)[:, 20] for count in SWEETS)
    assert single[0] < 0.002  # "by round 5 next to no bag"
    assert 0.5 < single[1] < 0.56  # "by round 30 just over half"
    assert law([1, 5, 30], 6) @ np.arange(21) == pytest.approx(6)  # "stays 6 for ever"
    assert law(5, 6)[0] == pytest.approx(1 / 10, abs=0.01)  # "0 in one group of ten"
    assert law(5, 6)[11:].sum() == pytest.approx(1 / 6, abs=0.005)  # "more than 10 in one of six"
    assert theory.heterozygosity(0, 20, shares) == pytest.approx(0.82)
    assert theory.heterozygosity(5, 20, shares) == pytest.approx(0.63, abs=0.005)
    assert 1 - left(5) / 8 == pytest.approx(0.5, abs=0.03)  # "half of the colours vanish"


def play(draw, n_rounds):
    """Yield the bags of many groups after each round, shape (n_groups, 8)."""
    rng, bags = np.random.default_rng(0), np.tile(SWEETS, (N_GROUPS, 1))
    for _ in range(n_rounds):
        bags = draw(bags, rng)
        yield bags


def chance(bags, rng):
    return rng.multinomial(20, bags / 20)


def fresh(bags, rng):
    return rng.multinomial(15, bags / 20) + rng.multinomial(5, SWEETS / 20, size=len(bags))


def favour(bags, rng):
    """Draw two twenty times, and note the one of the larger number; of two equals the first, as likely as the other."""
    share = bags / 20
    larger = (bags[:, :, None] > bags[:, None, :]) + 0.5 * (bags[:, :, None] == bags[:, None, :])
    noted = 2 * np.einsum("gi,gj,gij->gi", share, share, larger)
    return rng.multinomial(20, noted / noted.sum(axis=1, keepdims=True))


def colours(bags):
    return (bags > 0).sum(axis=1)


def test_a_class_of_eight_groups_is_near_the_average():
    """The mean of eight groups has a standard deviation of about 0.35 colours."""
    *_, bags = play(chance, 5)
    assert colours(bags).mean() == pytest.approx(left(5), abs=0.05)  # six standard errors
    of_eight = colours(bags).reshape(-1, 8).mean(axis=1)
    assert (np.abs(of_eight - left(5)) < 0.5).mean() > 0.8  # "usually"


def test_fresh_sweets_hold_the_colours():
    after = [colours(bags).mean() for bags in play(fresh, 15)]
    assert after[4] == pytest.approx(5.9, abs=0.1)
    assert abs(after[14] - after[4]) < 0.25  # "it stays about there"


def favour_at_once(bags, rng):
    """The same with both sweets taken out together, so that the second is not the first again."""
    larger = (bags[:, :, None] > bags[:, None, :]) + 0.5 * (bags[:, :, None] == bags[:, None, :])
    first_then_second = bags[:, :, None] * (bags[:, None, :] - np.eye(8)) / (20 * 19)
    noted = 2 * np.einsum("gij,gij->gi", first_then_second, larger)
    return rng.multinomial(20, noted / noted.sum(axis=1, keepdims=True))


def test_favour_drawn_at_once_is_as_good():
    bags = list(play(favour_at_once, 5))
    assert colours(bags[1]).mean() == pytest.approx(2.6, abs=0.1)
    assert (colours(bags[4]) == 1).mean() > 0.95
    assert (bags[4][:, 0] == 20).mean() == pytest.approx(0.9, abs=0.02)
    said("2.6 if both sweets are drawn at once")


def test_the_heap_is_large_enough():
    """Spare sweets of each colour in the worst of five rounds, for four groups by chance, two fresh, two favour."""
    said("for eight groups about 40 more of A, 15 of B and 8 of each other")
    said("in nine classes of ten no more than ten slips are needed")
    more = [np.array(list(play(rule, 5))) - SWEETS for rule in (chance, fresh, favour)]
    rng, n_classes = np.random.default_rng(1), 10_000
    asked = sum(
        kind[:, rng.integers(N_GROUPS, size=(n_classes, n_groups))].sum(axis=2)
        for kind, n_groups in zip(more, (4, 2, 2), strict=True)
    )
    heap = np.array([40, 15, 8, 8, 8, 8, 8, 8])
    slips = np.maximum(asked - heap, 0).max(axis=0).sum(axis=1)
    assert 0.9 < (slips <= 10).mean() < 0.97


def test_favour_leaves_one_colour_and_nearly_always_the_same():
    bags = list(play(favour, 5))
    assert colours(bags[1]).mean() == pytest.approx(2.8, abs=0.1)
    assert (colours(bags[4]) == 1).mean() > 0.95
    assert (bags[4][:, 0] == 20).mean() == pytest.approx(0.9, abs=0.02)
    said("A, in nine groups of ten")


def test_the_rules_are_printed_as_large_as_the_rest():
    assert "<small>" not in SHEET
    assert min(float(size) for size in re.findall(r"font(?:-size)?: ([\d.]+)pt", SHEET)) >= 11
