"""The language model and its decoders: against transformers, against exact probabilities, and on bad input."""

import copy
import functools

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from collapse_lessons import check_model, generations  # noqa: E402
from collapse_lessons.models.decoding import Beams, Sampling, draw_from, penalise  # noqa: E402
from collapse_lessons.models.language import CausalLM  # noqa: E402
from collapse_lessons.models.prompts import Given, Own, nothing  # noqa: E402
from collapse_lessons.models.training import Training  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_thread")
V, BLOCK = 12, 10


def rng(seed=0):
    return np.random.default_rng(seed)


def pocket(**settings):
    quick = {"context": 2 * BLOCK, "width": 16, "layers": 2, "heads": 2, "first": Training(8, 1e-2, 16)}
    return CausalLM(V, **(quick | {"training": Training(2, 3e-3, 16)} | settings))


def diverging():
    """A model whose weights are not numbers any more."""
    model = pocket().fit(counting(4), rng())
    model.network_.lm_head.weight.data.fill_(torch.nan)
    return model


def counting(n, seed=0):
    """Rows that count up by one, modulo V, from a random start: after the first token nothing is left to chance."""
    return (rng(seed).integers(V, size=(n, 1)) + np.arange(BLOCK)) % V


def sentences(n, seed=0):
    """Rows of one to eight random tokens from 1 to 5, then 0, which ends them and fills them up."""
    rows = rng(seed).integers(1, 6, size=(n, BLOCK))
    rows[np.arange(BLOCK) >= rng(seed + 1).integers(1, 9, size=(n, 1))] = 0
    return rows


@pytest.fixture(scope="module")
def counter():
    return pocket().fit(counting(256), rng())


@pytest.fixture(scope="module")
def writer():
    return pocket(end=0).fit(sentences(512), rng())


def exact(model):
    """Return a copy that computes in double precision: no two of its texts are equally likely but for rounding."""
    model = copy.deepcopy(model)
    model.network_.double()
    return model


def gradients(monkeypatch, X, **settings):
    """Return the gradient of each step of training on X, each as one vector.

    At a rate this low the weights stay where they are, so that a gradient is the same sum on any processor. Trained
    weights are not: AdamW makes a whole step of a gradient that is nothing but rounding, such as that of a key's bias.
    """
    seen = []

    def look(parameters, _):
        seen.append(torch.cat([p.grad.flatten().clone() for p in parameters]))

    with monkeypatch.context() as patched:
        patched.setattr(torch.nn.utils, "clip_grad_norm_", look)
        pocket(first=Training(2, 1e-7, 16), **settings).fit(X, rng())
    return seen


def alike(some, others):
    """Return whether vectors are equal but for rounding; some processors multiply with 8 binary digits."""
    return all((a - b).norm() < 0.02 * b.norm() for a, b in zip(some, others, strict=True))


# --- learning --------------------------------------------------------------------------------------------------------


def test_it_learns_to_count(counter):
    held_out = counting(50, seed=1)
    assert np.exp(np.nanmean(counter.surprise(held_out))) < 1.2
    written = counter.write(held_out[:, :5], 5, rng(), decoder=Sampling(temperature=0))
    assert (written == held_out[:, 5:]).mean() > 0.95


def test_surprise_is_that_of_the_network_itself(counter):
    X = counting(20, seed=2)
    ours = counter.surprise(X)
    assert np.isnan(ours[:, 0]).all()  # nothing comes before the first token
    with torch.no_grad():
        logp = counter.network_(torch.as_tensor(X)).logits.log_softmax(-1)
    theirs = -np.take_along_axis(logp.numpy()[:, :-1], X[:, 1:, None], axis=2)[..., 0]
    np.testing.assert_allclose(ours[:, 1:], theirs, atol=1e-5)


def test_text_without_pattern_cannot_be_predicted():
    # 6000 held-out tokens at random: no model's mean surprise is below ln V by more than 6 deviations, and one that
    # learned the shares is near it.
    X = rng(1).integers(V, size=(600, BLOCK))
    surprise = pocket().fit(X, rng()).surprise(rng(2).integers(V, size=(600, BLOCK)))
    assert abs(np.nanmean(surprise) - np.log(V)) < 0.05


def test_where_texts_end(writer):
    X = sentences(400, seed=5)
    surprise = writer.surprise(X)
    length = (X != 0).sum(axis=1)
    assert (np.isfinite(surprise).sum(axis=1) == length + 1).all()  # every word, the first too, and the end
    # One to eight words: 3 nats at the least for the length, 5 choices a word. An untrained model has ln 12 a token.
    exact = np.log(8) + length * np.log(5)
    assert abs(np.nansum(surprise, axis=1).mean() - exact.mean()) < 0.1 * exact.mean()
    samples = writer.sample(400, rng(3))
    over = np.cumsum(samples == 0, axis=1) > 0
    assert ((samples == 0) == over).all()  # once over, over
    assert abs((samples != 0).sum(axis=1).mean() - 4.5) < 0.75  # the lengths' deviation is 2.3: 6 errors of the mean


def test_filler_teaches_nothing(monkeypatch):
    short = np.concatenate([sentences(64)[:, :9], np.zeros((64, 1), dtype=int)], axis=1)
    longer = np.concatenate([short, np.zeros((64, 5), dtype=int)], axis=1)
    assert alike(*(gradients(monkeypatch, X, end=0) for X in (short, longer)))


def test_three_ways_to_begin_a_generation():
    X = counting(32)
    scratch = [turn.fitted for turn in generations(pocket(), X, n_generations=2)]
    base = pocket().fit(X, rng(7))
    before = copy.deepcopy(base.network_.state_dict())
    afresh = [turn.fitted for turn in generations(base, X, n_generations=3)]
    warm = [turn.fitted for turn in generations(pocket(), X, n_generations=3, warm_start=True)]

    @torch.no_grad()
    def distance(a, b):
        return sum(float((p - q).norm()) for p, q in zip(a.network_.parameters(), b.network_.parameters(), strict=True))

    assert all(torch.equal(before[k], v) for k, v in base.network_.state_dict().items())  # the loop leaves it as it was
    assert distance(base, afresh[2]) < 0.5 * distance(scratch[0], scratch[1])
    assert distance(warm[1], warm[2]) < 0.5 * distance(scratch[0], scratch[1])
    assert distance(warm[0], scratch[0]) == 0  # generation 0 is the same from scratch and warm


def test_the_epoch_that_validation_likes_best_is_kept():
    X, held_out = rng(0).integers(V, size=(20, BLOCK)), rng(1).integers(V, size=(200, BLOCK))
    long = Training(40, 1e-2, 10)  # learns twenty random rows by heart
    plain = pocket(first=long).fit(X, rng())
    chosen = pocket(first=long, validation=held_out).fit(X, rng())
    assert np.nanmean(chosen.surprise(held_out)) < np.nanmean(plain.surprise(held_out))


def test_it_goes_round_the_loop_like_any_model():
    report = check_model(pocket(), counting(40))
    assert report["passed"].all(), report
    report = check_model(pocket(end=0, dropout=0.1), sentences(40))
    assert report["passed"].all(), report


def test_the_global_stream_of_torch_is_left_alone():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    pocket(dropout=0.1).fit(counting(16), rng()).sample(5, rng())
    assert torch.equal(before, torch.get_rng_state())


def test_mixed_precision_learns_too():
    held_out = counting(50, seed=1)
    model = pocket(precision=torch.bfloat16).fit(counting(256), rng())
    assert np.exp(np.nanmean(model.surprise(held_out))) < 1.3
    assert model.sample(10, rng()).shape == (10, BLOCK)


def test_progress_sees_epochs_and_batches():
    seen = []
    model = pocket(progress=lambda steps: seen.append(len(steps)) or iter(steps), rows_at_once=4, end=0)
    model.fit(sentences(16), rng()).sample(10, rng())
    assert seen == [8, 3]


# --- what texts start from -------------------------------------------------------------------------------------------


def test_prompts_begin_the_rows(counter, writer):
    counter = copy.copy(counter)
    for prompt in (Own(4), Given(counting(30, seed=4), 4)):
        counter.prompt = prompt
        rows = counter.sample(300, rng(1))
        assert rows.shape == (300, BLOCK)
        assert ((rows[:, :4] - rows[:, :1]) % V == np.arange(4)).all()
        assert len(np.unique(rows[:, 0])) > 6
    assert nothing(writer.train_, 7, rng()).shape == (7, 0)


def test_a_whole_block_prompts_the_next(counter):
    rows = counter.sample(len(counter.train_), rng(1))  # no `end`: whole blocks of its own, each once
    assert rows.shape == (len(counter.train_), BLOCK)
    prompts = Own(BLOCK)(counter.train_, len(counter.train_), rng(1))
    assert np.array_equal(np.sort(prompts, axis=0), np.sort(counter.train_, axis=0))


# --- decoders --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decoder", "settings"),
    [
        (Sampling(temperature=0), {}),
        (Sampling(temperature=0, repetition_penalty=1.3), {"repetition_penalty": 1.3}),
        (Beams(1), {}),
        (Beams(5), {"num_beams": 5}),
        (Beams(5, repetition_penalty=3.0), {"num_beams": 5, "repetition_penalty": 3.0}),
    ],
    ids=str,
)
def test_decoders_write_what_transformers_writes(decoder, settings):
    model = exact(pocket().fit(rng(3).integers(V, size=(64, BLOCK)), rng()))  # unsure of everything: many near-ties
    prompts = rng(4).integers(V, size=(40, 6))
    ours = model.write(prompts, 9, rng(), decoder=decoder)
    tokens = torch.as_tensor(prompts)
    theirs = model.network_.generate(
        tokens,
        attention_mask=torch.ones_like(tokens),
        do_sample=False,
        min_new_tokens=9,
        max_new_tokens=9,
        pad_token_id=0,
        **settings,
    )
    assert np.array_equal(ours, theirs.numpy()[:, 6:])


def test_sampling_draws_each_token_with_its_probability(counter):
    model = pocket().fit(rng(3).integers(V, size=(64, BLOCK)), rng())
    prompt, n = np.array([[3, 1, 4]]), 20_000
    with torch.no_grad():
        logits = model.network_(torch.as_tensor(prompt)).logits[0, -1].double().numpy()
    p = np.exp(logits - logits.max())
    p /= p.sum()
    sharp = p**2 / (p**2).sum()
    rank = np.argsort(np.argsort(-p))
    nucleus = np.cumsum(np.sort(p)[::-1]) - np.sort(p)[::-1] < 0.6
    cases = [
        (Sampling(), p),
        (Sampling(temperature=0.5), sharp),
        (Sampling(top_k=3), np.where(rank < 3, p, 0)),
        (Sampling(top_k=99), p),
        (Sampling(top_p=0.6), np.where(nucleus[rank], p, 0)),
    ]
    for decoder, expected in cases:
        expected = expected / expected.sum()
        drawn = model.write(prompt.repeat(n, axis=0), 1, rng(8), decoder=decoder)[:, 0]
        share = np.bincount(drawn, minlength=V) / n
        assert (share[expected == 0] == 0).all()
        assert (np.abs(share - expected) <= 6 * np.sqrt(expected * (1 - expected) / n)).all(), decoder


def test_the_memory_of_past_tokens_changes_nothing(counter):
    counter = exact(counter)
    prompts = counting(20, seed=9)[:, :3]
    greedy = Sampling(temperature=0)
    at_once = counter.write(prompts, 6, rng(), decoder=greedy)
    text = prompts
    for _ in range(6):
        text = np.concatenate([text, counter.write(text, 1, rng(), decoder=greedy)], axis=1)
    assert np.array_equal(text[:, 3:], at_once)


@pytest.mark.parametrize("decoder", [Sampling(), Sampling(temperature=0), Beams(4)], ids=str)
def test_after_the_end_comes_the_end(writer, decoder):
    written = writer.write(sentences(60)[:, :1], 9, rng(), decoder=decoder)
    after = np.cumsum(written == 0, axis=1) - (written == 0) > 0
    assert (written[after] == 0).all()


def test_beams_find_what_greed_misses():
    class Network(torch.nn.Module):
        """Token 1 looks best, and then all is equal; after token 2 comes 3 for certain."""

        config = transformers.OPTConfig(
            vocab_size=8, hidden_size=4, num_attention_heads=1, num_hidden_layers=1, max_position_embeddings=8
        )

        def forward(self, tokens, cache, **settings):
            logits = torch.zeros(len(tokens), 1, 8)
            last = tokens[:, -1]
            logits[last == 0, 0] = torch.tensor([-99, 1.0, 0.9, -99, -99, -99, -99, -99])
            logits[last == 2, 0, 3] = 99
            return transformers.modeling_outputs.CausalLMOutputWithPast(logits=logits)

    start = torch.zeros(3, 1, dtype=torch.int64)
    beams = Beams(2)
    step = pytest.MonkeyPatch()
    step.setattr("collapse_lessons.models.decoding._Steps.reorder", lambda self, *rows: None)  # it remembers nothing
    try:
        assert beams(Network(), start, 2).tolist() == [[2, 3]] * 3
    finally:
        step.undo()
    assert Sampling(temperature=0)(Network(), start, 2, torch.Generator())[:, 0].tolist() == [1] * 3


def test_the_penalty_is_keskars():
    scores = torch.tensor([[2.0, -2.0, 1.0, -1.0]])
    assert penalise(scores, torch.tensor([[0, 1, 1]]), 2.0).tolist() == [[1.0, -4.0, 1.0, -1.0]]
    assert penalise(scores, torch.tensor([[0]]), 1.0) is scores


# --- files -----------------------------------------------------------------------------------------------------------


def test_saved_and_loaded_it_is_the_same(counter, tmp_path):
    counter.save(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert {path.suffix for path in tmp_path.iterdir()} <= {".safetensors", ".json", ".npy"}, names
    for again in (pocket().load(tmp_path), CausalLM.from_checkpoint(tmp_path)):
        assert np.array_equal(again.sample(20, rng(5)), counter.sample(20, rng(5)))
        assert np.array_equal(again.train_, counter.train_)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path)
    assert torch.equal(theirs.lm_head.weight, counter.network_.lm_head.weight)


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: pocket().fit(np.empty((0, 8), dtype=int), rng()), ValueError, "X must have at least 1 row"),
        (lambda m: pocket().fit(counting(4)[0], rng()), ValueError, r"X must be an array of shape \(n, block\)"),
        (lambda m: pocket().fit(counting(4) + 0.5, rng()), TypeError, "X must hold integer token ids"),
        (lambda m: pocket().fit(counting(4) + V, rng()), ValueError, "X must hold tokens from 0 to 11, got 12 to"),
        (lambda m: pocket().fit(counting(4) - 1, rng()), ValueError, "X must hold tokens from 0 to 11, got -1 to"),
        (lambda m: pocket(context=8).fit(counting(4), rng()), ValueError, "X must have rows of 2 to 8 tokens, got 10"),
        (lambda m: pocket().fit(counting(4), 3), TypeError, "rng must be a numpy.random.Generator"),
        (lambda m: diverging().fit(counting(4), rng()), ValueError, "learning_rate must be low enough to converge"),
        (lambda m: pocket().sample(3, rng()), ValueError, "model must be fitted"),
        (lambda m: pocket().surprise(counting(3)), ValueError, "model must be fitted"),
        (lambda m: pocket().save("nowhere"), ValueError, "model must be fitted"),
        (lambda m: m.sample(0, rng()), ValueError, "n must be a whole number of at least 1"),
        (lambda m: m.surprise(counting(3) + 5), ValueError, "raise vocabulary or use the tokenizer"),
        (lambda m: Own(BLOCK + 1)(m.train_, 3, rng()), ValueError, "at most a block of 10 tokens, got 11"),
        (lambda m: m.write(counting(3), BLOCK + 1, rng()), ValueError, "length must be at most 10 after such prompts"),
        (lambda m: m.write(counting(3)[:, :0], 3, rng()), ValueError, "prompts must have at least 1 row"),
        (lambda m: m.write(counting(3), 0, rng()), ValueError, "length must be a whole number of at least 1"),
        (lambda m: Own(0), ValueError, "length must be a whole number of at least 1, got 0: to start from nothing"),
        (lambda m: Given(np.array([1, 2]), 1), ValueError, r"rows must be an array of shape \(n, block\)"),
        (lambda m: Beams(0), ValueError, "width must be a whole number of at least 1, got 0: 5 beams are common"),
        (lambda m: Beams(2, 0.5), ValueError, "repetition_penalty must be a number from 1 to 10"),
        (lambda m: Sampling(temperature=-1), ValueError, "temperature must be a number from 0 to 10"),
        (lambda m: Sampling(top_k=0), ValueError, "top_k must be a whole number of at least 1"),
        (lambda m: Sampling(top_p=0), ValueError, "top_p must be a number from 1e-09 to 1"),
        (lambda m: Training(epochs=0), ValueError, "epochs must be a whole number of at least 1"),
        (lambda m: Training(learning_rate=0), ValueError, "learning_rate must be a number from"),
        (lambda m: Training(batch=0.5), TypeError, "batch must be a whole number"),
        (lambda m: CausalLM(1), ValueError, "vocabulary must be a whole number of at least 2"),
        (lambda m: pocket(heads=3), ValueError, "width must be a multiple of heads, 3, got 16"),
        (lambda m: pocket(end=V), ValueError, "end must be a token below 12, got 12"),
        (lambda m: pocket(dropout=1), ValueError, "dropout must be a number from 0 to 0.99"),
        (lambda m: pocket(precision="bf16"), ValueError, "precision must be one of torch.float32"),
        (lambda m: pocket(device="abacus"), ValueError, "device must be one that torch finds here"),
        (lambda m: pocket(validation=counting(3) + V), ValueError, "validation must hold tokens"),
        (lambda m: pocket(decoder="beams"), TypeError, r"decoder must be a function such as Sampling\(\)"),
        (lambda m: pocket(decoder=Beams), TypeError, "decoder must be a function"),
        (lambda m: pocket(training={"epochs": 3}), TypeError, r"training must be a Training, got \{'epochs': 3\}"),
        (lambda m: pocket(prompt=nothing).fit(counting(4), rng()).sample(2, rng()), ValueError, "prompt must not be"),
    ],
)
def test_bad_input(counter, call, error, message):
    with pytest.raises(error, match=message):
        call(counter)


def test_a_checkpoint_of_another_shape(counter, tmp_path):
    counter.save(tmp_path)
    with pytest.raises(ValueError, match=r"width must be that of the checkpoint .*, 16, got 32: .*from_checkpoint"):
        pocket(width=32).load(tmp_path)
    with pytest.raises(ValueError, match="vocabulary must be that of the checkpoint"):
        CausalLM.from_checkpoint(tmp_path, vocabulary=V + 1)
    with pytest.raises(OSError, match="nowhere"):
        CausalLM.from_checkpoint(tmp_path / "nowhere")


def test_the_fingerprint_is_that_of_the_weights(counter, tmp_path):
    assert pocket().fingerprint() is None
    counter.save(tmp_path)
    assert pocket().load(tmp_path).fingerprint() == counter.fingerprint()
    assert copy.deepcopy(counter).fit(counting(8), rng()).fingerprint() != counter.fingerprint()


def test_a_base_without_rows_is_saved_and_loaded_without(counter, tmp_path):
    counter.save(tmp_path)
    (tmp_path / "train.npy").unlink()
    base = copy.deepcopy(counter).load(tmp_path)
    assert not hasattr(base, "train_")
    base.save(tmp_path / "again")
    assert CausalLM.from_checkpoint(tmp_path / "again").fingerprint() == counter.fingerprint()


# --- draws -----------------------------------------------------------------------------------------------------------


def test_a_draw_takes_each_token_with_its_probability():
    probs = torch.tensor([0.5, 0.0, 0.25, 0.25, 0.0]).repeat(8, 1)
    eighths = torch.arange(8)[:, None] / 8
    assert draw_from(probs, eighths).flatten().tolist() == [0, 0, 0, 0, 2, 2, 3, 3]


def test_a_draw_near_one_takes_no_impossible_token():
    probs = torch.cat([torch.full((1, 3), 1 / 3), torch.zeros(1, 2)], dim=1)
    for draw in (1 - 2**-24, 1.0):
        assert draw_from(probs, torch.tensor([[draw]])).item() == 2


@pytest.mark.parametrize("name", ["counter", "writer"])
def test_samples_do_not_depend_on_how_many_are_written_at_once(name, request):
    model = exact(request.getfixturevalue(name))
    together = model.sample(200, rng(4))
    model.rows_at_once = 16
    assert np.array_equal(model.sample(200, rng(4)), together)


# --- memory ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(monkeypatch):
    """A device whose memory holds so many rows at once: set `card.rows`."""
    forward = transformers.OPTForCausalLM.forward

    class Card:
        rows = 10**9
        error = torch.OutOfMemoryError("no more")

    @functools.wraps(forward)
    def limited(network, tokens, *rest, **named):
        if len(tokens) > Card.rows:
            raise Card.error
        return forward(network, tokens, *rest, **named)

    monkeypatch.setattr(transformers.OPTForCausalLM, "forward", limited)
    return Card


def test_where_memory_runs_out_it_goes_on_with_fewer_rows_and_learns_the_same(card, monkeypatch, capsys):
    whole = gradients(monkeypatch, counting(64))
    card.rows = 5
    spared = gradients(monkeypatch, counting(64))
    assert capsys.readouterr().out.splitlines() == [
        "Memory ran out with 16 rows at once: going on with 8.",
        "Memory ran out with 8 rows at once: going on with 4.",
    ]
    assert len(whole) == 8
    assert alike(spared, whole)


@pytest.mark.parametrize("decoder", [Sampling(), Sampling(top_p=0.9), Beams(2)])
def test_where_memory_runs_out_it_writes_and_reads_the_same(card, counter, decoder, capsys):
    model = exact(counter)
    model.decoder = decoder
    X = counting(40, seed=3)
    written, surprise = model.sample(40, rng(4)), model.surprise(X)
    card.rows = 9
    assert np.array_equal(model.sample(40, rng(4)), written)
    np.testing.assert_allclose(model.surprise(X), surprise, atol=1e-4)
    assert "Memory ran out with 40 rows at once: going on with 20." in capsys.readouterr().out


def test_where_not_even_one_row_fits_it_says_what_would(card, counter):
    card.rows = 0
    with pytest.raises(torch.OutOfMemoryError) as refused:
        copy.deepcopy(counter).sample(3, rng())
    assert "Not even one row fits into memory: use shorter blocks" in refused.value.__notes__[0]


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory: you tried to"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 123456789 bytes."),
        RuntimeError("MPS backend out of memory (MPS allocated: 8.95 GB, max allowed: 9.07 GB)."),
        MemoryError(),
    ],
    ids=["card", "Linux", "Windows", "Apple", "NumPy"],
)
def test_where_memory_runs_out_on_any_device_it_goes_on_with_fewer_rows(card, counter, error, capsys):
    whole = copy.deepcopy(counter).sample(12, rng())
    card.rows, card.error = 5, error
    model = copy.deepcopy(counter)
    assert np.array_equal(model.sample(12, rng()), whole)
    assert model.rows_at_once == 3
    assert "Memory ran out with 12 rows at once: going on with 6." in capsys.readouterr().out


def test_another_error_is_not_taken_for_memory(card, counter):
    card.rows, card.error = 0, RuntimeError("mat1 and mat2 shapes cannot be multiplied")
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        copy.deepcopy(counter).sample(3, rng())


def test_after_training_no_gradient_is_kept(counter):
    model = copy.deepcopy(counter).fit(counting(8), rng())
    assert all(weights.grad is None for weights in model.network_.parameters())


def test_a_narrow_type_holds_what_is_written(counter):
    X = counting(40).astype(np.uint8)
    wide = CausalLM(300, context=2 * BLOCK, width=16, heads=2, first=Training(1, 1e-2, 16), end=None)
    rows = wide.fit(X, rng()).sample(200, rng())
    assert rows.max() > 255, "a model that has hardly learned writes of all its tokens"
    assert pocket().fit(X, rng()).sample(3, rng()).dtype == np.uint8


@pytest.mark.parametrize(
    "laid",
    [
        lambda X: X.astype(">i4"),
        lambda X: X[::-1].copy()[::-1],
        lambda X: np.asfortranarray(X),
        lambda X: X.repeat(2, axis=0)[::2],
        lambda X: np.ma.array(X),
        np.ndarray.tolist,
    ],
    ids=["big-endian", "backwards", "columns first", "every other row", "nothing hidden", "list"],
)
def test_rows_may_lie_in_memory_in_any_way(counter, laid):
    X = counting(8)
    assert np.array_equal(counter.surprise(laid(X)), counter.surprise(X), equal_nan=True)
    assert np.array_equal(counter.write(laid(X), 3, rng()), counter.write(X, 3, rng()))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (lambda shape: torch.zeros(shape), f"integers from 0 to {V - 1}, got torch.float32 from 0 to 0"),
        (lambda shape: torch.full(shape, V), f"integers from 0 to {V - 1}, got torch.int64 from {V} to {V}"),
        (lambda shape: torch.full(shape, -1), f"integers from 0 to {V - 1}, got torch.int64 from -1 to -1"),
    ],
)
def test_what_a_decoder_of_ones_own_returns_is_tokens(counter, written, message):
    """Others went into the rows as they were, and were told to the next generation."""
    with pytest.raises(ValueError, match=f"decoder must return {message}: see models.decoding"):
        counter.write(counting(2), 3, rng(), decoder=lambda n, rows, length, g, end: written((len(rows), length)))


CALLS = [
    (lambda d, n, p, g: d(3, p, 4, g), TypeError, "network must be a language model of transformers, got 3"),
    (lambda d, n, p, g: d(n, p.numpy(), 4, g), TypeError, "prompts must be a tensor of token ids, int64"),
    (lambda d, n, p, g: d(n, p.float(), 4, g), TypeError, "prompts must be a tensor of token ids, int64"),
    (lambda d, n, p, g: d(n, p[0], 4, g), TypeError, "prompts must be a tensor of token ids, int64"),
    (lambda d, n, p, g: d(n, p[:0], 4, g), TypeError, "prompts must be a tensor of token ids, int64"),
    (lambda d, n, p, g: d(n, p, 0, g), ValueError, "length must be a whole number of at least 1, got 0"),
    (lambda d, n, p, g: d(n, p, 2.5, g), TypeError, "length must be a whole number"),
    (lambda d, n, p, g: d(n, p, 4, g, "stop"), TypeError, "end must be a whole number from 0 to 11, got 'stop'"),
]


@pytest.mark.parametrize("decoder", [Sampling(), Beams(2)], ids=str)
@pytest.mark.parametrize(("call", "error", "message"), CALLS)
def test_decoders_say_what_they_were_called_with(counter, decoder, call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call(decoder, counter.network_, torch.tensor([[1, 2]]), torch.Generator())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: Sampling()(m.network_, torch.tensor([[1]]), 2, 3), TypeError, "generator must be a Generator"),
        (lambda m: draw_from([0.5, 0.5], torch.rand(1, 1)), TypeError, "probs must be a tensor of floats"),
        (lambda m: draw_from(torch.rand(2, 3), torch.rand(3, 1)), TypeError, "draws must be a tensor of floats"),
        (lambda m: penalise(torch.rand(1, 3), [[1]], 2.0), TypeError, "text must be a tensor"),
        (lambda m: penalise(3, torch.tensor([[1]]), 2.0), TypeError, "scores must be a tensor"),
        (lambda m: penalise(torch.rand(1, 3), torch.tensor([[1]]), 0), ValueError, "penalty must be a number from 1"),
        (lambda m: nothing("text", 3, rng()), TypeError, "train must be an array"),
        (lambda m: nothing(counting(3), 0, rng()), ValueError, "n must be a whole number of at least 1"),
        (lambda m: Own(3)("text", 3, rng()), TypeError, "train must be an array"),
        (lambda m: Own(3)(counting(4), 0, rng()), ValueError, "n must be a whole number of at least 1"),
        (lambda m: Own(3)(counting(4), 2, None), TypeError, "rng must be a numpy.random.Generator, got None"),
        (lambda m: Given(counting(3) + 0.5, 2), TypeError, "rows must hold integers"),
        (lambda m: CausalLM(V, prompt=3), TypeError, r"prompt must be a function prompt\(train, n, rng\), got 3"),
        (lambda m: CausalLM(V, prompt=Own), TypeError, "prompt must be a function"),
        (lambda m: CausalLM(V, progress=3), TypeError, "progress must be a function, got 3"),
        (lambda m: CausalLM(V, device=3), TypeError, "device must be a string, got 3"),
        (lambda m: CausalLM(V, writing="half"), ValueError, "writing must be one of torch.float32"),
        (lambda m: CausalLM(V, dropout="some"), TypeError, "dropout must be a number from 0 to 0.99"),
        (lambda m: m.write("text", 3, rng()), TypeError, "prompts must be an array"),
        (lambda m: m.write(counting(3)[:, :4], 3, rng(), decoder="beams"), TypeError, "decoder must be a function"),
        (lambda m: m.write(counting(3)[:, :4], 3, rng(), decoder=lambda *call: None), TypeError,
         r"decoder must return a tensor of tokens of shape \(3, 3\), got None"),
        (lambda m: Sampling()(m.network_, torch.ones(2, 4, dtype=int), 99, None), ValueError,
         "length must be at most 17 after prompts of 4 tokens, since the network reads 20, got 99"),
        (lambda m: Beams()(m.network_, torch.ones(2, 4, dtype=int), 3, end=V), ValueError,
         "end must be a whole number from 0 to 11, got 12"),
        (lambda m: m.save(3), TypeError, "folder must be a path, got 3"),
        (lambda m: m.save(__file__), NotADirectoryError, "folder must be a folder, got test_language.py, which"),
        (lambda m: m.load(3), TypeError, "folder must be a path, got 3"),
        (lambda m: CausalLM.from_checkpoint(""), ValueError, "folder must be a path, got ''"),
        (lambda m: CausalLM.from_checkpoint("a", revision=3), TypeError, "revision must be a string, got 3"),
        (lambda m: pocket(prompt=lambda t, n, g: t[:1, :2]).fit(counting(4), rng()).sample(3, rng()), ValueError,
         r"prompt must return 3 rows of tokens, got shape \(1, 2\)"),
    ],
)  # fmt: skip
def test_wrong_kinds_are_named(counter, call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call(counter)


def test_a_network_that_was_saved_leaves_out_what_it_left_out_before(tmp_path):
    """A resumed run had dropout in its attention too, and went another way."""
    model = pocket(end=0, dropout=0.1).fit(sentences(20), rng())
    model.save(tmp_path)
    again = pocket(end=0, dropout=0.1).load(tmp_path)
    shares = [
        {name: value for name, value in vars(m.network_.config).items() if name.endswith(("dropout", "layerdrop"))}
        for m in (model, again)
    ]
    assert shares[0] == shares[1]
    assert set(shares[0].values()) == {0.0, 0.1}
    surprises = [m.fit(sentences(20), rng(1)).surprise(sentences(5)) for m in (model, again)]
    assert np.array_equal(*surprises, equal_nan=True)


def test_each_of_several_processes_saves_its_own_model(tmp_path):
    """transformers writes in process 0 alone, so that a chain in another one lost its weights."""
    from torch.testing._internal.distributed.fake_pg import FakeStore

    model = pocket(end=0).fit(sentences(20), rng())
    torch.distributed.init_process_group("fake", rank=1, world_size=2, store=FakeStore())
    try:
        model.save(tmp_path)
    finally:
        torch.distributed.destroy_process_group()
    assert pocket(end=0).load(tmp_path).fingerprint() == model.fingerprint()
