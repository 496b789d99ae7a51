"""A headless Chromium that reaches this machine only; where there is none, these tests are skipped and say so."""

import functools
import shutil
import threading
from collections import Counter
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
HERE = ("http://127.0.0.1", "file:", "data:", "blob:")


SENT = Counter()  # bytes of files, by the server's port


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def copyfile(self, source, outputfile):
        super().copyfile(source, outputfile)
        SENT[self.server.server_port] += source.tell()


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright here: run `make book` once")
    with sync_api.sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome") or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("no Chromium here: run `.venv/bin/python -m playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def contexts(browser):
    """Return a function that gives the browser's context for some settings: one for all tests, with what it cached."""
    known = {}

    def context(**settings):
        key = tuple(sorted(settings.items()))
        if key not in known:
            known[key] = browser.new_context(**settings)
        return known[key]

    yield context
    for context in known.values():
        context.close()


@pytest.fixture
def open_page(contexts):
    """Return a function that opens a page of some width and notes in `page.errors` whatever goes wrong on it.

    Further settings are those of Playwright's `new_context`.
    """
    pages = []

    def open_page(width=1200, height=900, **settings):
        page = contexts(**settings).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.errors = []
        page.on("request", lambda r: r.url.startswith(HERE) or page.errors.append(f"asks for {r.url}"))
        page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("response", lambda r: r.status >= 400 and page.errors.append(f"{r.status} {r.url}"))
        return page

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def serve():
    """Return a function that serves a folder on the loopback and returns its address."""
    servers = []

    def serve(folder):
        handler = functools.partial(Quiet, directory=str(folder))
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def sent():
    """Return a function of a served folder's address: how many bytes of its files have been sent so far."""
    return lambda address: SENT[int(address.rpartition(":")[2])]
