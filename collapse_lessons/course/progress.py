"""How the reader did: the calibration of their predictions, and a page to keep. Nothing leaves the machine."""

import ast
import base64
import os
from collections import Counter
from datetime import date
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import binomtest

import collapse_lessons
from collapse_lessons import checks, plots
from collapse_lessons.course import lesson
from collapse_lessons.course.answers import is_number
from collapse_lessons.course.self_check import solved
from collapse_lessons.home import home

EDGES = [0, 0.6, 0.75, 0.9, 1]  # few groups: a reader makes some forty predictions in the whole course
ENOUGH = 10  # predictions; below that, luck is all one can see
LESSON = ["Lesson", "Predictions", "Right", "Exercises solved", "Done"]
QUESTION = ["Question", "Predicted", "Came out", "How sure", "Verdict"]


def calibration(kept: pd.DataFrame, level: float = 0.9) -> pd.DataFrame:
    """Return how often the reader was right in groups of similar confidence; predictions without one are left out.

    Parameters
    ----------
    kept : DataFrame
        Predictions, with the columns hit and sure, as `lesson.predictions()` returns them.

    Returns
    -------
    DataFrame with, for each group: sure (the mean confidence), n, hits, share, and the ends low and high of Wilson's
    confidence interval for the share.
    """
    kept = _with_confidence(kept)
    level = checks.number("level", level, 1e-6, 1 - 1e-6, "0.9 is usual")
    rows = []
    for _, group in kept.groupby(pd.cut(kept["sure"], EDGES, right=False, labels=False).fillna(len(EDGES) - 2)):
        n, hits = len(group), int(group["hit"].sum())
        ends = binomtest(hits, n).proportion_ci(level, method="wilson")
        rows.append((group["sure"].mean(), n, hits, hits / n, ends.low, ends.high))
    return pd.DataFrame(rows, columns=["sure", "n", "hits", "share", "low", "high"])


def statement(kept: pd.DataFrame) -> str:
    """Return in a sentence or two what the predictions say about the reader's confidence, and what they can't say."""
    if not len(checks.table("kept", kept, ["hit", "sure"], "lesson.predictions() returns it")):
        return (
            "No predictions yet. In any lesson, write yours in place of the ... behind `prediction =`, say how sure "
            "you are, run the cell and the ones below it, and come back."
        )
    made, right = _count(len(kept), "prediction"), _right(kept).sum()
    kept = _with_confidence(kept)
    if not len(kept):
        return (
            f"{made}, {right} right. None says how sure you were, so there is nothing to compare: fill in `sure =` "
            "too, 0.8 if you would be right four times in five."
        )
    expected, hits = kept["sure"].sum(), int(kept["hit"].sum())
    luck = np.sqrt((kept["sure"] * (1 - kept["sure"])).sum())  # the standard deviation of the number of hits
    said = f"{_count(len(kept), 'prediction')} with a confidence: {expected:.1f} expected to be right, {hits} were. "
    if len(kept) < ENOUGH:
        return said + f"That is too few to judge by: wait until there are {ENOUGH} or more."
    if abs(hits - expected) <= 2 * luck + 0.5:
        return said + f"Luck moves this count by {2 * luck:.1f} either way, so your confidence fits."
    verdict = "you were surer than you were right" if hits < expected else "you knew more than you trusted yourself to"
    return said + f"Luck moves this count by {2 * luck:.1f} either way, and that is not enough: {verdict}."


def draw(kept: pd.DataFrame, who: str = "Your predictions"):
    """Draw how often predictions came true against how sure their author was, with the line of perfect calibration.

    Returns
    -------
    figure, description, alt
    """
    checks.text("who", who, "say whose predictions they are")
    groups, single = calibration(kept), _with_confidence(kept)
    figure, ax = plt.subplots(figsize=(6.4, 4.6), layout="constrained")
    plots.theory(np.array([0, 1]), np.array([0, 1]), ax, "as sure as right")
    error = np.abs(groups[["low", "high"]].to_numpy().T - groups["share"].to_numpy()).reshape(2, -1)
    ax.errorbar(
        groups["sure"], groups["share"], error, color=plots.BLUE, ls="", marker="o", ms=8, capsize=4, zorder=20,
        label="share right, with its 90% interval",
    )  # fmt: skip
    for row in groups.itertuples():
        ax.annotate(
            f" {row.hits} of {row.n}",
            (row.sure, row.share),
            (8, -4),
            textcoords="offset points",
            fontsize=10,
            zorder=30,
        )
    for hit, y, marker, word in ((True, 1.08, "^", "right"), (False, -0.08, "v", "wrong")):
        sure, label = single["sure"][single["hit"] == hit], f"one prediction, {word}"
        where = np.full(len(sure), y)
        ax.plot(sure, where, color="0.45", ls="", marker=marker, ms=6, alpha=0.5, clip_on=False, label=label)
    ax.set(xlabel="how sure", ylabel="how often right", xlim=(-0.02, 1.12), ylim=(-0.14, 1.14))
    ax.set(xticks=np.linspace(0, 1, 6), yticks=np.linspace(0, 1, 6), title=who)
    ax.legend(loc="upper left", fontsize=9, bbox_to_anchor=(0, 0.92))
    said = [f"{row.hits} of {row.n} right when {row.sure:.0%} sure" for row in groups.itertuples()]
    description = f"{who}: above the dotted line one is right more often than one is sure, below it less often."
    alt = (
        f"The share of predictions that came true against how sure their author was. {'; '.join(said) or 'None yet'}. "
        "A dotted diagonal marks perfect calibration. Triangles at the top and the bottom are single hits and misses."
    )
    return figure, description, alt


def lessons_table() -> pd.DataFrame:
    """Return a row for every lesson: predictions made and right, exercises solved and in all.

    A lesson has a file of exercises in the package, and an exercise is a function of `answer` in it.
    """
    kept, done = lesson.predictions(), solved()
    made, right = (Counter(part["question"].astype(str).str[:2]) for part in (kept, kept[_right(kept)]))
    rows = []
    for path in sorted((Path(__file__).parent / "exercises").glob("lesson_*.py")):
        name = path.stem.removeprefix("lesson_")
        functions = [node for node in ast.parse(path.read_text("utf8")).body if isinstance(node, ast.FunctionDef)]
        known = {f.name for f in functions if [argument.arg for argument in f.args.args] == ["answer"]}
        rows.append((name, made[name], right[name], len(known & set(_of(done, name))), len(known)))
    return pd.DataFrame(rows, columns=["lesson", "predictions", "right", "solved", "exercises"])


def _of(solved, name):
    return solved["exercise"][solved["lesson"] == name].astype(str)


def report(path: str | Path | None = None, name: str = "") -> Path:
    """Write one self-contained HTML page on what the reader has done, and return its path.

    Parameters
    ----------
    path : str or Path, optional
        Ends in .html; an earlier page there is written over. By default report.html beside the predictions.
    name : str
        Whose page it is; it may stay empty.
    """
    path = home() / "report.html" if path is None else path
    if not isinstance(path, str | Path) or Path(path).suffix.lower() != ".html":
        raise ValueError(f"path must be a file name that ends in .html, got {checks.shown(path)}: try 'my course.html'")
    path = Path(os.path.expanduser(path))
    written = page(lesson.predictions(), lessons_table(), name).encode(errors="replace")
    try:
        if path.parent == home():
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)
    except (OSError, ValueError) as error:  # the second for a name that no file can have
        raise ValueError(f"path must be a place one can write to, got {str(path)!r} ({error}): try another") from error
    return path.resolve()


def page(kept: pd.DataFrame, lessons: pd.DataFrame, name: str = "") -> str:
    """Return that page as HTML: one file without scripts, links or foreign fonts. Whatever a reader wrote is escaped.

    Parameters
    ----------
    kept : DataFrame
        As `lesson.predictions()` returns them.
    lessons : DataFrame
        As `lessons_table()` returns it.
    """
    checks.table("kept", kept, ["question", "prediction", "result", "hit", "sure"], "lesson.predictions() returns it")
    table = ["lesson", "predictions", "right", "solved", "exercises"]
    checks.table("lessons", lessons, table, "lessons_table() returns it")
    if not isinstance(name, str):
        raise TypeError(f"name must be text, got {checks.shown(name)}: write it in quotes, or leave it out")
    title = f"Model collapse: the course of {name.strip()}" if name.strip() else "Model collapse: my course"
    right = _right(kept)
    done = (lessons["predictions"] >= 3) & (lessons["solved"] >= 3)
    summary = (
        f"{done.sum()} of {len(lessons)} lessons done; {_count(len(kept), 'prediction')}, {right.sum()} of them right; "
        f"{_count(lessons['solved'].sum(), 'exercise')} solved."
    )
    by_lesson = lessons.assign(
        solved=lessons["solved"].astype(str) + " of " + lessons["exercises"].astype(str),
        exercises=np.where(done, "yes", "not yet"),
    )
    by_question = pd.DataFrame(
        {
            "question": kept["question"],
            "predicted": kept["prediction"],
            "came out": [f"{value:.3g}" if is_number(value) else value for value in kept["result"]],
            "sure": ["" if pd.isna(sure) else f"{sure:.0%}" for sure in pd.to_numeric(kept["sure"], errors="coerce")],
            "verdict": np.where(right, "right", "not right"),
        }
    )
    figure = ""
    if len(_with_confidence(kept)):
        drawn, _, alt = draw(kept)
        picture = base64.b64encode(plots.png(drawn)).decode()
        figure = f'<img src="data:image/png;base64,{picture}" alt="{escape(alt)}">'
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; }}
body {{ max-width: 44rem; margin: 0 auto; padding: 1rem; }}
main {{ border: 3px double #0072B2; padding: 1rem 1.5rem; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.2rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; width: 100%; }} caption {{ text-align: left; padding: .3rem 0; }}
th, td {{ text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #888; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; }}
</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>{date.today():%d %B %Y}. {summary}</p>
<h2>Lessons</h2>
{_table(by_lesson, "A lesson is done from three predictions and three solved exercises on.", LESSON)}
<h2>How sure, and how often right</h2>
<p>{escape(statement(kept))}</p>
{figure}
<h2>Every prediction</h2>
{_table(by_question, "The first answer to each question counts.", QUESTION) if len(kept) else "<p>None yet.</p>"}
<p>Written by the reader's own machine with collapse_lessons {collapse_lessons.__version__}; nobody has marked it.</p>
</main>
</body>
</html>
"""


def _table(rows, caption, heads):
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "\n".join(
        f'<tr><th scope="row">{escape(str(first))}</th>' + "".join(f"<td>{escape(str(v))}</td>" for v in rest) + "</tr>"
        for first, *rest in rows.to_numpy(dtype=object)
    )
    return f"<table>\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _count(n, noun):
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _right(kept):
    return kept["hit"].isin([True])  # the file can be edited by hand, and then hold anything


def _with_confidence(kept):
    checks.table("kept", kept, ["hit", "sure"], "lesson.predictions() returns it")
    kept = kept.assign(sure=pd.to_numeric(kept["sure"], errors="coerce"), hit=_right(kept))
    return kept[kept["sure"].between(0, 1)]
