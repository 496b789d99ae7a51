"""What a stranger gets: pins that fit the ranges, a wheel that carries its data, an address stamped everywhere."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
import zmq.asyncio
from packaging.requirements import Requirement
from stamp_repository import checked_out, owner_and_name, stamp

import check_room
import lessons
from lock import split

ROOT = lessons.ROOT
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
FILES = ("requirements.txt", "requirements-torch.txt", "requirements-book.txt", "requirements-lite.txt")
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
WORKFLOW = (ROOT / ".github/workflows/ci.yml").read_text("utf8")


def entries(name):
    """Return a requirements file's entries, {requirement: [checksums]}."""
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text("utf8"), flags=re.MULTILINE).replace("\\\n", "")
    return {line.partition(" --hash")[0]: re.findall(r"--hash=sha256:(\w+)", line) for line in text.splitlines()}


def pins():
    return [Requirement(line) for name in FILES for line in entries(name)]


def test_every_requirement_is_pinned_exactly():
    assert all(re.fullmatch(r"==[\w.+!]+", str(pin.specifier)) for pin in pins())


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-book.txt", "requirements-lite.txt"])
def test_every_pin_has_its_checksums(name):
    for line, checksums in entries(name).items():
        assert checksums, f"{line}: run make lock"
        assert all(len(checksum) == 64 for checksum in checksums)


def test_pytorch_whose_builds_differ_stands_by_itself():
    (line,) = entries("requirements-torch.txt")
    assert Requirement(line).name == "torch"
    others = {Requirement(line).name for name in FILES if "torch" not in name for line in entries(name)}
    assert not any(other == "torch" or other.startswith(("nvidia-", "cuda-", "triton")) for other in others)


def test_a_lock_is_split_into_pytorch_and_the_rest_without_cuda():
    text = "# made by uv\n" + "".join(
        f"{name}==1.0{marker} \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n"
        for name, marker in [("nvidia-x", " ; sys_platform == 'linux'"), ("numpy", ""), ("torch", ""), ("torchfix", "")]
    )
    pinned, torch = split(text)
    assert torch == "torch==1.0"
    assert re.findall(r"^\w+", pinned, re.MULTILINE) == ["numpy", "torchfix"]
    assert pinned.count("--hash") == 4
    assert split("numpy==1.0\n") == ("numpy==1.0\n", None)


def test_releases_of_ipykernel_that_lose_a_request_are_left_out():
    """ipython/ipykernel#1554: from 7.0 to 7.3; a JupyterHub has 7."""
    for extra in ("lab", "dev"):
        wanted = [Requirement(line) for line in PYPROJECT["project"]["optional-dependencies"][extra]]
        (specifier,) = [r.specifier for r in wanted if r.name == "ipykernel"] or [None]
        assert all(version in specifier for version in ("6.29.0", "6.31.0", "7.4.0", "8.0"))
        assert not any(version in specifier for version in ("6.28", "7.0.1", "7.1.0", "7.2.0", "7.3.0"))


def test_a_lock_never_follows_a_link_to_another_file():
    """CVE-2025-68146, mended in filelock 3.20.1."""
    (wanted,) = (r for r in map(Requirement, PYPROJECT["project"]["dependencies"]) if r.name == "filelock")
    assert "3.20.0" not in wanted.specifier


def test_a_warning_of_jupyter_s_sockets_on_windows_is_no_error():
    """pyzmq warns there that its event loop lacks what it needs, in some fifteen tests that start a kernel."""
    _, kept = PYPROJECT["tool"]["pytest"]["ini_options"]["filterwarnings"]
    action, message, category = kept.split(":")
    assert (action, category) == ("ignore", "RuntimeWarning")
    assert message in Path(zmq.asyncio.__file__).read_text("utf8"), "what pyzmq says has changed"


def test_conda_gets_what_the_package_asks_for():
    """From conda Python and PyTorch, in versions that fit; from pip the package itself, with extras that there are."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf8"))
    *packages, from_pip = environment["dependencies"]
    python, _, torch = packages
    assert python.removeprefix("python=") in ("3.11", "3.12", "3.13", "3.14")
    (wanted,) = (
        r for r in map(Requirement, PYPROJECT["project"]["optional-dependencies"]["neural"]) if r.name == "torch"
    )
    assert torch == f"pytorch-cpu{wanted.specifier}"
    (course,) = from_pip["pip"]
    extras = re.fullmatch(r"--editable \.\[([\w,]+)\]", course).group(1).split(",")
    assert set(extras) <= set(PYPROJECT["project"]["optional-dependencies"])


def test_actions_are_pinned_by_commit():
    used = [use for path in WORKFLOWS for use in re.findall(r"uses: (\S+)(.*)", path.read_text("utf8"))]
    assert len(WORKFLOWS) == 2
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), f"{action}: say which release that is"


def test_pages_are_published_by_a_tag_and_by_one_job_that_may_do_nothing_else():
    pages = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text("utf8"))
    assert pages[True] == {"push": {"tags": ["v*"]}}  # YAML reads `on` as a truth value
    assert pages["permissions"] == {"contents": "read"}
    assert "permissions" not in pages["jobs"]["build"]
    assert pages["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert not any("run" in step for step in pages["jobs"]["publish"]["steps"])


@pytest.mark.parametrize("job", ["newest", "oldest"])
def test_the_jobs_newest_and_oldest_install_all_that_they_test(job):
    """Without PyTorch every neural test is skipped or an error; a venv without pip cannot install a wheel."""
    steps = " ".join(step.get("run", "") for step in yaml.safe_load(WORKFLOW)["jobs"][job]["steps"])
    assert '--editable ".[dev,neural]"' in steps
    assert steps.rstrip().endswith("make test")
    assert "python -m venv .venv" in steps or "uv venv --seed .venv" in steps


def test_every_python_that_is_promised_is_tested():
    matrix = yaml.safe_load(WORKFLOW)["jobs"]["pinned"]["strategy"]["matrix"]
    tested = {*matrix["python"], *(more["python"] for more in matrix["include"])}
    assert tested == {"3.11", "3.12", "3.13", "3.14"}
    readme = " ".join((ROOT / "README.md").read_text("utf8").split())
    assert "Python 3.11 to 3.14" in readme
    assert "3.11 or newer" not in readme
    assert "from 3.11 to 3.14" in check_room.PYTHONS


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
    code = "import collapse_lessons as c; from collapse_lessons.worlds import datasets as d; "
    code += "print(c.__file__, len(d.breeds()), d.flower(32).shape)"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    call = [sys.executable, "-c", code]
    run = subprocess.run(call, cwd=tmp_path / "empty", env=environment, capture_output=True, text=True, check=True)
    assert str(tmp_path / "site") in run.stdout
    assert "120 (32, 49, 3)" in run.stdout


@pytest.fixture
def copy(tmp_path):
    for folder in ("notebooks", "colab"):
        (tmp_path / folder).mkdir()
    named = [ROOT / name for name in ("pyproject.toml", "README.md", "CITATION.cff")]
    for file in [*named, *lessons.PATHS, *sorted(ROOT.glob("colab/*.ipynb"))]:
        shutil.copy(file, tmp_path / file.relative_to(ROOT))
    return tmp_path


def test_one_command_stamps_the_address(copy):
    for address in ("ada/collapse", "grace-h/copies.of-copies"):  # a second stamp replaces the first
        stamp(copy, address, "v1.0")
        assert f'Repository = "https://github.com/{address}"' in (copy / "pyproject.toml").read_text("utf8")
        for path in sorted((copy / "notebooks").glob("*.ipynb")):
            notebook = lessons.read(path)
            assert f"/github/{address}/blob/main/colab/{path.name}" in notebook.cells[0].source
            copy_for_colab = lessons.read(copy / "colab" / path.name)
            for stamped in (notebook, copy_for_colab):
                assert f'REPOSITORY = "{address}@v1.0"' in stamped.cells[1].source
        readme = (copy / "README.md").read_text("utf8")
        for path in lessons.PATHS:
            page = f"{address}/blob/main/colab/{path.name}"
            assert f"https://colab.research.google.com/github/{page}" in readme
        assert f"mybinder.org/v2/gh/{address}/main" in readme
        assert not stamp(copy, address, "v1.0"), "a second time there is nothing left to change"
    text = "".join(path.read_text("utf8") for path in copy.rglob("*.*") if path.is_file())
    assert not re.search("OWNER/NAME|ada/collapse", text)


@pytest.mark.parametrize(
    "address",
    [
        "ada/co.py-1",
        "https://github.com/ada/co.py-1",
        "https://github.com/ada/co.py-1/",
        "http://www.github.com/ada/co.py-1.git",
        "github.com/ada/co.py-1",
        "git@github.com:ada/co.py-1.git",
        "ssh://git@github.com/ada/co.py-1.git",
    ],
)
def test_an_address_in_any_form_is_taken(address):
    assert owner_and_name(address) == "ada/co.py-1"


@pytest.mark.parametrize(
    "address",
    ["", "owner", "a/b/c", "a b/c", "https://github.com/a", "https://gitlab.com/a/b", "https://x.org/github.com/a/b"],
)
def test_an_address_that_is_none_is_refused(copy, address):
    with pytest.raises(ValueError, match="address must look like owner/name"):
        stamp(copy, address, "v1.0")


@pytest.mark.parametrize("revision", ["", "two words", "--upgrade", "v1 #egg=x"])
def test_a_revision_that_is_none_is_refused(copy, revision):
    with pytest.raises(ValueError, match="revision must be a tag or a commit"):
        stamp(copy, "a/b", revision)


@pytest.mark.parametrize("address", ["https://gitlab.com/a/b", "nowhere"])
def test_a_wrong_address_ends_in_a_sentence_and_no_traceback(address):
    command = [sys.executable, str(ROOT / "scripts" / "publish" / "stamp_repository.py"), address, "v1.0"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("address must look like owner/name")
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_hosted_lesson_installs_one_commit(tmp_path):
    """Not the head of a branch, which anybody who can push may change."""
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b.org"]
    for command in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message", "one"]):
        subprocess.run([*git, *command], check=True)
    assert re.fullmatch(r"[0-9a-f]{40}", checked_out(tmp_path))
    source = lessons.read(lessons.PATHS[0]).cells[1].source
    assert 'address = f"git+https://github.com/{REPOSITORY}"' in source  # pip takes owner/name@commit


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
