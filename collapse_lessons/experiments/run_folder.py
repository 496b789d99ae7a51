"""The folder of a run that can be stopped: its settings, and generations that are whole and follow one another."""

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from collapse_lessons import checks
from collapse_lessons.describe import sha256
from collapse_lessons.experiments import folders

SETTINGS, STATE, SAMPLES, VIEW = "settings.json", "state.json", "samples.npy", "view.npy"


class RunFolder:
    """A folder with a folder for each generation of one run, which `contents` describe.

    A generation carries the run's key and the mark of the generation before it, so that one of another run, or of
    another place, is not taken for it.
    """

    def __init__(self, folder: Path, contents: Mapping[str, Any]):
        self.folder, self.contents = folder, contents
        self.key = sha256(json.dumps(contents, sort_keys=True).encode())

    def generation(self, t: int) -> Path:
        """Return where generation t is."""
        return self.folder / f"generation_{t:03d}"

    def model(self, t: int) -> Path:
        """Return where the model of generation t is, in a run with warm starts."""
        return self.folder / f"model_{t:03d}"

    def check_is_ours(self) -> None:
        """Raise an error if the folder holds anything but this run, before anything in it is touched."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if re.fullmatch(r"(generation|model)_\d{3,}", path.name) and not path.is_dir():
                raise ValueError(f"folder must hold generations as folders, got a file {path.name}: move it away")
        if not self.folder.is_dir() or (self.folder / SETTINGS).exists():
            return
        if any((_state(path) or {}).get("run") == self.key for path in self.folder.glob("generation_*")):
            return
        others = {path.name for path in self.folder.iterdir() if not path.name.endswith(".part")} - folders.FURNITURE
        if others:
            name = self.folder.name
            raise ValueError(
                f"folder must be the run's own, got {name}, which holds {checks.shown(min(others))}: name a new one "
                f"in it, such as {name}/run"
            )

    def settle(self, info: Mapping[str, Any]) -> None:
        """Write the settings if there are none, and raise an error if there are those of another run."""
        settings = {"info": info, "contents": self.contents}
        if not (self.folder / SETTINGS).exists():
            partial = self._partial(self.folder / SETTINGS)
            partial.write_text(json.dumps(settings, indent=2), encoding="utf8")
            os.replace(partial, self.folder / SETTINGS)
        for partial in self.folder.glob(self._partial(Path("*")).name):  # what a killed process of this run has left
            shutil.rmtree(partial) if partial.is_dir() else partial.unlink()
        before = read_settings(self.folder)["contents"]
        for name in self.contents:
            where, earlier, given = _difference("", before.get(name), json.loads(json.dumps(self.contents[name])))
            if earlier != given:
                drawn = "; first weights are others in every process: torch.manual_seed before, or draw them in fit"
                hint = drawn if "weights" in where else ""
                raise ValueError(
                    f"{name} must be that of the run in {self.folder.name}, {where}{earlier!s:.80}, got "
                    f"{where}{given!s:.80}: give the same, or another folder to start anew{hint}"
                )

    def finished(self, most: int, strict: bool = False) -> list[dict[str, Any]]:
        """Return the states of the generations that are whole and follow one another, the first `most` at most.

        The first that is not so ends them and is named, or is an error if `strict`.
        """
        states, last = [], self.key
        while len(states) < most and (path := self.generation(len(states))).is_dir():
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

    def has_model(self, t: int, state: Mapping[str, Any]) -> bool:
        """Return whether the model of generation t is there; one that is there and damaged gets named."""
        path = self.model(t)
        if folders.is_whole(path) and folders.mark(path) == state.get("model"):
            return True
        if path.exists():  # older ones are gone
            print(f"{path.name} is damaged: going back to the generation before it.")
        return False

    def load(self, t: int, name: str, **how: Any) -> np.ndarray:
        """Return an array of generation t: its `SAMPLES`, or its `VIEW`."""
        return np.load(self.generation(t) / name, allow_pickle=False, **how)

    def follows(self, t: int) -> str:
        """Return what generation t follows: the mark of the one before it, or the run's key."""
        if not (self.folder / SETTINGS).exists():
            raise FileNotFoundError(SETTINGS)
        if t and folders.mark(self.generation(t - 1)) is None:
            raise FileNotFoundError(self.generation(t - 1).name)
        return folders.mark(self.generation(t - 1)) if t else self.key

    def write(self, t: int, state: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        """Write what generation t says of itself and its arrays by name; one of another run is set aside."""
        path = self.generation(t)
        if (before := _state(path)) is not None and before.get("run") != self.key:
            print(f"{path.name} belongs to another run: it is kept as {folders.set_aside(path).name}.")
        folders.write(path, lambda partial: _fill(partial, state, arrays), self._partial(path))

    def write_model(self, t: int, save: Callable[[Path], None]) -> None:
        """Write the model of generation t, by its own `save(folder)`."""
        folders.write(self.model(t), save, self._partial(self.model(t)))

    def _partial(self, path):
        """Return the name under which this run, and no other, writes until all is there."""
        return path.with_name(f"{path.name}.{self.key[:12]}.part")


def read_settings(folder: Path) -> dict[str, Any]:
    """Return what settings.json says, if it is as a run writes it."""
    try:
        settings = json.loads((folder / SETTINGS).read_text("utf8") if (folder / SETTINGS).is_file() else "")
        whole = isinstance(settings["contents"], dict) and isinstance(settings["info"], dict)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        whole = False
    if not whole:
        raise ValueError(
            f"folder must hold a {SETTINGS} as it was written, got a damaged one in {folder.name}: give another "
            "folder, or delete that file if you are sure that the run is this one"
        )
    return settings


def _difference(where, one, other):
    """Return the innermost part in which two descriptions differ: where, and both."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() & other.keys():
            if one[name] != other[name]:
                return _difference(f"{where}{name} ", one[name], other[name])
    return where, one, other


def _state(folder):
    """Return what a generation says of itself, None if it is damaged."""
    if not folders.is_whole(folder, (STATE, SAMPLES)):
        return None
    try:
        state = json.loads((folder / STATE).read_text("utf8"))
    except (ValueError, RecursionError):
        return {}
    return state if isinstance(state, dict) else {}


def _fill(folder, state, arrays):
    (folder / STATE).write_text(json.dumps(state, indent=2), encoding="utf8")
    for name, array in arrays.items():
        with (folder / name).open("wb") as file:  # through `write`, which says what a full disk is
            np.save(SimpleNamespace(write=file.write), array, allow_pickle=False)
