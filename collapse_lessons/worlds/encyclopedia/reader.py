"""Read a sentence back: which form it has, and what stands in its slots."""

import re
from dataclasses import dataclass
from functools import lru_cache

from collapse_lessons import checks
from collapse_lessons.worlds.encyclopedia.grammar import FACTS, GRAMMAR, NAMES, SLOT


@dataclass(frozen=True)
class Form:
    """A sentence as the reader understood it: the part and the form of `GRAMMAR`, and what stands in its slots."""

    part: str
    template: str
    slots: dict[str, str]


def sentences(article: str) -> list[str]:
    """Return the sentences of an article, each with its full stop; what comes after the last one was cut off."""
    checks.text("article", article, "for many use a loop")
    return [part.strip() + "." for part in article.split(".")[:-1]]


def parse(sentence: str) -> Form | None:
    """Return the form of one sentence, or None if the grammar has no such sentence."""
    return _parse(checks.text("sentence", sentence, "see sentences"))


@lru_cache(maxsize=2**16)  # models repeat themselves
def _parse(sentence):
    for pattern, part, template in _PATTERNS:
        match = pattern.fullmatch(sentence)
        if match:
            return Form(part, template, match.groupdict())
    return None


def _pattern(template):
    values = {"name": rf"(?:{'|'.join(NAMES['adjective'])}) (?:{'|'.join(NAMES['noun'])})"}
    values |= {fact: "|".join(map(re.escape, of)) for fact, of in FACTS.items()}
    return re.compile(SLOT.sub(lambda slot: f"(?P<{slot[1]}>{values[slot[1]]})", template.replace(".", r"\.")))


_PATTERNS = [(_pattern(form), part, form) for part, (_, forms) in GRAMMAR.items() for form in forms]
