"""A run that survives being stopped: whatever generation was finished is on disk, and the same call goes on after it.

Streams are keyed by generation, so nothing is replayed: a run that was killed gives the rows it would have given. Each
generation is a folder of plain files with a `SHA256SUMS`, which `sha256sum --check SHA256SUMS` understands as well.
"""

import copy
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from collapse_lessons import checks
from collapse_lessons.loop import Generation, generations
from collapse_lessons.recipes import forgets, name_of, replace
from collapse_lessons.records import plain
from collapse_lessons.runs import Run, check_keep, check_metrics, measure, own

SUMS = "SHA256SUMS"
SAMPLES, VIEW = "samples.npy", "view.npy"
MODELS_KEPT = 2  # the last, and one in case it is damaged: a long run must not fill the disk


def resume_run(
    folder: str | Path,
    model: Any,
    real: np.ndarray,
    recipe: Callable = replace,
    *,
    metrics: Mapping[str, Callable],
    n_generations: int,
    n: int | None = None,
    seed: int = 0,
    reference: Any = None,
    keep: Sequence[int] = (),
    view: Callable[[Generation], np.ndarray] | None = None,
    label: str | None = None,
    warm_start: bool = False,
    progress: Callable = iter,
) -> Run:
    """Do what `run` does and write every finished generation to `folder`; called again, go on after the last of them.

    The rows are the same whether it was stopped or not. A damaged generation is named, and made again from the one
    before it. A larger `n_generations` makes the run longer. A call with another model, other real data, reference,
    names of metrics, recipe, label, seed or n is refused. Models and recipes are compared by how they print, and what
    a model has learned before by its `fingerprint()`, if it has one; what functions do is not compared. One process
    at a time may work on a folder.

    Parameters
    ----------
    folder : path
        The run's own; made if there is none.
    warm_start : bool
        As in `generations`; the model then needs `save(folder)` and `load(folder)`.

    The other parameters are those of `run`.
    """
    folder = Path(folder)
    real = checks.samples("real", real)
    settings = {"n_generations": n_generations, "n": n, "seed": seed, "warm_start": warm_start}
    generations(model, real, recipe, **settings)  # refuses what is wrong before anything is written
    check_metrics(metrics)
    keep = check_keep(keep, n_generations)
    if warm_start and not (callable(getattr(model, "save", None)) and callable(getattr(model, "load", None))):
        raise TypeError(
            f"model must have save(folder) and load(folder) for warm_start, got {type(model).__name__}: add them, "
            "or use warm_start=False"
        )
    label = label or name_of(recipe)
    n = n or len(real)
    reference = own(real if reference is None else reference)
    info = {"model": repr(model), "recipe": name_of(recipe), "seed": seed, "n": n}
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        same = info | {"label": label, "warm_start": warm_start, "view": view is not None, "metrics": sorted(metrics)}
        same |= {
            "real": _hash(real),
            "reference": _hash(reference),
            "learned": getattr(model, "fingerprint", lambda: None)(),
        }
        _same_settings(folder, plain(same))
        for partial in folder.glob("*.part"):
            shutil.rmtree(partial)

        start = 0
        while start < n_generations and _whole(_path(folder, start)):
            start += 1
        while warm_start and start and not _whole(_path(folder, start - 1, "model")):
            start -= 1
        if warm_start and start:
            model = copy.deepcopy(model).load(_path(folder, start - 1, "model"))
        needed = range(max(start - 1, 0), start) if forgets(recipe) else range(start)
        past = [_load(_path(folder, t), SAMPLES) for t in needed]
        states = [_state(_path(folder, t)) for t in range(start)]
        snapshots = {t: _load(_path(folder, t), VIEW if view else SAMPLES) for t in sorted(keep) if t < start}
        turns = generations(model, real, recipe, **(settings | {"n": n}), start=start, past=past)
        interrupted, began = False, time.perf_counter()
        try:
            for generation in progress(turns):
                t = generation.index
                row = {"recipe": label, "seed": seed} | measure(generation, metrics, reference)
                arrays = {SAMPLES: generation.samples} | ({VIEW: view(generation)} if view else {})
                state = plain({"row": row, "seconds": time.perf_counter() - began})
                if warm_start:  # before the generation itself, whose folder says that it is finished
                    _write(_path(folder, t, "model"), generation.fitted.save)
                    shutil.rmtree(_path(folder, t - MODELS_KEPT, "model"), ignore_errors=True)
                _write(_path(folder, t), lambda part, state=state, arrays=arrays: _save(part, state, arrays))
                states.append(state)
                if t in keep:
                    snapshots[t] = arrays[VIEW if view else SAMPLES]
                began = time.perf_counter()
        except KeyboardInterrupt:
            interrupted = True
            print(
                f"Interrupted: {len(states)} of {n_generations} generations are kept; the same call goes on from there."
            )
        except Exception as error:
            error.rows = pd.DataFrame([state["row"] for state in states])
            error.add_note(f"The recipe was {label}. The {len(states)} generations before it are kept: call it again.")
            raise
    seconds = round(sum(state["seconds"] for state in states), 3)
    info |= {"n_generations": n_generations, "seconds": seconds, "interrupted": interrupted}
    return Run(pd.DataFrame([state["row"] for state in states]), snapshots, info)


@contextmanager
def _alone(folder):
    """Keep a second process of this machine out of a folder; one that is killed leaves nothing locked."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()
    lock = FileLock(Path(tempfile.gettempdir()) / f"collapse_lessons_{name}.lock")  # not every shared disk can lock
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise RuntimeError(
            f"folder must belong to one run at a time, got {folder.name}, where another is at work: wait, or give "
            "another folder"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _hash(value):
    """Return the hash of an array, or of how anything else prints."""
    content = np.ascontiguousarray(value).tobytes() if isinstance(value, np.ndarray) else repr(plain(value)).encode()
    return hashlib.sha256(content).hexdigest()


def _path(folder, t, what="generation"):
    return folder / f"{what}_{t:03d}"


def _save(folder, state, arrays):
    (folder / "state.json").write_text(json.dumps(state, indent=2), encoding="utf8")
    for name, array in arrays.items():
        np.save(folder / name, array, allow_pickle=False)


def _state(folder):
    return json.loads((folder / "state.json").read_text("utf8"))


def _load(folder, name):
    return np.load(folder / name, allow_pickle=False)


def _same_settings(folder, settings):
    path = folder / "settings.json"
    if not path.exists():
        partial = path.with_suffix(".new")
        partial.write_text(json.dumps(settings, indent=2), encoding="utf8")
        os.replace(partial, path)
    try:
        earlier = json.loads(path.read_text("utf8"))
    except ValueError:
        raise ValueError(
            f"folder must hold a settings.json as it was written, got a damaged one in {folder.name}: give another "
            "folder, or delete that file if you are sure that the run is this one"
        ) from None
    for name, value in settings.items():
        if earlier.get(name) != value:
            raise ValueError(
                f"{name} must be that of the run in {folder.name}, {earlier.get(name)}, got {value}: give the same, or "
                "another folder to start anew"
            )


# --- folders that are whole or not there ------------------------------------------------------------------------------


def _write(folder, fill):
    """Make a folder with what `fill(folder)` writes and its sums, whole or not at all: renaming it is one step."""
    partial = folder.with_name(folder.name + ".part")
    partial.mkdir()
    fill(partial)
    (partial / SUMS).write_text(_sums(partial), encoding="utf8")
    shutil.rmtree(folder, ignore_errors=True)  # a damaged one, to be made again
    os.replace(partial, folder)


def _whole(folder):
    """Return whether a folder is as it was written; one that is there and is not gets named."""
    if not folder.is_dir():
        return False
    sums = folder / SUMS
    if sums.is_file() and sums.read_text("utf8", errors="replace") == _sums(folder):
        return True
    print(f"{folder.name} is damaged: going back to the generation before it.")
    return False


def _sums(folder):
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
