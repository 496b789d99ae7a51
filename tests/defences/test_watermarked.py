"""The watermark in a transformer's decoder: exactly the logits it says, whatever the decoder inside."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons.defences.watermark import GreenList  # noqa: E402
from collapse_lessons.defences.watermarked import Watermarked  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling  # noqa: E402
from collapse_lessons.models.language import CausalLM  # noqa: E402
from collapse_lessons.models.training import Training  # noqa: E402

V, BLOCK = 12, 10


@pytest.fixture(scope="module")
def model():
    """A network trained for a moment on random tokens: it finds nearly everything equally likely."""
    rows = np.random.default_rng(0).integers(V, size=(200, BLOCK))
    return CausalLM(V, context=BLOCK, width=16, heads=2, first=Training(2, 3e-3, 32)).fit(
        rows, np.random.default_rng(0)
    )


def write(model, decoder, n=400, length=8, seed=0):
    prompts = np.tile([[1, 2]], (n, 1))
    return model.write(prompts, length, np.random.default_rng(seed), decoder)


def test_the_next_word_has_the_odds_it_should(model):
    mark = GreenList(V, strength=1.5)
    drawn = write(model, Watermarked(Sampling(), mark), n=20_000, length=1)[:, 0]
    with torch.inference_mode():
        logits = model.network_(torch.tensor([[1, 2]])).logits[0, -1].numpy()
    p = np.exp(logits + 1.5 * mark.table[2, :V])
    p /= p.sum()
    share = np.bincount(drawn, minlength=V) / len(drawn)
    assert (np.abs(share - p) < 6 * np.sqrt(p * (1 - p) / len(drawn))).all()
    plain = np.exp(logits) / np.exp(logits).sum()
    assert (np.abs(share - plain) > 6 * np.sqrt(plain * (1 - plain) / len(drawn))).any()


def test_strength_0_is_the_decoder_itself(model):
    mark = GreenList(V, strength=0)
    for decoder in (Sampling(), Sampling(temperature=0.7, top_p=0.9), Beams(3)):
        assert (write(model, decoder, n=6) == write(model, Watermarked(decoder, mark), n=6)).all()


def test_a_strong_mark_leaves_green_words_alone(model):
    mark = GreenList(V, strength=60)
    for decoder in (Sampling(), Beams(3)):
        rows = np.concatenate([np.full((20, 1), 2), write(model, Watermarked(decoder, mark), n=20)], axis=1)
        assert mark.table[rows[:, :-1], rows[:, 1:]].all()


def test_the_mark_is_found(model):
    mark = GreenList(V, strength=3)
    marked = write(model, Watermarked(Sampling(), mark)).reshape(-1, 40)
    plain = write(model, Sampling()).reshape(-1, 40)
    assert mark.z(marked).mean() > mark.z(plain).mean() + 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: Watermarked(None, GreenList(V)), r"decoder must be a function such as Sampling\(\) .* got None"),
        (
            lambda model: write(model, Watermarked(Sampling(), GreenList(5))),
            "vocabulary must be the network's, 12, got 5: match",
        ),
    ],
)
def test_bad_input(call, message, model):
    with pytest.raises((ValueError, TypeError), match=f"^{message}"):
        call(model)
