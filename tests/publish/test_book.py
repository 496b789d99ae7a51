"""What the web book is made of: links lead somewhere, every figure is described, every public function is listed."""

import re

import pytest
from lite import address

import check_room
import lessons
from book import gather, public


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book") / "source"
    gather(folder, {})
    return folder


def test_links_lead_somewhere(source):
    pages = {page: page.read_text("utf8") for page in source.rglob("*.md")}
    for path in (source / "notebooks").glob("*.ipynb"):
        pages[path] = "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown")
    assert len(pages) > len(lessons.PATHS)
    for page, text in pages.items():
        for target in re.findall(r"\]\(([^)#:]+)[)#]", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_lessons_without_pytorch_lead_to_themselves_in_the_browser(source):
    for path in lessons.PATHS:
        leads = address(f"notebooks/{path.name}") in lessons.read(source / "notebooks" / path.name).cells[0].source
        assert leads == (path.name[:2] not in check_room.NEURAL)


def test_every_figure_carries_its_alt_text(source):
    for path in lessons.PATHS:
        for cell in lessons.read(source / "notebooks" / path.name).cells:
            alts = [o.metadata["image/png"]["alt"] for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
            carried = [cell.metadata["mystnb"]["image"]["alt"]] if "mystnb" in cell.metadata else []
            assert alts == carried, "the book has room for one figure a cell"


def test_every_public_function_is_listed(source):
    listed = set(re.findall(r"~(collapse_lessons[\w.]+)", (source / "api.rst").read_text("utf8")))
    assert listed == {f"{module}.{name}" for module, names in public().items() for name in names}
    assert {"collapse_lessons.loop.generations", "collapse_lessons.recipes.replace"} <= listed
    assert not any(".exercises." in name for name in listed), "they know the answers"
