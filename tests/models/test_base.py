"""The small base that the course carries: it loads without a network, and it has learned English."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from collapse_lessons import metrics
from collapse_lessons.experiments import protocol
from collapse_lessons.worlds import corpora, datasets

FOLDER = datasets.data_path("base/config.json").parent
SENTENCES = (
    "The old man sat down by the fire and told them of the days when he was young.",
    "She opened the letter, read it twice, and put it back on the table without a word.",
    "In the morning the ship left the harbour with forty men on board.",
    "It was a cold night, and the wind blew from the north.",
    "He did not know whether he should laugh at her or be angry.",
)


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    text = tmp_path_factory.mktemp("text") / "my_text.txt"
    text.write_text("\n".join(SENTENCES * 60), encoding="utf8")
    return protocol.pretrained(protocol.PRESETS["laptop"], str(FOLDER), corpora.read_corpus(text))


def test_a_sentence_is_far_likelier_than_its_words_in_another_order(setting):
    rng = np.random.default_rng(0)
    for sentence in SENTENCES:
        shuffled = " ".join(rng.permutation(sentence.split()))
        plain, mixed = (
            metrics.text.perplexity(setting.model, setting.encode(text)[None]) for text in (sentence, shuffled)
        )
        assert plain < 200
        assert mixed > 5 * plain


def test_it_is_small_and_says_how_it_was_made():
    files = list(FOLDER.iterdir())
    assert sum(path.stat().st_size for path in files) < 10e6
    about = json.loads((FOLDER / "about.json").read_text("utf8"))
    assert about["read"] == "10000000 tokens of books.txt.xz"
    assert about["revision"].startswith("python scripts/record_llm.py ")
    assert 3e6 < about["weights"] < 5e6
