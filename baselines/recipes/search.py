"""Choices of the target and the topic recipe, by cross-validation inside the training examples. No files.

One choice after another, each scored with the task's metric on decisions out of fold: options of the analyzer, the classifier
and how far it is held back, one head a target or shared ones, and how much the nearest texts count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import numpy as np
import scipy.sparse as sp
from msgspec import Struct

from baselines.analyzers import Analyzer
from baselines.examples import Example, Task
from baselines.recipes import blocks, linear, neighbours
from baselines.recipes.cross_validation import Floats, Fold, folds
from baselines.recipes.linear import Setting

Choice = TypeVar("Choice")
WORTH = 0.005
"""What stands first is given up only where the score gains more than this; less is noise."""
QUICK = "stems"
"""The view that options of the analyzer are chosen by: it is quickly made."""


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
    """The training examples, their folds, and what has been chosen so far. `scores` is the ablation."""

    task: Task
    examples: Sequence[Example]
    names: tuple[str, ...]
    seed: int
    choices: Choices
    analyzer: Analyzer = field(default_factory=Analyzer)
    setting: Setting = field(init=False)
    mode: str = linear.MODES[0]
    neighbours: float = 0.0
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    parts: list[Fold] = field(init=False)
    targets: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.setting = self.choices.settings[0]
        self.targets = [targets_of(example, self.task) for example in self.examples]
        strata = [f"{target}\n{example.label}" for target, example in zip(self.targets, self.examples, strict=True)]
        groups = [example.group or f"id {example.id}" for example in self.examples]
        self.parts = folds(strata, groups, self.seed)

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

    def score(self, decisions: Floats) -> float:
        """The task's metric of the labels with the largest decisions."""
        guess = [self.names[i] for i in decisions.argmax(axis=1).tolist()]
        return float(self.task.metric(self.examples, guess))

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


def best(values: Mapping[Choice, float], first: Choice) -> Choice:
    """The choice with the highest score, where it gains more than WORTH over the one that stands first; else that."""
    top = max(values, key=lambda choice: values[choice])
    return top if values[top] > values[first] + WORTH else first


def choose_reading(search: Search) -> None:
    """Choose which options of the analyzer to switch off."""
    all_on = search.analyzer
    base = search.note("analyzer", "all on", _read(search, all_on))
    for option in search.choices.options:
        off = {option: False}
        value = search.note("analyzer", f"{option} off", _read(search, msgspec.structs.replace(all_on, **off)))
        if value > base + WORTH:
            search.analyzer = msgspec.structs.replace(search.analyzer, **off)


def _read(search: Search, analyzer: Analyzer) -> Floats:
    """Decisions on what an analyzer makes of the texts."""
    _, matrices = blocks.fit(analyzer, [QUICK], search.examples)
    return search.out_of_fold(matrices[QUICK], search.setting, search.mode)


def choose_model(search: Search, matrices: dict[str, sp.csr_matrix]) -> Floats:
    """Choose classifier, mode, and the weight of the nearest texts → the decisions out of fold of what was chosen."""
    joined = blocks.joined(matrices)
    tried = {setting: search.out_of_fold(joined, setting, search.mode) for setting in search.choices.settings}
    values = {
        setting: search.note("classifier", f"{setting.kind} {setting.strength} balance {setting.balance}", decisions)
        for setting, decisions in tried.items()
    }
    search.setting = best(values, search.setting)
    decisions = tried[search.setting]
    if len(set(search.targets)) > 1:
        decisions = _choose_mode(search, joined, decisions)
    return _choose_neighbours(search, matrices[neighbours.VIEW], decisions)


def _choose_mode(search: Search, matrix: sp.csr_matrix, shared: Floats) -> Floats:
    """Choose the mode → its decisions."""
    own = search.out_of_fold(matrix, search.setting, "own")
    found = {"shared": shared, "own": own, "both": (own + shared) / 2}
    search.mode = best({mode: search.note("mode", mode, decisions) for mode, decisions in found.items()}, search.mode)
    return found[search.mode]


def _choose_neighbours(search: Search, matrix: sp.csr_matrix, decisions: Floats) -> Floats:
    """Choose how much the nearest texts count → the decisions with their votes."""
    weights = search.choices.neighbours
    if weights == (0.0,):
        return decisions
    said = np.zeros_like(decisions)
    labels = [example.label for example in search.examples]
    for train, held in search.parts:
        said[held] = neighbours.fit(matrix[train], [labels[i] for i in train], search.names).votes(matrix[held])
    found = {weight: decisions + weight * said for weight in weights}
    ranked = {weight: search.note("neighbours", str(weight), found[weight]) for weight in weights}
    search.neighbours = best(ranked, weights[0])
    return found[search.neighbours]
