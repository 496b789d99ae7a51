"""What the lessons that run in a browser are made of; tests/browser/test_lite.py runs them."""

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
import zipfile

import lite
import pytest
from copies import QUIET

import check_room
import lessons
from collapse_lessons.worlds import datasets


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lite") / "files"
    lite.gather(folder)
    return folder


def test_every_lesson_without_pytorch_is_there_and_no_other(files):
    """By what its own cells import; the check of a room names those that need it."""
    here = {path.name for path in files.glob("notebooks/*")}
    assert here == {path.name for path in lessons.PATHS if path.name[:2] not in check_room.NEURAL}
    assert {name[:2] for name in here} >= {"00", "01", "02", "03", "04", "06"}


# What Pyodide's makers leave out or make a package of its own, and the large libraries that it has not.
LACKING = """
import sys
import IPython  # Pyodide has its own, which asks for none of these
class Lacking:
    def find_spec(name, path=None, target=None):
        if name in {"lzma", "torch", "transformers", "curses", "dbm", "ensurepip", "resource", "tkinter", "venv"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Lacking)
"""


def test_no_lesson_there_imports_what_a_browser_s_python_lacks(files):
    """corpora asked for lzma, and lesson 00, which reads a prompt's record through it, ended in its first cell."""
    imports = [LACKING]
    for path in files.glob("notebooks/*"):
        for cell in lessons.read(path).cells:
            if cell.cell_type == "code":
                lines = ast.parse(cell.source.removeprefix(QUIET)).body
                imports += [ast.unparse(line) for line in lines if isinstance(line, ast.Import | ast.ImportFrom)]
    done = subprocess.run([sys.executable, "-c", "\n".join(imports)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_links_lead_to_what_is_there_or_to_the_public_address(files):
    for path in files.glob("notebooks/*"):
        text = "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "markdown")
        for target in re.findall(r"\]\(([^)#:]+)[)#]", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_a_lesson_there_gives_nothing_away(files):
    for path in files.glob("notebooks/*"):
        assert not any(cell.get("outputs") for cell in lessons.read(path).cells)


def test_the_small_wheel_leaves_out_only_data_that_need_pytorch(tmp_path):
    names = ["collapse_lessons/loop.py", "collapse_lessons/data/breeds.csv", "collapse_lessons/data/flowers/model"]
    with zipfile.ZipFile(tmp_path / "course.whl", "w") as wheel:
        for name in names:
            wheel.writestr(name, name)
    (tmp_path / "small").mkdir()
    lite.small(tmp_path / "course.whl", tmp_path / "small")
    with zipfile.ZipFile(tmp_path / "small" / "course.whl") as wheel:
        assert wheel.namelist() == names[:2]
        assert wheel.read(names[0]).decode() == names[0]


def test_what_the_small_wheel_carries_of_data_is_small():
    data = datasets.data_path("breeds.csv").parent
    assert all((data / name).is_dir() for name in lite.LEFT_OUT)
    kept = [path for path in data.rglob("*") if path.is_file() and path.relative_to(data).parts[0] not in lite.LEFT_OUT]
    assert sum(path.stat().st_size for path in kept) < 4_000_000


def test_the_data_that_a_lesson_there_reads_come_along(files):
    """Lesson 13 began to read clothes, which were left out: it ended in its fourth cell."""
    for path in files.glob("notebooks/*"):
        code = "\n".join(cell.source for cell in lessons.read(path).cells if cell.cell_type == "code")
        for explorer in re.findall(r"^from collapse_lessons.course.explorers import (\w+) as", code, re.MULTILINE):
            code += inspect.getsource(importlib.import_module(f"collapse_lessons.course.explorers.{explorer}"))
        for function in set(re.findall(r"datasets\.(\w+)\(", code)):
            code += inspect.getsource(getattr(datasets, function))
        assert not set(re.findall(r"data_path\(f?\"(\w+)/", code)) & set(lite.LEFT_OUT), path.name


def test_a_kernel_begins_with_the_package_and_asks_nobody_else(tmp_path):
    (tmp_path / "collapse_lessons-0.1.0-py3-none-any.whl").touch()
    data = lite.settings(tmp_path, lite.NETWORK)["jupyter-config-data"]
    (kernel,) = data["litePluginSettings"].values()
    assert kernel["pyodideUrl"] == f"https://cdn.jsdelivr.net/pyodide/v{lite.PYODIDE}/full/pyodide.js"
    assert kernel["disablePyPIFallback"] is True
    assert kernel["loadPyodideOptions"]["packages"][-1].endswith("/pypi/collapse_lessons-0.1.0-py3-none-any.whl")


def test_every_wheel_beside_the_package_is_pinned_with_its_checksum():
    assert all(lite.pin(name).count("--hash=sha256:") >= 1 for name in lite.PURE)


@pytest.fixture
def release(tmp_path):
    """A folder such as Pyodide's makers release: every package named after itself, one asking for the next."""
    names = [*lite.KERNEL, *lite.COMPILED, "numpy", "prompt_toolkit", "torch"]
    packages = {name: {"file_name": f"{name}.whl", "depends": []} for name in names}
    packages["scipy"]["depends"] = ["numpy"]
    packages["ipython"]["depends"] = ["prompt-toolkit"]  # spelt otherwise
    lock = {"info": {"version": lite.PYODIDE}, "packages": packages}
    for file in [*lite.RUNTIME, *(package["file_name"] for package in packages.values())]:
        (tmp_path / file).write_text(file)
    (tmp_path / "pyodide-lock.json").write_text(json.dumps(lock))
    return tmp_path


def test_of_pyodide_comes_along_what_is_needed_and_no_more(release, tmp_path):
    lite.carry(release, tmp_path / "site" / "pyodide")
    carried = {path.name for path in (tmp_path / "site" / "pyodide").iterdir()}
    assert carried == {path.name for path in release.iterdir() if path.is_file()} - {"torch.whl"}


def test_another_version_of_pyodide_or_none_is_refused(release, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"PYODIDE must be a folder with pyodide-lock\.json, got .*: unpack"):
        lite.carry(tmp_path / "nowhere", tmp_path / "site")
    lock = json.loads((release / "pyodide-lock.json").read_text())
    (release / "pyodide-lock.json").write_text(json.dumps(lock | {"info": {"version": "0.1"}}))
    with pytest.raises(ValueError, match=f"PYODIDE must be version {lite.PYODIDE}, got 0.1: take"):
        lite.carry(release, tmp_path / "site")
