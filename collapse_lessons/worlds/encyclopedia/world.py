"""The species of an archipelago, what is true of each, and who judges what is written about them."""

from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd
from scipy.special import xlogy

from collapse_lessons import checks
from collapse_lessons.worlds.encyclopedia.grammar import FACTS, GRAMMAR, KINDS, NAMES, WORD
from collapse_lessons.worlds.encyclopedia.reader import parse, sentences
from collapse_lessons.worlds.encyclopedia.tokens import ID, check_tokens, listed

_ADJECTIVE, _NOUN = ID[NAMES["adjective"][0]], ID[NAMES["noun"][0]]  # each list has consecutive ids
_N_NAMES = {part: len(words) for part, words in NAMES.items()}


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
        checks.own_numbers(self)

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
            table[ID[adjective] - _ADJECTIVE, ID[noun] - _NOUN] = i
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
        for i, article in enumerate(listed(articles)):
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
