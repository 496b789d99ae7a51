"""What an exercise is whose numbers are drawn, and how they are drawn and told."""

from dataclasses import dataclass


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
