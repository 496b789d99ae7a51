"""The examples do what they say: each model passes the course's own check and goes round the loop."""

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
