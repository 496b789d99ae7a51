"""The forecast, against the work that a run really does, counted in tokens read: no clock is asked."""

import functools
import time

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
psutil = pytest.importorskip("psutil")

import numpy as np  # noqa: E402
from transformers import OPTForCausalLM  # noqa: E402

from collapse_lessons import run  # noqa: E402
from collapse_lessons.experiments import forecast as module  # noqa: E402
from collapse_lessons.experiments.forecast import Forecast, forecast  # noqa: E402
from collapse_lessons.metrics.text import perplexities  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling  # noqa: E402
from collapse_lessons.models.language import CausalLM  # noqa: E402
from collapse_lessons.models.prompts import Own  # noqa: E402
from collapse_lessons.models.training import Training  # noqa: E402

V, BLOCK = 12, 8


def rows(n, seed=0):
    return np.random.default_rng(seed).integers(1, V, size=(n, BLOCK))


def model(decoder, **settings):
    plan = Training(3, 1e-3, 16)
    built = CausalLM(
        V, 2 * BLOCK, 16, 1, 2, plan, plan, decoder, Own(BLOCK), validation=rows(30, 1), rows_at_once=32, **settings
    )
    return built.fit(rows(64, 2), np.random.default_rng(0))


@pytest.fixture
def work(monkeypatch):
    """A clock that counts the tokens a network has read; three times as much if it learns from them."""
    read = [0.0]
    forward = OPTForCausalLM.forward

    @functools.wraps(forward)
    def counting(network, tokens, *rest, **named):
        read[0] += tokens.numel() * (3 if torch.is_grad_enabled() else 1)
        return forward(network, tokens, *rest, **named)

    monkeypatch.setattr(OPTForCausalLM, "forward", counting)
    monkeypatch.setattr(module.time, "perf_counter", lambda: read[0])
    return read


@pytest.mark.parametrize("decoder", [Sampling(), Beams(3)])
@pytest.mark.parametrize("n", [40, 200])
def test_it_foresees_what_a_run_takes(decoder, n, work):
    chosen = model(decoder)
    foreseen = forecast(chosen, rows(n), n_generations=3).seconds
    began = work[0]
    judged = {"judged": lambda turn, _: perplexities(chosen, turn.samples).mean()}
    run(chosen, rows(n), metrics=judged, n_generations=3)
    assert foreseen == pytest.approx(work[0] - began, rel=0.3)


def test_its_memory_is_the_most_that_training_takes_not_what_is_left_of_it(monkeypatch):
    large = 200_000_000

    def trained(self, X, rng):
        held = np.ones(large, dtype=np.uint8)
        time.sleep(0.2)  # it is looked at a hundred times a second
        del held
        return self

    chosen = model(Sampling())
    before = psutil.Process().memory_info().rss
    with monkeypatch.context() as patch:
        patch.setattr(CausalLM, "fit", trained)
        cost = forecast(chosen, rows(40), n_generations=3)
    assert cost.memory > before + 0.9 * large


def test_the_model_is_left_as_it_is_and_the_folder_need_not_be_there(tmp_path):
    chosen = model(Sampling())
    before = {name: weights.clone() for name, weights in chosen.network_.state_dict().items()}
    assert forecast(chosen, rows(40), n_generations=3, folder=tmp_path / "new" / "run").disk_free > 0
    assert not list(tmp_path.iterdir())
    assert all(torch.equal(weights, before[name]) for name, weights in chosen.network_.state_dict().items())
    assert chosen.validation is not None


def test_it_reads_as_a_sentence():
    cost = Forecast(3000, 3_200_000_000, 100_000_000, 15_800_000_000, 50_000_000_000, "a card")
    assert str(cost) == "about 50 min, 3.2 of 15.8 GB of memory, 0.10 of 50 GB of disk, on a card"
    cost.check()
    assert "about 12 s" in str(Forecast(12, 1, 1, 10, 10, "a card"))
    assert "about 3.0 h" in str(Forecast(10800, 1, 1, 10, 10, "a card"))


def test_what_will_not_fit_is_refused_with_a_remedy():
    with pytest.raises(MemoryError, match=r"90% of the 1.00 GB of memory.*got 0.95 GB: lower rows_at_once"):
        Forecast(1, 950_000_000, 0, 1_000_000_000, 1, "a card").check()
    with pytest.raises(OSError, match=r"of disk that are free, got 2.00 GB: free some, or keep the run in another"):
        Forecast(1, 0, 2_000_000_000, 1, 1_000_000_000, "a card").check()
    with pytest.raises(ValueError, match="n_generations must be a whole number of at least 1"):
        forecast(model(Sampling()), rows(40), n_generations=0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: forecast(3, rows(4), n_generations=1), TypeError, "model must be a CausalLM, got 3"),
        (lambda: forecast(model(Sampling()), "text", n_generations=1), TypeError, "real must be an array"),
        (lambda: forecast(model(Sampling()), rows(4) + V, n_generations=1), ValueError, "real must hold integers"),
        (lambda: forecast(model(Sampling()), rows(4), n_generations=1, n=0), ValueError, "n must be a whole number"),
        (lambda: forecast(model(Sampling()), rows(4), n_generations=1, folder=3), TypeError, "folder must be a path"),
        (lambda: Forecast("long", 1, 1, 1, 1, "a card"), TypeError, "seconds must be a number"),
        (lambda: Forecast(1, -1, 1, 1, 1, "a card"), ValueError, "memory must be a number from 0"),
        (lambda: Forecast(1, 1, 1, 1, 1, None), TypeError, "device must be a string, got None"),
    ],
)
def test_wrong_kinds_are_named(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_where_not_even_the_weights_would_fit_it_says_so_before_anything_is_computed(monkeypatch):
    chosen = model(Sampling())
    weights = sum(p.numel() * 4 for p in chosen.network_.parameters())
    monkeypatch.setattr(module, "_of_machine", lambda: (10 * weights, 13 * weights))  # a copy with its gradient: 2
    monkeypatch.setattr(CausalLM, "fit", lambda *arguments: pytest.fail("it began to train"))
    with pytest.raises(MemoryError, match=r"the run must fit into 90% of the .* of memory .*: lower rows_at_once, or"):
        forecast(chosen, rows(40), n_generations=3)


def test_a_container_s_limit_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "CGROUP", tmp_path)
    monkeypatch.setattr(module, "MY_GROUPS", tmp_path / "none")
    taken, free = module._of_machine()
    assert taken < free
    (tmp_path / "memory.current").write_text("1000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert module._of_machine()[1] > taken + 1_000_000, "no limit"
    (tmp_path / "memory.max").write_text("2001000\n")
    taken, free = module._of_machine()
    assert free - taken == 2_000_000
    (tmp_path / "memory.max").write_text("500\n")
    taken, free = module._of_machine()
    assert free == taken


@pytest.mark.parametrize(
    ("said", "at", "names"),
    [
        ("0::/slurm/job_7/step_0\n", "slurm/job_7", ("memory.max", "memory.current")),
        ("5:pids:/\n4:memory:/a/b\n0::/\n", "memory/a/b", ("memory.limit_in_bytes", "memory.usage_in_bytes")),
    ],
)
def test_the_limit_of_a_batch_job_counts_where_it_stands(monkeypatch, tmp_path, said, at, names):
    monkeypatch.setattr(module, "CGROUP", tmp_path)
    monkeypatch.setattr(module, "MY_GROUPS", tmp_path / "own")
    (tmp_path / "own").write_text(said)
    (tmp_path / at).mkdir(parents=True)
    for name, content in zip(names, ("2001000\n", "1000\n"), strict=True):
        (tmp_path / at / name).write_text(content)
    taken, free = module._of_machine()
    assert free - taken == 2_000_000


def test_the_limit_of_a_shell_counts(monkeypatch):
    resource = pytest.importorskip("resource")
    held = psutil.Process().memory_info().vms
    monkeypatch.setattr(resource, "getrlimit", lambda which: (held + 10**9, resource.RLIM_INFINITY))
    taken, free = module._of_machine()
    assert free - taken <= 1_000_000_000
