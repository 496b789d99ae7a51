"""The Nature paper's experiment: its knobs, its pretrained start, its measures, and what is said if it can't start."""

import copy
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("pyarrow")

from huggingface_hub import constants  # noqa: E402

import hub  # noqa: E402
from collapse_lessons import corpora, generations, protocol, run, text_metrics  # noqa: E402
from collapse_lessons.models import precision as precisions  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling  # noqa: E402
from collapse_lessons.models.language import Given, Own, Training  # noqa: E402
from collapse_lessons.models.precision import fast_training, fast_writing  # noqa: E402

SMALL = protocol.Protocol(block=16, n_generations=2, training=Training(1, 1e-3, 16), decoder=Sampling())


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    (folder / "model").mkdir()
    return hub.save_model(folder / "model"), hub.save_corpus(folder / "corpus")


@pytest.fixture(scope="module")
def setting(files):
    return protocol.pretrained(SMALL, str(files[0]), corpora.read_corpus(files[1]))


def test_the_paper_as_the_paper_has_it():
    paper = protocol.PRESETS["paper"]
    assert (paper.block, paper.n_generations, paper.share) == (64, 10, 1)
    assert paper.training == Training(epochs=5, learning_rate=2e-5, batch=128)
    assert paper.decoder == Beams(5, repetition_penalty=1)
    assert protocol.DECODERS["beams and penalty"] == Beams(5, repetition_penalty=3.0)
    assert protocol.RECIPES["10% real"].real_fraction == 0.1


def test_presets_differ_in_size_alone():
    for preset in protocol.PRESETS.values():
        assert preset.block == 64
        assert preset.decoder == Beams(5)
        assert not preset.real_prompts


@pytest.mark.parametrize(("memory", "preset"), [(None, "laptop"), (16e9, "colab"), (80e9, "paper")])
def test_the_preset_that_fits_the_machine(memory, preset, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: memory is not None)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: SimpleNamespace(total_memory=memory))
    assert protocol.preset_for_device() == preset


@pytest.mark.parametrize(("bf16", "precision"), [(True, torch.bfloat16), (False, torch.float16)])
def test_the_precision_that_a_card_is_fast_in(bf16, precision, monkeypatch):
    monkeypatch.setattr(precisions, "check_device", lambda device: device)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: bf16)
    assert fast_training("cuda:0") == fast_writing("cuda:0") == precision


@pytest.mark.parametrize(("half", "precision"), [(0.5, torch.bfloat16), (0.9, torch.float32), (7, torch.float32)])
def test_the_precision_that_a_processor_is_fast_in_is_found_by_trying(half, precision, monkeypatch):
    monkeypatch.setattr(precisions, "_seconds", lambda step: (step(), 1.0)[1])
    assert fast_training("cpu") == fast_writing("cpu") == torch.float32, "as fast is not faster"
    for work in ("_train", "_write"):
        monkeypatch.setattr(precisions, work, lambda device, dtype: 1.0 if dtype == torch.float32 else half)
    assert fast_training("cpu") == fast_writing("cpu") == precision


def test_a_device_without_half_precision(monkeypatch):
    def fails(device, dtype):
        raise RuntimeError(f"{dtype} is not implemented for {device}")

    monkeypatch.setattr(precisions, "_write", fails)
    assert fast_writing("cpu") == torch.float32


def test_model_and_text_come_from_the_hub_at_pinned_revisions(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ConnectionError, match="give the path of a copy"):
        protocol.pretrained(SMALL)
    hub.fill_cache(tmp_path)
    setting = protocol.pretrained(SMALL)
    assert setting.sources == {"data": [corpora.WIKITEXT], "checkpoints": [protocol.OPT]}
    assert setting.decode(setting.real.ravel()) == hub.text(80)[: len(setting.decode(setting.real.ravel()))]


def test_parts_do_not_mix(setting, files):
    corpus = corpora.read_corpus(files[1])
    assert corpus.train.startswith(setting.decode(setting.real[0]))
    assert corpus.validation.startswith(setting.decode(setting.model.validation[0]))
    assert corpus.test.startswith(setting.decode(setting.held_out[0]))


def test_a_share_of_the_corpus(files, setting):
    tenth = protocol.pretrained(protocol.Protocol(block=16, share=0.1), str(files[0]), corpora.read_corpus(files[1]))
    assert len(tenth.real) == round(0.1 * len(setting.real))
    assert len(tenth.model.validation) == round(0.1 * len(setting.model.validation))


def test_every_generation_starts_from_the_same_pretrained_weights_and_writes_after_its_own_rows(setting, monkeypatch):
    starts = []
    train = type(setting.model)._train
    weight = lambda model: model.network_.lm_head.weight.detach().clone()  # noqa: E731
    monkeypatch.setattr(
        type(setting.model), "_train", lambda model, *rest: (starts.append(weight(model)), train(model, *rest))[1]
    )
    turns = list(generations(setting.model, setting.real, n_generations=3))
    assert all(torch.equal(start, weight(setting.model)) for start in starts)
    assert not torch.equal(weight(turns[0].fitted), weight(setting.model)), "and learns"
    for turn in turns:
        assert turn.samples.shape == setting.real.shape, "as large as the original"
        assert turn.fitted.prompt == Own(16)
        assert np.array_equal(turn.fitted.train_, turn.train)


def test_real_prompts(files):
    real = protocol.Protocol(block=16, real_prompts=True, decoder=Sampling())
    setting = protocol.pretrained(real, str(files[0]), corpora.read_corpus(files[1]))
    assert isinstance(setting.model.prompt, Given)
    assert np.array_equal(setting.model.prompt.rows, setting.real)


def test_measures_and_view(setting):
    first = copy.deepcopy(setting.model).fit(setting.real, np.random.default_rng(0))
    prompts = ["The royal snurrel", "It lives in " * 20]
    view = protocol.View(setting, first, prompts, length=10, rows=12)
    made = run(
        setting.model, setting.real, metrics=protocol.measures(setting, first), n_generations=2, keep=[0, 1], view=view
    )
    assert {"perplexity", "judged_0.5", "judged_0.99", "distinct", "repetition"} <= set(made.rows)
    turns = list(generations(setting.model, setting.real, n_generations=2))
    exact = [text_metrics.perplexity(turn.fitted, setting.held_out) for turn in turns]
    np.testing.assert_allclose(made.rows["perplexity"], exact, rtol=1e-6)
    for turn in turns:
        kept = made.snapshots[turn.index]
        np.testing.assert_allclose(kept["perplexity"], text_metrics.perplexities(first, turn.samples[:12]), rtol=1e-3)
        assert kept["text"].shape == (2,)
        assert all(kept["text"])
    assert view(turns[1])["text"].tolist() == made.snapshots[1]["text"].tolist()


def test_the_pocket_setting_needs_nothing_else():
    quick = protocol.Protocol(block=16, training=Training(1, 1e-3, 32), decoder=Sampling())
    setting = protocol.pocket(quick, n=40, first=Training(1, 5e-3, 32), width=16, heads=2)
    assert setting.real.shape[1] == 16
    assert setting.decode(setting.encode("The royal snurrel")) == "The royal snurrel"
    (turn,) = generations(setting.model, setting.real, n_generations=1)
    assert turn.samples.shape == setting.real.shape
    other = protocol.pocket(quick, n=40, first=Training(1, 5e-3, 32), width=16, heads=2)
    assert np.array_equal(other.real, setting.real)
    assert torch.equal(other.model.network_.lm_head.weight, setting.model.network_.lm_head.weight)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: protocol.Protocol(share=0), "share must be a number from 1e-06 to 1"),
        (lambda: protocol.Protocol(share=2), "share must be a number from 1e-06 to 1"),
        (lambda: protocol.Protocol(block=1), "block must be a whole number of at least 2"),
        (lambda: protocol.Protocol(n_generations=0), "n_generations must be a whole number of at least 1"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_model_that_is_nowhere(files, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ConnectionError, match=r"model must be in the hub or a folder of your own, got 'no/where'"):
        protocol.pretrained(SMALL, "no/where", corpora.read_corpus(files[1]))
