"""How far a score can be trusted: shortcuts, learning curve, slices of test, targets that were not seen. No files.

Every fit takes the choices of the question's model as they are, so that it costs one fit and no search.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from math import log2
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from baselines.evaluate import score
from baselines.examples import Example, Model, Task
from baselines.results import Shortcut, Slice
from baselines.rows import Row
from corpus.errors import CheckError

SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
NEAR = 0.8
"""A part comes near the whole where it makes this share of the whole's gain over the most frequent label."""
MOST = 20
"""Targets, outlets or months that are shown: those with the most rows."""


class Fitter(Struct, frozen=True):
    """Fits a question's recipe again with its choices. `labels` are all that gold or a model may hold."""

    task: Task
    recipe: dict[str, Any]
    labels: Sequence[str]
    seed: int

    def fit(self, train: Sequence[Example]) -> Model | None:
        """A model; None where the examples have a single label or no words."""
        if len({example.label for example in train}) < 2:
            return None
        try:
            model: Model = import_module(f"baselines.recipes.{self.task.kind}").refit(self.task, train, self.recipe, self.seed)
        except CheckError:
            return None
        return model

    def scored(self, name: str, rows: int, train: Sequence[Example], test: Sequence[Example]) -> Slice:
        """Fit on `train`, score on `test`."""
        model = self.fit(train)
        return Slice(name, rows, None, None) if model is None else self.slice(name, rows, test, model.predict(test))

    def slice(self, name: str, rows: int, test: Sequence[Example], predicted: Sequence[str]) -> Slice:
        """The score of predictions."""
        groups = [example.group for example in test]
        found = score([example.label for example in test], predicted, groups, self.labels, self.seed)
        return Slice(name, rows, found.macro_f1, found.macro_f1_interval)


def curve(fitter: Fitter, train: Sequence[Example], test: Sequence[Example]) -> list[Slice]:
    """The score on test by share of train's groups; the smaller share is a part of the larger. `rows` are of train."""
    names = sorted({example.group for example in train})
    order = np.random.default_rng(fitter.seed).permutation(len(names)).tolist()
    found = []
    for share in SHARES:
        kept = {names[i] for i in order[: max(1, round(share * len(names)))]}
        part = [example for example in train if example.group in kept]
        found.append(fitter.scored(f"{share:.0%}", len(part), part, test))
    return found


def shortcuts(fitter: Fitter, train: Sequence[Row], test: Sequence[Row], whole: Slice, majority: float) -> list[Shortcut]:
    """The score of the same model given one part of the input alone, in training as in test."""
    found = []
    for part, keep in _parts(fitter.task.kind).items():
        ours, theirs = ([keep(row) for row in rows] for rows in (train, test))
        of = fitter.scored(part, len(train), ours, theirs)
        gain = (whole.macro_f1 or 0.0) - majority
        near = gain > 0 and of.macro_f1 is not None and of.macro_f1 - majority >= NEAR * gain
        found.append(Shortcut(part, of.macro_f1, of.interval, near))
    return found


def _parts(kind: str) -> dict[str, Callable[[Row], Example]]:
    """Part → what is left of a row."""
    parts: dict[str, Callable[[Row], Example]] = {
        "outlet": lambda row: _only(row, row.outlet),
        "date": lambda row: _only(row, f"{row.month.replace('-', '_')} {row.month[:4]}"),
        "length": lambda row: _only(row, f"length_{round(2 * log2(1 + len(row.example.text)))}"),
    }
    if kind == "topic":
        return {"title": lambda row: _only(row, row.example.title), **parts}
    if kind == "pair":
        return {"claim": lambda row: msgspec.structs.replace(row.example, title="", text=""), "article": _article, **parts}
    if kind == "multiple":
        return {
            "title": lambda row: _only(row, row.example.title),
            "target": lambda row: _only(row, row.target or ""),
            **parts,
        }
    return {"target": lambda row: _only(row, row.example.target or ""), "article": _article, **parts}


def _article(row: Row) -> Example:
    return msgspec.structs.replace(row.example, target=None, claim="")


def _only(row: Row, text: str) -> Example:
    return msgspec.structs.replace(row.example, title="", text=text, target=None, phrases=(), claim="")


def slices(fitter: Fitter, test: Sequence[Row], predicted: Sequence[str], name: Callable[[Row], str]) -> list[Slice]:
    """The model's score on the rows of each name, sorted by it; rows without a name are not counted."""
    at: dict[str, list[int]] = {}
    for i, row in enumerate(test):
        if name(row):
            at.setdefault(name(row), []).append(i)
    most = sorted(at, key=lambda one: (-len(at[one]), one))[:MOST]
    return [
        fitter.slice(one, len(at[one]), [test[i].example for i in at[one]], [predicted[i] for i in at[one]])
        for one in sorted(most)
    ]


def cross_target(fitter: Fitter, rows: Sequence[Row]) -> list[Slice]:
    """The score on all rows of a target, learnt from rows of other targets whose articles are not among them."""
    counts = Counter(row.target for row in rows if row.target is not None)
    if len(counts) < 2:
        return []
    found = []
    for target in sorted(sorted(counts, key=lambda one: (-counts[one], one))[:MOST]):
        asked = [row.example for row in rows if row.target == target]
        groups = {example.group for example in asked}
        others = [row.example for row in rows if row.target != target and row.example.group not in groups]
        found.append(fitter.scored(target, len(asked), others, asked))
    return found
