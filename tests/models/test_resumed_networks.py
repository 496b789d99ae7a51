"""Networks, with every setting of theirs, go on from files as if they had not been stopped."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import architectures  # noqa: E402
from collapse_lessons.defences.watermark import GreenList  # noqa: E402
from collapse_lessons.defences.watermarked import Watermarked  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling  # noqa: E402
from collapse_lessons.models.diffusion import Flow  # noqa: E402
from collapse_lessons.models.language import CausalLM  # noqa: E402
from collapse_lessons.models.prompts import Given, Own  # noqa: E402
from collapse_lessons.models.training import Training  # noqa: E402
from collapse_lessons.models.vae import VAE, bernoulli  # noqa: E402
from collapse_lessons.worlds.images import labelled  # noqa: E402
from resumed import check_goes_on  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")
WORDS = 9
ROWS = np.random.default_rng(0).integers(1, WORDS, size=(12, 8))
ROWS[:, 5:] = np.where(np.arange(12)[:, None] % 3, ROWS[:, 5:], 0)  # some texts end early
GREY = np.random.default_rng(1).random((12, 8, 8))


SETTINGS = {
    "nothing of its own": {},
    "dropout": {"dropout": 0.2},
    "an end": {"end": 0},
    "an end and dropout": {"end": 0, "dropout": 0.2},
    "prompts of its own": {"prompt": Own(3)},
    "given prompts": {"prompt": Given(ROWS, 2), "end": 0},
    "validation": {"validation": ROWS[:4], "training": Training(3, 0.5, 4)},
    "training": {"training": Training(2, 1e-3, 5)},
    "a decoder": {"decoder": Sampling(temperature=0.8, top_k=7, top_p=0.9, repetition_penalty=1.2)},
    "beams": {"decoder": Beams(3, 1.5), "prompt": Own(3)},
    "a watermark": {"decoder": Watermarked(Sampling(), GreenList(WORDS, end=0)), "end": 0},
    "few rows at once": {"rows_at_once": 3},
    "bfloat16": {"precision": torch.bfloat16},
    "written in bfloat16": {"writing": torch.bfloat16, "dropout": 0.2},
    "another shape": {"context": 20, "width": 12, "layers": 2, "heads": 3},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_language_model_goes_on_from_its_files_as_from_memory(name, tmp_path):
    settings = {"context": 16, "width": 8, "layers": 1, "heads": 2, "first": Training(1), "training": Training(1)}
    rows = ROWS.astype(np.uint8) if "prompt" in name else ROWS  # of narrow tokens too
    check_goes_on(tmp_path, CausalLM(WORDS, **(settings | SETTINGS[name])), rows, warm_start=True)


@pytest.mark.parametrize("dropout", [None, 0.3])
@pytest.mark.parametrize("name", architectures.CONFIGS)
def test_a_base_of_any_architecture_goes_on_from_its_files_as_from_memory(name, dropout, tmp_path):
    base = architectures.save(name, tmp_path / "base")
    model = CausalLM.from_checkpoint(base, training=Training(1, 1e-3, 8), prompt=Own(4), dropout=dropout)
    check_goes_on(tmp_path / "run", model, ROWS, warm_start=True)


PICTURES = {
    "VAE": (VAE(latent=2, width=16, training_steps=3, batch=4), GREY),
    "VAE, another likelihood": (
        VAE(bernoulli, latent=2, width=16, beta=2.0, training_steps=3, temperature=0.8),
        GREY.astype(np.float32),
    ),
    "Flow": (Flow(training_steps=3, steps=2, batch=4), GREY),
    "Flow, guided, of labelled pictures": (
        Flow(training_steps=3, steps=2, temperature=0.8, guidance=2.0),
        labelled(GREY, np.arange(12) % 3),
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_model_of_pictures_goes_on_as_if_it_had_not_been_stopped(name, tmp_path):
    check_goes_on(tmp_path, *PICTURES[name])
