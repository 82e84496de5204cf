"""Model selection for one question: every candidate is fitted on train, the best on validation is kept. No files."""

from collections.abc import Callable

from msgspec import Struct
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from baselines import models
from baselines.evaluate import macro_f1
from baselines.rows import SPLITS, Row, Rows
from corpus.errors import CheckError

CANDIDATES = len(models.FEATURES) * len(models.STRENGTHS)
"""How often `choose` tells of its progress."""


class Candidate(Struct, frozen=True):
    """One linear model tried: a key of `models.FEATURES`, and C of its logistic regression."""

    features: str
    strength: float
    validation_macro_f1: float


class Selection(Struct, frozen=True):
    """The outcome: two systems fitted on train, and what was tried. The majority class is a yardstick, never chosen."""

    majority: DummyClassifier
    majority_macro_f1: float
    model: Pipeline
    chosen: Candidate
    tried: list[Candidate]


def choose(data: Rows, tell: Callable[[], None]) -> Selection:
    """Fit the candidates on train and keep the one with the highest macro-F1 on validation.

    Of equal candidates the first is kept: words before characters, strongly held back before weakly.

    Raises:
        CheckError: a split is empty, or train has a single label or no words.
    """
    _check(data)
    train, validation = data.of("train"), data.of("validation")
    labels = [row.label for row in train]
    majority = DummyClassifier(strategy="most_frequent").fit(_texts(train), labels)
    majority_value = _value(data, majority.predict(_texts(validation)).tolist())
    tried: list[Candidate] = []
    for features in models.FEATURES:
        vectorizer = models.vectorizer(features)
        try:
            fitted = vectorizer.fit_transform(_texts(train))
        except ValueError as error:  # all that scikit-learn says against strings: no term is left
            raise CheckError(f"the {len(train)} rows of train share no words: {error}", "label more articles") from None
        held_out = vectorizer.transform(_texts(validation))
        for strength in models.STRENGTHS:
            guess = models.classifier(strength).fit(fitted, labels).predict(held_out).tolist()
            tried.append(Candidate(features, strength, _value(data, guess)))
            tell()
    chosen = max(tried, key=lambda candidate: candidate.validation_macro_f1)
    # Fitted anew: to keep every candidate until the best is known would hold all their weights at once.
    model = models.pipeline(chosen.features, chosen.strength).fit(_texts(train), labels)
    return Selection(majority, majority_value, model, chosen, tried)


def _check(data: Rows) -> None:
    counts = {split: len(data.of(split)) for split in SPLITS}
    labels = sorted({row.label for row in data.of("train")})
    said = ", ".join(f"{split} {count}" for split, count in counts.items())
    fix = "label more items, or change [split] in warraq.toml and run `warraq split`"
    if not all(counts.values()):
        raise CheckError(f"a split is empty (rows: {said})", fix)
    if len(labels) < 2:
        raise CheckError(f"train has a single label, {labels[0]} (rows: {said})", fix)


def _texts(rows: list[Row]) -> list[str]:
    return [row.document for row in rows]


def _value(data: Rows, guess: list[str]) -> float:
    return macro_f1([row.label for row in data.of("validation")], guess, data.question.values)
