"""How far labeling has come: what the server holds, and what annotations.jsonl keeps of other projects. Writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np
from msgspec import Struct

from corpus.codebook import Question
from corpus.labeling import measures
from corpus.labeling.counts import answers, count_answers
from corpus.labeling.sync.gather import Gathered, gather
from corpus.labeling.sync.server import Server
from corpus.labeling.votes import votes
from corpus.progress import Progress, quiet
from corpus.records import Annotation, Item
from corpus.workspace import Workspace

PACE_DAYS = 7
"""The pace is that of so many of the latest days (UTC) on which somebody answered."""
BEHIND = 0.5
"""Who has judged fewer items than this share of the median person's is behind."""


class StatusReport(Struct, frozen=True):
    """How far labeling has come: `items == done + begun + waiting`.

    Attributes:
        done: items that as many people have answered or skipped as the project asks for.
        per_day: items done a day, over the last PACE_DAYS days of work; null before the first.
        days_left: days of work until all items are done at that pace; null where none is done.
        per_annotator: how many answers each person gave, by status; two on one item are two.
        judged: how many items each person judged.
        agreement: Krippendorff's alpha by question, so far; null is undefined.
        behind: people behind the others, by name, see BEHIND.
    """

    server: str
    project: int
    items: int
    tasks: int
    done: int
    begun: int
    waiting: int
    skipped: int
    per_day: float | None
    days_left: float | None
    per_annotator: dict[str, dict[str, int]]
    judged: dict[str, int]
    behind: list[str]
    per_question: dict[str, dict[str, int]]
    agreement: dict[str, float | None]


def status(workspace: Workspace, server: Server, progress: Progress = quiet) -> StatusReport:
    """Count the annotations of the items' present texts.

    Raises:
        CheckError: the corpus has no project on the server.
        ServiceError: the server could not be reached or refused.
    """
    found = gather(workspace, server, progress)
    rows = [*found.rows, *found.kept]
    annotations = [row for row in rows if isinstance(row, Annotation) and found.reader.current(row)]
    judged = {(a.item_id, a.annotator) for a in annotations}
    people = Counter(person for _, person in judged)
    finished = _finished(annotations, _needed(workspace, server, found))
    questions = workspace.codebook().labelled
    items = len(found.reader.items)
    per_day = _pace(annotations, finished)
    return StatusReport(
        server=server.url,
        project=found.reader.project,
        items=items,
        tasks=found.tasks,
        done=len(finished),
        begun=len({item for item, _ in judged}) - len(finished),
        waiting=items - len({item for item, _ in judged}),
        skipped=sum(a.status == "skipped" for a in annotations),
        per_day=per_day,
        days_left=(items - len(finished)) / per_day if per_day else None,
        per_annotator=_people(annotations),
        judged=dict(sorted(people.items())),
        behind=behind(people),
        per_question={question.id: _answers(question, annotations) for question in questions},
        agreement={question.id: _alpha(question, annotations, found.reader.items) for question in questions},
    )


def behind(items: Mapping[str, int]) -> list[str]:
    """The people behind, by name.

    Args:
        items: how many each has judged.
    """
    return sorted(person for person, count in items.items() if count < BEHIND * median(items.values()))


def _needed(workspace: Workspace, server: Server, found: Gathered) -> dict[str, int]:
    """How many people each judged item is to be judged by."""
    settings = workspace.config.label_studio
    own = [row for row in found.rows if isinstance(row, Annotation)]
    needed = dict.fromkeys((a.item_id for a in [*own, *found.kept]), settings.annotators_per_item)
    if settings.overlap_share < 1:  # the server chose which
        overlaps = server.overlaps(found.reader.project)
        needed |= {a.item_id: overlaps[a.origin.task] for a in own if a.origin.task in overlaps}
    return needed


def _finished(annotations: Sequence[Annotation], needed: Mapping[str, int]) -> dict[str, str]:
    """Item id → the day on which the last person that it needed judged it."""
    first: dict[str, dict[str, str]] = {}
    for annotation in annotations:
        times = first.setdefault(annotation.item_id, {})
        times[annotation.annotator] = min(annotation.created, times.get(annotation.annotator, annotation.created))
    return {i: sorted(times.values())[needed[i] - 1][:10] for i, times in first.items() if len(times) >= needed[i]}


def _pace(annotations: Sequence[Annotation], finished: Mapping[str, str]) -> float | None:
    days = sorted({annotation.created[:10] for annotation in annotations})[-PACE_DAYS:]
    return sum(day in days for day in finished.values()) / len(days) if days else None


def _people(annotations: Sequence[Annotation]) -> dict[str, dict[str, int]]:
    people: dict[str, dict[str, int]] = {}
    for annotation in annotations:
        people.setdefault(annotation.annotator, {"submitted": 0, "skipped": 0})[annotation.status] += 1
    return dict(sorted(people.items()))


def _answers(question: Question, annotations: Sequence[Annotation]) -> dict[str, int]:
    given = [annotation.answers.get(question.id, []) for annotation in annotations]
    counts = Counter(value for answer in given for value in ([answer] if isinstance(answer, str) else answer))
    return {value: counts[value] for value in question.values}


def _alpha(question: Question, annotations: Sequence[Annotation], items: Mapping[str, Item]) -> float | None:
    table = votes(question, annotations, items)
    counts = count_answers(table, answers(question, table))
    return measures.number(float(measures.alpha(counts, np.ones((1, len(counts))))[0]))
