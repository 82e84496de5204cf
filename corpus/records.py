"""The records that several steps read, each defined once. The JSON Schemas in schemas/ are written from these classes.

What one step alone reads and writes (control items, doubted gold, rejected annotations) is defined there.
A record is one JSON object on one line, keys in the order given here, `null` for what is not known.
Every offset counts Unicode code points of the article's `text`.
"""

import hashlib
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern="^[0-9a-f]{16}$", description="16 hexadecimal digits")]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]
Offset = Annotated[int, Meta(ge=0, description="Unicode code points from the start of the article's text")]
Date = Annotated[str, Meta(description="ISO 8601, no more precise than it was printed: YYYY-MM, YYYY-MM-DD or with a time")]
Moment = Annotated[str, Meta(description="ISO 8601, in UTC")]
TargetId = Annotated[str, Meta(description="id of a target in targets.yaml")]
QuestionId = Annotated[str, Meta(description="id of a question of the codebook")]
CodebookRef = Annotated[str, Meta(description="name@version")]


def _is(description: str) -> Meta:
    """What the JSON Schema says of a field."""
    return Meta(description=description)


class Record(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of all records: immutable, an unknown key is an error, and outside the garbage collector: they hold no cycles."""


class Block(Record, frozen=True):
    """One paragraph, heading, quote or list of an article: `text[start:end]`."""

    kind: Literal["paragraph", "heading", "quote", "list"]
    start: Offset
    end: Offset


class Embed(Record, frozen=True):
    """Something pasted into an article that is not its text: a tweet, or a post of another network; `at` is where it stood."""

    kind: Literal["tweet", "post"]
    text: str
    author: Annotated[str, _is("as printed")] | None
    published: Date | None
    url: str | None
    at: Offset


class Origin(Record, frozen=True):
    """Where an article came from: file (relative, with the path inside an archive), record (counted from 1), raw bytes."""

    file: Annotated[str, _is("relative; what is in an archive follows its name: a.tar/b.html")]
    format: Annotated[str, _is("name of the reader")]
    record: Annotated[int, _is("counted from 1")]
    sha256: Sha256
    reader: Annotated[str, _is("name/version of the reader")]


class Article(Record, frozen=True):
    """One news article. `id` follows from its identity: its address, its outlet's number for it, or else the raw record.

    So neither another file name nor better extraction changes an id; better extraction changes `sha256`.
    """

    id: Id
    url: Annotated[str, _is("its own address")] | None
    title: str | None
    text: Annotated[str, _is("paragraphs in NFC, joined by line feeds")]
    source: Annotated[str, _is("the publisher, as printed")] | None
    author: Annotated[str, _is("as printed")] | None
    published: Date | None
    section: Annotated[str, _is("as printed")] | None
    keywords: Annotated[list[str], _is("each once")]
    language: Annotated[str, _is("BCP 47")] | None
    parent: Annotated[Id, _is("the article it was printed under")] | None
    related: Annotated[list[Id], _is("the articles printed inside it")]
    blocks: Annotated[list[Block], _is("in the order of the text")]
    embeds: list[Embed]
    sha256: Sha256
    origin: Origin


class Reject(Record, frozen=True):
    """One input record that could not become an article, and why. `head` is its first 200 characters."""

    file: Annotated[str, _is("as in an article's origin")]
    record: Annotated[int, _is("counted from 1")]
    reason: Annotated[str, _is("a short name, the same for all of a kind")]
    detail: str
    head: str


class Duplicate(Record, frozen=True):
    """One article of a cluster of duplicates. `cluster` is the id of its earliest article; similarity in 0..1, to that one."""

    cluster: Id
    article_id: Id
    similarity: Annotated[float, _is("Jaccard similarity of the sets of word 5-grams, 0 to 1")]
    kind: Literal["exact", "near", "partial"]


class Item(Record, frozen=True):
    """What one annotator judges once: an article, and a target where the codebook asks about targets."""

    id: Id
    article_id: Id
    sha256: Sha256
    target: TargetId | None
    codebook: CodebookRef


class Span(Record, frozen=True):
    """A marked piece of an article: `text` is the article's `text[start:end]`."""

    question: QuestionId
    start: Offset
    end: Offset
    text: str


class AnnotationOrigin(Record, frozen=True, omit_defaults=True):
    """Where an annotation was made. `prediction`, if there, is the version of the model whose answer it was made from."""

    server: str
    project: int
    task: int
    annotation: int
    prediction: str | None = None


class Annotation(Record, frozen=True):
    """One annotator's answers to one item. `annotator` is a pseudonym; `sha256` is the text that was judged."""

    id: Annotated[str, _is("given by the server")]
    item_id: Id
    annotator: Annotated[str, _is("pseudonym")]
    status: Literal["submitted", "skipped"]
    answers: Annotated[dict[str, str | list[str]], _is("by the question's id; a list for a multiple choice")]
    spans: list[Span]
    comment: str | None
    seconds: Annotated[float, _is("time spent, as the server measured it")] | None
    created: Moment
    updated: Moment
    codebook: CodebookRef
    sha256: Sha256
    origin: AnnotationOrigin


class Gold(Record, frozen=True):
    """The settled answer to one question. `value` is null where the votes are tied.

    `item_id` and `target` are null where the question is about the article. `soft` sums to 1 for single choices.
    """

    article_id: Id
    item_id: Id | None
    target: TargetId | None
    question: QuestionId
    value: Annotated[str | list[str], _is("label, or labels of a multiple choice")] | None
    soft: Annotated[dict[str, float], _is("label to its probability")]
    votes: Annotated[dict[str, int], _is("label to the people who chose it")]
    method: Annotated[str, _is("the method that settled it, such as majority")]
    status: Literal["agreed", "majority", "model", "adjudicated", "tied"]


class Prediction(Record, frozen=True):
    """A model's answer to one question about an article or an item without gold. `soft` adds up to 1 for single choices.

    `value` serves the score that the model was chosen by, and need not be the most probable label. `model` is its question and
    the first digits of its file's SHA-256; `evidence` are words of title and text, in their order there.
    """

    article_id: Id
    target: TargetId | None
    question: QuestionId
    value: Annotated[str | list[str], _is("label, or labels of a multiple choice")]
    soft: Annotated[dict[str, float], _is("label to its probability")]
    model: str
    evidence: list[str]


class Split(Record, frozen=True):
    """The side of the train/test border an article is on. `group` is the smallest article id of what must stay together."""

    article_id: Id
    split: Literal["train", "validation", "test"]
    group: Id


class Target(Record, frozen=True):
    """Something people take a stance on; `phrases` find it in an article's folded title and text."""

    id: str
    names: dict[str, str]
    kind: Literal["person", "organisation", "policy", "event", "claim"]
    phrases: list[str]


RECORDS: dict[str, type[Record]] = {
    "article": Article,
    "reject": Reject,
    "duplicate": Duplicate,
    "item": Item,
    "annotation": Annotation,
    "gold": Gold,
    "split": Split,
    "prediction": Prediction,
}


def short_id(*parts: str) -> str:
    """The id of whatever `parts` identify: the first 16 hex digits of their SHA-256, joined by a NUL."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def text_sha256(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def json_schema(record: type[Record]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record class."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(record)}
