"""Diversity of text: the author's own against every article there can be, and a few rows worked out by hand."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from collapse_lessons.metrics import diversity
from collapse_lessons.worlds.encyclopedia import END, GRAMMAR, Encyclopedia, encode, pages

PARTS = ("words", "ways", "told")


def effective(weights):
    p = np.array(list(weights.values())) / sum(weights.values())
    return float(np.exp(-np.sum(p * np.log(p))))


def test_the_author_s_own_diversity_is_that_of_all_articles_there_can_be():
    """Every article of two species, each with its probability, read back as if a model had written it."""
    world = Encyclopedia(n_species=2)
    choices = []  # each part: left out, or in one of its forms
    for p, forms in GRAMMAR.values():
        choices.append([(None, 1 - p)] * (p < 1) + [(form, p * q) for form, q in forms.items()])
    counts = {part: Counter() for part in PARTS}
    total = 0
    for species in world.species.to_dict("records"):
        for chosen in product(*choices):
            weight = species["share"] * np.prod([p for _, p in chosen])
            total += weight
            article = " ".join(form.format(**species) for form, _ in chosen if form)
            for word in encode(article).tolist():
                counts["words"][word] += weight
            for form, _ in chosen:
                counts["ways"][form] += weight
            for row in world.read([article]).itertuples():
                if row.verdict != "aside":
                    assert row.verdict == "right"
                    counts["told"][row.species, row.fact] += weight
    del counts["ways"][None]
    assert total == pytest.approx(1)
    assert diversity.of_author(world) == pytest.approx({part: effective(counts[part]) for part in PARTS})


def test_the_author_s_text_comes_near_the_author_s_own_from_below():
    world = Encyclopedia(n_species=30)
    own = diversity.of_author(world)
    written = diversity.of_text(world, pages(world.articles(4000, np.random.default_rng(0))))
    for part in PARTS:  # 236 things told of 30 species, 20,000 statements: (236 - 1)/(2 20,000) = 0.6% below
        assert own[part] * 0.97 < written[part] < own[part] * 1.01


def test_diversity_by_hand():
    """Two articles on one species: the same opening, in one an additional sentence with two facts."""
    world = Encyclopedia()
    facts = world.species.iloc[0].to_dict()
    opening, living = next(iter(GRAMMAR["opening"][1])), next(iter(GRAMMAR["living"][1]))
    first, second = opening.format(**facts), living.format(**facts)
    found = diversity.of_text(world, pages([first, f"{first} {second}"]))
    assert found["ways"] == pytest.approx(effective({"opening": 2, "living": 1}))
    assert found["told"] == pytest.approx(
        effective({"size": 2, "colour": 2, "kind": 2, "island": 2, "home": 1, "food": 1})
    )
    assert found["words"] == pytest.approx(effective(Counter([*encode(first), *encode(first), *encode(second)])))


def test_a_mistake_adds_to_what_is_told_and_what_nobody_can_read_to_words_alone():
    world = Encyclopedia()
    facts = world.species.iloc[0].to_dict()
    opening = next(iter(GRAMMAR["opening"][1]))
    right = opening.format(**facts)
    wrong = opening.format(**facts | {"size": "tiny" if facts["size"] != "tiny" else "large"})
    told = [diversity.of_text(world, pages([right, other]))["told"] for other in (right, wrong)]
    assert told == pytest.approx(
        [4, effective({"right size": 1, "wrong size": 1, "colour": 2, "kind": 2, "island": 2})]
    )
    garbled = diversity.of_text(world, pages([right, right, "The is of The."]))
    assert garbled["ways"] == pytest.approx(1)
    assert garbled["told"] == pytest.approx(4)


def test_of_nothing_nothing_is_known():
    empty = diversity.of_text(Encyclopedia(), np.full((2, 5), END))
    assert all(np.isnan(empty[part]) for part in PARTS)
