"""What the experiment starts from: a pretrained model of the hub or your disk, or one that is trained here and now."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from collapse_lessons import checks, describe
from collapse_lessons.experiments.protocol.knobs import Protocol
from collapse_lessons.experiments.provenance import check_sources
from collapse_lessons.loop import DATA, FIT, stream
from collapse_lessons.models import checkpoints, smollm2
from collapse_lessons.models.language import CausalLM
from collapse_lessons.models.prompts import Given, Own
from collapse_lessons.worlds import corpora, encyclopedia
from collapse_lessons.worlds.encyclopedia import Encyclopedia

OPT = {
    "name": "facebook/opt-125m",
    "revision": "27dcfa74d334bc871f3234de431e71c6eeba5dd6",
    "licence": "OPT-175B licence",
}
SMOLLM2 = {
    "name": "HuggingFaceTB/SmolLM2-135M",
    "revision": "93efa2f097d58c2a74874c7e644dbc9b0cee75a2",
    "licence": "Apache-2.0",
}
MODELS = {source["name"]: source for source in (SMOLLM2, smollm2.HUB, OPT)}


@dataclass(frozen=True)
class Setting:
    """What an experiment starts from: a pretrained model, real text as rows of tokens, and the way to text and back."""

    model: CausalLM
    real: np.ndarray = field(repr=False)
    held_out: np.ndarray = field(repr=False)
    encode: Callable[[str], np.ndarray]
    decode: Callable[[np.ndarray], str]
    sources: Mapping[str, Sequence[Mapping[str, str]]]

    def __post_init__(self):
        checks.instance("model", self.model, CausalLM, "CausalLM.from_checkpoint(folder) returns one")
        for name, rows in (("real", self.real), ("held_out", self.held_out)):
            checks.tokens(name, rows, 2, "(n, block) token ids", self.model.vocabulary, "use the model's tokenizer")
        checks.function("encode", self.encode, "encode(text)", "the tokenizer's", 1)
        checks.function("decode", self.decode, "decode(tokens)", "the tokenizer's", 1)
        remedy = 'such as {"data": [{"name": ..., "revision": ..., "licence": ...}]}'
        named = checks.instance("sources", self.sources, Mapping, remedy)
        if not named or not set(named) <= {"data", "checkpoints"}:
            raise ValueError(f"sources must name data, checkpoints or both, got {checks.shown(list(named))}: {remedy}")
        for name, sources in named.items():
            check_sources(f"sources[{name!r}]", sources)


def pretrained(
    protocol: Protocol,
    model: str | Path = OPT["name"],
    corpus: corpora.Corpus | None = None,
    revision: str | None = None,
    **settings: Any,
) -> Setting:
    """Return the setting of a pretrained model and a corpus, from the hub or from your own disk.

    Parameters
    ----------
    model : str
        A name in the hub, or a folder as the hub has it: weights, shape and tokenizer. `find_smollm2()` is one.
    corpus : Corpus, optional
        By default `wikitext2()`; `read_corpus(path)` reads one of your own.
    revision : str, optional
        In the hub; by default that of `MODELS` where the name is there, else the newest.
    settings : any
        Further fields of `CausalLM`, such as device, precision and rows_at_once.
    """
    checks.instance("protocol", protocol, Protocol, 'PRESETS["paper"] is one')
    folder = checks.path("model", model, "give a folder, or a name in the hub such as HuggingFaceTB/SmolLM2-135M")
    model = str(folder if folder.is_dir() else model)
    corpus = (
        corpora.wikitext2()
        if corpus is None
        else checks.instance("corpus", corpus, corpora.Corpus, "read_corpus(path)")
    )
    if revision is None:
        revision = MODELS.get(model, {}).get("revision")
    else:
        checks.text("revision", revision, "a commit or a branch of the hub, or None")
    try:
        checkpoints.read_config(model, revision)  # what has none is no model: say that, not what else is missing
        tokenizer = _tokenizer(model, revision)
        base = CausalLM.from_checkpoint(model, revision, **settings)
    except OSError as error:
        if folder.is_dir():
            raise
        raise ConnectionError(
            f"model must be in the hub or a folder of your own, got {model!r}, which is not to be had "
            f"({type(error).__name__}): try again with a network, or give the path of a copy"
        ) from None
    if base.context < 2 * protocol.block:
        raise ValueError(
            f"block must be at most {base.context // 2} for {Path(model).name}, which sees {base.context} tokens at "
            f"once and writes a block after a block, got {protocol.block}: take shorter blocks or another model"
        )
    real, validation, held_out = (
        _blocks(part, getattr(corpus, part), tokenizer, protocol.block) for part in corpora.PARTS
    )
    real, validation = share_of(real, protocol.share), share_of(validation, protocol.share)
    sources = {"data": [corpus.source], "checkpoints": [_source(model, base, revision)]}
    encode = partial(corpora.tokens, tokenizer=tokenizer)
    return Setting(follow(protocol, base, real, validation), real, held_out, encode, tokenizer.decode, sources)


def _blocks(part, text, tokenizer, block):
    ids = corpora.tokens(text, tokenizer)
    if len(ids) < block:
        raise ValueError(
            f"corpus must have at least {block} tokens, a block, in each of its parts, got {len(ids)} in the part "
            f"{part}: give more text, or shorter blocks"
        )
    return corpora.blocks(ids, block)


def _tokenizer(model, revision):
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(model, revision=revision, trust_remote_code=False)
    except OSError:
        raise
    except Exception as error:  # each tokenizer has its own way to fail without its file
        tokenizer, why = None, type(error).__name__
    else:  # some come out with nothing but marks instead
        why = "an empty one" if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens) else ""
    if why:
        raise ValueError(
            f"model must come with its tokenizer, tokenizer.json, got {Path(model).name} without one that can be read "
            f"({why}): fetch it anew, or save it into that folder by tokenizer.save_pretrained(folder)"
        )
    return tokenizer


def _source(model, base, revision):
    """Return where a model comes from; a folder may say so itself, in its about.json."""
    about = Path(model) / smollm2.ABOUT
    if about.is_file():
        return json.loads(about.read_text("utf8")) | {"weights_sha256": base.fingerprint()}
    if Path(model).is_dir():
        return {
            "name": Path(model).name,
            "revision": f"weights of sha256 {base.fingerprint()}",
            "licence": "see its source",
        }
    found = revision or getattr(base.network_.config, "_commit_hash", None) or "the newest"
    return MODELS.get(model, {"name": model, "licence": "see its source"}) | {"revision": found}


def pocket(protocol: Protocol, *, n: int = 1000, seed: int = 0, **settings: Any) -> Setting:
    """Return the setting for a laptop: the Tiny Encyclopedia, and a base trained on other articles of it, here and now.

    Parameters
    ----------
    n : int
        Articles the experiment starts from, and twice as many that the base reads.
    settings : any
        Further fields of `CausalLM`.
    """
    checks.instance("protocol", protocol, Protocol, 'PRESETS["laptop"] is one')
    n, seed = checks.whole("n", n, 1, "1000 articles are the lesson's", 100_000), checks.seed(seed)
    world = Encyclopedia()
    base, real, validation, held_out = (
        encyclopedia.stream(world.articles(k, stream(DATA, i, seed))) for i, k in enumerate((2 * n, n, 100, 300))
    )
    model = CausalLM(len(encyclopedia.VOCABULARY), context=2 * protocol.block, **settings)
    model.fit(corpora.blocks(base, 2 * protocol.block), stream(FIT, 0, seed))
    real, validation, held_out = (
        share_of(corpora.blocks(ids, protocol.block), protocol.share) for ids in (real, validation, held_out)
    )
    digest = describe.sha256(real.astype(np.uint16).tobytes())
    source = {"name": "the course's Tiny Encyclopedia", "revision": f"sha256 {digest}", "licence": "MIT"}
    model = follow(protocol, model, real, validation)
    return Setting(model, real, held_out, encyclopedia.encode, encyclopedia.decode, {"data": [source]})


def follow(protocol: Protocol, model: CausalLM, real: np.ndarray, validation: np.ndarray) -> CausalLM:
    """Set how a pretrained model is trained and how it writes, and return it."""
    checks.instance("protocol", protocol, Protocol, 'PRESETS["paper"] is one')
    checks.instance("model", model, CausalLM, "CausalLM.from_checkpoint(folder) returns one")
    for name, rows in (("real", real), ("validation", validation)):
        checks.tokens(name, rows, 2, "(n, block) token ids", model.vocabulary, "use the model's tokenizer")
    model.training, model.decoder = protocol.training, protocol.decoder
    model.validation = validation if protocol.choose_epoch else None
    model.prompt = Given(real, protocol.block) if protocol.real_prompts else Own(protocol.block)
    return model


def share_of(rows: np.ndarray, share: float) -> np.ndarray:
    """Return the first rows, as many as are this share of them and at least one."""
    share = checks.number("share", share, 0, 1, "1 is all of them")
    rows = checks.samples("rows", rows)
    return rows[: max(1, round(share * len(rows)))]
