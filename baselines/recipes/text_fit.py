"""From choices to a model: the last fit on all training examples, offsets and calibration. No files."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from baselines.analyzers import Analyzer
from baselines.examples import Example, Task
from baselines.recipes import blocks, cross_validation, linear, neighbours
from baselines.recipes.blocks import Reading
from baselines.recipes.cross_validation import Floats, Ints
from baselines.recipes.linear import Head, Heads, Setting
from baselines.recipes.neighbours import Neighbours
from baselines.recipes.search import Choices, Search
from baselines.recipes.text_model import TextModel, with_targets
from baselines.recipes.text_selection import choose_model, choose_reading, choose_stems
from corpus.errors import CheckError


def fit_texts(task: Task, train: Sequence[Example], choices: Choices, seed: int) -> TextModel:
    """Choose by cross-validation inside `train`, then fit on all of it.

    Args:
        task: kind, labels and metric.
        train: the training examples; labels that none of them has are never predicted.
        choices: what may be chosen.
        seed: of folds and fits.

    Raises:
        CheckError: the training examples have fewer than two labels, a label the task does not know, or no words.
    """
    found = {example.label for example in train}
    if len(found) < 2 or found - {*task.labels}:
        raise CheckError(f"the training examples have the labels {sorted(found)}", f"give two or more of {list(task.labels)}")
    with threadpool_limits(1):  # small sums: more threads would add in another order
        return _fit(Search(task, train, task.labels, seed, choices))


def refit_texts(task: Task, train: Sequence[Example], choices: Choices, recipe: dict[str, Any], seed: int) -> TextModel:
    """Fit with the choices of a fitted model and no search: for audits, which need many fits. No offsets, no calibration.

    Raises:
        CheckError: the training examples hold no words.
    """
    search = Search(task, train, task.labels, seed, choices, Analyzer(**recipe["analyzer"]), mode=recipe["mode"])
    search.stems = "stems" in recipe["views"]
    search.setting, search.neighbours = Setting(**recipe["classifier"]), recipe["neighbours"]
    with threadpool_limits(1):
        reading = search.read()
        return TextModel(search.names, recipe, reading.blocks, _heads(search, reading), {}, None, _near(search, reading))


def _fit(search: Search) -> TextModel:
    if search.parts:
        choose_reading(search)
    reading, decisions = search.read(), None
    if search.parts:
        reading, decisions = choose_stems(search, reading, choose_model(search, reading))
    heads = _heads(search, reading)
    offsets: dict[str, Floats] = {}
    calibrator, learnt = None, dict[str, Any]()
    if decisions is not None:
        offsets, gain = _offsets(search, decisions) if search.choices.offsets else ({}, 0.0)
        calibrator, learnt = _calibrated(search, decisions, heads)
        learnt |= {"cross_validated": round(search.score(decisions), 4), "offsets_gain": gain}
    recipe = {
        "views": list(reading.matrices),
        **search.chosen(),
        **learnt,
        "offsets": {target: row.tolist() for target, row in offsets.items()},
    }
    return TextModel(search.names, recipe, reading.blocks, heads, offsets, calibrator, _near(search, reading))


def _near(search: Search, reading: Reading) -> Neighbours | None:
    """The training texts, if their votes count."""
    labels = [example.label for example in search.examples]
    return neighbours.fit(neighbours.view(reading.matrices), labels, search.names) if search.neighbours else None


def _heads(search: Search, reading: Reading) -> Heads:
    """Heads over the views side by side: weights are of the joined views, scaled back."""
    labels = [example.label for example in search.examples]
    heads = linear.fit(reading.joined, labels, search.targets, search.names, search.setting, search.mode, search.seed)
    scale = np.repeat(blocks.scales(list(reading.matrices)), [matrix.shape[1] for matrix in reading.matrices.values()])
    return {target: Head(head.weights * scale, head.bias) for target, head in heads.items()}


def _rows(targets: Sequence[str]) -> dict[str, Ints]:
    where = np.array(targets)
    return {target: np.flatnonzero(where == target) for target in sorted(set(targets))}


def _offsets(search: Search, decisions: Floats) -> tuple[dict[str, Floats], float]:
    """Offsets by target, or none where they do not help on folds that they were not tuned on; and what they gain there."""
    shifted = decisions.copy()
    for train, held in search.parts:
        for target, row in _tuned(search, decisions, train).items():
            of_target = held[[search.targets[i] == target for i in held]]
            shifted[of_target] += row
    gain = search.score(shifted) - search.score(decisions)
    chosen = _tuned(search, decisions, np.arange(len(decisions))) if gain > 0 else {}
    return chosen, round(gain, 4)


def _tuned(search: Search, decisions: Floats, rows: Ints) -> dict[str, Floats]:
    examples = [search.examples[i] for i in rows]
    by_target = _rows([search.targets[i] for i in rows])

    def score(shifted: Floats) -> float:
        return float(search.task.metric(examples, [search.names[i] for i in shifted.argmax(axis=1).tolist()]))

    found = cross_validation.tuned(decisions[rows], list(by_target.values()), score)
    return dict(zip(by_target, found, strict=True))


def _calibrated(search: Search, decisions: Floats, heads: Heads) -> tuple[LogisticRegression, dict[str, Any]]:
    """The calibrator, and the calibration error before and after, on folds that it was not fitted on."""
    labels = [example.label for example in search.examples]
    gold = [search.names.index(label) for label in labels]
    seen = with_targets(decisions, search.targets, heads)
    after = np.zeros_like(decisions)
    for train, held in search.parts:
        if len({labels[i] for i in train}) > 1:
            model = cross_validation.calibrator(seen[train], [labels[i] for i in train])
            columns = np.array([search.names.index(label) for label in model.classes_.tolist()])
            after[np.ix_(held, columns)] = model.predict_proba(seen[held])
    before = cross_validation.softmax(decisions)
    error = {
        "before": cross_validation.calibration_error(before, gold),
        "after": cross_validation.calibration_error(after, gold),
    }
    return cross_validation.calibrator(seen, labels), {"calibration_error": {key: round(of, 4) for key, of in error.items()}}
