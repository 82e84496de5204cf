"""What the target and the topic recipe choose from, and how a choice is scored: by decisions out of fold. No files.

Which choices are made, one after another: `text_selection`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import scipy.sparse as sp
from msgspec import Struct

from baselines.analyzers import Analyzer
from baselines.examples import Example, Task, groups_of
from baselines.recipes import blocks, linear, neighbours
from baselines.recipes.blocks import Reading
from baselines.recipes.cross_validation import Floats, Fold, Ints, folds
from baselines.recipes.linear import Setting


class Choices(Struct, frozen=True):
    """What a recipe may choose from. Of settings, the first is what the others have to beat."""

    options: tuple[str, ...]
    """Options of the analyzer that may be switched off."""
    settings: tuple[Setting, ...]
    titles: bool
    """Whether titles are a view of their own; else they are read as part of the text alone."""
    offsets: bool
    """Whether decision offsets may be tuned."""
    neighbours: tuple[float, ...] = (0.0,)
    """How much the votes of the nearest texts may count beside the decisions; the first is what others have to beat."""


@dataclass
class Search:
    """The training examples, their groups and folds, and what has been chosen so far. `scores` is the ablation."""

    task: Task
    examples: Sequence[Example]
    names: tuple[str, ...]
    seed: int
    choices: Choices
    analyzer: Analyzer = field(default_factory=Analyzer)
    setting: Setting = field(init=False)
    mode: str = linear.MODES[0]
    neighbours: float = 0.0
    stems: bool = True
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    groups: list[str] = field(init=False)
    parts: list[Fold] = field(init=False)
    targets: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.setting = self.choices.settings[0]
        self.targets = [targets_of(example, self.task) for example in self.examples]
        strata = [f"{target}\n{example.label}" for target, example in zip(self.targets, self.examples, strict=True)]
        self.groups = groups_of(self.examples)
        self.parts = folds(strata, self.groups, self.seed)

    def read(self) -> Reading:
        """The examples, in the views that are chosen."""
        views = blocks.views_of(self.analyzer, self.examples, self.choices.titles, self.stems)
        return blocks.fit(self.analyzer, views, self.examples)

    def votes(self, reading: Reading) -> Floats:
        """Votes of the nearest texts for every example, by texts of other folds."""
        found, matrix = np.zeros((len(self.examples), len(self.names))), neighbours.view(reading.matrices)
        labels = [example.label for example in self.examples]
        for train, held in self.parts:
            found[held] = neighbours.fit(matrix[train], [labels[i] for i in train], self.names).votes(matrix[held])
        return found

    def out_of_fold(self, matrix: sp.csr_matrix, setting: Setting, mode: str) -> Floats:
        """Decisions on every example, by a model that did not see its group."""
        found = np.zeros((len(self.examples), len(self.names)))
        labels = [example.label for example in self.examples]
        for train, held in self.parts:
            seen = ([labels[i] for i in train], [self.targets[i] for i in train])
            if len(set(seen[0])) < 2:
                continue
            asked = [self.targets[i] for i in held]
            unseen = not {*asked} <= {*seen[1]}
            heads = linear.fit(matrix[train], *seen, self.names, setting, mode, self.seed, unseen)
            found[held] = linear.decisions(heads, matrix[held], asked)
        return found

    def score(self, decisions: Floats, rows: Ints | None = None) -> float:
        """The task's metric of the labels with the largest decisions, of all examples or of the numbers given."""
        rows = np.arange(len(decisions)) if rows is None else rows
        guess = [self.names[i] for i in decisions[rows].argmax(axis=1).tolist()]
        return float(self.task.metric([self.examples[i] for i in rows.tolist()], guess))

    def note(self, choice: str, candidate: str, decisions: Floats) -> float:
        """Score a candidate and keep the score for the ablation."""
        value = self.score(decisions)
        self.scores.setdefault(choice, {})[candidate] = round(value, 4)
        return value

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as JSON values."""
        return {
            "analyzer": msgspec.to_builtins(self.analyzer),
            "classifier": self.setting._asdict(),
            "mode": self.mode,
            "neighbours": self.neighbours,
            "folds": len(self.parts),
            "scores": self.scores,
        }


def targets_of(example: Example, task: Task) -> str:
    """The target's name; linear.ANY for a task without targets."""
    return (example.target or linear.ANY) if task.kind == "target" else linear.ANY
