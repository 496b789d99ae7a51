"""Run every benchmark: `python -m benchmarks`, or some: `python -m benchmarks loop lessons`.

`python -m benchmarks llm --model smollm2` measures a real model instead of a small one.
"""

import argparse
import importlib
import pkgutil

import benchmarks

if __name__ == "__main__":
    known = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("__")]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=known)
    parser.add_argument("--model", help="for llm: smollm2, or a folder as the hub has it")
    arguments = parser.parse_args()
    for name in arguments.names:
        benchmark = importlib.import_module(f"benchmarks.{name}")
        print(f"\n== {name}: {benchmark.__doc__.splitlines()[0]}", flush=True)
        benchmark.main(arguments.model) if name == "llm" else benchmark.main()
