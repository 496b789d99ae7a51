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
