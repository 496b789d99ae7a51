"""theory.denoising: the best denoiser against a simulation, and what a walk along it ends at."""

import numpy as np
import pytest

from collapse_lessons import theory

POINTS = np.array([[0.0, 1.0], [2.0, 0.0], [-1.0, -1.0]])


def walk(noise, points, steps=20):
    """Return where noise ends up, as `Flow` walks: towards the prediction, a straight line at a time."""
    x = noise
    for step in range(steps):
        x = x + (theory.denoised(x, step / steps, points) - x) / (steps - step)
    return x


@pytest.mark.parametrize("t", [0.0, 0.3, 0.6])
def test_denoised_is_the_mean_of_the_points_behind_a_blend(t):
    """Of 2 million blends those within 0.1 of a place have this mean, to five standard errors and the window's 0.1."""
    rng = np.random.default_rng(0)
    which = rng.integers(3, size=2_000_000)
    blends = (1 - t) * rng.standard_normal((len(which), 2)) + t * POINTS[which]
    for place in np.array([[0.2, 0.1], [0.5, -0.3]]):
        near = np.linalg.norm(blends - place, axis=1) < 0.1
        mean, error = POINTS[which[near]].mean(axis=0), 5 * POINTS[which[near]].std(axis=0) / np.sqrt(near.sum())
        assert (np.abs(theory.denoised(place[None], t, POINTS)[0] - mean) < error + 0.02).all()


def test_from_pure_noise_it_is_the_mean_of_all_and_without_noise_the_point_itself():
    blends = np.array([[0.3, 0.4], [9.0, 9.0]])
    assert np.allclose(theory.denoised(blends, 0.0, POINTS), POINTS.mean(axis=0))
    assert np.allclose(theory.denoised(POINTS + 1e-7, 1.0, POINTS), POINTS)


def test_no_other_function_errs_less():
    """Its mean square error on fresh blends is below that of itself with any of these additions."""
    rng = np.random.default_rng(1)
    x = POINTS[rng.integers(3, size=100_000)]
    blends = 0.5 * rng.standard_normal(x.shape) + 0.5 * x
    best = theory.denoised(blends, 0.5, POINTS)
    for other in (best + 0.1, 0.9 * best, best + 0.1 * np.sin(3 * blends), x.mean(axis=0), blends):
        assert np.square(other - x).mean() > np.square(best - x).mean()


def test_a_walk_along_it_ends_at_the_points_and_at_nothing_else():
    rng = np.random.default_rng(2)
    points = rng.random((50, 30)) * 2 - 1
    ends = walk(rng.standard_normal((200, 30)), points)
    gap = np.linalg.norm(ends[:, None] - points, axis=2)
    assert np.median(gap.min(axis=1)) < 1e-6
    assert (gap.min(axis=1) < 1e-3).mean() > 0.97, "a walk may stop half way between two that lie close"
    assert len(set(gap.argmin(axis=1))) > 30


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="blends must have 2 columns, got 3: flatten both alike"):
        theory.denoised(np.zeros((4, 3)), 0.5, POINTS)
    with pytest.raises(ValueError, match=r"t must be .*, got 2"):
        theory.denoised(POINTS, 2, POINTS)
