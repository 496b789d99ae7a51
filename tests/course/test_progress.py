"""The reader's calibration and their page: nothing a reader typed or a disk did makes them fail or misbehave."""

from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from collapse_lessons.course import lesson, progress
from collapse_lessons.course.exercises import lesson_06
from collapse_lessons.course.kept import append

HOSTILE = '<script>alert("1")</script> & </td> "quoted"'


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "kept"))
    return tmp_path / "kept"


def made(sure, hit):
    return pd.DataFrame({"sure": sure, "hit": hit}).astype({"hit": object})


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    VOID = ("meta", "img")

    def __init__(self, source):
        super().__init__()
        self.elements, self.text, self.open = [], "", []
        self.feed(source)
        assert not self.open, "an element is not closed"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text += data

    def tags(self):
        return [tag for tag, _ in self.elements]


def check_accessible(source):
    page = Page(source)
    assert source.startswith("<!DOCTYPE html>")
    assert dict(page.elements)["html"] == {"lang": "en"}
    assert ("meta", {"charset": "utf-8"}) in page.elements
    headings = [int(tag[1]) for tag in page.tags() if tag in ("h1", "h2", "h3")]
    assert headings[0] == 1
    assert headings[1:] == [2, 2, 2]
    assert "title" in page.tags()
    assert not {"script", "link", "iframe", "a", "object", "form"} & set(page.tags()), "nothing leaves the page"
    for tag, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        if tag == "img":
            assert attributes["src"].startswith("data:image/png;base64,")
            assert len(attributes["alt"]) > 60
        if tag == "th":
            assert attributes["scope"] in ("row", "col")
    assert page.tags().count("table") == page.tags().count("caption")
    return page


# --- calibration ---------------------------------------------------------------------------------------------------


def test_groups_and_their_intervals():
    kept = made([0.5, 0.5, 0.6, 0.8, 0.9, 1.0, 1.0, np.nan], [True, False, True, True, False, True, True, True])
    groups = progress.calibration(kept)
    assert list(groups["n"]) == [2, 1, 1, 3]
    assert list(groups["hits"]) == [1, 1, 1, 2]
    assert np.allclose(groups["sure"], [0.5, 0.6, 0.8, 2.9 / 3])
    # Wilson's interval from its formula
    n, p, z = 3, 2 / 3, stats.norm.ppf(0.95)
    middle, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert np.allclose(
        groups.loc[3, ["low", "high"]].astype(float), np.array([middle - half, middle + half]) / (1 + z**2 / n)
    )


def test_nothing_at_all():
    assert len(progress.calibration(lesson.predictions())) == 0
    assert progress.statement(lesson.predictions()).startswith("No predictions yet. In any lesson, write yours")
    assert "None yet" in progress.draw(lesson.predictions())[2]


def test_without_confidence_there_is_nothing_to_compare():
    said = progress.statement(made([np.nan, np.nan], [True, False]))
    assert said.startswith("2 predictions, 1 right. None says how sure you were")


def test_few_predictions_are_called_few():
    said = progress.statement(made([0.8], [False]))
    assert said.startswith("1 prediction with a confidence: 0.8 expected to be right, 0 were. That is too few")
    assert "too few" in progress.statement(made([0.9] * 9, [False] * 9))


def test_luck_is_told_from_overconfidence():
    assert progress.statement(made([0.8] * 20, [True] * 15 + [False] * 5)).endswith("so your confidence fits.")
    assert progress.statement(made([0.8] * 20, [True] * 8 + [False] * 12)).endswith("surer than you were right.")
    assert "you knew more" in progress.statement(made([0.5] * 20, [True] * 19 + [False]))
    assert "surer than you were right" in progress.statement(made([1.0] * 20, [True] * 18 + [False] * 2))


def test_the_line_between_luck_and_overconfidence_is_two_standard_deviations():
    """Of 20 predictions at 80% the number of hits has a standard deviation of 1.79: 12 of 16 is luck, 11 is not."""
    assert progress.statement(made([0.8] * 20, [True] * 12 + [False] * 8)).endswith("so your confidence fits.")
    assert progress.statement(made([0.8] * 20, [True] * 11 + [False] * 9)).endswith("surer than you were right.")
    assert "too few" not in progress.statement(made([0.8] * 10, [True] * 8 + [False] * 2))


def test_a_confidence_that_is_none_counts_for_nothing():
    groups = progress.calibration(made([0.5, 1.5, -1, "x", None], [True] * 5))
    assert list(groups["n"]) == [1]


def test_a_lesson_is_done_with_three_predictions_and_three_exercises_that_exist():
    def verdict(predictions, solved):
        for i in range(predictions):
            lesson.compare(f"06.{i}", "a", "a")
        for name in solved:
            append("solved.jsonl", {"lesson": "06", "exercise": name})
        row = progress.lessons_table().set_index("lesson").loc["06"]
        page = progress.page(lesson.predictions(), progress.lessons_table(), "")
        return row["solved"], f"1 of {len(progress.lessons_table())} lessons done" in page

    assert verdict(3, ["floor", "why_truer", "an exercise of an earlier edition"]) == (2, False)
    assert verdict(0, ["sharpened"]) == (3, True)


def test_a_calibrated_reader_is_rarely_accused():
    """Of 500 readers luck takes some 4% past two standard deviations; six standard errors more make 10%."""
    rng = np.random.default_rng(0)
    accused = 0
    for _ in range(500):
        sure = rng.uniform(0.5, 1, 40)
        accused += "not enough" in progress.statement(made(sure, rng.random(40) < sure))
    assert accused / 500 < 0.10


def test_the_figure_shows_the_groups():
    kept = made([0.5] * 4 + [0.9] * 6, [True, False] * 5)
    figure, description, alt = progress.draw(kept, "A test")
    (ax,) = figure.axes
    assert description.startswith("A test: ")
    assert "2 of 4 right when 50% sure" in alt
    assert "3 of 6 right when 90% sure" in alt
    assert {"2 of 4", "3 of 6"} <= {text.get_text().strip() for text in ax.texts}
    plt.close(figure)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: progress.calibration(pd.DataFrame({"hit": [True]})),
            "kept must have the columns hit, sure, got no sure: lesson",
        ),
        (lambda: progress.calibration(made([0.5], [True]), level=2), "level must be a number"),
        (lambda: progress.draw([1]), r"kept must be a DataFrame, got \[1\]"),
        (lambda: progress.report("page.txt"), r"path must be a file name that ends in .html, got 'page.txt': try"),
        (lambda: progress.report(3), r"path must be a file name that ends in .html, got 3: try"),
        (lambda: progress.report(name=7), "name must be text, got 7: write it in quotes"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


# --- the page ------------------------------------------------------------------------------------------------------


def test_a_page_before_the_first_lesson(home):
    path = progress.report()
    assert path == (home / "report.html").resolve()
    page = check_accessible(path.read_text("utf8"))
    assert "No predictions yet" in page.text
    assert "0 predictions, 0 of them right; 0 exercises solved" in page.text
    assert "img" not in page.tags()
    assert page.text.count("not yet") >= 8, "a row for every lesson"


def test_a_page_with_everything(home, capsys):
    for i in range(12):
        lesson.compare(f"06.{i}", "a", "a" if i % 3 else "b", sure=0.7)
    lesson.compare("01.1", 0.5, 0.48123)
    for check, answer in ((lesson_06.floor, 1.11), (lesson_06.why_truer, "b"), (lesson_06.sharpened, 0.78)):
        check(answer)
    table = progress.lessons_table().set_index("lesson")
    assert tuple(table.loc["06"]) == (12, 8, 3, 4)
    assert tuple(table.loc["01"])[:3] == (1, 1, 0)
    page = check_accessible(progress.report(home / "mine.html", "Ada Lovelace").read_text("utf8"))
    assert "Model collapse: the course of Ada Lovelace" in page.text
    assert "1 of " in page.text
    assert "13 predictions, 9 of them right; 3 exercises solved" in page.text
    assert "0.481" in page.text
    assert page.tags().count("img") == 1


def test_what_a_reader_wrote_is_text_and_never_markup(home, capsys):
    lesson.compare(HOSTILE, HOSTILE, HOSTILE, sure=0.5)
    lesson.compare("02.1", "a", HOSTILE, sure=0.5)
    append("predictions.jsonl", {"question": ["<b>"], "prediction": None, "result": {"<i>": 1}, "sure": "<u>"})
    page = check_accessible(progress.page(lesson.predictions().astype(object), progress.lessons_table(), HOSTILE))
    assert page.text.count(HOSTILE) >= 4
    assert not {"b", "i", "u"} & set(page.tags())


def test_an_earlier_page_is_written_over(home):
    first = progress.report().read_text("utf8")
    lesson.compare("02.1", "a", "a", sure=0.5)
    assert progress.report().read_text("utf8") != first


def test_a_place_one_cannot_write_to_is_named(tmp_path):
    (tmp_path / "a file").write_text("")
    for place in (tmp_path / "nowhere" / "page.html", tmp_path / "a file" / "page.html"):
        with pytest.raises(ValueError, match=r"path must be a place one can write to, got .*page\.html.*: try another"):
            progress.report(place)


def test_a_name_that_no_file_can_hold_is_named_or_replaced(home):
    with pytest.raises(ValueError, match="path must be a place one can write to"):
        progress.report("a\0b.html")
    assert "course of ?" in progress.report(name="\ud800").read_text("utf8")


def test_every_lesson_with_exercises_has_its_row():
    table = progress.lessons_table()
    assert list(table["lesson"][:3]) == ["00", "01", "02"]
    assert (table["exercises"] >= 3).all()
    assert (table[["predictions", "right", "solved"]] == 0).all(axis=None)
