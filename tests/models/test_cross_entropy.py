"""The loss, a part at a time, beside PyTorch's own."""

import pytest

pytest.importorskip("torch")

import torch

from collapse_lessons.models import cross_entropy as module
from collapse_lessons.models.cross_entropy import cross_entropy


def losses_and_gradient(loss, logits, targets, weights):
    """Return the losses and, for their sum weighted by how much each counts, the gradient of the logits."""
    logits = logits.clone().requires_grad_()
    losses = loss(logits, targets)
    (losses * weights).sum().backward()
    return losses.detach(), logits.grad


def pytorch(logits, targets):
    return torch.nn.functional.cross_entropy(logits.float(), targets, reduction="none")


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    monkeypatch.setattr(module, "LOGITS_AT_ONCE", 64 * 300)


@pytest.mark.parametrize("n", [1, 64, 135])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float32, 1e-6), (torch.bfloat16, 2**-8), (torch.float16, 2**-11)]
)
def test_losses_and_gradients_are_pytorch_s(n, dtype, tolerance):
    """To the last digits of single precision; the gradient to one step of the logits' own precision."""
    generator = torch.Generator().manual_seed(n)
    logits = (5 * torch.randn(n, 300, generator=generator)).to(dtype)
    targets = torch.randint(300, (n,), generator=generator)
    weights = torch.rand(n, generator=generator)
    weights[::3] = 0  # filler does not count
    losses, gradient = losses_and_gradient(cross_entropy, logits, targets, weights)
    wanted, wanted_gradient = losses_and_gradient(pytorch, logits, targets, weights)
    assert losses.dtype == torch.float32
    torch.testing.assert_close(losses, wanted, rtol=1e-5, atol=1e-5)
    assert gradient.dtype == dtype
    torch.testing.assert_close(gradient, wanted_gradient, rtol=2 * tolerance, atol=1e-7)
    assert (gradient[::3] == 0).all()


def test_what_is_certain_and_what_is_impossible():
    """No overflow: large logits are subtracted before they are raised."""
    logits = torch.tensor([[1e4, 0.0, -1e4], [1e4, 0.0, -1e4]])
    assert cross_entropy(logits, torch.tensor([0, 2])).tolist() == [0, 2e4]


def test_it_keeps_nothing_of_the_size_of_the_logits_but_these():
    logits = torch.randn(200, 1000, requires_grad=True)
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(
        lambda saved: kept.append(saved.numel()) or saved, lambda saved: saved
    ):
        cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long))
    assert sorted(kept) == [len(logits), len(logits), logits.numel()]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"logits": torch.zeros(3)}, "logits must be floating-point numbers of shape .* got torch.float32 of shape"),
        ({"logits": torch.zeros(2, 3, dtype=torch.int64)}, "logits must be floating-point numbers .* got torch.int64"),
        ({"logits": torch.zeros(0, 3)}, "logits must be floating-point numbers"),
        ({"targets": torch.zeros(3, dtype=torch.int64)}, r"targets must be int64 of shape \(2,\), got"),
        ({"targets": torch.zeros(2)}, "targets must be int64"),
        ({"targets": torch.tensor([0, 3])}, "targets must be tokens from 0 to 2, got 0 to 3"),
        ({"targets": torch.tensor([-1, 0])}, "targets must be tokens from 0 to 2, got -1 to 0"),
    ],
)
def test_bad_input(change, message):
    given = {"logits": torch.zeros(2, 3), "targets": torch.zeros(2, dtype=torch.int64)}
    with pytest.raises(ValueError, match=message):
        cross_entropy(**given | change)
