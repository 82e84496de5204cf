"""Choices of the target and the topic recipe, by cross-validation inside the training examples. No files.

One choice after another, each scored with the task's metric on decisions out of fold: options of the analyzer, the classifier
and how far it is held back, one head a target or shared ones, how much the nearest texts count, and whether stems are read.
"""

from collections.abc import Mapping
from typing import TypeVar

import msgspec
import scipy.sparse as sp

from baselines.analyzers import Analyzer
from baselines.recipes import blocks
from baselines.recipes.blocks import Reading
from baselines.recipes.cross_validation import Floats, standard_error
from baselines.recipes.search import Search

Choice = TypeVar("Choice")
WORTH = 0.005
"""What stands first is given up only where the score gains more than this; less is noise."""
CHANCE = 2.0
"""Standard errors that a gain seldom reaches by chance."""
QUICK = "stems"
"""The view that options of the analyzer are chosen by: it is quickly made."""


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
    reading = blocks.fit(analyzer, [QUICK], search.examples)
    return search.out_of_fold(reading.matrices[QUICK], search.setting, search.mode)


def choose_model(search: Search, reading: Reading) -> Floats:
    """Choose classifier, mode, and the weight of the nearest texts → the decisions out of fold of what was chosen."""
    tried = {setting: search.out_of_fold(reading.joined, setting, search.mode) for setting in search.choices.settings}
    values = {
        setting: search.note("classifier", f"{setting.kind} {setting.strength} balance {setting.balance}", decisions)
        for setting, decisions in tried.items()
    }
    search.setting = best(values, search.setting)
    decisions = tried[search.setting]
    if len(set(search.targets)) > 1:
        decisions = _choose_mode(search, reading.joined, decisions)
    return _choose_neighbours(search, reading, decisions)


def _choose_mode(search: Search, matrix: sp.csr_matrix, shared: Floats) -> Floats:
    """Choose the mode → its decisions."""
    own = search.out_of_fold(matrix, search.setting, "own")
    found = {"shared": shared, "own": own, "both": (own + shared) / 2}
    search.mode = best({mode: search.note("mode", mode, decisions) for mode, decisions in found.items()}, search.mode)
    return found[search.mode]


def _choose_neighbours(search: Search, reading: Reading, decisions: Floats) -> Floats:
    """Choose how much the nearest texts count → the decisions with their votes."""
    weights = search.choices.neighbours
    if weights == (0.0,):
        return decisions
    said = search.votes(reading)
    found = {weight: decisions + weight * said for weight in weights}
    ranked = {weight: search.note("neighbours", str(weight), found[weight]) for weight in weights}
    search.neighbours = best(ranked, weights[0])
    return found[search.neighbours]


def choose_stems(search: Search, stemmed: Reading, decisions: Floats) -> tuple[Reading, Floats]:
    """Choose whether stems are read, all else as it was chosen with them → the reading, and its decisions.

    Both stand as the whole recipe, as stems serve the nearest texts more than they serve the classifier. Stems are left out
    where that gains as much as chance seldom does (or where nothing differs), as a few hundred texts tell little.
    """
    search.stems = False
    bare = search.read()
    without = search.out_of_fold(bare.joined, search.setting, search.mode)
    if search.neighbours:
        without = without + search.neighbours * search.votes(bare)
    read = search.note("stems", "read", decisions)
    gain = search.note("stems", "left out", without) - read
    error = standard_error(lambda rows: search.score(without, rows) - search.score(decisions, rows), search.groups)
    search.scores["stems"]["standard error of the difference"] = round(error, 4)
    search.stems = gain < CHANCE * error
    return (stemmed, decisions) if search.stems else (bare, without)
