"""Exercises drawn by a class code: another way to each answer, and sheets that keep their secret."""

import re
import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import norm
from varied import EXERCISES
from vary_exercises import answer, draw, write

import lessons
from collapse_lessons import GaussianBatches, generations, stream, theory
from collapse_lessons.loop import DATA

CODES = [f"class {i}" for i in range(12)]
ALL = [(number, make) for number, makes in EXERCISES.items() for make in makes]


def numbers(text):
    """Return the numbers in a text."""
    return np.array([float(x) for x in re.findall(r"[\d.]+", text)])


def signed(text):
    return np.array([float(x) for x in text.split(", ")])


def first(condition):
    """Return the first whole number from 0 that satisfies the condition."""
    return next(i for i in range(100_000) if condition(i))


# The same answers by another way than the script's: what the tasks' numbers give by hand.
BY_HAND = {
    "repeated_blur": lambda sigma, copies: np.hypot.reduce([sigma] * copies),
    "still_there": lambda n: 1 - (1 - 1 / n) ** n,
    "spread_left": lambda n, percent: n / 2 * np.log(100 / percent),
    "mean_variance": lambda n, k: np.prod([(n - 1) / n] * k),
    "kept_variance": lambda n: np.prod(1 - 1 / (n * np.arange(1.0, 100_000) ** 2)),
    "missing_kind": lambda one_in, n: np.prod([(one_in - 1) / one_in] * n),
    "two_differ": lambda breeds, n, t: (
        (1 - np.sum((numbers(breeds) / numbers(breeds).sum()) ** 2)) * ((n - 1) / n) ** (t + 1)
    ),
    "last_kind": lambda n, counts: numbers(counts)[:2].sum() / n,
    "outgrown": lambda temperature, ratio, times: first(lambda t: ratio ** (1 / temperature**t) > times),
    "balance": lambda n, var: (var / (n - 1)) ** 0.5,
    "floor_of_variance": lambda n, reg_covar: (n - 1) * reg_covar,
    "reached": lambda real, samples: np.mean([np.abs(numbers(samples) - x).min() < 0.25 for x in numbers(real)]),
    "copies_needed": lambda sigma, width: round((width / sigma) ** 2),
    "held_by_the_original": lambda response, percent: percent / 100 * response / (1 - (1 - percent / 100) * response),
    "enough_fresh": lambda percent, sure: first(lambda m: (1 - percent / 100) ** m <= 1 - sure / 100 + 1e-12),
    "sharpened": lambda moss, honey, string, temperature: (
        1 / (1 + (honey / moss) ** (1 / temperature) + (string / moss) ** (1 / temperature))
    ),
    "perplexity_floor": lambda coins, heads, tokens: (
        heads ** (-coins * heads / tokens) * (1 - heads) ** (-coins * (1 - heads) / tokens)
    ),
    "as_unsure_as": lambda probs: np.prod(numbers(probs)) ** -0.25,
    "real_rows": lambda n, t: n / (t + 1),
    "repeated_runs": lambda word: sum(word.find(word[i : i + 4]) < i for i in range(len(word) - 3)) / (len(word) - 3),
    "moved_bulk": lambda first, last: (numbers(last) < sorted(numbers(first))[4]).sum() / 8,
    "chains_in_a_night": lambda hours, generations, training, writing: (
        first(lambda k: k * generations * (training / 60 + writing / 60) > hours + 1e-9) - 1
    ),
    "times_the_error": lambda n, percent: 1 / (1 - (1 - percent / 100) ** 2),
    "the_same_again": lambda n, percent: 1 + (percent / 100) / (1 + percent / 100),
    "true_share": lambda said, found, alarms: np.linalg.solve([[found, alarms], [1, 1]], [said, 1])[0],
    "foreign_tales": lambda labs, tales, foreign: foreign / (tales * (1 - 1 / labs)),
    "whole_library": lambda labs, within, between: (labs * within + labs * (labs - 1) * between) / labs**2,
    "accepted": lambda right, percent, times: (
        right * percent**times / (right * percent**times + (100 - right) * (100 - percent) ** times)
    ),
    "sooner": lambda growth, percent: -np.log(1 - percent / 100) / np.log(growth),
    "let_pass": lambda real, found, accused: (
        real * (100 - accused) / (real * (100 - accused) + (100 - real) * (100 - found))
    ),
    "marked_words": lambda green, z: np.ceil((z / (2 * (green / 100 - 0.5))) ** 2 - 1e-6),
    "width_of_the_interval": lambda differences: 2 * 2.5706 * signed(differences).std(ddof=1) / np.sqrt(6),
    "pairs_needed": lambda std, error: np.ceil((std / error) ** 2 - 1e-6),
}


def gone(percent, n, t):
    """The exact chance for a kind that is drawn t + 2 times, summed over the counts of the first draw."""
    rng = np.random.default_rng(0)
    counts = rng.binomial(n, percent / 100, 40_000)
    for _ in range(t + 1):
        counts = rng.binomial(n, counts / n)
    return (counts == 0).mean()


def tallest(percent, t):
    """The spread of the largest share, from the quantiles of a normal distribution."""
    numbers_ = norm.ppf((np.arange(1_000_000) + 0.5) / 1_000_000)
    return numbers_[-round(percent * 10_000) :].std() ** t


BY_HAND["colour_gone"] = gone
BY_HAND["keep_the_largest"] = tallest


@pytest.mark.parametrize(("number", "make"), ALL, ids=[make.__name__ for _, make in ALL])
def test_the_answer_comes_out_by_another_way_too(number, make):
    for code in CODES:
        exercise = draw(make, code)
        assert BY_HAND[make.__name__](**exercise.given) == pytest.approx(exercise.answer, rel=exercise.within or 1e-9)
        assert isinstance(exercise.answer, int | float)
        assert np.isfinite(exercise.answer)
        assert exercise.answer > 0
        assert "{" not in str(exercise)
        for value in exercise.given.values():
            assert str(value) in str(exercise) or f"{value:g}" in str(exercise)


@pytest.mark.parametrize(("number", "make"), ALL, ids=[make.__name__ for _, make in ALL])
def test_codes_give_different_numbers_and_the_same_code_the_same(number, make):
    tasks = {str(draw(make, code)) for code in CODES}
    assert len(tasks) >= 4
    assert len({round(draw(make, code).answer, 9) for code in CODES}) >= 3
    assert draw(make, CODES[0]) == draw(make, CODES[0])


def test_an_answer_agrees_with_the_loop():
    """Mean variance over 20,000 chains, within six standard errors, for a code whose fits are not too many."""
    (exercise,) = [e for e in (draw(EXERCISES["01"][1], code) for code in CODES) if e.given["k"] < 15][:1]
    n, k = exercise.given["n"], exercise.given["k"]
    model = GaussianBatches(n)
    real = model.summarise(stream(DATA, 0, 1).standard_normal((n, 20_000)))
    *_, last = generations(model, real, n_generations=k, seed=1)
    error = last.fitted.var_.std() / np.sqrt(20_000)
    assert abs(last.fitted.var_.mean() - exercise.answer) < 6 * error
    assert abs(theory.expected_var(k + 1, n) - exercise.answer) > error  # one fit off is another number


def test_every_lesson_has_at_least_two():
    assert {path.stem[:2] for path in lessons.PATHS} <= set(EXERCISES)
    assert all(len(makes) >= 2 for makes in EXERCISES.values())


def test_sheet_and_key_belong_together_and_the_sheet_keeps_the_secret():
    for code in CODES:
        sheet, key = write(code)
        mark = re.search(r"Sheet (\w{6})\.", sheet).group(1)
        assert f"sheet {mark}" in key
        assert code in key
        assert code not in sheet
        labels = [re.findall(r"^\*\*(\w+)\*\*", text, re.MULTILINE) for text in (sheet, key)]
        assert labels[0] == labels[1] == [f"A{i + 1}" for i in range(len(ALL))]
        for number, make in ALL:
            assert str(draw(make, code)) in sheet, number
            assert answer(draw(make, code)) in key
    sheets = {write(code)[0] for code in CODES}
    assert len(sheets) == len(CODES)
    assert write(CODES[0]) == write(CODES[0])


def test_a_formula_stands_where_the_task_says():
    prose = {
        path.stem[:2]: "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown")
        for path in lessons.PATHS
    }
    for number, make in ALL:
        if see := draw(make, CODES[0]).see:
            assert f"({'The formula stands in ' + see}.)" in str(draw(make, CODES[0]))
            named = re.search(r"section (\d)", see).group(1)
            section = re.search(rf"^## {named} · .*?(?=^## )", prose[number], re.MULTILINE | re.DOTALL).group()
            assert "$" in section or "(1 − " in section, "a formula"
            assert see.rpartition("*")[0].rpartition("*")[2] in section


def test_the_range_that_counts_as_right():
    exercise = draw(EXERCISES["06"][0], "a")
    low, high = (float(x) for x in re.search(r"from ([\d.]+) to ([\d.]+)", answer(exercise)).groups())
    assert low < exercise.answer < high
    assert "from" not in answer(draw(EXERCISES["04"][0], "a")), "whole numbers are right or wrong"


def test_some_lessons_only():
    sheet, _ = write("a", ["02", "01"])
    assert re.findall(r"^## Lesson (\d\d)", sheet, re.MULTILINE) == ["01", "02"]


@pytest.mark.parametrize(("code", "numbers_", "said"), [(" ", ["01"], "class-code must be"), ("a", ["77"], "got 77")])
def test_bad_input(code, numbers_, said):
    with pytest.raises(ValueError, match=said):
        write(code, numbers_)


def test_the_command_says_what_is_wrong():
    command = [
        sys.executable,
        str(lessons.ROOT / "scripts" / "publish" / "vary_exercises.py"),
        "--class-code",
        "a",
        "--lessons",
        "77",
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 2
    assert "lessons must be among 00, 01" in run.stderr
    assert "Traceback" not in run.stderr
