"""docs/claims.md names every test of a claim, and no other; each result it states is measured again."""

import re

import pytest

import lessons
from measure_claims import PAGE, fill
from measured import LESSONS

TEXT = PAGE.read_text("utf8")
FILES = sorted((lessons.ROOT / "tests" / "claims").glob("test_*.py"))


def sections():
    """Return the page's sections by the test file they link to."""
    found = {}
    for section in re.split(r"(?m)^## ", TEXT)[1:]:
        found[re.search(r"\.\./tests/claims/(test_\w+\.py)", section).group(1)] = section
    return found


def test_every_file_of_claims_has_a_section_with_its_lesson():
    assert list(sections()) == [file.name for file in FILES]
    for file, section in sections().items():
        stem = file.removeprefix("test_").removesuffix(".py")
        assert section.startswith(f"{stem[:2]} · ")
        assert f"../notebooks/{stem}.ipynb" in section
        assert "| Claim | Kind | Source | Test | Result here |" in section


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_test_has_its_row_and_every_row_its_test(file):
    tests = re.findall(r"^def (test_\w+)", file.read_text("utf8"), re.MULTILINE)
    named = re.findall(r"`(test_\w+)`", sections()[file.name])
    assert sorted(named) == sorted(tests)


def test_rows_are_whole_and_their_sources_lead_somewhere():
    rows = [row for row in re.findall(r"^\| (.*) \|$", TEXT, re.MULTILINE) if "`test_" in row]
    assert len(rows) > 80
    for row in rows:
        claim, kind, source, tests, result = row.split(" | ")
        assert claim
        assert kind in ("law", "toy", "network", "record", "course")
        assert source
        assert result
        assert tests.startswith("`test_")
        for work in re.findall(r"\[(.*?)\]", source):
            assert re.search(rf"^\[{work}\]: https://", TEXT, re.MULTILINE), f"{work} has no address"
    for work in re.findall(r"^\[(.*?)\]: ", TEXT, re.MULTILINE):
        assert f"[{work}]" in "".join(rows), f"{work} is not used"


def test_every_row_says_whose_result_it_is():
    """A work in brackets, this course, or a rule that is older than all works that could be named."""
    for row in re.findall(r"^\| (.* \| .* \| .* \| `test_.*) \|$", TEXT, re.MULTILINE):
        source = row.split(" | ")[2]
        assert re.search(r"\[[^\[\]]+ \d{4}\]|\bhere\b|^linear systems$|^Bayes\b", source), row


def test_what_the_page_states_is_measured_again_and_nothing_else_is_stated():
    measured = {part: value for lesson in LESSONS for part, value in lesson().items()}
    assert fill(TEXT, measured) == TEXT, "run python scripts/measure_claims.py"
    stated = [value for value in re.findall(r"`test_\w+` \| (.*) \|$", TEXT, re.MULTILINE) if value != "–"]
    assert len(stated) == len(measured)


def test_a_value_without_a_row_is_refused():
    with pytest.raises(ValueError, match="must have one row with a test named like 'no_such_claim', found 0"):
        fill(TEXT, {"no_such_claim": "1"})
