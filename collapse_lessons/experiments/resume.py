"""A run that survives being stopped: whatever generation was finished is on disk, and the same call goes on after it.

Streams are keyed by generation, so nothing is replayed: a run that was killed gives the rows it would have given. Each
generation is a folder of plain files that also says which run and which generation it follows.
"""

import copy
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_info

from collapse_lessons import checks, tables
from collapse_lessons.describe import identity, printed, sha256
from collapse_lessons.experiments import folders
from collapse_lessons.loop import Generation, generations
from collapse_lessons.recipes import forgets, replace
from collapse_lessons.runs import Run, check_keep, check_metrics, check_view, measure, seen

SETTINGS, STATE, SAMPLES, VIEW = "settings.json", "state.json", "samples.npy", "view.npy"
MODELS_KEPT = 2  # the last, and one in case it is damaged: a long run must not fill the disk
LIBRARIES = ("numpy", "scipy", "sklearn", "torch", "transformers")  # that round, each version in its own way


def resume_run(
    folder: str | Path,
    model: Any,
    real: np.ndarray | pd.DataFrame,
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

    The rows are the same whether it was stopped or not. With other versions of the libraries or another number of
    threads they may differ in their last digits and go another way: that is said, and the run goes on. A generation
    that is damaged or out of place is named, and made again from the one before it. A larger `n_generations` makes the
    run longer. One process at a time may work on a folder. `load_run` reads what is finished.

    A call with another model, other real data, reference, names of metrics, recipe, label, seed or n is refused. They
    are compared by their contents: attributes, arrays, weights, what a function closes over. What methods and named
    functions do is not compared, nor are metrics and the view beyond their names.

    Parameters
    ----------
    folder : path
        The run's own, not empty text; made if there is none. One that holds something else is refused, and files that
        others put there later are left alone.
    warm_start : bool
        As in `generations`; the model then needs `save(folder)` and `load(folder)`.

    The other parameters are those of `run`.

    Raises
    ------
    TypeError
        If model, recipe or reference hold something that can't be copied, and so can't be known again.
    RuntimeError
        If another process is at work in the folder.
    OSError
        If the disk is full, or the folder can't be written to or is gone. The error's `rows` hold what was finished.
    """
    folder = checks.path("folder", folder, "name one for this run, such as 'runs/first'").absolute()
    table = tables.Table(real) if isinstance(real, pd.DataFrame) else None
    real = checks.samples("real", real) if table is None else real
    settings = {"n_generations": n_generations, "n": n, "seed": seed, "warm_start": warm_start}
    generations(model, real, recipe, **settings)  # refuses what is wrong before anything is written
    check_metrics(metrics)
    keep, view = check_keep(keep, n_generations), check_view(view)
    if warm_start and not (callable(getattr(model, "save", None)) and callable(getattr(model, "load", None))):
        raise TypeError(
            f"model must have save(folder) and load(folder) for warm_start, got {type(model).__name__}: add them, "
            "or use warm_start=False"
        )
    label = checks.text("label", printed(recipe) if label is None else label, "say what the column recipe shall hold")
    reference = tables.protected(real if reference is None else reference)
    info = {"model": printed(model), "recipe": printed(recipe), "seed": int(seed), "n": int(n or len(real))}
    parts = {"model": model, "recipe": recipe, "real": real, "reference": reference}
    same = {name: identity(name, part) for name, part in parts.items()}
    same |= {"seed": info["seed"], "n": info["n"], "label": label, "warm_start": bool(warm_start)}
    same |= {
        "metrics": sorted(metrics),
        "view": getattr(view, "__name__", type(view).__name__) if view is not None else None,
    }
    this = _key(same)

    with folders.plain_words(folder):
        _check_is_ours(folder, this)
        folder.mkdir(parents=True, exist_ok=True)
    with folders.alone(folder):
        with folders.plain_words(folder):
            _same_settings(folder, this, {"info": info, "contents": same})
            states = _finished(folder, this, n_generations)
            if warm_start and len(states) < n_generations:
                while states and not _is_model(_path(folder, len(states) - 1, "model"), states[-1]):
                    states.pop()
            start = len(states)
            needed = range(max(start - 1, 0), start) if forgets(recipe) else range(start)
            past = [_load(_path(folder, t), SAMPLES) for t in needed]
            snapshots = {
                t: _load(_path(folder, t), SAMPLES if view is None else VIEW) for t in sorted(keep) if t < start
            }
            if table and not view:
                snapshots = {t: table.frame("samples", rows) for t, rows in snapshots.items()}
        here = made_with()
        if 0 < start < n_generations:
            _say_what_changed(start, states[-1]["made_with"], here)
            model = copy.deepcopy(model).load(_path(folder, start - 1, "model")) if warm_start else model
        turns = generations(model, real, recipe, **(settings | {"n": info["n"]}), start=start, past=past)
        turns = checks.watched(progress, turns)
        interrupted, began = False, time.perf_counter()
        try:
            for generation in turns:
                t = generation.index
                row = {"recipe": label, "seed": info["seed"]} | measure(generation, metrics, reference)
                samples = generation.samples if table is None else tables.to_rows("samples", generation.samples)
                arrays = {SAMPLES: samples} | ({} if view is None else {VIEW: seen(view, generation)})
                with folders.plain_words(folder):
                    state = {"run": this, "follows": _last(folder, t, this), "made_with": here}
                    if warm_start:  # before the generation itself, whose folder says that it is finished
                        _write(folder, t, this, generation.fitted.save, "model")
                        state["model"] = folders.mark(_path(folder, t, "model"))
                        with suppress(OSError):
                            folders.remove(_path(folder, t - MODELS_KEPT, "model"))
                    state |= {"row": row, "seconds": time.perf_counter() - began}
                    _write(folder, t, this, lambda partial, state=state, arrays=arrays: _save(partial, state, arrays))
                states.append(state)
                if t in keep:
                    snapshots[t] = generation.samples if view is None else arrays[VIEW]
                began = time.perf_counter()
        except KeyboardInterrupt:
            interrupted = True
            print(
                f"Interrupted: {len(states)} of {n_generations} generations are kept; the same call goes on from there."
            )
        except Exception as error:
            error.rows = _rows(states)
            kept = sum(folders.mark(_path(folder, t)) is not None for t in range(len(states)))
            error.add_note(f"The recipe was {label}. The {kept} generations before it are kept: call it again.")
            raise
    return _run(states, snapshots, info | {"n_generations": n_generations, "interrupted": interrupted})


def finished_run(folder: Path) -> Run:
    """Return what `resume_run` has finished in a folder, with all snapshots; a changed file is refused."""
    with folders.plain_words(folder):
        settings = _settings(folder)
        states = _finished(folder, _key(settings["contents"]), len(list(folder.glob("generation_*"))), strict=True)
        name = VIEW if settings["contents"]["view"] else SAMPLES
        snapshots = {t: np.load(_path(folder, t) / name, mmap_mode="r") for t in range(len(states))}
    return _run(states, snapshots, settings["info"] | {"n_generations": len(states), "interrupted": False})


def made_with() -> dict[str, str | int]:
    """Return what the last digits depend on: versions of the libraries in use, and numbers of threads."""
    about = {name: sys.modules[name].__version__ for name in LIBRARIES if name in sys.modules}
    for pool in threadpool_info():
        about[f"threads of {pool['user_api']}"] = pool["num_threads"]
    if "torch" in sys.modules:
        about["threads of torch"] = sys.modules["torch"].get_num_threads()
    return about


def _say_what_changed(start, before, now):
    changed = [
        f"{name} {before[name]}, now {now[name]}" for name in before if now.get(name, before[name]) != before[name]
    ]
    if changed:
        print(
            f"From generation {start} on the rows may differ in their last digits, and go another way: "
            f"{'; '.join(changed)}."
        )


def _rows(states):
    return pd.DataFrame([state["row"] for state in states])


def _run(states, snapshots, info):
    seconds = round(sum(state["seconds"] for state in states), 3)
    machines = [
        state["made_with"]
        for i, state in enumerate(states)
        if state["made_with"] != states[i - 1]["made_with"] or not i
    ]
    return Run(_rows(states), snapshots, info | {"seconds": seconds, "made_with": machines})


# --- the run's folder -------------------------------------------------------------------------------------------------


def _key(same):
    """Return the name that all generations of a run carry: a hash of what must be the same."""
    return sha256(json.dumps(same, sort_keys=True).encode())


def _check_is_ours(folder, this):
    """Raise an error if a folder holds anything but this run, before anything in it is touched."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if re.fullmatch(r"(generation|model)_\d{3,}", path.name) and not path.is_dir():
            raise ValueError(f"folder must hold generations as folders, got a file {path.name}: move it away")
    if not folder.is_dir() or (folder / SETTINGS).exists():
        return
    if any((_state(path) or {}).get("run") == this for path in folder.glob("generation_*")):
        return
    others = {path.name for path in folder.iterdir() if not path.name.endswith(".part")} - folders.FURNITURE
    if others:
        raise ValueError(
            f"folder must be the run's own, got {folder.name}, which holds {checks.shown(min(others))}: name a new one "
            f"in it, such as {folder.name}/run"
        )


def _settings(folder):
    """Return what settings.json says, if it is as a run writes it."""
    try:
        settings = json.loads((folder / SETTINGS).read_text("utf8"))
        whole = isinstance(settings["contents"], dict) and isinstance(settings["info"], dict)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        whole = False
    if not whole:
        raise ValueError(
            f"folder must hold a {SETTINGS} as it was written, got a damaged one in {folder.name}: give another "
            "folder, or delete that file if you are sure that the run is this one"
        )
    return settings


def _same_settings(folder, this, settings):
    if not (folder / SETTINGS).exists():
        partial = folder / f"{SETTINGS}.{this[:12]}.part"
        partial.write_text(json.dumps(settings, indent=2), encoding="utf8")
        os.replace(partial, folder / SETTINGS)
    for partial in folder.glob(f"*.{this[:12]}.part"):  # what a killed process of this run has left
        shutil.rmtree(partial) if partial.is_dir() else partial.unlink()
    before, now = _settings(folder)["contents"], settings["contents"]
    for name in now:
        where, earlier, given = _difference("", before.get(name), json.loads(json.dumps(now[name])))
        if earlier != given:
            raise ValueError(
                f"{name} must be that of the run in {folder.name}, {where}{earlier!s:.80}, got {where}{given!s:.80}: "
                "give the same, or another folder to start anew"
            )


def _difference(where, one, other):
    """Return the innermost part in which two descriptions differ: where, and both."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() & other.keys():
            if one[name] != other[name]:
                return _difference(f"{where}{name} ", one[name], other[name])
    return where, one, other


def _finished(folder, this, most, strict=False):
    """Return the states of the generations that are whole and follow one another, from the first on."""
    states, last = [], this
    while len(states) < most and (path := _path(folder, len(states))).is_dir():
        state = _state(path)
        wrong = "is damaged" if state is None else "is not of this place" if state.get("follows") != last else None
        if wrong and strict:
            raise ValueError(f"{path.name} must be as it was written, got one that {wrong}: call resume_run again")
        if wrong:
            print(f"{path.name} {wrong}: going back to the generation before it.")
            break
        states.append(state)
        last = folders.mark(path)
    return states


def _last(folder, t, this):
    """Return what generation t follows: the mark of the one before it, or the run."""
    if not (folder / SETTINGS).exists():
        raise FileNotFoundError(SETTINGS)
    if t and folders.mark(_path(folder, t - 1)) is None:
        raise FileNotFoundError(_path(folder, t - 1).name)
    return folders.mark(_path(folder, t - 1)) if t else this


def _state(folder):
    """Return what a generation says of itself, None if it is damaged."""
    if not folders.is_whole(folder, (STATE, SAMPLES)):
        return None
    try:
        state = json.loads((folder / STATE).read_text("utf8"))
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) else {}


def _is_model(folder, state):
    """Return whether a folder holds the model of a generation; one that is there and does not gets named."""
    if folders.is_whole(folder) and folders.mark(folder) == state.get("model"):
        return True
    if folder.exists():  # older ones are gone
        print(f"{folder.name} is damaged: going back to the generation before it.")
    return False


def _path(folder, t, what="generation"):
    return folder / f"{what}_{t:03d}"


def _write(folder, t, this, fill, what="generation"):
    path = _path(folder, t, what)
    if what == "generation" and (state := _state(path)) is not None and state.get("run") != this:
        print(f"{path.name} belongs to another run: it is kept as {folders.set_aside(path).name}.")
    folders.write(path, fill, path.with_name(f"{path.name}.{this[:12]}.part"))


def _save(folder, state, arrays):
    (folder / STATE).write_text(json.dumps(state, indent=2), encoding="utf8")
    for name, array in arrays.items():
        with (folder / name).open("wb") as file:  # through `write`, which says what a full disk is
            np.save(SimpleNamespace(write=file.write), array, allow_pickle=False)


def _load(folder, name):
    return np.load(folder / name, allow_pickle=False)
