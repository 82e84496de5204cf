"""Votes → gold: reads annotations.jsonl, items.jsonl, adjudications.jsonl, again.jsonl; writes gold.jsonl, reports/gold.json.

A method (corpus/labeling/aggregate.py) gives each label a probability, the soft label. The most probable label is gold; of
those within TIE of the most probable nobody picks: the unit is `tied` and has no value. For multiple choice each label is
settled by itself: it is gold if it is more probable than not, and the whole answer is tied if any label is at one half.

What an adjudicator said is gold wherever people did not all say the same, and on what was sent for another look (again.jsonl)
even there; `soft` and `votes` stay those of the votes. Where adjudicators differ, nothing is adjudicated.
"""

from collections import Counter
from collections.abc import Collection
from typing import Literal

import msgspec
from msgspec import Struct

from corpus import store
from corpus.codebook import Question
from corpus.errors import CorpusError
from corpus.labeling import second_look
from corpus.labeling.aggregate import METHODS, SPAMMER_RULE, Reliability, aggregate
from corpus.labeling.counts import labels_of
from corpus.labeling.votes import Answer, Unit, Votes, judged, votes
from corpus.progress import Progress, quiet
from corpus.records import Annotation, Gold
from corpus.workspace import Workspace

TIE = 1e-9


class QuestionGold(Struct, frozen=True):
    """One question: how many units have each status, and how reliable each person is; people sorted by name."""

    question: str
    statuses: dict[str, int]
    annotators: list[Reliability]


class GoldReport(Struct, frozen=True):
    """What reports/gold.json holds."""

    method: str
    spammer_rule: str
    questions: list[QuestionGold]


class ResolveReport(Struct, frozen=True):
    """Per question, how many units are agreed, settled by the votes, adjudicated, and tied: `units` is the sum of all.

    The second is called `majority`, or for the other methods `model`. `spammers` names the people flagged, by question.
    """

    method: str
    units: int
    per_question: dict[str, dict[str, int]]
    spammers: dict[str, list[str]]


def resolve(workspace: Workspace, method: str = "majority", progress: Progress = quiet) -> ResolveReport:
    """Settle every labelled question for every unit that has a vote.

    Args:
        workspace: the corpus folder.
        method: majority, dawid-skene or mace.
        progress: called for each question.

    Raises:
        CorpusError: there is no such method, or an answer holds a label that the codebook does not.
        CheckError: nobody has submitted anything.
    """
    if method not in METHODS:
        raise CorpusError(f"there is no method {method!r} for gold", f"name one of {', '.join(METHODS)}")
    items, annotations = judged(workspace)
    book = workspace.codebook()
    said = list(store.read_if_any(workspace.adjudications, Annotation))
    doubted = second_look.places(workspace)
    golds: list[Gold] = []
    questions: list[QuestionGold] = []
    for done, question in enumerate(book.labelled, 1):
        settled, people = settle_all(question, votes(question, annotations, items), method)
        settled = _adjudicated(settled, votes(question, said, items), doubted)
        counted = Counter(gold.status for gold in settled)
        statuses: dict[str, int] = {status: counted[status] for status in ("agreed", _decided(method), "adjudicated", "tied")}
        if not said:  # a corpus without adjudications has no such status
            del statuses["adjudicated"]
        questions.append(QuestionGold(question.id, statuses, people))
        golds += settled
        progress(done, len(book.labelled))
    store.write_sorted(workspace.gold, golds, key=lambda gold: (gold.article_id, gold.question, gold.item_id or ""))
    store.write_json(workspace.reports / "gold.json", GoldReport(method, SPAMMER_RULE, questions))
    return ResolveReport(
        method,
        len(golds),
        {q.question: q.statuses for q in questions},
        {q.question: [person.annotator for person in q.annotators if person.spammer] for q in questions},
    )


def settle_all(question: Question, table: Votes, method: str) -> tuple[list[Gold], list[Reliability]]:
    """The gold of each unit of one question's votes, in the table's order, and how reliable each person is."""
    soft, people = aggregate(question, table, method)
    return [_settle(question, *row, method) for row in zip(table, table.values(), soft, strict=True)], people


def _adjudicated(settled: list[Gold], said: Votes, doubted: Collection[tuple[str, str, str]]) -> list[Gold]:
    """The golds, those that people did not agree on or that are doubted as the adjudicators say, who are named in `method`."""
    found = []
    for gold in settled:
        given = said.get(Unit(gold.article_id, gold.item_id or "", gold.target or ""), {})
        decides = gold.status != "agreed" or (gold.article_id, gold.item_id or "", gold.question) in doubted
        if decides and len(set(given.values())) == 1:
            answer = next(iter(given.values()))
            value = answer if isinstance(answer, str) else list(answer)
            method = "adjudicated:" + "+".join(given)
            gold = msgspec.structs.replace(gold, value=value, status="adjudicated", method=method)
        found.append(gold)
    return found


def _settle(question: Question, unit: Unit, given: dict[str, Answer], soft: dict[str, float], method: str) -> Gold:
    """The gold of one unit. `agreed` is an answer that all of two or more people gave, and that the method gives too."""
    chosen = Counter(label for answer in given.values() for label in labels_of(answer))
    value: str | list[str] | None
    if question.type == "multiple":
        tied = any(abs(share - 0.5) <= TIE for share in soft.values())
        value = None if tied else [label for label, share in soft.items() if share > 0.5]
    else:
        best = [label for label, share in soft.items() if share >= max(soft.values()) - TIE]
        value = best[0] if len(best) == 1 else None
    everybody = {labels_of(answer) for answer in given.values()}
    agreed = len(given) > 1 and everybody == {tuple([value] if isinstance(value, str) else value or [])}
    return Gold(
        article_id=unit.article_id,
        item_id=unit.item_id or None,
        target=unit.target or None,
        question=question.id,
        value=value,
        soft=soft,
        votes={label: chosen[label] for label in question.values if chosen[label]},
        method=method,
        status="tied" if value is None else "agreed" if agreed else _decided(method),
    )


def _decided(method: str) -> Literal["majority", "model"]:
    """The status of what the votes did not agree on and the method settled."""
    return "majority" if method == "majority" else "model"
