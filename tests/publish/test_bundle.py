"""The archive for a room without a network: all there, links lead somewhere, and its wheel installs offline."""

import os
import re
import subprocess
import sys
import zipfile

import pytest
from bundle import PINS, bundle

import lessons


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    zipfile.ZipFile(bundle(folder)).extractall(folder)
    (top,) = (path for path in folder.iterdir() if path.is_dir())
    return top


def test_it_holds_every_lesson_as_it_is_to_work_through_and_to_hand_out(unpacked):
    for path in lessons.PATHS:
        assert (unpacked / "notebooks" / path.name).read_bytes() == path.read_bytes()
        for folder in ("my_lessons", "student"):
            assert not any(cell.get("outputs") for cell in lessons.read(unpacked / folder / path.name).cells)


def test_what_the_first_page_names_is_there(unpacked):
    text = (unpacked / "READ_ME_FIRST.txt").read_text("utf8")
    for name in re.findall(r"[\w./-]+\.(?:txt|whl|py|ipynb)\b", text):
        assert (unpacked / name).exists(), name
    for name in PINS:
        assert (unpacked / name).read_bytes() == (lessons.ROOT / name).read_bytes()


def test_a_second_index_is_recommended_for_pytorch_alone(unpacked):
    text = (unpacked / "READ_ME_FIRST.txt").read_text("utf8")
    assert "extra-index-url" not in text
    torch, rest, *_ = re.findall(r"pip download .*", text)
    assert torch.endswith("--no-deps --dest wheels --requirement requirements-torch.txt")
    assert rest.endswith("--dest wheels --requirement requirements.txt")
    assert "end the first line with --index-url" in text


def test_links_lead_somewhere(unpacked):
    for page in unpacked.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)[)#]", page.read_text("utf8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_its_wheel_installs_without_a_network(unpacked, tmp_path):
    (wheel,) = unpacked.glob("*.whl")
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        tmp_path / "site",
    ]
    subprocess.run([*map(str, install), str(wheel)], check=True, capture_output=True)
    code = "import collapse_lessons as c; from collapse_lessons.worlds import datasets as d; "
    code += "print(c.__file__, len(d.breeds()))"
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert str(tmp_path / "site") in run.stdout
    assert "120" in run.stdout
