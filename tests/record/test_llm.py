"""The recording of lesson 08 in miniature: chains resume, each is a record, and two processes give the rows of one."""

import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import psutil
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("accelerate")

import torch

import hub
import lessons
from collapse_lessons.experiments import protocol, records
from collapse_lessons.models.language import PRECISIONS
from record import llm

SCRIPT = lessons.ROOT / "scripts" / "record" / "llm.py"
BOTH = ("replace_sampling", "10_percent_real_sampling")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llm")
    hub.save_model(folder / "base", context=128)
    (folder / "corpus").mkdir()
    for name, n in (("train", 60), ("valid", 20)):
        (folder / "corpus" / f"{name}.txt").write_text(hub.text(n), encoding="utf8")
    return folder


def arguments(folder, name, *more, generations=2):
    small = "--epochs 1 --batch 16 --device cpu"
    paths = {"model": "base", "corpus": "corpus", "work": f"{name}/work", "out": f"{name}/out"}
    paths = [part for option, path in paths.items() for part in (f"--{option}", str(folder / path))]
    both = ["--recipe", "replace", "10% real", "--decoder", "sampling", "--seeds", "2", "--threads", "1"]
    same = ["--as-written", "--precision", "float32", "--writing", "float32", "--held-out", "10"]
    return [*small.split(), *paths, *both, *same, "--generations", str(generations), *more]


@pytest.fixture(scope="module")
def alone(folder):
    llm.main(arguments(folder, "alone"))
    return folder / "alone"


def test_what_is_recorded(alone):
    for name in BOTH:
        for seed in (0, 1):
            run = records.load_run(alone / "out" / name / f"seed_{seed}")
            assert run.rows["generation"].tolist() == [0, 1]
            assert set(run.rows["seed"]) == {seed}
            assert set(run.rows["recipe"]) == {name.replace("10_percent_", "10% ").replace("_", ", ")}
            assert sorted(run.snapshots) == [0, 1]
            assert len(run.snapshots[1]["text"]) == len(run.info["prompts"]) == len(llm.PROMPTS)
            assert len(run.snapshots[1]["perplexity"]) == run.info["n"]
            assert run.info["checkpoints"][0]["name"] == "base"
            assert re.fullmatch("weights of sha256 [0-9a-f]{64}", run.info["checkpoints"][0]["revision"])
            assert run.info["before"] > run.rows["perplexity"].iloc[0], "fine-tuning brings it nearer to the corpus"
            assert run.info["held_out"] == 10
            assert str(alone) not in str(run.info), "no path of this machine"


def test_the_page_on_large_runs_reads_a_record(alone, tmp_path, monkeypatch, capsys):
    page = (lessons.ROOT / "docs" / "large_runs.md").read_text("utf8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "load_run" in block]
    shutil.copytree(alone / "out", tmp_path / "build" / "llm_record")
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    assert "perplexity  repetition  distinct" in capsys.readouterr().out


def test_the_seeds_of_a_chain_are_joined_whenever_they_were_made(alone):
    run = records.load_seeds(alone / "out" / BOTH[0])
    assert run.rows["seed"].tolist() == [0, 0, 1, 1]
    assert run.info["seeds"] == [0, 1]
    with pytest.raises(FileNotFoundError, match="folder must hold a record for each seed, got none in nowhere"):
        records.load_seeds(alone / "nowhere")


def test_generation_0_is_trained_once_for_all_chains_of_a_seed(alone):
    firsts = [path.name for path in (alone / "work").iterdir() if path.name.startswith("first_") and path.is_dir()]
    assert sorted(name[:7] for name in firsts) == ["first_0", "first_1"]


def test_started_again_it_has_nothing_to_do_but_what_is_new(alone, folder, capsys):
    first = records.load_seeds(alone / "out" / BOTH[0]).rows
    llm.main(arguments(folder, "alone", "--yes", generations=3))
    said = capsys.readouterr().out
    assert "will take" not in said, "--yes asks for no forecast"
    assert said.count("generation 2 of 0 to 2 is finished") == 4
    assert "generation 1 of" not in said
    rows = records.load_seeds(alone / "out" / BOTH[0]).rows
    pd.testing.assert_frame_equal(rows[rows["generation"] < 2].reset_index(drop=True), first)


def test_a_seed_is_added_without_what_lies_in_the_work_folder(alone, folder):
    before = records.load_run(alone / "out" / BOTH[0] / "seed_1").rows
    shutil.copytree(alone / "out", folder / "added" / "out")
    one = ["--yes", "--recipe", "replace", "--only-seed", "2"]
    llm.main(arguments(folder, "added", *one, generations=3))
    rows = records.load_seeds(folder / "added" / "out" / BOTH[0]).rows
    assert rows["seed"].unique().tolist() == [0, 1, 2]
    pd.testing.assert_frame_equal(rows[rows["seed"] == 1].reset_index(drop=True), before)


def test_two_processes_give_the_rows_of_one_on_any_system(alone, folder):
    # What `accelerate launch` starts on a machine with two graphics cards, here on the processor. The loopback is
    # called lo on Linux, lo0 on macOS, and otherwise on Windows.
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    loopback = next(
        name for name, found in psutil.net_if_addrs().items() if any(a.address == "127.0.0.1" for a in found)
    )
    done = subprocess.run(
        [*launch, str(SCRIPT), *arguments(folder, "both")],
        capture_output=True,
        text=True,
        env=os.environ | {"GLOO_SOCKET_IFNAME": loopback, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("This process has 2") == 2, "each has half of the chains"
    for name in BOTH:
        one, two = (records.load_seeds(folder / who / "out" / name).rows for who in ("alone", "both"))
        pd.testing.assert_frame_equal(one[one["generation"] < 2].reset_index(drop=True), two)


def test_what_can_be_chosen_is_what_the_experiment_has():
    assert tuple(protocol.PRESETS) == llm.PRESETS
    assert tuple(protocol.RECIPES) == llm.RECIPES
    assert tuple(protocol.DECODERS) == llm.DECODERS
    assert tuple(f"torch.{name}" for name in llm.PRECISIONS) == tuple(map(str, PRECISIONS))


def test_as_written_is_for_a_corpus_of_your_own(capsys):
    with pytest.raises(SystemExit):
        llm.main(["--as-written"])
    assert "--as-written must come with --corpus, got none" in capsys.readouterr().err


@pytest.fixture
def started(alone, folder):
    """Return the arguments of a chain that is finished, of a work folder and a record of its own."""
    shutil.copytree(alone, folder / "again")
    yield arguments(folder, "again", "--recipe", "replace", "--seeds", "1")
    shutil.rmtree(folder / "again")


def test_ctrl_c_stops_all_chains_and_half_a_chain_is_no_record(folder, monkeypatch, capsys):
    def stopped(turns, n):
        yield next(iter(turns))
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(llm, "told", stopped)
        with pytest.raises(SystemExit) as end:
            llm.main(arguments(folder, "stopped", "--yes"))
    assert end.value.code == llm.STOPPED
    assert "Interrupted: 1 of 2 generations are kept" in capsys.readouterr().out
    assert not list((folder / "stopped").glob("out/*/*")), "nothing is recorded"
    begun = {path.parent.name for path in (folder / "stopped" / "work").glob("*/settings.json")}
    assert begun == {"replace_sampling_0"}, "and no other chain begun"
    llm.main(arguments(folder, "stopped", "--yes", "--recipe", "replace", "--seeds", "1"))
    assert len(records.load_run(folder / "stopped" / "out" / BOTH[0] / "seed_0").rows) == 2


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (["--learning-rate", "0.01"], "--work must be for .*, got replace_sampling_0 of another model or training: "),
        (["--share", "0.5"], "--work must be for chains of one experiment, got replace_sampling_0 of another text: "),
        (
            ["--learning-rate", "0.01", "--work", "elsewhere"],
            "--out must be for records of one experiment, got replace_sampling/seed_0 of other protocol",
        ),
    ],
)
def test_another_experiment_neither_goes_on_with_a_chain_nor_writes_over_its_record(
    started, changed, message, folder, monkeypatch
):
    changed = [str(folder / part) if part == "elsewhere" else part for part in changed]
    monkeypatch.setattr(llm, "forecast", lambda *_, **__: pytest.fail("it is told before anything is computed"))
    with pytest.raises(SystemExit, match=f"^llm.py: {message}.*name another --work and another --out"):
        llm.main([*started, *changed])


def test_what_is_wrong_is_one_sentence(folder):
    (folder / "empty.txt").write_text("")
    given = arguments(folder, "wrong", "--corpus", str(folder / "empty.txt"))
    with pytest.raises(SystemExit, match=r"^llm.py: empty.txt must hold text, got an empty file: give a text file"):
        llm.main(given)


def test_a_machine_that_is_busy_later_goes_on_in_the_precision_it_began_with(tmp_path, monkeypatch):
    options = llm.parse(["--work", str(tmp_path)])
    monkeypatch.setattr(llm, "fast_training", lambda device: torch.bfloat16)
    monkeypatch.setattr(llm, "fast_writing", lambda device: torch.float32)
    first = llm.precisions(options, "cpu")
    assert first == {"precision": torch.bfloat16, "writing": torch.float32}
    monkeypatch.setattr(llm, "fast_training", lambda device: torch.float32)
    assert llm.precisions(options, "cpu") == first
    given = llm.parse(["--work", str(tmp_path), "--precision", "float16"])
    assert llm.precisions(given, "cpu")["precision"] == torch.float16
