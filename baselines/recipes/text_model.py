"""The model of the target and the topic recipe: linear decisions, offsets for the metric, calibrated odds. No files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from baselines.examples import Example
from baselines.recipes import blocks, linear, neighbours
from baselines.recipes.blocks import Blocks
from baselines.recipes.cross_validation import SPREAD, Floats, softmax
from baselines.recipes.linear import ANY, Heads
from baselines.recipes.neighbours import Neighbours

_WORD = re.compile(r"[#\w\u064b-\u0652\u0670]+|[^\w\s]")


@dataclass(frozen=True)
class TextModel:
    """A fitted recipe; made by `fit` of a recipe or by `from_state`."""

    labels: tuple[str, ...]
    recipe: dict[str, Any]
    reader: Blocks
    heads: Heads
    """Over the columns of the reader's views, side by side."""
    offsets: dict[str, Floats]
    """By target: what is added to the decisions before the largest is taken."""
    calibrator: LogisticRegression | None
    near: Neighbours | None
    """The training texts, where their votes count."""

    def probabilities(self, examples: Sequence[Example]) -> Floats:
        """Shape (examples, labels); each row adds up to 1. Calibrated on decisions out of fold.

        The most probable label need not be the predicted one: `predict` serves the task's metric, not the odds.
        """
        if not examples:
            return np.zeros((0, len(self.labels)))
        found = self._decisions(examples)
        if self.calibrator is None:
            return softmax(SPREAD * found)
        odds = np.zeros_like(found)
        columns = [self.labels.index(label) for label in self.calibrator.classes_.tolist()]
        odds[:, columns] = self.calibrator.predict_proba(with_targets(found, self._targets(examples), self.heads))
        return odds

    def predict(self, examples: Sequence[Example]) -> list[str]:
        """The label with the largest decision, offsets added; the first of equal ones."""
        return [self.labels[at] for at in self._shifted(examples).argmax(axis=1).tolist()] if examples else []

    def evidence(self, example: Example, count: int) -> list[tuple[str, float]]:
        """Words of the title and text, as printed, that speak most for the predicted label, strongest first.

        A word's weight is the sum, over the terms within it that the example has (word, stem, letters, stem in its title), of
        the term's value times the lead of its weight for the label over the other labels' mean. Only weights above 0 are
        given. What the nearest texts add is no word's, and is not told.
        """
        words = sorted(set(_WORD.findall(f"{example.title}\n{example.text}")))
        if not words:
            return []
        at = self.labels.index(self.predict([example])[0])
        head = self.heads.get(self._targets([example])[0], self.heads[ANY])
        lead = head.weights[at] - np.delete(head.weights, at, axis=0).mean(axis=0)
        whole = self._matrix([example])
        value = np.asarray(whole.toarray()).ravel() * lead
        alone = self._matrix([Example("", "", "", title=word) for word in words])
        alone.data[:] = 1.0
        weights = (alone @ value).round(6)
        order = np.lexsort((words, -weights))[:count]
        return [(words[i], float(weights[i])) for i in order.tolist() if weights[i] > 0]

    def state(self) -> dict[str, Any]:
        """Plain values, arrays and stock scikit-learn objects, for `from_state`."""
        return {
            "labels": list(self.labels),
            "recipe": self.recipe,
            "reader": self.reader.state(),
            "heads": {target: {"weights": head.weights, "bias": head.bias} for target, head in self.heads.items()},
            "offsets": self.offsets,
            "calibrator": self.calibrator,
            "near": self.near.state() if self.near else None,
        }

    def _targets(self, examples: Sequence[Example]) -> list[str]:
        """The head of each example."""
        return [example.target if example.target in self.heads else ANY for example in examples]

    def _matrix(self, examples: Sequence[Example]) -> sp.csr_matrix:
        return sp.hstack(list(self.reader.matrices(examples).values())).tocsr()

    def _decisions(self, examples: Sequence[Example]) -> Floats:
        matrices = self.reader.matrices(examples)
        found = linear.decisions(self.heads, sp.hstack(list(matrices.values())).tocsr(), self._targets(examples))
        return found + self.recipe["neighbours"] * self.near.votes(neighbours.view(matrices)) if self.near else found

    def _shifted(self, examples: Sequence[Example]) -> Floats:
        none = np.zeros(len(self.labels))
        added = np.array([self.offsets.get(of, none) for of in self._targets(examples)])
        return np.asarray(self._decisions(examples) + added, dtype=np.float64)


def from_state(state: dict[str, Any]) -> TextModel:
    """What `TextModel.state` gave."""
    heads = {target: linear.Head(head["weights"], head["bias"]) for target, head in state["heads"].items()}
    reader = blocks.from_state(state["reader"])
    near = neighbours.from_state(state["near"]) if state["near"] else None
    return TextModel(tuple(state["labels"]), state["recipe"], reader, heads, state["offsets"], state["calibrator"], near)


def with_targets(decisions: Floats, targets: Sequence[str], heads: Heads) -> Floats:
    """What the calibrator reads: decisions, then one column a head, 1 for the text's own."""
    known = np.array(sorted(set(heads) - {ANY}))
    return np.hstack([decisions, np.array(targets)[:, None] == known])
