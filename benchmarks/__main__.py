"""Run every benchmark: `python -m benchmarks`, or some: `python -m benchmarks loop lessons`."""

import importlib
import pkgutil
import sys

import benchmarks

if __name__ == "__main__":
    names = sys.argv[1:] or [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("__")]
    for name in names:
        benchmark = importlib.import_module(f"benchmarks.{name}")
        print(f"\n== {name}: {benchmark.__doc__.splitlines()[0]}", flush=True)
        benchmark.main()
