"""Glossary and map: their terms and lessons are in the course, and links in the plain pages lead somewhere."""

import re
import xml.etree.ElementTree as ET

import pytest

import lessons

DOCS = lessons.ROOT / "docs"
GLOSSARY = re.findall(
    r"^\| (.*?) \| (.*?) \| \[(\d\d)\]\(\.\./(notebooks/\S+)\) \|$",
    (DOCS / "glossary.md").read_text("utf8"),
    re.MULTILINE,
)


def words(path):
    cells = [cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown"]
    return " ".join("\n".join(cells).split()).lower()


@pytest.fixture(scope="module")
def prose():
    return {path.name: words(path) for path in lessons.PATHS}


def test_the_glossary_is_in_order_and_says_each_term_once():
    terms = [term.lower().replace("é", "e") for term, *_ in GLOSSARY]
    assert len(terms) > 60
    assert terms == sorted(set(terms))


@pytest.mark.parametrize(("term", "meaning", "number", "path"), GLOSSARY, ids=[row[0] for row in GLOSSARY])
def test_each_term_is_in_the_lesson_it_links_to(term, meaning, number, path, prose):
    assert (lessons.ROOT / path).exists()
    assert f"notebooks/{number}_" in path
    assert re.search(rf"\b{re.escape(term.lower())}", prose[path.removeprefix("notebooks/")])
    assert 4 < len(meaning.split()) < 40


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_the_readme_has_the_minutes_of_the_lesson_s_time_row(path):
    """All numbers of two digits in the row, but for seconds of computing: "50 + 30"."""
    readme = (lessons.ROOT / "README.md").read_text("utf8")
    (told,) = re.findall(rf"\(notebooks/{path.name}\) \| .*? \| (.*?) \|", readme)
    row = re.search(r"\| \*\*Time\*\* \| (.*?) \|", lessons.read(path).cells[0].source).group(1)
    assert told == " + ".join(re.findall(r"\b(\d\d)\b(?! seconds)", row))


def test_where_a_machine_is_thrown_away_predictions_go_to_a_mounted_drive():
    """Each notebook of Colab has a machine of its own, so that predictions would never reach the last lesson."""
    readme = (lessons.ROOT / "README.md").read_text("utf8")
    (cell,) = re.findall(r"```python\n([^`]*COLLAPSE_LESSONS_HOME[^`]*)```", readme)
    (mounted,), (home,) = re.findall(r'drive\.mount\("(.*)"\)', cell), re.findall(r'_HOME"\] = "(.*)"', cell)
    assert home.startswith(f"{mounted}/MyDrive/")
    assert cell.index("mount(") < cell.index("_HOME")


def test_every_work_on_the_page_of_what_is_known_is_cited_by_a_lesson(prose):
    text = (DOCS / "known.md").read_text("utf8")
    addresses = dict(re.findall(r"^\[(.*?)\]: (https://\S+)$", text, re.MULTILINE))
    assert set(re.findall(r"\[([^\d\[\]]+ \d{4})\](?!:)", text)) == set(addresses)
    for address in addresses.values():
        assert any(address.lower() in lesson for lesson in prose.values()), address


def test_what_others_found_first_names_its_lessons_and_its_paper():
    text = (DOCS / "known.md").read_text("utf8")
    section = re.search(r"(?s)^## What others found first\n(.*?)\n\n\[", text, re.MULTILINE).group(1)
    rows = re.findall(r"^\| (.*?) \| (\[.*?) \| (.*?) \|$", section, re.MULTILINE)
    assert len(rows) > 10
    for idea, where, found in rows:
        numbers = re.findall(r"\[(\d\d)\]\(\.\./notebooks/\1_\w+\.ipynb\)", where)
        assert ", ".join(numbers) == re.sub(r"\[(\d\d)\]\(.*?\)", r"\1", where), idea
        assert re.search(r"\b20\d\d\b", found), idea
        assert re.search(r"\[arXiv:(\d{4}\.\d{5})\]\(https://arxiv\.org/abs/\1\)|\[\w+ \d{4}\]", found), idea


def test_the_eight_definitions_are_eight_and_each_is_seen_in_a_lesson():
    text = (DOCS / "known.md").read_text("utf8")
    section = re.search(r"(?s)^## Eight things.*?(?=^## )", text, re.MULTILINE).group()
    assert len(re.findall(r"^\| [A-Z].* \| .* \| \[\d\d\]\(\.\./notebooks/", section, re.MULTILINE)) == 8


def test_the_map_shows_every_lesson():
    text, svg = ((DOCS / name).read_text("utf8") for name in ("map.md", "map.svg"))
    for path in lessons.PATHS:
        assert f"(../notebooks/{path.name})" in text
    shown = " ".join(
        element.text or "" for element in ET.fromstring(svg).iter() if element.tag.endswith(("text", "tspan"))
    )
    for path in lessons.PATHS:
        assert re.search(rf"\b{path.stem[:2]}\b", shown), f"lesson {path.stem[:2]} is not in the figure"
    assert re.search(r"!\[.{100,}\]\(map\.svg\)", text), "the figure is said in words"
