"""A value is known again by its contents: the same in every session, another as soon as anything in it is."""

import copy
import dataclasses
import functools
import json
import os
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.linear_model import LinearRegression
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from collapse_lessons import Fresh, Gaussian, Mix, SklearnModel, metrics, replace, run
from collapse_lessons.defences.filters import Candidates, Filter, Rates
from collapse_lessons.describe import identity, printed


class Mine:
    """In the README's own style, without `__repr__`."""

    def __init__(self, **settings):
        self.__dict__.update(settings)


class Slotted:
    __slots__ = ("scale",)

    def __init__(self, scale):
        self.scale = scale


@dataclasses.dataclass
class Settings:
    scale: float
    hidden: object = dataclasses.field(default=0, repr=False)
    progress: object = dataclasses.field(default=iter, compare=False)


def draw(n, rng):
    return rng.normal(size=(n, 1))


def drawing(scale):
    def scaled(n, rng):
        return rng.normal(scale=scale, size=(n, 1))

    return scaled


def itself():
    held = [1]
    held.append(held)
    return held


FRAME = pd.DataFrame({"x": np.arange(1000.0), "kind": ["a", "b"] * 500})


def changed(frame, row, column, value):
    frame = frame.copy()
    frame.loc[row, column] = value
    return frame


# Each row holds values that are all different; a copy of one is the same as it.
DIFFERENT = {
    "plain objects": [Mine(scale=1), Mine(scale=2), Mine(scale=1, extra=None), Mine(), Slotted(1), Slotted(2)],
    "objects in objects": [Mine(a=[Mine(b=1)]), Mine(a=[Mine(b=2)]), Mine(a={"x": Mine(b=1)})],
    "long arrays": [np.arange(5000), np.arange(5000) + (np.arange(5000) == 2500)],
    "dtypes and shapes of the same bytes": [np.zeros(4), np.zeros(4, int), np.zeros((2, 2)), np.zeros(4, "<M8[s]")],
    "masks": [np.ma.array([1, 2], mask=[0, 1]), np.ma.array([1, 2], mask=[1, 0]), np.array([1, 2])],
    "arrays of objects": [np.array(["a", None], object), np.array(["a", "b"], object), np.array(["a", "b"])],
    "tables": [FRAME, changed(FRAME, 500, "x", -1.0), changed(FRAME, 500, "kind", "c"), FRAME.set_index("kind")],
    "tables with other names": [FRAME, FRAME.rename(columns={"x": "y"}), FRAME.astype({"x": "float32"})],
    "categories": [pd.Series(list("ab"), dtype=pd.CategoricalDtype(list(names))) for names in ("ab", "ba", "abc")],
    "long lists": [list(range(5000)), [*range(4999), -1], tuple(range(4999))],
    "texts": ["a" * 5000, "a" * 4999 + "b", "", "\ud800"],
    "numbers": [1, 2, 1.5, float("nan"), float("inf"), 1 + 2j, Fraction(1, 3), np.longdouble("0.1"), None, b"1"],
    "sets and dicts": [{1, 2}, {1, 3}, {1: "a"}, {"1": "a"}, {"1": "b"}, {}],
    "functions": [draw, replace, drawing(1), drawing(2), functools.partial(drawing, 1), functools.partial(drawing, 2)],
    "functions without a name": [lambda n, rng: n, lambda n, rng: n + 1, lambda n, rng: n + 2],
    "methods": [Mine(a=1).__init__, Mine(a=2).__init__, *(np.random.default_rng(seed).normal for seed in (1, 2))],
    "recipes": [Mix(0.1), Mix(0.2), Fresh(draw, 0.1), Fresh(drawing(1), 0.1), Fresh(drawing(2), 0.1)],
    "filters": [Filter(Candidates(draw, share), Rates(0.9, alarms)) for share in (0.1, 0.2) for alarms in (0.1, 0.2)],
    "models": [Gaussian(), Gaussian(ddof=1), SklearnModel(GaussianMixture(2)), SklearnModel(GaussianMixture(3))],
    "pipelines": [make_pipeline(StandardScaler(with_mean=m), LinearRegression(positive=m)) for m in (0, 1)],
    "what was learned": [LinearRegression().fit([[0], [1]], [0, slope]) for slope in (1, 2)],
    "sparse matrices": [sparse.csr_array(np.eye(2)), sparse.csr_array(2 * np.eye(2)), sparse.csc_array(np.eye(2))],
    "fields that are not printed": [Settings(1), Settings(1, hidden=1), Settings(1, hidden=np.arange(3))],
    "what holds itself": [itself(), [1, [1]]],
    "streams": [np.random.default_rng(0), np.random.default_rng(1), np.random.RandomState(0), np.random.RandomState(1)],
    "classes": [Mine, Slotted, dict, np.float64, np],
}  # fmt: skip


@pytest.mark.parametrize("kind", DIFFERENT)
def test_values_are_the_same_only_with_the_same_contents(kind):
    values = DIFFERENT[kind]
    told = [json.dumps(identity("value", value)) for value in values]
    assert len(set(told)) == len(values)
    copies = [value if value is np else copy.deepcopy(value) for value in values]
    if kind != "methods":  # of which a copy belongs to a copied stream
        assert told == [json.dumps(identity("value", value)) for value in copies]
    assert all(len(text) < 5000 for text in told), "it is kept in a file for people"
    assert not any(" at 0x" in text for text in told)


def test_what_does_not_matter_is_not_compared():
    for one, other in [
        (Settings(1, progress=iter), Settings(1, progress=list)),
        (np.float64(0.5), 0.5),
        (np.arange(6)[::2], np.array([0, 2, 4])),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (lambda n: n + 1, lambda n: n + 1),
        (LinearRegression(), copy.copy(LinearRegression())),
        (np.zeros(2, np.dtype("u1,f8", align=True)), np.zeros(2, np.dtype("u1,f8", align=True))),
    ]:
        assert identity("value", one) == identity("value", other)
    padded = np.full(32, 7, np.uint8).view(np.dtype("u1,f8", align=True))[:2]  # another filling between the fields
    other = padded.copy()
    other.view(np.uint8)[1:8] = 9
    assert identity("value", padded) == identity("value", other)


def test_a_network_is_known_by_its_weights_and_settings():
    torch = pytest.importorskip("torch")

    class Net(torch.nn.Module):
        def __init__(self, scale=1.0, dropout=0.1, seed=0):
            super().__init__()
            with torch.random.fork_rng():
                torch.manual_seed(seed)
                self.layers = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Dropout(dropout))
            self.scale = scale
            self.half = torch.zeros(3, dtype=torch.bfloat16)

    nets = [Mine(net=Net()), Mine(net=Net(scale=2.0)), Mine(net=Net(dropout=0.2)), Mine(net=Net(seed=1))]
    told = [json.dumps(identity("model", net)) for net in nets]
    assert len(set(told)) == 4
    assert told == [json.dumps(identity("model", copy.deepcopy(net))) for net in nets]
    nets[0].net.eval()
    assert told[0] == json.dumps(identity("model", nets[0]))


def test_a_language_model_is_known_by_its_weights_and_not_by_its_folder(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from collapse_lessons.models.language import CausalLM
    from collapse_lessons.models.training import Training

    model = CausalLM(12, context=4, width=4, heads=1, layers=1, first=Training(1))
    X = np.random.default_rng(0).integers(12, size=(8, 4))
    fitted = copy.deepcopy(model).fit(X, np.random.default_rng(0))
    other = copy.deepcopy(model).fit(X, np.random.default_rng(1))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        fitted.save(tmp_path / name)
    told = [identity("model", m) for m in (model, fitted, other)]
    loaded = [
        identity("model", CausalLM.from_checkpoint(tmp_path / name, first=Training(1))) for name in ("one", "two")
    ]
    assert told[0] != told[1] != told[2]
    assert loaded[0] == loaded[1]
    assert loaded[0]["network_"] == told[1]["network_"]
    patient = CausalLM(12, context=4, width=4, heads=1, layers=1, first=Training(1), rows_at_once=3, progress=list)
    assert identity("model", patient) == told[0]  # what is learned stays the same


def test_what_cannot_be_copied_is_named():
    class Broken:
        def __getstate__(self):
            raise RuntimeError("no state today")

    for value in (Mine(lock=threading.Lock()), Mine(stream=(i for i in range(3))), Broken()):
        with pytest.raises(
            TypeError, match=r"model must be something that can be copied, .* got (Mine|Broken), of which"
        ):
            identity("model", value)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TypeError, match="reference must be something that can be copied"):
        identity("reference", deep)


def test_what_a_function_closes_over_may_be_beyond_copying():
    lock = threading.Lock()
    assert "lock" in json.dumps(identity("recipe", lambda pool, n, rng: lock))


def test_what_pads_a_long_double_does_not_count_and_its_last_digits_do():
    clean, dirty = np.zeros(3, np.longdouble), np.zeros(3, np.longdouble)
    dirty.view(np.uint8)[:] = 255
    clean[:] = dirty[:] = np.longdouble("0.1")
    assert identity("value", clean) == identity("value", dirty)
    next_to_it = np.nextafter(clean, np.longdouble(1))
    assert identity("value", clean) != identity("value", next_to_it)
    assert identity("value", clean + 1j) != identity("value", next_to_it + 1j)


SESSION = """
import json, sys
sys.path[:0] = [{tests!r}]
from test_describe import *
print(json.dumps([[identity("value", value) for value in values] for values in DIFFERENT.values()]))
print([printed(value) for value in DIFFERENT["recipes"] + DIFFERENT["filters"] + DIFFERENT["plain objects"]])
"""


def test_another_session_says_the_same():
    code = SESSION.format(tests=str(Path(__file__).parent))
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 1000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (replace, "replace"),
        (Mix(0.1), "Mix(real_fraction=0.1)"),
        (Fresh(draw, 0.1), "Fresh(draw=draw, real_fraction=0.1)"),
        (Fresh(drawing(2), 0.1), "Fresh(draw=drawing.<locals>.scaled, real_fraction=0.1)"),
        (Mine(scale=1, draw=draw, other=Mine()), "Mine(scale=1, draw=draw, other=Mine())"),
        (Slotted(1), "Slotted()"),
        (functools.partial(draw, 3), "functools.partial(draw, 3)"),
        (Mine, "Mine"),
    ],
)
def test_a_value_prints_without_addresses(value, text):
    assert printed(value) == text


@pytest.mark.parametrize("recipe", [Fresh(draw, 0.1), Filter(Candidates(draw, 0.5), Rates(0.9, 0.1)), Mine(scale=1)])
def test_labels_of_rows_hold_no_memory_addresses(recipe):
    assert " at 0x" in repr(recipe)
    assert " at 0x" not in printed(recipe)


def test_how_a_run_was_made_holds_no_memory_addresses():
    class Model(Mine):
        def fit(self, X, rng):
            return self

        def sample(self, n, rng):
            return rng.normal(size=(n, 1))

    made = run(Model(scale=1), np.zeros((3, 1)), metrics={"std": metrics.std}, n_generations=1)
    assert made.info["model"] == "Model(scale=1)"
