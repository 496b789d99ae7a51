"""Real text: WikiText-2 from the hub, or text of your own disk in the hub's format or plain."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from collapse_lessons import checks, describe

WIKITEXT = {
    "name": "Salesforce/wikitext",
    "revision": "b08601e04326c79dfdd32d625aee71d232d685c3",
    "licence": "CC BY-SA 3.0 and GFDL",
}
PARTS = ("train", "validation", "test")
IN_THE_HUB = "wikitext-2-raw-v1/{part}-00000-of-00001.parquet"
PLAIN = {"train": ("train",), "validation": ("validation", "valid"), "test": ("test",)}  # NAME.txt, or NAME.txt.xz


@dataclass(frozen=True)
class Corpus:
    """Three parts of a text, and where it comes from: its name, revision and licence."""

    train: str = field(repr=False)
    validation: str = field(repr=False)
    test: str = field(repr=False)
    source: Mapping[str, str]

    def __post_init__(self):
        for part in PARTS:
            checks.text(part, getattr(self, part), "read_corpus(path) reads one")
        checks.instance("source", self.source, Mapping, "say name, revision and licence")
        for what in ("name", "revision", "licence"):
            checks.text(f"source[{what!r}]", self.source.get(what), "say name, revision and licence")


def wikitext2() -> Corpus:
    """Return WikiText-2 (raw; Merity et al. 2017) from the Hugging Face hub, 8 MB to fetch, once."""
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    texts = []
    for part in PARTS:
        name = IN_THE_HUB.format(part=part)
        try:
            path = hf_hub_download(WIKITEXT["name"], name, repo_type="dataset", revision=WIKITEXT["revision"])
        except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
            raise ConnectionError(
                f"WikiText-2 must come from the hub, {WIKITEXT['name']}, and did not ({type(error).__name__}): try "
                "again with a network, or give the path of a copy, as the hub has it or as plain text"
            ) from None
        texts.append(_parquet(path))
    return Corpus(*texts, WIKITEXT)


def read_corpus(path: str | Path) -> Corpus:
    """Return the text at a path of your own.

    Parameters
    ----------
    path : path
        A folder as the hub has it (`wikitext-2-raw-v1/train-00000-of-00001.parquet`, ...), a folder of `train.txt`,
        `valid.txt` and `test.txt`, or one text file, whose last tenth is held out. Any text file may be packed: `.xz`.
        Where no test part is there, the second half of the validation part is it. Lines end as on Unix, wherever a
        text file was written.
    """
    remedy = "give a text file, or a folder of train.txt, valid.txt and test.txt"
    path = checks.path("path", path, remedy)
    if not path.exists():
        raise FileNotFoundError(
            f"path must be that of a corpus, got {checks.shown(str(path))}, where nothing is: {remedy}"
        )
    if path.is_file():
        text = _plain(path)
        if not text.strip():
            raise ValueError(f"{path.name} must hold text, got an empty file: {remedy}")
        cut = _cut_near(text, 0.9)
        parts = {"train": text[:cut], "validation": text[cut:]}
    else:
        parts = {part: text for part in PARTS if (text := _part(path, part)) is not None}
    for part in PARTS[:2]:
        if not parts.get(part, "").strip():
            raise FileNotFoundError(
                f"the corpus {path.name} must have a part {part} with text in it, got none: put {part}.txt there, or "
                f"{IN_THE_HUB.format(part=part)}"
            )
    if "test" not in parts:
        text = parts["validation"]
        cut = _cut_near(text, 0.5)
        parts |= {"validation": text[:cut], "test": text[cut:]}
    digest = describe.sha256("".join(parts[part] for part in PARTS).encode())
    return Corpus(**parts, source={"name": path.name, "revision": f"sha256 {digest}", "licence": "see its source"})


def as_written(corpus: Corpus) -> Corpus:
    """Return a corpus in the word-level edition of WikiText (Merity et al. 2017) as its sentences were written.

    That edition has spaces around every mark, `@-@` for a hyphen, and `<unk>` for every rare word. Headings are left
    out, and so are sentences with `<unk>` or half a quotation: of WikiText-2 a quarter stays.
    """
    checks.instance("corpus", corpus, Corpus, "read_corpus(path) returns one")
    parts = {part: "".join(map(_as_written, getattr(corpus, part).splitlines())) for part in PARTS}
    for part, text in parts.items():
        if not text:
            raise ValueError(
                f"corpus must have a whole sentence without <unk> in its part {part}, got none: use it as it is"
            )
    name = f"{corpus.source['name']}, its spacing undone, without headings and sentences with <unk>"
    return Corpus(**parts, source={**corpus.source, "name": name})


def _as_written(line):
    """Return what stays of a line, a paragraph, with its line break; nothing if nothing does."""
    line = line.strip()
    sentences = [] if line.startswith("= ") else re.split(r'(?<= [.?!]) (?=(?:[("] )?[A-Z])', line)
    text = " ".join(s for s in sentences if s and "<unk>" not in s and s.count('"') % 2 == 0)
    for spaced, written in (
        (r" @(\W)@ ", r"\1"),
        (r'" ([^"]*) "', r'"\1"'),
        (r" (?=[,.;:?!%)\]])", ""),
        (r"(?<=[(\[$£]) ", ""),
        (r" (?='(s|t|re|ve|ll|d|m)\b)", ""),
    ):
        text = re.sub(spaced, written, text)
    return text + "\n" if text else ""


def train_tokenizer(text: str, vocabulary: int):
    """Return a tokenizer that learns its tokens from a text: byte pairs (Sennrich et al. 2016; Radford et al. 2019).

    Token 0 is `</s>`, which no text contains. `save_pretrained(folder)` writes it as the hub has it.

    Parameters
    ----------
    vocabulary : int
        How many tokens there will be, at least 257: `</s>` and every byte.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    checks.text("text", text, "give what the tokens are learned from")
    vocabulary = checks.whole("vocabulary", vocabulary, 257, "</s> and 256 bytes at the least; 50,272 are OPT's")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=["</s>"], initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>")


def tokens(text: str, tokenizer) -> np.ndarray:
    """Return the token ids of a text, one after another, shape (n_tokens,), without marks of beginning or end."""
    lines = checks.text("text", text, "give what is to be cut into tokens").splitlines(keepends=True)
    try:
        # verbose would warn of lines longer than a model sees at once: it sees blocks of them
        cut = tokenizer(lines or ["a"], add_special_tokens=False, verbose=False)["input_ids"][: len(lines)]
        return np.array([token for line in cut for token in line], dtype=np.int64)
    except Exception as error:
        raise TypeError(
            f"tokenizer must be one of transformers, got {checks.shown(tokenizer)}: AutoTokenizer loads one ({error})"
        ) from error


def blocks(ids: np.ndarray, block: int) -> np.ndarray:
    """Cut token ids into rows, shape (n, block), dropping what is left over; `rows.ravel()` joins them."""
    block = checks.whole("block", block, 1, "64 is the Nature paper's")
    if not isinstance(ids, np.ndarray) or ids.shape != (0,):  # an empty text has a length too, which is told below
        ids = checks.tokens("ids", ids, 1, "(n_tokens,) integers", checks.MOST, "tokens(text, tokenizer) makes them")
    if len(ids) < block:
        raise ValueError(f"block must be at most the text's {len(ids)} tokens, got {block}: give more text")
    return ids[: len(ids) // block * block].reshape(-1, block)


def _part(folder, part):
    """Return one part of the corpus in a folder, or None where it is not."""
    name = IN_THE_HUB.format(part=part)
    for path in (folder / name, folder / Path(name).name):
        if path.is_file():
            return _parquet(path)
    for stem in PLAIN[part]:
        for path in (folder / f"{stem}.txt", folder / f"{stem}.txt.xz"):
            if path.is_file():
                return _plain(path)
    return None


def _parquet(path):
    try:
        return "".join(pd.read_parquet(path, columns=["text"])["text"])
    except Exception as error:  # pyarrow has a class for each way in which it can't be read
        what = " ".join(str(error).split())
        raise ValueError(
            f"{path.name} must be a Parquet file with a column text of strings, got none ({what:.80}): fetch it anew"
        ) from error


def _plain(path):
    import lzma  # a browser's Python comes without it

    content = path.read_bytes()
    try:
        content = lzma.decompress(content) if path.suffix == ".xz" else content
    except lzma.LZMAError as error:
        raise ValueError(f"{path.name} must be packed by xz, got other bytes ({error}): pack it anew") from None
    try:
        text = content.decode("utf-8-sig")  # Windows marks the beginning
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # English in UTF-16 passes for UTF-8
        raise ValueError(f"{path.name} must be text in UTF-8, got other bytes: save it as UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cut_near(text, share):
    """Return where to cut a text in two near a share of it: where a line begins after that, else where a word does.

    There is text on both sides, if there are two words.
    """
    after = int(share * len(text))
    for mark in ("\n", " "):
        cut = text.find(mark, after) + 1
        if cut and text[cut:].strip():
            return cut
    return text.rstrip().rfind(" ", 0, after) + 1 or after
