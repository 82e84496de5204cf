"""What every baseline reads and gives: examples, the task that they are of, and a fitted model. No file is read or written."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

BETWEEN = "\n"
"""Between the labels of a text that may have several; a text that has none of them has ""."""


class Example(Struct, frozen=True):
    """One labelled text, whatever corpus it comes from. `label` is "" where it is not known."""

    id: str
    text: str
    label: str
    title: str = ""
    target: str | None = None
    """What the stance is about: a name, as the corpus prints it. For tasks of kind "target"."""
    phrases: tuple[str, ...] = ()
    """Phrases that name the target in a text; may be empty."""
    claim: str | None = None
    """The statement that `text` is held against. For tasks of kind "pair"."""
    group: str = ""
    """Examples of one group (copies, or one claim) tell of each other and are never on two sides."""


def labels_of(label: str) -> list[str]:
    """The labels of an example, or of a prediction: one, or those that BETWEEN parts."""
    return label.split(BETWEEN) if label else []


def groups_of(examples: Sequence[Example]) -> list[str]:
    """The group of each example; one without a group is its own."""
    return [example.group or f"id {example.id}" for example in examples]


Kind = Literal["target", "pair", "topic"]
"""Of task: stance toward a target, a text held against a claim, or what a text is about."""
Metric = Callable[[Sequence[Example], Sequence[str]], float]
"""Gold examples and predicted labels → a score from 0 to 1."""


class Task(Struct, frozen=True):
    """A kind of task, its labels in the order to report, and its score."""

    kind: Kind | Literal["multiple"]
    labels: tuple[str, ...]
    metric: Metric
    language: str = "ar"


class Model(Protocol):
    """A fitted recipe."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that it may give."""
        ...

    @property
    def recipe(self) -> dict[str, Any]:
        """What was chosen, as JSON values."""
        ...

    def probabilities(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Shape (examples, labels); each row adds up to 1, but where a text may have several labels."""
        ...

    def predict(self, examples: Sequence[Example]) -> list[str]:
        """One label an example, or those that BETWEEN parts."""
        ...

    def state(self) -> dict[str, Any]:
        """Plain values, arrays and stock scikit-learn objects, for the recipe's `from_state`."""
        ...

    def evidence(self, example: Example, count: int) -> list[tuple[str, float]]:
        """The words of the text that speak most for the predicted label, strongest first, with their weight."""
        ...
