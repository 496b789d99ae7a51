"""The Nature paper's experiment: its knobs, its pretrained start, its measures, and what is said if it can't start."""

import copy
import dataclasses
import json
import re
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("pyarrow")

import safetensors.torch  # noqa: E402
from huggingface_hub import constants  # noqa: E402

import architectures  # noqa: E402
import hub  # noqa: E402
from collapse_lessons import generations, metrics, run  # noqa: E402
from collapse_lessons.experiments import protocol  # noqa: E402
from collapse_lessons.models import precision as precisions  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling  # noqa: E402
from collapse_lessons.models.precision import fast_training, fast_writing  # noqa: E402
from collapse_lessons.models.prompts import Given, Own  # noqa: E402
from collapse_lessons.models.training import Training  # noqa: E402
from collapse_lessons.worlds import corpora, encyclopedia  # noqa: E402

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


def test_a_pickle_of_the_hub_is_opened_only_where_its_content_is_pinned(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    hub.fill_cache(tmp_path)
    folder = tmp_path / "models--facebook--opt-125m" / "snapshots" / protocol.OPT["revision"]
    whole = protocol.pretrained(SMALL).model.fingerprint()
    weights = safetensors.torch.load_file(folder / "model.safetensors")
    torch.save(weights | {"lm_head.weight": weights["model.decoder.embed_tokens.weight"]}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert protocol.pretrained(SMALL).model.fingerprint() == whole
    other = shutil.copytree(tmp_path / "models--facebook--opt-125m", tmp_path / "models--some--other")
    (other / "refs").mkdir()
    (other / "refs" / "main").write_text(protocol.OPT["revision"])
    with pytest.raises(ValueError, match=r"checkpoint must have its weights as safetensors, got other with .*convert"):
        protocol.pretrained(SMALL, "some/other")


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
    exact = [metrics.text.perplexity(turn.fitted, setting.held_out) for turn in turns]
    np.testing.assert_allclose(made.rows["perplexity"], exact, rtol=1e-6)
    for turn in turns:
        kept = made.snapshots[turn.index]
        np.testing.assert_allclose(kept["perplexity"], metrics.text.perplexities(first, turn.samples[:12]), rtol=1e-3)
        assert kept["text"].shape == (2,)
        assert all(kept["text"])
        for text, pieces in zip(kept["text"], kept["pieces"], strict=True):
            assert len(pieces) == 10
            assert "".join(pieces) == text
        rows = np.concatenate([setting.encode(prompts[0]), setting.encode(kept["text"][0])])
        if len(rows) == len(setting.encode(prompts[0])) + 10:  # where the text is cut into the same tokens again
            exact = turn.fitted.surprise(rows[None])[0, -10:]
            np.testing.assert_allclose(kept["surprise"][0], exact, rtol=2e-3, atol=2e-3)
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


def setting_of(**changes):
    given = protocol.pocket(SMALL, n=40, first=Training(1, 5e-3, 32), width=16, heads=2)
    return dataclasses.replace(given, **changes)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: protocol.Protocol(share=0), "share must be a number from 1e-06 to 1"),
        (lambda s: protocol.Protocol(share=2), "share must be a number from 1e-06 to 1"),
        (lambda s: protocol.Protocol(block=1), "block must be a whole number of at least 2"),
        (lambda s: protocol.Protocol(n_generations=0), "n_generations must be a whole number of at least 1"),
        (lambda s: protocol.Protocol(training=3), r"training must be a Training, got 3: write Training\(epochs=5\)"),
        (lambda s: protocol.Protocol(decoder="beams"), "decoder must be a function"),
        (lambda s: protocol.Protocol(decoder=Beams), "decoder must be a function"),
        (lambda s: protocol.Protocol(real_prompts="no"), "real_prompts must be True or False, got 'no'"),
        (lambda s: protocol.Protocol(choose_epoch=0), "choose_epoch must be True or False, got 0"),
        (lambda s: protocol.pretrained("paper"), "protocol must be a Protocol, got 'paper'"),
        (lambda s: protocol.pretrained(SMALL, 3), "model must be a path, got 3"),
        (lambda s: protocol.pretrained(SMALL, "a", "my text"), "corpus must be a Corpus, got 'my text'"),
        (lambda s: protocol.pocket(3), "protocol must be a Protocol, got 3"),
        (lambda s: protocol.pocket(SMALL, n=0), "n must be a whole number from 1 to 100000"),
        (lambda s: protocol.pocket(SMALL, seed="x"), "seed must be a whole number"),
        (lambda s: protocol.follow(SMALL, s.model, "text", s.real), "real must be an array"),
        (lambda s: protocol.follow(SMALL, None, s.real, s.real), "model must be a CausalLM, got None"),
        (lambda s: protocol.follow(None, s.model, s.real, s.real), "protocol must be a Protocol, got None"),
        (lambda s: protocol.share_of(s.real, 7), "share must be a number from 0 to 1"),
        (lambda s: protocol.share_of("rows", 0.5), "rows must be an array"),
        (lambda s: protocol.measures(3, s.model), "setting must be a Setting, got 3"),
        (lambda s: protocol.measures(s, 3), r"first must be a CausalLM, got 3"),
        (lambda s: protocol.View(3, s.model, ["a"]), "setting must be a Setting, got 3"),
        (lambda s: protocol.View(s, 3, ["a"]), "first must be a CausalLM, got 3"),
        (lambda s: protocol.View(s, s.model, "a text"), "prompts must be a list, got 'a text'"),
        (lambda s: protocol.View(s, s.model, [3]), "prompts must be a string, got 3"),
        (lambda s: protocol.View(s, s.model, [""]), "prompts must hold texts of at least one token"),
        (
            lambda s: protocol.View(dataclasses.replace(s, encode=encyclopedia.encode), s.model, ["ᛊ"]),
            "prompts must be texts of words that the setting's tokenizer knows",
        ),
        (lambda s: protocol.View(s, s.model, ["The"], length=99), "length must be a whole number from 1 to 31"),
        (lambda s: protocol.View(s, s.model, ["The"], 8, rows=0), "rows must be a whole number of at least 1"),
        (lambda s: setting_of(model=3), "model must be a CausalLM, got 3"),
        (lambda s: setting_of(real=s.real + 10**6), "real must hold integers from 0 to"),
        (lambda s: setting_of(held_out="text"), "held_out must be an array"),
        (lambda s: setting_of(encode=None), r"encode must be a function encode\(text\), got None"),
        (lambda s: setting_of(sources=[]), r"sources must be a Mapping, got \[\]"),
        (lambda s: setting_of(sources={}), r"sources must name data, checkpoints or both, got \[\]"),
        (lambda s: setting_of(sources={"data": 1}), r"sources\['data'\] must be a list of dicts, got 1"),
        (
            lambda s: setting_of(sources={"data": [{}]}),
            r"sources\['data'\] must say name, revision and licence, got no",
        ),
        (lambda s: protocol.pocket(SMALL, n=10**6), "n must be a whole number from 1 to 100000, got 1000000"),
    ],
)
def test_wrong_kinds_are_named_before_anything_is_trained(call, message, setting):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        call(setting)


def test_a_context_shorter_than_two_blocks_is_refused_before_anything_is_trained(files):
    long = dataclasses.replace(SMALL, block=17)
    with pytest.raises(ValueError, match=r"block must be at most 16 for model, which sees 32 tokens at once.*got 17"):
        protocol.pretrained(long, files[0], corpora.read_corpus(files[1]))


@pytest.mark.parametrize("name", architectures.CONFIGS)
def test_a_model_without_a_tokenizer_is_told_so(name, files, tmp_path):
    folder = architectures.save(name, tmp_path / "model")
    with pytest.raises(ValueError, match=r"model must come with its tokenizer, tokenizer.json, got model without one"):
        protocol.pretrained(SMALL, folder, corpora.read_corpus(files[1]))


def test_a_folder_without_a_model_is_told_so(files, tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"folder must hold a model as the hub has it, got .*without config"):
        protocol.pretrained(SMALL, tmp_path, corpora.read_corpus(files[1]))
    shutil.copytree(files[0], tmp_path / "model")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert protocol.pretrained(SMALL, "~/model", corpora.read_corpus(files[1])).model.context == 32


def test_a_text_shorter_than_a_block_is_told_so(files, tmp_path):
    (tmp_path / "own.txt").write_text("By night the royal snurrel sleeps.\n" * 3)
    with pytest.raises(
        ValueError, match=r"corpus must have at least 8 tokens, a block, in each of its parts, got . in"
    ):
        protocol.pretrained(dataclasses.replace(SMALL, block=8), files[0], corpora.read_corpus(tmp_path / "own.txt"))


def test_a_line_longer_than_the_model_sees_is_no_cause_for_a_warning(files, caplog):
    tokenizer = transformers.AutoTokenizer.from_pretrained(files[0], model_max_length=4)
    transformers.utils.logging.enable_propagation()
    assert len(corpora.tokens(hub.text(1), tokenizer)) > 4
    transformers.utils.logging.disable_propagation()
    assert not caplog.records


def test_a_model_without_weights_is_told_so(files, tmp_path):
    folder = shutil.copytree(files[0], tmp_path / "model")
    (folder / "model.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"folder must hold weights, model.safetensors, got model without"):
        protocol.pretrained(SMALL, folder, corpora.read_corpus(files[1]))


@pytest.mark.parametrize("name", architectures.CONFIGS)
def test_any_architecture_with_a_tokenizer_of_fewer_tokens_and_no_pad_or_end(name, files, tmp_path):
    folder = architectures.save(name, tmp_path / "model")
    tokenizer = corpora.train_tokenizer(hub.text(200), 270)  # the model's vocabulary of 300 is padded beyond it
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer.backend_tokenizer)
    assert tokenizer.pad_token is None
    assert tokenizer.eos_token is None
    tokenizer.save_pretrained(folder)
    setting = protocol.pretrained(SMALL, folder, corpora.read_corpus(files[1]))
    first = copy.deepcopy(setting.model).fit(setting.real[:8], np.random.default_rng(0))
    view = protocol.View(setting, first, ["The royal snurrel", "By night"], length=8)
    turn = next(generations(setting.model, setting.real[:8], n_generations=1))
    assert isinstance(setting.decode(np.arange(300)), str), "tokens that it has no word for"
    assert view(turn)["text"].shape == (2,)
    (source,) = setting.sources["checkpoints"]
    assert source["revision"] == f"weights of sha256 {setting.model.fingerprint()}"


def test_a_folder_says_itself_where_it_comes_from(files, tmp_path):
    folder = shutil.copytree(files[0], tmp_path / "model")
    about = {"name": "ours", "revision": "of today", "licence": "MIT"}
    (folder / "about.json").write_text(json.dumps(about))
    setting = protocol.pretrained(SMALL, folder, corpora.read_corpus(files[1]))
    assert setting.sources["checkpoints"] == [about | {"weights_sha256": setting.model.fingerprint()}]


def test_what_is_pinned():
    for name in ("HuggingFaceTB/SmolLM2-135M", "HuggingFaceTB/SmolLM2-135M-Instruct", "facebook/opt-125m"):
        source = protocol.MODELS[name]
        assert source["name"] == name
        assert re.fullmatch("[0-9a-f]{40}", source["revision"])
        assert source["licence"]


def test_the_last_epoch_is_kept_where_none_is_chosen(files):
    last = dataclasses.replace(SMALL, choose_epoch=False)
    assert protocol.pretrained(last, files[0], corpora.read_corpus(files[1])).model.validation is None


def test_held_out_text_is_not_shared_out(files, setting):
    tenth = protocol.pretrained(dataclasses.replace(SMALL, share=0.1), files[0], corpora.read_corpus(files[1]))
    assert np.array_equal(tenth.held_out, setting.held_out)


def test_a_model_that_is_nowhere(files, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ConnectionError, match=r"model must be in the hub or a folder of your own, got 'no/where'"):
        protocol.pretrained(SMALL, "no/where", corpora.read_corpus(files[1]))
