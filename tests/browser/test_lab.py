"""A reader in JupyterLab: opens a lesson, runs all cells, moves a slider by keyboard, and sees the figure change."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from types import SimpleNamespace

import nbformat
import pytest

import lessons

SETTINGS = {
    "notebook-extension/tracker": {
        "windowingMode": "none",
        "autoStartDefaultKernel": True,
    },  # cells out of sight as well
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
COUNTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(prompt => prompt.textContent)"
WRONG = "[data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr']"  # an error's traceback is either
ERRORS = f'[...document.querySelectorAll("{WRONG}")].map(e => e.innerText)'
FIGURE = "(document.querySelector('.widget-html img') || {}).src"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    """A JupyterLab of its own on the loopback, on copies of the lessons; returns its address and their folder."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(lessons.ROOT / "notebooks", folder / "notebooks")
    for name, settings in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), "utf8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": address.rsplit(":", 1)[1],
        "ServerApp.root_dir": folder / "notebooks",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        "LabApp.user_settings_dir": folder / "settings",
        "LabApp.workspaces_dir": folder / "workspaces",
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    environment["JUPYTER_CONFIG_DIR"] = str(folder / "config")
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
    try:
        for _ in range(240):
            assert server.poll() is None, (folder / "log.txt").read_text("utf8")
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        yield SimpleNamespace(address=address, folder=folder / "notebooks")
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("number", ["01", "02", "05", "07"], ids=lambda number: f"{number}-lab")
def test_a_lesson_runs_and_its_slider_moves_the_figure(number, lab, open_page):
    path = next(path for path in lessons.PATHS if path.name.startswith(number))
    page = open_page(1400, 1000)
    page.set_default_timeout(60_000)
    page.goto(f"{lab.address}/lab/tree/{path.name}?reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    page.click("li.lm-MenuBar-item:has-text('Run')")
    page.click("li.lm-Menu-item:has-text('Run All Cells')")
    page.wait_for_selector(".widget-html img", timeout=600_000)
    page.wait_for_function(f"{COUNTS}.every(count => !count.includes('*'))", timeout=600_000)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    assert page.evaluate(ERRORS) == []
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0

    handle = page.locator(".widget-slider .noUi-handle").first
    handle.scroll_into_view_if_needed()
    before, value = page.evaluate(FIGURE), handle.get_attribute("aria-valuetext")
    handle.focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"]:  # two steps up, wherever it began
        handle.press(key)
        page.wait_for_timeout(200)
    page.wait_for_function(f"({FIGURE}) && ({FIGURE}) !== {json.dumps(before)}")
    assert handle.get_attribute("aria-valuetext") != value
    assert page.evaluate(ERRORS) == []
    assert [error for error in page.errors if "colab-badge" not in error and "NAME_NOT_RESOLVED" not in error] == []


DRAW = """\
from collapse_lessons.course.drawing import draw_prediction
prediction = draw_prediction([0, 50, 100], xlabel="generation", ylabel="spread", ylim=(0, 1), values=...)"""
COMPARE = """\
from collapse_lessons.course.lesson import compare
compare("01.1", prediction, [1, 0.6, 0.3], within=0.1)
print(prediction.values)"""


def printed(page, cell):
    return page.locator(".jp-CodeCell").nth(cell).locator(".jp-OutputArea-output pre").first.inner_text().strip()


def run(page, cell):
    before = page.evaluate(f"{COUNTS}[{cell}]")
    page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"!{COUNTS}[{cell}].includes('*') && {COUNTS}[{cell}] !== {json.dumps(before)}")


def test_a_curve_is_drawn_by_pointer_and_by_keys(lab, open_page):
    """The one test of drawing.js: dragging passes every place, keys move a point, and compare sees what was drawn."""
    cells = [nbformat.v4.new_code_cell(source) for source in (DRAW, COMPARE)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), lab.folder / "draw.ipynb")
    page = open_page(1400, 1000)
    page.set_default_timeout(60_000)
    page.goto(f"{lab.address}/lab/tree/draw.ipynb?reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    run(page, 0)
    points = page.locator("circle[role=slider]")
    points.first.wait_for()
    assert points.count() == 3
    run(page, 1)
    assert printed(page, 1) == "No curve yet: draw it above and run this cell again.\nEllipsis"

    points.first.scroll_into_view_if_needed()
    left, right = points.first.bounding_box(), points.last.bounding_box()
    middle = left["y"] + left["height"] / 2
    page.mouse.move(left["x"] + 5, middle)
    page.mouse.down()
    page.mouse.move(right["x"] + 15, middle, steps=2)  # passes the place in the middle between two events
    page.mouse.up()
    told = [points.nth(i).get_attribute("aria-valuetext") for i in range(3)]
    assert [abs(float(value) - 0.5) < 0.05 for value in told] == [True] * 3

    points.first.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    for _ in range(15):
        page.keyboard.press("ArrowUp")
    assert points.last.get_attribute("aria-label") == "spread at generation 100"
    told = [float(points.nth(i).get_attribute("aria-valuetext")) for i in range(3)]
    assert told[0] == 1
    assert abs(told[1] - 0.6) < 0.05
    assert told[2] == 0.3
    drawn = re.compile(r"You said \[1, 0\.[56]\d*, 0\.3\]\. It came out \[1, 0\.6, 0\.3\]: a hit")
    for _ in range(20):  # what is drawn reaches a busy kernel a moment later
        run(page, 1)
        if drawn.match(printed(page, 1)):
            break
        page.wait_for_timeout(250)
    assert drawn.match(printed(page, 1))
    assert page.locator(".jp-CodeCell").nth(1).locator("img").count() == 1
    assert page.evaluate(ERRORS) == []
