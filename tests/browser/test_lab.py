"""A reader in JupyterLab: opens a lesson, runs all cells, moves a slider by keyboard, and sees the figure change."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

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
ERRORS = "[...document.querySelectorAll('[data-mime-type=\"application/vnd.jupyter.error\"]')].map(e => e.innerText)"
FIGURE = "(document.querySelector('.widget-html img') || {}).src"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    """A JupyterLab of its own on the loopback, on copies of the lessons; returns its address."""
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
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("number", ["01", "02", "05", "07"], ids=lambda number: f"{number}-lab")
def test_a_lesson_runs_and_its_slider_moves_the_figure(number, lab, open_page):
    path = next(path for path in lessons.PATHS if path.name.startswith(number))
    page = open_page(1400, 1000)
    page.set_default_timeout(60_000)
    page.goto(f"{lab}/lab/tree/{path.name}?reset", wait_until="domcontentloaded")
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
    assert [error for error in page.errors if "colab-badge" not in error and "ERR_FAILED" not in error] == []
