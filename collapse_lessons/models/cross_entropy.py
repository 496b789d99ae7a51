"""The surprise at each token, computed a part at a time, since a large vocabulary's logits fill much memory."""

import torch

LOGITS_AT_ONCE = 2**22  # 16 MB in single precision


class CrossEntropy(torch.autograd.Function):
    """-ln softmax(logits)[target] of each row, as `torch.nn.functional.cross_entropy` has it, in single precision.

    That one keeps the softmax in single precision and fills two more arrays of its size for the gradient: for 49,152
    words and 500 tokens 300 MB, at the point where a step of training needs the most. Here each part is computed anew.
    """

    @staticmethod
    def forward(ctx, logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the losses, shape (n,), float32, of logits, shape (n, vocabulary), of any precision."""
        normalizer = torch.cat([rows.float().logsumexp(dim=1) for rows in logits.split(_at_once(logits))])
        ctx.save_for_backward(logits, targets, normalizer)
        return normalizer - logits.gather(1, targets[:, None]).squeeze(1).float()

    @staticmethod
    def backward(ctx, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return the gradient of the logits: softmax less 1 at the target, times that of the loss."""
        logits, targets, normalizer = ctx.saved_tensors
        result = torch.empty_like(logits)
        every = (some.split(_at_once(logits)) for some in (logits, targets, normalizer, gradient, result))
        for rows, target, norm, above, into in zip(*every, strict=True):
            shares = rows.float().sub_(norm[:, None]).exp_()
            shares.scatter_add_(1, target[:, None], -torch.ones_like(norm[:, None]))
            into.copy_(shares.mul_(above[:, None]))
        return result, None


def _at_once(logits):
    """Return how many rows are a part."""
    return max(1, LOGITS_AT_ONCE // logits.shape[1])
