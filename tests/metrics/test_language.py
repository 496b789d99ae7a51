"""What a language model knows, and what the first model thinks of a text: on stand-ins whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons.metrics.language import COMMONNESS, TOLD, Judged, Knowledge, knowledge
from collapse_lessons.worlds.encyclopedia import Encyclopedia, encode, pages

WORLD = Encyclopedia(n_species=120)


class Parrot:
    """It completes every prompt with the same answer, or with the true one for the first few species."""

    def __init__(self, answer, right=0):
        self.answer, self.right = answer, right

    def write(self, prompts, length, rng, decoder):
        assert decoder.temperature == 0  # the likeliest words
        facts = WORLD.species.iloc[: self.right]
        true = [f"{s.size} {s.colour} {s.kind} of {s.island}." for s in facts.itertuples(index=False)]
        answers = true + [self.answer] * (len(prompts) - len(true))
        return np.array([encode(answer)[:length] for answer in answers])


def test_truth_is_right_and_nonsense_wrong():
    right = knowledge(Parrot("moss moss moss moss moss moss", right=12), WORLD)
    assert right.shape == (120, len(TOLD))
    assert right[:12].all()
    assert not right[12:].any()


def test_each_fact_counts_by_itself():
    right = knowledge(Parrot("tiny grey bird of Duna."), WORLD)
    for fact, column, value in zip(TOLD, right.T, ("tiny", "grey", "bird", "Duna"), strict=True):
        assert np.array_equal(column, WORLD.species[fact] == value)


def test_knowledge_by_commonness():
    scores = Knowledge(WORLD)(SimpleNamespace(fitted=Parrot("moss moss moss moss moss moss", right=25)))
    assert scores == {"knows_common": 1, "knows_middling": 5 / 80, "knows_rare": 0}
    assert list(COMMONNESS) == ["common", "middling", "rare"]
    small = Knowledge(Encyclopedia(n_species=30))  # it has no rare ones
    assert set(small(SimpleNamespace(fitted=Parrot("tiny grey bird of Duna.")))) == {"knows_common", "knows_middling"}


def test_judged_gives_quantiles_of_perplexity():
    class Judge:
        def surprise(self, rows):
            return np.log(np.arange(1, len(rows) + 1))[:, None].repeat(rows.shape[1], axis=1)

    rows = pages(WORLD.articles(101, np.random.default_rng(0)))
    scores = Judged(Judge(), quantiles=(0, 0.5, 1))(SimpleNamespace(samples=rows))
    assert scores == {"judged_0": pytest.approx(1), "judged_0.5": pytest.approx(51), "judged_1": pytest.approx(101)}


def test_bad_input():
    with pytest.raises(TypeError, match=r"model must have write\(prompts, length, rng\), got int"):
        knowledge(3, WORLD)
    with pytest.raises(ValueError, match="quantiles must be a number from 0 to 1, got 2"):
        Judged(SimpleNamespace(surprise=len), quantiles=(2,))
    for judge in (None, WORLD):
        with pytest.raises(TypeError, match=r"judge must have surprise\(rows\), got "):
            Judged(judge)
    with pytest.raises(TypeError, match="world must be a Encyclopedia, got 3"):
        Knowledge(3)
    with pytest.raises(TypeError, match=r"quantiles must be a list, got 0.5"):
        Judged(SimpleNamespace(surprise=len), quantiles=0.5)
