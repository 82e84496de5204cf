"""Agreement between annotators, counted from the released annotations: what anybody who has the release can count too.

Reads release/annotations/*.parquet and holds one answer for each person and unit. A unit is an item, or for a question about
articles the article; of several answers of one person to a unit the latest counts. Intervals are not counted here: they come
from reports/agreement.json, where its figures are these.
"""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from msgspec import Struct

from corpus.codebook import Codebook, Question

Interval = tuple[float, float] | None
Answer = int | tuple[int, ...]


class Measured(Struct, frozen=True):
    """Agreement on one question: units with two answers or more, people who answered, answers to those units.

    `alpha` is Krippendorff's, nominal, a set of labels being one answer; null where it is not defined.
    """

    question: str
    units: int
    annotators: int
    answers: int
    alpha: float | None
    raw: float | None
    alpha_interval: Interval = None
    raw_interval: Interval = None


def measure(release: Path, book: Codebook) -> list[Measured]:
    """Agreement on every labelled question of a release; nothing if it has no annotations."""
    return [_measure(question, votes) for question, votes in answers(release, book).items()]


def answers(release: Path, book: Codebook) -> dict[str, dict[tuple[str, str], Answer]]:
    """By labelled question, what each person said last of each unit: (unit, pseudonym) → code, or codes.

    Nothing if the release has no annotations.
    """
    paths = sorted((release / "annotations").glob("*.parquet"))
    asked = [question for question in book.labelled if paths]
    latest: dict[str, dict[tuple[str, str], tuple[datetime, str, Answer]]] = {question.id: {} for question in asked}
    names = ["annotation_id", "item_id", "article_id", "annotator", "updated", "status", *latest]
    for file in map(pq.ParquetFile, paths):
        for number in range(file.num_row_groups):
            for row in file.read_row_group(number, names).to_pylist():
                for question in asked:
                    _vote(latest[question.id], question, row)
    return {question: {key: vote[2] for key, vote in votes.items()} for question, votes in latest.items()}


def _vote(votes: dict[tuple[str, str], tuple[datetime, str, Answer]], question: Question, row: dict[str, Any]) -> None:
    answer = row[question.id]
    if answer is not None and row["status"] == "submitted":
        key = row["item_id" if question.scope == "item" else "article_id"], row["annotator"]
        vote = row["updated"], row["annotation_id"], tuple(answer) if isinstance(answer, list) else answer
        votes[key] = max(votes.get(key, vote), vote)


def _measure(question: str, votes: dict[tuple[str, str], Answer]) -> Measured:
    units: dict[str, Counter[Answer]] = {}
    for (unit, _), answer in votes.items():
        units.setdefault(unit, Counter())[answer] += 1
    shared = [units[unit] for unit in sorted(units) if units[unit].total() > 1]
    agreeing = [_pairs(counts) / _pairs(Counter({0: counts.total()})) for counts in shared]
    return Measured(
        question=question,
        units=len(shared),
        annotators=len({person for _, person in votes}),
        answers=sum(counts.total() for counts in shared),
        alpha=_alpha(shared),
        raw=sum(agreeing) / len(shared) if shared else None,
    )


def _alpha(units: list[Counter[Answer]]) -> float | None:
    """Krippendorff, Content Analysis (4th ed. 2018, ch. 12), nominal: 1 - observed / expected disagreement."""
    given = sum(units, Counter[Answer]())
    people = given.total()
    expected = people * (people - 1) - _pairs(given)
    found = sum((c.total() * (c.total() - 1) - _pairs(c)) / (c.total() - 1) for c in units)
    return 1 - found * (people - 1) / expected if expected else None


def _pairs(counts: Counter[Any]) -> int:
    """Ordered pairs of people who gave the same answer."""
    return sum(count * (count - 1) for count in counts.values())
