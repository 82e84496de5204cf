"""A model's outcomes for a reader: wrong rows with evidence marked, strongest features, reliability, ablation. No files."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from baselines.examples import Example, Model, labels_of
from baselines.recipes.multiple import PRESENT, MultipleModel
from baselines.recipes.pair import PairModel
from baselines.recipes.pair_reader import FAMILIES
from baselines.recipes.text_model import TextModel
from baselines.results import Bin, Chosen, Feature, Mistake, Piece, Tried
from baselines.rows import Row

BINS = 5
EVIDENCE = 8
"""Words of evidence a row."""
LONGEST = 1200
"""Characters of a text that are shown."""


def mistakes(model: Model, test: Sequence[Row], predicted: Sequence[str], count: int) -> list[Mistake]:
    """The rows that the model got wrong, those it was surest of first.

    Where a text may have several labels, the model is as sure of them as of all its decisions about labels together.
    """
    odds = model.probabilities([row.example for row in test])
    wrong = [i for i, row in enumerate(test) if row.example.label != predicted[i]]
    if isinstance(model, MultipleModel):
        given = [[label in labels_of(predicted[i]) for label in model.labels] for i in wrong]
        each = [np.where(has, odds[i], 1 - odds[i]).prod() for i, has in zip(wrong, given, strict=True)]
    else:
        each = [odds[i, model.labels.index(predicted[i])] for i in wrong]
    sure = {i: round(float(of), 4) for i, of in zip(wrong, each, strict=True)}
    return [_mistake(model, test[i], predicted[i], sure[i]) for i in sorted(wrong, key=lambda i: (-sure[i], i))[:count]]


def _mistake(model: Model, row: Row, predicted: str, probability: float) -> Mistake:
    words = evidence(model, row.example)
    text = row.example.text
    shown = text if len(text) <= LONGEST else text[:LONGEST].rsplit(maxsplit=1)[0] + " …"
    where = (row.article_id, row.item_id, row.target)
    gold, said = (" + ".join(labels_of(label)) for label in (row.example.label, predicted))
    return Mistake(*where, gold, said, probability, pieces(row.example.title, words), pieces(shown, words))


def evidence(model: Model, example: Example) -> list[str]:
    """The words that speak most for the label, without single signs, in the order in which they first stand."""
    words = [word for word, _ in model.evidence(example, 2 * EVIDENCE) if any(map(str.isalnum, word))][:EVIDENCE]
    text = f"{example.title}\n{example.text}"
    first = {word: found.start() for word in words if (found := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))}
    return sorted(words, key=lambda word: first.get(word, len(text)))


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """A text cut where one of the words stands as a whole word."""
    if not words:
        return [Piece(text, False)] if text else []
    one_of = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    cut = re.split(rf"(?<!\w)({one_of})(?!\w)", text)
    return [Piece(piece, bool(i % 2)) for i, piece in enumerate(cut) if piece]


def reliability(model: Model, test: Sequence[Example]) -> list[Bin]:
    """How often the most probable label is right, by its probability; of several labels, how often a text has each."""
    odds = model.probabilities(test)
    if isinstance(model, MultipleModel):
        has = np.array([[label in labels_of(row.label) for label in model.labels] for row in test])
        return [found for j, label in enumerate(model.labels) for found in _bins(odds[:, j], has[:, j], label)]
    right = np.array([model.labels[i] == row.label for i, row in zip(odds.argmax(axis=1).tolist(), test, strict=True)])
    return _bins(odds.max(axis=1), right, None)


def _bins(sure: NDArray[np.float64], right: NDArray[np.bool_], label: str | None) -> list[Bin]:
    number = np.minimum((sure * BINS).astype(int), BINS - 1)
    found = []
    for at in range(BINS):
        of = number == at
        if of.any():
            given, share = round(float(sure[of].mean()), 4), round(float(right[of].mean()), 4)
            found.append(Bin(at / BINS, (at + 1) / BINS, int(of.sum()), given, share, label))
    return found


def chosen(model: Model) -> Chosen:
    """What the recipe chose, in words."""
    recipe = model.recipe
    if isinstance(model, MultipleModel):
        each = [chosen(one) for one in model.models]
        first = Counter(of.features for of in each).most_common(1)[0][0]
        return Chosen(f"a model a label, mostly {first}", float(np.median([of.strength for of in each])))
    if isinstance(model, PairModel):
        return Chosen("claim and text compared, linear support vector machine", float(recipe["strength"]))
    kind = {"svm": "linear support vector machine", "ridge": "ridge"}[recipe["classifier"]["kind"]]
    mode = {"shared": "terms × target", "own": "one model a target", "both": "terms × target and one model a target"}
    how = f", {mode[recipe['mode']]}" if "mode" in recipe["scores"] else ""
    return Chosen(f"{' + '.join(recipe['views'])}, {kind}{how}", float(recipe["classifier"]["strength"]))


def tried(model: Model) -> list[Tried]:
    """The candidates of every choice, in the order in which they were made."""
    recipe = model.recipe
    if isinstance(model, MultipleModel):
        every = zip(model.labels, model.models, strict=True)
        return [Tried(f"{label}: {of.choice}", of.candidate, of.score) for label, one in every for of in tried(one)]
    if isinstance(model, PairModel):
        strengths = [(f"C {of['strength']}, balance {of['balance']}", of["score"]) for of in recipe["candidates"]]
        families = [("all", recipe["all_families"]), *((f"without {of}", value) for of, value in recipe["without"].items())]
        return [Tried("strength", *of) for of in strengths] + [Tried("families", *of) for of in families]
    return [Tried(choice, name, value) for choice, of in recipe["scores"].items() for name, value in of.items()]


def strongest(model: Model, count: int) -> dict[str, list[Feature]]:
    """The features that speak most for each label, strongest first; of several heads, their mean."""
    names: list[tuple[str, str]]
    if isinstance(model, MultipleModel):
        return {label: strongest(one, count)[PRESENT] for label, one in zip(model.labels, model.models, strict=True)}
    if isinstance(model, PairModel):
        names, weights = _of_pair(model)
    elif isinstance(model, TextModel):
        vectorizers = model.reader.vectorizers.items()
        names = [(view, str(term)) for view, vectorizer in vectorizers for term in vectorizer.get_feature_names_out()]
        weights = np.mean([head.weights for head in model.heads.values()], axis=0)
    else:
        return {}
    return {label: _top(names, row, count) for label, row in zip(model.labels, weights, strict=True)}


def _of_pair(model: PairModel) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Names of the classifier's columns, and a row of weights a label of the model."""
    names: list[tuple[str, str]] = []
    for family in (family for family in FAMILIES if family in model.recipe["families"]):
        if family in model.reader.vectorizers:
            names += [(family, str(term)) for term in model.reader.vectorizers[family].get_feature_names_out()]
        elif family in model.reader.scales:
            names += [(family, f"number {i + 1}") for i in range(model.reader.scales[family][-1].n_features_in_)]
    found = (
        model.classifier.coef_
        if len(model.classifier.classes_) > 2
        else np.vstack([-model.classifier.coef_, model.classifier.coef_])
    )
    classes = model.classifier.classes_.tolist()
    return names, found[[classes.index(label) for label in model.labels]]


def _top(names: list[tuple[str, str]], row: NDArray[np.float64], count: int) -> list[Feature]:
    # The least of the highest is found first: to sort all names would take seconds with a million terms.
    most = min(count * 4, len(row))
    likely = np.argpartition(-row, most - 1)[:most].tolist()
    order = sorted(likely, key=lambda i: (-round(float(row[i]), 4), names[i]))[:count]
    return [Feature(names[i][0], names[i][1], round(float(row[i]), 4)) for i in order if row[i] > 0]
