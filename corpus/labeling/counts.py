"""Votes as numbers: how many people gave each answer, and chose each label, unit by unit."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.codebook import Question
from corpus.errors import CorpusError
from corpus.labeling.votes import Answer, Votes

Counts = NDArray[np.int64]


def labels_of(answer: Answer) -> tuple[str, ...]:
    """The labels that an answer chose: one, or a set's."""
    return (answer,) if isinstance(answer, str) else answer


def check(question: Question, table: Votes) -> None:
    """See that the codebook has every label that people gave.

    Raises:
        CorpusError: it lacks one.
    """
    given = {label for people in table.values() for answer in people.values() for label in labels_of(answer)}
    for label in sorted(given - set(question.values)):
        raise CorpusError(
            f"annotations.jsonl answers {label!r} to {question.id!r}; the codebook has {', '.join(question.values)}",
            "give the label back to the codebook, or run `warraq pull` with the codebook that people answered under",
        )


def answers(question: Question, table: Votes) -> list[Answer]:
    """The answers that a column is kept for: all labels of a single choice, the sets that occur of a multiple one.

    Raises:
        CorpusError: somebody's answer holds a label that the codebook does not.
    """
    check(question, table)
    if question.type == "single":
        return list(question.values)
    return sorted({answer for given in table.values() for answer in given.values()}, key=labels_of)


def count_answers(table: Votes, columns: Sequence[Answer]) -> Counts:
    """How many people gave each whole answer, shape (units, columns)."""
    place = {answer: number for number, answer in enumerate(columns)}
    counts = np.zeros((len(table), len(columns)), dtype=np.int64)
    for row, given in enumerate(table.values()):
        for answer, times in Counter(given.values()).items():
            counts[row, place[answer]] = times
    return counts


def membership(columns: Sequence[Answer], labels: Sequence[str]) -> Counts:
    """Which labels each whole answer holds, 0 or 1, shape (columns, labels)."""
    rows = [[label in labels_of(answer) for label in labels] for answer in columns]
    return np.array(rows, dtype=np.int64).reshape(len(columns), len(labels))
