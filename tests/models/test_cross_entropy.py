"""The loss, a part at a time, beside PyTorch's own."""

import pytest

pytest.importorskip("torch")

import torch

from collapse_lessons.models import cross_entropy
from collapse_lessons.models.cross_entropy import CrossEntropy


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
    monkeypatch.setattr(cross_entropy, "LOGITS_AT_ONCE", 64 * 300)


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
    losses, gradient = losses_and_gradient(CrossEntropy.apply, logits, targets, weights)
    wanted, wanted_gradient = losses_and_gradient(pytorch, logits, targets, weights)
    assert losses.dtype == torch.float32
    torch.testing.assert_close(losses, wanted, rtol=1e-5, atol=1e-5)
    assert gradient.dtype == dtype
    torch.testing.assert_close(gradient, wanted_gradient, rtol=2 * tolerance, atol=1e-7)
    assert (gradient[::3] == 0).all()


def test_what_is_certain_and_what_is_impossible():
    """No overflow: large logits are subtracted before they are raised."""
    logits = torch.tensor([[1e4, 0.0, -1e4], [1e4, 0.0, -1e4]])
    assert CrossEntropy.apply(logits, torch.tensor([0, 2])).tolist() == [0, 2e4]


def test_it_keeps_nothing_of_the_size_of_the_logits_but_these():
    logits = torch.randn(200, 1000, requires_grad=True)
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(
        lambda saved: kept.append(saved.numel()) or saved, lambda saved: saved
    ):
        CrossEntropy.apply(logits, torch.zeros(len(logits), dtype=torch.long))
    assert sorted(kept) == [len(logits), len(logits), logits.numel()]
