"""Quality over time: person by person and week by week, against the others' votes, against controls, and how long it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median

from msgspec import Struct

from corpus.codebook import Question
from corpus.labeling.controls import Control
from corpus.labeling.votes import Answer, Votes, unit_of, votes
from corpus.records import Annotation, Item


class Quality(Struct, frozen=True):
    """One person in one ISO week (`2026-W48`, UTC, by when the answer was first given), or over all (`week` is null).

    Attributes:
        items: how many items they judged; skips are not counted.
        seconds: the median time an item took; null where no time was kept.
        compared: answers to questions on which most of the others agree on one.
        with_others: share of these that are the others' answer, 0 to 1; null without any.
        controls: answers to questions of control items.
        right: share of these that are right, 0 to 1; null without any.
    """

    annotator: str
    week: str | None
    items: int
    seconds: float | None
    compared: int
    with_others: float | None
    controls: int
    right: float | None


def quality(
    questions: Sequence[Question],
    annotations: Sequence[Annotation],
    items: Mapping[str, Item],
    controls: Mapping[str, Control],
) -> list[Quality]:
    """Every person, over all and then week by week; people by name.

    Args:
        questions: those with labels.
        annotations: submitted ones; those whose item is not in `items` are left out.
        items: by id.
        controls: by the id of their item.
    """
    tables = {question.id: votes(question, annotations, items) for question in questions}
    told: dict[tuple[str, str], list[Annotation]] = {}
    for annotation in annotations:
        if annotation.item_id in items:
            for week in ("", _week(annotation.created)):
                told.setdefault((annotation.annotator, week), []).append(annotation)
    return [
        _row(annotator, week, rows, questions, tables, items, controls) for (annotator, week), rows in sorted(told.items())
    ]


def _row(
    annotator: str,
    week: str,
    rows: Sequence[Annotation],
    questions: Sequence[Question],
    tables: Mapping[str, Votes],
    items: Mapping[str, Item],
    controls: Mapping[str, Control],
) -> Quality:
    compared: list[bool] = []
    right: list[bool] = []
    for annotation in rows:
        control = controls.get(annotation.item_id)
        for question in questions:
            answer = annotation.answers.get(question.id)
            if answer is None:
                continue
            expected = _others(tables[question.id][unit_of(question, items[annotation.item_id])], annotator)
            if expected is not None:
                compared.append(expected == (answer if isinstance(answer, str) else tuple(answer)))
            if control and question.id in control.answers:
                right.append(_same(answer, control.answers[question.id]))
    seconds = [annotation.seconds for annotation in rows if annotation.seconds is not None]
    return Quality(
        annotator=annotator,
        week=week or None,
        items=len({annotation.item_id for annotation in rows}),
        seconds=median(seconds) if seconds else None,
        compared=len(compared),
        with_others=sum(compared) / len(compared) if compared else None,
        controls=len(right),
        right=sum(right) / len(right) if right else None,
    )


def _others(given: Mapping[str, Answer], annotator: str) -> Answer | None:
    """What more of the others said than anything else; None where nobody else answered or the first places are equal."""
    first = Counter(answer for person, answer in given.items() if person != annotator).most_common(2)
    return first[0][0] if first and (len(first) == 1 or first[0][1] > first[1][1]) else None


def _same(answer: str | list[str], right: str | list[str]) -> bool:
    return answer == right if isinstance(answer, str) or isinstance(right, str) else set(answer) == set(right)


def _week(created: str) -> str:
    year, week, _ = datetime.fromisoformat(created).isocalendar()
    return f"{year}-W{week:02}"
