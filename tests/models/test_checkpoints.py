"""Any causal language model of transformers: five architectures do what a pocket model does; nothing is made up."""

import copy
import json
import shutil

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from safetensors.torch import load_file, save_file  # noqa: E402

import architectures  # noqa: E402
from architectures import CONTEXT, V  # noqa: E402
from collapse_lessons import check_model, generations, metrics, resume_run, run  # noqa: E402
from collapse_lessons.defences.watermark import GreenList  # noqa: E402
from collapse_lessons.defences.watermarked import Watermarked  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling  # noqa: E402
from collapse_lessons.models.language import CausalLM  # noqa: E402
from collapse_lessons.models.prompts import Own  # noqa: E402
from collapse_lessons.models.training import Training  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")
BLOCK = 10
QUICK = {"training": Training(1, 1e-3, 8), "prompt": Own(BLOCK)}
EACH = pytest.mark.parametrize("name", architectures.CONFIGS)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    where = tmp_path_factory.mktemp("models")
    return {name: architectures.save(name, where / name) for name in architectures.CONFIGS}


def rng(seed=0):
    return np.random.default_rng(seed)


def rows(n, seed=0):
    return rng(seed).integers(V, size=(n, BLOCK))


def load(folder, **settings):
    return CausalLM.from_checkpoint(folder, **(QUICK | settings))


@EACH
def test_its_shape_and_its_own_weights_are_taken(name, folders):
    model = load(folders[name])
    assert (model.vocabulary, model.context, model.width, model.layers, model.heads) == (V, CONTEXT, 16, 2, 4)
    ours, theirs = model.network_.state_dict(), architectures.network(name).state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[key], theirs[key]) for key in ours)
    assert load(folders[name]).fingerprint() == model.fingerprint(), "nothing in it is left to chance"


@EACH
def test_dropout_is_the_checkpoints_unless_another_is_given(name, folders):
    def shares(model):
        return {
            value
            for key, value in vars(model.network_.config).items()
            if key in ("dropout", "resid_pdrop", "embd_pdrop")
        }

    own = {"OPT": {0.1}, "GPT-2": {0.1}}.get(name, set())
    assert shares(load(folders[name])) == own
    assert shares(load(folders[name], dropout=0.0)) == ({0.0} if own else set())
    X, without = rows(16), load(folders[name], dropout=0.0).fit(rows(16), rng())
    again, dropped = (load(folders[name], dropout=share).fit(X, rng()) for share in (0.0, 0.5))
    assert again.fingerprint() == without.fingerprint() != dropped.fingerprint()


@EACH
@pytest.mark.parametrize(
    ("decoder", "settings"),
    [
        (Sampling(temperature=0), {}),
        (Beams(4), {"num_beams": 4}),
        (Beams(4, repetition_penalty=3.0), {"num_beams": 4, "repetition_penalty": 3.0}),
    ],
    ids=str,
)
def test_decoders_write_what_transformers_writes(name, decoder, settings, folders):
    model = load(folders[name])
    prompts = rows(12, seed=4)
    tokens = torch.as_tensor(prompts)
    theirs = model.network_.generate(
        tokens, attention_mask=torch.ones_like(tokens), do_sample=False, min_new_tokens=9, max_new_tokens=9,
        pad_token_id=0, **settings,
    )  # fmt: skip
    assert np.array_equal(model.write(prompts, 9, rng(), decoder=decoder), theirs.numpy()[:, BLOCK:])


@EACH
def test_surprise_is_that_of_the_network_itself(name, folders):
    model, X = load(folders[name]), rows(9)
    with torch.no_grad():
        logp = model.network_(torch.as_tensor(X)).logits.log_softmax(-1).numpy()
    theirs = -np.take_along_axis(logp[:, :-1], X[:, 1:, None], axis=2)[..., 0]
    np.testing.assert_allclose(model.surprise(X)[:, 1:], theirs, atol=1e-5)


@EACH
def test_it_goes_round_the_loop_and_its_text_is_measured(name, folders):
    model = load(folders[name])
    report = check_model(model, rows(12))
    assert report["passed"].all(), report
    measures = {
        "perplexity": lambda turn, real: metrics.text.perplexity(turn.fitted, real),
        "distinct": lambda turn, real: metrics.text.distinct(turn.samples),
        "repetition": lambda turn, real: metrics.text.repetition(turn.samples),
    }
    made = run(model, rows(16), metrics=measures, n_generations=2)
    assert np.isfinite(made.rows[["perplexity", "distinct", "repetition"]]).all().all()
    assert (made.rows["perplexity"] > 1).all()


@EACH
@pytest.mark.parametrize("warm_start", [False, True])
def test_a_chain_that_was_stopped_goes_on(name, warm_start, folders, tmp_path):
    settings = {"metrics": {"mean": lambda turn, _: turn.samples.mean()}, "warm_start": warm_start}
    whole = run(load(folders[name]), rows(16), n_generations=3, **settings)
    resume_run(tmp_path / "run", load(folders[name]), rows(16), n_generations=2, **settings)
    stopped = resume_run(tmp_path / "run", load(folders[name]), rows(16), n_generations=3, **settings)
    assert stopped.rows["mean"].tolist() == whole.rows["mean"].tolist()
    other = load(folders[name])
    other.network_ = architectures.network(name, seed=1)
    with pytest.raises(ValueError, match="in run"):
        resume_run(tmp_path / "run", other, rows(16), n_generations=3, **settings)


@EACH
def test_its_text_takes_a_watermark(name, folders):
    green = GreenList(V, strength=6.0)
    marked = load(folders[name]).write(rows(20), 20, rng(), decoder=Watermarked(Sampling(), green))
    plain = load(folders[name]).write(rows(20), 20, rng())
    assert green.z(marked).mean() > green.z(plain).mean() + 2


@EACH
def test_in_half_precision_it_writes_nearly_as_likely_text_and_its_weights_come_back(name, folders):
    model, X = load(folders[name], writing=torch.bfloat16), rows(40)
    before = model.fingerprint()
    half = model.write(X, 8, rng(), decoder=Sampling(temperature=0))
    whole = load(folders[name]).write(X, 8, rng(), decoder=Sampling(temperature=0))
    assert (half[:, 0] == whole[:, 0]).mean() > 0.8, "the likeliest of 300 tokens is mostly the same"
    assert model.fingerprint() == before
    assert {weights.dtype for weights in model.network_.parameters()} == {torch.float32}


def test_where_writing_fails_the_weights_come_back_too(folders):
    model = load(folders["Llama"], writing=torch.bfloat16)

    def broken(*arguments):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.write(rows(2), 3, rng(), decoder=broken)
    assert {weights.dtype for weights in model.network_.parameters()} == {torch.float32}


@EACH
def test_saved_it_is_a_model_of_the_hub_again(name, folders, tmp_path):
    model = load(folders[name]).fit(rows(16), rng())
    model.save(tmp_path)
    again = load(tmp_path)
    assert again.fingerprint() == model.fingerprint()
    assert np.array_equal(again.sample(6, rng(3)), model.sample(6, rng(3)))
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
    assert type(theirs) is type(model.network_)


def test_tied_and_sharded_weights(tmp_path):
    sharded = architectures.save("Llama", tmp_path / "sharded", max_shard_size="6KB")
    assert len(list(sharded.glob("*.safetensors"))) > 2
    one = architectures.save("Llama", tmp_path / "one")
    assert "lm_head.weight" not in load_file(one / "model.safetensors"), "tied: it is kept once"
    assert load(sharded).fingerprint() == load(one).fingerprint()
    model = load(one).fit(rows(16), rng())
    assert model.network_.lm_head.weight is model.network_.model.embed_tokens.weight


def test_half_precision_weights_are_taken_in_single_precision(tmp_path):
    architectures.network("GPT-2").half().save_pretrained(tmp_path)
    model = load(tmp_path)
    assert {weights.dtype for weights in model.network_.parameters()} == {torch.float32}


# --- nothing is made up ----------------------------------------------------------------------------------------------


@pytest.fixture
def copied(folders, tmp_path):
    def copied(name):
        return shutil.copytree(folders[name], tmp_path / "copy")

    return copied


def change(folder, do):
    """Change the weights in a folder."""
    weights = load_file(folder / "model.safetensors")
    do(weights)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@EACH
@pytest.mark.parametrize("what", ["without", "with superfluous", "with misshapen"])
def test_no_weight_is_filled_in_at_random(name, what, copied):
    folder = copied(name)

    def do(weights):
        key = next(key for key in sorted(weights) if "mlp" in key or "fc1" in key)
        if what == "without":
            del weights[key]
        elif what == "with superfluous":
            weights["more.weight"] = torch.zeros(3)
        else:
            weights[key] = torch.cat([weights[key], weights[key]])

    change(folder, do)
    with pytest.raises(ValueError, match=f"checkpoint must hold the weights of its config.json.*got copy {what} "):
        load(folder)


@EACH
def test_the_config_of_another_architecture_is_refused(name, copied, folders):
    folder = copied(name)
    other = "OPT" if name != "OPT" else "GPT-2"
    shutil.copy(folders[other] / "config.json", folder)
    with pytest.raises(ValueError, match=r"checkpoint must hold the weights of its config.json"):
        load(folder)


def test_a_repositorys_own_code_is_neither_run_nor_asked_for(copied, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *words: pytest.fail("nobody is there to answer"))
    folder = copied("Llama")
    (folder / "modeling_own.py").write_text("raise SystemExit('this ran')")
    settings = json.loads((folder / "config.json").read_text())
    settings["auto_map"] = {"AutoConfig": "modeling_own.Own", "AutoModelForCausalLM": "modeling_own.Own"}
    (folder / "config.json").write_text(json.dumps(settings))
    assert load(folder).width == 16, "the architecture is one that transformers has: its own code is used"
    (folder / "config.json").write_text(json.dumps(settings | {"model_type": "own"}))
    with pytest.raises(
        ValueError, match=r"of an architecture that transformers has.*code that comes with one is never"
    ):
        load(folder)


def test_pickled_weights_are_refused_with_the_remedy(copied):
    folder = copied("GPT-2")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    load(folder)  # the safe ones are there
    (folder / "model.safetensors").unlink()
    with pytest.raises(ValueError, match=r"as safetensors, got copy with pytorch_model.bin.*save_pretrained"):
        load(folder)


def test_half_a_download(copied):
    folder = copied("GPT-2")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ValueError, match="checkpoint must be whole, got copy with weights that cannot be read: fetch"):
        load(folder)
    weights.unlink()
    with pytest.raises(FileNotFoundError, match=r"folder must hold weights, model.safetensors, got copy without"):
        load(folder)
    (folder / "config.json").write_text("{")
    with pytest.raises(ValueError, match=r"checkpoint must be whole, got copy with a config.json that cannot be read"):
        load(folder)
    (folder / "config.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"got copy without config.json"):
        load(folder)


def test_a_shard_that_is_missing_or_cut_off_is_half_a_download(folders, tmp_path):
    network = transformers.AutoModelForCausalLM.from_pretrained(folders["GPT-2"])
    network.save_pretrained(tmp_path / "shards", max_shard_size="10KB")
    assert load(tmp_path / "shards").width == 16
    shard = max((tmp_path / "shards").glob("model-*.safetensors"))
    shard.write_bytes(shard.read_bytes()[:-10])
    with pytest.raises(ValueError, match="checkpoint must be whole, got shards with weights that cannot be read"):
        load(tmp_path / "shards")
    shard.unlink()
    with pytest.raises(ValueError, match=f"checkpoint must be whole, got shards .*: fetch it anew .*{shard.name}"):
        load(tmp_path / "shards")


def test_weights_that_do_not_fit_into_memory_are_not_taken_for_damaged(copied, monkeypatch):
    def full(*_, **__):
        raise RuntimeError("unable to mmap 538090408 bytes from file: Cannot allocate memory (12)")

    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", full)
    with pytest.raises(MemoryError, match="the weights of copy must fit into memory, and did not: end other programs"):
        load(copied("GPT-2"))


def test_an_encoder_without_a_head_is_no_causal_language_model(tmp_path):
    small = {"vocab_size": V, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    transformers.BertModel(transformers.BertConfig(**small, intermediate_size=16)).save_pretrained(tmp_path)
    with pytest.raises(ValueError, match="checkpoint must be a causal language model, got 'bert', which sees"):
        load(tmp_path)


def test_what_is_no_causal_language_model(tmp_path):
    small = {"vocab_size": V, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    bert = transformers.BertConfig(**small, intermediate_size=16)
    transformers.BertForMaskedLM(bert).save_pretrained(tmp_path / "bert")
    with pytest.raises(ValueError, match="checkpoint must be a causal language model, got 'bert'"):
        load(tmp_path / "bert")
    t5 = transformers.T5Config(vocab_size=V, d_model=16, d_kv=8, num_layers=1, num_heads=2, d_ff=16)
    transformers.T5ForConditionalGeneration(t5).save_pretrained(tmp_path / "t5")
    with pytest.raises(ValueError, match="checkpoint must be a"):
        load(tmp_path / "t5")
    mamba = transformers.MambaConfig(vocab_size=V, hidden_size=16, num_hidden_layers=1)
    transformers.MambaForCausalLM(mamba).save_pretrained(tmp_path / "mamba")
    with pytest.raises(ValueError, match="checkpoint must be a transformer that says its shape, got 'mamba' without"):
        load(tmp_path / "mamba")


def test_quantised_weights_are_refused(copied):
    folder = copied("Llama")
    settings = json.loads((folder / "config.json").read_text())
    settings["quantization_config"] = {"quant_method": "gptq", "bits": 4}
    (folder / "config.json").write_text(json.dumps(settings))
    with pytest.raises(ValueError, match="checkpoint must have plain weights, got copy, whose are quantised"):
        load(folder)


def test_where_memory_is_a_window_the_context_is_one(tmp_path):
    config = architectures.CONFIGS["Llama"]().to_dict()
    config = transformers.MistralConfig(**{**config, "sliding_window": 24, "model_type": "mistral", "head_dim": 4})
    transformers.MistralForCausalLM(config).save_pretrained(tmp_path)
    model = load(tmp_path)
    assert model.context == 24
    assert model.write(rows(3), 14, rng()).shape == (3, 14)
    assert model.write(rows(3), 14, rng(), decoder=Beams(2)).shape == (3, 14)


def test_generations_start_from_the_same_weights(folders):
    model = load(folders["Qwen"])
    before = copy.deepcopy(model.network_.state_dict())
    for turn in generations(model, rows(16), n_generations=2):
        assert turn.samples.shape == (16, BLOCK)
    assert all(torch.equal(before[key], value) for key, value in model.network_.state_dict().items())
