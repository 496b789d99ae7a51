"""Keep runs that took long: save one with its provenance, load it only if it is unchanged.

A record is a folder of plain files: `rows.csv`, `snapshots.npz`, `info.json` (how it was made) and `SHA256SUMS`, which
`sha256sum --check SHA256SUMS` understands as well. Nothing in it is ever executed.
"""

import io
import json
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from collapse_lessons import checks, tables
from collapse_lessons.describe import sha256
from collapse_lessons.experiments import folders, resume, run_folder
from collapse_lessons.experiments.folders import SUMS
from collapse_lessons.experiments.provenance import this_session
from collapse_lessons.runs import Run

FILES = ("info.json", "rows.csv", "snapshots.npz")
NEW = ".new"  # at the end of a file's name, until all of a record are written


def folder_name(label: str) -> str:
    """Return a label as the name of a folder: "10% real" becomes 10_percent_real."""
    return re.sub(r"\W+", "_", checks.text("label", label, "such as 10% real").replace("%", " percent"))


def join_seeds(runs: Sequence[Run]) -> Run:
    """Return the runs of one chain with several seeds as one: all rows, the first run's snapshots, all seconds."""
    for run in checks.listed("runs", runs, "make some with run(...)"):
        checks.table("the rows of runs", checks.instance("runs", run, Run, "see run(...)").rows, ["seed"], "see Run")
    seeds = [seed for run in runs for seed in set(run.rows["seed"].tolist())]
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"runs must have different seeds, got {checks.shown(seeds)}: each seed counts once")
    rows = pd.concat([run.rows for run in runs], ignore_index=True)
    if len(chains := rows.get("recipe", pd.Series()).unique()) > 1:
        raise ValueError(
            f"runs must be of one chain, got the recipes {', '.join(map(str, chains))}: join each by itself"
        )
    info = {name: value for name, value in runs[0].info.items() if name != "seed"}
    seconds = sum(run.info.get("seconds", 0) for run in runs)
    return Run(rows, runs[0].snapshots, info | {"seeds": sorted(seeds), "seconds": seconds})


def load_seeds(folder: str | Path) -> Run:
    """Return the runs of one chain, recorded in a folder with one folder a seed, as one."""
    folder = checks.path("folder", folder, "name that of the records")
    recorded = [path for path in folder.glob("seed_*") if re.fullmatch(r"seed_\d+", path.name)]  # and nobody's backup
    recorded = sorted(recorded, key=lambda path: int(path.name.removeprefix("seed_")))
    if not recorded:
        raise FileNotFoundError(
            f"folder must hold a record for each seed, got none in {folder.name}: {_remedy(folder)}"
        )
    return join_seeds([load_run(path) for path in recorded])


def save_run(folder: str | Path, run: Run, *, provenance: Mapping[str, Any] | None = None) -> None:
    """Write a run to `folder`: its rows, its snapshots, how it was made, and the hash of each of these files.

    An earlier record there is replaced: killed at any moment, it leaves the earlier one or this one. A folder that
    holds files of these names which are no record is refused.

    Parameters
    ----------
    provenance : dict, optional
        What `provenance.provenance` returns, and whatever else a reader should know; JSON can hold it. By default
        what this session knows: the command, versions, commit and date.
    """
    folder = checks.path("folder", folder, "name one for this record").absolute()
    checks.instance("run", run, Run, "make one with run(...)")
    if not len(run.rows):
        raise ValueError("run must hold at least one generation, got none: make it again with run(...)")
    if provenance is None:
        provenance = this_session(run.info.get("seconds", 0))
    checks.instance("provenance", provenance, Mapping, "see provenance.provenance, or leave it out")
    info = plain(run.info | dict(provenance))
    for name, value in info.items():
        _check_json(name, value)
    contents = {
        "info.json": json.dumps(info, indent=2, ensure_ascii=False).encode() + b"\n",
        "rows.csv": _csv(run.rows),
        "snapshots.npz": _npz(run.snapshots),
    }
    contents[SUMS] = folders.sums({name: sha256(content) for name, content in contents.items()})
    with folders.plain_words(folder):
        _check_is_free(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if None not in _found(folder, NEW).values():  # an earlier call was killed while it renamed
            _rename(folder)
        for name, content in contents.items():  # the sums come last: they say that the others are whole
            with (folder / f"{name}{NEW}").open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _rename(folder)


def load_run(folder: str | Path) -> Run:
    """Return the run that `save_run` wrote to `folder`; a file that is missing or was changed is refused.

    Of a folder of `resume_run` it returns what is finished, with the samples, or views, of all generations.
    """
    folder = checks.path("folder", folder, "name that of a record").absolute()
    if (folder / run_folder.SETTINGS).exists() and not (folder / SUMS).exists():
        return resume.finished_run(folder)
    contents = next((found for new in (NEW, "") if None not in (found := _found(folder, new)).values()), None)
    if contents is None:
        missing = [name for name in (SUMS, *FILES) if not (folder / name).is_file()]
        if missing:
            raise FileNotFoundError(f"{folder.name} must hold the file {missing[0]}, got none: {_remedy(folder)}")
        wrong = next(name for name, content in found.items() if content is None)
        raise ValueError(f"{folder.name}/{wrong} must be as it was recorded, got other content: {_remedy(folder)}")
    try:
        with np.load(io.BytesIO(contents["snapshots.npz"]), allow_pickle=False) as archive:
            snapshots = {int(t): archive[t] for t in archive.files}
        return Run(_rows(contents["rows.csv"]), snapshots, dict(json.loads(contents["info.json"])))
    except (ValueError, TypeError, KeyError, RecursionError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{folder.name} must hold a record, got something else ({error}): {_remedy(folder)}"
        ) from error


def plain(value: Any) -> Any:
    """Return `value` as JSON has it: NumPy numbers become Python's, and a memory address goes out of a repr."""
    try:
        return _plain(value)
    except RecursionError:
        raise ValueError(f"value must not hold itself, got {checks.shown(value)}: leave that out") from None


def _plain(value):
    if isinstance(value, Mapping):
        return {str(key): _plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return re.sub(r" at 0x[0-9a-fA-F]+", "", value) if isinstance(value, str) else value


def _check_json(name, value):
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(
            f"info and provenance must hold what JSON can, got {checks.shown(value)} as {name!r} ({error}): use finite "
            "numbers, text, lists and dicts"
        ) from None


def _csv(rows):
    """Return rows as a file has them, if it gives the same rows back."""
    if any(name is not None for name in rows.index.names):
        raise ValueError(f"rows must be told apart by columns, got an index {rows.index.names}: use rows.reset_index()")
    if not rows.columns.is_unique:
        raise ValueError(f"rows must have each column once, got {checks.shown([*rows.columns])}: rename some")
    narrow = [name for name in rows if rows[name].dtype in (np.float16, np.float32)]  # would be rounded to fewer digits
    rows = rows.astype(dict.fromkeys(narrow, float))
    try:
        content = rows.to_csv(index=False, lineterminator="\n").encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"rows must hold text that a file can, got other text ({error}): mend the label") from None
    back = _rows(content)
    for i, name in enumerate(rows):
        if back.columns[i] != name or not _same(rows.iloc[:, i].tolist(), back.iloc[:, i].tolist()):
            raise ValueError(
                f"rows must hold what a file gives back, numbers and text that reads like none, under names that are "
                f"text, got {checks.shown(rows.iloc[0, i])} under {checks.shown(name)}: convert it"
            )
    return content


def _same(given, back):
    return all(bool(pd.isna(a) and pd.isna(b)) or a == b for a, b in zip(given, back, strict=True))


def _rows(content):
    """Return the rows that are in a file."""
    rows = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, lineterminator="\n")
    for name in rows.columns.drop("recipe", errors="ignore"):  # a recipe may be called NA, or 007
        rows[name] = _parsed(rows[name])
    return rows


def _parsed(column):
    """Return a column of text as what it was written from, to the last digit."""
    if set(column) <= {"True", "False"}:
        return column == "True"
    for kind in (int, float, _flag_or_number):
        with suppress(ValueError):
            return [kind(text or "nan") for text in column]
    return column


def _flag_or_number(text):
    return text == "True" if text in ("True", "False") else float(text)


def _npz(snapshots):
    arrays = {}
    for t, samples in snapshots.items():
        t = checks.whole("snapshots", t, 0, "their keys are generations")
        table = isinstance(samples, pd.DataFrame)
        samples = tables.to_rows("snapshots", samples) if table else checks.as_array("snapshots", samples)
        if samples.dtype.hasobject:  # would be pickled, and load_run reads no pickle
            raise TypeError(f"snapshots must hold numbers or text, got dtype object in generation {t}: convert them")
        arrays[str(t)] = samples
    archive = io.BytesIO()
    np.savez_compressed(archive, **arrays)
    return archive.getvalue()


# --- files that replace earlier ones all together: first all are written under new names, then all are renamed --------


def _found(folder, new):
    """Return the contents that a record's list promises, each from under its name or its new one; None if not there."""
    listed = folders.listed(folder / f"{SUMS}{new}")
    found = dict.fromkeys(FILES)
    for name in FILES:
        for path in (folder / name, folder / f"{name}{NEW}"):
            with suppress(OSError):
                content = path.read_bytes()
                if sha256(content) == listed.get(name):
                    found[name] = content
    return found


def _rename(folder):
    for name in (*FILES, SUMS):
        with suppress(FileNotFoundError):  # it was renamed before
            os.replace(folder / f"{name}{NEW}", folder / name)


def _check_is_free(folder):
    """Raise an error if a record would write over something else."""
    if any(set(folders.listed(folder / f"{SUMS}{new}")) == set(FILES) for new in ("", NEW)):
        return
    others = [name for name in (SUMS, *FILES, run_folder.SETTINGS) if (folder / name).exists()]
    if others:
        raise ValueError(
            f"folder must be new or hold a record, got {folder.name} with a file {others[0]} that is none: give another"
        )


def _remedy(folder):
    return f"restore the folder {folder.name} from where you got the course, or make the run again"
