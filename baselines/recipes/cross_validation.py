"""What recipes learn from decisions out of fold: offsets that serve the metric, and probabilities. No files.

A decision is a real number for each example and label; the larger, the more the label is spoken for. Out of fold means that
the model which made it did not see the labels of the example's group.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fold = tuple[Ints, Ints]
"""Numbers of the examples to fit on, and of those held out."""
Score = Callable[[Floats], float]
"""Decisions → the metric's value."""

MOST_FOLDS = 5
BLOCKS = 10
"""Parts that a jackknife leaves out in turn."""
GRID = np.arange(-6, 7) / 10
"""Offsets that are tried, in units of decisions."""
_SMOOTH = np.array([1, 2, 1]) / 4
BINS = 10
SPREAD = 2.0
"""What decisions are multiplied by for odds where no calibration was learnt."""


def folds(strata: Sequence[str], groups: Sequence[str], seed: int) -> list[Fold]:
    """Grouped, stratified folds: five, or as many as the rarest stratum has examples, but two; none where that cannot be."""
    counts = Counter(strata)
    count = min(MOST_FOLDS, max(2, min(counts.values(), default=0)), len(set(groups)))
    if count < 2 or max(counts.values()) < count:
        return []
    split = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class")  # of a stratum of one: it is in one fold
        parts = list(split.split(np.zeros(len(strata)), list(strata), list(groups)))
    return [(train, held) for train, held in parts if len(train) and len(held)]


def tuned(decisions: Floats, rows: Sequence[Ints], score: Score) -> Floats:
    """Offsets for each set of rows and each label, by coordinate ascent on the score. Shape (sets, labels).

    The score along the grid is smoothed before its peak is taken (of equal ones the nearest to none): a peak that one
    example makes does not hold on other examples. The last label of each set keeps 0, as only differences count.
    """
    offsets = np.zeros((len(rows), decisions.shape[1]))
    shifted = decisions.copy()
    order = np.argsort(np.abs(GRID), kind="stable")
    for _ in range(2):
        for number, of_set in enumerate(rows):
            for label in range(decisions.shape[1] - 1):
                values = np.empty(len(GRID))
                for i, value in enumerate(GRID):
                    shifted[of_set, label] = decisions[of_set, label] + value
                    values[i] = score(shifted)
                smooth = np.convolve(np.pad(values, 1, mode="edge"), _SMOOTH, "valid").round(6)
                offsets[number, label] = GRID[order[smooth[order].argmax()]]
                shifted[of_set, label] = decisions[of_set, label] + offsets[number, label]
    return offsets


def standard_error(value: Callable[[Ints], float], groups: Sequence[str]) -> float:
    """How far a value of examples goes by chance: the grouped jackknife (Efron and Tibshirani, 1993, chapter 11).

    Args:
        value: numbers of examples → the value.
        groups: of the examples, two or more; those of a group are left out together.
    """
    _, number = np.unique(list(groups), return_inverse=True)
    block = number % BLOCKS
    without = np.array([value(np.flatnonzero(block != left)) for left in range(block.max() + 1)])
    return float(np.sqrt((len(without) - 1) * without.var()))


def calibrator(decisions: Floats, gold: Sequence[str]) -> LogisticRegression:
    """Decisions → probabilities: Platt's scaling for any number of labels, lightly held back."""
    return LogisticRegression(C=1.0, max_iter=1000).fit(decisions, list(gold))


def softmax(decisions: Floats) -> Floats:
    """Decisions as if they were log-odds: what stands before calibration."""
    raised = np.exp(decisions - decisions.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def calibration_error(probabilities: Floats, gold: Sequence[int]) -> float:
    """Expected calibration error of the most probable label, in ten bins of equal width (Guo et al., 2017): 0 to 1."""
    sure, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == np.asarray(gold)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, right - sure, BINS)
    return float(np.abs(gaps).sum() / len(sure))
