"""Articles as tokens, a word each, and back."""

import numpy as np

from collapse_lessons import checks
from collapse_lessons.worlds import corpora
from collapse_lessons.worlds.encyclopedia.grammar import FACTS, GRAMMAR, NAMES, SLOT, WORD

END = 0  # the token between articles, a line break


def _vocabulary():
    grammar = " ".join(form for _, forms in GRAMMAR.values() for form in forms)
    facts = " ".join(value for values in FACTS.values() for value in values)
    words = {word for word in WORD.findall(f"{SLOT.sub('', grammar)} {facts}") if word not in ".,"}
    assert not words & {*NAMES["adjective"], *NAMES["noun"]}, "a word of a name must mean nothing else"
    return ("\n", ".", ",", *NAMES["adjective"], *NAMES["noun"], *sorted(words, key=lambda w: (w.lower(), w)))


VOCABULARY = _vocabulary()
ID = {word: i for i, word in enumerate(VOCABULARY)}
_WORDS = np.array(VOCABULARY, dtype=object)


def encode(text: str) -> np.ndarray:
    """Return the word tokens of a text, shape (n_tokens,) integers: words, full stops, commas and line breaks."""
    words = WORD.findall(checks.text("text", text, "for many articles use stream or pages"))
    unknown = sorted(set(words) - ID.keys())
    if unknown or WORD.sub("", text).strip(" "):
        strange = unknown or [WORD.sub("", text).strip()]
        raise ValueError(
            f"text must consist of words in VOCABULARY, got {', '.join(map(checks.shown, strange[:5]))}: reword it"
        )
    return np.array([ID[word] for word in words], dtype=np.int64)


def decode(ids: np.ndarray) -> str:
    """Return the text of one row or stream of tokens, shape (n_tokens,)."""
    text = " ".join(_WORDS[check_tokens("ids", ids, 1)])
    for space, none in ((" .", "."), (" ,", ","), (" \n", "\n"), ("\n ", "\n")):
        text = text.replace(space, none)
    return text


def stream(articles: list[str]) -> np.ndarray:
    """Return articles as one long row of tokens, shape (n_tokens,), END after each."""
    return np.concatenate([np.append(encode(article), END) for article in listed(articles)])


def blocks(ids: np.ndarray, block: int) -> np.ndarray:
    """Cut a stream of tokens into rows, shape (n, block), dropping what is left over; `rows.ravel()` joins them."""
    return corpora.blocks(check_tokens("ids", ids, 1), block)


def pages(articles: list[str], block: int = 64) -> np.ndarray:
    """Return articles as rows of tokens, shape (n, block), each filled up with END."""
    block = checks.whole("block", block, 1, "64 holds any article")
    encoded = [encode(article) for article in listed(articles)]
    longest = max(map(len, encoded))
    if longest >= block:
        raise ValueError(f"block must be at least {longest + 1} for these articles, got {block}: 64 holds any article")
    rows = np.full((len(encoded), block), END)
    for row, ids in zip(rows, encoded, strict=True):
        row[: len(ids)] = ids
    return rows


def texts(rows: np.ndarray) -> list[str]:
    """Return the articles in rows of tokens, shape (n, block); what a row's end cuts off stands as it is."""
    apart = np.pad(check_tokens("rows", rows), ((0, 0), (0, 1)), constant_values=END)
    return [article for article in decode(apart.ravel()).split("\n") if article]


def check_tokens(name: str, ids: np.ndarray, ndim: int = 2) -> np.ndarray:
    """Return `ids` as int64 tokens of the vocabulary, shape (n, block), or (n_tokens,) for one axis."""
    shape = "(n_tokens,) integers" if ndim == 1 else "(n, block) integers"
    return checks.tokens(name, ids, ndim, shape, len(VOCABULARY), "make them by encode, stream or pages")


def listed(articles):
    remedy = "pass [article]"
    return [checks.text("articles", article, remedy) for article in checks.listed("articles", articles, remedy)]
