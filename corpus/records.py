"""Every record of a corpus, defined once. The JSON Schemas in schemas/ are written from these classes.

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
    author: str | None
    published: str | None
    url: str | None
    at: Offset


class Origin(Record, frozen=True):
    """Where an article came from: file (relative, with the path inside an archive), record (counted from 1), raw bytes."""

    file: str
    format: str
    record: int
    sha256: Sha256
    reader: str


class Article(Record, frozen=True):
    """One news article. `id` follows from its identity: its address, its outlet's number for it, or else the raw record.

    So neither another file name nor better extraction changes an id; better extraction changes `sha256`.
    """

    id: Id
    url: str | None
    title: str | None
    text: str
    source: str | None
    author: str | None
    published: str | None
    section: str | None
    keywords: list[str]
    language: str | None
    parent: Id | None
    related: list[Id]
    blocks: list[Block]
    embeds: list[Embed]
    sha256: Sha256
    origin: Origin


class Reject(Record, frozen=True):
    """One input record that could not become an article, and why. `head` is its first 200 characters."""

    file: str
    record: int
    reason: str
    detail: str
    head: str


class Duplicate(Record, frozen=True):
    """One article of a cluster of duplicates. `cluster` is the id of its earliest article; similarity in 0..1, to that one."""

    cluster: Id
    article_id: Id
    similarity: float
    kind: Literal["exact", "near", "partial"]


class Item(Record, frozen=True):
    """What one annotator judges once: an article, and a target where the codebook asks about targets."""

    id: Id
    article_id: Id
    sha256: Sha256
    target: str | None
    codebook: str


class Span(Record, frozen=True):
    """A marked piece of an article: `text` is the article's `text[start:end]`."""

    question: str
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

    id: str
    item_id: Id
    annotator: str
    status: Literal["submitted", "skipped"]
    answers: dict[str, str | list[str]]
    spans: list[Span]
    comment: str | None
    seconds: float | None
    created: str
    updated: str
    codebook: str
    sha256: Sha256
    origin: AnnotationOrigin


class Gold(Record, frozen=True):
    """The settled answer to one question. `value` is null where the votes are tied.

    `item_id` and `target` are null where the question is about the article. `soft` sums to 1 for single choices.
    """

    article_id: Id
    item_id: Id | None
    target: str | None
    question: str
    value: str | list[str] | None
    soft: dict[str, float]
    votes: dict[str, int]
    method: str
    status: Literal["agreed", "majority", "model", "adjudicated", "tied"]


class Prediction(Record, frozen=True):
    """A model's answer to one question about an article or an item without gold. `soft` adds up to 1 for single choices.

    `value` serves the score that the model was chosen by, and need not be the most probable label. `model` is its question and
    the first digits of its file's SHA-256; `evidence` are words of title and text, in their order there.
    """

    article_id: Id
    target: str | None
    question: str
    value: str | list[str]
    soft: dict[str, float]
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
