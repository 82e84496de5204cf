"""Which families, which strength: the choices of the pair recipe, by cross-validation in groups. No files.

All scores are of decisions on examples that the fold's model did not see, pooled over the folds, under the task's metric.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from msgspec import Struct
from sklearn.svm import LinearSVC

from baselines.examples import Example, Task, groups_of
from baselines.recipes import cross_validation
from baselines.recipes.pair_features import Compared, Floats
from baselines.recipes.pair_reader import FAMILIES, PairReader
from corpus.errors import CheckError

MOST = 3000
"""Examples that choices are made on, at most; of a larger set whole groups are drawn."""
STRENGTHS = (0.03, 0.1, 0.3)
"""C of the support vector machine: the larger, the less it is held back."""
BALANCES = (0.5, 1.0)
"""A class weighs (1 / its frequency) to this power."""
WORTH = 0.002
"""A family is left out, or offsets are used, where the score is better by this much."""
_UNSEEN = -2.0
"""Decision for a label that a fold's training part does not have."""


class Fold(Struct, frozen=True):
    """One part held out: numbers of its examples, labels of the others, and the blocks of both."""

    held: cross_validation.Ints
    labels: list[str]
    blocks: dict[str, sp.csr_matrix]
    held_blocks: dict[str, sp.csr_matrix]


class Choice(Struct, frozen=True):
    """A linear model to be: what it sees, and how it is held back."""

    strength: float
    balance: float
    families: tuple[str, ...] = FAMILIES


def drawn(examples: Sequence[Example], seed: int) -> Sequence[int]:
    """Numbers of the examples to choose on, rising: all, or those of groups drawn by chance that hold MOST or just more."""
    if len(examples) <= MOST:
        return range(len(examples))
    members: dict[str, list[int]] = {}
    for number, group in enumerate(groups_of(examples)):
        members.setdefault(group, []).append(number)
    names, taken = list(members), list[int]()
    for at in np.random.default_rng(seed).permutation(len(names)).tolist():
        if len(taken) >= MOST:
            break
        taken += members[names[at]]
    return sorted(taken)


def folds(pairs: Sequence[Compared], examples: Sequence[Example], seed: int) -> list[Fold]:
    """Read each fold with a reader that saw its training part alone.

    Raises:
        CheckError: all examples are of one group, or of one label.
    """
    labels, groups = [example.label for example in examples], groups_of(examples)
    parts = cross_validation.folds(labels, groups, seed) if len(set(labels)) > 1 else []
    if not parts:
        told = f"{len(labels)} examples in {len(set(groups))} groups with {len(set(labels))} labels"
        raise CheckError(f"nothing can be held out: {told}", "label more: two groups and two labels are the least")
    found = []
    for others, held in parts:
        ours, theirs = ([pairs[at] for at in part] for part in (others, held))
        reader = PairReader.fit(ours)
        found.append(Fold(held, [labels[at] for at in others], reader.blocks(ours), reader.blocks(theirs)))
    return found


def stacked(blocks: dict[str, sp.csr_matrix], families: Sequence[str]) -> sp.csr_matrix:
    """The blocks side by side, in the order of FAMILIES."""
    return sp.hstack([blocks[family] for family in FAMILIES if family in families and family in blocks], "csr")


def classifier(choice: Choice, labels: Sequence[str], seed: int) -> LinearSVC:
    """An unfitted linear model for such labels."""
    values, counts = np.unique(np.asarray(labels), return_counts=True)
    weights = (len(labels) / (len(values) * counts)) ** choice.balance
    weight = dict(zip(values.tolist(), weights.tolist(), strict=True))
    return LinearSVC(C=choice.strength, class_weight=weight, random_state=seed)


def decisions(model: LinearSVC, rows: sp.csr_matrix, labels: Sequence[str]) -> Floats:
    """Shape (rows, labels): the margin of each label against the rest."""
    margins = model.decision_function(rows)
    if margins.ndim == 1:
        margins = np.column_stack([-margins, margins])
    found = np.full((rows.shape[0], len(labels)), _UNSEEN)
    found[:, [list(labels).index(label) for label in model.classes_]] = margins
    return found


def out_of_fold(folds: Sequence[Fold], choice: Choice, labels: Sequence[str], seed: int) -> Floats:
    """Shape (examples, labels): each example's decisions by the model that did not see it."""
    found = np.zeros((sum(len(fold.held) for fold in folds), len(labels)))
    for fold in folds:
        model = classifier(choice, fold.labels, seed).fit(stacked(fold.blocks, choice.families), fold.labels)
        found[fold.held] = decisions(model, stacked(fold.held_blocks, choice.families), labels)
    return found


def score(task: Task, examples: Sequence[Example], found: Floats, labels: Sequence[str]) -> float:
    """The task's metric, of the label with the largest decision."""
    return task.metric(examples, [labels[at] for at in found.argmax(axis=1).tolist()])


def offsets(task: Task, examples: Sequence[Example], found: Floats, labels: Sequence[str]) -> Floats:
    """Shape (labels,): what to add to the decisions so that the metric is highest."""
    everything = np.arange(len(examples))
    tuned: Floats = cross_validation.tuned(found, [everything], lambda moved: score(task, examples, moved, labels))[0]
    return tuned


def with_offsets(
    task: Task, examples: Sequence[Example], folds: Sequence[Fold], found: Floats, labels: Sequence[str]
) -> float:
    """The score with offsets, those of each fold found on the other folds."""
    moved = found.copy()
    for fold in folds:
        others = np.setdiff1d(np.arange(len(examples)), fold.held)
        moved[fold.held] += offsets(task, [examples[at] for at in others], found[others], labels)
    return score(task, examples, moved, labels)


def choose(
    task: Task, examples: Sequence[Example], folds: Sequence[Fold], labels: Sequence[str], seed: int
) -> tuple[Choice, dict[str, Any]]:
    """Strength and balance first, then the families that do not pay are left out.

    Returns:
        The choice, and what was tried: the score of each strength and balance, of all families without each one, and of
        the families kept.
    """

    def value(choice: Choice) -> float:
        return score(task, examples, out_of_fold(folds, choice, labels, seed), labels)

    tried = {Choice(strength, balance): 0.0 for strength in STRENGTHS for balance in BALANCES}
    tried = {choice: value(choice) for choice in tried}
    best = max(tried, key=lambda choice: tried[choice])
    whole = high = tried[best]
    without = {family: value(_without(best, family)) for family in FAMILIES}
    for family in sorted(FAMILIES, key=lambda family: -without[family]):
        if without[family] - whole < WORTH:
            break
        fewer = _without(best, family)
        worth = without[family] if best.families == FAMILIES else value(fewer)
        if worth - high >= WORTH:
            best, high = fewer, worth
    return best, {
        "candidates": [{"strength": c.strength, "balance": c.balance, "score": round(v, 4)} for c, v in tried.items()],
        "all_families": round(whole, 4),
        "without": {family: round(found, 4) for family, found in without.items()},
        "kept_families": round(high, 4),
    }


def _without(choice: Choice, family: str) -> Choice:
    return Choice(choice.strength, choice.balance, tuple(f for f in choice.families if f != family))
