"""What a reader's copy shows before a comparison does not tell what comes out: neither the number nor the right option.

Looked at is what stands above the cell that compares: prose outside <details>, code that is not folded, and what the
cells above print or say of their figures. A number is a leak if it stands there with two digits or more and is none of
the question's own; an option, if its words do while no other's do, or all words that it has for itself in one sentence.
"""

import html
import re

import pytest
from copies import QUIET, reader
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

import lessons

DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
PREDICT = "**Predict.**"
COMPARED = re.compile(r'compare\(\s*"([\d.]+)"')
NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w]|\.\d)")


def visible(cell, copied):
    """Return what a reader has seen when this cell of their copy has run, or nothing of what is folded."""
    if cell.cell_type == "markdown":
        return DETAILS.sub("", cell.source)
    folded = copied.metadata.get("jupyter", {})
    parts = [] if folded.get("source_hidden") else [cell.source]
    for output in () if copied.source.startswith(QUIET) else cell.outputs:
        parts += [output.get("text", ""), html.unescape(re.sub(r"<[^>]+>", " ", DETAILS.sub("", said(output))))]
    return "\n".join(parts)


def said(output):
    return output.get("data", {}).get("text/html", "")


def questions(path):
    """Yield (question, the paragraphs that ask it, what stands above the comparison without them, what came out)."""
    original = lessons.read(path)
    copied = reader(lessons.read(path)).cells
    above, asked = [], ""
    for cell, copy in zip(original.cells, copied, strict=True):
        if found := COMPARED.search(cell.source) if cell.cell_type == "code" else None:
            result = re.search(r"It came out (.+)\.$", lessons.text_of(cell), re.MULTILINE)[1]
            yield found[1], asked, "\n".join(above), result
        text = visible(cell, copy)
        if PREDICT in text:
            before, _, asked = text.partition(PREDICT)
            text = before
        above.append(text)


def words(text):
    return {
        word for word in re.findall(r"[\w.]+", text.lower().strip("*. ")) if word.strip(".") not in ENGLISH_STOP_WORDS
    }


def option_told(asked, above, letter):
    """Return the sentence above that has the right option's words, or nothing."""
    options = dict(re.findall(r"^- \*\*(\w)\*\* (.+?)(?=\n- \*\*|\n\n|\Z)", asked, re.MULTILINE | re.DOTALL))
    phrases = {one: " ".join(re.split(r"[:;(]", option)[0].split()).lower() for one, option in options.items()}
    named = " ".join(above.split()).lower()
    alone = not any(phrase in named for other, phrase in phrases.items() if other != letter)
    others = set().union(*(words(option) for other, option in options.items() if other != letter))
    own = words(phrases[letter]) - others - words(asked.partition("- **")[0])
    for sentence in re.split(r"(?<=[.!?:])\s|\n\n|\n(?=[#|-])", above):
        plain = " ".join(sentence.split())
        phrase = alone and len(phrases[letter].split()) >= 2 and phrases[letter] in plain.lower()
        if phrase or (len(own) >= 3 and own <= words(sentence)):
            return plain
    return ""


def number_told(asked, above, result):
    """Return the sentence above that has the number, to two or three digits, or nothing."""
    value = float(result)
    if float(f"{value:.1g}") == value:  # 4 or 0.5 stand everywhere
        return ""
    told = {f"{value:.3g}", f"{value:.2g}"} if abs(value) < 100 else {f"{value:.3g}"}
    if 0 < value < 1:
        told |= {f"{100 * value:.2g}%"}
    told = {text for text in told if len(re.sub(r"\D", "", text).lstrip("0")) > 1}  # 0.996 is no leak of every 1
    told -= set(NUMBER.findall(asked))
    for sentence in re.split(r"(?<=[.!?:])\s|\n\n", above):
        if told & set(re.findall(NUMBER.pattern + "%?", sentence)):
            return " ".join(sentence.split())
    return ""


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_no_answer_stands_above_its_question(path):
    leaks = {}
    for question, asked, above, result in questions(path):
        if result.startswith("["):
            continue  # a curve: its numbers are no sentence
        told = option_told(asked, above, result) if result.isalpha() else number_told(asked, above, result)
        if told:
            leaks[question] = (result, told)
    assert leaks == {}


def test_a_leak_is_found():
    options = "How many?\n\n- **a** about 35\n- **b** about 15\n- **c** two or three breeds"
    assert option_told(options, "In the end two or three breeds are left.", "c")
    assert not option_told(options, "The worlds are: about 15; two or three breeds.", "c"), "each is named"
    assert not option_told(options, "Two of them are dogs, and three are cats.", "c")
    sentence = "The typical article becomes likelier, and the oddest less likely. Other things too."
    options = "What becomes of it?\n\n- **a** both grow\n- **b** typical likelier, oddest rarer\n- **c** neither"
    assert not option_told(options, sentence, "b")
    assert option_told(options, "The oddest is rarer and what is typical likelier.", "b")
    assert number_told("What share?", "It ends at 0.37 of that.", "0.367")
    assert number_told("What share?", "It ends at 37% of that.", "0.367")
    assert not number_told("How many of the 48 tiles?", "There are 48 tiles.", "48")
    assert not number_told("What share?", "It ends at 10.37 or 0.375.", "0.367")
    assert not number_told("What share?", "See section 1.", "0.996")
