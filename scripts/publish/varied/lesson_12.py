"""Exercises on lesson 12 whose numbers are drawn."""

from collapse_lessons import theory

from .exercise import Exercise, pick


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


EXERCISES = (let_pass, marked_words)
