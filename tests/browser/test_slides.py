"""The slides: nothing is fetched, nothing overflows, every figure and prediction of the lesson is there."""

import pytest

import lessons

FOLDER = lessons.ROOT / "build" / "slides"

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="no slides here: run `make slides`")

TOO_TALL = """[...document.querySelectorAll('.slides section:not(:has(section))')]
    .map((slide, i) => [i, slide.scrollHeight, slide.innerText.slice(0, 60)]).filter(([i, height]) => height > 720)"""


@pytest.fixture(scope="module")
def address(serve):
    return serve(FOLDER)


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_slides(path, open_page, address):
    page = open_page(1280, 800)
    page.goto(f"{address}/{path.stem}.html", wait_until="load")
    page.wait_for_function("Reveal.isReady()")
    page.add_style_tag(content=".reveal .slides section { display: block !important; }")  # hidden ones have no height
    assert page.evaluate(TOO_TALL) == []
    figures = sum("image/png" in o.get("data", {}) for c in lessons.read(path).cells for o in c.get("outputs", []))
    assert page.locator(".slides section img[alt]").count() == figures - 1  # the explorer's stays in the lesson
    assert page.evaluate("[...document.images].every(image => image.naturalWidth && image.alt.length > 60)")
    predictions = sum(c.source.count("**Predict.**") for c in lessons.read(path).cells if c.cell_type == "markdown")
    assert page.locator(".slides section strong:text-is('Predict.')").count() == predictions
    assert page.locator("aside.notes").count() > 5
    shown = page.evaluate("Reveal.getIndices()")
    page.keyboard.press("Space")
    assert page.evaluate("Reveal.getIndices()") != shown
    assert not page.errors
