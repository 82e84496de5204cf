"""Scores of one system on one set of rows, with bootstrap intervals. Takes and gives plain values; touches no file.

F1 of a class is 2·TP / (rows of gold + rows predicted); where both are 0 it is undefined, written None, never 0.
Macro-F1 is the mean of F1 over the labels given (those in the gold of train and test) where F1 is defined. As a model
predicts no label that it was not trained on, this is scikit-learn's `f1_score(average="macro")` on the same rows.

Intervals are percentile bootstrap (Efron & Tibshirani 1993, chapter 13): groups of rows are drawn with replacement, as
many as there are; rows of one group (copies, an article's several targets) are not independent and go together.
"""

from collections.abc import Iterator, Sequence
from operator import eq

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score, jaccard_score, multilabel_confusion_matrix
from sklearn.preprocessing import MultiLabelBinarizer

from baselines.examples import labels_of

AT_A_TIME = 2**18
"""Draws worked on at a time."""
Interval = tuple[float, float] | None
"""Low and high; None with fewer than two groups, or where no resample defines the value."""


class ClassScores(Struct, frozen=True):
    """One label: shares from 0 to 1, None where undefined; rows of gold (`support`) and rows given this label."""

    label: str
    precision: float | None
    recall: float | None
    f1: float | None
    f1_interval: Interval
    support: int
    predicted: int


class Several(Struct, frozen=True):
    """Where a text may have several labels: F1 of all labels pooled; the means over texts of F1 and of the Jaccard index.

    A text that has no label, and was given none, counts as 1. `confusion`: of each label, in the order of `classes`, the rows
    [[rightly not given, wrongly given], [missed, rightly given]].
    """

    micro_f1: float
    samples_f1: float
    jaccard: float
    confusion: list[list[list[int]]]


class Scores(Struct, frozen=True, omit_defaults=True):
    """One system on one set. `confusion[i][j]`: rows of gold label i given label j, in the order of `classes`.

    Where a text may have several labels, `accuracy` is the share of texts whose labels are all right and no others, and
    confusion is in `several`, label by label.
    """

    rows: int
    groups: int
    accuracy: float | None
    macro_f1: float | None
    macro_f1_interval: Interval
    classes: list[ClassScores]
    confusion: list[list[int]]
    several: Several | None = None


def score(
    gold: Sequence[str],
    predicted: Sequence[str],
    groups: Sequence[str],
    labels: Sequence[str],
    seed: int = 1,
    resamples: int = 1000,
    several: bool = False,
) -> Scores:
    """Score predictions against gold.

    Args:
        gold: the true label of each row, or labels, as `examples.labels_of` reads them.
        predicted: the label, or labels, given to each row.
        groups: the group of each row; rows of one group are resampled together.
        labels: every label that gold or a prediction may hold, in the order to report.
        seed: of the resampling.
        resamples: how many; intervals hold the middle 95% of them.
        several: whether a row may have several labels.

    Raises:
        ValueError: the sequences differ in length, or a label is not in `labels`.
    """
    if not len(gold) == len(predicted) == len(groups):
        raise ValueError(f"gold, predicted and groups differ in length: {len(gold)}, {len(predicted)}, {len(groups)}")
    if unknown := {label for row in (*gold, *predicted) for label in labels_of(row)} - {*labels}:
        raise ValueError(f"labels {sorted(unknown)} are not among {list(labels)}")
    found = counts(gold, predicted, groups, labels)
    f1 = _f1(found.sum(axis=0))
    intervals = _intervals(found, seed, resamples)
    return Scores(
        rows=len(gold),
        groups=len(found),
        accuracy=_ratio(sum(map(eq, gold, predicted)), len(gold)),
        macro_f1=_mean(f1),
        macro_f1_interval=intervals[-1],
        classes=_by_label(labels, found.sum(axis=0), intervals),
        confusion=confusion_matrix(gold, predicted, labels=list(labels)).tolist() if len(gold) and not several else [],
        several=_several(gold, predicted, labels) if len(gold) and several else None,
    )


def _by_label(labels: Sequence[str], sums: NDArray[np.int64], intervals: Sequence[Interval]) -> list[ClassScores]:
    hits, support, given = sums
    return [
        ClassScores(
            label=label,
            precision=_ratio(hits[i], given[i]),
            recall=_ratio(hits[i], support[i]),
            f1=_ratio(2 * hits[i], support[i] + given[i]),
            f1_interval=intervals[i],
            support=int(support[i]),
            predicted=int(given[i]),
        )
        for i, label in enumerate(labels)
    ]


def counts(gold: Sequence[str], predicted: Sequence[str], groups: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
    """Rows per group: right, of gold, predicted; by label. Shape (groups, 3, labels). F1 needs no more than this."""
    column = {label: i for i, label in enumerate(labels)}
    row = {group: i for i, group in enumerate(sorted(set(groups)))}
    found = np.zeros((len(row), 3, len(labels)), dtype=np.int64)
    for true, guess, group in zip(gold, predicted, groups, strict=True):
        ours, theirs = labels_of(true), labels_of(guess)
        for number, some in enumerate(([label for label in ours if label in theirs], ours, theirs)):
            for label in some:
                found[row[group], number, column[label]] += 1
    return found


def _several(gold: Sequence[str], predicted: Sequence[str], labels: Sequence[str]) -> Several:
    binary = MultiLabelBinarizer(classes=list(labels))
    binary.fit([])
    sides = [binary.transform([labels_of(row) for row in rows]) for rows in (gold, predicted)]
    micro, samples = (f1_score(*sides, average=how, zero_division=1.0) for how in ("micro", "samples"))
    jaccard = jaccard_score(*sides, average="samples", zero_division=1.0)
    return Several(float(micro), float(samples), float(jaccard), multilabel_confusion_matrix(*sides).tolist())


def macro(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Macro-F1 of sums of `counts`, (…, 3, labels) → (…): what `paired` resamples. 0 where no row has or is given a label."""
    f1 = _f1(sums)
    value: NDArray[np.float64] = np.nansum(f1, axis=-1) / np.maximum((~np.isnan(f1)).sum(axis=-1), 1)
    return value


def _f1(counts: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 by label, NaN where undefined: (…, 3, labels) → (…, labels)."""
    hits, either = counts[..., 0, :], counts[..., 1, :] + counts[..., 2, :]
    f1: NDArray[np.float64] = np.divide(2 * hits, either, out=np.full(either.shape, np.nan), where=either > 0)
    return f1


def _intervals(counts: NDArray[np.int64], seed: int, resamples: int) -> list[Interval]:
    """The 95% interval of each label's F1, and last of macro-F1."""
    groups, _, labels = counts.shape
    if groups < 2:
        return [None] * (labels + 1)
    flat = counts.reshape(groups, -1)
    drawn = np.vstack([draws @ flat for draws in resampled(groups, seed, resamples)]).reshape(resamples, 3, labels)
    f1 = _f1(drawn)
    return [middle(values[~np.isnan(values)]) for values in (*f1.T, macro(drawn))]


def resampled(groups: int, seed: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    """How often each group is drawn, with replacement, in each resample: blocks of shape (some resamples, groups).

    Memory: about AT_A_TIME numbers, or one resample's.
    """
    random = np.random.default_rng(seed)
    rows = max(1, AT_A_TIME // groups)
    for done in range(0, resamples, rows):
        block = min(rows, resamples - done)
        drawn = random.integers(groups, size=(block, groups)) + groups * np.arange(block)[:, None]
        yield np.bincount(drawn.ravel(), minlength=block * groups).reshape(block, groups)


def middle(values: NDArray[np.float64]) -> Interval:
    """The interval that holds the middle 95% of resampled values; None if there are none."""
    if not values.size:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _mean(f1: NDArray[np.float64]) -> float | None:
    defined = f1[~np.isnan(f1)]
    return float(defined.mean()) if defined.size else None


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None
