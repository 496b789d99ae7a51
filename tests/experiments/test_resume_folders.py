"""The folder of a run on other people's disks: what is not its own stays as it is, what a disk says is explained."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import filelock
import numpy as np
import pytest

from collapse_lessons import Gaussian, metrics, run
from collapse_lessons.experiments import folders
from collapse_lessons.experiments.resume import resume_run

REAL = np.random.default_rng(0).normal(size=(50, 2))
METRICS = {"std": metrics.std}
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def go(folder, n_generations=4, **settings):
    return resume_run(folder, Gaussian(), REAL, metrics=METRICS, n_generations=n_generations, **settings)


def alone(n_generations=4, **settings):
    return run(Gaussian(), REAL, metrics=METRICS, n_generations=n_generations, **settings)


class Remembering(Gaussian):
    """A model with files in folders of its own."""

    def fit(self, X, rng):
        super().fit(X, rng)
        self.mean_ = 0.5 * (self.mean_ + getattr(self, "last", 0))
        self.last = self.mean_
        return self

    def save(self, folder):
        (folder / "parts").mkdir()
        np.save(folder / "parts" / "last.npy", self.last)

    def load(self, folder):
        self.last = np.load(folder / "parts" / "last.npy")
        return self


def warm(folder, n_generations=5):
    return resume_run(folder, Remembering(), REAL, metrics=METRICS, n_generations=n_generations, n=50, warm_start=True)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what is not ours -------------------------------------------------------------------------------------------------


FOREIGN = (
    "notes.part/thoughts.txt", "notes.txt", "generation_003.backup/samples.npy", ".DS_Store", "Thumbs.db",
    "generation_001/.DS_Store", "generation_001/Thumbs.db", "generation_001/state.json~", "generation_001/#state.json#",
    "generation_001/mine/deep/file", "generation_002.part/x", "model_004/.DS_Store", "settings.json.bak",
)  # fmt: skip


@pytest.mark.parametrize("damaged", [None, "generation_001/samples.npy", "generation_001/SHA256SUMS"])
def test_files_and_folders_of_others_are_left_alone(tmp_path, damaged, capsys):
    warm(tmp_path)
    for name in FOREIGN:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"my own {name}", encoding="utf8")
        (tmp_path / name).chmod(0o444)
    if damaged:
        (tmp_path / damaged).write_bytes(b"damaged")
    assert warm(tmp_path, 8).rows.equals(
        run(Remembering(), REAL, metrics=METRICS, n_generations=8, n=50, warm_start=True).rows
    )
    for name in FOREIGN:
        assert (tmp_path / name).read_text("utf8") == f"my own {name}", "nobody else's file is touched"
    assert ("damaged" in capsys.readouterr().out) == bool(damaged), "a foreign file damages nothing"
    assert not (tmp_path / "model_001").exists()
    assert [path.name for path in (tmp_path / "model_004").iterdir()] == [".DS_Store"]


@pytest.mark.parametrize("folder", ["", " ", ".", "~", "/", "..", "full"])
def test_a_folder_that_holds_something_else_is_refused(folder, tmp_path, monkeypatch):
    home = tmp_path / "home"
    for place in ("home", "home/full", "home/here"):
        (tmp_path / place).mkdir()
        (tmp_path / place / ".profile").write_text("mine")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(home / "here")
    before = contents(tmp_path)
    with pytest.raises(ValueError, match=r"folder must be (a path, got '|the run's own, got .*: name a new one in it)"):
        go("../full" if folder == "full" else folder)
    assert contents(tmp_path) == before, "nothing is written, no lock either"
    assert len(go("~/runs/first").rows) == 4
    assert (home / "runs" / "first" / "settings.json").is_file()
    assert not (home / "here" / "~").exists()


def test_a_new_folder_may_hold_what_systems_put_there(tmp_path):
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (tmp_path / name).write_text("a system's")
    assert go(tmp_path).rows.equals(alone().rows)


def test_a_generation_that_is_a_file_is_named_before_anything_is_done(tmp_path):
    go(tmp_path, 2)
    (tmp_path / "generation_003").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(ValueError, match="folder must hold generations as folders, got a file generation_003: move"):
        go(tmp_path)
    assert contents(tmp_path) == before


def test_empty_sums_beside_an_empty_folder_are_no_generation(tmp_path):
    go(tmp_path, 2)
    (tmp_path / "generation_002").mkdir()
    (tmp_path / "generation_002" / "SHA256SUMS").touch()
    (tmp_path / "generation_003").mkdir()
    assert go(tmp_path).rows.equals(alone().rows)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names on this system")
@pytest.mark.parametrize("name", ["generation_001/state.json", "generation_001/SHA256SUMS"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path, name):
    go(tmp_path)
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    assert go(tmp_path).rows.equals(alone().rows)


@pytest.mark.parametrize("outside", ["../mine.txt", "/{}/mine.txt", "..", "."])
def test_sums_that_lead_out_of_the_folder_delete_nothing(tmp_path, outside):
    go(tmp_path / "run")
    (tmp_path / "mine.txt").write_text("mine")
    name = outside.format(tmp_path)
    (tmp_path / "run" / "generation_001" / "SHA256SUMS").write_text(f"{'0' * 64}  {name}\n")
    assert go(tmp_path / "run").rows.equals(alone().rows)
    assert (tmp_path / "mine.txt").read_text() == "mine"


# --- settings.json ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["null", "[]", "3", '"text"', "{}", "[" * 100_000, '{"contents": 1, "info": {}}', "\udcff", "", '{"seed":']
)
def test_settings_of_any_kind_are_called_damaged(tmp_path, text):
    go(tmp_path)
    (tmp_path / "settings.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ValueError, match=r"folder must hold a settings.json as it was written, got a damaged one in"):
        go(tmp_path)
    (tmp_path / "settings.json").unlink()
    assert go(tmp_path, 6).rows.equals(alone(6).rows), "the remedy helps"


def test_settings_that_are_a_folder_are_called_damaged(tmp_path):
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(ValueError, match=r"folder must hold a settings.json as it was written, got a damaged one in"):
        go(tmp_path)


def test_without_settings_another_run_is_still_refused(tmp_path):
    go(tmp_path)
    (tmp_path / "settings.json").unlink()
    before = contents(tmp_path)
    with pytest.raises(ValueError, match=r"folder must be the run's own, got .*, which holds 'generation_000'"):
        go(tmp_path, seed=1)
    assert contents(tmp_path) == before


# --- one at a time, from anywhere -------------------------------------------------------------------------------------

HOLDER = """
import sys, time
from pathlib import Path
from collapse_lessons.experiments.folders import alone
with alone(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.read()
"""


def holding(folder, **environment):
    """Start a process that holds the folder's lock until it is told to end."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert child.stdout.readline() == "in\n"
    return child


def test_two_processes_with_different_temporary_folders_do_not_both_get_in(tmp_path):
    (tmp_path / "tmp").mkdir()
    with holding(tmp_path, TMPDIR=str(tmp_path / "tmp")) as child:
        with pytest.raises(RuntimeError, match=r"where another is at work: wait, or give another folder$"):
            folders.alone(tmp_path).__enter__()
        child.kill()
    with folders.alone(tmp_path):
        pass  # one that was killed leaves nothing locked
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, None])
def test_a_shared_disk_without_locks_gets_a_lock_file(tmp_path, monkeypatch, code):
    def unsupported(lock):
        raise OSError(code, "no locks") if code else NotImplementedError("no locks")

    monkeypatch.setattr(filelock.FileLock, "_acquire", unsupported)
    at_work = r"at work: wait, .* sure that none is, delete \.collapse_lessons\.lock"
    with folders.alone(tmp_path), pytest.raises(RuntimeError, match=at_work):
        folders.alone(tmp_path).__enter__()
    with folders.alone(tmp_path):
        pass
    assert not [path for path in tmp_path.iterdir() if path.name.endswith("locked")]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.parametrize("mode", [0o700, 0o770, 0o777])
def test_who_may_write_to_the_folder_may_take_its_lock(tmp_path, mode):
    tmp_path.chmod(mode)
    before = os.umask(0o077)
    try:
        with folders.alone(tmp_path):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / folders.LOCK).stat().st_mode) == mode & 0o666


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_place_of_the_lock_is_not_followed(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / folders.LOCK).symlink_to(tmp_path / "precious")
    with pytest.raises(OSError, match="folder must be one that can be read and written, got run"):
        go(tmp_path / "run")
    assert (tmp_path / "precious").read_text() == "mine"


AS_NOBODY = """
import os, sys, tempfile
sys.path[:0] = [{tests!r}]
from test_resume_folders import *
with tempfile.TemporaryDirectory() as folder:
    go(folder + "/run", 2)  # while Python's own files can still be read
os.setgid(65534); os.setuid(65534)
go({folder!r}, {n})
"""


@pytest.mark.skipif(not IS_ROOT, reason="only the administrator can become somebody else")
def test_another_user_goes_on_with_a_shared_run_and_is_told_of_one_that_is_not_shared(tmp_path):
    for place in (tmp_path, *tmp_path.parents):
        place.chmod(0o755)
        if place.name.startswith("pytest-of-"):
            break
    for name, mode in (("shared", 0o777), ("private", 0o755)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
        go(tmp_path / name, 2)
        code = AS_NOBODY.format(tests=str(Path(__file__).parent), folder=str(tmp_path / name), n=3)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if mode == 0o777:
            assert done.returncode == 0, done.stderr
        else:
            assert "PermissionError: folder must be one that you may write to, got private" in done.stderr
    assert go(tmp_path / "shared").rows.equals(alone().rows)


# --- what a disk says -------------------------------------------------------------------------------------------------


def failing(monkeypatch, error, after):
    """Let the disk fail at the writing of a generation."""
    save, calls = np.save, iter(range(1000))

    def fails(file, array, **settings):
        if next(calls) >= after:
            raise error
        return save(file, array, **settings)

    monkeypatch.setattr(np, "save", fails)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "have room for what the run writes, got a full disk at run"),
        (OSError(errno.EDQUOT, "Quota exceeded"), "have room for what the run writes, got a used-up quota at run"),
        (
            OSError(errno.EFBIG, "File too large"),
            "have room for .*, got a limit on the size of files at run: make room",
        ),
        (RuntimeError("I/O error: No space left on device (os error 28)"), "have room for .*, got a full disk at run"),
        (OSError(errno.EROFS, "Read-only file system"), "be one that you may write to, got run"),
        (PermissionError(errno.EACCES, "Permission denied"), "be one that you may write to, got run"),
        (OSError(errno.EIO, "Input/output error"), r"be one that can be read and written, got run \(.*output error\)"),
    ],
)
def test_what_a_disk_says_is_said_in_plain_words(tmp_path, monkeypatch, error, words):
    failing(monkeypatch, error, after=2)
    with pytest.raises(OSError, match=f"^folder must {words}") as told:
        go(tmp_path / "run")
    assert told.value.rows.equals(alone(2).rows)
    assert told.value.errno == getattr(error, "errno", None)
    assert told.value.__notes__[-1].endswith("The 2 generations before it are kept: call it again.")
    monkeypatch.undo()
    assert not list((tmp_path / "run").glob("*.part")), "what was half written takes no room"
    assert go(tmp_path / "run").rows.equals(alone().rows)


SMALL = """
import resource, sys
sys.path[:0] = [{tests!r}]
from test_resume_folders import *
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
resume_run(sys.argv[1], Gaussian(), np.zeros((2000, 2)), metrics=METRICS, n_generations=2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_file_that_grows_too_large_is_a_limit_and_not_so_many_bytes_requested(tmp_path):
    code = SMALL.format(tests=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")], capture_output=True, text=True, check=False
    )
    assert (
        "OSError: folder must have room for what the run writes, got a limit on the size of files at run" in done.stderr
    )


@pytest.mark.parametrize(("lost", "kept"), [("", 0), ("settings.json", 2), ("generation_001", 1)])
def test_what_is_deleted_in_the_middle_is_not_said_to_be_kept(tmp_path, lost, kept):
    def vanishing(generation, reference):
        if generation.index == 2:
            place = tmp_path / "run" / lost
            place.unlink() if place.is_file() else shutil.rmtree(place)
        return 1.0

    lies = "all of it is gone" if not lost else f"something in it is gone \\({lost}\\)"
    words = f"folder must stay as it is while a run is at work, got run, and {lies}.*: restore it, or call again"
    with pytest.raises(FileNotFoundError, match=words) as told:
        resume_run(tmp_path / "run", Gaussian(), REAL, metrics={"vanishing": vanishing}, n_generations=4)
    assert len(told.value.rows) == 2
    assert f"The {kept} generations before it are kept" in told.value.__notes__[-1]
    assert (tmp_path / "run").exists() == bool(lost), "nobody's folder is made again behind their back"
    calm = {"metrics": {"vanishing": lambda generation, reference: 1.0}, "n_generations": 4}
    again = resume_run(tmp_path / "run", Gaussian(), REAL, **calm)
    assert again.rows.equals(run(Gaussian(), REAL, **calm).rows)


def test_a_run_stays_where_it_began_when_the_model_goes_elsewhere(tmp_path, monkeypatch):
    def wandering(generation, reference):
        os.chdir(tmp_path / "elsewhere")
        return 1.0

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    resume_run("run", Gaussian(), REAL, metrics={"wandering": wandering}, n_generations=3)
    assert len(list((tmp_path / "run").glob("generation_*"))) == 3
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("folder", "error", "words"),
    [
        ("file", FileExistsError, "folder must be a folder of its own, got file with a file in the way"),
        ("file/run", NotADirectoryError, "folder must be a folder of its own, got run with a file in the way"),
        ("n" * 300, ValueError, "folder must be a path of names of at most 255 characters, got 'nnn"),
        (None, TypeError, "folder must be a path, got None"),
        (3, TypeError, "folder must be a path, got 3"),
        (b"run", TypeError, "folder must be a path, got b'run'"),
        ("a\0b", ValueError, "folder must be a path"),
        (
            "~nobody-of-this-name/run",
            ValueError,
            "folder must be a path, got '~nobody-of-this-name/run', which is nobody",
        ),
    ],
)
def test_what_can_be_no_folder_is_named(folder, error, words, tmp_path):
    (tmp_path / "file").write_text("mine")
    place = tmp_path / folder if isinstance(folder, str) and not folder.startswith("~") else folder
    with pytest.raises(error, match=words):
        go(place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_error_of_the_model_stays_as_it_is(tmp_path):
    def fragile(generation, reference):
        raise OSError(errno.ENOSPC, "No space left on device: the model's own")

    with pytest.raises(OSError, match="the model's own") as told:
        resume_run(tmp_path / "run", Gaussian(), REAL, metrics={"fragile": fragile}, n_generations=2)
    assert "folder must" not in str(told.value)


def test_the_usual_tool_checks_a_generation(tmp_path):
    if not shutil.which("sha256sum"):
        pytest.skip("the tool is not on every system")
    warm(tmp_path)
    for folder in ("generation_003", "model_004"):
        call = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
        subprocess.run(call, cwd=tmp_path / folder, check=True, capture_output=True)


def test_state_and_settings_are_json_for_everybody(tmp_path):
    go(tmp_path)
    for path in (tmp_path / "settings.json", tmp_path / "generation_003" / "state.json"):
        assert json.loads(path.read_text("utf8"), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
