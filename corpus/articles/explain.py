"""What the readers see in some files, block by block, and what becomes of it: `warraq convert --explain`. Writes nothing."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from corpus.articles import sources
from corpus.articles.draft import Draft, Fault
from corpus.articles.readers import Reader
from corpus.articles.reading import dated_articles, drafts_of, note_of, reader_of, refusal, reject
from corpus.articles.settings import Settings
from corpus.records import Article
from corpus.text import clean

MAX_RECORDS = 100
"""So many records are explained; the rest of a long file is like them."""
_WORDS = 12
_FIELDS = ("title", "url", "source", "author", "published", "section", "language", "keywords")


class Field(Struct, frozen=True):
    """A field of an article: its value, where it stood, and as what it was printed if that is another text."""

    name: str
    value: str | list[str] | None
    place: str | None
    printed: str | None


class Piece(Struct, frozen=True):
    """A block of the article's text, `text[start:end]`."""

    kind: str
    start: int
    end: int
    words: str


class Left(Struct, frozen=True):
    """Something that was seen and not taken."""

    why: str
    words: str


class Explained(Struct, frozen=True):
    """One record: an article with fields and blocks, or a reject with its reason and detail; then what was left out."""

    file: str
    record: int
    format: str | None
    encoding: str | None
    id: str | None
    reason: str | None
    detail: str | None
    fields: list[Field]
    blocks: list[Piece]
    posts: list[str]
    left: list[Left]


class Explanation(Struct, frozen=True):
    """The first MAX_RECORDS records of the files; `more` if there are more."""

    records: list[Explained]
    more: bool


def explained(paths: list[Path], settings: Settings) -> Explanation:
    """Read files as `convert` does and tell of each record.

    Raises:
        CorpusError: a path does not exist.
    """
    found: list[Explained] = []
    for record in _records(paths, settings):
        if len(found) == MAX_RECORDS:
            return Explanation(found, True)
        found.append(record)
    return Explanation(found, False)


def _records(paths: list[Path], settings: Settings) -> Iterator[Explained]:
    for source in sources.walk(paths):
        opened = reader_of(source, settings)
        if isinstance(opened, Fault):
            yield _fault(source.name, opened, None)
            continue
        reader, content = opened
        for draft in drafts_of(reader, content):
            if isinstance(draft, Fault):
                yield _fault(source.name, draft, reader)
                continue
            parts = [draft, *draft.inside]
            articles = dated_articles(draft, source.name, reader, settings)
            for part, (article, _) in zip(parts, articles, strict=True):
                yield _article(article, part, reader, settings)


def _fault(file: str, fault: Fault, reader: Reader | None) -> Explained:
    record = reject(file, fault)
    head = [Left("the beginning", _words(record.head))] if fault.raw else []
    format, encoding = (reader.name, _encoding(reader)) if reader else (None, None)
    return Explained(file, fault.record, format, encoding, None, fault.reason, record.detail, [], [], [], head)


def _article(article: Article, draft: Draft, reader: Reader, settings: Settings) -> Explained:
    refused = refusal(article, settings)
    fields = []
    for name in _FIELDS:
        value, printed = getattr(article, name), getattr(draft, name)
        other = printed if isinstance(printed, str) and printed.strip() and printed != value else None
        place = draft.places.get(name) if value or other else None
        if name == "language" and value and value != printed:
            place = "the text itself, or warraq.toml where it is too short"
        if name == "published" and (note := note_of(article, printed)):
            place = f"{place or 'the input'}, {'and' if value else 'but'} {note.reason}"
        fields.append(Field(name, value, place, other))
    blocks = [Piece(b.kind, b.start, b.end, _words(article.text[b.start : b.end])) for b in article.blocks]
    origin = article.origin
    return Explained(
        origin.file,
        origin.record,
        reader.name,
        _encoding(reader),
        article.id,
        refused.reason if refused else None,
        refused.detail if refused else None,
        fields,
        blocks,
        [f"{post.author} at {post.at}: {_words(post.text)}" for post in article.embeds],
        [Left(why, _words(text)) for why, text in draft.left],
    )


def _encoding(reader: Reader) -> str | None:
    """The encoding that the bytes told; None for formats that state their own."""
    return None if reader.own_charset else reader.encoding


def _words(text: str) -> str:
    words = clean.line(text).split(maxsplit=_WORDS)  # a reject's bytes are not for a terminal
    return " ".join(words[:_WORDS])[:200] + (" …" if len(words) > _WORDS else "")


def lines(explanation: Explanation) -> Iterator[str]:
    """The explanation for people."""
    for record in explanation.records:
        encoding = f", {record.encoding}" if record.encoding else ""
        yield f"{record.file}, record {record.record}: {record.format or 'no reader'}{encoding}"
        yield f"  rejected, {record.reason}: {record.detail}" if record.reason else f"  article {record.id}"
        for field in record.fields:
            if field.value or field.printed:
                value = ", ".join(field.value) if isinstance(field.value, list) else field.value
                printed = f", printed as {field.printed!r}" if field.printed else ""
                yield f"  {field.name:<10} {value or 'null'}   ← {field.place or 'the input'}{printed}"
        yield from (f"  {block.kind:<10} {block.start}–{block.end}: {block.words}" for block in record.blocks)
        yield from (f"  {'post':<10} {post}" for post in record.posts)
        yield from (f"  {'left out':<10} {left.words}   ← {left.why}" for left in record.left)
    if explanation.more:
        yield f"… and more: the first {len(explanation.records)} records are shown"
