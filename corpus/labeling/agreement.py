"""How far annotators agree: Krippendorff's alpha and raw agreement a question, with 95% intervals.

Reads annotations.jsonl and items.jsonl, writes reports/agreement.json. Alpha is nominal (Krippendorff, Content Analysis,
4th ed. 2018, ch. 12), by the `krippendorff` library; a multiple-choice answer counts as one value, the whole set.
Raw agreement is the share of pairs of people who gave the same answer, averaged over the units with two or more answers.
"""

from collections import Counter
from collections.abc import Callable

import krippendorff
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus import store
from corpus.errors import CheckError
from corpus.labeling.votes import Votes, votes
from corpus.progress import Progress, quiet
from corpus.records import Annotation, Item
from corpus.workspace import Workspace

RESAMPLES = 1000
SEED = 1

Interval = tuple[float, float] | None
Counts = NDArray[np.int64]
"""How many people gave each value: shape (units with two or more answers, values)."""


class QuestionAgreement(Struct, frozen=True):
    """Agreement on one question. `units` are those with two or more answers; null is undefined, and `note` says why."""

    question: str
    scope: str
    units: int
    annotators: int
    answers: int
    alpha: float | None
    alpha_interval: Interval
    raw: float | None
    raw_interval: Interval
    note: str | None


class AgreementReport(Struct, frozen=True):
    """Agreement on every labelled question, in the codebook's order."""

    codebook: str
    annotations: int
    skipped: int
    questions: list[QuestionAgreement]


def agreement(workspace: Workspace, progress: Progress = quiet) -> AgreementReport:
    """Measure agreement on every labelled question.

    Raises:
        CheckError: nobody has submitted anything.
    """
    book = workspace.codebook()
    items = {item.id: item for item in store.read(workspace.items, Item)}
    annotations = list(store.read(workspace.annotations, Annotation))
    submitted = [annotation for annotation in annotations if annotation.status == "submitted"]
    if not submitted:
        raise CheckError(f"{workspace.annotations} holds no submitted annotation", "label some items, then `warraq pull`")
    measured = []
    for done, question in enumerate(book.labelled, 1):
        measured.append(_measure(question.id, question.scope, votes(question, submitted, items)))
        progress(done, len(book.labelled))
    report = AgreementReport(book.ref, len(annotations), len(annotations) - len(submitted), measured)
    store.write_json(workspace.reports / "agreement.json", report)
    return report


def _measure(question: str, scope: str, table: Votes) -> QuestionAgreement:
    shared = {unit: given for unit, given in table.items() if len(given) > 1}
    counts = count_values(shared)
    value, note = alpha(counts), None
    if not shared:
        note = "undefined: no unit was judged by two people"
    elif value is None:
        note = "alpha is undefined: everybody always gave the same answer"
    return QuestionAgreement(
        question=question,
        scope=scope,
        units=len(shared),
        annotators=len({person for given in table.values() for person in given}),
        answers=sum(map(len, shared.values())),
        alpha=value,
        alpha_interval=interval(counts, alpha),
        raw=raw_agreement(counts),
        raw_interval=interval(counts, raw_agreement),
        note=note,
    )


def count_values(table: Votes) -> Counts:
    """Votes as counts: one row a unit, one column a value that occurs."""
    values = sorted({answer for given in table.values() for answer in given.values()}, key=str)
    column = {value: number for number, value in enumerate(values)}
    counts = np.zeros((len(table), len(values)), dtype=np.int64)
    for row, given in enumerate(table.values()):
        for answer, times in Counter(given.values()).items():
            counts[row, column[answer]] = times
    return counts


def alpha(counts: Counts) -> float | None:
    """Krippendorff's alpha, at most 1; None if fewer than two values occur."""
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return None
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))


def raw_agreement(counts: Counts) -> float | None:
    """Mean over units of the share of agreeing pairs, 0 to 1; None without units."""
    if not len(counts):
        return None
    people = counts.sum(axis=1)
    return float((((counts * (counts - 1)).sum(axis=1)) / (people * (people - 1))).mean())


def interval(counts: Counts, statistic: Callable[[Counts], float | None]) -> Interval:
    """95% percentile bootstrap interval of a statistic, resampling units; None if fewer than half the resamples define it."""
    generator = np.random.default_rng(SEED)
    draws = [
        statistic(counts[generator.integers(len(counts), size=len(counts))]) for _ in range(RESAMPLES if len(counts) else 0)
    ]
    defined = [draw for draw in draws if draw is not None]
    if len(defined) < RESAMPLES / 2:
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)
