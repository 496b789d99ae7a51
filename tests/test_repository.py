"""What a stranger gets: pins that fit the ranges, a wheel that carries its data, an address stamped everywhere."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest
from packaging.requirements import Requirement

import lessons

ROOT = lessons.ROOT
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
sys.path.append(str(ROOT / "scripts"))


def pins():
    files = (ROOT / "requirements.txt", ROOT / "requirements-book.txt")
    lines = [line for file in files for line in file.read_text("utf8").splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def test_every_requirement_is_pinned_exactly():
    assert all(re.fullmatch(r"==[\w.+!]+", str(pin.specifier)) for pin in pins())


def test_pins_fit_the_ranges():
    project = PYPROJECT["project"]
    ranges = [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    for wanted in map(Requirement, ranges):
        pinned = [pin for pin in pins() if pin.name == wanted.name]
        assert pinned, f"{wanted.name} is not pinned: run make lock"
        for pin in pinned:
            assert next(iter(pin.specifier)).version in wanted.specifier, f"{pin} does not fit {wanted}: run make lock"


def test_colab_keeps_its_own_versions():
    # The package may not ask for more than a hosted notebook has: these were on Colab in 2025.
    hosted = {"numpy": "2.0.2", "pandas": "2.2.2", "scipy": "1.16.3", "matplotlib": "3.10.0", "scikit-learn": "1.6.1"}
    hosted |= {"ipython": "7.34.0", "ipywidgets": "7.7.1", "torch": "2.8.0", "seaborn": "0.13.2", "pillow": "11.3.0"}
    project = PYPROJECT["project"]
    for wanted in map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["neural"]]):
        if wanted.name in hosted:
            assert hosted[wanted.name] in wanted.specifier


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


def test_wheel_carries_the_package_and_its_data(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for file in [*ROOT.glob("collapse_lessons/**/*.py"), *ROOT.glob("collapse_lessons/**/*.pyi")]:
        assert file.relative_to(ROOT).as_posix() in names
    for file in ROOT.glob("data/**/*"):
        assert file.is_dir() or f"collapse_lessons/{file.relative_to(ROOT).as_posix()}" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_wheel_alone_is_enough(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")  # what pip install --no-deps does
    (tmp_path / "empty").mkdir()
    code = "import collapse_lessons as c; print(c.__file__, len(c.datasets.breeds()), c.datasets.flower(32).shape)"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    call = [sys.executable, "-c", code]
    run = subprocess.run(call, cwd=tmp_path / "empty", env=environment, capture_output=True, text=True, check=True)
    assert str(tmp_path / "site") in run.stdout
    assert "120 (32, 49, 3)" in run.stdout


@pytest.fixture
def copy(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for file in [*(ROOT / name for name in ("pyproject.toml", "README.md", "CITATION.cff")), *lessons.PATHS]:
        shutil.copy(file, tmp_path / file.relative_to(ROOT))
    return tmp_path


def test_one_command_stamps_the_address(copy):
    from stamp_repository import stamp

    for address in ("ada/collapse", "grace-h/copies.of-copies"):  # a second stamp replaces the first
        stamp(copy, address)
        assert f'Repository = "https://github.com/{address}"' in (copy / "pyproject.toml").read_text("utf8")
        for path in sorted((copy / "notebooks").glob("*.ipynb")):
            notebook = lessons.read(path)
            assert f"/github/{address}/blob/main/notebooks/{path.name}" in notebook.cells[0].source
            assert f'REPOSITORY = "{address}"' in notebook.cells[1].source
        assert not stamp(copy, address), "a second time there is nothing left to change"
    text = "".join(path.read_text("utf8") for path in copy.rglob("*.*") if path.is_file())
    assert not re.search("OWNER/NAME|ada/collapse", text)


@pytest.mark.parametrize("address", ["", "owner", "https://github.com/a/b", "a/b/c", "a b/c"])
def test_an_address_that_is_none_is_refused(copy, address):
    from stamp_repository import stamp

    with pytest.raises(ValueError, match="address must look like owner/name"):
        stamp(copy, address)


def test_without_the_package_the_set_up_cell_says_what_to_do(tmp_path):
    source = lessons.read(lessons.PATHS[0]).cells[1].source
    source = re.sub(r'REPOSITORY = "[^"]*"', 'REPOSITORY = ""', source)
    call = [sys.executable, "-S", "-c", source]  # -S: a Python without site-packages
    run = subprocess.run(call, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True)
    assert run.returncode
    for remedy in ("make lab", "pip install -e .", "--no-deps"):
        assert remedy in run.stderr


def test_readme_names_every_lesson():
    readme = (ROOT / "README.md").read_text("utf8")
    for path in lessons.PATHS:
        title = lessons.read(path).cells[0].source.splitlines()[0].removeprefix("# ").split(" · ")[1]
        assert f"[{title}](notebooks/{path.name})" in readme
    for target in re.findall(r"\]\(([^):#]+)\)", readme):
        assert (ROOT / target).exists(), target
    for command in ("make lab", "make test"):
        assert command in readme
