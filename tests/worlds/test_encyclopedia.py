"""The Tiny Encyclopedia: its world, its tokens, its exact probabilities, and its reader."""

import doctest
import math
from itertools import product

import numpy as np
import pytest

from collapse_lessons.worlds import encyclopedia
from collapse_lessons.worlds.encyclopedia import (
    END,
    FACTS,
    GRAMMAR,
    KINDS,
    NAMES,
    VOCABULARY,
    Encyclopedia,
    blocks,
    decode,
    encode,
    pages,
    parse,
    sentences,
    stream,
    texts,
)

WORLD = Encyclopedia()
TUMBLIN = "The velvet tumblin is a large white mouse of Hobb. It lives in church towers and eats barley."


def rng(seed=0):
    return np.random.default_rng(seed)


def every_article(world):
    """All articles a world can write with their probabilities, put together without the module's own code."""
    for _, facts in world.species.iterrows():
        parts = [
            [("", 1 - p)] * (p < 1) + [(form.format(**facts), p * q) for form, q in forms.items()]
            for p, forms in GRAMMAR.values()
        ]
        for chosen in product(*parts):
            text = " ".join(sentence for sentence, _ in chosen if sentence)
            yield text, facts["share"] * math.prod(probability for _, probability in chosen)


# --- the world ---


def test_the_example_in_the_docstring():
    assert doctest.testmod(encyclopedia).failed == 0


def test_the_world_is_the_same_for_the_same_seed():
    assert WORLD.species.equals(Encyclopedia().species)
    assert not WORLD.species["name"].equals(Encyclopedia(seed=1).species["name"])
    assert WORLD.articles(50, rng(3)) == Encyclopedia().articles(50, rng(3))
    assert WORLD.articles(50, rng(3)) != WORLD.articles(50, rng(4))


@pytest.mark.parametrize("n", [1, 400, 1600])
def test_species_have_names_of_their_own_and_shares_by_zipfs_law(n):
    species = Encyclopedia(n_species=n, zipf=1.3).species
    assert len(species) == n == species["name"].nunique()
    assert species["share"].sum() == pytest.approx(1)
    assert np.allclose(species["share"] / species["share"][0], 1 / np.arange(1, n + 1) ** 1.3)
    for fact, values in FACTS.items():
        assert set(species[fact]) <= set(values)
    for name, kind in zip(species["name"], species["kind"], strict=True):
        assert KINDS[NAMES["noun"].index(name.split()[1]) // 5] == kind


def test_names_are_distinct_words_and_the_grammar_is_made_of_probabilities():
    for words in NAMES.values():
        assert len(words) == len(set(words)) == 40
    assert len(VOCABULARY) == len(set(VOCABULARY))
    for p, forms in GRAMMAR.values():
        assert 0 < p <= 1
        assert sum(forms.values()) == pytest.approx(1)


def test_articles_have_the_frequencies_of_the_grammar():
    n = 20_000
    articles = WORLD.articles(n, rng(1))
    forms = [parse(sentence) for article in articles for sentence in sentences(article)]
    for part, (p, of_part) in GRAMMAR.items():
        for form, q in of_part.items():
            seen = sum(f.part == part and f.template == form for f in forms)
            assert abs(seen - n * p * q) < 6 * math.sqrt(n * p * q * (1 - p * q))
    ranks = WORLD.subjects(pages(articles))
    for rank in (0, 1, 10, 100):
        share = WORLD.species["share"][rank]
        assert abs((ranks == rank).sum() - n * share) < 6 * math.sqrt(n * share)


# --- exact probabilities ---


def test_probability_entropy_and_length_against_every_article_there_is():
    world = Encyclopedia(n_species=3)
    articles, p = zip(*every_article(world), strict=True)
    assert len(articles) == len(set(articles)) == 3 * 3 * 4 * 4 * 3 * 4
    assert sum(p) == pytest.approx(1)
    assert np.allclose([world.log_prob(article) for article in articles], np.log(p))
    assert world.entropy == pytest.approx(-np.dot(p, np.log(p)))
    assert world.mean_tokens == pytest.approx(np.dot(p, [len(encode(article)) + 1 for article in articles]))


def test_entropy_by_monte_carlo():
    n = 20_000
    surprise = -np.array([WORLD.log_prob(article) for article in WORLD.articles(n, rng(2))])
    assert abs(surprise.mean() - WORLD.entropy) < 6 * surprise.std() / math.sqrt(n)


@pytest.mark.parametrize(
    "article",
    [
        TUMBLIN.replace("barley", "moss"),  # not true
        TUMBLIN[:-1],  # cut off
        "It lives in church towers and eats barley.",  # about nobody
        "It lives in church towers and eats barley. The velvet tumblin is a large white mouse of Hobb.",  # wrong order
        TUMBLIN + " " + TUMBLIN,  # twice
        TUMBLIN + " It barley.",
        "",
    ],
)
def test_what_the_grammar_never_writes_has_probability_zero(article):
    assert WORLD.log_prob(article) == -np.inf


# --- tokens ---


def test_every_article_fits_a_page():
    longest = 0
    for _, facts in Encyclopedia(n_species=1600).species.iterrows():
        longest = max(
            longest, sum(max(len(encode(form.format(**facts))) for form in forms) for _, forms in GRAMMAR.values())
        )
    assert longest < 64


def test_text_to_tokens_and_back():
    articles = WORLD.articles(200, rng(5))
    ids = stream(articles)
    assert decode(ids) == "".join(article + "\n" for article in articles)
    assert np.array_equal(encode(decode(ids)), ids)
    assert (ids == END).sum() == 200
    assert texts(ids[None]) == articles
    rows = pages(articles)
    assert rows.shape == (200, 64)
    assert texts(rows) == articles
    cut = blocks(ids, 50)
    assert cut.shape == (len(ids) // 50, 50)
    assert np.array_equal(cut.ravel(), ids[: cut.size])
    assert texts(cut.reshape(1, -1))[:100] == articles[:100]


def test_texts_are_split_at_rows_and_ends():
    a, b = encode("It lives in hedges and eats moss."), encode("The museum has one and would like another.")
    rows = np.full((2, 12), END)
    rows[0, : len(a)] = a
    rows[1, 1 : 1 + len(b)] = b
    assert texts(rows) == ["It lives in hedges and eats moss.", "The museum has one and would like another."]


# --- reading ---


def verdicts(*articles):
    return WORLD.read(list(articles))["verdict"].tolist()


def test_the_truth_is_right():
    read = WORLD.read(WORLD.articles(500, rng(6)))
    assert set(read["verdict"]) == {"right", "aside"}
    assert (read.loc[read["verdict"] == "right", "species"] >= 0).all()


def test_each_fact_is_judged_by_itself():
    read = WORLD.read([TUMBLIN.replace("white", "green").replace("barley", "moss")])
    wrong = read[read["verdict"] == "wrong"]
    assert wrong["fact"].tolist() == ["colour", "food"]
    assert wrong["value"].tolist() == ["green", "moss"]
    assert WORLD.species["name"][read["species"][0]] == "velvet tumblin"
    assert (read["verdict"] == "right").sum() == 4


def test_creatures_that_do_not_exist_are_invented():
    taken = set(WORLD.species["name"])
    name = next(f"{a} {n}" for a in NAMES["adjective"] for n in NAMES["noun"] if f"{a} {n}" not in taken)
    read = WORLD.read(
        [f"The {name} eats moss, which it finds in hedges. When nobody is looking, it sings before dawn."]
    )
    assert read["verdict"].tolist() == ["invented"] * 3
    assert (read["species"] == -1).all()


def test_it_is_the_species_named_last_in_the_same_article():
    other = WORLD.species.iloc[5]
    read = WORLD.read([f"{TUMBLIN} By night the {other['name']} {other['habit']}. It lives in hedges and eats moss."])
    assert read["species"].tolist()[-2:] == [5, 5]
    assert verdicts(TUMBLIN, "It lives in church towers and eats barley.")[-1] == "unreadable"


@pytest.mark.parametrize(
    "garbled",
    [
        "The tumblin is a large white mouse of Hobb.",
        "The velvet tumblin is a large white mouse.",
        "The velvet tumblin is a white large mouse of Hobb.",
        "is is is.",
        "The velvet tumblin eats Hobb, which it finds in hedges.",
        "Strange new words!.",
        ".",
    ],
)
def test_garbled_text_is_unreadable(garbled):
    assert verdicts(garbled) == ["unreadable"]


def test_a_sentence_cut_off_is_passed_over_and_an_aside_is_an_aside():
    assert verdicts(TUMBLIN + " Old sailors say that the") == ["right"] * 6
    assert verdicts("The museum has one and would like another.") == ["aside"]
    assert verdicts("") == []


def test_marking_strikes_out_what_is_wrong():
    marked = WORLD.marked(TUMBLIN.replace("barley", "moss") + " It & it.")
    assert marked == TUMBLIN.replace("barley", "<del>moss</del>") + " <i>It &amp; it.</i>"


def test_species_are_found_in_rows_of_tokens():
    first, second = WORLD.species["name"][3], WORLD.species["name"][0]
    taken = set(WORLD.species["name"])
    nobody = next(f"{a} {n}" for a in NAMES["adjective"] for n in NAMES["noun"] if f"{a} {n}" not in taken)
    rows = pages(
        [f"By night the {first} hums in the rain. By night the {second}", f"The {nobody}", "It lives in hedges"]
    )
    assert WORLD.mentions(rows).tolist() == [3, 0, -1]
    assert WORLD.subjects(rows).tolist() == [3, -1, -1]


# --- bad input ---


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: Encyclopedia(n_species=0), ValueError, "n_species must be a whole number of at least 1"),
        (lambda: Encyclopedia(n_species=1601), ValueError, "n_species must be at most 1600"),
        (lambda: Encyclopedia(zipf=-1), ValueError, "zipf must be a number from 0 to 5"),
        (lambda: Encyclopedia(seed=0.5), TypeError, "seed must be a whole number"),
        (lambda: WORLD.articles(0, rng()), ValueError, "n must be a whole number of at least 1"),
        (lambda: WORLD.articles(3, 0), TypeError, "rng must be a numpy.random.Generator"),
        (lambda: WORLD.read([]), ValueError, "articles must hold at least one entry"),
        (lambda: WORLD.read("The"), TypeError, "articles must be a list"),
        (lambda: encode("The unicorn eats moss."), ValueError, "'unicorn'"),
        (lambda: encode("It eats moss!"), ValueError, "'!'"),
        (lambda: encode(["It"]), TypeError, "text must be a str"),
        (lambda: decode([len(VOCABULARY)]), ValueError, "ids must hold integers from 0 to 276"),
        (lambda: decode([[1]]), ValueError, "ids must be an array of shape"),
        (lambda: texts([[0.5]]), TypeError, "rows must hold integers from 0"),
        (lambda: stream([]), ValueError, "articles must hold at least one entry"),
        (lambda: pages([TUMBLIN], 10), ValueError, "block must be at least 21"),
        (lambda: blocks(stream([TUMBLIN]), 100), ValueError, "block must be at most the text's"),
        (lambda: blocks(stream([TUMBLIN]), 0), ValueError, "block must be a whole number of at least 1"),
    ],
)
def test_bad_input(call, error, said):
    with pytest.raises(error, match=said):
        call()
