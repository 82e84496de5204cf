"""Who said what about which unit: the table that agreement and gold are both made from.

A unit is what a question is about: an item, or for questions of scope `article` the article, whose items' answers are
pooled. One person has one vote on a unit: of several answers the latest counts.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from corpus import store
from corpus.codebook import Question
from corpus.errors import CheckError
from corpus.records import Annotation, Item
from corpus.workspace import Workspace

Answer = str | tuple[str, ...]
"""One label, or the chosen labels of a multiple-choice question in the codebook's order."""


class Unit(Struct, frozen=True, order=True):
    """What is judged. `item_id` and `target` are empty for article questions."""

    article_id: str
    item_id: str = ""
    target: str = ""


Votes = dict[Unit, dict[str, Answer]]
"""unit → annotator → answer. Skipped and unanswered ones are absent."""


def judged(workspace: Workspace) -> tuple[dict[str, Item], list[Annotation]]:
    """The items by id, and what people said of them, skips too. Reads items.jsonl and annotations.jsonl.

    Raises:
        CheckError: nobody has submitted anything.
    """
    items = {item.id: item for item in store.read(workspace.items, Item)}
    annotations = list(store.read(workspace.annotations, Annotation))
    if not any(annotation.status == "submitted" for annotation in annotations):
        raise CheckError(f"{workspace.annotations} holds no submitted annotation", "label some items, then `warraq pull`")
    return items, annotations


def unit_of(question: Question, item: Item) -> Unit:
    """What an answer to `question`, given on `item`, is about."""
    return Unit(item.article_id, item.id, item.target or "") if question.scope == "item" else Unit(item.article_id)


def votes(question: Question, annotations: Iterable[Annotation], items: Mapping[str, Item]) -> Votes:
    """The votes on one question, units and annotators sorted, whatever the order of the annotations.

    Args:
        question: of the codebook.
        annotations: of any number of people; those whose item is not in `items` are left out.
        items: by id.
    """
    latest: dict[tuple[Unit, str], tuple[str, str, Answer]] = {}
    for annotation in annotations:
        item = items.get(annotation.item_id)
        answer = annotation.answers.get(question.id)
        if item is None or answer is None:
            continue
        unit = unit_of(question, item)
        vote = (annotation.updated, annotation.id, answer if isinstance(answer, str) else tuple(answer))
        key = unit, annotation.annotator
        latest[key] = max(latest.get(key, vote), vote)
    table: Votes = {}
    for unit, annotator in sorted(latest):
        table.setdefault(unit, {})[annotator] = latest[unit, annotator][2]
    return table
