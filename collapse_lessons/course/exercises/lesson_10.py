"""Self-checks of lesson 10."""

import numpy as np

from collapse_lessons.course.answers import alike, close, is_number
from collapse_lessons.course.self_check import check


def true_share(answer):
    """1: the machine-made share behind a detector's 52%, if it finds 80% of it and accuses 4% of people."""
    value = (0.52 - 0.04) / (0.80 - 0.04)
    check(
        answer,
        lambda a: close(a, value, 0.005),
        hints=[
            (lambda a: not is_number(a), "give one number, a share from 0 to 1."),
            (
                lambda a: close(a, (0.52 - 0.04 * 0.48) / 0.80, 0.002),
                "nearly: the 48% that the detector lets pass are not the people's alone; machines' are among them.",
            ),
            (lambda a: close(a, 100 * value, 0.01), "that is in per cent; give the share itself, from 0 to 1."),
            (lambda a: close(a, 0.52, 0.001), "that is what the detector says; it misses a fifth and errs on people."),
            (lambda a: close(a, 0.65, 0.001), "so it would be without false alarms; 4% of people's are among the 52%."),
            (lambda a: close(a, 0.6, 0.001), "the 4% are of the human articles, which are fewer than all."),
            (
                lambda a: close(a, 0.48, 0.001),
                "the 4% are of the human articles alone; and it misses one machine-made article in five.",
            ),
            (
                lambda a: close(a, 0.5, 0.001) or close(a, 0.52 * 0.96, 0.001),
                "so it would be if it caught every machine-made article; it misses one in five.",
            ),
            (
                lambda a: close(a, 0.52 * 0.8 / (0.52 * 0.8 + 0.48 * 0.04), 0.002),
                "that is how likely an accused article is a machine's, if 52% were the truth; 52% is what is accused.",
            ),
            (lambda a: close(a, 1 - value, 0.01), "that is the share of people's articles."),
            (
                lambda a: close(a, 0.416, 0.001) or close(a, 0.52 * 0.8 + 0.48 * 0.04, 0.001),
                "the 52% are what comes out of the detector: 80% of the share in truth are among them.",
            ),
        ],
        otherwise="the 52% have two sources, what it catches and whom it accuses: write both with x, the true share.",
        because="about 0.63: what it misses weighs more than its false alarms. Who quotes a share quotes its detector.",
    )


def people_only(answer):
    """2: a function people_only(crawl) that returns a recipe without the synthetic rows."""
    rows = np.arange(10.0)[:, None]
    synthetic = np.arange(10) % 3 == 0
    asked = []

    def crawl(pool, n, rng):
        asked.append((pool, n, rng))
        return rows.copy(), synthetic.copy()

    pool, rng = [rows], np.random.default_rng(0)

    def trained(f):
        return f(crawl)(pool, 7, rng)

    def confused(f):
        """Return whether it asks an array for one truth value, as `not` and `if` do."""
        try:
            trained(f)
        except ValueError as error:
            return "ambiguous" in str(error)
        return False

    check(
        answer,
        lambda f: alike(trained(f), rows[~synthetic]) and asked[-1] == (pool, 7, rng),
        hints=[
            (lambda f: not callable(f), "answer with the function itself: people_only, without brackets."),
            (lambda f: not callable(f(crawl)), "people_only must return the function recipe, not what it returns."),
            (
                confused,
                "`not` and `if` ask for one truth value, and synthetic has one for each row: `~` turns each round.",
            ),
            (lambda f: isinstance(trained(f), tuple), "a recipe returns rows alone, not who wrote them."),
            (
                lambda f: np.array_equal(trained(f), rows[synthetic]),
                "those are the machines' rows: turn it round.",
            ),
            (lambda f: np.array_equal(trained(f), rows), "that is everything; leave the synthetic rows out."),
            (
                lambda f: np.array_equal(trained(f), rows[~synthetic]),
                "hand pool, n and rng on to crawl as the recipe gets them.",
            ),
        ],
        otherwise="call rows, synthetic = crawl(pool, n, rng) inside recipe, and return rows[~synthetic].",
        because="a perfect filter. In section 1 it would leave the 440 articles by people: 151 species, fewer than the "
        "177 with the machines at temperature 0.7, and no favourite. Nobody has `synthetic`; see lesson 12.",
        trial=trained,
    )


def sooner(answer):
    """3: by how many years three quarters less stock bring the end forward, if demand trebles each year."""
    value = np.log(4) / np.log(3)
    check(
        answer,
        lambda a: close(a, value, 0.05) and not close(a, 4 / 3, 0.01),
        hints=[
            (lambda a: not is_number(a), "give one number, in years."),
            (lambda a: close(a, -value, 0.03), "give the number of years by which it comes sooner, above 0."),
            (lambda a: close(a, 2, 0.01), "so it would be if the demand doubled; it trebles."),
            (
                lambda a: close(abs(a), np.log(4 / 3) / np.log(3), 0.03),
                "three quarters are withdrawn, one quarter is left.",
            ),
            (
                lambda a: close(a, np.log(5) / np.log(3), 0.02) or a > 2000,
                "that is when it is exceeded; how much sooner than with all of it?",
            ),
            (lambda a: close(a, 1 / value, 0.01), "upside down: 3 to which power is 4, and not 4 to which power is 3?"),
            (lambda a: close(a, 4 / 3, 0.01), "demand is multiplied by 3 each year, not increased: use logarithms."),
            (
                lambda a: close(a, np.log2(20) - np.log(5) / np.log(3), 0.02),
                "you compare with a demand that doubles; let it treble with all of the stock as well.",
            ),
            (lambda a: close(a, 0.75, 0.01), "that is the share; after how many years is the demand 4 times as large?"),
        ],
        otherwise="a quarter of the stock is reached when the demand is a quarter as large: 3 to which power is 4?",
        because="about 1.26 years. Against a demand that grows by a factor, much of the stock is little time.",
    )
