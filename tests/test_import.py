"""Importing the package is light: what a lesson does not use is not loaded."""

import ast
import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import collapse_lessons
from collapse_lessons import theory

STUBS = sorted(Path(collapse_lessons.__file__).parent.rglob("__init__.pyi"))
ROOMS = [  # whose names are loaded when they are first used
    importlib.import_module(".".join(stub.relative_to(Path(collapse_lessons.__file__).parents[1]).parent.parts))
    for stub in STUBS
]


def imported_by(statement):
    """Return the top-level modules that a fresh Python has loaded after a statement."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_import_loads_no_library():
    heavy = {"torch", "transformers", "matplotlib", "sklearn", "pandas", "scipy", "joblib", "numpy"}
    assert not imported_by("import collapse_lessons") & heavy


@pytest.mark.parametrize(
    "statement",
    [
        "from collapse_lessons import Gaussian, GaussianBatches, Categorical, CategoricalBatches, Photocopier",
        "from collapse_lessons import SklearnModel, check_model, generations, run, sweep, metrics, theory",
        "from collapse_lessons import course, plots, worlds; from collapse_lessons.course import explorers, lesson",
    ],
)
def test_the_lessons_without_neural_networks_need_no_torch(statement):
    assert not imported_by(statement) & {"torch", "transformers"}


def test_the_loop_does_not_need_matplotlib():
    assert not imported_by("from collapse_lessons import Gaussian, generations, replace") & {"matplotlib", "seaborn"}


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_there(room):
    for name in room.__all__:
        assert getattr(room, name) is not None
    assert set(room.__all__) <= set(dir(room))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        room.nothing_of_the_kind  # noqa: B018


def test_every_law_is_a_public_name_of_theory():
    folder = Path(theory.__file__).parent
    laws = set()
    for path in folder.glob("*.py"):
        if path.stem != "arguments":  # the checks that the laws share
            body = ast.parse(path.read_text("utf8")).body
            laws |= {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert {name for name in laws if not name.startswith("_")} == set(theory.__all__) - {"VERDICTS"}


@pytest.mark.parametrize("room", ROOMS)
def test_no_public_function_is_hidden_by_a_module_of_its_name(room):
    """Some versions of lazy-loader give the module once it has been imported, and a module cannot be called."""
    modules = {module.name for module in pkgutil.iter_modules(room.__path__)}
    here = {name for name in room.__all__ if not inspect.ismodule(getattr(room, name))}
    assert not modules & here


def test_the_function_check_model_is_not_hidden_by_its_module():
    code = "import collapse_lessons.course.exercises.lesson_00 as _; from collapse_lessons import check_model as f; "
    code += "print(callable(f))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"


@pytest.mark.parametrize("room", ROOMS)
def test_type_checkers_see_every_public_name(room):
    """A name in a stub is private unless it is imported as itself, and without py.typed nobody looks."""
    assert (Path(collapse_lessons.__file__).parent / "py.typed").is_file()
    imports = ast.parse((Path(room.__file__).parent / "__init__.pyi").read_text("utf8")).body
    assert all(alias.asname == alias.name for node in imports for alias in node.names)
    assert {alias.name for node in imports for alias in node.names} == set(room.__all__)


PLANTED = """
import numpy as np
from collapse_lessons import Gaussian, Mix, generations, metrics, replace, run, sweep

real = np.zeros((3, 2))
made = run(Gaussian(), real, metrics={"std": metrics.std}, n_generations=3)
made.rows["std"].mean()
made.rowz
run(Gaussian(), real, metrics={"std": metrics.std}, n_generations="3")
Mix("a tenth")
sweep(Gaussian(), real, {"a": replace}, seeds=3, metrics={}, n_generations=3)
for generation in generations(Gaussian(), real, n_generations=2):
    generation.indx
"""


def test_planted_mistakes_are_found(tmp_path):
    pytest.importorskip("mypy", reason="a type checker is large; where it is installed it is asked")
    (tmp_path / "planted.py").write_text(PLANTED)
    settings = "[mypy]\n" + "".join(f"[mypy-{name}.*]\nfollow_imports = skip\n" for name in ("torch", "transformers"))
    (tmp_path / "mypy.ini").write_text(settings)
    environment = os.environ | {"MYPYPATH": str(Path(collapse_lessons.__file__).parents[1])}
    call = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "planted.py"]
    said = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True).stdout
    lines = {int(line.split(":")[1]) for line in said.splitlines() if line.startswith("planted.py:")}
    assert lines == {8, 9, 10, 11, 13}, said
