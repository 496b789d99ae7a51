"""Hand everything public what it should refuse, argument by argument, and say what came of it: `make fuzz`.

For each argument of every public function, class and method the others get good values (`fuzz_inputs/`), and it gets
the values of `fuzz_values.py`, one after another. A call is

    refused   by an error of ours that names the argument: right
    fine      it went through, and the value may well be meant for it
    accepted  it went through, though the value is nothing like a good one
    deep      it was refused by a TypeError or ValueError from inside a library, or by one that names no argument
    wrong     it ended in any other error: AttributeError, KeyError, ...
    slow      it took more than five seconds

and all but the first two are faults. It can be stopped at any time and goes on where it was, until the code changes.

    python scripts/fuzz.py                     all of it, some ten minutes
    python scripts/fuzz.py theory plots.fan    one module, one function
"""

import argparse
import contextlib
import hashlib
import importlib
import inspect
import io
import json
import multiprocessing
import os
import pkgutil
import re
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

if __name__ == "__main__":  # --help and a mistake are answered before the imports below, which take seconds
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="modules, functions, classes or methods; by default all")
    parser.add_argument("--seed", type=int, default=0, help="of the values at random")
    parser.add_argument("--kept", type=Path, default=Path(".fuzz.jsonl"), help="where results are kept to go on from")
    parser.add_argument("--verbose", action="store_true", help="list deep messages and exceptions too")
    options = parser.parse_args()

import numpy as np
import psutil

import collapse_lessons
from fuzz_inputs import EXCEPTIONS, INPUTS, LEFT_OUT, Anything, Either, Ours, Shaped
from fuzz_plausible import plausible
from fuzz_values import values

PACKAGE, HERE = Path(collapse_lessons.__file__).parent, Path(__file__).parent
FAULTS = ("wrong", "accepted", "deep", "slow")
SECONDS = 5.0  # the longest that a call may take
MEMORY = 6 * 2**30  # bytes that a worker may have: what asks for more must say so and not stop the machine


def public() -> dict[str, Callable]:
    """Return every public function, class and method of the package that takes an argument, by its name."""
    found = {}
    for module in pkgutil.walk_packages([str(PACKAGE)], "collapse_lessons."):
        short = module.name.removeprefix("collapse_lessons.")
        for name, thing in vars(importlib.import_module(module.name)).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.name or not callable(thing):
                continue
            members = vars(thing).items() if inspect.isclass(thing) else ()
            methods = {m: f for m, f in members if inspect.isfunction(f) and (not m.startswith("_") or m == "__call__")}
            if inspect.isclass(thing) or inspect.isroutine(thing):
                methods[""] = thing
            for method, function in methods.items():
                if set(inspect.signature(function).parameters) - {"self"}:
                    found[f"{short}.{name}.{method}".removesuffix(".")] = function
    return {name: found[name] for name in sorted(found) if not any(re.fullmatch(left, name) for left in LEFT_OUT)}


def call_of(name: str, function: Callable) -> tuple[Callable, dict[str, Any]]:
    """Return what to call and a good value for each argument: those of `INPUTS`, and the defaults of the others."""
    inputs = INPUTS[name]()
    function, given = inputs if isinstance(inputs, tuple) else (function, inputs)
    defaults = {
        p.name: p.default
        for p in inspect.signature(function).parameters.values()
        if p.default is not p.empty and p.name != "self"
    }
    return function, defaults | given


def verdict(argument: str, error: BaseException | None, likely: bool) -> str:
    """Return what a call was, by the error it ended in and by whether the value was a likely one."""
    if error is None:
        return "fine" if likely else "accepted"
    if not isinstance(error, TypeError | ValueError | FileNotFoundError | ConnectionError):
        return "wrong"
    ours = Path(traceback.extract_tb(error.__traceback__)[-1].filename).is_relative_to(PACKAGE)
    named = likely or re.search(rf"\b{argument.rstrip('s')}", str(error))  # a likely value may not fit the others
    return "refused" if ours and named and " must " in str(error) else "deep"


def attempt(name: str, function: Callable, argument: str, make: Callable[[], Any] | None) -> BaseException | None:
    """Call with good values, and with what `make` returns for one argument; return the error it ends in."""
    call, given = call_of(name, function)
    given = {key: used(good) for key, good in given.items()}
    several = [p.name for p in inspect.signature(call).parameters.values() if p.kind is p.VAR_POSITIONAL]
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if make:
                given[argument] = make()
            args = [given.pop(key) for key in several if key in given]
            result = call(*args, **given)
            if inspect.isgenerator(result):
                next(result, None)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return error
    finally:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
    return None


def used(good):
    """Return the value to call with that a good one stands for."""
    if isinstance(good, Mapping):
        return {key: used(entry) for key, entry in good.items()}
    return good.value if isinstance(good, Anything | Either | Shaped) else good


def excused(name: str, argument: str, value: str, outcome: str) -> str | None:
    """Return why a fault is none, if `EXCEPTIONS` says so."""
    for pattern, reason in EXCEPTIONS.items():
        if re.fullmatch(pattern, f"{name}({argument}={value}): {outcome}", re.DOTALL):
            return reason
    return None


class Try(NamedTuple):
    """One call to make: the name, the argument that is spoilt, by which value, and what a good one is like."""

    name: str
    function: Callable
    argument: str
    value: str
    make: Callable[[], Any]
    good: Any

    def outcome(self) -> tuple[str, str]:
        """Make the call and return what came of it, and what its error said."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                likely = plausible(self.good, self.make())
            except Exception:  # a value that answers with errors is like nothing
                likely = False
        error = attempt(self.name, self.function, self.argument, self.make)
        said = "" if error is None else f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
        said = said.encode(errors="backslashreplace").decode()  # half of a character pair cannot be printed
        return verdict(self.argument, error, likely), said


def tries(name: str, function: Callable, seed: int) -> Iterator[Try]:
    """Yield all calls to make of one function: each argument with each value."""
    call, given = call_of(name, function)
    known = inspect.signature(call).parameters
    for argument, good in given.items():
        if argument in known and not isinstance(good, Ours):
            good = Either(good, None) if known[argument].default is None else good
            for value, make in values(seed).items():
                yield Try(name, function, argument, value, make, good)


# --- workers, which can be stopped when a call takes too long --------------------------------------------------------


def work(names: list[str], skip: int, seed: int, connection) -> None:
    """Make all calls of some names but the first `skip` of the first name, and send what comes of each."""
    os.chdir(os.environ["COLLAPSE_LESSONS_HOME"])
    with contextlib.suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    found = public()
    for name in names:
        error = attempt(name, found[name], "", None)
        if error is not None and not isinstance(error, ConnectionError):
            connection.send(("bad input", name, "", "", f"{type(error).__name__}: {error}"))
        for one in list(tries(name, found[name], seed))[skip:]:
            connection.send(("begin", name, one.argument, one.value, ""))
            connection.send(("end", name, one.argument, one.value, one.outcome()))
        connection.send(("done", name, "", "", ""))
        skip = 0


def supervise(names: list[str], seed: int) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield name, argument, value, outcome and error of every call; a worker that is stuck is replaced."""
    context, left, skip = multiprocessing.get_context("spawn"), list(names), 0
    while left:
        ours, theirs = context.Pipe()
        worker = context.Process(target=work, args=(left, skip, seed, theirs), daemon=True)
        worker.start()
        theirs.close()
        busy, running = psutil.Process(worker.pid), None  # the call that runs, and the processor's seconds before it
        with contextlib.suppress(EOFError, psutil.NoSuchProcess):
            while left:
                if not ours.poll(1):
                    if running and sum(busy.cpu_times()[:2]) - running[1] > SECONDS:
                        break
                    continue
                kind, name, argument, value, message = ours.recv()
                if kind == "begin":
                    running, skip = ((name, argument, value), sum(busy.cpu_times()[:2])), skip + 1
                elif kind == "end":
                    running = None
                    yield name, argument, value, *message
                elif kind == "done":
                    left, skip = left[1:], 0
                    yield name, "", "", "done", ""
                else:
                    yield name, "", "", kind, message
        if running:
            dead = worker.exitcode is not None
            yield (*running[0], "wrong", f"the process died: {worker.exitcode}") if dead else (*running[0], "slow", "")
        elif left:
            raise SystemExit(f"A worker of {left[0]} died outside of any call: see its traceback.")
        worker.kill()
        worker.join()


def fingerprint(seed: int) -> str:
    """Return a hash of the code and the seed: results of another code are worth nothing."""
    digest = hashlib.sha256(str(seed).encode())
    for path in sorted([*PACKAGE.rglob("*.py"), *HERE.glob("fuzz*.py"), *HERE.glob("fuzz_inputs/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main(options: argparse.Namespace) -> int:
    found = public()
    if unknown := [w for w in options.names if not any(f"{n}.".startswith(f"{w}.") for n in found)]:
        parser.error(f"names must be of what is public, such as theory or plots.fan, got {', '.join(unknown)}")
    names = [n for n in found if not options.names or any(f"{n}.".startswith(f"{w}.") for w in options.names)]
    if missing := set(names) - set(INPUTS):
        raise SystemExit(f"fuzz_inputs/ must have good values for {', '.join(sorted(missing))}: add them")
    header = {"code": fingerprint(options.seed), "names": names}
    lines = options.kept.read_text("utf8").splitlines() if options.kept.is_file() else []
    if not lines or json.loads(lines[0]) != header:
        lines = [json.dumps(header)]
        options.kept.write_text(lines[0] + "\n", "utf8")
    rows = [json.loads(line) for line in lines[1:]]
    done = {row[0] for row in rows if row[3] == "done"}
    rows = [row for row in rows if row[0] in done]
    nowhere = "http://127.0.0.1:9"  # nothing is fetched
    os.environ |= {"HF_HUB_OFFLINE": "1", "http_proxy": nowhere, "https_proxy": nowhere, "MPLBACKEND": "agg"}
    os.environ |= {"OMP_NUM_THREADS": "1", "COLLAPSE_LESSONS_HOME": tempfile.mkdtemp()}
    began, left = time.perf_counter(), [name for name in names if name not in done]
    with options.kept.open("a", encoding="utf8") as kept:
        for row in supervise(left, options.seed) if left else ():
            rows.append(row)
            kept.write(json.dumps(row) + "\n")
            if row[3] == "done":
                kept.flush()
    return report(rows, time.perf_counter() - began, options.verbose)


def report(rows: list, seconds: float, verbose: bool) -> int:
    """Print what was found, worst first, and return how many faults there are."""
    count, faults, excuses = Counter(), [], Counter()
    for name, argument, value, outcome, said in rows:
        if outcome == "done":
            continue
        reason = excused(name, argument, value, outcome) if outcome in FAULTS else None
        if reason:
            excuses[reason] += 1
            count["excused"] += 1
            continue
        count[outcome] += 1
        if outcome in (*FAULTS, "bad input"):
            faults.append((outcome, name, argument, value, said))
    for outcome, name, argument, value, said in sorted(faults):
        print(f"{outcome:9} {name}({argument}={value}) {said}")
    print()
    by_module = Counter(
        (fault[1].rsplit(".", 2 if fault[1].split(".")[-2][:1].isupper() else 1)[0], fault[0]) for fault in faults
    )
    for (module, outcome), n in by_module.most_common(40):
        print(f"{n:6} {outcome:9} {module}")
    for reason, n in excuses.most_common():
        print(f"{n:6} excused: {reason}")
    calls = sum(count.values())
    print(
        f"{calls} calls in {seconds:.0f} s: "
        + ", ".join(f"{count[k]} {k}" for k in ("refused", "fine", "excused", *FAULTS))
    )
    return min(len(faults), 1)


if __name__ == "__main__":
    sys.exit(main(options))
