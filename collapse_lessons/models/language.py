"""A transformer that predicts the next token, trained on rows of tokens: a pocket model, or any pretrained one."""

import copy
import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import nn
from transformers import OPTConfig, OPTForCausalLM

from collapse_lessons import checks
from collapse_lessons.models import checkpoints, memory
from collapse_lessons.models.cross_entropy import cross_entropy
from collapse_lessons.models.decoding import Decoder, Sampling
from collapse_lessons.models.prompts import Own, nothing
from collapse_lessons.models.training import Training, build, check_device, torch_generator

PRECISIONS = (torch.float32, torch.bfloat16, torch.float16)
INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)


@dataclass
class CausalLM:
    """A causal language model: of the OPT architecture (Zhang et al. 2022) from scratch, of any one from a checkpoint.

    `fit` goes on from the weights the model has, and from random ones if it has none. So the loop trains

    - from scratch, given a model without weights;
    - from one base, afresh in every generation, given a model with weights (`fit` or `load` it first): the way of
      Shumailov et al. (2024);
    - from the last generation's weights, with `warm_start=True`.

    `sample` continues prompts. One shorter than a block is continued to the end of the block, and begins the row. One
    of a whole block is followed by the next block, and the row is that continuation alone, as in the Nature paper.

    Parameters
    ----------
    vocabulary : int
        Token ids are 0 to vocabulary - 1.
    context : int
        The most tokens the network sees at once: a block, or two where a block prompts the next.
    width, layers, heads : int
        Size of the network: `width` numbers a token, in `heads` heads.
    first, training : Training
        Training from random weights, and from weights that have been trained before.
    decoder : function
        `Sampling()`, `Sampling(temperature=0.7, top_p=0.9)`, `Beams(5)`, ...; see `models.decoding`.
    prompt : function, optional
        What texts start from: `nothing`, `Own(length)` or `Given(rows, length)`. By default nothing, or whole blocks of
        what it was trained on where there is no `end`.
    end : int, optional
        The token that ends a text and fills the rest of its row, where nothing is learned or written; the network reads
        one before every row. None if text runs on from row to row.
    dropout : float in [0, 1), optional
        Share of activations left out in training. By default what a checkpoint says, and none from scratch.
    validation : array of shape (m, block), optional
        Text to choose weights by: those of the epoch with the lowest perplexity on it are kept.
    rows_at_once : int
        The most rows read or written side by side; a step of training that has more adds up its gradient in parts.
        Halved, aloud, where memory runs out: what is learned and written stays the same.
    device : str
        "cpu", or "cuda" for a graphics card.
    precision : torch.dtype
        For training and reading: `torch.float32`; `torch.bfloat16` or `torch.float16` are mixed in where that is safe
        (autocast).
    writing : torch.dtype
        For writing: the weights themselves are in it, since autocast would convert every one at every token.
        `models.precision.fastest` finds out what a machine is fast in.
    progress : function
        Wraps the epochs of `fit` and the batches of `sample`, for instance `tqdm.auto.tqdm`.

    Attributes
    ----------
    network_ : transformers.PreTrainedModel
        Trained.
    train_ : array of shape (n, block)
        What it was trained on last: the source of `Own` prompts.
    """

    vocabulary: int
    context: int = 64
    width: int = 64
    layers: int = 2
    heads: int = 4
    first: Training = field(default_factory=lambda: Training(epochs=20, learning_rate=5e-3))
    training: Training = field(default_factory=Training)
    decoder: Decoder = field(default_factory=Sampling)
    prompt: Callable[[np.ndarray, int, np.random.Generator], np.ndarray] | None = None
    end: int | None = None
    dropout: float | None = None
    validation: np.ndarray | None = field(default=None, repr=False)
    rows_at_once: int = field(default=256, compare=False)  # what is learned and written stays the same
    device: str = "cpu"
    precision: torch.dtype = torch.float32
    writing: torch.dtype = torch.float32
    progress: Callable = field(default=iter, repr=False, compare=False)

    def __post_init__(self):
        checks.whole("vocabulary", self.vocabulary, 2, "count the tokens there are")
        checks.whole("context", self.context, 2, "a token, and one to predict from it")
        checks.whole("width", self.width, 1, "64 suit a pocket model, 768 are OPT-125M's")
        checks.whole("layers", self.layers, 1, "2 suit a pocket model, 12 are OPT-125M's")
        checks.whole("heads", self.heads, 1, "4 suit a pocket model, 12 are OPT-125M's")
        if self.width % self.heads:
            raise ValueError(
                f"width must be a multiple of heads, {self.heads}, got {self.width}: heads share it evenly"
            )
        if self.dropout is not None:
            checks.number("dropout", self.dropout, 0, 0.99, "0.1 is OPT's; a pocket model needs none")
        checks.whole("rows_at_once", self.rows_at_once, 1, "256 are fast on a CPU; fewer need less memory")
        checks.instance("first", self.first, Training, "write Training(epochs=20)")
        checks.instance("training", self.training, Training, "write Training(epochs=5)")
        checks.function("decoder", self.decoder, "such as Sampling() or Beams(5)", "see models.decoding", 5)
        check_device(checks.text("device", self.device, 'try "cpu"'))
        if self.prompt is not None:
            checks.function("prompt", self.prompt, "prompt(train, n, rng)", "such as Own(64), or None", 3)
        if not callable(self.progress):
            raise TypeError(f"progress must be a function, got {checks.shown(self.progress)}: tqdm.auto.tqdm is one")
        for name, given in (("precision", self.precision), ("writing", self.writing)):
            checks.one_of(name, given, PRECISIONS, "torch.float32 works everywhere")
        if self.end is not None and checks.whole("end", self.end, 0, "a token id") >= self.vocabulary:
            raise ValueError(f"end must be a token below {self.vocabulary}, got {self.end}: raise vocabulary")
        if self.validation is not None:
            self._check_tokens("validation", self.validation)
        checks.own_numbers(self)

    # --- the two methods of the loop ---

    def fit(self, X: np.ndarray, rng: np.random.Generator) -> Self:
        """Train on rows of token ids, shape (n, block), from the weights there are or from random ones."""
        X = self._check_tokens("X", X)
        plan = self.training
        if not hasattr(self, "network_"):
            plan = self.first
            self.network_ = build(lambda: OPTForCausalLM(self._config()), rng, self.device)
        generator = torch_generator(rng)
        with torch.random.fork_rng(devices=[self.device] if self.device.startswith("cuda") else []):
            torch.manual_seed(int(rng.integers(2**63)))  # dropout draws from the global stream: lend it, give it back
            with memory.kept():
                self._train(self._tensor(X), plan, generator)
        self.train_ = X
        return self

    def sample(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """Return n rows of token ids, shape (n, block)."""
        checks.fitted(self, "train_")
        n = checks.whole("n", n, 1, "a sample has at least one row")
        block = self.train_.shape[1]
        prompt = self.prompt or (Own(block) if self.end is None else nothing)
        if prompt is nothing and self.end is None:
            raise ValueError("prompt must not be nothing without an end, which the network reads first: try Own(block)")
        prompts = np.asarray(prompt(self.train_, n, checks.generator("rng", rng)))
        if prompts.ndim != 2 or len(prompts) != n:
            raise ValueError(f"prompt must return {n} rows of tokens, got shape {prompts.shape}: return a row a text")
        # A narrow type that holds what was read need not hold what is written.
        dtype = np.promote_types(self.train_.dtype, np.min_scalar_type(self.vocabulary - 1))
        k = prompts.shape[1]
        if k > block:
            raise ValueError(f"a prompt must be at most a block of {block} tokens, got {k}: shorten it")
        if k == block:
            return self.write(prompts, block, rng).astype(dtype)
        return np.concatenate([prompts, self.write(prompts, block - k, rng)], axis=1).astype(dtype)

    # --- what else a language model can do ---

    def write(
        self, prompts: np.ndarray, length: int, rng: np.random.Generator, decoder: Decoder | None = None
    ) -> np.ndarray:
        """Continue each prompt, shape (n, k), by `length` tokens, shape (n, length), with another decoder if given.

        Where there is an `end`, k may be 0.
        """
        checks.fitted(self, "network_")
        if not (self.end is not None and isinstance(prompts, np.ndarray) and prompts.ndim == 2 and not prompts.size):
            prompts = self._check_tokens("prompts", prompts, least=1)
        if not len(prompts):
            raise ValueError(f"prompts must have at least 1 row, got shape {prompts.shape}: give a row a text")
        if decoder is not None:
            checks.function("decoder", decoder, "such as Sampling() or Beams(5)", "see models.decoding", 5)
        length = checks.whole("length", length, 1, "write at least one token")
        room = self.context - prompts.shape[1]
        if length > room:
            raise ValueError(
                f"length must be at most {room} after such prompts, got {length}: shorten, or raise context"
            )
        decoder = decoder or self.decoder
        generator = torch_generator(rng)
        prompts = self._after_end(self._tensor(prompts))

        def decode(rows):
            state = generator.get_state()
            try:
                tokens = decoder(self.network_, rows, length, generator, self.end)
            except (RuntimeError, MemoryError):
                generator.set_state(state)  # where memory ran out, the next attempt draws the same numbers
                raise
            if not isinstance(tokens, torch.Tensor) or tokens.shape != (len(rows), length):
                wanted = f"a tensor of tokens of shape {(len(rows), length)}"
                raise TypeError(f"decoder must return {wanted}, got {checks.shown(tokens)}: see models.decoding")
            if tokens.dtype not in INTEGERS or tokens.min() < 0 or tokens.max() >= self.vocabulary:
                raise ValueError(
                    f"decoder must return integers from 0 to {self.vocabulary - 1}, got {tokens.dtype} from "
                    f"{tokens.min().item():g} to {tokens.max().item():g}: see models.decoding"
                )
            return tokens

        with _weights_in(self.network_, self.writing):
            parts = checks.watched(self.progress, prompts.split(self.rows_at_once))
            written = [tokens for rows in parts for tokens in self._sparing(decode, rows)]
        return torch.cat(written).cpu().numpy()

    @torch.inference_mode()
    def surprise(self, X: np.ndarray) -> np.ndarray:
        """Return -ln p(token | those before it in its row) for each token of X, shape (n, block).

        NaN where nothing was predicted: where a row is filled up after its end, and its first token without an `end`.
        """
        checks.fitted(self, "network_")
        X = self._check_tokens("X", X)
        surprise = np.full(X.shape, np.nan, dtype=np.float32)
        skipped = 1 if self.end is None else 0
        start = 0
        for losses, filler in self._sparing(self._losses, self._tensor(X)):
            losses = losses.masked_fill(filler, torch.nan)
            surprise[start : start + len(losses), skipped : skipped + losses.shape[1]] = losses.cpu().numpy()
            start += len(losses)
        return surprise

    # --- files: safetensors, JSON and a plain array, in the hub's own layout ---

    def save(self, folder: str | Path) -> None:
        """Write the weights and the shape, as `transformers` reads them, and the last training rows into a folder."""
        checks.fitted(self, "network_")
        folder = checks.path("folder", folder, "name the folder to write")
        if folder.is_file():
            raise NotADirectoryError(f"folder must be a folder, got {folder.name}, which is a file: give another")
        checkpoints.write_network(self.network_, folder)
        if hasattr(self, "train_"):
            np.save(Path(folder) / "train.npy", self.train_, allow_pickle=False)

    def fingerprint(self) -> str | None:
        """Return a hash of the weights, 64 hexadecimal digits; None without any."""
        if not hasattr(self, "network_"):
            return None
        digest = hashlib.sha256()
        for name, weights in sorted(self.network_.state_dict().items()):
            digest.update(name.encode() + weights.cpu().numpy().tobytes())
        return digest.hexdigest()

    def load(self, folder: str | Path, revision: str | None = None) -> Self:
        """Take weights from a folder that `save` or `transformers` wrote, or from the hub by name and revision.

        A checkpoint that lacks a weight, has one too many or of another shape is refused, and so is one of another
        shape than the model's, one that is no causal language model, and a pickle.
        """
        config = checkpoints.read_config(folder, revision)
        for name, found in checkpoints.shape(config).items():
            if found != getattr(self, name):
                raise ValueError(
                    f"{name} must be that of the checkpoint {folder}, {found}, got {getattr(self, name)}: "
                    "CausalLM.from_checkpoint takes the shape as it is"
                )
        if self.dropout is not None:
            checkpoints.set_dropout(config, self.dropout)
        self.network_ = checkpoints.read_network(folder, config, revision, self.device)
        rows = Path(folder) / "train.npy"
        self.__dict__.pop("train_", None)
        if rows.is_file():
            self.train_ = np.load(rows, allow_pickle=False)
        return self

    @classmethod
    def from_checkpoint(cls, folder: str | Path, revision: str | None = None, **settings: Any) -> Self:
        """Return a model with the shape, dropout and weights of a checkpoint, such as "HuggingFaceTB/SmolLM2-135M"."""
        shape = checkpoints.shape(checkpoints.read_config(folder, revision))
        return cls(**{**shape, **settings}).load(folder, revision)

    # --- inside ---

    def _config(self):
        config = OPTConfig(
            vocab_size=self.vocabulary,
            max_position_embeddings=self.context,
            hidden_size=self.width,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            ffn_dim=4 * self.width,
            word_embed_proj_dim=self.width,
            layerdrop=0.0,
            pad_token_id=None,  # a padding token's embedding would never be learned
            bos_token_id=self.end,
            eos_token_id=self.end,
        )
        checkpoints.set_dropout(config, self.dropout or 0.0)  # by the rule of `load`, or a resumed run would differ
        return config

    def _train(self, rows, plan, generator):
        network = self.network_.train()
        optimiser = torch.optim.AdamW(network.parameters(), lr=plan.learning_rate, fused=True)
        steps = plan.epochs * -(-len(rows) // plan.batch)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        scaler = torch.amp.GradScaler(rows.device.type, enabled=self.precision == torch.float16)
        lengths = (~self._filler(rows)).sum(dim=1)
        usual = plan.batch * lengths.float().mean()  # tokens a step; one scale for all, or short rows would count more
        best, weights = np.inf, None

        def add_gradient(part):
            losses, filler = self._losses(part)
            loss = losses.masked_fill(filler, 0).sum() / usual
            scaler.scale(loss).backward()
            return loss.detach()

        for _ in checks.watched(self.progress, range(plan.epochs)):
            for picked in _batches(lengths.cpu(), plan.batch, generator):
                at_once = None
                while at_once != self.rows_at_once:  # where memory ran out halfway, parts of a gradient are left: anew
                    at_once = self.rows_at_once
                    optimiser.zero_grad()
                    loss = sum(self._sparing(add_gradient, rows[picked.to(rows.device)]))
                scaler.unscale_(optimiser)
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                scaler.step(optimiser)
                scaler.update()
                schedule.step()
            if self.validation is not None:
                network.eval()
                surprise = np.nanmean(self.surprise(self.validation))
                if surprise < best:
                    best, weights = surprise, copy.deepcopy(network.state_dict())
                network.train()
        if not torch.isfinite(loss):
            rate = plan.learning_rate
            raise ValueError(f"learning_rate must be low enough to converge, got {rate}: the loss became {loss:g}")
        optimiser.zero_grad()  # gradients take as much memory as weights, and nobody needs the last ones
        if weights is not None:
            network.load_state_dict(weights)
        network.eval()

    def _sparing(self, do, rows):
        """Return [do(part), ...] over parts of rows, halving them for as long as memory does not hold one."""
        if len(rows) > self.rows_at_once:
            return [result for part in rows.split(self.rows_at_once) for result in self._sparing(do, part)]
        try:
            return [do(rows)]
        except (RuntimeError, MemoryError) as error:
            if not memory.ran_out(error):
                raise
            if len(rows) == 1:
                error.add_note("Not even one row fits into memory: use shorter blocks, fewer beams or a smaller model.")
                raise
        self.rows_at_once = -(-len(rows) // 2)
        print(f"Memory ran out with {len(rows)} rows at once: going on with {self.rows_at_once}.")
        return self._sparing(do, rows)

    def _losses(self, rows):
        """Return the cross-entropy of each token given those before it, shape (n, tokens), and which are filler."""
        rows = self._after_end(rows)
        inputs, targets = rows[:, :-1], rows[:, 1:]
        filler = self._filler(targets)
        if self.end is not None:
            longest = int((~filler).sum(dim=1).max())
            inputs, targets, filler = inputs[:, :longest], targets[:, :longest], filler[:, :longest]
        with self._mixed():
            logits = self.network_(inputs, use_cache=False).logits
        losses = cross_entropy(logits.flatten(0, 1), targets.flatten())
        return losses.view(targets.shape), filler

    def _filler(self, rows):
        """Return where an end has come before."""
        ends = rows == (-1 if self.end is None else self.end)
        return ends.cumsum(dim=1) > ends.int()

    def _after_end(self, rows):
        """Return rows behind the token that the network reads first, if texts have an end."""
        return rows if self.end is None else nn.functional.pad(rows, (1, 0), value=self.end)

    def _mixed(self):
        enabled = self.precision != torch.float32
        return torch.autocast(torch.device(self.device).type, self.precision if enabled else None, enabled=enabled)

    def _tensor(self, X):
        return torch.tensor(np.ascontiguousarray(X, dtype=np.int64), device=self.device)

    def _check_tokens(self, name, X, least=2):
        X = checks.array(name, X, 2, "(n, block) token ids")
        if X.dtype.kind not in "iu":
            raise TypeError(f"{name} must hold integer token ids, got dtype {X.dtype}: use {name}.astype(int)")
        if not least <= X.shape[1] <= self.context:
            raise ValueError(
                f"{name} must have rows of {least} to {self.context} tokens, got {X.shape[1]}: cut them into blocks, "
                "or raise context"
            )
        if X.min() < 0 or X.max() >= self.vocabulary:
            raise ValueError(
                f"{name} must hold tokens from 0 to {self.vocabulary - 1}, got {X.min()} to {X.max()}: raise "
                "vocabulary or use the tokenizer that the model was made for"
            )
        return X


@contextmanager
def _weights_in(network, dtype):
    """Put the weights into another precision, and back as they were."""
    kept = [(weights, weights.data) for weights in network.parameters()]
    for weights, data in kept:
        weights.data = data.to(dtype)  # the buffers stay: positions need the digits
    try:
        yield
    finally:
        for weights, data in kept:
            weights.data = data


def _batches(lengths, batch, generator):
    """Split row numbers at random into batches of rows about as long as each other: less filler to compute."""
    order = torch.randperm(len(lengths), generator=generator)
    order = torch.cat([some[lengths[some].argsort(stable=True)] for some in order.split(16 * batch)])
    batches = order.split(batch)
    return [batches[i] for i in torch.randperm(len(batches), generator=generator)]
