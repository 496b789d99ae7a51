"""Folders of results: whole or known not to be, changed by one process at a time, foreign files in them left alone.

What is in a folder is listed in its `SHA256SUMS`, which `sha256sum --check SHA256SUMS` understands as well. Nothing
else is deleted.
"""

import errno
import hashlib
import os
import shutil
import stat
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # a browser has soft locks alone, which `_lock` puts up with
    from filelock import FileLock, SoftFileLock, Timeout

SUMS = "SHA256SUMS"
LOCK = ".collapse_lessons.lock"
FURNITURE = {LOCK, ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints"}  # what no folder is judged by
FULL = {errno.ENOSPC: "a full disk", errno.EDQUOT: "a used-up quota", errno.EFBIG: "a limit on the size of files"}
NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}  # what disks without locks say


def write(folder: Path, fill: Callable[[Path], None], partial: Path) -> None:
    """Make a folder with what `fill(partial)` writes and its sums, whole or not at all.

    `partial` is a name that nobody else uses. Of a folder that is there already the listed files go, the others stay.
    """
    partial.mkdir()
    try:
        fill(partial)
        names = sorted(path.relative_to(partial).as_posix() for path in partial.rglob("*") if path.is_file())
        if not names:
            raise ValueError(
                f"{folder.name} must hold a file, got none: let save(folder) write what load(folder) needs"
            )
        (partial / SUMS).write_bytes(sums({name: _digest(partial / name) for name in names}))
        remove(folder)
        if not folder.exists():
            os.replace(partial, folder)
            return
        for name in (*names, SUMS):  # the sums come last: they say that it is whole
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(partial / name, folder / name)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def is_whole(folder: Path, holds: tuple[str, ...] = ()) -> bool:
    """Return whether all files that a folder lists, `holds` among them, are as they were written."""
    hashes = listed(folder / SUMS)
    return set(hashes) >= {*holds} and all(_digest(folder / name) == hashes[name] for name in hashes) and bool(hashes)


def sums(hashes: Mapping[str, str]) -> bytes:
    """Return the list of some files: their hashes by name, as `SHA256SUMS` has it."""
    return "".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()


def listed(path: Path) -> dict[str, str]:
    """Return the hashes by name that a list says; none if it is no such list, or one that leads out of its folder."""
    try:
        written = path.read_bytes() if path.is_file() else b""
        lines = written.decode().split("\n")[:-1]
    except (OSError, ValueError):
        return {}
    hashes = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    paths = [PurePosixPath(name) for name in hashes]
    safe = not any(path.is_absolute() or ".." in path.parts or not path.parts for path in paths)
    return hashes if safe and sums(hashes) == written else {}


def mark(folder: Path) -> str | None:
    """Return one hash for all that a folder lists; None where there is no list."""
    return _digest(folder / SUMS)


def remove(folder: Path) -> None:
    """Delete the files that a folder lists, and the folder if that was all there was in it."""
    inside = [*listed(folder / SUMS), SUMS]
    for name in inside:
        (folder / name).unlink(missing_ok=True)
    parents = {folder / parent for name in inside for parent in PurePosixPath(name).parents}
    for path in sorted(parents, key=lambda path: len(path.parts), reverse=True):  # the innermost first
        with suppress(OSError):
            path.rmdir()


def set_aside(folder: Path) -> Path:
    """Give a folder that is somebody else's another name, and return that."""
    aside = folder.with_name(f"{folder.name}.of_another_run")
    while aside.exists():
        aside = aside.with_name(f"{aside.name}_too")
    folder.rename(aside)
    return aside


def _digest(path):
    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


# --- one at a time ----------------------------------------------------------------------------------------------------


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other process out of a folder, whoever's and wherever it is; one that is killed leaves it open.

    The lock lies in the folder, so that all who see the folder see it, and may be taken by all who may write there.
    """
    with plain_words(folder):
        lock = _lock(folder)
    try:
        yield
    finally:
        lock.release()


def _lock(folder):
    """Return the lock of a folder, taken."""
    mode = stat.S_IMODE(folder.stat().st_mode) & 0o666
    for kind, name in ((FileLock, LOCK), (SoftFileLock, f"{LOCK}ed")):
        lock, last = kind(folder / name, mode=mode), kind is SoftFileLock
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # some versions say aloud that they go on with the second kind
                return lock.acquire(blocking=False).lock
        except Timeout:
            remedy = "wait, or give another folder"
            if isinstance(lock, SoftFileLock):  # on a disk without locks a crash can leave the file behind
                remedy += f"; if you are sure that none is, delete {Path(lock.lock_file).name} there"
            raise RuntimeError(
                f"folder must belong to one run at a time, got {folder.name}, where another is at work: {remedy}"
            ) from None
        except NotImplementedError:
            pass
        except OSError as error:
            if last or error.errno not in NO_LOCKS:
                raise


# --- in plain words ---------------------------------------------------------------------------------------------------


@contextmanager
def plain_words(folder: Path) -> Iterator[None]:
    """Say what the system's error means for the folder of a run."""
    try:
        yield
    except Exception as error:  # libraries have errors of their own for a full disk
        reason = FULL.get(getattr(error, "errno", None)) or _full(folder, error)
        if not reason and not isinstance(error, OSError):
            raise
        if reason:
            words = f"folder must have room for what the run writes, got {reason} at {folder.name}: make room"
        elif isinstance(error, FileNotFoundError):
            lost = "something in it" if folder.is_dir() else "all of it"
            words = f"folder must stay as it is while a run is at work, got {folder.name}, and {lost} is gone ({error})"
            words += ": restore it, or call again and begin with what is left"
        elif isinstance(error, FileExistsError | NotADirectoryError):
            words = f"folder must be a folder of its own, got {folder.name} with a file in the way ({error}): move that"
        elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
            words = (
                f"folder must be one that you may write to, got {folder.name} ({error}): ask for it, or give another"
            )
        else:
            words = f"folder must be one that can be read and written, got {folder.name} ({error}): give another"
        kind = type(error) if isinstance(error, OSError) else OSError
        told = kind(words)
        told.errno = getattr(error, "errno", None)
        raise told from error


def _full(folder, error):
    """Return that the disk is full where an error does not say so itself, such as NumPy's "8 requested, 2 written"."""
    if "No space left" in str(error):
        return FULL[errno.ENOSPC]
    with suppress(OSError):
        if isinstance(error, OSError) and error.errno is None and shutil.disk_usage(folder).free < 1_000_000:
            return FULL[errno.ENOSPC]
    return None
