"""Plots: the data that went in are on the Axes that come out, labelled, and never told apart by colour alone."""

import base64
import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.mixture import GaussianMixture

from collapse_lessons import plots
from collapse_lessons.worlds.encyclopedia import Encyclopedia

CHAINS = np.random.default_rng(0).random((6, 40))


@pytest.fixture
def shown(monkeypatch):
    """What `show` displays, as (data, metadata)."""
    displayed = []
    monkeypatch.setattr("collapse_lessons.plots.pages.get_ipython", object)
    monkeypatch.setattr(
        "collapse_lessons.plots.pages.display",
        lambda data, metadata=None, raw=False: displayed.append((data, metadata or {})),
    )
    return displayed


@pytest.mark.parametrize("pass_axes", [False, True])
def test_show_displays_a_picture_with_alt_text_and_its_description(shown, pass_axes):
    figure, ax = plt.subplots()
    plots.show(ax if pass_axes else figure, "Chains die <quickly>.", "Grey lines & a blue one.")
    (picture, metadata), (words, _) = shown
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert metadata == {"image/png": {"alt": "Grey lines & a blue one."}}
    assert words["text/plain"] == "Chains die <quickly>."
    assert "<em>Chains die &lt;quickly&gt;.</em>" in words["text/html"]
    assert "Grey lines &amp; a blue one." in words["text/html"]
    assert not plt.get_fignums()  # nothing is shown twice, and nothing is left in memory


def test_in_a_script_the_words_are_printed_and_not_the_bytes_of_the_picture(capsys):
    plots.show(plt.figure(), "Chains die.", "Grey lines.")
    plots.quotes(pd.DataFrame({"a": ["b"]}), "Read it.")
    assert capsys.readouterr().out == "Figure: Chains die.\nChains die.\nTable: Read it.\n"


def test_the_style_tells_lines_apart_by_dashes_as_well_as_colour():
    with plt.rc_context():
        plots.use_style()
        plots.use_style()
        cycle = plt.rcParams["axes.prop_cycle"].by_key()
        assert cycle["color"][:6] == plots.PALETTE
        assert len({str(style) for style in cycle["linestyle"][:6]}) == 6
        assert len({(color, str(style)) for color, style in zip(*cycle.values(), strict=True)}) == plots.MOST_LINES
    assert len(set(plots.MARKERS)) == len(plots.DASHES) == 6


def test_fan_draws_some_chains_the_middle_half_and_the_median():
    ax = plots.fan(CHAINS, n_lines=5, start=10)
    crowd, median = ax.get_lines()
    x, y = crowd.get_data()
    assert np.isnan(y).sum() == 5  # where the pen is lifted between two chains
    assert np.allclose(y[~np.isnan(y)], CHAINS[:, :5].T.ravel())
    assert np.array_equal(x[:6], np.arange(10, 16))
    assert np.allclose(median.get_ydata(), np.median(CHAINS, axis=1))
    corners = ax.collections[0].get_paths()[0].vertices[:, 1]
    assert np.isclose(corners.min(), np.quantile(CHAINS, 0.25, axis=1).min())
    assert np.isclose(corners.max(), np.quantile(CHAINS, 0.75, axis=1).max())
    assert ax.get_legend_handles_labels()[1] == ["one chain", "middle half", "median"]


def test_fan_draws_fewer_chains_than_lines():
    assert np.isnan(plots.fan(CHAINS[:, :2]).get_lines()[0].get_ydata()).sum() == 2


@pytest.mark.parametrize("x", [None, np.arange(6) / 10])
def test_curves_draw_each_line_in_a_style_of_its_own(x):
    lines = {f"line {i}": CHAINS[:, i] for i in range(6)}
    drawn = plots.curves(lines, x=x).get_lines()
    for line, (label, y) in zip(drawn, lines.items(), strict=True):
        assert line.get_label() == label
        assert np.array_equal(line.get_ydata(), y)
        assert np.array_equal(line.get_xdata(), np.arange(6) if x is None else x)
    assert len({line.get_color() for line in drawn}) == 6
    assert len({str(line._dash_pattern) for line in drawn}) == 6


def test_theory_is_black_dotted_and_on_top():
    _, ax = plt.subplots()
    plots.curves({"simulated": CHAINS[:, 0]}, ax)
    assert plots.theory(np.arange(6), CHAINS[:, 0], ax, "exact") is ax
    curve = ax.get_lines()[-1]
    assert (curve.get_color(), curve.get_label()) == ("black", "exact")
    assert curve.get_zorder() > ax.get_lines()[0].get_zorder()
    assert curve.is_dashed()


def test_bands_are_means_over_seeds():
    rows = pd.DataFrame(
        [(r, s, g, r * g + s) for r in (1, 2) for s in range(5) for g in range(4)],
        columns=["recipe", "seed", "generation", "std"],
    )
    rows["recipe"] = rows["recipe"].map({1: "replace", 2: "accumulate"})
    ax = plots.bands(rows, "std")
    first, second = (line for line in ax.get_lines() if len(line.get_xdata()))
    assert np.allclose(first.get_ydata(), 2 + np.arange(4))
    assert np.allclose(second.get_ydata(), 2 + 2 * np.arange(4))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["replace", "accumulate"]


def test_strip_shows_pictures_under_their_titles():
    pictures = [np.full((4, 6, 3), value) for value in (-0.5, 0.5, 1.5)]
    axes = plots.strip(pictures, ["a", "b", "c"])
    assert [ax.get_title() for ax in axes] == ["a", "b", "c"]
    assert [ax.images[0].get_array().max() for ax in axes] == [0, 0.5, 1]  # clipped to what a screen can show
    own = plt.subplots(1, 3)[1]
    assert plots.strip(pictures, ["a", "b", "c"], own) is own


def test_clouds_share_the_axes_of_the_first_and_count_what_leaves_them():
    square = np.array([[0.0, 0], [1, 1], [0.5, 0.5]])
    axes = plots.clouds([square, square * 3], ["real", "later"])
    assert axes[0].get_xlim() == axes[1].get_xlim() == (-0.15, 1.15)
    assert [[text.get_text() for text in ax.texts] for ax in axes] == [[], ["2 outside"]]
    assert np.array_equal(axes[1].collections[0].get_offsets(), square * 3)


def test_wall_writes_every_word_in_the_look_of_its_group():
    words, group = [f"word {i}" for i in range(13)], [i % 2 for i in range(13)]
    ax = plots.wall(words, group, [{"color": "red"}, {"fontweight": "bold"}], columns=3)
    written = "\n".join(text.get_text() for text in ax.texts).split("\n")
    assert sorted(word for word in written if word.strip()) == sorted(words)
    for text in ax.texts:
        groups = {group[words.index(word)] for word in text.get_text().split("\n") if word.strip()}
        assert groups <= {0} or groups <= {1}
        assert (text.get_color() == "red") == (groups == {0})


def test_ellipses_have_the_axes_of_the_components():
    mixture = GaussianMixture(1).fit(np.random.default_rng(0).normal(size=(50, 2)))
    mixture.means_, mixture.covariances_ = np.array([[1.0, 2.0]]), np.array([[[1.0, 0.0], [0.0, 9.0]]])
    _, ax = plt.subplots()
    plots.ellipses(mixture, ax)
    collection = ax.collections[0]
    assert np.allclose(collection.get_offsets(), [[1, 2]])
    assert sorted(np.ravel([collection.get_widths(), collection.get_heights()])) == [4, 12]  # two deviations each side


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plots.fan(CHAINS, ax),
        lambda ax: plots.curves({"a": CHAINS[0]}, ax),
        lambda ax: plots.theory(CHAINS[0], CHAINS[0], ax),
        lambda ax: plots.bands(pd.DataFrame({"recipe": ["a"], "generation": [0], "std": [1.0]}), "std", ax),
        lambda ax: plots.wall(["a"], [0], [{}], ax),
    ],
)
def test_plots_draw_on_the_axes_they_are_given(draw):
    figure, ax = plt.subplots()
    assert draw(ax) is ax
    assert plt.get_fignums() == [figure.number]
    assert isinstance(ax.figure, Figure)


@pytest.mark.parametrize("shape", [(8, 8), (4, 6, 3)])
def test_a_sheet_has_a_column_for_each_generation_and_keeps_pixels_sharp(shape):
    samples = np.random.default_rng(0).random((3, 5, *shape))
    ax = plots.sheet(list(samples), ["v1", "v2", "v3"], n_shown=2)
    drawn = ax.images[0].get_array()
    h, w = shape[:2]
    assert drawn.shape[:2] == (2 * (h + 1), 3 * (w + 1))
    assert np.array_equal(drawn[h + 1 : 2 * h + 1, 2 * (w + 1) : 3 * w + 2], samples[2, 1])
    assert ax.images[0].get_interpolation() == "nearest"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["v1", "v2", "v3"]
    with pytest.raises(ValueError, match="titles must be one for each of 3, got 1: match"):
        plots.sheet(list(samples), ["v1"])
    with pytest.raises(ValueError, match="n_shown must be at most 5 pictures a set, got 6: "):
        plots.sheet(list(samples), ["v1", "v2", "v3"])


def test_ratios_write_every_number_and_tell_less_from_more():
    table = pd.DataFrame([[1.0, 0.5], [2.5, 12.0]], index=[30, 60], columns=[0.0, 0.5])
    ax = plots.ratios(table.rename_axis(index="real", columns="share"), table * 0 + 0.1)
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.50", "2.50", "12"]
    assert [text.get_fontweight() for text in ax.texts] == ["normal", "bold", "normal", "normal"]
    same, less, more, _ = ax.images[0].to_rgba(ax.images[0].get_array()).reshape(-1, 4)
    assert same[:3].min() > 0.9  # white
    assert less[2] > less[1]  # violet
    assert more[0] > more[2]  # orange
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("share", "real")


def test_ratios_are_bold_only_where_they_are_below_1_by_two_standard_errors():
    table = pd.DataFrame([[0.9, 0.9, 0.99, 1.1]])
    ax = plots.ratios(table, pd.DataFrame([[0.04, 0.06, 0.0, 0.0]]))
    assert [text.get_fontweight() for text in ax.texts] == ["bold", "normal", "bold", "normal"]


@pytest.mark.parametrize(
    "label", ["$\\frac$", "$", "costs $5 to $6", "a_b^{", "\\", "{0.__class__}", "two\nlines", "emoji 🌱"]
)
def test_a_label_with_half_a_formula_in_it_does_not_lose_the_figure(label):
    ax = plots.curves({label: [1.0, 2.0]})
    ax.legend()
    ax.set_title(label)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a font may lack a letter
        assert plots.png(ax).startswith(b"\x89PNG")


def test_a_right_formula_is_still_set_as_one():
    ax = plots.curves({"a": [1.0, 2.0]})
    ax.set_title("$\\sqrt{n}$")
    plots.png(ax)
    assert ax.get_title() == "$\\sqrt{n}$"
    assert ax.title.get_parse_math()


def test_cells_of_quotes_are_shown_as_text_and_only_our_own_marks_mean_something(shown):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)> & <del onclick=x>"
    world = Encyclopedia()
    marked = world.marked("The velvet tumblin is a large blue mouse of Hobb. It is & it.")
    index = pd.Index(["<i>", "x", "y"], name=evil)
    plots.quotes(
        pd.DataFrame({"a<b": [evil, marked, "<b>one</b><br>two"]}, index).rename_axis(columns=evil), "Read <it>."
    )
    html = shown[0][0]["text/html"]
    assert "&lt;script&gt;" in html
    assert "&lt;del onclick=x&gt;" in html
    assert "<del>blue</del>" in html
    assert "<i>It is &amp; it.</i>" in html
    assert "<b>one</b><br>two" in html
    assert not re.search("<(?!/?(table|thead|tbody|tr|th|td|p|em|del|i|b|br|div)\\b)", html)
    assert "onerror=alert(1)&gt;" in html


@pytest.mark.parametrize("draw", [plots.curves, None])
def test_more_than_six_lines_do_not_repeat_their_look_and_too_many_are_refused(draw):
    def drawn(n):
        names = [f"line {i}" for i in range(n)]
        if draw:
            return draw({name: [1.0, 2.0] for name in names})
        rows = [(name, t, float(i)) for i, name in enumerate(names) for t in (0, 1)]
        return plots.bands(pd.DataFrame(rows, columns=["recipe", "generation", "std"]), "std")

    lines = [line for line in drawn(20).get_lines() if len(line.get_xdata())]
    looks = {(line.get_color(), str(line.get_linestyle()), str(line._dash_pattern)) for line in lines}
    assert len(looks) == 20
    with pytest.raises(ValueError, match="must be at most 36 lines, got 37: nobody"):
        drawn(37)


def test_a_name_that_a_legend_leaves_out_in_silence_is_refused():
    rows = pd.DataFrame({"recipe": ["_mine", "replace"], "generation": [0, 0], "std": [1.0, 2.0]})
    for draw in (lambda: plots.curves({"_mine": [1.0, 2.0]}), lambda: plots.bands(rows, "std")):
        with pytest.raises(ValueError, match="must begin with no underscore, got '_mine': a legend leaves such out"):
            draw()


def test_bands_of_few_seeds_reach_from_the_lowest_to_the_highest():
    rows = pd.DataFrame(
        [("a", s, t, s + t) for s in (0.0, 1.0, 5.0) for t in (0, 1)], columns=["recipe", "seed", "generation", "y"]
    )
    (band,) = plots.bands(rows, "y", middle=1).collections
    assert sorted(set(band.get_paths()[0].vertices[:, 1])) == [0, 1, 5, 6]
    with pytest.raises(ValueError, match=r"middle must be a number from 0 to 1, got 90: 0.9 leaves out a seed in ten"):
        plots.bands(rows, "y", middle=90)


def test_bands_leave_out_nothing_in_silence():
    rows = pd.DataFrame({"recipe": ["a", "b"] * 2, "generation": [0, 0, 1, 1], "std": [1.0, 2.0, 3.0, 4.0]})
    for wrong, message in (
        ({"recipe": ["a", None] * 2}, "rows must say in recipe whose each row is, got 2 without"),
        ({"std": [1.0, 2.0, np.inf, 4.0]}, "must hold finite numbers, got 1 NaN or infinite"),
        ({"std": [1.0, 2.0, 3j, 4.0]}, "rows must have numbers in std, got complex128"),
    ):
        with pytest.raises(ValueError, match=message):
            plots.bands(rows.assign(**wrong), "std")
    with pytest.raises(ValueError, match="rows must have each column once, got generation, std, recipe again"):
        plots.bands(pd.concat([rows, rows], axis=1), "std")
    categories = pd.Categorical(rows["recipe"], categories=["b", "a", "never run"])
    legend = plots.bands(rows.assign(recipe=categories), "std").get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["b", "a"]


def test_one_generation_and_one_value_are_drawn_without_a_warning():
    plots.fan(np.ones((1, 3)))
    low, high = plots.clouds([np.ones((5, 2))], ["all alike"])[0].get_xlim()
    assert low < 1 < high


def test_ratios_and_their_errors_are_not_matched_by_place():
    table = pd.DataFrame([[0.5, 2.0]], columns=["a", "b"])
    with pytest.raises(ValueError, match="error must have table's rows and columns in table's order, got others"):
        plots.ratios(table, pd.DataFrame([[9.0, 0.1]], columns=["b", "a"]))


def test_bytes_are_not_drawn_as_if_they_were_shares():
    with pytest.raises(TypeError, match="pictures must be floats from 0 to 1, got uint8: divide bytes by 255"):
        plots.strip([np.full((4, 4, 3), 200, np.uint8)], ["a"])
