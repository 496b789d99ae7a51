"""The surprise at each token, computed a part at a time, since a large vocabulary's logits fill much memory."""

import torch

from collapse_lessons import checks

LOGITS_AT_ONCE = 2**22  # 16 MB in single precision


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return -ln softmax(logits)[target] of each row, as `torch.nn.functional.cross_entropy` has it, shape (n,).

    That one keeps the softmax in single precision and fills two more arrays of its size for the gradient: for 49,152
    words and 500 tokens 300 MB, at the point where a step of training needs the most. Here each part is computed anew.

    Parameters
    ----------
    logits : tensor of shape (n, vocabulary)
        Of any precision; the losses are in single precision.
    targets : int64 tensor of shape (n,)
        The right token of each row.
    """
    checks.instance("logits", logits, torch.Tensor, "pass what the network returns")
    checks.instance("targets", targets, torch.Tensor, "pass a token for each row of logits")
    if logits.ndim != 2 or not logits.is_floating_point() or 0 in logits.shape:
        raise ValueError(
            f"logits must be floating-point numbers of shape (n, vocabulary), got {logits.dtype} of shape "
            f"{tuple(logits.shape)}: flatten rows and places into one axis"
        )
    if targets.dtype != torch.int64 or targets.shape != logits.shape[:1]:
        raise ValueError(
            f"targets must be int64 of shape ({len(logits)},), got {targets.dtype} of shape {tuple(targets.shape)}: "
            "give a token for each row of logits"
        )
    if targets.min() < 0 or targets.max() >= logits.shape[1]:
        raise ValueError(
            f"targets must be tokens from 0 to {logits.shape[1] - 1}, got {targets.min()} to {targets.max()}: count "
            "the vocabulary"
        )
    return _Losses.apply(logits, targets)


class _Losses(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, targets):
        normalizer = torch.cat([rows.float().logsumexp(dim=1) for rows in logits.split(_at_once(logits))])
        ctx.save_for_backward(logits, targets, normalizer)
        return normalizer - logits.gather(1, targets[:, None]).squeeze(1).float()

    @staticmethod
    def backward(ctx, gradient):
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
