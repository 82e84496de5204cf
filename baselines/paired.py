"""How sure a score is, and whether one system beats another: resampling of counts by group. Touches no file.

A system is an array of counts (groups, …) whose sum over groups is all that its score needs. Groups, not rows, are drawn:
copies, or the articles of one claim, are not independent. Intervals are percentile bootstrap (Efron & Tibshirani 1993,
chapter 13). The p value is approximate randomisation (Noreen 1989; Yeh, COLING 2000): the two systems' counts of a group
change sides at random; p is the share of shuffles, the real one among them, whose difference is at least as large.
"""

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

from baselines.evaluate import AT_A_TIME, Interval, middle, resampled

Counts = NDArray[np.float64]
Score = Callable[[Counts], Counts]
"""Sums (resamples, …) → scores (resamples)."""


class Difference(Struct, frozen=True):
    """Score of the first system minus that of the second, its interval, and p, two-sided, of there being none."""

    difference: float
    interval: Interval
    p: float


def interval(counts: Counts, score: Score, seed: int = 1, resamples: int = 1000) -> Interval:
    """The 95% interval of a system's score.

    Args:
        counts: by group, shape (groups, …).
        score: of sums of counts.
        seed: of the resampling.
        resamples: how many.
    """
    return middle(score(_bootstrap(counts, seed, resamples))) if len(counts) > 1 else None


def compare(first: Counts, second: Counts, score: Score, seed: int = 1, resamples: int = 1000) -> Difference:
    """Compare two systems on the same rows, both resampled alike.

    Args:
        first: counts of the first system by group, shape (groups, …).
        second: the second's, with the same groups in the same order.
        score: of sums of counts.
        seed: of the resampling.
        resamples: of the bootstrap, and shuffles of the randomisation.

    Raises:
        ValueError: the shapes differ.
    """
    if first.shape != second.shape:
        raise ValueError(f"the systems have counts of different shapes: {first.shape}, {second.shape}")
    difference = float(score(first.sum(axis=0)[None])[0] - score(second.sum(axis=0)[None])[0])
    both = np.stack([first, second], axis=1)
    drawn = _bootstrap(both, seed, resamples)
    apart = middle(score(drawn[:, 0]) - score(drawn[:, 1])) if len(first) > 1 else None
    # Float error must not make a shuffle that changes nothing smaller than the real difference.
    extreme = np.abs(_shuffled(first, second, score, seed, resamples)) >= abs(difference) - 1e-12
    return Difference(difference, apart, float((extreme.sum() + 1) / (resamples + 1)))


def _bootstrap(counts: Counts, seed: int, resamples: int) -> Counts:
    """Sums of as many groups as there are, drawn with replacement: (resamples, …)."""
    flat = csr_array(counts.reshape(len(counts), -1))  # a group has few of the cells
    drawn = np.vstack([draws @ flat for draws in resampled(len(counts), seed, resamples)])
    return np.asarray(drawn.reshape(resamples, *counts.shape[1:]), dtype=np.float64)


def _shuffled(first: Counts, second: Counts, score: Score, seed: int, resamples: int) -> Counts:
    """Differences where each group's two counts have changed sides, or not, with equal chance: (resamples)."""
    random = np.random.default_rng(seed)
    change = csr_array((second - first).reshape(len(first), -1))
    rows = max(1, AT_A_TIME // len(first))
    parts = (min(rows, resamples - done) for done in range(0, resamples, rows))
    moved = np.vstack([random.integers(2, size=(part, len(first))) @ change for part in parts])
    moved = moved.reshape(resamples, *first.shape[1:])
    return score(first.sum(axis=0) + moved) - score(second.sum(axis=0) - moved)
