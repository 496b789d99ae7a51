"""Importing the package is light: what a lesson does not use is not loaded."""

import inspect
import pkgutil
import subprocess
import sys

import pytest

import collapse_lessons


def imported_by(statement):
    """Return the top-level modules that a fresh Python has loaded after a statement."""
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_import_loads_no_library():
    heavy = {"torch", "transformers", "matplotlib", "sklearn", "skimage", "pandas", "scipy", "joblib", "numpy"}
    assert not imported_by("import collapse_lessons") & heavy


@pytest.mark.parametrize(
    "statement",
    [
        "from collapse_lessons import Gaussian, GaussianBatches, Categorical, CategoricalBatches, Photocopier",
        "from collapse_lessons import SklearnModel, check_model, generations, run, sweep, metrics, theory",
        "from collapse_lessons import plots, lesson, explorers, datasets",
    ],
)
def test_the_lessons_without_neural_networks_need_no_torch(statement):
    assert not imported_by(statement) & {"torch", "transformers"}


def test_the_loop_does_not_need_matplotlib():
    assert not imported_by("from collapse_lessons import Gaussian, generations, replace") & {"matplotlib", "seaborn"}


def test_every_public_name_is_there():
    for name in collapse_lessons.__all__:
        assert getattr(collapse_lessons, name) is not None
    assert set(collapse_lessons.__all__) <= set(dir(collapse_lessons))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        collapse_lessons.nothing_of_the_kind  # noqa: B018


def test_no_public_function_is_hidden_by_a_module_of_its_name():
    """Some versions of lazy-loader give the module once it has been imported, and a module cannot be called."""
    modules = {module.name for module in pkgutil.iter_modules(collapse_lessons.__path__)}
    here = {name for name in collapse_lessons.__all__ if not inspect.ismodule(getattr(collapse_lessons, name))}
    assert not modules & here


def test_the_function_check_model_is_not_hidden_by_its_module():
    code = (
        "import collapse_lessons.exercises.lesson_00 as _; import collapse_lessons as c; print(callable(c.check_model))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "True\n"
