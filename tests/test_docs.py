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


def test_every_work_on_the_page_of_what_is_known_is_cited_by_a_lesson(prose):
    text = (DOCS / "known.md").read_text("utf8")
    addresses = dict(re.findall(r"^\[(.*?)\]: (https://\S+)$", text, re.MULTILINE))
    assert set(re.findall(r"\[(\D+ \d{4})\](?!:)", text)) == set(addresses)
    for address in addresses.values():
        assert any(address.lower() in lesson for lesson in prose.values()), address


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
