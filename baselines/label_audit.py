"""Which gold labels are doubtful: confident learning on predictions out of fold (Northcutt, Jiang and Chuang, 2021). No files.

A row is flagged where a label other than its gold reaches that label's threshold, the mean probability of the label over the
rows that have it, and is the most probable of those that reach theirs. Rows are ranked by normalised margin: the probability
of the gold less the highest of the others. Where a text may have several labels, each label is judged alone, and a row is as
doubtful as its most doubtful label (Thyagarajan, Snorrason, Northcutt and Mueller, 2022).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baselines.audits import Fitter
from baselines.examples import labels_of
from baselines.recipes import cross_validation
from baselines.results import Doubt
from baselines.rows import Row

MOST = 50


def doubts(fitter: Fitter, rows: Sequence[Row], question: str) -> list[Doubt]:
    """Every row, the most doubtful first; none where nothing can be held out.

    Args:
        fitter: of the question.
        rows: of all splits: labels are looked at again wherever they stand.
        question: its id.
    """
    kept, odds = _out_of_fold(fitter, rows)
    golds = [row.example.label for row in kept]
    judged = _several(fitter.labels, odds, golds) if fitter.task.kind == "multiple" else _single(fitter.labels, odds, golds)
    found = [
        Doubt(
            item_id=row.item_id,
            article_id=row.article_id,
            target=row.target,
            question=question,
            gold=" + ".join(labels_of(gold)),
            suggested=suggested,
            margin=round(margin, 4),
            flagged=flagged,
        )
        for row, gold, (suggested, margin, flagged) in zip(kept, golds, judged, strict=True)
    ]
    return sorted(found, key=ranked)


def _single(labels: Sequence[str], odds: NDArray[np.float64], golds: Sequence[str]) -> list[tuple[str, float, bool]]:
    """Of each row the most probable other label, the margin, and whether it is flagged."""
    gold = [labels.index(one) for one in golds]
    margins, flagged = confident(odds, gold)
    others = odds.copy()
    others[np.arange(len(gold)), gold] = -1.0
    suggested = [labels[i] for i in others.argmax(axis=1).tolist()]
    return list(zip(suggested, margins.tolist(), flagged.tolist(), strict=True))


def _several(labels: Sequence[str], odds: NDArray[np.float64], golds: Sequence[str]) -> list[tuple[str, float, bool]]:
    """As `_single`, each label judged alone, present or absent: the flagged ones are turned, else the most doubtful one."""
    has = np.array([[label in labels_of(gold) for label in labels] for gold in golds], dtype=bool).reshape(odds.shape)
    margins, flagged = np.zeros(odds.shape), np.zeros(odds.shape, dtype=bool)
    for j in range(len(labels)):
        margins[:, j], flagged[:, j] = confident(np.column_stack([1 - odds[:, j], odds[:, j]]), has[:, j].astype(int).tolist())
    worst = margins.argmin(axis=1)[:, None] == np.arange(len(labels))
    turned = has ^ np.where(flagged.any(axis=1, keepdims=True), flagged, worst)
    suggested = [" + ".join(label for label, on in zip(labels, row, strict=True) if on) for row in turned.tolist()]
    return list(zip(suggested, margins.min(axis=1).tolist(), map(any, flagged.tolist()), strict=True))


def ranked(doubt: Doubt) -> tuple[bool, float, str, str]:
    """Flagged rows first, then by margin."""
    return not doubt.flagged, doubt.margin, doubt.article_id, doubt.target or ""


def confident(odds: NDArray[np.float64], gold: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Margins and flags.

    Args:
        odds: probabilities out of fold, (rows, labels), two labels or more.
        gold: the number of each row's label.

    Returns:
        The margin of each row, -1 to 1, and whether it is flagged.
    """
    truth = np.asarray(gold, dtype=np.int64)
    at = np.arange(len(truth))
    thresholds = np.array([odds[truth == j, j].mean() if (truth == j).any() else np.inf for j in range(odds.shape[1])])
    reach = np.where(odds >= thresholds, odds, -1.0)
    flagged = (reach.max(axis=1, initial=-1.0) >= 0) & (reach.argmax(axis=1) != truth) if len(truth) else np.zeros(0, bool)
    others = odds.copy()
    others[at, truth] = -1.0
    return odds[at, truth] - others.max(axis=1, initial=-1.0), np.asarray(flagged, dtype=np.bool_)


def _out_of_fold(fitter: Fitter, rows: Sequence[Row]) -> tuple[list[Row], NDArray[np.float64]]:
    """The rows that a model could judge which did not see them, and its probabilities."""
    examples = [row.example for row in rows]
    several = fitter.task.kind == "multiple"  # sets of labels are too rare to be spread over folds
    strata = ["" if several else example.label for example in examples]
    parts = cross_validation.folds(strata, [example.group for example in examples], fitter.seed)
    odds = np.full((len(rows), len(fitter.labels)), np.nan)
    for train, held in parts:
        model = fitter.fit([examples[i] for i in train])
        if model is not None:
            columns = np.array([fitter.labels.index(label) for label in model.labels])
            odds[held] = 0.0
            odds[np.ix_(held, columns)] = model.probabilities([examples[i] for i in held])
    judged = ~np.isnan(odds).any(axis=1)
    return [row for row, kept in zip(rows, judged.tolist(), strict=True) if kept], odds[judged]
