"""The web book: links lead somewhere, figures are there and described, it fits a telephone, its search finds things."""

import runpy
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import lessons

HTML = lessons.ROOT / "build" / "book" / "html"
PAGES = [
    "course.html",
    "api.html",
    "api/collapse_lessons.runs.run.html",
    *(f"notebooks/{path.stem}.html" for path in lessons.PATHS),
    *(f"docs/{path.stem}.html" for path in sorted(lessons.ROOT.glob("docs/*.md"))),
    *(f"instructor/{path.stem}.html" for path in sorted(lessons.ROOT.glob("instructor/*.md"))),
]

pytestmark = pytest.mark.skipif(not HTML.exists(), reason="no book here: run `make book`")


class Page(HTMLParser):
    """What a page links to, the anchors it offers, and its images' alt texts."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.alts = set(), set(), []
        self.feed(path.read_text("utf8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        self.links |= {attributes[name] for name in ("href", "src") if attributes.get(name)}
        if tag == "img" and "_images" in attributes["src"]:
            self.alts.append(attributes.get("alt", ""))


@pytest.fixture(scope="module")
def parsed():
    return {path: Page(path) for path in HTML.rglob("*.html") if "_static" not in path.parts}


@pytest.fixture(scope="module")
def address(serve):
    return serve(HTML)


def test_every_internal_link_leads_somewhere(parsed):
    broken = []
    for path, page in parsed.items():
        for link in page.links:
            target, anchor = urldefrag(link)
            if urlsplit(link).scheme or not (target or anchor):
                continue
            file = (path.parent / unquote(urlsplit(target).path)).resolve() if target else path
            there = file.exists() and (not anchor or file not in parsed or unquote(anchor) in parsed[file].ids)
            if not there:
                broken.append(f"{path.relative_to(HTML)}: {link}")
    assert not broken


def test_the_first_page_plays_after_300_kb_and_leads_to_the_course_and_back(open_page, address, sent):
    tab, before = open_page(), sent(address)
    tab.goto(f"{address}/index.html")
    tab.click("#step")
    assert int(tab.text_content("#alive")) < 400
    assert 0 < sent(address) - before <= 300_000
    tab.click("text=The whole course")
    assert "What happens when generative models learn" in tab.text_content("article")
    tab.click("article >> text=Play it in your browser")
    assert tab.text_content("#alive") == "400"
    assert not tab.errors


def test_every_figure_has_an_alt_text_that_describes(parsed):
    alts = [alt for page in parsed.values() for alt in page.alts]
    assert len(alts) > 50
    assert all(len(alt) > 60 for alt in alts)


def test_what_is_struck_out_shows_no_tildes(parsed):
    from docutils.core import publish_string
    from myst_parser.parsers.docutils_ import Parser

    assert not [str(path.relative_to(HTML)) for path in parsed if "~~" in path.read_text("utf8")]
    settings = runpy.run_path(str(lessons.ROOT / "book" / "conf.py"))
    chosen = {f"myst_{name}": settings[name] for name in ("suppress_warnings",)}
    chosen["myst_enable_extensions"] = settings["myst_enable_extensions"]
    html = publish_string("~~wrong~~", parser=Parser(), writer="html5", settings_overrides=chosen).decode()
    assert "<s>wrong</s>" in html


def test_every_public_function_has_a_page(parsed):
    from book import public

    for module, names in public().items():
        for name in names:
            assert f"{module}.{name}" in parsed[HTML / "api" / f"{module}.{name}.html"].ids


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_without_errors_at_every_width(page, open_page, address):
    tab = open_page()
    tab.goto(f"{address}/{page}", wait_until="load")
    tab.wait_for_function("[...document.images].every(image => (image.loading = 'eager') && image.complete)")
    assert tab.evaluate("[...document.images].filter(image => !image.naturalWidth).map(image => image.src)") == []
    levels = tab.evaluate("[...document.querySelectorAll('article :is(h1,h2,h3,h4,h5)')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert tab.evaluate("document.documentElement.lang") == "en"
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.evaluate("() => document.querySelectorAll('article details').forEach((fold) => (fold.open = true))")
    assert (
        tab.evaluate("[...document.querySelectorAll('pre')].filter((p) => p.scrollWidth > p.clientWidth).length") == 0
    )
    tab.set_viewport_size({"width": 400, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 400
    assert not tab.errors


def test_the_search_finds_a_word(open_page, address):
    tab = open_page()
    tab.goto(f"{address}/search.html?q=heterozygosity")
    tab.wait_for_selector("#search-results li a")
    found = tab.eval_on_selector_all("#search-results li a", "links => links.map(link => link.textContent)")
    assert any("heterozygosity" in title for title in found)
    tab.goto(f"{address}/search.html?q=photocopier")
    tab.wait_for_selector("#search-results li a:has-text('The photocopier')")
    assert not tab.errors


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_every_control_of_an_explorer_shows_another_picture_and_says_so(path, open_page, address):
    tab = open_page()
    tab.goto(f"{address}/notebooks/{path.stem}.html")
    picture = tab.locator(".explorer .drawn").first
    picture.scroll_into_view_if_needed()
    controls = tab.locator(".explorer").first.locator(".knobs :is(input, select)")
    assert controls.count() > 1
    for control in controls.all():
        before = picture.get_attribute("src")
        control.focus()
        for key in ("End", "Home"):  # one of them is elsewhere
            tab.keyboard.press(key)
            if picture.get_attribute("src") != before:
                break
        assert picture.get_attribute("src") != before, control.get_attribute("id")
        tab.wait_for_function("document.querySelector('.explorer .drawn').complete")
        assert picture.evaluate("image => image.naturalWidth") > 600
        assert len(picture.get_attribute("alt")) > 60
        assert tab.locator(".explorer p[aria-live]").first.text_content()
    assert not tab.errors


def test_figures_enlarge_and_code_folds(open_page, address):
    tab = open_page(1280, 800)
    tab.goto(f"{address}/notebooks/{lessons.PATHS[0].stem}.html")
    figure = tab.locator(".cell_output img").first
    small = figure.bounding_box()["width"]
    figure.click()
    assert tab.locator(".enlarged img").bounding_box()["width"] > 1.3 * small
    assert tab.locator(".enlarged img").get_attribute("alt") == figure.get_attribute("alt")
    tab.keyboard.press("Escape")
    assert not tab.locator(".enlarged img").is_visible()
    tab.locator(".enlarge").first.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Enter")  # the button that closes has the focus
    assert not tab.locator(".enlarged img").is_visible()
    code = tab.locator("pre", has_text="plots.show(").first
    assert not code.is_visible()
    tab.locator("details:has(pre)", has_text="plots.show(").first.locator("summary").first.click()
    assert code.is_visible()
    assert not tab.errors


def test_quotes_beside_one_another_keep_their_distance(open_page, address):
    tab = open_page(1280, 800)
    tab.goto(f"{address}/notebooks/{lessons.PATHS[0].stem}.html")
    gaps = tab.evaluate(
        "[...document.querySelectorAll('.cell_output td + td')].map(c => parseFloat(getComputedStyle(c).paddingLeft))"
    )
    assert len(gaps) > 3
    assert min(gaps) >= 16


@pytest.mark.parametrize("path", lessons.PATHS, ids=lambda path: path.stem)
def test_a_lesson_offers_to_open_in_colab(path, parsed):
    links = [link for link in parsed[HTML / "notebooks" / f"{path.stem}.html"].links if "colab.research" in link]
    assert any(link.endswith(f"/blob/main/notebooks/{path.name}") for link in links)
