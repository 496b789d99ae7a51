"""The examples do what they say: each model passes the course's own check and goes round the loop."""

import re
import runpy
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(path):
    text = path.read_text("utf8")
    if "torch" in text:
        pytest.importorskip("torch")
    if "transformers" in text:
        pytest.importorskip("transformers")
    made = runpy.run_path(str(path))
    assert made["report"]["passed"].all(), made["report"]
    assert made["rows"]["generation"].max() >= 2
    assert made["rows"].notna().all(axis=None)


def test_readme_points_to_every_example():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf8")
    assert len(EXAMPLES) == 4
    for path in EXAMPLES:
        assert f"(examples/{path.name})" in readme


def test_the_readme_s_example_runs_as_it_stands():
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "class Memory" in block]
    made: dict = {}
    exec(code, made)
    assert made["check_model"](made["Memory"](), made["people"])["passed"].all()
    last = made["rows"].query("generation == 49").groupby("recipe")["people left"].min()
    assert last["10% real"] > 2 * last["replace"]
