"""Records → rows of a release, one function a config (articles: see `columns`).

A row has the columns that `features` gives its config.
"""

from datetime import datetime
from typing import Any

import msgspec

from corpus.codebook import Codebook, Question
from corpus.errors import CheckError, CorpusError
from corpus.records import Annotation, Article, Gold, Item
from corpus.release.dataset.labels import Labels
from corpus.release.layout import features

Row = dict[str, Any]


def of_item(item: Item, book: Codebook, labels: Labels) -> Row:
    """A row of `items`."""
    return {
        **_judged(item, book, labels),
        "codebook": item.codebook,
        "sha256": item.sha256,
        "split": labels.split(item.article_id),
    }


def of_annotation(annotation: Annotation, item: Item, book: Codebook, labels: Labels) -> Row:
    """A row of `annotations`. `origin` stays behind: it names the server.

    Raises:
        CorpusError: a time is no ISO 8601 time with an offset.
    """
    return {
        "annotation_id": annotation.id,
        **_judged(item, book, labels),
        "annotator": annotation.annotator,
        "status": annotation.status,
        **{q.id: _coded(q, annotation.answers.get(q.id)) for q in features.columns(book)},
        "spans": [msgspec.to_builtins(span) for span in annotation.spans],
        "comment": annotation.comment,
        "seconds": annotation.seconds,
        "created": _time(annotation.created, annotation),
        "updated": _time(annotation.updated, annotation),
        "sha256": annotation.sha256,
    }


def of_gold(gold: Gold, question: Question, article: Article, item: Item | None, book: Codebook, labels: Labels) -> Row:
    """A row of a labelled question's config; `item` is None where the question is about the article.

    Raises:
        CheckError: a marked span is not what stands in the article's text at its offsets.
    """
    judged = _judged(item, book, labels) if item else {"article_id": article.id}
    evidence = {"evidence": _evidence(article, labels.annotations_of.get(item.id, []))} if item else {}
    return {
        **judged,
        "title": article.title,
        "text": article.text,
        features.label_column(question): _coded(question, gold.value),
        # Nobody's vote is a vote of 0; but a distribution over nothing is not known.
        "soft": {value: gold.soft.get(value, 0.0) for value in question.values} if gold.soft else None,
        "votes": {value: gold.votes.get(value, 0) for value in question.values},
        "status": gold.status,
        "method": gold.method,
        **evidence,
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "language": article.language,
        "group": labels.splits[article.id].group,
    }


def _judged(item: Item, book: Codebook, labels: Labels) -> Row:
    row: Row = {"item_id": item.id, "article_id": item.article_id}
    if book.targets:
        names = labels.targets[item.target].names if item.target else {}
        row |= {"target": item.target, **{f"target_{lang}": names.get(lang) for lang in labels.languages}}
    return row


def _coded(question: Question, answer: str | list[str] | None) -> str | int | list[int] | None:
    """An answer as stored: text as it is, a label as its frozen integer, a multiple answer as a list in their order."""
    if answer is None or question.type == "text":
        return "\n".join(answer) if isinstance(answer, list) else answer
    codes = sorted(question.choice(value).code for value in ([answer] if isinstance(answer, str) else answer))
    return codes if question.type == "multiple" else codes[0]


def _evidence(article: Article, annotations: list[Annotation]) -> list[Row]:
    """What annotators marked, sorted by place and annotator."""
    evidence: list[Row] = []
    for annotation in annotations:
        for span in annotation.spans:
            if article.text[span.start : span.end] != span.text:
                raise CheckError(
                    f"annotation {annotation.id} marks {span.start}..{span.end} of article {article.id} as "
                    f"{span.text[:40]!r}; the article has {article.text[span.start : span.end][:40]!r} there",
                    "run `warraq pull` again; if it stays, report it: offsets must count code points",
                )
            evidence.append({"annotator": annotation.annotator, **msgspec.to_builtins(span)})
    return sorted(evidence, key=lambda row: (row["start"], row["end"], row["annotator"], row["question"]))


def _time(printed: str, annotation: Annotation) -> datetime:
    try:
        time = datetime.fromisoformat(printed)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise CorpusError(
            f"annotation {annotation.id}: got the time {printed!r}, which is no ISO 8601 time with an offset",
            "run `warraq pull` again",
        )
    return time
