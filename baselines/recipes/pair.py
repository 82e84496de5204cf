"""The recipe for pairs: does a text agree with a claim? A linear model of words, letters and numbers that compare the two.

One recipe serves a headline against a headline and a claim against a long article: a text is first cut down to the
sentences that hold most of the claim (pair_text), the two sides are compared (pair_features), and cross-validation inside
the training examples makes every choice (pair_selection). No file is read or written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from baselines.examples import Example, Task
from baselines.recipes import cross_validation
from baselines.recipes import pair_selection as selection
from baselines.recipes.pair_features import Compared, Floats, compare
from baselines.recipes.pair_reader import PairReader
from baselines.recipes.pair_text import Pair, pairs
from baselines.recipes.stems import Words, spelled
from corpus.errors import CheckError


@dataclass(frozen=True)
class PairModel:
    """A fitted pair recipe; made by `fit` or `from_state`."""

    labels: tuple[str, ...]
    recipe: dict[str, Any]
    reader: PairReader
    classifier: LinearSVC
    calibrator: LogisticRegression | None
    """From decisions to probabilities; None after `refit`."""
    offsets: Floats
    """Added to the decisions before the largest is taken."""

    def probabilities(self, examples: Sequence[Example]) -> Floats:
        """Shape (examples, labels); each row adds up to 1. Calibrated on decisions out of fold.

        The most probable label need not be the predicted one: `predict` serves the task's metric, not the odds.
        """
        found = np.zeros((len(examples), len(self.labels)))
        if examples and self.calibrator is None:
            return cross_validation.softmax(cross_validation.SPREAD * self._decisions(_read(examples)))
        if examples and self.calibrator is not None:
            columns = [self.labels.index(label) for label in self.calibrator.classes_]
            found[:, columns] = self.calibrator.predict_proba(self._decisions(_read(examples)))
        return found

    def predict(self, examples: Sequence[Example]) -> list[str]:
        """The label with the largest decision, offsets added; the first of equal ones."""
        if not examples:
            return []
        found = self._decisions(_read(examples)) + self.offsets
        return [self.labels[at] for at in found.argmax(axis=1).tolist()]

    def evidence(self, example: Example, count: int) -> list[tuple[str, float]]:
        """Words of the text, as they are printed in it, that speak most for the predicted label, strongest first.

        The weight of a word is how much the label's decision falls when the word is left out of the sentences that were
        compared, so what it says through a number or a swap counts too. Words that speak against the label are not given.
        """
        (pair,) = pairs([example])
        words = list(dict.fromkeys(pair.near.words))
        found = self._decisions([compare(pair), *(compare(_without(pair, word)) for word in words)])
        falls = (found[0] - found[1:])[:, int((found[0] + self.offsets).argmax())]
        printed = spelled(f"{example.title}\n{example.text}")
        order = np.argsort(-falls, kind="stable")[:count].tolist()
        return [(printed[words[at]], float(falls[at])) for at in order if falls[at] > 0]

    def state(self) -> dict[str, Any]:
        """All that was learnt, as vectorizers, stock scikit-learn objects, arrays and JSON values."""
        return {
            "labels": list(self.labels),
            "recipe": self.recipe,
            "vectorizers": self.reader.vectorizers,
            "scales": self.reader.scales,
            "classifier": self.classifier,
            "calibrator": self.calibrator,
            "offsets": self.offsets,
        }

    def _decisions(self, read: Sequence[Compared]) -> Floats:
        rows = selection.stacked(self.reader.blocks(read), self.recipe["families"])
        return selection.decisions(self.classifier, rows, self.labels)


def fit(task: Task, train: Sequence[Example], seed: int = 1) -> PairModel:
    """Choose by cross-validation, calibrate on the decisions out of fold, and fit on all examples.

    Args:
        task: labels in their order, and the metric.
        train: labelled examples with a claim; those of one group are never on two sides of a fold.
        seed: of the folds and of the solver.

    Raises:
        CheckError: all examples are of one group, or of one label.
    """
    with threadpool_limits(1):  # the same sums in the same order on every machine
        read = _read(train)
        labels = tuple(label for label in task.labels if label in {example.label for example in train})
        at = selection.drawn(train, seed)
        examples = [train[number] for number in at]
        folds = selection.folds([read[number] for number in at], examples, seed)
        choice, tried = selection.choose(task, examples, folds, labels, seed)
        found = selection.out_of_fold(folds, choice, labels, seed)
        moved = selection.with_offsets(task, examples, folds, found, labels)
        gains = moved - tried["kept_families"] >= selection.WORTH
        offsets = selection.offsets(task, examples, found, labels) if gains else np.zeros(len(labels))
        del folds  # the most memory is needed below
        calibrator = cross_validation.calibrator(found, [example.label for example in examples])
        reader = PairReader.fit(read, choice.families)
        gold = [example.label for example in train]
        rows = selection.stacked(reader.blocks(read), choice.families)
        classifier = selection.classifier(choice, gold, seed).fit(rows, gold)
    score = moved if gains else tried["kept_families"]
    sizes = {"examples": len(train), "chosen_on": len(examples)}
    recipe = _told(choice, dict(zip(labels, offsets.tolist(), strict=True))) | sizes | tried
    recipe |= {"with_offsets": round(moved, 4), "score": round(score, 4)}
    return PairModel(labels, recipe, reader, classifier, calibrator, offsets)


def refit(task: Task, train: Sequence[Example], recipe: dict[str, Any], seed: int = 1) -> PairModel:
    """Fit with the choices of a fitted model and no search: for audits, which need many fits. No offsets, no calibration.

    Raises:
        CheckError: the two sides hold no words.
    """
    choice = selection.Choice(recipe["strength"], recipe["balance"], tuple(recipe["families"]))
    gold = [example.label for example in train]
    labels = tuple(label for label in task.labels if label in gold)
    with threadpool_limits(1):
        read = _read(train)
        reader = PairReader.fit(read, choice.families)
        blocks = reader.blocks(read)
        if not blocks:
            raise CheckError(f"the {len(train)} training pairs hold no words", "check their texts")
        classifier = selection.classifier(choice, gold, seed).fit(selection.stacked(blocks, choice.families), gold)
    return PairModel(labels, recipe, reader, classifier, None, np.zeros(len(labels)))


def from_state(state: dict[str, Any]) -> PairModel:
    """The model of which `PairModel.state` is given."""
    reader = PairReader(state["vectorizers"], state["scales"])
    parts = (state["classifier"], state["calibrator"], state["offsets"])
    return PairModel(tuple(state["labels"]), state["recipe"], reader, *parts)


def _told(choice: selection.Choice, offsets: dict[str, float]) -> dict[str, Any]:
    return {
        "model": "one-vs-rest linear support vector machine",
        "strength": choice.strength,
        "balance": choice.balance,
        "families": list(choice.families),
        "offsets": offsets,
    }


def _read(examples: Sequence[Example]) -> list[Compared]:
    return [compare(pair) for pair in pairs(examples)]


def _without(pair: Pair, word: str) -> Pair:
    kept = [at for at, found in enumerate(pair.near.words) if found != word]
    near = Words(tuple(pair.near.words[at] for at in kept), tuple(pair.near.stems[at] for at in kept))
    return msgspec.structs.replace(pair, near=near)
