"""Run every benchmark: `python -m benchmarks`, or some: `python -m benchmarks loop lessons`.

`python -m benchmarks llm --model smollm2` measures a real model instead of a small one.
"""

import argparse
import importlib
import pkgutil

import benchmarks

if __name__ == "__main__":
    known = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("__")]
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=known, help=f"by default all: {', '.join(known)}")
    parser.add_argument("--model", help="for llm: smollm2, or a folder as the hub has it")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(known)):
        parser.error(f"names must be among {', '.join(known)}, got {', '.join(unknown)}")
    for name in arguments.names:
        benchmark = importlib.import_module(f"benchmarks.{name}")
        print(f"\n== {name}: {benchmark.__doc__.splitlines()[0]}", flush=True)
        benchmark.main(arguments.model) if name == "llm" else benchmark.main()
