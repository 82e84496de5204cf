"""The labelled rows of a corpus: reads gold, articles, items, splits, targets.yaml; writes nothing.

Gold in = rows + left out, per question, each with a reason. Holds the articles that have gold, not the whole corpus.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from baselines.examples import BETWEEN, Example, Kind
from corpus import store
from corpus.codebook import Codebook, Question
from corpus.errors import CheckError
from corpus.records import Article, Gold, Item, Split, Target
from corpus.workspace import Workspace

SPLITS: tuple[Literal["train", "validation", "test"], ...] = ("train", "validation", "test")


class Row(Struct, frozen=True):
    """One labelled row: what a model reads and should say (`example`), and where it comes from.

    Outlet, section and date are not in `example`: they are shortcuts. `month` is YYYY-MM; both are "" where not known.
    """

    article_id: str
    item_id: str | None
    target: str | None
    split: str
    outlet: str
    month: str
    example: Example


class Rows(Struct, frozen=True):
    """The rows of one question with choices, sorted by article and target; `left_out` counts the rest of its gold."""

    question: Question
    rows: list[Row]
    left_out: dict[str, int]
    kind: Kind
    """Of task: claims make pairs, other targets are targets, and a question about the article alone is a topic."""

    @property
    def gold_rows(self) -> int:
        """Rows and left out together."""
        return len(self.rows) + sum(self.left_out.values())

    def of(self, split: str) -> list[Row]:
        """The rows of one split."""
        return [row for row in self.rows if row.split == split]

    def sha256(self) -> str:
        """SHA-256 of the rows, hexadecimal: the same rows give the same, whatever else the corpus holds."""
        return hashlib.sha256(store.encode(self.rows)).hexdigest()


def read(workspace: Workspace, book: Codebook) -> tuple[list[Rows], dict[str, int]]:
    """The rows of each question with choices that has gold, and the number of gold records of every other question.

    Raises:
        CorpusError: gold, articles, items, splits or targets are missing or wrong.
        CheckError: a group of articles that must stay together is in two splits.
    """
    gold: dict[str, list[Gold]] = defaultdict(list)
    for record in store.read(workspace.gold, Gold):
        gold[record.question].append(record)
    corpus = _Corpus(workspace, {record.article_id for records in gold.values() for record in records})
    asked = [question for question in book.labelled if question.id in gold]
    others = {id: len(records) for id, records in sorted(gold.items()) if id not in {q.id for q in asked}}
    return [_rows(question, gold[question.id], corpus) for question in asked], others


class _Corpus:
    """What the gold records point at, by id."""

    def __init__(self, workspace: Workspace, wanted: set[str]) -> None:
        self.splits = {split.article_id: split for split in store.read(workspace.splits, Split)}
        _check_groups(self.splits.values())
        self.articles = {article.id: article for article in store.read(workspace.articles, Article) if article.id in wanted}
        self.judged = {(item.article_id, item.sha256) for item in store.read(workspace.items, Item)}
        targets = workspace.targets()
        self.targets: dict[str | None, Target] = {target.id: target for target in targets}
        self.language = workspace.config.language


def _check_groups(splits: Iterable[Split]) -> None:
    sides: dict[str, str] = {}
    for split in splits:
        if sides.setdefault(split.group, split.split) != split.split:
            raise CheckError(
                f"splits.jsonl has group {split.group} in both {sides[split.group]} and {split.split}: its articles "
                "tell of each other, so the scores would be too good",
                "make the splits again: `warraq split`",
            )


def _rows(question: Question, gold: list[Gold], corpus: _Corpus) -> Rows:
    left_out: Counter[str] = Counter()
    rows = []
    for record in gold:
        if reason := _unusable(record, question, corpus):
            left_out[reason] += 1
        else:
            rows.append(_row(record, question, corpus))
    rows.sort(key=lambda row: (row.article_id, row.target or ""))
    targets = {target.id: target for id, target in corpus.targets.items() if id in {row.target for row in rows}}
    return Rows(question, rows, dict(sorted(left_out.items())), kind_of(targets.values()))


def kind_of(targets: Iterable[Target]) -> Kind:
    """The kind of task of rows about these targets."""
    kinds = {target.kind for target in targets}
    return "topic" if not kinds else "pair" if kinds == {"claim"} else "target"


def _unusable(gold: Gold, question: Question, corpus: _Corpus) -> str | None:
    """Why a gold record cannot become a row, or None if it can."""
    article = corpus.articles.get(gold.article_id)
    if gold.value is None:
        return "the votes are tied"
    if not {*_values(gold)} <= {*question.values}:
        return "its label is not in the codebook"
    if article is None:
        return "its article is not in articles.jsonl"
    if gold.article_id not in corpus.splits:
        return "its article is not in splits.jsonl"
    if (article.id, article.sha256) not in corpus.judged:
        return "the text has changed since it was judged"
    if gold.target is not None and gold.target not in corpus.targets:
        return "its target is not in targets.yaml"
    return None


def _values(gold: Gold) -> list[str]:
    return gold.value if isinstance(gold.value, list) else [str(gold.value)]


def _row(gold: Gold, question: Question, corpus: _Corpus) -> Row:
    label = BETWEEN.join(sorted(_values(gold), key=question.values.index))
    article, split = corpus.articles[gold.article_id], corpus.splits[gold.article_id]
    return Row(
        article_id=article.id,
        item_id=gold.item_id,
        target=gold.target,
        split=split.split,
        outlet=article.source or "",
        month=(article.published or "")[:7],
        example=example(article, corpus.targets.get(gold.target), corpus.language, label, split.group),
    )


def example(article: Article, target: Target | None, language: str, label: str = "", group: str = "") -> Example:
    """What a model reads of an article, or of an article and a target."""
    name = target.names[language] if target else None
    claim = target is not None and target.kind == "claim"
    return Example(
        id=f"{article.id} {target.id}" if target else article.id,
        text=article.text,
        label=label,
        title=article.title or "",
        target=name,
        phrases=tuple(target.phrases) if target else (),
        claim=name if claim else None,
        group=group,
    )


def items_of(workspace: Workspace, some: Iterable[Row]) -> list[Item]:
    """The items whose answers made these rows: the row's own, or for a question about the article all of the article's."""
    asked = list(some)
    items, articles = ({row.item_id for row in asked if row.item_id}, {row.article_id for row in asked if not row.item_id})
    return [item for item in store.read(workspace.items, Item) if item.id in items or item.article_id in articles]
