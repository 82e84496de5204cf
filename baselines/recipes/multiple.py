"""The recipe for questions with several labels a text: a text recipe a label, present or absent (binary relevance). No files.

Binary relevance: Tsoumakas and Katakis, 2007. Texts with targets have the target recipe, others the topic recipe; the offset
that it tunes is the label's threshold. Options of the analyzer are not chosen, so that all labels share the words and letters
that `blocks` keeps; whether stems are read beside them, each label chooses for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from baselines.examples import BETWEEN, Example, Task, labels_of
from baselines.recipes import target, text_model, topic
from baselines.recipes.blocks import Blocks
from baselines.recipes.cross_validation import Floats
from baselines.recipes.search import Choices
from baselines.recipes.text_fit import fit_texts, refit_texts
from baselines.recipes.text_model import TextModel
from corpus.errors import CheckError

ABSENT, PRESENT = "absent", "present"


@dataclass(frozen=True)
class MultipleModel:
    """A fitted recipe; made by `fit`, `refit` or `from_state`."""

    labels: tuple[str, ...]
    recipe: dict[str, Any]
    """By label."""
    models: tuple[TextModel, ...]

    def probabilities(self, examples: Sequence[Example]) -> Floats:
        """Shape (examples, labels): how probable it is that the text has the label; rows need not add up to 1."""
        return np.column_stack([model.probabilities(examples)[:, model.labels.index(PRESENT)] for model in self.models])

    def predict(self, examples: Sequence[Example]) -> list[str]:
        """The labels of each example, joined by BETWEEN; "" where it has none."""
        said = [model.predict(examples) for model in self.models]
        return [
            BETWEEN.join(label for label, one in zip(self.labels, row, strict=True) if one == PRESENT)
            for row in zip(*said, strict=True)
        ]

    def evidence(self, example: Example, count: int) -> list[tuple[str, float]]:
        """Words of the title and text that speak most for one of the predicted labels, strongest first."""
        given = labels_of(self.predict([example])[0])
        weights: dict[str, float] = {}
        for model in (model for label, model in zip(self.labels, self.models, strict=True) if label in given):
            for word, weight in model.evidence(example, count):
                weights[word] = max(weight, weights.get(word, 0.0))
        return sorted(weights.items(), key=lambda one: (-one[1], one[0]))[:count]

    def state(self) -> dict[str, Any]:
        """Plain values, arrays and stock scikit-learn objects, for `from_state`; each different reading once."""
        readers: list[Blocks] = []
        for model in self.models:
            readers += [] if model.reader in readers else [model.reader]
        models = [model.state() | {"reader": readers.index(model.reader)} for model in self.models]
        return {"labels": list(self.labels), "readers": [reader.state() for reader in readers], "models": models}


def fit(task: Task, train: Sequence[Example], seed: int = 1) -> MultipleModel:
    """Fit a model a label. A label that all of the training examples have, or none of them, is not learnt and never given.

    Args:
        task: its labels; each is learnt for its own F1, and the task's metric is not asked.
        train: the training examples; `label` is as `examples.labels_of` reads it.
        seed: of folds and fits.

    Raises:
        CheckError: no label is left, or the examples hold no words.
    """
    binary, choices = _binary(task, train)
    labels = _learnable(task.labels, train)
    models = tuple(fit_texts(binary, _marked(train, label), choices, seed) for label in labels)
    return MultipleModel(labels, {label: model.recipe for label, model in zip(labels, models, strict=True)}, models)


def refit(task: Task, train: Sequence[Example], recipe: dict[str, Any], seed: int = 1) -> MultipleModel:
    """Fit with the choices of a fitted model and no search: for audits. No offsets, no calibration; errors as of `fit`."""
    binary, choices = _binary(task, train)
    labels = _learnable(tuple(recipe), train)
    models = tuple(refit_texts(binary, _marked(train, label), choices, recipe[label], seed) for label in labels)
    return MultipleModel(labels, recipe, models)


def from_state(state: dict[str, Any]) -> MultipleModel:
    """What `MultipleModel.state` gave."""
    states = [one | {"reader": state["readers"][one["reader"]]} for one in state["models"]]
    models = tuple(text_model.from_state(one) for one in states)
    recipe = {label: model.recipe for label, model in zip(state["labels"], models, strict=True)}
    return MultipleModel(tuple(state["labels"]), recipe, models)


def _binary(task: Task, train: Sequence[Example]) -> tuple[Task, Choices]:
    aimed = any(example.target for example in train)
    choices = target.CHOICES if aimed else topic.CHOICES
    one_reading = msgspec.structs.replace(choices, options=(), offsets=True)
    return Task("target" if aimed else "topic", (ABSENT, PRESENT), _f1, task.language), one_reading


def _learnable(labels: Sequence[str], train: Sequence[Example]) -> tuple[str, ...]:
    counts = {label: sum(label in labels_of(example.label) for example in train) for label in labels}
    found = tuple(label for label in labels if 0 < counts[label] < len(train))
    if not found:
        raise CheckError("no label is on some of the training examples and not on others", "label more articles")
    return found


def _marked(train: Sequence[Example], label: str) -> list[Example]:
    """The examples, each labelled with whether it has the label."""
    return [
        msgspec.structs.replace(example, label=PRESENT if label in labels_of(example.label) else ABSENT) for example in train
    ]


def _f1(gold: Sequence[Example], said: Sequence[str]) -> float:
    """F1 of a label; 0 where no text has it and none was given it."""
    right = sum(example.label == guess == PRESENT for example, guess in zip(gold, said, strict=True))
    either = sum(example.label == PRESENT for example in gold) + sum(guess == PRESENT for guess in said)
    return 2 * right / either if either else 0.0
