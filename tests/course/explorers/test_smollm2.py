"""Lesson 08's explorer at the extremes of its controls; the recorded chains need no torch."""

import re
from html import unescape
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest

import lessons
from collapse_lessons.course.explorers import smollm2
from collapse_lessons.experiments import records


@pytest.mark.parametrize(
    "folder", sorted((lessons.ROOT / "data" / "smollm2").iterdir()), ids=lambda folder: folder.name
)
def test_every_recorded_chain_is_whole_and_starts_from_the_same_base(folder):
    run = records.load_seeds(folder)
    for _, rows in run.rows.groupby("seed"):
        assert rows["generation"].tolist() == list(range(10))
    assert sorted(run.snapshots) == list(range(10))
    first = smollm2.recorded()["replace, sampling"].info
    assert run.info["checkpoints"] == first["checkpoints"]
    assert (run.info["before"], run.info["prompts"]) == (first["before"], first["prompts"])


@pytest.mark.parametrize(("generation", "prompt"), list(product([0, 9], [0, 11])))
def test_draw(generation, prompt):
    for chain in smollm2.recorded():
        figure, description, alt = smollm2.draw(chain, generation, prompt)
        figure.canvas.draw()
        plt.close(figure)
        assert description.startswith(chain)
        assert f"generation {generation}" in alt


def test_tokens_stand_one_after_another_each_on_a_shade_of_its_probability():
    figure, ax = plt.subplots()
    _, y = smollm2._write(ax, [" a", " word", " of", " $5", "\n", "x" * smollm2.WIDTH], [0, 0.5, 1, 1, 1, 0.5])
    figure.canvas.draw()
    words = [text.get_text() for text in ax.texts]
    assert "".join(words).replace(" ", "").startswith("awordof\\$5")
    assert y == 2, "a word that does not fit goes to the next line"
    shades = [text.get_bbox_patch().get_facecolor() for text in ax.texts]
    assert sum(shades[0][:3]) > sum(shades[1][:3]) > sum(shades[2][:3]), "the darker, the surer"
    starts = [text.get_position()[0] for text in ax.texts[:3]]
    assert np.diff(starts).tolist() == [2, 5]


@pytest.mark.parametrize(("generation", "drawn"), [(9, (1, 9)), (0, (0, 1)), (1, (1,))])
def test_the_earlier_of_two_generations_is_above(generation, drawn):
    figure, description, alt = smollm2.draw(generation=generation, beside=1)
    figure.canvas.draw()
    titles = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes if ax.texts]
    assert titles == [f"Generation {t} of replace, sampling (seed 0)" for t in drawn]
    plt.close(figure)
    assert description.startswith(
        "replace, sampling, generations" if len(drawn) > 1 else "replace, sampling, generation "
    )
    assert all(repr(smollm2.said("replace, sampling", t, 2)) in alt for t in drawn)


def test_no_text_ends_below_its_frame():
    for chain, generation, prompt in product(smollm2.recorded(), (0, 4, 9), range(12)):
        figure, _, _ = smollm2.draw(chain, generation, prompt)
        for ax in figure.axes:
            assert all(text.get_position()[1] < ax.get_ylim()[0] for text in ax.texts), (chain, generation, prompt)
        plt.close(figure)


def test_what_the_font_lacks_is_a_box_that_the_caption_explains():
    assert smollm2._printable("Alfred\u0e2a\ufffd \u2014 caf\u00e9\n") == "Alfred\u25a1\u25a1 \u2014 caf\u00e9 "
    for generation, lacks in ((9, True), (1, False)):
        figure, description, _ = smollm2.draw("replace, sampling", generation, 2)
        plt.close(figure)
        assert ("\u25a1: a piece of a letter that this font lacks" in description) == lacks


def test_the_text_that_goes_round_most_of_each_seed():
    table = smollm2.loops("replace, sampling")
    assert [name.split(":")[0] for name in table.index] == ["seed 0", "seed 1", "seed 2"]
    shares = [float(name.split(": ")[1].rstrip("%")) / 100 for name in table.index]
    assert all(np.array(shares) > smollm2.own_repetition("replace, sampling").loc[9])
    assert table.iloc[0, 0].startswith(
        "<i>The bridge over the river was opened to traffic in</i> this day by 15 ships."
    )


def test_side_by_side_nothing_that_a_model_wrote_is_taken_for_html(monkeypatch):
    table = smollm2.side_by_side(list(smollm2.recorded()), prompt=1)
    assert list(table.index) == ["generation 0", "generation 1", "generation 4", "generation 9"]
    written = unescape(table.loc["generation 9", "replace, sampling"].replace("<br>", "\n"))
    assert written == smollm2.said("replace, sampling", 9, 1)
    monkeypatch.setattr(smollm2, "said", lambda *asked: "<script>alert(1)</script>\nand on")
    shown = smollm2.side_by_side(["replace, sampling"])
    assert (shown == "&lt;script&gt;alert(1)&lt;/script&gt;<br>and on").all().all(), "a new line is one in the table"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: smollm2.draw(prompt=12), "prompt must be a whole number from 0 to 11, got 12"),
        (lambda: smollm2.draw(generation=10), "generation must be a whole number from 0 to 9, got 10"),
        (lambda: smollm2.draw(chain="mine"), "chain must be one of replace, sampling"),
        (lambda: smollm2.side_by_side("replace, sampling"), "chains must be a list"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call()


def test_the_readme_quotes_the_record():
    readme = (lessons.ROOT / "README.md").read_text("utf8")
    run = smollm2.recorded()["replace, sampling"]
    assert f"*{run.info['prompts'][7]} …*" in readme
    for generation in (0, 9):
        (quoted,) = re.findall(rf"^\| \*generation {generation}\* \| … (.*) \|$", readme, re.MULTILINE)
        assert len(quoted) > 100
        assert " ".join(smollm2.said("replace, sampling", generation, 7).split()).startswith(quoted)
