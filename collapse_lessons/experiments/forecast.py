"""What a run of a language model will cost on this machine, measured by a short probe before it starts."""

import copy
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import psutil
import torch

from collapse_lessons import checks
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.training import Training

PROBE_STEPS = 3
SPARE = 0.9  # the most of what is free that a run may take
GB = 1e9
CGROUP = Path("/sys/fs/cgroup")  # where Linux has the limits of containers, batch jobs and services
MY_GROUPS = Path("/proc/self/cgroup")  # and which of them this process is in


@dataclass(frozen=True)
class Forecast:
    """Seconds, and bytes of memory and of disk, that a run will take, and the bytes that are free."""

    seconds: float
    memory: int
    disk: int
    memory_free: int
    disk_free: int
    device: str

    def __post_init__(self):
        for name in ("seconds", "memory", "disk", "memory_free", "disk_free"):
            checks.number(name, getattr(self, name), 0, 1e18, "forecast(...) measures it")
        checks.text("device", self.device, "say in words what was measured")
        checks.own_numbers(self)

    def __str__(self):
        minutes = self.seconds / 60
        time = f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
        return (
            f"about {time if minutes >= 2 else f'{self.seconds:.0f} s'}, {self.memory / GB:.1f} of "
            f"{self.memory_free / GB:.1f} GB of memory, {self.disk / GB:.2f} of {self.disk_free / GB:.0f} GB of disk, "
            f"on {self.device}"
        )

    def check(self) -> None:
        """Raise an error that names what will not fit, and what to do."""
        smaller = "lower rows_at_once, or take a smaller model or preset"
        for name, needed, free, error, remedy in (
            ("memory", self.memory, self.memory_free, MemoryError, smaller),
            ("disk", self.disk, self.disk_free, OSError, "free some, or keep the run in another folder"),
        ):
            if needed > SPARE * free:
                raise error(
                    f"the run must fit into {SPARE:.0%} of the {free / GB:.2f} GB of {name} that are free, got "
                    f"{needed / GB:.2f} GB: {remedy}"
                )


def forecast(
    model: CausalLM, real: np.ndarray, *, n_generations: int, n: int | None = None, folder: str | Path = "."
) -> Forecast:
    """Measure a few steps of training, one part of sampling and one of reading, and return what a whole run will take.

    Parameters
    ----------
    model : CausalLM
        As the run will start from; left as it is.
    real : array of shape (n_real, block)
    n_generations, n : int
        As in `run`; each generation trains on as many rows as it samples.

    Raises a MemoryError before anything is computed where not even the weights, their gradient and what AdamW remembers
    of it would fit.
    folder : path
        Where the run will be kept; it need not be there yet.
    """
    checks.instance("model", model, CausalLM, "as the run will start from")
    real = checks.tokens("real", real, 2, "(n_real, block) token ids", model.vocabulary, "use the model's tokenizer")
    n_generations = checks.whole("n_generations", n_generations, 1, "generation 0 alone is 1")
    n = len(real) if n is None else checks.whole("n", n, 1, "as many rows as a generation makes")
    folder = checks.path("folder", folder, "name the folder that will keep the run")
    on_card = torch.device(model.device).type == "cuda"
    taken, free = _of_card(model.device) if on_card else _of_machine()
    weights = (
        sum(p.numel() * p.element_size() for p in model.network_.parameters()) if hasattr(model, "network_") else 0
    )
    Forecast(0, taken + 4 * weights, 0, free, 0, model.device).check()
    probe = copy.deepcopy(model)
    probe.validation = None
    plan = model.training if hasattr(model, "network_") else model.first
    batch, part = min(plan.batch, n), min(model.rows_at_once, n)
    rows = real[np.arange(batch * PROBE_STEPS) % len(real)]
    if on_card:
        torch.cuda.reset_peak_memory_stats(model.device)

    def seconds(do):
        began = time.perf_counter()
        do()
        if on_card:
            torch.cuda.synchronize(model.device)
        return time.perf_counter() - began

    probe.first = probe.training = Training(1, 1e-6, plan.batch)
    rng = np.random.default_rng(0)
    with most_memory() as most:
        seconds(lambda: probe.fit(rows[:batch], rng))  # the first of anything is slow: it warms up
        step = seconds(lambda: probe.fit(rows, rng)) / PROBE_STEPS
        reading = seconds(lambda: probe.surprise(rows[:part])) / min(part, len(rows))
        probe.train_ = real
        writing = seconds(lambda: probe.sample(part, rng)) / part

    steps = plan.epochs * -(-n // plan.batch)
    read = n + (0 if model.validation is None else plan.epochs * len(model.validation))
    a_generation = steps * step + n * writing + read * reading
    weights = sum(p.numel() * p.element_size() for p in probe.network_.parameters())
    text = n * real.shape[1] * 8
    if on_card:
        memory = torch.cuda.max_memory_allocated(model.device)
        device = torch.cuda.get_device_name(model.device)
    else:
        memory = max(most) + text * n_generations
        device = f"the CPU, {torch.get_num_threads()} thread(s)"
    memory += weights if model.validation is not None else 0  # the best weights so far are kept beside
    disk = text * n_generations + 3 * weights  # three models at most, where each goes on from the last
    there = next(path for path in (Path(folder).absolute(), *Path(folder).absolute().parents) if path.exists())
    return Forecast(a_generation * n_generations, memory, disk, free, shutil.disk_usage(there).free, device)


@contextmanager
def most_memory():
    """Look at the bytes that this process holds, a hundred times a second; yields the list of what was seen."""
    process, done = psutil.Process(), threading.Event()
    seen = [process.memory_info().rss]

    def look():
        while not done.wait(0.01):
            seen.append(process.memory_info().rss)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def _of_card(device):
    """Return the bytes of a graphics card that this process uses, and those that it may use in all."""
    taken = torch.cuda.memory_reserved(device)
    return taken, taken + torch.cuda.mem_get_info(device)[0]


def _of_machine():
    """Return the bytes of memory that this process uses, and those that it may use in all: a container has less."""
    process = psutil.Process().memory_info()
    rooms = [psutil.virtual_memory().available]
    for folder, names in _groups():
        with suppress(OSError, ValueError):  # one without a limit says "max"
            most, used = (int((folder / name).read_text()) for name in names)
            rooms.append(most - used)
    with suppress(ImportError):  # Windows has no such limit
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)  # `ulimit -v`
        if most != resource.RLIM_INFINITY:
            rooms.append(most - process.vms)
    return process.rss, process.rss + max(0, min(rooms))


def _groups():
    """Yield the folders in which Linux has the limits on this process's memory, and the names of limit and use there.

    A container sees its own at the top; a batch job or a service has one further down, within others.
    """
    own = MY_GROUPS.read_text().splitlines() if MY_GROUPS.is_file() else []
    found = {kind: path for _, kind, path in (line.split(":", 2) for line in own)}
    for kind, top, names in (
        ("", CGROUP, ("memory.max", "memory.current")),
        ("memory", CGROUP / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes")),  # before 2016's version 2
    ):
        path = PurePosixPath(found.get(kind, "/").lstrip("/"))
        for folder in (path, *path.parents):
            yield top / folder, names
