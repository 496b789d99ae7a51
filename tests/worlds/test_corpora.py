"""Real text: as the hub has it, plain or packed; a tokenizer that loses nothing; what is said when text is missing."""

import lzma

import numpy as np
import pandas as pd
import pytest

transformers = pytest.importorskip("transformers")
pytest.importorskip("pyarrow")

from huggingface_hub import constants  # noqa: E402

import hub  # noqa: E402
from collapse_lessons.worlds import corpora  # noqa: E402

TEXT = "A line of text.\n" * 100


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "cache"


# --- where it is read from -------------------------------------------------------------------------------------------


def test_wikitext_comes_from_the_hub_at_the_pinned_revision(cache):
    hub.fill_cache(cache)
    corpus = corpora.wikitext2()
    assert (corpus.train, corpus.validation, corpus.test) == (hub.text(80, 0), hub.text(30, 1), hub.text(30, 2))
    assert corpus.source == corpora.WIKITEXT


def test_without_a_network_it_says_what_is_missing(cache):
    with pytest.raises(ConnectionError, match=r"Salesforce/wikitext, and did not.*give the path of a copy"):
        corpora.wikitext2()


@pytest.mark.parametrize("where", ["as in the hub", "flat", "plain", "packed"])
def test_a_copy_of_your_own(where, tmp_path):
    if where == "as in the hub":
        folder = hub.save_corpus(tmp_path)
    elif where == "flat":
        folder = hub.save_corpus(tmp_path) / "wikitext-2-raw-v1"
    else:
        folder = tmp_path
        for name, seed, n in (("train", 0, 80), ("valid", 1, 30), ("test", 2, 30)):
            content = hub.text(n, seed).encode()
            if where == "plain":
                (folder / f"{name}.txt").write_bytes(content)
            else:
                (folder / f"{name}.txt.xz").write_bytes(lzma.compress(content))
    corpus = corpora.read_corpus(folder)
    assert (corpus.train, corpus.validation, corpus.test) == (hub.text(80, 0), hub.text(30, 1), hub.text(30, 2))
    assert corpus.source["revision"].startswith("sha256 ")


def test_one_file_is_cut_in_three(tmp_path):
    (tmp_path / "book.txt").write_text(TEXT, encoding="utf8")
    corpus = corpora.read_corpus(tmp_path / "book.txt")
    assert corpus.train + corpus.validation + corpus.test == TEXT
    assert [len(part) // len("A line of text.\n") for part in (corpus.train, corpus.validation)] == [91, 5]
    assert corpus.train.endswith(".\n"), "cut between lines"


def test_without_a_test_part_the_validation_part_is_halved(tmp_path):
    hub.save_corpus(tmp_path, corpora.PARTS[:2])
    corpus = corpora.read_corpus(tmp_path)
    assert corpus.validation + corpus.test == hub.text(30, 1)
    assert abs(len(corpus.validation) - len(corpus.test)) < 300


def test_the_word_level_edition_as_it_was_written():
    text = (
        " = A heading = \n\n"
        ' The ship , of 1 @,@ 200 @-@ odd tons ( and " well built " ) , sailed . The <unk> did not . It \'s gone ! \n'
        ' " One half of a quotation . The other half . " \n'
        " The crew 's pay was $ 3 @.@ 50 ; who knows why ? \n"
    )
    corpus = corpora.as_written(corpora.Corpus(text, text, text, {"name": "mine", "revision": "1", "licence": "MIT"}))
    assert corpus.train == (
        'The ship, of 1,200-odd tons (and "well built"), sailed. It\'s gone!\n'
        "The crew's pay was $3.50; who knows why?\n"
    )
    assert corpus.source["name"].startswith("mine, its spacing undone")
    assert corpus.source["revision"] == "1"
    with pytest.raises(ValueError, match="in its part validation, got none: use it as it is"):
        corpora.as_written(corpora.Corpus(text, "The <unk> .", text, corpus.source))


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_tokenizer_loses_nothing_and_is_as_the_hub_has_them(tmp_path):
    tokenizer = corpora.train_tokenizer(hub.text(200), 400)
    strange = "Naïve “quotes” — 漢字, \t tabs,\n\n and </s> itself?\n"
    for text in (hub.text(20, 1), strange.replace("</s>", "<s>")):
        ids = corpora.tokens(text, tokenizer)
        assert tokenizer.decode(ids) == text
        assert ids.min() > 0, "0 is </s>"
    assert len(tokenizer) == 400
    tokenizer.save_pretrained(tmp_path)
    again = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert np.array_equal(corpora.tokens(strange, again), corpora.tokens(strange, tokenizer))
    assert len(corpora.tokens(hub.text(50, 3), tokenizer)) < 0.5 * len(hub.text(50, 3)), "a token is more than a letter"


def test_blocks_are_the_text_without_its_end():
    ids = np.arange(23)
    assert np.array_equal(corpora.blocks(ids, 5).ravel(), ids[:20])


# --- bad input -------------------------------------------------------------------------------------------------------


def test_bad_input(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"must have a part train with text in it, got none: put train.txt there"
    ):
        corpora.read_corpus(tmp_path)
    (tmp_path / "empty.txt").write_text(" \n")
    with pytest.raises(ValueError, match=r"empty.txt must hold text, got an empty file: give a text file, or"):
        corpora.read_corpus(tmp_path / "empty.txt")
    (tmp_path / "train.txt").write_text(TEXT, encoding="utf8")
    with pytest.raises(FileNotFoundError, match="must have a part validation"):
        corpora.read_corpus(tmp_path)
    (tmp_path / "valid.txt").write_bytes("é".encode("latin1") * 9)
    with pytest.raises(ValueError, match=r"valid.txt must be text in UTF-8"):
        corpora.read_corpus(tmp_path)
    (tmp_path / "valid.txt").rename(tmp_path / "valid.txt.xz")
    with pytest.raises(ValueError, match=r"valid.txt.xz must be packed by xz, got other bytes .*: pack it anew"):
        corpora.read_corpus(tmp_path)
    with pytest.raises(ValueError, match="vocabulary must be a whole number of at least 257"):
        corpora.train_tokenizer(TEXT, 100)
    with pytest.raises(ValueError, match="block must be at most the text's 3 tokens, got 64: give more text"):
        corpora.blocks(np.arange(3), 64)


# --- where a text is cut ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "A short line.\n" + "A last line that is longer than a tenth of the file. " * 9,
        "A short line.\n" + "A last line that is longer than a tenth of the file. " * 9 + "\n",
        "One paragraph and nothing else, as some files of words are.",
        "two words",
    ],
)
def test_a_last_line_longer_than_a_tenth_is_cut_between_words(tmp_path, text):
    (tmp_path / "own.txt").write_text(text, encoding="utf8")
    corpus = corpora.read_corpus(tmp_path / "own.txt")
    assert corpus.train + corpus.validation + corpus.test == text
    assert corpus.train.strip()
    assert (corpus.validation + corpus.test).strip()
    assert corpus.train[-1].isspace(), "no word is cut in two"


def test_a_valid_txt_of_one_paragraph_is_cut_in_two(tmp_path):
    (tmp_path / "train.txt").write_text(hub.text(30), encoding="utf8")
    (tmp_path / "valid.txt").write_text("One paragraph of a few words and no more", encoding="utf8")
    corpus = corpora.read_corpus(tmp_path)
    assert corpus.validation.strip()
    assert corpus.test.strip()
    tokenizer = corpora.train_tokenizer(corpus.train, 300)
    for part in (corpus.validation, corpus.test):
        assert tokenizer.decode(corpora.tokens(part, tokenizer)) == part


@pytest.mark.parametrize("written", ["{}", "\ufeff{}"])
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_a_text_is_the_same_on_whichever_system_it_was_written(tmp_path, written, end):
    (tmp_path / "own.txt").write_bytes(written.format(TEXT).replace("\n", end).encode())
    corpus = corpora.read_corpus(tmp_path / "own.txt")
    assert corpus.train + corpus.validation + corpus.test == TEXT


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_another_encoding_is_not_taken_for_utf_8(tmp_path, encoding):
    (tmp_path / "own.txt").write_bytes(TEXT.encode(encoding))
    with pytest.raises(ValueError, match=r"own.txt must be text in UTF-8, got other bytes: save it as UTF-8"):
        corpora.read_corpus(tmp_path / "own.txt")


@pytest.mark.parametrize(
    "content", [b"PAR1", b"version https://git-lfs.github.com/spec/v1\n", {"words": ["a"]}, {"text": ["a", None]}]
)
def test_a_parquet_file_of_something_else_is_named(tmp_path, content):
    hub.save_corpus(tmp_path)
    spoilt = tmp_path / corpora.IN_THE_HUB.format(part="train")
    spoilt.write_bytes(content if isinstance(content, bytes) else pd.DataFrame(content).to_parquet())
    with pytest.raises(ValueError, match=f"{spoilt.name} must be a Parquet file with a column text of strings, got "):
        corpora.read_corpus(tmp_path)


def test_a_text_of_nothing_has_no_tokens(tmp_path):
    tokenizer = corpora.train_tokenizer(hub.text(30), 300)
    assert corpora.tokens("", tokenizer).shape == (0,)
    with pytest.raises(ValueError, match="block must be at most the text's 0 tokens, got 8: give more text"):
        corpora.blocks(corpora.tokens("", tokenizer), 8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: corpora.read_corpus(3), "path must be a path, got 3"),
        (lambda: corpora.read_corpus(""), "path must be a path, got ''"),
        (
            lambda: corpora.read_corpus("nowhere"),
            "path must be that of a corpus, got 'nowhere', where nothing is: give",
        ),
        (lambda: corpora.as_written("text"), "corpus must be a Corpus, got 'text'"),
        (lambda: corpora.train_tokenizer(None, 300), "text must be a string, got None"),
        (lambda: corpora.train_tokenizer("text", 300.5), "vocabulary must be a whole number"),
        (lambda: corpora.tokens(3, len), "text must be a string, got 3"),
        (lambda: corpora.tokens("text", None), "tokenizer must be one of transformers, got None"),
        (lambda: corpora.blocks(["a", "b"], 1), r"ids must be an array of shape \(n_tokens,\) integers"),
        (lambda: corpora.blocks(np.zeros(9), 3), "ids must hold integers"),
        (lambda: corpora.Corpus("a", None, "c", {}), "validation must be a string, got None"),
        (lambda: corpora.Corpus("a", "b", "c", "mine"), "source must be a Mapping, got 'mine'"),
    ],
)
def test_wrong_kinds_are_named(call, message):
    with pytest.raises((TypeError, ValueError, FileNotFoundError), match=f"^{message}"):
        call()
