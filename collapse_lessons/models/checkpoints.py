"""Pretrained networks: any causal language model of `transformers`, taken whole and as it is, or refused.

No code of a repository is ever run, no pickle opened but one whose content is pinned, and no weight that a checkpoint
lacks is made up.
"""

import inspect
from contextlib import contextmanager
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel
from transformers.utils import logging

from collapse_lessons import checks
from collapse_lessons.models import memory

SHAPE = {  # our names, and those by which a config of `transformers` has them, whatever the architecture
    "vocabulary": "vocab_size",
    "width": "hidden_size",
    "layers": "num_hidden_layers",
    "heads": "num_attention_heads",
}
# The hub has these weights as a pickle alone. A commit fixes what is in it, and nothing but tensors is read from it.
PINNED_PICKLES = {("facebook/opt-125m", "27dcfa74d334bc871f3234de431e71c6eeba5dd6")}
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")


def shape(config: PreTrainedConfig) -> dict[str, int]:
    """Return vocabulary, context, width, layers and heads of a config."""
    checks.instance("config", config, PreTrainedConfig, "read_config(folder) returns one")
    found = {ours: getattr(config, theirs, None) for ours, theirs in SHAPE.items()}
    # The most tokens at once: where a network looks back over a window of fewer, its memory holds no more.
    limits = (getattr(config, name, None) for name in ("max_position_embeddings", "sliding_window"))
    found["context"] = min((limit for limit in limits if limit), default=None)
    missing = [name for name, value in found.items() if value is None]
    if missing:
        raise ValueError(
            f"checkpoint must be a transformer that says its shape, got {config.model_type!r} without "
            f"{', '.join(missing)}: take another model, such as GPT-2, Pythia, OPT, Llama or Qwen"
        )
    return found


def set_dropout(config: PreTrainedConfig, share: float) -> None:
    """Let a config leave out a share of activations wherever its architecture has a dropout."""
    checks.instance("config", config, PreTrainedConfig, "read_config(folder) returns one")
    share = checks.number("share", share, 0, 0.99, "0 leaves nothing out")
    for name, value in vars(config).items():
        if name.endswith(("dropout", "pdrop")) and isinstance(value, int | float):
            setattr(config, name, share)


def read_config(folder: str | Path, revision: str | None = None) -> PreTrainedConfig:
    """Return the config of a checkpoint: a folder, or a name in the hub."""
    path = checks.path("folder", folder, "give a folder, or a name in the hub such as HuggingFaceTB/SmolLM2-135M")
    if revision is not None:
        checks.text("revision", revision, "a commit or a branch of the hub, or None")
    if path.is_dir() and not (path / "config.json").is_file():
        raise FileNotFoundError(
            f"folder must hold a model as the hub has it, got {path.name} without config.json: fetch the model anew"
        )
    try:
        return AutoConfig.from_pretrained(path if path.is_dir() else folder, revision=revision, trust_remote_code=False)
    except OSError as error:
        if path.is_dir():
            raise ValueError(
                f"checkpoint must be whole, got {path.name} with a config.json that cannot be read: fetch it anew "
                f"({_first_line(error)})"
            ) from None
        raise _not_there(folder, error) from None
    except ValueError as error:  # an architecture that only code of its own repository knows, or a damaged file
        raise ValueError(
            f"checkpoint must be of an architecture that transformers has, got {path.name}: take another model; code "
            f"that comes with one is never run ({_first_line(error)})"
        ) from None


def read_network(
    folder: str | Path, config: PreTrainedConfig, revision: str | None = None, device: str = "cpu"
) -> PreTrainedModel:
    """Return the network of a checkpoint with its own weights, all of them and no others, in single precision."""
    path = checks.path("folder", folder, "give a folder, or a name in the hub such as HuggingFaceTB/SmolLM2-135M")
    checks.instance("config", config, PreTrainedConfig, "read_config(folder) returns one")
    if revision is not None:
        checks.text("revision", revision, "a commit or a branch of the hub, or None")
    if path.is_dir() and not list(path.glob("*.safetensors")):
        pickles = [file.name for pattern in PICKLES for file in path.glob(pattern)]
        raise (
            _pickled(folder, pickles[0])
            if pickles
            else FileNotFoundError(
                f"folder must hold weights, model.safetensors, got {path.name} without: fetch the model anew"
            )
        )
    if getattr(config, "quantization_config", None):
        raise ValueError(
            f"checkpoint must have plain weights, got {path.name}, whose are quantised: take the same model in full"
        )
    with quiet():
        try:
            network, report = AutoModelForCausalLM.from_pretrained(
                path if path.is_dir() else folder,
                config=config,
                revision=revision,
                dtype=torch.float32,
                use_safetensors=None if (str(folder), revision) in PINNED_PICKLES else True,
                trust_remote_code=False,
                ignore_mismatched_sizes=True,  # so that the report names them
                output_loading_info=True,
            )
        except ValueError as error:
            raise ValueError(
                f"checkpoint must be a causal language model, got {config.model_type!r}: take one that writes text, "
                f"such as GPT-2, Pythia, OPT, Llama or Qwen ({_first_line(error)})"
            ) from None
        except OSError as error:
            if path.is_dir():  # a part of the weights is not there
                raise _not_whole(path, error) from None
            if "safetensors" in str(error):
                raise _pickled(folder, "no safetensors") from None
            raise _not_there(folder, error) from None
        except Exception as error:  # safetensors has an error of its own for a file that is cut off
            raise _not_whole(path, error) from None
    network = network.to(device).eval()
    if not _looks_back_only(network):  # before its weights: an encoder lacks those of a head that it never had
        raise ValueError(
            f"checkpoint must be a causal language model, got {config.model_type!r}, which sees the tokens to come: "
            "take one that writes text, such as GPT-2, Pythia, OPT, Llama or Qwen"
        )
    for what, keys in (
        ("without", report["missing_keys"]),
        ("with superfluous", report["unexpected_keys"]),
        ("with misshapen", [key if isinstance(key, str) else key[0] for key in report["mismatched_keys"]]),
    ):
        if keys:
            some = ", ".join(sorted(keys)[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
            raise ValueError(
                f"checkpoint must hold the weights of its config.json, {config.model_type}, and no others, got "
                f"{path.name} {what} {some}: fetch it anew, or give the config that belongs to it"
            )
    return network


def write_network(network: PreTrainedModel, folder: str | Path) -> None:
    """Write a network and its config into a folder, whichever of several processes this is.

    `transformers` writes in process 0 alone, as if all had the same network; here each has a chain of its own.
    """
    network.should_save_on_this_rank = lambda is_main_process: True
    try:
        with quiet():
            network.save_pretrained(folder)
    finally:
        del network.should_save_on_this_rank


@torch.inference_mode()
def _looks_back_only(network):
    """Return whether the first token's logits are the same whatever comes second."""
    first, second = (
        network(torch.tensor([[0, token]], device=network.device), use_cache=False).logits[0, 0] for token in (0, 1)
    )
    return torch.equal(first, second) or torch.allclose(first, second, rtol=1e-4, atol=1e-4, equal_nan=True)


def memory_argument(network: torch.nn.Module) -> str:
    """Return the name by which a network takes its memory of past tokens: it differs between versions."""
    if not callable(getattr(network, "forward", None)):
        raise TypeError(f"network must be a network of torch, got {checks.shown(network)}: pass model.network_")
    return "cache" if "cache" in inspect.signature(network.forward).parameters else "past_key_values"


@contextmanager
def quiet():
    """Hold back the progress bars and reports of `transformers`: what matters is checked and raised."""
    shown, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()


def _not_there(folder, error):
    return FileNotFoundError(
        f"folder must be one with a model in it, or the name of one in the hub, got {checks.shown(str(folder))}, which "
        f"is not to be had: try again with a network, or give the path of a copy ({_first_line(error)})"
    )


def _not_whole(path, error):
    if memory.ran_out(error):
        return MemoryError(
            f"the weights of {path.name} must fit into memory, and did not: end other programs, or take a smaller model"
        )
    return ValueError(
        f"checkpoint must be whole, got {path.name} with weights that cannot be read: fetch it anew "
        f"({_first_line(error)})"
    )


def _pickled(folder, found):
    return ValueError(
        f"checkpoint must have its weights as safetensors, got {Path(folder).name} with {found}: a pickle can run "
        "code when it is opened. If you trust its source, convert it once: "
        "transformers.AutoModelForCausalLM.from_pretrained(it).save_pretrained(new_folder)"
    )


def _first_line(error):
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
