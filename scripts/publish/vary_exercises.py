"""Write a sheet of exercises whose numbers depend on a class code, and the key to it.

usage: python scripts/publish/vary_exercises.py --class-code "a phrase only you know" [--lessons 01 02 ...]

The sheet, build/exercises.md, and the key, build/exercises_key.md, carry the same mark, which shows that they belong
together. Each answer is worked out by the course's own formulas. Whoever has the code can make the key.
"""

import argparse
import hashlib
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from collapse_lessons import accumulate, metrics, theory
from collapse_lessons.metrics import evidence
from collapse_lessons.models.categorical import decode
from collapse_lessons.web.stock import run_out

BUILD = Path(__file__).resolve().parents[2] / "build"


@dataclass(frozen=True)
class Exercise:
    """A task with places for the numbers that were `given`, its answer and why, and by what share one may be off.

    Where a formula is needed, `see` says at which place of the lesson it stands.
    """

    task: str
    given: dict
    answer: float
    because: str
    within: float = 0.02
    see: str = ""

    def __str__(self):
        task = self.task.format(**self.given)
        return f"{task} (The formula stands in {self.see}.)" if self.see else task


def pick(rng, *options):
    """Return one of the options, as a plain Python number."""
    return rng.choice(options).item()


def in_words(numbers):
    """Return numbers in a row, as a sentence has them."""
    return ", ".join(map(str, numbers))


# --- 00 --------------------------------------------------------------------------------------------------------------


def repeated_blur(rng):
    sigma, copies = pick(rng, 0.3, 0.4, 0.6, 0.7, 0.9, 1.1), pick(rng, 9, 16, 25, 36, 49, 64)
    return Exercise(
        "A copier blurs by {sigma} pixels. You copy a page, the copy, that copy, and so on, {copies} times. How wide "
        "is the blur in the end, in pixels?",
        {"sigma": sigma, "copies": copies},
        theory.blur_width(sigma, copies).item(),
        "squares of widths add up: the width times the square root of the number of copies",
    )


def still_there(rng):
    n = rng.integers(5, 13).item()
    return Exercise(
        "`Memory` learns {n} different names by heart and draws {n} of them with replacement. What share of the names "
        "does it draw at least once, on average?",
        {"n": n},
        1 - theory.missed(1 / n, n).item(),
        "a name is missed by every draw with the chance (1 - 1/n)^n",
    )


# --- 01 --------------------------------------------------------------------------------------------------------------


def spread_left(rng):
    n, percent = pick(rng, 60, 80, 150, 250, 400, 800), pick(rng, 10, 20, 25, 30, 40)
    typical = np.sqrt(theory.typical_var(np.arange(1, 4 * n), n))  # by generation: generation 0 has been fitted once
    return Exercise(
        "A Gaussian is refitted by maximum likelihood to n = {n} samples, again and again (replace). After about how "
        "many generations is the *typical* standard deviation {percent}% of the real one?",
        {"n": n, "percent": percent},
        int(np.argmax(typical < percent / 100)),
        "it is multiplied by about 1 - 1/n each time, so after n ln(100 / per cent)",
        within=0.05,
    )


def mean_variance(rng):
    n, t = pick(rng, 20, 25, 40, 50, 80), rng.integers(10, 60).item()
    return Exercise(
        "Maximum likelihood, replace, n = {n}, real variance 1. What is the exact *mean* variance that generation {t} "
        "fits?",
        {"n": n, "t": t},
        theory.expected_var(t + 1, n).item(),
        "(1 - 1/n)^(t + 1): generation 0 has been fitted once",
        within=0.01,
        see="section 1",
    )


def kept_variance(rng):
    n = pick(rng, 4, 6, 9, 12, 16, 25)
    return Exercise(
        "Maximum likelihood, *accumulate*, n = {n}, real variance 1. At which mean variance does it end?",
        {"n": n},
        theory.accumulate_var_limit(n).item(),
        "sin(pi/sqrt n) / (pi/sqrt n)",
        see="section 5, *For the curious*",
    )


# --- 02 --------------------------------------------------------------------------------------------------------------


def missing_kind(rng):
    one_in, n = pick(rng, 150, 250, 400, 700, 900), pick(rng, 100, 200, 300, 500, 800)
    return Exercise(
        "One photo in {one_in} shows an otter. What is the chance that an album of {n} photos shows none?",
        {"one_in": one_in, "n": n},
        theory.missed(1 / one_in, n).item(),
        "(1 - p)^n",
    )


def two_differ(rng):
    counts, n, t = rng.permutation([50, 30, 15, 5]) + rng.integers(0, 10, 4), pick(rng, 20, 30, 40), pick(rng, 5, 9, 14)
    return Exercise(
        "Photos of four breeds: {breeds} of them. Each album has {n} photos, drawn by these shares (replace). What is "
        "the mean chance that two photos show different breeds, by the shares that generation {t} fits?",
        {"breeds": in_words(counts), "n": n, "t": t},
        theory.heterozygosity(t + 1, n, counts / counts.sum()).item(),
        "(1 - sum of squares) times (1 - 1/n)^(t + 1)",
        see="section 2",
    )


def last_kind(rng):
    counts = [*rng.permutation([7, 5, 4, 3, 2, 1]).tolist(), *rng.integers(1, 4, 2).tolist()]
    n, (first, second, *_) = sum(counts), counts
    return Exercise(
        "A bag holds {n} sweets of eight colours, {counts} of a kind, and goes round by chance alone. What is the "
        "chance that the last colour left is the first or the second of these?",
        {"n": n, "counts": in_words(counts)},
        sum(theory.count_law(60 * n, n, count)[n] for count in (first, second)).item(),
        "chance leaves a kind with a probability equal to its share; add the two",
    )


def outgrown(rng):
    temperature, ratio, times = pick(rng, 0.8, 0.85, 0.9, 0.95), pick(rng, 2, 3), pick(rng, 50, 100, 200, 500)
    shares, t = np.array([ratio, 1]) / (ratio + 1), 0
    while shares[0] <= times * shares[1]:
        shares, t = decode(shares, temperature), t + 1
    return Exercise(
        "Albums without end, temperature {temperature}. One breed is {ratio} times as common as another at generation "
        "0. In which generation is it for the first time more than {times} times as common?",
        {"temperature": temperature, "ratio": ratio, "times": times},
        t,
        "after t generations the ratio is what it was, to the power (1/T)^t",
        within=0,
        see="section 5",
    )


# --- 03 --------------------------------------------------------------------------------------------------------------


def balance(rng):
    n, var = pick(rng, 100, 150, 200, 400, 500), pick(rng, 0.25, 0.4, 0.8, 1.2, 2.0)
    floor = theory.kernel_var(100 * n, n, bandwidth=1.0)  # in units of the squared bandwidth
    return Exercise(
        "A kernel estimate with n = {n} samples a generation shall keep the variance of each axis at {var}. Which "
        "bandwidth does it take?",
        {"n": n, "var": var},
        np.sqrt(var / floor).item(),
        "v = (n - 1) h^2 at balance",
        see="section 1",
    )


def floor_of_variance(rng):
    n, reg_covar = pick(rng, 20, 30, 50, 80), pick(rng, 1e-2, 2e-3, 5e-3, 1e-3, 5e-4)
    return Exercise(
        "`GaussianMixture(1, reg_covar={reg_covar:g})` goes round the loop with n = {n}, replace. Where does the mean "
        "variance stop?",
        {"n": n, "reg_covar": reg_covar},
        theory.kernel_var(100 * n, n, bandwidth=reg_covar**0.5).item(),
        "at (n - 1) reg_covar",
        see="section 5",
    )


def reached(rng):
    real = np.sort(rng.choice(np.arange(0, 100, 5), 8, replace=False)) / 10
    samples = np.sort((rng.choice(real, 3, replace=False) + rng.choice([-0.1, 0.1, 0.2, 0.7], 3)).round(1))
    return Exercise(
        "Real points on a line: {real}. Samples: {samples}. What is the coverage, with a distance of less than 0.25?",
        {"real": in_words(real), "samples": in_words(samples)},
        metrics.coverage(samples[:, None], real[:, None], radius=0.25),
        "the share of the real points that have a sample nearer than that",
    )


# --- 04 --------------------------------------------------------------------------------------------------------------


def copies_needed(rng):
    sigma, times = pick(rng, 0.3, 0.4, 0.5, 0.7), pick(rng, 3, 4, 5, 6, 7, 8)
    width = round(sigma * times, 1)
    return Exercise(
        "A copier blurs by {sigma} pixels. After how many copies of copies is the page as blurred as a single print "
        "from a machine that blurs by {width} pixels?",
        {"sigma": sigma, "width": width},
        int(np.argmax(theory.blur_width(sigma, np.arange(100)) > width - 1e-9)),
        "the square of how many times wider",
        within=0,
        see="section 3",
    )


def held_by_the_original(rng):
    response, percent = pick(rng, 0.6, 0.7, 0.8, 0.9, 0.95), pick(rng, 5, 10, 20, 25)
    return Exercise(
        "A copier multiplies the amplitude of a wave by {response}, and {percent}% of every pile are the original. "
        "What is left of the amplitude in the long run?",
        {"response": response, "percent": percent},
        theory.mixed_response(response, 100_000, percent / 100).item(),
        "w H / (1 - (1 - w) H)",
        see="section 6",
    )


# --- 05 --------------------------------------------------------------------------------------------------------------


def enough_fresh(rng):
    percent, sure = pick(rng, 1, 2, 4, 5), pick(rng, 80, 90, 99)
    m = 2
    while 1 - theory.missed(percent / 100, m) < sure / 100:
        m += 1
    return Exercise(
        "{percent}% of all flowers are blue. How many new real flowers does it take so that with a chance of at least "
        "{sure}% one of them is blue?",
        {"percent": percent, "sure": sure},
        m,
        "the smallest m with (1 - p)^m at most what may go wrong",
        within=0,
    )


def colour_gone(rng):
    percent, n, t = pick(rng, 2, 3, 5), pick(rng, 150, 200, 300), pick(rng, 10, 15, 20, 30)
    return Exercise(
        "A garden of {n} flowers, {percent}% of them white, replace. By lesson 02's forecast, what is the chance that "
        "none of the flowers that generation {t} paints is white? (`theory.alive` may be used. What generation 0 "
        "paints has been drawn twice.)",
        {"percent": percent, "n": n, "t": t},
        1 - theory.alive(t + 2, n, [percent / 100, 1 - percent / 100])[0].item(),
        "1 - theory.alive(t + 2, n, [p, 1 - p])[0]",
        within=0.04,
    )


# --- 06 --------------------------------------------------------------------------------------------------------------


def sharpened(rng):
    moss, honey, string = sorted(rng.choice(np.arange(1, 10), 3, replace=False).tolist(), reverse=True)
    temperature = pick(rng, 0.5, 0.7, 0.8, 2.0)
    return Exercise(
        "After some context, *moss* followed {moss} times, *honey* {honey} times and *string* {string} times. With "
        "what probability does a decoder with T = {temperature} say *moss*?",
        {"moss": moss, "honey": honey, "string": string, "temperature": temperature},
        decode(np.array([moss, honey, string]) / (moss + honey + string), temperature)[0].item(),
        "raise the shares to the power 1/T and divide by their sum",
        see="section 3",
    )


def perplexity_floor(rng):
    coins, heads, tokens = pick(rng, 2, 3, 4, 5), pick(rng, 0.5, 0.6, 0.7, 0.8, 0.9), pick(rng, 12, 16, 24, 30)
    nats = -heads * np.log(heads) - (1 - heads) * np.log(1 - heads)
    return Exercise(
        "An author writes about one species. {coins} sentences are optional, each is written with a probability of "
        "{heads}. An article has {tokens} tokens on average. What is the lowest perplexity that any model can "
        "have on it?",
        {"coins": coins, "heads": heads, "tokens": tokens},
        np.exp(coins * nats / tokens).item(),
        "e to the entropy of an article over its tokens; a coin has -p ln p - (1 - p) ln(1 - p) nats",
        within=0.005,
    )


# --- 07 --------------------------------------------------------------------------------------------------------------


def as_unsure_as(rng):
    probs = rng.choice([0.9, 0.8, 0.5, 0.4, 0.25, 0.2, 0.1, 0.05], 4, replace=False)
    return Exercise(
        "A model gave the four words that really came next the probabilities {probs}. What is its perplexity on them?",
        {"probs": in_words(probs)},
        np.exp(-np.log(probs).mean()).item(),
        "e to the mean of -ln p",
    )


def real_rows(rng):
    n, t = pick(rng, 600, 1200, 1500, 2400), rng.integers(3, 12).item()
    pot = accumulate([np.zeros(n), *np.ones((t, n))], n, rng)  # the real articles are the zeros
    return Exercise(
        "*Accumulate-subsample* with {n} articles a generation. How many of the articles that generation {t} trains on "
        "are real, on average?",
        {"n": n, "t": t},
        n * (pot == 0).mean().item(),
        "the pot holds the real articles and those of all generations before: one part in t + 1",
    )


# --- 08 --------------------------------------------------------------------------------------------------------------


def training_minutes(rng):
    thousands, epochs = pick(rng, 8, 12, 18, 25, 30), pick(rng, 2, 3, 4)
    generations, rate = pick(rng, 5, 6, 8, 9), pick(rng, 20, 25, 50, 60)
    return Exercise(
        "A card trains on {rate},000 tokens a second. How many minutes of training are {generations} generations on "
        "{thousands},000 blocks of 64 tokens, {epochs} epochs each?",
        {"rate": rate, "generations": generations, "thousands": thousands, "epochs": epochs},
        thousands * 64 * epochs * generations / rate / 60,
        "blocks times tokens a block times epochs times generations, over the tokens of a minute",
    )


def moved_bulk(rng):
    first = rng.choice(np.arange(20, 90), 9, replace=False).tolist()
    last = rng.choice(np.arange(10, 70), 8, replace=False).tolist()
    below = np.mean(np.array(last) < np.median(first)).item()
    return Exercise(
        "The first model gives nine texts of generation 0 the perplexities {first}, and eight texts of a later "
        "generation {last}. What share of the later ones lies below the median of generation 0?",
        {"first": in_words(first), "last": in_words(last)},
        below,
        "find the fifth of the nine in order, and count the later ones below it",
    )


def chains_in_a_night(rng):
    hours, generations = pick(rng, 7, 8, 9, 10), pick(rng, 5, 6, 8, 10)
    training, writing = pick(rng, 2, 3, 4), pick(rng, 1, 2, 3, 5)
    return Exercise(
        "A forecast says: {training} minutes to train a generation, {writing} to let it write. A card is free for "
        "{hours} hours a night. How many *whole* chains of {generations} generations does it make?",
        {"hours": hours, "generations": generations, "training": training, "writing": writing},
        60 * hours // (generations * (training + writing)),
        "minutes of the night over minutes of a chain, rounded down",
        within=0,
    )


# --- 09 --------------------------------------------------------------------------------------------------------------


def times_the_error(rng):
    percent, n = pick(rng, 5, 15, 20, 30, 40), pick(rng, 200, 1000, 5000)
    fresh, share = n * percent / 100, 1 - percent / 100
    return Exercise(
        "A Gaussian is refitted to {n} rows a generation, {percent}% of them fresh real ones and the rest from its "
        "faithful predecessor. By which factor does the error settle above that of {n} real rows?",
        {"n": n, "percent": percent},
        (theory.mixed_error(fresh, share) / theory.mixed_error(n, 0.0)).item(),
        "1 / (1 - s^2) with the synthetic share s, whatever the number of rows",
        see="section 1",
    )


def the_same_again(rng):
    percent, n = pick(rng, 20, 30, 40, 60, 75, 80), pick(rng, 100, 400, 2000)
    share = percent / 100
    return Exercise(
        "Every year brings the *same* {n} real rows, and synthetic ones from last year's faithful model, so that "
        "{percent}% of all rows are synthetic. By which factor does the error settle above that of the {n} real rows "
        "alone?",
        {"n": n, "percent": percent},
        (1 + 2 * share) / (1 + share),
        "(1 + 2s) / (1 + s) with the synthetic share s",
        see="section 2",
    )


# --- 10 --------------------------------------------------------------------------------------------------------------


def sooner(rng):
    growth, percent = pick(rng, 1.5, 2, 2.5, 3, 4), pick(rng, 25, 40, 60, 70, 80, 90)
    return Exercise(
        "The demand for text grows {growth} times a year, and {percent}% of the stock are withdrawn. By how many years "
        "does the demand reach the stock sooner?",
        {"growth": growth, "percent": percent},
        (run_out(1e15, 1e12, growth) - run_out(1e15, 1e12, growth, percent / 100)).item(),
        "ln(1 / what is left) / ln(growth)",
    )


def never_met(rng):
    rows, share = pick(rng, 300, 500, 1500, 3000), pick(rng, 0.0004, 0.0008, 0.002, 0.003)
    return Exercise(
        "A word has a share of {share} of what people write. A teacher has read {rows} words. What is the chance that "
        "none of its students ever meets the word?",
        {"share": share, "rows": rows},
        theory.missed(share, rows).item(),
        "(1 - share)^rows: the teacher has missed it",
    )


# --- 11 --------------------------------------------------------------------------------------------------------------


def foreign_tales(rng):
    labs, tales, foreign = pick(rng, 2, 3, 5, 8), pick(rng, 200, 400, 1000), pick(rng, 1, 2, 3, 5)
    return Exercise(
        "There are {labs} labs, and the common shelf holds tales of each in equal parts. A lab reads {tales} tales a "
        "generation. Which share must come from the shelf for {foreign} of them to be of other labs, on average?",
        {"labs": labs, "tales": tales, "foreign": foreign},
        foreign / tales * labs / (labs - 1),
        "foreign / tales, and a little more since some of the shelf is the lab's own: times labs / (labs - 1)",
    )


def whole_library(rng):
    labs, within, between = pick(rng, 2, 3, 4, 5), pick(rng, 0.2, 0.3, 0.4), pick(rng, 0.6, 0.7, 0.8)
    return Exercise(
        "Two tales of one lab differ with a chance of {within}, two tales of two labs with {between}. A library has "
        "as many tales of each of {labs} labs. With which chance do two of its tales differ?",
        {"labs": labs, "within": within, "between": between},
        within / labs + (1 - 1 / labs) * between,
        "with the chance 1/labs both are of one lab",
    )


# --- 12 --------------------------------------------------------------------------------------------------------------


def let_pass(rng):
    real, found, accused = pick(rng, 5, 10, 20, 30), pick(rng, 40, 60, 80, 95), pick(rng, 2, 5, 10, 15)
    return Exercise(
        "{real}% of what is found on a web is real. A detector finds {found}% of the machine's and accuses {accused}% "
        "of the real. What share of what it lets pass is real?",
        {"real": real, "found": found, "accused": accused},
        theory.filtered_share(real / 100, found / 100, accused / 100).item(),
        "the odds are multiplied by (1 - false positive rate) / (1 - true positive rate)",
        see="section 1",
    )


def marked_words(rng):
    green, z = pick(rng, 55, 60, 65, 75, 80), pick(rng, 3, 4, 5, 6)
    tokens = 1
    while theory.green_z(tokens * green / 100, tokens) < z - 1e-9:
        tokens += 1
    return Exercise(
        "Half of all words are green. A watermarked text has {green}% green words. From how many words on is its z at "
        "least {z}?",
        {"green": green, "z": z},
        tokens,
        "z = (G - T/2) / sqrt(T/4) with G the green ones of T words; solve for T and round up",
        within=0,
        see="section 4",
    )


# --- 13 --------------------------------------------------------------------------------------------------------------


def accepted(rng):
    right, percent, times = pick(rng, 5, 10, 15, 20), pick(rng, 60, 70, 85, 90), pick(rng, 1, 2, 3)
    odds = right / (100 - right) * (percent / (100 - percent)) ** times
    return Exercise(
        "{right}% of all articles are right. A checker who is right in {percent}% of all cases looks at them, and "
        "another such checker at what was accepted, {times} checkers in all. What share of what is left is right?",
        {"right": right, "percent": percent, "times": times},
        odds / (1 + odds),
        "each multiplies the odds by accuracy / (1 - accuracy)",
        see="section 1",
    )


def keep_the_largest(rng):
    percent, t = pick(rng, 50, 60, 75, 80, 90), pick(rng, 2, 3, 4, 5)
    return Exercise(
        "A jury keeps the tallest {percent}% in every generation, of very many. What share of the standard deviation "
        "is left after {t} generations? (`theory.selected_var` may be used.)",
        {"percent": percent, "t": t},
        np.sqrt(theory.selected_var(percent / 100)).item() ** t,
        "the square root of theory.selected_var(share), to the power of the generations",
    )


# --- 14 --------------------------------------------------------------------------------------------------------------


def pairs_needed(rng):
    std, error = pick(rng, 0.3, 0.5, 0.8, 1.2), pick(rng, 0.03, 0.05, 0.08, 0.1)
    k = 1
    while std / np.sqrt(k) > error + 1e-12:
        k += 1
    return Exercise(
        "In a pilot the differences between pairs have a standard deviation of {std}. How many pairs does it take "
        "until the standard error of their mean is at most {error}?",
        {"std": std, "error": error},
        k,
        "(standard deviation / standard error)^2, rounded up",
        within=0,
    )


def width_of_the_interval(rng):
    differences = rng.normal(0.3, 0.3, 6).round(2)
    low, high = evidence.interval(differences)
    return Exercise(
        "Six pairs of runs differ by {differences}. How wide is the 95% confidence interval for the mean difference? "
        "(`evidence.interval` may be used.)",
        {"differences": in_words(differences)},
        (high - low).item(),
        "twice 2.571, Student's quantile for six values, times their standard deviation (ddof 1) over the root of six",
    )


EXERCISES = {
    "00": (repeated_blur, still_there),
    "01": (spread_left, mean_variance, kept_variance),
    "02": (missing_kind, two_differ, last_kind, outgrown),
    "03": (balance, floor_of_variance, reached),
    "04": (copies_needed, held_by_the_original),
    "05": (enough_fresh, colour_gone),
    "06": (sharpened, perplexity_floor),
    "07": (as_unsure_as, real_rows),
    "08": (training_minutes, moved_bulk, chains_in_a_night),
    "09": (times_the_error, the_same_again),
    "10": (never_met, sooner),
    "11": (foreign_tales, whole_library),
    "12": (let_pass, marked_words),
    "13": (accepted, keep_the_largest),
    "14": (pairs_needed, width_of_the_interval),
}


def draw(make, code):
    """Return the exercise that a class code gives; each has a stream of its own, so that new ones change no old one."""
    digest = hashlib.sha256(f"{code}/{make.__name__}".encode()).digest()
    return make(np.random.default_rng(np.frombuffer(digest, np.uint32)))


def answer(exercise):
    """Return a line of the key: the answer, the range that counts as right, and why."""
    low, high = (exercise.answer * (1 + sign * exercise.within) for sign in (-1, 1))
    right = f" (right from {low:.4g} to {high:.4g})" if exercise.within else ""
    return f"{exercise.answer:.4g}{right}: {exercise.because}."


def write(code, lessons=tuple(EXERCISES)):
    """Return the sheet and the key, both as Markdown."""
    if not code.strip():
        raise ValueError(f"class-code must be a phrase only you know, got {code!r}: say --class-code 'blue otter 7'")
    if unknown := sorted(set(lessons) - set(EXERCISES)):
        raise ValueError(f"lessons must be among {', '.join(EXERCISES)}, got {', '.join(unknown)}: leave them out")
    tasks, answers = [], []
    labels = (f"A{i}" for i in itertools.count(1))  # not 01.1: that is the number of a prediction
    for lesson in sorted(set(lessons)):
        tasks.append(f"## Lesson {lesson}")
        answers.append(f"## Lesson {lesson}")
        for make in EXERCISES[lesson]:
            exercise = draw(make, code)
            label = next(labels)
            tasks.append(f"**{label}** {exercise}")
            answers.append(f"**{label}** {answer(exercise)}")
    mark = hashlib.sha256("".join(tasks).encode()).hexdigest()[:6]
    sheet = [f"# Exercises\n\nSheet {mark}. Three digits are enough. Use any tool, and say how you got there.", *tasks]
    key = [f"# Key to sheet {mark}\n\nClass code: {code}", *answers]
    return "\n\n".join(sheet) + "\n", "\n\n".join(key) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Exercises whose numbers depend on a class code, and their key.")
    parser.add_argument("--class-code", required=True, help="a phrase only you know; the same one gives the same sheet")
    parser.add_argument("--lessons", nargs="+", default=list(EXERCISES), help="such as 01 02; by default all")
    options = parser.parse_args()
    try:
        texts = write(options.class_code, options.lessons)
    except ValueError as error:
        parser.error(str(error))
    BUILD.mkdir(exist_ok=True)
    for name, text in zip(("exercises.md", "exercises_key.md"), texts, strict=True):
        (BUILD / name).write_text(text, encoding="utf8", newline="\n")
        print(f"wrote build/{name}")
