"""One file → articles, rejects and notes: reader, drafts, languages and dates in their order."""

import functools
from collections.abc import Iterator
from io import BufferedReader

from msgspec import Struct

from corpus.articles.containers import Source
from corpus.articles.draft import Draft, Fault, articles_of
from corpus.articles.readers import Reader, detect, readers
from corpus.articles.settings import Settings
from corpus.records import Article, Reject
from corpus.text import clean, dates

HEAD_CHARACTERS = 200


class Note(Struct, frozen=True):
    """A printed date that is not the stored one. `reason`: a code of `dates.why_not`, or `date_hijri` if it was converted."""

    file: str
    record: int
    article_id: str
    reason: str
    printed: str


@functools.cache
def _known(columns: tuple[tuple[str, str], ...]) -> list[Reader]:
    return readers(dict(columns))


def reader_of(source: Source, settings: Settings) -> tuple[Reader, BufferedReader] | Fault:
    """The reader of one file, and what it is to read; or why it has none."""
    if isinstance(source.content, Fault):
        return source.content
    try:
        head = source.content.peek(1)
    except OSError as error:
        return Fault(1, b"", "unreadable", str(error))
    found = detect(head, _known(tuple(settings.columns.items())), settings.format)
    return found if isinstance(found, Fault) else (found, source.content)


def drafts_of(reader: Reader, content: BufferedReader) -> Iterator[Draft | Fault]:
    """The drafts and faults of one file; what breaks off on the way ends with a fault."""
    record = 0
    try:
        for draft in reader.read(content):
            record = draft.record
            yield draft
    except OSError as error:
        yield Fault(record + 1, b"", "unreadable", f"the rest cannot be read: {error}")


def records_of(source: Source, settings: Settings) -> Iterator[tuple[Article | Reject, Note | None]]:
    """The articles and rejects of one file; with an article comes the note on its date, if there is one."""
    opened = reader_of(source, settings)
    if isinstance(opened, Fault):
        yield reject(source.name, opened), None
        return
    for draft in drafts_of(*opened):
        if isinstance(draft, Fault):
            yield reject(source.name, draft), None
            continue
        for article, printed in dated_articles(draft, source.name, opened[0], settings):
            refused = refusal(article, settings)
            yield (refused, None) if refused else (article, note_of(article, printed))


def refusal(article: Article, settings: Settings) -> Reject | None:
    """The reject that becomes of an article in a language that is not kept; None for all others."""
    base = (article.language or "").split("-")[0].lower()
    if not settings.languages or base in settings.languages:
        return None
    detail = f"the language is {article.language}; warraq.toml keeps {', '.join(settings.languages)}"
    return Reject(article.origin.file, article.origin.record, "other_language", detail, article.text[:HEAD_CHARACTERS])


def dated_articles(draft: Draft, file: str, reader: Reader, settings: Settings) -> Iterator[tuple[Article, str | None]]:
    """The articles of a draft, each with its date as printed."""
    parts = [draft, *draft.inside]
    name = f"{reader.name}/{reader.version}"
    found = articles_of(draft, file, reader.name, name, settings.language, settings.gathered)
    yield from zip(found, (part.published for part in parts), strict=True)


def note_of(article: Article, printed: str | None) -> Note | None:
    """What to say of a printed date that became null, or that is Hijri: it is kept as printed, too."""
    if not printed or not printed.strip() or (article.published and not dates.is_hijri(printed)):
        return None
    reason = "date_hijri" if article.published else dates.why_not(printed)
    return Note(article.origin.file, article.origin.record, article.id, reason, printed[:HEAD_CHARACTERS])


def reject(file: str, fault: Fault) -> Reject:
    """A fault as a record, with the first HEAD_CHARACTERS characters of what it is about; its detail may quote the input."""
    head = fault.raw[: 4 * HEAD_CHARACTERS].decode("utf-8", "replace")[:HEAD_CHARACTERS]
    return Reject(file, fault.record, fault.reason, clean.line(fault.detail), head)
