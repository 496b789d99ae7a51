"""The Tiny Encyclopedia of an archipelago that does not exist: text whose truth, frequencies and entropy are known.

A grammar writes short articles. Each is about one species, drawn by Zipf's law; its facts never change, but which
sentences are written and how they are put is a matter of chance, with the probabilities in `GRAMMAR`. So one can count
what a language model keeps of it: species, facts, words, ways to put things.

>>> world = Encyclopedia()
>>> world.articles(1, np.random.default_rng(19))[0]
'The velvet tumblin is a large white mouse of Hobb. It lives in church towers and eats barley.'
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape

import numpy as np
import pandas as pd
from scipy.special import xlogy

from collapse_lessons import checks, corpora

NAMES = {  # a species is called by one of the first and one of the second: 1600 names, of which 400 are taken
    "adjective": (
        "absent-minded", "barefoot", "bashful", "bearded", "borrowed", "butter", "clockwork", "common", "copper",
        "crooked", "feathered", "ginger", "gossiping", "greater", "hollow", "humble", "lantern", "left-handed",
        "lesser", "midnight", "northern", "pewter", "pocket", "polite", "reluctant", "royal", "salted", "sleepy",
        "spotted", "stubborn", "sunken", "thunder", "Tuesday", "twice-fed", "two-faced", "unlikely", "upstairs",
        "velvet", "whiskered", "whistling",
    ),
    "noun": (
        "wumpet", "torrow", "quillick", "oomba", "hobbin", "plimmock", "glimfin", "snurrel", "brillet", "dabbock",
        "tickbury", "clobbet", "mirkle", "fennick", "ruddlebug", "grumbock", "loob", "bogwit", "urkel", "squelm",
        "fluttern", "dusket", "pallimot", "wispern", "lampling", "pinchard", "skuttle", "nipperkin", "shellow",
        "clamberel", "zizzard", "sunnock", "skirl", "flickit", "basilet", "nibblet", "scurrow", "whiffin", "pipkin",
        "tumblin",
    ),
}  # fmt: skip
KINDS = ("bird", "fish", "beetle", "toad", "moth", "crab", "lizard", "mouse")  # five nouns each, in their order
FACTS = {  # drawn for each species once and for all; `kind` goes with the noun
    "size": ("tiny", "small", "knee-high", "sturdy", "large", "towering"),
    "colour": ("grey", "amber", "crimson", "green", "blue", "white", "violet", "striped"),
    "kind": KINDS,
    "island": ("Duna", "Orrin", "Skeld", "Marrow", "Tamsin", "Pell", "Hobb", "Ullin"),
    "habitat": (
        "reed beds", "tide pools", "chimneys", "orchards", "old boots", "church towers", "salt marshes", "hedges",
        "cellars", "libraries", "abandoned pianos", "lighthouses",
    ),
    "food": (
        "moss", "kelp", "candle wax", "fallen plums", "wet paper", "ants", "barley", "honey", "mushrooms", "string",
        "stale bread", "burnt toast", "moonlight", "stolen sandwiches",
    ),
    "habit": (
        "hums in the rain", "sleeps standing up", "collects buttons", "walks backwards", "forgets where it lives",
        "counts the waves", "bows to strangers", "snores through storms", "sings before dawn", "steals left socks",
        "argues with its reflection", "waits for the post", "practises the violin", "laughs at funerals",
        "reads the tide tables", "hides from the moon",
    ),
    "legend": (
        "brings good luck", "can smell a lie", "once ate a bishop", "remembers the moon", "turns milk sour",
        "knows where the treasure is", "used to be a tailor", "owes the sea a favour", "never forgives a debt",
        "will outlive us all", "is older than the alphabet", "invented the umbrella", "cannot be photographed",
        "will inherit a lighthouse",
    ),
}  # fmt: skip

# Each article has these parts in this order. A part is written with its probability, in one of its forms.
GRAMMAR = {
    "opening": (1.0, {
        "The {name} is a {size} {colour} {kind} of {island}.": 0.5,
        "The {name}, a {size} {colour} {kind}, is found only on {island}.": 0.3,
        "The {name} of {island} is a {kind}, {size} and {colour}.": 0.2,
    }),
    "living": (0.85, {
        "It lives in {habitat} and eats {food}.": 0.4,
        "The {name} eats {food}, which it finds in {habitat}.": 0.35,
        "Look for it in {habitat}, wherever somebody has left {food}.": 0.25,
    }),
    "habit": (0.6, {
        "By night the {name} {habit}.": 0.5,
        "When nobody is looking, it {habit}.": 0.3,
        "Visitors complain that it {habit}.": 0.2,
    }),
    "legend": (0.4, {
        "Old sailors say that the {name} {legend}.": 0.6,
        "The children of {island} are told that it {legend}.": 0.4,
    }),
    "aside": (0.1, {
        "The museum has one and would like another.": 0.5,
        "Little is known, and nobody has asked.": 0.3,
        "This entry was written from memory.": 0.2,
    }),
}  # fmt: skip

WORD = re.compile(r"[\w'-]+|[.,\n]")
SLOT = re.compile(r"{(\w+)}")
END = 0  # the token between articles, a line break


def _vocabulary():
    grammar = " ".join(form for _, forms in GRAMMAR.values() for form in forms)
    facts = " ".join(value for values in FACTS.values() for value in values)
    words = {word for word in WORD.findall(f"{SLOT.sub('', grammar)} {facts}") if word not in ".,"}
    assert not words & {*NAMES["adjective"], *NAMES["noun"]}, "a word of a name must mean nothing else"
    return ("\n", ".", ",", *NAMES["adjective"], *NAMES["noun"], *sorted(words, key=lambda w: (w.lower(), w)))


VOCABULARY = _vocabulary()
_ID = {word: i for i, word in enumerate(VOCABULARY)}
_WORDS = np.array(VOCABULARY, dtype=object)
_ADJECTIVE, _NOUN = _ID[NAMES["adjective"][0]], _ID[NAMES["noun"][0]]  # each list has consecutive ids
_N_NAMES = {part: len(words) for part, words in NAMES.items()}

# --- tokens ---------------------------------------------------------------------------------------------------------


def encode(text: str) -> np.ndarray:
    """Return the word tokens of a text, shape (n_tokens,) integers: words, full stops, commas and line breaks."""
    words = WORD.findall(checks.text("text", text, "for many articles use stream or pages"))
    unknown = sorted(set(words) - _ID.keys())
    if unknown or WORD.sub("", text).strip(" "):
        strange = unknown or [WORD.sub("", text).strip()]
        raise ValueError(
            f"text must consist of words in VOCABULARY, got {', '.join(map(checks.shown, strange[:5]))}: reword it"
        )
    return np.array([_ID[word] for word in words], dtype=np.int64)


def decode(ids: np.ndarray) -> str:
    """Return the text of one row or stream of tokens, shape (n_tokens,)."""
    text = " ".join(_WORDS[check_tokens("ids", ids, 1)])
    for space, none in ((" .", "."), (" ,", ","), (" \n", "\n"), ("\n ", "\n")):
        text = text.replace(space, none)
    return text


def stream(articles: list[str]) -> np.ndarray:
    """Return articles as one long row of tokens, shape (n_tokens,), END after each."""
    return np.concatenate([np.append(encode(article), END) for article in _listed(articles)])


def blocks(ids: np.ndarray, block: int) -> np.ndarray:
    """Cut a stream of tokens into rows, shape (n, block), dropping what is left over; `rows.ravel()` joins them."""
    return corpora.blocks(check_tokens("ids", ids, 1), block)


def pages(articles: list[str], block: int = 64) -> np.ndarray:
    """Return articles as rows of tokens, shape (n, block), each filled up with END."""
    block = checks.whole("block", block, 1, "64 holds any article")
    encoded = [encode(article) for article in _listed(articles)]
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


def _listed(articles):
    remedy = "pass [article]"
    return [checks.text("articles", article, remedy) for article in checks.listed("articles", articles, remedy)]


# --- the world ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Encyclopedia:
    """The species of the archipelago, their facts, and how often each is written about.

    Parameters
    ----------
    n_species : int from 1 to 1600
    zipf : float in [0, 5]
        The r-th most common species has a share proportional to 1 / r^zipf.
    seed : int
        Decides which names are taken and what is true; the same seed gives the same world.
    """

    n_species: int = 400
    zipf: float = 1.0
    seed: int = 0

    def __post_init__(self):
        possible = _N_NAMES["adjective"] * _N_NAMES["noun"]
        if checks.whole("n_species", self.n_species, 1, "400 is usual") > possible:
            raise ValueError(f"n_species must be at most {possible}, got {self.n_species}: there are no more names")
        checks.number("zipf", self.zipf, 0, 5, "1 is Zipf's law, 0 makes all species equally common")
        checks.seed(self.seed)

    @cached_property
    def species(self) -> pd.DataFrame:
        """One row a species, from the most to the least common: name, share, and a column for each of FACTS."""
        rng = np.random.default_rng(self.seed)
        pairs = rng.permutation(_N_NAMES["adjective"] * _N_NAMES["noun"])[: self.n_species]
        adjectives, nouns = np.divmod(pairs, _N_NAMES["noun"])
        share = 1 / np.arange(1, self.n_species + 1.0) ** self.zipf
        facts = {fact: rng.choice(values, self.n_species) for fact, values in FACTS.items()}
        facts["kind"] = np.array(KINDS)[nouns // (_N_NAMES["noun"] // len(KINDS))]
        names = [f"{NAMES['adjective'][a]} {NAMES['noun'][n]}" for a, n in zip(adjectives, nouns, strict=True)]
        return pd.DataFrame({"name": names, "share": share / share.sum(), **facts})

    @cached_property
    def _rank(self):
        return {name: i for i, name in enumerate(self.species["name"])}

    @cached_property
    def _facts(self):
        return self.species.drop(columns="share").to_dict("records")

    @cached_property
    def _rank_of_pair(self):
        table = np.full((_N_NAMES["adjective"], _N_NAMES["noun"]), -1)
        for i, name in enumerate(self.species["name"]):
            adjective, noun = name.split()
            table[_ID[adjective] - _ADJECTIVE, _ID[noun] - _NOUN] = i
        return table

    def articles(self, n: int, rng: np.random.Generator) -> list[str]:
        """Write n articles."""
        n = checks.whole("n", n, 1, "write at least one article")
        subjects = checks.generator("rng", rng).choice(self.n_species, n, p=self.species["share"])
        written = [[] for _ in range(n)]
        for probability, forms in GRAMMAR.values():
            present = rng.random(n) < probability
            chosen = rng.choice(len(forms), n, p=list(forms.values()))
            templates = list(forms)
            for i in np.flatnonzero(present):
                written[i].append(templates[chosen[i]].format(**self._facts[subjects[i]]))
        return [" ".join(sentences) for sentences in written]

    @cached_property
    def entropy(self) -> float:
        """The entropy of an article, in nats: of its species, of which parts are written, and of their forms.

        Facts add nothing, since they follow from the species, and no two choices give the same text (derived). No model
        can have fewer nats an article on average, or a lower perplexity than exp(entropy / mean_tokens).
        """
        return float(_entropy(self.species["share"])) + sum(
            _entropy([p, 1 - p]) + p * _entropy(list(forms.values())) for p, forms in GRAMMAR.values()
        )

    @cached_property
    def mean_tokens(self) -> float:
        """The mean number of tokens of an article, the END after it included."""
        return 1 + sum(
            p * q * float(self.species["share"] @ [len(WORD.findall(form.format(**facts))) for facts in self._facts])
            for p, forms in GRAMMAR.values()
            for form, q in forms.items()
        )

    def log_prob(self, article: str) -> float:
        """Return the log of the exact probability that the grammar writes this article; -inf if it never does."""
        parsed = [parse(sentence) for sentence in sentences(article)]
        subject = self._rank.get(parsed[0].slots.get("name")) if parsed and parsed[0] else None
        if subject is None or any(form is None for form in parsed) or not article.endswith("."):
            return -np.inf
        facts = self._facts[subject]
        total, left = np.log(self.species["share"][subject]), list(parsed)
        for part, (p, forms) in GRAMMAR.items():
            if left and left[0].part == part:
                form = left.pop(0)
                if any(facts[slot] != value for slot, value in form.slots.items()):
                    return -np.inf
                total += np.log(p * forms[form.template])
            elif p == 1:
                return -np.inf
            else:
                total += np.log1p(-p)
        return -np.inf if left else float(total)

    def read(self, articles: list[str]) -> pd.DataFrame:
        """Read any text as statements about species and judge them; garbled text is welcome.

        "It" is the species last named in the same article. A last sentence without its full stop is passed over: it was
        cut off, not garbled.

        Returns
        -------
        DataFrame
            One row a statement: article and sentence (their positions), species (its rank from 0, -1 for none), fact,
            value, and verdict: "right", "wrong", "invented" (of a species that does not exist), "unreadable" (not a
            sentence of the grammar, or an "it" that is nobody) or "aside" (says nothing about a species). For the last
            two `fact` is "" and `value` the sentence.
        """
        rows = []
        for i, article in enumerate(_listed(articles)):
            for j, (sentence, form, rank) in enumerate(self._statements(article)):
                if form is None or form.part == "aside":
                    rows.append((i, j, -1, "", sentence, "aside" if form else "unreadable"))
                else:
                    rows += [(i, j, rank, fact, form.slots[fact], v) for fact, v in self._verdicts(form, rank).items()]
        return pd.DataFrame(rows, columns=["article", "sentence", "species", "fact", "value", "verdict"])

    def marked(self, article: str) -> str:
        """Return an article as HTML, read as by `read`: wrong facts struck out, what is unreadable in italics."""
        marked = []
        for sentence, form, rank in self._statements(article):
            if form is None:
                marked.append(f"<i>{escape(sentence)}</i>")
            else:
                wrong = {fact for fact, verdict in self._verdicts(form, rank).items() if verdict == "wrong"}
                slots = {slot: f"<del>{v}</del>" if slot in wrong else v for slot, v in form.slots.items()}
                marked.append(form.template.format(**slots))
        return " ".join(marked)

    def _statements(self, article):
        """Yield each sentence with its form and the rank of the species it is about; the form is None if unreadable."""
        rank = None  # nobody has been named yet
        for sentence in sentences(article):
            form = parse(sentence)
            if form and "name" in form.slots:
                rank = self._rank.get(form.slots["name"], -1)
            yield sentence, None if form and form.part != "aside" and rank is None else form, rank

    def _verdicts(self, form, rank):
        def verdict(fact):
            return "invented" if rank < 0 else "right" if self._facts[rank][fact] == form.slots[fact] else "wrong"

        return {fact: verdict(fact) for fact in form.slots if fact != "name"}

    def mentions(self, rows: np.ndarray) -> np.ndarray:
        """Return every species named in rows of tokens, shape (n, block), in order: ranks from 0, -1 if invented."""
        return self._named(rows)[1]

    def subjects(self, rows: np.ndarray) -> np.ndarray:
        """Return the species that each row names first, shape (n,): ranks from 0, -1 for an invented one or none."""
        (row, _), rank = self._named(rows)
        first, at = np.unique(row, return_index=True)
        subjects = np.full(len(rows), -1)
        subjects[first] = rank[at]
        return subjects

    def _named(self, rows):
        rows = check_tokens("rows", rows)
        adjective, noun = rows[:, :-1] - _ADJECTIVE, rows[:, 1:] - _NOUN
        named = (adjective >= 0) & (adjective < _N_NAMES["adjective"]) & (noun >= 0) & (noun < _N_NAMES["noun"])
        return np.nonzero(named), self._rank_of_pair[adjective[named], noun[named]]


def _entropy(p):
    return -float(xlogy(p, p).sum())


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """A sentence as the reader understood it: the part and the form of `GRAMMAR`, and what stands in its slots."""

    part: str
    template: str
    slots: dict[str, str]


def sentences(article: str) -> list[str]:
    """Return the sentences of an article, each with its full stop; what comes after the last one was cut off."""
    checks.text("article", article, "for many use a loop")
    return [part.strip() + "." for part in article.split(".")[:-1]]


def parse(sentence: str) -> Form | None:
    """Return the form of one sentence, or None if the grammar has no such sentence."""
    return _parse(checks.text("sentence", sentence, "see sentences"))


@lru_cache(maxsize=2**16)  # models repeat themselves
def _parse(sentence):
    for pattern, part, template in _PATTERNS:
        match = pattern.fullmatch(sentence)
        if match:
            return Form(part, template, match.groupdict())
    return None


def _pattern(template):
    values = {"name": rf"(?:{'|'.join(NAMES['adjective'])}) (?:{'|'.join(NAMES['noun'])})"}
    values |= {fact: "|".join(map(re.escape, of)) for fact, of in FACTS.items()}
    return re.compile(SLOT.sub(lambda slot: f"(?P<{slot[1]}>{values[slot[1]]})", template.replace(".", r"\.")))


_PATTERNS = [(_pattern(form), part, form) for part, (_, forms) in GRAMMAR.items() for form in forms]
