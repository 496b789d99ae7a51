"""A run that survives being stopped: whatever generation was finished is on disk, and the same call goes on after it.

Streams are keyed by generation, so nothing is replayed: a run that was killed gives the rows it would have given. Each
generation is a folder of plain files that also says which run and which generation it follows.
"""

import copy
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_info

from collapse_lessons import checks, tables
from collapse_lessons.describe import identity, printed
from collapse_lessons.experiments import folders
from collapse_lessons.experiments.run_folder import SAMPLES, VIEW, RunFolder, read_settings
from collapse_lessons.loop import Generation, generations
from collapse_lessons.recipes import forgets, replace
from collapse_lessons.runs import Run, check_keep, check_metrics, check_view, measure, seen

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
    kept = RunFolder(folder, same)

    with folders.plain_words(folder):
        kept.check_is_ours()
        folder.mkdir(parents=True, exist_ok=True)
    with folders.alone(folder):
        with folders.plain_words(folder):
            kept.settle(info)
            states = kept.finished(n_generations)
            if warm_start and len(states) < n_generations:
                while states and not kept.has_model(len(states) - 1, states[-1]):
                    states.pop()
            start = len(states)
            needed = range(max(start - 1, 0), start) if forgets(recipe) else range(start)
            past = [kept.load(t, SAMPLES) for t in needed]
            snapshots = {t: kept.load(t, SAMPLES if view is None else VIEW) for t in sorted(keep) if t < start}
            if table and not view:
                snapshots = {t: table.frame("samples", rows) for t, rows in snapshots.items()}
        here = made_with()
        if 0 < start < n_generations:
            _say_what_changed(start, states[-1]["made_with"], here)
            model = copy.deepcopy(model).load(kept.model(start - 1)) if warm_start else model
        turns = generations(model, real, recipe, **(settings | {"n": info["n"]}), start=start, past=past)
        to_come = checks.watched(progress, range(start, n_generations))
        interrupted, began = False, time.perf_counter()
        try:
            for _ in to_come:
                generation = next(turns)
                t = generation.index
                row = {"recipe": label, "seed": info["seed"]} | measure(generation, metrics, reference)
                samples = generation.samples if table is None else tables.to_rows("samples", generation.samples)
                arrays = {SAMPLES: samples} | ({} if view is None else {VIEW: seen(view, generation)})
                with folders.plain_words(folder):
                    state = {"run": kept.key, "follows": kept.follows(t), "made_with": here}
                    if warm_start:  # before the generation itself, whose folder says that it is finished
                        kept.write_model(t, generation.fitted.save)
                        state["model"] = folders.mark(kept.model(t))
                        with suppress(OSError):
                            folders.remove(kept.model(t - MODELS_KEPT))
                    state |= {"row": row, "seconds": time.perf_counter() - began}
                    kept.write(t, state, arrays)
                states.append(state)
                if t in keep:
                    snapshots[t] = generation.samples if view is None else arrays[VIEW]
                del generation  # its model may take memory that the next one needs
                began = time.perf_counter()
        except KeyboardInterrupt:
            interrupted = True
            print(
                f"Interrupted: {len(states)} of {n_generations} generations are kept; the same call goes on from there."
            )
        except Exception as error:
            error.rows = _rows(states)
            whole = sum(folders.mark(kept.generation(t)) is not None for t in range(len(states)))
            error.add_note(f"The recipe was {label}. The {whole} generations before it are kept: call it again.")
            raise
    return _run(states, snapshots, info | {"n_generations": n_generations, "interrupted": interrupted})


def finished_run(folder: Path) -> Run:
    """Return what `resume_run` has finished in a folder, with all snapshots; a changed file is refused."""
    with folders.plain_words(folder):
        settings = read_settings(folder)
        kept = RunFolder(folder, settings["contents"])
        states = kept.finished(len(list(folder.glob("generation_*"))), strict=True)
        name = VIEW if settings["contents"]["view"] else SAMPLES
        snapshots = {t: kept.load(t, name, mmap_mode="r") for t in range(len(states))}
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
