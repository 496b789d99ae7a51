"""What a language model knows, and what the first model thinks of a text: on stand-ins whose answers are known."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons.metrics.language import COMMONNESS, TOLD, Judged, Knowledge, answers, knowledge
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


class SureParrot(Parrot):
    """The k-th word of a row has the probability 1 / (k + 1)."""

    def surprise(self, rows):
        return np.log(np.arange(len(rows[0])) + 1.0)[None].repeat(len(rows), axis=0)


def test_answers_say_what_was_said_and_how_sure_the_model_was():
    told = answers(SureParrot("tiny grey bird of Duna.", right=1), WORLD)
    assert list(told.columns) == ["rank", "fact", "said", "true", "right", "sure"]
    assert len(told) == 120 * len(TOLD)
    assert (
        told["right"].to_numpy().reshape(120, 4).tolist()
        == knowledge(SureParrot("tiny grey bird of Duna.", 1), WORLD).tolist()
    )
    assert list(told["said"][4:8]) == ["tiny", "grey", "bird", "Duna"]
    opening = len(encode(f"The {WORLD.species['name'][0]} is a"))
    assert np.allclose(told["sure"][:4], 1 / (opening + np.array([1, 2, 3, 5])))


def test_an_answer_that_nobody_can_read_is_no_word_and_has_no_confidence():
    told = answers(SureParrot("moss moss moss moss moss moss"), WORLD)
    assert set(told["said"]) == {"?"}
    assert told["sure"].isna().all()
    assert not told["right"].any()


def test_who_can_not_say_how_sure_it_is_is_refused():
    with pytest.raises(TypeError, match=r"model must have surprise\(rows\), got Parrot: CausalLM does"):
        answers(Parrot("tiny grey bird of Duna."), WORLD)


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
