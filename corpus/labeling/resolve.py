"""Votes → gold: reads annotations.jsonl and items.jsonl, writes gold.jsonl.

Majority: the answer that more people gave than any other. A tie says `tied` and has no value; nobody picks. The soft label
is the share of the votes each label got. For multiple choice each label is voted on by itself: it is gold if more than half
chose it, and the whole answer is tied if any label was chosen by exactly half.
"""

from collections import Counter

from msgspec import Struct

from corpus import store
from corpus.codebook import Question
from corpus.labeling.votes import Answer, Unit, votes
from corpus.progress import Progress, quiet
from corpus.records import Annotation, Gold, Item
from corpus.workspace import Workspace

METHOD = "majority"


class ResolveReport(Struct, frozen=True):
    """Per question, how many units are agreed, majority and tied: `units == agreed + majority + tied`."""

    units: int
    per_question: dict[str, dict[str, int]]


def resolve(workspace: Workspace, progress: Progress = quiet) -> ResolveReport:
    """Settle every labelled question for every unit that has a vote."""
    items = {item.id: item for item in store.read(workspace.items, Item)}
    annotations = list(store.read(workspace.annotations, Annotation))
    book = workspace.codebook()
    golds: list[Gold] = []
    per_question: dict[str, dict[str, int]] = {}
    for done, question in enumerate(book.labelled, 1):
        settled = [settle(question, unit, given) for unit, given in votes(question, annotations, items).items()]
        statuses = Counter(gold.status for gold in settled)
        per_question[question.id] = {status: statuses[status] for status in ("agreed", "majority", "tied")}
        golds += settled
        progress(done, len(book.labelled))
    store.write_sorted(workspace.gold, golds, key=lambda gold: (gold.article_id, gold.question, gold.item_id or ""))
    return ResolveReport(len(golds), per_question)


def settle(question: Question, unit: Unit, given: dict[str, Answer]) -> Gold:
    """The gold of one unit. A single vote is a majority of one, never `agreed`.

    Args:
        question: of the codebook.
        unit: what was judged.
        given: annotator → answer, at least one.
    """
    people = len(given)
    chosen = Counter(v for answer in given.values() for v in ([answer] if isinstance(answer, str) else answer))
    tally = {value: chosen[value] for value in question.values if chosen[value]}
    value: str | list[str] | None
    if question.type == "multiple":
        tied = any(2 * count == people for count in tally.values())
        value = None if tied else [v for v, count in tally.items() if 2 * count > people]
    else:
        best = [v for v, count in tally.items() if count == max(tally.values())]
        value = best[0] if len(best) == 1 else None
    agreed = people > 1 and len(set(given.values())) == 1
    return Gold(
        article_id=unit.article_id,
        item_id=unit.item_id or None,
        target=unit.target or None,
        question=question.id,
        value=value,
        soft={v: count / people for v, count in tally.items()},
        votes=tally,
        method=METHOD,
        status="tied" if value is None else "agreed" if agreed else "majority",
    )
