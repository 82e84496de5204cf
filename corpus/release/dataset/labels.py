"""All that was said about the articles, in memory and checked: items, annotations, gold and splits.

Reads items.jsonl, annotations.jsonl, gold.jsonl, splits.jsonl and targets.yaml. Holds about 2 KB for each annotation,
for these are counted in human judgements, and 0.4 KB for each article's split; articles themselves are not held.
"""

from collections import defaultdict

from msgspec import Struct

from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CorpusError
from corpus.records import Annotation, Gold, Item, Split, Target
from corpus.workspace import Workspace


class Labels(Struct, frozen=True):
    """What was said about the articles; `gold` is by question, then by item id or (article questions) article id."""

    items: list[Item]
    annotations: list[Annotation]
    gold: dict[str, dict[str, Gold]]
    splits: dict[str, Split]
    targets: dict[str, Target]
    languages: list[str]
    items_of: dict[str, list[Item]]
    annotations_of: dict[str, list[Annotation]]

    @property
    def article_ids(self) -> set[str]:
        """The articles that anything is said about."""
        return {*self.items_of, *(gold.article_id for settled in self.gold.values() for gold in settled.values())}

    def split(self, article_id: str) -> str | None:
        """The split of an article, None where it has none."""
        return self.splits[article_id].split if article_id in self.splits else None


def load(workspace: Workspace, book: Codebook) -> Labels:
    """Read and check what was said about the articles. Items and annotations come sorted by id.

    Raises:
        CorpusError: a file is missing; a record names a question, label, item or target that is not there;
            an article that is labelled has no split; a question has two gold answers for one item.
    """
    targets = {target.id: target for target in workspace.targets()}
    labels = Labels(
        items=sorted(store.read(workspace.items, Item), key=lambda item: item.id),
        annotations=sorted(store.read(workspace.annotations, Annotation), key=lambda annotation: annotation.id),
        gold={question.id: {} for question in book.labelled},
        splits={split.article_id: split for split in store.read(workspace.splits, Split)},
        targets=targets,
        languages=sorted({language for target in targets.values() for language in target.names}),
        items_of=defaultdict(list),
        annotations_of=defaultdict(list),
    )
    for item in labels.items:
        labels.items_of[item.article_id].append(item)
    for annotation in labels.annotations:
        labels.annotations_of[annotation.item_id].append(annotation)
    _check_judgements(workspace, labels, book)
    for gold in store.read(workspace.gold, Gold):
        _add_gold(workspace, labels, book, gold)
    return labels


def _check_judgements(workspace: Workspace, labels: Labels, book: Codebook) -> None:
    for item in labels.items:
        if item.target is not None and item.target not in labels.targets:
            raise CorpusError(
                f"{workspace.items}: item {item.id} is about target {item.target!r}, which targets.yaml does not hold",
                "put the target back into targets.yaml",
            )
    items = {item.id: item for item in labels.items}
    for annotation in labels.annotations:
        where = f"{workspace.annotations}: annotation {annotation.id}"
        if annotation.item_id not in items:
            raise CorpusError(f"{where} is of item {annotation.item_id}, which items.jsonl does not hold", _ITEMS_BACK)
        if (article_id := items[annotation.item_id].article_id) not in labels.splits:
            raise CorpusError(f"{where} is of article {article_id}, which has no split", _SPLIT)
        for question_id, answer in annotation.answers.items():
            _check_answers(where, book, question_id, answer)


def _add_gold(workspace: Workspace, labels: Labels, book: Codebook, gold: Gold) -> None:
    where = f"{workspace.gold}: the answer to {gold.question!r} for article {gold.article_id}"
    _check_answers(where, book, gold.question, gold.value)
    _check_answers(where, book, gold.question, [*gold.soft, *gold.votes], counted=True)
    if gold.article_id not in labels.splits:
        raise CorpusError(f"{where} has no split", _SPLIT)
    if gold.item_id is not None and gold.item_id not in {item.id for item in labels.items_of.get(gold.article_id, [])}:
        raise CorpusError(f"{where} is of item {gold.item_id}, which items.jsonl does not hold", _ITEMS_BACK)
    scope = book.question(gold.question).scope
    key = gold.article_id if scope == "article" else gold.item_id
    settled = labels.gold[gold.question]
    if key is None or key in settled:
        fault = "names no item" if key is None else "is there twice"
        raise CorpusError(f"{where} {fault}", "run `warraq resolve` again")
    settled[key] = gold


def _check_answers(
    where: str, book: Codebook, question_id: str, answer: str | list[str] | None, counted: bool = False
) -> None:
    """Check that the codebook has these labels; `counted` ones stand beside each other even for a single choice."""
    question = next((q for q in book.questions if q.id == question_id and q.type != "span"), None)
    if question is None:
        raise CorpusError(f"{where} answers {question_id!r}, a question that codebook {book.ref} does not ask", _LABEL_BACK)
    if question.type == "single" and isinstance(answer, list) and not counted:
        raise CorpusError(f"{where} says {answer!r} to {question_id!r}, which takes one label", "run `warraq pull` again")
    for label in [answer] if isinstance(answer, str) else answer or []:
        if question.type != "text" and label not in question.values:
            raise CorpusError(
                f"{where} says {label!r} to {question_id!r}; codebook {book.ref} has {', '.join(question.values)}",
                _LABEL_BACK,
            )


_LABEL_BACK = "name in warraq.toml the codebook that it was labelled with; a label is never taken out of a codebook"
_SPLIT = "run `warraq split`, then publish again"
_ITEMS_BACK = "restore items.jsonl from a copy: items are added, never removed"
